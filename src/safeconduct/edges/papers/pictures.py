"""Pictures of counts as SVG of our own: bars of shares, columns over time. Whole numbers, no text, no scripts.

What would be a label stands beside the picture as text, so that it is shaped, translated, resized and read aloud like
any other. In a language from right to left the pictures run from right to left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from safeconduct.core.agreement import Tally
from safeconduct.edges.papers.blocks import Picture

# Part of a tally, its colour, and whether a stripe marks it where colours are not seen.
# The order is that of the bars, from their beginning.
PARTS: Sequence[tuple[str, str, str]] = (
    ("kept", "#5aa583", ""),
    ("near", "#b9dcc9", ""),
    ("disputed", "#f0b429", "#5c3d00"),
    ("breached", "#9b1020", ""),
    ("waived", "#aab2ba", ""),
    ("pending", "#ffffff", ""),
)
_EDGE = "#5b646d"
_BAR = (200, 12)
_SAMPLE = 12
_COLUMN, _GAP, _HEIGHT = 10, 2, 48
# A picture of two columns is not drawn as wide as one of thirty.
_COLUMNS_MIN = 8
# The least width of a part of a bar.
_SEEN = 3
# Of a time line: its width, and how high and of which colour a bar is from the instant on at which so much is known.
LINE_WIDTH = 300
_LINE_HEIGHT, _MARK = 16, 4
_KNOWN: Mapping[str, tuple[int, str]] = {
    "exact": (10, "#1f4e79"),
    "blurred": (6, "#4f86b5"),
    "count": (3, "#4f86b5"),
    "existence": (1, "#7b8791"),
}
_WINDOW, _GUIDE = "#f7d98b", "#d5dade"


def parts_of(tally: Tally) -> dict[str, int]:
    """The tally as parts that do not overlap; `near` has the late word too: what was kept, but only just."""
    only_just = min(tally.near + tally.late_word, tally.met)
    return {
        "kept": tally.met - only_just,
        "near": only_just,
        "disputed": tally.disputed,
        "breached": tally.breached,
        "waived": tally.waived,
        "pending": tally.pending,
    }


def total(tally: Tally) -> int:
    """All obligations in a tally."""
    return sum(parts_of(tally).values())


def bar(tally: Tally, alt: str, *, mirrored: bool) -> Picture:
    """The parts as shares of one bar."""
    width, height = _BAR
    everything = total(tally)
    drawing = _Drawing()
    drawing.fill("#eef1f3", 0, 0, width, height)
    passed = 0
    for name, colour, stripe in PARTS if everything else ():
        count = parts_of(tally)[name]
        start, end = width * passed // everything, width * (passed + count) // everything
        passed += count
        if count:
            # A part of one in a thousand is still seen.
            start = min(start, width - _SEEN)
            end = max(end, start + _SEEN)
            drawing.part(width - end if mirrored else start, 0, end - start, height, colour, stripe)
    drawing.frame(0, 0, width, height)
    return drawing.picture(width, height, alt)


def columns(series: Sequence[Tally], alt: str, *, mirrored: bool) -> Picture:
    """One column a step, as high as there were obligations; the highest fills the picture."""
    places = max(len(series), _COLUMNS_MIN)
    highest = max((total(tally) for tally in series), default=0)
    drawing = _Drawing()
    for place, tally in enumerate(series):
        x = (places - 1 - place if mirrored else place) * _COLUMN + _GAP // 2
        passed = 0
        for name, colour, stripe in reversed(PARTS):
            count = parts_of(tally)[name]
            if count:
                bottom, top = (_HEIGHT * n // highest for n in (passed, passed + count))
                drawing.part(x, _HEIGHT - top, _COLUMN - _GAP, max(top - bottom, 1), colour, stripe)
            passed += count
        if passed:
            height = _HEIGHT * passed // highest
            drawing.frame(x, _HEIGHT - height, _COLUMN - _GAP, height)
    drawing.fill(_EDGE, 0, _HEIGHT, places * _COLUMN, 1)
    return drawing.picture(places * _COLUMN, _HEIGHT + 1, alt)


def sample(part: str, alt: str) -> Picture:
    """The colour of a part, for the legend."""
    colour, stripe = next((colour, stripe) for name, colour, stripe in PARTS if name == part)
    drawing = _Drawing()
    drawing.part(0, 0, _SAMPLE, _SAMPLE, colour, stripe)
    drawing.frame(0, 0, _SAMPLE, _SAMPLE)
    return drawing.picture(_SAMPLE, _SAMPLE, alt)


def knowing(
    bars: Sequence[tuple[int, str]], window: tuple[int, int], guides: Sequence[int], alt: str, *, mirrored: bool
) -> Picture:
    """What one role will know of one compartment: from each place on a bar as high as the grade, with a mark there.

    bars: place and grade, in order. window: from where to where departure is planned. guides: places of all instants.
    """
    drawing = _Drawing()

    def fill(colour: str, start: int, end: int, height: int) -> None:
        x = LINE_WIDTH - end if mirrored else start
        drawing.fill(colour, x, (_LINE_HEIGHT - height) // 2, end - start, height)

    fill(_WINDOW, window[0], max(window[1], window[0] + _SEEN), _LINE_HEIGHT)
    for place in guides:
        start = min(place, LINE_WIDTH - 1)
        fill(_GUIDE, start, start + 1, _LINE_HEIGHT)
    for n, (place, grade) in enumerate(bars):
        height, colour = _KNOWN[grade]
        start = min(place, LINE_WIDTH - _MARK)
        end = bars[n + 1][0] if n + 1 < len(bars) else LINE_WIDTH
        fill(colour, start, max(end, start + _MARK), height)
    for place, grade in bars:
        start = min(place, LINE_WIDTH - _MARK)
        fill(_KNOWN[grade][1], start, start + _MARK, _LINE_HEIGHT)
    return drawing.picture(LINE_WIDTH, _LINE_HEIGHT, alt)


def line_sample(name: str, alt: str) -> Picture:
    """The bar of a grade, or the `window`, for the legend."""
    drawing = _Drawing()
    height, colour = _KNOWN.get(name, (_LINE_HEIGHT, _WINDOW))
    drawing.fill(colour, 0, (_LINE_HEIGHT - height) // 2, _LINE_HEIGHT, height)
    if name in _KNOWN:
        drawing.fill(colour, 0, 0, _MARK, _LINE_HEIGHT)
    return drawing.picture(_LINE_HEIGHT, _LINE_HEIGHT, alt)


class _Drawing:
    """Rectangles, collected by colour: a paper has hundreds of pictures, and lines may be slow."""

    def __init__(self) -> None:
        self._filled: dict[str, list[str]] = {}
        self._framed: list[str] = []

    def fill(self, colour: str, x: int, y: int, width: int, height: int) -> None:
        self._filled.setdefault(colour, []).append(_path(x, y, width, height))

    def part(self, x: int, y: int, width: int, height: int, colour: str, stripe: str) -> None:
        self.fill(colour, x, y, width, height)
        if stripe:
            self.fill(stripe, x, y + max(height // 2 - 1, 0), width, min(2, height))

    def frame(self, x: int, y: int, width: int, height: int) -> None:
        self._framed.append(_path(x, y, width, height))

    def picture(self, width: int, height: int, alt: str) -> Picture:
        # The stripe of a part is a later colour than the part itself, so it lies above it.
        paths = [f'<path fill="{colour}" d="{"".join(paths)}"/>' for colour, paths in self._filled.items()]
        if self._framed:
            paths.append(
                f'<path fill="none" stroke="{_EDGE}" vector-effect="non-scaling-stroke" d="{"".join(self._framed)}"/>'
            )
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            f' aria-label="{escape(alt)}" preserveAspectRatio="none">{"".join(paths)}</svg>'
        )
        return Picture(svg=svg, alt=alt)


def _path(x: int, y: int, width: int, height: int) -> str:
    return f"M{x} {y}h{width}v{height}h-{width}z"
