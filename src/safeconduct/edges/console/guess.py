"""What somebody who has only watched would guess of a movement: four bars, their product, and why in a sentence."""

from __future__ import annotations

from safeconduct.core.disclosure import Chance, Predictability, explain_predictability
from safeconduct.edges.console.markup import Html, el, join
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.shapes import badge

# Units of a bar: one for each in a thousand, and a height that a phone shows as some ten dots.
_WHOLE, _HEIGHT = 1_000, 24
# The mark of the even draw; it stays inside the bar.
_MARK = 8


def guess_section(reader: Reader, found: Predictability | None) -> Html:
    """The section's content; where nothing is agreed, or too little was seen, it says so."""
    if found is None:
        return el("p", reader.word("guess_not_agreed"), class_="nothing")
    sentence = explain_predictability(found, reader.language)
    guess = found.guess
    if guess is None:
        return el("p", sentence, class_="nothing")
    tone, shape, key = ("warn", "warning", "guess_above") if found.is_warning else ("plain", "bar", "guess_below")
    bars = (
        ("guess_who", guess.who.chance, guess.who.even, _seen(reader, guess.who)),
        ("guess_place", guess.place.chance, guess.place.even, _seen(reader, guess.place)),
        ("guess_hour", guess.hour.chance, guess.hour.even, _seen(reader, guess.hour)),
        ("guess_route", guess.route.chance, guess.route.even, _seen(reader, guess.route)),
    )
    together = _bar(
        reader, "guess_together", guess.together, guess.even, reader.say("guess_warn", n=found.warn, even=guess.even)
    )
    return join(
        el("p", badge(shape, tone, reader.say(key, n=guess.together, warn=found.warn))),
        el("p", sentence),
        el("ul", [_bar(reader, *bar) for bar in bars], together, class_="guesses"),
        el("small", reader.word("guess_mark")),
    )


def _seen(reader: Reader, odds: Chance) -> Html:
    return reader.say("guess_seen", times=odds.times, days=odds.days, even=odds.even)


def _bar(reader: Reader, key: str, chance: int, even: int, note: Html) -> Html:
    at = min(even, _WHOLE - _MARK)
    picture = el(
        "svg",
        el("rect", class_="whole", width=_WHOLE, height=_HEIGHT),
        el("rect", class_="chance", width=chance, height=_HEIGHT),
        el("rect", class_="even", x=at, width=_MARK, height=_HEIGHT),
        viewBox=f"0 0 {_WHOLE} {_HEIGHT}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    number = reader.say("guess_of", n=chance)
    name = "together" if key == "guess_together" else None
    return el("li", el("span", reader.word(key)), picture, el("strong", number), el("small", note), class_=name)
