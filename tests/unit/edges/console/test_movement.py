"""One movement on one page: every part says who is missing, under whose name, until when."""

from __future__ import annotations

import asyncio
import re

import pytest

from safeconduct.core.acts import Escort, MovementRequested, People, Plan, Route, Timing
from safeconduct.edges.console.movement import movement
from safeconduct.edges.console.reader import Reader
from safeconduct.errors import NotFound
from safeconduct.testing import authority
from safeconduct.testing.federation import Federation
from tests.unit.edges.console.night import HOUR, NOW, told


def page(movement_id: str, language: str = "en") -> str:
    return str(movement(told().host, authority(told().host), Reader(language, NOW), movement_id).body)


def section(markup: str, name: str) -> str:
    found = re.search(rf'<section class="{name}".*?</section>', markup)
    assert found is not None
    return found[0]


def item(markup: str, name: str) -> str:
    found = [item for item in re.findall(r"<li.*?</li>", markup) if name in item]
    assert len(found) == 1, found
    return str(found[0])


def test_a_movement_that_nobody_asked_for_is_not_found() -> None:
    with pytest.raises(NotFound):
        movement(told().host, authority(told().host), Reader("en", NOW), "m-999")


@pytest.mark.parametrize("language", ["en", "zh", "ur"])
@pytest.mark.parametrize("number", range(101, 113))
def test_a_movement_in_any_phase_has_its_page_in_every_language(number: int, language: str) -> None:
    markup = page(f"m-{number}", language)
    assert [name for name in ("plan", "approvals", "gate", "knowing", "notice", "obligations", "timeline", "history")
            if f'<section class="{name}"' not in markup] == []  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("approvals of both parties", ("holds",)),
        ("protection certificate", ("holds", "valid until")),
        (
            "radio check",
            ("excepted", "exception signed by", "sending/security_manager", "set 2 has no battery", "convoy leader"),
        ),
        ("head count", ("open", "heads differ from the plan", "gate guard of the site", "convoy leader")),
        ("sweep of the road", ("holds", "22:29 UTC")),
    ],
)
def test_a_gate_item_says_who_is_missing_until_when_and_under_whose_name(name: str, words: tuple[str, ...]) -> None:
    found = item(section(page("m-108"), "gate"), name)
    assert [word for word in words if word not in found] == []


def test_after_departure_no_gate_item_is_called_open() -> None:
    gate = section(page("m-103"), "gate")
    assert (gate.count("settled at departure"), "no longer fresh" in gate) == (5, False)


def test_a_movement_that_gave_up_needs_no_gate() -> None:
    gate = section(page("m-105"), "gate")
    assert (gate.count("not needed"), "The movement does not depart: refused." in gate) == (5, True)


@pytest.mark.parametrize(
    ("movement_id", "party", "words"),
    [
        ("m-108", "Host State", ("approved", "host/district_approver", "#s-host-")),
        ("m-110", "Sending State", ("approval missing",)),
        ("m-111", "Host State", ("approved an earlier plan", "host/district_approver")),
        ("m-112", "Host State", ("no approval",)),
    ],
)
def test_each_partys_approval_is_told_with_its_author(movement_id: str, party: str, words: tuple[str, ...]) -> None:
    found = item(section(page(movement_id), "approvals"), party)
    assert [word for word in words if word not in found] == []


def test_the_notice_shows_where_it_has_stopped() -> None:
    notice = section(page("m-110"), "notice")
    assert "passed on" in item(notice, "province desk")
    assert ("not acknowledged" in item(notice, "district desk"), 'class="open"' in item(notice, "district desk")) == (
        True,
        True,
    )


def test_a_notice_that_has_come_through_ends_at_the_unit_that_acts() -> None:
    last = item(section(page("m-108"), "notice"), "unit commander")
    assert ('class="done"' in last, "unit that acts" in last) == (True, True)


def test_an_obligation_is_explained_with_its_due_time_and_its_evidence() -> None:
    found = item(section(page("m-103"), "obligations"), "WAY-1 ")
    sentence = re.sub(r"<[^>]+>", "", found)
    assert "the convoy leader owed the host duty officer a statement “checked in”" in sentence
    assert "the last sign was at 15 Jan 21:30:00 UTC" in sentence
    assert ("due " in found, 'href="#s-sending-' in found) == (True, True)


def test_evidence_that_is_no_statement_about_the_movement_leads_to_the_statement() -> None:
    assert re.search(r'href="/v1/statements/[0-9a-f]{64}"', section(page("m-102"), "obligations"))


def test_broken_obligations_come_first() -> None:
    outcomes = re.findall(r"<span>(breached|pending|met|not owed)</span>", section(page("m-103"), "obligations"))
    assert outcomes == sorted(outcomes, key=["breached", "pending", "met", "not owed"].index)


def test_the_pack_can_be_taken_along() -> None:
    assert 'href="/packs/m-108"' in page("m-108")


def test_a_reason_is_told_as_it_was_written() -> None:
    assert "Reason: <bdi><q>crew is &lt;b&gt;ill&lt;/b&gt; &amp; stays</q></bdi>" in page("m-112")


def test_the_plans_window_carries_its_instants_for_the_readers_own_clock() -> None:
    assert re.search(r'class="local" data-from="\d+" data-to="\d+"', section(page("m-108"), "plan"))


def test_an_agreement_in_one_language_is_marked_as_such_on_a_page_in_another() -> None:
    async def tell() -> str:
        async with Federation() as federation:
            await federation.agree()
            earliest = federation.clock.now() + 48 * HOUR
            plan = Plan(
                route=Route(origin="a", destination="b", districts=("c",), path="ab" * 32),
                timing=Timing(earliest=earliest, latest=earliest + HOUR, review_by=earliest - HOUR),
                people=People(group="g", count=1, manifest="cd" * 32),
                escort=Escort(carrying_vehicles=1, protection_level="b6", escort_vehicles=1),
                purpose="visit",
            )
            await federation.say("sending/journey_manager", "movement/m-1", MovementRequested(plan=plan))
            reader = Reader("ur", federation.clock.now())
            return str(movement(federation.node("sending"), authority(federation.node("sending")), reader, "m-1").body)

    markup = asyncio.run(tell())
    assert '<p><bdi lang="en" dir="ltr">T-1 (text) is ' in markup
    assert ("abababab…" in markup, "cdcdcdcd…" in markup) == (True, True)
