"""What is held about a person: kept by nodes until its time is over, shown with a reason, told in full, forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import PersonOpened, PersonSealed, Text
from safeconduct.core.agreement import LANGUAGES, Dossiers, Terms, keepers, milliseconds
from safeconduct.core.disclosure import HeldDossier, seal_dossier
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.edges.cli.desk import Desk, speaks
from safeconduct.edges.cli.dossiers import Box, Dossier, boxes, read_data, remove_box
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import FILE, IDENTIFIER, TEXT, OneOf, moment
from safeconduct.edges.cli.orders import first_lasting
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.reports import terms_in_force
from safeconduct.edges.cli.screen import line, moment_text, pairs, table
from safeconduct.edges.cli.vouched import vouched_terms
from safeconduct.errors import InputInvalid, NotFound
from safeconduct.node.append import Accepted
from safeconduct.node.dossiers import DossierView, OpenedDossier, PersonPage

# This machine's clock may be ahead of its node's, and a later end than the agreement's is refused.
_MARGIN_MS = 60_000


@click.group(cls=Commands)
def person() -> None:
    """What is held about a protected person, by whom, and until when."""


class _Handed(msgspec.Struct, frozen=True, kw_only=True):
    """What the node is given with the statement."""

    statement: msgspec.Raw
    ciphertext: bytes


@person.command(
    epilog=example(
        "safeconduct person seal p-0417 --profile registrar",
        "safeconduct person seal p-0417 --until +30d --profile registrar",
    )
)
@click.argument("person_id", metavar="ID", type=IDENTIFIER)
@click.option("--until", metavar="TIME", help="End of its time; else as late as the agreement lets it be.")
@speaks
def seal(desk: Desk, person_id: str, until: str | None) -> None:
    """Let the nodes keep a person's dossier, until its time is over.

    The dossier is taken from this actor's folder and encrypted here. Said again, it is kept longer.
    """
    subject = f"person/{person_id}"
    act, accepted = seal_for_nodes(desk, subject, until)
    desk.show(
        {**msgspec.to_builtins(accepted), "subject": subject, "until": act.until, "content": act.content},
        line(f"kept by {', '.join(copy.party for copy in act.copies)} until {moment_text(act.until)}"),
        line(f"the box in {desk.client.speaker.folder} stays until then: safeconduct person forget {person_id}"),
    )


def seal_for_nodes(desk: Desk, subject: str, until: str | None) -> tuple[PersonSealed, Accepted]:
    """Seal the dossier that this actor registered last, and hand it to the node.

    Raises InputInvalid where the agreement says nothing of dossiers, NotFound without the box of the registration.
    """
    terms = vouched_terms(desk, terms_in_force(desk).digest)
    if terms.dossiers is None:
        raise InputInvalid("expected an agreement with dossiers (who opens them, how long they are kept), got none")
    page = _page(desk, subject)
    box = next((box for box in _boxes(desk, subject) if box.commitment == page.dossier), None)
    if box is None:
        raise NotFound(f"the dossier of {subject} that was registered last is not in {desk.client.speaker.folder}")
    longest = milliseconds(terms.dossiers.kept)
    end = moment(until, desk.now(), "--until") if until is not None else desk.now() + longest - _MARGIN_MS
    act, ciphertext = seal_dossier(
        box.held,
        subject=subject,
        until=end,
        holders=_holders(desk, terms, terms.dossiers, end),
        randomness=desk.assembly.randomness,
    )
    handed = _Handed(statement=msgspec.Raw(desk.client.draft(subject, act)), ciphertext=ciphertext)
    answer = desk.client.post("/v1/dossiers", msgspec.json.encode(handed))
    return act, desk.client.read(answer, Accepted, "/v1/dossiers")


def _holders(desk: Desk, terms: Terms, dossiers: Dossiers, until: int) -> Mapping[str, SealingPublicKey]:
    parties = keepers(dossiers, desk.client.speaker.party)
    return {party: first_lasting(desk, terms, party, until) for party in parties}


@person.command(
    "open", epilog=example('safeconduct person open p-0417 --reason "hospital asks for blood group" --profile desk')
)
@click.argument("person_id", metavar="ID", type=IDENTIFIER)
@click.option("--reason", type=TEXT, required=True, help="What for; everybody reads it.")
@speaks
def open_(desk: Desk, person_id: str, reason: str) -> None:
    """Show a person's dossier. That you opened it, and what for, is on the record before you see it."""
    subject = f"person/{person_id}"
    opened = _opened(desk, _page(desk, subject), reason)
    dossier = read_data(opened.data)
    desk.show(
        {"commitment": opened.dossier, "name": dossier.name, "papers": dossier.papers, "statement": opened.statement},
        pairs([("commitment", opened.dossier), *_rows(dossier)]),
    )


def _opened(desk: Desk, page: PersonPage, reason: Text) -> OpenedDossier:
    live = [view for view in page.dossiers if not view.forgotten]
    if not live:
        raise NotFound(f"no node keeps a dossier of {page.subject}: none was sealed, or all are forgotten")
    latest = max(live, key=lambda view: (view.until, view.sealed_at))
    envelope = desk.client.draft(page.subject, PersonOpened(content=latest.content, reason=reason))
    opened = desk.client.read(
        desk.client.post("/v1/dossiers/openings", envelope), OpenedDossier, "/v1/dossiers/openings"
    )
    Box.of(page.subject, HeldDossier(opened.data, opened.salt)).require(latest.dossier)
    return opened


