"""What people ask of information with caveats: what there is for them, who holds what, who has confirmed a recall.

What somebody may know of is decided by `node/sight.py` alone; of everything else the answer is the same as of
what is not there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Literal

import msgspec

from safeconduct.core.acts import Caveat
from safeconduct.core.disclosure import ItemSight, open_link
from safeconduct.core.record import ItemState, Onward, awaited, openers, originator, unconfirmed
from safeconduct.errors import CheckFailed, InputInvalid
from safeconduct.node.access import Viewer
from safeconduct.node.items import all_items, item_state, not_found, seen, shared_act
from safeconduct.node.limits import PAGE_MAX
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight

logger = logging.getLogger(__name__)

ItemStanding = Literal["shown", "expired", "recalled"]
OnwardStanding = Literal["asked", "allowed", "refused", "passed"]


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line in the list of items.

    sight: `terms` for who answers for it without being a recipient. opened_at, acknowledged_at: by the viewer.
    recalled_at, reason, acknowledge_by: of its recall. asks: requests to pass it on that wait for the viewer's party.
    """

    subject: str
    caveat: Caveat
    content: str
    shared_by: str
    shared_at: int
    recipients: tuple[str, ...]
    until: int
    kept_until: int
    standing: ItemStanding
    sight: ItemSight
    opened_at: int | None
    recalled_at: int | None
    reason: str | None
    acknowledge_by: int | None
    acknowledged_at: int | None
    asks: int


class OnwardView(msgspec.Struct, frozen=True, kw_only=True):
    """A request to pass an item on. at: when it came to stand so, ms."""

    asker: str
    to: str
    reason: str
    standing: OnwardStanding
    at: int


class ItemPage(msgspec.Struct, frozen=True, kw_only=True):
    """One item, without its words.

    onward, passed: all of them for its originator's side and for who sees all, else the viewer's own. passed: to whom →
    when, ms. withdrawn: to whom it was passed on, and a refusal took that back.
    """

    row: ItemRow
    agreement: str
    derived_from: tuple[str, ...]
    onward: tuple[OnwardView, ...]
    passed: dict[str, int]
    withdrawn: tuple[str, ...]


class HolderActor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was shown an item. acknowledged_at: None while the recall is not acknowledged, ms."""

    actor: str
    opened_at: int
    acknowledged_at: int | None


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A party whose node has the key of an item. destroyed_at: when its node said that its copy is gone, ms."""

    party: str
    destroyed_at: int | None
    actors: tuple[HolderActor, ...]
    confirmed: bool


class DerivedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item made from this one. is_twin: by a link that only this node can open. shared: whether it is on the record.

    unconfirmed: parties that have not confirmed its own recall; all its holders while it has not been recalled.
    """

    subject: str
    by: str
    caveat: Caveat
    is_twin: bool
    shared: bool
    recalled: bool
    unconfirmed: tuple[str, ...]


class HoldersPage(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds an item, who opened it when, and who has confirmed its recall. unconfirmed: parties that have not."""

    subject: str
    recalled_at: int | None
    reason: str | None
    acknowledge_by: int | None
    holders: tuple[Holder, ...]
    unconfirmed: tuple[str, ...]
    derived: tuple[DerivedItem, ...]


def list_items(node: Node, viewer: Viewer, *, limit: int = PAGE_MAX) -> list[ItemRow]:
    """The items that concern the viewer, those last spoken of first."""
    sight, found = Sight(node, viewer), []
    for state in all_items(node):
        shown = sight.item(state)
        if shown != "nothing":
            found.append(_row(node, sight, state, shown))
        if len(found) >= min(limit, PAGE_MAX):
            break
    return found


def one_item(node: Node, viewer: Viewer, subject: str) -> ItemPage:
    """One item that concerns the viewer. Raises NotFound, also for what the viewer may not know of."""
    state, shown = seen(node, viewer, subject)
    sight = Sight(node, viewer)
    is_all = viewer.actor == state.shared.actor or sight.answers_for(state) or sight.sees_all
    onward = [
        _onward(asker, to, one)
        for asker, by_to in sorted(state.onward.items())
        for to, one in sorted(by_to.items())
        if is_all or asker == viewer.actor
    ]
    passed = {to: one for to, one in sorted(state.passed.items()) if is_all or one.by == viewer.actor}
    return ItemPage(
        row=_row(node, sight, state, shown),
        agreement=state.agreement,
        derived_from=state.derived_from,
        onward=tuple(onward),
        passed={to: one.evidence.at for to, one in passed.items()},
        withdrawn=tuple(to for to, one in passed.items() if one.withdrawn),
    )


