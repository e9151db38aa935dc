"""Who learns which part of an order: whether that is more than is needed, and who will know what when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import LANGUAGES, Terms, milliseconds, read_folder
from safeconduct.core.disclosure import excesses_of_folder, releases, rows
from safeconduct.edges.cli.agreements import fetch_text, read_agreement_files
from safeconduct.edges.cli.desk import Desk, desk_of, json_option, speaker_options
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import FILE, FOLDER, OneOf, moment
from safeconduct.edges.cli.movements import MOVEMENT
from safeconduct.edges.cli.program import FAILED, Commands, example
from safeconduct.edges.cli.releases import time_line
from safeconduct.edges.cli.reports import terms_in_force
from safeconduct.edges.cli.screen import Screen, line, moment_text
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import InputInvalid
from safeconduct.node.queries import MovementPage

_HOUR, _DAY = 3_600_000, 86_400_000
_MOVEMENT = "movement/"
# What the plan of releases means for a movement that stands so.
_PHASES: Mapping[str, str] = {
    "requested": "not approved yet: nothing opens before it is",
    **{phase: f"{phase}: nothing more of its order opens" for phase in ("refused", "cancelled", "lapsed")},
}
_DIGEST = re.compile("[0-9a-f]{64}")


@click.group(cls=Commands)
def disclosure() -> None:
    """Who learns which part of an order, when, and why."""


@disclosure.command(
    epilog=example("safeconduct disclosure check agreement", "safeconduct disclosure check draft --json")
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@json_option
def check(folder: Path, as_json: bool) -> None:
    """Name every role that learns more, or earlier, than it needs.

    DIR is an agreement's folder. A need is a clause that the role owes, an item of the gate that it attests, or a
    reason that the parties wrote down. Exit code 1 if anybody is named.
    """
    files = read_agreement_files(folder)
    terms = read_folder(files)
    found = excesses_of_folder(files)
    number = sum(len(compartment.releases) for compartment in terms.compartments)
    Screen(as_json=as_json).show(
        {"releases": number, "excesses": [{"at": place, **msgspec.to_builtins(one)} for place, one in found]},
        *(line(f"{place}: {one.account}") for place, one in found),
        line(_verdict(folder, number, len(found))),
    )
    if found:
        raise click.exceptions.Exit(FAILED)


def _verdict(folder: Path, number: int, found: int) -> str:
    if not number:
        return f"{folder} releases nothing: it has no compartments"
    if found:
        return f"{found} of {number} releases in {folder} {'is' if found == 1 else 'are'} more than is needed"
    return f"{folder} releases no more than is needed: {number} releases looked at"


@disclosure.command(
    epilog=example(
        "safeconduct disclosure preview agreement --earliest 2026-11-24T06:00Z",
        "safeconduct disclosure preview movement/m-20261124-k3x7 --profile alice",
        "safeconduct disclosure preview --picture knows.html --language ur --profile alice",
    )
)
@click.argument("source", metavar="[DIR|DIGEST|movement/ID]", required=False)
@click.option("--earliest", metavar="TIME", help="Window opens: 2026-11-24T10:00Z, or +30h; else tomorrow at 6:00 UTC.")
@click.option("--latest", metavar="TIME", help="Window closes; else an hour later.")
@click.option("--picture", type=FILE, metavar="FILE.html", help="A new file with the time line as a picture.")
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the picture.")
@speaker_options
@click.pass_obj
def preview(
    assembly: Assembly,
    /,
    source: str | None,
    earliest: str | None,
    latest: str | None,
    picture: Path | None,
    language: str,
    **speaker: Any,
) -> None:
    """Show on one time line who will know what when.

    Of an agreement in a folder that is being written, which needs no node; of a text that was proposed, by its digest;
    of the one in force, if nothing is named; or of a movement by its plan.
    """
    screen = Screen(as_json=speaker.pop("as_json"))
    if picture is not None and picture.suffix != ".html":
        raise InputInvalid(f"--picture: expected a file that ends in .html, got {picture.name[:60]}")
    given = (earliest, latest)
    if source is not None and not source.startswith(_MOVEMENT) and _DIGEST.fullmatch(source) is None:
        terms = read_folder(read_agreement_files(Path(source)))
        asked = _Asked(terms, _timing(terms, given, assembly.clock.now()))
    else:
        with desk_of(assembly, screen=screen, **speaker) as desk:
            asked = _of_node(desk, source, given)
    if picture is not None:
        write_new(picture, assembly.press.disclosure(asked.terms, asked.timing, asked.movement, language))
    _show(screen, asked, picture)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked at. movement, phase: empty where it is a window that nobody has asked for."""

    terms: Terms
    timing: Timing
    movement: str = ""
    phase: str = ""


def _of_node(desk: Desk, source: str | None, given: tuple[str | None, str | None]) -> _Asked:
    if source is not None and source.startswith(_MOVEMENT):
        if given != (None, None):
            raise InputInvalid("expected no --earliest and --latest, because a movement has its window, got one")
        movement = MOVEMENT.convert(source.removeprefix(_MOVEMENT), None, None)
        page = desk.client.get(f"/v1/movements/{movement}", MovementPage)
        return _Asked(fetch_text(desk, page.agreement), page.row.plan.timing, movement, page.row.phase.value)
    terms = terms_in_force(desk) if source is None else fetch_text(desk, source)
    return _Asked(terms, _timing(terms, given, desk.now()))


def _timing(terms: Terms, given: tuple[str | None, str | None], now: int) -> Timing:
    """The window that is asked about, with approvals due as the agreement says."""
    earliest, latest = given
    opens = moment(earliest, now, "--earliest") if earliest is not None else (now // _DAY + 1) * _DAY + 6 * _HOUR
    closes = moment(latest, now, "--latest") if latest is not None else opens + _HOUR
    if closes < opens:
        raise InputInvalid(
            f"--latest: expected a time after --earliest ({moment_text(opens)}), got {moment_text(closes)}"
        )
    return Timing(earliest=opens, latest=closes, review_by=opens - milliseconds(terms.movement.review_before))


def _show(screen: Screen, asked: _Asked, picture: Path | None) -> None:
    terms, timing = asked.terms, asked.timing
    shown = rows(terms, timing)
    whose = f"movement {asked.movement}, under {terms.name}" if asked.movement else terms.name
    screen.show(
        {
            "agreement": terms.digest,
            "movement": asked.movement or None,
            "phase": asked.phase or None,
            "timing": timing,
            "openings": releases(terms, timing),
            "picture": str(picture) if picture is not None else None,
        },
        line(f"who will know what when: {whose}, version {terms.version}", "bold"),
        *([line(_PHASES[asked.phase])] if asked.phase in _PHASES else []),
        time_line(shown, timing, terms)
        if shown
        else line("nothing opens for anybody: this agreement has no compartments"),
        *([line(f"wrote {picture}")] if picture is not None else []),
    )
