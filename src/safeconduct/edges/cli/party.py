"""A party's beginning: its keys and its card, the other parties' cards, and its server."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import Name
from safeconduct.core.agreement import LANGUAGES, NodeKeys, PartyTerms
from safeconduct.core.identity import SigningKey
from safeconduct.core.log import KeyType, VerifierKey
from safeconduct.core.statement import encode
from safeconduct.edges.cli.client import NodeClient
from safeconduct.edges.cli.desk import Desk, dir_option, json_option, passphrase_option, speaks, yes_option
from safeconduct.edges.cli.folder import NoPeers, all_or_nothing, card_name, new_folder, stopped_node, write_new
from safeconduct.edges.cli.inputs import FILE, FOLDER, NAME, PARTY, PORT_MAX, pair_of, require_url, whole
from safeconduct.edges.cli.profiles import (
    ask_new_passphrase,
    ask_passphrase,
    party_folder,
    read_authority,
    read_card_file,
    read_own_card,
)
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import Screen, line, pairs
from safeconduct.edges.cli.seam import (
    AUTHORITY_KEY_NAME,
    AUTHORITY_KEYS_FILE,
    CARD_FILE,
    NODE_KEY_NAMES,
    NODE_KEYS_FILE,
    Assembly,
    ServeOptions,
)
from safeconduct.errors import InputInvalid, NotAllowed, Unavailable
from safeconduct.node import commands
from safeconduct.node.commands import fingerprint

_SEED_BYTES = 32
_USUAL_PORT = {"http": 80, "https": 443}


@click.command(
    epilog=example(
        'safeconduct init --party host --name "Ministry of Interior" --url https://node.host.example --dir host',
        'safeconduct init --party sending --name Embassy --name-in "zh=使馆" --url http://10.0.0.7:8443 --dir sending',
    )
)
@click.option("--party", type=PARTY, required=True, metavar="ID", help="Short id, as the agreement will name it.")
@click.option("--name", type=NAME, required=True, metavar="TEXT", help="What people call the party, in English.")
@click.option("--name-in", multiple=True, metavar="LANGUAGE=TEXT", help="The name in another language: zh, ur.")
@click.option("--url", required=True, metavar="URL", help="Where the other parties will reach this node.")
@click.option("--dir", "directory", type=FOLDER, required=True, metavar="DIR", help="New folder for the party.")
@passphrase_option
@json_option
@click.pass_obj
def init(
    assembly: Assembly,
    party: str,
    name: str,
    name_in: tuple[str, ...],
    url: str,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make a party: its keys, its card, its empty record.

    The root key goes into authority.keys, which signs agreements and enrols actors. Move that file to a machine of
    its own when you can: the server does not need it.
    """
    names = {"en": name, **_names(name_in)}
    require_url(url, "--url")
    new_folder(directory)
    with all_or_nothing(directory):
        seeds = {key: assembly.randomness(_SEED_BYTES) for key in (AUTHORITY_KEY_NAME, *NODE_KEY_NAMES)}
        card = _card(party, names, url, {key: SigningKey.from_seed(seed) for key, seed in seeds.items()})
        passphrase = ask_new_passphrase(assembly, passphrase_file, directory / NODE_KEYS_FILE)
        authority = {AUTHORITY_KEY_NAME: seeds.pop(AUTHORITY_KEY_NAME)}
        assembly.write_keys(directory / AUTHORITY_KEYS_FILE, authority, passphrase)
        assembly.write_keys(directory / NODE_KEYS_FILE, seeds, passphrase)
        store = assembly.open_store(directory)
        store.put_card(party, encode(card))
        store.close()
        write_new(directory / CARD_FILE, encode(card) + b"\n")
    Screen(as_json=as_json).show(
        {"party": party, "directory": str(directory), "fingerprint": fingerprint(card)},
        line(f"made party {party} in {directory}"),
        pairs([("fingerprint", fingerprint(card))]),
        line("next:"),
        line(f"  1. copy {directory / AUTHORITY_KEYS_FILE} to a safe place"),
        line(f"  2. give {directory / CARD_FILE} to the other parties, and read them the fingerprint by voice"),
        line(f"  3. pin their cards: safeconduct join CARD --dir {directory}"),
        line(f"  4. safeconduct serve --dir {directory}"),
    )


