"""Who speaks, and with which passphrase."""

from __future__ import annotations

import json

import pytest

from safeconduct.edges.cli import Settings
from tests.unit.edges.cli.office import PASSPHRASE, Office, write_keys


@pytest.mark.parametrize("command", [("movement", "list"), ("console",), ("agreement", "show"), ("log", "show")])
def test_without_a_folder_nobody_speaks(office: Office, command: tuple[str, ...]) -> None:
    answer = office.run(*command, settings=Settings(passphrase=PASSPHRASE))
    assert (answer.code, "expected an actor's folder by --profile or SAFECONDUCT_PROFILE" in answer.err) == (2, True)


def test_a_folder_without_an_actor_is_named(office: Office) -> None:
    answer = office.run("movement", "list", "--profile", office.path("nowhere"))
    assert (answer.code, "expected an actor's folder with actor.json, got" in answer.err) == (2, True)


def test_the_profile_may_come_from_the_environment(office: Office) -> None:
    settings = Settings(profile=office.folder / "duty", passphrase=PASSPHRASE)
    assert office.run("movement", "list", settings=settings).code == 0


def test_the_authority_may_look_with_the_party_s_folder(office: Office) -> None:
    settings = Settings(directory=office.folder / "host", passphrase=PASSPHRASE)
    assert office.run("movement", "list", settings=settings).code == 0


@pytest.mark.parametrize("name", ["duty", "host"])
def test_a_wrong_passphrase_opens_nothing(office: Office, name: str) -> None:
    settings = Settings(profile=office.folder / name, passphrase="another horse battery")
    answer = office.run("movement", "list", settings=settings)
    assert (answer.code, "wrong passphrase for" in answer.err) == (1, True)


def test_the_passphrase_is_never_repeated_in_an_error(office: Office) -> None:
    settings = Settings(profile=office.folder / "duty", passphrase="another horse battery")
    assert "another horse" not in office.run("movement", "list", settings=settings).err


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (PASSPHRASE.encode(), 0, ""),
        (PASSPHRASE.encode() + b"\n", 0, ""),
        (PASSPHRASE.encode() + b"\r\n", 0, ""),
        (b"", 2, "expected one line with a passphrase at"),
        (b"\n\n", 2, "expected one line with a passphrase at"),
        (PASSPHRASE.encode() + b"\nsecond", 2, "got several"),
        (b"\xff\xfe", 2, "expected a passphrase in UTF-8"),
        (b"x" * 5_000, 2, "expected a passphrase of at most 4096 bytes"),
        (b"wrong horse battery", 1, "wrong passphrase"),
    ],
)
def test_a_passphrase_file_has_one_line(office: Office, content: bytes, code: int, message: str) -> None:
    file = office.folder / "phrase"
    file.write_bytes(content)
    answer = office.run("movement", "list", *office.by("duty"), "--passphrase-file", str(file), settings=Settings())
    assert (answer.code, message in answer.err) == (code, True), answer


def test_a_passphrase_file_that_is_not_there_is_named(office: Office) -> None:
    answer = office.run("movement", "list", *office.by("duty"), "--passphrase-file", office.path("none"))
    assert (answer.code, "expected a passphrase at" in answer.err) == (2, True)


def test_without_a_terminal_no_passphrase_is_asked(office: Office) -> None:
    answer = office.run("movement", "list", *office.by("duty"), settings=Settings(), typed=f"{PASSPHRASE}\n")
    assert (answer.code, "SAFECONDUCT_PASSPHRASE or a terminal, got none" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("actor.json", "{}", "expected an actor's file at"),
        ("actor.json", "nonsense", "expected an actor's file at"),
        ("actor.keys", None, "expected a key file at"),
        ("actor.keys", {"other": bytes(32)}, "expected the keys actor, dossiers in"),
    ],
)
def test_a_broken_profile_is_told_by_its_file(
    new_office: Office, file: str, content: str | dict[str, bytes] | None, message: str
) -> None:
    card = new_office.path("host", "card.json")
    new_office.must("actor", "new", "host/duty", "--card", card, *new_office.at("duty"))
    path = new_office.folder / "duty" / file
    path.unlink()
    if isinstance(content, str):
        path.write_text(content)
    elif content is not None:
        write_keys(path, content, PASSPHRASE)
    answer = new_office.run("movement", "list", *new_office.by("duty"))
    assert (answer.code, message in answer.err) == (2, True), answer


@pytest.mark.parametrize(("file", "command"), [("authority.keys", ("actor", "list")), ("node.keys", ("doctor",))])
def test_keys_of_another_party_are_not_taken_for_one_s_own(
    new_office: Office, file: str, command: tuple[str, ...]
) -> None:
    theirs = json.loads((new_office.folder / "sending" / file).read_text())
    (new_office.folder / "host" / file).write_text(json.dumps(theirs))
    answer = new_office.run(*command, *new_office.at("host"))
    assert (answer.code != 0, "card" in answer.err + answer.out, "got another" in answer.err + answer.out) == (
        True,
        True,
        True,
    )
