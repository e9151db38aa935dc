from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.agreement.markdown import code, plain, quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("as it is", "as it is"),
        ("two\nlines", "two lines"),
        ("<h3>NTC-9</h3>", r"\<h3>NTC-9\</h3>"),
        (r"\<h3>", r"\\\<h3>"),
        ("`x`", r"\`x\`"),
    ],
)
def test_a_text_within_a_line_is_neither_code_nor_html(text: str, shown: str) -> None:
    """AG-37"""
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo", ["> one", "> two"]),
        ("# one", [r"> \# one"]),
        ("  ### NTC-9", [r">   \### NTC-9"]),
        ("title\n---", ["> title", r"> \---"]),
        ("title\n=", ["> title", r"> \="]),
        ("- a point\n-- and more", ["> - a point", "> -- and more"]),
        ("one\rtwo", ["> one", "> two"]),
        ("a\n\nb", ["> a", "> ", "> b"]),
        ("<h1>x", [r"> \<h1>x"]),
    ],
)
def test_a_quotation_has_no_headings(text: str, lines: list[str]) -> None:
    """AG-37"""
    assert quoted(text) == lines


@given(st.text(alphabet="#=- \n\r\u2028<\\`ab"))
def test_no_line_of_a_quotation_leaves_it_or_is_a_heading(text: str) -> None:
    """AG-37"""
    lines = "\n".join(quoted(text)).splitlines()
    assert [line for line in lines if not line.startswith("> ") or re.match(r"> \s*(#|=+\s*$|-+\s*$)", line)] == []


@pytest.mark.parametrize(
    ("condition", "shown"),
    [("a < b", "`a < b`"), ("`", "`` ` ``"), ('x == "``"', '```x == "``"```'), ("a ||\n b", "`a ||  b`")],
)
def test_a_condition_is_shown_as_it_was_agreed(condition: str, shown: str) -> None:
    """AG-37"""
    assert [code(condition, "en"), code(condition, "ur")] == [shown, f"\u2068{shown}\u2069"]
