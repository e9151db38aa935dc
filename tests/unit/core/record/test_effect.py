"""Every rule of docs/spec/record.md about effect, each tried from both sides."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    ActorEnrolled,
    ActorRevoked,
    AgreementProposed,
    AgreementSigned,
    GroupRegistered,
    MovementAborted,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementExcepted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    People,
    RecordReceived,
    SiteRegistered,
    Timing,
    UnknownAct,
)
from safeconduct.core.agreement import Outcome
from safeconduct.core.record import MovementState, Phase, findings_of, judge, phase_at
from safeconduct.core.statement import digest
from safeconduct.testing import HOUR, MINUTE, MOVEMENT, START, Story, card_of, key, small_plan, small_terms

PLAN = small_plan()
WINDOW_OPENS = PLAN.timing.earliest
WINDOW_CLOSES = PLAN.timing.latest


def approved() -> Story:
    story = Story()
    story.approve(story.request(), at=START + HOUR)
    return story


def phase(story: Story, at: int) -> Phase:
    state = story.folded().state
    assert isinstance(state, MovementState)
    return phase_at(state, at)


# --- who speaks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "act", "subject", "why"),
    [
        ("sending/journey_manager", MovementRequested(plan=PLAN), "movement/m1", None),
        ("sending/approver", MovementRequested(plan=PLAN), "movement/m1", "role_may_not"),
        ("host/duty_officer", MovementRequested(plan=PLAN), "movement/m1", "role_may_not"),
        ("sending/nobody", MovementRequested(plan=PLAN), "movement/m1", "not_enrolled"),
        ("sending/authority", MovementRequested(plan=PLAN), "movement/m1", "not_enrolled"),
        ("sending/node", MovementRequested(plan=PLAN), "movement/m1", "not_enrolled"),
        ("sending/journey_manager", MovementRequested(plan=PLAN), "site/m1", "other_subject"),
        ("sending/journey_manager", MovementRequested(plan=PLAN), "movement", "other_subject"),
        ("sending/journey_manager", MovementCancelled(reason="x"), "movement/m2", "not_requested"),
        ("sending/journey_manager", GroupRegistered(label="A", category="staff", people=3), "group/a", None),
        ("host/node", RecordReceived(log="sending", size=1, root="0" * 64), "log/sending", None),
        ("host/node", RecordReceived(log="host", size=1, root="0" * 64), "log/host", "other_subject"),
        ("host/node", RecordReceived(log="sending", size=999, root="0" * 64), "log/sending", "more_than_seen"),
        ("host/node", RecordReceived(log="press", size=1, root="0" * 64), "log/press", "not_a_party"),
        ("host/duty_officer", RecordReceived(log="sending", size=1, root="0" * 64), "log/sending", "not_the_node"),
        ("sending/journey_manager", UnknownAct("movement.teleported", b"{}"), "movement/m1", "unknown_kind"),
    ],
)
def test_only_who_may_say_a_thing_says_it_with_effect(actor: str, act: Act, subject: str, why: str | None) -> None:
    """REC-10, REC-12 to REC-17, REC-28"""
    story = Story()
    said = story.say(actor, act, subject=subject)
    assert story.why_void(said) == why


def test_a_statement_signed_by_another_enrolled_actor_has_no_effect() -> None:
    """REC-16"""
    story = Story()
    node = story.anchors["sending"].node.key_id
    signers = tuple(sorted((key("sending/approver").public.key_id, node)))
    said = story.say("sending/journey_manager", MovementRequested(plan=PLAN), signers=signers)
    assert story.why_void(said) == "other_signers"


def test_a_node_alone_cannot_speak_for_an_actor() -> None:
    """REC-16: an administrator with the node's key approves nothing."""
    story = Story()
    plan = story.request()
    node = story.anchors["sending"].node.key_id
    said = story.say("sending/approver", MovementApproved(plan=digest(plan)), signers=(node,))
    assert story.why_void(said) == "other_signers"


def test_a_revoked_actor_speaks_no_more_but_what_it_said_stands() -> None:
    """REC-16"""
    story = Story()
    before = story.say("sending/journey_manager", MovementRequested(plan=PLAN))
    story.say("sending/authority", ActorRevoked(reason="left"), subject="actor/sending/journey_manager", at=START + 1)
    after = story.say("sending/journey_manager", MovementCancelled(reason="x"), at=START + 2)
    assert (story.why_void(before), story.why_void(after)) == (None, "not_enrolled")


