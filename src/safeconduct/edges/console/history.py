"""Every statement about a movement: who, when, what, who else had it, and why it had no effect if it had none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from safeconduct.core.acts import (
    CATALOGUE,
    CompartmentChecked,
    CompartmentOpened,
    CompartmentReleased,
    CompartmentSealed,
    CompartmentTold,
    GlassAsked,
    GlassGiven,
    GlassObjected,
    MovementAborted,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementExcepted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
)
from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import person, short
from safeconduct.edges.console.sealed import part
from safeconduct.edges.console.tables import Cell, card, cards
from safeconduct.edges.console.words import WORDS
from safeconduct.node.queries import HistoryLine

# Characters shown of the body of a statement that this version does not know.
_UNKNOWN_MAX = 300


def history_table(names: Names, lines: Iterable[HistoryLine]) -> Html:
    """The statements in the order of the record."""
    lines = list(lines)
    acts = [act for line in lines if isinstance(act := act_of(line), CompartmentSealed)]
    sealed = {act.content: (act.compartment, act.variant) for act in acts}
    names = replace(names, contents={**names.contents, **sealed})
    columns = ("said_at", "said_by", "said_what", "had_by")
    return cards(names.reader, columns, (_row(names, line) for line in lines), kind="history")


def anchor(party: str, index: int) -> str:
    """The id of a statement's row on its movement's page."""
    return f"s-{party}-{index}"


def _row(names: Names, line: HistoryLine) -> Html:
    reader = names.reader
    title: Content = reader.chosen(line.title) if line.title else person(line.kind)
    what = join(title, *details(names, line), between=" · ")
    # Struck through stays readable, and the reason stands beside it in words.
    said = el("s", what) if line.void else el("span", what)
    place = reader.say("entry", n=line.index)
    cells: tuple[Cell, ...] = (
        ("said_at", (reader.instant(line.t, seconds=True), _own_clock(names, line))),
        ("said_by", (el("span", person(line.actor)), el("small", names.party(line.party), " · ", place))),
        ("said_what", (said, _reason(names, line))),
        ("had_by", (el("ul", [_had(names, line, party) for party in line.received], class_="had"),)),
    )
    return card(reader, cells, id=anchor(line.party, line.index), class_="void" if line.void else None)


def _own_clock(names: Names, line: HistoryLine) -> Html | None:
    """The author's own word for the time, where the record put the statement later."""
    if line.at // 1_000 == line.t // 1_000:
        return None
    return el("small", names.reader.say("clock_said", time=names.reader.instant(line.at, seconds=True)))


def _reason(names: Names, line: HistoryLine) -> Html | None:
    if not line.void:
        return None
    return el(
        "small", names.reader.say("no_effect", reason=void_reason(names, line.void, line.account)), class_="reason"
    )


def void_reason(names: Names, code: str, account: str) -> Content:
    """Why a statement has no effect: in the reader's language where the code is known, else as the record says it."""
    reader = names.reader
    if f"void_{code}" in WORDS:
        return reader.word(f"void_{code}")
    phase = code.removeprefix("is_")
    if f"phase_{phase}" in WORDS:
        return reader.say("void_in_phase", phase=reader.word(f"phase_{phase}"))
    return el("bdi", account, lang="en", dir="ltr")


def _had(names: Names, line: HistoryLine, party: str) -> Html:
    reader = names.reader
    at, cosigned = line.received[party], line.cosigned[party]
    name = names.party(party)
    if at is not None:
        had = reader.say("had_at", party=name, time=reader.instant(at, seconds=True))
    else:
        had = reader.say("had_not", party=name)
    if cosigned is not None:
        given = reader.say("cosigned_at", time=reader.instant(cosigned * 1_000, seconds=True))
    else:
        given = el("span", reader.word("cosigned_not"))
    return el("li", had, el("small", given), class_=None if at is not None or cosigned is not None else "behind")


