"""What in an agreement will not work as its parties expect, each with a history that shows it.

`read.py` says what is no agreement; here is what is one, and should not be signed as it stands. A lint is an error only
where a bounded search over histories (`search.py`) confirms it. docs/spec/agreement.md AG-110 to AG-119.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from safeconduct.core.acts import CATALOGUE, MovementAcknowledged, MovementRelayed, Speaker
from safeconduct.core.agreement.book import Book, Ready
from safeconduct.core.agreement.clauses import Terms
from safeconduct.core.agreement.conflicts import conflicts
from safeconduct.core.agreement.faults import Faults, Lint
from safeconduct.core.agreement.glass import one_side
from safeconduct.core.agreement.histories import PLAYS_MAX, Budget, Moves
from safeconduct.core.agreement.marks import marks_that_bite
from safeconduct.core.agreement.read import read_placed
from safeconduct.core.agreement.rules import Must, Relay
from safeconduct.core.agreement.samples import BEGIN, MINUTE, asked_about, patterns_of
from safeconduct.core.agreement.search import Search
from safeconduct.core.agreement.stage import Move

_ORDER = ("error", "warning", "note")
_PASSING = ("movement.acknowledged", "movement.relayed")


def lint(terms: Terms, *, plays_max: int = PLAYS_MAX) -> tuple[Lint, ...]:
    """Everything that is wrong with an agreement: errors, warnings, notes, each in the order of its clauses.

    plays_max: histories that are judged at most; when they are used up, a note says that not everything was tried.
    Pure, and always the same; seconds for an agreement like the templates, minutes at most.
    """
    book = Book(terms)
    places = {clause.id: place for place, clause in enumerate(terms.clauses)}
    found: list[Lint] = []
    budget = Budget(plays_max)
    for ready in book.ready:
        found += Faults(book, ready, places[ready.clause.id], budget).found()
    broken = {clause for one in found if one.severity == "error" for clause in one.clauses}
    found += conflicts(book, places, without=broken, budget=budget)
    found += _uncovered_hops(book)
    found += _gaps(book)
    found += _one_sided_glass(book.terms)
    found += marks_that_bite(book.terms)
    found += _unknowing_askers(book.terms)
    if budget.left <= 0:
        found.append(_not_all(plays_max))
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.severity)))


def _one_sided_glass(terms: Terms) -> Iterator[Lint]:
    """Break-glass that one party's people can use without anybody of another."""
    for place, glass in enumerate(terms.break_glass):
        side = one_side(glass)
        if side is not None:
            yield Lint(
                code="glass_by_one_side",
                path=("break_glass", place, "officers"),
                severity="warning",
                account=f"expected officers for the share of {glass.party} who are not all of {side}, got only such: "
                "its people can open alone, with its node",
                why_no_history="officers give by hand, and no statement shows who talked to whom",
            )


def _unknowing_askers(terms: Terms) -> Iterator[Lint]:
    """Roles that are to ask the officers for what they are not told of."""
    party_of = {role.id: role.party for role in terms.roles}
    for place, glass in enumerate(terms.break_glass):
        for n, asker in enumerate(glass.asked_by):
            for compartment in terms.compartments:
                roles = [release.role for release in compartment.releases]
                if asker not in roles and any(party_of[role] == party_of[asker] for role in roles):
                    yield Lint(
                        code="asker_does_not_know",
                        path=("break_glass", place, "asked_by", n),
                        severity="warning",
                        account=f"expected {compartment.id} to be released to {asker}, if only by existence, which "
                        f"asks the officers for the share of {glass.party}, got no release: it is shown none of it",
                        why_no_history="what somebody is shown is in no history",
                    )


def _not_all(plays_max: int) -> Lint:
    return Lint(
        code="not_all_tried",
        path=(),
        severity="note",
        account=f"expected an agreement that at most {plays_max} histories look through, got one that asks for more",
        why_no_history="it is about all the histories that were not tried",
    )