def test_nothing_takes_effect_before_an_agreement_is_in_force() -> None:
    """REC-19: one party's signature brings nothing into force."""
    story = Story(agreed=False)
    act = ActorEnrolled(key=key("sending/journey_manager").public.text, roles=("journey_manager",))
    story.say("sending/authority", act, subject="actor/sending/journey_manager")
    story.say("sending/authority", AgreementProposed(digest=story.terms.digest, size=1), subject="agreement")
    said = story.say("sending/journey_manager", MovementRequested(plan=PLAN))
    assert story.why_void(said) == "no_agreement"


def test_a_statement_under_another_agreement_has_no_effect() -> None:
    """REC-18"""
    story = Story()
    said = story.say("sending/journey_manager", MovementRequested(plan=PLAN), agreement="f" * 64)
    assert story.why_void(said) == "other_agreement"


def test_a_backdated_statement_has_no_effect() -> None:
    """REC-6: nobody answers a request before it was made."""
    story = Story()
    plan = story.request(at=START + HOUR)
    said = story.say("host/duty_officer", MovementApproved(plan=digest(plan)), at=START + HOUR - 1)
    assert story.why_void(said) == "backdated"


# --- the agreement and its actors ------------------------------------------------------------------------------------


def _amended(story: Story, **changed: object) -> str:
    """Make a second version known to a story; returns its digest."""
    cards = [card_of("host"), card_of("sending")]
    terms = small_terms(cards, **{"version": 2, "previous": story.terms.digest, **changed})  # type: ignore[arg-type]
    story.texts[terms.digest] = terms
    return terms.digest


@pytest.mark.parametrize(
    ("act_of", "actor", "subject", "why"),
    [
        (lambda s: AgreementProposed(digest=_amended(s), size=1), "host/authority", "agreement", None),
        (lambda s: AgreementProposed(digest=s.terms.digest, size=1), "host/authority", "agreement", "proposed_already"),
        (lambda _: AgreementProposed(digest="e" * 64, size=1), "host/authority", "agreement", "text_unknown"),
        (
            lambda s: AgreementProposed(digest=_amended(s, previous="d" * 64), size=1),
            "host/authority",
            "agreement",
            "other_previous",
        ),
        (
            lambda s: AgreementProposed(digest=_amended(s, parties=(card_of("host"), card_of("press"))), size=1),
            "host/authority",
            "agreement",
            "other_keys",
        ),
        (
            lambda s: AgreementProposed(digest=_amended(s, parties=(card_of("press"), card_of("sending"))), size=1),
            "host/authority",
            "agreement",
            "other_keys",
        ),
        (lambda _: AgreementSigned(digest="e" * 64), "sending/authority", "agreement", "not_proposed"),
        (lambda s: AgreementSigned(digest=s.terms.digest), "sending/authority", "agreement", "signed_already"),
        (
            lambda s: AgreementProposed(digest=_amended(s), size=1),
            "host/duty_officer",
            "agreement",
            "not_the_authority",
        ),
        (
            lambda _: ActorEnrolled(key=key("x").public.text, roles=("approver",)),
            "host/authority",
            "actor/sending/spy",
            "other_party",
        ),
        (
            lambda _: ActorEnrolled(key=key("x").public.text, roles=("unit",)),
            "host/authority",
            "actor/host/authority",
            "reserved_name",
        ),
        (
            lambda _: ActorEnrolled(key="A" * 43 + "=", roles=("unit",)),
            "host/authority",
            "actor/host/weak",
            "bad_key",
        ),
        (lambda _: ActorRevoked(reason="x"), "host/authority", "actor/host/nobody", "not_enrolled"),
    ],
)
def test_the_law_is_made_by_authorities_and_joint_signatures(
    act_of: Callable[[Story], Act], actor: str, subject: str, why: str | None
) -> None:
    """REC-13, REC-15, REC-19"""
    story = Story()
    said = story.say(actor, act_of(story), subject=subject)
    assert story.why_void(said) == why


