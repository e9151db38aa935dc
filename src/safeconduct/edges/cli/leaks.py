"""A leak: logged by the digest of its text before any seed is opened, asked about by both sides, and traced here.

The text never leaves the investigators' machines: it is scored on the machine at which the command is typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import RenderableType

from safeconduct.core.acts import LeakFound, SeedAsked, TraceStated
from safeconduct.core.disclosure import Case, Result, Score, Trace, trace_case
from safeconduct.core.statement import digest
from safeconduct.edges.cli.desk import Desk, speaks, yes_option
from safeconduct.edges.cli.inputs import FILE, IDENTIFIER, NAME, TEXT, moment, read_file
from safeconduct.edges.cli.movements import MOVEMENT
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import line, moment_text, pairs, table
from safeconduct.node.copies import LeakView

# 100,000 characters of at most four bytes.
_TEXT_BYTES_MAX = 400_000
_BAR = 40
_MILLION = 1_000_000


@click.group(cls=Commands)
def leak() -> None:
    """A text that may come from somebody's copy of an order.

    First its digest goes on the record, then somebody of every party's panel asks for the seeds, then each node opens
    its own, and only then can be worked out whose copy the text fits.
    """


@leak.command(
    "found",
    epilog=example(
        "safeconduct leak found l7 m-20261124-k3x7 --text chat.txt --at 2026-11-24T10:20Z \\",
        '    --by "shift leader, in a group chat" --profile duty',
    ),
)
@click.argument("leak_id", metavar="LEAK", type=IDENTIFIER)
@click.argument("movements", metavar="MOVEMENT...", nargs=-1, required=True, type=MOVEMENT)
@click.option("--text", "file", required=True, type=FILE, metavar="FILE", help="The text as found. It stays here.")
@click.option("--at", required=True, metavar="TIME", help="When it was found: 2026-11-24T10:20Z.")
@click.option("--by", required=True, type=NAME, metavar="WHO", help="Who found it, in words. Never a person's name.")
@yes_option
@speaks
def found(desk: Desk, leak_id: str, movements: tuple[str, ...], file: Path, at: str, by: str, yes: bool) -> None:
    """Log that a text was found which may come from these movements.

    Its digest alone is said, of each movement. LEAK is the name of the investigation: the same for all of its texts.
    """
    evidence = hashlib.sha256(read_file(file, _TEXT_BYTES_MAX, "a leaked text")).hexdigest()
    found_at = moment(at, desk.now(), "--at")
    if not yes:
        click.confirm(f"Every party will see that a text {evidence[:16]} was found. Say so?", abort=True, err=True)
    act = LeakFound(leak=leak_id, evidence=evidence, found_at=found_at, found_by=by)
    said = [desk.client.say(f"copies/{movement}", act) for movement in dict.fromkeys(movements)]
    desk.show(
        {"leak": leak_id, "evidence": evidence, "statements": said},
        line(f"on record for {', '.join(dict.fromkeys(movements))}: evidence {evidence}"),
        line(f"next: somebody of each party's panel asks for the seeds: safeconduct leak ask {leak_id}"),
    )


@leak.command("ask", epilog=example('safeconduct leak ask l7 --reason "route was in a chat" --profile duty'))
@click.argument("leak_id", metavar="LEAK", type=IDENTIFIER)
@click.option("--reason", required=True, type=TEXT, help="Why; all parties read it.")
@yes_option
@speaks
def ask(desk: Desk, leak_id: str, reason: str, yes: bool) -> None:
    """Ask every node to open its seed, as one of the panel.

    The seeds of all orders of the leak are opened once somebody of every party has asked. From then on no further text
    of these orders counts.
    """
    case = desk.client.get(f"/v1/leaks/{leak_id}", Case)
    orders = [order.order for order in case.orders]
    if not yes:
        words = f"Once every party has asked, who had which copy of {', '.join(orders)} is known. Ask?"
        click.confirm(words, abort=True, err=True)
    said = [desk.client.say(f"copies/{order}", SeedAsked(leak=leak_id, reason=reason)) for order in orders]
    desk.show(said, line(f"asked for the seeds of {', '.join(orders)}"))


@leak.command("show", epilog=example("safeconduct leak show --profile duty"))
@speaks
def show(desk: Desk) -> None:
    """Every leak on record, as far as it has come. For the panel."""
    views = desk.client.get("/v1/leaks", list[LeakView])
    rows = (
        (
            view.leak,
            order.order,
            [f"{evidence[:16]} {moment_text(at)}" for evidence, at in order.texts.items()],
            order.asked,
            order.opened,
        )
        for view in views
        for order in view.orders
    )
    desk.show(views, table(("leak", "order", "texts", "asked by", "seeds opened by"), rows, title="leaks"))


@click.command(
    epilog=example(
        "safeconduct trace l7 --text chat.txt --profile duty",
        "safeconduct trace l7 --text chat.txt --text channel.txt --json --profile duty",
    )
)
@click.argument("leak_id", metavar="LEAK", type=IDENTIFIER)
@click.option("--text", "files", required=True, multiple=True, type=FILE, metavar="FILE", help="Each text, as found.")
@click.option("--state", is_flag=True, help="Say the digest of the result on the record, for every order of it.")
@speaks
def trace(desk: Desk, leak_id: str, files: tuple[Path, ...], state: bool) -> None:
    """Whose copies a leak fits, and how much of that is chance.

    It is worked out on this machine from what the record has; the texts go nowhere. A name is shown only where the
    agreed bound is passed in every hand's half. It says that it was this copy, and nothing of whose mouth it was.
    """
    case = desk.client.get(f"/v1/leaks/{leak_id}", Case)
    result = trace_case(case, [read_file(file, _TEXT_BYTES_MAX, "a leaked text") for file in files])
    if state:
        for order in result.orders:
            desk.client.say(f"copies/{order}", TraceStated(leak=leak_id, result=digest(result)))
    desk.show(result, *_pictures(result, case))


def _pictures(result: Result, case: Case) -> list[RenderableType]:
    pictures: list[RenderableType] = [
        line(f"{one.order} is not scored: {one.problem}", "bold") for one in result.unscored
    ]
    if result.trace is None or result.panel is None:
        return [*pictures, line("no order of this leak can be scored")]
    shown, panel, who = result.trace, result.panel, result.readers
    pictures += [
        pairs(
            [
                ("orders scored", ", ".join(result.orders)),
                ("recipients", shown.recipients),
                *(
                    (f"slots of {one.party}", f"{one.surviving} of {one.slots} survive, {one.ambiguous} ambiguous")
                    for one in shown.surviving
                ),
                ("best bound", f"one in {shown.best_one_in:,} (a name from one in {shown.agreed.bound_one_in:,} on)"),
            ],
            title=f"leak {result.leak}",
        ),
        *_odds(shown),
        *_named(shown, case, who),
    ]
    rows = ((_people(one.recipients, who), _bar(one.millionths)) for one in panel.odds[:10])
    pictures.append(table(("if it leaked: whose copy", "odds"), rows, title="for the panel alone: not proved"))
    pictures.append(line(f"candidates (95 % of what a leak weighs): {_people(panel.candidates, who)}"))
    pictures += [
        line(f"at least one of {_people(pair.recipients, who)} is a source: one in {pair.bound_one_in:,}")
        for pair in panel.pairs
    ]
    pictures += [
        line(
            f"it fits {_people(one.score.recipients, who)} in the half of {one.hand} alone, and nobody in the other: "
            f"whoever had that half of all copies could have made this text",
            "bold",
        )
        for one in panel.framings
    ]
    return pictures


def _odds(shown: Trace) -> list[RenderableType]:
    weights = shown.priors
    rows = (
        ("somebody watched", weights.observed, _bar(shown.observed)),
        ("somebody guessed", weights.predictable, _bar(shown.predictable)),
        ("a copy leaked", weights.leaked_by_one + weights.leaked_by_two, _bar(shown.leaked)),
    )
    return [table(("explanation", "weight before", "odds with the texts"), rows, title="what may explain the texts")]


def _named(shown: Trace, case: Case, who: Mapping[str, str]) -> list[RenderableType]:
    if not shown.named:
        return [line("no name: the bound is not passed in every half")]
    return [line(_words(score, case, who), "bold") for score in shown.named]


def _words(score: Score, case: Case, who: Mapping[str, str]) -> str:
    (recipient,) = score.recipients
    receipted = [order.order for order in case.orders if recipient in order.receipts]
    halves = ", ".join(f"{hand.matching} of {hand.surviving} in the half of {hand.party}" for hand in score.hands)
    receipts = f"receipts for {', '.join(receipted)}" if receipted else "no receipt"
    return (
        f"the copy of {_people(score.recipients, who)}: {halves}; chance fits anybody as well once in "
        f"{score.bound_one_in:,}; {receipts} on record"
    )


def _people(recipients: tuple[str, ...], who: Mapping[str, str]) -> str:
    return " and ".join(who.get(recipient) or recipient[:16] for recipient in recipients)


def _bar(millionths: int) -> str:
    """A share of a million as a bar and in per cent, with whole numbers."""
    blocks = "█" * (millionths * _BAR // _MILLION)
    return f"{blocks.ljust(_BAR, '·')} {millionths // 10_000}.{millionths // 1_000 % 10} %"
