"""The compliance report says every number and every case, in each language."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import Evidence, Tally, measure
from safeconduct.edges.papers.blocks import Card, Figures, Items, Paper, Paragraph, Table, all_text
from safeconduct.edges.papers.compliance import compliance_paper, described
from safeconduct.edges.papers.speaker import Speaker
from tests.unit.edges.papers.sample import (
    CONTESTED,
    DAY,
    EXPLAINED,
    LANGUAGES,
    SINCE,
    finding,
    report,
    terms,
    versions,
)


def paper(language: str = "en", *, empty: bool = False) -> Paper:
    return compliance_paper(report(empty=empty), versions(), language, "host")


def said(of: Paper) -> str:
    return "\n".join(all_text(of))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_owner_and_case_is_there(language: str) -> None:
    told = said(paper(language))
    owed = {clause.owed_by for clause in terms().clauses}
    speaker = Speaker(language, versions())
    wanted = [clause.title[language] for clause in terms().clauses]
    wanted += [speaker.role(role) for role in sorted(owed)]
    wanted += ["movement/m-41", "movement/m-42", "movement/m-43", EXPLAINED.text, CONTESTED.text]
    assert [name for name in wanted if name not in told] == []


def test_numbers_are_kept_of_decided() -> None:
    told = said(paper())
    assert "Of 45 duties that were decided in this period, 43 were kept and 2 were not." in told
    assert "Open: breaches without answer or cure 1, disputes 1. Overdue now: 1." in told
    by_party, by_owner, by_clause = (block for block in paper().blocks if isinstance(block, Table))
    first = {row[0].runs[0].text: [cell.runs for cell in row[2:]] for row in by_clause.rows}["T-1"]
    assert ["".join(run.text for run in runs) for runs in first] == ["40 of 42", "–", "2", "–", "–", "–", "–"]
    assert [sum(column.share for column in t.columns) for t in (by_party, by_owner, by_clause)] == [100] * 3


def test_there_are_pictures_over_time_of_everything_parties_owners_and_clauses() -> None:
    groups = [block.figures for block in paper().blocks if isinstance(block, Figures)]
    rows = report()
    assert [len(group) for group in groups] == [1 + len(rows.parties), len(rows.owners), len(rows.clauses)]
    assert (groups[0][0].first, groups[0][0].last) == ("1 October", "31 December")


def test_a_single_step_is_no_picture_over_time() -> None:
    day = measure([finding("met", 1, 0)], versions(), (SINCE, SINCE + DAY), SINCE + DAY)
    blocks = compliance_paper(day, versions(), "en", "host").blocks
    assert [block for block in blocks if isinstance(block, Figures)] == []


def test_open_cases_come_first_and_say_whether_anybody_explained() -> None:
    cards = [block for block in paper().blocks if isinstance(block, Card)]
    assert [card.tone for card in cards] == ["open", "open", "closed"]
    told = ["".join(run.text for p in card.body if isinstance(p, Paragraph) for run in p.runs) for card in cards]
    assert ["No explanation has been given." in text for text in told] == [True, False, False]
    assert "Explanation by host/duty_officer, 6 October 2026 00:00 UTC:" in told[2]
    assert "Proved by: Consulate, entry 41 · Home Department, entry 41" in told[0]


@pytest.mark.parametrize(("stands", "words"), [(True, "that the statement stands"), (False, "does not stand")])
def test_a_ruling_says_what_it_ruled(stands: bool, words: str) -> None:
    ruled = msgspec.structs.replace(CONTESTED, id="9" * 64, kind="fact.ruled", stands=stands)
    found = finding("disputed", 1, 1, contested=("f" * 64,))
    shown = measure([found], versions(), (SINCE, SINCE + 9 * DAY), SINCE, accounts={found.subject: [ruled]})
    assert words in said(compliance_paper(shown, versions(), "en", "host"))


def test_a_case_with_much_evidence_names_the_first_entries() -> None:
    many = tuple(Evidence(party="host", index=i, id=f"{i:064x}", at=SINCE) for i in range(100, 120))
    shown = measure([finding("breached", 1, 1, evidence=many)], versions(), (SINCE, SINCE + 9 * DAY), SINCE)
    told = said(compliance_paper(shown, versions(), "en", "host"))
    assert (told.count("entry 1"), "…" in told) == (6, True)


def test_what_held_is_told_with_how_often() -> None:
    held = [block for block in paper().blocks if isinstance(block, Items)][-1]
    assert ["".join(run.text for run in item.runs) for item in held.items] == [
        f"T-2 Approval first · 3 times · role {terms().clauses[1].owed_by}, major"
    ]


def test_an_empty_period_says_so_in_each_part() -> None:
    told = said(paper(empty=True))
    assert [
        words
        for words in (
            "No duty was decided in this period.",
            "There was no breach and no dispute in this period.",
            "No clause was owed and kept every time.",
            "Nothing is overdue.",
        )
        if words not in told
    ] == []


def test_a_picture_is_described_in_words() -> None:
    speaker = Speaker("en", versions())
    assert described(speaker, Tally(met=2, breached=1)) == "kept: 2, breached: 1"
