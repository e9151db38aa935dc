"""Sealed orders on the command line: sealed on one machine, shown by when it opens, opened by whoever is due it."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.node import custody
from tests.unit.edges.cli.office import Office, approve, request

HOUR = 3_600_000
WORDS = ("--text", "gate 2, by the clinic", "--place", "24.8949,67.1580=gate 2", "--at", "+30h", "--count", "12")


def keep_custody(office: Office, rounds: int = 3) -> None:
    """Let both nodes do what they do by themselves."""
    for _ in range(rounds):
        for node in list(office.links.nodes.values()):
            node.custody_at = 0
            office.loop.run_until_complete(custody.keep_custody(node))
        office.sync()


def sealed(office: Office, movement: str, compartment: str = "rendezvous") -> None:
    """A movement asked for and approved, with a compartment sealed and checked."""
    keep_custody(office, 1)
    request(office, movement)
    office.must("order", "seal", movement, compartment, *WORDS, "--yes", *office.by("manager"))
    office.sync()
    keep_custody(office)
    approve(office, movement)


def error_of(office: Office, *words: str) -> tuple[int, str]:
    answer = office.run("order", *words)
    return answer.code, answer.err


@pytest.mark.slow
def test_an_order_is_sealed_shown_and_opened_when_it_is_due(office: Office) -> None:
    """SEAL-61, SEAL-64, SIGHT-7, SIGHT-8"""
    sealed(office, "opened")
    shown = office.must("order", "show", "opened", *office.by("manager"))
    assert ("in force" in shown.out, "closed" in shown.out, "gate 2" in shown.out) == (True, False, False)
    before = office.must("order", "show", "opened", *office.by("escort")).out
    assert ("rendezvous opens for you" in before, "in force" in before) == (True, False)
    early = error_of(office, "open", "opened", "rendezvous", *office.by("escort"))
    assert (early[0], "rendezvous opens for host/escort" in early[1]) == (1, True)
    office.clock.advance(29 * HOUR)
    office.sync()
    keep_custody(office)
    opened = office.must("order", "open", "opened", "rendezvous", *office.by("escort"))
    assert "gate 2, by the clinic" in opened.out
    again = office.must("order", "open", "opened", "rendezvous", "--json", *office.by("escort")).json()
    assert (again["variant"], again["content"]["places"][0]["name"]) == ("exact", "gate 2")
    office.sync()
    assert "host/escort" not in office.must("order", "show", "opened", *office.by("manager")).out
    lines = office.must("order", "show", "opened", *office.by("auditor")).out
    assert "host/escort" in lines
    assert "shares given to host" in lines


@pytest.mark.slow
def test_every_grade_that_the_agreement_asks_is_sealed_at_once(office: Office) -> None:
    """SEAL-51"""
    sealed(office, "graded", "manifest")
    rows = office.must("order", "show", "graded", "--json", *office.by("manager")).json()["sealings"]
    assert sorted((row["compartment"], row["variant"]) for row in rows) == [
        ("manifest", "count"),
        ("manifest", "exact"),
    ]
    missing = office.must("order", "show", "graded", *office.by("auditor")).out
    assert "not sealed yet: " in missing
    assert "rendezvous (exact)" in missing


def test_sealing_is_asked_about_with_what_each_grade_will_say(office: Office) -> None:
    """SEAL-51"""
    keep_custody(office, 1)
    request(office, "asked")
    words = ("order", "seal", "asked", "manifest", "--text", "three names", "--count", "3", *office.by("manager"))
    answer = office.run(*words, typed="n\n")
    assert (answer.code, "manifest, count" in answer.err, "manifest, exact" in answer.err) == (1, True, True)
    assert office.must("order", "show", "asked", "--json", *office.by("auditor")).json()["sealings"] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("rendezvous",), "expected words, a number, a moment or a place to seal, got none"),
        (("rendezvous", "--text", "a", "--file", "b"), "expected --text or --file, got both"),
        (("rendezvous", "--file", "no-such-file"), "expected a text at no-such-file, got no such file"),
        (("rendezvous", "--text", "a" * 16_001), "expected a text of 1 to 16000 characters, got 16001"),
        (("kitchen", "--text", "a"), "expected a compartment that the agreement releases (manifest, rendezvous"),
        (("manifest", "--text", "names"), "expected how many there are"),
        (("route", "--text", "by the sea"), "expected a place or a moment that can be said as blurred"),
        (("rendezvous", "--place", "here"), "--place: expected latitude,longitude in degrees"),
    ],
)
def test_what_cannot_be_sealed_is_told_before_anything_is_said(
    office: Office, words: tuple[str, ...], message: str
) -> None:
    """SEAL-50, SEAL-51"""
    keep_custody(office, 1)
    if office.run("order", "show", "unsealed", *office.by("manager")).code:
        request(office, "unsealed")
    code, error = error_of(office, "seal", "unsealed", *words, "--yes", *office.by("manager"))
    assert (code, message in error) == (2, True), error


def test_a_file_that_is_no_text_is_refused(office: Office, tmp_path: Path) -> None:
    (tmp_path / "names").write_bytes(b"\xff\xfe")
    request(office, "filed")
    words = ("seal", "filed", "rendezvous", "--file", str(tmp_path / "names"), "--yes", *office.by("manager"))
    assert "expected a text in UTF-8" in error_of(office, *words)[1]


def test_who_is_due_nothing_is_told_so(office: Office) -> None:
    """REC-68, SIGHT-10: in the words in which they are told that nothing is there."""
    sealed(office, "shut")
    for name, message in (
        ("approver", "expected a compartment that is sealed for movement/shut, got rendezvous"),
        ("duty", "expected a compartment that is sealed for movement/shut, got manifest"),
    ):
        compartment = "rendezvous" if name == "approver" else "manifest"
        code, error = error_of(office, "open", "shut", compartment, *office.by(name))
        assert (code, message in error) == (2, True), error


def test_the_keys_are_listed_with_their_ends(office: Office) -> None:
    """SEAL-65"""
    keep_custody(office, 1)
    listed = office.must("order", "keys", *office.by("manager")).out
    assert listed.count("host") >= 2
    assert "2025-01-01 00:00:00Z" in listed


def test_without_a_key_that_lasts_nothing_is_sealed(working_office: Office) -> None:
    """SEAL-24"""
    request(working_office, "early")
    words = ("seal", "early", "rendezvous", *WORDS, "--yes", *working_office.by("manager"))
    code, error = error_of(working_office, *words)
    assert (code, "no sealing key of host lasts until" in error) == (3, True)
