from __future__ import annotations

import pytest

from safeconduct.core.agreement import read_folder, render, write_folder
from safeconduct.core.agreement.sense import check_sense
from safeconduct.core.statement import encode
from safeconduct.testing import card_of
from tests.unit.core.agreement.sample import HOST, SENDING, edited, folder, line_of, problems, problems_of_lines

A = "agreement.yaml"
NOTICE = "clauses/10-notice.yaml"
UNDER_WAY = "clauses/40-under-way.yaml"
HOST_CARD = "cards/host.json"


@pytest.mark.parametrize(
    ("path", "old", "new", "passage", "says"),
    [
        # AG-7
        (A, "ur: ڈرائیور}", "en: driver}", "{en: driver", None),
        (A, "{en: driver, zh: 驾驶员, ur: ڈرائیور}", "{en: driver, ur: ڈرائیور}", "name: {en: driver",
         "expected name in zh, got it in en, ur"),
        (A, "  ur: شہریوں اور ان کی نقل و حرکت کے مشترکہ تحفظ کا معاہدہ\n", "", "title:",
         "expected title in ur, got it in en, zh"),
        (NOTICE, "    zh: 出行通知\n", "", "title:", "expected title in zh, got it in en, ur"),
        (A, "      zh: 出行通知须在出发前多久送达东道方？\n", "", "question:",
         "expected question in zh, got it in en, ur"),
        (A, "name: {en: names of the travellers, zh: 出行人员名单, ur: مسافروں کے نام}",
         "name: {zh: 出行人员名单, ur: مسافروں کے نام}", "name: {zh: 出行人员名单",
         "expected name in en, got it in zh, ur"),
        (A, "name: {en: full cooperation, zh: 全面合作, ur: مکمل تعاون}", "name: {en: full cooperation}",
         "name: {en: full cooperation}", "expected name in zh, ur, got it in en"),
        # AG-9
        (A, "[en, zh, ur]", "[en, zh, ur, zh]", "languages:", "expected each language once, got 'zh' again"),
        (A, "id: host_registrar", "id: driver", "- id: driver\n    party: sending",
         "expected each role once, got 'driver' again"),
        (A, "id: sweep\n", "id: radio_check\n", "id: radio_check\n      name: {en: sweep",
         "expected each gate item once, got 'radio_check' again"),
        (A, "- party: sending\n      parts", "- party: host\n      parts",
         "- party: host\n      parts: [route, timing, people, escort]\n  #",
         "expected each party in consent once, got 'host' again"),
        (A, "parts: [route, timing", "parts: [route, timing, route", "parts: [route, timing, route",
         "expected each part once, got 'route' again"),
        (A, "may: [site.registered]", "may: [site.registered, site.registered]",
         "may: [site.registered, site", "expected each kind in may once, got 'site.registered' again"),
        (A, "by: [sweep_lead]", "by: [sweep_lead, sweep_lead]", "by: [sweep_lead, sweep_lead]",
         "expected each role in by once, got 'sweep_lead' again"),
        (A, "- {id: change_ack,", "- {id: hop_ack,", "- {id: hop_ack,", None),
        (A, "id: limited\n", "id: full\n", "id: full\n      name: {en: approved", None),
        (A, "- id: escort\n", "- id: route\n", "- id: route\n    name: {en: strength",
         "expected each compartment once, got 'route' again"),
        (NOTICE, "id: NTC-2", "id: NTC-1", "- id: NTC-1\n  title:\n    en: Passing",
         "expected each clause number once, got 'NTC-1' again"),
        # AG-10
        (A, "id: driver\n    party: sending", "id: driver\n    party: sendign", "party: sendign",
         "expected party as a party of this agreement, got 'sendign' (did you mean 'sending'?)"),
        (A, "id: driver\n    party: sending", "id: driver\n    party: press", "party: press",
         "expected party as a party of this agreement, got 'press' (one of host, sending)"),
        (A, "may: [site.registered]", "may: [site.registerd]", "may: [site.registerd]",
         "expected a kind of act that a role may say, got 'site.registerd' (did you mean 'site.registered'?)"),
        (A, "may: [site.registered]", "may: [zebra.ridden]", "may: [zebra.ridden]",
         "expected a kind of act that a role may say, got 'zebra.ridden'"),
        (A, "may: [site.registered]", "may: [agreement.signed]", "may: [agreement.signed]",
         "expected a kind of act that a role may say, got 'agreement.signed', said by the authority"),
        (A, "may: [site.registered]", "may: [record.received]", "may: [record.received]",
         "expected a kind of act that a role may say, got 'record.received', said by the node"),
        # AG-11
        (A, "[movement.requested,", "[movement.approved, movement.requested,",
         "[movement.approved, movement.requested",
         "expected a role that asks for movements or approves them, got both: it may movement.requested too"),
        (A, "may: [movement.approved, movement.refused]", "may: [movement.approved, movement.changed]",
         "may: [movement.approved, movement.changed]",
         "expected a role that asks for movements or approves them, got both: it may movement.changed too"),
        # AG-12
        (A, "- party: sending\n      parts", "- party: press\n      parts", "- party: press\n      parts",
         "expected party as a party of this agreement, got 'press' (one of host, sending)"),
        (A, "may: [movement.approved, movement.refused]", "may: [movement.refused]", "- party: sending\n      parts",
         "expected a role of sending that may movement.approved, got none"),
        # AG-13
        (A, "notice_chain: [embassy_desk,", "notice_chain: [embasy_desk,", "notice_chain: [embasy_desk",
         "expected notice_chain[0] as a role of this agreement, got 'embasy_desk' (did you mean 'embassy_desk'?)"),
        (A, "district_desk, unit_commander]\n", "district_desk, driver]\n", "notice_chain:",
         "expected a role that may movement.acknowledged as notice_chain[4], got 'driver'"),
        (A, "notice_chain: [embassy_desk,", "notice_chain: [duty_officer,", "notice_chain: [duty_officer",
         "expected a role that may movement.relayed as notice_chain[0], got 'duty_officer'"),
        (A, "district_desk, unit_commander]\n", "district_desk, ministry_desk, unit_commander]\n", "notice_chain:",
         "expected each role in notice_chain once, got 'ministry_desk' again"),
        # AG-14
        (A, "by: [sweep_lead]", "by: [sweeper]", "by: [sweeper]",
         "expected by[0] as a role of this agreement, got 'sweeper' (did you mean 'sweep_lead'?)"),
        (A, "by: [sweep_lead]", "by: [driver]", "by: [driver]",
         "expected a role that may movement.attested as by[0], got 'driver'"),
        (A, "      by: [sweep_lead]\n", "", "check: attested\n      valid_for: PT30M",
         "expected by (at least one role) where check is attested, got none"),
        (A, "by: [sweep_lead]", "by: []", "check: attested\n      by: []",
         "expected by (at least one role) where check is attested, got none"),
        (A, "      by: [site_guard, convoy_leader]\n", "", "check: heads",
         "expected by (at least one role) where check is heads, got none"),
        (A, "check: approvals\n", "check: approvals\n      by: [approver_of_all]\n", "by: [approver_of_all]", None),
        (A, "check: approvals\n", "check: approvals\n      by: [sweep_lead]\n", "by: [sweep_lead]",
         "expected no by where check is approvals, got one"),
        (A, "check: approvals\n", "check: approvals\n      valid_for: PT1H\n", "valid_for: PT1H",
         "expected no valid_for where check is approvals, got one"),
        (A, "check: approvals\n", "check: approvals\n      exception_by: security_manager\n",
         "exception_by: security_manager", "expected no exception_by where check is approvals, got one"),
        (A, "exception_by: security_manager", "exception_by: driver", "exception_by: driver",
         "expected a role that may movement.excepted as exception_by, got 'driver'"),
        (A, "exception_by: security_manager", "exception_by: nobody", "exception_by: nobody",
         "expected exception_by as a role of this agreement, got 'nobody'"),
        # AG-15
        (NOTICE, "owed_by: journey_manager", "owed_by: jurney_manager", "owed_by: jurney_manager",
         "expected owed_by as a role of this agreement, got 'jurney_manager' (did you mean 'journey_manager'?)"),
        (NOTICE, "owed_to: duty_officer", "owed_to: host", "owed_to: host",
         "expected owed_to as a role of this agreement, got 'host'"),
        # AG-16
        (NOTICE, "within: param.hop_ack", "within: PT0H", "within: PT0H",
         "expected within longer than nothing, got 'PT0H'"),
        (UNDER_WAY, "at_most: param.check_in_gap", "at_most: P0D", "gap: {event: movement.checked_in, at_most: P0D",
         "expected at_most longer than nothing, got 'P0D'"),
        (A, "valid_for: PT30M", "valid_for: PT0M", "valid_for: PT0M",
         "expected valid_for longer than nothing, got 'PT0M'"),
        # AG-140
        (A, "span: P90D", "span: P6D", "predictability:", None),
        (A, "span: P90D, half_life: P30D", "span: P6D, half_life: P1D", "predictability:",
         "expected span from P7D to P366D, got 'P6D'"),
        (A, "span: P90D", "span: P367D", "predictability:", "expected span from P7D to P366D, got 'P367D'"),
        (A, "half_life: P30D", "half_life: PT23H", "predictability:",
         "expected half_life of at least P1D, got 'PT23H'"),
        (A, "half_life: P30D", "half_life: P91D", "predictability:",
         "expected half_life up to span (P90D), got 'P91D'"),
        # AG-18
        (A, "version: 1\n", "version: 2\n", "version: 2",
         "expected previous (the digest that version 2 amends), got none"),
        (A, "version: 1\n", f"version: 1\nprevious: {'ab' * 32}\n", "previous: abab",
         "expected no previous in version 1, got one"),
        # AG-20
        (NOTICE, "  covers: [PK-1, PK-14]\n", "  by_people: {en: a, zh: b, ur: c}\n", "- id: NTC-1",
         "expected rule, or by_people (why people judge it), got both"),
    ],
)  # fmt: skip
def test_what_contradicts_another_part_is_a_problem_at_its_line(
    path: str, old: str, new: str, passage: str, says: str | None
) -> None:
    """AG-2, AG-7, AG-9 to AG-16, AG-18, AG-20, AG-140; where None, the text has other problems too."""
    files = edited(path, old, new)
    found = problems_of_lines(files)
    if says is None:
        assert any(problem.startswith(f"{path}:{line_of(path, passage, files)}: ") for problem in found)
    else:
        assert found == [f"{path}:{line_of(path, passage, files)}: {says}"]


