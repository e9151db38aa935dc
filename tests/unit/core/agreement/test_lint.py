from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import (
    Always,
    Count,
    Equal,
    Gap,
    Must,
    Never,
    Pattern,
    Recur,
    Relay,
    Release,
    Rule,
    Terms,
    fill_template,
    lint,
    lint_folder,
    write_folder,
)
from safeconduct.core.agreement.tree import read_yaml
from safeconduct.edges.cli.agreements import read_template
from safeconduct.testing import card_of
from tests.unit.core.agreement.planted import ARRIVED, ASKED, DEPARTED, agreement, shows

BRIEFED = "movement.briefed"
SITE = Pattern(event="site.warned")


def _asked(**more: object) -> Rule:
    return Rule(for_each="movement", when=ASKED, **more)  # type: ignore[arg-type]  # parts of a rule


def _departed(**more: object) -> Rule:
    return Rule(for_each="movement", when=DEPARTED, **more)  # type: ignore[arg-type]  # parts of a rule


def _warned(**more: object) -> Rule:
    return Rule(for_each="site", when=SITE, **more)  # type: ignore[arg-type]  # parts of a rule


# Each: what is planted, the agreement, the code, the clauses, where it stands, how it ends.
CONTRADICTIONS = {
    "done in time against not before": agreement(
        _asked(must=Must(event=BRIEFED, due="trigger + PT4H")),
        _asked(never=Never(event=BRIEFED, before="plan.earliest - PT1H")),
    ),
    "departed early against not before": agreement(
        _asked(must=Must(event="movement.departed", due="plan.earliest + PT1H")),
        _asked(never=Never(event="movement.departed", before="plan.earliest + PT2H")),
    ),
    "what happens once, in windows that exclude each other": agreement(
        _departed(must=Must(event="movement.arrived", due="trigger + PT1H")),
        _departed(must=Must(event="movement.arrived", not_before="trigger + PT2H", due="trigger + PT3H")),
    ),
    "at least three against at most two": agreement(
        _departed(count=Count(event="movement.checked_in", at_least="3", due="trigger + PT2H")),
        _departed(count=Count(event="movement.checked_in", at_most="2", due="trigger + PT2H")),
    ),
    "always few against always many": agreement(
        _departed(always=Always(hold="plan.escort.escort_vehicles >= 3")),
        _departed(always=Always(hold="plan.escort.escort_vehicles < 3")),
    ),
    "always silent against a word": agreement(
        _departed(always=Always(hold="said.checked_in < 1", until=ARRIVED)),
        _departed(must=Must(event="movement.checked_in", due="trigger + PT30M")),
    ),
    "signs of life against none": agreement(
        _departed(gap=Gap(event="movement.checked_in", at_most="PT15M")),
        _departed(never=Never(event="movement.checked_in", before="trigger + PT1H")),
    ),
    "nobody leaves against somebody arrives": agreement(
        _asked(must=Must(event="movement.arrived", due="plan.latest + PT10H")),
        _asked(never=Never(event="movement.departed")),
    ),
    "as many as planned against as many as vehicles": agreement(
        _departed(
            equal=Equal(planned="plan.people.count", event="movement.arrived", actual="body.heads", due="trigger + P1D")
        ),
        _departed(
            equal=Equal(
                planned="plan.escort.escort_vehicles",
                event="movement.arrived",
                actual="body.heads",
                due="trigger + P1D",
            )
        ),
    ),
    "a chain that is passed on against a word withheld": agreement(
        _asked(
            relay=Relay(event="movement.acknowledged", hop="body.role", chain=("duty_officer", "unit"), within="PT1H")
        ),
        _asked(never=Never(event="movement.acknowledged", where='body.role == "unit"', before="plan.earliest")),
        owners=("duty_officer", "unit"),
    ),
    "every month against never": agreement(
        _warned(recur=Recur(event="site.mended", every="P1M")),
        _warned(never=Never(event="site.mended")),
        owners=("journey_manager", "journey_manager"),
    ),
}

NEVER_MET = {
    "a window that closes before it opens": (
        agreement(_asked(must=Must(event=BRIEFED, not_before="trigger + PT5H", due="trigger + PT4H"))),
        "due",
    ),
    "due before it is called up": (agreement(_asked(must=Must(event=BRIEFED, due="trigger - P1D"))), "due"),
    "a condition that nothing fulfils": (
        agreement(_asked(must=Must(event=BRIEFED, where="body.level > 5 && body.level < 3", due="trigger + P1D"))),
        "must",
    ),
    "a hop that nobody may say": (
        agreement(
            _asked(
                relay=Relay(
                    event="movement.acknowledged", hop="body.role", chain=("duty_officer", "escort_lead"), within="PT1H"
                )
            )
        ),
        "chain",
    ),
    "more different ones than there are": (
        agreement(_asked(count=Count(event=BRIEFED, distinct="body.kind", at_least="3", due="trigger + P1D"))),
        "at_least",
    ),
    "what never holds": (
        agreement(_departed(always=Always(hold="plan.people.count > 8 && plan.people.count < 4"))),
        "always",
    ),
}

