"""The board: which movements are on a page, in which order, and what each waits for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import pytest

from safeconduct.core.acts import Escort, MovementRequested, People, Plan, Route, Timing
from safeconduct.edges.console.board import ROWS_PER_PAGE, SCAN_MAX, Cursor, board, movement_path, slice_of
from safeconduct.edges.console.reader import Reader
from safeconduct.errors import InputInvalid
from safeconduct.node.node import Node
from safeconduct.testing import authority
from safeconduct.testing.federation import Federation
from tests.unit.edges.console.night import HOUR, NOW, told


def page(node: Node, language: str = "en", **query: str) -> str:
    return str(board(node, authority(node), Reader(language, NOW), Cursor.of(query)).body)


def row(markup: str, movement: str) -> str:
    found = re.search(rf'<tr[^>]*data-key="movement/{movement}".*?</tr>', markup)
    assert found is not None
    return found[0]


def ids(node: Node, **query: str) -> list[str]:
    return [found.subject.removeprefix("movement/") for found in slice_of(node, authority(node), Cursor.of(query)).rows]


def test_who_is_on_the_road_comes_first_then_the_soonest_window_then_what_waits_to_be_closed() -> None:
    assert ids(told().host) == ["m-103", "m-108", "m-110", "m-111", "m-109", "m-101", "m-107"]


def test_the_past_is_told_from_the_latest_window_back() -> None:
    assert ids(told().host, show="past") == ["m-112", "m-106", "m-102", "m-104", "m-105"]


def test_all_are_told_from_the_latest_window_back() -> None:
    found = slice_of(told().host, authority(told().host), Cursor(show="all"))
    opens = [row.plan.timing.earliest for row in found.rows]
    assert (len(opens), opens, found.more) == (12, sorted(opens, reverse=True), None)


@pytest.mark.parametrize(
    ("movement", "words"),
    [
        ("m-103", ("under way", "Breached: ", "WAY-1", "Engineers&#x27; hostel</bdi> → <bdi>Jinnah terminal, hall C")),
        ("m-108", ("approved", "Gate open: ", "head count against the manifest", "Turbine crew 4", "people: 12")),
        (
            "m-109",
            ("requested", "Approval missing: ", "Host State", "Gate open: 5 of 5", "approvals by", "province desk"),
        ),
        ("m-110", ("Approval missing: <bdi>Sending State</bdi>", "Notice not passed on by <bdi>district desk</bdi>")),
        ("m-101", ("arrived",)),
        ("m-107", ("aborted", "Breached: ")),
    ],
)
def test_a_row_says_what_stands_in_words(movement: str, words: tuple[str, ...]) -> None:
    found = row(page(told().host), movement)
    assert [word for word in words if word not in found] == []


@pytest.mark.parametrize("movement", ["m-101", "m-107"])
def test_a_movement_that_has_ended_has_no_open_gate(movement: str) -> None:
    assert "Gate open" not in row(page(told().host), movement)


@pytest.mark.parametrize("language", ["zh", "ur"])
def test_a_row_links_to_its_movement_in_every_language(language: str) -> None:
    assert 'href="/movements/m-103"' in row(page(told().host, language), "m-103")


def test_rows_that_want_a_person_are_counted_for_the_tab() -> None:
    assert board(told().host, authority(told().host), Reader("en", NOW), Cursor()).attention == 7


@pytest.mark.parametrize(
    ("query", "cursor"),
    [
        ({}, Cursor()),
        ({"show": "past", "before": "12", "skip": "25"}, Cursor(show="past", before=12, skip=25)),
        ({"lang": "ur", "other": "x"}, Cursor()),
    ],
)
def test_an_address_says_which_part_of_the_board(query: Mapping[str, str], cursor: Cursor) -> None:
    assert Cursor.of(query) == cursor


@pytest.mark.parametrize(
    "query",
    [
        {"show": "secret"},
        {"before": "x"},
        {"before": "-1"},
        {"before": "1.5"},
        {"before": "٣"},
        {"before": "9" * 17},
        {"before": str(2**53 + 1)},
        {"before": ""},
        {"skip": "1e3"},
    ],
)
def test_an_address_that_is_none_is_refused(query: Mapping[str, str]) -> None:
    with pytest.raises(InputInvalid):
        Cursor.of(query)


def test_an_address_leads_to_itself() -> None:
    assert Cursor(show="past", before=12, skip=25).address == "/?show=past&before=12&skip=25"


def test_a_path_keeps_odd_identifiers_in_one_piece() -> None:
    assert movement_path("movement/m-1..x_y") == "/movements/m-1..x_y"


# --- many, and none ---------------------------------------------------------------------------------------------------


async def _request(federation: Federation, movement: str, earliest: int) -> None:
    plan = Plan(
        route=Route(origin="a", destination="b", districts=("c",)),
        timing=Timing(earliest=earliest, latest=earliest + HOUR, review_by=earliest - HOUR),
        people=People(group="g", count=1),
        escort=Escort(carrying_vehicles=1, protection_level="b6", escort_vehicles=1),
        purpose="visit",
    )
    await federation.say("sending/journey_manager", f"movement/{movement}", MovementRequested(plan=plan))


async def _sending_node_with(windows: list[int]) -> Node:
    async with Federation() as federation:
        await federation.agree()
        for number, window in enumerate(windows):
            await _request(federation, f"m-{number:03}", federation.clock.now() + 48 * HOUR + window)
        return federation.node("sending")


def _everything(node: Node, show: str) -> list[str]:
    found: list[str] = []
    cursor: Cursor | None = Cursor(show=show)
    while cursor is not None:
        part = slice_of(node, authority(node), cursor)
        found += [found.subject for found in part.rows]
        cursor = part.more
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "windows",
    [
        [60_000 * number for number in range(130)],
        [0] * 130,
        [60_000 * (number // 60) for number in range(130)],
    ],
    ids=["one by one", "all at one instant", "sixty at a time"],
)
@pytest.mark.parametrize("show", ["active", "all"])
def test_loading_more_shows_every_movement_once(windows: list[int], show: str) -> None:
    node = asyncio.run(_sending_node_with(windows))
    found = _everything(node, show)
    assert (len(found), len(set(found))) == (130, 130)


@pytest.mark.slow
def test_a_page_has_a_bounded_number_of_rows_and_a_link_to_more() -> None:
    node = asyncio.run(_sending_node_with([60_000 * number for number in range(30)]))
    markup = page(node)
    assert (markup.count("data-key="), "skip=25" in markup, "25 of 30 shown" in markup) == (ROWS_PER_PAGE, True, True)


@pytest.mark.slow
def test_a_page_that_found_nothing_yet_does_not_say_that_there_is_nothing() -> None:
    node = asyncio.run(_sending_node_with([60_000 * number for number in range(SCAN_MAX + 150)]))
    markup = page(node, show="past")
    assert ("None among those looked at so far" in markup, 'rel="next"' in markup) == (True, True)


def _empty(*, agreed: bool) -> Node:
    async def begin() -> Node:
        async with Federation() as federation:
            if agreed:
                await federation.agree()
            return federation.node("host")

    return asyncio.run(begin())


@pytest.mark.parametrize(
    ("agreed", "show", "words"),
    [
        (False, "active", ("No agreement is in force", "safeconduct agreement propose")),
        (True, "active", ("No active movement on the record", "safeconduct movement request")),
        (True, "past", ("No past movement on the record", "safeconduct movement request")),
        (True, "all", ("No movement on the record yet", "safeconduct movement request")),
    ],
)
def test_an_empty_board_says_what_to_do_next(agreed: bool, show: str, words: tuple[str, ...]) -> None:
    markup = page(_empty(agreed=agreed), show=show)
    assert [word for word in words if word not in markup] == []
