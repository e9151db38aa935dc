"""A disk of its own for a test: a file system in a file, whose every byte can be searched."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Mounting is for root, and some containers keep it even from root: then the test says so and is left out.
needs_a_disk = pytest.mark.skipif(
    shutil.which("mkfs.ext4") is None or os.geteuid() != 0, reason="needs mkfs.ext4 and root"
)


class Disk:
    """An ext4 file system of this size in a folder. image: all its bytes, also those that nobody uses any more."""

    def __init__(self, folder: Path, size: int) -> None:
        self.image, self._mount = folder / "disk.img", folder / "disk"
        self.image.write_bytes(bytes(size))
        self._mount.mkdir()
        _must("mkfs.ext4", "-q", "-F", str(self.image))

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """Its root folder, while the block runs; afterwards the image has everything that was written."""
        _must("mount", "-o", "loop", str(self.image), str(self._mount))
        try:
            yield self._mount
        except BaseException:
            # What has failed holds its files still, and is what people need to read.
            subprocess.run(["umount", "--lazy", self._mount], check=True)
            raise
        subprocess.run(["umount", self._mount], check=True)


def _must(*words: str) -> None:
    if subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip(f"{words[0]} is not possible here")
