"""`report compliance` and `report meeting` ask the node for a period and print it."""

from __future__ import annotations

import pytest

from safeconduct.edges.cli.compliance import instant
from safeconduct.testing import START
from tests.unit.edges.cli.office import Office, request

DAY = 86_400_000
# The office's days are in this year.
PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")


def test_a_day_begins_at_midnight_and_the_last_one_is_whole() -> None:
    begin, end = (instant("2026-10-01", 0, "--to", last=last) for last in (False, True))
    assert (begin, end - begin) == (1_790_812_800_000, DAY)
    assert instant("2026-10-01T01:00+01:00", 0, "--from") == begin
    assert instant("+1h", START, "--to") == START + 3_600_000


@pytest.mark.parametrize("paper", ["compliance", "meeting"])
@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-Hans"), ("ur", "ur")])
def test_a_paper_is_printed_in_each_language(office: Office, paper: str, language: str, tag: str) -> None:
    request(office, f"r-{paper}-{language}")
    file = office.folder / f"{paper}-{language}.html"
    words = ("report", paper, *PERIOD, "--language", language, "-o", str(file), "--json")
    told = office.must(*words, *office.by("duty")).json()
    written = file.read_text("utf-8")
    assert (told["file"], told["format"], told["bytes"]) == (str(file), "html", file.stat().st_size)
    assert (f'<html lang="{tag}"' in written, "NTC-" in written) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["compliance", "meeting"])
def test_a_paper_is_printed_as_pdf(office: Office, paper: str) -> None:
    request(office, f"r-{paper}-pdf")
    file = office.folder / f"{paper}.pdf"
    said = office.must("report", paper, *PERIOD, "-o", str(file), *office.by("duty")).out
    assert (file.read_bytes()[:5], str(file) in said.replace("\n", "")) == (b"%PDF-", True)


def test_without_an_end_the_period_ends_now(office: Office) -> None:
    file = office.folder / "until-now.html"
    begin = "2024-09-01"
    told = office.must("report", "compliance", "--from", begin, "-o", str(file), "--json", *office.by("duty")).json()
    assert told["until"] == office.clock.now()


def test_a_file_that_is_there_is_not_overwritten(office: Office) -> None:
    file = office.folder / "precious.html"
    file.write_text("precious", "utf-8")
    answer = office.run("report", "meeting", *PERIOD, "-o", str(file), *office.by("duty"))
    assert (answer.code, "it is not overwritten" in answer.err, file.read_text("utf-8")) == (2, True, "precious")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--from", "2026-02-30", "-o", "x.pdf"), "--from: expected a time such as"),
        (("--from", "2026-12-31", "--to", "2026-01-01", "-o", "x.pdf"), "a period from an instant until a later one"),
        (("--from", "2026-01-01", "-o", "x.txt"), "--format: expected one of html, pdf"),
        (("--from", "2026-01-01"), "expected -o, got none"),
        (("-o", "x.pdf"), "expected --from, got none"),
    ],
)
def test_a_period_or_a_file_that_is_none_is_refused(office: Office, words: tuple[str, ...], message: str) -> None:
    answer = office.run("report", "compliance", *words, *office.by("duty"))
    assert (answer.code, message in answer.err) == (2, True), answer.err
