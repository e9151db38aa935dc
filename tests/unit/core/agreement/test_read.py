from __future__ import annotations

from functools import cache

import msgspec
import pytest

from safeconduct.core.agreement import Terms, fill_template, read_folder, read_terms
from safeconduct.core.agreement.limits import FILES_MAX, FOLDER_BYTES_MAX, PROBLEMS_MAX
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid
from safeconduct.testing import card_of
from tests.unit.core.agreement.sample import edited, folder, line_of, problems, template, terms

A = "agreement.yaml"
NOT_CANONICAL = "expected the one canonical encoding (sorted keys, no spaces), got another"


# --- the template -----------------------------------------------------------------------------------------


TEMPLATES = [
    ("host_sending", ("host", "sending")),
    ("agency_host", ("agency", "host")),
    ("company_forces", ("company", "forces")),
]


@cache
def filled(name: str, parties: tuple[str, ...]) -> Terms:
    """A template with the cards of its two parties, read."""
    return read_folder(fill_template(template(name), [card_of(party) for party in parties], "test"))


@pytest.mark.parametrize(("name", "parties"), TEMPLATES)
def test_a_template_becomes_an_agreement_by_a_name_and_two_cards(name: str, parties: tuple[str, ...]) -> None:
    """AG-38"""
    read = filled(name, parties)
    assert (read.name, [party.id for party in read.parties], read.parties[0].root) == (
        "test",
        list(parties),
        card_of(parties[0]).root,
    )


@pytest.mark.parametrize(("name", "parties"), TEMPLATES)
def test_a_template_with_the_cards_of_others_is_no_agreement(name: str, parties: tuple[str, ...]) -> None:
    """AG-38, AG-1: the two parties are those that the template names."""
    with pytest.raises(TermsInvalid, match=rf"expected the file cards/{parties[1]}\.json for this party, got none"):
        read_folder(fill_template(template(name), [card_of(parties[0]), card_of("operator")], "test"))


def test_every_clause_of_the_template_has_a_rule_or_says_why_people_judge_it() -> None:
    """AG-38, AG-20"""
    judged = [clause.id for clause in terms().clauses if clause.rule is not None]
    left = [clause.id for clause in terms().clauses if clause.by_people is not None]
    assert (len(terms().clauses) >= 60, len(judged) > len(left) > 0, sorted(judged + left)) == (
        True,
        True,
        sorted(clause.id for clause in terms().clauses),
    )


@pytest.mark.parametrize(("name", "parties"), TEMPLATES)
def test_every_number_of_a_template_has_a_source(name: str, parties: tuple[str, ...]) -> None:
    """AG-38: either where it was published, or that the parties choose it."""
    sources = {p.id: p.source for p in filled(name, parties).parameters}
    assert [i for i, source in sources.items() if "." not in source and "parameter to agree" not in source] == []


@pytest.mark.parametrize(("name", "parties"), TEMPLATES)
def test_no_text_of_a_template_promises_safety(name: str, parties: tuple[str, ...]) -> None:
    """AG-38: notice and clearance are not protection, and no text of ours says that somebody is safe."""
    clauses = filled(name, parties).clauses
    words = " ".join(" ".join(c.text.values()) + " ".join(c.title.values()) for c in clauses).lower()
    assert [word for word in ("safe ", "safely", "安全的", "محفوظ ہیں") if word in words] == []


def test_the_clauses_stand_in_the_order_of_their_files() -> None:
    """AG-1"""
    ids = [clause.id for clause in terms().clauses]
    files = sorted(path for path in template() if path.startswith("clauses/"))
    assert ids == [line[6:] for path in files for line in template()[path].splitlines() if line.startswith("- id: ")]


# --- folders ----------------------------------------------------------------------------------------------


