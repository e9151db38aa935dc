"""A party's beginning: keys, card, the other side's card, the server."""

from __future__ import annotations

import stat
from pathlib import Path

import httpx
import pytest

from safeconduct.core.agreement import PartyTerms
from safeconduct.edges.cli import ServeOptions, Settings
from safeconduct.edges.cli.profiles import read_card_file
from safeconduct.errors import Unavailable
from safeconduct.node.commands import fingerprint
from tests.unit.edges.cli.office import PASSPHRASE, Office, read_keys

INIT = ("init", "--party", "host", "--name", "Ministry", "--url", "http://host.example")


def card_of(office: Office, party: str) -> PartyTerms:
    return read_card_file(office.folder / party / "card.json")


# --- init -------------------------------------------------------------------------------------------------------------


def test_a_new_party_has_its_card_its_keys_and_its_store(empty_office: Office) -> None:
    empty_office.must(*INIT, *empty_office.at("host"))
    assert {"card.json", "node.keys", "authority.keys", "node.sqlite"} <= {
        path.name for path in (empty_office.folder / "host").iterdir()
    }


def test_the_root_key_is_not_among_the_keys_of_the_server(empty_office: Office) -> None:
    empty_office.must(*INIT, *empty_office.at("host"))
    folder = empty_office.folder / "host"
    names = {file: sorted(read_keys(folder / file, PASSPHRASE)) for file in ("node.keys", "authority.keys")}
    assert names == {"node.keys": ["log", "mirror", "node", "witness"], "authority.keys": ["authority"]}


def test_the_fingerprint_that_init_prints_is_that_of_the_card(empty_office: Office) -> None:
    made = empty_office.must(*INIT, *empty_office.at("host"), "--json").json()
    assert made["fingerprint"] == fingerprint(card_of(empty_office, "host"))


def test_the_log_is_named_after_the_address(empty_office: Office) -> None:
    words = ("init", "--party", "host", "--name", "Ministry", "--url", "https://node.example:8443")
    empty_office.must(*words, *empty_office.at("host"))
    assert card_of(empty_office, "host").node.log.startswith("node.example:8443/log+")


def test_a_party_has_names_in_several_languages(empty_office: Office) -> None:
    empty_office.must(*INIT, "--name-in", "ur=وزارت", "--name-in", "zh=部", *empty_office.at("host"))
    assert card_of(empty_office, "host").name == {"en": "Ministry", "ur": "وزارت", "zh": "部"}


def test_nobody_else_may_look_into_a_new_folder(empty_office: Office) -> None:
    empty_office.must(*INIT, *empty_office.at("host"))
    assert stat.S_IMODE((empty_office.folder / "host").stat().st_mode) == 0o700


def test_two_parties_have_no_key_in_common(empty_office: Office) -> None:
    keys: list[bytes] = []
    for name in ("one", "two"):
        empty_office.must(*INIT, *empty_office.at(name))
        for file in ("node.keys", "authority.keys"):
            keys += read_keys(empty_office.folder / name / file, PASSPHRASE).values()
    assert len(set(keys)) == 10


def _init(url: str = "http://host.example", party: str = "host", name: str = "M", *more: str) -> tuple[str, ...]:
    return ("init", "--party", party, "--name", name, "--url", url, *more)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (_init(party="Host"), "--party: expected a party's id of 1 to 32 lower-case letters"),
        (_init(name=""), "--name: expected a name of 1 to 200 characters"),
        (_init("ftp://host.example"), "--url: expected an address such as https://node.example:8443, got 'ftp"),
        (_init("host.example"), "--url: expected an address"),
        (_init("http://host.example/path"), "--url: expected an address"),
        (_init("http://user@host.example"), "--url: expected an address"),
        (_init("http://host.example:99999"), "--url: expected an address"),
        (_init("http://host.example:0"), "--url: expected an address"),
        (
            _init("http://host.example", "host", "M", "--name-in", "fr=Ministère"),
            "expected one of en, zh, ur, got 'fr'",
        ),
        (_init("http://host.example", "host", "M", "--name-in", "zh"), "--name-in: expected language=name"),
        (_init("http://host.example", "host", "M", "--name-in", "zh=" + "x" * 201), "1 to 200 characters, got 201"),
    ],
)
def test_a_party_that_makes_no_sense_is_refused_and_nothing_is_left(
    empty_office: Office, words: tuple[str, ...], message: str
) -> None:
    answer = empty_office.run(*words, *empty_office.at("host"))
    assert (answer.code, message in answer.err, (empty_office.folder / "host").exists()) == (2, True, False), answer