UNPROVABLE = {
    "an event that nobody may say": (
        agreement(_asked(must=Must(event="movement.unheard", due="trigger + P1D"))),
        ("must", "event"),
    ),
    "nobody of those who may": (
        agreement(_asked(must=Must(event=BRIEFED, by=("unit",), due="trigger + P1D"))),
        ("must", "by"),
    ),
    "a party without anybody who may": (
        agreement(_asked(must=Must(event=BRIEFED, party="sending", due="trigger + P1D"))),
        ("must", "party"),
    ),
    "a part of it by a party that has nobody": (
        agreement(_asked(must=Must(event=BRIEFED, parties=("host", "sending"), due="trigger + P1D"))),
        ("parties", 1),
    ),
}


@pytest.mark.parametrize("planted", CONTRADICTIONS)
def test_a_contradiction_is_found_with_a_history_in_which_keeping_one_breaches_the_other(planted: str) -> None:
    """AG-116"""
    terms = CONTRADICTIONS[planted]
    found = [one for one in lint(terms) if one.severity == "error"]
    assert [(one.code, one.clauses) for one in found] == [("contradiction", ("T-1", "T-2"))]
    assert "breached" in shows(terms, found[0]).values()
    # Nobody had done wrong before: one of the two is kept at the end.
    assert set(shows(terms, found[0]).values()) != {"breached"}


@pytest.mark.parametrize("planted", NEVER_MET)
def test_a_clause_that_nobody_can_meet_is_found_with_its_breach(planted: str) -> None:
    """AG-113"""
    terms, field = NEVER_MET[planted]
    found = [one for one in lint(terms) if one.severity == "error"]
    assert [(one.code, one.clauses, one.path[-1]) for one in found] == [("never_met", ("T-1",), field)]
    assert shows(terms, found[0]) == {"T-1": "breached"}


@pytest.mark.parametrize("planted", UNPROVABLE)
def test_a_demand_that_nobody_can_prove_is_found_with_its_breach(planted: str) -> None:
    """AG-114"""
    terms, path = UNPROVABLE[planted]
    found = [one for one in lint(terms) if one.severity == "error"]
    assert [(one.code, one.clauses, one.path[-2:]) for one in found] == [("unprovable", ("T-1",), path)]
    assert shows(terms, found[0]) == {"T-1": "breached"}


def test_a_prohibition_whose_breach_nobody_may_say_says_why_no_history_shows_it() -> None:
    """AG-111, AG-114"""
    (found,) = [o for o in lint(agreement(_asked(never=Never(event="movement.unheard")))) if o.severity == "error"]
    assert (found.code, found.history) == ("unprovable", ())
    assert "movement.unheard" in found.why_no_history


def test_a_receipt_by_the_debtors_own_side_proves_nothing() -> None:
    """AG-114"""
    rule = _asked(must=Must(event="movement.counted", received_by="sending", due="trigger + P1D"))
    terms = agreement(rule, owners=("journey_manager",))
    (found,) = [one for one in lint(terms) if one.severity == "error"]
    assert (found.code, found.path[-1]) == ("unprovable", "received_by")
    assert shows(terms, found) == {"T-1": "not_due"}


def test_a_duty_that_nobody_of_the_owners_side_can_do_has_no_owner() -> None:
    """AG-115"""
    terms = agreement(_asked(must=Must(event=BRIEFED, due="trigger + P1D")), owners=("journey_manager",))
    (found,) = [one for one in lint(terms) if one.severity == "error"]
    assert (found.code, found.path) == ("no_owner", ("clauses", 0, "owed_by"))
    assert shows(terms, found) == {"T-1": "breached"}


def test_a_duty_that_is_proved_by_the_word_of_a_side_that_it_names_is_only_noted() -> None:
    """AG-115"""
    terms = agreement(_asked(must=Must(event=BRIEFED, party="host", due="trigger + P1D")), owners=("journey_manager",))
    assert [(o.code, o.severity) for o in lint(terms) if o.clauses == ("T-1",)] == [("no_owner", "note")]


