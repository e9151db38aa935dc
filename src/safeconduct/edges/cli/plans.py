"""Asking for a movement and changing its plan: times and places as officers type them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import (
    Escort,
    GroupRegistered,
    Identifier,
    MovementChanged,
    MovementRequested,
    People,
    Plan,
    Route,
    SiteRegistered,
    Timing,
)
from safeconduct.core.agreement import milliseconds
from safeconduct.core.disclosure import Chance, Predictability, explain_predictability
from safeconduct.edges.cli.agreements import InForce
from safeconduct.edges.cli.desk import Desk, check_option, speaks
from safeconduct.edges.cli.inputs import DIGEST, IDENTIFIER, TEXT, moment, whole
from safeconduct.edges.cli.program import example
from safeconduct.edges.cli.screen import clean_lines, line, moment_text, pairs, table
from safeconduct.errors import InputInvalid
from safeconduct.node.queries import MovementPage

_PEOPLE_MAX = 10_000
# Six hexadecimal digits a day: two people who ask at once do not meet.
_ID_BYTES = 3


class Registered(msgspec.Struct, frozen=True):
    """A site, a group or a person as the API answers. at: ms of the record."""

    subject: str
    party: str
    kind: str
    at: int
    body: msgspec.Raw


def _plan_options(*, required: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options that make a plan; all are optional where one is changed."""
    options = [
        click.option("--from", "origin", metavar="SITE", required=required, help="Id or name of the site it leaves."),
        click.option(
            "--to", "destination", metavar="SITE", required=required, help="Id or name of the site it goes to."
        ),
        click.option(
            "--district", multiple=True, type=IDENTIFIER, help="A district on the way; else those of the two sites."
        ),
        click.option("--earliest", metavar="TIME", required=required, help="Window opens: 2026-11-24T10:00Z, or +30h."),
        click.option("--latest", metavar="TIME", required=required, help="Window closes."),
        click.option("--review-by", metavar="TIME", help="Approvals are in by then; else as the agreement says."),
        click.option("--group", metavar="GROUP", required=required, help="Id or label of the group that moves."),
        click.option("--people", type=whole(1, _PEOPLE_MAX), help="How many; else all of the registered group."),
        click.option("--manifest", type=DIGEST, help="Commitment to the list of names."),
        click.option(
            "--carrying-vehicles", type=whole(0, _PEOPLE_MAX), required=required, help="Vehicles they sit in."
        ),
        click.option(
            "--escort-vehicles", type=whole(0, _PEOPLE_MAX), required=required, help="Vehicles of the escort."
        ),
        click.option("--protection-level", type=IDENTIFIER, required=required, help="Of the vehicles they sit in: b6."),
        click.option("--purpose", type=TEXT, required=required, help="What for; the other parties read it too."),
    ]

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@click.command(
    epilog=example(
        "safeconduct movement request --from airport --to port-qasim --earliest +30h --latest +32h \\",
        "    --group engineers --people 12 --carrying-vehicles 2 --protection-level b6 --escort-vehicles 3 \\",
        '    --purpose "shift change" --profile alice',
    )
)
@click.option("--id", "movement_id", type=IDENTIFIER, help="Id of the movement; one is made if left out.")
@_plan_options(required=True)
@check_option
@speaks
def request(desk: Desk, /, movement_id: str | None, check: bool, **given: Any) -> None:
    """Ask for a movement.

    That is the notice to every party, with a window of departure and never a minute.
    """
    plan = _Register(desk).plan(None, given)
    made = movement_id or f"m-{_day(plan.timing.earliest)}-{desk.assembly.randomness(_ID_BYTES).hex()}"
    desk.say(f"movement/{made}", MovementRequested(plan=plan), check=check)


