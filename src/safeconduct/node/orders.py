"""What people do with the sealed parts of an order: seal them, look at who is due what, open them."""

from __future__ import annotations

import msgspec

from safeconduct.core.acts import CompartmentOpened, CompartmentReleased, CompartmentSealed
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure import (
    Beholder,
    Content,
    Seen,
    open_content,
    require_ciphertext,
    require_escrow,
    take_over,
)
from safeconduct.core.record import (
    MovementState,
    Sealing,
    due_to_party,
    gives_from,
    has_pieces,
    in_force,
    kept_until,
    opens_at,
    terms_of,
    variants,
)
from safeconduct.errors import InputInvalid, NotAllowed, Unavailable
from safeconduct.node.access import Viewer
from safeconduct.node.append import Accepted, submit
from safeconduct.node.commands import read_offer, require_size
from safeconduct.node.custody import ciphertext, key_lines, movement_state, own_share, sealed_act
from safeconduct.node.forgetting import forgotten_sealing
from safeconduct.node.glass import share_by_glass
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight, require_effect, require_leave


class PublishedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that can be sealed to. key: base64. until: ms. statement: in which its node published it."""

    key: str
    until: int
    statement: str


class SealingKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that an author may seal to for a party's node, by their end."""

    party: str
    keys: tuple[PublishedKey, ...]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """Content that was opened, and the statement that says so."""

    statement: Accepted
    compartment: str
    variant: str
    content: Content


async def seal_compartment(node: Node, envelope: bytes, sealed: bytes, escrow: bytes | None = None) -> Accepted:
    """Keep a ciphertext and log the statement that names it, signed by an actor of this party.

    sealed: the ciphertext. escrow: the officers' pieces, if the agreement asks them.

    Raises CheckFailed for another ciphertext, LimitExceeded for too much of it, else as `commands.say`.
    """
    signed, act = read_offer(node, envelope)
    if not isinstance(act, CompartmentSealed):
        raise InputInvalid(f"expected a statement compartment.sealed, got {signed.statement.kind}")
    require_size(sealed)
    require_ciphertext(act, sealed)
    require_effect(node, signed, act)
    if act.escrow is not None:
        state = movement_state(node, signed.statement.subject)
        require_escrow(act, terms_of(node.memory.law, state).break_glass, escrow or b"")
        node.vault.keep(act.escrow, escrow or b"")
    node.vault.keep(act.content, sealed)
    return await submit(node, signed, act)


async def open_compartment(node: Node, viewer: Viewer, envelope: bytes) -> Opened:
    """Log that an actor of this party opens a compartment, and only then give it what it says.

    viewer: who asks. The statement alone is not enough: once it is on the record, everybody has it.
    Raises Refused before its moment, or for an actor whom it does not open for; NotAllowed for somebody else's
    statement; Unavailable while the ciphertext is on no node; NotFound once it is forgotten; CheckFailed if its author
    sealed it wrongly.
    """
    signed, act = read_offer(node, envelope)
    if signed.statement.actor != viewer.actor:
        raise NotAllowed("a compartment is shown to the actor who signed its opening, got another")
    if not isinstance(act, CompartmentOpened):
        raise InputInvalid(f"expected a statement compartment.opened, got {signed.statement.kind}")
    # INVARIANT (asked-first): nothing is put together before the record has said yes. INVARIANT (one-sight): what the
    # viewer may not know of is refused like what is not there.
    require_leave(node, signed, act)
    state = movement_state(node, signed.statement.subject)
    sealing = state.sealings[act.content]
    content = await obtain(node, state, sealing)
    accepted = await submit(node, signed, act)
    return Opened(statement=accepted, compartment=sealing.compartment, variant=sealing.variant, content=content)


def sealing_keys(node: Node) -> list[SealingKeys]:
    """For every party the keys that can still be sealed to."""
    now = node.clock.now()
    found = []
    for party in sorted(node.cards):
        lines = [line for line in key_lines(node, party).values() if line.destroyed is None and line.until > now]
        keys = [PublishedKey(key=line.text, until=line.until, statement=line.published.id) for line in lines]
        found.append(SealingKeys(party=party, keys=tuple(sorted(keys, key=lambda key: (key.until, key.key)))))
    return found


class GlassView(msgspec.Struct, frozen=True, kw_only=True):
    """What party `asking` asked and got of the share of `party`.

    asked: actor → when, ms. reasons: actor → why. gives_from: from when on officers give, ms; None while too few have
    asked. given: officer → when. objected: when the party objected last.
    """

    party: str
    asking: str
    asked: dict[str, int]
    reasons: dict[str, str]
    gives_from: int | None
    given: dict[str, int]
    objected: int | None


