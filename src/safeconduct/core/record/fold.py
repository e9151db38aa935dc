"""One statement → the next state. Total: a statement out of place is kept, marked void with the reason, and shown."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safeconduct.core.acts import (
    AccessNoted,
    AccessReasoned,
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
    RecordReceived,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseSigned,
    ReleaseWithdrawn,
    SealingKeyDestroyed,
    SealingKeyPublished,
    SeedAsked,
    SeedOpened,
    SiteRegistered,
    TraceStated,
    VariantsCommitted,
)
from safeconduct.core.record.compartments import apply_to_keys, apply_to_sealings
from safeconduct.core.record.copies import apply_copies, remember_early_seed
from safeconduct.core.record.dossiers import apply_dossier
from safeconduct.core.record.effect import judge, terms_of
from safeconduct.core.record.gate import missing_consent
from safeconduct.core.record.glass import apply_glass
from safeconduct.core.record.items import apply_item
from safeconduct.core.record.law import LAW_SUBJECTS, Law
from safeconduct.core.record.looking import apply_looking
from safeconduct.core.record.marks import apply_mark
from safeconduct.core.record.order import Said, saw
from safeconduct.core.record.press import apply_release
from safeconduct.core.record.state import (
    BEFORE_DEPARTURE,
    AccessState,
    Attestation,
    Contested,
    CopiesState,
    Exempted,
    Filed,
    FindingsState,
    IncidentState,
    ItemState,
    LogState,
    Mark,
    MarkState,
    MovementState,
    Phase,
    RegisterState,
    Registration,
    ReleaseState,
    SealingState,
    State,
    Void,
)
from safeconduct.core.statement import digest, encode


class Line(msgspec.Struct, frozen=True):
    """A statement in a subject's history; void: why it has no effect, None if it has."""

    said: Said
    void: Void | None


class Folded(msgspec.Struct, frozen=True):
    """A subject's state and history. state: None when nothing said of it has taken effect."""

    state: State | None
    lines: tuple[Line, ...]


def fold_law(law: Law, statements: Iterable[Said]) -> tuple[Line, ...]:
    """Enact the statements about the agreement and its actors, in order of the record."""
    lines = []
    for said in statements:
        void = judge(law, None, said)
        if void is None:
            law.enact(said)
        lines.append(Line(said, void))
    return tuple(lines)


def fold(law: Law, statements: Iterable[Said]) -> Folded:
    """Fold one subject's statements, in order of the record."""
    state: State | None = None
    lines = []
    for said in statements:
        state, void = step(law, state, said)
        lines.append(Line(said, void))
    return Folded(state, tuple(lines))


def is_law(subject: str) -> bool:
    """Whether statements on this subject make the law that all others are judged by."""
    return subject.split("/", 1)[0] in LAW_SUBJECTS


def step(law: Law, state: State | None, said: Said) -> tuple[State | None, Void | None]:
    """Judge one statement and apply it: the new state, and why it has no effect if it has none."""
    void = judge(law, state, said)
    if void is not None:
        if isinstance(state, CopiesState):
            return remember_early_seed(state, said, _mark(said)), void
        return _remember_rash_departure(law, state, said), void
    return _apply(law, state, said), None


def _remember_rash_departure(law: Law, state: State | None, said: Said) -> State | None:
    """A departure without consent has no effect on the movement, and the clauses must know that it was said."""
    if not isinstance(state, MovementState) or not isinstance(said.act, MovementDeparted):
        return state
    missing = tuple(party for party, _ in missing_consent(terms_of(law, state).movement, state))
    if not missing or state.departed_without_consent is not None:
        return state
    return msgspec.structs.replace(state, departed_without_consent=_mark(said), consent_was_missing=missing)


def _mark(said: Said) -> Mark:
    return Mark(party=said.party, index=said.index, id=said.id, actor=said.actor, t=said.t, after=said.after)


