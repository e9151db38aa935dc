"""Break-glass at the node: what it keeps for officers, and what it accepts from them.

Everything that opens by it is on this record first. That every request is an incident is in `custody.py`.
"""

from __future__ import annotations

from safeconduct.core.acts import CompartmentSealed, GlassGiven
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure import Escrow, KeyShare, require_escrow, share_of_pieces, take_piece
from safeconduct.core.record import MovementState, Sealing, glass_of, terms_of
from safeconduct.errors import CheckFailed, InputInvalid, Unavailable
from safeconduct.node.custody import movement_state, sealed_act
from safeconduct.node.node import Node


def escrow_of(node: Node, terms: Terms, act: CompartmentSealed) -> Escrow:
    """The pieces for officers of what was sealed. Raises Unavailable without them, CheckFailed for others."""
    data = node.vault.kept(act.escrow) if act.escrow is not None else None
    if data is None:
        raise Unavailable(f"the officers' pieces of {act.content[:16]} are not here")
    return require_escrow(act, terms.break_glass, data)


def require_given_piece(node: Node, subject: str, given: GlassGiven) -> None:
    """Raise CheckFailed or InputInvalid for a piece that is not the officer's, or not for a key of this node."""
    state = movement_state(node, subject)
    sealing = state.sealings.get(given.content)
    if sealing is None:
        raise InputInvalid(f"no content {given.content[:16]} was sealed for this movement")
    _piece(node, state, sealing, given)


def share_by_glass(node: Node, state: MovementState, sealing: Sealing, party: str) -> KeyShare:
    """A silent party's share, from the pieces that its officers gave to this node."""
    given = glass_of(sealing, party, node.party).given.values()
    pieces = [_piece(node, state, sealing, node.memory.act(evidence.id, GlassGiven)) for evidence in given]
    return share_of_pieces(sealed_act(node, sealing), party, pieces)


def _piece(node: Node, state: MovementState, sealing: Sealing, given: GlassGiven) -> bytes:
    escrow = escrow_of(node, terms_of(node.memory.law, state), sealed_act(node, sealing))
    key = node.vault.key(given.to)
    if key is None:
        raise CheckFailed(f"expected a piece that is sealed to a key of {node.party}, got one for {given.to[:16]}")
    return take_piece(escrow, state.subject, given, node.party, key)
