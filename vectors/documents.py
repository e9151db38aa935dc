"""How every generator ends: its files as JSON with `about` and `cases`, and written into its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Case = dict[str, object]
# Name of a file → what it is about, and what makes its cases.
Files = Mapping[str, tuple[str, Callable[[], Iterator[Case]]]]


def documents(files: Files) -> dict[str, bytes]:
    """Name and content of every file."""
    return {
        name: (json.dumps({"about": about, "cases": list(cases())}, indent=1, ensure_ascii=False) + "\n").encode()
        for name, (about, cases) in files.items()
    }


def write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write them, over what is there."""
    for name, content in contents.items():
        (folder / name).write_bytes(content)
