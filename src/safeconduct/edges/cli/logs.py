"""Logs: looking, checking, carrying by hand, and taking back what a restored node has lost."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.agreement import PartyTerms
from safeconduct.core.log import Tree, VerifierKey, leaf_hash, open_checkpoint, tiles_of
from safeconduct.core.record import Anchor, KeyBook
from safeconduct.core.statement import Statement
from safeconduct.edges.cli.desk import Desk, dir_option, json_option, passphrase_option, speaks
from safeconduct.edges.cli.folder import NoPeers, stopped_node
from safeconduct.edges.cli.inputs import FILE, FOLDER, PARTY, whole
from safeconduct.edges.cli.profiles import party_folder, read_card_file, read_own_card
from safeconduct.edges.cli.program import FAILED, Commands, example
from safeconduct.edges.cli.screen import Screen, line, moment_text, pairs, table
from safeconduct.edges.cli.seam import Assembly
from safeconduct.edges.cli.stick import FolderPeers, Stick, write_stick
from safeconduct.errors import CheckFailed, InputInvalid, NotAllowed
from safeconduct.node import mirror, offering, sync
from safeconduct.node.append import write_forever
from safeconduct.node.commands import read_card
from safeconduct.node.node import Node
from safeconduct.node.ports import Store
from safeconduct.node.queries import LogPage
from safeconduct.node.recover import Recovered, recover

# So many problems tell that a folder is worthless; the rest would say it again.
_PROBLEMS_SHOWN_MAX = 100


@click.group(cls=Commands)
def log() -> None:
    """Logs: look, check, carry by hand."""


# --- looking ----------------------------------------------------------------------------------------------------------


class Entry(msgspec.Struct, frozen=True):
    """An entry of a log as the API answers. payload: the statement, None if the entry is void, or hidden from us."""

    party: str
    index: int
    t: int | None
    id: str
    kind: str
    subject: str
    void: str
    payload: Statement | None
    hidden: bool = False


@log.command(epilog=example("safeconduct log show", "safeconduct log show sending --start 100 --limit 50"))
@click.argument("party", type=PARTY, required=False)
@click.option("--start", type=whole(0, 2**53 - 1), help="First entry to show; the last ones if left out.")
@click.option("--limit", type=whole(1, 500), default=50, show_default=True, help="At most so many.")
@speaks
def show(desk: Desk, party: str | None, start: int | None, limit: int) -> None:
    """Every log held here, or the entries of one."""
    pages = desk.client.get("/v1/logs", tuple[LogPage, ...])
    if party is None:
        desk.show(pages, _logs_picture(pages))
        return
    size = next((page.size for page in pages if page.party == party), 0)
    first = start if start is not None else max(0, size - limit)
    entries = desk.client.get(f"/v1/entries/{party}", tuple[Entry, ...], start=first, limit=limit)
    rows = (
        (e.index, moment_text(e.t), e.payload.actor if e.payload else "", _kind(e), e.subject or e.void)
        for e in entries
    )
    desk.show(entries, table(("entry", "at", "by", "what", "about"), rows, title=f"log of {party}, {size} entries"))


def _kind(entry: Entry) -> str:
    return "not shown to you" if entry.hidden else entry.kind or "void"


def _logs_picture(pages: tuple[LogPage, ...]) -> RenderableType:
    rows = (
        (
            page.party,
            page.size,
            page.void_entries,
            [f"{by}: {given[0]}" for by, given in page.receipts.items() if given is not None],
            moment_text(page.reached_at),
            "two histories signed" if page.forked else page.problem,
        )
        for page in pages
    )
    return table(("log of", "entries", "void", "receipts by", "reached at", "problem"), rows, title="logs")


# --- carrying by hand -------------------------------------------------------------------------------------------------


@log.command(epilog=example("safeconduct log export host stick/host --dir host"))
@click.argument("party", type=PARTY)
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@dir_option
@json_option
@click.pass_obj
def export(assembly: Assembly, party: str, folder: Path, directory: Path | None, as_json: bool) -> None:
    """Write a whole log to a new folder.

    For another party or an auditor. The node may be running.
    """
    store = assembly.look_into_store(party_folder(assembly, directory))
    try:
        card = _pinned(store, party)
        size = write_stick(assembly, store, card, folder)
    finally:
        store.close()
    Screen(as_json=as_json).show(
        {"party": party, "size": size, "folder": str(folder)},
        line(f"exported the log of {party}, {size} entries, to {folder}"),
    )


def _pinned(store: Store, party: str) -> PartyTerms:
    cards = store.cards()
    if party not in cards:
        raise InputInvalid(f"expected a party whose card is pinned here ({', '.join(sorted(cards))}), got {party}")
    return read_card(cards[party])


@log.command("import", epilog=example("safeconduct log import stick/host --dir sending"))
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@dir_option
@passphrase_option
@json_option
@click.pass_obj
def import_(
    assembly: Assembly, folder: Path, directory: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Take in a log that somebody carried here.

    As if it had come by the network; the node must not be running. It is verified, stored, folded and cosigned. The
    receipt for it goes back with the next export of this party's log.
    """
    own = party_folder(assembly, directory)
    stick = Stick(assembly, folder)
    party = _party_of(assembly, own, stick)
    with stopped_node(assembly, own, passphrase_file, FolderPeers(party, stick)) as node:
        before = node.memory.heads[party].size
        asyncio.run(_import(node, party, stick))
        size = node.memory.heads[party].size
        problem = node.statuses[party].problem
    if problem is not None:
        raise CheckFailed(problem)
    Screen(as_json=as_json).show(
        {"party": party, "size": size, "entries": size - before},
        line(f"took in {size - before} entries of {party}; its log has {size} here now"),
        line(f"next: carry the receipt back with safeconduct log export {read_own_card(own).id}"),
    )


