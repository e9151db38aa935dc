"""Break-glass in an agreement: what is refused at its line, what it says to people, and what the lint warns of."""

from __future__ import annotations

from importlib import resources

import msgspec
import pytest

from safeconduct.core.agreement import Terms, lint, read_folder, render, write_folder
from safeconduct.core.agreement.glass import one_side
from safeconduct.core.statement import encode
from safeconduct.testing import GLASS, OFFICERS, card_of, glass_terms
from tests.unit.core.agreement.sample import line_of, problems_of_lines
from tests.unit.core.agreement.test_rule_sense import A
from tests.unit.core.agreement.test_rule_sense import folder as small

ANNA, BILAL = OFFICERS["anna"].recipient, OFFICERS["bilal"].recipient
BREAK_GLASS = f"""\
break_glass:
  - party: host
    officers:
      - {{id: anna, name: {{en: Anna}}, party: host, key: {ANNA}}}
      - {{id: bilal, name: {{en: Bilal}}, party: sending, key: {BILAL}}}
    needed: 2
    delay: PT15M
    asked_by: [manager]
"""


def folder(old: str = "", new: str = "") -> dict[str, str]:
    files = small()
    text = files[A].replace("post.scanned]", "post.scanned, glass.objected]", 1)
    text = text.replace("movement.departed]", "movement.departed, glass.asked, glass.given]", 1) + BREAK_GLASS
    assert old in text
    return {**files, A: text.replace(old, new, 1)}


def test_break_glass_is_read_with_the_number_of_people_who_ask() -> None:
    """AG-150"""
    (glass,) = read_folder(folder()).break_glass
    assert (glass.party, glass.needed, glass.asks, [o.id for o in glass.officers]) == ("host", 2, 2, ["anna", "bilal"])


def test_what_was_written_is_read_again() -> None:
    """AG-19, AG-150"""
    terms = read_folder(folder())
    assert read_folder(write_folder(terms)) == terms


@pytest.mark.parametrize(
    ("old", "new", "passage", "says"),
    [
        ("- party: host", "- party: hots", "- party: hots", "expected party as a party of this agreement, got 'hots'"),
        ("needed: 2", "needed: 1", "needed: 1", "expected needed as an integer from 2 to 16, got the integer 1"),
        ("needed: 2", "needed: 3", "needed: 3", "expected needed up to the 2 officers, got 3"),
        ("delay: PT15M", "delay: PT0M", "delay: PT0M", "expected delay longer than nothing, got 'PT0M'"),
        ("{id: bilal", "{id: anna", "{id: anna, name: {en: Bilal}", "expected each officer once, got 'anna' again"),
        (BILAL, ANNA, "{id: bilal", "expected each officer's key once, got "),
        (BILAL, "age1x", "{id: bilal", "expected key as an age recipient (age1 and 58 characters), got 'age1x'"),
        (BILAL, BILAL[:-2] + "qq", "{id: bilal", "expected key as an age recipient, got a problem: its checksum"),
        ("party: sending, key", "party: sendin, key", "{id: bilal", "expected party as a party of this agreement"),
        ("name: {en: Bilal}", "name: {ur: Bilal}", "{id: bilal", "expected name in en, got it in ur"),
        ("asked_by: [manager]", "asked_by: [officer]", "asked_by", "expected a role that may glass.asked as asked_by"),
        ("asked_by: [manager]", "asked_by: [nobody]", "asked_by", "expected asked_by[0] as a role of this agreement"),
        ("glass.asked, glass.given", "glass.asked", "asked_by", "expected a role of sending that may glass.given"),
        (
            ", glass.objected",
            ", glass.asked",
            "- party: host\n    officers",
            "expected a role of host that may glass.obj",
        ),
        (
            "asked_by: [manager]",
            "asked_by: [manager]\n    asks: 1",
            "asks: 1",
            "expected asks as an integer from 2 to 8",
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_line(old: str, new: str, passage: str, says: str) -> None:
    """AG-150 to AG-153"""
    files = folder(old, new)
    where = f"{A}:{line_of(A, passage, files)}:"
    assert any(p.startswith(where) and says in p for p in problems_of_lines(files)), problems_of_lines(files)


def test_a_role_of_the_silent_party_itself_does_not_ask() -> None:
    """AG-152"""
    files = folder("glass.objected]", "glass.objected, glass.asked]")
    files[A] = files[A].replace("asked_by: [manager]", "asked_by: [officer]")
    assert any("expected a role of another party than host, got 'officer'" in p for p in problems_of_lines(files))


def test_break_glass_is_given_once_for_a_party() -> None:
    """AG-150"""
    files = folder()
    files[A] += BREAK_GLASS.removeprefix("break_glass:\n")
    assert any("expected each party in break_glass once, got 'host' again" in p for p in problems_of_lines(files))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("While the node of", "in pieces by", "Asked by", "time stops it", "an incident")),
        ("zh", ("无响应", "分片交出", "提出请求", "即行停止", "事件")),
        ("ur", ("خاموش", "ٹکڑوں میں", "درخواست", "روک دیتا ہے", "واقعہ")),
    ],
)
def test_the_document_says_it_in_each_language(language: str, words: tuple[str, ...]) -> None:
    """AG-154"""
    small_one = glass_terms(card_of(party) for party in ("host", "sending"))
    terms = in_language(small_one, language)
    text = render(terms, language)
    assert [word for word in words if word not in text] == []
    assert OFFICERS["chen"].recipient in text