def test_a_party_may_stand_in_the_agreement_itself() -> None:
    """AG-1, AG-5"""
    card = folder()["cards/host.json"].strip()
    files = edited(A, "parties: [host, sending]", f"parties:\n  - {card}\n  - sending")
    del files["cards/host.json"]
    assert read_folder(files) == terms()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, ["agreement.yaml:1:1: expected this file, got none"]),
        ({A: ""}, ["agreement.yaml:1:1: expected a mapping, got nothing"]),
        ({A: "- a"}, ["agreement.yaml:1:1: expected a mapping, got a list"]),
        ({A: "a: &b"}, None),
        (
            folder(**{"notes.txt": "x", "clauses/x.yml": "x", "Clauses/x.yaml": "x", "clauses/a/b.yaml": "x"}),
            [
                f"{path}:1:1: expected agreement.yaml, clauses/<name>.yaml or cards/<party>.json, got another file"
                for path in ("Clauses/x.yaml", "clauses/a/b.yaml", "clauses/x.yml", "notes.txt")
            ],
        ),
        (
            folder(**{"cards/press.json": "{}"}),
            ["cards/press.json:1:1: expected a card that parties in agreement.yaml names, got one that nobody names"],
        ),
        (
            folder(**{"cards/host.json": None}),
            ["agreement.yaml:11:11: expected the file cards/host.json for this party, got none"],
        ),
        (
            folder(**{"cards/host.json": folder()["cards/sending.json"]}),
            ["cards/host.json:1:1: expected the card of host, got the card of 'sending'"],
        ),
        (
            folder(**{"cards/host.json": "{ }"}),
            [f"cards/host.json:1:1: expected canonical JSON, got a problem: {NOT_CANONICAL}"],
        ),
        (
            folder(**{"clauses/90-more.yaml": "id: X-1"}),
            ["clauses/90-more.yaml:1:1: expected a list of clauses, got a mapping"],
        ),
        (
            folder(**{"clauses/90-more.yaml": "- id: 'X-1"}),
            ["clauses/90-more.yaml:1:11: expected YAML, got a problem: found unexpected end of stream"],
        ),
        (
            edited(A, "parties: [host, sending]", "parties: [host, sending, 7]"),
            ["agreement.yaml:11:26: expected parties[2] as a mapping, got the integer 7"],
        ),
        (
            folder(**{"clauses/90-more.yaml": "# nothing"}),
            ["clauses/90-more.yaml:1:1: expected a list of clauses, got nothing"],
        ),
        (
            edited(A, "name: test", "name: test\nclauses: []"),
            ["agreement.yaml:5:1: expected clauses in clauses/*.yaml, got the field 'clauses'"],
        ),
        (
            edited(A, "parties: [host, sending]", "parties: [host, ../../secret]"),
            [
                "agreement.yaml:11:17: expected the file cards/../../secret.json for this party, got none",
                f"cards/sending.json:1:1: expected a card that parties in {A} names, got one that nobody names",
            ],
        ),
    ],
    ids=[
        "nothing", "empty agreement", "a list", "broken agreement", "other files", "a card too many", "no card",
        "another's card", "no canonical card", "clauses as a mapping", "a broken file",
        "a party that is a number", "no clauses in a file",
        "clauses in the agreement", "a party that is a path",
    ],
)  # fmt: skip
def test_a_folder_of_another_form_is_refused(files: dict[str, str], says: list[str] | None) -> None:
    """AG-1, AG-2, AG-5"""
    found = problems(files)
    if says:
        assert [p for p in found if "as a party" not in p and "a role of" not in p] == says
    else:
        assert found[0].startswith("agreement.yaml:1:1: expected ")


def test_every_problem_of_every_file_is_reported_in_the_files_order() -> None:
    """AG-2"""
    files = edited(A, "version: 1", "version: one")
    files["clauses/10-notice.yaml"] = files["clauses/10-notice.yaml"].replace("severity: critical", "severity: bad", 2)
    files["clauses/60-governance.yaml"] = files["clauses/60-governance.yaml"].replace("- id: GOV-1\n", "- id: GOV1\n")
    files["cards/host.json"] = files["cards/host.json"].replace("http:", "ftp:")
    bad = [n for n, line in enumerate(files["clauses/10-notice.yaml"].splitlines(), 1) if line == "  severity: bad"]
    governance = line_of("clauses/60-governance.yaml", "- id: GOV1\n", files)
    assert [problem.split(" ")[0] for problem in problems(files)] == [
        "agreement.yaml:5:1:",
        "cards/host.json:1:1:",
        f"clauses/10-notice.yaml:{bad[0]}:3:",
        f"clauses/10-notice.yaml:{bad[1]}:3:",
        f"clauses/60-governance.yaml:{governance}:3:",
    ]


def test_a_problem_of_a_clause_is_reported_in_its_own_file() -> None:
    """AG-2"""
    files = folder(**{"clauses/90-more.yaml": "- id: X-1\n  colour: red\n"})
    found = [problem for problem in problems(files) if "colour" in problem]
    assert found[0].startswith("clauses/90-more.yaml:2:3: expected one of id, title,")


