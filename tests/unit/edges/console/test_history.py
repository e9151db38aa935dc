"""Every statement is shown with what it says, who had it, and why it had no effect."""

from __future__ import annotations

import re

import msgspec
import pytest

from safeconduct.edges.console.history import details, history_table, void_reason
from safeconduct.edges.console.markup import join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import Reader
from safeconduct.node import queries
from safeconduct.node.queries import HistoryLine
from safeconduct.testing import authority
from tests.unit.edges.console.night import NOW, told


def names(language: str = "en") -> Names:
    node = told().host
    return Names(node, Reader(language, NOW), node.terms())


def table(movement: str, language: str = "en") -> str:
    return str(
        history_table(names(language), queries.history(told().host, authority(told().host), f"movement/{movement}"))
    )


def row(markup: str, kind: str) -> str:
    found = [row for row in re.findall(r"<tr.*?</tr>", markup) if kind in row]
    assert len(found) == 1
    return str(found[0])


def line(kind: str, body: object) -> HistoryLine:
    return HistoryLine(
        id="ab" * 32,
        party="host",
        index=3,
        t=NOW,
        at=NOW,
        kind=kind,
        title={},
        actor="host/duty_officer",
        body=msgspec.Raw(msgspec.json.encode(body)),
        void="",
        account="",
        received={},
        cosigned={},
    )


def test_a_statement_without_effect_is_struck_through_with_the_reason_in_words() -> None:
    found = row(table("m-112"), "host/district_approver")
    assert ("<s>" in found, "No effect: the movement was: cancelled" in found) == (True, True)


def test_a_statement_with_effect_is_not_struck_through() -> None:
    assert "<s>" not in table("m-101")


def test_each_statement_says_when_the_other_party_had_it() -> None:
    index = next(
        h.index
        for h in queries.history(told().host, authority(told().host), "movement/m-112")
        if h.kind == "movement.requested"
    )
    found = row(table("m-112"), f"sending/journey_manager</bdi></span><small><bdi>Sending State</bdi> · entry {index}")
    assert re.search(r"<bdi>Host State</bdi> had it .*cosigned ", found)


def test_a_statement_that_nobody_has_acknowledged_says_so() -> None:
    found = row(table("m-108"), "host/sweep_lead")
    assert ("no word yet" in found, "not cosigned yet" in found) == (True, True)


def test_what_a_person_wrote_stays_text() -> None:
    assert "crew is &lt;b&gt;ill&lt;/b&gt; &amp; stays" in table("m-112")


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("movement.acknowledged", {"role": "ministry_desk"}, "<bdi>ministry desk</bdi>"),
        (
            "movement.relayed",
            {"role": "ministry_desk", "to_role": "province_desk"},
            "ministry desk</bdi> → <bdi>province",
        ),
        ("movement.approved", {"plan": "cd" * 32}, "cdcdcdcd…"),
        ("movement.attested", {"item": "sweep", "holds": True}, "sweep of the road at the exit</bdi>: holds"),
        (
            "movement.attested",
            {"item": "sweep", "holds": False, "note": "car"},
            "does not hold · <bdi><q>car</q></bdi>",
        ),
        ("movement.attested", {"item": "head_count", "holds": True, "heads": 9}, "heads: 9"),
        ("movement.excepted", {"item": "sweep", "reason": "fog"}, "<q>fog</q>"),
        ("movement.refused", {"reason": "flood"}, "<q>flood</q>"),
        ("movement.cancelled", {"reason": "ill"}, "<q>ill</q>"),
        ("movement.aborted", {"reason": "bridge"}, "<q>bridge</q>"),
        ("movement.departed", {"heads": 12}, "heads: 12"),
        ("movement.arrived", {"heads": 12}, "heads: 12"),
        ("movement.checked_in", {"latitude_e7": 248120000, "longitude_e7": -672450000}, "24.81200, -67.24500"),
        ("movement.checked_in", {"note": "well"}, "<q>well</q>"),
        ("movement.closed", {"note": "done"}, "<q>done</q>"),
        ("movement.teleported", {"to": "<moon>"}, "{&quot;to&quot;:&quot;&lt;moon&gt;&quot;}"),
    ],
)
def test_a_statement_says_what_it_says(kind: str, body: object, text: str) -> None:
    assert text in str(join(*details(names(), line(kind, body)), between=" · "))


@pytest.mark.parametrize("kind", ["movement.departed", "movement.closed", "movement.checked_in"])
def test_a_statement_that_says_no_more_than_its_kind_has_no_details(kind: str) -> None:
    assert details(names(), line(kind, {})) == []


def test_a_statement_of_an_unknown_kind_is_cut_to_a_line() -> None:
    assert len(str(join(*details(names(), line("x.y", {"a": "b" * 5_000}))))) < 500


@pytest.mark.parametrize(
    ("code", "account", "language", "text"),
    [
        ("gate_open", "the ready gate is open: sweep", "en", "the ready gate was open"),
        ("gate_open", "the ready gate is open: sweep", "zh", "出发条件未满足"),
        ("is_under_way", "needs …", "zh", "当时状态：途中"),
        ("is_cancelled", "needs …", "ur", "اس وقت مرحلہ: منسوخ"),
        ("of_a_later_version", "some <account>", "ur", '<bdi lang="en" dir="ltr">some &lt;account&gt;</bdi>'),
    ],
)
def test_a_reason_is_told_in_the_readers_language_where_its_code_is_known(
    code: str, account: str, language: str, text: str
) -> None:
    assert str(join(void_reason(names(language), code, account))) == text


def test_an_authors_own_clock_is_shown_where_the_record_put_the_statement_elsewhere() -> None:
    late = msgspec.structs.replace(line("movement.closed", {}), at=NOW - 90_000)
    assert "its author&#x27;s clock: " in str(history_table(names(), [late]))
