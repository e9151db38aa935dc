"""Sealed dossiers on the record: who keeps one and until when, and who may open it (record.md REC-150 to REC-153)."""

from __future__ import annotations

import msgspec

from safeconduct.core.acts import PersonOpened, PersonRegistered, PersonSealed
from safeconduct.core.agreement import Terms, keepers, milliseconds
from safeconduct.core.record.law import Member
from safeconduct.core.record.order import Said
from safeconduct.core.record.state import DossierSealing, Mark, RegisterState, State, Void


def judge_dossier(
    terms: Terms, member: Member, state: State | None, said: Said, act: PersonSealed | PersonOpened
) -> Void | None:
    """REC-150 to REC-152."""
    known = state if isinstance(state, RegisterState) else None
    if known is None or known.registered is None:
        return Void("not_registered", f"{said.subject} has not been registered")
    if isinstance(act, PersonOpened):
        return _opened(terms, member, known, said, act)
    return _sealed(terms, known, said, act)


def _sealed(terms: Terms, state: RegisterState, said: Said, act: PersonSealed) -> Void | None:
    if terms.dossiers is None:
        return Void("no_dossiers", "the agreement in force says nothing of dossiers that nodes keep")
    registered = state.registered
    if registered is None or registered.party != said.party:
        return Void("other_party", f"{said.subject} is registered by another party")
    if msgspec.json.decode(registered.body, type=PersonRegistered).dossier != act.dossier:
        return Void("other_dossier", f"{said.subject} was registered with another dossier last")
    holders = keepers(terms.dossiers, said.party)
    if tuple(copy.party for copy in act.copies) != holders:
        return Void("other_holders", f"a dossier is kept by {', '.join(holders)}, sorted, and by nobody else")
    if act.content in state.dossiers:
        return Void("sealed_already", f"content {act.content[:16]} has been sealed")
    if not said.t < act.until <= said.t + milliseconds(terms.dossiers.kept):
        return Void("kept_too_long", f"a dossier is kept for at most {terms.dossiers.kept} from when it is sealed")
    return None


def _opened(terms: Terms, member: Member, state: RegisterState, said: Said, act: PersonOpened) -> Void | None:
    sealing = state.dossiers.get(act.content)
    if sealing is None:
        return Void("not_sealed", f"no content {act.content[:16]} was sealed for {said.subject}")
    if said.party not in sealing.holders:
        return Void("not_due", f"{said.party} does not keep this dossier")
    opened_by = terms.dossiers.opened_by if terms.dossiers is not None else ()
    if set(member.roles).isdisjoint(opened_by):
        return Void("not_due", "no role of the actor may open dossiers")
    if said.t >= sealing.until:
        return Void("retention_over", "the time for which the dossier is kept is over")
    return None


def apply_dossier(state: RegisterState, mark: Mark, act: PersonSealed | PersonOpened) -> RegisterState:
    """The person with one dossier more, or one opened."""
    dossiers = dict(state.dossiers)
    match act:
        case PersonSealed():
            dossiers[act.content] = DossierSealing(
                mark=mark,
                dossier=act.dossier,
                content=act.content,
                until=act.until,
                holders=tuple(copy.party for copy in act.copies),
            )
        case PersonOpened():
            known = dossiers[act.content]
            opened = {mark.actor: mark.evidence, **known.opened}
            dossiers[act.content] = msgspec.structs.replace(known, opened=opened)
    return msgspec.structs.replace(state, dossiers=dossiers)
