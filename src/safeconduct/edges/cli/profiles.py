"""Who speaks: an actor with a profile of its own, or a party's authority with the party's folder.

A profile is a folder with `actor.json`, `actor.keys` and `actor.pub`. A party's folder is told by its `card.json`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from safeconduct.core.agreement import PartyTerms
from safeconduct.core.identity import SigningKey
from safeconduct.core.statement import ActorId, PartyId
from safeconduct.edges.cli.inputs import read_file
from safeconduct.edges.cli.seam import (
    AUTHORITY_KEY_NAME,
    AUTHORITY_KEYS_FILE,
    CARD_FILE,
    NODE_KEY_NAMES,
    NODE_KEYS_FILE,
    Assembly,
)
from safeconduct.errors import InputInvalid
from safeconduct.node.commands import read_card
from safeconduct.node.node import Keys

ACTOR_FILE = "actor.json"
ACTOR_KEYS_FILE = "actor.keys"
# What the authority is given, to enrol it.
ACTOR_PUBLIC_FILE = "actor.pub"
ACTOR_KEY_NAME = "actor"
# Opens the boxes of the dossiers that this actor keeps.
DOSSIER_KEY_NAME = "dossiers"

# A card with names in three languages is about 1 KiB.
CARD_BYTES_MAX = 64 * 1024
# A line that a person or a password manager made.
PASSPHRASE_BYTES_MAX = 4 * 1024
# What scrypt in the key file adds is worth some 18 bits; with fewer characters that does not save anybody.
PASSPHRASE_CHARACTERS_MIN = 10


class ActorFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`actor.json`: who this is, where its party's node is, and the party's root key, which vouches for the rest."""

    party: PartyId
    actor: ActorId
    url: str
    root: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who can sign.

    root: base64 of the own party's root key, from the card that people handed over, never from a node. dossier_key:
    None for an authority, which keeps no dossiers.
    """

    party: str
    actor: str
    url: str
    key: SigningKey
    root: str
    folder: Path
    dossier_key: bytes | None = None


def party_folder(assembly: Assembly, given: Path | None) -> Path:
    """The party's folder that a command works on."""
    folder = given if given is not None else assembly.settings.directory
    if folder is None:
        raise InputInvalid("expected a party's folder by --dir or SAFECONDUCT_DIR, got neither")
    if not (folder / CARD_FILE).is_file():
        raise InputInvalid(f"expected a party's folder with {CARD_FILE}, got {folder} (safeconduct init makes one)")
    return folder


def speaker_folder(assembly: Assembly, given: Path | None) -> Path:
    """The folder of whoever speaks: an actor's profile, or a party's folder for its authority."""
    settings = assembly.settings
    folder = next((path for path in (given, settings.profile, settings.directory) if path is not None), None)
    if folder is None:
        raise InputInvalid("expected an actor's folder by --profile or SAFECONDUCT_PROFILE, got neither")
    if not (folder / ACTOR_FILE).is_file() and not (folder / CARD_FILE).is_file():
        raise InputInvalid(
            f"expected an actor's folder with {ACTOR_FILE}, got {folder} (safeconduct actor new makes one)"
        )
    return folder


def read_speaker(assembly: Assembly, folder: Path, passphrase_file: Path | None) -> Speaker:
    """Open the keys in a speaker's folder. Raises NotAllowed for a wrong passphrase."""
    if (folder / ACTOR_FILE).is_file():
        return _read_actor(assembly, folder, passphrase_file)
    return read_authority(assembly, folder, passphrase_file)


def _read_actor(assembly: Assembly, folder: Path, passphrase_file: Path | None) -> Speaker:
    data = read_file(folder / ACTOR_FILE, CARD_BYTES_MAX, "an actor's file")
    try:
        actor = msgspec.json.decode(data, type=ActorFile)
    except msgspec.MsgspecError as error:
        raise InputInvalid(f"expected an actor's file at {folder / ACTOR_FILE}, got {error}") from None
    seeds = _read_keys(assembly, folder / ACTOR_KEYS_FILE, passphrase_file, (ACTOR_KEY_NAME, DOSSIER_KEY_NAME))
    key = SigningKey.from_seed(seeds[ACTOR_KEY_NAME])
    return Speaker(actor.party, actor.actor, actor.url, key, actor.root, folder, seeds[DOSSIER_KEY_NAME])


