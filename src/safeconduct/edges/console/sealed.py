"""The sealed parts of an order, on its movement's page: how each stands, and who has opened it. Never what it says."""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.core.agreement import grade_text
from safeconduct.core.disclosure import read_variant
from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import person, short
from safeconduct.edges.console.shapes import badge
from safeconduct.edges.console.tables import Cell, card, cards
from safeconduct.errors import InputInvalid
from safeconduct.node.orders import OrderView, SealingView

_COLUMNS = ("sealed_what", "sealed_by", "sealed_stands", "sealed_opened")


def sealed(names: Names, view: OrderView) -> Html:
    """A row for everything that is sealed and was not replaced, and what is still missing.

    For whoever is no auditor: when what opens for them, by the agreement and the plan, and what they know of.
    """
    reader = names.reader
    live = [sealing for sealing in view.sealings if not sealing.replaced]
    if not view.sees_all:
        return _yours(names, view, live)
    there = {(sealing.compartment, sealing.variant) for sealing in live}
    asked = [(compartment, variant) for compartment, variants in view.asked.items() for variant in variants]
    missing = [part(names, *what) for what in asked if what not in there]
    if not live:
        return el("p", reader.word("sealed_none"))
    return join(
        cards(reader, _COLUMNS, (_row(names, sealing, sees_all=True) for sealing in live), kind="sealings"),
        el("p", reader.say("sealed_missing", parts=reader.listed(missing))) if missing else None,
    )


def _yours(names: Names, view: OrderView, live: Sequence[SealingView]) -> Html:
    reader = names.reader
    lines = [
        el(
            "li",
            reader.say("sealed_opens_yours", part=_name(names, compartment), time=reader.instant(at))
            if at is not None
            else reader.say("sealed_reported_yours", part=_name(names, compartment)),
        )
        for compartment, at in view.opens_for_you.items()
    ]
    # Rows say it for the others.
    bare = [compartment for compartment in view.there if compartment not in {sealing.compartment for sealing in live}]
    there = reader.say("sealed_there", parts=reader.listed(_name(names, compartment) for compartment in bare))
    return join(
        el("ul", lines, class_="plain") if lines else el("p", reader.word("sealed_not_yours")),
        el("p", there) if bare else None,
        cards(reader, _COLUMNS, (_row(names, sealing, sees_all=False) for sealing in live), kind="sealings")
        if live
        else None,
        el("p", reader.word("sealed_partial"), class_="rule"),
    )


def _name(names: Names, compartment: str) -> Content:
    known = names.terms.compartment(compartment) if names.terms is not None else None
    return names.reader.chosen(known.name) if known is not None else person(compartment)


def part(names: Names, compartment: str, variant: str) -> Html:
    """A compartment by its name, and how exactly."""
    return names.reader.say(
        "detail_part", part=_name(names, compartment), grade=variant_text(variant, names.reader.language)
    )


def variant_text(variant: str, language: str) -> str:
    """How exactly, in words: `blurred-500m` is `blurred: places to within 500 metres`."""
    try:
        grade, metres, minutes = read_variant(variant)
    except InputInvalid:
        return variant
    return grade_text(grade, metres, minutes, language)


def _row(names: Names, sealing: SealingView, *, sees_all: bool) -> Html:
    reader = names.reader
    opened: Content = (
        el(
            "ul",
            (el("li", person(actor), " ", el("small", reader.instant(at))) for actor, at in sealing.opened.items()),
            class_="plain",
        )
        if sealing.opened
        else reader.word("sealed_nobody" if sees_all else "sealed_not_by_you")
    )
    cells: tuple[Cell, ...] = (
        ("sealed_what", (part(names, sealing.compartment, sealing.variant), el("small", short(sealing.content)))),
        ("sealed_by", (person(sealing.sealed_by), el("small", reader.instant(sealing.sealed_at)))),
        ("sealed_stands", _standing(names, sealing, sees_all=sees_all)),
        ("sealed_opened", opened),
    )
    return card(reader, cells)


def _standing(names: Names, sealing: SealingView, *, sees_all: bool) -> Html:
    reader = names.reader
    if sealing.forgotten:
        return badge("bar", "plain", reader.word("sealed_forgotten"))
    if not all(sealing.checked.values()):
        return badge("cross", "alarm", reader.word("sealed_bad"))
    if not sealing.in_force:
        return badge("clock", "warn", reader.word("sealed_waits"))
    if not sees_all and not sealing.released:
        # Who has shares is not told to whoever it does not open for.
        return badge("bar", "plain", reader.word("sealed_in_force"))
    given = [names.party(party) for party, at in sealing.released.items() if at is not None]
    if not given:
        return badge("bar", "plain", reader.word("sealed_closed"))
    return badge("tick", "calm", reader.say("sealed_given", party=reader.listed(given)))
