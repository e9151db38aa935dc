"""What is held about a person, on paper: every dossier, every opening with its reason, every statement."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.edges.papers.blocks import Table, all_text
from safeconduct.edges.papers.html import to_html
from safeconduct.edges.papers.person import person_paper
from safeconduct.node.dossiers import DossierOpening, DossierView, PersonPage
from safeconduct.node.queries import HistoryLine
from tests.unit.core.agreement.sample import terms

TIME = 1_795_586_400_000
DOSSIER = DossierView(
    dossier="ab" * 32,
    content="cd" * 32,
    sealed_by="sending/registrar",
    sealed_at=TIME,
    until=TIME + 1,
    kept_by=("sending",),
    destroyed_at=TIME + 2,
    forgotten=False,
    openings=(DossierOpening(actor="sending/desk", at=TIME, reason="<b>the hospital asks</b>"),),
)
LINE = HistoryLine(
    id="ef" * 32,
    party="sending",
    index=7,
    t=TIME,
    at=TIME,
    kind="person.registered",
    title={"en": "person registered", "zh": "人员备案", "ur": "فرد کا اندراج ہوا"},
    actor="sending/registrar",
    body=msgspec.Raw(b"{}"),
    void="",
    account="",
    received={},
    cosigned={},
)
PAGE = PersonPage(
    subject="person/p-0417",
    party="sending",
    group="engineers",
    dossier="ab" * 32,
    as_of=TIME,
    dossiers=(DOSSIER,),
    history=(LINE, msgspec.structs.replace(LINE, void="other_party", account="by another")),
)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("What is held about one person", "It can be opened until", "Opened by", "person registered", "Name")),
        ("zh", ("关于一名人员所保存的内容", "之前可以打开", "人员备案", "姓名")),
        ("ur", ("ایک فرد کے بارے میں", "تک کھل سکتے ہیں", "فرد کا اندراج ہوا", "نام")),
    ],
)
def test_everything_is_said_in_each_language(language: str, words: tuple[str, ...]) -> None:
    """SEAL-88"""
    shown = "\n".join(all_text(person_paper(PAGE, ["Li Wei", "passport E1"], 1, terms(), language)))
    assert [word for word in (*words, "Li Wei", "passport E1", "p-0417", "sending/desk") if word not in shown] == []


def test_every_statement_has_a_line_and_a_void_one_says_so() -> None:
    paper = person_paper(PAGE, [], 0, terms(), "en")
    table = next(block for block in paper.blocks if isinstance(block, Table))
    assert [[run.text for run in row[1].under] for row in table.rows] == [[], ["It has no effect."]]


def test_what_was_not_opened_or_is_forgotten_or_not_kept_is_said() -> None:
    gone = msgspec.structs.replace(PAGE, dossiers=(msgspec.structs.replace(DOSSIER, forgotten=True, openings=()),))
    shown = "\n".join(all_text(person_paper(gone, [], 0, terms(), "en")))
    assert [
        w for w in ("were not opened for this page", "Forgotten: every key", "Nobody has opened") if w not in shown
    ] == []
    bare = "\n".join(all_text(person_paper(msgspec.structs.replace(PAGE, dossiers=()), [], 0, terms(), "en")))
    assert "No node keeps the dossier" in bare


def test_what_people_wrote_cannot_become_markup() -> None:
    page = to_html(person_paper(PAGE, ["<i>Li</i>"], 0, terms(), "en")).decode()
    assert ("&lt;b&gt;the hospital" in page, "<b>the hospital" in page, "<i>Li" in page) == (True, False, False)
