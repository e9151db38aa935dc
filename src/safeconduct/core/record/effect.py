"""Does this act take effect, and why not: the one judge, asked before signing and again by every node that folds.

INVARIANT (one-judge): nothing else decides whether a statement has effect. An officer hears the reason before
signing; a lying node gains nothing by skipping the question, because every other node asks it again.

The rules are docs/spec/record.md REC-10 to REC-28, REC-30 to REC-36, REC-60 to REC-69, REC-80 to REC-87, REC-90 to
REC-97, REC-100 to REC-112, REC-115 to REC-134, REC-140 to REC-142 and REC-150 to REC-152. Whoever judges sees only the
law, the subject's state and the statement: no clock, so every node answers alike.
"""

from __future__ import annotations

from typing import assert_never

from safeconduct.core.acts import (
    ANY_SUBJECT,
    CATALOGUE,
    FORM_SUBJECTS,
    AccessNoted,
    AccessReasoned,
    ActorEnrolled,
    ActorRevoked,
    AgreementProposed,
    AgreementSigned,
    CompartmentChecked,
    CompartmentOpened,
    CompartmentReleased,
    CompartmentSealed,
    CompartmentTold,
    CopyReceived,
    CopyRefused,
    DutyWaived,
    FactContested,
    FactRuled,
    FindingExplained,
    FindingsStated,
    FormFiled,
    GlassAsked,
    GlassGiven,
    GlassObjected,
    GroupRegistered,
    HalvesDelivered,
    IncidentRaised,
    ItemAcknowledged,
    ItemDerived,
    ItemDestroyed,
    ItemOnwardAllowed,
    ItemOnwardAsked,
    ItemOnwardRefused,
    ItemOpened,
    ItemPassed,
    ItemRecalled,
    ItemShared,
    LeakFound,
    MarkAgreed,
    MarkChecked,
    MarkExpired,
    MarkOpened,
    MarkSealed,
    MovementAborted,
    MovementAcknowledged,
    MovementAct,
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
    PersonOpened,
    PersonRegistered,
    PersonSealed,
    ReaderPublished,
    RecordReceived,
    RelationStepped,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseSigned,
    ReleaseWithdrawn,
    SealingKeyDestroyed,
    SealingKeyPublished,
    SeedAsked,
    SeedOpened,
    SiteRegistered,
    SlotsProposed,
    SlotsSigned,
    Speaker,
    TraceStated,
    UnknownAct,
    VariantsCommitted,
)
from safeconduct.core.agreement import GateItem, Terms
from safeconduct.core.identity import PublicKey
from safeconduct.core.record.compartments import (
    judge_checked,
    judge_destroyed,
    judge_opened,
    judge_published,
    judge_released,
    judge_sealed,
    judge_told,
)
from safeconduct.core.record.copies import judge_copies, judge_reader, judge_slots, judge_slots_named
from safeconduct.core.record.dossiers import judge_dossier
from safeconduct.core.record.gate import ready_gate
from safeconduct.core.record.glass import judge_glass
from safeconduct.core.record.items import judge_destroyed_copy, judge_item
from safeconduct.core.record.law import Law, Member
from safeconduct.core.record.looking import judge_looking
from safeconduct.core.record.marks import judge_mark
from safeconduct.core.record.order import Said, saw
from safeconduct.core.record.press import judge_release
from safeconduct.core.record.reports import answer, report, step_taken
from safeconduct.core.record.state import (
    BEFORE_DEPARTURE,
    CopiesState,
    ItemState,
    Mark,
    MarkState,
    MovementState,
    Phase,
    RegisterState,
    ReleaseState,
    SealingState,
    State,
    Void,
)
from safeconduct.core.statement import digest
from safeconduct.errors import InputInvalid, KeyInvalid


def judge(law: Law, state: State | None, said: Said) -> Void | None:
    """None if the statement takes effect on its subject's state, else the reason why it does not."""
    if isinstance(said.act, UnknownAct):
        return Void("unknown_kind", f"{said.kind} is not in this version's catalogue: carried, not acted on")
    if said.is_backdated:
        return Void("backdated", "a statement is dated no earlier than anything that its author had seen")
    void = _subject(said)
    if void is not None:
        return void
    match CATALOGUE[said.kind].speaker:
        case Speaker.NODE:
            return _signed_by_node(law, said) or _node_act(law, state, said)
        case Speaker.AUTHORITY:
            return _signed_by_authority(law, said) or _authority_act(law, said)
        case Speaker.ROLE if isinstance(said.act, AccessReasoned) and said.actor == f"{said.party}/authority":
            # It is shown everything (SIGHT-2), and so is asked why like whoever is enrolled.
            void = _signed_by_authority(law, said) or _under_terms(law, said)
            return void or _suspended(law, said) or judge_looking(law, said, said.act)
        case Speaker.ROLE:
            member = law.member(said.actor, said.position)
            if member is None:
                return Void("not_enrolled", f"{said.actor} is not enrolled by {said.party} at this point")
            void = _signed_by_role(law, member, said) or _under_terms(law, said)
            if void is not None:
                return void
            return _permitted(law, member, said) or _suspended(law, said) or _role_act(law, member, state, said)


