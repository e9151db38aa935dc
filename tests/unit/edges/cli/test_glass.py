"""Break-glass on the command line: the other node is gone, two people ask, two officers give, and it opens."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.core.sealing import OfflineKey
from tests.unit.edges.cli import test_orders as ordered
from tests.unit.edges.cli.office import PEOPLE, Office, agree, approve, found, furnish, request, staff

FEW = ("duty", "district", "escort", "manager", "approver", "registrar")
REASON = ("--reason", "no answer since 04:10")


@pytest.fixture
def glass_office(tmp_path: Path) -> Iterator[Office]:
    """Two parties under the template with break-glass for the sending party's share."""
    with Office(tmp_path) as made:
        found(made)
        staff(made, {name: PEOPLE[name] for name in FEW})
        keys = {
            name: made.must("glass", "new-key", "--out", made.path(f"{name}.key"), "--json").json()["recipient"]
            for name in ("anna", "bilal", "chen")
        }
        agree(made, lambda text: _with_officers(text, keys))
        furnish(made)
        yield made


def _with_officers(text: str, keys: dict[str, str]) -> str:
    for old, kinds in (
        ("[movement.acknowledged, movement.refused, movement.checked_in", "glass.asked, glass.given"),
        ("[movement.attested, movement.departed, movement.checked_in", "glass.asked, glass.given"),
        ("may: [movement.approved, movement.refused]\n  - id: security_manager", "glass.objected"),
    ):
        assert old in text
        text = text.replace(old, old.replace("[", f"[{kinds}, ", 1), 1)
    # Whoever is to ask for something has to know of it.
    known = (
        "      - role: duty_officer\n        opens: plan.earliest - PT2H\n        grade: existence\n"
        "        needs:\n"
        "          - {why: {en: asks, zh: asks, ur: asks}, begins: plan.earliest - PT2H, grade: existence}\n"
    )
    assert "role: sweep_lead" in text
    text = text.replace("      - {role: sweep_lead", known + "      - {role: sweep_lead", 1)
    officers = "".join(
        f"      - {{id: {name}, name: {{en: {name}, zh: {name}, ur: {name}}}, key: {key}}}\n"
        for name, key in keys.items()
    )
    text += (
        f"\nbreak_glass:\n  - party: sending\n    officers:\n{officers}    needed: 2\n    delay: PT15M\n"
        "    asked_by: [duty_officer, escort_lead]\n"
    )
    return text


def give(office: Office, officer: str, *more: str, typed: str | None = None) -> tuple[int, str]:
    words = ("glass", "give", office.path("request"), "--key-file", office.path(f"{officer}.key"))
    answer = office.run(*words, "--out", office.path(f"{officer}.piece"), *more, typed=typed)
    return answer.code, answer.err + answer.out


