"""An agreement with compartments, and how an actor's own machine seals one and opens one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import msgspec

from safeconduct.core.acts import (
    CompartmentOpened,
    CompartmentSealed,
    MovementApproved,
    MovementRequested,
    PersonOpened,
    PersonRegistered,
    PersonSealed,
    offer,
)
from safeconduct.core.agreement import BreakGlass, Compartment, Dossiers, Officer, PartyTerms, Release, Terms
from safeconduct.core.disclosure import (
    Content,
    HeldDossier,
    Randomness,
    as_variant,
    dossier_commitment,
    seal_behind_glass,
    seal_dossier,
)
from safeconduct.core.record import terms_of
from safeconduct.core.sealing import OfflineKey, SealingPublicKey
from safeconduct.core.statement import digest
from safeconduct.node import access, custody, dossiers, orders, queries
from safeconduct.node.append import Accepted
from safeconduct.node.dossiers import OpenedDossier
from safeconduct.node.node import Node
from safeconduct.node.orders import Opened
from safeconduct.testing.federation import START, Federation, authority, key, small_terms
from safeconduct.testing.memory import settle
from safeconduct.testing.story import MOVEMENT, small_plan

BLURRED = "blurred-500m-15min"

COMPARTMENTS = (
    Compartment(
        id="rendezvous",
        name={"en": "rendezvous"},
        releases=(
            Release(role="escort_lead", opens="plan.earliest - PT2H"),
            Release(role="approver", opens="plan.earliest - PT1H"),
            Release(role="unit", opens="plan.earliest - PT30M", grade="blurred", metres=500, minutes=15),
            Release(role="duty_officer", opens="plan.earliest - PT3H", grade="existence"),
        ),
    ),
    Compartment(
        id="manifest",
        name={"en": "names"},
        releases=(Release(role="escort_lead", opens="plan.earliest - PT15M"),),
        kept="P7D",
    ),
)

# Who seals, beside what the small agreement lets everybody do.
_SEALS = "journey_manager"
_AUTHOR = f"sending/{_SEALS}"


def sealing_terms(cards: Iterable[PartyTerms], **changed: object) -> Terms:
    """The small agreement with two compartments."""
    small = small_terms(cards)
    roles = tuple(
        msgspec.structs.replace(role, may=(*role.may, "compartment.sealed")) if role.id == _SEALS else role
        for role in small.roles
    )
    parts: dict[str, object] = {"roles": roles, "compartments": COMPARTMENTS, **changed}
    return msgspec.structs.replace(small, **parts)


# Whoever gives pieces, and the key that is on no node; new in every run.
# The same ones in every process, or tests would have other names in each. They protect nothing.
OFFICERS = {
    name: OfflineKey(f"AGE-SECRET-KEY-1{rest}")
    for name, rest in (
        ("anna", "YWE30H4KGW5NKQXDH3LGZW795WSZTMH9XYQA50EGZLHZUW7NT68SKEAX2U"),
        ("bilal", "5NHLRATCXHF6H3S2EWL22AWC405H7A4Y8W6WX0YZVCVMEL8CGCDS490FGG"),
        ("chen", "CKQV6T000ZXZ3UP4STNQ3RYJX52K4V9T43ZGZN6VZAN7KE9EGE4QV2L5TE"),
    )
}

GLASS = tuple(
    BreakGlass(
        party=party,
        officers=tuple(
            Officer(id=name, name={"en": name}, party=of, key=OFFICERS[name].recipient)
            for name, of in (("anna", "host"), ("bilal", "sending"), ("chen", None))
        ),
        needed=2,
        delay="PT15M",
        asked_by=asked_by,
    )
    for party, asked_by in (("host", ("approver", "journey_manager")), ("sending", ("duty_officer", "escort_lead")))
)


def glass_terms(cards: Iterable[PartyTerms], **changed: object) -> Terms:
    """The same agreement with break-glass for both parties' shares."""
    terms = sealing_terms(cards)
    asks = {role for glass in GLASS for role in glass.asked_by}
    kinds = ("glass.asked", "glass.given", "glass.objected")
    roles = tuple(
        msgspec.structs.replace(role, may=(*role.may, *kinds)) if role.id in asks else role for role in terms.roles
    )
    parts: dict[str, object] = {"roles": roles, "break_glass": GLASS, **changed}
    return msgspec.structs.replace(terms, **parts)


# Who opens dossiers, on either side.
_OPENS = ("approver", "duty_officer")


def dossier_terms(cards: Iterable[PartyTerms], **changed: object) -> Terms:
    """The small agreement in which the node of the sending side keeps dossiers for sixty days."""
    small = small_terms(cards)
    more = {_SEALS: "person.sealed", **dict.fromkeys(_OPENS, "person.opened")}
    roles = tuple(
        msgspec.structs.replace(role, may=(*role.may, more[role.id])) if role.id in more else role
        for role in small.roles
    )
    parts: dict[str, object] = {"roles": roles, "dossiers": Dossiers(kept="P60D", opened_by=_OPENS[:1]), **changed}
    return msgspec.structs.replace(small, **parts)


async def register_as(federation: Federation, actor: str, subject: str, held: HeldDossier) -> Accepted:
    """Register a person whose dossier is this one."""
    act = PersonRegistered(group="engineers", dossier=dossier_commitment(subject, held))
    return await federation.say(actor, subject, act)