def test_one_act_that_two_owe_is_found_with_the_act_that_meets_both() -> None:
    """AG-115"""
    rule = _asked(must=Must(event=BRIEFED, due="trigger + P1D"))
    terms = agreement(rule, rule, owners=("escort_lead", "duty_officer"))
    (found,) = [one for one in lint(terms) if one.severity == "error"]
    assert (found.code, found.clauses) == ("two_owners", ("T-1", "T-2"))
    assert shows(terms, found) == {"T-1": "met", "T-2": "met"}


@pytest.mark.parametrize(
    ("due", "role"),
    [("plan.earliest - P1D", "escort_lead"), ("trigger + PT4H", "unit"), ("trigger + PT4H", "approver")],
)
def test_notice_owed_before_its_compartment_opens_is_found(due: str, role: str) -> None:
    """AG-117"""
    rule = _asked(must=Must(event=BRIEFED, due=due, needs=("route",)))
    terms = agreement(rule, owners=(role,), more={role: (BRIEFED,)})
    found = [one for one in lint(terms) if one.severity == "error"]
    assert [(one.code, one.path[-2:]) for one in found] == [("compartment_late", ("needs", 0))]
    assert shows(terms, found[0]) == {"T-1": "breached"}


def test_a_compartment_that_opens_in_time_is_no_fault() -> None:
    """AG-117"""
    rule = _departed(must=Must(event=BRIEFED, since="start", due="trigger", needs=("route",)))
    terms = agreement(rule, more={"escort_lead": (BRIEFED,)})
    assert [one.code for one in lint(terms) if one.severity == "error"] == []


def test_hops_of_the_notice_chain_without_a_deadline_are_found() -> None:
    """AG-118"""
    rule = _asked(must=Must(event="movement.acknowledged", where='body.role == "duty_officer"', due="trigger + PT1H"))
    terms = agreement(rule, owners=("duty_officer",))
    found = [one for one in lint(terms) if one.severity == "warning"]
    assert [(one.code, one.path) for one in found] == [("hop_without_deadline", ("movement", "notice_chain", 1))]
    # The notice is passed on and then lies still until the window opens, and no clause is breached.
    assert shows(terms, found[0]) == {"T-1": "met"}
    assert found[0].history[-1].event == ""


def test_what_may_be_said_and_no_clause_asks_for_is_noted_with_its_title() -> None:
    """AG-118"""
    terms = agreement(_departed(never=Never(event="movement.aborted")))
    found = {one.account: one for one in lint(terms) if one.code == "no_clause"}
    (cancelled,) = [one for account, one in found.items() if "movement.cancelled" in account]
    assert "cancelled (movement.cancelled)" in cancelled.account
    assert (cancelled.severity, cancelled.history[-1].event) == ("note", "movement.cancelled")
    assert not any("movement.aborted" in account for account in found)
    assert [one.path for one in lint(terms) if one.code == "no_speaker"] == [("forms", 2)]


def test_a_waiver_in_the_debtors_own_hand_is_found() -> None:
    """AG-119"""
    rule = _asked(must=Must(event=BRIEFED, due="trigger + P1D"), waived_by=("duty_officer",))
    terms = agreement(rule, owners=("duty_officer",))
    (found,) = [one for one in lint(terms) if one.severity == "error"]
    assert (found.code, found.path[-1]) == ("self_waived", "waived_by")
    assert shows(terms, found) == {"T-1": "waived"}


def test_a_waiver_in_the_hands_of_the_debtors_side_alone_is_a_warning() -> None:
    """AG-119"""
    rule = _asked(must=Must(event=BRIEFED, due="trigger + P1D"), waived_by=("duty_officer",))
    assert [o.severity for o in lint(agreement(rule)) if o.code == "self_waived"] == ["warning"]


@pytest.mark.parametrize(("field", "outcome"), [("grace", "breached"), ("cure", "breached")])
def test_grace_and_cure_beyond_the_duty_itself_are_found(field: str, outcome: str) -> None:
    """AG-119"""
    rule = _asked(must=Must(event=BRIEFED, due="trigger + PT1H"), **{field: "PT3H"})
    terms = agreement(rule)
    (found,) = [one for one in lint(terms) if one.code == f"{field}_too_long"]
    assert (found.severity, found.path[-1]) == ("warning", field)
    assert shows(terms, found) == {"T-1": outcome}