def test_an_amendment_is_in_force_only_when_every_party_has_signed_it() -> None:
    """REC-19"""
    story = Story()
    second = _amended(story)
    story.say("host/authority", AgreementProposed(digest=second, size=1), subject="agreement")
    before = story.law().in_force()
    story.say("sending/authority", AgreementSigned(digest=second), subject="agreement")
    assert (before, story.law().in_force()) == (story.terms.digest, second)


def test_no_party_is_amended_out_of_its_agreement() -> None:
    """REC-19: those who go sign too."""
    story = Story()
    without = _amended(story, parties=(card_of("host"),))
    story.say("host/authority", AgreementProposed(digest=without, size=1), subject="agreement")
    alone = story.law().in_force()
    story.say("sending/authority", AgreementSigned(digest=without), subject="agreement")
    assert (alone, story.law().in_force()) == (story.terms.digest, without)


def test_of_two_amendments_of_one_version_the_first_signed_stands() -> None:
    """REC-19"""
    story = Story()
    first, second = _amended(story), _amended(story, title={"en": "the other"})
    for text in (first, second):
        story.say("host/authority", AgreementProposed(digest=text, size=1), subject="agreement")
    story.say("sending/authority", AgreementSigned(digest=first), subject="agreement")
    said = story.say("sending/authority", AgreementSigned(digest=second), subject="agreement")
    assert (story.why_void(said), story.law().in_force()) == ("other_previous", first)


@pytest.mark.parametrize(("seen", "why"), [(False, None), (True, "other_agreement")])
def test_the_version_before_is_accepted_only_from_who_had_not_seen_it_superseded(
    seen: bool,
    why: str | None,
) -> None:
    """REC-18"""
    story = Story()
    second = _amended(story)
    story.say("host/authority", AgreementProposed(digest=second, size=1), subject="agreement", at=START + 1)
    unaware = story.after()
    story.say("sending/authority", AgreementSigned(digest=second), subject="agreement", at=START + 2)
    said = story.say(
        "host/duty_officer",
        SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0),
        subject="site/gate",
        at=START + 3,
        after=story.after() if seen else unaware,
    )
    assert story.why_void(said) == why


# --- consent ---------------------------------------------------------------------------------------------------------


def test_one_key_is_never_a_go() -> None:
    """REC-21: one party's consent, given by as many actors as it likes, approves nothing."""
    story = Story()
    plan = story.request()
    story.say("sending/approver", MovementApproved(plan=digest(plan)))
    story.say("sending/approver", MovementApproved(plan=digest(plan)), at=START + 1)
    assert phase(story, START + 2) is Phase.REQUESTED


@pytest.mark.parametrize(
    "act",
    [
        MovementAcknowledged(role="duty_officer"),
        MovementRelayed(role="duty_officer", to_role="unit"),
        MovementAttested(item="sweep", holds=True),
    ],
)
def test_acknowledged_is_not_approved(act: Act) -> None:
    """REC-22"""
    story = Story()
    plan = story.request()
    story.say("sending/approver", MovementApproved(plan=digest(plan)))
    said = story.say("host/duty_officer", act)
    assert (story.why_void(said), phase(story, START)) == (None, Phase.REQUESTED)


