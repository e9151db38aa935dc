"""What the other side wrote does nothing to a terminal, and people read times as times."""

from __future__ import annotations

import pytest
from rich.text import Text

from safeconduct.edges.cli.screen import Screen, clean, clean_lines, line, moment_text, pairs, span_text, table

HOSTILE = "ok\x1b[2J\x1b]0;title\x07\r\u202egnp.exe\u2066x\u2069\x9b31m\ufeff"


def test_a_hostile_text_keeps_its_letters_and_loses_what_a_terminal_obeys() -> None:
    assert clean(HOSTILE) == "ok�[2J�]0;title���gnp.exe�x��31m�"


@pytest.mark.parametrize("text", ["两国", "معاہدہ", "a\u200cb", "a b", "é", "–", "🚗"])
def test_text_of_people_is_shown_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_lines_of_another_become_one_line() -> None:
    assert clean("one\ntwo\r\nthree\tfour") == "one two three four"


def test_our_own_lines_stay_lines_and_say_which_way_they_read() -> None:
    assert clean_lines("a\n\u2068b\u2069\x1b") == "a\n\u2068b\u2069\ufffd"


def test_no_picture_lets_an_escape_through(capsys: pytest.CaptureFixture[str]) -> None:
    """INVARIANT (clean-screen): a table, pairs and lines of what a stranger wrote."""
    pictures = (table(("a",), [(HOSTILE,), ((HOSTILE, HOSTILE),)]), pairs([("b", HOSTILE)]), line(HOSTILE))
    Screen().show(None, *pictures)
    assert not set("\x1b\x07\x9b\u202e") & set(capsys.readouterr().out)


def test_a_stranger_quoted_in_our_own_text_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().show(None, f"the reason: {HOSTILE}")
    Screen().ask_about(f"the reason: {HOSTILE}")
    Screen().note(f"the reason: {HOSTILE}")
    shown = capsys.readouterr()
    assert not set("\x1b\x07\x9b") & set(shown.out + shown.err)


def test_markup_of_a_stranger_is_shown_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().show(None, table(("a",), [("[bold red]x[/] :warning:",)]))
    assert "[bold red]x[/] :warning:" in capsys.readouterr().out


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().show(None, table(("a", "b"), [], title="movements"))
    assert capsys.readouterr().out.strip() == "movements: none"


def test_a_program_gets_json_and_no_picture(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(as_json=True).show({"a": ("x", None)}, Text("picture"))
    assert capsys.readouterr().out == '{\n  "a": [\n    "x",\n    null\n  ]\n}\n'


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01 00:00:00Z"),
        (1_728_172_800_000, "2024-10-06 00:00:00Z"),
        (1_728_172_800_250, "2024-10-06 00:00:00.250Z"),
        (None, "–"),
        (2**53 - 1, "9007199254740991 ms"),
    ],
)
def test_an_instant_is_read_as_utc(instant: int | None, text: str) -> None:
    assert moment_text(instant) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "0 s"),
        (999, "0 s"),
        (61_000, "1 min 1 s"),
        (3_600_000, "1 h"),
        (90_061_000, "1 d 1 h"),
        (-5_000, "5 s"),
    ],
)
def test_a_span_has_its_two_largest_units(length: int, text: str) -> None:
    assert span_text(length) == text
