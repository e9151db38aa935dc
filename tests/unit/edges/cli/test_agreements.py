"""An agreement from the template's folder to a text in force, and the next version of it."""

from __future__ import annotations

import shutil

import httpx
import pytest

from safeconduct.edges.cli.agreements import InForce, as_amendment
from safeconduct.errors import InputInvalid
from safeconduct.testing import card_of, small_terms
from tests.unit.edges.cli.office import PARTIES, Office, agree


def cards(office: Office) -> list[str]:
    return [f"--party={party}={office.path(party, 'card.json')}" for party in PARTIES]


@pytest.fixture
def drafted(new_office: Office) -> Office:
    """An agreement's folder, not proposed yet."""
    new_office.must("agreement", "new", new_office.path("agreement"), "--template", "host_sending", *cards(new_office))
    return new_office


def edit(office: Office, old: str, new: str) -> None:
    path = office.folder / "agreement" / "agreement.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


# --- new, check -------------------------------------------------------------------------------------------------------


def test_a_new_agreement_is_complete(drafted: Office) -> None:
    answer = drafted.must("agreement", "check", "--quick", drafted.path("agreement"), "--json").json()
    assert (answer["problems"], answer["name"], answer["version"]) == ([], "agreement", 1)


def test_an_agreement_is_named_as_one_says(new_office: Office) -> None:
    words = ("agreement", "new", new_office.path("My Draft"), "--template", "host_sending", "--name", "karachi-2026")
    assert new_office.must(*words, *cards(new_office), "--json").json()["name"] == "karachi-2026"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--party=host={host}",), "agreement.yaml:"),
        (("--party=host={host}", "--party=sending={host}"), "--party: expected the card of sending at"),
        (("--party=host",), "--party: expected a party and its card as in host=card.json, got 'host'"),
        (("--party=host=/nowhere",), "expected a party's card at /nowhere, got no such file"),
    ],
)
def test_an_agreement_needs_the_card_of_each_party(new_office: Office, words: tuple[str, ...], message: str) -> None:
    filled = [word.format(host=new_office.path("host", "card.json")) for word in words]
    answer = new_office.run("agreement", "new", new_office.path("a"), "--template", "host_sending", *filled)
    assert (answer.code, message in answer.err, (new_office.folder / "a").exists()) == (2, True, False), answer


def test_a_folder_whose_name_is_no_id_needs_a_name(new_office: Office) -> None:
    answer = new_office.run(
        "agreement", "new", new_office.path("My Draft"), "--template", "host_sending", *cards(new_office)
    )
    assert (answer.code, "expected --name" in answer.err) == (2, True)


def test_an_agreement_is_not_written_over_another(drafted: Office) -> None:
    words = ("agreement", "new", drafted.path("agreement"), "--template", "host_sending", *cards(drafted))
    answer = drafted.run(*words)
    assert (answer.code, "expected a new or empty folder" in answer.err) == (2, True)


def test_every_problem_is_told_with_its_file_and_line(drafted: Office) -> None:
    edit(drafted, "drift: PT15M", "drift: quarter")
    edit(drafted, "languages: [en, zh, ur]", "languages: [en, zh, fr]")
    answer = drafted.run("agreement", "check", drafted.path("agreement"))
    lines = [line for line in answer.out.splitlines() if line.startswith("agreement.yaml:")]
    assert (answer.code, len(lines) >= 2, all(": expected" in line for line in lines)) == (1, True, True), answer.out


def test_files_of_editors_and_version_control_are_none_of_the_agreement(drafted: Office) -> None:
    folder = drafted.folder / "agreement"
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_bytes(b"\xff")
    (folder / "agreement.yaml~").write_text("old")
    assert drafted.run("agreement", "check", "--quick", str(folder)).code == 0


@pytest.mark.parametrize("make", ["missing", "file", "binary"])
def test_what_is_no_agreement_folder_is_refused(drafted: Office, make: str) -> None:
    folder = drafted.folder / "agreement"
    if make == "binary":
        (folder / "agreement.yaml").write_bytes(b"name: \xff\n")
    else:
        shutil.rmtree(folder)
    if make == "file":
        folder.write_text("name: x")
    answer = drafted.run("agreement", "check", str(folder))
    assert (answer.code, "expected" in answer.err) == (2, True)


# --- propose, sign ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_agreement_signed_by_both_is_in_force_at_both(new_office: Office) -> None:
    digest = agree(new_office)
    shown = [new_office.must("agreement", "show", *new_office.at(party), "--json").json() for party in PARTIES]
    lists = [new_office.must("agreement", "list", *new_office.at(party)).out for party in PARTIES]
    assert (shown[0] == shown[1], [("in force" in text, digest in text) for text in lists]) == (
        True,
        [(True, True)] * 2,
    )


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_nothing_is_proposed_without_a_yes(drafted: Office, typed: str) -> None:
    answer = drafted.run("agreement", "propose", drafted.path("agreement"), *drafted.at("host"), typed=typed)
    assert (answer.code, drafted.must("agreement", "list", *drafted.at("host"), "--json").json()) == (1, [])


