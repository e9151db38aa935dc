"""An agreement with sealed marks, and how an actor's own machine makes, agrees to and opens one."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable

import msgspec

from safeconduct.core.acts import MarkAgreed, MarkContent, MarkOpened, MarkSealed
from safeconduct.core.agreement import DecoyTerms, Marks, PartyTerms, ShutOutTerms, Terms
from safeconduct.core.disclosure import seal_mark
from safeconduct.core.record import MarkState, box_digest
from safeconduct.node import mark_keeping, marks
from safeconduct.node.append import Accepted
from safeconduct.testing.federation import Federation
from safeconduct.testing.memory import settle
from safeconduct.testing.sealing import counted, glass_terms, latest_keys
from safeconduct.testing.story import HOUR, MOVEMENT

MARK = "mark/k1"

SHUT_OUT_TERMS = ShutOutTerms(
    by=("security_manager",),
    agreed_by=("duty_officer",),
    agree_within="PT12H",
    units=("unit",),
    longest="P7D",
)
DECOY_TERMS = DecoyTerms(by=("security_manager",), agreed_by=("duty_officer",), longest="P3D")
MARKS = Marks(shut_out=SHUT_OUT_TERMS, decoy=DECOY_TERMS, opened_by=("approver",), review_within="P14D")

SHUT_OUT = MarkContent(sort="shut_out", about=MOVEMENT, unit="unit", reason="two leaks in October")
DECOY = MarkContent(sort="decoy", about=MOVEMENT, reason="to see who moves")

_MAY = {
    "security_manager": ("mark.sealed",),
    "duty_officer": ("mark.agreed",),
    "approver": ("mark.opened",),
    "unit": ("movement.checked_in", "site.registered"),
}


def marks_terms(cards: Iterable[PartyTerms], **changed: object) -> Terms:
    """The small agreement with compartments and break-glass, marks, and an exception for the head count of a decoy."""
    terms = glass_terms(cards)
    roles = tuple(msgspec.structs.replace(r, may=(*r.may, *_MAY.get(r.id, ()))) for r in terms.roles)
    gate = tuple(
        msgspec.structs.replace(item, exception_by="security_manager") if item.id == "heads" else item
        for item in terms.movement.ready_gate
    )
    movement = msgspec.structs.replace(terms.movement, ready_gate=gate)
    parts: dict[str, object] = {"roles": roles, "movement": movement, "marks": MARKS, **changed}
    return msgspec.structs.replace(terms, **parts)


async def mark_as(
    federation: Federation,
    actor: str,
    content: MarkContent,
    *,
    subject: str = MARK,
    lasts: int = 48 * HOUR,
    change: Callable[[MarkSealed], MarkSealed] | None = None,
) -> Accepted:
    """Seal a mark on an actor's machine and hand it to its node. lasts: ms. change: what a cheat does to it first."""
    node = federation.node(actor.split("/", 1)[0])
    until = federation.clock.now() + lasts
    act = seal_mark(
        content,
        subject=subject,
        until=until,
        holders=latest_keys(node, until + 15 * 24 * HOUR),
        randomness=counted(f"{subject}/{actor}"),
    )
    return await federation.say(actor, subject, change(act) if change is not None else act)


def mark_state(federation: Federation, party: str = "host", subject: str = MARK) -> MarkState:
    """A mark as a node folds it."""
    state = federation.node(party).memory.state(subject)
    if not isinstance(state, MarkState):
        raise AssertionError(subject)
    return state


async def agree_to(federation: Federation, actor: str, subject: str = MARK) -> Accepted:
    """Agree to a mark as an actor."""
    content = box_digest(mark_state(federation, actor.split("/", 1)[0], subject).box)
    return await federation.say(actor, subject, MarkAgreed(content=content))


async def open_mark(federation: Federation, actor: str, subject: str = MARK) -> Accepted:
    """Open a mark for review, with the key that the actor's own node has of it."""
    node = federation.node(actor.split("/", 1)[0])
    key = next(mark.key for mark in marks.unopened_marks(node) if mark.state.subject == subject)
    if key is None:
        raise AssertionError(subject)
    content = box_digest(mark_state(federation, node.party, subject).box)
    return await federation.say(actor, subject, MarkOpened(content=content, key=base64.b64encode(key).decode()))


async def keep_marks(federation: Federation, rounds: int = 2) -> None:
    """Let every node do with marks what it does by itself, and the network carry it."""
    for _ in range(rounds):
        for node in list(federation.links.nodes.values()):
            node.marks_at = 0
            await mark_keeping.keep_marks(node)
        await federation.sync(1)
        await settle()
