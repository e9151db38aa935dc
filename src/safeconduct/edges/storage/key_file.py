"""The private keys of a node or of a person, in one file under a passphrase (docs/decisions/0005).

The file is an age file (age-encryption.org/v1) with scrypt: `age -d` opens it without us. Inside is canonical JSON,
`{"format":"safeconduct-keys/1","keys":{name: base64 of 32 secret bytes}}`.
"""

from __future__ import annotations

import base64
import binascii
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pyrage  # type: ignore[import-untyped]

from safeconduct.core.statement import encode
from safeconduct.edges.storage.durable import sync_folder, write_whole
from safeconduct.errors import InputInvalid, NotAllowed, NotFound, Unavailable

KEYS_FORMAT = "safeconduct-keys/1"
SEED_BYTES = 32

# A node has five keys and a person one or two; each takes some 80 bytes.
KEYS_MAX = 64
KEY_FILE_BYTES_MAX = 64 * 1024

_AGE_HEAD = b"age-encryption.org/"


class Seeds(dict[str, bytes]):
    """Secret seeds by name. Prints the names alone, so that no log and no traceback shows a secret."""

    def __repr__(self) -> str:
        return f"Seeds({', '.join(sorted(self))})"

    __str__ = __repr__


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    keys: dict[str, str]


_content_decoder = msgspec.json.Decoder(_Content)


def write_keys(path: Path, seeds: Mapping[str, bytes], passphrase: str) -> None:
    """Write a new key file, readable by its owner only. Takes about a second, on purpose.

    Raises InputInvalid if the file exists (a key that is overwritten is lost), if the passphrase is empty, or if a seed
    has not 32 bytes; Unavailable if the disk refuses.
    """
    if not passphrase:
        raise InputInvalid("a key file has a passphrase, got an empty one")
    if not 1 <= len(seeds) <= KEYS_MAX:
        raise InputInvalid(f"a key file has 1 to {KEYS_MAX} keys, got {len(seeds)}")
    for name, seed in seeds.items():
        if len(seed) != SEED_BYTES:
            raise InputInvalid(f"the seed of key {name} has {SEED_BYTES} bytes, got {len(seed)}")
    texts = {name: base64.b64encode(seed).decode() for name, seed in seeds.items()}
    content = encode(_Content(format=KEYS_FORMAT, keys=texts))
    # The name is taken first, with an empty file that then becomes the whole one in one step: never over another file,
    # and also where a file cannot have two names, as on most memory sticks.
    _take_name(path)
    try:
        write_whole(path, pyrage.passphrase.encrypt(content, _normal(passphrase)), mode=0o600)
        sync_folder(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def read_keys(path: Path, passphrase: str) -> Seeds:
    """Open a key file. Takes about a second, on purpose.

    Raises NotFound if it does not exist, NotAllowed for a wrong passphrase, InputInvalid if it is damaged or another
    kind of file, Unavailable if the disk refuses or the file was made for a far faster machine.
    """
    data = _read(path)
    if not data.startswith(_AGE_HEAD):
        raise InputInvalid(f"{path} is no key file: expected an age file, got {len(data)} other bytes")
    try:
        content = pyrage.passphrase.decrypt(data, _normal(passphrase))
    except pyrage.DecryptError as error:
        raise _explained(path, str(error)) from None
    return _seeds(path, content)


def _explained(path: Path, reason: str) -> Exception:
    """The library tells its errors apart by text only; the tests hold each of these texts."""
    if reason == "Decryption failed":
        return NotAllowed(f"wrong passphrase for {path}")
    if reason.startswith("Excessive work"):
        return Unavailable(f"{path} was made on a far faster machine: open it there, or with age on this one")
    if reason == "No matching keys found":
        return InputInvalid(f"{path} is no key file: it is an age file without a passphrase")
    return InputInvalid(f"{path} is damaged or was cut off: restore it from its copy")


def _seeds(path: Path, content: bytes) -> Seeds:
    # INVARIANT (no-secret-out): no error below quotes what was read.
    try:
        read = _content_decoder.decode(content)
        seeds = Seeds({name: base64.b64decode(text, validate=True) for name, text in read.keys.items()})
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise InputInvalid(f"{path} is an age file, but holds no keys of ours") from None
    if read.format != KEYS_FORMAT:
        raise InputInvalid(f"{path} holds keys in another format than {KEYS_FORMAT}: use the version that wrote it")
    if any(len(seed) != SEED_BYTES for seed in seeds.values()):
        raise InputInvalid(f"{path} holds a key that has not {SEED_BYTES} bytes")
    return seeds


def _normal(passphrase: str) -> str:
    """One spelling of what looks the same: keyboards differ in whether é is one character or two."""
    return unicodedata.normalize("NFC", passphrase)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(KEY_FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        raise NotFound(f"no key file at {path}") from None
    except OSError as error:
        raise Unavailable(f"cannot read {path}: {error.strerror}") from error
    if len(data) > KEY_FILE_BYTES_MAX:
        raise InputInvalid(f"{path} is no key file: it has more than {KEY_FILE_BYTES_MAX} bytes")
    return data


def _take_name(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise InputInvalid(f"{path} exists: a key file is never overwritten, choose another name") from None
    except OSError as error:
        raise Unavailable(f"cannot write {path}: {error.strerror}") from error