def terms_of(law: Law, state: MovementState) -> Terms:
    """The terms by which a movement is judged: those in force when it was requested."""
    return law.texts[state.agreement]


def _mark_terms(law: Law, mark: MarkState | None, said: Said) -> Terms | None:
    """The terms by which a mark is judged: those under which it was sealed."""
    return law.texts.get(mark.agreement if mark is not None else said.agreement)


def phase_at(state: MovementState, t: int) -> Phase:
    """The movement's phase at `t`.

    Silence is no consent: without every approval by its review time it lapses, and approved but not departed when its
    window closes it lapses too.
    """
    if state.phase is Phase.REQUESTED and t > state.plan.timing.review_by:
        return Phase.LAPSED
    if state.phase in BEFORE_DEPARTURE and t > state.plan.timing.latest:
        return Phase.LAPSED
    return state.phase


# --- who speaks ------------------------------------------------------------------------------------------------------


def _subject(said: Said) -> Void | None:
    wanted = CATALOGUE[said.kind].subject
    words = said.subject.split("/")
    if wanted == ANY_SUBJECT:
        # A form says itself what it is about.
        about = (said.act.form.split(".")[0],) if isinstance(said.act, FormFiled) else FORM_SUBJECTS
        if words[0] not in about or len(words) == 1:
            return Void("other_subject", f"{said.kind} is about a {' or '.join(about)}, got {said.subject}")
        return None
    if words[0] != wanted or (len(words) == 1) != (wanted in ("agreement", "relation", "slots")):
        return Void("other_subject", f"{said.kind} is about a subject of kind {wanted}, got {said.subject}")
    if wanted == "actor" and (len(words) != 3 or words[1] != said.party):
        return Void("other_party", f"{said.party} speaks for its own actors, got {said.subject}")
    return None


def _signed_by_node(law: Law, said: Said) -> Void | None:
    if said.actor != f"{said.party}/node" or said.signers != (law.anchors[said.party].node.key_id,):
        return Void("not_the_node", f"{said.kind} is said by {said.party}/node with its own key alone")
    return None


def _signed_by_authority(law: Law, said: Said) -> Void | None:
    anchor = law.anchors[said.party]
    if said.actor != f"{said.party}/authority" or said.signers != _signers(anchor.root.key_id, anchor.node.key_id):
        return Void("not_the_authority", f"{said.kind} is said by {said.party}/authority with its root key")
    return None


def _signed_by_role(law: Law, member: Member, said: Said) -> Void | None:
    if said.signers != _signers(member.key_id, law.anchors[said.party].node.key_id):
        return Void("other_signers", f"{said.actor} and its node sign with their enrolled keys, got others")
    return None


def _signers(*key_ids: str) -> tuple[str, ...]:
    return tuple(sorted(key_ids))


def _under_terms(law: Law, said: Said) -> Void | None:
    in_force = law.in_force(said.position)
    if in_force is None:
        return Void("no_agreement", "nothing takes effect before an agreement is in force")
    if said.agreement != in_force and not law.superseded_unseen(said):
        return Void(
            "other_agreement", f"the agreement in force is {in_force[:16]}, got {said.agreement[:16] or 'none'}"
        )
    return None


def _permitted(law: Law, member: Member, said: Said) -> Void | None:
    if isinstance(said.act, ReaderPublished | CopyReceived | CopyRefused):
        # Whoever gets a copy reads it with a key of its own, and says what it got: nobody gives leave to that.
        return None
    if isinstance(said.act, CompartmentOpened | CompartmentTold | AccessReasoned):
        # Whoever a compartment opens for may open it: the agreement says that once, where it says when. And whoever
        # has told somebody, or looks, is to say so: a leave that is missing would only keep it off the record.
        return None
    if isinstance(said.act, ItemOpened | ItemOnwardAsked | ItemPassed | ItemDerived | ItemAcknowledged):
        # An item's own terms say who may be shown it, and whoever may be is bound by them and not by a role.
        return None
    name = said.act.form if isinstance(said.act, FormFiled) else said.kind
    if name in law.kinds(said.agreement, said.party, member.roles):
        return None
    return Void("role_may_not", f"no role of {said.actor} may say {name}")


