"""Rules, forms and parameters that name what is not there: every one at its line, with what was expected."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import read_folder
from safeconduct.core.agreement.rule_sense import MAY_BE_SUSPENDED
from safeconduct.core.statement import encode
from safeconduct.testing import card_of
from tests.unit.core.agreement.sample import line_of, problems, problems_of_lines

A, C = "agreement.yaml", "clauses/all.yaml"

AGREEMENT = """\
name: small
version: 1
title: {en: A small agreement}
languages: [en]
parties: [host, sending]
roles:
  - id: officer
    party: host
    name: {en: officer}
    may: [movement.approved, movement.acknowledged, duty.waived, fact.ruled, relation.stepped, post.scanned]
  - id: manager
    party: sending
    name: {en: manager}
    may: [movement.requested, movement.acknowledged, movement.relayed, movement.departed]
movement:
  consent:
    - {party: host, parts: [route]}
  notice_chain: [manager, officer]
  drift: PT15M
  review_before: PT2H
  ready_gate: []
parameters:
  - {id: lead, duration: P1D, source: parameter to agree, question: {en: "How long before?"}}
  - {id: most, number: 8, source: parameter to agree}
forms:
  - id: post.scanned
    name: {en: scan}
    fields:
      - {id: point, type: text}
      - {id: fix_by, type: instant}
      - {id: colour, type: choice, options: [green, red]}
compartments:
  - {id: route, name: {en: route}, releases: [{role: officer, opens: plan.earliest - PT2H}]}
disputes: {ruled_by: [officer]}
suspension:
  levels:
    - {id: full, name: {en: full}}
    - {id: limited, name: {en: limited}, refuses: [movement.requested]}
  steps:
    - {to: limited, by: [officer], breaches: 2, severity: major, within: P30D}
  back: [officer]
  quiet: P7D
"""

CLAUSES = """\
- id: NTC-1
  title: {en: Notice}
  text: {en: "Notice is given {lead} ahead, of at most {most} vehicles."}
  owed_by: manager
  owed_to: officer
  severity: major
  evidence: request
  source: parameter to agree
  rule:
    for_each: movement
    when: {event: movement.requested, where: plan.people.count >= 5}
    must: {event: movement.requested, received_by: host, due: plan.earliest - param.lead, needs: [route]}
    unless: [{event: movement.refused, by: [officer]}]
    waived_by: [officer]
    grace: PT10M
- id: NTC-2
  title: {en: Relay}
  text: {en: text}
  owed_by: manager
  owed_to: officer
  severity: major
  evidence: chain
  source: parameter to agree
  rule:
    for_each: movement
    when: {event: movement.requested}
    relay: {event: movement.acknowledged, hop: body.role, chain: [manager, officer], within: PT4H}
- id: PST-1
  title: {en: Patrol}
  text: {en: text}
  owed_by: officer
  owed_to: manager
  severity: minor
  evidence: scans
  source: parameter to agree
  rule:
    for_each: post
    when: {event: post.scanned}
    each: first
    gap: {event: post.scanned, at_most: PT1H}
- id: PST-2
  title: {en: Fix}
  text: {en: text}
  owed_by: officer
  owed_to: manager
  severity: minor
  evidence: scans
  source: parameter to agree
  rule:
    for_each: post
    when: {event: post.scanned, where: "body.colour == 'red'"}
    count: {event: post.scanned, distinct: body.point, at_most: param.most, due: trigger.body.fix_by}
- id: TXT-1
  title: {en: Text}
  text: {en: text}
  owed_by: officer
  owed_to: manager
  severity: minor
  evidence: minutes
  source: parameter to agree
  by_people: {en: it is a matter of judgement}
