"""Information with caveats: sealed on one's own machine, opened, passed on by consent, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import (
    CAVEATS,
    TLP_NAMES,
    Caveat,
    Identifier,
    ItemAcknowledged,
    ItemDerived,
    ItemKey,
    ItemOnwardAllowed,
    ItemOnwardAsked,
    ItemOnwardRefused,
    ItemOpened,
    ItemPassed,
    ItemRecalled,
    ItemShared,
    Recipient,
)
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure import ItemContent, ItemTerms, sanitised, seal_item
from safeconduct.core.record import DAY_MS, party_of
from safeconduct.edges.cli.agreements import InForce
from safeconduct.edges.cli.desk import Desk, speaks, yes_option
from safeconduct.edges.cli.inputs import ACTOR, FILE, TEXT, OneOf, Typed, moment, whole
from safeconduct.edges.cli.orders import first_lasting, place_of, place_text, words_of
from safeconduct.edges.cli.program import FAILED, Commands, example
from safeconduct.edges.cli.screen import line, moment_text, pairs, table
from safeconduct.edges.cli.vouched import vouched_terms
from safeconduct.errors import InputInvalid, NotFound
from safeconduct.node.append import Accepted
from safeconduct.node.holdings import HoldersPage, ItemPage, ItemRow
from safeconduct.node.items import ItemOpening
from safeconduct.node.twins import CheckAsked, CheckFound

ITEM = Typed("item", Identifier, "an item's id such as i-5f0c22ab19d4")
RECIPIENT = Typed("recipient", Recipient, "an actor's id such as host/farid, or a role of the agreement")
_ID_BYTES = 6
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Handed(msgspec.Struct, frozen=True):
    """What is handed to the node to share an item."""

    statement: msgspec.Raw
    ciphertext: bytes


class _Passing(msgspec.Struct, frozen=True):
    item: str
    to: str


class _PassingKey(msgspec.Struct, frozen=True):
    key: ItemKey | None


@click.group(cls=Commands)
def item() -> None:
    """Information with a caveat, passed on by consent, recalled.

    Who may read it, pass it on, and until when. Levels are those of TLP 2.0.
    The terms are sealed into the item; what it says is never on the record.
    """


def _described(function: Callable[..., None]) -> Callable[..., None]:
    """`--to`, `--caveat`, `--until`, `--keep-days`: the terms of an item."""
    to = click.option(
        "--to",
        "recipients",
        multiple=True,
        required=True,
        type=RECIPIENT,
        metavar="WHOM",
        help="An actor's id or a role; once for each. At the level red actors alone.",
    )
    caveat = click.option("--caveat", type=OneOf(CAVEATS), required=True, help="The level of TLP 2.0.")
    until = click.option("--until", metavar="DAY", help="The last day on which it is shown, UTC; 30 days if left out.")
    kept = click.option(
        "--keep-days", type=whole(0, 3_650), default=30, show_default=True, help="How long nodes keep it after that."
    )
    return to(caveat(until(kept(function))))


# --- sharing ----------------------------------------------------------------------------------------------------------


@item.command(
    "share",
    epilog=example(
        'safeconduct item share --title "a van at gate 2" --text "it waits every morning" --source "a shopkeeper" \\',
        "    --place 24.8949,67.1580 --at 2026-11-24T06:20Z --to approver --caveat amber --profile duty",
    ),
)
@click.option("--title", required=True, help="In a few words.")
@click.option("--text", help="All of it.")
@click.option("--file", "file", type=FILE, metavar="FILE", help="A file with the words, UTF-8.")
@click.option("--source", help="Who told it, and how it is known. A sanitised twin leaves it out.")
@click.option("--at", metavar="TIME", help="A moment: 2026-11-24T06:20Z.")
@click.option("--place", "places", multiple=True, metavar="LAT,LON[=NAME]", help="A place; once for each.")
@click.option(
    "--made-from", "sources", multiple=True, type=ITEM, metavar="ITEM", help="An item that this one was made from."
)
@_described
@yes_option
@speaks
def share(
    desk: Desk,
    title: str,
    text: str | None,
    file: Path | None,
    source: str | None,
    at: str | None,
    places: tuple[str, ...],
    sources: tuple[str, ...],
    recipients: tuple[str, ...],
    caveat: Caveat,
    until: str | None,
    keep_days: int,
    yes: bool,
) -> None:
    """Share information with the people and roles that you name.

    It is encrypted on this machine for their nodes and your own. Where it was made from other items, their record says
    so first, and refuses a looser level.
    """
    content = _content(
        title=title,
        text=words_of(text, file),
        source=source,
        at=moment(at, desk.now(), "--at") if at is not None else None,
        places=tuple(place_of(place) for place in places),
    )
    _confirm(desk, content, caveat, recipients, yes=yes)
    _share(desk, content, recipients, caveat, _end(desk, until), keep_days, sources=sources)


def _content(**parts: object) -> ItemContent:
    try:
        return msgspec.convert({name: part for name, part in parts.items() if part is not None}, ItemContent)
    except msgspec.ValidationError as error:
        raise InputInvalid(f"expected what an item can say, got a problem: {error}") from None


def _confirm(desk: Desk, content: ItemContent, caveat: Caveat, recipients: Sequence[str], *, yes: bool) -> None:
    if not yes:
        desk.screen.ask_about(*_pictures(TLP_NAMES[caveat], content))
        words = f"Share this under {TLP_NAMES[caveat]} with {', '.join(recipients)} as {desk.client.speaker.actor}?"
        click.confirm(words, abort=True, err=True)


def _end(desk: Desk, until: str | None) -> int:
    """The end of the last day: whole days, because an odd minute would tell two items of one author apart."""
    if until is not None and _DAY.fullmatch(until) is None:
        raise InputInvalid(f"--until: expected a day such as 2026-12-24, got {until[:40]!r}")
    last = moment(f"{until}T00:00Z", desk.now(), "--until") if until is not None else desk.now() + 30 * DAY_MS
    return (last // DAY_MS + 1) * DAY_MS


def _share(
    desk: Desk,
    content: ItemContent,
    recipients: Sequence[str],
    caveat: Caveat,
    until: int,
    keep_days: int,
    *,
    sources: Sequence[str] = (),
    made_from: str | None = None,
) -> None:
    name = f"i-{desk.assembly.randomness(_ID_BYTES).hex()}"
    terms = _terms_in_force(desk)
    party = desk.client.speaker.party
    bound = ItemTerms(
        subject=f"item/{name}",
        caveat=caveat,
        recipients=tuple(sorted(set(recipients))),
        until=until,
        kept_until=until + keep_days * DAY_MS,
    )
    act, ciphertext = seal_item(
        content,
        bound,
        holders={
            holder: first_lasting(desk, terms, holder, bound.kept_until)
            for holder in sorted({party, *(_party(terms, to) for to in recipients)})
        },
        origin=party,
        made_from=made_from,
        derived_from=tuple(sources),
        randomness=desk.assembly.randomness,
    )
    for source in sources:
        _say_derived(desk, source, name, act)
    handed = _Handed(statement=msgspec.Raw(desk.client.draft(bound.subject, act)), ciphertext=ciphertext)
    answer = desk.client.post("/v1/items", msgspec.json.encode(handed))
    accepted = desk.client.read(answer, Accepted, "/v1/items")
    desk.show(
        {"subject": bound.subject, "caveat": caveat, "content": act.content, "until": until, "statement": accepted},
        line(f"shared item/{name} under {TLP_NAMES[caveat]}, shown until {moment_text(until)}"),
    )


def _say_derived(desk: Desk, source: str, name: str, act: ItemShared) -> None:
    content = _page(desk, source).row.content
    said = ItemDerived(content=content, item=name, made=act.content, caveat=act.caveat, recipients=act.recipients)
    desk.client.say(f"item/{source}", said)


def _terms_in_force(desk: Desk) -> Terms:
    digest = desk.client.get("/v1/agreement", InForce).digest
    if digest is None:
        raise NotFound("no agreement is in force here")
    return vouched_terms(desk, digest)


def _party(terms: Terms, recipient: str) -> str:
    party = party_of(terms, recipient)
    if party is None:
        raise InputInvalid(f"--to: expected a role of the agreement or an actor of a party, got {recipient[:60]!r}")
    return party


# --- looking ----------------------------------------------------------------------------------------------------------


@item.command("list", epilog=example("safeconduct item list --profile approver"))
@speaks
def list_(desk: Desk) -> None:
    """Items that concern you. Never what they say."""
    rows = desk.client.get("/v1/items", tuple[ItemRow, ...])
    columns = ("item", "level", "shared by", "shared", "for", "until", "stands")
    cells = (
        (
            row.subject.removeprefix("item/"),
            TLP_NAMES[row.caveat],
            row.shared_by,
            moment_text(row.shared_at),
            row.recipients,
            moment_text(row.until),
            _standing(row),
        )
        for row in rows
    )
    desk.show(rows, table(columns, cells, title="items"))


def _standing(row: ItemRow) -> str:
    if row.standing == "recalled":
        words = f"recalled, {row.reason}; confirm by {moment_text(row.acknowledge_by)}"
        return words + ("; you have" if row.acknowledged_at is not None else "")
    opened = f"; opened {moment_text(row.opened_at)}" if row.opened_at is not None else ""
    asks = f"; {row.asks} ask to pass it on" if row.asks else ""
    return f"{'not shown any more' if row.standing == 'expired' else row.standing}{opened}{asks}"


@item.command("show", epilog=example("safeconduct item show i-5f0c22ab19d4 --profile duty"))
@click.argument("item_id", metavar="ITEM", type=ITEM)
@speaks
def show(desk: Desk, item_id: str) -> None:
    """The terms of an item and requests about it. Not its words."""
    page = _page(desk, item_id)
    row = page.row
    requests = ((one.asker, one.to, one.reason, one.standing, moment_text(one.at)) for one in page.onward)
    facts = (
        ("item", row.subject),
        ("level", TLP_NAMES[row.caveat]),
        ("shared by", f"{row.shared_by} {moment_text(row.shared_at)}"),
        ("for", row.recipients),
        ("passed on to", tuple(page.passed)),
        ("made from", page.derived_from),
        ("until", moment_text(row.until)),
        ("stands", _standing(row)),
    )
    desk.show(
        page,
        pairs(facts),
        table(("asked by", "for", "why", "stands", "since"), requests, title="requests to pass it on"),
    )


def _page(desk: Desk, item_id: str) -> ItemPage:
    return desk.client.get(f"/v1/items/{item_id}", ItemPage)


@item.command("open", epilog=example("safeconduct item open i-5f0c22ab19d4 --profile approver"))
@click.argument("item_id", metavar="ITEM", type=ITEM)
@speaks
def open_(desk: Desk, item_id: str) -> None:
    """Read an item. That you did is on the record before you see it."""
    opening = _opened(desk, item_id)
    head = f"{TLP_NAMES[opening.caveat]}, until {moment_text(opening.until)}"
    desk.show(opening, *_pictures(head, opening.content))


def _opened(desk: Desk, item_id: str) -> ItemOpening:
    act = ItemOpened(content=_page(desk, item_id).row.content)
    envelope = desk.client.draft(f"item/{item_id}", act)
    return desk.client.read(desk.client.post("/v1/item-openings", envelope), ItemOpening, "/v1/item-openings")


def _pictures(head: str, content: ItemContent) -> list[RenderableType]:
    rows: list[tuple[str, object]] = [("title", content.title)]
    if content.at is not None:
        rows.append(("at", moment_text(content.at)))
    rows += [("place", place_text(place)) for place in content.places]
    if content.source is not None:
        rows.append(("source", content.source))
    if content.text is not None:
        rows += [("" if n else "text", words) for n, words in enumerate(content.text.splitlines())]
    return [line(head, "bold"), pairs(rows)]


# --- passing on -------------------------------------------------------------------------------------------------------


def _to_option(function: click.decorators.FC) -> click.decorators.FC:
    text = "An actor's id, or a role of the agreement."
    return click.option("--to", required=True, type=RECIPIENT, metavar="WHOM", help=text)(function)


@item.command(
    "ask",
    epilog=example('safeconduct item ask i-5f0c22ab19d4 --to driver --reason "she drives there" --profile approver'),
)
@click.argument("item_id", metavar="ITEM", type=ITEM)
@_to_option
@click.option("--reason", type=TEXT, required=True, help="Why; the originator reads it.")
@speaks
def ask(desk: Desk, item_id: str, to: str, reason: str) -> None:
    """Ask the originator whether you may pass an item on."""
    desk.say(f"item/{item_id}", ItemOnwardAsked(content=_page(desk, item_id).row.content, to=to, reason=reason))


@item.command(
    "allow", epilog=example("safeconduct item allow i-5f0c22ab19d4 --asker sending/approver --to driver --profile duty")
)
@click.argument("item_id", metavar="ITEM", type=ITEM)
@click.option("--asker", required=True, type=ACTOR, metavar="ACTOR", help="Who asked.")
@_to_option
@speaks
def allow(desk: Desk, item_id: str, asker: str, to: str) -> None:
    """Let somebody pass your party's item on, once."""
    desk.say(f"item/{item_id}", ItemOnwardAllowed(content=_page(desk, item_id).row.content, asker=asker, to=to))


