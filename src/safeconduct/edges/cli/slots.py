"""Slot lists: the harmless details of an order that may differ by recipient, signed by a signer of each party."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import Slot, SlotList, SlotsProposed, SlotsSigned
from safeconduct.edges.cli.copies import lists_of
from safeconduct.edges.cli.desk import Desk, check_option, speaks, yes_option
from safeconduct.edges.cli.inputs import DIGEST, FILE, read_file
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import line, pairs, table
from safeconduct.errors import InputInvalid, NotFound
from safeconduct.node.copies import ListView

# What a statement may have.
_FILE_BYTES_MAX = 40_000


@click.group(cls=Commands)
def slots() -> None:
    """Details of an order that differ by recipient.

    A list says which, with their values and how people say them. Only a list that a safety signer of each of its
    parties has signed can be used. Nothing that somebody's safety depends on, or that people must agree on to meet.
    """


@slots.command(
    "propose",
    epilog=example(
        "safeconduct slots propose slots.json --check --profile duty",
        "safeconduct slots propose slots.json --profile duty",
    ),
)
@click.argument("file", metavar="FILE", type=FILE)
@yes_option
@check_option
@speaks
def propose(desk: Desk, file: Path, yes: bool, check: bool) -> None:
    """Put a slot list forward, and sign it for your party. FILE is JSON."""
    listed = _read(file)
    if not (yes or check):
        desk.screen.ask_about(*_picture(listed))
        click.confirm("Is every one of these details harmless, whatever value somebody gets?", abort=True, err=True)
    desk.say("slots", SlotsProposed(list=listed), check=check)


@slots.command("sign", epilog=example("safeconduct slots sign 3b1f… --profile alice"))
@click.argument("digest", metavar="DIGEST", type=DIGEST)
@yes_option
@check_option
@speaks
def sign(desk: Desk, digest: str, yes: bool, check: bool) -> None:
    """Sign a slot list for your party, as its safety signer."""
    view = next((view for view in lists_of(desk) if view.digest == digest), None)
    if view is None or view.list.digest != digest:
        raise NotFound(f"no slot list {digest[:16]} here")
    if not (yes or check):
        desk.screen.ask_about(*_picture(view.list))
        click.confirm("Is every one of these details harmless, whatever value somebody gets?", abort=True, err=True)
    desk.say("slots", SlotsSigned(slots=digest), check=check)


@slots.command("show", epilog=example("safeconduct slots show --profile alice"))
@speaks
def show(desk: Desk) -> None:
    """Every slot list that was put forward, and who has signed it."""
    views = lists_of(desk)
    desk.show(
        views, *(picture for view in views for picture in _view(view)), *([] if views else [line("slot lists: none")])
    )


def _view(view: ListView) -> list[RenderableType]:
    standing = "all have signed: it can be used" if view.usable else f"signed by {', '.join(view.signed_by)} so far"
    return [pairs([("slot list", view.digest), ("stands", standing)]), *_picture(view.list)]


def _picture(listed: SlotList) -> list[RenderableType]:
    rows = ((f"{{{slot.id}}}", slot.party, len(slot.values), _said(slot)) for slot in listed.slots)
    signers = ", ".join(f"{role} of {party}" for party, role in sorted(listed.signers.items()))
    return [table(("slot", "in the hand of", "values", "said as"), rows), line(f"signed by: {signers}")]


def _said(slot: Slot) -> list[str]:
    return [" / ".join(value.said[language][:2]) for value in slot.values for language in sorted(value.said)]


def _read(file: Path) -> SlotList:
    data = read_file(file, _FILE_BYTES_MAX, "a slot list")
    try:
        return msgspec.json.decode(data, type=SlotList)
    except msgspec.MsgspecError as error:
        raise InputInvalid(f"expected a slot list at {file}, got {error}") from None
    except InputInvalid as error:
        raise InputInvalid(f"{file}: expected {error}") from None