def read_authority(assembly: Assembly, folder: Path, passphrase_file: Path | None) -> Speaker:
    """The party's authority, whose root key must be the one on its card."""
    card = read_own_card(folder)
    seeds = _read_keys(assembly, folder / AUTHORITY_KEYS_FILE, passphrase_file, (AUTHORITY_KEY_NAME,))
    key = SigningKey.from_seed(seeds[AUTHORITY_KEY_NAME])
    if key.public.text != card.root:
        raise InputInvalid(f"expected the root key of {card.id}'s card in {folder / AUTHORITY_KEYS_FILE}, got another")
    return Speaker(card.id, f"{card.id}/authority", card.node.url, key, card.root, folder)


def read_node_keys(assembly: Assembly, folder: Path, passphrase_file: Path | None) -> Keys:
    """The keys of the party's server, which must be those on its card."""
    seeds = _read_keys(assembly, folder / NODE_KEYS_FILE, passphrase_file, NODE_KEY_NAMES)
    keys = Keys(*(SigningKey.from_seed(seeds[name]) for name in NODE_KEY_NAMES))
    if keys.node.public.text != read_own_card(folder).node.node:
        raise InputInvalid(f"expected the node's key of the card in {folder / NODE_KEYS_FILE}, got another")
    return keys


def read_own_card(folder: Path) -> PartyTerms:
    """The card in a party's folder."""
    return read_card_file(folder / CARD_FILE)


def read_card_file(path: Path) -> PartyTerms:
    """A card that somebody names."""
    data = read_file(path, CARD_BYTES_MAX, "a party's card")
    try:
        return read_card(data)
    except InputInvalid as error:
        raise InputInvalid(f"{path}: {error}") from None


def _read_keys(
    assembly: Assembly, path: Path, passphrase_file: Path | None, names: tuple[str, ...]
) -> dict[str, bytes]:
    if not path.is_file():
        raise InputInvalid(f"expected a key file at {path}, got no such file")
    seeds = assembly.read_keys(path, ask_passphrase(assembly, passphrase_file, path))
    if any(name not in seeds for name in names):
        raise InputInvalid(f"expected the keys {', '.join(names)} in {path}, got {', '.join(sorted(seeds))}")
    return dict(seeds)


# --- passphrases ------------------------------------------------------------------------------------------------------


def ask_passphrase(assembly: Assembly, file: Path | None, keys: Path) -> str:
    """The passphrase of a key file: from a file, from the environment, or typed."""
    known = _known_passphrase(assembly, file)
    if known is not None:
        return known
    _require_terminal(keys)
    return str(click.prompt(f"passphrase of {keys}", hide_input=True, err=True))


def ask_new_passphrase(assembly: Assembly, file: Path | None, keys: Path) -> str:
    """A passphrase for a key file that is about to be made; typed twice."""
    passphrase = _known_passphrase(assembly, file)
    if passphrase is None:
        _require_terminal(keys)
        passphrase = str(
            click.prompt(f"new passphrase for {keys}", hide_input=True, confirmation_prompt=True, err=True)
        )
    if len(passphrase) < PASSPHRASE_CHARACTERS_MIN:
        raise InputInvalid(
            f"expected a passphrase of at least {PASSPHRASE_CHARACTERS_MIN} characters, got {len(passphrase)}"
        )
    return passphrase


def _known_passphrase(assembly: Assembly, file: Path | None) -> str | None:
    if file is None:
        return assembly.settings.passphrase
    data = read_file(file, PASSPHRASE_BYTES_MAX, "a passphrase")
    try:
        first, _, rest = data.decode().partition("\n")
    except UnicodeDecodeError:
        raise InputInvalid(f"expected a passphrase in UTF-8 at {file}, got other bytes") from None
    if rest.strip() or not first.strip():
        raise InputInvalid(
            f"expected one line with a passphrase at {file}, got {'several' if first.strip() else 'none'}"
        )
    return first.removesuffix("\r")


def _require_terminal(keys: Path) -> None:
    """A prompt that nobody can answer would hang or read the wrong thing."""
    if not sys.stdin.isatty():
        raise InputInvalid(
            f"expected the passphrase of {keys} by --passphrase-file, SAFECONDUCT_PASSPHRASE or a terminal, got none"
        )
