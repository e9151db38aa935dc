"""The form of a scenario book: which fields it has and what kind of value each holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import inspect

from safeconduct.core.acts import Identifier, Text
from safeconduct.core.agreement import ClauseId, EventName, FieldName, Texts, TreeValue
from safeconduct.core.statement import PartyId

_STEPS_MAX = 500
_YesNo = Literal["yes", "no"]


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    pass


# Stands for a value that has a form of its own and is read by hand: plans, parameters, fields, words that are changed.
_ByHand = Text
_STAND_IN = "read by hand"


class _PersonText(_Value, frozen=True, kw_only=True):
    id: Identifier
    party: PartyId
    roles: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=16)] = ()


class _AgreementText(_Value, frozen=True, kw_only=True):
    template: Identifier | None = None
    folder: Text | None = None
    parameters: _ByHand | None = None


class _StepText(_Value, frozen=True, kw_only=True):
    at: Text
    who: Identifier
    what: EventName
    name: Identifier | None = None
    subject: Text | None = None
    fields: _ByHand | None = None
    seen_by: _ByHand | None = None
    void: FieldName | None = None
    note: Text | None = None


class _RowText(_Value, frozen=True, kw_only=True):
    clause: ClauseId
    outcome: Literal["none", "not_due", "pending", "met", "breached", "waived", "disputed"]
    at: Text | None = None
    subject: Text | None = None
    which: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | None = None
    reason: Identifier | None = None
    owed_by: Identifier | None = None
    due: Text | None = None
    happened: Text | None = None
    cured: Text | None = None
    near: _YesNo | None = None
    late_word: _YesNo | None = None
    explained: _YesNo | None = None
    times: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    missing: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=32)] | None = None
    planned: Text | None = None
    actual: Text | None = None
    contested: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=8)] | None = None
    why: Text | None = None


class _MutationText(_Value, frozen=True, kw_only=True):
    name: Text
    parameter: FieldName | None = None
    clause: ClauseId | None = None
    field: Text | None = None
    was: _ByHand | None = msgspec.field(default=None, name="from")
    to: _ByHand | None = None
    verdicts: Annotated[tuple[_RowText, ...], msgspec.Meta(max_length=200)]


class _BookText(_Value, frozen=True, kw_only=True):
    scenario: Identifier
    title: Texts
    sources: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=32)]
    made_up: Text
    agreement: _AgreementText
    start: Text
    subject: Text | None = None
    people: Annotated[tuple[_PersonText, ...], msgspec.Meta(min_length=1, max_length=64)]
    plans: _ByHand | None = None
    steps: Annotated[tuple[_StepText, ...], msgspec.Meta(min_length=1, max_length=_STEPS_MAX)]
    expect: Annotated[tuple[_RowText, ...], msgspec.Meta(min_length=1, max_length=500)]
    mutations: Annotated[tuple[_MutationText, ...], msgspec.Meta(max_length=50)] = ()


BOOK_TYPE = inspect.type_info(_BookText)
# What is read by hand, by the place it has in a book.
_BY_HAND: Mapping[str, tuple[str, ...]] = {
    "": ("plans",),
    "agreement": ("parameters",),
    "steps": ("fields", "seen_by"),
    "mutations": ("from", "to"),
}
# Words of a row that are compared as they stand.
PLAIN_WORDS = ("reason", "owed_by", "missing", "planned", "actual", "times")
MOMENT_WORDS: Mapping[str, str] = {"due": "due_at", "happened": "happened_at", "cured": "cured_at"}
YES_NO_WORDS = ("near", "late_word", "explained")


def formed(value: dict[str, TreeValue]) -> dict[str, TreeValue]:
    """A book with a stand-in for each value that is read by hand."""
    found = _stood_in(value, _BY_HAND[""])
    for key, names in _BY_HAND.items():
        part = found.get(key)
        if isinstance(part, dict):
            found[key] = _stood_in(part, names)
        elif isinstance(part, list):
            found[key] = [_stood_in(item, names) if isinstance(item, dict) else item for item in part]
    return found


def _stood_in(value: dict[str, TreeValue], names: tuple[str, ...]) -> dict[str, TreeValue]:
    return {key: _STAND_IN if key in names else part for key, part in value.items()}
