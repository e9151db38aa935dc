"""Who reads: the language, and the instant from which "ago" counts. Words, times and names as markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safeconduct.edges.console.markup import NOTHING, Content, Html, el, join, say
from safeconduct.edges.console.words import DIRECTIONS, LANGUAGES, word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The last instant that has a date of the usual form; a statement may claim a later one.
_LAST_DATED = 253_402_300_799_999

# Under this many seconds it is "just now": a page is never fresher than the network that brought it.
_NOW_SECONDS = 10
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Reader:
    """language: one of words.LANGUAGES. now: milliseconds since 1970 UTC, of the node's clock."""

    language: str
    now: int

    @property
    def direction(self) -> str:
        return DIRECTIONS[self.language]

    def word(self, key: str) -> str:
        return word(key, self.language)

    def say(self, key: str, **parts: Content) -> Html:
        """A text of the catalogue with its parts, each of which keeps its own direction."""
        return say(self.word(key), parts)

    def listed(self, names: Iterable[Content]) -> Html:
        return join(*names, between=self.word("listed"))

    def chosen(self, texts: Mapping[str, str]) -> Html:
        """The text in the reader's language, else in English or the first there is, marked as being in that one."""
        if self.language in texts:
            return el("bdi", texts[self.language])
        language = "en" if "en" in texts else next(iter(texts), "")
        if not language:
            return NOTHING
        return el("bdi", texts[language], lang=language, dir=DIRECTIONS.get(language, "auto"))

    # --- times --------------------------------------------------------------------------------------------------------

    def instant(self, instant: int, *, seconds: bool = False) -> Html:
        """Day and time of day in UTC; the year where it is not this year's."""
        if instant > _LAST_DATED:
            return el("bdi", f"{instant} ms")
        moment = _moment(instant)
        time = el("bdi", f"{_time_of_day(moment, seconds=seconds)} UTC", dir="ltr")
        return el("time", self._date(moment), " ", time, datetime=_iso(moment))

    def window(self, earliest: int, latest: int) -> Html:
        """From … to …, the day written once if it is one."""
        if max(earliest, latest) > _LAST_DATED or _moment(earliest).date() != _moment(latest).date():
            return join(self.instant(earliest), el("span", " – "), self.instant(latest))
        first, last = _moment(earliest), _moment(latest)
        times = el("bdi", f"{_time_of_day(first)}–{_time_of_day(last)} UTC", dir="ltr")
        return el("time", self._date(first), " ", times, datetime=_iso(first))

    def age(self, instant: int) -> Html:
        """How long ago or how soon. The page's script counts on from here, see console.js."""
        return el("span", self.age_text(instant), class_="age", data_at=instant)

    def age_text(self, instant: int) -> str:
        """`3 h 20 min ago`; the two largest units."""
        seconds = abs(self.now - instant) // 1_000
        if seconds < _NOW_SECONDS:
            return self.word("age_now")
        span = self.word("age_between").join(
            f"{n}{self.word(f'age_{_one(unit, n)}')}" for n, unit in _two_largest(seconds) if n
        )
        return self.word("age_past" if instant <= self.now else "age_future").format(span=span)

    def ages(self) -> str:
        """What the script needs in order to write ages as `age_text` does, as JSON."""
        keys = ("now", "past", "future", "between", "day", "hour", "hour_one", "minute", "second")
        return json.dumps({key: self.word(f"age_{key}") for key in keys}, ensure_ascii=False)

    def _date(self, moment: datetime) -> str:
        month = self.word("months").split(" ")[moment.month - 1]
        key = "date" if moment.year == _moment(min(self.now, _LAST_DATED)).year else "date_with_year"
        return self.word(key).format(day=moment.day, month=month, year=moment.year)


def milliseconds_of(text: str) -> int:
    """The instant of `2026-11-24T10:00:00Z`."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)


def code(text: str) -> Html:
    """An identifier, a hash, a command: left to right in every language."""
    return el("bdi", text, dir="ltr", class_="code")


def person(actor: str) -> Html:
    """An actor's or a party's identifier inside a sentence."""
    return el("bdi", actor, dir="ltr")


def short(digest: str) -> Html:
    """A digest by its first eight digits; the whole one on demand."""
    return el("bdi", digest[:8] + "…", dir="ltr", class_="code", title=digest)


def preferred(accept_language: str) -> str:
    """The language that a browser asks for first among ours; English if none."""
    for tag in accept_language.split(","):
        language = tag.split(";")[0].strip().lower().split("-")[0]
        if language in LANGUAGES:
            return language
    return "en"


def _one(unit: str, count: int) -> str:
    return "hour_one" if unit == "hour" and count == 1 else unit


def _two_largest(seconds: int) -> tuple[tuple[int, str], ...]:
    if seconds < _MINUTE:
        return ((seconds, "second"),)
    if seconds < _HOUR:
        return ((seconds // _MINUTE, "minute"),)
    if seconds < _DAY:
        return (seconds // _HOUR, "hour"), (seconds % _HOUR // _MINUTE, "minute")
    return (seconds // _DAY, "day"), (seconds % _DAY // _HOUR, "hour")


def _moment(instant: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=instant)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _time_of_day(moment: datetime, *, seconds: bool = False) -> str:
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M")