def _suspended(law: Law, said: Said) -> Void | None:
    if said.kind not in law.refuses(said.agreement, said.position):
        return None
    level = law.level(said.agreement, said.position)
    return Void("suspended", f"{said.kind} has no effect while the parties work together at level {level}")


# --- the agreement and its actors ------------------------------------------------------------------------------------


def _authority_act(law: Law, said: Said) -> Void | None:
    match said.act:
        case AgreementProposed():
            return _proposal(law, said, said.act)
        case AgreementSigned():
            version = law.versions.get(said.act.digest)
            if version is None:
                return Void("not_proposed", f"agreement {said.act.digest[:16]} has not been proposed")
            if said.party not in law.signers_of(said.act.digest):
                return Void("not_a_party", f"{said.party} is no party to agreement {said.act.digest[:16]}")
            if said.party in version.signed_by:
                return Void("signed_already", f"{said.party} has signed agreement {said.act.digest[:16]}")
            if law.texts[said.act.digest].previous != law.in_force(said.position):
                return Void("other_previous", "the version that this text amends is no longer in force")
            return None
        case ActorEnrolled():
            if said.subject.split("/")[2] in ("authority", "node"):
                return Void("reserved_name", f"{said.subject} is a name that the party's own keys hold")
            try:
                PublicKey.from_text(said.act.key)
            except (InputInvalid, KeyInvalid) as error:
                return Void("bad_key", str(error))
            return None
        case ActorRevoked():
            if law.member(said.subject.removeprefix("actor/"), said.position) is None:
                return Void("not_enrolled", f"{said.subject} is not enrolled at this point")
            return None
        case _:
            raise AssertionError(said.kind)


def _proposal(law: Law, said: Said, act: AgreementProposed) -> Void | None:
    terms = law.texts.get(act.digest)
    if terms is None:
        return Void("text_unknown", f"the text of agreement {act.digest[:16]} is not at hand")
    if act.digest in law.versions:
        return Void("proposed_already", f"agreement {act.digest[:16]} has been proposed")
    if terms.previous != law.in_force(said.position):
        return Void("other_previous", "an amendment names the version in force that it amends, got another")
    if said.party not in law.signers_of(act.digest):
        return Void("not_a_party", f"{said.party} is no party to agreement {act.digest[:16]}")
    for party in terms.parties:
        anchor = law.anchors.get(party.id)
        if anchor is None or (anchor.root.text, anchor.node.text) != (party.root, party.node.node):
            return Void("other_keys", f"the text gives {party.id} other keys than those by which it is known")
    return None


# --- what nodes say --------------------------------------------------------------------------------------------------


def _node_act(law: Law, state: State | None, said: Said) -> Void | None:
    match said.act:
        case SealingKeyPublished() | SealingKeyDestroyed():
            if said.subject != f"sealing/{said.party}":
                return Void("other_subject", f"a node speaks of its own sealing keys, got {said.subject}")
            if isinstance(said.act, SealingKeyPublished):
                return judge_published(said, said.act)
            return judge_destroyed(state if isinstance(state, SealingState) else None, said.act)
        case CompartmentChecked():
            return judge_checked(state if isinstance(state, MovementState) else None, said, said.act)
        case CompartmentReleased():
            if not isinstance(state, MovementState):
                return judge_released(None, None, None, said, said.act)
            return judge_released(terms_of(law, state), state, phase_at(state, said.t), said, said.act)
        case ItemDestroyed():
            return judge_destroyed_copy(state if isinstance(state, ItemState) else None, said, said.act)
        case VariantsCommitted() | HalvesDelivered() | SeedOpened():
            return judge_copies(law, state if isinstance(state, CopiesState) else None, None, said, said.act)
        case MarkChecked() | MarkExpired():
            mark = state if isinstance(state, MarkState) else None
            return judge_mark(_mark_terms(law, mark, said), (), mark, said, said.act)
        case RecordReceived():
            if said.act.log == said.party or said.subject != f"log/{said.act.log}":
                return Void("other_subject", f"a receipt is about another party's log, got {said.subject}")
            if said.act.log not in law.anchors:
                return Void("not_a_party", f"no log of party {said.act.log} is known")
            if said.act.size > said.after.get(said.act.log, 0):
                return Void("more_than_seen", "a receipt is for no more than its node had folded")
            return None
        case IncidentRaised():
            return None
        case AccessNoted():
            return judge_looking(law, said, said.act)
        case FindingsStated():
            if said.subject != f"findings/{said.party}":
                return Void("other_subject", f"a node states its own findings, got {said.subject}")
            if said.act.as_of > said.t:
                return Void("not_yet", "findings are stated as of no later than now")
            return None
        case _:
            raise AssertionError(said.kind)