@item.command(
    "refuse",
    epilog=example(
        "safeconduct item refuse i-5f0c22ab19d4 --asker sending/approver --to driver \\",
        '    --reason "it would show who told us" --profile duty',
    ),
)
@click.argument("item_id", metavar="ITEM", type=ITEM)
@click.option("--asker", required=True, type=ACTOR, metavar="ACTOR", help="Who asked.")
@_to_option
@click.option("--reason", type=TEXT, required=True, help="Why; who asked reads it.")
@speaks
def refuse(desk: Desk, item_id: str, asker: str, to: str, reason: str) -> None:
    """Do not let an item be passed on, or take back that you did."""
    content = _page(desk, item_id).row.content
    desk.say(f"item/{item_id}", ItemOnwardRefused(content=content, asker=asker, to=to, reason=reason))


@item.command("pass", epilog=example("safeconduct item pass i-5f0c22ab19d4 --to driver --profile approver"))
@click.argument("item_id", metavar="ITEM", type=ITEM)
@_to_option
@speaks
def pass_(desk: Desk, item_id: str, to: str) -> None:
    """Pass an item on under the same terms.

    With the originator's consent, where its level asks one. Your node seals its key to the new recipient's node.
    """
    content = _page(desk, item_id).row.content
    body = msgspec.json.encode(_Passing(item=f"item/{item_id}", to=to))
    key = desk.client.read(desk.client.post("/v1/item-keys", body), _PassingKey, "/v1/item-keys").key
    desk.say(f"item/{item_id}", ItemPassed(content=content, to=to, key=key))


