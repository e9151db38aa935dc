"""Papers as PDF, set by typst, which brings its own shaping and needs no library of the system; only fonts.

docs/decisions/0009-papers-by-typst.md
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec
import typst

from safeconduct.edges.papers.blocks import Paper, all_text
from safeconduct.errors import Unavailable

# For each language, fonts that have its letters, the best first; the package in which Debian has the first one.
_FAMILIES: Mapping[str, tuple[Sequence[str], str]] = {
    "en": (("Noto Sans", "DejaVu Sans", "Liberation Sans", "Libertinus Serif"), "fonts-noto-core"),
    "zh": (
        ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "PingFang SC"),
        "fonts-noto-cjk",
    ),
    "ur": (("Noto Nastaliq Urdu", "Noto Naskh Arabic", "Noto Sans Arabic", "Amiri"), "fonts-noto-core"),
}
_SCRIPTS = {"en": "Latin", "zh": "Chinese", "ur": "Urdu"}
_CODE = ("Noto Sans Mono", "DejaVu Sans Mono")
# First and last letter of the blocks that need a font of that language.
_LETTERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "zh": (("\u2e80", "\u9fff"), ("\uf900", "\ufaff")),
    "ur": (("\u0600", "\u06ff"), ("\u0750", "\u077f"), ("\ufb50", "\ufdff"), ("\ufe70", "\ufefc")),
}


def to_pdf(paper: Paper, fonts: typst.Fonts | None = None) -> bytes:
    """The paper as a tagged PDF on A4.

    fonts: those of this machine if None. Raises Unavailable where a font for the paper's letters is missing: boxes
    instead of words are no paper.
    """
    known = fonts if fonts is not None else _system_fonts()
    inputs = {
        "paper": msgspec.json.encode(paper).decode(),
        "fonts": msgspec.json.encode(_families(paper, frozenset(known.families()))).decode(),
    }
    document: bytes = typst.compile(_template(), font_paths=known, sys_inputs=inputs, format="pdf", timestamp=0)
    return document


@cache
def _system_fonts() -> typst.Fonts:
    """Looking through all fonts of a machine takes up to half a second, so it is done once."""
    return typst.Fonts()


@cache
def _template() -> bytes:
    return (files(__package__) / "assets" / "paper.typ").read_bytes()


def _families(paper: Paper, known: frozenset[str]) -> dict[str, list[str]]:
    """For each language the fonts to use in turn. Raises Unavailable if one that is needed is missing."""
    needed = {paper.language, *_languages_of(all_text(paper))}
    chosen = {}
    for language, (families, package) in _FAMILIES.items():
        found = [family for family in families if family in known]
        if not found and language in needed:
            raise Unavailable(
                f"no font for {_SCRIPTS[language]} is installed here, and boxes are no letters:"
                f" install one (Debian: apt-get install {package}), or print it as html"
            )
        chosen[language] = found[:1]
    # Whatever one font lacks is taken from those of the other languages.
    every = [family for found in chosen.values() for family in found]
    fonts = {language: list(dict.fromkeys([*found, *every])) for language, found in chosen.items()}
    return {**fonts, "code": [*(family for family in _CODE if family in known), *every]}


def _languages_of(texts: Iterable[str]) -> set[str]:
    letters = set("".join(texts))
    return {
        language
        for language, ranges in _LETTERS.items()
        if any(first <= letter <= last for letter in letters for first, last in ranges)  # order-free: any
    }
