"""The node as one of several hands that make copies: it commits, delivers its halves, and opens its seed when it must.

It does each by itself, when the record says so, and no person of its party can make it do so earlier or otherwise
(docs/spec/canary.md CAN-27 to CAN-35). What people are shown of copies and leaks is asked here too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging

import msgspec

from safeconduct.core.acts import Act, HalvesDelivered, SeedOpened, SlotList, VariantsCommitted
from safeconduct.core.disclosure import (
    Case,
    Result,
    case_of,
    order_seed,
    own_reading_key,
    read_halves,
    require_halves,
    seal_halves,
    trace_case,
)
from safeconduct.core.record import (
    ALIVE,
    BEFORE_DEPARTURE,
    CopiesState,
    MovementState,
    Variants,
    commit_variants,
    hands_of,
    in_force,
    is_delivered,
    order_of,
    phase_at,
    terms_of,
)
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid, LimitExceeded, NotFound, Refused, Unavailable
from safeconduct.node.access import Viewer
from safeconduct.node.append import say_as_node
from safeconduct.node.limits import CUSTODY_EVERY_MS, CUSTODY_RETRY_MS, LEAKS_PAGE, LEAKS_SUBJECTS_MAX
from safeconduct.node.memory import decode_state
from safeconduct.node.node import Node
from safeconduct.node.queries import guessed
from safeconduct.node.sight import Sight

logger = logging.getLogger(__name__)

_MASTER = "variants"
_SALT_LABEL = b"safeconduct/variants-salt/v1\n"


# --- what the node does by itself -------------------------------------------------------------------------------------


async def keep_copies(node: Node) -> None:
    """Commit, fetch and deliver halves, and open seeds, where that is due. Called every tick; cheap if idle."""
    now = node.clock.now()
    if node.halted is not None or now < node.copies_at:
        return
    node.copies_at = now + CUSTODY_EVERY_MS
    for subject in node.memory.copies.due(now):
        # Before anything is said: what is said of it meanwhile makes it due again.
        node.memory.copies.drop(subject)
        state = node.memory.state(subject)
        known = state if isinstance(state, CopiesState) else None
        if known is not None and not await _has_blobs(node, known):
            node.memory.copies.wait(subject, now + CUSTODY_RETRY_MS)
        act = _due_of(node, subject, known)
        if act is None:
            if _waits(node, subject, known):
                # For an approval, a signature of the slot list, or somebody's reading key.
                node.memory.copies.wait(subject, now + CUSTODY_RETRY_MS)
            continue
        try:
            await say_as_node(node, act, subject)
        except (Refused, Unavailable) as error:
            logger.info("nothing said of %s now: %s", subject, error)
            node.memory.copies.wait(subject, now + CUSTODY_RETRY_MS)


def _waits(node: Node, subject: str, state: CopiesState | None) -> bool:
    """Whether this node may still come to commit to copies of a movement."""
    movement = node.memory.state(f"movement/{order_of(subject)}")
    if not isinstance(movement, MovementState) or (state is not None and node.party in state.committed):
        return False
    waiting = phase_at(movement, node.clock.now()) in (*BEFORE_DEPARTURE, *ALIVE)
    return waiting and any(s.slots is not None and not s.replaced for s in movement.sealings.values())


def _due_of(node: Node, subject: str, state: CopiesState | None) -> Act | None:
    """What this node has to say now of the copies of one order."""
    if state is None or node.party not in state.committed:
        return _commitment(node, subject, state)
    hands = hands_of(node.memory.law, state)
    if node.party not in state.delivered:
        before = hands[: hands.index(node.party)] if node.party in hands else hands
        ready = all(party in state.committed for party in hands) and all(party in state.delivered for party in before)
        return _delivery(node, state) if ready and not state.texts else None
    asked = {ask.party for ask in state.asked}
    if node.party in state.opened or not is_delivered(node.memory.law, state) or not asked.issuperset(hands):
        return None
    salt, variants = _salt(node, state), _variants(node, subject, state.slots, state.recipients)
    # The last of the texts that were asked about: a name for people, the record looks at all of them.
    leak = state.texts[-1].leak
    return SeedOpened(leak=leak, seed=_base64(variants.seed), salt=_base64(salt))


def _commitment(node: Node, subject: str, state: CopiesState | None) -> Act | None:
    movement = node.memory.state(f"movement/{order_of(subject)}")
    if not isinstance(movement, MovementState) or (state is not None and state.texts):
        return None
    terms = terms_of(node.memory.law, movement)
    live = [sealing for sealing in movement.sealings.values() if sealing.slots is not None and in_force(terms, sealing)]
    if not live or phase_at(movement, node.clock.now()) not in ALIVE:
        return None
    slots = live[0].slots or ""
    listed = node.memory.law.slots(slots)
    if listed is None or node.party not in listed.parties:
        return None
    committed = state.committed if state is not None else {}
    if any(party not in committed for party in listed.parties[: listed.parties.index(node.party)]):
        return None
    recipients = state.recipients if state is not None and committed else _recipients(node)
    if not recipients:
        return None
    variants = _variants(node, subject, slots, recipients)
    try:
        commitment = commit_variants(variants, _salt_of(variants))
    except InputInvalid as error:
        logger.warning("no copies of %s: %s", subject, error)
        return None
    return VariantsCommitted(slots=slots, recipients=recipients, commitment=commitment)


def _recipients(node: Node) -> tuple[str, ...]:
    law = node.memory.law
    agreement = law.in_force()
    if agreement is None:
        return ()
    return law.recipients(agreement, node.memory.after(), node.party, node.memory.heads[node.party].size)


def _delivery(node: Node, state: CopiesState) -> Act | None:
    """The halves, kept as a blob before they are named."""
    law = node.memory.law
    listed = law.slots(state.slots)
    texts = {recipient: law.reading_key(recipient) for recipient in state.recipients}
    keys = {recipient: SealingPublicKey.from_text(text) for recipient, text in texts.items() if text is not None}
    if listed is None or len(keys) != len(state.recipients):
        return None
    blob = seal_halves(listed, _variants(node, state.subject, state.slots, state.recipients), keys)
    digest = hashlib.sha256(blob).hexdigest()
    node.store.put_blob(digest, blob)
    return HalvesDelivered(halves=digest, size=len(blob))


async def _has_blobs(node: Node, state: CopiesState) -> bool:
    """Whether every hand's halves are here; those of others are fetched and kept, as ciphertexts are."""
    whole = True
    for party, delivered in sorted(state.delivered.items()):
        if node.store.blob(delivered.halves) is not None:
            continue
        try:
            data = await node.peers.blob(party, delivered.halves)
            require_halves(data, delivered.halves, delivered.size)
            node.store.put_blob(delivered.halves, data)
        except (Unavailable, NotFound, InputInvalid, LimitExceeded, CheckFailed) as error:
            logger.warning("no halves %s of %s: %s", delivered.halves[:16], party, error)
            whole = False
    return whole


