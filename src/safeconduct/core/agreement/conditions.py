"""Conditions in CEL, the Common Expression Language: checked against the catalogue when an agreement is read.

A condition sees its event, what the subject has become, what called the duty up, and the agreement's parameters; no
clock, no other subject, no floating point. It cannot loop, and what it costs is bounded (docs/spec/agreement.md AG-40
to AG-45). Parser, type checker and evaluation are those of CEL's C++ implementation (`cel-expr-python`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import msgspec
from cel_expr_python import cel
from msgspec import inspect

from safeconduct.core.acts import CATALOGUE, PARTS, FormFiled, Plan
from safeconduct.core.agreement.clauses import Form, Parameter
from safeconduct.core.agreement.instants import milliseconds

TEXT, NUMBER, TRUTH, NAMES = cel.Type.STRING, cel.Type.INT, cel.Type.BOOL, cel.Type.List(cel.Type.STRING)
Value = str | int | bool | tuple[str, ...]

# What an absent value of each type is.
_NOTHING: Mapping[str, Value] = {"STRING": "", "INT": 0, "BOOL": False}

_FIELD_TYPES: Mapping[str, cel.Type] = {
    "text": TEXT, "choice": TEXT, "digest": TEXT, "number": NUMBER, "instant": NUMBER, "yes_no": TRUTH, "names": NAMES,
}  # fmt: skip

_NO_VALUE = ("ERROR", "UNKNOWN")

# Everything that a condition may call. No conversion, no pattern matching, no time zone: other implementations of CEL
# must come to the same answer, to the bit.
_MACROS = ("all", "exists", "exists_one", "filter", "map")
_FUNCTIONS = ("size", "startsWith", "endsWith", "contains", *_MACROS)
# Two nested walks over lists of at most 64.
MACROS_MAX = 2

# What CEL would read as a text or skip, and we would not, or the other way round: nobody needs it in a condition.
_HIDING = re.compile(r"[rRbB]+[\"']|\"\"\"|\'\'\'|//|`")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*\(")
_NAME = re.compile(r"(?<![A-Za-z0-9_.])[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_AROUND_DOT = re.compile(r"\s*\.\s*")
_FRACTION = re.compile(r"(?<![A-Za-z0-9_.])[0-9]+(?:\.[0-9]|[eE])|[0-9]u\b|\.[0-9]")
_PLACE = re.compile(r"<input>:1:([0-9]+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")


class ConditionInvalid(ValueError):
    """What is wrong with a condition. column: counts from 1. unknown: the name that nothing has, if that is it."""

    def __init__(self, column: int, what: str, unknown: str = "") -> None:
        super().__init__(what)
        self.column = column
        self.unknown = unknown


class Scope:
    """The names that a condition at one place of a rule may use, each with its type."""

    def __init__(self, names: Mapping[str, cel.Type]) -> None:
        self.names = dict(names)
        self._env = cel.NewEnv(variables=self.names)

    def check(self, source: str, wanted: cel.Type | None) -> cel.Type:
        """The condition's type. Raises ConditionInvalid for one that is not of the type `wanted` or not allowed."""
        return self.compile(source, wanted).type

    def compile(self, source: str, wanted: cel.Type | None) -> Compiled:
        """The condition, ready to be asked. Raises ConditionInvalid."""
        hiding = _HIDING.search(_STRING.sub(lambda found: '"' + "." * (len(found.group()) - 2) + '"', source))
        if hiding is not None:
            raise ConditionInvalid(hiding.start() + 1, f"expected texts in plain quotation marks, got {hiding.group()}")
        bare = _STRING.sub(lambda found: " " * len(found.group()), source)
        _require_allowed(bare)
        try:
            expression = self._env.compile(source)
        except RuntimeError as error:
            raise _invalid(str(error)) from None
        type_ = expression.return_type()
        if wanted is not None and type_ != wanted:
            raise ConditionInvalid(1, f"expected a condition of type {type_name(wanted)}, got {type_name(type_)}")
        return Compiled(expression, type_, tuple(sorted(self._used(bare))))

    def _used(self, bare: str) -> set[str]:
        used = set()
        for found in _NAME.finditer(_AROUND_DOT.sub(".", bare)):
            words = found.group().split(".")
            for length in range(len(words), 0, -1):
                name = ".".join(words[:length])
                if name in self.names:
                    used.add(name)
                    break
        return used