@person.command(
    epilog=example(
        "safeconduct person held p-0417 --profile registrar",
        'safeconduct person held p-0417 --open "asked by the person" --html held.html --profile registrar',
    )
)
@click.argument("person_id", metavar="ID", type=IDENTIFIER)
@click.option("--open", "reason", type=TEXT, metavar="REASON", help="Open the dossier too, and say on the record why.")
@click.option("--html", type=FILE, metavar="FILE.html", help="A new file with all of it, to hand over.")
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the file.")
@speaks
def held(desk: Desk, person_id: str, reason: str | None, html: Path | None, language: str) -> None:
    """What is held about a person, in words, for that person to read.

    What the record says, who keeps the dossier until when, who opened it and what for, and whether a copy still lies in
    this folder. The dossier itself with --open.
    """
    if html is not None and html.suffix != ".html":
        raise InputInvalid(f"--html: expected a file that ends in .html, got {html.name[:60]}")
    subject = f"person/{person_id}"
    page = _page(desk, subject)
    dossier = None
    if reason is not None:
        dossier = read_data(_opened(desk, page, reason).data)
        # With this opening on it too.
        page = _page(desk, subject)
    kept_here = [box.commitment for box in _boxes(desk, subject)]
    if html is not None:
        rows = [] if dossier is None else [dossier.name, *dossier.papers]
        write_new(
            html, desk.assembly.press.person(page, rows, len(kept_here), terms_in_force(desk), language), mode=0o600
        )
    desk.show(
        {
            "record": page,
            "boxes": kept_here,
            "opened": dossier,
            "html": str(html) if html is not None else None,
        },
        *_told(page, dossier),
        line(_here(desk, person_id, len(kept_here))),
        *([line(f"wrote {html}")] if html is not None else []),
    )


def _told(page: PersonPage, dossier: Dossier | None) -> list[RenderableType]:
    said = [f"{page.subject} is registered by {page.party}, group {page.group}; nobody's name is on the record"]
    said += [_kept_words(view) for view in page.dossiers] or ["no node keeps the dossier"]
    rows = [
        (moment_text(entry.t), entry.title.get("en", entry.kind), entry.actor, entry.account) for entry in page.history
    ]
    return [
        *(line(words) for words in said),
        *([pairs(_rows(dossier))] if dossier is not None else []),
        table(("at", "said", "by", "without effect"), rows, title=f"said of {page.subject}"),
    ]


def _kept_words(view: DossierView) -> str:
    opened = "; ".join(f"{one.actor} {moment_text(one.at)} ({one.reason})" for one in view.openings)
    by = f"opened by {opened}" if opened else "opened by nobody"
    if view.forgotten:
        return f"dossier {view.dossier[:16]} is forgotten: every key that could open it is destroyed; {by}"
    return (
        f"dossier {view.dossier[:16]} is kept by {', '.join(view.kept_by)} and opens until {moment_text(view.until)}; "
        f"its key is destroyed {moment_text(view.destroyed_at)}; {by}"
    )


def _here(desk: Desk, person_id: str, number: int) -> str:
    folder = desk.client.speaker.folder
    if not number:
        return f"no box of a dossier is in {folder}"
    return f"{number} box{'es' if number > 1 else ''} still in {folder}: safeconduct person forget {person_id}"


@person.command(epilog=example("safeconduct person forget p-0417 --profile registrar"))
@click.argument("person_id", metavar="ID", type=IDENTIFIER)
@speaks
def forget(desk: Desk, person_id: str) -> None:
    """Destroy this actor's own boxes of a dossier whose time is over.

    A box goes when every sealing of that dossier has ended. One that was never sealed has no end, and stays.
    """
    subject = f"person/{person_id}"
    now = desk.now()
    views = _page(desk, subject).dossiers
    rows = []
    for box in _boxes(desk, subject):
        ends = [view.until for view in views if view.dossier == box.commitment]
        if ends and max(ends) <= now:
            remove_box(box)
            rows.append((box.commitment, "destroyed", "its time is over"))
        else:
            why = f"kept until {moment_text(max(ends))}" if ends else "never sealed to a node, so it has no end"
            rows.append((box.commitment, "stays", why))
    desk.show(
        [{"commitment": commitment, "box": what, "account": why} for commitment, what, why in rows],
        table(("dossier", "box", "why"), rows) if rows else line(f"no box of {subject} is here: nothing to destroy"),
    )


def _page(desk: Desk, subject: str) -> PersonPage:
    return desk.client.get(f"/v1/persons/{subject.removeprefix('person/')}", PersonPage)


def _boxes(desk: Desk, subject: str) -> list[Box]:
    speaker = desk.client.speaker
    if speaker.dossier_key is None:
        return []
    return boxes(speaker.folder, speaker.dossier_key, subject)


def _rows(dossier: Dossier) -> list[tuple[str, object]]:
    return [("name", dossier.name), *(("papers", paper) for paper in dossier.papers)]