def test_a_rule_that_nothing_calls_up_is_found() -> None:
    """AG-112"""
    rule = Rule(
        for_each="movement",
        when=Pattern(event=BRIEFED, where='body.kind == "spoken" && body.kind == "written"'),
        must=Must(event="movement.counted", due="trigger + P1D"),
    )
    terms = agreement(rule, owners=("journey_manager",))
    (found,) = [one for one in lint(terms) if one.severity == "error"]
    assert (found.code, found.path[-2:]) == ("never_called", ("when", "where"))
    assert shows(terms, found) == {"T-1": "not called up"}


def test_a_rule_called_up_by_what_nobody_may_say_is_found() -> None:
    """AG-111, AG-112"""
    when = Pattern(event="movement.unheard")
    terms = agreement(Rule(for_each="movement", when=when, must=Must(event=BRIEFED, due="trigger + P1D")))
    (found,) = [one for one in lint(terms) if one.severity == "error"]
    assert (found.code, found.path[-2:], found.history) == ("never_called", ("when", "event"), ())
    assert "movement.unheard" in found.why_no_history


SOUND = {
    "the small agreement": agreement(),
    "a prohibition until a deadline, and a duty after it": agreement(
        _asked(must=Must(event=BRIEFED, due="plan.earliest")),
        _asked(never=Never(event=BRIEFED, before="plan.earliest - PT1H")),
    ),
    "a prohibition of some, and a duty of others": agreement(
        _asked(must=Must(event=BRIEFED, due="trigger + PT4H")),
        _asked(never=Never(event=BRIEFED, where='body.kind == "spoken"')),
    ),
    "as many as they may be": agreement(
        _departed(count=Count(event="movement.checked_in", at_least="2", due="trigger + PT2H")),
        _departed(count=Count(event="movement.checked_in", at_most="2", due="trigger + PT2H")),
    ),
    "a count that a warning needs": agreement(
        Rule(
            for_each="site",
            when=Pattern(event="site.warned", where="filed.warned.count >= 3"),
            must=Must(
                event="site.mended", where="body.finding == trigger.body.finding && size(body.places) > 0",
                due="trigger.body.until",
            ),
        ),
        owners=("journey_manager",),
    ),
    "an answer to what was counted": agreement(
        Rule(
            for_each="movement",
            when=Pattern(event="movement.counted", where="body.guards < plan.escort.escort_vehicles"),
            must=Must(
                event=BRIEFED, where="body.level == trigger.body.guards && body.understood", due="trigger + PT1H"
            ),
        )
    ),
    "closed after it was aborted": agreement(
        Rule(
            for_each="movement",
            when=Pattern(event="movement.closed", where="said.aborted > 0"),
            must=Must(event="movement.counted", due="trigger + P1D"),
        ),
        owners=("journey_manager",),
    ),
    "departed with an item excepted": agreement(_departed(always=Always(hold='"sweep" in movement.excepted'))),
    "a request at short notice": agreement(
        Rule(
            for_each="movement",
            when=Pattern(event="movement.requested", where="plan.timing.earliest - event.t < 3600000"),
            must=Must(event=BRIEFED, due="trigger + PT10M"),
        )
    ),
    "a list that is long and names a place": agreement(
        _warned(
            must=Must(
                event="site.mended",
                where='size(body.places) >= 3 && body.places.exists(p, p == "gate")',
                due="trigger + P1D",
            )
        ),
        owners=("journey_manager",),
    ),
    "late within the grace, and not before": agreement(
        _asked(must=Must(event=BRIEFED, due="trigger + PT4H"), grace="PT1H"),
        _asked(never=Never(event=BRIEFED, before="trigger + PT4H")),
    ),
    "a departure that was tried in vain": agreement(
        Rule(
            for_each="movement",
            when=Pattern(event="movement.departed", effect="void"),
            must=Must(event="movement.counted", due="trigger + PT1H"),
        ),
        owners=("journey_manager",),
    ),
    "a duty about somebody enrolled, of which no history is made": agreement(
        Rule(
            for_each="actor",
            when=Pattern(event="actor.enrolled"),
            must=Must(event="actor.revoked", due="trigger + P365D"),
        )
    ),
    "a step of the relation that is taken back": agreement(
        Rule(
            for_each="relation",
            when=Pattern(event="relation.stepped"),
            must=Must(event="relation.stepped", where='body.reason != ""', due="trigger + P30D"),
        ),
        more={"escort_lead": ("relation.stepped",)},
    ),
    "a fact that is contested and ruled on": agreement(
        Rule(
            for_each="site",
            when=Pattern(event="fact.contested"),
            must=Must(event="fact.ruled", due="trigger + P7D"),
        ),
        more={"escort_lead": ("fact.contested", "fact.ruled")},
    ),
    "a change that is passed down": agreement(
        Rule(
            for_each="movement",
            when=Pattern(event="movement.changed"),
            must=Must(event="movement.acknowledged", where='body.role == "unit"', due="trigger + PT1H"),
        ),
        owners=("unit",),
    ),
    "each district in turn": agreement(
        Rule(
            for_each="movement",
            when=Pattern(event="movement.approved"),
            each="first",
            relay=Relay(
                event="movement.counted",
                hop="body.case",
                chain_of="plan.route.districts",
                within="PT4H",
                due="plan.earliest",
            ),
        ),
        owners=("journey_manager",),
    ),
    "half of all words": agreement(
        _departed(
            count=Count(
                event="movement.checked_in",
                where='body.note == "all well"',
                of=Pattern(event="movement.checked_in"),
                percent="50",
                until=ARRIVED,
            )
        ),
    ),
    "what was said before departure": agreement(
        _departed(
            must=Must(
                event=BRIEFED, where="body.understood", since="start", not_before="trigger - PT2H", due="trigger"
            )
        ),
        _asked(never=Never(event="movement.departed", where="filed.briefed.count < 1", until=DEPARTED)),
        _departed(must=Must(event="movement.arrived", due="trigger + P1D")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("sound", SOUND)
def test_sound_clauses_give_no_error_and_no_warning_about_them(sound: str) -> None:
    """AG-110"""
    found = [one for one in lint(SOUND[sound]) if one.severity != "note" and one.code != "hop_without_deadline"]
    assert [(one.code, one.account) for one in found] == []


def test_when_its_histories_are_used_up_a_lint_says_that_not_everything_was_tried() -> None:
    """AG-110"""
    terms = CONTRADICTIONS["at least three against at most two"]
    found = lint(terms, plays_max=20)
    assert [one.severity for one in found if one.code == "not_all_tried"] == ["note"]
    assert [one for one in found if one.severity == "error"] == []


def test_notice_owed_to_a_role_before_its_compartment_opens_is_found() -> None:
    """AG-117"""
    must = Must(event="movement.counted", received_by="host", due="plan.earliest - P1D", needs=("route",))
    rule = _asked(must=must)
    terms = agreement(rule, owners=("journey_manager",))
    compartment = terms.compartments[0]
    open_to_sender = msgspec.structs.replace(
        compartment, releases=(*compartment.releases, Release(role="journey_manager", opens="plan.earliest - P30D"))
    )
    clause = msgspec.structs.replace(terms.clauses[0], owed_to="unit")
    terms = msgspec.structs.replace(terms, compartments=(open_to_sender,), clauses=(clause,))
    found = [one for one in lint(terms) if one.severity == "error"]
    assert [one.code for one in found] == ["compartment_late"]
    assert "open to unit" in found[0].account
    assert shows(terms, found[0]) == {"T-1": "breached"}


def test_the_same_agreement_gives_the_same_lint() -> None:
    """AG-110"""
    terms = CONTRADICTIONS["at least three against at most two"]
    one, other = lint(terms), lint(terms)
    assert [(o.code, o.account, o.history) for o in one] == [(o.code, o.account, o.history) for o in other]


def test_every_account_says_what_was_expected_and_what_was_got() -> None:
    """AG-111"""
    planted: list[Terms] = [*CONTRADICTIONS.values(), *(terms for terms, _ in NEVER_MET.values())]
    found = [one for terms in planted[:4] for one in lint(terms)]
    assert all(one.account.startswith("expected ") and ", got " in one.account for one in found)
    assert all(bool(one.history) != bool(one.why_no_history) for one in found)


def test_in_a_folder_each_lint_has_its_line() -> None:
    """AG-111"""
    terms = agreement(_asked(must=Must(event=BRIEFED, due="trigger - P1D")))
    texts = write_folder(terms)
    place = next(place for place, one in lint_folder(texts) if one.code == "never_met")
    file, line = place.split(":")
    assert (file, texts[file].splitlines()[int(line) - 1].strip()) == ("clauses/all.yaml", "due: trigger - P1D")


# --- the templates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["agency_host", "company_forces", "host_sending"])
def test_a_template_has_no_error_and_no_warning(name: str) -> None:
    """AG-110"""
    template = read_template(name)
    plain = read_yaml(template["agreement.yaml"]).value
    assert isinstance(plain, dict)
    parties = plain["parties"]
    assert isinstance(parties, list)
    filled = fill_template(template, [card_of(str(party)) for party in parties], "test")
    found = lint_folder(filled)
    assert [f"{place}: {one.account}" for place, one in found if one.severity != "note"] == []
    assert all(bool(one.history) != bool(one.why_no_history) for _, one in found)
