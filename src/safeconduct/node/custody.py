"""The node as one of several holders of every content key: it checks its share, and gives it when its moment has come.

No order of commands and no administrator of another party makes it give a share earlier: it asks the record, its own
clock and the receiver's clock, and all three must agree (docs/spec/sealing.md SEAL-60 to SEAL-67).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from safeconduct.core.acts import (
    Act,
    CompartmentChecked,
    CompartmentReleased,
    CompartmentSealed,
    IncidentRaised,
    SealingKeyDestroyed,
    SealingKeyPublished,
)
from safeconduct.core.agreement import Terms, milliseconds
from safeconduct.core.disclosure import (
    KeyShare,
    open_share,
    pass_on,
    require_ciphertext,
    require_escrow,
)
from safeconduct.core.record import (
    ALIVE,
    GAVE_UP,
    DossierSealing,
    MovementState,
    Phase,
    RegisterState,
    Sealing,
    SealingKeyLine,
    SealingState,
    due_to_party,
    in_force,
    phase_at,
    terms_of,
)
from safeconduct.core.sealing import SealingKey, SealingPublicKey
from safeconduct.errors import CheckFailed, InputInvalid, LimitExceeded, NotFound, Refused, Unavailable
from safeconduct.node.append import say_as_node
from safeconduct.node.forgetting import forget, forgotten_dossier, forgotten_sealing
from safeconduct.node.limits import (
    CUSTODY_AT_ONCE_MAX,
    CUSTODY_CHUNK,
    CUSTODY_EVERY_MS,
    CUSTODY_RETRY_MS,
    SEALING_KEYS_AHEAD_MS,
)
from safeconduct.node.node import Node

logger = logging.getLogger(__name__)

_OVER = (*GAVE_UP, Phase.CLOSED, Phase.ABORTED)
_NEVER = 2**62


# --- what the node does by itself -------------------------------------------------------------------------------------


async def keep_custody(node: Node) -> None:
    """Publish and destroy sealing keys, check new shares, and release what is due. Called every tick; cheap if idle."""
    now = node.clock.now()
    if node.halted is not None or now < node.custody_at:
        return
    node.custody_at = now + CUSTODY_EVERY_MS
    terms = node.terms()
    if terms is None:
        return
    if terms.compartments or terms.dossiers is not None or terms.marks is not None or terms.information is not None:
        await _publish_keys(node, terms, now)
    await _destroy_keys(node, now)
    due = node.memory.sealed.due(now)
    said = 0
    for start in range(0, len(due), CUSTODY_CHUNK):
        if said >= CUSTODY_AT_ONCE_MAX:
            # The rest is done in the next round, a moment later.
            node.custody_at = now
            break
        look = _Look(now, cache(node.vault.key), cache(lambda party: _receiving_key(node, party, now)))
        wanted: list[tuple[str, Act]] = []
        for subject in due[start : start + CUSTODY_CHUNK]:
            wanted += await _due_of(node, subject, look)
        said += len(wanted)
        await _say_all(node, wanted, now)
        # An officer's statement goes in between, and whatever else waits.
        await asyncio.sleep(0)
    try:
        await forget(node)
    except Unavailable as error:
        # Nobody waits for it, and shares are not held up by it.
        logger.warning("a ciphertext that nothing opens any more is not destroyed now: %s", error)


@dataclass(frozen=True)
class _Look:
    """What is read once for some movements: to read a key and to check it costs more than to open with it.

    now: ms. private: our key of an id. receiving: the key that a party's share is sealed to.
    """

    now: int
    private: Callable[[str], SealingKey | None]
    receiving: Callable[[str], SealingPublicKey | None]


async def _say_all(node: Node, wanted: Iterable[tuple[str, Act]], now: int) -> None:
    """Say many things in as few durable writes as possible."""
    wanted = list(wanted)
    answers = await asyncio.gather(
        *(say_as_node(node, act, subject) for subject, act in wanted), return_exceptions=True
    )
    for (subject, _), answer in zip(wanted, answers, strict=True):
        if isinstance(answer, Refused | Unavailable):
            logger.warning("a share is not released or checked now: %s", answer)
            node.memory.sealed.again(subject, now + CUSTODY_RETRY_MS)
        elif isinstance(answer, BaseException):
            raise answer


async def _publish_keys(node: Node, terms: Terms, now: int) -> None:
    kept = [compartment.kept for compartment in terms.compartments]
    kept += [terms.dossiers.kept] if terms.dossiers is not None else []
    longest = max([*(milliseconds(span) for span in kept), _marks_last(terms)])
    published = {line.until for line in key_lines(node, node.party).values() if line.destroyed is None}
    for end in _quarters(now, now + longest + SEALING_KEYS_AHEAD_MS):
        if end not in published:
            act = SealingKeyPublished(key=node.vault.make().text, until=end)
            await say_as_node(node, act, f"sealing/{node.party}")


def _marks_last(terms: Terms) -> int:
    """How long a mark may have to be opened after it is sealed, ms."""
    marks = terms.marks
    if marks is None:
        return 0
    sorts = [sort for sort in (marks.shut_out, marks.decoy) if sort is not None]
    return max(milliseconds(sort.longest) for sort in sorts) + milliseconds(marks.review_within)


def _quarters(since: int, until: int) -> list[int]:
    """The ends of the quarters of the UTC calendar after `since`, up to the first one at or after `until`, ms."""
    ends: list[int] = []
    moment = datetime.fromtimestamp(since / 1000, UTC)
    year, quarter = moment.year, (moment.month - 1) // 3
    while not ends or ends[-1] < until:
        quarter += 1
        start = datetime(year + quarter // 4, 3 * (quarter % 4) + 1, 1, tzinfo=UTC)
        ends.append((start - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))
    return ends


async def _destroy_keys(node: Node, now: int) -> None:
    for key_id, line in key_lines(node, node.party).items():
        if line.destroyed is None and line.until <= now:
            node.vault.destroy(key_id)
            await say_as_node(node, SealingKeyDestroyed(key=key_id), f"sealing/{node.party}")


def key_lines(node: Node, party: str) -> Mapping[str, SealingKeyLine]:
    """The sealing keys of a party's node, as the record has them, by key id."""
    state = node.memory.state(f"sealing/{party}")
    return state.keys if isinstance(state, SealingState) else {}


