"""The page of who could have known: a table for each sealed part, in three languages, and what stands there if none."""

from __future__ import annotations

import asyncio
import re
from functools import cache

import pytest

from safeconduct.core.acts import CompartmentTold
from safeconduct.core.disclosure import Content, Place
from safeconduct.edges.console.knowers import knowers
from safeconduct.edges.console.movement import movement
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.words import LANGUAGES
from safeconduct.errors import NotFound
from safeconduct.node.node import Node
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MOVEMENT,
    Federation,
    authority,
    come_to,
    content_of,
    open_as,
    sealed_movement,
)
from tests.unit.edges.console.night import NOW
from tests.unit.edges.console.night import told as night

AUTHOR, LEAD = "sending/journey_manager", "host/escort_lead"
WRITTEN = Content(text="gate 2", places=(Place(latitude_e7=248_949_000, longitude_e7=671_580_000, name="gate 2"),))


async def leaked(federation: Federation) -> None:
    """A movement whose rendezvous was opened by the lead and told to the unit, which is due it blurred."""
    parts = (("rendezvous", "exact", WRITTEN), ("rendezvous", BLURRED, WRITTEN))
    await sealed_movement(federation, *parts, ("manifest", "exact", Content(text="names")))
    await come_to(federation, 30 * HOUR)
    content = content_of(federation)
    await open_as(federation, LEAD, MOVEMENT, content)
    for to in ("host/unit", "<b>gate guard</b>"):
        federation.clock.advance(60_000)
        await federation.say(LEAD, MOVEMENT, CompartmentTold(content=content, to=to))
    federation.clock.advance(60_000)
    await federation.sync()


@cache
def told() -> tuple[Node, int]:
    """The host's node and the time on its clock; it writes no more."""

    async def tell() -> tuple[Node, int]:
        async with Federation() as federation:
            await leaked(federation)
            return federation.node("host"), federation.clock.now()

    return asyncio.run(tell())


def page(language: str = "en") -> str:
    node, now = told()
    return str(knowers(node, authority(node), Reader(language, now), "m1").body)


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


@pytest.mark.slow
def test_there_is_a_table_for_each_sealed_part_with_everybody_on_it() -> None:
    """KNEW-8, KNEW-13"""
    markup = page()
    assert markup.count('role="table"') == 2
    rows = [text(row) for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", markup)]
    (unit,) = (row for row in rows if row.strip().startswith("host/unit"))
    assert [
        word for word in ("in full", "from 7 Oct", "could open it", "was told by host/escort_lead") if word not in unit
    ] == []
    assert "blurred: places to within 500 metres" in unit
    assert sum("holder of the node's keys and disk" in row.replace("&#x27;", "'") for row in rows) == 3


@pytest.mark.slow
def test_whom_words_describe_is_shown_as_they_were_written() -> None:
    """KNEW-12"""
    assert ("&lt;b&gt;gate guard" in page(), "<b>gate guard" in page()) == (True, False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("谁可能知情", "可以打开", "由host/escort_lead告知")),
        ("ur", ("کھول سکتا تھا", "کس کو معلوم ہو سکتا تھا")),
    ],
)
def test_it_is_told_in_the_reader_s_language(language: str, words: tuple[str, ...]) -> None:
    found = re.sub(r"<[^>]+>", "", page(language))
    assert [word for word in words if word not in found] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_what_is_sealed_or_who_did_it(language: str) -> None:
    """KNEW-15"""
    assert [word for word in ("gate 2", "guilty", "leaked by") if word in page(language)] == []


@pytest.mark.slow
def test_every_statement_leads_to_its_place_in_the_history() -> None:
    """KNEW-8"""
    node, now = told()
    links = set(re.findall(r'href="/movements/m1#([^"]+)"', page()))
    history = str(movement(node, authority(node), Reader("en", now), "m1").body)
    assert len(links) > 5
    assert [link for link in links if f'id="{link}"' not in history] == []


@pytest.mark.slow
def test_where_nothing_is_sealed_it_says_so_and_the_movement_s_page_leads_there() -> None:
    """KNEW-14"""
    shown = str(knowers(night().host, authority(night().host), Reader("en", NOW), "m-108").body)
    assert ("Nothing is sealed of this movement" in shown, "<table" in shown) == (True, False)
    assert 'href="/knew/m-108"' in str(movement(night().host, authority(night().host), Reader("en", NOW), "m-108").body)
    with pytest.raises(NotFound):
        knowers(night().host, authority(night().host), Reader("en", NOW), "m-999")
