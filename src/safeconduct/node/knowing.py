"""What an inquiry asks after an incident: who could have known a sealed part of an order, and who several."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safeconduct.core.disclosure import Common, Knower, common, knew
from safeconduct.core.record import Enrolments, MovementState, terms_of
from safeconduct.errors import InputInvalid
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may have known. before: ms; None for the departure, or now if there was none."""

    subject: str
    compartment: str
    before: int | None = None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Who could have known a fact before its moment, ms.

    is_departure: whether that is when the movement departed. is_sealed: whether it was ever sealed.
    """

    subject: str
    compartment: str
    before: int
    is_departure: bool
    is_sealed: bool
    knowers: tuple[Knower, ...]


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """Several facts, and who could have known all of them; nobody in common for a single one."""

    facts: tuple[Known, ...]
    common: tuple[Common, ...]


def inquire(node: Node, viewer: Viewer, facts: Sequence[Fact]) -> Inquiry:
    """Who could have known each fact, and all of them. For auditors and the authority.

    Raises NotAllowed for anybody else; NotFound; InputInvalid for no such compartment.
    """
    sight = Sight(node, viewer)
    sight.require_all("who knew")
    enrolments = node.memory.law.enrolments()
    known = tuple(_known(node, sight.movement(fact.subject), fact, enrolments) for fact in facts)
    return Inquiry(facts=known, common=common([one.knowers for one in known]) if len(known) > 1 else ())


def who_knew(node: Node, viewer: Viewer, subject: str) -> tuple[Known, ...]:
    """Every compartment that was sealed of a movement, before its departure, or now. Raises as `inquire`."""
    sight = Sight(node, viewer)
    sight.require_all("who knew")
    state = sight.movement(subject)
    sealed = sorted({sealing.compartment for sealing in state.sealings.values()})
    return inquire(node, viewer, [Fact(subject=subject, compartment=compartment) for compartment in sealed]).facts


def agreement_of(node: Node, viewer: Viewer, subject: str) -> str:
    """Digest of the agreement that a movement was asked for under. Raises NotFound."""
    return Sight(node, viewer).movement(subject).agreement


def _known(node: Node, state: MovementState, fact: Fact, enrolments: Enrolments) -> Known:
    terms = terms_of(node.memory.law, state)
    if terms.compartment(fact.compartment) is None:
        names = ", ".join(known.id for known in terms.compartments) or "none"
        raise InputInvalid(f"expected a compartment of the agreement ({names}), got {fact.compartment[:40]}")
    departed = state.departed.t if state.departed is not None else None
    before = fact.before if fact.before is not None else departed if departed is not None else node.clock.now()
    return Known(
        subject=fact.subject,
        compartment=fact.compartment,
        before=before,
        is_departure=before == departed,
        is_sealed=any(sealing.compartment == fact.compartment for sealing in state.sealings.values()),
        knowers=knew(terms, state, enrolments, fact.compartment, before),
    )
