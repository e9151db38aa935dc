"""The assembly: what it refuses to start with, and why."""

from __future__ import annotations

import dataclasses
import re
import socket
from pathlib import Path

import httpx
import pytest

from safeconduct.core.statement import encode
from safeconduct.edges.cli import CARD_FILE, NODE_KEYS_FILE, ServeOptions, Settings
from safeconduct.edges.storage import write_keys
from safeconduct.errors import InputInvalid, NotAllowed, NotFound, SafeconductError, Unavailable
from safeconduct.main import assemble, listen, node_keys, open_store, read_settings, serve
from safeconduct.testing import StepClock, card_of, key

SEEDS = {name: bytes([number]) * 32 for number, name in enumerate(("node", "log", "witness", "mirror"))}
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("environment", "settings"),
    [
        ({}, Settings()),
        ({"SAFECONDUCT_DIR": "", "SAFECONDUCT_PASSPHRASE": ""}, Settings()),
        ({"SAFECONDUCT_DIR": "/srv/host"}, Settings(directory=Path("/srv/host"))),
        ({"SAFECONDUCT_PROFILE": "p"}, Settings(profile=Path("p"))),
        ({"SAFECONDUCT_TLS_AUTHORITY": "ca.pem"}, Settings(tls_authority=Path("ca.pem"))),
        ({"SAFECONDUCT_PASSPHRASE": "words"}, Settings(passphrase="words")),
    ],
)
def test_the_environment_gives_the_settings_and_nothing_else(environment: dict[str, str], settings: Settings) -> None:
    assert read_settings({"HOME": "/", **environment}) == settings


def test_every_setting_is_in_the_operators_guide() -> None:
    named = set(re.findall(r"SAFECONDUCT_[A-Z_]+", (ROOT / "src/safeconduct/main.py").read_text("utf-8")))
    guide = (ROOT / "docs/guide/operators.md").read_text("utf-8")
    assert len(named) == len(dataclasses.fields(Settings))
    assert sorted(name for name in named if f"`{name}`" not in guide) == []


@pytest.mark.parametrize("missing", ["node", "log", "witness", "mirror"])
def test_a_node_has_all_four_keys(missing: str) -> None:
    """ID-1"""
    seeds = {name: seed for name, seed in SEEDS.items() if name != missing}
    with pytest.raises(InputInvalid, match=f"missing {missing}"):
        node_keys(seeds)


def test_a_port_that_is_taken_is_said_to_be_taken() -> None:
    taken = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with taken, pytest.raises(Unavailable, match=f"port {port} on 127.0.0.1 is taken by another program"):
        listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "error", "message"),
    [
        ("no such host", InputInvalid, "expected an address of this machine to listen on"),
        ("192.0.2.1", Unavailable, "cannot listen on port 0 of 192.0.2.1"),
    ],
)
def test_an_address_that_is_not_ours_is_refused(host: str, error: type[SafeconductError], message: str) -> None:
    with pytest.raises(error, match=message):
        listen(host, 0)


def test_what_listens_takes_the_whole_backlog_at_once() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1


# --- serve ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A party's folder whose card is of other keys than its key file."""
    made = tmp_path_factory.mktemp("party")
    write_keys(made / NODE_KEYS_FILE, SEEDS, "words")
    (made / CARD_FILE).write_bytes(encode(card_of("host")) + b"\n")
    return made


def options(folder: Path, **changed: object) -> ServeOptions:
    parts = {"directory": folder, "passphrase": "words", "host": "127.0.0.1", "port": 0, **changed}
    return ServeOptions(**parts)  # type: ignore[arg-type]  # tests change single parts


@pytest.mark.slow
def test_a_wrong_passphrase_is_said_to_be_wrong(folder: Path) -> None:
    with pytest.raises(NotAllowed, match="wrong passphrase"):
        serve(options(folder, passphrase="other words"))


@pytest.mark.slow
def test_keys_of_another_folder_are_refused(folder: Path) -> None:
    """Nobody has pinned them, so nobody would believe what they sign."""
    with pytest.raises(InputInvalid, match="other keys than those in the card of host"):
        serve(options(folder))


def test_a_folder_that_another_process_has_is_refused(folder: Path) -> None:
    store = open_store(folder)
    try:
        with pytest.raises(Unavailable, match="stop the other process first"):
            serve(options(folder))
    finally:
        store.close()


def test_a_folder_without_a_party_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match="made by safeconduct init"):
        serve(options(tmp_path))


def test_a_folder_without_keys_is_refused(tmp_path: Path) -> None:
    (tmp_path / CARD_FILE).write_bytes(encode(card_of("host")))
    with pytest.raises(NotFound, match="no key file"):
        serve(options(tmp_path))


def test_a_refused_start_leaves_the_folder_free(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid):
        serve(options(tmp_path))
    open_store(tmp_path).close()
    assert (tmp_path / "node.sqlite").exists()


# --- the command line's part ------------------------------------------------------------------------------------------


def test_a_request_is_signed_for_an_actor_at_the_clocks_time() -> None:
    """WIRE-3, WIRE-5"""
    clock = StepClock()
    request = httpx.Request("POST", "http://host.example/v1/texts", content=b"text")
    assemble(Settings(), clock).sign_request(request, "host/authority", key("host/authority"))
    described = request.headers["signature-input"]
    assert (f"created={clock.now() // 1000}" in described, 'keyid="host/authority"' in described) == (True, True)


def test_a_replayed_day_has_its_own_clock_everywhere(tmp_path: Path) -> None:
    """WIRE-64"""
    (tmp_path / "offset").write_text("0", "utf-8")
    assembly = assemble(Settings(), StepClock())
    assert assembly.replaying is not None
    assert (assembly.clock.is_replay, assembly.replaying(tmp_path / "offset").clock.is_replay) == (False, True)


@pytest.mark.parametrize(
    ("at", "bytes_", "sound"), [(None, b"", True), (100, b"\xff" * 64, False), (8_192 + 8, b"\xff" * 64, False)]
)
def test_a_damaged_store_is_found_out(tmp_path: Path, at: int | None, bytes_: bytes, sound: bool) -> None:
    store = open_store(tmp_path)
    store.put_card("host", encode(card_of("host")))
    store.close()
    file = tmp_path / "node.sqlite"
    if at is not None:
        data = file.read_bytes()
        file.write_bytes(data[:at] + bytes_ + data[at + len(bytes_) :])
    assert (list(assemble(Settings(), StepClock()).check_store(tmp_path)) == []) is sound


def test_a_missing_store_is_found_out(tmp_path: Path) -> None:
    (problem,) = assemble(Settings(), StepClock()).check_store(tmp_path)
    assert "does not exist" in problem
