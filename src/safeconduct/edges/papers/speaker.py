"""Who reads a paper: the language, and what parties, roles and clauses are called in it. Times and dates as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safeconduct.core.agreement import Clause, Finding, Terms, explain
from safeconduct.edges.papers.blocks import Run
from safeconduct.edges.papers.words import DIRECTIONS, word
from safeconduct.errors import InputInvalid

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000
# The last instant that has a date of the usual form; a statement may claim a later one.
_LAST_DATED = 253_402_300_799_999
_FIRST_STRONG_ISOLATE, _LEFT_TO_RIGHT_ISOLATE, _POP_ISOLATE = "\u2068", "\u2066", "\u2069"


@dataclass(frozen=True, slots=True)
class Speaker:
    """language: of the paper. versions: the agreement's texts by digest, the oldest first; at least one.

    Raises InputInvalid where a text is not in the language: half a paper in another one serves nobody.
    """

    language: str
    versions: Mapping[str, Terms]

    def __post_init__(self) -> None:
        for terms in self.versions.values():
            if self.language not in terms.languages:
                spoken = ", ".join(terms.languages)
                raise InputInvalid(f"a language of the agreement ({spoken}), got {self.language}")

    @property
    def mirrored(self) -> bool:
        """Whether the language runs from right to left, and pictures with it."""
        return DIRECTIONS[self.language] == "rtl"

    @property
    def terms(self) -> Terms:
        """The latest version."""
        return self._newest_first()[0]

    def word(self, key: str) -> str:
        """A text of the catalogue."""
        return word(key, self.language)

    def say(self, key: str, **parts: str | int) -> str:
        """A text of the catalogue with its parts, each of which keeps its own direction."""
        return self.word(key).format(**{name: self.isolated(str(part)) for name, part in parts.items()})

    def isolated(self, text: str) -> str:
        """The text so that its direction neither disturbs the sentence around it nor is disturbed."""
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if self.mirrored else text

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row."""
        return self.word("listed").join(names)

    def _newest_first(self) -> list[Terms]:
        return list(self.versions.values())[::-1]

    # --- names, each in its own direction -----------------------------------------------------------------------------

    def title(self) -> str:
        """The agreement's title with its version."""
        return self.say("agreement_is", title=self.terms.title[self.language], version=self.terms.version)

    def party(self, party: str) -> str:
        """What a party is called; its id where it has no name in the language."""
        for terms in self._newest_first():
            known = terms.party(party)
            if known is not None:
                return self.isolated(known.name.get(self.language) or next(iter(known.name.values()), party))
        return self.isolated(party)

    def role(self, role: str) -> str:
        """What a role is called."""
        for terms in self._newest_first():
            known = terms.role(role)
            if known is not None:
                return self.isolated(known.name[self.language])
        return self.isolated(role)

    def clause(self, clause: str, agreement: str) -> Clause | None:
        """A clause as that version has it."""
        terms = self.versions.get(agreement)
        return next((known for known in terms.clauses if known.id == clause), None) if terms is not None else None

    def clause_title(self, clause: str, agreement: str) -> str:
        """What a clause is called."""
        known = self.clause(clause, agreement)
        return self.isolated(known.title[self.language]) if known is not None else ""

    def sentence(self, finding: Finding) -> str:
        """A finding as its agreement says it."""
        return explain(self.versions[finding.agreement], finding, self.language)

    # --- times --------------------------------------------------------------------------------------------------------

    def date(self, instant: int) -> str:
        """The day in UTC."""
        return self._date("date", instant)

    def short_date(self, instant: int) -> str:
        """The day without its year."""
        return self._date("short_date", instant)

    def instant(self, instant: int) -> str:
        """Day and time of day in UTC."""
        if instant > _LAST_DATED:
            return f"{instant} ms"
        clock = f"{_moment(instant):%H:%M} UTC"
        return self.isolated(f"{self.date(instant)} {self._left_to_right(clock)}")

    def period(self, since: int, until: int) -> str:
        """From … to …; whole days are said without times, the last one included."""
        if since % _DAY_MS == 0 and until % _DAY_MS == 0:
            return self.say("from_until", first=self.date(since), last=self.date(until - 1))
        return self.say("from_until", first=self.instant(since), last=self.instant(until))

    def _date(self, key: str, instant: int) -> str:
        if instant > _LAST_DATED:
            return f"{instant} ms"
        moment = _moment(instant)
        month = self.word("months").split(" ")[moment.month - 1]
        return self.word(key).format(day=moment.day, month=month, year=moment.year)

    def _left_to_right(self, text: str) -> str:
        return f"{_LEFT_TO_RIGHT_ISOLATE}{text}{_POP_ISOLATE}" if self.mirrored else text


def foreign(text: str, language: str) -> Run:
    """What a person wrote, in whatever language it is by its letters; said where that is not the paper's."""
    written = _script_language(text)
    return Run(text, language="" if written == language else written)


def code(text: str) -> Run:
    """An identifier, left to right in every language."""
    return Run(text, "code")


def _script_language(text: str) -> str:
    if any("\u0600" <= letter <= "\u06ff" for letter in text):
        return "ur"
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"


def _moment(instant: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=instant)
