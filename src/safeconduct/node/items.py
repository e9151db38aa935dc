"""Information with caveats at the node: share it, show it once the record has said yes, destroy what was recalled.

What somebody may know of is decided by `node/sight.py` alone; of everything else the answer is the same as of
what is not there.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator

import msgspec

from safeconduct.core.acts import (
    Act,
    Caveat,
    IncidentRaised,
    ItemDestroyed,
    ItemKey,
    ItemOpened,
    ItemPassed,
    ItemShared,
)
from safeconduct.core.disclosure import (
    ItemContent,
    ItemSight,
    open_item,
    open_key,
    pass_key_on,
    require_ciphertext,
)
from safeconduct.core.record import (
    ItemState,
    Mark,
    MovementState,
    RegisterState,
    consent_of,
    needs_consent,
    originator,
    party_of,
    unconfirmed,
)
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    NotAllowed,
    NotFound,
    Refused,
    Unavailable,
)
from safeconduct.node.access import Viewer
from safeconduct.node.append import Accepted, say_as_node, submit
from safeconduct.node.commands import read_offer, require_size
from safeconduct.node.custody import fetched, first_lasting
from safeconduct.node.forgetting import sealed_subjects
from safeconduct.node.limits import (
    CUSTODY_AT_ONCE_MAX,
    CUSTODY_EVERY_MS,
    CUSTODY_RETRY_MS,
    ITEMS_MAX,
)
from safeconduct.node.memory import decode_state
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight, require_leave

logger = logging.getLogger(__name__)

# --- sharing and opening ----------------------------------------------------------------------------------------------


async def share_item(node: Node, envelope: bytes, ciphertext: bytes) -> Accepted:
    """Keep a ciphertext and log the statement that names it, signed by an actor of this party.

    Raises CheckFailed for another ciphertext, LimitExceeded for too much of it, Refused where a source that it names
    says nothing of it, else as `commands.say`.
    """
    signed, act = read_offer(node, envelope)
    if not isinstance(act, ItemShared):
        raise InputInvalid(f"expected a statement item.shared, got {signed.statement.kind}")
    require_size(ciphertext)
    require_ciphertext(act, ciphertext)
    require_leave(node, signed, act)
    _require_sources(node, signed.statement.subject, act)
    node.vault.keep(act.content, ciphertext)
    return await submit(node, signed, act)


class ItemOpening(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was opened, and the statement that says so."""

    statement: Accepted
    subject: str
    caveat: Caveat
    until: int
    content: ItemContent


async def open_shared(node: Node, viewer: Viewer, envelope: bytes) -> ItemOpening:
    """Log that an actor of this party opens an item, and only then give it what it says.

    viewer: who asks. The statement alone is not enough: once it is on the record, everybody has it.
    Raises Refused for an actor whom it was not shared with, after a recall and after its end; NotAllowed for somebody
    else's statement; Unavailable while the ciphertext is not here; CheckFailed if its author sealed it wrongly.
    """
    signed, act = read_offer(node, envelope)
    if signed.statement.actor != viewer.actor:
        raise NotAllowed("an item is shown to the actor who signed its opening, got another")
    if not isinstance(act, ItemOpened):
        raise InputInvalid(f"expected a statement item.opened, got {signed.statement.kind}")
    # INVARIANT (asked-first): nothing is opened before the record has said yes.
    require_leave(node, signed, act)
    state = item_state(node, signed.statement.subject)
    if state is None:
        raise AssertionError(signed.statement.subject)
    require_shown(node, state)
    _require_sources(node, state.subject, shared_act(node, state))
    await _mirrored(node, state)
    content = words_of(node, state)
    accepted = await submit(node, signed, act)
    return ItemOpening(
        statement=accepted, subject=state.subject, caveat=state.caveat, until=state.until, content=content
    )


