"""The sealed parts of an order: seal them on one's own machine, see who is due what, open what is one's own to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import CompartmentOpened, CompartmentSealed, CompartmentTold
from safeconduct.core.agreement import LANGUAGES, Terms
from safeconduct.core.disclosure import TEXT_MAX, Content, Place, as_variant, require_content, seal_behind_glass
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.edges.cli.actors import Enrolled
from safeconduct.edges.cli.copies import copy_of, slots_for
from safeconduct.edges.cli.desk import Desk, reason_option, speaks, yes_option
from safeconduct.edges.cli.inputs import FILE, NAME, TEXT, OneOf, moment, position, read_file, whole
from safeconduct.edges.cli.movements import MOVEMENT
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import line, moment_text, pairs, table
from safeconduct.edges.cli.vouched import vouched_key, vouched_terms
from safeconduct.errors import InputInvalid, Refused, Unavailable
from safeconduct.node.append import Accepted
from safeconduct.node.orders import GlassView, Opened, OrderView, SealingKeys, SealingView

_E7 = 10_000_000


class _Handed(msgspec.Struct, frozen=True):
    """What is handed to the node to seal a compartment."""

    statement: msgspec.Raw
    ciphertext: bytes
    escrow: bytes | None


@click.group(cls=Commands)
def order() -> None:
    """The sealed parts of an order.

    Names, rendezvous, route, escort: each opens for each role when the agreement says, and not before.
    """


# --- sealing ----------------------------------------------------------------------------------------------------------


@order.command(
    "seal",
    epilog=example(
        'safeconduct order seal m-20261124-k3x7 rendezvous --text "gate 2, by the clinic" --place 24.8949,67.1580 \\',
        "    --at 2026-11-24T10:20Z --profile alice",
        "safeconduct order seal m-20261124-k3x7 manifest --file names.txt --count 12 --profile alice",
    ),
)
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.argument("compartment", metavar="COMPARTMENT")
@click.option("--text", help="What it says in words.")
@click.option("--file", "file", type=FILE, metavar="FILE", help="A file with the words, UTF-8.")
@click.option("--count", type=whole(0, 100_000), help="How many there are, for roles that learn that alone.")
@click.option("--at", metavar="TIME", help="A moment: 2026-11-24T10:20Z, or +2h.")
@click.option("--place", "places", multiple=True, metavar="LAT,LON[=NAME]", help="A place; once for each, in order.")
@yes_option
@speaks
def seal_(
    desk: Desk,
    movement_id: str,
    compartment: str,
    text: str | None,
    file: Path | None,
    count: int | None,
    at: str | None,
    places: tuple[str, ...],
    yes: bool,
) -> None:
    """Seal a compartment for whoever the agreement releases it to.

    It is encrypted on this machine. No node can open it before its moment, your own neither: each holds a share of the
    key and gives it when the record and both clocks say so. Where a role is due less than all of it, places and times
    are rounded for that role, and words are left out.

    Where the agreement lets copies differ by recipient, words may name slots as {gate}: all of a list that every party
    has signed (safeconduct slots show), and each recipient reads another value.
    """
    subject = f"movement/{movement_id}"
    content = _content(desk, words_of(text, file), count, at, places)
    view = view_of(desk, subject)
    asked = view.asked.get(compartment)
    if asked is None:
        released = ", ".join(view.asked) or "none"
        raise InputInvalid(f"expected a compartment that the agreement releases ({released}), got {compartment[:40]}")
    contents = {variant: as_variant(content, variant) for variant in asked}
    slots_for(desk, vouched_terms(desk, view.agreement), compartment, content)
    if not yes:
        desk.screen.ask_about(*_pictures(compartment, contents))
        click.confirm(f"Seal this for {subject} as {desk.client.speaker.actor}?", abort=True, err=True)
    said = seal_for_all(desk, view, compartment, content)
    desk.show(
        said,
        table(
            ("sealed", "as", "entry", "content"),
            ((compartment, act.variant, accepted.index, act.content[:16]) for act, accepted in said),
        ),
        line("it is in force once every party's node has checked its share"),
    )


def seal_for_all(
    desk: Desk, view: OrderView, compartment: str, content: Content
) -> list[tuple[CompartmentSealed, Accepted]]:
    """Seal a compartment in every grade that the agreement asks, here, and hand it to the node.

    Raises Unavailable while a party has no sealing key that lasts, else as the node answers.
    """
    terms = vouched_terms(desk, view.agreement)
    holders = holders_until(desk, terms, view.kept_until[compartment])
    listed = slots_for(desk, terms, compartment, content)
    return [
        _hand_over(
            desk,
            terms,
            view.subject,
            compartment,
            variant,
            as_variant(content, variant),
            holders,
            slots=listed.digest if listed is not None and variant == "exact" else None,
        )
        for variant in view.asked[compartment]
    ]


def words_of(text: str | None, file: Path | None) -> str | None:
    """Words given on the command line or in a file. Raises InputInvalid for both, or too many."""
    if text is not None and file is not None:
        raise InputInvalid("expected --text or --file, got both")
    words = text if file is None else _read_words(file)
    if words is not None and not 1 <= len(words) <= TEXT_MAX:
        raise InputInvalid(f"expected a text of 1 to {TEXT_MAX} characters, got {len(words)}")
    return words


def _content(desk: Desk, words: str | None, count: int | None, at: str | None, places: Sequence[str]) -> Content:
    content = Content(
        text=words,
        count=count,
        at=moment(at, desk.now(), "--at") if at is not None else None,
        places=tuple(place_of(place) for place in places),
    )
    require_content(content)
    return content


def _read_words(file: Path) -> str:
    try:
        # Four bytes are the most that a character takes.
        return read_file(file, TEXT_MAX * 4, "a text").decode().strip()
    except UnicodeDecodeError:
        raise InputInvalid(f"expected a text in UTF-8 at {file}, got other bytes") from None


def place_of(text: str) -> Place:
    """`LAT,LON` or `LAT,LON=NAME`."""
    where, _, name = text.partition("=")
    latitude, longitude = position(where, "--place")
    return Place(latitude_e7=latitude, longitude_e7=longitude, name=name or None)


def holders_until(desk: Desk, terms: Terms, kept_until: int) -> Mapping[str, SealingPublicKey]:
    """For each party the key that is destroyed first among those that last as long as the content is kept."""
    return {party.id: first_lasting(desk, terms, party.id, kept_until) for party in terms.parties}


def first_lasting(desk: Desk, terms: Terms, party: str, until: int) -> SealingPublicKey:
    """Of a party's sealing keys that last until then (ms) the one that is destroyed first, vouched for.

    Raises Unavailable while there is none, CheckFailed as `vouched_key`.
    """
    published = {known.party: known.keys for known in keys_of(desk)}
    lasting = [key for key in published.get(party, ()) if key.until >= until]
    if not lasting:
        raise Unavailable(
            f"no sealing key of {party} lasts until {moment_text(until)}: its node publishes one while it serves"
        )
    return vouched_key(desk, terms, party, lasting[0])


def keys_of(desk: Desk) -> tuple[SealingKeys, ...]:
    """For every party the keys that can be sealed to."""
    return desk.client.get("/v1/sealing-keys", tuple[SealingKeys, ...])


def _hand_over(
    desk: Desk,
    terms: Terms,
    subject: str,
    compartment: str,
    variant: str,
    content: Content,
    holders: Mapping[str, SealingPublicKey],
    *,
    slots: str | None,
) -> tuple[CompartmentSealed, Accepted]:
    act, ciphertext, escrow = seal_behind_glass(
        content,
        subject=subject,
        compartment=compartment,
        variant=variant,
        holders=holders,
        randomness=desk.assembly.randomness,
        agreement=terms.digest,
        break_glass=terms.break_glass,
        slots=slots,
    )
    handed = _Handed(statement=msgspec.Raw(desk.client.draft(subject, act)), ciphertext=ciphertext, escrow=escrow)
    answer = desk.client.post("/v1/sealings", msgspec.json.encode(handed))
    return act, desk.client.read(answer, Accepted, "/v1/sealings")


# --- looking ----------------------------------------------------------------------------------------------------------


def view_of(desk: Desk, subject: str) -> OrderView:
    """What is sealed of a movement, as the node shows it."""
    return desk.client.get(f"/v1/movements/{subject.removeprefix('movement/')}/order", OrderView)


@order.command("show", epilog=example("safeconduct order show m-20261124-k3x7 --profile desk"))
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@speaks
def show(desk: Desk, movement_id: str) -> None:
    """What is sealed of a movement.

    To whom it opens and when, and who has opened it. Never what it says.
    """
    view = view_of(desk, f"movement/{movement_id}")
    desk.show(view, *_view_pictures(view, desk.now()))


def _view_pictures(view: OrderView, now: int) -> list[RenderableType]:
    live = [sealing for sealing in view.sealings if not sealing.replaced]
    sealed = {(sealing.compartment, sealing.variant) for sealing in live}
    asked = [(compartment, variant) for compartment, variants in view.asked.items() for variant in variants]
    missing = [f"{compartment} ({variant})" for compartment, variant in asked if (compartment, variant) not in sealed]
    bare = [compartment for compartment in view.there if compartment not in {s.compartment for s in live}]
    rows = (
        (
            sealing.compartment,
            sealing.variant,
            sealing.sealed_by,
            moment_text(sealing.sealed_at),
            _standing(sealing, sees_all=view.sees_all),
            [f"{role} {moment_text(at)}{' (open)' if at <= now else ''}" for role, at in sealing.opens.items()],
            [f"{actor} {moment_text(at)}" for actor, at in sealing.opened.items()],
        )
        for sealing in live
    )
    opened = "opened by" if view.sees_all else "opened by you"
    columns = ("compartment", "as", "sealed by", "sealed", "stands", "opens for", opened)
    return [
        table(columns, rows, title=f"sealed of {view.subject}"),
        *([line(f"not sealed yet: {', '.join(missing)}")] if missing and view.sees_all else []),
        *([line(f"sealed too: {', '.join(bare)}")] if bare else []),
        *(
            line(f"{compartment} opens for you {moment_text(at) if at is not None else 'when it is reported'}")
            for compartment, at in view.opens_for_you.items()
        ),
        *([] if view.sees_all else [line("what else is sealed, and who opened it, is shown to the auditors")]),
        *(line(_glass_words(sealing, used), "bold") for sealing in live for used in sealing.glass),
    ]


def _glass_words(sealing: SealingView, used: GlassView) -> str:
    """One use of break-glass, for everybody who looks at the order."""
    asked = ", ".join(f"{actor} {moment_text(at)} ({used.reasons[actor]})" for actor, at in used.asked.items())
    given = ", ".join(f"{officer} {moment_text(at)}" for officer, at in used.given.items())
    words = f"break-glass of {sealing.compartment} ({sealing.variant}): {used.asking} wants the share of {used.party}"
    words += f"; asked by {asked}" if asked else ""
    words += f"; officers give from {moment_text(used.gives_from)} on" if used.gives_from is not None else ""
    words += f"; given by {given}" if given else ""
    return words + (f"; {used.party} objected {moment_text(used.objected)}" if used.objected is not None else "")


def _standing(sealing: SealingView, *, sees_all: bool) -> str:
    if sealing.forgotten:
        return "forgotten: every key that could open it is destroyed"
    bad = [party for party, holds in sealing.checked.items() if not holds]
    if bad:
        return f"not in force: the share of {', '.join(bad)} does not fit, seal it again"
    if not sealing.in_force:
        return "not in force yet: a node has not checked its share"
    if not sees_all and not sealing.released:
        return "in force"
    given = [party for party, at in sealing.released.items() if at is not None]
    return f"in force; shares given to {', '.join(given)}" if given else "in force, closed"


# --- opening ----------------------------------------------------------------------------------------------------------


@order.command("open", epilog=example("safeconduct order open m-20261124-k3x7 rendezvous --profile driver"))
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.argument("compartment", metavar="COMPARTMENT")
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the details of your copy.")
@reason_option
@speaks
def open_(desk: Desk, movement_id: str, compartment: str, language: str, reason: str | None) -> None:
    """Open a compartment that one of your roles is due.

    In the finest grade that is open now. That you opened it is on the record before you see it. Where it has details
    that differ by recipient you read your own copy, and that you received it is on the record too, without its words.
    """
    view = view_of(desk, f"movement/{movement_id}")
    sealing = chosen(desk, view, compartment)
    opened = open_part(desk, view, compartment, reason)
    if sealing.slots is None:
        desk.show(opened, *_pictures(compartment, {opened.variant: opened.content}))
        return
    copy = copy_of(desk, movement_id, sealing.content, sealing.slots, opened.content, language)
    shown = {**msgspec.to_builtins(opened), "content": msgspec.to_builtins(copy.content), "copy": copy.standing}
    desk.show(
        shown,
        *_pictures(compartment, {opened.variant: copy.content}),
        line(copy.note, "" if copy.standing == "received" else "bold"),
    )


def open_part(desk: Desk, view: OrderView, compartment: str, reason: str | None = None) -> Opened:
    """Open a compartment as whoever is at the desk. Raises Refused with the record's reason before its moment."""
    sealing = chosen(desk, view, compartment)
    envelope = desk.client.draft(view.subject, CompartmentOpened(content=sealing.content, reason=reason))
    return desk.client.read(desk.client.post("/v1/openings", envelope), Opened, "/v1/openings")


