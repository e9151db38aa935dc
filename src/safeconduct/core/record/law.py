"""Who may speak for which party under which terms, at every point of the record.

Folded from the acts about the agreement and about actors alone; everything else is judged by it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

import msgspec

from safeconduct.core.acts import (
    ActorEnrolled,
    ActorRevoked,
    AgreementProposed,
    AgreementSigned,
    ReaderPublished,
    RelationStepped,
    SlotList,
    SlotsProposed,
    SlotsSigned,
)
from safeconduct.core.agreement import Book, PartyTerms, Terms, Versions, whole_roles
from safeconduct.core.identity import PublicKey
from safeconduct.core.record.order import Position, Said, saw
from safeconduct.core.sealing import SealingPublicKey

T = TypeVar("T")

LAW_SUBJECTS = ("agreement", "actor", "relation", "slots")


class Member(msgspec.Struct, frozen=True):
    """An actor as enrolled: the key it signs with and the roles it holds."""

    key_id: str
    roles: tuple[str, ...]


# Actor → from when on (ms) it was enrolled so; None from a revocation on.
Enrolments: TypeAlias = Mapping[str, Sequence[tuple[int, Member | None]]]


class Version(msgspec.Struct, frozen=True):
    """A text that was put forward: by whom it has been signed so far, and where it came into force."""

    digest: str
    signed_by: tuple[str, ...]
    in_force_from: Position | None = None


class Listed(msgspec.Struct, frozen=True):
    """A slot list that was put forward, by whom it was signed so far, and from where on all have."""

    slots: SlotList
    signed_by: tuple[str, ...]
    usable_from: Position | None = None


class Anchor(msgspec.Struct, frozen=True):
    """The keys by which a party is known before anything is agreed: from its card, compared by people."""

    root: PublicKey
    node: PublicKey

    @classmethod
    def of(cls, party: PartyTerms) -> Anchor:
        return cls(PublicKey.from_text(party.root), PublicKey.from_text(party.node.node))


class Law:
    """The folded law. Built by `enact` in order of the record; read at any position.

    anchors: every party's pinned keys. texts: the terms known here by digest; a node folds a proposal only once it
    holds the text.
    """

    def __init__(self, anchors: Mapping[str, Anchor], texts: Mapping[str, Terms]) -> None:
        self.anchors = anchors
        self.texts = texts
        self.versions: dict[str, Version] = {}
        self._forces: list[tuple[Position, str]] = []
        self._members: dict[str, list[tuple[Position, Member | None]]] = {}
        self._levels: list[tuple[Position, str]] = []
        # Who has asked to go back up, by the level to go to, since the last step.
        self._wishes: dict[str, set[str]] = {}
        # Slot lists by digest.
        self.lists: dict[str, Listed] = {}
        # Actor → its reading keys (key ids); None from an enrolment or a revocation on, until it publishes one.
        self._readers: dict[str, list[tuple[Position, str | None]]] = {}
        # Key id → the key's text, and whose it is.
        self._reading_keys: dict[str, tuple[str, str]] = {}
        self._books: dict[str, Book] = {}
        self._roles: dict[tuple[str, str], frozenset[str]] = {}
        self._kinds: dict[tuple[str, str, tuple[str, ...]], frozenset[str]] = {}

    def enact(self, said: Said) -> None:
        """Take in a statement about the agreement or an actor that has been judged to take effect."""
        match said.act:
            case AgreementProposed():
                self.versions[said.act.digest] = Version(said.act.digest, (said.party,))
                self._come_into_force(said.act.digest, said.position)
            case AgreementSigned():
                version = self.versions[said.act.digest]
                signed_by = tuple(sorted({*version.signed_by, said.party}))
                self.versions[version.digest] = Version(version.digest, signed_by)
                self._come_into_force(version.digest, said.position)
            case ActorEnrolled():
                member = Member(PublicKey.from_text(said.act.key).key_id, said.act.roles)
                self._members.setdefault(said.subject, []).append((said.position, member))
                self._read_no_more(said)
            case ActorRevoked():
                self._members.setdefault(said.subject, []).append((said.position, None))
                self._read_no_more(said)
            case ReaderPublished():
                key_id = SealingPublicKey.from_text(said.act.key).key_id
                self._reading_keys[key_id] = (said.act.key, said.actor)
                self._readers.setdefault(said.actor, []).append((said.position, key_id))
            case SlotsProposed():
                self._list(Listed(said.act.list, (said.party,)), said.position)
            case SlotsSigned():
                known = self.lists[said.act.slots]
                self._list(Listed(known.slots, tuple(sorted({*known.signed_by, said.party}))), said.position)
            case RelationStepped():
                self._step(said, said.act.level)
            case _:
                return

    def _come_into_force(self, digest: str, position: Position) -> None:
        version = self.versions[digest]
        if all(party in version.signed_by for party in self.signers_of(digest)):
            self.versions[digest] = Version(digest, version.signed_by, position)
            self._forces.append((position, digest))

    def _list(self, listed: Listed, position: Position) -> None:
        if all(party in listed.signed_by for party in listed.slots.parties):
            listed = Listed(listed.slots, listed.signed_by, position)
        self.lists[listed.slots.digest] = listed

    def _read_no_more(self, said: Said) -> None:
        """A new enrolment may be another machine: nothing is sealed to the one before."""
        readings = self._readers.get(said.subject.removeprefix("actor/"))
        if readings is not None:
            readings.append((said.position, None))

    def _step(self, said: Said, level: str) -> None:
        """Down at once; up when every role that must has said so."""
        suspension = self.texts[said.agreement].suspension
        member = self.member(said.actor, said.position)
        if suspension is None or member is None:
            raise AssertionError(said.kind)
        names = [known.id for known in suspension.levels]
        if names.index(level) < names.index(self.level(said.agreement, said.position)):
            wishes = self._wishes.setdefault(level, set())
            wishes.update(role for role in member.roles if role in suspension.back)
            if not all(role in wishes for role in suspension.back):
                return
        self._wishes.clear()
        self._levels.append((said.position, level))

    def level(self, digest: str, position: Position | None = None) -> str:
        """How far the parties work together at a position: a level of that version; empty if it has no grades.

        A level that an amendment has dropped is taken as the fullest.
        """
        suspension = self.texts[digest].suspension
        if suspension is None:
            return ""
        names = [known.id for known in suspension.levels]
        found = _latest(self._levels, position)
        return found if found in names else names[0]

    def refuses(self, digest: str, position: Position | None = None) -> tuple[str, ...]:
        """The kinds of act that have no effect at the level in force."""
        level = self.level(digest, position)
        suspension = self.texts[digest].suspension
        return next((known.refuses for known in suspension.levels if known.id == level), ()) if suspension else ()

    def levels(self) -> Sequence[tuple[Position, str]]:
        """Every step of the parties' relation, oldest first."""
        return tuple(self._levels)

    def book(self, digest: str) -> Book:
        """A version of the agreement, made ready for judging."""
        known = self._books.get(digest)
        if known is None:
            known = self._books[digest] = Book(self.texts[digest])
        return known

    def books(self) -> Versions:
        """Every version that came into force, ready for judging, with the time from which it was."""
        return tuple((position.t, self.book(digest)) for position, digest in self._forces)

    def signers_of(self, digest: str) -> tuple[str, ...]:
        """Whose signatures bring a text into force: its parties', and those of the version that it amends.

        Otherwise a party could be amended out of its own agreement without being asked.
        """
        text = self.texts[digest]
        before = self.texts[text.previous].parties if text.previous is not None else ()
        return tuple(sorted({party.id for party in (*text.parties, *before)}))

    def in_force(self, position: Position | None = None) -> str | None:
        """Digest of the version in force at a position, or of the latest; None before the first."""
        return _latest(self._forces, position)

    def history(self) -> Sequence[tuple[Position, str]]:
        """Every version that came into force, and where, oldest first."""
        return tuple(self._forces)

    def member(self, actor: str, position: Position | None = None) -> Member | None:
        """The actor's enrolment at a position, or the latest; None when not enrolled or revoked.

        roles: those of its own party alone, once an agreement says whose they are.
        """
        member = _latest(self._members.get(f"actor/{actor}", ()), position)
        digest = self.in_force(position)
        if member is None or digest is None:
            return member
        # INVARIANT (own roles): a party enrols whom it likes as what it likes, and would else speak for both sides.
        own = self._own_roles(digest, actor.split("/", 1)[0])
        if all(role in own for role in member.roles):
            return member
        return Member(member.key_id, tuple(role for role in member.roles if role in own))

    def _own_roles(self, digest: str, party: str) -> frozenset[str]:
        known = self._roles.get((digest, party))
        if known is None:
            roles = self.texts[digest].roles
            known = self._roles[digest, party] = frozenset(role.id for role in roles if role.party == party)
        return known

    def slots(self, digest: str, position: Position | None = None) -> SlotList | None:
        """The slot list of that digest if all of its parties have signed it by then."""
        known = self.lists.get(digest)
        if known is None or known.usable_from is None or (position is not None and position < known.usable_from):
            return None
        return known.slots

    def reader(self, actor: str, position: Position | None = None) -> str | None:
        """Key id of the key that the actor's machine reads with at a position, or now."""
        return _latest(self._readers.get(actor, ()), position)

    def reading_key(self, key_id: str) -> str | None:
        """The text of a reading key that somebody has published."""
        known = self._reading_keys.get(key_id)
        return known[0] if known is not None else None

    def reader_of(self, key_id: str) -> str | None:
        """The actor who published a reading key."""
        known = self._reading_keys.get(key_id)
        return known[1] if known is not None else None

    def recipients(self, digest: str, after: Mapping[str, int], party: str, index: int) -> tuple[str, ...]:
        """Who gets a copy, as the author of entry `index` of a party's log knew it: reading keys (key ids), ascending.

        They are those of everybody with a role to which a compartment that may carry slots is released whole. Only
        what the author had seen counts, so that nothing that is said afterwards, whatever its date, changes it.
        """
        whole = whole_roles(self.texts[digest])
        found = []
        known = {**after, party: max(index, after.get(party, 0))}
        for actor, readings in self._readers.items():
            member = _latest_seen(self._members.get(f"actor/{actor}", ()), known)
            key_id = _latest_seen(readings, known)
            own = self._own_roles(digest, actor.split("/", 1)[0])
            if member is not None and key_id is not None and any(r in whole and r in own for r in member.roles):
                found.append(key_id)
        return tuple(sorted(found))

    def members(self) -> Mapping[str, Member | None]:
        """Every actor ever enrolled, with its latest enrolment (None when revoked)."""
        return {subject.removeprefix("actor/"): changes[-1][1] for subject, changes in sorted(self._members.items())}

    def enrolments(self) -> Enrolments:
        """Every actor ever enrolled with all of its enrolments, oldest first."""
        return {
            subject.removeprefix("actor/"): tuple((position.t, member) for position, member in changes)
            for subject, changes in sorted(self._members.items())
        }

    def kinds(self, digest: str, party: str, roles: tuple[str, ...]) -> frozenset[str]:
        """The kinds of act that an agreement lets somebody of a party say who holds these roles."""
        known = self._kinds.get((digest, party, roles))
        if known is None:
            held = [role.may for role in self.texts[digest].roles if role.party == party and role.id in roles]
            known = self._kinds[digest, party, roles] = frozenset(kind for may in held for kind in may)
        return known

    def superseded_unseen(self, said: Said) -> bool:
        """Whether the statement names the version just before the one in force, whose last signature it had not seen.

        Two sides work at once while an amendment comes into force; what was said under the old version in good
        faith is judged by the old version.
        """
        forces = [f for f in self._forces if f[0] < said.position]
        if len(forces) < 2 or forces[-2][1] != said.agreement:
            return False
        sealed = forces[-1][0]
        return not saw(said.after, sealed.party, sealed.entry)


def _latest(changes: Sequence[tuple[Position, T]], position: Position | None) -> T | None:
    if not changes:
        return None
    if position is None or changes[-1][0] <= position:
        return changes[-1][1]
    index = bisect_right(changes, position, key=lambda change: change[0])
    return changes[index - 1][1] if index else None


def _latest_seen(changes: Sequence[tuple[Position, T]], known: Mapping[str, int]) -> T | None:
    """The latest of the changes that somebody knew who had seen so many entries of each log."""
    return next((v for position, v in reversed(changes) if saw(known, position.party, position.entry)), None)