def _names(pairs_given: tuple[str, ...]) -> dict[str, str]:
    names = {}
    for text in pairs_given:
        language, name = pair_of(text, "--name-in", f"language=name with one of {', '.join(LANGUAGES)}")
        if language not in LANGUAGES:
            raise InputInvalid(f"--name-in: expected one of {', '.join(LANGUAGES)}, got {language[:20]!r}")
        try:
            names[language] = msgspec.convert(name, Name)
        except msgspec.ValidationError:
            raise InputInvalid(f"--name-in: expected a name of 1 to 200 characters, got {len(name)}") from None
    return names


def _card(party: str, names: dict[str, str], url: str, keys: dict[str, SigningKey]) -> PartyTerms:
    place = urlsplit(url).netloc
    card = PartyTerms(
        id=party,
        name=names,
        root=keys[AUTHORITY_KEY_NAME].public.text,
        node=NodeKeys(
            url=url,
            node=keys["node"].public.text,
            log=VerifierKey(f"{place}/log", KeyType.ED25519, keys["log"].public).text,
            witness=VerifierKey(f"{place}/witness", KeyType.COSIGNATURE_V1, keys["witness"].public).text,
            mirror=VerifierKey(f"{place}/mirror", KeyType.COSIGNATURE_V1, keys["mirror"].public).text,
        ),
    )
    return commands.read_card(encode(card))


# --- cards ------------------------------------------------------------------------------------------------------------


@click.group(cls=Commands)
def card() -> None:
    """Parties' cards: the keys by which each is known."""


@card.command(epilog=example("safeconduct card show card.json"))
@click.argument("file", type=FILE)
@json_option
def show(file: Path, as_json: bool) -> None:
    """Show what is on a card."""
    shown = read_card_file(file)
    Screen(as_json=as_json).show(
        {"card": shown, "fingerprint": fingerprint(shown)},
        _card_picture(shown),
    )


@card.command("fingerprint", epilog=example("safeconduct card fingerprint card.json"))
@click.argument("file", type=FILE)
@json_option
def fingerprint_(file: Path, as_json: bool) -> None:
    """Print what people compare by voice before they pin a card."""
    text = fingerprint(read_card_file(file))
    Screen(as_json=as_json).show({"fingerprint": text}, line(text))


def _card_picture(shown: PartyTerms) -> RenderableType:
    names = [(f"name ({language})", name) for language, name in sorted(shown.name.items())]
    return pairs(
        [
            ("party", shown.id),
            *names,
            ("address", shown.node.url),
            ("fingerprint", fingerprint(shown)),
            ("root key", shown.root),
            ("node key", shown.node.node),
            ("log", shown.node.log),
            ("witness", shown.node.witness),
            ("mirror", shown.node.mirror),
        ]
    )


