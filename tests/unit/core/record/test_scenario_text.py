from __future__ import annotations

from collections.abc import Mapping

import pytest

from safeconduct.core.acts import FormFiled, MovementRequested
from safeconduct.core.agreement import Field, Form, Role
from safeconduct.core.record import read_scenario
from safeconduct.core.record.scenario import NONE
from safeconduct.errors import InputInvalid
from safeconduct.testing import HOUR, MOVEMENT, START, card_of, small_plan, small_terms
from tests.unit.core.record.small_book import BOOK, FOLDER, TERMS, changed, files_of, read

REQUEST = "{host: +PT4H}"


def problems(text: str) -> list[str]:
    with pytest.raises(InputInvalid) as caught:
        read(text)
    return str(caught.value).split("\n")


def test_a_book_is_read() -> None:
    """AG-120, AG-121"""
    book = read()
    assert (book.id, book.title["en"], book.sources, book.made_up) == (
        "small",
        "A small history",
        ("nobody",),
        "all of it",
    )
    assert book.terms == TERMS
    assert [(p.id, p.party, p.roles) for p in book.people] == [
        ("journey_manager", "sending", ("journey_manager",)),
        ("duty_officer", "host", ("duty_officer",)),
        ("lead", "host", ("escort_lead",)),
    ]
    asked, _, left = book.steps
    assert (asked.act, asked.at, asked.subject) == (MovementRequested(plan=small_plan()), START, MOVEMENT)
    assert (asked.seen_by, left.void) == ({"host": START + 4 * HOUR}, "is_requested")
    assert [(row.clause, row.outcome) for row in book.rows][-1] == ("T-3", NONE)
    assert [(m.name, len(m.rows)) for m in book.mutations] == [("a notice of twenty-nine hours", 2)]


def test_a_plan_is_written_like_another() -> None:
    """AG-121"""
    like = "  - {name: fewer, like: asked, people: {group: engineers, count: 3}}\nsteps:\n"
    book = read(
        changed("fields: {plan: asked}\n    seen_by", "fields: {plan: fewer}\n    seen_by", changed("steps:\n", like))
    )
    act = book.steps[0].act
    assert isinstance(act, MovementRequested)
    assert (act.plan.people.count, act.plan.route) == (3, small_plan().route)


def test_forms_and_other_subjects_are_spoken_of() -> None:
    """AG-121"""
    form = Form(id="post.scanned", name={"en": "scan"}, fields=(Field(id="point", type="text"),))
    cards = [card_of("host"), card_of("sending")]
    roles = (*TERMS.roles, Role(id="patrol", party="host", name={"en": "patrol"}, may=("post.scanned",)))
    terms = small_terms(cards, forms=(form,), roles=roles)
    step = "  - {at: +PT30H, who: lead, what: post.scanned, subject: post/gate, fields: {point: north}}\nexpect:\n"
    found = read_scenario("book.yaml", changed("expect:\n", step), files_of, terms).steps[-1]
    assert (found.act, found.subject) == (FormFiled(form="post.scanned", fields={"point": "north"}), "post/gate")


def test_another_agreement_leaves_the_changes_out() -> None:
    """AG-126"""
    terms = small_terms([card_of("host"), card_of("sending")], name="other")
    found = read(instead=terms)
    assert (found.terms.name, found.mutations) == ("other", ())


def test_a_template_is_named_by_itself() -> None:
    """AG-120"""
    asked: list[tuple[str, str]] = []

    def of(kind: str, name: str) -> Mapping[str, str]:
        asked.append((kind, name))
        return FOLDER

    read_scenario("book.yaml", changed("{folder: small}", "{template: some}"), of)
    assert asked == [("template", "some")]


