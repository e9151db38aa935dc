"""Sealed marks: hide a movement or a site from a unit, make a movement a decoy, agree, and open for review."""

from __future__ import annotations

from typing import Annotated

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import Identifier, MarkAgreed, MarkContent, MarkOpened
from safeconduct.core.agreement import DecoyTerms, ShutOutTerms, Terms, milliseconds
from safeconduct.core.disclosure import seal_mark
from safeconduct.edges.cli.agreements import InForce
from safeconduct.edges.cli.desk import Desk, speaks, yes_option
from safeconduct.edges.cli.inputs import Typed, moment
from safeconduct.edges.cli.movements import MOVEMENT
from safeconduct.edges.cli.orders import holders_until
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import line, moment_text, pairs, table
from safeconduct.edges.cli.vouched import vouched_terms
from safeconduct.errors import InputInvalid, NotFound
from safeconduct.node.marks import MarkView

_Subject = Annotated[str, msgspec.Meta(pattern=r"^((movement|site)/)?[a-z0-9][a-z0-9._-]{0,63}\Z")]
_Unit = Annotated[str, msgspec.Meta(pattern=r"^([a-z][a-z0-9-]{0,31}/)?[a-z0-9][a-z0-9._-]{0,63}\Z")]
_SUBJECT = Typed("subject", _Subject, "a movement's id such as m-20261124-k3x7, or site/<id>")
_UNIT = Typed("unit", _Unit, "a role of the agreement, or an actor such as host/karim")
_MARK = Typed("mark", Identifier, "a mark's id as list has it")
_WHY = Typed("text", Annotated[str, msgspec.Meta(min_length=1, max_length=400)], "a text of 1 to 400 characters")
_UNTIL = "When it ends: 2026-11-24T10:20Z, or +2d; else as late as the agreement lets it."
_REASON = "Why; sealed with the rest, and read by everybody after the review."


@click.group(cls=Commands)
def mark() -> None:
    """What is hidden from whom, and decoys.

    What a mark says is sealed to every party's node and opens on review, where everybody reads it.
    """


# --- making one -------------------------------------------------------------------------------------------------------


@mark.command(
    "shut-out",
    epilog=example(
        'safeconduct mark shut-out m-20261124-k3x7 --unit patrol_lead --reason "two leaks in October" --profile alice',
        'safeconduct mark shut-out site/depot --unit host/karim --until +2d --reason "under inquiry" --profile alice',
    ),
)
@click.argument("subject", metavar="MOVEMENT|site/ID", type=_SUBJECT)
@click.option("--unit", type=_UNIT, required=True, help="Who is to learn nothing of it: a role, or one actor.")
@click.option("--reason", type=_WHY, required=True, help=_REASON)
@click.option("--until", metavar="TIME", help=_UNTIL)
@yes_option
@speaks
def shut_out(desk: Desk, subject: str, unit: str, reason: str, until: str | None, yes: bool) -> None:
    """Hide a movement or a site from a unit.

    Each node hides it from the unit as soon as it has the mark, also a movement that is not asked for yet. It ends
    unless somebody of another party agrees in time.
    """
    about = subject if "/" in subject else f"movement/{subject}"
    _seal(desk, MarkContent(sort="shut_out", about=about, unit=unit, reason=reason), until, yes=yes)


@mark.command(
    "decoy",
    epilog=example('safeconduct mark decoy m-20261124-k3x7 --reason "to see who moves" --until +2d --profile alice'),
)
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.option("--reason", type=_WHY, required=True, help=_REASON)
@click.option("--until", metavar="TIME", help=_UNTIL)
@yes_option
@speaks
def decoy(desk: Desk, movement_id: str, reason: str, until: str | None, yes: bool) -> None:
    """Make a movement a decoy.

    Nobody who is protected travels in it. It counts once every other party has agreed; from then on no node signs what
    would put people into it.
    """
    _seal(desk, MarkContent(sort="decoy", about=f"movement/{movement_id}", reason=reason), until, yes=yes)


def _seal(desk: Desk, content: MarkContent, until: str | None, *, yes: bool) -> None:
    digest = desk.client.get("/v1/agreement", InForce).digest
    if digest is None:
        raise NotFound("no agreement is in force")
    terms = vouched_terms(desk, digest)
    agreed = _sort(terms, content)
    now = desk.now()
    # A minute less than the longest: the statement is dated after this.
    ends = moment(until, now, "--until") if until is not None else now + milliseconds(agreed.longest) - 60_000
    if not yes:
        desk.screen.ask_about(pairs(_says(content)), line(f"until {moment_text(ends)}"))
        harm = (
            f"{content.unit} will learn nothing of it, whatever happens to it"
            if content.sort == "shut_out"
            else "nobody may be in it, and no node signs that anybody is"
        )
        click.confirm(f"Seal this mark as {desk.client.speaker.actor}? From then on {harm}", abort=True, err=True)
    review = milliseconds(terms.marks.review_within) if terms.marks is not None else 0
    # Of the subject nothing is in the mark's own name.
    subject = f"mark/k-{desk.assembly.randomness(8).hex()}"
    act = seal_mark(
        content,
        subject=subject,
        until=ends,
        holders=holders_until(desk, terms, ends + review),
        randomness=desk.assembly.randomness,
    )
    desk.say(subject, act)


