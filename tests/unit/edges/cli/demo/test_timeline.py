"""The replay as people read it in a terminal, wide or narrow."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from safeconduct.core.acts import MovementAttested, MovementRelayed
from safeconduct.edges.cli.demo.scenario import AFTERNOON, END, EVENING, HOST, SENDING, pkt
from safeconduct.edges.cli.demo.timeline import Names, Receipt, Timeline, day_of
from safeconduct.edges.cli.demo.words import LANGUAGES, Words
from safeconduct.node import queries
from safeconduct.testing import authority
from tests.unit.edges.cli.demo.telling import template_terms, told

TERMS = template_terms()
AT = pkt(6, 22, 57)


def shown(do: Callable[[Timeline, Names], None], *, columns: int = 100, language: str = "en") -> str:
    words = Words(language)
    console = Console(file=io.StringIO(), width=columns, highlight=False, markup=False, emoji=False)
    do(Timeline(console, words), Names(words, TERMS))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("at", "day"), [(pkt(5, 0), "2024-10-05"), (pkt(6, 23, 59, 59), "2024-10-06"), (END, "2024-10-06")]
)
def test_a_day_is_karachis(at: int, day: str) -> None:
    assert day_of(at) == day


def test_a_statement_is_one_line_with_time_party_role_and_what() -> None:
    act = MovementRelayed(role="ministry_desk", to_role="province_desk")
    text = shown(lambda timeline, names: timeline.said(AT, names, "host/ministry-desk", act))
    assert text.split() == ["22:57", "host", "·", "ministry", "desk", "notice", "relayed:", "province", "desk"]


def test_somebody_with_two_roles_is_shown_with_both() -> None:
    assert Names(Words("en"), TERMS).actor("sending/night-desk") == (
        "sending · journey manager + approver of the sending side"
    )


def test_a_refusal_says_why() -> None:
    text = shown(lambda t, names: t.refused(AT, names, "sending/convoy-leader", "departed", "gate_open", "sweep"))
    assert "✗ departed, refused (gate_open): sweep" in text


@pytest.mark.parametrize(
    ("receipt", "text"),
    [(Receipt(HOST, AT, None), "host has it: 22:57"), (Receipt(SENDING, None, None), "no receipt of sending yet")],
)
def test_a_receipt_is_shown_or_missed(receipt: Receipt, text: str) -> None:
    assert text in shown(lambda timeline, names: timeline.receipts(names, [receipt]))


@pytest.mark.parametrize("holds", [True, False])
def test_a_gate_item_holds_or_does_not(holds: bool) -> None:
    act = MovementAttested(item="sweep", holds=holds)
    text = Names(Words("en"), TERMS).sentence(act)
    assert text.endswith("holds" if holds else "does not hold")


@pytest.mark.slow
def test_the_board_says_where_the_notice_stands_and_what_is_breached() -> None:
    row = queries.movement(told().federation.node(HOST), authority(told().federation.node(HOST)), EVENING).row
    text = " ".join(shown(lambda timeline, names: timeline.board(names, row)).split())
    assert "Consent missing: host. Gate open: 5 items. Notice stands at: province desk. Breached: NTC-1, NTC-2" in text


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [30, 59, 60, 200])
def test_nothing_is_wider_than_the_terminal(language: str, columns: int) -> None:
    row = queries.movement(told().federation.node(HOST), authority(told().federation.node(HOST)), AFTERNOON).row

    def tell(timeline: Timeline, names: Names) -> None:
        timeline.title()
        timeline.scene("scene_evening", AT)
        timeline.board(names, row)
        timeline.comment("not_relayed")
        timeline.warning("down")

    console = Console(width=columns)
    lines = shown(tell, columns=columns, language=language).splitlines()
    assert max(console.measure(line).maximum for line in lines) <= columns


def test_the_day_is_named_when_it_changes_and_not_again() -> None:
    def tell(timeline: Timeline, names: Names) -> None:
        for at in (pkt(5, 21), pkt(6, 9), pkt(6, 10)):
            timeline.scene("scene_gate", at)

    text = shown(tell)
    assert (text.count("2024-10-05"), text.count("2024-10-06")) == (1, 1)
