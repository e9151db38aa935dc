"""An agreement under which information is shared, and how an actor's own machine shares an item."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from safeconduct.core.acts import Caveat, ItemOpened, ItemShared, offer
from safeconduct.core.agreement import InformationTerms, PartyTerms, Terms
from safeconduct.core.disclosure import ItemContent, ItemTerms, seal_item
from safeconduct.core.record import DAY_MS, party_of
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.node import items, queries
from safeconduct.node.access import Viewer
from safeconduct.node.append import Accepted
from safeconduct.node.items import ItemOpening
from safeconduct.testing.federation import START, Federation, key
from safeconduct.testing.sealing import counted, latest_keys, sealing_terms

# Who deals in information, at each party.
SHARER = {"host": "duty_officer", "sending": "security_manager"}
INFORMATION = InformationTerms(
    share=(*SHARER.values(), "escort_lead"),
    consent=tuple(SHARER.values()),
    recall=tuple(SHARER.values()),
    propose=tuple(SHARER.values()),
    sign=tuple(SHARER.values()),
    acknowledge_within="P2D",
    smallest_count=5,
)
_KINDS = (
    *("item.shared", "item.onward_allowed", "item.onward_refused", "item.recalled"),
    *("release.proposed", "release.signed", "release.refused", "release.withdrawn"),
)
UNTIL = (START // DAY_MS + 10) * DAY_MS


def information_terms(cards: Iterable[PartyTerms], **changed: object) -> Terms:
    """The small agreement with compartments, and with terms for information."""
    sealing = sealing_terms(cards)
    deals = {*INFORMATION.share}  # order-free: asked for membership alone
    roles = tuple(
        msgspec.structs.replace(role, may=(*role.may, *_KINDS)) if role.id in deals else role for role in sealing.roles
    )
    parts: dict[str, object] = {"roles": roles, "information": INFORMATION, **changed}
    return msgspec.structs.replace(sealing, **parts)


def item_of(
    terms: Terms,
    holders: dict[str, SealingPublicKey],
    content: ItemContent,
    *,
    subject: str,
    party: str,
    caveat: Caveat = "amber",
    recipients: tuple[str, ...] = ("sending/approver",),
    until: int = UNTIL,
    made_from: str | None = None,
    derived_from: tuple[str, ...] = (),
    seed: str = "",
) -> tuple[ItemShared, bytes]:
    """An item as its author's machine seals it. holders: the sealing keys of all parties."""
    named = {party, *(party_of(terms, name) or "" for name in recipients)}  # order-free: asked for membership alone
    return seal_item(
        content,
        ItemTerms(
            subject=subject,
            caveat=caveat,
            recipients=tuple(sorted(recipients)),
            until=until,
            kept_until=until + 20 * DAY_MS,
        ),
        holders={other: its_key for other, its_key in holders.items() if other in named},
        origin=party,
        made_from=made_from,
        derived_from=derived_from,
        randomness=counted(f"{subject}/{seed}"),
    )


async def share_as(
    federation: Federation,
    actor: str,
    subject: str,
    content: ItemContent,
    *,
    change: Callable[[ItemShared], ItemShared] | None = None,
    caveat: Caveat = "amber",
    recipients: tuple[str, ...] = ("sending/approver",),
    made_from: str | None = None,
    derived_from: tuple[str, ...] = (),
) -> tuple[ItemShared, Accepted]:
    """Share an item at an actor's own node. change: what a cheating author does before it is signed."""
    party = actor.split("/", 1)[0]
    node = federation.node(party)
    terms = node.terms()
    assert terms is not None
    act, box = item_of(
        terms,
        latest_keys(node),
        content,
        subject=subject,
        party=party,
        caveat=caveat,
        recipients=recipients,
        made_from=made_from,
        derived_from=derived_from,
    )
    said = change(act) if change is not None else act
    return said, await items.share_item(node, offer(queries.standing(node), actor, key(actor), subject, said), box)


def viewer_of(federation: Federation, actor: str) -> Viewer:
    """An actor as its own node sees it."""
    party, role = actor.split("/", 1)
    member = federation.node(party).memory.law.member(actor)
    return Viewer(actor, member.roles if member is not None else (role,))


async def open_item_as(federation: Federation, actor: str, subject: str, content: str) -> ItemOpening:
    """Open an item as an actor, at its own node."""
    node = federation.node(actor.split("/", 1)[0])
    envelope = offer(queries.standing(node), actor, key(actor), subject, ItemOpened(content=content))
    return await items.open_shared(node, viewer_of(federation, actor), envelope)


async def keep_items(federation: Federation, rounds: int = 3) -> None:
    """Let every node do with items what it does by itself, and the network carry it."""
    for _ in range(rounds):
        for node in list(federation.links.nodes.values()):
            node.items_at = 0
            await items.keep_items(node)
        await federation.sync(2)
