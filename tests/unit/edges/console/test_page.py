"""What stands around a page: how fresh it is, how the peer is, and what is wrong with this node."""

from __future__ import annotations

import pytest

from safeconduct.edges.console.markup import el
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import UNREACHED_AFTER_MS, View, contact, live_part
from safeconduct.edges.console.reader import Reader
from safeconduct.node import queries
from safeconduct.node.access import Viewer
from safeconduct.node.queries import LogPage
from safeconduct.testing import authority
from tests.unit.edges.console.night import NOW, told


def log(reached_at: int | None, problem: str | None = None, *, forked: bool = False) -> LogPage:
    return LogPage(
        party="sending",
        origin="sending.example/log",
        size=3,
        root="ab" * 32,
        void_entries=0,
        receipts={},
        reached_at=reached_at,
        problem=problem,
        forked=forked,
    )


def names(language: str = "en") -> Names:
    node = told().host
    return Names(node, Reader(language, NOW), node.terms())


@pytest.mark.parametrize(
    ("known", "tone", "words"),
    [
        (log(None), "warn", "not reached yet"),
        (log(NOW - 2_000), "calm", "reached <span"),
        (log(NOW - UNREACHED_AFTER_MS, "down"), "warn", "is not being taken in: "),
        (log(NOW - UNREACHED_AFTER_MS - 1, "down"), "alarm", "not reached since"),
        (log(NOW, "two histories", forked=True), "alarm", "has signed two histories"),
    ],
)
def test_contact_is_told_in_words(known: LogPage, tone: str, words: str) -> None:
    markup = str(contact(names(), known))
    assert (f'class="contact {tone}"' in markup, words in markup) == (True, True)


def test_a_problem_is_told_as_text() -> None:
    assert "expected &lt;x&gt;" in str(contact(names(), log(NOW, "expected <x>")))


def live(language: str = "en", *, replay: bool = False, attention: int = 0) -> str:
    view = View(title="Board", body=el("p", "body"), attention=attention)
    return str(live_part(told().host, authority(told().host), Reader(language, NOW), view, replay=replay))


def test_both_logs_are_at_a_glance_on_every_page() -> None:
    markup = live()
    for known in queries.logs(told().host):
        assert (f"size {known.size}" in markup, known.root[:8] in markup) == (True, True)


def test_whoever_is_no_auditor_is_shown_contact_and_no_size() -> None:
    """SIGHT-16, SIGHT-17: so that the page's tag does not move with what is hidden."""
    view = View(title="Board", body=el("p", "body"))
    officer = Viewer("host/duty_officer", ("duty_officer",))
    markup = str(live_part(told().host, officer, Reader("en", NOW), view, replay=False))
    found = [known.party for known in queries.logs(told().host) if f"size {known.size}" in markup]
    assert (found, "receipt" in markup, "Our log" in markup) == ([], False, True)


@pytest.mark.parametrize(("attention", "title"), [(0, "Board · safeconduct"), (2, "(2) Board · safeconduct")])
def test_the_tab_counts_what_wants_a_person(attention: int, title: str) -> None:
    assert f'data-title="{title}"' in live(attention=attention)


@pytest.mark.parametrize("replay", [False, True])
def test_a_replay_says_that_it_is_one(replay: bool) -> None:
    assert ("Replay: nothing on this page is happening now." in live(replay=replay)) is replay


def test_a_node_that_does_not_sign_says_so_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told().host, "halted", "this disk is <older>")
    markup = live("zh")
    assert ("本节点已停止签署" in markup, "this disk is &lt;older&gt;" in markup) == (True, True)