# --- recall -----------------------------------------------------------------------------------------------------------


@item.command(
    "recall",
    epilog=example('safeconduct item recall i-5f0c22ab19d4 --reason "it was not so" --by +24h --profile security'),
)
@click.argument("item_id", metavar="ITEM", type=ITEM)
@click.option("--reason", type=TEXT, required=True, help="Why; all who hold it read it.")
@click.option("--by", required=True, metavar="TIME", help="When all have confirmed: a time, or +24h.")
@yes_option
@speaks
def recall(desk: Desk, item_id: str, reason: str, by: str, yes: bool) -> None:
    """Take an item back.

    Nothing of it is shown any more; nodes destroy their copies, and everybody who read it confirms.
    """
    deadline = moment(by, desk.now(), "--by")
    content = _page(desk, item_id).row.content
    if not yes:
        click.confirm(f"Recall item/{item_id} as {desk.client.speaker.actor}? This is for good", abort=True, err=True)
    desk.say(f"item/{item_id}", ItemRecalled(content=content, reason=reason, acknowledge_by=deadline))


@item.command("confirm", epilog=example("safeconduct item confirm i-5f0c22ab19d4 --profile approver"))
@click.argument("item_id", metavar="ITEM", type=ITEM)
@yes_option
@speaks
def confirm(desk: Desk, item_id: str, yes: bool) -> None:
    """Confirm a recall: you have destroyed what you had of the item."""
    content = _page(desk, item_id).row.content
    if not yes:
        words = f"Say that you keep nothing of item/{item_id}: no print, no copy, no note?"
        click.confirm(words, abort=True, err=True)
    desk.say(f"item/{item_id}", ItemAcknowledged(content=content))