async def keep_dossier_as(
    federation: Federation,
    actor: str,
    subject: str,
    held: HeldDossier,
    until: int,
    *,
    holders: Iterable[str] = (),
    change: Callable[[PersonSealed], PersonSealed] | None = None,
) -> Accepted:
    """Seal a dossier on an actor's machine and hand it to its node.

    holders: parties that keep it beside the actor's. change: what a cheating author does to the statement.
    """
    node = federation.node(actor.split("/", 1)[0])
    keys = latest_keys(node, until)
    act, ciphertext = seal_dossier(
        held,
        subject=subject,
        until=until,
        holders={party: keys[party] for party in sorted({node.party, *holders})},
        randomness=counted(f"{subject}/{until}"),
    )
    said = change(act) if change is not None else act
    envelope = offer(queries.standing(node), actor, key(actor), subject, said)
    return await dossiers.keep_dossier(node, envelope, ciphertext)


async def show_dossier_as(
    federation: Federation, actor: str, subject: str, content: str, reason: str = "asked by the person"
) -> OpenedDossier:
    """Open a dossier as an actor, at its own node."""
    node = federation.node(actor.split("/", 1)[0])
    act = PersonOpened(content=content, reason=reason)
    envelope = offer(queries.standing(node), actor, key(actor), subject, act)
    return await dossiers.show_dossier(node, access.viewer(node, actor), envelope)


def counted(seed: str = "randomness") -> Randomness:
    """Bytes that nobody can guess who does not know the seed, the same ones in every run."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}/{count}".encode()).digest(size)

    return draw


def latest_keys(node: Node, least: int = 0) -> dict[str, SealingPublicKey]:
    """For every party the first of its sealing keys that lasts until `least`, as this node knows them."""
    return {
        party.party: SealingPublicKey.from_text(next(key.key for key in party.keys if key.until >= least))
        for party in orders.sealing_keys(node)
    }


async def seal_as(
    federation: Federation,
    actor: str,
    subject: str,
    compartment: str,
    content: Content,
    *,
    variant: str = "exact",
    change: Callable[[CompartmentSealed], CompartmentSealed] | None = None,
    randomness: Randomness | None = None,
) -> Accepted:
    """Seal one variant of a compartment on an actor's machine and hand it to its node.

    change: what a cheating author does to the statement before it is signed.
    """
    node = federation.node(actor.split("/", 1)[0])
    until = orders.order(node, authority(node), subject).kept_until[compartment]
    terms = terms_of(node.memory.law, custody.movement_state(node, subject))
    act, ciphertext, escrow = seal_behind_glass(
        as_variant(content, variant),
        subject=subject,
        compartment=compartment,
        variant=variant,
        holders=latest_keys(node, until),
        randomness=randomness if randomness is not None else counted(f"{subject}/{compartment}/{variant}"),
        agreement=terms.digest,
        break_glass=terms.break_glass,
    )
    said = change(act) if change is not None else act
    return await orders.seal_compartment(
        node, offer(queries.standing(node), actor, key(actor), subject, said), ciphertext, escrow
    )


# A part of an order: compartment, variant, content.
Part = tuple[str, str, Content]


async def asked_for(federation: Federation, terms: Terms | None = None, subjects: Iterable[str] = (MOVEMENT,)) -> None:
    """An agreement with compartments in force, sealing keys published, and movements asked for.

    terms: `sealing_terms` if left out.
    """
    await federation.agree(terms if terms is not None else sealing_terms(federation.cards.values()))
    await keep_custody(federation, 1)
    for subject in subjects:
        await federation.say(_AUTHOR, subject, MovementRequested(plan=small_plan()))
    await federation.sync()


async def sealed_movement(
    federation: Federation, *parts: Part, terms: Terms | None = None, subjects: Iterable[str] = (MOVEMENT,)
) -> None:
    """The same with these parts sealed for each movement, checked by both nodes, and both consents."""
    subjects = tuple(subjects)
    await asked_for(federation, terms, subjects)
    for subject in subjects:
        for compartment, variant, content in parts:
            await seal_as(federation, _AUTHOR, subject, compartment, content, variant=variant)
    await federation.sync()
    await keep_custody(federation)
    for subject in subjects:
        for actor in ("host/duty_officer", "sending/approver"):
            await federation.say(actor, subject, MovementApproved(plan=digest(small_plan())))
    await federation.sync()


async def come_to(federation: Federation, after_start: int, rounds: int = 3) -> None:
    """Time moves to so long (ms) after the start; nodes do with their shares what they do by themselves."""
    federation.clock.advance(START + after_start - federation.clock.now())
    await federation.sync()
    for _ in range(rounds):
        federation.clock.advance(1_000)
        await keep_custody(federation, 1)


def content_of(federation: Federation, variant: str = "exact", party: str = "host", subject: str = MOVEMENT) -> str:
    """The digest of the first content that is sealed so for a movement, as a party's node knows it."""
    node = federation.node(party)
    sealings = orders.order(node, authority(node), subject).sealings
    return next(sealing.content for sealing in sealings if sealing.variant == variant)


async def open_as(federation: Federation, actor: str, subject: str, content: str) -> Opened:
    """Open a content as an actor, at its own node."""
    node = federation.node(actor.split("/", 1)[0])
    envelope = offer(queries.standing(node), actor, key(actor), subject, CompartmentOpened(content=content))
    return await orders.open_compartment(node, access.viewer(node, actor), envelope)


async def keep_custody(federation: Federation, rounds: int = 3) -> None:
    """Let every node do with its shares what it does by itself, and the network carry it."""
    for _ in range(rounds):
        for node in list(federation.links.nodes.values()):
            node.custody_at = 0
            await custody.keep_custody(node)
        await federation.sync(2)
        await settle()