def chosen(desk: Desk, view: OrderView, compartment: str) -> SealingView:
    """The sealing that `open_part` opens for whoever is at the desk."""
    me = desk.client.speaker.actor
    actors = desk.client.get("/v1/actors", tuple[Enrolled, ...])
    held = {role for actor in actors if actor.actor == me and actor.enrolled for role in actor.roles}
    found = [s for s in view.sealings if s.compartment == compartment and not s.replaced]
    if not found and compartment in view.opens_for_you:
        opens = view.opens_for_you[compartment]
        if opens is None or opens > desk.now():
            # By the agreement and the plan: whether it is sealed, nobody says before.
            when = moment_text(opens) if opens is not None else "once it is reported"
            raise Refused("before_release", f"{compartment} opens for {me} {when}, and not before")
    if not found:
        raise InputInvalid(f"expected a compartment that is sealed for {view.subject}, got {compartment[:40]}")
    mine = [(min(s.opens[role] for role in held & set(s.opens)), s) for s in found if held & set(s.opens)]
    if not mine:
        raise InputInvalid(f"expected a compartment that opens for a role of {me}, got {compartment[:40]}")
    open_now = [s for opens, s in mine if opens <= desk.now()]
    if open_now:
        return min(open_now, key=lambda sealing: sealing.variant != "exact")
    # Not yet: the node says so, with the record's reason.
    return min(mine, key=lambda pair: pair[0])[1]