def test_a_folder_with_something_in_it_is_left_alone(empty_office: Office) -> None:
    (empty_office.folder / "host").mkdir()
    (empty_office.folder / "host" / "letter").write_text("dear")
    answer = empty_office.run(*INIT, *empty_office.at("host"))
    assert (answer.code, "expected a new or empty folder" in answer.err) == (2, True)
    assert [path.name for path in (empty_office.folder / "host").iterdir()] == ["letter"]


@pytest.mark.parametrize("passphrase", ["short", ""])
def test_a_passphrase_that_is_too_short_makes_no_party(empty_office: Office, passphrase: str) -> None:
    (empty_office.folder / "phrase").write_text(passphrase + "\n")
    answer = empty_office.run(*INIT, *empty_office.at("host"), "--passphrase-file", empty_office.path("phrase"))
    assert (answer.code, list((empty_office.folder / "host").iterdir())) == (2, [])


def test_a_party_that_could_not_be_made_whole_is_taken_away_again(empty_office: Office) -> None:
    def refuses(_: Path) -> None:
        raise Unavailable("the disk is full")

    object.__setattr__(empty_office.assembly, "open_store", refuses)
    answer = empty_office.run(*INIT, *empty_office.at("host"))
    assert (answer.code, list((empty_office.folder / "host").iterdir())) == (3, [])


# --- cards ------------------------------------------------------------------------------------------------------------


def test_a_card_is_shown_with_its_fingerprint_and_keys(new_office: Office) -> None:
    shown = new_office.must("card", "show", new_office.path("host", "card.json")).out
    card = card_of(new_office, "host")
    assert [text in shown for text in (fingerprint(card), card.root, card.node.log, "Host")] == [True] * 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "got no such file"),
        ("{}", "expected a party's card, got"),
        ("not json", "expected a party's card, got"),
        ("\x00" * 70_000, "of at most 65536 bytes"),
    ],
)
@pytest.mark.parametrize("command", [("card", "show"), ("card", "fingerprint"), ("join",)])
def test_what_is_no_card_is_refused(
    new_office: Office, command: tuple[str, ...], content: str | None, message: str
) -> None:
    if content is not None:
        (new_office.folder / "bad.json").write_text(content)
    where = new_office.at("host") if command == ("join",) else ()
    answer = new_office.run(*command, new_office.path("bad.json"), *where)
    assert (answer.code, message in answer.err) == (2, True), answer


# --- join -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def strangers(empty_office: Office) -> Office:
    """Two parties that have not joined; the host's node is stopped."""
    for party in ("host", "sending"):
        empty_office.must(
            "init", "--party", party, "--name", party, "--url", f"http://{party}.example", *empty_office.at(party)
        )
    return empty_office


def pinned(office: Office, party: str) -> list[str]:
    store = office.assembly.look_into_store(office.folder / party)
    try:
        return sorted(store.cards())
    finally:
        store.close()


def test_a_card_is_pinned_after_its_fingerprint_was_confirmed(strangers: Office) -> None:
    answer = strangers.must("join", strangers.path("sending", "card.json"), *strangers.at("host"), typed="y\n")
    assert (fingerprint(card_of(strangers, "sending")) in answer.err, pinned(strangers, "host")) == (
        True,
        ["host", "sending"],
    )


def test_a_card_is_not_pinned_when_the_fingerprint_was_not_confirmed(strangers: Office) -> None:
    answer = strangers.run("join", strangers.path("sending", "card.json"), *strangers.at("host"), typed="n\n")
    assert (answer.code, pinned(strangers, "host")) == (1, ["host"])


@pytest.mark.parametrize("spelling", ["{}", "  {}  ", "{} "])
def test_a_fingerprint_that_was_heard_is_compared(strangers: Office, spelling: str) -> None:
    heard = spelling.format(fingerprint(card_of(strangers, "sending")).upper())
    strangers.must("join", strangers.path("sending", "card.json"), *strangers.at("host"), "--fingerprint", heard)
    assert pinned(strangers, "host") == ["host", "sending"]