class SealingView(msgspec.Struct, frozen=True, kw_only=True):
    """One sealing of a movement's order, as much of it as its viewer may know.

    opens: role → when it opens for it. released: party → when the last of the other parties gave it its share, ms;
    None while one is missing; for whoever is no auditor the own party alone, once it has opened for a role of theirs.
    opened: actor → when first. told: whom → when first. Both for whoever is no auditor of themselves alone. size,
    checked, glass: None or empty for whoever may not see it.
    forgotten: every key that could open it is destroyed, and the ciphertext is gone.
    slots: digest of the slot list whose slots its words name; None if they name none.
    """

    compartment: str
    variant: str
    content: str
    size: int | None
    sealed_by: str
    sealed_at: int
    in_force: bool
    replaced: bool
    checked: dict[str, bool]
    opens: dict[str, int]
    released: dict[str, int | None]
    opened: dict[str, int]
    told: dict[str, int]
    glass: tuple[GlassView, ...] = ()
    forgotten: bool = False
    slots: str | None = None


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed of a movement, as far as its viewer may know.

    asked: compartment → variants that the agreement releases, sealed or not. kept_until: compartment → until when it
    must stay openable, ms. opens_for_you: compartment → from when on the viewer is due to know of it, ms; None while
    that hangs on a report. These three come from the agreement and the plan alone. there: compartments of which the
    viewer knows that something is sealed in them. sees_all: whether the viewer is shown everything.
    """

    subject: str
    agreement: str
    asked: dict[str, tuple[str, ...]]
    kept_until: dict[str, int]
    opens_for_you: dict[str, int | None]
    there: tuple[str, ...]
    sealings: tuple[SealingView, ...]
    sees_all: bool


def order(node: Node, viewer: Viewer, subject: str) -> OrderView:
    """What the viewer may know of what is sealed of a movement. Raises NotFound."""
    sight = Sight(node, viewer)
    state = sight.movement(subject)
    terms = terms_of(node.memory.law, state)
    asked = {c.id: found for c in terms.compartments if (found := variants(terms, c.id))}
    known = sight.sealings(subject)
    return OrderView(
        subject=subject,
        agreement=state.agreement,
        asked=asked,
        kept_until={compartment: kept_until(terms, state, compartment) for compartment in asked},
        opens_for_you=sight.opens_for_you(state),
        there=tuple(sorted({state.sealings[content].compartment for content, one in known.items() if one.exists})),
        sealings=tuple(
            _view(node, terms, state, state.sealings[content], one, sight.who)
            for content, one in known.items()
            if one.itself
        ),
        sees_all=sight.sees_all,
    )


def _view(node: Node, terms: Terms, state: MovementState, sealing: Sealing, known: Seen, who: Beholder) -> SealingView:
    moments = (
        (role.id, opens_at(terms, state, [role.id], sealing.compartment, sealing.variant)) for role in terms.roles
    )
    parties = [party.id for party in terms.parties]
    given = {party: sealing.released.get(party, {}) for party in parties if known.all or party == who.party}
    told = {
        to: [e.at for by, e in speakers.items() if known.all or who.actor in (to, by)]
        for to, speakers in sealing.told.items()
    }
    return SealingView(
        compartment=sealing.compartment,
        variant=sealing.variant,
        content=sealing.content,
        size=sealing.size if known.all else None,
        sealed_by=sealing.mark.actor,
        sealed_at=sealing.mark.t,
        in_force=in_force(terms, sealing),
        replaced=sealing.replaced,
        checked=dict(sealing.checked) if known.checks else {},
        opens={role: moment for role, moment in moments if moment is not None},
        released={
            party: max(e.at for e in shares.values()) if len(shares) == len(parties) - 1 else None
            for party, shares in given.items()
            if known.share and due_to_party(terms, state, party, sealing) is not None
        },
        opened={actor: e.at for actor, e in sealing.opened.items() if known.all or actor == who.actor},
        told={to: min(times) for to, times in told.items() if times},
        glass=_glass(terms, state, sealing) if known.glass else (),
        forgotten=node.vault.kept(sealing.content) is None and forgotten_sealing(node.memory, sealing),
        slots=sealing.slots,
    )


def _glass(terms: Terms, state: MovementState, sealing: Sealing) -> tuple[GlassView, ...]:
    return tuple(
        GlassView(
            party=party,
            asking=asking,
            asked={actor: asked.evidence.at for actor, asked in used.asked.items()},
            reasons={actor: asked.reason for actor, asked in used.asked.items()},
            gives_from=gives_from(terms, state, sealing, party, asking),
            given={officer: evidence.at for officer, evidence in used.given.items()},
            objected=used.objected.at if used.objected is not None else None,
        )
        for party, by_asking in sealing.glass.items()
        for asking, used in by_asking.items()
    )


async def obtain(node: Node, state: MovementState, sealing: Sealing) -> Content:
    """What was sealed, for whom the record has said yes already (asked-first).

    Raises Unavailable, CheckFailed; NotFound for what is forgotten.
    """
    act = sealed_act(node, sealing)
    sealed = await ciphertext(node, sealing, sealing.content)
    shares = {node.party: own_share(node, state, act, node.vault.key)}
    for giver, evidence in sealing.released.get(node.party, {}).items():
        released = node.memory.act(evidence.id, CompartmentReleased)
        key = node.vault.key(released.to)
        if key is None:
            raise Unavailable(f"the sealing key to which {giver} gave its share is no more")
        shares[giver] = take_over(act, state.subject, giver, released, key)
    for party in sealing.glass:
        # Released after all, or by enough of its officers: the record has said yes to one of the two.
        if party not in shares and has_pieces(terms_of(node.memory.law, state), sealing, party, node.party):
            shares[party] = share_by_glass(node, state, sealing, party)
    return open_content(act, state.subject, sealed, shares)
