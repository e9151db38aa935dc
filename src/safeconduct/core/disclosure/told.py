"""Why a movement is as guessable as it is, in a sentence in each language."""

from __future__ import annotations

from collections.abc import Mapping

from safeconduct.core.agreement import isolated
from safeconduct.core.disclosure.predictability import Chance, Predictability

# What is said of each fact; the parts stand one after the other.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "too_few": "Too few to say. Days on which they were seen to leave from there: {days}; needed: {least}.",
        "who": "They left from there on {times} of the last {days} {weekday}",
        "who_always": "They left from there on each of the last {days} {weekday}",
        "who_never": "They left from there on none of the last {days} {weekday}",
        "who_one": "They left from there on the one {weekday} that was watched",
        "who_one_never": "They did not leave from there on the one {weekday} that was watched",
        "who_unseen": "No {weekday} has been watched yet",
        "place": "; to this destination on {times} of {days} days",
        "place_always": "; always to this destination",
        "place_never": "; never to this destination.",
        "hour": "; between {begin} and {end} ({clock}) on {times} of {days}",
        "hour_always": "; always between {begin} and {end} ({clock})",
        "hour_never": "; never between {begin} and {end} ({clock}).",
        "route": ", by this route on {times} of {days}.",
        "route_always": ", always by this route.",
        "route_never": ", never by this route.",
        "weekdays": "Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays",
        "weekday_one": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    },
    "zh": {
        "too_few": "数据太少，无法判断。记录中从该处出发的日子：{days}天；至少需要{least}天。",
        "who": "最近{days}个{weekday}中，有{times}个从该处出发",
        "who_always": "最近{days}个{weekday}都从该处出发",
        "who_never": "最近{days}个{weekday}都没有从该处出发",
        "who_one": "唯一观察到的{weekday}从该处出发了",
        "who_one_never": "唯一观察到的{weekday}没有从该处出发",
        "who_unseen": "尚未观察过{weekday}",
        "place": "；{days}天中有{times}天前往该目的地",
        "place_always": "；总是前往该目的地",
        "place_never": "；从未前往该目的地。",
        "hour": "；其中{days}天里有{times}天在{begin}至{end}（{clock}）出发",
        "hour_always": "；总是在{begin}至{end}（{clock}）出发",
        "hour_never": "；从未在{begin}至{end}（{clock}）出发。",
        "route": "，其中{days}天里有{times}天走该路线。",
        "route_always": "，总是走该路线。",
        "route_never": "，从未走该路线。",
        "weekdays": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
        "weekday_one": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
    },
    "ur": {
        "too_few": "کچھ کہنے کے لیے معلومات کم ہیں۔ وہاں سے روانگی کے دیکھے گئے دن: {days}؛ درکار: {least}۔",
        "who": "پچھلے {days} {weekday} کے دنوں میں سے {times} دن وہاں سے روانگی ہوئی",
        "who_always": "پچھلے تمام {days} {weekday} کے دن وہاں سے روانگی ہوئی",
        "who_never": "پچھلے {days} {weekday} کے دنوں میں سے کسی دن وہاں سے روانگی نہیں ہوئی",
        "who_one": "دیکھے گئے واحد {weekday} کے دن وہاں سے روانگی ہوئی",
        "who_one_never": "دیکھے گئے واحد {weekday} کے دن وہاں سے روانگی نہیں ہوئی",
        "who_unseen": "{weekday} کا کوئی دن ابھی نہیں دیکھا گیا",
        "place": "؛ {days} میں سے {times} دن اسی منزل کی طرف",
        "place_always": "؛ ہمیشہ اسی منزل کی طرف",
        "place_never": "؛ اس منزل کی طرف کبھی نہیں۔",
        "hour": "؛ ان {days} میں سے {times} دن {begin} اور {end} ({clock}) کے درمیان",
        "hour_always": "؛ ہمیشہ {begin} اور {end} ({clock}) کے درمیان",
        "hour_never": "؛ {begin} اور {end} ({clock}) کے درمیان کبھی نہیں۔",
        "route": "، ان {days} میں سے {times} دن اسی راستے سے۔",
        "route_always": "، ہمیشہ اسی راستے سے۔",
        "route_never": "، اس راستے سے کبھی نہیں۔",
        "weekdays": "پیر منگل بدھ جمعرات جمعے ہفتے اتوار",
        "weekday_one": "پیر منگل بدھ جمعرات جمعے ہفتے اتوار",
    },
}


def explain_predictability(found: Predictability, language: str) -> str:
    """What was seen, up to the first thing that never was. Raises KeyError for an unknown language."""
    words = _WORDS[language]
    guess = found.guess
    if guess is None:
        return _say(words, language, "too_few", days=found.days, least=found.least)
    names = words["weekdays" if guess.who.days > 1 else "weekday_one"].split()
    text = _say(words, language, _who(guess.who), guess.who, weekday=names[guess.weekday])
    if not guess.place.times:
        return text + words["place_never"]
    text += _say(words, language, _how("place", guess.place), guess.place)
    begin, end = _time(guess.half_hour), _time(guess.half_hour + 1)
    key = _how("hour", guess.hour)
    text += _say(words, language, key, guess.hour, begin=begin, end=end, clock=f"UTC{found.clock}")
    if not guess.hour.times:
        return text
    return text + _say(words, language, _how("route", guess.route), guess.route)


def _who(odds: Chance) -> str:
    if odds.days > 1:
        return _how("who", odds)
    return "who_unseen" if odds.days == 0 else "who_one" if odds.times else "who_one_never"


def _how(key: str, odds: Chance) -> str:
    return f"{key}_never" if odds.times == 0 else f"{key}_always" if odds.times == odds.days else key


def _say(words: Mapping[str, str], language: str, key: str, odds: Chance | None = None, /, **facts: int | str) -> str:
    if odds is not None:
        facts |= {"times": odds.times, "days": odds.days}
    return words[key].format(**{name: isolated(str(fact), language) for name, fact in facts.items()})


def _time(half_hour: int) -> str:
    return f"{half_hour // 2:02}:{half_hour % 2 * 30:02}"
