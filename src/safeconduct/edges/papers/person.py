"""What is held about one person, for that person to read and keep."""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.core.agreement import Terms
from safeconduct.edges.papers.blocks import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Item,
    Items,
    Paper,
    Paragraph,
    Table,
    text,
)
from safeconduct.edges.papers.compliance import paper
from safeconduct.edges.papers.speaker import Speaker, code, foreign
from safeconduct.node.dossiers import DossierView, PersonPage


def person_paper(page: PersonPage, opened: Sequence[str], boxes: int, terms: Terms, language: str) -> Paper:
    """Everything that a node holds about one person.

    opened: the name and the papers, if they were opened for it. boxes: copies in the folder of whoever makes it.
    Raises InputInvalid for a language that the agreement is not in.
    """
    speaker = Speaker(language, {terms.digest: terms})
    title = speaker.word("person")
    blocks: list[Block] = [
        Heading(level=1, runs=text(title)),
        Paragraph(runs=text(speaker.word("person_lead")), style="lead"),
        Facts(
            facts=(
                Fact(name=speaker.word("pseudonym"), runs=text(code(page.subject.partition("/")[2]))),
                Fact(name=speaker.word("registered_by"), runs=text(speaker.party(page.party))),
                Fact(name=speaker.word("group"), runs=text(code(page.group))),
                Fact(name=speaker.word("as_seen"), runs=text(speaker.instant(page.as_of))),
                *_opened(speaker, opened),
            )
        ),
        Heading(level=2, runs=text(speaker.word("dossier"))),
    ]
    if not opened:
        blocks.append(Paragraph(runs=text(speaker.word("dossier_closed")), style="soft"))
    items = [_item(speaker, view) for view in page.dossiers]
    blocks.append(
        Items(items=tuple(items)) if items else Paragraph(runs=text(speaker.word("dossier_none")), style="plain")
    )
    blocks.append(Paragraph(runs=text(speaker.say("boxes", n=boxes))))
    blocks += [Heading(level=2, runs=text(speaker.word("said_of_person"))), _said(speaker, page)]
    return paper(speaker, title, blocks)


def _opened(speaker: Speaker, opened: Sequence[str]) -> list[Fact]:
    if not opened:
        return []
    name, *papers = opened
    facts = [Fact(name=speaker.word("dossier_name"), runs=text(foreign(name, speaker.language)))]
    return facts + [
        Fact(name=speaker.word("dossier_papers"), runs=text(foreign(one, speaker.language))) for one in papers
    ]


def _item(speaker: Speaker, view: DossierView) -> Item:
    words = (
        speaker.word("dossier_forgotten")
        if view.forgotten
        else speaker.say(
            "dossier_kept",
            parties=speaker.listed(speaker.party(party) for party in view.kept_by),
            until=speaker.instant(view.until),
            end=speaker.instant(view.destroyed_at),
        )
    )
    openings = [
        text(speaker.say("dossier_opened", actor=one.actor, at=speaker.instant(one.at), reason=one.reason))
        for one in view.openings
    ]
    return Item(runs=text(words), inner=tuple(openings) or (text(speaker.word("dossier_unopened")),))


def _said(speaker: Speaker, page: PersonPage) -> Table:
    rows = tuple(
        (
            Cell(runs=text(speaker.instant(line.t))),
            Cell(
                runs=text(line.title.get(speaker.language, line.kind)),
                under=text(speaker.word("said_void")) if line.void else (),
            ),
            Cell(runs=text(code(line.actor))),
        )
        for line in page.history
    )
    columns = (
        Column(title=speaker.word("said_when"), kind="text", share=30),
        Column(title=speaker.word("said_what"), kind="text", share=40),
        Column(title=speaker.word("said_who"), kind="text", share=30),
    )
    return Table(columns=columns, rows=rows)
