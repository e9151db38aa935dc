"""A file is whole or as it was."""

from __future__ import annotations

import resource
import stat
from pathlib import Path

import pytest

from safeconduct.edges.storage.durable import sync_folder, write_whole
from safeconduct.errors import Unavailable


def test_a_file_is_written_over_the_one_before_in_one_step(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        write_whole(tmp_path / "file", content)
    assert ([path.name for path in tmp_path.iterdir()], (tmp_path / "file").read_bytes()) == (["file"], b"two")


def test_a_file_has_the_mode_asked_for(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"content", mode=0o600)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_disk_that_refuses_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(Unavailable, match="cannot write"):
            write_whole(tmp_path / "file", bytes(2000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ([path.name for path in tmp_path.iterdir()], (tmp_path / "file").read_bytes()) == (["file"], b"before")


@pytest.mark.parametrize("name", ["nowhere/file", "file/below"])
def test_a_name_that_cannot_be_written_is_unavailable(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot write"):
        write_whole(tmp_path / name, b"content")


def test_a_folder_that_is_not_there_cannot_be_synced(tmp_path: Path) -> None:
    sync_folder(tmp_path)
    with pytest.raises(Unavailable, match="cannot write"):
        sync_folder(tmp_path / "nowhere")
