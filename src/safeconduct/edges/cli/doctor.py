"""Is this node well? Each check says what was found and, if it is not as it should be, what to do."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

import click
import httpx
import msgspec

from safeconduct.core.agreement import PartyTerms
from safeconduct.core.log import NOTE_BYTES_MAX, SignedCheckpoint, Tree, VerifierKey, leaf_hash, open_checkpoint
from safeconduct.core.statement import encode
from safeconduct.edges.cli.client import ANSWER_SECONDS_MAX, CONNECT_SECONDS_MAX, trust
from safeconduct.edges.cli.desk import dir_option, json_option, passphrase_option
from safeconduct.edges.cli.profiles import party_folder, read_node_keys, read_own_card
from safeconduct.edges.cli.program import FAILED, example
from safeconduct.edges.cli.screen import Screen, line, span_text, table
from safeconduct.edges.cli.seam import AUTHORITY_KEYS_FILE, Assembly
from safeconduct.errors import CheckFailed, InputInvalid, NotFound, SafeconductError, Unavailable
from safeconduct.node.commands import read_card
from safeconduct.node.forgetting import sealed_subjects, sealed_things
from safeconduct.node.limits import CLOCK_SKEW_MAX_MS
from safeconduct.node.memory import Memory
from safeconduct.node.node import known_texts
from safeconduct.node.ports import Store

# A day of 5,000 movements is some 100 MB; below this a node stops soon, and below the second one it may stop any hour.
DISK_WARN_BYTES = 2 * 1024**3
DISK_FAIL_BYTES = 200 * 1024**2
# The answer's date is in whole seconds and travels for a while.
CLOCK_WARN_MS = 5_000
# Entries at the end of each log whose bytes are hashed again; --deep takes all.
_ENTRIES_LOOKED_AT = 2_000
_LEAVES_AT_ONCE = 65_536


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at. remedy: what to do, empty if all is well."""

    what: str
    state: Literal["ok", "warn", "fail"]
    found: str
    remedy: str = ""