@pytest.mark.parametrize("agreed", ["span: P7D, half_life: P1D", "span: P366D, half_life: P366D"])
def test_the_bounds_of_span_and_half_life_are_allowed(agreed: str) -> None:
    """AG-140"""
    assert read_folder(edited(A, "span: P90D, half_life: P30D", agreed)).movement.predictability is not None


def test_a_grace_may_be_nothing() -> None:
    """AG-16"""
    read = read_folder(edited(UNDER_WAY, "grace: param.check_in_grace", "grace: PT0S"))
    assert [clause.rule.grace for clause in read.clauses if clause.id == "WAY-1" and clause.rule] == ["PT0S"]


FOREIGN = card_of("operator")


def card(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


HOST_TEXT = folder()[HOST_CARD]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (card(HOST_TEXT, HOST.root, "AQ" + "A" * 41 + "="),
         "expected root as a key of its kind, got a problem: a public key is not a point of low order, got one"),
        (card(HOST_TEXT, HOST.root, HOST.node.node),
         "expected a key of its own as node, got the root key of host again"),
        (card(HOST_TEXT, HOST.root, SENDING.root), "expected a key of its own as root, got the root key of host again"),
        (card(HOST_TEXT, HOST.node.witness, HOST.node.mirror),
         "expected a key of its own as mirror, got the witness key of host again"),
        (card(HOST_TEXT, HOST.node.log, HOST.node.witness), None),
        (card(HOST_TEXT, HOST.node.witness, FOREIGN.node.log),
         "expected witness as a key of its kind, got a problem: a note key of type 04, got 01"),
        (card(HOST_TEXT, HOST.node.log, HOST.node.log.replace("+", "x+", 1)), None),
    ],
    ids=[
        "low order", "root is node", "root of another party", "one cosigner key twice", "a witness key as log key",
        "a log key as witness key", "other name",
    ],
)  # fmt: skip
def test_a_key_that_proves_nothing_is_refused(text: str, says: str | None) -> None:
    """AG-17"""
    found = problems(folder(**{HOST_CARD: text}))
    where = "cards/sending.json" if says and "root key of host" in says and "as root" in says else HOST_CARD
    if says is None:
        assert found[0].startswith(f"{HOST_CARD}:1:1: expected log as a key of its kind, got a problem: ")
    else:
        assert found == [f"{where}:1:1: {says}"]