def key_for_passing(node: Node, viewer: Viewer, subject: str, to: str) -> ItemKey | None:
    """What a reader says in `item.passed`: the content key for the new recipient's node; None if that has it already.

    Raises NotFound for who may not be shown the item, Refused without the consent that passing it on needs.
    """
    state, sight = seen(node, viewer, subject)
    if sight != "words":
        raise not_found(subject)
    if needs_consent(state, node.party) and consent_of(state, viewer.actor, to) is None:
        raise Refused("no_consent", f"the originator has not let the actor pass it on to {to}")
    require_shown(node, state)
    terms = node.terms()
    party = party_of(terms, to) if terms is not None else None
    if party is None:
        raise InputInvalid(f"expected a role of the agreement or an actor of a party, got {to[:100]!r}")
    if party in state.keyed:
        return None
    lasting = first_lasting(node, party, state.until)
    if lasting is None:
        raise Unavailable(
            f"no sealing key of {party} lasts as long as the item: its node publishes one while it serves"
        )
    receiving = SealingPublicKey.from_text(lasting.text)
    act, key = shared_act(node, state), _content_key(node, state)
    return pass_key_on(act, subject, key, giver=node.party, holder=party, to=receiving)


def require_shown(node: Node, state: ItemState) -> None:
    """Raise Refused by this node's own clock and knowledge, whatever time the statement bears."""
    if state.recalled is not None:
        raise Refused("is_recalled", f"item {state.content[:16]} has been recalled")
    if node.clock.now() >= state.until:
        raise Refused("is_expired", f"item {state.content[:16]} is shown no more")


def _require_sources(node: Node, subject: str, act: ItemShared) -> None:
    """Raise Refused unless each source that an item names knows of it, under these very terms, and still stands."""
    for source in act.derived_from:
        state = item_state(node, f"item/{source}")
        known = state.derived.get(subject.removeprefix("item/")) if state is not None else None
        if known is None or (known.made, known.caveat, known.recipients) != (act.content, act.caveat, act.recipients):
            raise Refused("source_says_otherwise", f"item/{source} knows of no such item that was made from it")
        if state is not None and state.recalled is not None:
            raise Refused("source_recalled", f"item/{source}, which it was made from, has been recalled")


def item_state(node: Node, subject: str) -> ItemState | None:
    """The item of that subject, None if nothing was shared under it."""
    state = node.memory.state(subject)
    return state if isinstance(state, ItemState) else None


def shared_act(node: Node, state: ItemState) -> ItemShared:
    """What was said when it was shared: with the keys, which the state does not keep."""
    return node.memory.act(state.shared.id, ItemShared)


def _content_key(node: Node, state: ItemState) -> bytes:
    """The content key from what was sealed to this node. Raises Unavailable without it."""
    evidence = state.keyed.get(node.party)
    if evidence is None:
        raise Unavailable(f"item {state.content[:16]} was not sealed to the node of {node.party}")
    act = shared_act(node, state)
    passed = None
    if evidence.id != state.shared.id:
        passed = (evidence.party, node.memory.act(evidence.id, ItemPassed))
    keys = act.keys if passed is None else (passed[1].key,)
    to = next((key.to for key in keys if key is not None and key.party == node.party), "")
    private = node.vault.key(to)
    if private is None:
        raise Unavailable(f"sealing key {to[:16]} of {node.party} is not here: destroyed, or never was")
    return open_key(act, state.subject, node.party, private, passed)


def words_of(node: Node, state: ItemState) -> ItemContent:
    """What an item says, for whom the record has said yes already (asked-first). Raises Unavailable, CheckFailed."""
    box = node.vault.kept(state.content)
    if box is None:
        raise Unavailable(f"ciphertext {state.content[:16]} is not here, or no more")
    return open_item(shared_act(node, state), state.subject, box, _content_key(node, state))


# --- who may know of it -----------------------------------------------------------------------------------------------


def all_items(node: Node) -> Iterator[ItemState]:
    """Every item, those last spoken of first."""
    for stored in node.store.subjects("item/", before=None, limit=ITEMS_MAX):
        state = decode_state(stored)
        if isinstance(state, ItemState):
            yield state


def seen(node: Node, viewer: Viewer, subject: str) -> tuple[ItemState, ItemSight]:
    """An item that concerns the viewer. Raises NotFound, also for one that does not."""
    state = item_state(node, subject)
    sight = Sight(node, viewer).item(state) if state is not None else "nothing"
    if state is None or sight == "nothing":
        raise not_found(subject)
    return state, sight


def not_found(subject: str) -> NotFound:
    """The one answer about what is not there, and about what the viewer may not know of."""
    # INVARIANT (same-words): who may not know of an item hears what is said of one that is not there.
    return NotFound(f"no item {subject[:80]!r} here")


# --- what the node does by itself -------------------------------------------------------------------------------------


