"""What the command line needs of the other edges. `main.py` fills it in; here nobody imports them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import click
import httpx

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import PartyTerms, Terms
from safeconduct.core.identity import SigningKey
from safeconduct.node.compliance import CompliancePage
from safeconduct.node.dossiers import PersonPage
from safeconduct.node.ports import Clock, Peers, Store

# Files of a party's folder; the store keeps its own names beside them.
CARD_FILE = "card.json"
NODE_KEYS_FILE = "node.keys"
AUTHORITY_KEYS_FILE = "authority.keys"

# Names of the seeds in those files.
NODE_KEY_NAMES = ("node", "log", "witness", "mirror")
AUTHORITY_KEY_NAME = "authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says, for whoever does not want to type it.

    directory (SAFECONDUCT_DIR): the party's folder. profile (SAFECONDUCT_PROFILE): an actor's folder. passphrase
    (SAFECONDUCT_PASSPHRASE): of the key file that a command opens. tls_authority (SAFECONDUCT_TLS_AUTHORITY): PEM file
    with the certificates that vouch for nodes' ones, beside those that this machine trusts anyway.
    """

    directory: Path | None = None
    profile: Path | None = None
    passphrase: str | None = None
    tls_authority: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How to serve a party's folder.

    passphrase: of the node's keys. host, port: where to listen. certificate, certificate_key: PEM files; plain HTTP
    without them, for a proxy in front. also_as: further URLs under which people and peers ask, such as a second name of
    the proxy. peer_authority: PEM file with certificates that vouch for peers, beside those that this machine trusts.
    replay_clock: file with the offset of a past day that is played again.
    """

    directory: Path
    passphrase: str
    host: str
    port: int
    certificate: Path | None = None
    certificate_key: Path | None = None
    also_as: tuple[str, ...] = ()
    peer_authority: Path | None = None
    replay_clock: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedLog:
    """A log in a folder, as somebody carried it here; nothing about it is verified.

    checkpoint: its bytes. origin, size: what they say. entries, tile: by number and width. chunks: all entries in
    order. Reading raises InputInvalid for a file that is missing or malformed.
    """

    checkpoint: bytes
    origin: str
    size: int
    entries: Callable[[int, int], list[bytes]]
    tile: Callable[[int, int, int], bytes]
    chunks: Callable[[], Iterator[list[bytes]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """How papers are made: each in a language, as `html` or `pdf`, the file's bytes.

    agreement: of the terms. compliance, meeting: of a node's page with every agreement that it names by its digest.
    disclosure: of the terms and the times of a plan, with the movement's id or an empty text; as `html` alone.
    person: of what is held about one, with the name and the papers if they were opened, how many boxes lie in a folder,
    and the terms in force; as `html` alone.
    Raises InputInvalid for a language that the texts are not in, Unavailable where a font is missing.
    """

    agreement: Callable[[Terms, str, str], bytes]
    compliance: Callable[[CompliancePage, Mapping[str, Terms], str, str], bytes]
    meeting: Callable[[CompliancePage, Mapping[str, Terms], str, str], bytes]
    disclosure: Callable[[Terms, Timing, str, str], bytes]
    person: Callable[[PersonPage, Sequence[str], int, Terms, str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """The rest of the program as a few functions.

    serve: runs a node until it is told to stop.
    open_store: the store in a party's folder, for writing; raises Unavailable while another process has it.
    look_into_store: the same for reading, beside a node that runs.
    check_store: what is wrong with the files of a folder, for people; empty if nothing.
    held_ciphertexts: digests of what is sealed in a party's folder.
    read_keys, write_keys: an encrypted key file as name → 32-byte seed, with its passphrase; reading raises NotAllowed
    for a wrong one, writing refuses to replace a file.
    export_log, read_log: a log as a folder of files, in the layout of c2sp.org/tlog-tiles.
    sign_request: adds an actor's signature (RFC 9421) to a request that is otherwise ready.
    open_peers: how a node reaches the others: its own party and node key, and every card by party.
    randomness: that many unpredictable bytes. press: papers for people.
    replaying: the same program on a past day: with the clock that `serve` has with this file as `replay_clock`.
    more: commands of other makers. transport: how requests travel, None for the network.
    """

    settings: Settings
    clock: Clock
    randomness: Callable[[int], bytes]
    serve: Callable[[ServeOptions], None]
    open_store: Callable[[Path], Store]
    look_into_store: Callable[[Path], Store]
    check_store: Callable[[Path], Sequence[str]]
    held_ciphertexts: Callable[[Path], frozenset[str]]
    read_keys: Callable[[Path, str], Mapping[str, bytes]]
    write_keys: Callable[[Path, Mapping[str, bytes], str], None]
    export_log: Callable[[Store, str, Path], int]
    read_log: Callable[[Path], ExportedLog]
    sign_request: Callable[[httpx.Request, str, SigningKey], None]
    open_peers: Callable[[str, SigningKey, Mapping[str, PartyTerms]], AbstractAsyncContextManager[Peers]]
    press: Press
    replaying: Callable[[Path], Assembly] | None = None
    more: Sequence[click.Command] = ()
    transport: httpx.BaseTransport | None = None