"""


def folder() -> dict[str, str]:
    cards = {f"cards/{party}.json": encode(card_of(party)).decode() + "\n" for party in ("host", "sending")}
    return {A: AGREEMENT, C: CLAUSES, **cards}


def test_a_small_agreement_with_everything_in_it_is_read() -> None:
    """AG-20 to AG-29"""
    terms = read_folder(folder())
    assert ([c.rule is not None for c in terms.clauses], terms.forms[0].fields[2].options) == (
        [True, True, True, True, False],
        ("green", "red"),
    )


@pytest.mark.parametrize(
    ("path", "old", "new", "passage", "says"),
    [
        # AG-20
        (C, "  by_people: {en: it is a matter of judgement}\n", "", "- id: TXT-1",
         "expected rule, or by_people (why people judge it), got none"),
        # AG-21
        (C, "for_each: post\n    when: {event: post.scanned}\n", "for_each: psot\n    when: {event: post.scanned}\n",
         "for_each: psot", "expected a kind of subject, got 'psot' (did you mean 'post'?)"),
        (C, "    gap: {event: post.scanned, at_most: PT1H}\n", "", "rule:\n    for_each: post",
         "expected one of must, always, never, relay, gap, recur, count, equal, one, got none"),
        (C, "at_most: PT1H}\n", "at_most: PT1H}\n    never: {event: post.scanned}\n", "rule:\n    for_each: post",
         "expected one of must, always, never, relay, gap, recur, count, equal, one, got never, gap"),
        # AG-22
        (C, "must: {event: movement.requested", "must: {event: movement.requestd", "must: {event: movement.requestd",
         "expected an event of a movement, got 'movement.requestd' (did you mean 'movement.requested'?)"),
        (C, "unless: [{event: movement.refused", "unless: [{event: post.scanned", "unless: [{event: post.scanned",
         "expected an event of a movement, got 'post.scanned'"),
        # AG-23
        (A, "id: post.scanned", "id: movement.departed", "id: movement.departed", None),
        (A, "id: post.scanned", "id: psot.scanned", "id: psot.scanned", None),
        (A, ", options: [green, red]", "", "{id: colour",
         "expected options (at least one) in a choice, got none"),
        (A, "{id: point, type: text}", "{id: point, type: text, options: [a]}", "{id: point",
         "expected options in a choice alone, got them"),
        (A, "relation.stepped, post.scanned]", "relation.stepped, post.scaned]", "may: [movement.approved",
         "expected a kind of act that a role may say, got 'post.scaned' (did you mean 'post.scanned'?)"),
        # AG-24
        (A, "duration: P1D", "duration: P1D, number: 3", "{id: lead",
         "expected one of duration, number, text, texts as its value, got duration, number"),
        (C, "given {lead} ahead", "given {laed} ahead", 'text: {en: "Notice',
         "expected a parameter in braces, got '{laed}' (did you mean 'lead'?)"),
        (C, "plan.earliest - param.lead", "plan.earliest - param.most", "must:",
         "expected a parameter that is a duration, got param.most (did you mean 'param.lead'?)"),
        (C, "grace: PT10M", "grace: param.grce", "grace:",
         "expected a parameter that is a duration, got param.grce (did you mean 'param.lead'?)"),
        # AG-26
        (C, "due: trigger.body.fix_by", "due: trigger.body.point", "count:",
         "expected an instant at trigger.body.point, got text (did you mean 'trigger.body.fix_by'?)"),
        (C, "due: trigger.body.fix_by", "due: trigger.body.fixby", "count:",
         ("expected an instant at trigger.body.fixby, got a name that is not known here"
         " (did you mean 'trigger.body.fix_by'?)")),
        (C, "due: trigger.body.fix_by", "due: plan.earliest", "count:",
         "expected an instant of a post, got plan.earliest, which a movement has"),
        (A, "opens: plan.earliest - PT2H", "opens: trigger.body.heads", "- {id: route, name",
         "expected plan or filed as the anchor here, got trigger.body.heads"),
        # AG-28
        (A, "refuses: [movement.requested]", "refuses: [movement.arrived]", "refuses: [movement.arrived]",
         f"expected one of {', '.join(MAY_BE_SUSPENDED)} to be refused, got 'movement.arrived'"),
        (A, "to: limited, by", "to: full, by", "- {to: full", "expected a level below the first, got 'full'"),
        # AG-29
        (C, "waived_by: [officer]", "waived_by: [manager]", "waived_by: [manager]",
         "expected a role that may duty.waived as waived_by[0], got 'manager'"),
        (A, "ruled_by: [officer]", "ruled_by: [manager]", "disputes:",
         "expected a role that may fact.ruled as ruled_by[0], got 'manager'"),
        (A, "back: [officer]", "back: [manager]", "back: [manager]",
         "expected a role that may relation.stepped as back[0], got 'manager'"),
        (A, "to: limited, by: [officer]", "to: limited, by: [offcer]", "by: [offcer]",
         "expected by[0] as a role of this agreement, got 'offcer' (did you mean 'officer'?)"),
        (C, "received_by: host", "received_by: hots", "must:",
         "expected received_by as a party of this agreement, got 'hots' (did you mean 'host'?)"),
        (C, "needs: [route]", "needs: [rout]", "must:",
         "expected a compartment of this agreement, got 'rout' (did you mean 'route'?)"),
        (C, "by: [officer]}]", "by: [offcer]}]", "unless:",
         "expected by[0] as a role of this agreement, got 'offcer' (did you mean 'officer'?)"),
        # AG-40, AG-45
        (C, "plan.people.count >= 5", "plan.people.cuont >= 5", "when: {event: movement.requested, where",
         ("where, column 12: expected a name that is known here, got 'plan.people.cuont'"
         " (did you mean 'plan.people.count'?)")),
        (C, "plan.people.count >= 5", "plan.people.count", "when: {event: movement.requested, where",
         "where, column 1: expected a condition of type yes or no, got number"),
        (C, "hop: body.role", "hop: event.t", "relay:", "hop, column 1: expected a condition of type text, got number"),
        (C, "at_most: param.most", "at_most: param.lead + 'a'", "count:",
         "at_most, column 12: expected operands that fit each other, got '(int, string)'"),
        # AG-43
        (C, "plan.people.count >= 5", "plan.people.count >= 5.0", "when: {event: movement.requested, where",
         "where, column 22: expected whole numbers, got a fraction or an unsigned number"),
        (C, "plan.people.count >= 5", "plan.purpose.matches('a')", "when: {event: movement.requested, where",
         ("where, column 14: expected one of the functions size, startsWith, endsWith, contains, all, exists,"
         " exists_one, filter, map, got matches()")),
        # demands
        (C, "chain: [manager, officer], within", "within", "relay:", "expected chain or chain_of, got both or none"),
        (C, "at_most: param.most, due", "percent: '50', due", "count:",
         "expected at_least, at_most or both, or of with percent, got another choice"),
        (C, "at_most: param.most, due: trigger.body.fix_by}", "at_least: '2'}", "count:",
         "expected due or until (when it is counted), got none"),
        (C, "at_most: PT1H", "at_most: PT0H", "gap:", "expected at_most longer than nothing, got 'PT0H'"),
    ],
)  # fmt: skip
def test_a_rule_that_names_what_is_not_there_is_a_problem_at_its_line(
    path: str, old: str, new: str, passage: str, says: str | None
) -> None:
    """AG-20 to AG-24, AG-26, AG-28, AG-29, AG-40, AG-43, AG-45; where None, other problems follow from it."""
    files = folder()
    assert old in files[path], old
    files[path] = files[path].replace(old, new, 1)
    found = problems_of_lines(files)
    if says is None:
        assert any(problem.startswith(f"{path}:{line_of(path, passage, files)}: ") for problem in found)
    else:
        assert found == [f"{path}:{line_of(path, passage, files)}: {says}"]


def test_a_name_that_a_kind_of_act_has_is_no_name_for_a_form() -> None:
    """AG-23"""
    files = folder()
    files[A] = files[A].replace("id: post.scanned", "id: movement.departed", 1)
    assert any("expected a name that no kind of act has, got 'movement.departed'" in p for p in problems(files))


def test_an_act_has_no_period_in_months_where_a_length_is_wanted() -> None:
    """AG-27: months have no fixed length."""
    files = folder()
    files[C] = files[C].replace("at_most: PT1H", "at_most: P1M", 1)
    assert [p.split(": ", 1)[1] for p in problems(files)] == [
        "expected at_most as a duration such as P7D or PT15M, or a parameter such as param.notice_lead, got 'P1M'"
    ]


def test_every_problem_of_a_rule_is_told_at_once() -> None:
    """AG-2"""
    files = folder()
    files[C] = (
        files[C]
        .replace("received_by: host", "received_by: hots", 1)
        .replace("plan.people.count >= 5", "plan.people.cuont >= 5", 1)
        .replace("waived_by: [officer]", "waived_by: [nobody]", 1)
        .replace("hop: body.role", "hop: body.rle", 1)
    )
    assert len(problems(files)) == 4


NEEDS = """\
    releases:
      - role: officer
        opens: plan.earliest - PT2H
        grade: blurred
        metres: 500
        minutes: 30
        needs:
          - {clause: PST-1, grade: count}
          - {clause: NTC-2, begins: plan.latest}
          - {item: sweep}
          - {why: {en: it stands by}, begins: plan.earliest}
      - {role: manager, opens: plan.earliest, grade: existence, needs: [{clause: NTC-1}]}