# --- telling ----------------------------------------------------------------------------------------------------------


@order.command(
    "tell",
    epilog=example(
        "safeconduct order tell m-20261124-k3x7 rendezvous --to host/farid --profile alice",
        'safeconduct order tell m-20261124-k3x7 route --to "toll plaza, shift leader" --profile driver',
    ),
)
@click.argument("movement_id", metavar="MOVEMENT", type=MOVEMENT)
@click.argument("compartment", metavar="COMPARTMENT")
@click.option(
    "--to",
    required=True,
    type=NAME,
    metavar="WHOM",
    help="An actor's id; for somebody without one a role or a place in words. Never a person's name.",
)
@click.option(
    "--as", "variant", metavar="GRADE", help="In which grade you told it, as `order show` has it; the finest."
)
@click.option("--note", type=TEXT, help="How, when, why; all parties read it.")
@speaks
def tell(desk: Desk, movement_id: str, compartment: str, to: str, variant: str | None, note: str | None) -> None:
    """Say that you have told somebody what a compartment says.

    It goes on the record; what the compartment says does not. You must have sealed it, opened it or been told it.
    """
    view = view_of(desk, f"movement/{movement_id}")
    me = desk.client.speaker.actor
    known = [
        sealing
        for sealing in view.sealings
        if sealing.compartment == compartment
        and (sealing.sealed_by == me or me in sealing.opened or me in sealing.told)
    ]
    found = [sealing for sealing in known if variant in (None, sealing.variant)]
    if not found:
        grades = ", ".join(sorted({sealing.variant for sealing in known})) or "nothing"
        raise InputInvalid(f"expected a compartment that {me} sealed, opened or was told ({grades}), got {compartment}")
    told = min(found, key=lambda sealing: (sealing.replaced, sealing.variant != "exact", -sealing.sealed_at))
    act = CompartmentTold(content=told.content, to=to, note=note)
    accepted = desk.client.say(view.subject, act)
    desk.show(accepted, line(f"on the record: {me} told {to} {compartment}, {told.variant}"))


