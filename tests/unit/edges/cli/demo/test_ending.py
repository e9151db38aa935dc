"""The end of the demo: packs that verify, packs that do not, and what decides the exit code."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from safeconduct.core.audit import verify_pack
from safeconduct.edges.cli.demo.ending import PACKS, answer, flip, keep_pack, verdict
from safeconduct.edges.cli.demo.inquiry import Expected
from safeconduct.edges.cli.demo.scenario import AFTERNOON, EVENING, HOST
from safeconduct.edges.cli.demo.timeline import Names, Timeline
from safeconduct.edges.cli.demo.words import LANGUAGES, Words
from safeconduct.errors import PackInvalid
from tests.unit.edges.cli.demo.telling import pack_of, template_terms, told

YES, NO = Expected("one thing", holds=True), Expected("another", holds=False)


def timeline(language: str = "en") -> tuple[Timeline, io.StringIO]:
    file = io.StringIO()
    return Timeline(Console(file=file, width=120, highlight=False), Words(language)), file


@pytest.mark.slow
def test_a_pack_is_written_and_proves_the_same_as_before(tmp_path: Path) -> None:
    line, _ = timeline()
    data, cards = pack_of(HOST, EVENING), told().federation.cards
    report = keep_pack(line, Names(line.words, template_terms()), tmp_path / "pack", data, cards)
    assert (report, (tmp_path / "pack").read_bytes()) == (verify_pack(data, cards), data)


@pytest.mark.slow
def test_a_pack_under_other_cards_is_not_taken(tmp_path: Path) -> None:
    line, _ = timeline()
    cards = told().federation.cards
    swapped = dict(zip(cards, reversed(cards.values()), strict=True))
    with pytest.raises(PackInvalid):
        keep_pack(line, Names(line.words, template_terms()), tmp_path / "pack", pack_of(HOST, EVENING), swapped)


@pytest.mark.slow
def test_a_flipped_bit_is_found_and_the_reason_shown() -> None:
    line, file = timeline()
    check = flip(line, pack_of(HOST, EVENING), told().federation.cards)
    assert (check.holds, "flipped: " in file.getvalue()) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_name_who_was_never_told(language: str) -> None:
    line, file = timeline(language)
    terms = template_terms()
    names = Names(line.words, terms)
    cards = told().federation.cards
    reports = {subject: verify_pack(pack_of(party, subject), cards) for party, subject in PACKS}
    answer(line, names, terms, told().seen(), reports)
    roles = line.words.listed(names.role(role) for role in ("district_desk", "unit_commander"))
    assert (roles in file.getvalue(), sorted(reports)) == (True, sorted((AFTERNOON, EVENING)))


@pytest.mark.parametrize(
    ("checks", "surprises", "holds", "said"),
    [
        ([YES], [], True, "All 1 things"),
        ([YES, NO], [], False, "does not show: another"),
        ([YES], ["the host said no"], False, "does not show: the host said no"),
    ],
)
def test_all_holds_only_if_everything_is_there(
    checks: list[Expected], surprises: list[str], holds: bool, said: str
) -> None:
    line, file = timeline()
    assert (verdict(line, checks, surprises), said in file.getvalue()) == (holds, True)