@item.command("holders", epilog=example("safeconduct item holders i-5f0c22ab19d4 --profile duty"))
@click.argument("item_id", metavar="ITEM", type=ITEM)
@speaks
def holders(desk: Desk, item_id: str) -> None:
    """Who holds an item, who read it, who has confirmed its recall.

    Items made from it too, sanitised twins among them.
    """
    page = desk.client.get(f"/v1/items/{item_id}/holders", HoldersPage)
    rows = (
        (
            holder.party,
            [f"{one.actor} {moment_text(one.opened_at)}" for one in holder.actors],
            moment_text(holder.destroyed_at),
            [f"{one.actor} {moment_text(one.acknowledged_at)}" for one in holder.actors if one.acknowledged_at],
            "yes" if holder.confirmed else "no" if holder.party in page.unconfirmed else "",
        )
        for holder in page.holders
    )
    made = (
        (
            one.subject,
            one.by,
            TLP_NAMES[one.caveat],
            "twin" if one.is_twin else "derived",
            "yes" if one.recalled else "no",
            one.unconfirmed,
        )
        for one in page.derived
    )
    desk.show(
        page,
        table(
            ("party", "read by", "copy destroyed", "acknowledged", "confirmed"),
            rows,
            title=f"holders of {page.subject}",
        ),
        table(("item", "by", "level", "how", "recalled", "unconfirmed"), made, title="made from it"),
        *([line(f"not confirmed yet: {', '.join(page.unconfirmed)}", "bold")] if page.unconfirmed else []),
    )


