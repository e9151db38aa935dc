"""A node looks at what was opened, and tells everybody of what is unusual: the same on every node, once a case.

What is unusual is the core's to say (`core/disclosure/openings.py`); here is only when it is looked at.
"""

from __future__ import annotations

import logging

from safeconduct.core.acts import CompartmentOpened, IncidentRaised, kind_of
from safeconduct.core.disclosure import OpenedContent, Unusual, openings_in, too_many, without_duty
from safeconduct.core.record import MovementState, fold, terms_of
from safeconduct.errors import Refused, Unavailable
from safeconduct.node.access import Viewer
from safeconduct.node.append import say_as_node
from safeconduct.node.limits import OPENINGS_AT_ONCE_MAX, OPENINGS_BACK_MS, OPENINGS_EVERY_MS
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight

logger = logging.getLogger(__name__)

_OPENED = kind_of(CompartmentOpened(content="0" * 64))


async def watch_openings(node: Node) -> None:
    """Raise an incident for every case that this node has not raised yet. Called every tick; cheap if idle."""
    now = node.clock.now()
    terms = node.terms()
    if node.halted is not None or now < node.openings_at or terms is None or terms.access is None:
        return
    node.openings_at = now + OPENINGS_EVERY_MS
    touched = _touched(node, now)
    cases: list[Unusual] = []
    for subject in sorted(touched):
        cases += _of_movement(node, subject)
    if touched:
        node.opened = {
            subject: opened
            for subject, opened in node.opened.items()
            if max(opening.evidence.at for opening in opened) >= now - OPENINGS_BACK_MS
        }
        cases += too_many(terms.access, (opening for opened in node.opened.values() for opening in opened))
    for case in cases:
        if case.opening.evidence.at >= now - OPENINGS_BACK_MS:
            await _raise(node, case)


def unusual_openings(node: Node, viewer: Viewer, subject: str) -> tuple[Unusual, ...]:
    """The cases on one movement for which no duty was left; nothing for what is no movement.

    Nothing for whoever is not shown everything either: a case names what was sealed, and who opened it.
    """
    sight, state = Sight(node, viewer), node.memory.state(subject)
    if not sight.sees_all or sight.is_hidden(subject) or not isinstance(state, MovementState):
        return ()
    folded = fold(node.memory.law, node.memory.in_order(subject))
    return without_duty(node.memory.law.enrolments(), terms_of(node.memory.law, state), folded.lines)


def _touched(node: Node, now: int) -> set[str]:
    """Movements of which something was opened, or said after that, since the last look."""
    touched: set[str] = set()
    for party, head in sorted(node.memory.heads.items()):
        start = node.openings_read.get(party)
        if start is None:
            start = _first_since(node, party, head.size, now - OPENINGS_BACK_MS)
        end = min(head.size, start + OPENINGS_AT_ONCE_MAX)
        for row in node.store.rows(party, start, end):
            if row.kind == _OPENED or row.subject in node.opened:
                touched.add(row.subject)
        node.openings_read[party] = end
    return touched


def _first_since(node: Node, party: str, size: int, since: int) -> int:
    """The first entry of a log that is not older: places grow along a log, so it is found by halving."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if node.store.rows(party, middle, middle + 1)[0].t < since:
            low = middle + 1
        else:
            high = middle
    return low


def _of_movement(node: Node, subject: str) -> tuple[Unusual, ...]:
    state = node.memory.state(subject)
    if not isinstance(state, MovementState):
        return ()
    terms = terms_of(node.memory.law, state)
    enrolments = node.memory.law.enrolments()
    lines = fold(node.memory.law, node.memory.in_order(subject)).lines
    opened: tuple[OpenedContent, ...] = openings_in(enrolments, terms, lines)
    if opened:
        node.opened[subject] = opened
    return without_duty(enrolments, terms, lines)


async def _raise(node: Node, case: Unusual) -> None:
    if node.memory.has_raised(case.incident, node.party):
        return
    act = IncidentRaised(about=case.opening.party, category="opening", account=case.account)
    try:
        await say_as_node(node, act, case.incident)
    except (Refused, Unavailable) as error:
        # Looked at again from here on, with the next thing that is said of it.
        node.openings_read[case.opening.evidence.party] = min(
            node.openings_read[case.opening.evidence.party], case.opening.evidence.index
        )
        logger.warning("no incident about an opening now: %s", error)
