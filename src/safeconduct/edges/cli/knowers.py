"""Who could have known: the question after an incident, asked of the record."""

from __future__ import annotations

from collections.abc import Sequence

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.disclosure import Common, Way, common
from safeconduct.edges.cli.desk import Desk, speaks
from safeconduct.edges.cli.inputs import moment
from safeconduct.edges.cli.program import example
from safeconduct.edges.cli.screen import line, moment_text, table
from safeconduct.errors import InputInvalid
from safeconduct.node.orders import WhoKnew

_WORDS = {"sealed": "sealed it", "could_open": "could open it", "opened": "opened it", "node": "has the node's keys"}
# Facts in one question.
FACTS_MAX = 50


class Answer(msgspec.Struct, frozen=True):
    """Each fact with whoever could have known it; and everybody with how many of the facts."""

    facts: tuple[WhoKnew, ...]
    common: tuple[Common, ...]


@click.command(
    epilog=example(
        "safeconduct knew m-20261124-k3x7/route --profile auditor",
        "safeconduct knew m-20261124-k3x7/route m-20261126-a1b2/rendezvous@2026-11-26T06:00Z --json",
    )
)
@click.argument("facts", metavar="MOVEMENT/COMPARTMENT[@TIME]…", nargs=-1, required=True)
@click.option("--before", metavar="TIME", help="Before when; else before it departed, or now.")
@speaks
def knew(desk: Desk, facts: tuple[str, ...], before: str | None) -> None:
    """Who could have known a sealed part, and since when.

    By the record: who sealed or opened it, for whom it was open, and which nodes had every share. Of several facts,
    also who could have known how many of them. It says nothing of what anybody did, was told, saw or guessed.
    """
    if len(facts) > FACTS_MAX:
        raise InputInvalid(f"expected at most {FACTS_MAX} facts, got {len(facts)}")
    answers = tuple(_asked(desk, fact, before) for fact in facts)
    answer = Answer(answers, common([each.knowers for each in answers]))
    desk.show(answer, *_pictures(answer))


def _asked(desk: Desk, fact: str, before: str | None) -> WhoKnew:
    what, _, at = fact.partition("@")
    movement, slash, compartment = what.removeprefix("movement/").partition("/")
    if not (movement and slash and compartment) or "/" in compartment:
        raise InputInvalid(f"expected a fact such as m-20261124-k3x7/route, got {fact[:80]!r}")
    when = at or before
    wanted = moment(when, desk.now(), "--before" if not at else "the time of a fact") if when is not None else None
    return desk.client.get(f"/v1/movements/{movement}/knew/{compartment}", WhoKnew, before=wanted)


def _pictures(answer: Answer) -> list[RenderableType]:
    pictures: list[RenderableType] = []
    for fact in answer.facts:
        rows = [(knower.who, moment_text(knower.since), knower.variant, _ways(knower.ways)) for knower in fact.knowers]
        title = f"{fact.subject}, {fact.compartment}: who could have known it before {moment_text(fact.before)}"
        pictures.append(table(("who", "since", "how exactly", "by the record"), rows, title=title))
    if len(answer.facts) > 1:
        rows_of_all = [(row.who, f"{row.knew} of {row.facts}") for row in answer.common]
        pictures.append(table(("who", "facts"), rows_of_all, title="of all these facts"))
    pictures.append(line("what was said aloud, seen or guessed is not in the record", "dim"))
    return pictures


def _ways(ways: Sequence[Way]) -> str:
    return ", ".join(dict.fromkeys(f"{_WORDS[way.how]} {moment_text(way.at)}" for way in ways))