@pytest.mark.slow
def test_the_whole_way_on_the_command_line_with_the_other_node_gone(glass_office: Office) -> None:
    """REC-80 to REC-87, AUD-30, AUD-32"""
    office = glass_office
    ordered.keep_custody(office, 1)
    request(office, "m1")
    office.must("order", "seal", "m1", "rendezvous", *ordered.WORDS, "--yes", *office.by("manager"))
    office.sync()
    ordered.keep_custody(office)
    approve(office, "m1")
    office.clock.advance(29 * ordered.HOUR)
    office.stop("sending")
    words = ("m1", "rendezvous", "--party", "sending")

    answer = office.run("glass", "ask", *words, *REASON, *office.by("duty"), typed="n\n")
    assert (answer.code, "no answer since 04:10" in answer.err, "Every party sees it" in answer.err) == (1, True, True)
    office.must("glass", "ask", *words, *REASON, *office.by("duty"), typed="y\n")
    early = office.run("glass", "request", *words, "--out", office.path("request"), *office.by("duty"))
    assert (early.code, "not been asked for by enough people of host" in early.err) == (1, True)
    said = office.must("glass", "ask", *words, *REASON, "--yes", "--json", *office.by("escort")).json()
    assert said["subject"] == "movement/m1"
    wrote = office.must(
        "glass", "request", *words, "--out", office.path("request"), "--json", *office.by("duty")
    ).json()
    assert wrote["gives_from"] == office.clock.now() + 15 * 60_000

    code, words_of_it = give(office, "anna", "--yes")
    assert (code, "nothing of the share of sending is given yet" in words_of_it) == (1, True)
    assert not (office.folder / "anna.piece").exists()
    office.clock.advance(15 * 60_000)
    code, asked = give(office, "anna", typed="n\n")
    assert (code, "no answer since 04:10" in asked, "host/escort" in asked, "Have you called" in asked) == (
        1,
        True,
        True,
        True,
    )
    assert give(office, "anna", typed="y\n")[0] == 0
    assert give(office, "chen", "--yes", "--json")[0] == 0
    for officer in ("anna", "chen"):
        office.must("glass", "bring", office.path(f"{officer}.piece"), *office.by("escort"))
    again = office.run("glass", "bring", office.path("anna.piece"), *office.by("duty"))
    assert (again.code, "anna has given a piece" in again.err) == (1, True)
    opened = office.must("order", "open", "m1", "rendezvous", *office.by("escort"))
    assert "gate 2, by the clinic" in opened.out
    shown = office.must("order", "show", "m1", *office.by("duty")).out
    assert "no answer since 04:10" in shown
    assert "anna" in shown


@pytest.mark.slow
def test_the_party_that_is_there_after_all_objects(glass_office: Office) -> None:
    """REC-86"""
    office = glass_office
    ordered.keep_custody(office, 1)
    request(office, "m2")
    office.must("order", "seal", "m2", "rendezvous", *ordered.WORDS, "--yes", *office.by("manager"))
    office.sync()
    ordered.keep_custody(office)
    approve(office, "m2")
    office.clock.advance(29 * ordered.HOUR)
    words = ("m2", "rendezvous")
    for name in ("duty", "escort"):
        office.must("glass", "ask", *words, "--party", "sending", *REASON, "--yes", *office.by(name))
    office.sync()
    office.must("glass", "object", *words, "--reason", "we are here", "--json", *office.by("approver"))
    office.sync()
    stopped = ("glass", "request", *words, "--party", "sending", "--out", office.path("request"), *office.by("duty"))
    assert office.run(*stopped).code == 1
    assert "objected" in office.must("order", "show", "m2", *office.by("duty")).out
    nothing = office.run("glass", "object", "m2", "kitchen", *REASON, *office.by("approver"))
    assert (nothing.code, "expected a compartment that is sealed for movement/m2, got kitchen" in nothing.err) == (
        2,
        True,
    )


def test_a_new_key_is_for_its_owner_alone_and_is_printed_to_be_written_down(empty_office: Office) -> None:
    """AG-151"""
    office = empty_office
    made = office.must("glass", "new-key", "--out", office.path("anna.key"), "--json").json()
    file = office.folder / "anna.key"
    secret = file.read_text().splitlines()[1]
    assert (OfflineKey(secret).recipient, "".join(made["words"])) == (made["recipient"], secret)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "to write down" in office.must("glass", "new-key", "--out", office.path("bilal.key")).out
    assert office.run("glass", "new-key", "--out", office.path("anna.key")).code == 2


@pytest.mark.parametrize(
    ("text", "message"), [("", "expected one age key"), ("AGE-SECRET-KEY-1X", "expected an age key")]
)
def test_a_file_that_is_no_key_is_refused_and_not_repeated(empty_office: Office, text: str, message: str) -> None:
    """AUD-30"""
    office = empty_office
    (office.folder / "anna.key").write_text(text)
    (office.folder / "request").write_text("{}")
    code, error = give(office, "anna", "--yes")
    assert (code, message in error, "KEY-1X" in error) == (2, True, False)
    office.must("glass", "new-key", "--out", office.path("bilal.key"))
    assert "expected a request for an officer's piece" in give(office, "bilal", "--yes")[1]