def _apply(law: Law, state: State | None, said: Said) -> State:
    act = said.act
    match act:
        case SiteRegistered() | GroupRegistered() | PersonRegistered():
            known = state if isinstance(state, RegisterState) else RegisterState(subject=said.subject)
            registration = Registration(party=said.party, kind=said.kind, body=msgspec.Raw(encode(act)))
            return msgspec.structs.replace(known, registered=registration)
        case PersonSealed() | PersonOpened():
            if not isinstance(state, RegisterState):
                raise AssertionError(said.kind)
            return apply_dossier(state, _mark(said), act)
        case FormFiled():
            known_or_new = _reported(state, said)
            filed = Filed(mark=_mark(said), fields=act.fields)
            return msgspec.structs.replace(known_or_new, filed={**known_or_new.filed, act.form: filed})
        case FactContested():
            about = _reported(state, said)
            contest = Contested(party=said.party, mark=_mark(said))
            return msgspec.structs.replace(about, contested={**about.contested, act.statement: contest})
        case FactRuled():
            return _ruled(law, _reported(state, said), said, act)
        case DutyWaived() | FindingExplained():
            # Clauses see them as they were said; the subject itself is as it was.
            return _reported(state, said)
        case FindingsStated():
            return FindingsState(
                subject=said.subject, mark=_mark(said), as_of=act.as_of, digest=act.digest, count=act.count
            )
        case RecordReceived():
            received = dict(state.received) if isinstance(state, LogState) else {}
            if received.get(said.party, (0, ""))[0] <= act.size:
                received[said.party] = (act.size, act.root)
            return LogState(subject=said.subject, received=received)
        case IncidentRaised():
            if isinstance(state, IncidentState):
                return msgspec.structs.replace(state, raised=(*state.raised, _mark(said)))
            return IncidentState(
                subject=said.subject,
                about=act.about,
                category=act.category,
                account=act.account,
                evidence=act.evidence,
                raised=(_mark(said),),
            )
        case SealingKeyPublished() | SealingKeyDestroyed():
            known_keys = state if isinstance(state, SealingState) else None
            return apply_to_keys(known_keys, said, _mark(said).evidence, act)
        case AccessReasoned() | AccessNoted():
            known_reasons = state if isinstance(state, AccessState) else None
            return apply_looking(known_reasons, said.subject, _mark(said), act)
        case (
            CompartmentSealed() | CompartmentChecked() | CompartmentReleased() | CompartmentOpened() | CompartmentTold()
        ):
            if not isinstance(state, MovementState):
                raise AssertionError(said.kind)
            return apply_to_sealings(state, _mark(said), act)
        case GlassAsked() | GlassGiven() | GlassObjected():
            if not isinstance(state, MovementState):
                raise AssertionError(said.kind)
            return apply_glass(terms_of(law, state), state, _mark(said), act)
        case (
            ItemShared()
            | ItemOpened()
            | ItemOnwardAsked()
            | ItemOnwardAllowed()
            | ItemOnwardRefused()
            | ItemPassed()
            | ItemDerived()
            | ItemRecalled()
            | ItemDestroyed()
            | ItemAcknowledged()
        ):
            return apply_item(state if isinstance(state, ItemState) else None, said, _mark(said), act)
        case ReleaseProposed() | ReleaseSigned() | ReleaseRefused() | ReleaseWithdrawn():
            known_release = state if isinstance(state, ReleaseState) else None
            return apply_release(law.texts[said.agreement], known_release, said, _mark(said), act)
        case (
            VariantsCommitted()
            | HalvesDelivered()
            | CopyReceived()
            | CopyRefused()
            | LeakFound()
            | SeedAsked()
            | SeedOpened()
            | TraceStated()
        ):
            return apply_copies(law, state if isinstance(state, CopiesState) else None, said, _mark(said), act)
        case MarkSealed() | MarkChecked() | MarkAgreed() | MarkOpened() | MarkExpired():
            member = law.member(said.actor, said.position)
            roles = member.roles if member is not None else ()
            known_mark = state if isinstance(state, MarkState) else None
            return apply_mark(known_mark, roles, said.agreement, said.subject, _mark(said), act)
        case MovementRequested():
            plan_digest = digest(act.plan)
            return MovementState(
                subject=said.subject,
                phase=Phase.REQUESTED,
                agreement=said.agreement,
                plan=act.plan,
                plan_digest=plan_digest,
                plans={plan_digest: act.plan},
                requested=_mark(said),
            )
        case _:
            if not isinstance(state, MovementState):
                raise AssertionError(said.kind)
            return _apply_to_movement(law, state, said)


def _reported(state: State | None, said: Said) -> MovementState | RegisterState | IncidentState:
    """A subject that can be reported on; one of which nothing was said comes into being by it."""
    return (
        state
        if isinstance(state, MovementState | RegisterState | IncidentState)
        else RegisterState(subject=said.subject)
    )


