"""The template as an agreement of two test parties, and movements to judge."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import pytest

from safeconduct.core.agreement import (
    Clause,
    Evidence,
    MovementFacts,
    Notice,
    PartyTerms,
    Rule,
    Terms,
    fill_template,
    read_folder,
)
from safeconduct.errors import TermsInvalid
from safeconduct.testing import card_of

HOST: PartyTerms = card_of("host")
SENDING: PartyTerms = card_of("sending")


def _texts(folder: Traversable, inside: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            found |= _texts(item, f"{inside}{item.name}/")
        else:
            found[inside + item.name] = item.read_text("utf-8")
    return found


@cache
def template() -> dict[str, str]:
    """The files of the template as they are shipped."""
    return _texts(files("safeconduct.core.agreement") / "template" / "host_sending")


def folder(**changed: str | None) -> dict[str, str]:
    """The template with both cards; files replaced, added or, with None, taken out."""
    texts = {**fill_template(template(), [HOST, SENDING], "test"), **changed}
    return {path: text for path, text in texts.items() if text is not None}


@cache
def terms() -> Terms:
    """The template with both cards, read."""
    return read_folder(folder())


def edited(path: str, old: str, new: str) -> dict[str, str]:
    """The folder with one passage of one file replaced; it must be there."""
    text = folder()[path]
    assert old in text, f"{path} has no {old!r}"
    return folder(**{path: text.replace(old, new, 1)})


def problems(files_: dict[str, str]) -> list[str]:
    """What the reader says against a folder."""
    with pytest.raises(TermsInvalid) as caught:
        read_folder(files_)
    return list(caught.value.problems)


def line_of(path: str, passage: str, files_: dict[str, str] | None = None) -> int:
    """The line on which a passage of a file begins."""
    text = (files_ or folder())[path]
    return text[: text.index(passage)].count("\n") + 1


# --- movements to judge -----------------------------------------------------------------------------------

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
EARLIEST = 1_790_000_000_000


def clause(rule: Rule | None, number: int = 1) -> Clause:
    """A clause of nothing but its rule."""
    text = {"en": "text", "zh": "文本", "ur": "متن"}
    return Clause(
        id=f"T-{number}",
        title=text,
        text=text,
        owed_by="journey_manager",
        owed_to="duty_officer",
        severity="major",
        evidence="statement",
        source="parameter to agree",
        rule=rule,
    )


def said(at: int, party: str = "sending") -> Evidence:
    """A statement at an instant, told from others by that instant."""
    return Evidence(party=party, index=at % 1000, id=f"{at:064x}", at=at)


def facts(*, offered: int = 0, by: str = "sending", received: int | None = None, **more: Any) -> MovementFacts:
    """A movement whose window opens at EARLIEST."""
    receipts = {} if received is None else {"host": said(received, "host")}
    notice = Notice(offered=said(offered, by), received=receipts)
    return MovementFacts(subject="movement/m-1", earliest=EARLIEST, notice=notice, **more)
