"""Reasons for looking: asked of those alone who may look, and no way to learn of what is hidden."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import AccessReasoned
from safeconduct.core.agreement import AccessTerms
from safeconduct.errors import NotAllowed, NotFound
from safeconduct.node import queries, reasons
from safeconduct.node.access import Viewer
from safeconduct.node.ports import Row
from safeconduct.testing import MOVEMENT, SHUT_OUT, Federation, authority, mark_as
from tests.unit.node.test_custody import played
from tests.unit.node.test_marks import LEAD, OF_UNIT, SM, UNIT, agreed

ACCESS = AccessTerms(reasons=("knew", "pack"))
WHY = AccessReasoned(what="knew", about=(MOVEMENT,), reason="inquiry")


@pytest.mark.parametrize("movement_id", ["m1", "m9"])
def test_whoever_may_not_look_is_refused_before_any_reason_is_noted(movement_id: str) -> None:
    """ACC-21, SIGHT-13"""

    @played
    async def run() -> None:
        async with agreed(access=ACCESS, auditors=("unit",)) as federation:
            node = federation.node("host")
            size = node.store.size("host")
            with pytest.raises(NotAllowed, match="auditors"):
                await reasons.note_reason(node, Viewer(LEAD, ("escort_lead",)), "pack", movement_id, "x")
            assert node.store.size("host") == size

    run()


@played
async def test_an_auditor_who_is_shut_out_gives_a_reason_for_what_is_hidden_as_for_what_is_not_there() -> None:
    """MARK-18"""
    async with agreed(access=ACCESS, auditors=("unit",)) as federation:
        await mark_as(federation, SM, SHUT_OUT)
        await federation.sync()
        node = federation.node("host")
        words = []
        for movement_id in ("m1", "m9"):
            with pytest.raises(NotFound) as refused:
                await reasons.note_reason(node, OF_UNIT, "knew", movement_id, "x")
            words.append(str(refused.value).replace(movement_id, "…"))
        assert words[0] == words[1]
        await reasons.note_reason(node, authority(node), "knew", "m1", "x")


def shown(federation: Federation, viewer: Viewer) -> list[str]:
    """Who gave a reason, of those that a viewer is shown."""
    node = federation.node("host")
    rows = queries.entries(node, viewer, "host", 0, 10**6)
    said = [node.memory.said(row) for row in rows if isinstance(row, Row)]
    return [one.actor for one in said if one.kind == "access.reasoned"]


@played
async def test_why_somebody_else_looks_is_hidden_with_what_is_looked_at() -> None:
    """MARK-17"""
    async with agreed(auditors=("unit",)) as federation:
        for actor in (LEAD, UNIT):
            await federation.say(actor, f"access/{actor}", WHY)
        host = federation.node("host")
        before = [shown(federation, viewer) for viewer in (OF_UNIT, authority(host))]
        await mark_as(federation, SM, SHUT_OUT)
        await federation.sync()
        after = [shown(federation, viewer) for viewer in (OF_UNIT, authority(host))]
        assert (before, after) == ([[LEAD, UNIT]] * 2, [[UNIT], [LEAD, UNIT]])