def test_what_is_about_to_be_proposed_is_shown(drafted: Office) -> None:
    digest = drafted.must("agreement", "check", "--quick", drafted.path("agreement"), "--json").json()["digest"]
    answer = drafted.must("agreement", "propose", drafted.path("agreement"), *drafted.at("host"), typed="y\n")
    assert (digest in answer.err, digest in answer.out) == (True, True)


def test_a_check_proposes_nothing(drafted: Office) -> None:
    drafted.must("agreement", "propose", drafted.path("agreement"), *drafted.at("host"), "--check")
    assert drafted.must("agreement", "list", *drafted.at("host"), "--json").json() == []


def test_a_folder_with_problems_is_not_proposed(drafted: Office) -> None:
    edit(drafted, "drift: PT15M", "drift: quarter")
    answer = drafted.run("agreement", "propose", drafted.path("agreement"), *drafted.at("host"), "--yes")
    assert (answer.code, "agreement.yaml:" in answer.err) == (2, True)


@pytest.fixture
def proposed(drafted: Office) -> Office:
    drafted.must("agreement", "propose", drafted.path("agreement"), *drafted.at("host"), "--yes")
    drafted.sync()
    return drafted


def state(office: Office, party: str = "sending") -> list[list[str]]:
    return [v["signed_by"] for v in office.must("agreement", "list", *office.at(party), "--json").json()]


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_nothing_is_signed_without_a_yes(proposed: Office, typed: str) -> None:
    answer = proposed.run("agreement", "sign", *proposed.at("sending"), typed=typed)
    assert (answer.code, state(proposed)) == (1, [["host"]])


@pytest.mark.parametrize(("language", "words"), [("en", "Notice of a movement"), ("zh", "当事方"), ("ur", "فریق")])
def test_the_text_is_read_before_it_is_signed(proposed: Office, language: str, words: str) -> None:
    answer = proposed.must("agreement", "sign", *proposed.at("sending"), "--language", language, typed="y\n")
    assert (words in answer.err, state(proposed)) == (True, [["host", "sending"]])


def test_a_node_that_shows_another_text_than_the_one_to_be_signed_is_caught(proposed: Office) -> None:
    digest = proposed.must("agreement", "list", *proposed.at("sending"), "--json").json()[0]["digest"]
    known = httpx.Response(200, json={"digest": None, "terms": None, "versions": []})
    proposed.instead = [known, httpx.Response(200, content=b"{}")]
    answer = proposed.run("agreement", "sign", digest, *proposed.at("sending"), "--yes")
    assert (answer.code, f"expected the text with digest {digest}, got one with" in answer.err) == (1, True)


def test_what_was_not_proposed_is_not_signed(new_office: Office) -> None:
    answer = new_office.run("agreement", "sign", *new_office.at("sending"), "--yes")
    assert (answer.code, "not exactly one proposal waits for sending, got none" in answer.err) == (2, True)


def test_an_unknown_digest_is_not_found(proposed: Office) -> None:
    answer = proposed.run("agreement", "sign", "0" * 64, *proposed.at("sending"), "--yes")
    assert (answer.code, "no blob" in answer.err) == (1, True)


def test_what_one_has_signed_is_not_signed_again(proposed: Office) -> None:
    digest = proposed.must("agreement", "list", *proposed.at("host"), "--json").json()[0]["digest"]
    answer = proposed.run("agreement", "sign", digest, *proposed.at("host"), "--yes")
    assert (answer.code, "host has signed agreement" in answer.err) == (1, True)


# --- amendments -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_amendment_is_the_next_version_and_names_the_one_before(new_office: Office) -> None:
    first = agree(new_office)
    edit(new_office, "drift: PT15M", "drift: PT20M")
    answer = new_office.must(
        "agreement", "propose", new_office.path("agreement"), *new_office.at("sending"), "--yes", "--json"
    ).json()
    new_office.sync()
    new_office.must("agreement", "sign", answer["digest"], *new_office.at("host"), "--yes")
    shown = new_office.must("agreement", "show", *new_office.at("host"), "--json").json()
    assert (answer["version"], shown["version"], shown["previous"], shown["movement"]["drift"]) == (
        2,
        2,
        first,
        "PT20M",
    )


def test_a_first_text_has_version_one() -> None:
    terms = small_terms([card_of("host"), card_of("sending")], version=2, previous="0" * 64)
    with pytest.raises(InputInvalid, match="version: expected 1, because no agreement is in force, got 2"):
        as_amendment(terms, InForce(None, None, ()))


# --- show -------------------------------------------------------------------------------------------------------------


def test_an_agreement_that_is_not_in_force_is_told_with_who_has_signed_it(proposed: Office) -> None:
    answer = proposed.run("agreement", "show", *proposed.at("host"))
    assert (answer.code, "no agreement is in force; proposed:" in answer.err, "signed by host" in answer.err) == (
        1,
        True,
        True,
    )


def test_a_folder_can_be_read_as_a_document(drafted: Office) -> None:
    answer = drafted.must("agreement", "show", "--folder", drafted.path("agreement"), *drafted.at("host"))
    assert "Agreement on the joint protection" in answer.out


def test_a_language_that_no_agreement_has_is_refused(office: Office) -> None:
    answer = office.run("agreement", "show", *office.by("duty"), "--language", "fr")
    assert (answer.code, "expected one of en, zh, ur, got 'fr'" in answer.err) == (2, True)
