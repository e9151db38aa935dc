"""Projections of movements that left, as a node has them, without the hundred statements behind each."""

from __future__ import annotations

from collections.abc import Iterable

from safeconduct.core.acts import People, Plan, Route, Timing
from safeconduct.core.record import Mark, MovementState, Phase, state_digest
from safeconduct.core.statement import digest, encode
from safeconduct.node.node import Node
from safeconduct.node.ports import Store, Subject
from safeconduct.testing import HOUR, small_plan

DAY = 24 * HOUR


def departed(
    subject: str,
    at: int,
    *,
    group: str = "engineers",
    origin: str = "airport",
    destination: str = "port",
    districts: tuple[str, ...] = ("malir",),
    consented: bool = True,
    left: bool = True,
) -> MovementState:
    """A movement that left at that time; consented: in effect; left: or is only planned for it."""
    plan: Plan = small_plan(
        route=Route(origin=origin, destination=destination, districts=districts),
        timing=Timing(earliest=at, latest=at + HOUR, review_by=at - HOUR),
        people=People(group=group, count=12),
    )
    mark = Mark(party="host", index=1, id="ab" * 32, actor="host/escort_lead", t=at, after={"host": 1})
    return MovementState(
        subject=subject,
        phase=Phase.CLOSED if left and consented else Phase.REQUESTED,
        agreement="ab" * 32,
        plan=plan,
        plan_digest=digest(plan),
        plans={digest(plan): plan},
        requested=mark,
        check_ins=(mark,) * 8,
        departed=mark if left and consented else None,
        departed_without_consent=mark if left and not consented else None,
    )


def projection(state: MovementState) -> Subject:
    return Subject(
        subject=state.subject,
        sort=state.plan.timing.earliest,
        t=state.requested.t,
        n=0,
        party="host",
        index=1,
        digest=state_digest(state),
        state=encode(state),
    )


def keep(store: Store, states: Iterable[MovementState]) -> None:
    store.put_subjects([projection(state) for state in states])


def every_day(node: Node, plan: Plan, days: int, *, at: int = 0) -> None:
    """The node has seen the plan's group leave by the plan's way on each of so many days before.

    at: how long after the opening of the plan's window. Only what it has at hand knows; see `keep` for the record.
    """
    for n in range(1, days + 1):
        subject = f"movement/{plan.people.group}-{n}"
        left = plan.timing.earliest + at - n * DAY
        state = departed(
            subject,
            left,
            group=plan.people.group,
            origin=plan.route.origin,
            destination=plan.route.destination,
            districts=plan.route.districts,
        )
        node.memory.departures.take(subject, state)
