"""The two real clocks: this machine's, and one that plays a past day again."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from safeconduct.errors import InputInvalid

# How often a sleeper on a replayed day looks whether the day has jumped on.
_LOOK_AGAIN_SECONDS = 0.05

# A hundred years in milliseconds: enough for any day worth replaying, and no date overflows.
_OFFSET_MAX_MS = 100 * 366 * 86_400_000


class SystemClock:
    """ports.Clock of this machine."""

    is_replay = False

    def now(self) -> int:
        """As ports.Clock."""
        return _machine_ms()

    async def sleep(self, milliseconds: int) -> None:
        """As ports.Clock."""
        await asyncio.sleep(milliseconds / 1000)


class ReplayClock:
    """ports.Clock that adds the offset in a file, whole milliseconds, to this machine's time.

    The file is read again when it changes, so that a day can be stepped through. Several nodes that read one file have
    one time. Raises InputInvalid if the file cannot be read at first; later, the last good offset stays.
    """

    is_replay = True

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed_ns = -1
        self._offset = 0
        try:
            self._read()
        except (OSError, ValueError):
            raise InputInvalid(f"a replay clock reads whole milliseconds from {file}, found none") from None

    def now(self) -> int:
        """As ports.Clock."""
        try:
            self._read()
        except (OSError, ValueError):
            pass  # it is being written just now: the offset before holds
        return _machine_ms() + self._offset

    async def sleep(self, milliseconds: int) -> None:
        """As ports.Clock: a day that jumps past the moment wakes the sleeper."""
        due = self.now() + milliseconds
        while (left := due - self.now()) > 0:  # noqa: ASYNC110, a file cannot say that it changed
            await asyncio.sleep(min(left / 1000, _LOOK_AGAIN_SECONDS))

    def _read(self) -> None:
        changed_ns = self._file.stat().st_mtime_ns
        if changed_ns == self._changed_ns:
            return
        offset = int(self._file.read_text("utf-8"))
        if abs(offset) > _OFFSET_MAX_MS:
            raise ValueError(offset)
        self._offset, self._changed_ns = offset, changed_ns


def _machine_ms() -> int:
    return time.time_ns() // 1_000_000  # noqa: TID251, the one place where the machine's time is read