@pytest.mark.parametrize("value", [None, "text", 7, [], {}, {"parties": "x", "roles": [1, {"id": 3}], "movement": []}])
def test_parts_of_another_form_are_passed_over(value: object) -> None:
    """AG-2: they have been reported; what is left is judged all the same."""
    found: list[str] = []
    check_sense(value, lambda _path, text: found.append(text))  # type: ignore[arg-type]  # hostile on purpose
    assert found == []


# --- access -----------------------------------------------------------------------------------------------------------

_ACCESS = "access: {openings: 24, openings_of_role: 60, within: PT1H}"
_A = "agreement.yaml"


@pytest.mark.parametrize(
    ("access", "says"),
    [
        ("{reasons: [knew, knew]}", "expected each reason once, got 'knew' again"),
        ("{reasons: [glass]}", "expected reasons[0]"),
        ("{openings: 3}", "expected within (the span that openings counts in), got none"),
        ("{openings_of_role: 3}", "expected within (the span that openings_of_role counts in), got none"),
        ("{within: PT1H}", "expected openings or openings_of_role with within, got neither"),
        ("{openings: 3, within: PT0S}", "expected within longer than nothing, got 'PT0S'"),
        ("{openings: 3, within: P8D}", "expected within up to P7D, got 'P8D'"),
        ("{openings: 0, within: PT1H}", "expected openings as an integer from 1 to 10000"),
        (
            "{openings: 5, openings_of_role: 4, within: PT1H}",
            "expected openings_of_role of at least openings (5), got 4",
        ),
    ],
)
def test_what_access_cannot_mean_is_a_problem_at_its_line(access: str, says: str) -> None:
    """AG-172, AG-173"""
    files = edited(_A, _ACCESS, f"access: {access}")
    where = f"{_A}:{line_of(_A, 'access: {', files)}:"
    assert any(p.startswith(where) and says in p for p in problems_of_lines(files)), problems_of_lines(files)