# --- what roles say --------------------------------------------------------------------------------------------------


def _role_act(law: Law, member: Member, state: State | None, said: Said) -> Void | None:
    terms = law.texts[said.agreement]
    match said.act:
        case AccessReasoned():
            return judge_looking(law, said, said.act)
        case RelationStepped():
            return step_taken(law, terms, member, said, said.act)
        case SlotsProposed() | SlotsSigned():
            return judge_slots(law, member, said, said.act)
        case ReaderPublished():
            return judge_reader(law, said, said.act)
        case CopyReceived() | CopyRefused() | LeakFound() | SeedAsked() | TraceStated():
            return judge_copies(law, state if isinstance(state, CopiesState) else None, member, said, said.act)
        case FormFiled():
            return report(terms, state, said.act)
        case FactContested() | FactRuled() | DutyWaived() | FindingExplained():
            return answer(terms_of(law, state) if isinstance(state, MovementState) else terms, member, state, said)
        case SiteRegistered() | GroupRegistered() | PersonRegistered():
            known = state.registered if isinstance(state, RegisterState) else None
            if known is not None and known.party != said.party:
                return Void("other_party", f"{said.subject} is registered by {known.party}")
            return None
        case (
            ItemShared()
            | ItemOpened()
            | ItemOnwardAsked()
            | ItemOnwardAllowed()
            | ItemOnwardRefused()
            | ItemPassed()
            | ItemDerived()
            | ItemRecalled()
            | ItemAcknowledged()
        ):
            return judge_item(terms, member, state if isinstance(state, ItemState) else None, said, said.act)
        case ReleaseProposed() | ReleaseSigned() | ReleaseRefused() | ReleaseWithdrawn():
            return judge_release(terms, member, state if isinstance(state, ReleaseState) else None, said, said.act)
        case MarkSealed() | MarkAgreed() | MarkOpened():
            mark = state if isinstance(state, MarkState) else None
            return judge_mark(_mark_terms(law, mark, said), member.roles, mark, said, said.act)
        case PersonSealed() | PersonOpened():
            return judge_dossier(terms, member, state, said, said.act)
        case MovementRequested():
            if state is not None:
                return Void("exists_already", f"{said.subject} has been requested")
            return _plan_makes_sense(said.act)
        case _:
            if not isinstance(state, MovementState):
                return Void("not_requested", f"{said.subject} has not been requested")
            return _movement_act(law, terms, member, state, said)


def _plan_makes_sense(act: MovementRequested | MovementChanged) -> Void | None:
    timing = act.plan.timing
    if not timing.review_by <= timing.latest >= timing.earliest:
        return Void("window_inverted", "a window opens before it closes and is reviewed before it closes")
    return None


def _movement_act(law: Law, terms: Terms, member: Member, state: MovementState, said: Said) -> Void | None:
    phase = phase_at(state, said.t)
    if isinstance(said.act, CompartmentSealed):
        return judge_sealed(terms_of(law, state), state, phase, said, said.act) or judge_slots_named(
            law, state, said, said.act
        )
    if isinstance(said.act, CompartmentOpened):
        return judge_opened(terms_of(law, state), member, state, phase, said, said.act)
    if isinstance(said.act, GlassAsked | GlassGiven | GlassObjected):
        return judge_glass(terms_of(law, state), member, state, phase, said, said.act)
    if isinstance(said.act, CompartmentTold):
        return judge_told(state, said, said.act)
    act: MovementAct = said.act  # type: ignore[assignment]  # every other kind was judged above
    match act:
        case MovementRequested():
            raise AssertionError(said.kind)
        case MovementChanged():
            return (
                _by_requesting_party(state, said)
                or _in_phase(phase, said, *BEFORE_DEPARTURE)
                or _plan_makes_sense(act)
                or (None if digest(act.plan) not in state.plans else Void("no_change", "the plan is as it was"))
            )
        case MovementApproved():
            return (
                _by_consenting_party(terms, said)
                or _in_phase(phase, said, *BEFORE_DEPARTURE)
                or _approval(state, said, act)
            )
        case MovementRefused():
            return _by_consenting_party(terms, said) or _stops(state, phase, said)
        case MovementCancelled():
            return _by_requesting_party(state, said) or _stops(state, phase, said)
        case MovementAcknowledged():
            return _in_chain(terms, member, act.role) or _in_phase(phase, said, *BEFORE_DEPARTURE, Phase.UNDER_WAY)
        case MovementRelayed():
            return (
                _in_chain(terms, member, act.role)
                or _next_in_chain(terms, act)
                or _in_phase(phase, said, *BEFORE_DEPARTURE, Phase.UNDER_WAY)
            )
        case MovementAttested():
            return _in_phase(phase, said, *BEFORE_DEPARTURE) or _attestation(terms, member, act)
        case MovementExcepted():
            return _in_phase(phase, said, *BEFORE_DEPARTURE) or _exception(terms, member, act)
        case MovementDeparted():
            return _in_phase(phase, said, Phase.APPROVED) or _departure(terms, state, said)
        case MovementCheckedIn() | MovementArrived() | MovementAborted():
            return _in_phase(phase, said, Phase.UNDER_WAY)
        case MovementClosed():
            return _in_phase(phase, said, Phase.ARRIVED, Phase.ABORTED)
        case _:
            assert_never(act)


