"""Instants, lengths of time and names as people read them, in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The last instant that has a date of the usual form; a statement may claim a later one.
_LAST_DATED = 253_402_300_799_999

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"

_DURATION = re.compile(r"P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?")
# Years, months, days, hours, minutes, seconds: one, more.
_UNITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (" year", " years"),
        (" month", " months"),
        (" day", " days"),
        (" hour", " hours"),
        (" minute", " minutes"),
        (" second", " seconds"),
    ),
    "zh": (("年", "年"), ("个月", "个月"), ("天", "天"), ("小时", "小时"), ("分钟", "分钟"), ("秒", "秒")),
    "ur": (
        (" سال", " سال"),
        (" ماہ", " ماہ"),
        (" دن", " دن"),
        (" گھنٹہ", " گھنٹے"),
        (" منٹ", " منٹ"),
        (" سیکنڈ", " سیکنڈ"),
    ),
}
_BETWEEN_UNITS = {"en": " ", "zh": "", "ur": " "}
_BETWEEN_NAMES = {"en": ", ", "zh": "、", "ur": "، "}

# How much of a compartment is told. sizes: to how much it is blurred.
_GRADES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "exact": "in full",
        "blurred": "blurred: {sizes}",
        "places": "places to within {metres} {metres_unit}",
        "times": "times to within {minutes}",
        "count": "only how many",
        "existence": "only that it exists",
        "metre": "metre",
        "metres": "metres",
    },
    "zh": {
        "exact": "全部内容",
        "blurred": "模糊内容：{sizes}",
        "places": "地点精确到{metres}{metres_unit}",
        "times": "时间精确到{minutes}",
        "count": "仅知数量",
        "existence": "仅知其存在",
        "metre": "米",
        "metres": "米",
    },
    "ur": {
        "exact": "مکمل تفصیل",
        "blurred": "مبہم تفصیل: {sizes}",
        "places": "جگہ {metres} {metres_unit} تک",
        "times": "وقت {minutes} تک",
        "count": "صرف تعداد",
        "existence": "صرف اس کا وجود",
        "metre": "میٹر",
        "metres": "میٹر",
    },
}

# Marks by which a text could end its own isolation, or open one that it does not close.
_ISOLATES = re.compile("[\u2066-\u2069]")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_NAMED = re.compile(r"\{([a-z_]+)\}")


def instant_text(instant: int) -> str:
    """Milliseconds since 1970 as UTC, `2026-11-24T10:00:00Z`; milliseconds are shown where there are any."""
    if instant > _LAST_DATED:
        return f"{instant} ms"
    timespec = "milliseconds" if instant % 1000 else "seconds"
    moment = _EPOCH + timedelta(milliseconds=instant)
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def duration_text(duration: str, language: str) -> str:
    """An ISO 8601 duration or period in words: `24 hours`, `24小时`. Raises ValueError for another text."""
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise ValueError(f"a duration such as PT15M, got {duration[:40]!r}")
    counts = [int(count or 0) for count in match.groups()]
    units = _UNITS[language]
    words = [f"{count}{units[i][count != 1]}" for i, count in enumerate(counts) if count]
    return _BETWEEN_UNITS[language].join(words) or f"0{units[-1][1]}"


def grade_text(grade: str, metres: int | None, minutes: int | None, language: str) -> str:
    """How much of a compartment is told, in words: `blurred: places to within 500 metres`."""
    words = _GRADES[language]
    sizes = []
    if metres is not None:
        unit = words["metre" if metres == 1 else "metres"]
        sizes.append(words["places"].format(metres=metres, metres_unit=unit))
    if minutes is not None:
        sizes.append(words["times"].format(minutes=duration_text(f"PT{minutes}M", language)))
    return words[grade].format(sizes=listed(sizes, language))


def listed(names: list[str], language: str) -> str:
    """Names in a row."""
    return _BETWEEN_NAMES[language].join(names)


def isolated(text: str, language: str) -> str:
    """The text so that its direction does not disturb that of the sentence around it, or is disturbed by it."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if language == "ur" else text


def one_line(text: str) -> str:
    """The text without line breaks, and without the marks by which it could leave its isolation."""
    return " ".join(_ISOLATES.sub("", text).splitlines())


def filled(template: str, facts: Mapping[str, str]) -> str:
    """A template with its facts put in: `the {who} owed it[ by {due}]`.

    What stands in square brackets is said only if all facts named in it are there; of several wordings in one pair of
    brackets, `[at {came}|too late]`, the first that can be said is. An empty fact counts as none. Raises KeyError for
    a fact that is named outside of brackets and is not there.
    """
    parts = _OPTIONAL.split(template)
    # Every second part stood in brackets; what is put in is never looked at again, whatever characters it has.
    return "".join(_sayable(part, facts) if i % 2 else part.format_map(facts) for i, part in enumerate(parts))


def _sayable(wordings: str, facts: Mapping[str, str]) -> str:
    for wording in wordings.split("|"):
        if all(facts.get(name) for name in _NAMED.findall(wording)):
            return wording.format_map(facts)
    return ""
