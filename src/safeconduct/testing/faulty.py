"""A disk that fails once, at the write you choose: "what if it dies here", for every *here*."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from safeconduct.errors import Unavailable
from safeconduct.node.ports import Batch, Cosignature, Passkey, Row, Sighting, Store, Subject

_T = TypeVar("_T")


class FailingStore:
    """Passes everything on to `inner` and fails one write with Unavailable; writes after it work again.

    fail_at: which write fails, counted from 0. persists: whether the failed write reached the disk all the same, which
    a caller cannot know. failed: whether it has happened. writes: how many were tried.
    """

    def __init__(self, inner: Store, *, fail_at: int, persists: bool) -> None:
        self.inner = inner
        self.failed = False
        self.writes = 0
        self._fail_at = fail_at
        self._persists = persists

    def _write(self, write: Callable[[], _T]) -> _T:
        number = self.writes
        self.writes += 1
        if number != self._fail_at:
            return write()
        if self._persists:
            write()
        self.failed = True
        raise Unavailable(f"write {number} failed on purpose, {'but was saved' if self._persists else 'and was lost'}")

    # --- writes -------------------------------------------------------------------------------------------------------

    def commit(self, batch: Batch) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.commit(batch))

    def put_subjects(self, subjects: Sequence[Subject]) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.put_subjects(subjects))

    def put_cosignature(self, cosignature: Cosignature) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.put_cosignature(cosignature))

    def put_blob(self, digest: str, data: bytes) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.put_blob(digest, data))

    def put_card(self, party: str, card: bytes) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.put_card(party, card))

    def put_evidence(self, origin: str, digest: str, data: bytes) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.put_evidence(origin, digest, data))

    def put_passkey(self, passkey: Passkey) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.put_passkey(passkey))

    def remove_passkey(self, credential: bytes) -> None:
        """As ports.Store, or fails."""
        self._write(lambda: self.inner.remove_passkey(credential))

    # --- reads --------------------------------------------------------------------------------------------------------

    def size(self, party: str) -> int:
        """As ports.Store."""
        return self.inner.size(party)

    def checkpoint(self, party: str) -> bytes | None:
        """As ports.Store."""
        return self.inner.checkpoint(party)

    def rows(self, party: str, start: int, end: int) -> Sequence[Row]:
        """As ports.Store."""
        return self.inner.rows(party, start, end)

    def leaves(self, party: str, start: int, end: int) -> bytes:
        """As ports.Store."""
        return self.inner.leaves(party, start, end)

    def places(self, party: str) -> Iterable[tuple[int, int]]:
        """As ports.Store."""
        return self.inner.places(party)

    def tile(self, party: str, level: int, n: int) -> bytes | None:
        """As ports.Store."""
        return self.inner.tile(party, level, n)

    def about(self, subject: str) -> Sequence[Row]:
        """As ports.Store."""
        return self.inner.about(subject)

    def about_law(self) -> Sequence[Row]:
        """As ports.Store."""
        return self.inner.about_law()

    def find(self, statement_id: str) -> Row | None:
        """As ports.Store."""
        return self.inner.find(statement_id)

    def subject(self, subject: str) -> Subject | None:
        """As ports.Store."""
        return self.inner.subject(subject)

    def subjects(self, prefix: str, *, before: int | None, limit: int) -> Sequence[Subject]:
        """As ports.Store."""
        return self.inner.subjects(prefix, before=before, limit=limit)

    def digests(self) -> Iterable[tuple[str, str]]:
        """As ports.Store."""
        return self.inner.digests()

    def void_entries(self) -> Sequence[Row]:
        """As ports.Store."""
        return self.inner.void_entries()

    def first_sighting(self, of: str, index: int, by: str) -> Sighting | None:
        """As ports.Store."""
        return self.inner.first_sighting(of, index, by)

    def cosignature(self, log: str, by: str, role: str, *, covering: int | None = None) -> Cosignature | None:
        """As ports.Store."""
        return self.inner.cosignature(log, by, role, covering=covering)

    def blob(self, digest: str) -> bytes | None:
        """As ports.Store."""
        return self.inner.blob(digest)

    def cards(self) -> dict[str, bytes]:
        """As ports.Store."""
        return self.inner.cards()

    def evidence(self) -> Sequence[tuple[str, str, bytes]]:
        """As ports.Store."""
        return self.inner.evidence()

    def passkey(self, credential: bytes) -> Passkey | None:
        """As ports.Store."""
        return self.inner.passkey(credential)

    def passkeys(self, actor: str) -> Sequence[Passkey]:
        """As ports.Store."""
        return self.inner.passkeys(actor)

    def close(self) -> None:
        """As ports.Store."""
        self.inner.close()
