"""The time line on a terminal: one scale, a mark where a part opens, and every line within the width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Release, Terms
from safeconduct.core.disclosure import rows
from safeconduct.edges.cli.releases import time_line
from safeconduct.testing import HOUR
from tests.unit.core.agreement.sample import terms as template_terms
from tests.unit.core.disclosure.test_release import blurred, opens, terms

# 2026-11-25T06:00:00Z
OPENS = 1_795_586_400_000
TIMING = Timing(earliest=OPENS, latest=OPENS + HOUR, review_by=OPENS - 2 * HOUR)


def drawn(agreed: Terms, width: int) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, highlight=False, markup=False, color_system=None)
    console.print(time_line(rows(agreed, TIMING), TIMING, agreed))
    return file.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 100, 200])
def test_a_template_fits_its_terminal_with_one_line_for_each_row(width: int) -> None:
    lines = drawn(template_terms(), width)
    assert max(map(len, lines)) <= width
    # Times, axis, six roles, fourteen releases, signs.
    assert len(lines) == 2 + 6 + 14 + 1


def test_marks_stand_under_their_instants_on_the_axis() -> None:
    lines = drawn(template_terms(), 80)
    axis = lines[1]
    marks = [min(line.index(sign) for sign in "●◐#" if sign in line) for line in lines[2:-1] if line.startswith("  ")]
    assert {axis[mark] for mark in marks} == {"┬"}
    assert axis[axis.index("╞") :].startswith("╞═")
    assert abs(lines[0].index("06:00") + 2 - axis.index("╞")) <= 2


def test_what_is_learned_in_steps_has_a_line_for_each() -> None:
    staged = terms(
        Release(role="escort_lead", opens="plan.earliest - PT24H", grade="existence"),
        blurred("plan.earliest - PT12H", metres=500, minutes=30),
        opens("plan.earliest - PT1H"),
        more=(opens("filed.gathered.at", "unit"),),
    )
    said = [line.strip() for line in drawn(staged, 120)[2:-1]]
    assert [line.split("  ")[-2:] for line in said if "  " in line] == [
        ["11-24 06:00", "only that it exists"],
        ["11-24 18:00", "blurred 500 m 30 min"],
        ["11-25 05:00", "in full"],
        ["when reported", "in full"],
    ]
    # What has no instant yet is said in words.
    assert said[-1] == "when it is reported: “at” of the latest “name”"
