"""Who will know what when, on one time line: roles down, time along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Terms, grade_text, instant_words
from safeconduct.core.disclosure import Known, Row, instants, places, rows
from safeconduct.edges.papers.blocks import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Legend,
    Paper,
    Paragraph,
    Table,
    text,
)
from safeconduct.edges.papers.compliance import paper
from safeconduct.edges.papers.pictures import LINE_WIDTH, knowing, line_sample
from safeconduct.edges.papers.speaker import Speaker, code

_APART = 14


def disclosure_paper(terms: Terms, timing: Timing, movement: str, language: str) -> Paper:
    """The time line of an agreement for a window of departure.

    movement: id of the one whose plan that is; empty for none. Raises InputInvalid for a language that it is not in.
    """
    speaker = Speaker(language, {terms.digest: terms})
    title = speaker.word("knowing")
    facts = [
        Fact(name=speaker.word("agreement"), runs=text(speaker.title())),
        Fact(name=speaker.word("departure"), runs=text(speaker.period(timing.earliest, timing.latest))),
        Fact(name=speaker.word("digest"), runs=text(code(terms.digest))),
    ]
    if movement:
        facts.insert(0, Fact(name=speaker.word("movement"), runs=text(code(movement))))
    blocks: list[Block] = [Heading(level=1, runs=text(title)), Facts(facts=tuple(facts))]
    shown = rows(terms, timing)
    if shown:
        blocks.append(Paragraph(runs=text(speaker.word("knowing_lead")), style="soft"))
        blocks += [_table(speaker, shown, timing), _legend(speaker, shown)]
    else:
        blocks.append(Paragraph(runs=text(speaker.word("nothing_opens"))))
    return paper(speaker, title, blocks)


def _table(speaker: Speaker, shown: Iterable[Row], timing: Timing) -> Table:
    shown = tuple(shown)
    line = instants(shown, timing.earliest, timing.latest)
    at = places(line, width=LINE_WIDTH, apart=_APART)
    window = (at[timing.earliest], at[timing.latest])
    guides = tuple(at.values())
    departure = speaker.period(timing.earliest, timing.latest)
    lines: list[tuple[Cell, ...]] = [
        (
            Cell(runs=text(speaker.word("departure"))),
            Cell(runs=()),
            Cell(runs=(), picture=knowing((), window, guides, departure, mirrored=speaker.mirrored)),
            Cell(runs=text(departure)),
        )
    ]
    for _, of_role in groupby(shown, key=lambda row: row.role):
        for n, row in enumerate(of_role):
            bars = tuple((at[step.at], step.grade) for step in row.steps if step.at is not None)
            said = "; ".join(_said(speaker, step) for step in row.steps)
            picture = knowing(bars, window, guides, said, mirrored=speaker.mirrored)
            role = Cell(runs=text(speaker.role(row.role)), under=text(speaker.party(row.party)))
            lines.append(
                (
                    role if n == 0 else Cell(runs=()),
                    Cell(runs=text(_names(speaker)[row.compartment])),
                    Cell(runs=(), picture=picture),
                    _opens(speaker, row),
                )
            )
    columns = (
        Column(title=speaker.word("role"), kind="text", share=21),
        Column(title=speaker.word("compartment"), kind="text", share=23),
        Column(title=speaker.word("time"), kind="picture", share=30),
        Column(title=speaker.word("opens"), kind="text", share=26),
    )
    return Table(columns=columns, rows=tuple(lines))


def _names(speaker: Speaker) -> Mapping[str, str]:
    return {c.id: speaker.isolated(c.name[speaker.language]) for c in speaker.terms.compartments}


def _opens(speaker: Speaker, row: Row) -> Cell:
    if len(row.steps) > 1:
        return Cell(runs=text("; ".join(_said(speaker, step) for step in row.steps)))
    (step,) = row.steps
    return Cell(runs=text(_when(speaker, step)), under=text(_grade(speaker, step)))


def _said(speaker: Speaker, step: Known) -> str:
    return f"{_when(speaker, step)}: {_grade(speaker, step)}"


def _when(speaker: Speaker, step: Known) -> str:
    if step.at is not None:
        return speaker.instant(step.at)
    moment = instant_words(speaker.terms, step.opens or "", "movement", speaker.language)
    return speaker.say("when_reported", moment=moment)


def _grade(speaker: Speaker, step: Known) -> str:
    return speaker.isolated(grade_text(step.grade, step.metres, step.minutes, speaker.language))


def _legend(speaker: Speaker, shown: Iterable[Row]) -> Legend:
    grades = {step.grade for row in shown for step in row.steps}
    words = {grade: speaker.word(f"grade_{grade}") for grade in ("exact", "blurred", "count", "existence")}
    entries = [(line_sample(grade, word), word) for grade, word in words.items() if grade in grades]
    return Legend(entries=(*entries, (line_sample("window", speaker.word("departure")), speaker.word("departure"))))
