"""Whoever learns more, or earlier, than its duties need is named; who does not is left in peace."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import (
    Clause,
    Compartment,
    Must,
    Need,
    Never,
    Pattern,
    Release,
    Rule,
    Terms,
    fill_template,
    read_folder,
)
from safeconduct.core.disclosure import Excess, excesses, excesses_of_folder
from safeconduct.edges.cli.agreements import read_template
from safeconduct.testing import HOUR, MINUTE, card_of, small_terms
from tests.unit.core.agreement.sample import folder, line_of

TEMPLATES = {
    "host_sending": ("host", "sending"),
    "agency_host": ("agency", "host"),
    "company_forces": ("company", "forces"),
}


def of_template(name: str) -> dict[str, str]:
    return fill_template(read_template(name), [card_of(party) for party in TEMPLATES[name]], "test")


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
def test_in_a_template_nobody_learns_more_than_is_needed(name: str) -> None:
    """DIS-13"""
    terms = read_folder(of_template(name))
    assert (sum(len(c.releases) for c in terms.compartments) >= 8, excesses(terms)) == (True, ())


A = "agreement.yaml"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "old", "new", "passage", "column", "code", "says"),
    [
        ("host_sending", ", needs: [{clause: ESC-2}]", "", "- {role: escort_lead, opens: plan.earliest - PT1H}", 9,
         "no_need", "expected a stated need of route for escort_lead (needs), got none"),
        ("host_sending", "{role: escort_lead, opens: plan.earliest - PT1H, needs: [{clause: ESC-2}]}",
         "{role: escort_lead, opens: plan.earliest - P7D, needs: [{clause: ESC-2}]}", "plan.earliest - P7D", 29,
         "earlier", ("expected route for escort_lead to open at most 1 h before ESC-2 can begin, "
         "when the window opens, got 7 d before the window opens")),
        ("host_sending", "plan.earliest - PT2H, needs: [{clause: DEP-1}]",
         "plan.earliest - PT121M, needs: [{clause: DEP-1}]", "plan.earliest - PT121M", 28,
         "earlier", ("expected rendezvous for sweep_lead to open at most 1 h 30 min before DEP-1 can begin, "
         "30 min before the window opens, got 2 h 1 min before the window opens")),
        ("host_sending", "      - role: site_guard\n        opens: plan.earliest - PT1H\n        grade: count\n",
         "      - role: site_guard\n        opens: plan.earliest - PT1H\n", "- role: site_guard", 9,
         "finer", ("expected no more of manifest for site_guard than head_count needs, only how many, "
         "got more: in full")),
        ("host_sending", "        metres: 2000\n", "        metres: 50\n", "grade: blurred", 9,
         "finer", ("expected no more of route for unit_commander than “sends help along the road” needs, "
         "blurred: places to within 2000 metres, times to within 30 minutes, "
         "got more: blurred: places to within 50 metres, times to within 30 minutes")),
        ("host_sending", "            minutes: 30\n", "", "grade: blurred", 9,
         "finer", ("expected no more of route for unit_commander than “sends help along the road” needs, "
         "blurred: places to within 2000 metres, "
         "got more: blurred: places to within 2000 metres, times to within 30 minutes")),
        ("host_sending", "{clause: WAY-2, begins: plan.earliest}", "{clause: WAY-2}", "needs: [{clause: WAY-2}", 60,
         "no_begin", ("expected begins (from when on convoy_leader needs route), because nothing ties WAY-2 "
         "to the plan, got none")),
        ("host_sending", "    margin: PT90M\n", "", "plan.earliest - PT2H, needs: [{clause: DEP-1}]", 28,
         "earlier", ("expected rendezvous for sweep_lead to open at most no time before DEP-1 can begin, "
         "30 min before the window opens, got 2 h before the window opens")),
        ("agency_host", "{role: scout_lead, opens: plan.earliest - PT2H, needs",
         "{role: scout_lead, opens: plan.earliest - PT12H, needs", "- {role: scout_lead", 28,
         "earlier", ("expected route for scout_lead to open at most 1 h before DEP-8 can begin, "
         "2 h before the window opens, got 12 h before the window opens")),
        ("company_forces", "{role: escort_lead, opens: plan.earliest - PT1H, grade: count, needs",
         "{role: escort_lead, opens: plan.earliest - PT1H, needs", "- {role: escort_lead, opens", 10,
         "finer", ("expected no more of manifest for escort_lead than escort_ready needs, only how many, "
         "got more: in full")),
        ("company_forces", "opens: plan.earliest - PT15M\n", "opens: plan.review_by\n", "opens: plan.review_by", 9,
         "earlier", ("expected route for driver to open at most 1 h before “drives it” can begin, "
         "when the window opens, got 2 h before the window opens")),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_at_its_place(
    template: str, old: str, new: str, passage: str, column: int, code: str, says: str
) -> None:
    """DIS-7, DIS-8, DIS-10 to DIS-13"""
    files = of_template(template)
    # What is planted stands among the compartments, after the movement's terms.
    head, mark, rest = files[A].partition("\ncompartments:\n")
    assert old in rest, old
    files[A] = head + mark + rest.replace(old, new, 1)
    found = excesses_of_folder(files)
    line = line_of(A, passage, files)
    assert [(one.code, one.account) for _, one in found][:1] == [(code, says)]
    assert [place for place, _ in found][:1] == [f"{A}:{line}:{column}"]


@pytest.mark.slow
def test_every_one_who_learns_too_early_is_named_at_once() -> None:
    """DIS-11, DIS-13"""
    files = folder()
    files[A] = files[A].replace("opens: plan.earliest - PT2H", "opens: plan.earliest - P2D")
    found = [(one.compartment, one.role) for _, one in excesses_of_folder(files) if one.code == "earlier"]
    assert found == [
        ("manifest", "convoy_leader"),
        ("rendezvous", "sweep_lead"),
        ("rendezvous", "escort_lead"),
        ("rendezvous", "convoy_leader"),
        ("escort", "convoy_leader"),
    ]


# --- when a need begins, and how much is enough -----------------------------------------------------------------------


def agreement(release: Release, rule: Rule | None = None, *, margin: str | None = None) -> Terms:
    """One compartment with one release; and a clause `T-9` that escort_lead owes."""
    small = small_terms([card_of("host"), card_of("sending")])
    shape: Clause = msgspec.structs.replace(small.clauses[0], id="T-9", owed_by="escort_lead", rule=rule)
    route = Compartment(id="route", name={"en": "route"}, margin=margin, releases=(release,))
    return msgspec.structs.replace(small, compartments=(route,), clauses=(*small.clauses, shape))


def needed(opens: str, *needs: Need, grade: str = "exact", **sizes: int) -> Release:
    return Release(role="escort_lead", opens=opens, needs=needs, grade=grade, **sizes)  # type: ignore[arg-type]


def codes(terms: Terms) -> list[str]:
    return [one.code for one in excesses(terms)]


DEPARTED = Pattern(event="movement.departed")


def must(when: Pattern, **changed: object) -> Rule:
    fields = {"event": "movement.attested", "due": "trigger", **changed}
    return Rule(for_each="movement", when=when, must=Must(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "begins"),
    [
        (must(DEPARTED), 0),
        (must(Pattern(event="movement.arrived")), 0),
        (must(DEPARTED, since="start", not_before="trigger - PT30M"), -30 * MINUTE),
        (must(DEPARTED, not_before="trigger + PT30M"), 30 * MINUTE),
        (must(DEPARTED, not_before="trigger - PT30M"), 0),
        (must(Pattern(event="movement.requested"), since="start", not_before="plan.earliest - PT5H"), -5 * HOUR),
        (must(Pattern(event="movement.requested"), not_before="plan.earliest - PT5H"), -5 * HOUR),
        (Rule(for_each="movement", when=DEPARTED, never=Never(event="movement.excepted")), 0),
        # May be called up at any time.
        (must(DEPARTED, since="start"), None),
        (must(Pattern(event="movement.departed", effect="any")), None),
        (must(Pattern(event="movement.requested")), None),
        (must(Pattern(event="movement.requested"), since="start", not_before="trigger + PT1H"), None),
        (Rule(for_each="post", when=Pattern(event="duty.waived"), never=Never(event="duty.waived")), None),
        (None, None),
    ],
)
def test_what_a_clause_needs_begins_with_what_calls_it_up(rule: Rule | None, begins: int | None) -> None:
    """DIS-9, DIS-10"""
    found = excesses(agreement(needed("plan.earliest - P9D", Need(clause="T-9")), rule))
    assert [(one.code, one.begins) for one in found] == [("earlier" if begins is not None else "no_begin", begins)]


@pytest.mark.parametrize(
    ("opens", "margin", "found"),
    [
        ("plan.earliest - PT30M", None, []),
        ("plan.earliest - PT1801S", None, ["earlier"]),
        ("plan.earliest - PT90M", "PT1H", []),
        ("plan.earliest - PT91M", "PT1H", ["earlier"]),
        ("plan.latest - PT2H", "PT30M", []),
        ("plan.latest", None, []),
    ],
)
def test_a_release_may_open_up_to_the_margin_before(opens: str, margin: str | None, found: list[str]) -> None:
    """DIS-11"""
    rule = must(DEPARTED, since="start", not_before="trigger - PT30M")
    assert codes(agreement(needed(opens, Need(clause="T-9")), rule, margin=margin)) == found


@pytest.mark.parametrize(
    ("begins", "found"), [("plan.earliest - PT2H", ["earlier"]), ("plan.earliest - PT1H", ["earlier"]), ("trigger", [])]
)
def test_a_stated_beginning_makes_a_duty_begin_no_earlier(begins: str, found: list[str]) -> None:
    """DIS-10: what a clause says itself is not moved forward by a word beside it."""
    rule = must(DEPARTED, since="start", not_before="trigger - PT30M")
    need = Need(clause="T-9", begins=begins if begins != "trigger" else "plan.earliest - PT10M")
    opens = "plan.earliest - PT1H" if found else "plan.earliest - PT10M"
    assert codes(agreement(needed(opens, need), rule)) == found


def test_the_first_of_several_needs_counts() -> None:
    """DIS-11"""
    late = Need(why={"en": "later"}, begins="plan.latest")
    early = Need(why={"en": "earlier"}, begins="plan.earliest - PT3H")
    assert codes(agreement(needed("plan.earliest - PT3H", late, early))) == []


def test_a_clause_whose_demand_needs_the_compartment_is_a_need_of_whoever_acts() -> None:
    """DIS-6"""
    asks = must(DEPARTED, needs=("route",))
    by_another = must(DEPARTED, needs=("route",), by=("duty_officer",))
    bare = needed("plan.earliest")
    assert (codes(agreement(bare, asks)), codes(agreement(bare, by_another))) == ([], ["no_need"])


@pytest.mark.parametrize(
    ("release", "found"),
    [
        (needed("plan.earliest", Need(clause="T-9", grade="blurred", metres=500), grade="blurred", metres=500), []),
        (needed("plan.earliest", Need(clause="T-9", grade="blurred", metres=500), grade="blurred", metres=900), []),
        (needed("plan.earliest", Need(clause="T-9", grade="blurred", metres=500), grade="blurred", metres=499),
         ["finer"]),
        (needed("plan.earliest", Need(clause="T-9", grade="blurred", metres=500), grade="blurred", minutes=90),
         ["finer"]),
        (needed("plan.earliest", Need(clause="T-9", grade="blurred", metres=500)), ["finer"]),
        (needed("plan.earliest", Need(clause="T-9"), grade="count"), []),
        (needed("plan.earliest", Need(clause="T-9", grade="existence"), grade="count"), ["finer"]),
        (needed("plan.earliest", Need(clause="T-9", grade="count"), Need(clause="T-9")), []),
        (needed("plan.earliest", Need(item="heads", begins="plan.earliest"), grade="count"), []),
        (needed("plan.earliest", Need(item="heads", begins="plan.earliest")), ["finer"]),
        (needed("plan.earliest", Need(item="heads", begins="plan.earliest", grade="exact")), []),
        (needed("plan.earliest", Need(item="radio", begins="plan.earliest")), []),
        (needed("plan.earliest", Need(item="radio")), ["no_begin"]),
    ],
)  # fmt: skip
def test_a_release_tells_no_more_than_its_needs_want(release: Release, found: list[str]) -> None:
    """DIS-8, DIS-12"""
    assert codes(agreement(release, must(DEPARTED))) == found


def test_what_is_found_says_both_instants_to_programs() -> None:
    """DIS-11"""
    found = excesses(agreement(needed("plan.earliest - PT2H", Need(clause="T-9")), must(DEPARTED), margin="PT1H"))
    assert found == (
        Excess(
            code="earlier",
            path=("compartments", 0, "releases", 0, "opens"),
            role="escort_lead",
            compartment="route",
            account="expected route for escort_lead to open at most 1 h before T-9 can begin, when the window opens, "
            "got 2 h before the window opens",
            opens=-2 * HOUR,
            begins=0,
        ),
    )
