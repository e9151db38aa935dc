"""People make their own keys; the authority alone enrols and revokes them."""

from __future__ import annotations

import json

import pytest

from safeconduct.core.identity import SigningKey
from tests.unit.edges.cli.office import PASSPHRASE, Office, read_keys

KEY = SigningKey.from_seed(bytes(32)).public.text


def new(office: Office, actor: str, folder: str, party: str = "host") -> str:
    card = office.path(party, "card.json")
    made = office.must("actor", "new", actor, "--card", card, *office.at(folder), "--json").json()
    return str(made["key"])


def test_the_key_that_is_printed_is_the_public_half_of_the_one_that_is_kept(new_office: Office) -> None:
    key = new(new_office, "host/duty", "duty")
    kept = read_keys(new_office.folder / "duty" / "actor.keys", PASSPHRASE)["actor"]
    assert key == SigningKey.from_seed(kept).public.text


def test_no_secret_is_printed(new_office: Office) -> None:
    card = new_office.path("host", "card.json")
    answer = new_office.must("actor", "new", "host/duty", "--card", card, *new_office.at("duty"))
    kept = read_keys(new_office.folder / "duty" / "actor.keys", PASSPHRASE)
    assert not any(seed.hex() in answer.out + answer.err for seed in kept.values())


def test_an_actor_knows_its_party_and_its_node(new_office: Office) -> None:
    new(new_office, "host/duty", "duty")
    assert json.loads((new_office.folder / "duty" / "actor.json").read_text()) == {
        "party": "host",
        "actor": "host/duty",
        "url": "http://host.example",
        "root": json.loads((new_office.folder / "host" / "card.json").read_text())["root"],
    }


@pytest.mark.parametrize(
    ("actor", "card", "message"),
    [
        ("sending/duty", "host/card.json", "--card: expected the card of sending, got that of host"),
        ("host/authority", "host/card.json", "expected a person's name, got authority"),
        ("host/node", "host/card.json", "expected a person's name, got node"),
        ("host/duty", "host/none.json", "expected a party's card at"),
    ],
)
def test_an_actor_that_cannot_be_is_not_made(new_office: Office, actor: str, card: str, message: str) -> None:
    answer = new_office.run("actor", "new", actor, "--card", new_office.path(card), *new_office.at("duty"))
    assert (answer.code, message in answer.err, (new_office.folder / "duty").exists()) == (2, True, False)


def test_an_enrolled_actor_is_listed_at_both_parties(office: Office) -> None:
    lists = [
        {(a["actor"], *a["roles"]) for a in office.must("actor", "list", *office.by(name), "--json").json()}
        for name in ("duty", "manager")
    ]
    assert all({("host/duty", "duty_officer"), ("sending/manager", "journey_manager")} <= found for found in lists)


def test_an_actor_is_enrolled_by_the_file_that_it_hands_over(new_office: Office) -> None:
    key = new(new_office, "host/duty", "duty")
    file = new_office.path("duty", "actor.pub")
    new_office.must("actor", "enrol", "host/duty", "--key-file", file, "--role", "r", *new_office.at("host"))
    assert new_office.must("actor", "list", *new_office.by("duty"), "--json").json()[0]["key"] == key


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "expected one of --key-file and --key, got neither"),
        (("--key", KEY, "--key-file", "x"), "expected one of --key-file and --key, got both"),
        (("--key-file", "nowhere"), "expected a public key at nowhere, got no such file"),
        (("--key-file", __file__), "expected a public key of at most 256 bytes"),
    ],
)
def test_an_enrolment_needs_one_key(new_office: Office, words: tuple[str, ...], message: str) -> None:
    answer = new_office.run("actor", "enrol", "host/x", *words, "--role", "r", *new_office.at("host"))
    assert (answer.code, message in answer.err) == (2, True), answer


@pytest.mark.parametrize(
    ("actor", "key", "code", "message"),
    [
        ("sending/x", KEY, 2, "expected an actor of host, got sending/x"),
        ("host/x", "abc", 2, "--key: expected a public key as actor new prints it"),
        ("host/x", KEY[:-2] + "l=", 2, "--key: expected a public key"),
        ("host/x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 2, "--key: expected a public key"),
        ("host/node", KEY, 1, "is a name that the party's own keys hold"),
    ],
)
def test_an_enrolment_that_makes_no_sense_is_refused(
    new_office: Office, actor: str, key: str, code: int, message: str
) -> None:
    answer = new_office.run("actor", "enrol", actor, "--key", key, "--role", "duty_officer", *new_office.at("host"))
    assert (answer.code, message in answer.err) == (code, True), answer


def test_nobody_but_the_authority_enrols(office: Office) -> None:
    answer = office.run("actor", "enrol", "host/x", "--key", KEY, "--role", "duty_officer", *office.at("duty"))
    assert (answer.code, "expected a party's folder with card.json" in answer.err) == (2, True)


def test_an_actor_with_several_roles_has_them_once(new_office: Office) -> None:
    key = new(new_office, "host/duty", "duty")
    roles = ("--role", "a", "--role", "b", "--role", "a")
    new_office.must("actor", "enrol", "host/duty", "--key", key, *roles, *new_office.at("host"))
    assert new_office.must("actor", "list", *new_office.by("duty"), "--json").json()[0]["roles"] == ["a", "b"]


@pytest.fixture
def with_duty(new_office: Office) -> Office:
    key = new(new_office, "host/duty", "duty")
    new_office.must("actor", "enrol", "host/duty", "--key", key, "--role", "r", *new_office.at("host"))
    return new_office


def is_heard(office: Office) -> bool:
    return office.run("actor", "list", *office.by("duty")).code == 0


def test_a_revoked_actor_is_not_heard_any_more(with_duty: Office) -> None:
    before = is_heard(with_duty)
    with_duty.must("actor", "revoke", "host/duty", "--reason", "left", *with_duty.at("host"), typed="y\n")
    assert (before, is_heard(with_duty)) == (True, False)


@pytest.mark.parametrize("typed", ["n\n", "", "\n"])
def test_nobody_is_revoked_without_a_yes(with_duty: Office, typed: str) -> None:
    answer = with_duty.run("actor", "revoke", "host/duty", "--reason", "left", *with_duty.at("host"), typed=typed)
    assert (answer.code, is_heard(with_duty)) == (1, True)


def test_a_check_revokes_nobody(with_duty: Office) -> None:
    words = ("actor", "revoke", "host/duty", "--reason", "left", "--check", "--json")
    answer = with_duty.must(*words, *with_duty.at("host")).json()
    assert (answer, is_heard(with_duty)) == ({"takes_effect": True, "code": "", "account": ""}, True)


def test_somebody_who_was_never_enrolled_is_not_revoked(new_office: Office) -> None:
    words = ("actor", "revoke", "host/ghost", "--reason", "x", "--yes", "--json")
    answer = new_office.run(*words, *new_office.at("host"))
    assert (answer.code, json.loads(answer.err)["error"]["code"]) == (1, "not_enrolled")
