"""Terms for information in an agreement: what is refused at its line, and what they say to people."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import Terms, read_folder, render, write_folder
from safeconduct.testing import card_of, information_terms
from tests.unit.core.agreement import sample
from tests.unit.core.agreement.sample import line_of, problems_of_lines
from tests.unit.core.agreement.test_rule_sense import A
from tests.unit.core.agreement.test_rule_sense import folder as small

_KINDS = (
    "item.shared, item.onward_allowed, item.onward_refused, item.recalled, release.proposed, release.withdrawn, "
    "release.signed, release.refused"
)
INFORMATION = """\
information:
  share: [officer]
  consent: [officer]
  recall: [officer]
  propose: [manager]
  sign: [officer, manager]
  acknowledge_within: P2D
  smallest_count: 5
"""


def folder(old: str = "", new: str = "") -> dict[str, str]:
    files = small()
    text = files[A].replace("post.scanned]", f"post.scanned, {_KINDS}]", 1)
    text = text.replace("movement.departed]", f"movement.departed, {_KINDS}]", 1) + INFORMATION
    assert old in text
    return {**files, A: text.replace(old, new, 1)}


def test_terms_for_information_are_read_and_written_again() -> None:
    """AG-19, AG-164"""
    terms = read_folder(folder())
    assert terms.information is not None
    assert (terms.information.share, terms.information.smallest_count) == (("officer",), 5)
    assert read_folder(write_folder(terms)) == terms


@pytest.mark.parametrize(
    ("old", "new", "passage", "says"),
    [
        ("share: [officer]", "share: [nobody]", "share: [nobody]", "expected share[0] as a role of this agreement"),
        ("share: [officer]", "share: [officer, officer]", "share:", "expected each role in share once, got 'officer'"),
        ("item.shared, ", "", "share:", "expected a role that may item.shared as share"),
        ("item.onward_refused, ", "", "consent: [officer]", "expected a role that may item.onward_refused as consent"),
        (
            "share: [officer]",
            "share: [manager]",
            "consent: [officer]",
            "expected a role of sending in consent, whose roles share",
        ),
        (
            "share: [officer]",
            "share: [manager]",
            "recall: [officer]",
            "expected a role of sending in recall, whose roles share",
        ),
        ("sign: [officer, manager]", "sign: [officer]", "sign:", "expected a role of sending in sign, got none"),
        ("within: P2D", "within: P0D", "acknowledge_within", "expected acknowledge_within longer than nothing"),
        ("smallest_count: 5", "smallest_count: 0", "smallest_count", "expected smallest_count as an integer from 1"),
    ],
)
def test_what_cannot_be_is_told_at_its_line(old: str, new: str, passage: str, says: str) -> None:
    """AG-164 to AG-166"""
    files = folder(old, new)
    where = f"{A}:{line_of(A, passage, files)}:"
    assert any(p.startswith(where) and says in p for p in problems_of_lines(files)), problems_of_lines(files)


def _in(terms: Terms, language: str) -> Terms:
    """The same agreement with every text in one other language, word for word."""

    def turned(value: object) -> object:
        if isinstance(value, dict):
            return {language: value["en"]} if set(value) == {"en"} else {key: turned(one) for key, one in value.items()}
        return [turned(one) for one in value] if isinstance(value, list | tuple) else value

    built = turned(msgspec.to_builtins(terms))
    assert isinstance(built, dict)
    return msgspec.convert({**built, "languages": [language]}, Terms)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("joint releases", "is shared by", "allowed or refused", "taken back by", "is out when", "below 5")),
        ("zh", ("联合发布", "分享", "同意或拒绝", "召回", "签署", "小于 5")),
        ("ur", ("مشترکہ بیانات", "شریک کرتے ہیں", "اجازت یا انکار", "واپس", "دستخط", "5 سے کم")),
    ],
)
def test_the_document_says_it_in_each_language(language: str, words: tuple[str, ...]) -> None:
    """AG-167"""
    terms = _in(information_terms([card_of(party) for party in ("host", "sending")]), language)
    text = "".join(letter for letter in render(terms, language) if letter not in "\u2066\u2067\u2068\u2069")
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("name", ["host_sending", "agency_host", "company_forces"])
def test_every_template_has_terms_for_information(name: str) -> None:
    """AG-164"""
    assert "\ninformation:\n" in sample.template(name)[A]
