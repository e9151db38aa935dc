"""What somebody may know of what is sealed, when: the one decision behind every screen, file, count and refusal.

docs/spec/sight.md SIGHT-1 to SIGHT-12. It looks at who asks, at the agreement and at the movement, and never at what
was sealed. Who asks is one of the own people of the node that answers: nodes themselves are told everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import msgspec

from safeconduct.core.agreement import Clause, Terms
from safeconduct.core.record import OPENS_IN, MovementState, Sealing, known_from, opens_at, phase_at
from safeconduct.core.statement import encode

# Clauses that look at what is sealed are told by these first words of the events that they name.
_SEALED_EVENTS = ("compartment.", "glass.")


class Beholder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who looks. roles: that count for the own party. sees_all: an auditor, or the party's authority."""

    actor: str
    party: str
    roles: tuple[str, ...]
    sees_all: bool = False


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may know of one sealing, each word on its own.

    exists: that something is sealed in its compartment. itself: its variant, its content's digest, who sealed it when,
    whether it is in force. checks: what each node made of its share. share: whether the own party has all shares.
    glass: what was asked and given of break-glass. all: whatever the record has of it.
    """

    exists: bool = False
    itself: bool = False
    checks: bool = False
    share: bool = False
    glass: bool = False
    all: bool = False


NOTHING = Seen()
EVERYTHING = Seen(exists=True, itself=True, checks=True, share=True, glass=True, all=True)


def beholder(terms: Terms | None, party: str, actor: str, roles: tuple[str, ...]) -> Beholder:
    """Who looks, under the agreement in force: only roles of the own party count, and auditors see all."""
    known = [terms.role(role) for role in roles] if terms is not None else []
    own = tuple(role.id for role in known if role is not None and role.party == party)
    audits = terms is not None and any(role in terms.auditors for role in own)
    return Beholder(actor=actor, party=party, roles=own, sees_all=audits or actor == f"{party}/authority")


def seen(terms: Terms, state: MovementState, who: Beholder, now: int) -> dict[str, Seen]:
    """What somebody may know at `now` (ms) of each content that was sealed of a movement, by its digest.

    terms: by which the movement is judged.
    """
    if who.sees_all:
        return dict.fromkeys(state.sealings, EVERYTHING)
    released = released_to(terms, state, who, now)
    return {
        content: _seen(terms, state, sealing, who, now, is_released=sealing.compartment in released)
        for content, sealing in state.sealings.items()
    }


def released_to(terms: Terms, state: MovementState, who: Beholder, now: int) -> tuple[str, ...]:
    """The compartments of which somebody is due at `now` to know at least that they are sealed.

    By the agreement and the plan alone: the same whether or not anything was sealed.
    """
    if phase_at(state, now) not in OPENS_IN:
        return ()
    moments = ((c.id, known_from(terms, state, who.roles, c.id)) for c in terms.compartments)
    return tuple(compartment for compartment, at in moments if at is not None and at <= now)


def opens_for_you(terms: Terms, state: MovementState, who: Beholder) -> dict[str, int | None]:
    """Each compartment that is released to somebody → from when on, ms; None while that hangs on a report.

    By the agreement and the plan alone, like `released_to`.
    """
    return {
        c.id: known_from(terms, state, who.roles, c.id)
        for c in terms.compartments
        if any(release.role in who.roles for release in c.releases)
    }


def _seen(terms: Terms, state: MovementState, sealing: Sealing, who: Beholder, now: int, *, is_released: bool) -> Seen:
    is_author = sealing.mark.actor == who.actor
    has_it = is_author or who.actor in sealing.opened or who.actor in sealing.told
    opens = opens_at(terms, state, who.roles, sealing.compartment, sealing.variant)
    may_open = is_released and not sealing.replaced and opens is not None and opens <= now
    # Whoever asks the officers needs to say for what, and whoever stops them needs to know that they were asked.
    may_ask = any(g.party != who.party and role in g.asked_by for g in terms.break_glass for role in who.roles)
    stops = _is_asked(sealing, who) and _may(terms, who, "glass.objected")
    exists = has_it or is_released or stops
    return Seen(
        exists=exists,
        itself=has_it or may_open or stops or (may_ask and is_released and not sealing.replaced),
        checks=is_author,
        share=may_open,
        glass=stops or (may_ask and exists),
    )


def _is_asked(sealing: Sealing, who: Beholder) -> bool:
    """Whether somebody asks, or asked, the officers for the share of one's own party."""
    uses = sealing.glass.get(who.party, {}).values()
    return any(used.asked or used.objected is not None for used in uses)


def _may(terms: Terms, who: Beholder, kind: str) -> bool:
    return any(kind in role.may for role in terms.roles if role.id in who.roles and role.party == who.party)


# --- clauses ----------------------------------------------------------------------------------------------------------


def looks_at_sealed(clause: Clause) -> bool:
    """Whether a clause is about sealing or break-glass, so that how it stands tells what is sealed."""
    return clause.rule is not None and any(_sealed_words(json.loads(encode(clause.rule))))


def clause_is_shown(terms: Terms, clause: Clause, state: MovementState | None, who: Beholder, now: int) -> bool:
    """Whether somebody may see how a clause stands for a movement, or for a subject that is none.

    One that looks at sealing is shown to whoever may know of every compartment: which ones it is about hangs on its
    conditions, and not to look into them errs on the side of silence.
    """
    if who.sees_all or not looks_at_sealed(clause):
        return True
    if state is None:
        return False
    there = (state.sealings[content].compartment for content, one in seen(terms, state, who, now).items() if one.exists)
    known = (*released_to(terms, state, who, now), *there)
    return all(compartment.id in known for compartment in terms.compartments)


def _sealed_words(value: object) -> Iterator[bool]:
    """For every text in plain values, whether it is a kind of act about what is sealed."""
    match value:
        case str():
            yield value.startswith(_SEALED_EVENTS)
        case Mapping():
            for inner in value.values():
                yield from _sealed_words(inner)
        case list():
            for inner in value:
                yield from _sealed_words(inner)
        case _:
            pass
