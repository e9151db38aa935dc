"""Which slot values a leaked text still shows, also when it was retold in other words (docs/spec/canary.md)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from safeconduct.core.acts import FieldName, SlotList, spoken, ways
from safeconduct.errors import LimitExceeded

# A long evening of a group chat. What is longer is cut by whoever reads it, who then knows what was left out.
LEAK_CHARS_MAX = 100_000

_Phrases = Mapping[str, list[tuple[tuple[str, ...], str, int]]]


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A slot that survives in a leaked text, and the numbers of the values shown, ascending.

    More than one value: the text is ambiguous about this slot.
    """

    slot: FieldName
    values: tuple[int, ...]


def recognise(text: str, slots: SlotList) -> tuple[Shown, ...]:
    """The slots that survive in the text, in the order of the list; none if it shows no value.

    A way of saying inside a longer one does not count. Whether the speaker affirms or denies is not understood.
    Raises LimitExceeded for a text of more than LEAK_CHARS_MAX characters.
    """
    if len(text) > LEAK_CHARS_MAX:
        raise LimitExceeded(f"at most {LEAK_CHARS_MAX} characters of a leaked text, got {len(text)}")
    phrases = _phrases(slots)
    words = spoken(text)
    found: dict[str, set[int]] = {}
    reached = 0
    for start, word in enumerate(words):
        for phrase, slot, value in phrases.get(word, []):
            end = start + len(phrase)
            if words[start:end] == phrase:
                if end > reached:
                    found.setdefault(slot, set()).add(value)
                    reached = end
                break
    return tuple(Shown(slot=slot.id, values=tuple(sorted(found[slot.id]))) for slot in slots.slots if slot.id in found)


def _phrases(slots: SlotList) -> _Phrases:
    """First word → the ways of saying that begin with it, longest first."""
    phrases: dict[str, list[tuple[tuple[str, ...], str, int]]] = {}
    for slot in slots.slots:
        for index, value in enumerate(slot.values):
            for way in ways(value):
                phrase = spoken(way)
                phrases.setdefault(phrase[0], []).append((phrase, slot.id, index))
    for same in phrases.values():
        same.sort(key=lambda entry: -len(entry[0]))
    return phrases
