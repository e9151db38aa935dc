"""A plain value of an agreement at its path, for the checks that walk through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from safeconduct.core.agreement.tree import Path, Value


@dataclass(frozen=True, slots=True)
class At:
    """A value, or none, at a path."""

    value: Value
    path: Path

    def __getitem__(self, key: str) -> At:
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return At(inner, (*self.path, key))

    def __iter__(self) -> Iterator[At]:
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield At(item, (*self.path, index))

    @property
    def text(self) -> str | None:
        return self.value if isinstance(self.value, str) else None