def _variants(node: Node, subject: str, slots: str, recipients: tuple[str, ...]) -> Variants:
    order = order_of(subject)
    seed = order_seed(node.vault.secret(_MASTER), order)
    return Variants(order=order, slots=slots, party=node.party, recipients=recipients, seed=seed)


def _salt(node: Node, state: CopiesState) -> bytes:
    return _salt_of(_variants(node, state.subject, state.slots, state.recipients))


def _salt_of(variants: Variants) -> bytes:
    """Nobody guesses it who lacks the seed; another commitment by the same seed has another."""
    return hmac.digest(variants.seed, _SALT_LABEL + encode(variants), "sha256")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


# --- what people are shown --------------------------------------------------------------------------------------------


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """A slot list that was put forward. signed_by: parties. usable: whether all of its parties have signed."""

    digest: str
    signed_by: tuple[str, ...]
    usable: bool
    list: SlotList


class HandView(msgspec.Struct, frozen=True, kw_only=True):
    """One hand's half of the viewer's copy. sealed: to the viewer's reading key; None while it is not here."""

    party: str
    sealed: bytes | None


class CopyView(msgspec.Struct, frozen=True, kw_only=True):
    """What a recipient's machine needs to merge its copy. recipient: key id of its reading key.

    received: contents for which it has said that it received a copy.
    """

    order: str
    slots: SlotList
    recipient: str
    hands: tuple[HandView, ...]
    received: tuple[str, ...]


class LeakOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order of an investigation. texts: digest → when it was on record, ms. asked, opened: by whom so far."""

    order: str
    texts: dict[str, int]
    asked: tuple[str, ...]
    opened: tuple[str, ...]


class LeakView(msgspec.Struct, frozen=True, kw_only=True):
    """An investigation, for the joint panel."""

    leak: str
    orders: tuple[LeakOrder, ...]


def slot_lists(node: Node, viewer: Viewer) -> list[ListView]:
    """Every slot list, by digest; those that all have signed first. Raises NotFound for whom they do not concern."""
    if not Sight(node, viewer).may_see("slots"):
        raise NotFound("no slot lists here")
    views = [
        ListView(digest=digest, signed_by=known.signed_by, usable=known.usable_from is not None, list=known.slots)
        for digest, known in node.memory.law.lists.items()
    ]
    return sorted(views, key=lambda view: (not view.usable, view.digest))


def own_copy(node: Node, viewer: Viewer, subject: str) -> CopyView:
    """The viewer's own halves of its copy of an order. Raises NotFound for whoever gets none, and before its moment."""
    sight = Sight(node, viewer)
    state = node.memory.state(subject) if sight.knows_copies(subject) else None
    law = node.memory.law
    recipient = own_reading_key(law, state, viewer.actor) if isinstance(state, CopiesState) else None
    listed = law.slots(state.slots) if isinstance(state, CopiesState) else None
    if not isinstance(state, CopiesState) or recipient is None or listed is None:
        raise NotFound(f"no copy of {order_of(subject)[:64]!r} here")
    return CopyView(
        order=order_of(subject),
        slots=listed,
        recipient=recipient,
        hands=tuple(HandView(party=party, sealed=_half(node, state, party, recipient)) for party in listed.parties),
        received=tuple(sorted(state.received.get(recipient, {}))),
    )


def _half(node: Node, state: CopiesState, party: str, recipient: str) -> bytes | None:
    delivered = state.delivered.get(party)
    data = node.store.blob(delivered.halves) if delivered is not None else None
    if data is None:
        return None
    try:
        halves = read_halves(data)
    except InputInvalid:
        # Then the recipient's machine finds that it does not fit, and says so.
        return b""
    return next((half.sealed for half in halves.halves if half.recipient == recipient), b"")


def leaks(node: Node, viewer: Viewer) -> list[LeakView]:
    """Every investigation, by its id, with the orders that the viewer is shown.

    Raises NotFound for whoever is neither of the panel nor shown everything.
    """
    sight = Sight(node, viewer)
    if not sight.may_see("leaks"):
        raise NotFound("no leaks here")
    by_leak: dict[str, list[LeakOrder]] = {}
    for state in _leaked(node, sight):
        for leak in sorted({text.leak for text in state.texts}):
            by_leak.setdefault(leak, []).append(_leak_order(state, leak))
    return [LeakView(leak=leak, orders=tuple(orders)) for leak, orders in sorted(by_leak.items())]


def _leak_order(state: CopiesState, leak: str) -> LeakOrder:
    return LeakOrder(
        order=order_of(state.subject),
        texts={text.evidence: text.mark.t for text in reversed(state.texts) if text.leak == leak},
        asked=tuple(dict.fromkeys(ask.actor for ask in state.asked)),
        opened=tuple(sorted(state.opened)),
    )


def case(node: Node, viewer: Viewer, leak: str) -> Case:
    """An investigation as the record has it, for the panel's machines. Raises NotFound for everybody else."""
    terms, sight = node.terms(), Sight(node, viewer)
    states = _leaked(node, sight) if sight.may_see("leak") else []
    found = [state for state in states if any(text.leak == leak for text in state.texts)]
    if terms is None or terms.canaries is None or not found:
        raise NotFound(f"no leak {leak[:64]!r} here")
    chances = {order_of(state.subject): _chance(node, sight, order_of(state.subject)) for state in found}
    known = {order: chance for order, chance in chances.items() if chance is not None}
    return case_of(leak, node.memory.law, found, terms.canaries, known)


def traced(node: Node, viewer: Viewer, leak: str, texts: list[bytes]) -> Result:
    """What these texts show, for the panel: they are scored and kept nowhere. As `trace_case`; raises NotFound."""
    return trace_case(case(node, viewer, leak), texts)


def _chance(node: Node, sight: Sight, order: str) -> int | None:
    movement = node.memory.state(f"movement/{order}")
    found = guessed(node, sight, movement) if isinstance(movement, MovementState) else None
    return found.guess.together if found is not None and found.guess is not None else None


def _leaked(node: Node, sight: Sight) -> list[CopiesState]:
    """The orders of which something was found, by subject, without those of which the viewer is shown nothing."""
    found: dict[str, CopiesState] = {}
    limit = LEAKS_PAGE
    rows = node.store.subjects("copies/", before=None, limit=limit)
    while len(rows) == limit and limit < LEAKS_SUBJECTS_MAX:
        limit = min(4 * limit, LEAKS_SUBJECTS_MAX)
        rows = node.store.subjects("copies/", before=None, limit=limit)
    for row in rows:
        state = decode_state(row)
        if isinstance(state, CopiesState) and state.texts and not sight.is_hidden(row.subject):
            found[row.subject] = state
    return [found[subject] for subject in sorted(found)]
