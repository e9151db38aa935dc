"""A node that is well is called well; each harm is found, and its remedy named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.unit.edges.cli.office import Office
from tests.unit.edges.cli.test_orders import sealed

Usage = namedtuple("Usage", "total used free")


def checks(office: Office, party: str = "host", *words: str) -> dict[str, tuple[str, str, str]]:
    """what → (state, found, remedy)"""
    answer = office.run("doctor", *office.at(party), *words, "--json")
    return {c["what"]: (c["state"], c["found"], c["remedy"]) for c in json.loads(answer.out)["checks"]}


def states(office: Office, party: str = "host") -> dict[str, str]:
    return {what: state for what, (state, _, _) in checks(office, party).items()}


def harmed(office: Office, harm: Callable[[Path], Any]) -> dict[str, tuple[str, str, str]]:
    office.stop("host")
    harm(office.folder / "host")
    return checks(office)


def test_a_node_that_is_well_has_nothing_to_mend(working_office: Office) -> None:
    (working_office.folder / "host" / "authority.keys").unlink()
    found = states(working_office)
    # The office's nodes do not tell the time.
    assert found.pop("clock against sending") == "warn"
    assert set(found.values()) == {"ok"}, checks(working_office)


def test_every_check_that_is_not_ok_names_a_remedy(new_office: Office) -> None:
    found = checks(new_office)
    assert [what for what, (state, _, remedy) in found.items() if (state == "ok") == bool(remedy)] == []


def test_doctor_ends_with_0_while_nothing_failed(new_office: Office) -> None:
    answer = new_office.run("doctor", *new_office.at("host"))
    assert (answer.code, "0 failed" in answer.out) == (0, True)


def test_doctor_ends_with_1_when_something_failed(new_office: Office) -> None:
    new_office.stop("host")
    (new_office.folder / "host" / "node.keys").unlink()
    assert new_office.run("doctor", *new_office.at("host")).code == 1


def _open_folder(folder: Path) -> None:
    folder.chmod(0o755)


def _lose_keys(folder: Path) -> None:
    (folder / "node.keys").unlink()


def _lose_store(folder: Path) -> None:
    for file in folder.glob("node.sqlite*"):
        file.unlink()


def _wrong_store(folder: Path) -> None:
    (folder / "node.sqlite").write_bytes(b"not a database at all" * 100)


def _change(folder: Path, change: str) -> None:
    """Change the file behind the program's back; its own guards would refuse."""
    db = sqlite3.connect(folder / "node.sqlite")
    for (guard,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {guard}")
    db.execute(change)
    db.commit()
    db.close()


def _alter_entry(folder: Path) -> None:
    _change(
        folder, "UPDATE entry SET entry = CAST(entry || ' ' AS BLOB) WHERE position = (SELECT max(position) FROM entry)"
    )


def _alter_leaf(folder: Path) -> None:
    _change(folder, "UPDATE entry SET leaf = zeroblob(32) WHERE position = (SELECT min(position) FROM entry)")


@pytest.mark.parametrize(
    ("harm", "what", "state", "words"),
    [
        (_open_folder, "folder", "warn", "can be read by others"),
        (_lose_keys, "node keys", "fail", "expected a key file at"),
        (_lose_store, "store", "fail", "does not exist"),
        (_wrong_store, "store", "fail", "node.sqlite"),
    ],
)
def test_a_harm_to_the_folder_is_found(
    working_office: Office, harm: Callable[[Path], None], what: str, state: str, words: str
) -> None:
    found = harmed(working_office, harm)[what]
    assert (found[0], words in found[1], bool(found[2])) == (state, True, True), found


@pytest.mark.parametrize("harm", [_alter_entry, _alter_leaf], ids=lambda harm: str(harm.__name__))
def test_a_store_that_was_altered_is_found(working_office: Office, harm: Callable[[Path], None]) -> None:
    found = harmed(working_office, harm)
    assert sorted({state for what, (state, _, _) in found.items() if what.startswith("log of")}) == ["fail", "ok"], (
        found
    )


@pytest.mark.parametrize(("other", "what"), [("sending", "node keys"), ("impostor", "card")])
def test_the_card_of_somebody_else_is_found(working_office: Office, other: str, what: str) -> None:
    words = ("init", "--party", "host", "--name", "H", "--url", "http://host.example")
    working_office.must(*words, *working_office.at("impostor"))
    card = working_office.folder / other / "card.json"
    found = harmed(working_office, lambda folder: shutil.copy(card, folder / "card.json"))
    assert found[what][0] == "fail"


def test_an_authority_key_beside_the_server_is_pointed_out(new_office: Office) -> None:
    assert checks(new_office)["authority key"][0] == "warn"


def test_a_wrong_passphrase_is_found(new_office: Office) -> None:
    (new_office.folder / "phrase").write_text("another horse battery")
    found = checks(new_office, "host", "--passphrase-file", new_office.path("phrase"))["node keys"]
    assert (found[0], "wrong passphrase" in found[1]) == ("fail", True)


@pytest.mark.parametrize(("free_mb", "state"), [(100, "fail"), (201, "warn"), (2_047, "warn"), (2_049, "ok")])
def test_a_disk_that_fills_up_is_found(
    new_office: Office, monkeypatch: pytest.MonkeyPatch, free_mb: int, state: str
) -> None:
    def usage(_: Path) -> Usage:
        return Usage(0, 0, free_mb * 1024**2)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert states(new_office)["disk"] == state


def test_a_node_that_does_not_run_is_found(working_office: Office) -> None:
    working_office.stop("host")
    assert states(working_office)["node"] == "warn"


def test_a_peer_that_is_down_is_found(working_office: Office) -> None:
    working_office.stop("sending")
    found = checks(working_office)["peer sending"]
    assert (found[0], "carry logs by hand" in found[2]) == ("warn", True)


def test_nobody_joined_is_pointed_out(empty_office: Office) -> None:
    empty_office.must(
        "init", "--party", "host", "--name", "H", "--url", "http://host.example", *empty_office.at("host")
    )
    assert states(empty_office)["peers"] == "warn"


def test_an_agreement_that_is_not_in_force_is_found(new_office: Office) -> None:
    found = checks(new_office)["agreement"]
    assert (found[0], found[2]) == ("warn", "safeconduct agreement propose")


def test_a_peer_that_has_not_all_of_our_log_is_found(working_office: Office) -> None:
    working_office.links.cut = {("host", "sending"), ("sending", "host")}
    words = ("register", "site", "s9", "--name", "S", "--district", "d", "--at", "1,2")
    working_office.must(*words, *working_office.by("registrar"))
    found = checks(working_office, "sending")["our log at host"]
    assert (found[0], "entries" in found[1]) == ("warn", True)


class Stranger(httpx.BaseTransport):
    """Answers one path in place of the office's nodes."""

    def __init__(self, office: Office, path: str, response: httpx.Response) -> None:
        self._usual, self._path, self._response = office.assembly.transport, path, response
        object.__setattr__(office.assembly, "transport", self)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if str(request.url).startswith(self._path):
            return self._response
        assert self._usual is not None
        return self._usual.handle_request(request)


@pytest.mark.parametrize(
    ("response", "state"),
    [
        (httpx.Response(200, content=b"hello"), "fail"),
        (httpx.Response(200, content=b"x" * 600_000), "fail"),
        (httpx.Response(500), "warn"),
        (httpx.Response(302, headers={"location": "http://host.example/log/checkpoint"}), "warn"),
    ],
)
def test_what_is_not_the_peer_s_node_is_not_taken_for_it(
    working_office: Office, response: httpx.Response, state: str
) -> None:
    Stranger(working_office, "http://sending.example/log/checkpoint", response)
    assert states(working_office)["peer sending"] == state


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, "ok"), (4, "ok"), (10, "warn"), (-10, "warn"), (200, "fail"), (-200, "fail")]
)
def test_a_clock_that_is_off_is_found(working_office: Office, seconds: int, state: str) -> None:
    note = working_office.links.nodes["sending"].store.checkpoint("sending")
    assert note is not None
    date = formatdate(working_office.clock.now() // 1000 + seconds, usegmt=True)
    response = httpx.Response(200, content=note, headers={"date": date})
    Stranger(working_office, "http://sending.example/log/checkpoint", response)
    assert states(working_office)["clock against sending"] == state


@pytest.mark.parametrize("date", ["yesterday", ""])
def test_a_date_that_is_none_is_pointed_out(working_office: Office, date: str) -> None:
    note = working_office.links.nodes["sending"].store.checkpoint("sending")
    response = httpx.Response(200, content=note or b"", headers={"date": date})
    Stranger(working_office, "http://sending.example/log/checkpoint", response)
    assert states(working_office)["clock against sending"] == "warn"


def test_a_log_that_was_signed_in_two_places_is_found(working_office: Office) -> None:
    working_office.stop("sending")
    shutil.copytree(working_office.folder / "sending", working_office.folder / "twin")
    working_office.start("sending")
    words = ("register", "site", "{}", "--name", "S", "--district", "d", "--at", "1,2")
    working_office.must(*(w.format("one") for w in words), *working_office.by("registrar"))
    working_office.sync()
    working_office.stop("sending")
    shutil.rmtree(working_office.folder / "sending")
    shutil.copytree(working_office.folder / "twin", working_office.folder / "sending")
    working_office.links.cut = {("host", "sending"), ("sending", "host")}
    working_office.start("sending")
    for site in ("two", "three", "four"):
        working_office.must(*(w.format(site) for w in words), *working_office.by("registrar"))
    found = checks(working_office, "sending")["our log at host"]
    assert (found[0], "does not continue" in found[1]) == ("fail", True), found


def test_all_entries_are_hashed_again_when_one_says(working_office: Office) -> None:
    found = checks(working_office, "host", "--deep")["log of sending"]
    assert (found[0], "hashed again" in found[1]) == ("ok", True)


@pytest.mark.slow
def test_what_is_sealed_is_counted_and_what_was_lost_is_a_failure(office: Office) -> None:
    """SEAL-82: a ciphertext whose keys live is missed; one whose keys are all destroyed is not."""
    sealed(office, "counted")
    state, found, remedy = checks(office)["sealed"]
    assert (state, "0 forgotten, 0 lost" in found, remedy) == ("ok", True, "")
    folder = office.folder / "host" / "sealing" / "sealed"
    lost = next(folder.iterdir())
    kept = lost.read_bytes()
    lost.unlink()
    state, found, remedy = checks(office)["sealed"]
    lost.write_bytes(kept)
    assert (state, "1 lost" in found, bool(remedy)) == ("fail", True, True)