async def keep_items(node: Node) -> None:
    """Mirror what was shared, destroy what was recalled or has had its time, and say who has not confirmed a recall.

    Called every tick; cheap if idle.
    """
    now = node.clock.now()
    if node.halted is not None or now < node.items_at:
        return
    node.items_at = now + CUSTODY_EVERY_MS
    for subject in node.memory.items.due(now)[:CUSTODY_AT_ONCE_MAX]:
        state = item_state(node, subject)
        version = node.memory.version(subject)
        try:
            again, wanted = await _due(node, state, now) if state is not None else (None, [])
        except Unavailable as error:
            # The disk refuses: what is to be destroyed is destroyed in a later round, and nothing is said before.
            logger.warning("an item is looked at again: %s", error)
            again, wanted = now + CUSTODY_RETRY_MS, []
        for about, act in wanted:
            try:
                await say_as_node(node, act, about)
            except (Refused, Unavailable) as error:
                logger.warning("nothing is said of an item now: %s", error)
                again = now + CUSTODY_RETRY_MS
        if node.memory.version(subject) == version or wanted:
            if again is None:
                node.memory.items.drop(subject)
            else:
                node.memory.items.again(subject, again)


async def _due(node: Node, state: ItemState, now: int) -> tuple[int | None, list[tuple[str, Act]]]:
    """When to look at an item again, None for never; and what this node has to say of it."""
    if state.recalled is None and now < state.kept_until:
        return (state.kept_until if await _mirrored(node, state) else now + CUSTODY_RETRY_MS), []
    if state.content in node.vault.held() and not _is_anothers(node, state):
        node.vault.forget(state.content)
    if state.recalled is None:
        return None, []
    wanted: list[tuple[str, Act]] = []
    if node.party in state.keyed and node.party not in state.destroyed:
        wanted.append((state.subject, ItemDestroyed(content=state.content)))
    if now < state.recalled.acknowledge_by:
        return state.recalled.acknowledge_by, wanted
    return None, [*wanted, *_incidents(node, state)]


def _is_anothers(node: Node, state: ItemState) -> bool:
    """Whether what was sealed before has the same ciphertext and needs it still.

    Anybody can share an item that names what somebody else sealed: its recall takes nothing from them.
    """
    now, place = node.clock.now(), _place(state.shared)
    for other in all_items(node):
        stands = other.recalled is None and now < other.kept_until
        if other.content == state.content and stands and _place(other.shared) < place:
            return True
    for subject in sealed_subjects(node.store):
        about = node.memory.state(subject)
        for sealing in about.sealings.values() if isinstance(about, MovementState) else ():
            if state.content in (sealing.content, sealing.escrow) and _place(sealing.mark) < place:
                return True
        for dossier in about.dossiers.values() if isinstance(about, RegisterState) else ():
            if dossier.content == state.content and _place(dossier.mark) < place:
                return True
    return False


def _place(mark: Mark) -> tuple[int, str, int]:
    return mark.t, mark.party, mark.index


async def _mirrored(node: Node, state: ItemState) -> bool:
    """Whether the ciphertext is here: every node keeps one, so that what was shared outlives its author's node."""
    if node.vault.kept(state.content) is not None:
        return True
    try:
        data = await fetched(node, state.shared.party, state.content)
        require_ciphertext(shared_act(node, state), data)
    except (Unavailable, NotFound, InputInvalid, LimitExceeded, CheckFailed) as error:
        logger.warning("no ciphertext %s of %s: %s", state.content[:16], state.shared.party, error)
        return False
    node.vault.keep(state.content, data)
    return True


def _incidents(node: Node, state: ItemState) -> list[tuple[str, Act]]:
    """One incident for each party that had not confirmed a recall in time, by its own node and by the originator's."""
    wanted: list[tuple[str, Act]] = []
    recalled = state.recalled
    if recalled is None:
        return wanted
    for party in unconfirmed(state, recalled.acknowledge_by):
        if node.party not in (party, originator(state)):
            continue
        subject = f"incident/{hashlib.sha256(f'{recalled.mark.id}/{party}'.encode()).hexdigest()[:32]}"
        if node.memory.has_raised(subject, node.party):
            continue
        # It does not say which item: others read incidents too.
        account = f"{party} has not confirmed a recall by its deadline: statement {recalled.mark.id[:16]}"
        wanted.append((subject, IncidentRaised(about=party, category="recall", account=account)))
    return wanted
