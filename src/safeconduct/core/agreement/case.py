"""What is known of one subject while it is judged: what conditions, obligations and waivers ask about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from safeconduct.core.acts import DutyWaived, FindingExplained, FormFiled
from safeconduct.core.agreement.events import Event, Evidence, MovementView, Receipts, no_receipts

# Events that a clause may ask about after the fact, of one name on one subject.
KEPT_MAX = 256

_BEFORE_DEPARTURE = ("requested", "approved")


class Frame:
    """An event as a condition sees it."""

    __slots__ = ("case", "event", "order", "trigger", "view")

    def __init__(self, case: Case, event: Event, trigger: Event | None) -> None:
        self.case, self.event, self.trigger = case, event, trigger
        self.view: MovementView | None = event.view
        # Its place among the subject's events; that of the latest for one from before.
        self.order = case.order

    def filed(self, form: str) -> Event | None:
        """The latest form of that short name on the subject."""
        return self.case.filed.get(form)

    def count(self, name: str) -> int:
        """How many acts, or forms, of that short name took effect on the subject."""
        return self.case.counts.get(name, 0)


class Case:
    """One subject as of the events taken in."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.filed: dict[str, Event] = {}
        self.counts: dict[str, int] = {}
        self.explained: dict[str, list[Evidence]] = {}
        # How many events there were: tells which of two in the same millisecond came first.
        self.order = 0
        # What other parties show to have had; looked at when somebody asks, not when events come.
        self.receipts: Receipts = no_receipts
        self._view: MovementView | None = None
        self._kept: dict[str, list[tuple[int, Event]]] = {}
        self._waived: dict[str, dict[str, tuple[int, Event]]] = {}
        self._gave_up_at: int | None = None

    def note(self, event: Event, *, keep: bool) -> bool:
        """Take in an event. keep: a clause may ask about it after the fact.

        Returns whether it may change what obligations come to that do not listen to it: another plan, a movement that
        goes or is given up, a waiver.
        """
        self.order += 1
        before, view = self._view, event.view
        changes = isinstance(event.act, DutyWaived) or (
            view is not None
            and (
                before is None
                or (before.plan is not view.plan and before.plan != view.plan)
                or (before.phase, before.lapses_at, before.gave_up) != (view.phase, view.lapses_at, view.gave_up)
            )
        )
        if view is not None:
            self._view = view
        if keep:
            kept = self._kept.setdefault(event.name, [])
            kept.append((self.order, event))
            if len(kept) > KEPT_MAX:
                del kept[0]
        if event.void:
            return changes
        short = event.name.split(".", 1)[1]
        self.counts[short] = self.counts.get(short, 0) + 1
        act = event.act
        if isinstance(act, FormFiled):
            self.filed[short] = event
        elif isinstance(act, DutyWaived):
            for role in event.roles:
                self._waived.setdefault(act.clause, {}).setdefault(role, (self.order, event))
        elif isinstance(act, FindingExplained):
            self.explained.setdefault(act.clause, []).append(event.evidence)
        if event.view is not None and event.view.gave_up and self._gave_up_at is None:
            self._gave_up_at = event.t
        return changes

    def kept(self, *names: str) -> Sequence[Event]:
        """Earlier events of these names, in order."""
        found = [pair for name in dict.fromkeys(names) for pair in self._kept.get(name, ())]
        return tuple(event for _, event in sorted(found, key=lambda pair: pair[0]))

    def anchor(self, name: str, trigger: Event) -> int | None:
        """The instant that a rule names; None while it is not there."""
        if name == "trigger":
            return trigger.t
        words = name.split(".")
        if words[0] == "plan":
            found: object = getattr(self._view.plan.timing, words[1]) if self._view is not None else None
        elif words[0] == "trigger":
            found = _field(trigger, words[2])
        else:
            filed = self.filed.get(words[1])
            found = _field(filed, words[2]) if filed is not None else None
        return found if isinstance(found, int) and found > 0 else None

    def plan_may_change(self) -> bool:
        """Whether the movement's plan may still become another one, or its first."""
        return self._view is None or self._view.phase in _BEFORE_DEPARTURE

    @property
    def has_given_up(self) -> bool:
        """Whether somebody refused or cancelled the movement before it went."""
        return self._gave_up_at is not None

    @property
    def lapses_at(self) -> int | None:
        """When the movement lapses if nothing more is said; None if it does not."""
        return self._view.lapses_at if self._view is not None and self._gave_up_at is None else None

    def gave_up_at(self, now: int) -> int | None:
        """When it was sure that the movement will not go: refused, cancelled, or lapsed by `now`."""
        if self._gave_up_at is not None:
            return self._gave_up_at
        lapses = self.lapses_at
        return lapses if lapses is not None and now > lapses else None

    def waivers(self, clause: str, roles: Sequence[str], in_time: Callable[[int, Event], bool]) -> tuple[Event, ...]:
        """The waivers of a clause if every role that must has signed one in time, else none."""
        said = self._waived.get(clause)
        if not roles or not said:
            return ()
        signed = [said[role][1] for role in roles if role in said and in_time(*said[role])]
        return tuple(signed) if len(signed) == len(roles) else ()


def _field(event: Event, name: str) -> object:
    act = event.act
    return act.fields.get(name) if isinstance(act, FormFiled) else getattr(act, name, None)
