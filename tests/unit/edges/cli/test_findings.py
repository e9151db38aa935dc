"""Findings are sentences for people and values for programs."""

from __future__ import annotations

import pytest

from safeconduct.edges.cli.sentences import sentence
from safeconduct.node import queries
from safeconduct.testing import authority
from tests.unit.edges.cli.office import Office, request


def test_a_finding_is_a_sentence_in_the_language_asked_for(office: Office) -> None:
    request(office, "f-said")
    spoken = {
        language: office.must("findings", "f-said", "--language", language, *office.by("duty")).out
        for language in ("en", "zh", "ur")
    }
    assert ["NTC-1" in text for text in spoken.values()] == [True] * 3
    assert ("is met" in spoken["en"], "已履行" in spoken["zh"], "پوری ہوئی" in spoken["ur"]) == (True, True, True)


def test_a_program_gets_the_sentence_too(office: Office) -> None:
    request(office, "f-json")
    found = office.must("findings", "f-json", "--json", *office.by("duty")).json()
    assert ({f["subject"] for f in found}, all(f["clause"] in f["sentence"] for f in found)) == (
        {"movement/f-json"},
        True,
    )


def test_findings_of_all_movements_are_those_of_each(office: Office) -> None:
    request(office, "f-all")
    everything = office.must("findings", "--json", *office.by("duty")).json()
    one = office.must("findings", "f-all", "--json", *office.by("duty")).json()
    assert [f for f in everything if f["subject"] == "movement/f-all"] == one


@pytest.mark.parametrize("outcome", ["met", "breached"])
def test_findings_are_chosen_by_their_outcome(office: Office, outcome: str) -> None:
    request(office, f"chosen-{outcome}")
    words = ("findings", f"chosen-{outcome}", "--outcome", outcome, "--json")
    found = office.must(*words, *office.by("duty")).json()
    assert {f["outcome"] for f in found} <= {outcome}


def test_where_nothing_was_found_one_is_told(office: Office) -> None:
    request(office, "f-nothing")
    words = ("findings", "f-nothing", "--outcome", "breached")
    assert office.must(*words, *office.by("duty")).out == "no findings\n"


def test_findings_of_a_movement_that_is_not_there_are_not_found(office: Office) -> None:
    answer = office.run("findings", "nowhere", *office.by("duty"))
    assert (answer.code, "nothing was said of movement/nowhere" in answer.err) == (1, True)


@pytest.mark.parametrize("subject", ["nonsense/x", "post/"])
def test_what_is_no_subject_is_told(office: Office, subject: str) -> None:
    answer = office.run("findings", subject, *office.by("duty"))
    assert (answer.code, "expected a subject such as movement/m-1 or post/gate-1" in answer.err) == (2, True)


def test_a_movement_is_explained_by_the_agreement_under_which_it_was_asked_for(working_office: Office) -> None:
    request(working_office, "old")
    path = working_office.folder / "agreement" / "agreement.yaml"
    path.write_text(path.read_text("utf-8").replace("drift: PT15M", "drift: PT20M"), "utf-8")
    words = ("agreement", "propose", str(path.parent), "--yes", "--json")
    digest = working_office.must(*words, *working_office.at("host")).json()["digest"]
    working_office.sync()
    working_office.must("agreement", "sign", digest, "--yes", *working_office.at("sending"))
    working_office.sync()
    request(working_office, "new")
    found = working_office.must("findings", "--json", *working_office.by("manager")).json()
    told = {f["subject"] for f in found if f["sentence"]}
    assert {subject for subject in told if subject.startswith("movement/")} == {"movement/old", "movement/new"}


def test_a_finding_without_its_agreement_is_told_in_short(office: Office) -> None:
    request(office, "f-short")
    found = queries.movement(
        office.links.nodes["host"], authority(office.links.nodes["host"]), "movement/f-short"
    ).findings
    finding = next(each for each in found if each.clause == "NTC-1")
    assert sentence(None, finding, "en") == "NTC-1 met"
