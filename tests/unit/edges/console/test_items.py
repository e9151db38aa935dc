"""The page of information: each viewer's own, the level in FIRST's letters and in words, in three languages."""

from __future__ import annotations

import asyncio
import re
from functools import cache

import pytest

from safeconduct.core.acts import (
    CAVEATS,
    TLP_NAMES,
    ItemOnwardAsked,
    ItemRecalled,
    ReleasedCount,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseSigned,
)
from safeconduct.core.disclosure import ItemContent
from safeconduct.core.statement import digest
from safeconduct.edges.console.items import information, tlp
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.words import LANGUAGES
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.testing import (
    Federation,
    information_terms,
    keep_custody,
    keep_items,
    open_item_as,
    share_as,
    viewer_of,
)
from tests.unit.node.test_items import agreed

DUTY, LEAD, UNIT, MANAGER = "host/duty_officer", "host/escort_lead", "host/unit", "sending/security_manager"
OUT = ReleaseProposed(texts={"en": "All are <b>well</b>."}, counts=(ReleasedCount(of="turned back", fewer_than=5),))
DRAFT = ReleaseProposed(texts={"en": "A draft."}, counts=(ReleasedCount(of="movements", number=214),))
NO = ReleaseProposed(texts={"ur": "انکار"}, counts=())


async def _day(federation: Federation) -> None:
    await federation.agree(information_terms(federation.cards.values()))
    await keep_custody(federation, 1)
    for name, whom in (("read", ("unit",)), ("asked", ("unit", "approver")), ("gone", ("unit",)), ("new", ("unit",))):
        federation.clock.advance(60_000)
        act, _ = await share_as(federation, DUTY, f"item/{name}", ItemContent(title="a white van"), recipients=whom)
        if name in ("read", "gone"):
            await open_item_as(federation, UNIT, f"item/{name}", act.content)
        if name == "gone":
            by = federation.clock.now() + 3_600_000
            said = ItemRecalled(content=act.content, reason="<i>not so</i>", acknowledge_by=by)
            await federation.say(DUTY, "item/gone", said)
        if name == "asked":
            await federation.sync()
            await keep_items(federation)
            ask = ItemOnwardAsked(content=act.content, to="sending/journey_manager", reason="she plans it")
            await federation.say("sending/approver", "item/asked", ask)
            await federation.sync()
    for name, proposal in (("out", OUT), ("draft", DRAFT), ("no", NO)):
        await federation.say(DUTY, f"release/{name}", proposal)
    await federation.sync()
    await federation.say(MANAGER, "release/out", ReleaseSigned(digest=digest(OUT)))
    await federation.say(MANAGER, "release/no", ReleaseRefused(digest=digest(NO), reason="not now"))
    await federation.sync()


@cache
def told() -> tuple[Node, dict[str, Viewer], int]:
    """The host's node, its people, and the time on its clock; it writes no more."""

    async def whole() -> tuple[Node, dict[str, Viewer], int]:
        async with Federation() as federation:
            await _day(federation)
            viewers = {actor: viewer_of(federation, actor) for actor in (DUTY, LEAD, UNIT)}
            return federation.node("host"), viewers, federation.clock.now()

    return asyncio.run(whole())


def page(actor: str, language: str = "en") -> View:
    node, viewers, now = told()
    return information(node, viewers[actor], Reader(language, now))


def text_of(view: View) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", str(view.body)).split())


def test_each_viewer_has_what_concerns_it_and_no_word_of_the_rest() -> None:
    """ITEM-13, ITEM-41"""
    pages = {actor: text_of(page(actor)) for actor in (DUTY, LEAD, UNIT)}
    assert [sum(f" {name} " in text for name in ("read", "asked", "gone", "new")) for text in pages.values()] == [
        4,
        0,
        4,
    ]
    assert ["A draft." in text for text in pages.values()] == [True, False, False]
    assert "No information concerns you" in pages[LEAD]


def test_nothing_that_an_item_says_is_on_the_page() -> None:
    """ITEM-15"""
    assert "white van" not in str(page(UNIT).body)


def test_how_each_stands_is_said_with_the_command_that_comes_next() -> None:
    text = text_of(page(UNIT))
    for words in (
        "you opened it",
        "not opened by you yet safeconduct item open new",
        "recalled <i>not so</i>".replace("<", "&lt;").replace(">", "&gt;"),
        "safeconduct item confirm gone",
    ):
        assert words in text
    asked = text_of(page(DUTY))
    assert "1 ask to pass it on: safeconduct item show asked" in asked
    assert (page(UNIT).attention, page(DUTY).attention, page(LEAD).attention) == (1, 1, 0)


def test_a_release_is_marked_as_out_only_when_it_is() -> None:
    """ITEM-40"""
    text = text_of(page(DUTY))
    for words in ("jointly released", "draft, not released: awaits Sending", "refused, not released", "fewer than 5"):
        assert words in text
    assert "&lt;b&gt;well" in str(page(UNIT).body)


@pytest.mark.parametrize("caveat", CAVEATS)
def test_a_level_is_said_in_letters_and_not_by_colour_alone(caveat: str) -> None:
    assert TLP_NAMES[caveat] in str(tlp(caveat))  # type: ignore[index]  # one of the levels


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "onward with the originator"), ("zh", "转分享须经来源方同意"), ("ur", "آگے صرف اصل فریق کی اجازت سے")],
)
def test_the_page_is_in_each_language(language: str, words: str) -> None:
    text = text_of(page(UNIT, language))
    assert (words in text, "TLP:AMBER" in text) == (True, True)
    assert set(LANGUAGES) == {"en", "zh", "ur"}


def test_where_there_is_nothing_the_page_says_what_to_do() -> None:
    async def empty() -> str:
        async with agreed() as federation:
            viewer = viewer_of(federation, UNIT)
            return text_of(information(federation.node("host"), viewer, Reader("en", federation.clock.now())))

    text = asyncio.run(empty())
    assert ("safeconduct item share" in text, "Nothing was given out jointly." in text) == (True, True)