def _in_phase(phase: Phase, said: Said, *wanted: Phase) -> Void | None:
    if phase in wanted:
        return None
    return Void(f"is_{phase.value}", f"{said.kind} needs a movement that is {' or '.join(wanted)}, this one is {phase}")


def _by_requesting_party(state: MovementState, said: Said) -> Void | None:
    if said.party == state.requested.party:
        return None
    return Void("other_party", f"{said.kind} is for the requesting party {state.requested.party}, got {said.party}")


def _by_consenting_party(terms: Terms, said: Said) -> Void | None:
    if any(consent.party == said.party for consent in terms.movement.consent):
        return None
    return Void("consent_not_asked", f"the agreement does not ask the consent of {said.party}")


def _approval(state: MovementState, said: Said, act: MovementApproved) -> Void | None:
    if act.plan not in state.plans:
        return Void("unknown_plan", f"an approval names a plan of this movement, got {act.plan[:16]}")
    if said.actor == state.requested.actor:
        return Void("own_request", "who requests does not approve")
    return None


def _stops(state: MovementState, phase: Phase, said: Said) -> Void | None:
    if phase in BEFORE_DEPARTURE:
        return None
    # INVARIANT (safer-act-wins): a stop said without knowing of the departure stops the movement.
    if phase is Phase.UNDER_WAY and state.departed is not None and not _had_seen(said, state.departed):
        return None
    return _in_phase(phase, said, *BEFORE_DEPARTURE)


def _had_seen(said: Said, mark: Mark) -> bool:
    return saw(said.after, mark.party, mark.index)


def _in_chain(terms: Terms, member: Member, role: str) -> Void | None:
    if role not in terms.movement.notice_chain:
        return Void("not_in_chain", f"role {role} is not in the notice chain")
    if role not in member.roles:
        return Void("not_your_role", f"role {role} is not held by the actor")
    return None


def _next_in_chain(terms: Terms, act: MovementRelayed) -> Void | None:
    chain = terms.movement.notice_chain
    place = chain.index(act.role) + 1
    if place < len(chain) and chain[place] == act.to_role:
        return None
    return Void("not_next_in_chain", f"{act.role} relays to the next role of the chain, got {act.to_role}")


def _gate_item(terms: Terms, item_id: str) -> GateItem | None:
    return next((item for item in terms.movement.ready_gate if item.id == item_id), None)


def _attestation(terms: Terms, member: Member, act: MovementAttested) -> Void | None:
    item = _gate_item(terms, act.item)
    if item is None or item.check == "approvals":
        return Void("no_such_item", f"no gate item {act.item} is attested by roles")
    if not any(role in item.by for role in member.roles):
        return Void("not_your_item", f"gate item {act.item} is attested by {', '.join(item.by)}")
    if item.check == "heads" and act.holds and act.heads is None:
        return Void("heads_missing", f"gate item {act.item} needs the number of heads counted")
    return None


def _exception(terms: Terms, member: Member, act: MovementExcepted) -> Void | None:
    item = _gate_item(terms, act.item)
    if item is None or item.exception_by is None or item.check == "approvals":
        return Void("no_exception", f"gate item {act.item} allows no exception")
    if item.exception_by not in member.roles:
        return Void("not_your_exception", f"an exception of {act.item} is for {item.exception_by}")
    return None


def _departure(terms: Terms, state: MovementState, said: Said) -> Void | None:
    if said.t < state.plan.timing.earliest:
        return Void("before_window", "departure is inside the approved window, got an earlier time")
    still_open = [line.item for line in ready_gate(terms.movement, state, said.t) if line.is_open]
    if still_open:
        return Void("gate_open", f"the ready gate is open: {', '.join(still_open)}")
    return None
