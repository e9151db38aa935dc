from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings

from safeconduct.core.acts import CATALOGUE
from safeconduct.core.agreement import LANGUAGES, Need, Release, Terms, render
from safeconduct.core.agreement.rule_text import rule_lines
from safeconduct.testing import strategies
from tests.unit.core.agreement.wording_sample import NUMBER, RULES, TERMS, clause

DOCUMENTS = {language: render(TERMS, language) for language in LANGUAGES}


def section(heading: str, document: str = DOCUMENTS["en"]) -> str:
    """What stands under a heading of the second level."""
    return document.split(f"\n## {heading}\n\n")[1].split("\n\n## ")[0].strip()


def clause_part(number: str, language: str = "en") -> str:
    """What the document says of one clause."""
    shown = f"\u2068{number}\u2069" if language == "ur" else number
    return DOCUMENTS[language].split(f"### {shown} ")[1].split("\n### ")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_shows_what_is_to_be_signed(language: str) -> None:
    """AG-37"""
    assert TERMS.digest in DOCUMENTS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_has_a_heading_for_every_clause_in_order(language: str) -> None:
    """AG-37"""
    headings = re.findall(r"^### \u2068?([A-Z]+-[0-9]+)\u2069? (.+)$", DOCUMENTS[language], re.MULTILINE)
    assert headings == [(clause.id, clause.title[language]) for clause in TERMS.clauses]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_has_every_name_and_source(language: str) -> None:
    """AG-37"""
    wanted = [TERMS.title[language]]
    for agreed in TERMS.clauses:
        wanted += [agreed.evidence, agreed.source, *agreed.covers]
    for group in (TERMS.parties, TERMS.roles, TERMS.movement.ready_gate, TERMS.forms, TERMS.compartments):
        wanted += [text for named in group for text in (named.name[language], named.id)]
    wanted += [key for party in TERMS.parties for key in (party.root, party.node.node, party.node.url)]
    wanted += [CATALOGUE[kind].title[language] for role in TERMS.roles for kind in role.may if kind in CATALOGUE]
    wanted += [text for parameter in TERMS.parameters for text in (parameter.id, parameter.source)]
    assert [text for text in wanted if text not in DOCUMENTS[language]] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", RULES)
def test_a_rule_is_written_out_under_its_clause(shape: str, language: str) -> None:
    """AG-37"""
    lines = clause_part(NUMBER[shape], language).splitlines()
    assert [f"  - {line}" in lines for line in rule_lines(TERMS, RULES[shape], language)] == [True] * len(
        rule_lines(TERMS, RULES[shape], language)
    )


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "- Judged by people: nobody can measure it"),
        ("zh", "- 由人员判定：文nobody can measure it"),
        ("ur", "- فیصلہ افراد کریں گے: \u2068متن nobody can measure it\u2069"),
    ],
)
def test_what_people_judge_says_why(language: str, reason: str) -> None:
    """AG-37"""
    assert reason in clause_part(NUMBER["people"], language).splitlines()


def test_the_text_of_a_clause_has_what_was_agreed_in_words() -> None:
    """AG-37"""
    assert ("> text 1 with 24 hours" in clause_part("T-1"), "{notice_lead}" in DOCUMENTS["en"]) == (True, False)


@pytest.mark.parametrize(
    ("language", "facts", "refuses_nothing"),
    [
        ("en", ("60 days", "14 days", "UTC+05:00", "250 in 1000", "fewer than 5"), "No movement is refused by it."),
        ("zh", ("60天", "14天", "UTC+05:00", "千分之250", "少于5天"), "不因此拒绝任何出行。"),
        (
            "ur",
            ("\u206860 دن\u2069", "\u206814 دن\u2069", "\u2068UTC+05:00\u2069", "\u2068250\u2069", "\u20685\u2069"),
            "کوئی نقل و حرکت رد نہیں ہوتی۔",
        ),
    ],
)
def test_what_was_agreed_of_predictability_is_said_in_words(
    language: str, facts: tuple[str, ...], refuses_nothing: str
) -> None:
    """AG-141"""
    (line,) = [line for line in DOCUMENTS[language].splitlines() if facts[2] in line]
    assert ([fact for fact in facts if fact not in line], line.endswith(refuses_nothing)) == ([], True)