@pytest.mark.parametrize(
    ("actor", "act", "why"),
    [
        ("host/duty_officer", MovementApproved(plan=digest(PLAN)), None),
        ("host/duty_officer", MovementApproved(plan="a" * 64), "unknown_plan"),
        ("host/duty_officer", MovementCancelled(reason="x"), "role_may_not"),
        ("sending/journey_manager", MovementCancelled(reason="x"), None),
        ("sending/journey_manager", MovementChanged(plan=PLAN, reason="x"), "no_change"),
        ("host/duty_officer", MovementRefused(reason="x"), None),
        ("host/unit", MovementAcknowledged(role="unit"), None),
        ("host/unit", MovementAcknowledged(role="duty_officer"), "not_your_role"),
        ("host/duty_officer", MovementAcknowledged(role="escort_lead"), "not_in_chain"),
        ("host/duty_officer", MovementRelayed(role="duty_officer", to_role="unit"), None),
        ("host/duty_officer", MovementRelayed(role="duty_officer", to_role="duty_officer"), "not_next_in_chain"),
        ("host/duty_officer", MovementAttested(item="radio", holds=True), "not_your_item"),
        ("host/escort_lead", MovementAttested(item="approvals", holds=True), "no_such_item"),
        ("host/escort_lead", MovementAttested(item="luck", holds=True), "no_such_item"),
        ("host/escort_lead", MovementAttested(item="heads", holds=True), "heads_missing"),
        ("sending/security_manager", MovementExcepted(item="sweep", reason="x"), None),
        ("sending/security_manager", MovementExcepted(item="radio", reason="x"), "no_exception"),
        ("sending/security_manager", MovementExcepted(item="approvals", reason="x"), "no_exception"),
        ("host/escort_lead", MovementCheckedIn(), "is_requested"),
        ("host/escort_lead", MovementArrived(heads=12), "is_requested"),
        ("host/escort_lead", MovementAborted(reason="x"), "is_requested"),
        ("host/escort_lead", MovementDeparted(), "is_requested"),
        ("sending/journey_manager", MovementClosed(), "is_requested"),
        ("sending/journey_manager", MovementRequested(plan=PLAN), "exists_already"),
    ],
)
def test_what_can_be_said_of_a_requested_movement(actor: str, act: Act, why: str | None) -> None:
    """REC-23, REC-27, REC-31, REC-33, REC-34"""
    story = Story()
    story.request()
    said = story.say(actor, act, at=START + 1)
    assert story.why_void(said) == why


def test_who_requests_does_not_approve() -> None:
    """REC-23: even if the agreement gave one actor both roles."""
    story = Story()
    act = ActorEnrolled(key=key("sending/journey_manager").public.text, roles=("journey_manager", "approver"))
    story.say("sending/authority", act, subject="actor/sending/journey_manager")
    plan = story.request()
    said = story.say("sending/journey_manager", MovementApproved(plan=digest(plan)))
    assert story.why_void(said) == "own_request"


def test_a_party_whose_consent_is_not_asked_does_not_approve() -> None:
    """REC-31"""
    cards = [card_of("host"), card_of("sending")]
    movement = small_terms(cards).movement
    host_only = small_terms(cards, movement=msgspec.structs.replace(movement, consent=movement.consent[:1]))
    story = Story(host_only)
    plan = story.request()
    said = story.say("sending/approver", MovementApproved(plan=digest(plan)))
    assert story.why_void(said) == "consent_not_asked"


@pytest.mark.parametrize(
    ("earliest", "latest", "review_by", "why"),
    [
        (10, 10, 10, None),
        (10, 9, 9, "window_inverted"),
        (10, 20, 21, "window_inverted"),
        (10, 20, 20, None),
    ],
)
def test_a_window_opens_before_it_closes(earliest: int, latest: int, review_by: int, why: str | None) -> None:
    """REC-30"""
    story = Story()
    timing = Timing(earliest=START + earliest * HOUR, latest=START + latest * HOUR, review_by=START + review_by * HOUR)
    said = story.say("sending/journey_manager", MovementRequested(plan=small_plan(timing=timing)))
    assert story.why_void(said) == why


# --- time ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late_ms", "why"),
    [(0, None), (1, "is_lapsed")],
)
def test_an_approval_counts_until_the_review_time(late_ms: int, why: str | None) -> None:
    """REC-30: a movement not reviewed by its review time lapses; it never drifts into going."""
    story = Story()
    plan = story.request()
    said = story.say("host/duty_officer", MovementApproved(plan=digest(plan)), at=plan.timing.review_by + late_ms)
    assert story.why_void(said) == why


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (WINDOW_OPENS - 1, "before_window"),
        (WINDOW_OPENS, None),
        (WINDOW_CLOSES, None),
        (WINDOW_CLOSES + 1, "is_lapsed"),
    ],
)
def test_departure_is_inside_the_window(at: int, why: str | None) -> None:
    """REC-24, REC-30"""
    story = approved()
    story.close_gate(at=at)
    assert story.why_void(story.depart(at=at)) == why