class Compiled:
    """A checked condition. names: what it asks for."""

    __slots__ = ("_eval", "names", "type")

    def __init__(self, expression: Any, type_: cel.Type, names: tuple[str, ...]) -> None:
        self._eval = expression.eval
        self.type = type_
        self.names = names

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether it is true. What cannot be worked out (a division by zero, an index beyond a list) is not true."""
        try:
            return self._eval(data=values).value() is True
        except RuntimeError:
            return False

    def value(self, values: Mapping[str, object]) -> Value | None:
        """Its value; None for what cannot be worked out."""
        try:
            result = self._eval(data=values)
        except RuntimeError:
            return None
        if result.type().name() in _NO_VALUE:
            # The implementation gives the text of its error as the value.
            return None
        found = result.plain_value()
        if isinstance(found, list):
            return tuple(found) if all(isinstance(item, str) for item in found) else None
        return found if isinstance(found, str | int) else None


def type_name(type_: cel.Type) -> str:
    """What people call a type of CEL."""
    known = {"BOOL": "yes or no", "INT": "number", "STRING": "text"}
    return known.get(type_.name(), "list of texts" if type_ == NAMES else type_.name().lower())


def _require_allowed(bare: str) -> None:
    fraction = _FRACTION.search(bare)
    if fraction is not None:
        raise ConditionInvalid(fraction.start() + 1, "expected whole numbers, got a fraction or an unsigned number")
    macros = 0
    for call in _CALL.finditer(bare):
        name = call.group(1)
        if name == "in":
            continue
        if name not in _FUNCTIONS:
            raise ConditionInvalid(
                call.start() + 1, f"expected one of the functions {', '.join(_FUNCTIONS)}, got {name}()", name
            )
        macros += name in _MACROS
        if macros > MACROS_MAX:
            raise ConditionInvalid(call.start() + 1, f"expected at most {MACROS_MAX} walks over lists, got more")


def _invalid(message: str) -> ConditionInvalid:
    place = _PLACE.search(message)
    if place is None:
        return ConditionInvalid(1, f"expected a condition in CEL, got a problem: {message.splitlines()[0]}")
    column, what = int(place.group(1)), place.group(2)
    undeclared = _UNDECLARED.search(what)
    if undeclared is not None:
        return ConditionInvalid(column, f"expected a name that is known here, got {undeclared[1]!r}", undeclared[1])
    if "no matching overload" in what:
        return ConditionInvalid(column, f"expected operands that fit each other, got {what.split('applied to ')[-1]}")
    return ConditionInvalid(column, f"expected a condition in CEL, got a problem: {what[:200]}")


# --- the names --------------------------------------------------------------------------------------------------------


def _struct_names(prefix: str, struct: type) -> Iterator[tuple[str, cel.Type]]:
    """Fields of an act's body that conditions can read; a struct inside it is read through its own names."""
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        type_ = _type_of(field.type)
        if type_ is not None:
            yield f"{prefix}.{field.encode_name}", type_


def _type_of(type_: inspect.Type) -> cel.Type | None:
    match type_:
        case inspect.UnionType():
            kinds = [t for t in type_.types if not isinstance(t, inspect.NoneType)]
            return _type_of(kinds[0]) if len(kinds) == 1 else None
        case inspect.StrType() | inspect.LiteralType():
            return TEXT
        case inspect.IntType():
            return NUMBER
        case inspect.BoolType():
            return TRUTH
        case inspect.VarTupleType(item_type=inspect.StrType()):
            return NAMES
        case _:
            return None


PLAN_NAMES: Mapping[str, cel.Type] = {
    "plan.purpose": TEXT,
    **{
        name: type_
        for part in PARTS
        for name, type_ in _struct_names(
            f"plan.{part}", next(f.type for f in msgspec.structs.fields(Plan) if f.name == part)
        )
    },
}  # fmt: skip
MOVEMENT_NAMES: Mapping[str, cel.Type] = {
    "movement.phase": TEXT,
    "movement.requested_by": TEXT,
    "movement.approved_by": NAMES,
    "movement.unapproved": NAMES,
    "movement.open_items": NAMES,
    "movement.excepted": NAMES,
}
EVENT_NAMES: Mapping[str, cel.Type] = {
    "event.name": TEXT,
    "event.party": TEXT,
    "event.actor": TEXT,
    "event.roles": NAMES,
    "event.t": NUMBER,
    "event.void": TEXT,
}


def body_names(prefix: str, event: str, forms: Mapping[str, Form]) -> Mapping[str, cel.Type]:
    """What the event's body has: the act's fields, or those of the form."""
    if event in forms:
        return {f"{prefix}.{field.id}": _FIELD_TYPES[field.type] for field in forms[event].fields}
    return dict(_struct_names(prefix, CATALOGUE[event].body)) if event in CATALOGUE else {}


def subject_names(kind: str, forms: Mapping[str, Form]) -> dict[str, cel.Type]:
    """What a condition on any event of such a subject may name."""
    names = dict(EVENT_NAMES)
    if kind == "movement":
        names.update(PLAN_NAMES)
        names.update(MOVEMENT_NAMES)
    for form in forms.values():
        subject, short = form.id.split(".")
        if subject == kind:
            names[f"filed.{short}.count"] = NUMBER
            names[f"filed.{short}.t"] = NUMBER
            for field in form.fields:
                names[f"filed.{short}.{field.id}"] = _FIELD_TYPES[field.type]
    for act in CATALOGUE.values():
        if act.subject == kind:
            names[f"said.{act.kind.split('.')[1]}"] = NUMBER
    return names


def trigger_names(event: str, forms: Mapping[str, Form]) -> dict[str, cel.Type]:
    """What a condition may name of the event that called the duty up."""
    return {
        "trigger.t": NUMBER,
        "trigger.party": TEXT,
        "trigger.actor": TEXT,
        **body_names("trigger.body", event, forms),
    }


def parameter_value(parameter: Parameter) -> Value:
    """A parameter as conditions see it: a duration in milliseconds."""
    if parameter.duration is not None:
        return milliseconds(parameter.duration)
    if parameter.number is not None:
        return parameter.number
    return parameter.text if parameter.text is not None else parameter.texts or ()


def parameter_names(parameters: Mapping[str, Parameter]) -> dict[str, cel.Type]:
    """The agreement's parameters."""
    return {f"param.{name}": _type_of_value(parameter_value(p)) for name, p in parameters.items()}


def _type_of_value(value: Value) -> cel.Type:
    return TEXT if isinstance(value, str) else NUMBER if isinstance(value, int) else NAMES


def nothing(type_: cel.Type) -> Value:
    """What an absent value of the type is: an empty text or list, 0, no."""
    return _NOTHING.get(type_.name(), ())


def body_value(act: object, field: str, absent: Value) -> Value:
    """A field of an act's body or of a filed form; `absent` when it is not there."""
    if isinstance(act, FormFiled):
        return act.fields.get(field, absent)
    found: Value | None = getattr(act, field, None)
    return absent if found is None else found


Getter = Callable[[Any], Value]
Place = Literal["event", "subject", "trigger"]
