"""The page of sealed marks: in three languages for those who are told of them, and what stands there for others."""

from __future__ import annotations

import asyncio
from functools import cache

import pytest

from safeconduct.core.acts import MovementRequested
from safeconduct.edges.console.marks import sealed_marks
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.words import LANGUAGES, word
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.testing import (
    DECOY,
    HOUR,
    MOVEMENT,
    SHUT_OUT,
    Federation,
    agree_to,
    keep_custody,
    keep_marks,
    mark_as,
    marks_terms,
    open_mark,
    small_plan,
)

SM = "sending/security_manager"
VIEWERS = {
    role: Viewer(f"{party}/{role}", (role,))
    for party, role in (("host", "duty_officer"), ("host", "unit"), ("host", "escort_lead"))
}


async def marked(federation: Federation) -> None:
    """One mark that was opened, one that both agreed to, one that nobody reviewed in time."""
    await federation.agree(marks_terms(federation.cards.values()))
    await keep_custody(federation, 1)
    await federation.say("sending/journey_manager", MOVEMENT, MovementRequested(plan=small_plan()))
    await federation.sync()
    await mark_as(federation, SM, SHUT_OUT)
    await mark_as(federation, SM, DECOY, subject="mark/k2")
    await mark_as(federation, SM, SHUT_OUT, subject="mark/k3")
    await federation.sync()
    await keep_marks(federation)
    await agree_to(federation, "host/duty_officer", "mark/k2")
    await open_mark(federation, "sending/approver")
    await federation.sync()


@cache
def told() -> Node:
    """The host's node; it writes no more."""

    async def whole() -> Node:
        async with Federation() as federation:
            await marked(federation)
            return federation.node("host")

    return asyncio.run(whole())


def shown(role: str, language: str = "en", later: int = 0) -> View:
    node = told()
    return sealed_marks(node, Reader(language, node.clock.now() + later), VIEWERS[role])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_is_hidden_from_whom_and_how_it_stands(language: str) -> None:
    """MARK-21"""
    text = str(shown("duty_officer", language).body)
    for key in ("marks", "mark_works", "mark_says", "mark_stands", "mark_consent"):
        assert word(key, language) in text
    for words in (SHUT_OUT.reason, DECOY.reason, "movement/m1", "host/duty_officer", "safeconduct mark open"):
        assert words in text


def test_who_is_told_of_none_sees_what_was_opened_alone() -> None:
    """MARK-20, MARK-23"""
    text = str(shown("unit").body)
    assert (SHUT_OUT.reason in text, "k1" in text, "k2" in text, "k3" in text) == (True, True, False, False)


def test_without_a_mark_the_page_says_so_in_each_language() -> None:
    """MARK-20: the same bytes for whoever is told of none, whether there is one or not."""

    async def pages() -> list[str]:
        found = []
        for hides in (False, True):
            async with Federation() as federation:
                await federation.agree(marks_terms(federation.cards.values()))
                await keep_custody(federation, 1)
                if hides:
                    await mark_as(federation, SM, SHUT_OUT)
                    await federation.sync()
                node = federation.node("host")
                views = (sealed_marks(node, Reader(language, 0), VIEWERS["unit"]) for language in LANGUAGES)
                found.append(" ".join(str(view.body) for view in views))
        return found

    without, with_one = asyncio.run(pages())
    assert without == with_one
    assert all(word("marks_none", language) in without for language in LANGUAGES)


def test_an_overdue_review_wants_a_person() -> None:
    """MARK-24"""

    async def whole() -> tuple[int, str]:
        async with Federation() as federation:
            await marked(federation)
            federation.clock.advance(48 * HOUR + 15 * 24 * HOUR)
            node = federation.node("host")
            view = sealed_marks(node, Reader("en", node.clock.now()), VIEWERS["duty_officer"])
            return view.attention, str(view.body)

    attention, text = asyncio.run(whole())
    assert (attention, word("mark_overdue", "en") in text) == (2, True)
