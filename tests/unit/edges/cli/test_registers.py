"""Sites, groups and people are registered; a person's name never leaves the machine."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from safeconduct.core.acts import PersonRegistered
from safeconduct.core.sealing import check_commitment
from safeconduct.core.statement import read_entry
from safeconduct.edges.cli.dossiers import Dossier
from safeconduct.errors import CheckFailed
from tests.unit.edges.cli.office import Office

NAME, PAPER = "Li Wei", "passport E12345678"


def register(office: Office, person: str, name: str = NAME) -> None:
    file = office.folder / f"{person}.json"
    file.write_text(json.dumps({"name": name, "papers": [PAPER]}), "utf-8")
    words = ("register", "person", person, "--group", "engineers", "--dossier", str(file))
    office.must(*words, *office.by("registrar"))


def committed(office: Office, person: str) -> str:
    rows = office.must("register", "list", "person", "--json", *office.by("registrar")).json()
    return str(next(row["body"]["dossier"] for row in rows if row["subject"] == f"person/{person}"))


# --- sites and groups -------------------------------------------------------------------------------------------------


def test_a_site_is_known_to_both_sides(office: Office) -> None:
    for name in ("duty", "manager"):
        shown = office.must("register", "list", "site", *office.by(name)).out
        assert ("Karachi airport" in shown, "24.90650,67.16080" in shown) == (True, True)


def test_a_group_is_known_by_its_label(office: Office) -> None:
    assert "Unit 7" in office.must("register", "list", "group", *office.by("duty")).out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("site", "x", "--name", "X", "--district", "d", "--at", "95,0"), "--at: expected latitude,longitude"),
        (("site", "X", "--name", "X", "--district", "d", "--at", "5,0"), "ID: expected an id of 1 to 64"),
        (("site", "x", "--name", "", "--district", "d", "--at", "5,0"), "--name: expected a name of 1 to 200"),
        (("group", "x", "--label", "X", "--category", "c", "--people", "-1"), "--people: expected a whole number"),
        (("group", "x", "--label", "X", "--category", "c d", "--people", "1"), "--category: expected an id"),
    ],
)
def test_what_is_no_place_or_group_is_refused(office: Office, words: tuple[str, ...], message: str) -> None:
    answer = office.run("register", *words, *office.by("registrar"))
    assert (answer.code, message in answer.err) == (2, True), answer


def test_a_role_that_may_not_register_is_told_by_the_record(office: Office) -> None:
    words = ("register", "site", "x", "--name", "X", "--district", "d", "--at", "5,0", "--json")
    answer = office.run(*words, *office.by("duty"))
    assert (answer.code, json.loads(answer.err)["error"]["code"]) == (1, "role_may_not")


# --- people -----------------------------------------------------------------------------------------------------------


def test_a_dossier_can_be_read_again_by_the_actor_who_keeps_it(office: Office) -> None:
    register(office, "p-read")
    kept = office.must("register", "dossier", "p-read", "--json", *office.by("registrar")).json()
    assert kept == [{"commitment": committed(office, "p-read"), "name": NAME, "papers": [PAPER]}]


def test_the_record_has_the_commitment_to_exactly_this_dossier(office: Office) -> None:
    """SEAL-5"""
    register(office, "p-sealed")
    [box] = (office.folder / "registrar" / "dossiers" / "p-sealed").iterdir()
    on_record = committed(office, "p-sealed")
    assert box.stem == on_record
    with pytest.raises(CheckFailed):
        check_commitment(on_record, "dossier", "person/p-sealed", bytes(32), Dossier(name=NAME).encode())


def test_a_name_is_in_no_request_no_log_and_no_file_in_the_clear(office: Office) -> None:
    """SEAL-6, SEAL-13"""
    register(office, "p-hidden")
    requests = b"".join(bytes(str(request.url), "utf-8") + request.content for request in office.requests)
    # Whatever place in its three letters of base64 a word falls on.
    payloads = re.findall(rb'"payload":"([A-Za-z0-9+/=]+)"', requests)
    requests += b"".join(base64.b64decode(payload) for payload in payloads)
    bodies = b"".join(
        read_entry(row.entry).payload + row.entry
        for party in ("host", "sending")
        for row in office.links.nodes["sending"].store.rows(party, 0, 10_000)
    )
    files = b"".join(
        path.read_bytes() for path in sorted(office.folder.rglob("*")) if path.is_file() and path.suffix != ".json"
    )
    digests = [
        hashlib.sha256(text.encode()).hexdigest().encode() for text in (NAME, Dossier(name=NAME).encode().decode())
    ]
    found = [
        text
        for text in (NAME.encode(), PAPER.encode(), *digests)
        for where in (requests, bodies, files)
        if text in where
    ]
    assert (found, b"p-hidden" in bodies, b"p-hidden" in requests) == ([], True, True)


def test_a_dossier_is_bound_to_its_person(office: Office) -> None:
    """SEAL-12, SEAL-13"""
    register(office, "p-one")
    register(office, "p-two")
    one, two = (office.folder / "registrar" / "dossiers" / name for name in ("p-one", "p-two"))
    [box], [other] = one.iterdir(), two.iterdir()
    box.write_bytes(other.read_bytes())
    answer = office.run("register", "dossier", "p-one", *office.by("registrar"))
    assert (answer.code, "opens with the key that sealed it" in answer.err) == (1, True)


def test_a_dossier_under_another_commitment_is_caught(office: Office) -> None:
    """SEAL-4"""
    register(office, "p-renamed")
    [box] = (office.folder / "registrar" / "dossiers" / "p-renamed").iterdir()
    box.rename(box.with_stem("0" * 64))
    answer = office.run("register", "dossier", "p-renamed", *office.by("registrar"))
    assert (answer.code, "data that was committed to as 0000000000000000" in answer.err) == (1, True)


def test_another_actor_does_not_have_the_dossier(office: Office) -> None:
    register(office, "p-mine")
    answer = office.run("register", "dossier", "p-mine", *office.by("manager"))
    assert (answer.code, NAME in answer.out + answer.err) == (1, False)


def test_a_person_registered_again_has_both_dossiers(office: Office) -> None:
    register(office, "p-twice")
    register(office, "p-twice", "Li Weiming")
    kept = office.must("register", "dossier", "p-twice", "--json", *office.by("registrar")).json()
    assert sorted(dossier["name"] for dossier in kept) == ["Li Wei", "Li Weiming"]


def test_the_same_name_twice_has_two_commitments(office: Office) -> None:
    """SEAL-2"""
    register(office, "p-a")
    register(office, "p-b")
    assert committed(office, "p-a") != committed(office, "p-b")


@pytest.mark.parametrize(
    "content", ["", "{}", '{"name":""}', '{"name":"x","papers":"y"}', '{"name":"x","born":1}', "[]", None]
)
def test_what_is_no_dossier_is_refused_without_repeating_it(office: Office, content: str | None) -> None:
    file: Path = office.folder / "bad.json"
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_text(content)
    words = ("register", "person", "p-bad", "--group", "engineers", "--dossier", str(file))
    answer = office.run(*words, *office.by("registrar"))
    assert (answer.code, "expected a dossier" in answer.err) == (2, True), answer


def test_an_error_about_a_dossier_does_not_show_it(office: Office) -> None:
    file = office.folder / "bad.json"
    file.write_text(json.dumps({"name": NAME, "papers": [1]}))
    words = ("register", "person", "p-bad", "--group", "engineers", "--dossier", str(file))
    assert NAME not in office.run(*words, *office.by("registrar")).err


def test_without_a_terminal_no_name_is_asked(office: Office) -> None:
    words = ("register", "person", "p-bad", "--group", "engineers")
    answer = office.run(*words, *office.by("registrar"), typed=f"{NAME}\n\n")
    assert (answer.code, "expected a dossier by --dossier or at a terminal" in answer.err) == (2, True)


def test_a_check_keeps_no_dossier(office: Office) -> None:
    file = office.folder / "p-check.json"
    file.write_text(json.dumps({"name": NAME}))
    words = ("register", "person", "p-check", "--group", "engineers", "--dossier", str(file), "--check")
    office.must(*words, *office.by("registrar"))
    assert not (office.folder / "registrar" / "dossiers" / "p-check").exists()


@pytest.mark.parametrize("words", [("person", "p1", "--group", "g", "--dossier", "d"), ("dossier", "p1")])
def test_an_authority_keeps_no_dossiers(office: Office, words: tuple[str, ...]) -> None:
    answer = office.run("register", *words, *office.by("sending"))
    assert (answer.code, "got the authority" in answer.err) == (1, True)


def test_the_act_has_no_room_for_a_name() -> None:
    """SEAL-6"""
    assert PersonRegistered.__struct_fields__ == ("group", "dossier")
