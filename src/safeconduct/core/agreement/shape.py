"""Plain values against the types in `clauses.py`: every field that is missing, unknown or of another form.

msgspec would stop at the first; a person who edits an agreement wants all of them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import get_args

import msgspec
from msgspec import inspect

from safeconduct.core.acts import LANGUAGES, FieldName, Identifier
from safeconduct.core.agreement.clauses import (
    ClauseId,
    Duration,
    KeyText,
    NodeUrl,
    OfficerKey,
    Terms,
    UtcOffset,
    VKey,
)
from safeconduct.core.agreement.rules import EventName, InstantText, Period, Span, SubjectKind
from safeconduct.core.agreement.tree import Path, Value
from safeconduct.core.statement import Digest, PartyId

Report = Callable[[Path, str], None]

TERMS_TYPE = inspect.type_info(Terms)


def form_of(annotated: object) -> str:
    """The regular expression of an annotated text type."""
    return next(str(meta.pattern) for meta in get_args(annotated) if isinstance(meta, msgspec.Meta) and meta.pattern)


# What a person is told instead of a regular expression.
FORMS = {
    form_of(Identifier): "an identifier (lower-case letters, digits, . _ -)",
    form_of(PartyId): "a party id (a lower-case letter, then letters, digits, -; at most 32)",
    form_of(Duration): "a duration in days, hours, minutes, seconds such as P7D or PT15M",
    form_of(UtcOffset): "an offset from UTC such as +05:00 or -03:30",
    form_of(KeyText): "a public key in base64 (44 characters)",
    form_of(OfficerKey): "an age recipient (age1 and 58 characters)",
    form_of(VKey): "a note key name+hash+key",
    form_of(Digest): "a digest (64 hex digits)",
    form_of(ClauseId): "a clause number such as PK-7",
    form_of(FieldName): "a name (a lower-case letter, then letters, digits, _; at most 40)",
    form_of(EventName): "an event such as movement.departed",
    form_of(SubjectKind): "a kind of subject such as movement",
    form_of(Span): "a duration such as P7D or PT15M, or a parameter such as param.notice_lead",
    form_of(Period): "a period such as PT1H, P3M or P1Y, or a parameter such as param.meeting_period",
    form_of(InstantText): "an instant such as trigger + PT4H or plan.earliest - param.notice_lead",
    form_of(NodeUrl): "an address such as https://node.example:8443 without a path",
}
_TEXT_JOINERS = "\u200c\u200d"  # Urdu needs both
_NOT_IN_TEXT = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def check_shape(value: Value, kind: inspect.Type, path: Path, report: Report) -> None:
    """Report everything in which the value is not of the type. A value that is None has been reported before."""
    match kind:
        case inspect.UnionType():
            _check_union(value, kind, path, report)
        case inspect.StructType():
            _check_struct(value, kind, path, report)
        case inspect.VarTupleType():
            _check_list(value, kind, path, report)
        case inspect.DictType():
            _check_texts(value, kind, path, report)
        case inspect.StrType():
            _check_text(value, kind, path, report)
        case inspect.IntType():
            if value is not None and not (isinstance(value, int) and kind.ge is not None and kind.le is not None
                                          and kind.ge <= value <= kind.le):  # fmt: skip
                report(path, expected(path, f"an integer from {kind.ge} to {kind.le}", value))
        case inspect.LiteralType():
            if value is not None and value not in kind.values:
                report(path, expected(path, one_of(map(str, kind.values)), value) + suggestion(value, kind.values))
        case _:
            raise TypeError(f"a type that terms are made of, got {kind}")


def expected(path: Path, what: str, value: Value) -> str:
    """`expected <field> as <what>, got <value>`."""
    return f"expected {field_name(path)} as {what}, got {shown(value)}"


def field_name(path: Path) -> str:
    """The last words of a path, as people say them: `drift`, `title.en`, `may[3]`."""
    names = [index for index, part in enumerate(path) if isinstance(part, str)]
    if not names:
        return "the file"
    name = str(path[names[-1]])
    if name in LANGUAGES and len(names) > 1:
        name = f"{path[names[-2]]}.{name}"
    return name + "".join(f"[{part}]" for part in path[names[-1] + 1 :])


def shown(value: Value) -> str:
    """A value as an error may repeat it: short."""
    match value:
        case str():
            return repr(value if len(value) <= 60 else value[:57] + "...")
        case int():
            return f"the integer {value}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case None:
            return "nothing"


def one_of(names: Iterable[str]) -> str:
    """`one of a, b, c`, or `nothing at all` where there is none."""
    return "one of " + ", ".join(names)


def suggestion(value: Value, known: Iterable[object]) -> str:
    """` (did you mean 'x'?)` when something known is near."""
    near = difflib.get_close_matches(value, [str(name) for name in known], n=1) if isinstance(value, str) else []
    return f" (did you mean {near[0]!r}?)" if near else ""


def _check_union(value: Value, kind: inspect.UnionType, path: Path, report: Report) -> None:
    """An optional value, or one of several structs told apart by a tag."""
    options = [option for option in kind.types if not isinstance(option, inspect.NoneType)]
    if len(options) == 1:
        check_shape(value, options[0], path, report)
        return
    structs = {str(option.tag): option for option in options if isinstance(option, inspect.StructType)}
    tag_field = str(next(iter(structs.values())).tag_field)
    if not isinstance(value, dict):
        if value is not None:
            report(path, expected(path, f"a mapping with a {tag_field}", value))
        return
    tag = value.get(tag_field)
    if isinstance(tag, str) and tag in structs:
        _check_struct(value, structs[tag], path, report)
    elif tag_field not in value:
        report(path, f"expected {tag_field} ({one_of(structs)}), got none")
    elif tag is not None:
        where = (*path, tag_field)
        report(where, expected(where, one_of(structs), tag) + suggestion(tag, structs))


def _check_struct(value: Value, kind: inspect.StructType, path: Path, report: Report) -> None:
    if not isinstance(value, dict):
        if value is not None:
            report(path, expected(path, "a mapping", value))
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key in value:
        if key not in fields and key != kind.tag_field:
            known = one_of(fields) if fields else "no field"
            report((*path, key), f"expected {known}, got the field {shown(key)}{suggestion(key, fields)}")
    for name, field in fields.items():
        if name in value:
            check_shape(value[name], field.type, (*path, name), report)
        elif field.required:
            report(path, f"expected the field {name}, got none")


def _check_list(value: Value, kind: inspect.VarTupleType, path: Path, report: Report) -> None:
    if not isinstance(value, list):
        if value is not None:
            report(path, expected(path, "a list", value))
        return
    if kind.min_length is not None and len(value) < kind.min_length:
        report(path, f"expected at least {kind.min_length} in {field_name(path)}, got {len(value)}")
    if kind.max_length is not None and len(value) > kind.max_length:
        report(path, f"expected at most {kind.max_length} in {field_name(path)}, got {len(value)}")
        return
    for index, item in enumerate(value):
        check_shape(item, kind.item_type, (*path, index), report)


def _check_texts(value: Value, kind: inspect.DictType, path: Path, report: Report) -> None:
    """The only mappings in terms are texts by language."""
    if not isinstance(value, dict):
        if value is not None:
            report(path, expected(path, "a text in each language", value))
        return
    for language, text in value.items():
        where = (*path, language)
        if language not in LANGUAGES:
            report(where, f"expected {one_of(LANGUAGES)} as a language of {field_name(path)}, got {shown(language)}")
        check_shape(text, kind.value_type, where, report)


def _check_text(value: Value, kind: inspect.StrType, path: Path, report: Report) -> None:
    if value is None:
        return
    if not isinstance(value, str):
        hint = " (quote it to make it text)" if isinstance(value, int) else ""
        report(path, expected(path, FORMS.get(kind.pattern or "", "text"), value) + hint)
    elif kind.pattern is not None and not re.search(kind.pattern, value):
        report(path, expected(path, FORMS[kind.pattern], value))
    elif kind.min_length is not None and len(value) < kind.min_length:
        report(path, expected(path, f"text of at least {kind.min_length} character", value))
    elif kind.max_length is not None and len(value) > kind.max_length:
        report(path, f"expected {field_name(path)} of at most {kind.max_length} characters, got {len(value)}")
    else:
        _check_characters(value, path, report)


def _check_characters(value: str, path: Path, report: Report) -> None:
    # INVARIANT (text-is-what-it-looks-like): no control or direction character, one normal form; otherwise a party
    # could sign another text than the one it reads on the screen.
    for character in value:
        if (
            character not in _TEXT_JOINERS and character != "\n" and unicodedata.category(character) in _NOT_IN_TEXT
        ):  # fmt: skip
            report(path, f"expected {field_name(path)} in visible characters, got U+{ord(character):04X}")
            return
    if not unicodedata.is_normalized("NFC", value):
        report(path, f"expected {field_name(path)} in Unicode normal form C, got another form")
