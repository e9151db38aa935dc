from __future__ import annotations

from safeconduct.core.agreement import Always, Book, Must, Never, Pattern, Rule, Terms
from safeconduct.core.agreement.conflicts import conflicts
from tests.unit.core.agreement.planted import ASKED, DEPARTED, agreement, shows

BRIEFED = "movement.briefed"


def _rule(**more: object) -> Rule:
    return Rule(for_each="movement", when=ASKED, **more)  # type: ignore[arg-type]  # parts of a rule


def _places(terms: Terms) -> dict[str, int]:
    return {clause.id: place for place, clause in enumerate(terms.clauses)}


AGAINST = agreement(
    _rule(must=Must(event=BRIEFED, due="trigger + PT4H")),
    _rule(must=Must(event="movement.aborted", due="plan.latest + P1D")),
    _rule(never=Never(event=BRIEFED, before="plan.earliest")),
)


def test_a_conflict_names_both_clauses_and_stands_at_the_second() -> None:
    """AG-116"""
    (found,) = conflicts(Book(AGAINST), _places(AGAINST))
    assert (found.clauses, found.path) == (("T-1", "T-3"), ("clauses", 2, "rule", "never"))
    assert "must movement.briefed against never movement.briefed" in found.account
    assert shows(AGAINST, found) in ({"T-1": "met", "T-3": "breached"}, {"T-1": "breached", "T-3": "pending"})


def test_a_clause_that_does_not_work_by_itself_is_in_no_conflict() -> None:
    """AG-116"""
    assert list(conflicts(Book(AGAINST), _places(AGAINST), without=["T-1"])) == []


def test_the_same_duty_of_the_same_owner_is_no_conflict() -> None:
    """AG-115"""
    rule = _rule(must=Must(event=BRIEFED, due="trigger + PT4H"))
    terms = agreement(rule, rule)
    assert list(conflicts(Book(terms), _places(terms))) == []


def _excused() -> Terms:
    approve = Must(event="movement.approved", party="host", due="plan.review_by")
    many = Never(event="movement.approved", party="host", where="plan.people.count > 50")
    return agreement(_rule(must=approve), _rule(never=many), owners=("duty_officer", "duty_officer"))


def test_whoever_refuses_an_approval_has_answered() -> None:
    """AG-116"""
    terms = _excused()
    assert list(conflicts(Book(terms), _places(terms))) == []


def test_a_clause_that_something_excuses_is_kept_by_that() -> None:
    """AG-116"""
    arrive, stop = (
        Must(event="movement.arrived", due="trigger + P1D"),
        Must(event="movement.aborted", due="trigger + PT5M"),
    )
    unless = (Pattern(event="movement.aborted"),)
    called = Pattern(event="movement.checked_in", where='body.note == "attack"')
    for rule, codes in (
        (Rule(for_each="movement", when=DEPARTED, must=arrive, unless=unless), []),
        (Rule(for_each="movement", when=DEPARTED, must=arrive), ["contradiction"]),
    ):
        terms = agreement(rule, Rule(for_each="movement", when=called, must=stop))
        assert [one.code for one in conflicts(Book(terms), _places(terms))] == codes


def test_a_contradiction_out_of_which_a_waiver_leads_is_a_warning() -> None:
    """AG-116"""
    waived = _rule(must=Must(event=BRIEFED, due="trigger + PT4H"), waived_by=("journey_manager",))
    terms = agreement(waived, _rule(never=Never(event=BRIEFED, before="plan.earliest")))
    (found,) = conflicts(Book(terms), _places(terms))
    assert (found.code, found.severity) == ("contradiction", "warning")


def test_limits_that_no_plan_keeps_are_found_although_they_add_up() -> None:
    """AG-116"""
    few, many = "plan.escort.carrying_vehicles + plan.escort.escort_vehicles <= 2", "plan.escort.escort_vehicles >= 3"
    rules = [Rule(for_each="movement", when=DEPARTED, always=Always(hold=hold)) for hold in (few, many)]
    terms = agreement(*rules)
    (found,) = conflicts(Book(terms), _places(terms))
    assert (found.code, found.severity) == ("contradiction", "warning")
    assert sorted(shows(terms, found).values()) == ["breached", "met"]
