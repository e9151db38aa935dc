"""Break-glass: ask for a silent party's share, carry the request to its officers, and give on their machines."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import RenderableType

from safeconduct.core.acts import GlassAsked, GlassObjected
from safeconduct.core.audit import (
    PIECE_FILE_BYTES_MAX,
    REQUEST_BYTES_MAX,
    ProvedRequest,
    prove_request,
    read_piece_file,
)
from safeconduct.core.sealing import OfflineKey
from safeconduct.core.statement import encode
from safeconduct.edges.cli.desk import Desk, json_option, speaks, yes_option
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import FILE, PARTY, TEXT, read_file
from safeconduct.edges.cli.movements import MOVEMENT
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import Screen, line, moment_text, pairs
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import InputInvalid, KeyInvalid
from safeconduct.node.orders import OrderView, SealingView

# A key, and the comment line that age's own tools write above it.
_KEY_FILE_BYTES_MAX = 1_024


@click.group(cls=Commands)
def glass() -> None:
    """Open a sealed part while another party's node is silent.

    Two people ask on the record and say why; after the agreed delay, unless the silent party objects, officers give
    their pieces of its share. Everybody sees it.
    """


def _variant_option(function: click.decorators.FC) -> click.decorators.FC:
    text = "Which of its grades, as order show names them; else the exact one if it is sealed."
    return click.option("--variant", metavar="VARIANT", help=text)(function)


# --- at the asking party ----------------------------------------------------------------------------------------------


@glass.command(
    "ask",
    epilog=example(
        'safeconduct glass ask m-20261124-k3x7 rendezvous --party host --reason "no answer since 04:10" --profile alice'
    ),
)
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.argument("compartment", metavar="COMPARTMENT")
@click.option("--party", type=PARTY, required=True, help="The party whose node is silent.")
@click.option("--reason", type=TEXT, required=True, help="Why; everybody reads it.")
@_variant_option
@yes_option
@speaks
def ask(
    desk: Desk, movement_id: str, compartment: str, party: str, reason: str, variant: str | None, yes: bool
) -> None:
    """Ask the officers for a silent party's share.

    It is on the record for everybody and an incident that will have to be answered. A second person asks too.
    """
    subject, sealing = _sealing(desk, movement_id, compartment, variant)
    if not yes:
        desk.screen.ask_about(line(f"{compartment} ({sealing.variant}) of {subject}: {reason}"))
        click.confirm(
            f"Ask the officers for the share of {party} as {desk.client.speaker.actor}? Every party sees it",
            abort=True,
            err=True,
        )
    desk.say(subject, GlassAsked(content=sealing.content, party=party, reason=reason))


@glass.command(
    "request",
    epilog=example("safeconduct glass request m-20261124-k3x7 rendezvous --party host --out request.json"),
)
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.argument("compartment", metavar="COMPARTMENT")
@click.option("--party", type=PARTY, required=True, help="The party whose node is silent.")
@click.option("--out", "out", type=FILE, metavar="FILE", required=True, help="The file for the officers.")
@_variant_option
@speaks
def request(desk: Desk, movement_id: str, compartment: str, party: str, out: Path, variant: str | None) -> None:
    """Write the request that goes to the officers.

    Once enough people have asked.
    """
    subject, sealing = _sealing(desk, movement_id, compartment, variant)
    data = desk.client.fetch(f"/v1/movements/{movement_id}/glass/{sealing.content}/{party}")
    write_new(out, data)
    used = next(used for used in sealing.glass if (used.party, used.asking) == (party, desk.client.speaker.party))
    opens = moment_text(used.gives_from) if used.gives_from is not None else "nobody knows when"
    desk.show(
        {"subject": subject, "file": str(out), "bytes": len(data), "gives_from": used.gives_from},
        line(f"wrote {out}, {len(data)} bytes; officers give from {opens} on"),
        line(f"on an officer's machine: safeconduct glass give {out} --key-file KEY --out PIECE"),
    )


@glass.command("bring", epilog=example("safeconduct glass bring anna.piece --profile alice"))
@click.argument("piece_file", metavar="PIECE", type=FILE)
@speaks
def bring(desk: Desk, piece_file: Path) -> None:
    """Say that an officer gave a piece, and hand it to the own node.

    The node takes it only if it fits.
    """
    piece = read_piece_file(read_file(piece_file, PIECE_FILE_BYTES_MAX, "the piece of an officer"))
    desk.say(piece.subject, piece.given)


# --- at the party that is called silent -------------------------------------------------------------------------------


@glass.command(
    "object",
    epilog=example('safeconduct glass object m-20261124-k3x7 rendezvous --reason "we are here" --profile emad'),
)
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.argument("compartment", metavar="COMPARTMENT")
@click.option("--reason", type=TEXT, required=True, help="Why; everybody reads it.")
@_variant_option
@speaks
def object_(desk: Desk, movement_id: str, compartment: str, reason: str, variant: str | None) -> None:
    """Stop a request for your own party's share.

    You are there after all.
    """
    subject, sealing = _sealing(desk, movement_id, compartment, variant)
    desk.say(subject, GlassObjected(content=sealing.content, reason=reason))


def _sealing(desk: Desk, movement_id: str, compartment: str, variant: str | None) -> tuple[str, SealingView]:
    view = desk.client.get(f"/v1/movements/{movement_id}/order", OrderView)
    found = [s for s in view.sealings if s.compartment == compartment and not s.replaced]
    if variant is None:
        found.sort(key=lambda sealing: sealing.variant != "exact")
    else:
        found = [sealing for sealing in found if sealing.variant == variant]
    if not found:
        as_ = f" as {variant[:40]}" if variant is not None else ""
        raise InputInvalid(f"expected a compartment that is sealed for {view.subject}, got {compartment[:40]}{as_}")
    return view.subject, found[0]


# --- on an officer's machine, which needs no network ------------------------------------------------------------------


@glass.command(
    "give",
    epilog=example("safeconduct glass give request.json --key-file officer.key --out anna.piece"),
)
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--key-file", type=FILE, metavar="KEY", required=True, help="Your key, as new-key wrote it.")
@click.option("--out", "out", type=FILE, metavar="PIECE", required=True, help="The file that goes back.")
@yes_option
@json_option
@click.pass_obj
def give(assembly: Assembly, file: Path, key_file: Path, out: Path, yes: bool, as_json: bool) -> None:
    """Check a request, and give your piece of the share.

    On a machine without a network. It proves that people asked, who and why, under the agreement that your own piece
    names; that nobody objected as far as the request shows; and, by this machine's clock, that the delay has passed.
    """
    screen = Screen(as_json=as_json)
    key = _read_key(key_file)
    proved = prove_request(read_file(file, REQUEST_BYTES_MAX, "a request"), key, assembly.clock.now())
    if not yes:
        screen.ask_about(*_pictures(proved))
        click.confirm(
            f"Have you called {proved.party} yourself, and give your piece to {proved.asking}?", abort=True, err=True
        )
    write_new(out, encode(proved.piece), mode=0o600)
    screen.show(
        {
            "file": str(out),
            "subject": proved.subject,
            "compartment": proved.compartment,
            "variant": proved.variant,
            "content": proved.content,
            "party": proved.party,
            "asking": proved.asking,
            "officer": proved.officer,
            "asked": {
                actor: {"at": asked.evidence.at, "reason": asked.reason} for actor, asked in proved.asked.items()
            },
            "as_of": proved.as_of,
        },
        line(f"wrote {out}: only the node of {proved.asking} can open it"),
    )


def _pictures(proved: ProvedRequest) -> list[RenderableType]:
    rows: list[tuple[str, object]] = [
        ("what", f"{proved.compartment} ({proved.variant}) of {proved.subject}"),
        ("silent, they say", proved.party),
        ("who wants it", proved.asking),
        ("evidence as of", moment_text(proved.as_of)),
    ]
    rows += [
        (actor, f"{moment_text(asked.evidence.at)}: {asked.reason}") for actor, asked in sorted(proved.asked.items())
    ]
    return [pairs(rows)]


def _read_key(path: Path) -> OfflineKey:
    text = read_file(path, _KEY_FILE_BYTES_MAX, "an officer's key").decode("ascii", "replace")
    secrets = [row.strip() for row in text.splitlines() if row.strip() and not row.startswith("#")]
    if len(secrets) != 1:
        raise InputInvalid(f"expected one age key in {path}, got {len(secrets)}")
    try:
        return OfflineKey(secrets[0])
    except KeyInvalid as error:
        raise InputInvalid(f"{path}: {error}") from None


@glass.command("new-key", epilog=example("safeconduct glass new-key --out officer.key"))
@click.option("--out", "out", type=FILE, metavar="FILE", required=True, help="The new key, for you alone.")
@json_option
def new_key(out: Path, as_json: bool) -> None:
    """Make an officer's key, on the machine where it stays.

    The file is one that age reads too. What is printed is written down on paper and kept as the file is; the recipient
    goes into the agreement.
    """
    key = OfflineKey.make()
    write_new(out, f"# public key: {key.recipient}\n{key.text}\n".encode(), mode=0o600)
    words = [key.text[at : at + 6] for at in range(0, len(key.text), 6)]
    Screen(as_json=as_json).show(
        {"file": str(out), "recipient": key.recipient, "words": words},
        pairs([("wrote", str(out)), ("for the agreement", key.recipient)]),
        line("to write down, and to keep where nobody else comes:"),
        *(line("  " + "  ".join(words[at : at + 4])) for at in range(0, len(words), 4)),
    )