@click.command(
    epilog=example(
        'safeconduct movement change m-20261124-k3x7 --earliest +31h --latest +33h --reason "flight is late"'
    )
)
@click.argument("movement_id", metavar="MOVEMENT", type=IDENTIFIER)
@_plan_options(required=False)
@click.option("--reason", type=TEXT, required=True, help="Why; the other parties read it too.")
@check_option
@speaks
def change(desk: Desk, /, movement_id: str, reason: str, check: bool, **given: Any) -> None:
    """Change a plan.

    What is left out stays as it is. A material change asks for approval again, of the parts that it touches.
    """
    page = desk.client.get(f"/v1/movements/{movement_id}", MovementPage)
    plan = _Register(desk).plan(page.row.plan, given)
    desk.say(page.row.subject, MovementChanged(plan=plan, reason=reason), check=check)


class _Register:
    """What the record knows of sites and groups, and a plan made with it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._now = desk.now()

    def plan(self, current: Plan | None, given: dict[str, Any]) -> Plan:
        """The plan that the options ask for; where they say nothing, the current one."""
        return Plan(
            route=self._route(current.route if current else None, given),
            timing=self._timing(current.timing if current else None, given),
            people=self._people(current.people if current else None, given),
            escort=_changed(current.escort, given) if current else Escort(**_of(Escort, given)),
            purpose=given["purpose"] or (current.purpose if current else ""),
        )

    def _route(self, current: Route | None, given: dict[str, Any]) -> Route:
        districts = tuple(dict.fromkeys(given["district"]))
        if current is not None and not (given["origin"] or given["destination"] or districts):
            return current
        sites = self._registered("site", SiteRegistered)
        names = {subject: site.name for subject, site in sites.items()}
        origin = _found(given["origin"], names, "--from", "site") or (current.origin if current else "")
        destination = _found(given["destination"], names, "--to", "site") or (current.destination if current else "")
        if not districts:
            unknown = [site for site in (origin, destination) if site not in sites]
            if unknown:
                raise InputInvalid(f"expected --district, because {' and '.join(unknown)} is not registered, got none")
            districts = tuple(dict.fromkeys(sites[site].district for site in (origin, destination)))
        return Route(
            origin=origin, destination=destination, districts=districts, path=current.path if current else None
        )

    def _timing(self, current: Timing | None, given: dict[str, Any]) -> Timing:
        times = {
            name: moment(given[name], self._now, f"--{name.replace('_', '-')}")
            for name in ("earliest", "latest", "review_by")
            if given[name] is not None
        }
        for name, at in times.items():
            if at <= self._now and name != "earliest":
                raise InputInvalid(
                    f"--{name.replace('_', '-')}: expected a time after now ({moment_text(self._now)}),"
                    f" got {moment_text(at)}"
                )
        earliest = times.get("earliest", current.earliest if current else 0)
        latest = times.get("latest", current.latest if current else 0)
        if latest < earliest:
            raise InputInvalid(
                f"--latest: expected a time after --earliest ({moment_text(earliest)}), got {moment_text(latest)}"
            )
        return Timing(earliest=earliest, latest=latest, review_by=self._review_by(times, earliest, current))

    def _review_by(self, times: dict[str, int], earliest: int, current: Timing | None) -> int:
        if "review_by" in times:
            return times["review_by"]
        if current is not None and earliest == current.earliest:
            return current.review_by
        terms = self._desk.client.get("/v1/agreement", InForce).terms
        review_by = earliest - (milliseconds(terms.movement.review_before) if terms is not None else 0)
        if review_by <= self._now:
            raise InputInvalid(
                f"expected --review-by, because the agreed time for it ({moment_text(review_by)}) is past, got none"
            )
        return review_by

    def _people(self, current: People | None, given: dict[str, Any]) -> People:
        group, count = current.group if current else "", given["people"]
        if given["group"] is not None:
            groups = self._registered("group", GroupRegistered)
            labels = {subject: registered.label for subject, registered in groups.items()}
            group = _found(given["group"], labels, "--group", "group") or ""
            if count is None and group in groups:
                count = groups[group].people
        if count is None and current is not None:
            count = current.count
        if count is None or count < 1:
            raise InputInvalid(
                f"expected --people, because {group} is not registered with a number of people, got none"
            )
        return People(group=group, count=count, manifest=given["manifest"] or (current.manifest if current else None))

    def _registered(self, family: str, body: type[Any]) -> dict[str, Any]:
        rows = self._desk.client.get(f"/v1/register/{family}", tuple[Registered, ...])
        return {row.subject.partition("/")[2]: msgspec.json.decode(row.body, type=body) for row in rows}


def _found(text: str | None, names: dict[str, str], option: str, what: str) -> str | None:
    """The id that somebody means: one of ours, or the only one of that name."""
    if text is None:
        return None
    if text in names:
        return text
    named = [subject for subject, name in sorted(names.items()) if name.casefold() == text.casefold()]
    if len(named) > 1:
        raise InputInvalid(f"{option}: expected one {what}, got a name that {', '.join(named)} have")
    if named:
        return named[0]
    try:
        # It need not be registered: an agreement may do without a register.
        return msgspec.convert(text, Identifier)
    except msgspec.ValidationError:
        known = ", ".join(f"{subject} ({name})" for subject, name in sorted(names.items())[:8]) or "none is registered"
        raise InputInvalid(f"{option}: expected the id or name of a {what} ({known}), got {text[:60]!r}") from None


def _of(kind: type[msgspec.Struct], given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in kind.__struct_fields__ if given.get(name) is not None}


def _changed(current: Escort, given: dict[str, Any]) -> Escort:
    return msgspec.structs.replace(current, **_of(Escort, given))


def _day(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y%m%d")


def plan_picture(plan: Plan) -> RenderableType:
    """A plan for people."""
    timing, people, escort = plan.timing, plan.people, plan.escort
    return pairs(
        [
            ("from", plan.route.origin),
            ("to", plan.route.destination),
            ("districts", plan.route.districts),
            ("departs between", f"{moment_text(timing.earliest)} and {moment_text(timing.latest)}"),
            ("approvals by", moment_text(timing.review_by)),
            ("people", f"{people.count} of {people.group}"),
            ("vehicles", f"{escort.carrying_vehicles} of level {escort.protection_level}"),
            ("escort", f"{escort.escort_vehicles} vehicles"),
            ("purpose", plan.purpose),
        ]
    )


def guess_picture(found: Predictability | None) -> list[RenderableType]:
    """How well somebody who has only watched could guess a movement, for people; a warning comes first."""
    title = "guessed by somebody who has only watched"
    if found is None:
        return [line(f"{title}: the agreement says nothing about it")]
    said = clean_lines(explain_predictability(found, "en"))
    guess = found.guess
    if guess is None:
        return [line(f"{title}:", "bold"), said]
    rows = [
        _odds_line("that they leave on that day", guess.who),
        _odds_line("where to", guess.place),
        _odds_line("in which half-hour", guess.hour),
        _odds_line("by which route", guess.route),
        ("all of it", f"{guess.together} in 1000", f"{guess.even} in 1000", f"warning from {found.warn} on"),
    ]
    columns = ("what", "chance of the guess", "an even draw would leave", "seen on")
    warning = [line(f"WARNING: {guess_warning(found)}", "bold yellow")] if found.is_warning else []
    return [*warning, table(columns, rows, title=title), said]


def guess_warning(found: Predictability) -> str:
    """What an approver is told when the chance is above what the parties agreed; empty if it is not."""
    if not found.is_warning or found.guess is None:
        return ""
    return (
        f"somebody who has only watched would guess this movement with a chance of {found.guess.together} in 1000; "
        f"the agreement warns from {found.warn} on"
    )


def _odds_line(what: str, odds: Chance) -> tuple[str, ...]:
    return what, f"{odds.chance} in 1000", f"{odds.even} in 1000", f"{odds.times} of {odds.days} days"
