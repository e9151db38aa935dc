"""What people ask of joint releases: how each stands, and its words once every party has signed them."""

from __future__ import annotations

import msgspec

from safeconduct.core.acts import PressLanguage, ReleasedCount
from safeconduct.core.record import ReleaseStanding, ReleaseState, standing_of
from safeconduct.errors import NotFound
from safeconduct.node.access import Viewer
from safeconduct.node.limits import PAGE_MAX
from safeconduct.node.memory import decode_state
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """One joint release. texts, counts: a draft unless standing is `released`. awaited: parties that have not answered.

    signed: party → when, ms. released_at: with the last signature, ms. reason: of its refusal or withdrawal.
    """

    subject: str
    standing: ReleaseStanding
    digest: str
    proposed_by: str
    proposed_at: int
    texts: dict[PressLanguage, str]
    counts: tuple[ReleasedCount, ...]
    signed: dict[str, int]
    awaited: tuple[str, ...]
    released_at: int | None
    reason: str | None


def list_releases(node: Node, viewer: Viewer, *, limit: int = PAGE_MAX) -> list[ReleaseView]:
    """The releases that concern the viewer, those last spoken of first.

    All that are out; to roles that propose or sign, and to who sees all, the others too.
    """
    sight = Sight(node, viewer)
    states = (decode_state(row) for row in node.store.subjects("release/", before=None, limit=min(limit, PAGE_MAX)))
    return [_view(state) for state in states if isinstance(state, ReleaseState) and sight.release(state)]


def one_release(node: Node, viewer: Viewer, subject: str) -> ReleaseView:
    """One release. Raises NotFound, also for what the viewer may not know of."""
    state = node.memory.state(subject)
    if not isinstance(state, ReleaseState) or not Sight(node, viewer).release(state):
        raise NotFound(f"no release {subject[:80]!r} here")
    return _view(state)


def _view(state: ReleaseState) -> ReleaseView:
    standing = standing_of(state)
    return ReleaseView(
        subject=state.subject,
        standing=standing,
        digest=state.digest,
        proposed_by=state.proposed.actor,
        proposed_at=state.proposed.t,
        texts=dict(state.texts),
        counts=state.counts,
        signed={party: mark.t for party, mark in sorted(state.signed.items())},
        awaited=tuple(party for party in state.awaited if party not in state.signed),
        released_at=state.complete.t if state.complete is not None and standing == "released" else None,
        reason=state.reason,
    )
