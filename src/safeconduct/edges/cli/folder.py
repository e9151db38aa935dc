"""A party's folder: what is in it, and a node opened from it without serving."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from safeconduct.core.agreement import PartyTerms
from safeconduct.core.sealing import SealingKey, SealingPublicKey
from safeconduct.edges.cli.profiles import read_node_keys, read_own_card
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import InputInvalid, SafeconductError, Unavailable
from safeconduct.node.node import Node
from safeconduct.node.ports import Peers


@contextmanager
def stopped_node(assembly: Assembly, folder: Path, passphrase_file: Path | None, peers: Peers) -> Iterator[Node]:
    """The node in a folder, for a command that works on it while it does not serve.

    Raises Unavailable while `safeconduct serve` has the folder.
    """
    card = read_own_card(folder)
    keys = read_node_keys(assembly, folder, passphrase_file)
    store = assembly.open_store(folder)
    try:
        yield Node(party=card.id, keys=keys, store=store, vault=NoVault(), peers=peers, clock=assembly.clock)
    finally:
        store.close()


class NoVault:
    """ports.Vault for work that opens nothing."""

    def make(self) -> SealingPublicKey:
        raise Unavailable("a sealing key is made by the node while it serves")

    def key(self, key_id: str) -> SealingKey | None:  # noqa: ARG002
        return None

    def secret(self, name: str) -> bytes:
        raise Unavailable(f"the secret {name[:20]} is made and used by the node while it serves")

    def destroy(self, key_id: str) -> None:
        raise Unavailable(f"sealing key {key_id[:16]} is destroyed by the node while it serves")

    def keep(self, digest: str, data: bytes) -> None:  # noqa: ARG002
        raise Unavailable(f"ciphertext {digest[:16]} is kept by the node while it serves")

    def kept(self, digest: str) -> bytes | None:  # noqa: ARG002
        return None

    def held(self) -> frozenset[str]:
        return frozenset()

    def forget(self, digest: str) -> None:
        raise Unavailable(f"ciphertext {digest[:16]} is forgotten by the node while it serves")


class NoPeers:
    """ports.Peers for work that meets nobody."""

    async def checkpoint(self, peer: str, log: str) -> bytes | None:
        raise _nobody(peer, log)

    async def entries(self, peer: str, log: str, n: int, width: int) -> list[bytes]:  # noqa: ARG002
        raise _nobody(peer, log)

    async def tile(self, peer: str, log: str, level: int, n: int, width: int) -> bytes:  # noqa: ARG002
        raise _nobody(peer, log)

    async def blob(self, peer: str, digest: str) -> bytes:
        raise _nobody(peer, digest)

    async def add_checkpoint(self, peer: str, body: bytes) -> tuple[int, bytes]:  # noqa: ARG002
        raise _nobody(peer, "its witness")

    async def give_receipt(self, peer: str, note: bytes) -> None:  # noqa: ARG002
        raise _nobody(peer, "our receipt")


def _nobody(peer: str, what: str) -> SafeconductError:
    return Unavailable(f"{peer} is not asked for {what[:40]} while the node does not serve")


def new_folder(folder: Path) -> None:
    """Make a folder that its owner alone may look into, or take an empty one.

    Raises InputInvalid if something is in it, Unavailable if it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if next(folder.iterdir(), None) is not None:
            raise InputInvalid(f"expected a new or empty folder, got {folder} with something in it")
        folder.chmod(0o700)
    except OSError as error:
        raise Unavailable(f"cannot make folder {folder}: {error.strerror}") from error


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[None]:
    """Take away again what was put into an empty folder if not everything could be."""
    try:
        yield
    except BaseException:
        for path in sorted(folder.rglob("*"), reverse=True):
            with suppress(OSError):
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        raise


def write_new(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """A new file, on the disk when this returns. Raises InputInvalid if it exists, Unavailable if the disk refuses."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
    except FileExistsError:
        raise InputInvalid(f"expected a new file, got {path}, which exists: it is not overwritten") from None
    except OSError as error:
        raise Unavailable(f"cannot write {path}: {error.strerror}") from error


def card_name(card: PartyTerms) -> str:
    """What a party calls itself, in English if it does."""
    names: Mapping[str, str] = card.name
    return names.get("en") or next(iter(names.values()), card.id)
