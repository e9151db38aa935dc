"""Small agreements with one fault planted in each, and a replay of what is told of them through the record itself."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safeconduct.core.agreement import (
    Book,
    Compartment,
    Evidence,
    Field,
    Form,
    Lint,
    Pattern,
    Release,
    Role,
    Rule,
    Terms,
)
from safeconduct.core.agreement.histories import HistoryStep
from safeconduct.core.agreement.search import Search
from safeconduct.core.record.judging import findings_of
from safeconduct.testing import Story, card_of, small_terms
from safeconduct.testing.federation import HOST_ROLES, SENDING_ROLES

ASKED = Pattern(event="movement.requested")
DEPARTED = Pattern(event="movement.departed")
ARRIVED = Pattern(event="movement.arrived")
WORST = ("breached", "disputed", "pending", "waived", "met", "not_due")
_NAME = {"en": "name"}

FORMS = (
    Form(
        id="movement.briefed",
        name=_NAME,
        fields=(
            Field(id="level", type="number"),
            Field(id="kind", type="choice", options=("spoken", "written")),
            Field(id="understood", type="yes_no"),
        ),
    ),
    Form(id="movement.counted", name=_NAME, fields=(Field(id="guards", type="number"), Field(id="case", type="text"))),
    Form(id="movement.unheard", name=_NAME),
    Form(id="site.warned", name=_NAME, fields=(Field(id="finding", type="text"), Field(id="until", type="instant"))),
    Form(id="site.mended", name=_NAME, fields=(Field(id="finding", type="text"), Field(id="places", type="names"))),
)
# Who may say what besides the acts that everybody's roles may.
MORE = {
    "duty_officer": ("movement.briefed", "site.warned", "duty.waived", "movement.checked_in"),
    "unit": ("movement.checked_in",),
    "journey_manager": ("movement.counted", "site.mended", "duty.waived"),
}


def agreement(*rules: Rule, owners: Sequence[str] = (), more: dict[str, tuple[str, ...]] | None = None) -> Terms:
    """An agreement of these rules, T-1, T-2, …, owed by the escort lead where nobody else is named."""
    texts = {"en": "text"}
    may = {**MORE, **(more or {})}
    terms = small_terms([card_of("host"), card_of("sending")])
    clauses = tuple(
        msgspec.structs.replace(
            terms.clauses[0],
            id=f"T-{n}",
            title=texts,
            owed_by=owners[n - 1] if n <= len(owners) else "escort_lead",
            owed_to="journey_manager",
            rule=rule,
        )
        for n, rule in enumerate(rules, 1)
    )
    roles = tuple(
        Role(id=role, party=party, name=_NAME, may=(*said, *may.get(role, ())))
        for party, known in (("host", HOST_ROLES), ("sending", SENDING_ROLES))
        for role, said in known.items()
    )
    compartments = (
        Compartment(
            id="route",
            name=_NAME,
            releases=(
                Release(role="escort_lead", opens="plan.earliest - PT2H"),
                Release(role="unit", opens="plan.earliest - PT12H"),
            ),
        ),
    )
    return msgspec.structs.replace(terms, clauses=clauses, roles=roles, forms=FORMS, compartments=compartments)


def search_of(*rules: Rule, owners: Sequence[str] = ()) -> Search:
    """The search over histories of these rules."""
    book = Book(agreement(*rules, owners=owners))
    return Search(book, [ready.clause.id for ready in book.ready])


def replayed(terms: Terms, steps: Sequence[HistoryStep], clauses: Sequence[str]) -> list[dict[str, str]]:
    """How the clauses stand after each step, when the record's own judge is told the history."""
    story = Story(terms)
    subject = f"{steps[0].event.split('.')[0]}/m1"
    found = []
    for step in steps:
        if step.act is not None:
            said = story.say(f"{step.party}/{step.role}", step.act, at=step.at, subject=subject)
            assert (story.why_void(said) or "") == step.void, f"{step.event} at {step.after}"
        at = {(s.party, s.index): s.t for s in story.saids}

        def receipts(log: str, index: int, by: str, at: dict[tuple[str, int], int] = at) -> Evidence | None:
            return Evidence(party=by, index=0, id="f" * 64, at=at[log, index])

        findings = findings_of(story.law(), subject, story.about(subject), step.at, receipts)
        outcomes = {clause: [f.outcome.value for f in findings if f.clause == clause] for clause in clauses}
        found.append({c: next((w for w in WORST if w in found_), "not called up") for c, found_ in outcomes.items()})
    return found


def shows(terms: Terms, one: Lint) -> dict[str, str]:
    """How the clauses of a lint stand at the end of its history; every step is as the record itself judges it."""
    assert one.history or one.why_no_history
    if not one.history:
        return {}
    found = replayed(terms, one.history, one.clauses)
    assert [dict(step.outcomes) for step in one.history] == [
        {clause: outcomes[clause] for clause in step.outcomes}
        for step, outcomes in zip(one.history, found, strict=True)
    ]
    return found[-1]
