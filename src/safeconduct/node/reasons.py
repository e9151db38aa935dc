"""Reasons for looking at what is sensitive: on the record before anything is shown (docs/spec/access.md ACC-20 on)."""

from __future__ import annotations

from collections.abc import Iterable

from safeconduct.core.acts import AccessNoted, Look
from safeconduct.core.record import AccessState
from safeconduct.errors import InputInvalid, NotAllowed
from safeconduct.node.access import Viewer
from safeconduct.node.append import Accepted, say_as_node
from safeconduct.node.limits import REASON_CHARS_MAX, REASON_GOOD_MS
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight

_NAMES: dict[Look, str] = {"knew": "who knew", "pack": "an evidence pack"}


def require_looker(node: Node, viewer: Viewer, what: Look) -> None:
    """Raise NotAllowed for whoever is shown nothing of the kind anyway: nobody is asked why before that."""
    Sight(node, viewer).require_all(_NAMES[what])


def movement_to_look_at(node: Node, viewer: Viewer, what: Look, movement_id: str) -> str:
    """The subject of a movement that the viewer may look at so. Raises NotAllowed as `require_looker`, NotFound."""
    require_looker(node, viewer, what)
    return Sight(node, viewer).movement(f"movement/{movement_id}").subject


def missing_reasons(node: Node, viewer: Viewer, what: Look, about: Iterable[str]) -> list[str]:
    """The subjects for which the agreement asks a reason of the viewer that is not on the record, or not any more."""
    terms = node.terms()
    if terms is None or not terms.asks_reason(what):
        return []
    state = node.memory.state(f"access/{viewer.actor}")
    given = state.reasons if isinstance(state, AccessState) else {}
    since = node.clock.now() - REASON_GOOD_MS
    return [subject for subject in about if (known := given.get(f"{what} {subject}")) is None or known.mark.t <= since]


def require_reason(node: Node, viewer: Viewer, what: Look, about: Iterable[str]) -> None:
    """Raise NotAllowed unless the viewer's reason for this look is on the record. INVARIANT (asked-first)."""
    missing = missing_reasons(node, viewer, what, about)
    if missing:
        minutes = REASON_GOOD_MS // 60_000
        raise NotAllowed(
            f"the agreement asks a reason on the record first (--reason), of the last {minutes} minutes, for {what} of "
            f"{missing[0][:80]}: got none"
        )


async def note_reason(node: Node, viewer: Viewer, what: Look, movement_id: str, reason: str) -> Accepted:
    """Log what a viewer typed into a page, as the node's own word: no key of the viewer signs there.

    Raises NotAllowed and NotFound as `movement_to_look_at`, InputInvalid for no text or too much of it, Refused and
    Unavailable as `say_as_node`.
    """
    subject = movement_to_look_at(node, viewer, what, movement_id)
    text = " ".join(reason.split())
    if not 1 <= len(text) <= REASON_CHARS_MAX:
        raise InputInvalid(f"expected a reason of 1 to {REASON_CHARS_MAX} characters, got {len(text)}")
    act = AccessNoted(what=what, about=(subject,), reason=text)
    return await say_as_node(node, act, f"access/{viewer.actor}")
