"""The clock that the demo's nodes share, and ports that are not free."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from safeconduct.edges.cli.demo.processes import ADDRESS, NodeProcess, SharedClock, require_free
from safeconduct.errors import Unavailable
from safeconduct.testing import StepClock

NOW = 1_800_000_000_000


def shared(folder: Path) -> tuple[SharedClock, StepClock]:
    machine = StepClock(NOW)
    return SharedClock(folder / "clock", machine), machine


def test_a_jump_writes_the_offset_that_nodes_add_to_their_time(tmp_path: Path) -> None:
    clock, _ = shared(tmp_path)
    clock.jump(NOW - 5_000)
    assert int((tmp_path / "clock").read_text()) == -5_000


def test_after_a_jump_time_goes_on(tmp_path: Path) -> None:
    clock, machine = shared(tmp_path)
    clock.jump(NOW - 5_000)
    machine.advance(70)
    assert clock.now() == NOW - 5_000 + 70


@pytest.mark.parametrize("back", [0, 1, 60_000])
def test_the_day_never_goes_back(tmp_path: Path, back: int) -> None:
    clock, _ = shared(tmp_path)
    clock.jump(NOW - 5_000)
    clock.jump(NOW - 5_000 - back)
    assert clock.now() == NOW - 5_000


def test_two_jumps_in_one_instant_change_the_time_of_the_file(tmp_path: Path) -> None:
    """Nodes read the file again only when its time of change is another."""
    clock, _ = shared(tmp_path)
    times = []
    for minute in range(1, 20):
        clock.jump(NOW + minute * 60_000)
        times.append((tmp_path / "clock").stat().st_mtime_ns)
    assert len(set(times)) == len(times)


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.create_server((ADDRESS, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=f"port {port} on {ADDRESS} is not free: .*--port-base"):
            require_free(port)


def test_a_node_that_was_not_started_is_stopped_without_a_word(tmp_path: Path) -> None:
    node = NodeProcess("host", tmp_path, 1, clock_file=tmp_path / "clock", passphrase_file=tmp_path / "passphrase")
    node.stop()
    assert node.pid == 0


@pytest.mark.slow
def test_a_node_that_cannot_start_says_why(tmp_path: Path) -> None:
    """An empty folder is no party's."""
    node = NodeProcess("host", tmp_path, 1, clock_file=tmp_path / "clock", passphrase_file=tmp_path / "passphrase")
    node.start()
    with pytest.raises(Unavailable, match=r"the node of host ended with code 2: .*expected a party's folder"):
        node.wait_ready()
