"""The two real clocks."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from safeconduct.errors import InputInvalid
from safeconduct.node import queries
from safeconduct.node.clock import ReplayClock, SystemClock
from safeconduct.testing import Federation

DAY = 86_400_000


def write(file: Path, text: str, version: int) -> None:
    """Also where the file system's clock is too coarse to see a change."""
    file.write_text(text, "utf-8")
    os.utime(file, ns=(version, version))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "offset"
    write(path, f"{-DAY}\n", 1)
    return path


def test_a_replayed_day_is_the_machines_time_moved_by_the_files_offset(file: Path) -> None:
    """WIRE-64"""
    machine, replay = SystemClock(), ReplayClock(file)
    before = machine.now()
    moved = replay.now()
    assert before - DAY <= moved <= machine.now() - DAY


def test_the_day_jumps_when_the_file_changes(file: Path) -> None:
    """WIRE-64"""
    replay = ReplayClock(file)
    before = replay.now()
    write(file, f"{-2 * DAY}", 2)
    assert before - replay.now() > DAY - 60_000


@pytest.mark.parametrize("text", ["", "tomorrow", "1.5", "9" * 40, "-" + "9" * 40])
def test_a_file_without_an_offset_is_refused_at_first_and_overlooked_later(file: Path, text: str) -> None:
    """WIRE-64: somebody may be writing it just now."""
    replay = ReplayClock(file)
    write(file, text, 2)
    with pytest.raises(InputInvalid, match="a replay clock reads whole milliseconds"):
        ReplayClock(file)
    assert replay.now() < SystemClock().now() - DAY + 60_000


def test_a_file_that_is_gone_leaves_the_last_offset(file: Path) -> None:
    """WIRE-64"""
    replay = ReplayClock(file)
    file.unlink()
    assert replay.now() < SystemClock().now() - DAY + 60_000


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """WIRE-64"""
    with pytest.raises(InputInvalid, match="found none"):
        ReplayClock(tmp_path / "none")


def test_a_jump_past_the_hour_wakes_who_sleeps_till_then(file: Path) -> None:
    """WIRE-64: the test ends, and an hour has not passed."""
    replay = ReplayClock(file)

    async def sleeper() -> int:
        begun = replay.now()
        sleeping = asyncio.create_task(replay.sleep(3_600_000))
        await asyncio.sleep(0)
        write(file, "0", 2)
        await sleeping
        return replay.now() - begun

    assert asyncio.run(sleeper()) >= 3_600_000


@pytest.mark.parametrize("clock", ["system", "replay"])
def test_a_sleep_of_nothing_returns(clock: str, file: Path) -> None:
    real = SystemClock() if clock == "system" else ReplayClock(file)
    assert asyncio.run(real.sleep(0)) is None


def test_a_node_on_a_replayed_day_says_so(file: Path) -> None:
    """WIRE-64"""

    async def scenario() -> list[bool]:
        async with Federation() as federation:
            nodes = [federation.node("host"), federation.start("sending", clock=ReplayClock(file))]
            return [queries.health(node).replay for node in nodes]

    assert asyncio.run(scenario()) == [False, True]
