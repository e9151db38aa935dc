"""Copies on the command line: a list is signed, an order is sealed by it, two people read two copies, one leaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from safeconduct.core.acts import SlotList
from safeconduct.core.disclosure import check_receipt, recognise
from safeconduct.core.record import CopiesState
from safeconduct.edges.cli.copies import kept_copies
from safeconduct.edges.cli.profiles import DOSSIER_KEY_NAME
from safeconduct.node import copies
from safeconduct.testing import slot_list
from tests.unit.edges.cli import test_orders as ordered
from tests.unit.edges.cli.office import (
    PASSPHRASE,
    PEOPLE,
    Office,
    agree,
    approve,
    found,
    furnish,
    read_keys,
    request,
    staff,
)

FEW = ("duty", "district", "escort", "leader", "manager", "approver", "registrar", "security")
TEMPLATE = "Wait at {host_0}, {host_1} and {host_2}; then {sending_0}, {sending_1}, {sending_2}."
SLOTS: SlotList = slot_list()
CANARIES = """
canaries:
  compartments: [rendezvous]
  panel: [duty_officer, security_manager]
  bound: 3
  looks: 1
  observed: 45
  predictable: 45
  leaked_by_one: 5
  leaked_by_two: 5
"""


@pytest.fixture(scope="module")
def copying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two parties whose rendezvous may differ by recipient, with a signed list and two readers."""
    with Office(tmp_path_factory.mktemp("copying")) as made:
        found(made)
        staff(made, {name: PEOPLE[name] for name in FEW})
        agree(made, _with_canaries)
        furnish(made)
        (made.folder / "slots.json").write_bytes(msgspec.json.encode(SLOTS))
        for name in ("escort", "leader"):
            made.must("actor", "read", *made.by(name))
        made.must("slots", "propose", made.path("slots.json"), "--yes", *made.by("duty"))
        made.sync()
        made.must("slots", "sign", SLOTS.digest, "--yes", *made.by("manager"))
        made.sync()
        ordered.keep_custody(made, 1)
        yield made


def _with_canaries(text: str) -> str:
    for role, kinds in (
        ("duty_officer", "slots.proposed, slots.signed, leak.found, seed.asked, trace.stated"),
        ("security_manager", "leak.found, seed.asked, trace.stated"),
        ("journey_manager", "slots.proposed, slots.signed"),
    ):
        start = text.index("[", text.index(f"  - id: {role}\n"))
        text = f"{text[: start + 1]}{kinds}, {text[start + 1 :]}"
    return text + CANARIES


def keep_copies(office: Office, rounds: int = 6) -> None:
    for _ in range(rounds):
        for node in list(office.links.nodes.values()):
            node.copies_at = 0
            office.loop.run_until_complete(copies.keep_copies(node))
        office.sync()


def sealed(office: Office, movement: str) -> None:
    """Asked for, approved, and sealed with slots."""
    request(office, movement)
    office.must("order", "seal", movement, "rendezvous", "--text", TEMPLATE, "--yes", *office.by("manager"))
    office.sync()
    ordered.keep_custody(office)
    approve(office, movement)


def due(office: Office) -> None:
    office.clock.advance(29 * ordered.HOUR)
    office.sync()
    ordered.keep_custody(office)


def opened(office: Office, name: str, movement: str) -> dict[str, object]:
    answer: dict[str, object] = office.must("order", "open", movement, "rendezvous", "--json", *office.by(name)).json()
    return answer


def text_of(answer: dict[str, object]) -> str:
    content = answer["content"]
    assert isinstance(content, dict)
    return str(content["text"])


