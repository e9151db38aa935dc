"""One movement on one page: plan, how guessable, approvals, gate, who will know what, notice, duties, history."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from safeconduct.core.acts import MovementExcepted
from safeconduct.core.agreement import Clause, Evidence, Finding, Terms, explain
from safeconduct.core.disclosure import Unusual
from safeconduct.core.record import GateLine, Hop
from safeconduct.edges.console.board import BEFORE_DEPARTURE, command, from_to, open_points, phase_badge
from safeconduct.edges.console.glass import glass_link
from safeconduct.edges.console.guess import guess_section
from safeconduct.edges.console.history import act_of, anchor, degrees, history_table, quoted
from safeconduct.edges.console.knowing import knowing
from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code, milliseconds_of, person, short
from safeconduct.edges.console.reasons import look_path
from safeconduct.edges.console.sealed import part, sealed
from safeconduct.edges.console.shapes import ITEMS, OUTCOMES, badge, shape
from safeconduct.edges.console.tables import Cell, facts
from safeconduct.edges.console.timeline import in_effect, timeline
from safeconduct.edges.console.words import DIRECTIONS
from safeconduct.node import openings, orders, queries
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.node.orders import OrderView
from safeconduct.node.queries import HistoryLine, MovementPage

# As core.agreement writes an instant in a sentence.
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z)", re.ASCII)

_OUTCOME_TONES: Mapping[str, str] = {
    "breached": "alarm",
    "disputed": "warn",
    "waived": "warn",
    "pending": "plain",
    "met": "calm",
    "not_due": "done",
}
_SETTLED = ("met", "not_due")
_ITEM_TONES: Mapping[str, str] = {
    "open": "warn",
    "excepted": "warn",
    "holds": "calm",
    "at_departure": "calm",
    "not_needed": "done",
}


def movement(node: Node, viewer: Viewer, reader: Reader, movement_id: str) -> View:
    """The page `/movements/<id>`. Raises NotFound."""
    page = queries.movement(node, viewer, f"movement/{movement_id}")
    order = orders.order(node, viewer, page.row.subject)
    names = Names(node, reader, queries.text_of(node, page.agreement))
    row = page.row
    head = el(
        "div",
        el("p", el("a", reader.word("back"), href="/"), class_="back"),
        el("h1", from_to(names, row), " ", el("small", code(movement_id))),
        el("p", phase_badge(reader, row.phase.value), " ", _reason(reader, page)),
        open_points(names, row),
        class_="head",
    )
    sections = (
        ("plan", None, _plan(names, page)),
        # Before the approvals: whoever approves has seen it.
        ("guess", reader.word("guess_rule"), guess_section(reader, page.predictability)),
        ("approvals", None, _approvals(names, page)),
        ("gate", reader.word("gate_rule"), _gate(names, page)),
        ("knowing", reader.word("knowing_rule"), knowing(names, page)),
        (
            "sealed",
            reader.word("sealed_rule"),
            join(
                glass_link(reader, order),
                sealed(names, order),
                _unusual(names, openings.unusual_openings(node, viewer, row.subject)),
                _knew(reader, movement_id) if order.sees_all else None,
            ),
        ),
        ("notice", reader.word("notice_rule"), _notice(names, page)),
        ("obligations", None, _obligations(names, page)),
        ("timeline", None, timeline(names, page)),
        ("history", reader.word("history_rule"), _history(names, page, order)),
    )
    body = join(head, *(_section(reader, key, note, content) for key, note, content in sections))
    return View(title=f"{movement_id} · {reader.word(f'phase_{row.phase.value}')}", body=body)


def _history(names: Names, page: MovementPage, order: OrderView) -> Html:
    # Also of what was sealed by a statement that this reader is not shown.
    contents = {sealing.content: (sealing.compartment, sealing.variant) for sealing in order.sealings}
    reader, table = names.reader, history_table(replace(names, contents=contents), page.history)
    if order.sees_all:
        return join(table, _pack(reader, page.row.subject))
    # The same words whether or not there is more.
    return join(table, el("p", reader.word("history_partial"), class_="rule"))


def _knew(reader: Reader, movement_id: str) -> Html:
    return el("p", el("a", reader.word("knew_link"), href=look_path("knew", movement_id)))


def _unusual(names: Names, cases: Sequence[Unusual]) -> Html | None:
    """Openings for which no duty was left: nothing of why somebody looked, only that people should ask."""
    reader = names.reader
    if not cases:
        return None
    rows = (
        el(
            "li",
            shape("warning"),
            " ",
            reader.say(
                "unusual_case",
                actor=person(case.opening.actor),
                part=part(names, case.opening.compartment, case.opening.variant),
                time=reader.instant(case.opening.evidence.at, seconds=True),
            ),
            " ",
            el(
                "a",
                code(f"{case.opening.evidence.party} {case.opening.evidence.index}"),
                href=f"#{anchor(case.opening.evidence.party, case.opening.evidence.index)}",
            ),
        )
        for case in cases
    )
    return el(
        "div", el("p", reader.word("unusual_rule"), class_="rule"), el("ul", rows, class_="plain"), class_="unusual"
    )


def _section(reader: Reader, key: str, note: str | None, content: Html) -> Html:
    lead = el("p", note, class_="rule") if note is not None else None
    return el("section", el("h2", reader.word(key)), lead, content, class_=key, aria_label=reader.word(key))


def _reason(reader: Reader, page: MovementPage) -> Html | None:
    if page.reason is None:
        return None
    return el("span", reader.word("reason"), ": ", quoted(page.reason))


# --- plan and approvals -----------------------------------------------------------------------------------------------


def _plan(names: Names, page: MovementPage) -> Html:
    reader, plan = names.reader, page.row.plan
    timing, escort = plan.timing, plan.escort
    vehicles = reader.say(
        "escort_text",
        carrying=escort.carrying_vehicles,
        level=code(escort.protection_level),
        escort=escort.escort_vehicles,
    )
    window = (
        el("strong", reader.window(timing.earliest, timing.latest)),
        " · ",
        reader.age(timing.earliest),
        el("span", class_="local", data_from=timing.earliest, data_to=timing.latest),
    )
    review = (reader.instant(timing.review_by), " · ", reader.age(timing.review_by), " · ", reader.word("review_rule"))
    cells: list[Cell] = [
        ("window", window),
        ("people", (names.group(plan.people.group), " · ", reader.say("count", n=plan.people.count))),
        ("escort", vehicles),
        ("purpose", el("bdi", plan.purpose)),
        ("districts", reader.listed(person(district) for district in plan.route.districts)),
        ("requested_by", names.party(page.row.requested_by)),
        ("last_sign", reader.age(page.row.last_sign_at)),
    ]
    if page.row.phase.value == "requested":
        cells.insert(1, ("review_by", review))
    if plan.route.path is not None:
        cells.append(("sealed_route", short(plan.route.path)))
    if plan.people.manifest is not None:
        cells.append(("sealed_names", short(plan.people.manifest)))
    if page.position_e7 is not None:
        cells.append(("position", degrees(*page.position_e7)))
    return facts(reader, cells)


def _approvals(names: Names, page: MovementPage) -> Html:
    reader, row = names.reader, page.row
    given = {line.party: line for line in in_effect(page.history, "movement.approved")}
    asked = names.terms.movement.consent if names.terms is not None else ()
    lines = []
    for consent in asked:
        approval = given.get(consent.party)
        if consent.party not in row.consent_missing and approval is not None:
            state = badge("tick", "calm", reader.word("approval_given"))
        elif row.phase.value not in BEFORE_DEPARTURE:
            state = badge("bar", "done", reader.word("approval_none"))
        elif approval is not None:
            state = badge("warning", "warn", reader.word("approval_older"))
        else:
            state = badge("circle", "warn", reader.word("approval_open"))
        parts = reader.listed(reader.word(f"part_{part}") for part in consent.parts)
        lines.append(
            el(
                "li",
                el("strong", names.party(consent.party)),
                " ",
                state,
                el("small", _by(reader, approval), reader.say("approval_for", parts=parts)),
            )
        )
    return el("ul", lines, class_="given")


def _by(reader: Reader, line: HistoryLine | None) -> Content:
    if line is None:
        return None
    said = reader.say("by_at", actor=person(line.actor), time=reader.instant(line.t, seconds=True))
    return el("a", said, href=f"#{anchor(line.party, line.index)}"), " · "


# --- the gate ---------------------------------------------------------------------------------------------------------


def _gate(names: Names, page: MovementPage) -> Html:
    reader, phase = names.reader, page.row.phase.value
    exceptions = dict(_exceptions(page))
    note = None
    if page.departed_at is not None:
        note = el("p", reader.say("gate_departed", time=reader.instant(page.departed_at)))
    elif phase not in BEFORE_DEPARTURE:
        note = el("p", reader.say("gate_stopped", phase=reader.word(f"phase_{phase}")))
    items = [_gate_item(names, page, line, exceptions.get(line.item)) for line in page.gate]
    return join(note, el("ul", items, class_="items"))


def _exceptions(page: MovementPage) -> Iterator[tuple[str, tuple[HistoryLine, str]]]:
    for line in in_effect(page.history, "movement.excepted"):
        act = act_of(line)
        if isinstance(act, MovementExcepted):
            yield act.item, (line, act.reason)


def _gate_item(names: Names, page: MovementPage, line: GateLine, exception: tuple[HistoryLine, str] | None) -> Html:
    reader = names.reader
    state = _item_state(page, line, is_excepted=line.exempted_by is not None)
    lines: list[Content] = []
    if state in ("open", "excepted"):
        missing = reader.listed(map(names.party if line.why == "consent_missing" else names.role, line.missing))
        lines.append((reader.word(f"why_{line.why}"), " · ", reader.say("missing_words", names=missing)))
    if line.valid_until is not None and state == "holds":
        age = reader.age(line.valid_until)
        lines.append(reader.say("valid_until", time=reader.instant(line.valid_until), age=age))
    if line.exempted_by is not None:
        said = reader.say("excepted_by", actor=el("strong", person(line.exempted_by)))
        reason = (": ", quoted(exception[1])) if exception is not None else None
        lines.append((said, reason))
    return el(
        "li",
        badge(ITEMS[state], _ITEM_TONES[state], reader.word(f"item_{state}")),
        el("div", el("strong", names.gate_item(line.item)), (el("small", text) for text in lines)),
        class_=_ITEM_TONES[state],
    )


def _item_state(page: MovementPage, line: GateLine, *, is_excepted: bool) -> str:
    # The gate is asked as of now. What was fresh when wheels moved has aged since, and that is nobody's omission:
    # a departure takes effect only while every item is closed, so afterwards it is said so.
    if is_excepted:
        return "excepted"
    if page.departed_at is not None:
        return "at_departure"
    if page.row.phase.value not in BEFORE_DEPARTURE:
        return "not_needed"
    return "open" if line.is_open else "holds"


# --- the notice -------------------------------------------------------------------------------------------------------


def _notice(names: Names, page: MovementPage) -> Html:
    reader = names.reader
    requested = in_effect(page.history, "movement.requested")
    start = el(
        "li",
        shape("disc"),
        el("strong", names.party(page.row.requested_by)),
        (el("small", reader.word("hop_start"), " ", reader.instant(line.t, seconds=True)) for line in requested),
        class_="done",
    )
    return el("ol", start, (_hop(names, hop) for hop in page.chain), class_="chain")


def _hop(names: Names, hop: Hop) -> Html:
    reader = names.reader
    is_done = hop.acknowledged is not None if hop.is_last else hop.relayed is not None
    picture = "tick" if is_done else "clock" if hop.acknowledged is not None else "circle"
    lines = [_step(reader, "hop_acknowledged", "hop_not_acknowledged", hop.acknowledged)]
    if hop.is_last:
        lines.append(el("small", reader.word("hop_last")))
    else:
        lines.append(_step(reader, "hop_relayed", "hop_not_relayed", hop.relayed))
    tone = "done" if is_done else "half" if hop.acknowledged is not None else "open"
    return el("li", shape(picture), el("strong", names.role(hop.role)), lines, class_=tone)


def _step(reader: Reader, done: str, open_: str, at: int | None) -> Html:
    if at is None:
        return el("small", reader.word(open_), class_="behind")
    return el("small", reader.word(done), " ", reader.instant(at, seconds=True))


# --- obligations ------------------------------------------------------------------------------------------------------


def _obligations(names: Names, page: MovementPage) -> Html:
    if not page.findings or names.terms is None:
        return el("p", names.reader.word("no_obligations"))
    order = list(_OUTCOME_TONES)
    found = sorted(page.findings, key=lambda finding: order.index(finding.outcome.value))
    here = {(line.party, line.index) for line in page.history}
    shown = [f for f in found if f.outcome.value not in _SETTLED]
    settled = [f for f in found if f.outcome.value in _SETTLED]
    lists = [
        el("ul", (_obligation(names, names.terms, f, here) for f in part), class_="items") for part in (shown, settled)
    ]
    if not settled:
        return lists[0]
    # What was kept is most of it, and nobody's business at three in the morning.
    counts = names.reader.listed(
        f"{names.reader.word(f'outcome_{outcome}')}: {sum(f.outcome.value == outcome for f in settled)}"
        for outcome in _SETTLED
        if any(f.outcome.value == outcome for f in settled)
    )
    return el("div", lists[0] if shown else None, el("details", el("summary", counts), lists[1]))


def _obligation(names: Names, terms: Terms, finding: Finding, here: set[tuple[str, int]]) -> Html:
    reader, outcome = names.reader, finding.outcome.value
    due = None
    if finding.due_at is not None:
        due = el(
            "small",
            reader.say("due", time=reader.instant(finding.due_at, seconds=True), age=reader.age(finding.due_at)),
        )
    links = reader.listed(_evidence(mark, here) for mark in finding.evidence)
    return el(
        "li",
        badge(OUTCOMES[outcome], _OUTCOME_TONES[outcome], reader.word(f"outcome_{outcome}")),
        el(
            "div",
            el("p", _sentence(terms, finding, reader)),
            badge("warning", "warn", reader.word("near")) if finding.near else None,
            badge("tick", "warn", reader.word("cured")) if finding.cured_at is not None else None,
            badge("warning", "warn", reader.word("late_word")) if finding.late_word else None,
            _severity(reader, names.clause(finding.clause)),
            due,
            el("small", reader.word("evidence"), ": ", links) if finding.evidence else None,
        ),
        class_=_OUTCOME_TONES[outcome],
    )


def _severity(reader: Reader, clause: Clause | None) -> Html | None:
    return el("small", reader.word(f"severity_{clause.severity}")) if clause is not None else None


def _sentence(terms: Terms, finding: Finding, reader: Reader) -> Html:
    if reader.language in terms.languages:
        return el("span", _with_instants(explain(terms, finding, reader.language), reader))
    other = terms.languages[0]
    text = _with_instants(explain(terms, finding, other), Reader(other, reader.now))
    return el("bdi", text, lang=other, dir=DIRECTIONS[other])


def _with_instants(sentence: str, reader: Reader) -> Iterator[Content]:
    """The sentence with its instants as the rest of the page writes them."""
    for place, piece in enumerate(_INSTANT.split(sentence)):
        yield reader.instant(milliseconds_of(piece), seconds=True) if place % 2 else piece


def _evidence(mark: Evidence, here: set[tuple[str, int]]) -> Html:
    text = f"{mark.party} {mark.index}"
    is_here = (mark.party, mark.index) in here
    return el("a", code(text), href=f"#{anchor(mark.party, mark.index)}" if is_here else f"/v1/statements/{mark.id}")


def _pack(reader: Reader, subject: str) -> Html:
    take = el("a", reader.word("pack"), href=look_path("pack", subject.removeprefix("movement/")), class_="button")
    check = reader.say("pack_check", command=command("safeconduct evidence verify FILE"))
    return el("p", take, el("small", check), class_="pack")
