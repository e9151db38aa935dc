"""The private parts of the node's sealing keys, what is sealed to them, and the node's other secrets.

Each is a file of its own, to be destroyed by itself.

A row of a database leaves copies in its journal. A file that is overwritten where it lies does not, on a file system
that writes in place (docs/guide/operators.md names those that do not).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeconduct.core.sealing import (
    BOX_KEY_BYTES,
    NONCE_BYTES,
    SEALING_KEY_BYTES,
    SealingKey,
    SealingPublicKey,
    open_box,
    seal_box,
)
from safeconduct.edges.storage.durable import sync_folder
from safeconduct.errors import CheckFailed, InputInvalid, Unavailable

_NAME = re.compile(r"[0-9a-f]{64}")
_SECRET_NAME = re.compile(r"[a-z]{1,20}")
_INFO = b"safeconduct/vault/v1"
# Ciphertexts lie beside the keys, and like them in no backup.
_CIPHERTEXTS = "sealed"


class FileVault:
    """ports.Vault in a folder of its own. Each file is a box under a key derived from the node's own secret seed."""

    def __init__(self, folder: Path, node_seed: bytes) -> None:
        self._folder = folder
        self._key = HKDF(SHA256(), BOX_KEY_BYTES, salt=None, info=_INFO).derive(node_seed)

    def make(self) -> SealingPublicKey:
        """As ports.Vault."""
        seed = secrets.token_bytes(SEALING_KEY_BYTES)
        public = SealingKey.from_seed(seed).public
        self._keep(public.key_id, seed, _label(public.key_id))
        return public

    def secret(self, name: str) -> bytes:
        """As ports.Vault. Raises InputInvalid for a damaged file: another secret in its place would go unnoticed."""
        if not _SECRET_NAME.fullmatch(name):
            raise InputInvalid(f"expected a name of 1 to 20 lower-case letters, got {name[:30]!r}")
        label = f"secret/{name}"
        try:
            box = (self._folder / f"secret-{name}").read_bytes()
        except FileNotFoundError:
            made = secrets.token_bytes(SEALING_KEY_BYTES)
            self._keep(f"secret-{name}", made, label)
            return made
        except OSError as error:
            raise Unavailable(f"cannot read the secret {name}: {error.strerror}") from error
        try:
            return open_box(box, label, self._key)
        except (CheckFailed, InputInvalid):
            raise InputInvalid(f"expected the secret {name} as this node wrote it, got a damaged file") from None

    def _keep(self, name: str, data: bytes, label: str) -> None:
        box = seal_box(data, label, self._key, secrets.token_bytes(NONCE_BYTES))
        path = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(box)
                file.flush()
                os.fsync(handle)
        except OSError as error:
            with suppress(OSError):
                path.unlink()
            raise Unavailable(f"cannot write a sealing key in {self._folder}: {error.strerror}") from error
        sync_folder(self._folder)

    def key(self, key_id: str) -> SealingKey | None:
        """As ports.Vault. A damaged file is no key."""
        if not _NAME.fullmatch(key_id):
            return None
        try:
            box = (self._folder / key_id).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"cannot read sealing key {key_id[:16]}: {error.strerror}") from error
        try:
            return SealingKey.from_seed(open_box(box, _label(key_id), self._key))
        except (CheckFailed, InputInvalid):
            return None

    def destroy(self, key_id: str) -> None:
        """As ports.Vault: its bytes are overwritten where they lie, and then its name goes."""
        if not _NAME.fullmatch(key_id):
            return
        _destroy(self._folder / key_id, f"sealing key {key_id[:16]}")

    def keep(self, digest: str, data: bytes) -> None:
        """As ports.Vault. What a crash left unfinished under that name is written over, where it lies."""
        path = self._ciphertext(digest)
        try:
            for folder in (self._folder, path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.truncate()
                file.flush()
                os.fsync(handle)
        except OSError as error:
            raise Unavailable(f"cannot write a ciphertext in {path.parent}: {error.strerror}") from error
        sync_folder(path.parent)

    def kept(self, digest: str) -> bytes | None:
        """As ports.Vault."""
        if not _NAME.fullmatch(digest):
            return None
        try:
            data = self._ciphertext(digest).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"cannot read ciphertext {digest[:16]}: {error.strerror}") from error
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def held(self) -> frozenset[str]:
        """As ports.Vault."""
        return held_ciphertexts(self._folder)

    def forget(self, digest: str) -> None:
        """As ports.Vault."""
        if _NAME.fullmatch(digest):
            _destroy(self._ciphertext(digest), f"ciphertext {digest[:16]}")

    def _ciphertext(self, digest: str) -> Path:
        return self._folder / _CIPHERTEXTS / digest


def held_ciphertexts(folder: Path) -> frozenset[str]:
    """The digests of the ciphertexts in a vault's folder, which may be another process's. Raises Unavailable."""
    try:
        return frozenset(path.name for path in (folder / _CIPHERTEXTS).iterdir() if _NAME.fullmatch(path.name))
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise Unavailable(f"cannot read {folder / _CIPHERTEXTS}: {error.strerror}") from error


def _destroy(path: Path, what: str) -> None:
    """Write over a file where it lies, then take its name away; nothing if it is not there."""
    try:
        # INVARIANT (in place): neither truncated nor replaced, or the old blocks would stay on the disk.
        handle = os.open(path, os.O_WRONLY)
        try:
            os.pwrite(handle, secrets.token_bytes(os.fstat(handle).st_size), 0)
            os.fsync(handle)
        finally:
            os.close(handle)
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise Unavailable(f"cannot destroy {what}: {error.strerror}") from error
    sync_folder(path.parent)


def _label(key_id: str) -> str:
    return f"sealing/{key_id}"