def _ruled(
    law: Law, state: MovementState | RegisterState | IncidentState, said: Said, act: FactRuled
) -> MovementState | RegisterState | IncidentState:
    terms = terms_of(law, state) if isinstance(state, MovementState) else law.texts[said.agreement]
    member = law.member(said.actor, said.position)
    held = member.roles if member is not None else ()
    body = terms.disputes.ruled_by if terms.disputes is not None else ()
    contest = state.contested[act.statement]
    words = {**contest.words, **{role: act.stands for role in held if role in body}}
    ruled = msgspec.structs.replace(contest, words=words)
    return msgspec.structs.replace(state, contested={**state.contested, act.statement: ruled})


def _apply_to_movement(law: Law, state: MovementState, said: Said) -> MovementState:
    replace = msgspec.structs.replace
    mark = _mark(said)
    act = said.act
    match act:
        case MovementChanged():
            plan_digest = digest(act.plan)
            changed = replace(
                state, plan=act.plan, plan_digest=plan_digest, plans={**state.plans, plan_digest: act.plan}
            )
            return _with_consent(law, changed)
        case MovementApproved():
            approved = tuple(sorted({*state.approvals.get(said.party, ()), act.plan}))
            return _with_consent(
                law,
                replace(
                    state,
                    approvals={**state.approvals, said.party: approved},
                    approval_marks=(*state.approval_marks, mark),
                ),
            )
        case MovementRefused():
            phase = Phase.REFUSED if state.phase in BEFORE_DEPARTURE else Phase.ABORTED
            return _stopped(state, phase, mark, act.reason)
        case MovementCancelled():
            phase = Phase.CANCELLED if state.phase in BEFORE_DEPARTURE else Phase.ABORTED
            return _stopped(state, phase, mark, act.reason)
        case MovementAborted():
            return _stopped(state, Phase.ABORTED, mark, act.reason)
        case MovementAcknowledged():
            return replace(state, acknowledged={act.role: mark, **state.acknowledged})
        case MovementRelayed():
            return replace(state, relayed={act.role: mark, **state.relayed})
        case MovementAttested():
            return _attested(law, state, said, act, mark)
        case MovementExcepted():
            exemption = Exempted(mark=mark, reason=act.reason)
            return replace(state, exemptions={**state.exemptions, act.item: exemption})
        case MovementDeparted():
            return replace(state, phase=Phase.UNDER_WAY, departed=mark)
        case MovementCheckedIn():
            here = (
                (act.latitude_e7, act.longitude_e7)
                if act.latitude_e7 is not None and act.longitude_e7 is not None
                else state.position_e7
            )
            return replace(state, check_ins=(*state.check_ins, mark), position_e7=here)
        case MovementArrived():
            return replace(state, phase=Phase.ARRIVED, ended=mark)
        case MovementClosed():
            return replace(state, phase=Phase.CLOSED, closed=mark)
        case _:
            raise AssertionError(said.kind)


def _with_consent(law: Law, state: MovementState) -> MovementState:
    missing = missing_consent(terms_of(law, state).movement, state)
    return msgspec.structs.replace(state, phase=Phase.REQUESTED if missing else Phase.APPROVED)


def _stopped(state: MovementState, phase: Phase, mark: Mark, reason: str) -> MovementState:
    ended = mark if phase is Phase.ABORTED else None
    return msgspec.structs.replace(state, phase=phase, stopped=mark, ended=ended, reason=reason)


def _attested(law: Law, state: MovementState, said: Said, act: MovementAttested, mark: Mark) -> MovementState:
    member = law.member(said.actor, said.position)
    item = next(i for i in terms_of(law, state).movement.ready_gate if i.id == act.item)
    held = member.roles if member is not None else ()
    by_role = dict(state.attestations.get(act.item, {}))
    for role in item.by:
        if role not in held:
            continue
        before = by_role.get(role)
        # INVARIANT (safer-act-wins): of two attestations said at once, the one that keeps the gate open counts.
        if before is not None and act.holds and not before.holds and not _had_seen(said, before.mark):
            continue
        by_role[role] = Attestation(mark=mark, holds=act.holds, heads=act.heads)
    return msgspec.structs.replace(state, attestations={**state.attestations, act.item: by_role})


def _had_seen(said: Said, mark: Mark) -> bool:
    return saw(said.after, mark.party, mark.index)
