"""Before a sanitised item is shared: what leads from it to its source, by all that its receivers hold.

Only what the asking actor has shared or opened on the record is read for it (asked-first).
"""

from __future__ import annotations

import msgspec

from safeconduct.core.disclosure import Held, ItemContent, Overlap, overlaps
from safeconduct.core.record import ItemState, MovementState, party_of
from safeconduct.errors import CheckFailed, NotFound, Refused, Unavailable
from safeconduct.node.access import Viewer
from safeconduct.node.items import all_items, not_found, require_shown, seen, words_of
from safeconduct.node.limits import PAGE_MAX
from safeconduct.node.node import Node
from safeconduct.node.orders import obtain
from safeconduct.node.sight import Sight


class CheckAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sanitised item that is about to be shared. recipients, metres, minutes: as it will be."""

    source: str
    content: ItemContent
    recipients: tuple[str, ...]
    metres: int | None = None
    minutes: int | None = None


class CheckFound(msgspec.Struct, frozen=True, kw_only=True):
    """What leads from it to its source.

    compared: how many things that the receivers hold were read for it. unread: how many more they hold of which the
    viewer may know, but which it has not opened, or which do not open any more.
    """

    overlaps: tuple[Overlap, ...]
    compared: int
    unread: int


async def check_item(node: Node, viewer: Viewer, asked: CheckAsked) -> CheckFound:
    """Compare a sanitised item with its source and with what its receivers hold.

    Only what the viewer has shared or opened on the record is read for it (asked-first).
    Raises NotFound for a source that the viewer may not be shown, Refused for one that it has not opened.
    """
    state, sight = seen(node, viewer, asked.source)
    if sight != "words":
        raise not_found(asked.source)
    if not _has_read(state, viewer):
        raise Refused("not_opened", "a source is compared for whoever shared it, or has opened it before")
    require_shown(node, state)
    terms = node.terms()
    parties = (
        {party_of(terms, name) or "" for name in asked.recipients} if terms is not None else set()
    )  # order-free: membership
    held, unread = _held_items(node, viewer, state, parties)
    of_orders, unread_orders = await _held_orders(node, viewer, parties)
    found = overlaps(
        asked.content, words_of(node, state), [*held, *of_orders], metres=asked.metres, minutes=asked.minutes
    )
    return CheckFound(overlaps=found, compared=len(held) + len(of_orders), unread=unread + unread_orders)


def _has_read(state: ItemState, viewer: Viewer) -> bool:
    return viewer.actor == state.shared.actor or viewer.actor in state.opened


def _held_items(node: Node, viewer: Viewer, source: ItemState, parties: set[str]) -> tuple[list[Held], int]:
    sight, held, unread = Sight(node, viewer), [], 0
    for state in all_items(node):
        if state.subject == source.subject or not parties & set(state.keyed):
            continue
        shown = sight.item(state)
        if shown == "nothing":
            continue
        try:
            content = words_of(node, state) if shown == "words" and _has_read(state, viewer) else None
        except (Unavailable, CheckFailed):
            content = None
        if content is None:
            unread += 1
            continue
        text = f"{content.title}\n{content.text or ''}"
        held.append(Held(what=state.subject, text=text, at=content.at, places=content.places))
    return held, unread


async def _held_orders(node: Node, viewer: Viewer, parties: set[str]) -> tuple[list[Held], int]:
    """The compartments that were released to these parties, of those that the viewer may know of."""
    sight, held, unread = Sight(node, viewer), [], 0
    for stored in node.store.subjects("movement/", before=None, limit=PAGE_MAX):
        state = node.memory.state(stored.subject)
        if not isinstance(state, MovementState) or sight.is_hidden(state.subject):
            continue
        known = sight.sealings(state.subject)
        for sealing in state.sealings.values():
            if not parties & {sealing.mark.party, *sealing.released} or not known[sealing.content].itself:
                continue
            if viewer.actor not in sealing.opened:
                unread += 1
                continue
            try:
                content = await obtain(node, state, sealing)
            except (Unavailable, NotFound, CheckFailed):
                unread += 1
                continue
            what = f"{state.subject} {sealing.compartment}"
            held.append(Held(what=what, text=content.text or "", at=content.at, places=content.places))
    return held, unread
