"""Who will know what when, on a movement's page: every opening in words, on one scale, mirrored where it must be."""

from __future__ import annotations

import re

import msgspec
import pytest

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Terms
from safeconduct.edges.console.knowing import knowing
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import Reader
from safeconduct.node import queries
from safeconduct.node.queries import MovementPage
from safeconduct.testing import HOUR, authority
from tests.unit.core.disclosure.test_release import blurred, opens, terms
from tests.unit.edges.console.night import NOW, told


def page(movement: str) -> MovementPage:
    return queries.movement(told().host, authority(told().host), f"movement/{movement}")


def shown(movement: str, language: str = "en", agreed: Terms | None = None) -> str:
    node = told().host
    return str(knowing(Names(node, Reader(language, NOW), agreed or node.terms()), page(movement)))


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_every_role_has_its_parts_with_time_and_grade() -> None:
    """DIS-14"""
    found = text(shown("m-108"))
    words = (
        "gate guard of the site Host State names of the travellers 15 Jan 21:43 UTC · 20 min ago only how many",
        "route and minute 15 Jan 21:43 UTC · 20 min ago blurred: places to within 2000 metres, times to within 30 min",
        "driver Sending State exit and place of assembly 15 Jan 22:13 UTC · in 10 min in full",
    )
    assert [word for word in words if word not in found] == []
    assert shown("m-108").count('class="what"') == 14


@pytest.mark.parametrize(("language", "words"), [("zh", ("驻地门卫", "仅知数量")), ("ur", ("ڈرائیور", "مکمل تفصیل"))])
def test_it_is_told_in_the_reader_s_language(language: str, words: tuple[str, ...]) -> None:
    assert [word for word in words if word not in shown("m-108", language)] == []


def bars(markup: str, kind: str) -> list[tuple[int, int]]:
    """From where to where the bars of a grade reach, without their marks."""
    found = re.findall(rf'<rect x="(\d+)" y="\d+" width="(\d+)" height="\d+" class="{kind}">', markup)
    return [(int(x), int(x) + int(width)) for x, width in found if int(width) > 3]


def test_a_bar_reaches_from_its_opening_to_the_end_in_either_direction() -> None:
    """DIS-15"""
    left, right = bars(shown("m-108"), "exact"), bars(shown("m-108", "ur"), "exact")
    assert {end for _, end in left} == {360}
    assert right == [(360 - end, 360 - start) for start, end in left]


def test_what_is_learned_in_steps_is_a_bar_for_each() -> None:
    """DIS-3, DIS-16"""
    agreed = terms(
        blurred("plan.earliest - PT2H", metres=500), opens("plan.earliest"), opens("filed.gathered.at", "unit")
    )
    markup = shown("m-108", agreed=agreed)
    ((_, blurred_end),) = bars(markup, "blurred")
    ((exact_start, _),) = bars(markup, "exact")
    assert (blurred_end == exact_start, "when it is reported: " in markup) == (True, True)
    assert "“at” of the latest “name”" in markup


def test_a_window_of_years_ago_is_drawn_within_the_picture() -> None:
    old = Timing(earliest=NOW - 30_000 * HOUR, latest=NOW - 29_999 * HOUR, review_by=NOW - 30_002 * HOUR)
    seen = page("m-108")
    row = msgspec.structs.replace(seen.row, plan=msgspec.structs.replace(seen.row.plan, timing=old))
    node = told().host
    names = Names(node, Reader("en", NOW), node.terms())
    markup = str(knowing(names, msgspec.structs.replace(seen, row=row)))
    assert all(0 <= start <= end <= 360 for start, end in bars(markup, "exact"))


@pytest.mark.parametrize("movement", ["m-104", "m-105", "m-106"])
def test_of_a_movement_that_never_departs_nothing_is_shown_as_known(movement: str) -> None:
    markup = shown(movement)
    assert ("Nothing more of its order opens." in markup, "<svg" in markup) == (True, False)


def test_before_approval_it_says_that_nothing_opens() -> None:
    said = "Nothing opens before the movement is approved."
    assert [said in shown(movement) for movement in ("m-110", "m-108")] == [True, False]


@pytest.mark.parametrize("agreed", [terms(), None])
def test_an_agreement_without_compartments_says_so(agreed: Terms | None) -> None:
    node = told().host
    markup = str(knowing(Names(node, Reader("en", NOW), agreed), page("m-108")))
    assert markup == "<p>The agreement has no compartments: nothing of the order opens for anybody.</p>"
