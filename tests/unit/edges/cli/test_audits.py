"""Exported logs and evidence packs are checked by anybody, with nothing but cards and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safeconduct.node import queries
from tests.unit.edges.cli.office import PARTIES, Office, request


@pytest.fixture
def exported(working_office: Office) -> Office:
    """Both logs on a stick, with one movement."""
    request(working_office, "m1")
    for party in PARTIES:
        working_office.must("log", "export", party, working_office.path("stick", party), *working_office.at(party))
    return working_office


def sticks(office: Office) -> tuple[str, ...]:
    return tuple(office.path("stick", party) for party in PARTIES)


def cards(office: Office, *parties: str) -> tuple[str, ...]:
    return tuple(f"--card={office.path(party, 'card.json')}" for party in parties)


# --- audit ------------------------------------------------------------------------------------------------------------


def test_an_audit_comes_to_what_the_nodes_know(exported: Office) -> None:
    """AUD-7"""
    found = exported.must("audit", *sticks(exported), *cards(exported, *PARTIES), "--json").json()
    digest = queries.state_of_record(exported.links.nodes["host"])
    assert (found["problems"], found["audit"]["digest"]) == ([], digest)


def test_an_audit_says_each_finding_in_a_sentence(exported: Office) -> None:
    shown = exported.must("audit", *sticks(exported)).out
    assert ("movement/m1: NTC-1 (Notice of a movement) is met" in shown, "everything verifies" in shown) == (True, True)


def test_an_audit_says_whose_cards_it_believed(exported: Office) -> None:
    known = exported.must("audit", *sticks(exported), *cards(exported, *PARTIES), "--json").json()["cards"]
    carried = exported.must("audit", *sticks(exported), "--json").json()["cards"]
    assert ([c["known"] for c in known], [c["known"] for c in carried]) == ([True, True], [False, False])


def test_clauses_are_judged_when_one_says(exported: Office) -> None:
    words = ("audit", *sticks(exported), "--as-of", "2024-10-20T00:00Z", "--json")
    assert exported.must(*words).json()["audit"]["as_of"] == 1_729_382_400_000


@pytest.mark.slow
def test_an_audit_does_not_depend_on_how_many_processes_work(exported: Office) -> None:
    """AUD-9"""
    one, two = (exported.must("audit", *sticks(exported), "--workers", n, "--json").json() for n in ("1", "2"))
    assert one == two


def test_a_log_that_is_missing_is_a_problem(exported: Office) -> None:
    """AUD-6"""
    answer = exported.run("audit", exported.path("stick", "host"), "--json")
    assert (answer.code, "names causes that no log here has" in answer.out) == (1, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("{host}", "{host}"), "expected one folder for each party, got host, host"),
        (("{host}", "{sending}", "--card={hostcard}"), "expected --card for each party, got none for sending"),
        (("{host}", "--as-of", "yesterday"), "--as-of: expected a time such as"),
        (("{host}", "--workers", "0"), "--workers: expected a whole number from 1 to 64"),
        (("{host}", "--card=/nowhere"), "expected a party's card at /nowhere"),
        ((), "expected FOLDER, got none"),
    ],
)
def test_an_audit_that_makes_no_sense_is_refused(exported: Office, words: tuple[str, ...], message: str) -> None:
    host, sending = sticks(exported)
    card = exported.path("host", "card.json")
    filled = [word.format(host=host, sending=sending, hostcard=card) for word in words]
    answer = exported.run("audit", *filled)
    assert (answer.code, message in answer.err) == (2, True), answer


def test_a_card_of_somebody_else_exposes_the_folder(exported: Office) -> None:
    impostor = ("init", "--party", "host", "--name", "H", "--url", "http://host.example")
    exported.must(*impostor, *exported.at("impostor"))
    other = f"--card={exported.path('impostor', 'card.json')}"
    answer = exported.run("audit", *sticks(exported), other, *cards(exported, "sending"))
    assert (answer.code, "a checkpoint does not hold" in answer.out) == (1, True)


# --- evidence packs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def packed(working_office: Office) -> Office:
    request(working_office, "m1")
    words = ("evidence", "pack", "movement/m1", working_office.path("m1.pack"))
    working_office.must(*words, *working_office.by("auditor"))
    return working_office


def test_a_pack_verifies_on_a_machine_with_nothing_but_the_cards(packed: Office) -> None:
    for party in PARTIES:
        packed.stop(party)
    words = ("evidence", "verify", packed.path("m1.pack"), *cards(packed, *PARTIES), "--json")
    report = packed.must(*words).json()
    assert (report["verified"], report["known_cards"], "NTC-1" in [f["clause"] for f in report["findings"]]) == (
        True,
        True,
        True,
    )


def test_a_pack_says_who_received_what(packed: Office) -> None:
    shown = packed.must("evidence", "verify", packed.path("m1.pack")).out
    assert ("movement.requested" in shown, "host 2024-10-06" in shown) == (True, True)


def test_without_cards_a_pack_says_that_its_keys_vouch_for_themselves(packed: Office) -> None:
    assert "FROM THE PACK ITSELF" in packed.must("evidence", "verify", packed.path("m1.pack")).out


@pytest.mark.parametrize("language", ["en", "zh", "ur", "fr"])
def test_findings_of_a_pack_are_read_in_a_language_that_it_has(packed: Office, language: str) -> None:
    words = {"en": "is met", "zh": "已履行", "ur": "پوری ہوئی", "fr": "is met"}[language]
    assert words in packed.must("evidence", "verify", packed.path("m1.pack"), "--language", language).out


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.99])
def test_a_pack_that_was_altered_is_refused(packed: Office, place: float) -> None:
    """AUD-25"""
    file = packed.folder / "m1.pack"
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 1
    file.write_bytes(data)
    answer = packed.run("evidence", "verify", str(file), *cards(packed, *PARTIES), "--json")
    assert (answer.code, json.loads(answer.err)["error"]["code"], answer.out) == (2, "pack_invalid", "")


@pytest.mark.parametrize(("content", "message"), [(b"", "expected an evidence pack"), (None, "got no such file")])
def test_what_is_no_pack_is_refused(tmp_path: Path, empty_office: Office, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "pack").write_bytes(content)
    answer = empty_office.run("evidence", "verify", empty_office.path("pack"))
    assert (answer.code, message in answer.err) == (2, True)


def test_a_pack_is_refused_when_the_cards_are_of_others(packed: Office) -> None:
    answer = packed.run("evidence", "verify", packed.path("m1.pack"), *cards(packed, "host"))
    assert (answer.code, "cards of host, sending are needed" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("subject", "code", "message"),
    [
        ("movement/none", 1, "nothing is said of 'movement/none' here"),
        ("site/airport", 2, "expected a movement's subject such as"),
        ("m1", 2, "SUBJECT: expected a subject such as movement/"),
    ],
)
def test_there_are_packs_of_movements_alone(packed: Office, subject: str, code: int, message: str) -> None:
    answer = packed.run("evidence", "pack", subject, packed.path("other.pack"), *packed.by("auditor"))
    assert (answer.code, message in answer.err, (packed.folder / "other.pack").exists()) == (code, True, False)


def test_a_pack_is_not_written_over_a_file(packed: Office) -> None:
    words = ("evidence", "pack", "movement/m1", packed.path("m1.pack"))
    answer = packed.run(*words, *packed.by("auditor"))
    assert (answer.code, "it is not overwritten" in answer.err) == (2, True)
