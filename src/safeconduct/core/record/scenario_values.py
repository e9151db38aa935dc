"""What a scenario book writes → bodies of acts: moments from the start on, "yes" and "no", plans by their names.

Everything that does not fit is reported at its place, and the reading goes on; a value that was reported is None.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import inspect

from safeconduct.core.acts import FieldValue, Plan, Text
from safeconduct.core.agreement import (
    Field,
    Form,
    Report,
    TreePath,
    TreeValue,
    check_shape,
    expected,
    milliseconds,
    one_of,
    shown,
    suggestion,
)
from safeconduct.core.statement import Digest, digest

MOMENT = "a moment such as +PT4H, -P7D or a quoted 2024-03-26T08:00+05:00"
YES_NO = 'a quoted "yes" or "no"'

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_OFFSET = re.compile(r"([+-])(P(?=.)(?:[0-9]{1,4}D)?(?:T(?=.)(?:[0-9]{1,4}H)?(?:[0-9]{1,4}M)?(?:[0-9]{1,5}S)?)?)")
_DIGEST = inspect.type_info(Digest)
_PLAN = inspect.type_info(Plan)
_TEXT = inspect.type_info(Text)


def instant(text: str) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 date and time with its zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # A time without a zone is read differently by two states.
    return (moment - _EPOCH) // _MILLISECOND if moment.tzinfo is not None and moment >= _EPOCH else None


class Values:
    """The values of one book. start: the instant, ms, from which its moments count. statements: step → statement id."""

    def __init__(self, start: int, report: Report) -> None:
        self.start = start
        self.plans: dict[str, Plan] = {}
        self.statements: dict[str, str] = {}
        self._report = report
        self._failed = False

    def _problem(self, path: TreePath, text: str) -> None:
        self._failed = True
        self._report(path, text)

    def moment(self, value: TreeValue, path: TreePath) -> int | None:
        """An instant, ms."""
        found = None
        if isinstance(value, str):
            offset = _OFFSET.fullmatch(value)
            if offset is None:
                found = instant(value)
            else:
                found = self.start + milliseconds(offset[2]) * (1 if offset[1] == "+" else -1)
        if value is not None and (found is None or found < 0):
            self._problem(path, expected(path, MOMENT, value))
            return None
        return found

    def yes(self, value: TreeValue, path: TreePath) -> bool | None:
        """A truth value."""
        if value is not None and value not in ("yes", "no"):
            self._problem(path, expected(path, YES_NO, value))
        return {"yes": True, "no": False}.get(str(value))

    def body(self, kind: inspect.StructType, given: Mapping[str, TreeValue], path: TreePath) -> object | None:
        """The act of a kind of the catalogue from its fields; None when something was reported.

        A field that holds a plan is given its name; one that holds a digest the digest, or any text, which is hashed.
        A statement is meant by the name of its step.
        """
        self._failed = False
        plain = self._struct(given, kind, path)
        return None if self._failed else msgspec.convert(plain, kind.cls)

    def fields(self, form: Form, given: Mapping[str, TreeValue], path: TreePath) -> dict[str, FieldValue] | None:
        """The fields of a form; None when something was reported."""
        self._failed = False
        wanted = {field.id: field for field in form.fields}
        self._names(given, wanted, path)
        for name in wanted.keys() - given.keys():  # order-free: problems are sorted by line and text
            self._problem(path, f"expected the field {name} of {form.id}, got none")
        found = {}
        for name, field in wanted.items():
            if name in given:
                value = self._field(field, given[name], (*path, name))
                if value is not None:
                    found[name] = value
        return None if self._failed else found

    def plan(self, given: TreeValue, path: TreePath) -> Plan | None:
        """A plan as the book writes it; None when something was reported."""
        self._failed = False
        if not isinstance(given, dict) or not isinstance(_PLAN, inspect.StructType):
            return None
        plain = self._struct(given, _PLAN, path)
        return None if self._failed else msgspec.convert(plain, Plan)

    def _names(self, given: Mapping[str, TreeValue], wanted: Mapping[str, object], path: TreePath) -> None:
        for name in given:
            if name not in wanted:
                known = one_of(wanted) if wanted else "no field"
                where = (*path, name)
                self._problem(where, f"expected {known}, got the field {shown(name)}{suggestion(name, wanted)}")

    def _struct(self, given: Mapping[str, TreeValue], kind: inspect.StructType, path: TreePath) -> dict[str, object]:
        fields = {field.encode_name: field for field in kind.fields}
        self._names(given, fields, path)
        plain: dict[str, object] = {}
        for name, field in fields.items():
            if name in given:
                plain[name] = self._value(given[name], field.type, (*path, name))
            elif field.required:
                self._problem(path, f"expected the field {name}, got none")
        return plain

    def _value(self, value: TreeValue, kind: inspect.Type, path: TreePath) -> object:
        match kind:
            case inspect.UnionType():
                option = next(option for option in kind.types if not isinstance(option, inspect.NoneType))
                return self._value(value, option, path)
            case inspect.BoolType():
                return self.yes(value, path)
            case inspect.StructType() if kind.cls is Plan:
                plan = self._plan_named(value, path)
                return msgspec.to_builtins(plan) if plan is not None else None
            case inspect.StructType():
                if not isinstance(value, dict):
                    self._problem(path, expected(path, "a mapping", value))
                    return None
                return self._struct(value, kind, path)
            case inspect.IntType() if len(path) > 1 and path[-2] == "timing":
                return self.moment(value, path)
            case inspect.StrType() if kind == _DIGEST:
                return self._digest(value, path)
            case _:
                check_shape(value, kind, path, self._problem)
                return value

    def _plan_named(self, value: TreeValue, path: TreePath) -> Plan | None:
        plan = self.plans.get(value) if isinstance(value, str) else None
        if plan is None and value is not None:
            self._problem(path, f"expected {one_of(self.plans)}, got {shown(value)}{suggestion(value, self.plans)}")
        return plan

    def _digest(self, value: TreeValue, path: TreePath) -> str | None:
        if path[-1] == "statement":
            if isinstance(value, str) and value in self.statements:
                return self.statements[value]
            if value is not None:
                known = suggestion(value, self.statements)
                self._problem(path, f"expected the name of an earlier step, got {shown(value)}{known}")
            return None
        if path[-1] == "plan":
            plan = self._plan_named(value, path)
            return digest(plan) if plan is not None else None
        return self._hashed(value, path)

    def _hashed(self, value: TreeValue, path: TreePath) -> str | None:
        """A digest is itself; any other text is what it would be the digest of."""
        check_shape(value, _TEXT, path, self._problem)
        if not isinstance(value, str):
            return None
        return value if re.fullmatch("[0-9a-f]{64}", value) else hashlib.sha256(value.encode()).hexdigest()

    def _field(self, field: Field, value: TreeValue, path: TreePath) -> FieldValue | None:
        match field.type:
            case "instant":
                return self.moment(value, path)
            case "yes_no":
                return self.yes(value, path)
            case "digest":
                return self._hashed(value, path)
            case "number" if isinstance(value, int):
                return value
            case "text":
                check_shape(value, _TEXT, path, self._problem)
                return value if isinstance(value, str) else None
            case "choice" if value in field.options:
                return str(value)
            case "names" if isinstance(value, list) and all(isinstance(name, str) for name in value):
                return tuple(str(name) for name in value)
            case "choice":
                hint = suggestion(value, field.options)
                self._problem(path, expected(path, one_of(field.options), value) + hint)
            case _:
                what = "an integer" if field.type == "number" else "a list of texts"
                self._problem(path, expected(path, what, value))
        return None
