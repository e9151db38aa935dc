"""A subject as the record would have it while a history is tried: what takes effect, and what it makes of the subject.

The record's own judge stands above the agreement and is not asked here; tests play every history that is shown to
people through it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from safeconduct.core.acts import (
    Act,
    FormFiled,
    MovementAborted,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementExcepted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    Part,
    Plan,
)
from safeconduct.core.agreement.clauses import GateItem, Terms
from safeconduct.core.agreement.events import Event, Evidence, MovementView, event_name
from safeconduct.core.agreement.instants import milliseconds
from safeconduct.core.statement import digest

# Item → role → when it was said, and what.
_Attested: TypeAlias = Mapping[str, Mapping[str, tuple[int, MovementAttested]]]

_BEFORE_DEPARTURE = ("requested", "approved")


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """Somebody says something: at (ms), the role that they hold, the act. Each is itself and equal to no other."""

    at: int
    role: str
    act: Act


class Stage:
    """One subject and what has been said of it."""

    def __init__(self, terms: Terms, kind: str) -> None:
        self.terms, self.kind = terms, kind
        self.parties = {role.id: role.party for role in terms.roles}
        self.plan: Plan | None = None
        self.phase = ""
        self.last_id = ""
        self.said: list[Act] = []
        self.requested: Move | None = None
        self.approvals: dict[str, list[Plan]] = {}
        self.excepted: frozenset[str] = frozenset()
        self._unapproved: tuple[str, ...] = ()
        self._plans: dict[str, Plan] = {}
        self._attested: _Attested = {}
        self._entries: dict[str, int] = {}
        self._count = 0

    def say(self, move: Move, agreement: str) -> Event:
        """Take in a statement; the event has the code of why it has no effect, if it has none."""
        void = self._movement(move) if self.kind == "movement" else ""
        party = self.parties.get(move.role, move.role)
        index = self._entries.get(party, 0)
        self._entries[party] = index + 1
        self.said.append(move.act)
        self._count += 1
        self.last_id = f"{self._count:064x}"
        return Event(
            evidence=Evidence(party=party, index=index, id=self.last_id, at=move.at),
            name=event_name(move.act),
            actor=f"{party}/{move.role}",
            roles=(move.role,),
            agreement=agreement,
            act=move.act,
            void=void,
            view=self._view(move.at) if self.plan is not None else None,
        )

    # --- a movement ---------------------------------------------------------------------------------------------------

    def phase_at(self, t: int) -> str:
        """The movement's phase; one that nobody approved in time, or that did not depart, has lapsed."""
        if self.plan is None:
            return ""
        timing = self.plan.timing
        if (self.phase == "requested" and t > timing.review_by) or (
            self.phase in _BEFORE_DEPARTURE and t > timing.latest
        ):
            return "lapsed"
        return self.phase

    def unapproved(self) -> tuple[str, ...]:
        """Parties whose consent to the plan as it stands is missing."""
        return self._unapproved

    def open_items(self, t: int) -> tuple[str, ...]:
        """Items of the ready gate that stop a departure."""
        return self._gate().open_items(t)

    def is_open(self, item: GateItem, t: int) -> bool:
        """Whether an item of the ready gate stops a departure."""
        return self._gate().is_open(item, t)

    def holds(self, item: GateItem, role: str, t: int) -> bool:
        """Whether a role's word on an item stands at `t`."""
        return self._gate().holds(item, role, t)

    def _gate(self) -> _Gate:
        assert self.plan is not None
        return _Gate(
            self.terms.movement.ready_gate, self._unapproved, self._attested, self.excepted, self.plan.people.count
        )

    def _same(self, part: Part, approved: Plan) -> bool:
        assert self.plan is not None
        if part != "timing":
            return bool(getattr(approved, part) == getattr(self.plan, part))
        drift, old, new = milliseconds(self.terms.movement.drift), approved.timing, self.plan.timing
        return abs(old.earliest - new.earliest) <= drift and abs(old.latest - new.latest) <= drift

    def _movement(self, move: Move) -> str:
        """What a statement makes of the movement; the code of why it has no effect."""
        act, t = move.act, move.at
        if isinstance(act, MovementRequested):
            return self._request(move, act)
        if self.plan is None:
            return "not_requested"
        phase, party = self.phase_at(t), self.parties.get(move.role, "")
        is_early = phase in _BEFORE_DEPARTURE
        chain = self.terms.movement.notice_chain
        void = f"is_{phase}"
        match act:
            case MovementChanged(plan=plan):
                if is_early and self._asks(party) and digest(plan) not in self._plans and _makes_sense(plan):
                    self.plan = self._plans[digest(plan)] = plan
                    void = self._weigh()
            case MovementApproved(plan=of):
                is_asked = any(consent.party == party for consent in self.terms.movement.consent)
                is_own = self.requested is not None and self.requested.role == move.role
                if is_early and is_asked and not is_own and of in self._plans:
                    self.approvals.setdefault(party, []).append(self._plans[of])
                    void = self._weigh()
            case MovementRefused():
                if is_early and any(consent.party == party for consent in self.terms.movement.consent):
                    void = self._enter("refused")
            case MovementCancelled():
                if is_early and self._asks(party):
                    void = self._enter("cancelled")
            case MovementAcknowledged(role=role) | MovementRelayed(role=role):
                place = chain.index(role) + 1 if role in chain else 0
                to = act.to_role if isinstance(act, MovementRelayed) else None
                if role == move.role and place and (to is None or chain[place : place + 1] == (to,)):
                    void = "" if is_early or phase == "under_way" else void
            case MovementAttested():
                if is_early and self._may_attest(move.role, act):
                    of_item = {**self._attested.get(act.item, {}), move.role: (t, act)}
                    self._attested = {**self._attested, act.item: of_item}
                    void = ""
            case MovementExcepted(item=item):
                gate = next((g for g in self.terms.movement.ready_gate if g.id == item), None)
                if is_early and gate is not None and gate.check != "approvals" and gate.exception_by == move.role:
                    self.excepted |= {item}
                    void = ""
            case MovementDeparted():
                if phase == "approved" and t >= self.plan.timing.earliest and not self.open_items(t):
                    void = self._enter("under_way")
            case MovementCheckedIn() | MovementArrived() | MovementAborted():
                if phase == "under_way":
                    steps = {MovementArrived: "arrived", MovementAborted: "aborted"}
                    void = self._enter(steps.get(type(act), phase))
            case MovementClosed():
                if phase in ("arrived", "aborted"):
                    void = self._enter("closed")
            case FormFiled():
                void = ""
            case _:
                void = ""
        return void

    def _request(self, move: Move, act: MovementRequested) -> str:
        if self.plan is not None:
            return "exists_already"
        if not _makes_sense(act.plan):
            return "window_inverted"
        self.plan = self._plans[digest(act.plan)] = act.plan
        self.requested = move
        self._weigh()
        return self._enter("requested")

    def _asks(self, party: str) -> bool:
        return self.requested is not None and self.parties.get(self.requested.role) == party

    def _may_attest(self, role: str, act: MovementAttested) -> bool:
        item = next((g for g in self.terms.movement.ready_gate if g.id == act.item), None)
        if item is None or item.check == "approvals" or role not in item.by:
            return False
        return not (item.check == "heads" and act.holds and act.heads is None)

    def _weigh(self) -> str:
        self._unapproved = tuple(
            consent.party
            for consent in self.terms.movement.consent
            if not all(
                any(self._same(part, plan) for plan in self.approvals.get(consent.party, ())) for part in consent.parts
            )
        )
        return self._enter("requested" if self._unapproved else "approved")

    def _enter(self, phase: str) -> str:
        self.phase = phase
        return ""

    def _view(self, t: int) -> MovementView:
        assert self.plan is not None
        assert self.requested is not None
        timing = self.plan.timing
        lapses = {"requested": min(timing.review_by, timing.latest), "approved": timing.latest}
        gave_up = self.phase in ("refused", "cancelled")
        # Asked for later, when the stage has gone on: what it was is kept, and worked out only if a condition asks.
        unapproved, gate = self._unapproved, self._gate()
        return MovementView(
            plan=self.plan,
            phase=self.phase,
            requested_by=self.parties[self.requested.role],
            approved_by=_sorted(self.approvals),
            unapproved=lambda: unapproved,
            open_items=lambda: gate.open_items(t),
            excepted=_sorted(self.excepted),
            lapses_at=lapses.get(self.phase),
            gave_up=gave_up,
            done=gave_up or self.phase == "closed",
        )


class _Gate(NamedTuple):
    """The ready gate with what was said about it by then."""

    items: Sequence[GateItem]
    unapproved: tuple[str, ...]
    attested: _Attested
    excepted: frozenset[str]
    people: int

    def open_items(self, t: int) -> tuple[str, ...]:
        return tuple(item.id for item in self.items if self.is_open(item, t))

    def is_open(self, item: GateItem, t: int) -> bool:
        if item.check == "approvals":
            return bool(self.unapproved)
        return item.id not in self.excepted and any(not self.holds(item, role, t) for role in item.by)

    def holds(self, item: GateItem, role: str, t: int) -> bool:
        at, said = self.attested.get(item.id, {}).get(role, (0, None))
        if said is None or not said.holds:
            return False
        is_fresh = item.valid_for is None or t - at <= milliseconds(item.valid_for)
        return is_fresh and (item.check != "heads" or said.heads == self.people)


def _makes_sense(plan: Plan) -> bool:
    return plan.timing.review_by <= plan.timing.latest >= plan.timing.earliest


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
