"""Reasons for looking on the record: whose they are, and what stands of them (record.md REC-141 to REC-143)."""

from __future__ import annotations

from safeconduct.core.acts import AccessAct, AccessNoted
from safeconduct.core.record.law import Law
from safeconduct.core.record.order import Said
from safeconduct.core.record.state import AccessState, Mark, Reasoned, Void

# An actor's latest reasons; one is good for minutes, and whatever was said stays on the record anyway.
REASONS_KEPT = 100


def judge_looking(law: Law, said: Said, act: AccessAct) -> Void | None:
    """REC-141, REC-142: of oneself with one's key; or by the node, of an actor of its own party."""
    actor = said.subject.removeprefix("access/")
    if not isinstance(act, AccessNoted):
        if actor != said.actor:
            return Void("other_subject", f"an actor gives its own reasons, got {said.subject}")
        return None
    if not actor.startswith(f"{said.party}/"):
        return Void("other_party", f"a node notes the reasons of its own party's actors, got {said.subject}")
    if actor != f"{said.party}/authority" and law.member(actor, said.position) is None:
        return Void("not_enrolled", f"{actor} is not enrolled by {said.party} at this point")
    return None


def apply_looking(state: AccessState | None, subject: str, mark: Mark, act: AccessAct) -> AccessState:
    """An actor's reasons with one more; of the same look at the same subject the latest counts. REC-143."""
    reasons = dict(state.reasons) if state is not None else {}
    for about in act.about:
        reasons[f"{act.what} {about}"] = Reasoned(mark=mark, reason=act.reason)
    latest = sorted(reasons.items(), key=lambda item: (-item[1].mark.t, item[0]))[:REASONS_KEPT]
    return AccessState(subject=subject, reasons=dict(sorted(latest)))
