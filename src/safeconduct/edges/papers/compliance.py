"""How the agreement was kept over a period, as a paper: numbers, pictures over time, and every case behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from safeconduct.core.agreement import Account, ClauseRow, Compliance, Finding, Matter, Outcome, OwnerRow, Tally, Terms
from safeconduct.edges.papers.blocks import (
    NOTHING,
    Block,
    Card,
    Cell,
    Column,
    Fact,
    Facts,
    Figure,
    Figures,
    Heading,
    Item,
    Items,
    Legend,
    Paper,
    Paragraph,
    Run,
    Runs,
    Table,
    text,
)
from safeconduct.edges.papers.pictures import PARTS, bar, columns, parts_of, sample, total
from safeconduct.edges.papers.speaker import Speaker, code, foreign
from safeconduct.edges.papers.words import DIRECTIONS

# More entries than these tell nothing on paper; the case's evidence pack has all of them.
_ENTRIES_MAX = 6


def compliance_paper(report: Compliance, versions: Mapping[str, Terms], language: str, party: str) -> Paper:
    """The report of a period.

    versions: every agreement by whose digest the report's findings were judged, the oldest first. party: whose node
    counted. Raises InputInvalid for a language that they are not in.
    """
    speaker = Speaker(language, versions)
    blocks: list[Block] = [
        Heading(level=1, runs=text(speaker.word("compliance"))),
        facts(speaker, report, party),
        Heading(level=2, runs=text(speaker.word("summary")), anchor="summary"),
        *summary(speaker, report),
        *numbers(speaker, report),
        *over_time(speaker, report),
        Heading(level=2, runs=text(speaker.word("matters")), anchor="matters"),
        *(cards(speaker, list(enumerate(report.matters, 1))) or [_nothing(speaker, "no_matters")]),
        *overdue(speaker, report.overdue),
        *held(speaker, report),
    ]
    return paper(speaker, speaker.word("compliance"), blocks)


def paper(speaker: Speaker, title: str, blocks: Iterable[Block]) -> Paper:
    """Blocks as a paper with what stands on every page of it."""
    return Paper(
        language=speaker.language,
        direction=DIRECTIONS[speaker.language],
        title=title,
        running=f"{title} · {speaker.title()}",
        contents="",
        page=speaker.word("page"),
        blocks=tuple(blocks),
    )


def facts(speaker: Speaker, report: Compliance, party: str) -> Facts:
    """What the paper is about."""
    return Facts(
        facts=(
            Fact(name=speaker.word("agreement"), runs=text(speaker.title())),
            Fact(name=speaker.word("period"), runs=text(speaker.period(report.since, report.until))),
            Fact(name=speaker.word("as_seen"), runs=text(speaker.instant(report.now))),
            Fact(name=speaker.word("seen_by"), runs=text(speaker.party(party))),
            Fact(name=speaker.word("digest"), runs=text(code(speaker.terms.digest))),
        )
    )


def summary(speaker: Speaker, report: Compliance) -> list[Block]:
    """The period in a few sentences and one bar."""
    tally = report.tally
    breaches = sum(m.open and m.finding.outcome is Outcome.BREACHED for m in report.matters)
    decided = (
        speaker.say("kept_sentence", decided=tally.decided, kept=tally.kept, breached=tally.breached)
        if tally.decided
        else speaker.word("nothing_decided")
    )
    open_ = speaker.say("open_sentence", breaches=breaches, disputes=tally.disputed, overdue=len(report.overdue))
    return [
        Paragraph(runs=text(decided), style="lead"),
        Paragraph(runs=text(open_), style="lead"),
        Paragraph(runs=text(speaker.word("what_counts"), " ", speaker.word("utc")), style="soft"),
        legend(speaker),
    ]


def legend(speaker: Speaker) -> Legend:
    """What the colours mean."""
    return Legend(
        entries=tuple((sample(part, speaker.word(part)), speaker.word(part)) for part, _, _ in PARTS),
    )


# --- numbers ----------------------------------------------------------------------------------------------------------


def numbers(speaker: Speaker, report: Compliance) -> list[Block]:
    """Tables by party, by owner and by clause."""
    blocks: list[Block] = []
    for key, rows in (
        ("by_party", [(_party_cell(speaker, row), row.tally) for row in report.parties]),
        ("by_owner", [(_owner_cell(speaker, row), row.tally) for row in report.owners]),
        ("by_clause", [(_clause_cell(speaker, row), row.tally) for row in report.clauses]),
    ):
        if rows:
            blocks.append(Heading(level=2, runs=text(speaker.word(key)), anchor=key.replace("_", "-")))
            blocks.append(_table(speaker, _FIRST_COLUMNS[key], rows))
    return blocks


_FIRST_COLUMNS = {"by_party": "party", "by_owner": "owner", "by_clause": "clause"}


def _table(speaker: Speaker, first: str, rows: Iterable[tuple[Cell, Tally]]) -> Table:
    shown = ("near", "breached", "cured", "disputed", "waived", "pending")
    return Table(
        columns=(
            Column(title=speaker.word(first), kind="text", share=29),
            Column(title=speaker.word("share"), kind="picture", share=14),
            Column(title=speaker.word("kept_column"), kind="number", share=13),
            *(
                Column(title=speaker.word(f"{name}_column"), kind="number", share=share)
                for name, share in zip(shown, (7, 9, 8, 8, 7, 5), strict=True)
            ),
        ),
        rows=tuple((cell, *_counts(speaker, tally)) for cell, tally in rows),
    )


def _counts(speaker: Speaker, tally: Tally) -> tuple[Cell, ...]:
    kept = text(speaker.say("kept_of", kept=tally.kept, decided=tally.decided)) if tally.decided else NOTHING
    breached = text(Run(str(tally.breached), "alarm")) if tally.breached else NOTHING
    return (
        Cell(picture=bar(tally, described(speaker, tally), mirrored=speaker.mirrored)),
        Cell(runs=kept),
        _count(tally.near + tally.late_word),
        Cell(runs=breached),
        *map(_count, (tally.cured, tally.disputed, tally.waived, tally.pending)),
    )


def _count(n: int) -> Cell:
    return Cell(runs=text(str(n)) if n else NOTHING)


def described(speaker: Speaker, tally: Tally) -> str:
    """What a picture of a tally shows, in words."""
    found = (speaker.say("part_count", part=speaker.word(part), n=n) for part, n in parts_of(tally).items() if n)
    return speaker.listed(found)


def _party_cell(speaker: Speaker, row: OwnerRow) -> Cell:
    return Cell(runs=text(Run(speaker.party(row.party), "strong")))


def _owner_cell(speaker: Speaker, row: OwnerRow) -> Cell:
    return Cell(runs=text(Run(speaker.role(row.role), "strong")), under=text(Run(speaker.party(row.party), "soft")))


def _clause_cell(speaker: Speaker, row: ClauseRow) -> Cell:
    owner = speaker.listed((speaker.role(row.owed_by), speaker.word(row.severity)))
    return Cell(
        runs=text(code(row.clause), " ", Run(speaker.clause_title(row.clause, row.agreement), "strong")),
        under=text(Run(owner, "soft")),
    )


# --- over time --------------------------------------------------------------------------------------------------------


def over_time(speaker: Speaker, report: Compliance) -> list[Block]:
    """Small multiples: everything, each party, each owner, each clause."""
    if not report.clauses or len(report.starts) < 2:
        return []

    def figure(caption: Runs, series: Sequence[Tally]) -> Figure:
        return Figure(
            caption=caption,
            picture=columns(series, described(speaker, _sum(series)), mirrored=speaker.mirrored),
            first=speaker.short_date(report.since),
            middle=speaker.say("highest", n=max(map(total, series))),
            last=speaker.short_date(report.until - 1),
        )

    wide = [
        figure(text(Run(speaker.word("all_clauses"), "strong")), report.series),
        *(figure(text(Run(speaker.party(row.party), "strong")), row.series) for row in report.parties),
    ]
    owners = [figure(text(Run(speaker.role(row.role), "strong")), row.series) for row in report.owners]
    clauses = [
        figure(text(code(row.clause), " ", Run(speaker.clause_title(row.clause, row.agreement), "strong")), row.series)
        for row in report.clauses
    ]
    return [
        Heading(level=2, runs=text(speaker.word("over_time")), anchor="over-time"),
        Paragraph(runs=text(speaker.word(f"step_{report.step}"), " ", speaker.word("own_scale")), style="soft"),
        Figures(figures=tuple(wide)),
        Heading(level=3, runs=text(speaker.word("by_owner"))),
        Figures(figures=tuple(owners)),
        Heading(level=3, runs=text(speaker.word("by_clause"))),
        Figures(figures=tuple(clauses)),
    ]


def _sum(series: Iterable[Tally]) -> Tally:
    return sum(series, start=Tally())


# --- cases ------------------------------------------------------------------------------------------------------------


def cards(speaker: Speaker, numbered: Sequence[tuple[int, Matter]], *, decide: bool = False) -> list[Block]:
    """Each case with its sentence, who owed it, what was said about it, and what proves it.

    decide: leave room for a decision.
    """
    return [_card(speaker, number, matter, decide=decide) for number, matter in numbered]


def _card(speaker: Speaker, number: int, matter: Matter, *, decide: bool) -> Card:
    finding = matter.finding
    state = "matter_open" if matter.open else "matter_cured" if finding.cured_at is not None else "matter_closed"
    title = speaker.clause_title(finding.clause, finding.agreement)
    told = Run(f"{speaker.word(matter.severity)} · {speaker.word(state)}", "alarm" if matter.open else "soft")
    said: list[Paragraph | Items] = []
    for account in matter.accounts:
        said.append(Paragraph(runs=text(Run(_said(speaker, account), "soft"))))
        said.append(Paragraph(runs=text(foreign(account.text, speaker.language)), style="quote"))
    if finding.outcome is Outcome.BREACHED and not matter.accounts:
        said.append(Paragraph(runs=text(speaker.word("no_account")), style="soft"))
    body = [
        Paragraph(runs=text(speaker.sentence(finding))),
        Paragraph(
            runs=text(code(finding.subject), " · ", speaker.instant(matter.at), " · ", speaker.party(matter.party)),
            style="soft",
        ),
        *said,
        Paragraph(runs=text(Run(_proved(speaker, finding), "soft"))),
    ]
    if decide:
        body.append(Paragraph(runs=text(f"{speaker.word('decision')} {'_' * 30}")))
    return Card(
        tone="open" if matter.open else "closed",
        head=text(Run(f"{number}.", "strong"), " ", code(finding.clause), " ", Run(title, "strong"), " · ", told),
        body=tuple(body),
    )


def _said(speaker: Speaker, account: Account) -> str:
    key = f"said_{account.kind.partition('.')[2]}"
    if account.kind == "fact.ruled":
        key = f"{key}_{'stands' if account.stands else 'falls'}"
    return speaker.say(key, actor=account.actor, time=speaker.instant(account.t))


def _proved(speaker: Speaker, finding: Finding) -> str:
    proofs = {proof.id: proof for proof in (finding.trigger, *finding.evidence)}
    shown = [
        speaker.say("entry", party=speaker.party(proof.party), n=proof.index)
        for proof in list(proofs.values())[:_ENTRIES_MAX]
    ]
    more = ["…"] if len(proofs) > _ENTRIES_MAX else []
    return speaker.say("proved_by", entries=" · ".join(shown + more))


def overdue(speaker: Speaker, findings: Sequence[Finding]) -> list[Block]:
    """What is late at this moment and can still be done."""
    items = tuple(Item(runs=text(code(finding.subject), " · ", speaker.sentence(finding))) for finding in findings)
    return [
        Heading(level=2, runs=text(speaker.word("overdue")), anchor="overdue"),
        Items(items=items) if items else _nothing(speaker, "nothing_overdue"),
    ]


def held(speaker: Speaker, report: Compliance) -> list[Block]:
    """Clauses that were kept every time."""
    rows = {row.clause: row for row in report.clauses}
    items = []
    for clause in report.held:
        row = rows[clause]
        times = row.tally.met
        items.append(
            Item(
                runs=text(
                    code(clause),
                    " ",
                    Run(speaker.clause_title(clause, row.agreement), "strong"),
                    " · ",
                    speaker.word("held_once") if times == 1 else speaker.say("held_times", n=times),
                    Run(f" · {speaker.listed((speaker.role(row.owed_by), speaker.word(row.severity)))}", "soft"),
                )
            )
        )
    heading = Heading(level=2, runs=text(speaker.word("held")), anchor="held")
    if not items:
        return [heading, _nothing(speaker, "nothing_held")]
    return [heading, Paragraph(runs=text(speaker.word("held_lead"))), Items(items=tuple(items))]


def _nothing(speaker: Speaker, key: str) -> Paragraph:
    return Paragraph(runs=text(speaker.word(key)))