def test_not_more_problems_are_reported_than_somebody_reads() -> None:
    """AG-2"""
    many = "".join(f"- id: {n}\n" for n in range(PROBLEMS_MAX))
    assert len(problems(folder(**{"clauses/90-more.yaml": many}))) == PROBLEMS_MAX


def test_a_folder_ends_at_its_number_of_files() -> None:
    """AG-4"""
    files = {**folder(), **{f"clauses/z{n:03}.yaml": "[]" for n in range(FILES_MAX - len(folder()))}}
    assert read_folder(files) == terms()
    files["clauses/zzzz.yaml"] = "[]"
    assert problems(files) == [f"agreement.yaml:1:1: expected at most {FILES_MAX} files, got {FILES_MAX + 1}"]


def test_a_larger_folder_is_not_read() -> None:
    """AG-4"""
    spare = FOLDER_BYTES_MAX - sum(map(len, folder().values()))
    assert read_folder(edited(A, "name: test", "name: test #" + "x" * (spare - 2))) == terms()
    files = edited(A, "name: test", "name: test #" + "x" * (spare - 1))
    assert problems(files) == [
        f"agreement.yaml:1:1: expected at most {FOLDER_BYTES_MAX} characters, got {FOLDER_BYTES_MAX + 1}"
    ]


def test_an_error_carries_its_problems_and_says_them_one_a_line() -> None:
    """AG-2"""
    with pytest.raises(TermsInvalid) as caught:
        read_folder(edited(A, "version: 1", "version: one"))
    assert str(caught.value) == "\n".join(caught.value.problems)


# --- canonical bytes --------------------------------------------------------------------------------------

TERMS = encode(terms())
CLAUSES = [clause.id for clause in terms().clauses]
ROLES = [role.id for role in terms().roles]


def test_terms_read_back_from_their_canonical_bytes() -> None:
    """AG-19"""
    assert read_terms(TERMS) == terms()


def changed(old: bytes, new: bytes) -> bytes:
    assert old in TERMS
    return TERMS.replace(old, new, 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "terms: expected canonical JSON, got a problem: expected JSON, got Input data was truncated"),
        (b"[]", "terms: expected canonical JSON, got a problem: expected a JSON object, got list"),
        (TERMS + b"\n", f"terms: expected canonical JSON, got a problem: {NOT_CANONICAL}"),
        (b"x" * (FOLDER_BYTES_MAX + 1), "terms: expected at most 1048576 bytes, got 1048577"),
        (changed(b'"version":1', b'"version":0'),
         "terms.version: expected version as an integer from 1 to 10000, got the integer 0"),
        (changed(b'"owed_by":"journey_manager"', b'"owed_by":"nobody"'),
         "terms.clauses[0].owed_by: expected owed_by as a role of this agreement, got 'nobody'"),
        (changed(b'"within":"param.hop_ack"', b'"within":"PT0M"'),
         (f"terms.clauses[{CLAUSES.index('NTC-2')}].rule.relay.within:"
          " expected within longer than nothing, got 'PT0M'")),
        (changed('"zh":"驾驶员"'.encode(), '"zh":"驾驶\u202e员"'.encode()),
         f"terms.roles[{ROLES.index('driver')}].name.zh: expected name.zh in visible characters, got U+202E"),
        (changed(b'"by":["sweep_lead"],', b'"by":["sweep_lead"],"exception_by2":"x",'), None),
        (changed(b'{"check":"approvals","id"', b'{"by":[],"check":"approvals","id"'), None),
        (changed(b'"each":"first"', b'"each":"every"'), "terms: expected the one canonical encoding, got another"),
    ],
    ids=[
        "nothing", "a list", "a newline more", "too large", "a form", "a name", "a duration", "a direction character",
        "another field", "an empty list written out", "a default written out",
    ],
)  # fmt: skip
def test_anothers_terms_are_read_as_strictly_as_a_folder(data: bytes, says: str | None) -> None:
    """AG-19"""
    with pytest.raises(TermsInvalid) as caught:
        read_terms(data)
    if says is not None:
        assert caught.value.problems == (says,)


def test_terms_have_one_encoding() -> None:
    """AG-19, ST-1"""
    plain = msgspec.json.decode(TERMS)
    assert msgspec.json.encode(plain, order="sorted") == TERMS
