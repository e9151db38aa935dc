"""Forms are filed, facts contested and ruled on, duties waived, findings explained, steps taken: by command."""

from __future__ import annotations

import json

import pytest

from safeconduct.edges.cli.reports import require_subject
from safeconduct.errors import InputInvalid
from tests.unit.edges.cli.office import PEOPLE, Office, request, staff


def statement(office: Office, name: str, kind: str) -> str:
    page = office.must("movement", "show", name, "--json", *office.by("duty")).json()
    return str(next(line["id"] for line in page["history"] if line["kind"] == kind))


def outcome(office: Office, movement: str, clause: str) -> str:
    found = office.must("findings", movement, "--json", *office.by("duty")).json()
    return str(next(f["outcome"] for f in found if f["clause"] == clause))


# --- forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("en", "scan"), ("zh", ""), ("ur", "")])
def test_forms_are_listed_with_what_they_ask_and_who_files_them(office: Office, language: str, word: str) -> None:
    shown = office.must("form", "list", "--language", language, *office.by("duty")).out
    assert ("movement.permit_issued" in shown, word in shown) == (True, True)


def test_a_form_is_filed_and_judged(office: Office) -> None:
    request(office, "form-filed")
    words = ("form", "file", "movement.risk_assessed", "form-filed", "--set", "grade=high")
    more = ("--set", "travellers_informed=yes", "--set", "contact_tested=no")
    assert "said: form.filed of movement/form-filed" in office.must(*words, *more, *office.by("manager")).out


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((), "movement.risk_assessed asks for grade (low or medium or high)"),
        (("grade=high", "travellers_informed=yes", "contact_tested=maybe"), "--set contact_tested: expected yes or no"),
        (("grade=high", "travellers_informed=yes", "contact_tested=no", "more=1"), "got grade, travellers_informed"),
        (("grade",), "--set: expected a field and its value as in level=6"),
    ],
)
def test_what_a_form_does_not_ask_is_refused_before_anything_is_said(
    office: Office, fields: tuple[str, ...], message: str
) -> None:
    given = [word for field in fields for word in ("--set", field)]
    answer = office.run("form", "file", "movement.risk_assessed", "nowhere", *given, *office.by("manager"))
    assert (answer.code, message in answer.err) == (2, True), answer


@pytest.mark.parametrize(
    ("form", "fields", "message"),
    [
        ("movement.nothing", (), "expected a form of the agreement"),
        ("movement.driver_hours", ("driver=d", "driving_minutes=1.5", "duty_minutes=2"), "expected a whole number"),
        ("movement.deviation_seen", ("seen_at=noon",), "expected a time such as 2026-11-24T10:00Z"),
        ("movement.deviation_seen", ("seen_at=2026-11-24T10:00",), "expected a time with its zone"),
    ],
)
def test_a_value_of_another_form_is_told(office: Office, form: str, fields: tuple[str, ...], message: str) -> None:
    given = [word for field in fields for word in ("--set", field)]
    answer = office.run("form", "file", form, "x", *given, *office.by("leader"))
    assert (answer.code, message in answer.err) == (2, True), answer


def test_a_role_that_may_not_file_is_told_by_the_record(office: Office) -> None:
    words = ("form", "file", "post.scanned", "gate-1", "--check", "--json")
    terms = office.must("agreement", "show", "--json", *office.by("duty")).json()
    form = next(f for f in terms["forms"] if f["id"] == "post.scanned")
    values = {
        "text": "a",
        "number": "1",
        "instant": "2024-10-06T00:00Z",
        "yes_no": "yes",
        "names": "a",
        "digest": "ab" * 32,
    }
    given = [w for f in form.get("fields", ()) for w in ("--set", f"{f['id']}={values.get(f['type'], 'a')}")]
    answer = office.run(*words, *given, *office.by("guard"))
    assert (answer.code, json.loads(answer.out)["code"]) == (1, "role_may_not")


# --- facts and duties -------------------------------------------------------------------------------------------------