def test_all_problems_are_told_at_once_in_the_order_of_the_lines() -> None:
    """AG-120"""
    text = changed(
        "who: lead", "who: leed", changed("clause: T-3", "clause: T-33", changed("party: sending", "party: sendin"))
    )
    lines = text.split("\n")
    found = problems(text)
    numbers = [int(problem.split(":")[1]) for problem in found]
    assert numbers == sorted(numbers)
    assert len(found) == 3, found
    assert ["leed" in lines[n - 1] or "sendin" in lines[n - 1] or "T-33" in lines[n - 1] for n in numbers] == [True] * 3


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        # The form.
        ("scenario: small", "scenaro: small", "expected the field scenario, got none"),
        ("made_up: all of it\n", "", "expected the field made_up, got none"),
        ("{folder: small}", "{}", "expected one of template, folder, got none"),
        ("{folder: small}", "{folder: small, template: t}", "folder, got template and folder"),
        ("{folder: small}", "{folder: large}", "expected a folder that there is, got 'large'"),
        ("{folder: small}", "{folder: small, parameters: 7}", "expected parameters as a mapping, got the integer 7"),
        (
            "{folder: small}",
            "{folder: small, parameters: {x: P1D}}",
            "expected a parameter of the agreement, got 'x'",
        ),
        ('start: "2024-10-06T00:00:00Z"', "start: today", "expected start as a quoted moment such as"),
        ('start: "2024-10-06T00:00:00Z"', "start: 2024-10-06", "expected text (quoted if need be)"),
        ('near: "yes"', 'near: "perhaps"', "expected near as one of no, yes"),
        ("outcome: pending", "outcome: pendng", "expected outcome as one of breached, disputed"),
        ("outcome: pending", "outcome: met, wich: 1", "got the field 'wich' (did you mean 'which'?)"),
        ("outcome: pending", "outcome: pending, which: 0", "expected which as an integer from 1 to 1000"),
        # People.
        ("id: lead, party: host", "id: lead, party: hosts", "expected one of host, sending, got 'hosts'"),
        ("roles: [escort_lead]", "roles: [escort_lad]", "expected a role of host, got 'escort_lad' (did you mean"),
        ("{id: lead, party: host, roles: [escort_lead]}", "{id: duty_officer, party: host}", "once, got"),
        ("id: lead,", "id: Lead!,", "expected id as an identifier"),
        # Plans.
        ("plans:\n", "plans: some\nx:\n", "mutations, got the field 'x'"),
        ("  - name: asked\n    route", "  - route", "expected a plan with a name, got none"),
        ("steps:\n", "  - {name: b, like: asket}\nsteps:\n", "expected the name of an earlier plan, got 'asket'"),
        ("steps:\n", "  - {name: asked, like: asked}\nsteps:\n", "expected each plan once, got 'asked' again"),
        # Steps.
        ("who: lead", "who: leed", "expected one of the people, got 'leed' (did you mean 'lead'?)"),
        ("what: movement.departed", "what: movement.depated", "or a form, got 'movement.depated' (did you mean"),
        ("what: movement.departed", "what: form.filed", "expected a kind of act that a role says or a form"),
        ("what: movement.departed", "what: agreement.signed", "expected a kind of act that a role says or a form"),
        ("at: +PT28H", "at: soon", "expected at as a moment such as"),
        ("at: +PT28H", "at: +PT1H", "expected the steps in order of time, got an earlier one"),
        ("void: is_requested", "subject: site/x", "departed on a subject of kind movement, got site/x"),
        ("void: is_requested", "subject: Site", "expected subject as a subject such as movement/m1, got 'Site'"),
        ("void: is_requested", "name: request", "expected each name once, got 'request' again"),
        ("fields: {heads: 12}", "fields: [12]", "expected fields as a mapping, got a list"),
        ("fields: {heads: 12}", "fields: {heads: many}", "expected heads as an integer from 0 to 10000, got 'many'"),
        # Sight.
        (REQUEST, "{hots: +PT4H}", "expected one of host, sending, got 'hots' (did you mean 'host'?)"),
        (REQUEST, "{host: -PT4H}", "expected a moment after it was said, got an earlier one"),
        (REQUEST, "[host]", "expected seen_by as parties, each with a moment, got a list"),
        # Verdicts.
        ("clause: T-3", "clause: T-33", "expected a clause of the agreement, got 'T-33' (did you mean 'T-3'?)"),
        ("reason: happened", "reason: happend", "expected a reason of a verdict, got 'happend' (did you mean"),
        ("outcome: pending", "outcome: pending, due: noon", "expected due as a moment such as"),
        ("outcome: pending", "outcome: pending, contested: [x]", "expected the name of a step, got 'x'"),
        ("{at: +PT5H, clause: T-2", "{clause: T-2", "expected the field at, got none"),
        # Changes.
        ("    field: rule.must.due\n", "", "expected either parameter, or clause and field, got neither or both"),
        ("- {clause: T-1, outcome: disputed}", "- {clause: T-9, outcome: met}", "expected a clause of the agreement"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(old: str, new: str, problem: str) -> None:
    """AG-120"""
    found = problems(changed(old, new))
    assert any(problem in one and one.startswith("book.yaml:") for one in found), found


def test_an_entry_without_its_form_is_told_once_and_may_be_spoken_of() -> None:
    """AG-120"""
    found = problems(changed("{id: lead, party: host", "{id: lead, prty: host"))
    assert len(found) == 2, found
    found = problems(changed("at: +PT0H\n    who", "whn: +PT0H\n    who"))
    assert all("request" not in problem for problem in found), found


def test_a_log_is_never_seen_without_what_was_said_before() -> None:
    """AG-123"""
    later = (
        "  - {at: +PT1H, who: journey_manager, what: movement.cancelled, fields: {reason: late}, "
        "seen_by: {host: +PT2H}}\n"
    )
    text = changed("  - {at: +PT5H, who: duty", later + "  - {at: +PT5H, who: duty")
    assert "expected host to see it no earlier than what was said before" in problems(text)[0]


@pytest.mark.parametrize("text", ["", "- a list\n", "a word\n"])
def test_what_is_no_book_is_told(text: str) -> None:
    """AG-120"""
    assert problems(text) == [f"book.yaml:1:1: expected a mapping, got {shown}" for shown in [_shown(text)]]


def _shown(text: str) -> str:
    return {"": "nothing", "- a list\n": "a list", "a word\n": "'a word'"}[text]


def test_a_book_has_a_bound() -> None:
    """AG-120"""
    assert "expected at most 1048576 characters, got" in problems(BOOK + "#" * 1_048_576)[0]


def test_an_agreement_with_problems_is_told() -> None:
    """AG-120"""
    broken = {**FOLDER, "clauses/all.yaml": "[]", "agreement.yaml": FOLDER["agreement.yaml"].replace("PT10M", "soon")}
    with pytest.raises(
        InputInvalid, match=r"book\.yaml:5:13: expected an agreement without problems, got 1, the first"
    ):
        read_scenario("book.yaml", BOOK, lambda _kind, _name: broken)


def test_plans_are_a_list() -> None:
    """AG-120"""
    plans = BOOK[BOOK.index("plans:") : BOOK.index("steps:")]
    assert "expected plans as a list, got 'none'" in problems(changed(plans, "plans: none\n"))[0]


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["", "~", "[]", "{}", "1.5", "never", "-1"])
def test_whatever_stands_in_a_line_is_read_or_told_and_nothing_breaks(piece: str) -> None:
    """AG-120"""
    lines = BOOK.split("\n")
    told = []
    for number, line in enumerate(lines):
        end = line.find(": ") + 2
        try:
            read("\n".join([*lines[:number], line[:end] + piece if end > 1 else piece, *lines[number + 1 :]]))
        except InputInvalid as error:
            told += str(error).split("\n")
    assert [problem for problem in told if not problem.startswith("book.yaml:")] == []
    assert told
