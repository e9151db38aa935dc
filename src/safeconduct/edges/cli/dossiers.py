"""The name behind a pseudonym: kept in one actor's folder, encrypted (docs/spec/sealing.md SEAL-5).

Nodes keep it too, sealed and for a time, once somebody has said so (`persons.py`).

Folder `dossiers/<person>/<commitment>.box`: one file for each time the person was registered, because the record keeps
every commitment and any of them may have to be opened one day.
"""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import click
import msgspec

from safeconduct.core.acts import Name
from safeconduct.core.disclosure import DOSSIER_DOMAIN, HeldDossier, dossier_commitment
from safeconduct.core.sealing import NONCE_BYTES, check_commitment, open_box, seal_box
from safeconduct.core.statement import encode
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import read_file
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import InputInvalid, NotFound, Unavailable

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


@dataclass(frozen=True, slots=True)
class Box:
    """An opened box. commitment: what the record has of it. file: where it lies; None for one that came from a node."""

    subject: str
    commitment: str
    held: HeldDossier
    file: Path | None = None

    @classmethod
    def of(cls, subject: str, held: HeldDossier) -> Box:
        """What somebody else has opened."""
        return cls(subject, dossier_commitment(subject, held), held)

    def require(self, committed: str) -> None:
        """Raise CheckFailed unless the record's commitment is to this dossier."""
        check_commitment(committed, DOSSIER_DOMAIN, self.subject, self.held.salt, self.held.data)


def read_data(data: bytes) -> Dossier:
    """A dossier from its canonical JSON. Raises InputInvalid for something else, and never says what stands there."""
    try:
        return msgspec.json.decode(data, type=Dossier)
    except msgspec.MsgspecError:
        raise InputInvalid("expected a dossier in what was sealed, got something else") from None


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
    content = msgspec.json.encode(HeldDossier(dossier.encode(), salt))
    box = seal_box(content, subject, key, assembly.randomness(NONCE_BYTES))
    write_new(place / f"{committed}.box", box, mode=0o600)


def open_dossier(folder: Path, key: bytes, subject: str) -> list[tuple[str, Dossier]]:
    """Every dossier kept of a person, by its commitment, each checked against it. Raises NotFound, CheckFailed."""
    found = boxes(folder, key, subject)
    if not found:
        raise NotFound(f"no dossier of {subject} is kept in {folder}")
    return [(box.commitment, read_data(box.held.data)) for box in found]


def boxes(folder: Path, key: bytes, subject: str) -> list[Box]:
    """Every box kept of a person, opened and checked against its commitment. Raises CheckFailed."""
    return [_open(file, key, subject) for file in sorted(_place(folder, subject).glob("*.box"))]


def _open(file: Path, key: bytes, subject: str) -> Box:
    content = open_box(read_file(file, 2 * _FILE_BYTES_MAX, "the box of a dossier"), subject, key)
    box = Box(subject, file.stem, msgspec.json.decode(content, type=HeldDossier), file)
    box.require(file.stem)
    return box


def remove_box(box: Box) -> None:
    """Write over a box where it lies, and take its name away. Raises Unavailable if the disk refuses."""
    if box.file is None:
        raise AssertionError(box.commitment)
    try:
        # INVARIANT (in place): neither truncated nor replaced, or the old blocks would stay on the disk.
        handle = os.open(box.file, os.O_WRONLY)
        try:
            os.pwrite(handle, secrets.token_bytes(os.fstat(handle).st_size), 0)
            os.fsync(handle)
        finally:
            os.close(handle)
        box.file.unlink()
    except OSError as error:
        raise Unavailable(f"cannot destroy the box {box.file}: {error.strerror}") from error


def _place(folder: Path, subject: str) -> Path:
    return folder / _FOLDER / subject.partition("/")[2]