# --- the gate --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["heads", "radio", "sweep"])
def test_departure_is_refused_while_an_item_is_open(missing: str) -> None:
    """REC-24, REC-25"""
    story = approved()
    story.close_gate(at=WINDOW_OPENS)
    actor = {"heads": "sending/journey_manager", "radio": "host/escort_lead", "sweep": "host/duty_officer"}[missing]
    story.say(actor, MovementAttested(item=missing, holds=False), at=WINDOW_OPENS)
    assert story.why_void(story.depart(at=WINDOW_OPENS)) == "gate_open"


def test_departure_names_what_is_open() -> None:
    """REC-24"""
    story = approved()
    void = story.folded().lines[-1]
    said = story.depart(at=WINDOW_OPENS)
    line = story.folded().lines[-1]
    assert (void.void, line.said, line.void and line.void.account) == (
        None,
        said,
        "the ready gate is open: heads, radio, sweep",
    )


@pytest.mark.parametrize(("age", "why"), [(30 * MINUTE, None), (30 * MINUTE + 1, "gate_open")])
def test_a_sweep_stays_fresh_for_its_time(age: int, why: str | None) -> None:
    """REC-25"""
    story = approved()
    story.close_gate(at=WINDOW_OPENS)
    assert story.why_void(story.depart(at=WINDOW_OPENS + age)) == why


def test_an_exception_carries_a_name_and_passes_the_item_over() -> None:
    """REC-27"""
    story = approved()
    story.close_gate(at=WINDOW_OPENS)
    story.say("host/duty_officer", MovementAttested(item="sweep", holds=False), at=WINDOW_OPENS)
    story.say("sending/security_manager", MovementExcepted(item="sweep", reason="closed road"), at=WINDOW_OPENS)
    state_before = story.folded().state
    assert isinstance(state_before, MovementState)
    departed = story.why_void(story.depart(at=WINDOW_OPENS))
    assert (departed, state_before.exemptions["sweep"].mark.actor) == (None, "sending/security_manager")


@pytest.mark.parametrize(("heads", "why"), [(11, "gate_open"), (12, None), (13, "gate_open")])
def test_heads_equal_the_manifest_on_both_sides(heads: int, why: str | None) -> None:
    """REC-26"""
    story = approved()
    story.close_gate(at=WINDOW_OPENS, heads=12)
    story.say("host/escort_lead", MovementAttested(item="heads", holds=True, heads=heads), at=WINDOW_OPENS)
    assert story.why_void(story.depart(at=WINDOW_OPENS)) == why


# --- the safer act wins ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stopper", "act"),
    [
        ("sending/journey_manager", MovementCancelled(reason="threat")),
        ("host/duty_officer", MovementRefused(reason="threat")),
    ],
)
@pytest.mark.parametrize("stop_first", [True, False], ids=["stop is earlier", "departure is earlier"])
def test_stop_wins_over_go_when_both_are_said_at_once(
    stopper: str,
    act: Act,
    stop_first: bool,
) -> None:
    """REC-32"""
    story = approved()
    story.close_gate(at=WINDOW_OPENS)
    unaware = story.after()
    times = (WINDOW_OPENS + 1, WINDOW_OPENS + 2)
    stop_at, go_at = times if stop_first else times[::-1]
    story.depart(at=go_at, after=unaware)
    story.say(stopper, act, at=stop_at, after=unaware)
    assert phase(story, WINDOW_OPENS + 3) in (Phase.CANCELLED, Phase.REFUSED, Phase.ABORTED)


def test_a_movement_seen_to_have_departed_is_aborted_not_cancelled() -> None:
    """REC-32"""
    story = Story()
    story.under_way()
    said = story.say("sending/journey_manager", MovementCancelled(reason="late"), at=WINDOW_OPENS + 1)
    assert story.why_void(said) == "is_under_way"


@pytest.mark.parametrize("refusal_first", [True, False])
def test_refuse_wins_over_approve_when_both_are_said_at_once(refusal_first: bool) -> None:
    """REC-32"""
    story = Story()
    plan = story.request()
    story.say("sending/approver", MovementApproved(plan=digest(plan)))
    unaware = story.after()
    times = (START + 1, START + 2)
    refuse_at, approve_at = times if refusal_first else times[::-1]
    story.say("host/duty_officer", MovementRefused(reason="x"), at=refuse_at, after=unaware)
    story.say("host/duty_officer", MovementApproved(plan=digest(plan)), at=approve_at, after=unaware)
    assert phase(story, START + 3) is Phase.REFUSED


