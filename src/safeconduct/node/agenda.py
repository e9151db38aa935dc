"""What a node has to look at by itself, and when: as soon as something is said of it, else when its time comes."""

from __future__ import annotations

from collections.abc import Iterator


class Agenda:
    """Subjects of one sort, each with the moment (ms) at which it is to be looked at. No state is read to ask."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def touch(self, subject: str) -> None:
        """Something was said of it: due at once."""
        self._at[subject] = 0

    def due(self, now: int) -> list[str]:
        """The subjects that are to be looked at by `now` (ms), sorted."""
        return sorted(subject for subject, at in self._at.items() if at <= now)

    def again(self, subject: str, at: int) -> None:
        """It was looked at as of everything taken in: due at `at` (ms), unless it was dropped."""
        if subject in self._at:
            self._at[subject] = at

    def wait(self, subject: str, at: int) -> None:
        """It was dropped before it was looked at: due at `at` (ms), or at once if something was said since."""
        self._at.setdefault(subject, at)

    def drop(self, subject: str) -> None:
        """Nothing is to be done until something is said of it."""
        self._at.pop(subject, None)