def _sort(terms: Terms, content: MarkContent) -> ShutOutTerms | DecoyTerms:
    marks = terms.marks
    agreed = (marks.shut_out if content.sort == "shut_out" else marks.decoy) if marks is not None else None
    if agreed is None:
        raise InputInvalid(f"expected an agreement with marks of the sort {content.sort}, got one without")
    return agreed


# --- looking ----------------------------------------------------------------------------------------------------------


@mark.command("list", epilog=example("safeconduct mark list --profile alice", "safeconduct mark list --json"))
@speaks
def list_(desk: Desk) -> None:
    """The marks that you are told of.

    And what each says, where that is yours to read.
    """
    views = desk.client.get("/v1/marks", tuple[MarkView, ...])
    rows = (
        (
            view.subject.removeprefix("mark/"),
            view.stands + (", review overdue" if view.overdue else ""),
            *_words(view),
            view.sealed_by,
            moment_text(view.until),
            moment_text(view.review_by),
            [f"{party} ({actor})" for party, actor in view.agreed.items()],
            [party if holds else f"not by {party}" for party, holds in view.kept.items()],
        )
        for view in views
    )
    columns = ("mark", "stands", "what", "unit", "why", "by", "until", "review by", "agreed by", "kept to by")
    desk.show(views, table(columns, rows, title="sealed marks"))


def _words(view: MarkView) -> tuple[str, str, str]:
    says = view.says
    if says is None:
        return "sealed", "", ""
    return f"{_SORTS[says.sort]} {says.about}", says.unit or "", says.reason


_SORTS = {"shut_out": "hides", "decoy": "decoy:"}


def _says(content: MarkContent) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [("what", f"{_SORTS[content.sort]} {content.about}")]
    if content.unit is not None:
        rows.append(("from", content.unit))
    return [*rows, ("why", content.reason)]


# --- agreeing and opening ---------------------------------------------------------------------------------------------


@mark.command("agree", epilog=example("safeconduct mark agree k-0a1b2c3d4e5f6071 --profile duty"))
@click.argument("mark_id", metavar="MARK", type=_MARK)
@yes_option
@speaks
def agree(desk: Desk, mark_id: str, yes: bool) -> None:
    """Agree to another party's mark, having read it."""
    view = _shown(desk, mark_id)
    if not yes:
        desk.screen.ask_about(*_pictures(view))
        click.confirm(f"Agree to this for {desk.client.speaker.party}?", abort=True, err=True)
    desk.say(view.subject, MarkAgreed(content=view.content))


@mark.command("open", epilog=example("safeconduct mark open k-0a1b2c3d4e5f6071 --profile reviewer"))
@click.argument("mark_id", metavar="MARK", type=_MARK)
@yes_option
@speaks
def open_(desk: Desk, mark_id: str, yes: bool) -> None:
    """Open a mark for review.

    It ends with that, and everybody reads from then on what was hidden, from whom, by whom, why and how long.
    """
    view = _shown(desk, mark_id)
    if view.key is None:
        raise InputInvalid(f"expected a mark that {desk.client.speaker.actor} may open, got {mark_id}")
    if not yes:
        desk.screen.ask_about(*_pictures(view))
        click.confirm("Open this on the record? Everybody reads it, and it ends", abort=True, err=True)
    desk.say(view.subject, MarkOpened(content=view.content, key=view.key))


def _shown(desk: Desk, mark_id: str) -> MarkView:
    view = desk.client.get(f"/v1/marks/{mark_id}", MarkView)
    if view.says is None:
        raise InputInvalid(f"expected a mark that {desk.client.speaker.actor} may read, got {mark_id}")
    if view.opened_at is not None:
        raise InputInvalid(f"expected a mark that is sealed still, got {mark_id}, which {view.opened_by} opened")
    return view


def _pictures(view: MarkView) -> list[RenderableType]:
    rows = _says(view.says) if view.says is not None else []
    rows += [("by", view.sealed_by), ("sealed", moment_text(view.sealed_at)), ("until", moment_text(view.until))]
    return [pairs([*rows, ("stands", view.stands)])]