@pytest.mark.parametrize(
    "access",
    [
        "{reasons: [compartment.opened, knew, pack]}",
        "{openings: 3, within: P7D}",
        "{openings_of_role: 3, within: PT1S}",
        "{openings: 4, openings_of_role: 4, within: PT1H}",
    ],
)
def test_what_access_may_say(access: str) -> None:
    """AG-172, AG-173"""
    terms = read_folder(edited(_A, _ACCESS, f"access: {access}"))
    assert terms.access is not None
    assert read_folder(write_folder(terms)) == terms


def test_an_agreement_without_access_has_the_digest_that_it_always_had() -> None:
    """AG-175"""
    terms = read_folder(edited(_A, _ACCESS, ""))
    assert (terms.access, b'"access"' in encode(terms)) == (None, False)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Looking, and reasons", "anybody asks who could have known", "More than", "an incident", "no duty left"),
        ),
        ("zh", ("查阅及其理由", "查询可能知情者", "超过", "列为事件", "职责")),
        ("ur", ("دیکھنا اور اس کی وجہ", "کون جان سکتا تھا", "سے زیادہ", "واقعہ", "ذمہ داری باقی نہ")),
    ],
)
def test_the_document_says_in_each_language_what_is_asked_and_counted(language: str, words: tuple[str, ...]) -> None:
    """AG-174"""
    access = "access: {reasons: [knew], openings: 24, openings_of_role: 60, within: PT1H}"
    text = render(read_folder(edited(_A, _ACCESS, access)), language)
    assert [word for word in words if word not in text] == []
    assert all(number in text for number in ("24", "60"))
