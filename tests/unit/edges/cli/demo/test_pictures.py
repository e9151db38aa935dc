"""The pictures of the day: well-formed, drawn from the record, and showing what the story is about."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from safeconduct.edges.cli.demo import pictures
from safeconduct.edges.cli.demo.roads import read_net
from safeconduct.edges.cli.demo.scenario import AFTERNOON, EVENING, HOST, MORNING, NIGHT
from safeconduct.edges.cli.demo.timeline import Names
from safeconduct.edges.cli.demo.words import Words
from safeconduct.node import queries
from safeconduct.node.queries import MovementPage
from safeconduct.testing import authority
from tests.unit.edges.cli.demo.telling import drive, outage, template_terms, told

pytestmark = pytest.mark.slow

WORDS = Words("en")
NAMES = Names(WORDS, template_terms())


def pages() -> dict[str, MovementPage]:
    return dict(told().seen()[HOST].pages)


def elements(svg: str, name: str, css: str) -> list[ElementTree.Element]:
    return [e for e in ElementTree.fromstring(svg).iter(name) if e.get("class") == css]  # noqa: S314, our own text


@pytest.mark.parametrize(
    ("subject", "phases"),
    [
        (AFTERNOON, ["requested", "approved", "requested", "approved", "under_way", "arrived", "closed"]),
        (MORNING, ["requested", "lapsed"]),
        (NIGHT, ["requested", "cancelled"]),
        (EVENING, ["requested", "refused"]),
    ],
)
def test_a_movements_bar_has_its_phases_in_turn(subject: str, phases: list[str]) -> None:
    page = queries.movement(told().federation.node(HOST), authority(told().federation.node(HOST)), subject)
    assert [phase for _, _, phase in pictures.spans(page)] == phases


def test_phases_follow_each_other_without_a_gap() -> None:
    spans = pictures.spans(pages()[AFTERNOON])
    assert all(one[1] == following[0] for one, following in pairwise(spans))


def test_every_statement_has_a_dot_in_the_lane_of_its_party() -> None:
    svg = pictures.sequence(WORDS, NAMES, pages(), outage())
    dots = len(elements(svg, "circle", "dot host")) + len(elements(svg, "circle", "dot sending"))
    assert dots == sum(len(page.history) for page in pages().values())


def test_the_arrows_of_the_outage_are_drawn_as_late() -> None:
    assert len(elements(pictures.sequence(WORDS, NAMES, pages(), outage()), "line", "arrow late")) == 3


def test_the_lane_of_the_node_that_was_down_is_marked() -> None:
    assert len(elements(pictures.sequence(WORDS, NAMES, pages(), outage()), "rect", "down")) == 1


def test_a_day_without_an_outage_marks_none() -> None:
    assert elements(pictures.sequence(WORDS, NAMES, pages(), (0, 0)), "rect", "down") == []


def test_each_movement_is_named_over_the_two_days() -> None:
    names = elements(pictures.days(WORDS, NAMES, pages(), outage()), "text", "name")
    assert [name.text for name in names] == [NAMES.movement(subject) for subject in pages()]


def test_the_way_shows_every_check_in_where_it_was_made() -> None:
    svg = pictures.way(WORDS, read_net(), drive(), pages()[AFTERNOON])
    dots = len(elements(svg, "circle", "dot host")), len(elements(svg, "circle", "dot sending"))
    assert dots == (3, 6)