def lint_folder(files: Mapping[str, str]) -> tuple[tuple[str, Lint], ...]:
    """The lint of the agreement in a folder, each with its `file:line`.

    files: path inside the folder → text. Raises TermsInvalid as `read_folder`.
    """
    terms, place = read_placed(files)
    found = []
    for one in lint(terms):
        file, at = place(one.path)
        found.append((f"{file}:{at.line}", one))
    return tuple(found)


def _uncovered_hops(book: Book) -> Iterator[Lint]:
    """Roles of the notice chain that may sit on a notice for ever without breaching anything."""
    chain = book.terms.movement.notice_chain
    hearing = [ready for ready in book.ready if getattr(ready.demand, "event", "") in _PASSING]
    for place, role in enumerate(chain):
        if any(_covers(ready, role) for ready in hearing):
            continue
        search = Search(book, [ready.clause.id for ready in hearing], "movement")
        passed = _passed_on(search, chain[: place + 1])
        opens = next(search.sampler.plans(BEGIN)).timing.earliest
        yield Lint(
            code="hop_without_deadline",
            clauses=tuple(ready.clause.id for ready in hearing),
            path=("movement", "notice_chain", place),
            severity="warning",
            account=f"expected a clause that says by when {role} acknowledges a notice or passes it on, got none",
            history=search.steps(passed, opens) if passed else (),
            why_no_history="" if passed else "no role may ask for a movement, so that no notice comes to it",
        )


def _covers(ready: Ready, role: str) -> bool:
    """Whether a clause says by when a role of the chain does its part."""
    demand = ready.demand
    if isinstance(demand, Relay):
        return role in demand.chain or (demand.chain_of is not None and f'"{role}"' in demand.chain_of)
    if not isinstance(demand, Must):
        return False
    named = re.findall(r"[\"']([a-z0-9._-]+)[\"']", demand.where or "")
    return role in demand.by or role in named or (ready.clause.owed_by == role and not demand.by)


def _passed_on(search: Search, hops: Sequence[str]) -> Moves:
    """A movement that is asked for, and whose notice has come to the last of the hops, which says nothing."""
    moves = next(search.sayings("movement.requested"), ())
    for n, (hop, following) in enumerate(pairwise(hops), 1):
        at = BEGIN + n * MINUTE
        moves = (
            *moves,
            Move(at, hop, MovementAcknowledged(role=hop)),
            Move(at, hop, MovementRelayed(role=hop, to_role=following)),
        )
    return moves


def _gaps(book: Book) -> Iterator[Lint]:
    """What somebody may say about a movement, or file, and no clause asks for or answers."""
    terms = book.terms
    heard: set[str] = set()
    for ready in book.ready:
        heard |= {pattern.event for pattern in patterns_of(ready.rule)}
        heard |= set(asked_about(ready.rule))
    acts = {
        kind: entry.title.get("en", kind)
        for kind, entry in CATALOGUE.items()
        if entry.subject == "movement" and entry.speaker is Speaker.ROLE
    }
    titles = {**acts, **{form.id: form.name.get("en", form.id) for form in terms.forms}}
    for name, title in titles.items():
        if name in heard:
            continue
        may = [(place, role) for place, role in enumerate(terms.roles) if name in role.may]
        if may:
            place, role = may[0]
            search = Search(book, (), name.split(".")[0])
            said = next(search.sayings(name), None)
            yield Lint(
                code="no_clause",
                path=("roles", place, "may", role.may.index(name)),
                severity="note",
                account=f"expected a clause about what {role.id} may say, {title} ({name}), got none",
                history=search.steps(said) if said else (),
                why_no_history="" if said else f"{name} cannot take effect under this agreement",
            )
        elif terms.form(name) is not None:
            place = next(n for n, form in enumerate(terms.forms) if form.id == name)
            yield Lint(
                code="no_speaker",
                path=("forms", place),
                severity="note",
                account=f"expected a role that may file {title} ({name}), got none",
                why_no_history="nobody may file it",
            )