def _party_of(assembly: Assembly, own: Path, stick: Stick) -> str:
    """Whose log it is: the pinned card with this origin says so, not the folder."""
    store = assembly.look_into_store(own)
    try:
        cards = [read_card(card) for card in store.cards().values()]
    finally:
        store.close()
    for card in cards:
        if VerifierKey.from_text(card.node.log).name == stick.log.origin:
            if card.id == read_own_card(own).id:
                raise NotAllowed(f"expected another party's log in {stick.folder}, got our own")
            return card.id
    raise NotAllowed(f"expected the log of a party whose card is pinned here, got {stick.log.origin}: join it first")


async def _import(node: Node, party: str, stick: Stick) -> None:
    # What the other side has cosigned of our log comes first: if this disk is older, nothing may be signed.
    await offering.compare(node, party)
    receipt = stick.receipt(node.party)
    if receipt is not None:
        await offering.take_receipt(node, party, receipt)
    try:
        await mirror.pull(node, party)
    except InputInvalid:
        # A stick is older than the network's news all the time; that is no fault unless it tells another history.
        if stick.log.size >= node.memory.heads[party].size or node.statuses[party].forked:
            raise
    writing = asyncio.create_task(write_forever(node))
    try:
        await sync.say_receipts(node)
    finally:
        writing.cancel()


# --- checking ---------------------------------------------------------------------------------------------------------


@log.command(epilog=example("safeconduct log verify stick/host", "safeconduct log verify stick/host --card host.json"))
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@click.option("--card", type=FILE, metavar="FILE", help="The party's card as you know it; else the one in the folder.")
@json_option
@click.pass_obj
def verify(assembly: Assembly, folder: Path, card: Path | None, as_json: bool) -> None:
    """Check an exported log.

    Every hash, tile and signature in it, without any node or network.
    """
    stick = Stick(assembly, folder)
    known = read_card_file(card) if card is not None else stick.card()
    checked = verify_stick(stick, known)
    pictures = [
        pairs(
            [
                ("log of", known.id),
                ("entries", stick.log.size),
                ("root", checked.root),
                ("card", "given by you" if card is not None else "from the folder itself: compare its fingerprint"),
            ]
        ),
        *(line(problem, "bold") for problem in checked.problems),
        line("everything verifies" if not checked.problems else f"{len(checked.problems)} problems"),
    ]
    Screen(as_json=as_json).show(checked, *pictures)
    if checked.problems:
        raise click.exceptions.Exit(FAILED)


class Verified(msgspec.Struct, frozen=True):
    """What was found in an exported log. void: entries that are no valid statements."""

    party: str
    size: int
    root: str
    void: tuple[int, ...]
    problems: tuple[str, ...]


def verify_stick(stick: Stick, card: PartyTerms) -> Verified:
    """Check all of an exported log under its party's card. Raises nothing for what is wrong in it: it is listed."""
    tree = Tree()
    tiles: dict[tuple[int, int], bytes] = {}
    void: list[int] = []
    problems: list[str] = []
    root = ""
    try:
        signed = open_checkpoint(stick.log.checkpoint, VerifierKey.from_text(card.node.log))
        root = base64.b64encode(signed.root).decode()
        book = KeyBook(card.id, Anchor.of(card))
        for chunk in stick.log.chunks():
            for place, entry in enumerate(chunk, tree.size):
                void += _void(book, entry, place, problems)
            tiles.update({(tile.level, tile.n): tile.hashes for tile in tree.append(map(leaf_hash, chunk))})
        if tree.root() != signed.root:
            problems.append(f"the entries lead to root {tree.root().hex()}, signed is {signed.root.hex()}")
        tiles.update({(tile.level, tile.n): tile.hashes for tile in tree.edge()})
        problems += (
            f"tile {name.level}/{name.n} is not the one of these entries"
            for name in tiles_of(stick.log.size)
            if stick.log.tile(*name) != tiles.get((name.level, name.n))
        )
    except (InputInvalid, CheckFailed) as error:
        problems.append(str(error))
    return Verified(card.id, stick.log.size, root, tuple(void), tuple(problems[:_PROBLEMS_SHOWN_MAX]))


def _void(book: KeyBook, entry: bytes, index: int, problems: list[str]) -> list[int]:
    """The index of an entry that is no valid statement; its keys are learned if it is one."""
    try:
        book.learn(*book.read(entry))
    except (InputInvalid, CheckFailed) as error:
        problems.append(f"entry {index} is void: {error}")
        return [index]
    return []


# --- after a restore --------------------------------------------------------------------------------------------------


@log.command("recover", epilog=example("safeconduct log recover sending --dir host"))
@click.argument("peer", metavar="PARTY", type=PARTY)
@dir_option
@passphrase_option
@json_option
@click.pass_obj
def recover_(
    assembly: Assembly, peer: str, directory: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Take back own entries after a restore.

    A peer has them in its mirror of our log; the node must not be running. Only entries under our own log's signature
    are taken. What no peer had received before the loss stays lost.
    """
    folder = party_folder(assembly, directory)
    with stopped_node(assembly, folder, passphrase_file, NoPeers()) as node:
        recovered = asyncio.run(_recover(assembly, node, peer))
    others = ", ".join(f"{count} of {party}" for party, count in recovered.others.items())
    Screen(as_json=as_json).show(
        recovered,
        line(f"took back {recovered.entries} entries of our own log, which has {recovered.size} now"),
        *([line(f"and entries of other logs: {others}")] if others else []),
    )


async def _recover(assembly: Assembly, node: Node, peer: str) -> Recovered:
    async with assembly.open_peers(node.party, node.keys.node, node.cards) as peers:
        node.peers = peers
        return await recover(node, peer)
