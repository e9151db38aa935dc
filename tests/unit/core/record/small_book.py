"""A scenario book over the small agreement of tests, to change a line of."""

from __future__ import annotations

from collections.abc import Mapping

from safeconduct.core.agreement import Terms, write_folder
from safeconduct.core.record import Scenario, read_scenario
from safeconduct.testing import card_of, small_terms

TERMS = small_terms([card_of("host"), card_of("sending")])
FOLDER = write_folder(TERMS)

BOOK = """\
scenario: small
title: {en: A small history}
sources: [nobody]
made_up: all of it
agreement: {folder: small}
start: "2024-10-06T00:00:00Z"
people:
  - {id: journey_manager, party: sending}
  - {id: duty_officer, party: host}
  - {id: lead, party: host, roles: [escort_lead]}
plans:
  - name: asked
    route: {origin: airport, destination: port, districts: [malir]}
    timing: {earliest: +PT30H, latest: +PT32H, review_by: +PT29H}
    people: {group: engineers, count: 12}
    escort: {carrying_vehicles: 2, protection_level: b6, escort_vehicles: 3}
    purpose: shift change
steps:
  - name: request
    at: +PT0H
    who: journey_manager
    what: movement.requested
    fields: {plan: asked}
    seen_by: {host: +PT4H}
  - {at: +PT5H, who: duty_officer, what: movement.approved, fields: {plan: asked}}
  - {at: +PT28H, who: lead, what: movement.departed, fields: {heads: 12}, void: is_requested}
expect:
  - {at: +PT5H, clause: T-1, outcome: met, happened: +PT4H, near: "yes", why: two hours before it was due}
  - {at: +PT5H, clause: T-2, outcome: pending}
  - {at: +PT29H, clause: T-1, outcome: met}
  - {at: +PT29H, clause: T-2, outcome: breached, owed_by: escort_lead, reason: happened}
  - {at: +PT29H, clause: T-3, outcome: none}
mutations:
  - name: a notice of twenty-nine hours
    clause: T-1
    field: rule.must.due
    from: PT24H
    to: PT29H
    verdicts:
      - {at: +PT5H, clause: T-1, outcome: disputed}
      - {clause: T-1, outcome: disputed}
"""


def changed(old: str, new: str, book: str = BOOK) -> str:
    """The book with a piece that stands in it once replaced."""
    assert book.count(old) == 1, (book.count(old), old)
    return book.replace(old, new)


def files_of(kind: str, name: str) -> Mapping[str, str] | None:
    return FOLDER if (kind, name) == ("folder", "small") else None


def read(text: str = BOOK, instead: Terms | None = None) -> Scenario:
    return read_scenario("book.yaml", text, files_of, instead)