@pytest.mark.parametrize("no_first", [True, False])
def test_of_two_attestations_at_once_the_open_one_stands(no_first: bool) -> None:
    """REC-32"""
    story = approved()
    story.close_gate(at=WINDOW_OPENS)
    unaware = story.after()
    times = (WINDOW_OPENS + 1, WINDOW_OPENS + 2)
    no_at, yes_at = times if no_first else times[::-1]
    story.say("host/duty_officer", MovementAttested(item="sweep", holds=False), at=no_at, after=unaware)
    story.say("host/duty_officer", MovementAttested(item="sweep", holds=True), at=yes_at, after=unaware)
    assert story.why_void(story.depart(at=WINDOW_OPENS + 3)) == "gate_open"


def test_a_refusal_after_an_approval_withdraws_it() -> None:
    """REC-31"""
    story = approved()
    story.say("host/duty_officer", MovementRefused(reason="new threat"), at=START + 2 * HOUR)
    assert phase(story, START + 2 * HOUR) is Phase.REFUSED


def test_a_departure_said_without_consent_has_no_effect_and_is_remembered_as_a_breach() -> None:
    """REC-11, REC-24: a party that goes alone and says so convicts itself."""
    story = Story()
    plan = story.request()
    story.say("sending/approver", MovementApproved(plan=digest(plan)))
    rash = story.depart(at=WINDOW_OPENS)
    state = story.folded().state
    assert isinstance(state, MovementState)
    found = {f.clause: f for f in findings_of(story.law(), MOVEMENT, story.about(), rash.t)}["T-2"]
    assert (story.why_void(rash), state.departed, state.consent_was_missing, found.outcome) == (
        "is_lapsed",
        None,
        ("host",),
        Outcome.BREACHED,
    )


def test_what_a_rule_refuses_changes_nothing() -> None:
    """REC-11"""
    story = approved()
    before = story.folded().state
    story.depart(at=WINDOW_OPENS)
    after = story.folded()
    assert (after.state, len(after.lines)) == (before, 4)


def test_a_site_is_registered_again_only_by_its_party() -> None:
    """REC-36"""
    terms = small_terms([card_of("host"), card_of("sending")])
    roles = tuple(
        type(role)(id=role.id, party=role.party, name=role.name, may=(*role.may, "site.registered"))
        for role in terms.roles
    )
    story = Story(small_terms([card_of("host"), card_of("sending")], roles=roles))
    act = SiteRegistered(name="Gate", district="malir", latitude_e7=1, longitude_e7=2)
    story.say("host/duty_officer", act, subject="site/gate")
    said = story.say("sending/journey_manager", act, subject="site/gate")
    assert story.why_void(said) == "other_party"


def test_a_changed_person_count_asks_again_of_whom_it_concerns() -> None:
    """REC-21"""
    story = approved()
    changed = small_plan(people=People(group="engineers", count=13))
    story.say("sending/journey_manager", MovementChanged(plan=changed, reason="one more"), at=START + 2 * HOUR)
    assert phase(story, START + 2 * HOUR) is Phase.REQUESTED


def test_a_movement_is_judged_by_the_agreement_of_its_request() -> None:
    """REC-35: an amendment does not change what is owed for what was asked before it."""
    story = Story()
    story.request()
    second = _amended(story)
    story.say("host/authority", AgreementProposed(digest=second, size=1), subject="agreement", at=START + 1)
    story.say("sending/authority", AgreementSigned(digest=second), subject="agreement", at=START + 1)
    said = story.say("host/duty_officer", MovementApproved(plan=digest(PLAN)), at=START + 2, agreement=second)
    state = story.folded().state
    assert isinstance(state, MovementState)
    assert (story.why_void(said), state.agreement) == (None, story.terms.digest)


def test_the_judge_sees_no_more_than_law_state_and_statement() -> None:
    """REC-10: asked twice with the same, it answers the same."""
    story = approved()
    said = story.depart(at=WINDOW_OPENS)
    state = story.folded().state
    assert judge(story.law(), state, said) == judge(story.law(), state, said)