def _pictures(compartment: str, contents: Mapping[str, Content]) -> list[RenderableType]:
    pictures: list[RenderableType] = []
    for variant, content in contents.items():
        rows: list[tuple[str, object]] = []
        if content.count is not None:
            rows.append(("count", content.count))
        if content.at is not None:
            rows.append(("at", moment_text(content.at)))
        rows += [("place", place_text(place)) for place in content.places]
        if content.text is not None:
            rows += [("" if n else "text", words) for n, words in enumerate(content.text.splitlines())]
        pictures += [line(f"{compartment}, {variant}", "bold"), pairs(rows)]
    return pictures


def place_text(place: Place) -> str:
    """A place as people read it."""
    where = f"{place.latitude_e7 / _E7:.5f},{place.longitude_e7 / _E7:.5f}"
    return f"{where} {place.name}" if place.name is not None else where


# --- keys -------------------------------------------------------------------------------------------------------------


@order.command("keys", epilog=example("safeconduct order keys --profile alice"))
@speaks
def keys(desk: Desk) -> None:
    """The keys that compartments are sealed to.

    Each is destroyed at its moment, and what was sealed to it stays closed.
    """
    found = keys_of(desk)
    rows = ((party.party, moment_text(key.until), key.key) for party in found for key in party.keys)
    desk.show(found, table(("party", "destroyed", "key"), rows, title="sealing keys"))
