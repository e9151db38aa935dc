"""The people of a party: each makes a key of their own, and the authority enrols it."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from safeconduct.core.acts import ActorEnrolled, ActorRevoked, Identifier
from safeconduct.core.identity import PublicKey, SigningKey
from safeconduct.core.statement import encode
from safeconduct.edges.cli.copies import publish_reading_key
from safeconduct.edges.cli.desk import (
    Desk,
    check_option,
    json_option,
    passphrase_option,
    speaks,
    speaks_as_authority,
    yes_option,
)
from safeconduct.edges.cli.folder import all_or_nothing, new_folder, write_new
from safeconduct.edges.cli.inputs import ACTOR, FILE, FOLDER, IDENTIFIER, TEXT, read_file
from safeconduct.edges.cli.profiles import (
    ACTOR_FILE,
    ACTOR_KEY_NAME,
    ACTOR_KEYS_FILE,
    ACTOR_PUBLIC_FILE,
    DOSSIER_KEY_NAME,
    ActorFile,
    ask_new_passphrase,
    read_card_file,
)
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import Screen, line, pairs, table
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import InputInvalid, KeyInvalid

_SEED_BYTES = 32
# 44 characters, and room for somebody's editor.
_KEY_FILE_BYTES_MAX = 256


@click.group(cls=Commands)
def actor() -> None:
    """People who speak for a party, and their keys."""


@actor.command(epilog=example("safeconduct actor new sending/alice --card sending/card.json --dir alice"))
@click.argument("actor_id", metavar="PARTY/NAME", type=ACTOR)
@click.option("--card", type=FILE, required=True, metavar="FILE", help="The card of this person's own party.")
@click.option("--dir", "folder", type=FOLDER, required=True, metavar="DIR", help="New folder for this person's keys.")
@passphrase_option
@json_option
@click.pass_obj
def new(
    assembly: Assembly, actor_id: str, card: Path, folder: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Make a person's own keys.

    On their own machine: the secret half never leaves the folder.
    """
    party, name = actor_id.split("/")
    own = read_card_file(card)
    if own.id != party:
        raise InputInvalid(f"--card: expected the card of {party}, got that of {own.id}")
    if name in ("authority", "node"):
        raise InputInvalid(f"expected a person's name, got {name}, which the party's own keys hold")
    new_folder(folder)
    with all_or_nothing(folder):
        seeds = {key: assembly.randomness(_SEED_BYTES) for key in (ACTOR_KEY_NAME, DOSSIER_KEY_NAME)}
        passphrase = ask_new_passphrase(assembly, passphrase_file, folder / ACTOR_KEYS_FILE)
        assembly.write_keys(folder / ACTOR_KEYS_FILE, seeds, passphrase)
        key = SigningKey.from_seed(seeds[ACTOR_KEY_NAME]).public.text
        write_new(folder / ACTOR_PUBLIC_FILE, f"{key}\n".encode())
        write_new(
            folder / ACTOR_FILE, encode(ActorFile(party=party, actor=actor_id, url=own.node.url, root=own.root)) + b"\n"
        )
    public = folder / ACTOR_PUBLIC_FILE
    Screen(as_json=as_json).show(
        {"actor": actor_id, "key": key, "key_file": str(public), "directory": str(folder)},
        line(f"made keys for {actor_id} in {folder}"),
        pairs([("public key", key)]),
        line(f"next: give {public} to the authority, who enrols it with the roles that this person has:"),
        line(f"  safeconduct actor enrol {actor_id} --key-file {public} --role ROLE"),
    )


@actor.command(
    epilog=example(
        "safeconduct actor enrol sending/alice --key-file alice/actor.pub --role journey_manager",
        "safeconduct actor enrol sending/alice --key 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= --role approver",
    )
)
@click.argument("actor_id", metavar="PARTY/NAME", type=ACTOR)
@click.option("--key-file", type=FILE, metavar="FILE", help="The person's public key, as `actor new` wrote it.")
@click.option("--key", metavar="KEY", help="The same, typed.")
@click.option("--role", multiple=True, required=True, type=IDENTIFIER, help="A role; give it once for each.")
@check_option
@speaks_as_authority
def enrol(
    desk: Desk, actor_id: str, key_file: Path | None, key: str | None, role: tuple[str, ...], check: bool
) -> None:
    """Enrol a person with a key and roles.

    As the party's authority. Said again, it replaces what was there.
    """
    _require_own(desk, actor_id)
    act = ActorEnrolled(key=_public_key(key_file, key), roles=tuple(dict.fromkeys(role)))
    desk.say(f"actor/{actor_id}", act, check=check)


def _public_key(file: Path | None, typed: str | None) -> str:
    if (file is None) == (typed is None):
        raise InputInvalid(f"expected one of --key-file and --key, got {'neither' if file is None else 'both'}")
    option = "--key" if file is None else f"--key-file {file}"
    text = typed if file is None else read_file(file, _KEY_FILE_BYTES_MAX, "a public key").decode("ascii", "replace")
    try:
        return PublicKey.from_text((text or "").strip()).text
    except (InputInvalid, KeyInvalid) as error:
        raise InputInvalid(
            f"{option}: expected a public key as actor new prints it, got another text: {error}"
        ) from None


@actor.command(epilog=example('safeconduct actor revoke sending/alice --reason "left the mission"'))
@click.argument("actor_id", metavar="PARTY/NAME", type=ACTOR)
@click.option("--reason", type=TEXT, required=True, metavar="TEXT", help="Why; the other parties read it too.")
@yes_option
@check_option
@speaks_as_authority
def revoke(desk: Desk, actor_id: str, reason: str, yes: bool, check: bool) -> None:
    """Let a person's key sign no more. As the party's authority."""
    _require_own(desk, actor_id)
    if not (yes or check):
        click.confirm(f"Shall {actor_id} sign nothing more from now on?", abort=True, err=True)
    desk.say(f"actor/{actor_id}", ActorRevoked(reason=reason), check=check)


@actor.command("read", epilog=example("safeconduct actor read --profile alice"))
@speaks
def read(desk: Desk) -> None:
    """Make a key with which your machine reads, and publish it.

    Its public half alone: the secret one never leaves your folder. Copies of orders that differ by recipient are sealed
    to it. Do it again on a new machine, or if somebody may have got the key: from then on the new one counts.
    """
    key, key_id = publish_reading_key(desk)
    desk.show(
        {"actor": desk.client.speaker.actor, "key": key, "key_id": key_id},
        line(f"{desk.client.speaker.actor} reads with key {key_id[:16]} from now on"),
    )


def _require_own(desk: Desk, actor_id: str) -> None:
    if not actor_id.startswith(f"{desk.client.speaker.party}/"):
        raise InputInvalid(f"expected an actor of {desk.client.speaker.party}, got {actor_id}")


class Enrolled(msgspec.Struct, frozen=True):
    """An actor as the API answers."""

    actor: str
    party: str
    enrolled: bool
    roles: tuple[Identifier, ...]
    key: str | None


@actor.command("list", epilog=example("safeconduct actor list --dir sending", "safeconduct actor list --json"))
@speaks
def list_(desk: Desk) -> None:
    """Everybody who was ever enrolled, at any party."""
    actors = desk.client.get("/v1/actors", tuple[Enrolled, ...])
    rows = ((a.actor, a.roles, "enrolled" if a.enrolled else "revoked", a.key) for a in actors)
    desk.show(actors, table(("actor", "roles", "now", "key"), rows, title="actors"))
