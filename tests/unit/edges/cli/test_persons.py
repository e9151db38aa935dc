"""What is held about a person: kept by the own side's node, opened with a reason, told in full, forgotten here too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.edges.cli.office import Office
from tests.unit.edges.cli.test_orders import keep_custody
from tests.unit.edges.cli.test_registers import NAME, PAPER, committed, register

DAY = 24 * 3_600_000
BY = "registrar"


def kept(office: Office, person: str) -> None:
    keep_custody(office, 1)
    register(office, person)
    office.must("person", "seal", person, *office.by(BY))
    office.sync()


@pytest.mark.slow
def test_a_dossier_is_kept_opened_with_a_reason_and_told_in_full(office: Office) -> None:
    """SEAL-86 to SEAL-88"""
    kept(office, "p-kept")
    told = office.must("person", "held", "p-kept", *office.by(BY)).out
    words = ("is kept by sending and opens until", "opened by nobody", "dossier sealed", "1 box still in")
    assert ([word for word in words if word not in told], NAME in told) == ([], False)
    shown = office.must("person", "open", "p-kept", "--reason", "the hospital asks", *office.by(BY)).out
    assert (NAME in shown, PAPER in shown) == (True, True)
    again = office.must("person", "held", "p-kept", "--json", *office.by(BY)).json()
    assert [one["reason"] for one in again["record"]["dossiers"][0]["openings"]] == ["the hospital asks"]
    assert (again["boxes"], again["opened"]) == ([committed(office, "p-kept")], None)


@pytest.mark.slow
def test_the_page_for_the_person_is_in_words_and_for_its_maker_alone(office: Office, tmp_path: Path) -> None:
    """SEAL-88: with the dossier, if it was opened for it."""
    kept(office, "p-page")
    file = tmp_path / "held.html"
    words = ("person", "held", "p-page", "--html", str(file), "--open", "asked by the person", "--language", "ur")
    office.must(*words, *office.by(BY))
    page = file.read_text("utf-8")
    assert [w for w in ("ایک فرد کے بارے میں", 'dir="rtl"', NAME, PAPER, "asked by the person") if w not in page] == []
    assert file.stat().st_mode & 0o077 == 0
    refused = office.run(*words[:3], "--html", "held.pdf", *office.by(BY))
    assert (refused.code, "ends in .html" in refused.err) == (2, True)


@pytest.mark.slow
def test_registered_with_kept_it_is_kept_at_once(office: Office) -> None:
    """REC-150"""
    keep_custody(office, 1)
    file = office.folder / "p-once.json"
    file.write_text(json.dumps({"name": NAME, "papers": []}), "utf-8")
    words = ("register", "person", "p-once", "--group", "engineers", "--dossier", str(file), "--kept")
    answer = office.must(*words, "--json", *office.by(BY)).json()
    assert answer["sealed"]["id"] != answer["registered"]["id"]
    assert NAME in office.must("person", "open", "p-once", "--reason", "look", *office.by(BY)).out


@pytest.mark.slow
def test_who_may_not_know_hears_of_nobody(office: Office) -> None:
    """SEAL-88"""
    kept(office, "p-hidden")
    for who in ("duty", "leader"):
        answers = [office.run("person", "held", person, *office.by(who)) for person in ("p-hidden", "p-nobody")]
        assert [(a.code, a.err.replace("p-nobody", "p-hidden")) for a in answers] == [(1, answers[0].err)] * 2
        assert "no person 'p-hidden' here" in answers[0].err


@pytest.mark.slow
def test_a_dossier_that_no_node_keeps_is_told(office: Office) -> None:
    register(office, "p-alone")
    told = office.must("person", "held", "p-alone", *office.by(BY)).out
    assert "no node keeps the dossier" in told
    answer = office.run("person", "open", "p-alone", "--reason", "look", *office.by(BY))
    assert "no node keeps a dossier of person/p-alone" in answer.err
    forgotten = office.must("person", "forget", "p-alone", "--json", *office.by(BY)).json()
    assert [(row["box"], row["account"]) for row in forgotten] == [
        ("stays", "never sealed to a node, so it has no end")
    ]


@pytest.mark.slow
def test_the_own_box_stays_until_the_time_is_over_and_then_goes(working_office: Office) -> None:
    """SEAL-90: and the node's copy with its key."""
    office = working_office
    kept(office, "p-end")
    box = next((office.folder / BY / "dossiers" / "p-end").glob("*.box"))
    data = box.read_bytes()
    (office.folder / "second").hardlink_to(box)
    assert office.must("person", "forget", "p-end", "--json", *office.by(BY)).json()[0]["box"] == "stays"
    assert box.read_bytes() == data
    office.clock.advance(90 * DAY)
    late = office.run("person", "open", "p-end", "--reason", "late", *office.by(BY))
    assert "the time for which the dossier is kept is over" in late.err
    told = office.must("person", "forget", "p-end", *office.by(BY)).out
    assert ("destroyed" in told, box.exists()) == (True, False)
    assert (office.folder / "second").read_bytes()[:32] != data[:32]
    assert "nothing to destroy" in office.must("person", "forget", "p-end", *office.by(BY)).out
    office.clock.advance(100 * DAY)
    keep_custody(office)
    assert "is forgotten: every key that could open it is destroyed" in (
        office.must("person", "held", "p-end", *office.by(BY)).out
    )
    assert "no box of a dossier is in" in office.must("person", "held", "p-end", *office.by(BY)).out
