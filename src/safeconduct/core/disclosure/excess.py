"""Whether a role learns more, or earlier, than its duties need.

Instants are relative to the opening of the window of departure here: no plan is needed to say that a day is too early.
docs/spec/disclosure.md DIS-6 to DIS-12. That a compartment opens too late for a duty is a lint (AG-117).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from safeconduct.core.agreement import (
    Clause,
    Compartment,
    GateItem,
    Grade,
    Must,
    Need,
    Release,
    Terms,
    TreePath,
    grade_text,
    milliseconds,
    moment,
    read_placed,
    span_ms,
)
from safeconduct.core.disclosure.grades import Knowledge, both, knowledge

_HOUR = 3_600_000
# What can be said of a movement only when it has departed, which it does not before the window opens.
_FROM_DEPARTURE = (
    "movement.departed",
    "movement.checked_in",
    "movement.arrived",
    "movement.aborted",
    "movement.closed",
)


class Excess(msgspec.Struct, frozen=True, kw_only=True):
    """A role learns something that it has no need of.

    code: `no_need`, nothing says what for; `no_begin`, nothing says from when on; `earlier`, more than the margin
    before that; `finer`, more than is enough. path: the place in the terms. account: `expected …, got …`. opens,
    begins: ms from the opening of the window, where it is about time.
    """

    code: Literal["no_need", "no_begin", "earlier", "finer"]
    path: TreePath
    role: str
    compartment: str
    account: str
    opens: int | None = None
    begins: int | None = None


def excesses(terms: Terms) -> tuple[Excess, ...]:
    """Everything that a role learns beyond its stated needs, in the order of the agreement."""
    needs = _Needs(terms)
    return tuple(
        found
        for n, compartment in enumerate(terms.compartments)
        for m, release in enumerate(compartment.releases)
        for found in needs.beyond(compartment, release, ("compartments", n, "releases", m))
    )


def excesses_of_folder(files: Mapping[str, str]) -> tuple[tuple[str, Excess], ...]:
    """The same for the agreement in a folder, each with its `file:line:column`.

    files: path inside the folder → text. Raises TermsInvalid as `read_folder`.
    """
    terms, place = read_placed(files)
    found = []
    for one in excesses(terms):
        file, at = place(one.path)
        found.append((f"{file}:{at}", one))
    return tuple(found)


class _Needs:
    """What the roles of an agreement need its compartments for, and from when on."""

    def __init__(self, terms: Terms) -> None:
        self._clauses = {clause.id: clause for clause in terms.clauses}
        self._items = {item.id: item for item in terms.movement.ready_gate}
        self._parameters = terms.lengths()
        # A window of an hour: how long it is matters only where an instant hangs on its end.
        review_by = -milliseconds(terms.movement.review_before)
        self._plan = {"plan.earliest": 0, "plan.latest": _HOUR, "plan.review_by": review_by}

    def beyond(self, compartment: Compartment, release: Release, path: TreePath) -> Iterator[Excess]:
        """Where a release goes beyond what its role needs."""
        needs = (*release.needs, *self._asked_by_rules(compartment.id, release.role))
        who = f"{compartment.id} for {release.role}"
        if not needs:
            account = f"expected a stated need of {who} (needs), got none"
            yield Excess(code="no_need", path=path, role=release.role, compartment=compartment.id, account=account)
            return
        told = ", ".join(dict.fromkeys(need.clause or need.item or f"“{_any_text(need)}”" for need in needs))
        yield from self._too_early(compartment, release, needs, told, path)
        enough = self._enough(needs)
        learns = knowledge(release)
        if both(enough, learns) != enough:
            field = "grade" if release.grade != "exact" else "role"
            account = f"expected no more of {who} than {told} needs, {_in_words(enough)}, got more: {_in_words(learns)}"
            yield Excess(
                code="finer", path=(*path, field), role=release.role, compartment=compartment.id, account=account
            )

    def _asked_by_rules(self, compartment: str, role: str) -> Iterator[Need]:
        """Needs that clauses state themselves, of whoever is to act."""
        for clause in self._clauses.values():
            must = clause.rule.must if clause.rule is not None else None
            if must is not None and compartment in must.needs and role in (must.by or (clause.owed_by,)):
                yield Need(clause=clause.id)

    def _too_early(
        self, compartment: Compartment, release: Release, needs: tuple[Need, ...], told: str, path: TreePath
    ) -> Iterator[Excess]:
        opens = moment(release.opens, self._parameters, self._plan)
        begins = min((at for need in needs if (at := self._begins(need)) is not None), default=None)
        who = f"{compartment.id} for {release.role}"
        if begins is None:
            account = f"expected begins (from when on {release.role} needs {compartment.id}), because nothing ties "
            account += f"{told} to the plan, got none"
            yield Excess(
                code="no_begin",
                path=(*path, "needs") if release.needs else path,
                role=release.role,
                compartment=compartment.id,
                account=account,
                opens=opens,
            )
            return
        margin = span_ms(compartment.margin, self._parameters)
        if opens is not None and opens < begins - margin:
            account = (
                f"expected {who} to open at most {_length(margin)} before {told} can begin, {_relative(begins)}, "
                f"got {_relative(opens)}"
            )
            yield Excess(
                code="earlier",
                path=(*path, "opens"),
                role=release.role,
                compartment=compartment.id,
                account=account,
                opens=opens,
                begins=begins,
            )

    # --- when it begins -----------------------------------------------------------------------------------------------

    def _begins(self, need: Need) -> int | None:
        """When what it is needed for can begin; None if nothing ties that to the plan."""
        stated = moment(need.begins, self._parameters, self._plan) if need.begins is not None else None
        derived = None
        if need.item is not None:
            derived = _fresh_from(self._items[need.item])
        elif need.clause is not None:
            derived = self._called_up(self._clauses[need.clause])
        return max((at for at in (stated, derived) if at is not None), default=None)

    def _called_up(self, clause: Clause) -> int | None:
        rule = clause.rule
        if rule is None or rule.for_each != "movement":
            return None
        trigger = 0 if rule.when.event in _FROM_DEPARTURE and rule.when.effect == "taken" else None
        must = rule.must
        if not isinstance(must, Must):
            return trigger
        opens = self._not_before(must, trigger)
        if must.since == "start":
            return opens
        return max((at for at in (trigger, opens) if at is not None), default=None)

    def _not_before(self, must: Must, trigger: int | None) -> int | None:
        if must.not_before is None:
            return None
        called_up = {"trigger": trigger} if trigger is not None else {}
        return moment(must.not_before, self._parameters, {**self._plan, **called_up})

    # --- how much is enough -------------------------------------------------------------------------------------------

    def _enough(self, needs: tuple[Need, ...]) -> Knowledge:
        first, *others = (knowledge(need, self._otherwise(need)) for need in needs)
        for other in others:
            first = both(first, other)
        return first

    def _otherwise(self, need: Need) -> Grade:
        item = self._items.get(need.item or "")
        return "count" if item is not None and item.check == "heads" else "exact"


def _fresh_from(item: GateItem) -> int | None:
    """From when on an attestation may still be fresh at a departure."""
    return -milliseconds(item.valid_for) if item.valid_for is not None else None


def _any_text(need: Need) -> str:
    texts = need.why or {}
    return texts.get("en") or next(iter(texts.values()), "")


def _in_words(known: Knowledge) -> str:
    return grade_text(*known, "en")


def _relative(at: int) -> str:
    if at == 0:
        return "when the window opens"
    return f"{_length(abs(at))} {'before' if at < 0 else 'after'} the window opens"


def _length(milliseconds_: int) -> str:
    seconds = milliseconds_ // 1000
    parts = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "no time"