"""


def needing() -> dict[str, str]:
    files = folder()
    route = "  - {id: route, name: {en: route}, releases: [{role: officer, opens: plan.earliest - PT2H}]}\n"
    assert route in files[A]
    assert "ready_gate: []" in files[A]
    gate = (
        "ready_gate:\n    - {id: approvals, name: {en: all}, check: approvals}\n"
        "    - {id: sweep, name: {en: sweep}, check: attested, by: [officer]}"
    )
    text = files[A].replace(route, "  - id: route\n    name: {en: route}\n    margin: param.lead\n" + NEEDS)
    text = text.replace("movement.acknowledged, duty.waived", "movement.acknowledged, movement.attested, duty.waived")
    return {**files, A: text.replace("ready_gate: []", gate)}


def test_a_release_says_how_blurred_it_is_and_what_it_is_needed_for() -> None:
    """AG-30 to AG-32"""
    route = read_folder(needing()).compartments[0]
    assert (route.margin, route.releases[0].metres, [need.clause for need in route.releases[0].needs]) == (
        "param.lead",
        500,
        ["PST-1", "NTC-2", None, None],
    )


@pytest.mark.parametrize(
    ("old", "new", "passage", "says"),
    [
        # AG-30
        ("        metres: 500\n        minutes: 30\n", "", "grade: blurred",
         "expected metres, minutes or both where the grade is blurred, got none"),
        ("grade: existence", "grade: existence, metres: 5", "metres: 5,",
         "expected metres where the grade is blurred alone, got one"),
        ("grade: existence", "minutes: 5", "minutes: 5,",
         "expected minutes where the grade is blurred alone, got one"),
        ("metres: 500", "metres: 0", "metres: 0", "expected metres as an integer from 1 to 1000000, got the integer 0"),
        ("minutes: 30", "minutes: 0", "minutes: 0",
         "expected minutes as an integer from 1 to 100000, got the integer 0"),
        ("PST-1, grade: count", "PST-1, grade: blurred", "{clause: PST-1",
         "expected metres, minutes or both where the grade is blurred, got none"),
        ("PST-1, grade: count", "PST-1, metres: 9", "{clause: PST-1",
         "expected metres where the grade is blurred alone, got one"),
        ("grade: existence", "grade: count", "grade: count, needs",
         "expected route blurred for some or counted for some, got both"),
        # AG-31
        ("{item: sweep}", "{item: sweep, clause: PST-1}", "{item: sweep",
         "expected one of clause, item, why, got clause, item"),
        ("{item: sweep}", "{begins: plan.latest}", "{begins: plan.latest}",
         "expected one of clause, item, why, got none"),
        (", begins: plan.earliest}", "}", "{why:", "expected begins (from when on) with why, got none"),
        ("why: {en: it stands by}", "why: {}", "{why:", "expected why in en, got it in none"),
        ("begins: plan.latest", "begins: trigger", "{clause: NTC-2",
         "expected plan or filed as the anchor here, got trigger"),
        ("{item: sweep}", "{item: swep}", "{item: swep}",
         "expected an item of the gate of this agreement, got 'swep' (did you mean 'sweep'?)"),
        ("{item: sweep}", "{item: approvals}", "{item: approvals}",
         ("expected an item of the gate that is attested by officer, got 'approvals',"
          " attested by nobody")),
        ("needs: [{clause: NTC-1}]", "needs: [{item: sweep}]", "grade: existence, needs",
         ("expected an item of the gate that is attested by manager, got 'sweep',"
          " attested by officer")),
        ("needs: [{clause: NTC-1}]", "needs: [{clause: NTC-7}]", "grade: existence, needs",
         "expected a clause of this agreement, got 'NTC-7' (did you mean 'NTC-2'?)"),
        ("needs: [{clause: NTC-1}]", "needs: [{clause: PST-2}]", "grade: existence, needs",
         "expected a clause that is owed by manager, got 'PST-2', owed by officer"),
        # AG-32
        ("margin: param.lead", "margin: param.led", "margin: param.led",
         "expected a parameter that is a duration, got param.led (did you mean 'param.lead'?)"),
        ("margin: param.lead", "margin: PT0S", "margin: PT0S", "expected margin longer than nothing, got 'PT0S'"),
    ],
)  # fmt: skip
def test_a_release_that_says_too_little_or_too_much_is_a_problem_at_its_line(
    old: str, new: str, passage: str, says: str
) -> None:
    """AG-2, AG-30 to AG-32"""
    files = needing()
    assert old in files[A], old
    files[A] = files[A].replace(old, new, 1)
    assert problems_of_lines(files) == [f"{A}:{line_of(A, passage, files)}: {says}"]