def first_lasting(node: Node, party: str, until: int) -> SealingKeyLine | None:
    """Of a party's keys that last until then (ms) the one that ends first; None if there is none.

    What has an end is sealed to this one: a key that lasts longer would keep it longer.
    """
    lines = key_lines(node, party)
    lasting = [(line.until, key) for key, line in lines.items() if line.destroyed is None and line.until >= until]
    return lines[min(lasting)[1]] if lasting else None


async def _due_of(node: Node, subject: str, look: _Look) -> list[tuple[str, Act]]:
    """What this node has to say now of one movement's sealings."""
    now = look.now
    version = node.memory.version(subject)
    state = node.memory.state(subject)
    if isinstance(state, RegisterState):
        await _fetch_dossiers(node, state, now)
        return []
    if not isinstance(state, MovementState):
        # A write failed meanwhile, and memory was read again: what was sealed in that write was never said.
        return []
    phase = phase_at(state, now)
    # First of all, and of a movement that is over too: whoever was away learns what was opened meanwhile.
    said = _incidents(node, state)
    if phase in _OVER:
        if said:
            # Once it is known here what was asked, nothing more comes of it.
            node.memory.sealed.again(subject, now)
        else:
            node.memory.sealed.drop(subject)
        return said
    terms = terms_of(node.memory.law, state)
    again = _NEVER
    for sealing in state.sealings.values():
        if sealing.replaced:
            continue
        if node.party not in sealing.checked:
            checked = await _checked(node, terms, state, sealing, look)
            if checked is not None:
                said.append((subject, checked))
            else:
                again = min(again, now + CUSTODY_RETRY_MS)
        elif in_force(terms, sealing):
            for party in terms.parties:
                released, later = _released(node, terms, state, phase, sealing, party.id, look)
                again = min(again, later)
                said += [(subject, released)] if released is not None else []
    if node.memory.version(subject) == version:
        # Else something was said of it while its ciphertext was fetched, and it is looked at anew.
        node.memory.sealed.again(subject, again)
    return said