def test_an_agreement_without_predictability_says_nothing_of_it() -> None:
    """AG-141, AG-142"""
    movement = msgspec.structs.replace(TERMS.movement, predictability=None)
    document = render(msgspec.structs.replace(TERMS, movement=movement), "en")
    assert len(DOCUMENTS["en"].splitlines()) - len(document.splitlines()) == 1


def test_parameters_are_shown_with_value_question_and_source() -> None:
    """AG-37"""
    assert section("Parameters").splitlines() == [
        "- **notice_lead**: 24 hours",
        "  - How long before?",
        "  - Source: parameter to agree",
        "- **convoy_max**: 8",
        "  - Source: a manual",
        "- **mark**: EMERGENCY",
        "  - Source: a circular",
        "- **zones**: malir, korangi",
        "  - Source: a notification",
    ]


def test_forms_are_shown_with_their_fields() -> None:
    """AG-37"""
    assert section("Forms").splitlines() == [
        "- **vehicle checked** (movement.vehicle_checked)",
        "  - about: movement",
        (
            "  - fields: protection level (number), valid_to (instant), kind (one of: b6, b7), paper (digest of a "
            "document)"
        ),
        "- **remark** (movement.remark)",
        "  - about: movement",
    ]


def test_compartments_disputes_and_grades_are_shown() -> None:
    """AG-37"""
    assert [
        section(h).splitlines() for h in ("Compartments of an order", "Contested facts", "Grades of suspension")
    ] == [
        [
            "- **route and minute** (route)",
            (
                "  - opens for the convoy leader: 2 hours before the opening of the window of departure; "
                "blurred: places to within 500 metres, times to within 30 minutes"
            ),
        ],
        ["- A contested fact is ruled on by all of these, saying the same: duty officer, convoy leader."],
        [
            "- **full** (full)",
            "- **stopped** (stopped)",
            "  - has no effect at this grade: movement requested",
            (
                "- A step down to “stopped” may be said by any of these: duty officer; when there were at least 2 "
                "breaches of severity critical or above within 30 days."
            ),
            (
                "- A step up, by one grade, is said by all of these: duty officer, convoy leader; after 14 days "
                "without a breach."
            ),
        ],
    ]


def test_what_an_agreement_does_not_have_has_no_heading() -> None:
    """AG-37"""
    bare = msgspec.structs.replace(
        TERMS, parameters=(), forms=(), compartments=(), disputes=None, suspension=None, clauses=(clause(1),)
    )
    headings = re.findall("^## (.+)$", render(bare, "en"), re.MULTILINE)
    assert headings == ["Parties", "Roles", "Movements", "Conditions of departure", "Clauses"]


def test_an_amendment_names_what_it_amends() -> None:
    """AG-37"""
    second = msgspec.structs.replace(TERMS, version=2, previous="ab" * 32)
    assert f"amends the version with digest {'ab' * 32}\n" in render(second, "en")


def test_the_notice_chain_is_drawn_in_the_direction_of_reading() -> None:
    """AG-37"""
    assert ("duty officer → observer" in DOCUMENTS["en"], "ڈیوٹی افسر ← مبصر" in DOCUMENTS["ur"]) == (True, True)


