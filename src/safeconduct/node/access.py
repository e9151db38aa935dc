"""Who is asking, and what they may see. Every edge asks here before it asks for anybody."""

from __future__ import annotations

import msgspec

from safeconduct.core.identity import PublicKey
from safeconduct.errors import NotAllowed
from safeconduct.node.node import Node


class Viewer(msgspec.Struct, frozen=True):
    """Somebody of this party who has proved to hold a key. roles: `authority` for the holder of the root key."""

    actor: str
    roles: tuple[str, ...]


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """A session at the console, as its screen tells of it; every time in ms.

    tag: tells it from the actor's others, and opens nothing. by: `link` or `passkey`. touched: when a person asked for
    something last. locks: when it is locked if nobody does. ends: when it ends whatever happens. fresh_until: till then
    what is sensitive is shown without a passkey or a link anew.
    """

    actor: str
    tag: str
    by: str
    begun: int
    touched: int
    locks: int
    ends: int
    fresh_until: int


def key_of_actor(node: Node, actor: str) -> PublicKey:
    """The key by which an actor of this party is known, to check a request that claims to come from it.

    Raises NotAllowed for anybody who is not enrolled here now.
    """
    if actor == f"{node.party}/authority":
        return node.memory.anchors[node.party].root
    member = node.memory.law.member(actor)
    if member is None or not actor.startswith(f"{node.party}/"):
        raise NotAllowed(f"an actor enrolled by {node.party}, got {actor[:80]!r}")
    key = node.memory.key_books[node.party].key(member.key_id)
    if key is None:
        raise NotAllowed(f"an actor with a known key, got {actor[:80]!r}")
    return key


def enrolment(node: Node, actor: str) -> str:
    """Id of the key by which an actor of this party is enrolled now. Raises NotAllowed for one that is not."""
    return key_of_actor(node, actor).key_id


def viewer(node: Node, actor: str) -> Viewer:
    """The viewer that an actor is whose request has been checked. Raises NotAllowed once it is revoked."""
    if actor == f"{node.party}/authority":
        return Viewer(actor, ("authority",))
    member = node.memory.law.member(actor)
    if member is None:
        raise NotAllowed(f"{actor} is no longer enrolled")
    return Viewer(actor, member.roles)


def require_authority(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer holds the party's root key."""
    if viewer.roles != ("authority",):
        raise NotAllowed("only the party's authority may do this")


def key_of_peer(node: Node, party: str) -> PublicKey:
    """The node key by which a peer's requests are checked. Raises NotAllowed for a stranger."""
    node.require_peer(party)
    return node.memory.anchors[party].node
