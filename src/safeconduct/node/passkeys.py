"""Passkeys of people at the console: kept here, for looking alone. No passkey signs anything (decisions 6 and 21).

docs/spec/access.md ACC-10 to ACC-16.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from safeconduct.errors import InputInvalid, LimitExceeded, NotAllowed, NotFound, NotIdentified
from safeconduct.node import access
from safeconduct.node.access import Viewer
from safeconduct.node.limits import PASSKEYS_MAX
from safeconduct.node.node import Node
from safeconduct.node.ports import Passkey


def passkeys_of(node: Node, viewer: Viewer) -> Sequence[Passkey]:
    """The viewer's own passkeys, oldest first, those of an earlier enrolment too."""
    return node.store.passkeys(viewer.actor)


def handle_of(node: Node, actor: str) -> bytes:
    """What a device knows the actor by: 32 bytes that say nothing. Another one after the actor is enrolled anew."""
    return hashlib.sha256(f"passkey\0{actor}\0{access.enrolment(node, actor)}".encode()).digest()


async def add_passkey(
    node: Node, viewer: Viewer, *, credential: bytes, key: bytes, count: int, host: str, label: str
) -> Passkey:
    """Keep a passkey that the edge has checked, for the viewer's present enrolment.

    Raises LimitExceeded for one too many, InputInvalid for a credential that is here already, whosever it is.
    """
    async with node.writing:
        if node.store.passkey(credential) is not None:
            raise InputInvalid("expected a new passkey, got one that is known here")
        if len(node.store.passkeys(viewer.actor)) >= PASSKEYS_MAX:
            raise LimitExceeded(f"an actor has at most {PASSKEYS_MAX} passkeys here: remove one first")
        passkey = Passkey(
            credential=credential,
            actor=viewer.actor,
            enrolment=access.enrolment(node, viewer.actor),
            host=host,
            label=label,
            key=key,
            count=count,
            added=node.clock.now(),
        )
        node.store.put_passkey(passkey)
    return passkey


async def remove_passkey(node: Node, viewer: Viewer, credential: bytes) -> None:
    """Forget one of the viewer's own passkeys. Raises NotFound for any other."""
    async with node.writing:
        known = node.store.passkey(credential)
        if known is None or known.actor != viewer.actor:
            raise NotFound("no such passkey here")
        node.store.remove_passkey(credential)


def is_of_present_enrolment(node: Node, passkey: Passkey) -> bool:
    """Whether its actor is enrolled as it was when the passkey was added: only then it opens anything."""
    try:
        return access.enrolment(node, passkey.actor) == passkey.enrolment
    except NotAllowed:
        return False


def known_passkey(node: Node, credential: bytes) -> Passkey:
    """The passkey of a credential, whose actor is enrolled as it was when it was added.

    Raises NotIdentified for an unknown one and for one of an earlier enrolment, NotAllowed once its actor is revoked.
    """
    known = node.store.passkey(credential)
    if known is None:
        raise NotIdentified("expected a passkey that was added here, got another")
    # INVARIANT (same-enrolment): whoever is enrolled anew under an old name adds a passkey anew.
    if access.enrolment(node, known.actor) != known.enrolment:
        raise NotIdentified("expected a passkey of the present enrolment, got one of an earlier one: add it anew")
    return known


async def count_use(node: Node, passkey: Passkey, count: int) -> None:
    """Keep how far the device has counted, before anybody is let in by it.

    Raises NotIdentified if the same touch, or a later one, was counted meanwhile: two devices hold one key then.
    """
    async with node.writing:
        now = known_passkey(node, passkey.credential)
        if count <= now.count and (count or now.count):
            raise NotIdentified(f"expected a passkey that has counted beyond {now.count}, got {count}: it was copied")
        node.store.put_passkey(msgspec.structs.replace(now, count=count, used=node.clock.now()))
