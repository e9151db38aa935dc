"""Rows, subjects and batches that a store takes, from a few words."""

from __future__ import annotations

import hashlib

from safeconduct.node.ports import Batch, Row, Subject

TIME = 1_800_000_000_000


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def row(
    party: str, index: int, *, subject: str = "movement/m1", t: int | None = None, n: int = 0, said: str = ""
) -> Row:
    """A valid entry; said: what it says, so that the same statement can be logged twice."""
    said = said or f"{party} {index}"
    return Row(
        party=party,
        index=index,
        t=TIME + index if t is None else t,
        n=n,
        id=digest_of(said),
        kind="movement.requested",
        subject=subject,
        entry=f'{{"said":"{said}"}}'.encode(),
        leaf=hashlib.sha256(b"\0" + said.encode()).digest(),
    )


def void_row(party: str, index: int, why: str = "expected a signed statement") -> Row:
    leaf = hashlib.sha256(f"void {party} {index}".encode()).digest()
    entry = b"\xff\x00 no statement"
    return Row(
        party=party, index=index, t=TIME + index, n=0, id="", kind="", subject="", entry=entry, leaf=leaf, void=why
    )


def rows(party: str, start: int, end: int, *, subject: str = "movement/m1") -> list[Row]:
    return [row(party, index, subject=subject) for index in range(start, end)]


def batch(party: str, start: int, end: int) -> Batch:
    """Entries start..end-1 with a checkpoint over them."""
    return Batch(party=party, rows=rows(party, start, end), checkpoint=f"{party} {end}".encode())


def subject(name: str, sort: int = TIME, state: str = "{}") -> Subject:
    return Subject(
        subject=name,
        sort=sort,
        t=TIME,
        n=0,
        party="alpha",
        index=0,
        digest=digest_of(state),
        state=state.encode(),
    )
