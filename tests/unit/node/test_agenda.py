"""What is to be looked at, and when."""

from __future__ import annotations

from safeconduct.node.agenda import Agenda


def test_what_was_said_of_is_due_at_once_and_what_was_looked_at_when_its_time_comes() -> None:
    agenda = Agenda()
    agenda.touch("b")
    agenda.touch("a")
    assert agenda.due(0) == ["a", "b"]
    agenda.again("a", 10)
    assert (agenda.due(9), agenda.due(10)) == (["b"], ["a", "b"])


def test_what_was_dropped_is_due_with_the_next_word_alone() -> None:
    agenda = Agenda()
    agenda.touch("a")
    agenda.drop("a")
    agenda.again("a", 5)
    assert (agenda.due(10), list(agenda)) == ([], [])
    agenda.touch("a")
    assert agenda.due(0) == ["a"]


def test_what_waits_is_due_at_once_if_something_was_said_meanwhile() -> None:
    agenda = Agenda()
    for subject in ("a", "b"):
        agenda.touch(subject)
        agenda.drop(subject)
    agenda.touch("b")
    for subject in ("a", "b"):
        agenda.wait(subject, 7)
    assert (agenda.due(0), agenda.due(7)) == (["b"], ["a", "b"])
