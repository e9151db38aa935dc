from __future__ import annotations

import re

import pytest

from safeconduct.core.acts import FORM_SUBJECTS
from safeconduct.core.agreement import LANGUAGES, Never
from safeconduct.core.agreement.rule_text import instant_words, kind_title, rule_lines
from tests.unit.core.agreement.wording_sample import RULES, TERMS, rule


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", RULES)
def test_every_shape_of_rule_is_said_in_every_language(shape: str, language: str) -> None:
    """AG-37"""
    lines = rule_lines(TERMS, RULES[shape], language)
    prose = [re.sub("`+.+?`+", "condition", line) for line in lines]
    odd = [line for line in prose if re.search(r"[{}\[\]|\n]|  | [,.;:]|,,|;;|[:：]$", line)]
    assert (len(lines) >= 3, odd) == (True, [])


@pytest.mark.parametrize(
    ("shape", "lines"),
    [
        (
            "must",
            [
                "for each: movement",
                "called up by: “movement requested”; only the first time on a subject",
                (
                    "must occur: “vehicle checked”, where `body.level >= param.convoy_max`, at the latest: 4 hours "
                    "after the moment at which it is called up; not before: 12 hours before “valid_to” of the latest "
                    "“vehicle checked”; one from before it was called up counts too; one by each of the Host, the "
                    "Sender"
                ),
                "needs, opened for the one who acts: route and minute",
                (
                    "excused when it comes before it is due: “cancelled” by duty officer for the Host (whether or not "
                    "it takes effect)"
                ),
                "may be waived, before it is due, by all of these together: duty officer, convoy leader",
                "grace, within which lateness is no breach: 10 minutes",
                "cure, within which a breach may be made good: 1 day",
            ],
        ),
        (
            "notice",
            [
                "for each: movement",
                "called up by: “movement requested”; only the first time on a subject",
                (
                    "must occur: “movement requested”, at the latest: 24 hours before the opening of the window of "
                    "departure"
                ),
                (
                    "proved by: receipt by the Host; in time by both clocks is kept, said late is a breach, and what "
                    "lies between is disputed"
                ),
            ],
        ),
        (
            "always",
            [
                "for each: movement",
                "called up by: “departed”",
                "must be true: `plan.escort.carrying_vehicles <= param.convoy_max`, at that moment",
                "grace, within which lateness is no breach: 1 minute",
            ],
        ),
        (
            "never",
            [
                "for each: movement",
                "called up by: “movement requested”",
                ("must not occur: “departed” (said without taking effect); before: the end of the time for approvals"),
            ],
        ),
        (
            "relay",
            [
                "for each: movement",
                "called up by: “movement requested”",
                (
                    "must be passed on: “notice acknowledged”, hop by hop, each within 4 hours of the one before; all "
                    "at the latest: the close of the window of departure"
                ),
                "hops: duty officer, observer; an event's hop is `body.role`",
            ],
        ),
        (
            "gap",
            [
                "for each: movement",
                "called up by: “departed”",
                "must recur: “checked in”, never more than 60 minutes apart; until: “arrived”",
                "grace, within which lateness is no breach: 5 minutes",
            ],
        ),
        (
            "recur",
            [
                "for each: meeting",
                "called up by: “movement requested”",
                "must occur: “meeting.held”, once in every 3 months, one by each of the Host, the Sender",
            ],
        ),
        (
            "count",
            [
                "for each: movement",
                "called up by: “movement requested”",
                (
                    "number that is bounded: “checked in”, each `event.actor` once; at least `2`; at most "
                    "`param.convoy_max`"
                ),
            ],
        ),
        (
            "share",
            [
                "for each: movement",
                "called up by: “movement requested”",
                "number that is bounded: “arrived”; at the latest: “valid_to” of what calls it up",
                "as a share: at least `100` per cent of: “departed”",
            ],
        ),
        (
            "equal",
            [
                "for each: movement",
                "called up by: “movement requested”",
                (
                    "must be equal: `plan.people.count` when called up, and `body.heads` of “arrived”, at the latest: "
                    "1 hour after the close of the window of departure; a difference is a breach"
                ),
            ],
        ),
        (
            "one",
            [
                "for each: movement",
                "called up by: “movement requested”",
                (
                    "must be exactly one: `body.role`; taken by: “notice relayed”; given up by: “notice "
                    "acknowledged”; until: “arrived”"
                ),
            ],
        ),
        (
            "chain_of",
            [
                "for each: movement",
                "called up by: “movement requested”",
                "must be passed on: “notice acknowledged”, hop by hop, each within 4 hours of the one before",
                "hops: those of `plan.route.districts`; an event's hop is `body.role`",
            ],
        ),
        (
            "always_until",
            [
                "for each: movement",
                "called up by: “movement requested”",
                'must be true: ``"`" in plan.route.districts``, from then until: “arrived”',
            ],
        ),
    ],
)
def test_a_rule_says_what_calls_it_up_what_must_happen_and_what_excuses(shape: str, lines: list[str]) -> None:
    """AG-37"""
    assert rule_lines(TERMS, RULES[shape], "en") == lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", RULES)
def test_conditions_are_the_same_in_every_language(shape: str, language: str) -> None:
    """AG-37: a translation of a condition would be another agreement."""
    found = [re.findall("`+.+?`+", "\n".join(rule_lines(TERMS, RULES[shape], one))) for one in (language, "en")]
    assert found[0] == found[1]


@pytest.mark.parametrize("shape", RULES)
def test_in_urdu_what_is_put_in_is_isolated(shape: str) -> None:
    """AG-36"""
    text = "\n".join(rule_lines(TERMS, RULES[shape], "ur"))
    while (shorter := re.sub("\u2068[^\u2068\u2069]*\u2069", "", text)) != text:
        text = shorter
    assert re.findall("[A-Za-z0-9\u2068\u2069]", text) == []


def test_a_name_cannot_become_html_or_code() -> None:
    """AG-37"""
    lines = rule_lines(TERMS, rule(Never(event="movement.departed", by=("<h1>`x`",))), "en")
    assert lines[2] == r"must not occur: “departed” by \<h1>\`x\`"


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("trigger", "触发时"),
        ("trigger + PT4H", "触发时之后4小时"),
        ("plan.review_by", "批准期限届满时"),
        ("plan.latest - param.notice_lead", "出发时段结束时之前24小时"),
        ("filed.vehicle_checked.level", "最近一份“车辆检查”所载“防护等级”"),
        ("trigger.body.level", "触发陈述所载“防护等级”"),
    ],
)
def test_an_instant_is_said_in_words(instant: str, words: str) -> None:
    """AG-37"""
    assert instant_words(TERMS, instant, "movement", "zh", "movement.vehicle_checked") == words


def test_another_text_is_no_instant() -> None:
    """AG-37"""
    with pytest.raises(ValueError, match=r"an instant such as 'trigger \+ PT4H', got 'Some day'"):
        instant_words(TERMS, "Some day", "movement", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_subject_has_a_name(language: str) -> None:
    """AG-37"""
    names = [kind_title(kind, language) for kind in FORM_SUBJECTS]
    assert (len(set(names)), kind_title("other", language)) == (len(FORM_SUBJECTS), "other")
