"""A scenario book put to the test: its history told as a record, judged, and held against its verdicts.

The history is folded like any other, so what has no effect is void and is judged as such; only signatures are taken
as given. docs/spec/agreement.md AG-120 to AG-126.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence

import msgspec

from safeconduct.core.acts import Act, ActorEnrolled, AgreementProposed, AgreementSigned, RecordReceived, kind_of
from safeconduct.core.agreement import Evidence, Finding, Outcome, Receipts, Terms, explain, instant_text
from safeconduct.core.record.fold import fold, fold_law, is_law
from safeconduct.core.record.judging import findings_of
from safeconduct.core.record.law import Anchor, Law
from safeconduct.core.record.order import Position, Said, tick
from safeconduct.core.record.redrafting import stand_in_key
from safeconduct.core.record.scenario import NONE, Mutation, Row, Scenario, Step
from safeconduct.core.record.state import Void
from safeconduct.core.statement import encode

# An obligation in the table of verdicts: when it is looked at, the clause, the subject, and which of the clause's.
Cell = tuple[int, str, str, int]
_FAILURES = (Outcome.BREACHED, Outcome.DISPUTED)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of the history.

    step: None for a receipt that a node says. differs: how its effect is not as written.
    """

    said: Said
    step: Step | None
    void: Void | None
    differs: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A row and what came. found: the finding that the row is about, None if there is no single one.

    differs: what is not as the row says, empty if all is.
    """

    row: Row
    found: Finding | None
    differs: tuple[str, ...]


class MutationTrial(msgspec.Struct, frozen=True, kw_only=True):
    """A changed word and what changed by it. changed: the cells that differ, each with the outcomes before and after.

    differs: what is not as the book says: a verdict that it names and that is otherwise, one that it does not name and
    that changed all the same.
    """

    mutation: Mutation
    changed: tuple[tuple[Cell, str, str], ...]
    differs: tuple[str, ...]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A book's history as it was judged. at_end: every finding at the last instant that the book looks at."""

    scenario: Scenario
    told: tuple[Told, ...]
    verdicts: tuple[Verdict, ...]
    at_end: tuple[Finding, ...]
    mutations: tuple[MutationTrial, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """Everything that is not as the book says, each `file:line: …`; empty for a book that holds."""
        file = self.scenario.file
        return (
            *(f"{file}:{t.step.line}: {t.differs}" for t in self.told if t.step is not None and t.differs),
            *(f"{file}:{v.row.line}: {text}" for v in self.verdicts for text in v.differs),
            *(f"{file}: expected no other failure, got {_named(f)} {f.outcome.value}" for f in self.unexpected),
            *(f"{file}:{m.mutation.line}: {text}" for m in self.mutations for text in m.differs),
        )

    @property
    def unexpected(self) -> tuple[Finding, ...]:
        """What is breached or disputed at the end and stands in no row: a table leaves out no failure."""
        rows = {(row.clause, row.subject) for row in self.scenario.rows if row.at == self.scenario.ends_at}
        return tuple(f for f in self.at_end if f.outcome in _FAILURES and (f.clause, f.subject) not in rows)

    def sentence(self, finding: Finding, language: str) -> str:
        """A finding as a sentence, in the language if the agreement has it."""
        terms = self.scenario.terms
        return explain(terms, finding, language if language in terms.languages else terms.languages[0])


def try_scenario(scenario: Scenario) -> Trial:
    """Tell a book's history and hold every verdict against what it says."""
    history = _History(scenario, scenario.terms)
    looks = [row.at for row in scenario.rows]
    looks += [row.at for mutation in scenario.mutations for row in mutation.rows]
    table = {at: history.judged(at) for at in sorted({scenario.ends_at, *looks})}
    return Trial(
        scenario=scenario,
        told=history.told(),
        verdicts=tuple(_weighed(row, table[row.at]) for row in scenario.rows),
        at_end=tuple(finding for _, findings in sorted(table[scenario.ends_at].items()) for finding in findings),
        mutations=tuple(_mutated(scenario, mutation, table) for mutation in scenario.mutations),
    )


# --- telling ----------------------------------------------------------------------------------------------------------


class _History:
    """A book's statements as the record of an agreement holds them."""

    def __init__(self, scenario: Scenario, terms: Terms) -> None:
        self._terms = terms
        self._digest = terms.digest
        self._parties = [party.id for party in terms.parties]
        self._party_of = {person.id: person.party for person in scenario.people}
        self._anchors = {party.id: Anchor.of(party) for party in terms.parties}
        self._logs: dict[str, list[Said]] = {party: [] for party in self._parties}
        # For each log and party: from which instant on that party has each entry; the last one for ever where None.
        self._sight: dict[tuple[str, str], list[int | None]] = {}
        self._steps: dict[Position, Step] = {}
        # Receipts that the book gives an instant; those that come at once are told by nobody.
        self._delayed: set[Position] = set()
        self._agree(scenario)
        for t, _, step, receipt in sorted(_happenings(scenario), key=lambda h: h[:2]):
            if receipt is not None:
                received = self._receive(t, *receipt)
                self._delayed.update([received.position] if received is not None else [])
            elif step is not None:
                party = self._party_of[step.who]
                said = self._say(party, step.who, step.act, step.subject, t, step.id, step.seen_by)
                self._steps[said.position] = step
                for other in self._parties:
                    if other not in (party, *step.seen_by):
                        self._receive(t, party, other)
        self._shown = _shown_by(self._logs)
        self._law = Law(self._anchors, {self._digest: terms})
        self._saids = sorted((said for log in self._logs.values() for said in log), key=lambda said: said.position)
        self._law_lines = fold_law(self._law, [said for said in self._saids if is_law(said.subject)])

    def _agree(self, scenario: Scenario) -> None:
        """Everybody is enrolled and the agreement in force before the first word."""
        at = min([scenario.start, *(step.at for step in scenario.steps)])
        for person in scenario.people:
            act = ActorEnrolled(key=stand_in_key(f"{person.party}/{person.id}").public.text, roles=person.roles)
            self._say(person.party, "authority", act, f"actor/{person.party}/{person.id}", at)
        first, *others = self._parties
        proposed = AgreementProposed(digest=self._digest, size=len(encode(self._terms)))
        self._say(first, "authority", proposed, "agreement", at)
        for party in others:
            self._say(party, "authority", AgreementSigned(digest=self._digest), "agreement", at)

    def _say(
        self,
        party: str,
        name: str,
        act: Act,
        subject: str,
        at: int,
        statement: str = "",
        seen_by: Mapping[str, int | None] | None = None,
    ) -> Said:
        log = self._logs[party]
        after = self._after(party, at)
        latest = [max(said.position[:2] for said in self._logs[p][:size]) for p, size in after.items()]
        t, n = tick(at, latest)
        said = Said(
            position=Position(t, n, party, len(log)),
            id=statement or hashlib.sha256(f"{party}/{len(log)}".encode()).hexdigest(),
            kind=kind_of(act),
            subject=subject,
            actor=f"{party}/{name}",
            agreement=self._digest,
            at=at,
            after=after,
            signers=self._signers(party, name),
            act=act,  # type: ignore[arg-type]  # acts of the catalogue
        )
        log.append(said)
        for other in self._parties:
            if other != party:
                self._sight.setdefault((party, other), []).append((seen_by or {}).get(other, at))
        return said

    def _signers(self, party: str, name: str) -> tuple[str, ...]:
        anchor = self._anchors[party]
        if name == "node":
            return (anchor.node.key_id,)
        own = anchor.root.key_id if name == "authority" else stand_in_key(f"{party}/{name}").public.key_id
        return tuple(sorted((own, anchor.node.key_id)))

    def _after(self, party: str, at: int) -> dict[str, int]:
        """What the party has of each log at an instant."""
        sizes = {log: self._seen(log, party, at) for log in self._parties if log != party}
        return {log: size for log, size in {**sizes, party: len(self._logs[party])}.items() if size}

    def _seen(self, log: str, party: str, at: int) -> int:
        size = 0
        for seen in self._sight.get((log, party), ()):
            if seen is None or seen > at:
                break
            size += 1
        return size

    def _receive(self, at: int, log: str, party: str) -> Said | None:
        """The party's node says what it has of a log, if that is more than it had shown."""
        size = self._seen(log, party, at)
        if size <= max((said.after.get(log, 0) for said in self._logs[party]), default=0):
            return None
        root = hashlib.sha256(f"{log}/{size}".encode()).hexdigest()
        return self._say(party, "node", RecordReceived(log=log, size=size, root=root), f"log/{log}", at)

    def told(self) -> tuple[Told, ...]:
        """Every step and every receipt that was late, in order of the record, with why it has no effect."""
        voids = {line.said.position: line.void for line in self._law_lines}
        for subject in self._subjects():
            lines = fold(self._law, [said for said in self._saids if said.subject == subject]).lines
            voids |= {line.said.position: line.void for line in lines}
        found = []
        for said in self._saids:
            step, void = self._steps.get(said.position), voids[said.position]
            if step is not None or said.position in self._delayed:
                found.append(Told(said=said, step=step, void=void, differs=_effect_differs(step, void)))
        return tuple(found)

    def _subjects(self) -> list[str]:
        return sorted({said.subject for said in self._saids if not is_law(said.subject)})

    def _receipts(self, now: int) -> Receipts:
        def first(of: str, index: int, by: str) -> Evidence | None:
            shown = self._shown.get((of, by), [])
            return shown[index] if index < len(shown) and shown[index].at <= now else None

        return first

    def judged(self, now: int) -> dict[tuple[str, str], tuple[Finding, ...]]:
        """How every obligation stands at an instant: by clause and subject."""
        known = [said for said in self._saids if said.t <= now]
        found: dict[tuple[str, str], list[Finding]] = {}
        for subject in self._subjects():
            about = [said for said in known if said.subject == subject]
            for finding in findings_of(self._law, subject, about, now, self._receipts(now)) if about else ():
                found.setdefault((finding.clause, subject), []).append(finding)
        return {key: tuple(findings) for key, findings in found.items()}


def _happenings(scenario: Scenario) -> Iterable[tuple[int, int, Step | None, tuple[str, str] | None]]:
    """Steps, and receipts that the book gives an instant: (t, order, step, (log, receiving party))."""
    party_of = {person.id: person.party for person in scenario.people}
    for order, step in enumerate(scenario.steps):
        yield step.at, order, step, None
        for party, at in step.seen_by.items():
            if at is not None and party != party_of[step.who]:
                yield at, len(scenario.steps) + order, None, (party_of[step.who], party)


def _shown_by(logs: Mapping[str, Sequence[Said]]) -> dict[tuple[str, str], list[Evidence]]:
    """For each log and party the statement of that party that first shows each entry (REC-7)."""
    shown: dict[tuple[str, str], list[Evidence]] = {}
    for by, log in logs.items():
        for said in log:
            evidence = Evidence(party=by, index=said.index, id=said.id, at=said.t)
            for of, size in said.after.items():
                known = shown.setdefault((of, by), [])
                known.extend([evidence] * (size - len(known)))
    return shown


def _effect_differs(step: Step | None, void: Void | None) -> str:
    code = void.code if void is not None else ""
    if step is None or step.void == code:
        return ""
    wanted = f"void: {step.void}" if step.void else "an effect"
    return f"expected {step.what} to have {wanted}, got {f'void: {code} ({void.account})' if void else 'an effect'}"


# --- weighing ---------------------------------------------------------------------------------------------------------


def _weighed(row: Row, table: Mapping[tuple[str, str], tuple[Finding, ...]]) -> Verdict:
    findings = table.get((row.clause, row.subject), ())
    where = f"{row.clause} on {row.subject}"
    if row.outcome == NONE:
        came = ", ".join(f.outcome.value for f in findings)
        return Verdict(
            row=row,
            found=findings[0] if findings else None,
            differs=(f"expected no obligation of {where}, got {came}",) if findings else (),
        )
    if not findings or row.which > len(findings) or (not row.which and len(findings) > 1):
        wanted = f"obligation {row.which}" if row.which else "one obligation"
        came = ", ".join(f.outcome.value for f in findings) or "none"
        return Verdict(row=row, found=None, differs=(f"expected {wanted} of {where}, got {came}",))
    found = findings[max(row.which, 1) - 1]
    return Verdict(row=row, found=found, differs=tuple(_differences(row, found, where)))


def _differences(row: Row, found: Finding, where: str) -> Iterable[str]:
    if found.outcome.value != row.outcome:
        yield f"expected {where} to be {row.outcome}, got {found.outcome.value} ({found.reason.value})"
    for name, wanted in row.wanted.items():
        got: object = getattr(found, name)
        got = bool(got) if name == "explained" else got
        if got != wanted:
            yield f"expected {name} of {where} to be {_told(name, wanted)}, got {_told(name, got)}"


def _told(name: str, value: object) -> str:
    return instant_text(value) if name.endswith("_at") and isinstance(value, int) else repr(value)


def _cell(row: Row) -> Cell:
    return (row.at, row.clause, row.subject, max(row.which, 1))


def _cells(
    tables: Mapping[int, Mapping[tuple[str, str], tuple[Finding, ...]]], looked_at: Container[Cell], ends_at: int
) -> dict[Cell, str]:
    """Every obligation at the end, and those that rows look at before."""
    found = {}
    for at, table in tables.items():
        for (clause, subject), findings in table.items():
            for which, finding in enumerate(findings, 1):
                cell = (at, clause, subject, which)
                if at == ends_at or cell in looked_at:
                    found[cell] = finding.outcome.value
    return found


def _mutated(
    scenario: Scenario,
    mutation: Mutation,
    before: Mapping[int, Mapping[tuple[str, str], tuple[Finding, ...]]],
) -> MutationTrial:
    history = _History(scenario, mutation.terms)
    after = {at: history.judged(at) for at in before}
    looked_at = {_cell(row) for row in (*scenario.rows, *mutation.rows)}
    old, new = (_cells(tables, looked_at, scenario.ends_at) for tables in (before, after))
    changed = tuple(
        (cell, old.get(cell, NONE), new.get(cell, NONE))
        for cell in sorted(old.keys() | new.keys())
        if old.get(cell) != new.get(cell)
    )
    named = {_cell(row) for row in mutation.rows}
    differs = []
    for row in mutation.rows:
        cell = _cell(row)
        if old.get(cell) == new.get(cell):
            differs.append(f"{mutation.name}: expected {_shown(cell)} to change, got {new.get(cell, NONE)} as before")
        differs.extend(f"{mutation.name}: {text}" for text in _weighed(row, after[row.at]).differs)
    differs.extend(
        f"{mutation.name}: expected {_shown(cell)} as before, {was}, got {now}"
        for cell, was, now in changed
        if cell not in named
    )
    return MutationTrial(mutation=mutation, changed=changed, differs=tuple(differs))


def _named(finding: Finding) -> str:
    return f"{finding.clause} on {finding.subject}"


def _shown(cell: Cell) -> str:
    at, clause, subject, which = cell
    return f"{clause} ({which}) on {subject} at {instant_text(at)}"