def details(names: Names, line: HistoryLine) -> list[Html]:
    """What a statement says beyond its kind, as short pieces."""
    reader = names.reader
    match act_of(line):
        case MovementRequested(plan=plan):
            return [_window(names, plan.timing.earliest, plan.timing.latest)]
        case MovementChanged(plan=plan, reason=reason):
            return [_window(names, plan.timing.earliest, plan.timing.latest), *_note(reason)]
        case MovementAcknowledged(role=role):
            return [names.role(role)]
        case MovementRelayed(role=role, to_role=to_role):
            return [reader.say("detail_to", role=names.role(role), to_role=names.role(to_role))]
        case MovementApproved(plan=plan_digest):
            return [reader.say("detail_plan", digest=short(plan_digest))]
        case MovementAttested(item=item, holds=holds, heads=heads, note=note):
            key = "detail_holds" if holds else "detail_does_not_hold"
            return [reader.say(key, item=names.gate_item(item)), *_heads(names, heads), *_note(note)]
        case MovementExcepted(item=item, reason=reason):
            return [names.gate_item(item), *_note(reason)]
        case MovementDeparted(heads=heads):
            return _heads(names, heads)
        case MovementArrived(heads=heads):
            return _heads(names, heads)
        case MovementCheckedIn(latitude_e7=latitude, longitude_e7=longitude, note=note):
            where = [degrees(latitude, longitude)] if latitude is not None and longitude is not None else []
            return [*where, *_note(note)]
        case CompartmentSealed(compartment=compartment, variant=variant):
            return [part(names, compartment, variant)]
        case CompartmentChecked(content=content, holds=holds, account=account):
            key = "detail_fits" if holds else "detail_does_not_fit"
            return [reader.say(key, part=_part(names, content)), *_note(account)]
        case CompartmentReleased(content=content, party=party):
            return [reader.say("detail_share", part=_part(names, content), party=names.party(party))]
        case CompartmentOpened(content=content, reason=reason):
            return [_part(names, content), *_note(reason)]
        case CompartmentTold(content=content, to=to, note=note):
            return [reader.say("detail_told", part=_part(names, content), to=person(to)), *_note(note)]
        case GlassAsked(content=content, party=party, reason=reason):
            return [
                reader.say("detail_glass", part=_part(names, content), party=names.party(party)),
                *_note(reason),
            ]
        case GlassGiven(content=content, officer=officer):
            return [reader.say("detail_piece", part=_part(names, content), officer=person(officer))]
        case GlassObjected(content=content, reason=reason):
            return [_part(names, content), *_note(reason)]
        case MovementClosed(note=note):
            return _note(note)
        case MovementRefused(reason=reason) | MovementCancelled(reason=reason) | MovementAborted(reason=reason):
            return _note(reason)
        case _:
            body = bytes(line.body).decode("utf-8", "replace")
            return [el("bdi", body[:_UNKNOWN_MAX], dir="ltr", class_="code")]


def _part(names: Names, content: str) -> Html:
    return part(names, *names.contents[content]) if content in names.contents else short(content)


def act_of(line: HistoryLine) -> object:
    """What a statement says, as a value; None for a kind that this version does not know."""
    entry = CATALOGUE.get(line.kind)
    return msgspec.json.decode(line.body, type=entry.body) if entry is not None else None


def degrees(latitude_e7: int, longitude_e7: int) -> Html:
    """A position as people write it, to a metre or so."""
    return el("bdi", f"{latitude_e7 / 1e7:.5f}, {longitude_e7 / 1e7:.5f}", dir="ltr")


def _window(names: Names, earliest: int, latest: int) -> Html:
    return names.reader.say("detail_window", window=names.reader.window(earliest, latest))


def _heads(names: Names, heads: int | None) -> list[Html]:
    return [names.reader.say("detail_heads", n=heads)] if heads is not None else []


def quoted(text: str) -> Html:
    """What a person wrote, in its own direction."""
    return el("bdi", el("q", text))


def _note(note: str | None) -> list[Html]:
    return [quoted(note)] if note else []
