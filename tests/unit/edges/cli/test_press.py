"""Joint releases on the command line: proposed, signed word for word, exported once all have signed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.edges.cli.office import Office

TEXT = ("--text", "en=All twelve are safe.", "--text", "ur=سب بارہ محفوظ ہیں۔")


def propose(office: Office, *words: str) -> str:
    said: Any = office.must("release", "propose", *(words or TEXT), "--json", *office.by("ministry")).json()
    office.sync()
    return str(said["subject"]).removeprefix("release/")


@pytest.mark.slow
def test_a_release_is_exported_once_all_have_signed_and_not_before(office: Office, tmp_path: Path) -> None:
    """ITEM-40, ITEM-41, REC-117"""
    name = propose(office)
    shown = office.must("release", "show", name, *office.by("embassy")).out
    assert ("DRAFT, not released: awaits sending" in shown, "All twelve" in shown) == (True, True)
    assert office.run("release", "show", name, *office.by("escort")).code == 1
    file = tmp_path / "out.txt"
    early = office.run("release", "export", name, "-o", str(file), *office.by("embassy"))
    assert (early.code, "nothing of it is given out" in early.err, file.exists()) == (1, True, False)
    office.must("release", "sign", name, "--yes", *office.by("embassy"))
    office.sync()
    assert "jointly released" in office.must("release", "show", name, *office.by("escort")).out
    office.must("release", "export", name, "--language", "ur", "-o", str(file), *office.by("escort"))
    text = file.read_text("utf-8")
    assert (text.startswith("سب بارہ"), "Jointly released by host, sending" in text) == (True, True)
    assert name in office.must("release", "list", *office.by("escort")).out


@pytest.mark.slow
def test_a_release_is_refused_or_withdrawn(office: Office) -> None:
    """REC-118"""
    refused, withdrawn = propose(office), propose(office)
    office.must("release", "refuse", refused, "--reason", "not yet", *office.by("embassy"))
    office.must("release", "withdraw", withdrawn, "--reason", "too early", *office.by("ministry"))
    assert "NOT RELEASED, refused: not yet" in office.must("release", "show", refused, *office.by("embassy")).out
    assert office.run("release", "sign", withdrawn, "--yes", *office.by("embassy")).code == 0
    office.sync()
    shown = office.must("release", "show", withdrawn, *office.by("ministry")).out
    assert "NOT RELEASED, withdrawn: too early" in shown


@pytest.mark.slow
def test_small_numbers_are_proposed_as_fewer_than(office: Office) -> None:
    """REC-116"""
    name = propose(office, "--count", "movements=214", "--count", "turned back=3", "--count", "hurt=0")
    shown = office.must("release", "show", name, *office.by("embassy")).out
    found = dict(re.findall(r"^(movements|turned back|hurt) +(.+?) *$", shown, re.M))
    assert found == {"movements": "214", "turned back": "fewer than 5", "hurt": "0"}


@pytest.mark.slow
def test_how_the_agreement_was_kept_is_proposed_in_numbers(office: Office) -> None:
    """REC-116"""
    name = propose(office, "--kept-from", "2024-10-01", "--kept-to", "2024-10-05")
    counts = office.must("release", "show", name, "--json", *office.by("embassy")).json()["counts"]
    assert [count["of"] for count in counts][:2] == [
        "duties met, 2024-10-01 to 2024-10-05",
        "duties breached, 2024-10-01 to 2024-10-05",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--text", "de=alles gut"), "expected one of en, zh, ur"),
        (("--text", "en"), "expected a text such as"),
        (("--count", "hurt=-1"), "expected a whole number"),
        (("--kept-from", "2024-10-01"), "expected both --kept-from and --kept-to"),
    ],
)
def test_what_cannot_be_proposed_is_told(office: Office, words: tuple[str, ...], message: str) -> None:
    answer = office.run("release", "propose", *words, *office.by("ministry"))
    assert (answer.code, message in answer.err) == (2, True), answer.err