@click.command(epilog=example("safeconduct doctor --dir host", "safeconduct doctor --dir host --deep --json"))
@dir_option
@click.option("--deep", is_flag=True, help="Hash every stored entry again, not only the last ones of each log.")
@passphrase_option
@json_option
@click.pass_obj
def doctor(assembly: Assembly, directory: Path | None, deep: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Is this node well, and if not, what to do?

    Looks at the party's folder, keys, store, clock, disk, agreement and peers. The node may be running.
    """
    folder = party_folder(assembly, directory)
    checks = list(_checks(assembly, folder, passphrase_file, deep=deep))
    counts = {state: sum(check.state == state for check in checks) for state in ("ok", "warn", "fail")}
    Screen(as_json=as_json).show(
        {"checks": checks, **counts},
        table(("check", "", "found", "what to do"), ((c.what, c.state, c.found, c.remedy) for c in checks)),
        line(f"{counts['fail']} failed, {counts['warn']} to look at, {counts['ok']} ok"),
    )
    if counts["fail"]:
        raise click.exceptions.Exit(FAILED)


def _checks(assembly: Assembly, folder: Path, passphrase_file: Path | None, *, deep: bool) -> Iterator[Check]:
    card = read_own_card(folder)
    yield _folder_is_private(folder)
    yield _keys(assembly, folder, passphrase_file)
    yield _authority_is_elsewhere(folder)
    yield _disk(folder)
    try:
        store = assembly.look_into_store(folder)
    except SafeconductError as error:
        yield Check("store", "fail", str(error), "restore the folder from its backup")
        return
    try:
        yield _card_is_pinned(store, card)
        problems = assembly.check_store(folder)
        found = "; ".join(problems) or "its files are sound"
        yield Check("store", "fail" if problems else "ok", found, "restore from the backup" if problems else "")
        cards = {party: read_card(data) for party, data in sorted(store.cards().items())}
        for party in cards.values():
            yield _log(store, party, card.id, deep=deep)
        yield _agreement(store, cards)
        yield _sealed(store, cards, card.id, assembly.held_ciphertexts(folder))
        yield _forks(store)
        yield from _network(assembly, store, card, [c for c in cards.values() if c.id != card.id])
    finally:
        store.close()


# --- the folder -------------------------------------------------------------------------------------------------------


def _folder_is_private(folder: Path) -> Check:
    mode = folder.stat().st_mode & 0o777
    if mode & 0o077:
        return Check("folder", "warn", f"{folder} can be read by others (mode {mode:03o})", f"chmod 700 {folder}")
    return Check("folder", "ok", f"{folder}, for its owner alone")


def _keys(assembly: Assembly, folder: Path, passphrase_file: Path | None) -> Check:
    try:
        read_node_keys(assembly, folder, passphrase_file)
    except SafeconductError as error:
        return Check("node keys", "fail", str(error), "give the right passphrase, or restore the key file")
    return Check("node keys", "ok", "they open, and are those on the card")


def _authority_is_elsewhere(folder: Path) -> Check:
    if (folder / AUTHORITY_KEYS_FILE).exists():
        return Check(
            "authority key",
            "warn",
            f"{AUTHORITY_KEYS_FILE} lies beside the server's keys",
            "move it to a machine of its own: the server does not need it",
        )
    return Check("authority key", "ok", "it is kept elsewhere")


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    found = f"{free / 1024**3:.1f} GiB free"
    if free < DISK_FAIL_BYTES:
        return Check("disk", "fail", found, "free some space now: a full disk stops the node")
    if free < DISK_WARN_BYTES:
        return Check("disk", "warn", found, "free some space soon")
    return Check("disk", "ok", found)


def _card_is_pinned(store: Store, card: PartyTerms) -> Check:
    pinned = store.cards().get(card.id)
    if pinned != encode(card):
        return Check("card", "fail", "card.json is not the card that the store has", "restore both from one backup")
    return Check("card", "ok", f"party {card.id} at {card.node.url}")


# --- the store --------------------------------------------------------------------------------------------------------


def _log(store: Store, card: PartyTerms, own: str, *, deep: bool) -> Check:
    what = f"log of {card.id}"
    try:
        found = _read_log(store, card, deep=deep)
    except (CheckFailed, InputInvalid, Unavailable) as error:
        source = (
            "the backup" if card.id == own else f"it: move the store away, join again, and it is fetched from {card.id}"
        )
        return Check(what, "fail", str(error), f"restore {source}" if card.id == own else f"replace {source}")
    return Check(what, "ok", found)


def _read_log(store: Store, card: PartyTerms, *, deep: bool) -> str:
    note = store.checkpoint(card.id)
    if note is None:
        return "nothing yet"
    signed = open_checkpoint(note, VerifierKey.from_text(card.node.log))
    tree = Tree()
    for start in range(0, signed.size, _LEAVES_AT_ONCE):
        leaves = store.leaves(card.id, start, min(start + _LEAVES_AT_ONCE, signed.size))
        for tile in tree.append(leaves[at : at + 32] for at in range(0, len(leaves), 32)):
            if store.tile(card.id, tile.level, tile.n) != tile.hashes:
                raise CheckFailed(f"tile {tile.level}/{tile.n} of {card.id} is not the one of its entries")
    if (tree.size, tree.root()) != (signed.size, signed.root):
        raise CheckFailed(f"{tree.size} entries of {card.id} lead to another root than the one signed at {signed.size}")
    first = 0 if deep else max(0, signed.size - _ENTRIES_LOOKED_AT)
    for start in range(first, signed.size, _ENTRIES_LOOKED_AT):
        for row in store.rows(card.id, start, min(start + _ENTRIES_LOOKED_AT, signed.size)):
            if leaf_hash(row.entry) != row.leaf:
                raise CheckFailed(f"entry {row.index} of {card.id} is not the one that was hashed")
    return f"{signed.size} entries lead to the signed root, {signed.size - first} hashed again"


def _agreement(store: Store, cards: dict[str, PartyTerms]) -> Check:
    try:
        law = Memory(store, cards, known_texts(store)).law
    except SafeconductError as error:
        return Check("agreement", "fail", f"the record does not fold: {error}", "mend the logs first")
    digest = law.in_force()
    if digest is not None:
        return Check("agreement", "ok", f"in force: {digest[:16]}…")
    waiting = ", ".join(f"{v.digest[:16]}… signed by {', '.join(v.signed_by)}" for v in law.versions.values())
    return Check(
        "agreement",
        "warn",
        f"none in force; proposed: {waiting or 'none'}",
        "safeconduct agreement sign" if waiting else "safeconduct agreement propose",
    )


def _sealed(store: Store, cards: dict[str, PartyTerms], own: str, held: frozenset[str]) -> Check:
    """What is sealed, by the record, against what lies in the folder: forgotten is as it should be, lost is not."""
    try:
        memory = Memory(store, cards, known_texts(store))
        found_things = (thing for subject in sealed_subjects(store) for thing in sealed_things(memory, subject))
        things = [thing for thing in found_things if own in thing.kept_by]
    except SafeconductError as error:
        return Check("sealed", "fail", f"the record does not fold: {error}", "mend the logs first")
    live = [thing for thing in things if not thing.forgotten]
    here = [thing for thing in live if held.issuperset(thing.digests)]
    lost = [thing for thing in live if not held.issuperset(thing.digests) and own in thing.held_by]
    waiting = [thing for thing in things if thing.forgotten and not held.isdisjoint(thing.digests)]
    found = f"{len(here)} here, {len(things) - len(live) - len(waiting)} forgotten, {len(lost)} lost"
    not_yet = len(live) - len(here) - len(lost)
    found += f", {not_yet} not fetched yet" if not_yet else ""
    if lost:
        return Check("sealed", "fail", found, "what was lost is fetched from a peer when it is opened, or sealed again")
    if waiting:
        return Check(
            "sealed", "warn", f"{found}, {len(waiting)} to destroy", "start the node: it destroys them at once"
        )
    return Check("sealed", "ok", found)


def _forks(store: Store) -> Check:
    evidence = store.evidence()
    if evidence:
        origins = ", ".join(sorted({origin for origin, _, _ in evidence}))
        return Check("equivocation", "fail", f"two histories were signed: {origins}", "show the evidence to that party")
    return Check("equivocation", "ok", "no log's key is known to have signed two histories")


# --- the network ------------------------------------------------------------------------------------------------------


def _network(assembly: Assembly, store: Store, card: PartyTerms, peers: list[PartyTerms]) -> Iterator[Check]:
    client = httpx.Client(
        transport=assembly.transport,
        verify=trust(assembly),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
    )
    with client:
        try:
            _fetch(client, f"{card.node.url}/log/checkpoint")
            yield Check("node", "ok", f"it answers at {card.node.url}")
        except NotFound:
            yield Check("node", "ok", f"it answers at {card.node.url}, and has said nothing yet")
        except SafeconductError as error:
            yield Check("node", "warn", str(error), "start it: safeconduct serve; or is its address on the card wrong?")
        for peer in peers:
            yield from _peer(assembly, client, store, card, peer)
        if not peers:
            yield Check("peers", "warn", "no other party's card is pinned", "safeconduct join CARD")


def _peer(
    assembly: Assembly, client: httpx.Client, store: Store, card: PartyTerms, peer: PartyTerms
) -> Iterator[Check]:
    what = f"peer {peer.id}"
    try:
        note, ahead_ms = _fetch(client, f"{peer.node.url}/log/checkpoint", assembly)
        open_checkpoint(note, VerifierKey.from_text(peer.node.log))
    except NotFound:
        yield Check(what, "ok", f"it answers at {peer.node.url}, and has said nothing yet")
        return
    except Unavailable as error:
        yield Check(what, "warn", str(error), f"ask {peer.id}; until then, carry logs by hand: safeconduct log export")
        return
    except (InputInvalid, CheckFailed) as error:
        yield Check(what, "fail", str(error), f"call {peer.id}: what answers at {peer.node.url} is not its node")
        return
    yield Check(what, "ok", f"it answers at {peer.node.url} with its own signature")
    yield _clock(peer.id, ahead_ms)
    yield _own_log_at(client, store, card, peer)


def _clock(peer: str, ahead_ms: int | None) -> Check:
    what = f"clock against {peer}"
    if ahead_ms is None:
        return Check(what, "warn", "it does not tell the time", "compare the clocks by voice")
    found = f"{span_text(ahead_ms)} {'ahead of' if ahead_ms > 0 else 'behind'} this machine's"
    if abs(ahead_ms) > CLOCK_SKEW_MAX_MS:
        return Check(what, "fail", f"its clock is {found}", "set the clocks: statements of the future are not taken in")
    if abs(ahead_ms) > CLOCK_WARN_MS:
        return Check(what, "warn", f"its clock is {found}", "set the clocks, best by a time server")
    return Check(what, "ok", "the clocks agree")


def _own_log_at(client: httpx.Client, store: Store, card: PartyTerms, peer: PartyTerms) -> Check:
    what = f"our log at {peer.id}"
    key = VerifierKey.from_text(card.node.log)
    path = f"{peer.node.url}/mirror/{hashlib.sha256(key.name.encode()).hexdigest()}/checkpoint"
    try:
        theirs = open_checkpoint(_fetch(client, path)[0], key, [VerifierKey.from_text(peer.node.mirror)])
    except NotFound:
        return Check(what, "warn", f"{peer.id} has not cosigned it yet", f"has {peer.id} joined with our card?")
    except SafeconductError as error:
        return Check(what, "fail", str(error), f"call {peer.id}")
    size = store.size(card.id)
    if theirs.size > size:
        return Check(
            what,
            "fail",
            f"{peer.id} has {theirs.size} entries, here are {size}: this disk is older",
            f"stop the node, then safeconduct log recover {peer.id}",
        )
    if not _is_ours(store, card.id, theirs):
        return Check(
            what,
            "fail",
            f"{peer.id} holds a signed checkpoint of {theirs.size} entries that this log does not continue",
            "stop the node and find out where else its keys are in use",
        )
    behind = size - theirs.size
    if behind:
        return Check(what, "warn", f"{peer.id} has {theirs.size} of {size} entries", "wait; look again in a minute")
    return Check(what, "ok", f"{peer.id} has cosigned all {size} entries")


def _is_ours(store: Store, party: str, theirs: SignedCheckpoint) -> bool:
    tree = Tree()
    for start in range(0, theirs.size, _LEAVES_AT_ONCE):
        leaves = store.leaves(party, start, min(start + _LEAVES_AT_ONCE, theirs.size))
        tree.append(leaves[at : at + 32] for at in range(0, len(leaves), 32))
    return tree.root() == theirs.root


def _fetch(client: httpx.Client, url: str, assembly: Assembly | None = None) -> tuple[bytes, int | None]:
    """A public file of a node, and how far ahead of ours its clock is, in ms."""
    try:
        with client.stream("GET", url) as response:
            if response.status_code == httpx.codes.NOT_FOUND:
                raise NotFound(f"nothing at {url}")
            if response.status_code != httpx.codes.OK:
                raise Unavailable(f"expected a node's answer at {url}, got status {response.status_code}")
            data = b""
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > NOTE_BYTES_MAX:
                    raise InputInvalid(f"expected at most {NOTE_BYTES_MAX} bytes at {url}, got more")
            return data, _ahead(response.headers.get("date"), assembly)
    except httpx.HTTPError as error:
        raise Unavailable(f"{url} cannot be reached: {str(error) or type(error).__name__}") from None


def _ahead(date: str | None, assembly: Assembly | None) -> int | None:
    if date is None or assembly is None:
        return None
    try:
        theirs = round(parsedate_to_datetime(date).timestamp() * 1000)
    except ValueError:
        return None
    ahead = theirs - assembly.clock.now()
    # Whole seconds, cut off: within one it may be the same time.
    return 0 if -1000 < ahead <= 0 else ahead