@pytest.mark.slow
def test_two_people_read_two_copies_and_the_one_that_leaks_is_named(copying: Office) -> None:
    """CAN-28, CAN-34, CAN-35, CAN-44"""
    office = copying
    texts: dict[str, str] = {}
    for movement in ("m1", "m2"):
        sealed(office, movement)
        keep_copies(office)
        due(office)
        mine, other = (opened(office, name, movement) for name in ("escort", "leader"))
        assert (mine["copy"], other["copy"]) == ("received", "received")
        assert len({text_of(mine), text_of(other), TEMPLATE}) == 3
        assert len(recognise(text_of(mine), SLOTS)) == 6
        assert text_of(opened(office, "escort", movement)) == text_of(mine)
        texts[movement] = text_of(mine)
        # What it was sent, it can show one day: the salt is in its own folder, and the receipt on the record.
        key = read_keys(office.folder / "escort" / "actor.keys", PASSPHRASE)[DOSSIER_KEY_NAME]
        (kept,) = kept_copies(office.folder / "escort", key, movement)
        state = office.links.nodes["host"].memory.state(f"copies/{movement}")
        assert isinstance(state, CopiesState)
        ((recipient, received),) = [
            (recipient, line.receipt)
            for recipient, held in state.received.items()
            for line in held.values()
            if line.mark.actor == "host/escort"
        ]
        check_receipt(received, movement, recipient, kept.salt, kept.text)
        assert kept.text == text_of(mine)
    office.sync()
    for movement, text in texts.items():
        (office.folder / f"{movement}.txt").write_text(f"heard: {text.lower()}", "utf-8")
        words = ("leak", "found", "l1", movement, "--text", office.path(f"{movement}.txt"))
        office.must(*words, "--at", "+0s", "--by", "a guard, in a chat", "--yes", *office.by("duty"))
    office.sync()
    early = ("trace", "l1", *(f"--text={office.path(f'{movement}.txt')}" for movement in texts))
    assert "m1 is not scored: host has not opened its seed" in office.must(*early, *office.by("duty")).out
    for name in ("duty", "security"):
        office.must("leak", "ask", "l1", "--reason", "it was in a chat", "--yes", *office.by(name))
    office.sync()
    keep_copies(office)
    shown = office.must(*early, "--state", *office.by("duty")).out
    assert "the copy of host/escort: 6 of 6 in the half of host, 6 of 6 in the half of sending" in shown
    assert "receipts for m1, m2 on record" in shown
    assert "somebody watched" in shown
    results = [office.must(*early, "--json", *office.by(name)).json() for name in ("duty", "security")]
    assert results[0] == results[1]
    assert "host/escort" in results[0]["readers"].values()
    stands = office.must("leak", "show", *office.by("security")).out
    assert ("l1" in stands, "host/duty" in stands) == (True, True)
    for refusing in (("leak", "show"), early, ("leak", "ask", "l1", "--reason", "x", "--yes")):
        refused = office.run(*refusing, *office.by("escort"))
        assert (refused.code, "here" in refused.err) == (1, True), refused
    missing = office.run("trace", "l1", "--text", office.path("m1.txt"), *office.by("duty"))
    assert (missing.code, "expected every text of leak l1" in missing.err) == (2, True)


@pytest.mark.slow
def test_who_has_no_copy_yet_is_shown_the_words_as_they_were_sealed(copying: Office) -> None:
    """CAN-34"""
    office = copying
    sealed(office, "m3")
    keep_copies(office, 3)
    due(office)
    early = opened(office, "escort", "m3")
    assert (early["copy"], text_of(early)) == ("waiting", TEMPLATE)
    keep_copies(office)
    assert opened(office, "escort", "m3")["copy"] == "received"
    spare = office.folder / "leader" / "reading"
    spare.rename(office.folder / "leader" / "elsewhere")
    try:
        shown = office.must("order", "open", "m3", "rendezvous", *office.by("leader")).out
    finally:
        (office.folder / "leader" / "elsewhere").rename(spare)
    assert ("{host_0}" in shown, "open it on the machine that has it" in shown) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("rendezvous", "--text", "wait at {gate}"), "name all slots of one signed list and no other"),
        (("rendezvous", "--text", "{host_0}"), "name all slots of one signed list and no other"),
        (("rendezvous", "--text", TEMPLATE + " red host 0"), "a template whose own words say no value of a slot"),
        (("manifest", "--text", "see {host_0}", "--count", "2"), "expected slots only in what is agreed to differ by"),
    ],
)
def test_words_that_name_slots_as_they_may_not_are_not_sealed(
    copying: Office, words: tuple[str, ...], message: str
) -> None:
    """CAN-28"""
    if copying.run("order", "show", "m4", *copying.by("manager")).code:
        request(copying, "m4")
    answer = copying.run("order", "seal", "m4", *words, "--yes", *copying.by("manager"))
    assert (answer.code, message in answer.err) == (2, True), answer


@pytest.mark.slow
def test_slot_lists_are_shown_to_whom_they_concern_and_signed_by_whom_they_name(
    copying: Office, tmp_path: Path
) -> None:
    """CAN-43, REC-120"""
    assert "{host_0}" in copying.must("slots", "show", *copying.by("manager")).out
    assert "slot lists: none" in copying.must("slots", "show", *copying.by("leader")).out
    unknown = copying.run("slots", "sign", "ab" * 32, "--yes", *copying.by("manager"))
    assert (unknown.code, "no slot list abab" in unknown.err) == (1, True)
    unsafe = json.loads(msgspec.json.encode(SLOTS))
    unsafe["slots"][0]["safety"] = True
    (tmp_path / "unsafe.json").write_text(json.dumps(unsafe), "utf-8")
    (tmp_path / "broken.json").write_text("{", "utf-8")
    for name, says in (("unsafe", "no slot that somebody's safety depends on"), ("broken", "expected a slot list at")):
        answer = copying.run("slots", "propose", str(tmp_path / f"{name}.json"), "--yes", *copying.by("duty"))
        assert (answer.code, says in answer.err) == (2, True), answer
    asked = copying.run("slots", "propose", copying.path("slots.json"), *copying.by("duty"), typed="n\n")
    assert (asked.code, "Is every one of these details harmless" in asked.err) == (1, True)


@pytest.mark.slow
def test_an_authority_reads_no_orders(copying: Office) -> None:
    """CAN-29"""
    answer = copying.run("actor", "read", "--profile", copying.path("host"))
    assert (answer.code, "expected an actor, who reads orders" in answer.err) == (2, True)