@click.command(
    epilog=example(
        "safeconduct join their-card.json --dir host",
        'safeconduct join their-card.json --dir host --fingerprint "3f0a 91c2 …"',
    )
)
@click.argument("file", metavar="CARD", type=FILE)
@click.option("--fingerprint", "heard", metavar="TEXT", help="What the other party read to you; then nothing is asked.")
@dir_option
@passphrase_option
@yes_option
@json_option
@click.pass_obj
def join(
    assembly: Assembly,
    file: Path,
    heard: str | None,
    directory: Path | None,
    passphrase_file: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Pin another party's card.

    This party's node may be running or not. Whoever can swap the card on its way can pose as the other party. So ask
    them for its fingerprint by voice, over a line that the card did not come by, and compare.
    """
    folder = party_folder(assembly, directory)
    theirs = read_card_file(file)
    screen = Screen(as_json=as_json)
    if heard is not None:
        if "".join(heard.split()).lower() != fingerprint(theirs).replace(" ", ""):
            raise NotAllowed(
                f"expected a card with fingerprint {heard[:60]}, got one with {fingerprint(theirs)}: it is not theirs"
            )
    elif not yes:
        screen.ask_about(line(f"card of {theirs.id}, {card_name(theirs)}, at {theirs.node.url}"))
        screen.ask_about(line(f"fingerprint: {fingerprint(theirs)}", "bold"))
        click.confirm("Did they read you exactly this, by voice?", abort=True, err=True)
    how = _pin(assembly, folder, passphrase_file, encode(theirs))
    screen.show(
        {"party": theirs.id, "fingerprint": fingerprint(theirs), "how": how},
        line(f"pinned {theirs.id}, {how}"),
    )


def _pin(assembly: Assembly, folder: Path, passphrase_file: Path | None, data: bytes) -> str:
    try:
        # The store tells whether the node runs: a process that serves has it for itself.
        assembly.open_store(folder).close()
    except Unavailable:
        client = NodeClient(assembly, read_authority(assembly, folder, passphrase_file))
        try:
            client.post("/v1/cards", data)
        finally:
            client.close()
        return "through the running node"
    with stopped_node(assembly, folder, passphrase_file, NoPeers()) as node:
        commands.pin_card(node, data)
    return "in the folder of the stopped node"


# --- the server -------------------------------------------------------------------------------------------------------


@click.command(
    epilog=example(
        "safeconduct serve --dir host",
        "safeconduct serve --dir host --host 0.0.0.0 --certificate node.pem --certificate-key node-key.pem",
    )
)
@dir_option
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=whole(1, PORT_MAX), help="Where to listen; the port of the card's address if left out.")
@click.option("--certificate", type=FILE, metavar="FILE", help="TLS certificate (PEM); a proxy in front without it.")
@click.option("--certificate-key", type=FILE, metavar="FILE", help="Its private key (PEM).")
@click.option("--also-as", multiple=True, metavar="URL", help="Another address under which it is asked; once for each.")
@click.option("--peer-authority", type=FILE, metavar="FILE", help="Certificates (PEM) that vouch for the peers' ones.")
@click.option("--replay-clock", type=FILE, metavar="FILE", help="Play a past day again: file with its offset in ms.")
@passphrase_option
@click.pass_obj
def serve(
    assembly: Assembly,
    directory: Path | None,
    host: str,
    port: int | None,
    certificate: Path | None,
    certificate_key: Path | None,
    also_as: tuple[str, ...],
    peer_authority: Path | None,
    replay_clock: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Run the party's node.

    It serves until it is told to stop (Ctrl-C, or SIGTERM).
    """
    folder = party_folder(assembly, directory)
    url = urlsplit(read_own_card(folder).node.url)
    if (certificate is None) != (certificate_key is None):
        raise InputInvalid("expected --certificate and --certificate-key together, got one of them")
    for other in also_as:
        require_url(other, "--also-as")
    for file in (certificate, certificate_key, peer_authority, replay_clock):
        if file is not None and not file.is_file():
            raise InputInvalid(f"expected a file at {file}, got no such file")
    passphrase = ask_passphrase(assembly, passphrase_file, folder / NODE_KEYS_FILE)
    assembly.serve(
        ServeOptions(
            directory=folder,
            passphrase=passphrase,
            host=host,
            port=port or url.port or _USUAL_PORT[url.scheme],
            certificate=certificate,
            certificate_key=certificate_key,
            also_as=also_as,
            peer_authority=peer_authority,
            replay_clock=replay_clock,
        )
    )


class _Session(msgspec.Struct):
    url: str
    expires: int


@click.command(epilog=example("safeconduct console --profile alice", "safeconduct console --profile alice --open"))
@click.option("--open", "open_it", is_flag=True, help="Open it in the browser of this machine.")
@speaks
def console(desk: Desk, open_it: bool) -> None:
    """Print the link to this actor's console.

    It works once, and not for long: do not send it on.
    """
    session = desk.client.read(desk.client.post("/v1/sessions", b""), _Session, "/v1/sessions")
    if open_it and not webbrowser.open(session.url):
        raise Unavailable("no browser could be opened on this machine: open the link by hand, without --open")
    desk.show(session, line(session.url))
