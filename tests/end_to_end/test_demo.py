"""`safeconduct demo` from outside: it ends as it says, leaves what it promises, and nothing that runs."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.free_ports import ADDRESS, is_free, ports_in_a_row

pytestmark = pytest.mark.slow

PROGRAM = (sys.executable, "-m", "safeconduct")
# Twenty seconds on a machine that does nothing else; several times that on one that runs every test at once.
SECONDS_MAX = 300


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, timeout=SECONDS_MAX, check=False)


# What the terminal must have shown, in the words of the record.
SHOWN = (
    r"Nobody is accused",
    r"refused \(is_requested\)",
    r"refused \(own_request\)",
    r"refused \(role_may_not\)",
    r"refused \(entry_invalid\)",
    r"refused \(is_lapsed\)",
    r"refused \(gate_open\)",
    r"no receipt of sending yet",
    r"Never told by the chain: district desk, unit commander",
    r"NTC-1 \(Notice of a movement\) is breached",
    r"Do the two records agree\? yes",
    r"All \d+ things that the record must show are there",
)


def test_it_ends_by_itself_with_everything_told_kept_and_proved(tmp_path: Path) -> None:
    """One run for all of it: two nodes at a time are enough for one machine."""
    kept, port = tmp_path / "kept", ports_in_a_row(2)
    done = run("demo", "--headless", "--keep", str(kept), "--port-base", str(port))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-3000:]
    assert [line for line in SHOWN if not re.search(line, done.stdout)] == []
    assert (is_free(port), is_free(port + 1)) == (True, True)
    assert (kept / "day.html").read_text("utf-8").count("<svg ") == 3
    cards = [word for party in ("host", "sending") for word in ("--card", str(kept / party / "card.json"))]
    for name in ("evening-convoy", "afternoon-transfer"):
        pack = kept / f"{name}.pack.json"
        verified = run("evidence", "verify", str(pack), *cards)
        assert (verified.returncode, verified.stderr) == (0, "")
        data = bytearray(pack.read_bytes())
        data[len(data) // 3] ^= 1
        pack.write_bytes(data)
        changed = run("evidence", "verify", str(pack), *cards)
        assert (changed.returncode != 0, changed.stderr.startswith("safeconduct: ")) == (True, True)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    done = run("demo", "--headless", "--keep", str(tmp_path), "--port-base", str(ports_in_a_row(2)))
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["mine"])


@pytest.mark.parametrize("place", [0, 1])
def test_a_taken_port_is_named_before_anything_is_made(place: int) -> None:
    port = ports_in_a_row(2)
    with socket.create_server((ADDRESS, port + place)):
        done = run("demo", "--headless", "--port-base", str(port))
    assert (done.returncode, done.stdout) == (3, "")
    assert f"port {port + place} on {ADDRESS} is not free" in done.stderr


def test_whoever_stops_it_stops_its_nodes_too() -> None:
    port = ports_in_a_row(2)
    words = [*PROGRAM, "demo", "--headless", "--port-base", str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        began = any("enter?code=" in line for line in process.stdout)
        were_up = not is_free(port)
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        said = process.stderr.read()
    assert (began, were_up, process.returncode, is_free(port), is_free(port + 1)) == (True, True, 1, True, True), said
