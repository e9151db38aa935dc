"""Papers for people: in which language, as what, and into which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import RenderableType

from safeconduct.core.agreement import LANGUAGES
from safeconduct.edges.cli.desk import Desk
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import FILE, OneOf
from safeconduct.edges.cli.screen import line
from safeconduct.errors import InputInvalid

F = TypeVar("F", bound=Callable[..., Any])


def language_option(function: F) -> F:
    """`--language`, of the paper."""
    option = click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the paper.")
    return option(function)


def form_options(*forms: str) -> Callable[[F], F]:
    """`--format` with these, as the argument `form`, and `-o`, as `output`."""

    def add(function: F) -> F:
        text = "Of the file; by the end of its name if left out."
        form = click.option("--format", "form", type=OneOf(forms), help=text)
        output = click.option("-o", "--output", type=FILE, metavar="FILE", required=True, help="A new file.")
        return form(output(function))

    return add


def form_of(form: str | None, output: Path, *forms: str) -> str:
    """The format that was asked for, or that the file's name ends with. Raises InputInvalid."""
    found = form if form is not None else output.suffix.removeprefix(".")
    if found not in forms:
        raise InputInvalid(f"--format: expected one of {', '.join(forms)}, got a file named {output.name[:60]}")
    return found


def put_paper(desk: Desk, data: bytes, output: Path, **facts: object) -> None:
    """Write the paper into its file and say so. facts: what a program is told besides."""
    write_new(output, data)
    shown: RenderableType = line(f"wrote {output}, {len(data)} bytes")
    desk.show({"file": str(output), "bytes": len(data), **facts}, shown)
