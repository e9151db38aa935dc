"""Contested facts: both accounts stand, and a verdict that hangs on one is disputed until the named body rules.

Each contested statement is taken once as said and once as not said; an obligation whose outcome is the same in all
these worlds has it, any other is disputed. Closing a dispute leaves fewer worlds, so it never turns one verdict into
another (docs/spec/agreement.md AG-100 to AG-104).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from safeconduct.core.acts import FactContested, FactRuled
from safeconduct.core.agreement.clauses import Terms
from safeconduct.core.agreement.docket import Docket, Versions
from safeconduct.core.agreement.events import Event, Receipts, no_receipts
from safeconduct.core.agreement.finding import Finding, Outcome, Reason

# 2^6 worlds; a subject on which more is contested at once is disputed wherever any of it is heard.
CONTESTED_MAX = 6


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """A contested statement. stands: the ruling, None while there is none. by, ruled: who said so."""

    statement: str
    by: tuple[Event, ...]
    ruled: tuple[Event, ...]
    stands: bool | None


def judge_subject(
    subject: str, versions: Versions, events: Iterable[Event], now: int, receipts: Receipts = no_receipts
) -> tuple[Finding, ...]:
    """How every obligation of a subject stands at `now`, from its whole history in order of the record."""
    history = tuple(events)
    terms = versions[-1][1].terms if versions else None
    found = contests(history, terms)
    struck = {c.statement for c in found.values() if c.stands is False}
    open_ = [c.statement for c in found.values() if c.stands is None]
    history = tuple(e for e in history if e.evidence.id not in struck)
    if not open_:
        return _run(subject, versions, history, now, receipts)
    if len(open_) > CONTESTED_MAX:
        every = tuple(sorted(open_))
        return tuple(_disputed(f, every) for f in _run(subject, versions, history, now, receipts))
    worlds = [frozenset(s for i, s in enumerate(open_) if bits >> i & 1) for bits in range(1 << len(open_))]
    runs = [
        (
            without,
            {
                f.key: f
                for f in _run(
                    subject, versions, tuple(e for e in history if e.evidence.id not in without), now, receipts
                )
            },
        )
        for without in worlds
    ]
    return _weighed(runs)


def contests(events: Sequence[Event], terms: Terms | None) -> Mapping[str, Contest]:
    """Every contested statement of a subject's history, by its id."""
    body = terms.disputes.ruled_by if terms is not None and terms.disputes is not None else ()
    by: dict[str, list[Event]] = {}
    words: dict[str, dict[str, Event]] = {}
    for event in events:
        if event.void:
            continue
        match event.act:
            case FactContested(statement=statement):
                by.setdefault(statement, []).append(event)
            case FactRuled(statement=statement):
                # Each role's last word counts.
                words.setdefault(statement, {}).update({role: event for role in event.roles if role in body})
            case _:
                pass
    found = {}
    for statement, contesting in by.items():
        said = words.get(statement, {})
        rulings = [said[role] for role in body if role in said]
        answers = {e.act.stands for e in rulings if isinstance(e.act, FactRuled)}
        decided = bool(body) and len(rulings) == len(body) and len(answers) == 1
        found[statement] = Contest(
            statement=statement,
            by=tuple(contesting),
            ruled=tuple(rulings),
            stands=answers == {True} if decided else None,
        )
    return found


def _run(
    subject: str, versions: Versions, events: Sequence[Event], now: int, receipts: Receipts
) -> tuple[Finding, ...]:
    docket = Docket(subject, versions)
    for event in events:
        docket.take(event)
    return docket.findings(now, receipts)


def _weighed(runs: Sequence[tuple[frozenset[str], Mapping[tuple[str, str, int], Finding]]]) -> tuple[Finding, ...]:
    """The findings of all worlds in one: what they agree on, and disputed where they do not."""
    keys: dict[tuple[str, str, int], Finding] = {}
    for _, found in runs:
        for key, finding in found.items():
            keys.setdefault(key, finding)
    weighed = []
    for key, finding in keys.items():
        outcomes = {without: _outcome(found.get(key)) for without, found in runs}
        hangs_on = _hangs_on(outcomes)
        weighed.append(_disputed(finding, hangs_on) if hangs_on else finding)
    return tuple(sorted(weighed, key=lambda f: (f.clause, f.trigger.at, f.trigger.party, f.trigger.index, f.n)))


def _disputed(finding: Finding, hangs_on: tuple[str, ...]) -> Finding:
    return msgspec.structs.replace(
        finding,
        outcome=Outcome.DISPUTED,
        reason=Reason.CONTESTED,
        near=False,
        cured_at=None,
        late_word=False,
        contested=hangs_on,
    )


def _outcome(finding: Finding | None) -> Outcome:
    return Outcome.NOT_DUE if finding is None else finding.outcome


def _hangs_on(outcomes: Mapping[frozenset[str], Outcome]) -> tuple[str, ...]:
    """The contested statements of which one alone changes the outcome in some world."""
    found = set()
    for without, outcome in outcomes.items():
        for statement in without:  # order-free: a set of statements comes out, sorted
            other = outcomes.get(without - {statement})
            if other is not None and other is not outcome:
                found.add(statement)
    return tuple(sorted(found))
