"""How the clauses were kept over a period: what a quarterly meeting has before it.

Counts are whole numbers and shares are written `kept of decided`: a percentage of three movements tells nothing, and
nothing here is a float. Every obligation is in exactly one period, that of the instant that decides it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from safeconduct.core.agreement.clauses import Clause, Terms
from safeconduct.core.agreement.finding import Finding, Outcome, Reason
from safeconduct.core.agreement.instants import milliseconds
from safeconduct.errors import InputInvalid

Step = Literal["day", "week", "month"]

# A picture with more columns shows nothing, and each clause has as many.
STEPS_MAX = 120
# At most so many days are shown by days, so many by weeks; what is longer is shown by months.
_DAYS_MAX, _WEEK_DAYS_MAX = 31, 182

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY_MS = 86_400_000
# The last instant that has a date of the usual form.
_LAST_DATED = 253_402_300_799_999
_SEVERITIES = ("critical", "major", "minor")
# Reasons of a breach that says that what was owed is still missing.
_MISSING = frozenset({Reason.NOT_DONE, Reason.OFFERED_IN_TIME_NO_RECEIPT, Reason.HOP_MISSING, Reason.SILENT_NOW})


class Tally(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How many obligations stand how.

    near and late_word are among the met ones, cured among the breached ones. An obligation that stands for several
    periods in a row counts as many times.
    """

    met: int = 0
    near: int = 0
    late_word: int = 0
    breached: int = 0
    cured: int = 0
    waived: int = 0
    disputed: int = 0
    pending: int = 0

    @property
    def kept(self) -> int:
        """Of the decided ones, those that were kept."""
        return self.met

    @property
    def decided(self) -> int:
        """Those with a verdict: neither waived nor disputed nor open."""
        return self.met + self.breached

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


class ClauseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A clause over the period. agreement: digest of the latest version that judged by it. series: one tally a step."""

    clause: str
    agreement: str
    owed_by: str
    party: str
    severity: str
    tally: Tally
    series: tuple[Tally, ...]


class OwnerRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a role owed over the period; an empty role: what the whole party owed."""

    role: str
    party: str
    tally: Tally
    series: tuple[Tally, ...]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said about a finding or a fact: an explanation, a contest, a ruling, a waiver.

    id: the statement's. about: the clause, or the id of the contested statement. t: ms of the record. stands: of a
    ruling.
    """

    id: str
    party: str
    actor: str
    t: int
    kind: Literal["finding.explained", "fact.contested", "fact.ruled", "duty.waived"]
    about: str
    text: str
    stands: bool | None = None


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """A breach or a dispute, with what was said about it.

    at: the instant that decides, ms. open: a dispute without a ruling, or a breach that was neither cured nor
    explained.
    """

    finding: Finding
    at: int
    party: str
    severity: str
    open: bool
    accounts: tuple[Account, ...]


class Compliance(msgspec.Struct, frozen=True, kw_only=True):
    """How the clauses were kept from `since` until just before `until` (ms), as seen at `now`.

    starts: when each step of the series begins; the first is `since`. matters: open ones first, then the gravest.
    held: ids of clauses that were owed and kept without exception, the gravest first. overdue: what is late at `now`
    and can still be done.
    """

    since: int
    until: int
    now: int
    step: Step
    starts: tuple[int, ...]
    tally: Tally
    series: tuple[Tally, ...]
    clauses: tuple[ClauseRow, ...]
    owners: tuple[OwnerRow, ...]
    parties: tuple[OwnerRow, ...]
    matters: tuple[Matter, ...]
    held: tuple[str, ...]
    overdue: tuple[Finding, ...]


def decided_at(finding: Finding) -> int:
    """The instant (ms) that puts a finding into a period.

    A duty that was met counts when it was met, though not before it was called up; any other one when it was due, else
    when it happened, else when it was called up.
    """
    due, happened, called = finding.due_at, finding.happened_at, finding.trigger.at
    if finding.outcome is Outcome.MET and happened is not None:
        return max(happened if due is None else min(due, happened), called)
    if due is not None:
        return due
    return happened if happened is not None else called


def measure(
    findings: Iterable[Finding],
    versions: Mapping[str, Terms],
    period: tuple[int, int],
    now: int,
    *,
    step: Step | None = None,
    accounts: Mapping[str, Sequence[Account]] | None = None,
) -> Compliance:
    """How the clauses were kept over a period (since, until), ms.

    versions: every agreement by whose digest a finding was judged, the oldest first. step: of the series; by the
    length of the period if None. accounts: what was said about each subject. Findings of clauses that no version has
    are left out. Raises InputInvalid for a period that is empty or would need too many steps.
    """
    since, until = period
    steps = _steps(since, until, step)
    said = accounts or {}
    places = {digest: place for place, digest in enumerate(versions)}
    clauses = {(digest, c.id): c for digest, terms in versions.items() for c in terms.clauses}
    sums = _Sums(steps.starts)
    latest: dict[str, str] = {}
    matters: list[Matter] = []
    overdue: list[Finding] = []
    for finding in findings:
        clause = clauses.get((finding.agreement, finding.clause))
        if clause is None or finding.outcome is Outcome.NOT_DUE:
            continue
        terms = versions[finding.agreement]
        role = terms.role(finding.owed_by)
        party = role.party if role is not None else ""
        if _is_overdue(finding, clause, terms, now):
            overdue.append(finding)
        at = decided_at(finding)
        if not since <= at < until:
            continue
        held_by = latest.setdefault(finding.clause, finding.agreement)
        if places[finding.agreement] > places[held_by]:
            latest[finding.clause] = finding.agreement
        sums.add(finding, party, at)
        if finding.outcome in (Outcome.BREACHED, Outcome.DISPUTED):
            matters.append(_matter(finding, at, party, clause, said.get(finding.subject, ())))
    rows = tuple(
        _clause_row(clauses[latest[clause], clause], latest[clause], versions, sums) for clause in sorted(latest)
    )
    return Compliance(
        since=since,
        until=until,
        now=now,
        step=steps.step,
        starts=steps.starts,
        tally=_total(sums.everything()),
        series=sums.everything(),
        clauses=tuple(sorted(rows, key=_in_reading_order)),
        owners=sums.roles(),
        parties=sums.parties(),
        matters=tuple(sorted(matters, key=_gravity)),
        held=_held(rows),
        overdue=tuple(sorted(overdue, key=lambda f: (f.due_at or 0, f.clause, f.subject, f.trigger.id, f.n))),
    )


# --- one finding ------------------------------------------------------------------------------------------------------


def _is_overdue(finding: Finding, clause: Clause, terms: Terms, now: int) -> bool:
    """Late, and still to be done: in its grace, within its cure, or silent at this moment."""
    if finding.outcome is Outcome.PENDING:
        return finding.due_at is not None and finding.due_at <= now
    if finding.outcome is not Outcome.BREACHED or finding.reason not in _MISSING or finding.cured_at is not None:
        return False
    if finding.reason is Reason.SILENT_NOW:
        return True
    cure = clause.rule.cure if clause.rule is not None else None
    if cure is None or finding.due_at is None:
        return False
    if cure.startswith("param."):
        cure = next((p.duration for p in terms.parameters if p.id == cure.removeprefix("param.")), None)
    return cure is not None and now <= finding.due_at + milliseconds(cure)


def _matter(finding: Finding, at: int, party: str, clause: Clause, said: Sequence[Account]) -> Matter:
    explained = {evidence.id for evidence in finding.explained}
    accounts = tuple(
        account
        for account in said
        if account.id in explained
        or (account.kind in ("fact.contested", "fact.ruled") and account.about in finding.contested)
    )
    settled = finding.cured_at is not None or bool(explained)
    return Matter(
        finding=finding,
        at=at,
        party=party,
        severity=clause.severity,
        open=finding.outcome is Outcome.DISPUTED or not settled,
        accounts=accounts,
    )


def _gravity(matter: Matter) -> tuple[bool, int, int, str, str, str, int]:
    f = matter.finding
    return (not matter.open, _SEVERITIES.index(matter.severity), matter.at, f.subject, f.clause, f.trigger.id, f.n)


# --- sums -------------------------------------------------------------------------------------------------------------


class _Sums:
    """Tallies by step, of each clause, each role, each party and altogether. Kept as lists: there may be a million."""

    def __init__(self, starts: tuple[int, ...]) -> None:
        self._starts = starts
        self._everything = self._empty()
        self._clauses: dict[str, list[list[int]]] = {}
        self._roles: dict[tuple[str, str], list[list[int]]] = {}
        self._parties: dict[tuple[str, str], list[list[int]]] = {}

    def _empty(self) -> list[list[int]]:
        return [[0] * len(_COUNTS) for _ in self._starts]

    def add(self, finding: Finding, party: str, at: int) -> None:
        place = bisect_right(self._starts, at) - 1
        of_clause = self._clauses.get(finding.clause)
        if of_clause is None:
            of_clause = self._clauses[finding.clause] = self._empty()
        role, whole = (party, finding.owed_by), (party, "")
        if role not in self._roles:
            self._roles[role] = self._empty()
        if whole not in self._parties:
            self._parties[whole] = self._empty()
        for sums in (self._everything, of_clause, self._roles[role], self._parties[whole]):
            for count in _counted(finding):
                sums[place][count] += finding.times

    def everything(self) -> tuple[Tally, ...]:
        return _tallies(self._everything)

    def clause(self, clause: str) -> tuple[Tally, ...]:
        return _tallies(self._clauses[clause])

    def roles(self) -> tuple[OwnerRow, ...]:
        return _owner_rows(self._roles)

    def parties(self) -> tuple[OwnerRow, ...]:
        return _owner_rows(self._parties)


_COUNTS = Tally.__struct_fields__
_PLACE = {name: place for place, name in enumerate(_COUNTS)}


def _counted(finding: Finding) -> tuple[int, ...]:
    """The places of the counts that the finding adds to."""
    names = [finding.outcome.value]
    if finding.outcome is Outcome.MET:
        names += ["near"] * finding.near + ["late_word"] * finding.late_word
    elif finding.cured_at is not None:
        names.append("cured")
    return tuple(_PLACE[name] for name in names)


def _tallies(series: Iterable[Sequence[int]]) -> tuple[Tally, ...]:
    return tuple(Tally(**dict(zip(_COUNTS, counts, strict=True))) for counts in series)


def _owner_rows(sums: Mapping[tuple[str, str], list[list[int]]]) -> tuple[OwnerRow, ...]:
    rows = []
    for (party, role), counts in sorted(sums.items()):
        series = _tallies(counts)
        rows.append(OwnerRow(party=party, role=role, tally=_total(series), series=series))
    return tuple(rows)


def _total(series: Iterable[Tally]) -> Tally:
    return sum(series, start=Tally())


def _clause_row(clause: Clause, digest: str, versions: Mapping[str, Terms], sums: _Sums) -> ClauseRow:
    role = versions[digest].role(clause.owed_by)
    series = sums.clause(clause.id)
    return ClauseRow(
        clause=clause.id,
        agreement=digest,
        owed_by=clause.owed_by,
        party=role.party if role is not None else "",
        severity=clause.severity,
        tally=_total(series),
        series=tuple(series),
    )


def _in_reading_order(row: ClauseRow) -> tuple[str, int]:
    """NTC-2 comes before NTC-10."""
    prefix, _, number = row.clause.partition("-")
    return (prefix, int(number))


def _held(rows: Iterable[ClauseRow]) -> tuple[str, ...]:
    held = [row for row in rows if row.tally.met and not row.tally.breached and not row.tally.disputed]
    return tuple(
        row.clause for row in sorted(held, key=lambda r: (_SEVERITIES.index(r.severity), *_in_reading_order(r)))
    )


# --- steps of time ----------------------------------------------------------------------------------------------------


class _Steps(msgspec.Struct, frozen=True):
    step: Step
    starts: tuple[int, ...]


def _steps(since: int, until: int, step: Step | None) -> _Steps:
    """Days, weeks from Monday on, or months, in UTC; the first and the last may be shorter."""
    if not 0 <= since < until <= _LAST_DATED:
        raise InputInvalid(f"a period from an instant until a later one, got {since} until {until}")
    days = (until - since - 1) // _DAY_MS + 1
    if step is None:
        step = "day" if days <= _DAYS_MAX else "week" if days <= _WEEK_DAYS_MAX else "month"
    starts = [since]
    while (following := _following(starts[-1], step)) < until:
        starts.append(following)
        if len(starts) > STEPS_MAX:
            raise InputInvalid(f"a period of at most {STEPS_MAX} {step}s, got one of {days} days")
    return _Steps(step, tuple(starts))


def _following(at: int, step: Step) -> int:
    """The first beginning of a step after an instant."""
    moment = _EPOCH + timedelta(milliseconds=at)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if step == "day":
        begins = midnight + timedelta(days=1)
    elif step == "week":
        begins = midnight + timedelta(days=7 - midnight.weekday())
    else:
        begins = (midnight.replace(day=1) + timedelta(days=31)).replace(day=1)
    return (begins - _EPOCH) // _MILLISECOND