async def _fetch_dossiers(node: Node, state: RegisterState, now: int) -> None:
    """Have here what this node is to keep of a person, so that it opens while the others are away."""
    version = node.memory.version(state.subject)
    again = _NEVER
    for sealing in state.dossiers.values():
        if node.party in sealing.holders:
            try:
                await dossier_ciphertext(node, sealing)
            except NotFound:
                # Forgotten; or its author's node does not have it, and nobody else is asked twice.
                continue
            except (Unavailable, InputInvalid, LimitExceeded, CheckFailed) as error:
                logger.warning("no dossier %s of %s: %s", sealing.content[:16], sealing.mark.party, error)
                again = now + CUSTODY_RETRY_MS
    if node.memory.version(state.subject) == version:
        node.memory.sealed.again(state.subject, again)


async def _checked(
    node: Node, terms: Terms, state: MovementState, sealing: Sealing, look: _Look
) -> CompartmentChecked | None:
    """Whether all that was sealed is here and our share fits; None while its author's node does not give it."""
    act = sealed_act(node, sealing)
    try:
        require_ciphertext(act, await ciphertext(node, sealing, act.content))
        escrow = await ciphertext(node, sealing, act.escrow) if act.escrow is not None else None
    except (Unavailable, NotFound, InputInvalid, LimitExceeded, CheckFailed) as error:
        logger.warning("no ciphertext %s of %s: %s", sealing.content[:16], sealing.mark.party, error)
        return None
    try:
        if escrow is not None:
            require_escrow(act, terms.break_glass, escrow)
        own_share(node, state, act, look.private)
    except (CheckFailed, InputInvalid, Unavailable) as error:
        return CompartmentChecked(content=sealing.content, holds=False, account=str(error))
    return CompartmentChecked(content=sealing.content, holds=True)


async def ciphertext(node: Node, sealing: Sealing, digest: str) -> bytes:
    """What the sealing names by its digest: from here, or from another node, and then kept.

    Raises NotFound for what is forgotten, and as `Peers.blob` for what no node gives.
    """
    return await _kept(node, sealing.mark.party, digest, "ciphertext", lambda: forgotten_sealing(node.memory, sealing))


async def dossier_ciphertext(node: Node, sealing: DossierSealing) -> bytes:
    """As `ciphertext`, for a dossier."""
    author, content = sealing.mark.party, sealing.content
    return await _kept(node, author, content, "dossier", lambda: forgotten_dossier(node.memory, sealing))


async def _kept(node: Node, author: str, digest: str, what: str, is_forgotten: Callable[[], bool]) -> bytes:
    data = node.vault.kept(digest)
    if data is None:
        if is_forgotten():
            raise NotFound(f"{what} {digest[:16]} is forgotten: every key that could open it is destroyed")
        data = await fetched(node, author, digest)
        node.vault.keep(digest, data)
    return data


async def fetched(node: Node, author: str, digest: str) -> bytes:
    """From its author's node; our own that has lost it has it from any other."""
    problem: Unavailable | NotFound = Unavailable(f"ciphertext {digest[:16]} is not here, and no other node is known")
    for party in [author] if author != node.party else node.peer_ids:
        try:
            data = await node.peers.blob(party, digest)
        except (Unavailable, NotFound) as error:
            problem = error
            continue
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            raise CheckFailed(f"expected a blob of digest {digest[:16]}, got {found[:16]}")
        return data
    raise problem


