"""The pack for the meeting of the parties: what is to be decided first, then how it went, then what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safeconduct.core.agreement import Compliance, Matter, Outcome, Terms
from safeconduct.edges.papers.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Item,
    Items,
    NewPage,
    Paper,
    Paragraph,
    Run,
    Table,
    text,
)
from safeconduct.edges.papers.compliance import cards, facts, held, numbers, over_time, overdue, paper, summary
from safeconduct.edges.papers.speaker import Speaker, code


def meeting_paper(report: Compliance, versions: Mapping[str, Terms], language: str, party: str) -> Paper:
    """The pack for a meeting over a period; arguments and errors as in `compliance_paper`."""
    speaker = Speaker(language, versions)
    numbered = list(enumerate(report.matters, 1))
    breaches = [(n, m) for n, m in numbered if m.open and m.finding.outcome is Outcome.BREACHED]
    disputes = [(n, m) for n, m in numbered if m.finding.outcome is Outcome.DISPUTED]
    answered = [(n, m) for n, m in numbered if not m.open]
    proofs = _proofs(numbered)
    agenda = (
        ("agenda_open", len(breaches)),
        ("agenda_disputes", len(disputes)),
        ("agenda_overdue", len(report.overdue)),
        ("agenda_answered", len(answered)),
        ("agenda_compliance", 0),
        ("agenda_held", len(report.held)),
        ("agenda_proof", len(proofs)),
    )
    blocks: list[Block] = [
        Heading(level=1, runs=text(speaker.word("meeting"))),
        facts(speaker, report, party),
        Heading(level=2, runs=text(speaker.word("agenda")), anchor="agenda"),
        Items(items=tuple(Item(runs=text(speaker.say(key, n=n))) for key, n in agenda), numbered=True),
        *_section(speaker, "open_breaches", breaches),
        *_section(speaker, "open_disputes", disputes),
        *overdue(speaker, report.overdue),
        *_section(speaker, "answered", answered, decide=False),
        NewPage(),
        Heading(level=2, runs=text(speaker.word("compliance")), anchor="compliance"),
        *summary(speaker, report),
        *numbers(speaker, report),
        *over_time(speaker, report),
        *held(speaker, report),
        *_proof(speaker, proofs),
    ]
    return paper(speaker, speaker.word("meeting"), blocks)


def _section(speaker: Speaker, key: str, numbered: Sequence[tuple[int, Matter]], *, decide: bool = True) -> list[Block]:
    shown = cards(speaker, numbered, decide=decide) or [Paragraph(runs=text(speaker.word("none_here")))]
    return [Heading(level=2, runs=text(speaker.word(key)), anchor=key.replace("_", "-")), *shown]


# statement id → (party, index, time in ms, numbers of the cases)
_Proofs = dict[str, tuple[str, int, int, list[int]]]


def _proofs(numbered: Sequence[tuple[int, Matter]]) -> _Proofs:
    """Every statement behind a case, by its log and place."""
    found: _Proofs = {}
    for number, matter in numbered:
        finding = matter.finding
        statements = {e.id: e for e in (finding.trigger, *finding.evidence, *finding.explained)}
        for proof in statements.values():
            _, _, _, cases = found.setdefault(proof.id, (proof.party, proof.index, proof.at, []))
            cases.append(number)
    return dict(sorted(found.items(), key=lambda pair: pair[1][:2]))


def _proof(speaker: Speaker, proofs: _Proofs) -> list[Block]:
    if not proofs:
        return []
    columns = (
        Column(title=speaker.word("log_entry"), kind="text", share=22),
        Column(title=speaker.word("time"), kind="text", share=22),
        Column(title=speaker.word("case"), kind="text", share=12),
        Column(title=speaker.word("statement"), kind="text", share=44),
    )
    rows = tuple(
        (
            Cell(runs=text(speaker.say("entry", party=speaker.party(party), n=index))),
            Cell(runs=text(speaker.instant(at))),
            Cell(runs=text(speaker.listed(map(str, cases)))),
            Cell(runs=text(code(statement))),
        )
        for statement, (party, index, at, cases) in proofs.items()
    )
    return [
        NewPage(),
        Heading(level=2, runs=text(speaker.word("proof")), anchor="proof"),
        Paragraph(runs=text(Run(speaker.word("proof_lead"), "soft"))),
        Table(columns=columns, rows=rows),
    ]