def test_the_document_names_the_one_side_that_all_officers_are_of() -> None:
    """AG-154, AG-155"""
    terms = glass_terms(card_of(party) for party in ("host", "sending"))
    (host, sending) = terms.break_glass
    ours = tuple(msgspec.structs.replace(officer, party="host") for officer in sending.officers)
    alone = msgspec.structs.replace(terms, break_glass=(host, msgspec.structs.replace(sending, officers=ours)))
    assert [one_side(glass) for glass in alone.break_glass] == [None, "host"]
    assert ("can open alone" in render(alone, "en"), "can open alone" in render(terms, "en")) == (True, False)
    assert [(one.code, one.severity) for one in lint(alone) if one.code.startswith("glass")] == [
        ("glass_by_one_side", "warning")
    ]
    assert [one.code for one in lint(terms) if one.code.startswith("glass")] == []


def test_officers_of_the_silent_party_itself_are_nobodys_one_side() -> None:
    """AG-155: the other party's node gets nothing without them."""
    (host, _) = GLASS
    own = tuple(msgspec.structs.replace(officer, party="host") for officer in host.officers)
    assert one_side(msgspec.structs.replace(host, officers=own)) is None


def test_who_asks_for_what_is_not_released_to_it_is_warned_of() -> None:
    """AG-159: the duty officer knows of the rendezvous by existence, and of the names nothing."""
    terms = glass_terms(card_of(party) for party in ("host", "sending"))
    found = [one for one in lint(terms) if one.code == "asker_does_not_know"]
    assert [(one.path, one.severity) for one in found] == [
        (("break_glass", 0, "asked_by", 1), "warning"),
        (("break_glass", 1, "asked_by", 0), "warning"),
    ]
    assert "expected manifest to be released to duty_officer" in found[1].account


# --- auditors ---------------------------------------------------------------------------------------------------------


def test_auditors_are_roles_of_the_agreement_each_once() -> None:
    """AG-156"""
    audited = {**folder(), A: folder()[A] + "auditors: [manager, officer]\n"}
    assert read_folder(audited).auditors == ("manager", "officer")
    wrong = {**folder(), A: folder()[A] + "auditors: [manager, oficer, manager]\n"}
    line = line_of(A, "auditors: [manager, oficer", wrong)
    assert problems_of_lines(wrong) == [
        f"{A}:{line}: expected auditors[1] as a role of this agreement, got 'oficer' (did you mean 'officer'?)",
        f"{A}:{line}: expected each role in auditors once, got 'manager' again",
    ]


def test_an_agreement_without_auditors_has_the_digest_that_it_had() -> None:
    """AG-156"""
    terms = read_folder(folder())
    assert (terms.auditors, b"auditors" in encode(terms)) == ((), False)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Everything that their own party's node holds"), ("zh", "全部内容"), ("ur", "وہ سب دکھایا جاتا ہے")],
)
def test_the_document_says_who_sees_everything(language: str, words: str) -> None:
    """AG-157"""
    terms = glass_terms((card_of(party) for party in ("host", "sending")), auditors=("unit",))
    assert words in render(in_language(terms, language), language)


@pytest.mark.parametrize(
    ("template", "parties"),
    [
        ("host_sending", ("host", "sending")),
        ("agency_host", ("agency", "host")),
        ("company_forces", ("company", "forces")),
    ],
)
def test_in_the_templates_auditors_and_arbiters_see_everything(template: str, parties: tuple[str, str]) -> None:
    """AG-158"""
    text = (resources.files("safeconduct.core.agreement") / "template" / template / "agreement.yaml").read_text("utf-8")
    named = ", ".join(f"{party}_{role}" for party in parties for role in ("auditor", "arbiter"))
    assert f"auditors: [{named}]" in text


def in_language(terms: Terms, language: str) -> Terms:
    """The same agreement with every text in one other language, word for word."""
    built = msgspec.to_builtins(terms)

    def turned(value: object) -> object:
        if isinstance(value, dict):
            if set(value) == {"en"}:
                return {language: value["en"]}
            return {key: turned(item) for key, item in value.items()}
        return [turned(item) for item in value] if isinstance(value, list | tuple) else value

    return msgspec.convert({**turned(built), "languages": [language]}, Terms)  # type: ignore[dict-item]