def _released(
    node: Node, terms: Terms, state: MovementState, phase: Phase, sealing: Sealing, party: str, look: _Look
) -> tuple[CompartmentReleased | None, int]:
    """Our share for another party, if it is due; else when to look again."""
    now = look.now
    opens = due_to_party(terms, state, party, sealing)
    if party == node.party or opens is None or node.party in sealing.released.get(party, {}):
        return None, _NEVER
    if phase not in ALIVE:
        # An approval changes the movement, and then it is looked at anew.
        return None, _NEVER
    if now < opens:
        return None, opens
    if not _vouched(node, party, opens):
        # Asked in the next round again: a role that waits for its route does not wait for our patience.
        return None, now
    key = look.receiving(party)
    if key is None:
        return None, now + CUSTODY_RETRY_MS
    act = sealed_act(node, sealing)
    try:
        share = own_share(node, state, act, look.private)
    except (CheckFailed, InputInvalid, Unavailable) as error:
        logger.warning("share of %s for %s: %s", sealing.content[:16], party, error)
        return None, _NEVER
    return pass_on(act, state.subject, node.party, share, party, key), _NEVER


def _incidents(node: Node, state: MovementState) -> list[tuple[str, Act]]:
    """What this node still has to say of break-glass on one movement: one incident for each request, by each node."""
    wanted: list[tuple[str, Act]] = []
    for sealing in state.sealings.values():
        for party, by_asking in sorted(sealing.glass.items()):
            for asking, used in sorted(by_asking.items()):
                first = min(used.asked.values(), key=lambda asked: asked.evidence.at, default=None)
                if first is None:
                    continue
                subject = f"incident/{first.evidence.id[:32]}"
                if node.memory.has_raised(subject, node.party):
                    continue
                account = (
                    f"{asking} asks the officers for the share of {party}, whose node it calls silent: "
                    f"{sealing.compartment} ({sealing.variant}) of {state.subject}, content {sealing.content[:16]}"
                )
                wanted.append((subject, IncidentRaised(about=asking, category="glass", account=account)))
    return wanted


def _vouched(node: Node, party: str, moment: int) -> bool:
    """Whether the receiver's own clock has come to the moment, as its witness signed; if not, it is asked.

    Our clock may have been set forward; theirs alone would be the word of whoever wants the share.
    """
    status = node.statuses[party]
    if status.vouched_at * 1000 >= moment:
        return True
    status.offered_size = 0
    status.wake.set()
    return False


def _receiving_key(node: Node, party: str, now: int) -> SealingPublicKey | None:
    """The key of the party's node that is destroyed first: what is released to it now is needed now."""
    lines = [line for line in key_lines(node, party).values() if line.destroyed is None and line.until > now]
    if not lines:
        return None
    return SealingPublicKey.from_text(min(lines, key=lambda line: (line.until, line.text)).text)


# --- reading the record -----------------------------------------------------------------------------------------------


def movement_state(node: Node, subject: str) -> MovementState:
    """The movement of that subject. Raises NotFound."""
    state = node.memory.state(subject)
    if not isinstance(state, MovementState):
        raise NotFound(f"no movement {subject[:80]!r} here")
    return state


def sealed_act(node: Node, sealing: Sealing) -> CompartmentSealed:
    """What was said when it was sealed: with the shares, which the state does not keep."""
    return node.memory.act(sealing.mark.id, CompartmentSealed)


def own_share(
    node: Node, state: MovementState, act: CompartmentSealed, private: Callable[[str], SealingKey | None]
) -> KeyShare:
    """This node's share of a content key; private: our sealing key of an id.

    Raises Unavailable without its key, CheckFailed if it does not fit.
    """
    share = next(share for share in act.shares if share.party == node.party)
    key = private(share.to)
    if key is None:
        raise Unavailable(f"sealing key {share.to[:16]} of {node.party} is not here: destroyed, or never was")
    return open_share(act, state.subject, node.party, key)