def holders(node: Node, viewer: Viewer, subject: str) -> HoldersPage:
    """Who holds an item. Raises NotFound for everybody but who shared it, who answers for it and who sees all.

    Only to the former two what this node's own links lead to: which twin an item has is sealed, and no auditor's.
    """
    state, _ = seen(node, viewer, subject)
    sight = Sight(node, viewer)
    answers = viewer.actor == state.shared.actor or sight.answers_for(state)
    if not answers and not sight.sees_all:
        raise not_found(subject)
    recalled = state.recalled
    return HoldersPage(
        subject=subject,
        recalled_at=recalled.mark.t if recalled is not None else None,
        reason=recalled.reason if recalled is not None else None,
        acknowledge_by=recalled.acknowledge_by if recalled is not None else None,
        holders=tuple(_holder(state, party) for party in sorted(state.keyed)),
        unconfirmed=unconfirmed(state) if recalled is not None else (),
        derived=tuple(_derived(node, state, links=answers)),
    )


def _row(node: Node, sight: Sight, state: ItemState, shown: ItemSight) -> ItemRow:
    recalled = state.recalled
    opened, acknowledged = state.opened.get(sight.who.actor), state.acknowledged.get(sight.who.actor)
    standing: ItemStanding = "recalled" if recalled is not None else "shown"
    if recalled is None and node.clock.now() >= state.until:
        standing = "expired"
    waiting = [one for by_to in state.onward.values() for one in by_to.values() if _stands(one) == "asked"]
    return ItemRow(
        subject=state.subject,
        caveat=state.caveat,
        content=state.content,
        shared_by=state.shared.actor,
        shared_at=state.shared.t,
        recipients=state.recipients,
        until=state.until,
        kept_until=state.kept_until,
        standing=standing,
        sight=shown,
        opened_at=opened.at if opened is not None else None,
        recalled_at=recalled.mark.t if recalled is not None else None,
        reason=recalled.reason if recalled is not None else None,
        acknowledge_by=recalled.acknowledge_by if recalled is not None else None,
        acknowledged_at=acknowledged.at if acknowledged is not None else None,
        asks=len(waiting) if sight.answers_for(state) else 0,
    )


def _stands(onward: Onward) -> OnwardStanding:
    if onward.refused is not None:
        return "refused"
    if onward.passed is not None:
        return "passed"
    return "allowed" if onward.allowed is not None else "asked"


def _onward(asker: str, to: str, onward: Onward) -> OnwardView:
    standing = _stands(onward)
    at = {
        "asked": onward.asked.at,
        "allowed": onward.allowed.at if onward.allowed is not None else 0,
        "refused": onward.refused.at if onward.refused is not None else 0,
        "passed": onward.passed.t if onward.passed is not None else 0,
    }[standing]
    return OnwardView(asker=asker, to=to, reason=onward.reason, standing=standing, at=at)


def _holder(state: ItemState, party: str) -> Holder:
    destroyed = state.destroyed.get(party)
    actors = []
    for actor in openers(state, party):
        acknowledged = state.acknowledged.get(actor)
        actors.append(
            HolderActor(
                actor=actor,
                opened_at=state.opened[actor].at,
                acknowledged_at=acknowledged.at if acknowledged is not None else None,
            )
        )
    return Holder(
        party=party,
        destroyed_at=destroyed.at if destroyed is not None else None,
        actors=tuple(actors),
        confirmed=state.recalled is not None and party in awaited(state) and party not in unconfirmed(state),
    )


def _derived(node: Node, state: ItemState, *, links: bool) -> Iterator[DerivedItem]:
    """Items made from this one: those that were said to be, and with `links` those that this node's own lead to."""
    for name, derived in sorted(state.derived.items()):
        made = item_state(node, f"item/{name}")
        yield _derived_item(f"item/{name}", derived.mark.actor, derived.caveat, made, is_twin=False)
    if not links or node.party != originator(state):
        return
    for other in sorted(all_items(node), key=lambda one: one.subject):
        if originator(other) == node.party and _made_from(node, other) == state.content:
            yield _derived_item(other.subject, other.shared.actor, other.caveat, other, is_twin=True)


def _derived_item(subject: str, by: str, caveat: Caveat, made: ItemState | None, *, is_twin: bool) -> DerivedItem:
    recalled = made is not None and made.recalled is not None
    return DerivedItem(
        subject=subject,
        by=by,
        caveat=caveat,
        is_twin=is_twin,
        shared=made is not None,
        recalled=recalled,
        unconfirmed=(unconfirmed(made) if recalled else awaited(made)) if made is not None else (),
    )


def _made_from(node: Node, state: ItemState) -> str | None:
    """Digest of the content that an own item was made from; None if from nothing, or once the key is destroyed."""
    act = shared_act(node, state)
    private = node.vault.key(next(key.to for key in act.keys if key.party == node.party))
    try:
        return open_link(act, state.subject, private) if private is not None else None
    except (CheckFailed, InputInvalid) as error:
        logger.warning("the link of %s does not open: %s", state.subject, error)
        return None