@pytest.mark.parametrize("heard", ["", "0000", "ad14 11e8 15f3 ce12 a81f 607a f5ae 960f"])
def test_a_card_with_another_fingerprint_is_not_pinned(strangers: Office, heard: str) -> None:
    answer = strangers.run(
        "join", strangers.path("sending", "card.json"), *strangers.at("host"), "--fingerprint", heard, "--yes"
    )
    assert (answer.code, "it is not theirs" in answer.err, pinned(strangers, "host")) == (1, True, ["host"])


def test_a_card_is_pinned_through_a_node_that_runs(strangers: Office) -> None:
    strangers.start("host")
    answer = strangers.must("join", strangers.path("sending", "card.json"), *strangers.at("host"), "--yes", "--json")
    assert (answer.json()["how"], pinned(strangers, "host")) == ("through the running node", ["host", "sending"])


@pytest.mark.parametrize("is_running", [False, True])
def test_a_party_does_not_join_itself(strangers: Office, is_running: bool) -> None:
    if is_running:
        strangers.start("host")
    answer = strangers.run("join", strangers.path("host", "card.json"), *strangers.at("host"), "--yes")
    assert (answer.code, "does not join itself" in answer.err) == (1, True)


@pytest.mark.parametrize("is_running", [False, True])
def test_a_pinned_party_is_not_pinned_again_with_other_keys(strangers: Office, is_running: bool) -> None:
    strangers.must("join", strangers.path("sending", "card.json"), *strangers.at("host"), "--yes")
    impostor = ("init", "--party", "sending", "--name", "S", "--url", "http://sending.example")
    strangers.must(*impostor, *strangers.at("impostor"))
    if is_running:
        strangers.start("host")
    answer = strangers.run("join", strangers.path("impostor", "card.json"), *strangers.at("host"), "--yes")
    assert (answer.code, "pinned with other keys" in answer.err) == (1, True)


# --- serve, console ---------------------------------------------------------------------------------------------------


def test_a_node_is_served_on_the_port_of_its_card(new_office: Office) -> None:
    new_office.must("serve", *new_office.at("host"))
    assert new_office.served == [
        ServeOptions(directory=new_office.folder / "host", passphrase=PASSPHRASE, host="127.0.0.1", port=80)
    ]


def test_a_node_is_served_where_one_says(new_office: Office) -> None:
    new_office.must("serve", *new_office.at("host"), "--host", "192.0.2.1", "--port", "8443")
    assert (new_office.served[0].host, new_office.served[0].port) == ("192.0.2.1", 8443)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--certificate", "node.pem"), "--certificate and --certificate-key together, got one of them"),
        (("--certificate", "a.pem", "--certificate-key", "b.pem"), "expected a file at a.pem, got no such file"),
        (("--also-as", "node.local"), "--also-as: expected an address such as"),
        (("--peer-authority", "a.pem"), "expected a file at a.pem"),
        (("--replay-clock", "a"), "expected a file at a, got no such file"),
    ],
)
def test_files_of_a_server_that_are_not_there_are_named(
    new_office: Office, words: tuple[str, ...], message: str
) -> None:
    answer = new_office.run("serve", *new_office.at("host"), *words)
    assert (answer.code, message in answer.err, new_office.served) == (2, True, [])


@pytest.mark.parametrize(
    ("directory", "message"),
    [
        (None, "expected a party's folder by --dir or SAFECONDUCT_DIR, got neither"),
        ("nowhere", "safeconduct init makes"),
    ],
)
def test_a_party_without_a_folder_is_not_served(empty_office: Office, directory: str | None, message: str) -> None:
    where = () if directory is None else empty_office.at(directory)
    answer = empty_office.run("serve", *where)
    assert (answer.code, message in answer.err) == (2, True)


def test_the_folder_may_come_from_the_environment(new_office: Office) -> None:
    settings = Settings(directory=new_office.folder / "host", passphrase=PASSPHRASE)
    assert (new_office.run("serve", settings=settings).code, len(new_office.served)) == (0, 1)


def test_a_link_to_the_console_works_once(office: Office) -> None:
    url = httpx.URL(office.must("console", *office.by("duty"), "--json").json()["url"])
    assert office.assembly.transport is not None
    answers = [office.assembly.transport.handle_request(httpx.Request("GET", url)).status_code for _ in range(2)]
    assert (url.host, answers[0] < 400 <= answers[1]) == ("host.example", True)


def test_both_sides_can_begin(new_office: Office) -> None:
    assert sorted(new_office.links.nodes) == ["host", "sending"]
