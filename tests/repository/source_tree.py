"""Where the files of this project are, and their syntax trees: what the tests in this folder look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "safeconduct"
CORE = SOURCE / "core"
TESTS = ROOT / "tests"
SPEC = ROOT / "docs" / "spec"
DECISIONS = ROOT / "docs" / "decisions"

_FOLDERS = ("src", "tests", "docs", "vectors", "bench", ".ci")
_NOT_OURS = {"__pycache__", "node_modules"}


def files(folder: Path, pattern: str = "*") -> list[Path]:
    """Every file below the folder, in a fixed order; none if the folder does not exist."""
    found = [path for path in folder.rglob(pattern) if path.is_file() and not _NOT_OURS.intersection(path.parts)]
    return sorted(found)


def project_texts() -> Iterator[tuple[Path, str]]:
    """Every text file that belongs to the project, with its text; pictures and the like are left out."""
    top = sorted(path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".coverage"))
    for path in top + [path for folder in _FOLDERS for path in files(ROOT / folder)]:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def collected_files() -> list[Path]:
    """Every file that pytest collects."""
    return files(TESTS, "test_*.py")


def name_of(path: Path) -> str:
    """The path as a person writes it, from the project's root."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """safeconduct.core.log.merkle for src/safeconduct/core/log/merkle.py; the folder's name for its __init__.py."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
