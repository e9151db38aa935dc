"""Files that are whole or not there, and names that survive a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from safeconduct.errors import Unavailable


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file in one step, over the one before if there is one: under its name, it is always whole.

    Raises Unavailable if the disk refuses; the file is then as it was.
    """
    unfinished = path.with_name(f"{path.name}.tmp")
    try:
        handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise Unavailable(f"cannot write {path}: {error.strerror}") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the files' content. Raises Unavailable."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Unavailable(f"cannot write {folder}: {error.strerror}") from error
