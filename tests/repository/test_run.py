"""`run` works from any directory and any path, and says what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.repository.source_tree import ROOT


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A copy of `run` and what it reads, in a folder whose name has spaces."""
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    for name in ("run", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def _run(folder: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    environment.pop("PYTHON", None)
    return subprocess.run(
        [folder / "run", *arguments], cwd="/", env=environment, capture_output=True, text=True, check=False
    )


def _pythons(folder: Path, script: str) -> str:
    """A PATH on which every Python is this script."""
    folder.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_help_is_given_from_any_directory(elsewhere: Path) -> None:
    assert _run(elsewhere, "help").stdout.startswith("usage: ./run COMMAND")


def test_an_unknown_command_is_refused_by_name(elsewhere: Path) -> None:
    answer = _run(elsewhere, "tset")
    assert (answer.returncode, answer.stderr.splitlines()[-1]) == (
        1,
        "run: expected one of the commands above, got 'tset'",
    )


def test_an_old_python_is_refused_with_the_version_found(elsewhere: Path, tmp_path: Path) -> None:
    path = _pythons(tmp_path / "old", 'case "$1" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
    answer = _run(elsewhere, "safeconduct", path=path)
    assert (answer.returncode, "needs Python 3.11 or newer, found Python 3.9.2" in answer.stderr) == (1, True)


def test_a_python_without_venv_is_told_which_package_brings_it(elsewhere: Path, tmp_path: Path) -> None:
    path = _pythons(tmp_path / "bare", 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac')
    answer = _run(elsewhere, "safeconduct", path=path)
    assert (answer.returncode, "apt-get install python3-venv" in answer.stderr) == (1, True)