# --- twins ------------------------------------------------------------------------------------------------------------


def _twin_options(function: Callable[..., None]) -> Callable[..., None]:
    title = click.option("--title", required=True, help="New words; none of the source's.")
    text = click.option("--text", help="New words; left out if none.")
    metres = click.option(
        "--metres", type=whole(1, 1_000_000), help="To how much places are rounded; left out if none."
    )
    minutes = click.option("--minutes", type=whole(1, 100_000), help="To how much times are rounded; left out if none.")
    return title(text(metres(minutes(function))))


@item.command(
    "twin",
    epilog=example(
        'safeconduct item twin i-5f0c22ab19d4 --title "vehicle seen" --text "keep away from gate 2" --metres 2000 \\',
        "    --minutes 1440 --to driver --caveat green --profile duty",
    ),
)
@click.argument("item_id", metavar="ITEM", type=ITEM)
@_twin_options
@_described
@yes_option
@speaks
def twin(
    desk: Desk,
    item_id: str,
    title: str,
    text: str | None,
    metres: int | None,
    minutes: int | None,
    recipients: tuple[str, ...],
    caveat: Caveat,
    until: str | None,
    keep_days: int,
    yes: bool,
) -> None:
    """Share a sanitised version of your party's item.

    Without its source, in new words, with places and times rounded. Nobody but your own node can find out what it was
    made from; but share it in another hour and another order than its source. What it overlaps with is shown first.
    """
    source = _page(desk, item_id).row
    if source.shared_by.split("/", 1)[0] != desk.client.speaker.party:
        raise InputInvalid(f"expected an item of {desk.client.speaker.party}, got one of {source.shared_by}")
    content = sanitised(_opened(desk, item_id).content, title=title, text=text, metres=metres, minutes=minutes)
    found = _check(desk, item_id, content, recipients, metres, minutes)
    if not yes:
        desk.screen.ask_about(*_warnings(found))
    _confirm(desk, content, caveat, recipients, yes=yes)
    _share(desk, content, recipients, caveat, _end(desk, until), keep_days, made_from=source.content)


@item.command(
    "check",
    epilog=example(
        'safeconduct item check i-5f0c22ab19d4 --title "vehicle seen" --metres 2000 --minutes 1440 --to driver',
    ),
)
@click.argument("item_id", metavar="ITEM", type=ITEM)
@_twin_options
@click.option(
    "--to", "recipients", multiple=True, required=True, type=RECIPIENT, metavar="WHOM", help="Who would have it."
)
@speaks
def check(
    desk: Desk,
    item_id: str,
    title: str,
    text: str | None,
    metres: int | None,
    minutes: int | None,
    recipients: tuple[str, ...],
) -> None:
    """What leads from a sanitised version to its source.

    Compared with the source and with what its receivers hold, as far as you have read it. Nothing is shared.
    """
    content = sanitised(_opened(desk, item_id).content, title=title, text=text, metres=metres, minutes=minutes)
    found = _check(desk, item_id, content, recipients, metres, minutes)
    desk.show(found, *_warnings(found))
    if found.overlaps:
        raise click.exceptions.Exit(FAILED)


def _check(
    desk: Desk, item_id: str, content: ItemContent, recipients: Sequence[str], metres: int | None, minutes: int | None
) -> CheckFound:
    asked = CheckAsked(
        source=f"item/{item_id}", content=content, recipients=tuple(recipients), metres=metres, minutes=minutes
    )
    body = desk.client.post("/v1/item-checks", msgspec.json.encode(asked))
    return desk.client.read(body, CheckFound, "/v1/item-checks")


def _warnings(found: CheckFound) -> list[RenderableType]:
    read = f"compared with the source and {found.compared} things that the receivers hold"
    unread = f"; {found.unread} more you have not read, and they were not compared" if found.unread else ""
    rows = ((one.kind.replace("_", " "), one.of, one.account) for one in found.overlaps)
    return [table(("what", "of", "account"), rows, title="what leads to the source"), line(read + unread)]
