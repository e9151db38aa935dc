"""The name behind a pseudonym: kept in one actor's folder, encrypted, and nowhere else (docs/spec/sealing.md SEAL-5).

Folder `dossiers/<person>/<commitment>.box`: one file for each time the person was registered, because the record keeps
every commitment and any of them may have to be opened one day.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import click
import msgspec

from safeconduct.core.acts import Name
from safeconduct.core.sealing import NONCE_BYTES, check_commitment, open_box, seal_box
from safeconduct.core.statement import encode
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import read_file
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import InputInvalid, NotFound, Unavailable

DOMAIN = "dossier"
_FOLDER = "dossiers"
# A name and twenty papers take some 4 KiB.
_FILE_BYTES_MAX = 64 * 1024


class Dossier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who a person is. papers: passport, visa, permit… as people write them."""

    name: Name
    papers: Annotated[tuple[Name, ...], msgspec.Meta(max_length=20)] = ()

    def encode(self) -> bytes:
        """What is committed to: canonical JSON."""
        return encode(self)


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in a box: the dossier's canonical JSON and the salt, in base64 as msgspec writes bytes."""

    data: bytes
    salt: bytes


def read_dossier(file: Path | None) -> Dossier:
    """From a file, or typed. A name is never an argument: other users of a machine see those."""
    if file is None:
        return _typed_dossier()
    data = read_file(file, _FILE_BYTES_MAX, "a dossier")
    try:
        return msgspec.json.decode(data, type=Dossier)
    except msgspec.MsgspecError as error:
        # Where it is wrong, never what stands there.
        raise InputInvalid(f'expected a dossier {{"name": …, "papers": […]}} at {file}, got {error}') from None


def _typed_dossier() -> Dossier:
    if not sys.stdin.isatty():
        raise InputInvalid("expected a dossier by --dossier or at a terminal, got neither")
    name = click.prompt("name", err=True)
    papers = []
    while paper := click.prompt("paper (empty to end)", default="", show_default=False, err=True):
        papers.append(paper)
    try:
        return msgspec.convert({"name": name, "papers": papers}, Dossier)
    except msgspec.ValidationError:
        raise InputInvalid("expected a name and at most 20 papers of 1 to 200 characters each, got others") from None


def keep_dossier(
    assembly: Assembly, folder: Path, key: bytes, subject: str, dossier: Dossier, salt: bytes, committed: str
) -> None:
    """Write the box. Raises Unavailable if the disk refuses."""
    place = _place(folder, subject)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"cannot make folder {place}: {error.strerror}") from error
    content = msgspec.json.encode(_Kept(dossier.encode(), salt))
    box = seal_box(content, subject, key, assembly.randomness(NONCE_BYTES))
    write_new(place / f"{committed}.box", box, mode=0o600)


def open_dossier(folder: Path, key: bytes, subject: str) -> list[tuple[str, Dossier]]:
    """Every dossier kept of a person, by its commitment, each checked against it. Raises NotFound, CheckFailed."""
    files = sorted(_place(folder, subject).glob("*.box"))
    if not files:
        raise NotFound(f"no dossier of {subject} is kept in {folder}")
    return [(file.stem, _open(file, key, subject)) for file in files]


def _open(file: Path, key: bytes, subject: str) -> Dossier:
    box = read_file(file, 2 * _FILE_BYTES_MAX, "the box of a dossier")
    kept = msgspec.json.decode(open_box(box, subject, key), type=_Kept)
    check_commitment(file.stem, DOMAIN, subject, kept.salt, kept.data)
    return msgspec.json.decode(kept.data, type=Dossier)


def _place(folder: Path, subject: str) -> Path:
    return folder / _FOLDER / subject.partition("/")[2]
