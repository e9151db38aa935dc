"""Pictures are whole numbers, and show every count once."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.agreement import Tally
from safeconduct.edges.papers.blocks import Picture
from safeconduct.edges.papers.pictures import (
    LINE_WIDTH,
    PARTS,
    bar,
    columns,
    knowing,
    line_sample,
    parts_of,
    sample,
    total,
)

COLOUR = {name: colour for name, colour, _ in PARTS}
COUNT = st.integers(min_value=0, max_value=5_000)
TALLIES = st.builds(Tally, met=COUNT, near=COUNT, breached=COUNT, waived=COUNT, disputed=COUNT, pending=COUNT)


def rectangles(picture: Picture, colour: str) -> list[tuple[int, int, int, int]]:
    """x, y, width, height of every rectangle in a colour; the picture must be XML without text or floats."""
    root = ElementTree.fromstring(picture.svg)  # noqa: S314, our own
    assert "." not in "".join(path.get("d", "") for path in root)
    found = []
    for path in root:
        if path.get("fill") == colour:
            for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.get("d", "")):
                found.append((int(x), int(y), int(width), int(height)))
    return found


def test_the_parts_do_not_overlap_and_sum_up() -> None:
    tally = Tally(met=10, near=2, late_word=3, breached=4, cured=1, waived=5, disputed=6, pending=7)
    assert parts_of(tally) == {"kept": 5, "near": 5, "disputed": 6, "breached": 4, "waived": 5, "pending": 7}
    assert total(tally) == 32


def test_a_bar_shows_shares_in_turn() -> None:
    picture = bar(Tally(met=3, breached=1), "three of four", mirrored=False)
    assert rectangles(picture, COLOUR["kept"]) == [(0, 0, 150, 12)]
    assert rectangles(picture, COLOUR["breached"]) == [(150, 0, 50, 12)]


def test_a_mirrored_bar_begins_on_the_right() -> None:
    picture = bar(Tally(met=3, breached=1), "three of four", mirrored=True)
    assert rectangles(picture, COLOUR["kept"]) == [(50, 0, 150, 12)]
    assert rectangles(picture, COLOUR["breached"]) == [(0, 0, 50, 12)]


@given(TALLIES)
def test_no_part_of_a_bar_is_too_small_to_see_or_outside_of_it(tally: Tally) -> None:
    picture = bar(tally, "any", mirrored=False)
    for name, count in parts_of(tally).items():
        drawn = rectangles(picture, COLOUR[name])
        assert bool(count) == bool(drawn)
        assert all(x >= 0 and x + width <= 200 and width >= 3 for x, _, width, _ in drawn)


def test_columns_are_as_high_as_what_they_count() -> None:
    picture = columns([Tally(met=4), Tally(), Tally(met=1, breached=1)], "three steps", mirrored=False)
    assert rectangles(picture, COLOUR["kept"]) == [(1, 0, 8, 48), (21, 24, 8, 12)]
    assert rectangles(picture, COLOUR["breached"]) == [(21, 36, 8, 12)]


def test_mirrored_columns_run_from_the_right() -> None:
    [(x, *_)] = rectangles(columns([Tally(met=1)], "one", mirrored=True), COLOUR["kept"])
    assert x == 71


@pytest.mark.parametrize("series", [[], [Tally()]])
def test_nothing_is_a_line(series: list[Tally]) -> None:
    assert columns(series, "nothing", mirrored=False).svg.count("<path") == 1


def test_a_dispute_is_striped_for_who_sees_no_colours() -> None:
    striped = next(stripe for name, _, stripe in PARTS if name == "disputed")
    assert len(rectangles(bar(Tally(disputed=1), "one", mirrored=False), striped)) == 1
    assert len(rectangles(sample("disputed", "disputed"), striped)) == 1


def test_what_a_picture_shows_is_said_and_escaped() -> None:
    assert 'aria-label="&lt;&quot;x&quot;&gt;"' in bar(Tally(), '<"x">', mirrored=False).svg


EXACT, BLURRED, WINDOW = "#1f4e79", "#4f86b5", "#f7d98b"


def test_a_bar_of_knowledge_begins_at_its_place_and_is_as_high_as_its_grade() -> None:
    picture = knowing([(40, "blurred"), (100, "exact")], (200, 260), [40, 100], "route", mirrored=False)
    assert rectangles(picture, BLURRED) == [(40, 5, 60, 6), (40, 0, 4, 16)]
    assert rectangles(picture, EXACT) == [(100, 3, 200, 10), (100, 0, 4, 16)]
    assert rectangles(picture, WINDOW) == [(200, 0, 60, 16)]


def test_a_mirrored_bar_of_knowledge_runs_from_the_right() -> None:
    picture = knowing([(40, "exact")], (200, 260), [40], "route", mirrored=True)
    assert rectangles(picture, EXACT) == [(0, 3, 260, 10), (256, 0, 4, 16)]
    assert rectangles(picture, WINDOW) == [(40, 0, 60, 16)]


def test_what_opens_at_the_very_end_is_still_seen() -> None:
    picture = knowing([(LINE_WIDTH, "exact")], (LINE_WIDTH, LINE_WIDTH), [LINE_WIDTH], "route", mirrored=False)
    assert rectangles(picture, EXACT) == [(296, 3, 4, 10), (296, 0, 4, 16)]


@pytest.mark.parametrize(("name", "height"), [("exact", 10), ("blurred", 6), ("count", 3), ("existence", 1)])
def test_a_sample_of_a_line_is_as_high_as_its_grade(name: str, height: int) -> None:
    picture = line_sample(name, name)
    assert f"h16v{height}" in picture.svg


def test_the_sample_of_the_window_has_its_colour() -> None:
    assert rectangles(line_sample("window", "window"), WINDOW) == [(0, 0, 16, 16)]
