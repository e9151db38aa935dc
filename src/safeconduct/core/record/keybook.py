"""Which keys a log's entries may be signed with, learned from the log itself (docs/spec/record.md REC-8, REC-9).

The first two keys are the party's root and node, known from its card. Every other is enrolled by the root in the same
log, at a lower index than the first entry that it signs. So the signatures of a log can be checked with that log and
one card alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from safeconduct.core.acts import ActorEnrolled, KnownAct, UnknownAct, read_act
from safeconduct.core.identity import PublicKey
from safeconduct.core.record.law import Anchor
from safeconduct.core.statement import Signed, read_entry, verify_signatures
from safeconduct.errors import CheckFailed, EntryInvalid, InputInvalid


class KeyBook:
    """Keys of one party's log. `learn` is called with each valid entry in order of the log."""

    def __init__(self, party: str, anchor: Anchor, learned: Mapping[str, PublicKey] | None = None) -> None:
        self.party = party
        self._anchor = anchor
        self._keys = {anchor.root.key_id: anchor.root, anchor.node.key_id: anchor.node, **(learned or {})}

    def key(self, key_id: str) -> PublicKey | None:
        """The key, if the party has made it known."""
        return self._keys.get(key_id)

    def copy(self) -> KeyBook:
        """A book that learns on its own from here."""
        return KeyBook(self.party, self._anchor, self._keys)

    def read(self, entry: bytes) -> tuple[Signed, KnownAct | UnknownAct]:
        """A valid entry's statement and act.

        Raises EntryInvalid or CanonicalInvalid for what is no statement of this party, SignatureInvalid for a
        signature that does not verify or a key that is not known.
        """
        signed, act = read_unverified(entry, self.party)
        verify_signatures(signed, self.key)
        return signed, act

    def learn(self, signed: Signed, act: KnownAct | UnknownAct) -> None:
        """Take in the key that a valid entry enrols, if it does."""
        if isinstance(act, ActorEnrolled) and self._anchor.root.key_id in signed.signatures:
            try:
                key = PublicKey.from_text(act.key)
            except (InputInvalid, CheckFailed):
                return
            self._keys.setdefault(key.key_id, key)


def read_unverified(entry: bytes, party: str) -> tuple[Signed, KnownAct | UnknownAct]:
    """A well-formed entry of this party's log; no signature is verified. Raises EntryInvalid or CanonicalInvalid."""
    signed = read_entry(entry)
    if signed.statement.party != party:
        raise EntryInvalid(f"a statement of {party} in its log, got one of {signed.statement.party}")
    return signed, read_act(signed.statement.kind, bytes(signed.statement.body))