FORGED = "fine\n### NTC-9 Nobody owes anything\nNTC-9\n---\n- Owed by nobody.\r# NTC-9 <h3>NTC-9</h3>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_cannot_pass_for_another_clause(language: str) -> None:
    """AG-37: it must never be that somebody reads a clause which is only the text of another one."""
    texts = dict.fromkeys(LANGUAGES, FORGED)
    replace = msgspec.structs.replace
    first = replace(TERMS.clauses[-1], title=texts, text=texts, evidence=FORGED, source=FORGED, by_people=texts)
    agreed = replace(
        TERMS,
        title=texts,
        roles=tuple(replace(role, name=texts) for role in TERMS.roles),
        parameters=tuple(replace(p, question=texts, source=FORGED) for p in TERMS.parameters),
        forms=tuple(replace(form, name=texts) for form in TERMS.forms),
        compartments=tuple(replace(compartment, name=texts) for compartment in TERMS.compartments),
        clauses=(*TERMS.clauses[:-1], first),
    )
    lines = re.split("\r\n|\r|\n", render(agreed, language))
    forged = [line for line in lines if re.match(r"(> )?\s*(#+ NTC-9|-+\s*$|=+\s*$)|\s*- Owed by nobody", line)]
    html = [line for line in lines if re.search(r"(?<!\\)<", re.sub("`[^`]*`", "", line))]
    assert (forged, html) == ([], [])


def test_isolates_in_urdu_are_closed_where_they_are_opened() -> None:
    """AG-36, AG-37"""
    depths = []
    for line in DOCUMENTS["ur"].splitlines():
        depth = 0
        for character in line:
            depth += (character == "\u2068") - (character == "\u2069")
            depths.append(depth)
        depths.append(-abs(depth))
    assert (min(depths), max(depths)) == (0, 1)


@pytest.mark.slow
@settings(max_examples=30)
@given(strategies.terms())
def test_any_agreement_can_be_read_in_each_of_its_languages(agreed: Terms) -> None:
    """AG-37"""
    assert all(agreed.digest in render(agreed, language) for language in agreed.languages)


def test_another_language_is_refused() -> None:
    """AG-37"""
    with pytest.raises(ValueError, match=r"a language of the agreement \(en, zh, ur\), got 'fr'"):
        render(TERMS, "fr")


@pytest.mark.parametrize(
    ("language", "margin", "released"),
    [
        (
            "en",
            "may open at most 1 hour before it is needed",
            (
                "opens for the convoy leader: the opening of the window of departure; only how many; needed for: "
                "T-1 (only that it exists), heads counted, stands by (from 1 hour before the opening of the window of "
                "departure)"
            ),
        ),
        (
            "zh",
            "最早可在需要之前1小时开放",
            (
                "对车队领队开放的时间：出发时段开始时；仅知数量；用途：T-1（仅知其存在）、文heads counted、"
                "待命（自出发时段开始时之前1小时起）"
            ),
        ),
        (
            "ur",
            "ضرورت سے زیادہ سے زیادہ <1 گھنٹہ> پہلے کھل سکتا ہے",
            (
                "<قافلے کا سربراہ> کے لیے کھلنے کا وقت: روانگی کے مقررہ وقت کا آغاز؛ صرف تعداد؛ ضرورت: "
                "<T-1> (صرف اس کا وجود)، <متن heads counted>، <تیار> (آغاز: اس سے <1 گھنٹہ> پہلے: "
                "روانگی کے مقررہ وقت کا آغاز)"
            ),
        ),
    ],
)
def test_what_a_compartment_is_needed_for_is_shown(language: str, margin: str, released: str) -> None:
    """AG-36, AG-37: its needs and its margin are part of a compartment; <…> stands for what is isolated."""
    needs = (
        Need(clause="T-1", grade="existence"),
        Need(item="heads"),
        Need(why={"en": "stands by", "zh": "待命", "ur": "تیار"}, begins="plan.earliest - PT1H"),
    )
    release = Release(role="convoy_leader", opens="plan.earliest", grade="count", needs=needs)
    route = msgspec.structs.replace(TERMS.compartments[0], margin="PT1H", releases=(release,))
    shown = render(msgspec.structs.replace(TERMS, compartments=(route,)), language)
    lines = shown.replace("\u2068", "<").replace("\u2069", ">").splitlines()
    assert [line for line in (f"  - {margin}", f"  - {released}") if line not in lines] == []
