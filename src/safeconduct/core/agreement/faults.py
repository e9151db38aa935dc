"""What is wrong with one clause by itself: nobody can call it up, do it, prove it, or answer for it.

docs/spec/agreement.md AG-112 to AG-115, AG-117, AG-119.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Literal

import msgspec

from safeconduct.core.acts import CATALOGUE, DutyWaived, Speaker
from safeconduct.core.agreement.book import Book, Ready
from safeconduct.core.agreement.clauses import Role
from safeconduct.core.agreement.finding import Outcome
from safeconduct.core.agreement.histories import Budget, HistoryStep, Moves, duration
from safeconduct.core.agreement.instants import read_instant
from safeconduct.core.agreement.rules import DEMANDS, Count, Equal, Gap, Must, Never, One, Pattern, Recur, Relay
from safeconduct.core.agreement.samples import DAY, patterns_of, questions_of
from safeconduct.core.agreement.search import Search
from safeconduct.core.agreement.stage import Move
from safeconduct.core.agreement.tree import Path

# How often it is looked again at a history in which nobody says anything more.
LOOKS_MAX = 6

Severity = Literal["error", "warning", "note"]

_STRING = re.compile(r"\"[^\"\\\n]*\"|'[^'\\\n]*'")
_PAST = re.compile(r"\b(?:filed|said|movement|plan\.timing|event\.(?:t|void))\b")
_NAME = re.compile(r"(?<![A-Za-z0-9_.])(?:event|body|trigger|plan|movement|filed|said)\.[a-z0-9_.]+")


class Lint(msgspec.Struct, frozen=True, kw_only=True):
    """Something in an agreement that will not work as its parties expect.

    code: for programs. clauses: which it is about. path: where it stands in the terms. account: `expected …, got …`.
    history: what happens then, step by step; it may be empty only where no history can show it, and `why_no_history`
    says why.
    """

    code: str
    clauses: tuple[str, ...] = ()
    path: Path
    severity: Severity
    account: str
    history: tuple[HistoryStep, ...] = ()
    why_no_history: str = ""


class Faults:
    """One clause of an agreement, looked at by itself. place: its index among the agreement's clauses."""

    def __init__(self, book: Book, ready: Ready, place: int, budget: Budget | None = None) -> None:
        self._book, self._ready, self._terms = book, ready, book.terms
        self._id = ready.clause.id
        debtor = self._terms.role(ready.clause.owed_by)
        assert debtor is not None
        self._debtor = debtor
        self._path: Path = ("clauses", place, "rule")
        self._at = next(name for name in DEMANDS if getattr(ready.rule, name) is ready.demand)
        self._search = Search(book, [self._id], budget=budget)

    def found(self) -> Iterator[Lint]:
        """Everything that is wrong with it."""
        uncalled = self._uncallable()
        if uncalled is not None:
            yield uncalled
            return
        if self._is_beyond_search():
            return
        calls = list(self._search.calls(self._id))
        if not calls:
            yield from self._never_called()
            return
        proof = list(self._unprovable(calls))
        yield from proof
        if not proof:
            yield from self._ownerless(calls)
            yield from self._never_met(calls)
        yield from self._compartments(calls)
        yield from self._waiver(calls)
        yield from self._long(calls)

    # --- nobody can call it up ----------------------------------------------------------------------------------------

    def _uncallable(self) -> Lint | None:
        when = self._ready.rule.when
        if when.effect != "taken" or self._speakers(when):
            return None
        return Lint(
            code="never_called",
            clauses=(self._id,),
            path=(*self._path, "when", self._narrowed(when) or "event"),
            severity="error",
            account=f"expected an event that somebody may say to call {self._id} up, got {_told(when)}",
            why_no_history=f"nobody may say {_told(when)}, so no history has it with effect",
        )

    def _is_beyond_search(self) -> bool:
        """Whether the rule listens to acts, not about movements, of which the search makes no bodies."""
        names = [pattern.event for pattern in patterns_of(self._ready.rule) if self._speakers(pattern)]
        acts = [name for name in names if name in CATALOGUE and self._search.kind != "movement"]
        return any(next(self._search.sayings(name), None) is None for name in acts)

    def _never_called(self) -> Iterator[Lint]:
        when = self._ready.rule.when
        if self._search.sampler.is_cut:
            return
        said = next(self._search.sayings(when.event), None)
        why = "in which it takes effect" if said is None else "in which its condition is true"
        yield Lint(
            code="never_called",
            clauses=(self._id,),
            path=(*self._path, "when", "where" if when.where else "event"),
            severity="error" if is_simple([when.where or ""]) and self._is_about_words() else "note",
            account=f"expected {when.event} to call {self._id} up in some history, got none {why}",
            history=self._search.steps(said) if said is not None else (),
            why_no_history="" if said is not None else f"{when.event} cannot take effect under this agreement",
        )

    # --- nobody can prove it, or owns it ------------------------------------------------------------------------------

    def _speakers(self, pattern: Pattern, party: str = "") -> tuple[Role, ...]:
        """Roles whose word the pattern means."""
        entry = CATALOGUE.get(pattern.event)
        if entry is not None and entry.speaker is not Speaker.ROLE:
            return self._terms.roles  # a node, or the authority, which speak for their party without a role
        return tuple(
            role
            for role in self._terms.roles
            if pattern.event in role.may
            and (not pattern.by or role.id in pattern.by)
            and pattern.party in (None, role.party)
            and party in ("", role.party)
        )

    def _narrowed(self, pattern: Pattern) -> str:
        """The field of a pattern that leaves nobody, if somebody may say the event at all."""
        bare = Pattern(event=pattern.event)
        if not self._speakers(bare):
            return ""
        return "by" if pattern.by and not self._speakers(msgspec.structs.replace(bare, by=pattern.by)) else "party"

    def _unprovable(self, calls: Sequence[Moves]) -> Iterator[Lint]:
        demand = self._ready.demand
        proofs: list[tuple[Path, Pattern]] = []
        if isinstance(demand, One):
            proofs = [((self._at, "taken"), demand.taken), ((self._at, "given_up"), demand.given_up)]
        elif isinstance(demand, Pattern):
            proofs = [((self._at,), demand)]
        for place, pattern in proofs:
            if pattern.effect != "taken" or self._speakers(pattern):
                continue
            nobody = f"expected an event that somebody may say in {self._id}, got {_told(pattern)}, which nobody may"
            path = (*self._path, *place, self._narrowed(pattern) or "event")
            if isinstance(demand, Never):
                why = f"a breach would be {_told(pattern)}, which nobody may say, so that no history shows one"
                yield self._lint("unprovable", path, "error", f"{nobody}: no breach can be proved", why=why)
            else:
                yield self._lint("unprovable", path, "error", f"{nobody}: it cannot be proved", calls=calls)
        parties = demand.parties if isinstance(demand, Must | Recur) else ()
        for n, party in enumerate(parties):
            assert isinstance(demand, Pattern)
            if self._speakers(demand) and not self._speakers(demand, party):
                account = f"expected a role of {party} that may say {demand.event}, got none: its part cannot be proved"
                yield self._lint("unprovable", (*self._path, self._at, "parties", n), "error", account, calls=calls)
        if isinstance(demand, Must) and demand.received_by is not None and self._speakers(demand):
            yield from self._own_receipt(demand, demand.received_by, calls)

    def _own_receipt(self, demand: Must, to: str, calls: Sequence[Moves]) -> Iterator[Lint]:
        """A receipt by the debtor's own side proves nothing: a party owes itself no notice."""
        if to != self._debtor.party or any(role.party != to for role in self._speakers(demand)):
            return
        shown: tuple[HistoryStep, ...] = ()
        for moves in calls:
            for done in self._search.further(moves, demand.event, self._debtor.party):
                if self._search.outcomes(done, done[-1].at)[self._id] == Outcome.NOT_DUE:
                    shown = self._search.steps(done)
                    break
            if shown:
                break
        account = (
            f"expected {self._id} to be proved by a receipt of another party than that of its debtor "
            f"{self._debtor.id}, got received_by {to}: nothing is ever due"
        )
        yield self._lint(
            "unprovable", (*self._path, self._at, "received_by"), "error", account, history=shown, calls=calls
        )

    def _ownerless(self, calls: Sequence[Moves]) -> Iterator[Lint]:
        """What is owed can be said, but not by the side that owes it."""
        demand = self._ready.demand
        if not isinstance(demand, Must | Gap | Recur | Count) or self._speakers(demand, self._debtor.party):
            return
        if isinstance(demand, Count) and demand.at_least is None and demand.percent is None:
            return
        others = ", ".join(role.id for role in self._speakers(demand))
        is_named = bool(demand.by or demand.party or (isinstance(demand, Must | Recur) and demand.parties))
        account = (
            f"expected a role of {self._debtor.party} that may say {demand.event}, which {self._debtor.id} owes in "
            f"{self._id}, got only {others}"
        )
        # Where the clause itself names whose word proves it, the parties have thought of it.
        severity: Severity = "note" if is_named else "error"
        path = (*self._path[:2], "owed_by") if not is_named else (*self._path, self._at, "event")
        yield self._lint("no_owner", path, severity, account, calls=calls)

    # --- it cannot be met ---------------------------------------------------------------------------------------------

    def _never_met(self, calls: Sequence[Moves]) -> Iterator[Lint]:
        is_complete = not self._search.sampler.is_cut
        for moves in calls:
            found = self._search.finish(moves, [self._id])
            if found.moves is not None:
                return
            is_complete &= found.is_complete
        account, field = self._why_never_met(calls)
        if not account and not is_complete:
            return  # nothing was found because not everything was tried
        is_sure = bool(account) or (is_simple(questions_of(self._ready.rule)) and self._is_about_words())
        account = account or f"expected a history in which {self._id} is met, got none, whoever says what and when"
        path = (*self._path, self._at, *([field] if field else []))
        yield self._lint("never_met", path, "error" if is_sure else "note", account, calls=calls)

    def _why_never_met(self, calls: Sequence[Moves]) -> tuple[str, str]:
        """Why a clause cannot be met, and the field that is to blame; empty where neither window nor chain is."""
        demand, ready = self._ready.demand, self._ready
        if isinstance(demand, Relay):
            hops = [hop for hop in demand.chain if not self._may_hop(demand, hop)]
            if hops:
                return (
                    f"expected every hop of {self._id} to be said by somebody, got {hops[0]}, which nobody may say",
                    "chain",
                )
        if isinstance(demand, Count) and demand.at_least is not None and demand.distinct is not None:
            most = self._most_distinct(demand)
            if most is not None and demand.at_least.isdigit() and int(demand.at_least) > most:
                return (
                    f"expected at_least up to the {most} values that {demand.distinct} can have, got {demand.at_least}",
                    "at_least",
                )
        if not isinstance(demand, Must):
            return "", ""
        empty = early = True
        for moves in calls:
            trigger, instants = self._search.instants(moves, self._id)
            due = instants.get("due")
            opens = instants.get("not_before")
            if due is None:
                return "", ""
            empty &= opens is not None and opens > due + ready.grace
            early &= demand.since == "trigger" and trigger > due + ready.grace
        if empty:
            return (
                f"expected {self._id} to be due after its window opens at {demand.not_before}, got due {demand.due}",
                "due",
            )
        if early:
            return f"expected {self._id} to be due after what calls it up, got due {demand.due}", "due"
        return "", ""

    def _may_hop(self, demand: Relay, hop: str) -> bool:
        role = self._terms.role(hop)
        if demand.hop != "body.role" or not demand.event.startswith("movement."):
            return True
        return role is not None and hop in self._terms.movement.notice_chain and role in self._speakers(demand)

    def _is_about_words(self) -> bool:
        """Whether the conditions ask of the words of the event, its trigger and the plan alone, not of the past."""
        return not any(_PAST.search(question) for question in questions_of(self._ready.rule))

    def _most_distinct(self, demand: Count) -> int | None:
        form = self._terms.form(demand.event)
        fields = form.fields if form is not None else ()
        field = next((f for f in fields if f"body.{f.id}" == demand.distinct), None)
        return len(field.options) if field is not None and field.type == "choice" else None

    # --- compartments -------------------------------------------------------------------------------------------------

    def _compartments(self, calls: Sequence[Moves]) -> Iterator[Lint]:
        """Whoever is to act has what it takes before it is too late."""
        demand = self._ready.demand
        if not isinstance(demand, Must):
            return
        spans = self._terms.lengths()
        clause = self._ready.clause
        # Who is to act; and who is to have a notice, if its compartment opens for them at all.
        readers = [(demand.by or (clause.owed_by,), True)]
        if demand.received_by is not None:
            readers.append(((clause.owed_to,), False))
        for (n, name), (roles, is_actor) in product(enumerate(demand.needs), readers):
            compartment = next(c for c in self._terms.compartments if c.id == name)
            opens = [read_instant(r.opens, spans) for r in compartment.releases if r.role in roles]
            path = (*self._path, self._at, "needs", n)
            who = ", ".join(roles)
            if not opens and not is_actor:
                continue
            if not opens:
                account = f"expected compartment {name}, which {self._id} needs, to open for {who}, got no release"
                yield self._lint("compartment_late", path, "error", account, calls=calls)
                continue
            for moves in calls:
                _, instants = self._search.instants(moves, self._id)
                due = instants.get("due")
                opened = [at for at in (self._search.instant(moves, o) for o in opens) if at is not None]
                if due is None or not opened or due + self._ready.grace >= min(opened):
                    continue
                if self._search.is_broken(moves, [self._id]):
                    continue
                early = duration(min(opened) - due)
                account = (
                    f"expected compartment {name} to be open to {who} before {self._id} is due ({demand.due}), "
                    f"got one that opens {early} after that"
                )
                looks = [t for t in (due + self._ready.grace + 1, min(opened)) if t > moves[-1].at]
                yield self._lint(
                    "compartment_late", path, "error", account, history=self._search.steps(moves, *sorted(looks))
                )
                break

    # --- waivers, grace and cure --------------------------------------------------------------------------------------

    def _waiver(self, calls: Sequence[Moves]) -> Iterator[Lint]:
        by = self._ready.rule.waived_by
        sides = {role.party for role in self._terms.roles if role.id in by}
        creditor = self._terms.role(self._ready.clause.owed_to)
        alone = by == (self._debtor.id,)
        is_own = creditor is not None and creditor.party != self._debtor.party and sides == {self._debtor.party}
        if not alone and not is_own:
            return
        who = self._debtor.id if alone else f"{', '.join(by)}, all of {self._debtor.party}"
        account = f"expected a waiver of {self._id} to need somebody of the side that it is owed to, got {who} alone"
        moves = calls[0]
        for role in by:
            moves = (*moves, Move(moves[-1].at, role, DutyWaived(clause=self._id, reason="we need not")))
        history = self._search.steps(moves, *self._silence(moves))
        yield self._lint(
            "self_waived", (*self._path, "waived_by"), "error" if alone else "warning", account, history=history
        )

    def _long(self, calls: Sequence[Moves]) -> Iterator[Lint]:
        """Grace and cure are shorter than the time that the duty itself has."""
        rule, ready = self._ready.rule, self._ready
        time = self._own_time()
        if time <= 0:
            return
        for field, span in (("grace", ready.grace), ("cure", ready.cure)):
            if span <= time:
                continue
            account = (
                f"expected the {field} of {self._id} to be no longer than the duty's own time, {duration(time)}, "
                f"got {getattr(rule, field)}"
            )
            yield self._lint(f"{field}_too_long", (*self._path, field), "warning", account, calls=calls, later=time + 1)

    def _own_time(self) -> int:
        ready, demand = self._ready, self._ready.demand
        if isinstance(demand, Relay | Gap):
            return ready.span
        if isinstance(demand, Recur):
            assert ready.calendar is not None
            return ready.calendar.length or ready.calendar.months * 28 * DAY
        if isinstance(demand, Must | Equal | Count) and ready.due is not None:
            return abs(ready.due.offset)
        return 0

    # --- histories ----------------------------------------------------------------------------------------------------

    def _lint(
        self,
        code: str,
        path: Path,
        severity: Severity,
        account: str,
        *,
        history: tuple[HistoryStep, ...] = (),
        calls: Sequence[Moves] = (),
        later: int = 0,
        why: str = "",
    ) -> Lint:
        """A lint of this clause.

        calls: where there is no history yet, it is called up in one of these ways and nobody says anything more; later:
        it is looked at after this long first.
        """
        if not history and calls:
            unbroken = [moves for moves in calls if not self._search.is_broken(moves, [self._id])]
            moves = (*unbroken, *calls)[0]
            first = [moves[-1].at + later] if later else []
            history = self._search.steps(moves, *first, *(t for t in self._silence(moves) if not first or t > first[0]))
        return Lint(
            code=code, clauses=(self._id,), path=path, severity=severity, account=account, history=history,
            why_no_history=why,
        )  # fmt: skip

    def _silence(self, moves: Moves) -> tuple[int, ...]:
        """When the clause has come to something although nobody says anything more; nothing if it has already."""
        t = moves[-1].at
        for _ in range(LOOKS_MAX):
            own = [f for f in self._search.findings(moves, t) if f.clause == self._id]
            looks = [f.look_again_at for f in own if f.look_again_at is not None and f.look_again_at > t]
            if not looks or any(f.outcome is Outcome.BREACHED for f in own):
                break
            t = min(looks)
        return (t,) if t > moves[-1].at else ()


def _told(pattern: Pattern) -> str:
    """A pattern as an account tells it."""
    by = f" by {', '.join(pattern.by)}" if pattern.by else ""
    party = f" for {pattern.party}" if pattern.party else ""
    return f"{pattern.event}{by}{party}"


def is_simple(conditions: Sequence[str]) -> bool:
    """Whether values on both sides of each constant decide the conditions: no sums, no field against another."""
    for condition in conditions:
        bare = _STRING.sub("''", condition)
        if re.search(r"[+*/%]|(?<=\s)-(?=\s)|\b(?:exists|exists_one|filter|map|all)\(", bare):
            return False
        if any(len(set(_NAME.findall(atom))) > 1 for atom in re.split(r"&&|\|\||[!()]", bare)):
            return False
    return True
