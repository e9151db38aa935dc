"""A movement from request to closing, one command for each thing that can be said of it.

The simple ones are made from the catalogue of acts; those in which an officer thinks in times and places are written
out (`plans.py`).
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import (
    CATALOGUE,
    Identifier,
    MovementAcknowledged,
    MovementApproved,
    MovementCheckedIn,
    MovementRelayed,
    Plan,
    Small,
    Text,
)
from safeconduct.core.agreement import Outcome, Terms
from safeconduct.core.statement import digest
from safeconduct.edges.cli.actors import Enrolled
from safeconduct.edges.cli.agreements import fetch_text
from safeconduct.edges.cli.desk import Desk, check_option, speaks, yes_option
from safeconduct.edges.cli.inputs import IDENTIFIER, TEXT, Typed, position, whole
from safeconduct.edges.cli.plans import change, guess_picture, guess_warning, plan_picture, request
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import line, moment_text, pairs, span_text, table
from safeconduct.edges.cli.sentences import sentence
from safeconduct.errors import InputInvalid
from safeconduct.node.queries import HistoryLine, MovementPage, MovementRow

MOVEMENT = Typed("movement", Identifier, "a movement's id such as m-20261124-k3x7")

# What an act of the catalogue is called on the command line. Those that are missing are written out below.
_VERBS: Mapping[str, str] = {
    "movement.refused": "refuse",
    "movement.cancelled": "cancel",
    "movement.attested": "attest",
    "movement.excepted": "except",
    "movement.departed": "depart",
    "movement.arrived": "arrive",
    "movement.aborted": "abort",
    "movement.closed": "close",
}
_SUMMARIES: Mapping[str, str] = {
    "refuse": "Refuse consent for your party, or withdraw it.",
    "cancel": "Cancel a movement that your party asked for.",
    "attest": "Say whether an item of the gate holds.",
    "except": "Let it depart although an item is open.\n\nYour name stands under it.",
    "depart": "Say that wheels move.",
    "arrive": "Say that people have got out.\n\nAt the true destination, not at its gate.",
    "abort": "Stop a movement under way.",
    "close": "Close a movement that has ended.",
}
_EXAMPLES: Mapping[str, str] = {
    "refuse": '--reason "no escort on that day"',
    "cancel": '--reason "the flight is cancelled"',
    "attest": "--item head_count --holds --heads 12",
    "except": '--item sweep --reason "swept an hour ago, road watched since"',
    "depart": "--heads 12",
    "arrive": "--heads 12",
    "abort": '--reason "vehicle fault at the toll plaza"',
    "close": '--note "all rooms checked"',
}
_HELP: Mapping[str, str] = {
    "reason": "Why; the other parties read it too.",
    "note": "A remark; the other parties read it too.",
    "heads": "People counted.",
    "item": "Item of the ready gate, as the agreement names it.",
}
# These stop a movement or cannot be taken back, so they are asked about.
_ASKED: Mapping[str, str] = {
    "refuse": "Refuse it for your party?",
    "cancel": "Cancel it?",
    "abort": "Stop it under way?",
    "except": "Take it on yourself that it departs with this item open?",
}


@click.group(cls=Commands)
def movement() -> None:
    """Movements, from the request to the closing."""


movement.add_command(request)
movement.add_command(change)


# --- the notice chain -------------------------------------------------------------------------------------------------


@movement.command(epilog=example("safeconduct movement acknowledge m-20261124-k3x7 --profile desk"))
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.option("--role", type=IDENTIFIER, help="In which role; the one that this actor has in the chain if left out.")
@check_option
@speaks
def acknowledge(desk: Desk, movement_id: str, role: str | None, check: bool) -> None:
    """Say that the notice has been read. Acknowledged is not approved."""
    chosen = role if role is not None else _role_in_chain(desk, movement_id)
    desk.say(f"movement/{movement_id}", MovementAcknowledged(role=chosen), check=check)


@movement.command(epilog=example("safeconduct movement relay m-20261124-k3x7 --profile desk"))
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.option("--role", type=IDENTIFIER, help="In which role; the one that this actor has in the chain if left out.")
@click.option("--to-role", type=IDENTIFIER, help="To which role; the next in the chain if left out.")
@check_option
@speaks
def relay(desk: Desk, movement_id: str, role: str | None, to_role: str | None, check: bool) -> None:
    """Say that the notice went to the next role."""
    chosen = role if role is not None else _role_in_chain(desk, movement_id)
    target = to_role if to_role is not None else _next_in_chain(desk, movement_id, chosen)
    desk.say(f"movement/{movement_id}", MovementRelayed(role=chosen, to_role=target), check=check)


def _role_in_chain(desk: Desk, movement_id: str) -> str:
    chain = [hop.role for hop in _page(desk, movement_id).chain]
    actors = desk.client.get("/v1/actors", tuple[Enrolled, ...])
    me = desk.client.speaker.actor
    held = {role for actor in actors if actor.actor == me and actor.enrolled for role in actor.roles}
    found = [role for role in chain if role in held]
    if len(found) != 1:
        raise InputInvalid(
            f"expected --role, because {me} has not exactly one role of the chain, got {', '.join(found) or 'none'}"
        )
    return found[0]


def _next_in_chain(desk: Desk, movement_id: str, role: str) -> str:
    chain = [hop.role for hop in _page(desk, movement_id).chain]
    if role not in chain[:-1]:
        raise InputInvalid(f"expected a role of the chain that has a next one ({', '.join(chain[:-1])}), got {role}")
    return chain[chain.index(role) + 1]


# --- consent ----------------------------------------------------------------------------------------------------------


@movement.command(epilog=example("safeconduct movement approve m-20261124-k3x7 --profile approver"))
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@yes_option
@check_option
@speaks
def approve(desk: Desk, movement_id: str, yes: bool, check: bool) -> None:
    """Show the plan, ask, and approve exactly that.

    With it is shown how well somebody who has only watched could guess it; a warning is also said where nothing is
    asked.
    """
    page = _page(desk, movement_id)
    if not (yes or check):
        desk.screen.ask_about(*_plan_and_consent(page))
        click.confirm(f"Approve this plan as {desk.client.speaker.actor}?", abort=True, err=True)
    elif page.predictability is not None and page.predictability.is_warning:
        desk.screen.note(f"warning: {guess_warning(page.predictability)}")
    # What was shown is what is signed: a plan that changes meanwhile has another digest.
    desk.say(page.row.subject, MovementApproved(plan=digest(page.row.plan)), check=check)


def _plan_and_consent(page: MovementPage) -> list[RenderableType]:
    return [
        plan_picture(page.row.plan),
        pairs(
            [
                ("asked by", page.row.requested_by),
                ("approved by", page.row.approved_by),
                ("consent missing of", page.row.consent_missing),
            ]
        ),
        *guess_picture(page.predictability),
    ]


# --- what is made from the catalogue ----------------------------------------------------------------------------------


def _made(kind: str, verb: str) -> click.Command:
    """The command that says a simple act: one option for each field of its body."""
    entry = CATALOGUE[kind]
    fields = msgspec.structs.fields(entry.body)

    @check_option
    @speaks
    def run(desk: Desk, /, movement_id: str, check: bool, **given: Any) -> None:
        yes = given.pop("yes", True)
        if not (yes or check):
            desk.screen.ask_about(line(f"movement {movement_id}"), plan_picture(_page(desk, movement_id).row.plan))
            click.confirm(_ASKED[verb], abort=True, err=True)
        act = entry.body(**{name: value for name, value in given.items() if value is not None})
        desk.say(f"movement/{movement_id}", act, check=check)

    command: Callable[..., None] = run
    for field in reversed(fields):
        command = _option(field)(command)
    if verb in _ASKED:
        command = yes_option(command)
    command = click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)(command)
    shown = example(f"safeconduct movement {verb} m-20261124-k3x7 {_EXAMPLES[verb]}")
    return click.command(verb, help=_SUMMARIES[verb], epilog=shown)(command)


def _option(field: msgspec.structs.FieldInfo) -> Callable[[Callable[..., None]], Callable[..., None]]:
    wanted = next((part for part in typing.get_args(field.type) if part is not type(None)), field.type)
    wanted = field.type if typing.get_origin(field.type) is typing.Annotated else wanted
    name = field.name.replace("_", "-")
    text = _HELP.get(field.name, "")
    if wanted is bool:
        return click.option(f"--{name}/--does-not-hold", required=field.required, help="Whether it holds.")
    types: Mapping[Any, click.ParamType[Any]] = {Identifier: IDENTIFIER, Text: TEXT, Small: whole(0, 10_000)}
    return click.option(f"--{name}", type=types[wanted], required=field.required, help=text)


@click.command("check-in", epilog=example("safeconduct movement check-in m-20261124-k3x7 --at 24.8949,67.1580"))
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.option("--at", "where", metavar="LAT,LON", help="Position in degrees.")
@click.option("--note", type=TEXT, help=_HELP["note"])
@check_option
@speaks
def check_in(desk: Desk, movement_id: str, where: str | None, note: str | None, check: bool) -> None:
    """Say under way that all is well."""
    latitude, longitude = position(where, "--at") if where is not None else (None, None)
    act = MovementCheckedIn(latitude_e7=latitude, longitude_e7=longitude, note=note)
    desk.say(f"movement/{movement_id}", act, check=check)


# --- looking ----------------------------------------------------------------------------------------------------------


def _page(desk: Desk, movement_id: str) -> MovementPage:
    return desk.client.get(f"/v1/movements/{movement_id}", MovementPage)


@movement.command(
    epilog=example("safeconduct movement show m-20261124-k3x7", "safeconduct movement show m-20261124-k3x7 --json")
)
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@speaks
def show(desk: Desk, movement_id: str) -> None:
    """One movement on one page.

    Plan, gate, notice chain, what is owed, and everything that was said.
    """
    page = _page(desk, movement_id)
    desk.show(page, *_page_pictures(desk, page))


def _page_pictures(desk: Desk, page: MovementPage) -> list[RenderableType]:
    row = page.row
    terms = fetch_text(desk, page.agreement) if not desk.screen.as_json else None
    return [
        line(f"{row.subject}: {row.phase.value.replace('_', ' ')}", "bold"),
        *_plan_and_consent(page),
        *([pairs([("reason", page.reason)])] if page.reason else []),
        table(
            ("item", "is", "missing", "fresh until", "under the name of"),
            (
                (g.item, "open" if g.is_open else "closed", g.missing, moment_text(g.valid_until), g.exempted_by)
                for g in page.gate
            ),
            title="ready gate",
        ),
        table(
            ("role", "acknowledged", "relayed"),
            (
                (hop.role, moment_text(hop.acknowledged), "(last)" if hop.is_last else moment_text(hop.relayed))
                for hop in page.chain
            ),
            title="notice chain",
        ),
        line("owed", "bold"),
        *_explained(terms, page, desk.now()),
        table(
            ("said at", "what", "by", "came of it", "received"),
            ((moment_text(h.t), h.title.get("en", h.kind), h.actor, h.account, _received(h)) for h in page.history),
            title="history",
        ),
    ]


def _explained(terms: Terms | None, page: MovementPage, now: int) -> list[RenderableType]:
    sentences: list[RenderableType] = []
    for finding in page.findings:
        waits = finding.outcome is Outcome.PENDING and finding.due_at is not None and finding.due_at > now
        left = f" ({span_text(finding.due_at - now)} left)" if waits and finding.due_at is not None else ""
        sentences.append(sentence(terms, finding, "en") + left)
    return sentences or [line("nothing that a machine judges")]


def _received(history: HistoryLine) -> str:
    return ", ".join(f"{party} {moment_text(at)}" for party, at in history.received.items() if at is not None)


@movement.command("list", epilog=example("safeconduct movement list", "safeconduct movement list --limit 20 --json"))
@click.option("--limit", type=whole(1, 500), default=50, show_default=True, help="At most so many.")
@speaks
def list_(desk: Desk, limit: int) -> None:
    """Movements by their window, latest first."""
    rows = desk.client.get("/v1/movements", tuple[MovementRow, ...], limit=limit)
    columns = ("movement", "phase", "opens", "from", "to", "people", "consent missing", "gate open", "breaches")
    desk.show(rows, table(columns, (_board_line(row) for row in rows), title="movements"))


def _board_line(row: MovementRow) -> tuple[object, ...]:
    plan: Plan = row.plan
    return (
        row.subject.removeprefix("movement/"),
        row.phase.value,
        moment_text(plan.timing.earliest),
        plan.route.origin,
        plan.route.destination,
        plan.people.count,
        row.consent_missing,
        row.open_items,
        row.breaches,
    )


def _in_order() -> Iterator[click.Command]:
    """A movement's commands in the order in which its day has them."""
    for kind, verb in _VERBS.items():
        yield _made(kind, verb)
        if verb == "depart":
            yield check_in


for _command in _in_order():
    movement.add_command(_command)
for _name in ("show", "list"):
    # Looking comes last.
    movement.add_command(movement.commands.pop(_name))