def test_a_contested_fact_makes_its_findings_disputed_until_both_arbiters_rule(office: Office) -> None:
    """AG-100 to AG-103"""
    request(office, "fact")
    asked = statement(office, "fact", "movement.requested")
    before = outcome(office, "fact", "NTC-1")
    office.must("fact", "contest", "movement/fact", asked, "--account", "it was another plan", *office.by("duty"))
    during = outcome(office, "fact", "NTC-1")
    office.sync()
    words = ("fact", "rule", "movement/fact", asked, "--stands", "--reason", "the file shows it", "--yes")
    for who in ("host_arbiter", "sending_arbiter"):
        office.must(*words, *office.by(who))
        office.sync()
    after = outcome(office, "fact", "NTC-1")
    assert (before == after, during) == (True, "disputed")


def test_a_ruling_is_asked_about(office: Office) -> None:
    request(office, "ruling")
    words = ("fact", "rule", "movement/ruling", "ab" * 32, "--does-not-stand", "--reason", "no")
    answer = office.run(*words, *office.by("host_arbiter"), typed="n\n")
    assert (answer.code != 0, "does not stand?" in answer.err) == (True, True)


def test_a_duty_is_waived_by_those_whom_its_clause_names(office: Office) -> None:
    """AG-57"""
    request(office, "waived")
    words = ("duty", "waive", "movement/waived", "NTC-1", "--reason", "medical evacuation", "--yes")
    office.must(*words, *office.by("embassy"))
    refused = office.run(*words, "--json", *office.by("duty"))
    assert (refused.code, json.loads(refused.err)["error"]["code"]) == (1, "role_may_not")


def test_a_waiver_is_asked_about(office: Office) -> None:
    answer = office.run("duty", "waive", "movement/x", "NTC-1", "--reason", "no", *office.by("embassy"), typed="n\n")
    assert (answer.code != 0, "Waive NTC-1 on movement/x?" in answer.err) == (True, True)


def test_a_finding_is_explained(office: Office) -> None:
    request(office, "explained")
    words = ("duty", "explain", "movement/explained", "NTC-1", "--account", "the line was down")
    office.must(*words, *office.by("manager"))
    found = office.must("findings", "explained", "--json", *office.by("manager")).json()
    assert [len(f.get("explained", ())) for f in found if f["clause"] == "NTC-1"] == [1]


@pytest.mark.parametrize("text", ["movement", "movement/", "agreement/x", "nothing/x"])
def test_what_is_no_subject_is_refused(text: str) -> None:
    with pytest.raises(InputInvalid, match="expected a subject such as movement/m-1"):
        require_subject(text)


# --- grades -----------------------------------------------------------------------------------------------------------


def test_a_step_down_and_the_way_back(working_office: Office) -> None:
    """REC-42: in an office of its own, where no finding calls for a step."""
    office = working_office
    staff(office, {name: PEOPLE[name] for name in ("duty", "ministry", "embassy", "security")})
    office.sync()
    assert "grade: full; refuses: nothing" in office.must("relation", "show", *office.by("duty")).out
    step = ("relation", "step", "limited", "--reason", "two critical breaches")
    asked = office.run(*step, *office.by("security"), typed="n\n")
    assert (asked.code != 0, "the findings do not call for a step to limited" in asked.err) == (True, True)
    office.must(*step, "--yes", *office.by("security"))
    office.sync()
    shown = office.must("relation", "show", "--json", *office.by("duty")).json()
    assert (shown["level"], shown["refuses"], [s["party"] for s in shown["steps"]]) == (
        "limited",
        ["movement.changed"],
        ["sending"],
    )
    for who in ("embassy", "ministry"):
        office.must("relation", "step", "full", "--reason", "all answered", "--yes", *office.by(who))
        office.sync()
    assert "grade: full" in office.must("relation", "show", *office.by("duty")).out


# --- how nodes judge --------------------------------------------------------------------------------------------------


def test_whether_the_other_node_judges_alike_is_told(office: Office) -> None:
    """AG-106"""
    shown = office.must("findings", "--nodes", *office.by("duty")).out
    assert "sending: has stated no findings yet" in shown
