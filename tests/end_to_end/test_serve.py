"""`safeconduct serve` as a process: it starts, says where, answers, and stops when told."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from safeconduct.edges.storage import TileFiles
from safeconduct.main import keep_tiles, listen
from safeconduct.testing import Federation, append_rogue
from tests.end_to_end.free_ports import ports_in_a_row

PROGRAM = [sys.executable, "-c", "from safeconduct.main import main; main()"]
ENVIRONMENT = {**os.environ, "SAFECONDUCT_PASSPHRASE": "a few good words", "NO_COLOR": "1"}


def run(*words: str, code: int = 0) -> str:
    """What a command says. Fails unless it exits with this code."""
    done = subprocess.run([*PROGRAM, *words], env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A party's folder, made by the command, and the port of its card."""
    port = ports_in_a_row(1)
    made = tmp_path_factory.mktemp("parties") / "host"
    run("init", "--party", "host", "--name", "Ministry", "--url", f"http://127.0.0.1:{port}", "--dir", str(made))
    return made, port


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running node and what it says at its start."""
    command = [*PROGRAM, "serve", "--dir", str(folder), *words]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as node:
        assert node.stdout is not None
        said = ""
        while "/enter?code=" not in said and (line := node.stdout.readline()):
            said += line
        try:
            yield node, said
        finally:
            node.kill()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_node_says_where_it_is_and_stops_in_good_order(folder: tuple[Path, int], how: signal.Signals) -> None:
    """WIRE-10, WIRE-60"""
    directory, port = folder
    with serving(directory) as (node, said):
        link = re.search(r"http://127\.0\.0\.1:\d+/enter\?code=\S+", said)
        assert link is not None, said
        with httpx.Client(trust_env=False) as browser:
            entered = browser.get(link[0])
            board = browser.get(f"http://127.0.0.1:{port}/")
            health = browser.get(f"http://127.0.0.1:{port}/v1/health")
            with browser.stream("GET", f"http://127.0.0.1:{port}/v1/events") as looking:
                lines = looking.iter_lines()
                assert next(lines) == "event: changed"
                # Somebody still looks when the node is told to stop.
                node.send_signal(how)
                _, errors = node.communicate(timeout=60)
    assert (entered.status_code, board.status_code, health.json()["party"]) == (200, 200, "host")
    assert (node.returncode, errors) == (0, "")


@pytest.mark.slow
def test_a_folder_and_a_port_are_served_by_one_process(folder: tuple[Path, int]) -> None:
    """The second one says what is in its way, and that trying later may help."""
    directory, port = folder
    with serving(directory):
        assert "stop the other process first" in run("serve", "--dir", str(directory), code=3)
    with listen("127.0.0.1", port):
        assert f"port {port} on 127.0.0.1 is taken" in run("serve", "--dir", str(directory), code=3)


@pytest.mark.slow
def test_a_replayed_day_is_announced(folder: tuple[Path, int], tmp_path: Path) -> None:
    """WIRE-64"""
    (tmp_path / "offset").write_text("-86400000", "utf-8")
    with serving(folder[0], "--replay-clock", str(tmp_path / "offset")) as (_, said):
        assert "A PAST DAY IS PLAYED AGAIN HERE" in said


@pytest.mark.slow
def test_a_node_that_is_killed_starts_again(folder: tuple[Path, int]) -> None:
    """WIRE-10"""
    directory, port = folder
    with serving(directory) as (node, _):
        node.kill()
        node.wait(timeout=60)
    with serving(directory):
        assert httpx.get(f"http://127.0.0.1:{port}/log/checkpoint", trust_env=False).status_code in (200, 404)


@pytest.mark.slow
def test_a_node_with_a_certificate_is_reached_over_tls_and_its_cookie_stays_there(
    folder: tuple[Path, int], tmp_path: Path
) -> None:
    """WIRE-61"""
    certificate, certificate_key = self_signed(tmp_path)
    with serving(folder[0], "--certificate", str(certificate), "--certificate-key", str(certificate_key)) as (_, said):
        link = re.search(r"https://127\.0\.0\.1:\d+/enter\?code=\S+", said)
        assert link is not None, said
        trust = ssl.create_default_context(cafile=certificate)
        with httpx.Client(trust_env=False, verify=trust) as browser:
            entered = browser.get(link[0])
            board = browser.get(link[0].partition("/enter")[0])
    assert (entered.status_code, "Secure" in entered.headers["set-cookie"], board.status_code) == (200, True, 200)


@pytest.mark.slow
def test_a_certificate_without_its_key_is_refused(folder: tuple[Path, int], tmp_path: Path) -> None:
    """And the message names both files, not what is in them."""
    certificate, _ = self_signed(tmp_path)
    words = ("--certificate", str(certificate), "--certificate-key", str(certificate))
    assert "expected a certificate and its key in" in run("serve", "--dir", str(folder[0]), *words, code=2)


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node of a test")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    pem = serialization.Encoding.PEM
    certificate, certificate_key = folder / "node.pem", folder / "node-key.pem"
    certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    certificate_key.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return certificate, certificate_key


def test_a_node_keeps_its_log_as_files_that_change_only_when_it_grows(tmp_path: Path) -> None:
    async def whole() -> bytes | None:
        async with Federation() as federation:
            await federation.agree()
            append_rogue(federation.node("host"), [b"entry %d" % number for number in range(300)])
            node = federation.node("host")
            keeping = asyncio.ensure_future(keep_tiles(node, TileFiles(tmp_path)))
            while not (tmp_path / "host" / "checkpoint").exists():
                await asyncio.to_thread(bool)
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            return node.store.checkpoint("host")

    checkpoint = asyncio.run(whole())
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert [name for name in files if name.startswith("host")] == [
        "host/checkpoint",
        "host/tile/0/000",
        "host/tile/entries/000",
    ]
    assert (tmp_path / "host" / "checkpoint").read_bytes() == checkpoint
