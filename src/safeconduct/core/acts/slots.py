"""Which details of an order may differ by recipient: the list that the parties sign jointly (docs/spec/canary.md).

Signing it is a joint act: proposed by one, signed by the safety signer of every party that has a hand in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.core.acts.spoken import spoken
from safeconduct.core.acts.words import LANGUAGES, Act, FieldName, Identifier
from safeconduct.core.statement import Digest, PartyId, digest
from safeconduct.errors import InputInvalid

# An order has 3 to 8 details that can differ harmlessly; more than this is a mistake.
SLOTS_MAX = 32
# One byte gives a value without bias at little loss, and a choice of more is not harmless any more.
VALUES_MAX = 64
# In one language. Each way is looked for at each word of a leaked text.
WAYS_MAX = 16
WAY_CHARS_MAX = 200


class Value(Act, frozen=True, kw_only=True):
    """One of the equally likely values of a slot.

    said: language → the ways in which people say it; the first is the one that is written into an order.
    """

    said: dict[str, tuple[str, ...]]


class Slot(Act, frozen=True, kw_only=True):
    """One detail that differs by recipient. The party's node assigns its values: the slot is in that party's hand.

    coordinating: people must agree on it to meet. safety: somebody's safety depends on it. Such a detail may be
    described as a slot, and no list with it is accepted.
    """

    id: FieldName
    party: PartyId
    values: tuple[Value, ...]
    coordinating: bool = False
    safety: bool = False


class SlotList(Act, frozen=True, kw_only=True):
    """The slots of an order, and the role at each party that signs for their being harmless.

    There is no list that was not checked: making one, also by decoding, raises InputInvalid with the reason.
    """

    slots: tuple[Slot, ...]
    signers: dict[PartyId, Identifier]

    def __post_init__(self) -> None:
        _check_parties(self)
        seen: dict[tuple[str, ...], str] = {}
        for slot in self.slots:
            _check_slot(slot)
            for words in sorted({spoken(way) for value in slot.values for way in ways(value)}):
                if words in seen:
                    raise InputInvalid(f"a way of saying that one slot has, got one of slots {seen[words]}, {slot.id}")
                seen[words] = slot.id

    @property
    def digest(self) -> str:
        """What the safety signers sign: hex SHA-256 of the canonical bytes."""
        return digest(self)

    @property
    def parties(self) -> tuple[PartyId, ...]:
        """Whose hands the slots are in, sorted."""
        return tuple(sorted(self.signers))


class SlotsProposed(Act, frozen=True, kw_only=True):
    """A slot list is put forward, and signed by its proposer. It stands here whole, so that every node checks it."""

    list: SlotList


class SlotsSigned(Act, frozen=True, kw_only=True):
    """The party's safety signer agrees that the slots of this list are harmless."""

    slots: Digest


SlotsAct = SlotsProposed | SlotsSigned


def ways(value: Value) -> Iterator[str]:
    """Every way of saying the value, in each language."""
    for language in sorted(value.said):
        yield from value.said[language]


def _check_parties(listed: SlotList) -> None:
    hands = sorted({slot.party for slot in listed.slots})
    # With one hand, whoever makes the copies could leak one of them and name its reader.
    if len(hands) < 2:
        raise InputInvalid(f"slots in the hands of two parties or more, got {len(hands)}")
    if sorted(listed.signers) != hands:
        raise InputInvalid(f"a safety signer of each of {', '.join(hands)}, got {', '.join(sorted(listed.signers))}")
    unnamed = [party for party in hands if not listed.signers[party]]
    if unnamed:
        raise InputInvalid(f"the role of the safety signer of {unnamed[0]}, got none")
    if len(listed.slots) > SLOTS_MAX:
        raise InputInvalid(f"at most {SLOTS_MAX} slots, got {len(listed.slots)}")
    ids = [slot.id for slot in listed.slots]
    twice = [slot for slot in ids if ids.count(slot) > 1]
    if twice:
        raise InputInvalid(f"each slot once, got {twice[0]} twice")


def _check_slot(slot: Slot) -> None:
    if slot.coordinating:
        raise InputInvalid(f"no slot that people must agree on to meet, got {slot.id}")
    if slot.safety:
        raise InputInvalid(f"no slot that somebody's safety depends on, got {slot.id}")
    if not 2 <= len(slot.values) <= VALUES_MAX:
        raise InputInvalid(f"2 to {VALUES_MAX} values of slot {slot.id}, got {len(slot.values)}")
    languages = sorted(slot.values[0].said)
    strange = [language for language in languages if language not in LANGUAGES]
    if strange or not languages:
        raise InputInvalid(f"ways of saying in {', '.join(LANGUAGES)}, got {strange[:1]} in slot {slot.id}")
    seen: dict[tuple[str, ...], int] = {}
    for index, value in enumerate(slot.values):
        if sorted(value.said) != languages:
            raise InputInvalid(f"all values of slot {slot.id} said in {', '.join(languages)}, got value {index + 1}")
        _check_ways(slot, index, value)
        for words in map(spoken, ways(value)):
            if seen.setdefault(words, index) != index:
                raise InputInvalid(f"different values of slot {slot.id}, got one way of saying two of them")


def _check_ways(slot: Slot, index: int, value: Value) -> None:
    for language in sorted(value.said):
        count = len(value.said[language])
        if not 1 <= count <= WAYS_MAX:
            raise InputInvalid(
                f"1 to {WAYS_MAX} ways of saying value {index + 1} of slot {slot.id} in {language}, got {count}"
            )
        for way in value.said[language]:
            if len(way) > WAY_CHARS_MAX or not spoken(way):
                raise InputInvalid(
                    f"a way of saying with a word or number, of at most {WAY_CHARS_MAX} characters, in slot {slot.id}, "
                    f"got one of {len(way)} characters"
                )
