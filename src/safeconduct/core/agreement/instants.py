"""Instants and lengths of time as clauses write them: `plan.earliest - P7D`, `param.hop_ack`, `P3M`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# 9999-01-01T00:00:00Z: calendars end there, and no period begins after it.
_CALENDAR_END = 253_370_764_800_000
_NEVER = 9_007_199_254_740_991


def milliseconds(duration: str) -> int:
    """Length of an ISO 8601 duration of days, hours, minutes and seconds."""
    return msgspec.convert(duration, timedelta) // _MILLISECOND


def span_ms(span: str | None, parameters: Mapping[str, int]) -> int:
    """Length of a span, which may be a parameter; 0 for none."""
    if span is None:
        return 0
    return parameters[span.removeprefix("param.")] if span.startswith("param.") else milliseconds(span)


class InstantAt(msgspec.Struct, frozen=True):
    """An anchor by its name, and an offset in milliseconds."""

    anchor: str
    offset: int


def read_instant(text: str, parameters: Mapping[str, int]) -> InstantAt:
    """`anchor`, `anchor + span` or `anchor - span`; the form has been checked."""
    anchor, _, rest = text.partition(" ")
    if not rest:
        return InstantAt(anchor, 0)
    sign, span = rest.split(" ")
    length = span_ms(span, parameters)
    return InstantAt(anchor, length if sign == "+" else -length)


def moment(text: str, parameters: Mapping[str, int], anchors: Mapping[str, int]) -> int | None:
    """The instant in ms, None if its anchor has none. anchors: `plan.earliest` and others → ms; the form is checked."""
    instant = read_instant(text, parameters)
    at = anchors.get(instant.anchor)
    return at + instant.offset if at is not None else None


class Calendar(msgspec.Struct, frozen=True):
    """Periods one after the other: of a length in milliseconds, or of whole months of the UTC calendar."""

    length: int = 0
    months: int = 0

    def start(self, first: int, n: int) -> int:
        """Where the period n (from 0) begins, when the first begins at `first`.

        Months that are too short end on their last day; each period is counted from the first, so that days that were
        lost in February come back in March. From the year 9999 on there is no further period.
        """
        if not self.months:
            return first + n * self.length
        if first >= _CALENDAR_END:
            return first if n == 0 else _NEVER
        begun = _EPOCH + timedelta(milliseconds=first)
        year, month = divmod(begun.year * 12 + begun.month - 1 + n * self.months, 12)
        if year > 9998:
            return _NEVER
        day = min(begun.day, _days_in(year, month + 1))
        return (begun.replace(year=year, month=month + 1, day=day) - _EPOCH) // _MILLISECOND

    def index(self, first: int, t: int) -> int:
        """The period that t lies in; t is not before the first."""
        if not self.months:
            return (t - first) // self.length
        if first >= _CALENDAR_END:
            return 0
        t = min(t, _CALENDAR_END)
        begun, now = _EPOCH + timedelta(milliseconds=first), _EPOCH + timedelta(milliseconds=t)
        n = max(0, ((now.year - begun.year) * 12 + now.month - begun.month) // self.months - 1)
        while self.start(first, n + 1) <= t:
            n += 1
        return n


def read_period(period: str, parameters: Mapping[str, int]) -> Calendar:
    """A period; the form has been checked."""
    if period.startswith("P") and period[-1] in "YM" and "T" not in period:
        return Calendar(months=int(period[1:-1]) * (12 if period[-1] == "Y" else 1))
    return Calendar(length=span_ms(period, parameters))


def _days_in(year: int, month: int) -> int:
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return (following - timedelta(days=1)).day
