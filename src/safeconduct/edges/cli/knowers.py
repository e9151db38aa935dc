"""Who could have known a sealed part of an order before a moment, and who several that came out."""

from __future__ import annotations

from collections.abc import Mapping

import click
from rich.console import RenderableType

from safeconduct.core.disclosure import Common, Knower, Way
from safeconduct.edges.cli.desk import Desk, reason_option, speaks
from safeconduct.edges.cli.inputs import moment
from safeconduct.edges.cli.program import example
from safeconduct.edges.cli.screen import line, moment_text, table
from safeconduct.errors import InputInvalid
from safeconduct.node.knowing import Inquiry, Known
from safeconduct.node.limits import FACTS_MAX

_HOW: Mapping[str, str] = {
    "sealed": "sealed it",
    "could_open": "could open it",
    "opened": "opened it",
    "told": "was told",
    "node": "its keys and disk",
}


@click.command(
    epilog=example(
        "safeconduct knew m-20261124-k3x7/rendezvous --profile alice",
        "safeconduct knew m1/rendezvous m2/route@2026-11-24T10:00Z --profile alice",
        'safeconduct knew m1/route --reason "inquiry into the leak of 24 November" --profile alice',
        "safeconduct knew m1/route --before 2026-11-24T10:00Z --json --profile alice",
    )
)
@click.argument("facts", metavar="MOVEMENT/COMPARTMENT[@TIME]...", nargs=-1, required=True)
@click.option("--before", metavar="TIME", help="Before when, for facts without a time; else the departure, or now.")
@reason_option
@speaks
def knew(desk: Desk, facts: tuple[str, ...], before: str | None, reason: str | None) -> None:
    """Who could have known a sealed part of an order before a moment.

    From when on, how exactly, and by which way on the record. Of several facts also who could have known all of them.
    It says who could have known, and nothing of what anybody did; what was seen or guessed from outside is not in it.
    """
    if len(facts) > FACTS_MAX:
        raise InputInvalid(f"expected at most {FACTS_MAX} facts, got {len(facts)}")
    asked = ",".join(_asked(fact, before, desk.now()) for fact in facts)
    desk.give_reason("knew", [f"movement/{fact.partition('/')[0]}" for fact in facts], reason)
    inquiry = desk.client.get("/v1/knew", Inquiry, facts=asked)
    pictures: list[RenderableType] = []
    for known in inquiry.facts:
        pictures += _picture(known)
    desk.show(inquiry, *pictures, *_common(inquiry))


def _asked(fact: str, before: str | None, now: int) -> str:
    what, sign, at = fact.partition("@")
    if what.count("/") != 1:
        raise InputInvalid(f"expected a movement and a compartment such as m1/rendezvous, got {fact[:60]!r}")
    until = at if sign else before
    return what if until is None else f"{what}@{moment(until, now, '--before' if not sign else fact[:60])}"


def _picture(known: Known) -> list[RenderableType]:
    name = _name(known)
    when = f"{moment_text(known.before)}{' (its departure)' if known.is_departure else ''}"
    if not known.is_sealed:
        return [line(f"{name} was never sealed: the record cannot say who knew it")]
    if not known.knowers:
        return [line(f"nobody could have known {name} before {when}, by the record")]
    columns = ("who", "from", "how exactly", "how")
    return [
        table(
            columns,
            (_row(knower) for knower in known.knowers),
            title=f"who could have known {name} before {when}: {len(known.knowers)}",
        )
    ]


def _row(knower: Knower) -> tuple[object, ...]:
    finest = knower.variant
    if knower.finest_since != knower.since:
        finest += f" from {moment_text(knower.finest_since)}"
    return knower.who, moment_text(knower.since), finest, [_way(way) for way in knower.ways]


def _way(way: Way) -> str:
    return f"{_HOW[way.how]}{f' by {way.by}' if way.by else ''} ({way.variant}, {moment_text(way.since)})"


def _common(inquiry: Inquiry) -> list[RenderableType]:
    if len(inquiry.facts) < 2:
        return []
    names = [_name(known) for known in inquiry.facts]
    if not inquiry.common:
        return [line(f"nobody could have known all {len(names)}, by the record")]
    rows = ((one.who, f"knew {one.knew} of {one.of}", _missed(one, names)) for one in inquiry.common)
    return [table(("who", "could have known", "remark"), rows, title="in common")]


def _missed(one: Common, names: list[str]) -> str:
    if not one.missed:
        return ""
    return f"not {', '.join(names[n] for n in one.missed)}; somebody may have told them"


def _name(known: Known) -> str:
    return f"{known.subject.removeprefix('movement/')}/{known.compartment}"
