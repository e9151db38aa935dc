"""An evidence pack proves what it says, and nothing altered proves anything."""

from __future__ import annotations

import asyncio
import random

import msgspec
import pytest

from safeconduct.core.acts import MovementApproved, MovementRequested
from safeconduct.core.agreement import Outcome, PartyTerms
from safeconduct.core.audit import Pack, sign_pack, verify_pack
from safeconduct.core.statement import digest
from safeconduct.errors import NotFound, PackInvalid
from safeconduct.node import sync
from safeconduct.node.packing import evidence_pack
from safeconduct.testing import Federation, append_rogue, authority, card_of, forged_entry, keys_of, small_plan

PLAN = small_plan()
CARDS = {party: card_of(party) for party in ("host", "sending")}


def make_pack(subject: str = "movement/m1") -> bytes:
    async def whole() -> bytes:
        async with Federation() as federation:
            await federation.agree()
            await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
            await federation.sync()
            federation.clock.advance(1_000)
            for node in federation.links.nodes.values():
                await sync.say_receipts(node)
            await federation.sync()
            for actor in ("host/duty_officer", "sending/approver"):
                await federation.say(actor, "movement/m1", MovementApproved(plan=digest(PLAN)))
            await federation.sync()
            return evidence_pack(federation.node("host"), authority(federation.node("host")), subject)

    return asyncio.run(whole())


PACK = make_pack()


def altered(**changed: object) -> bytes:
    """The pack with parts changed and signed again by its maker: what a party can do with its own keys."""
    pack = msgspec.structs.replace(msgspec.json.decode(PACK, type=Pack), **changed)
    return sign_pack(pack, keys_of("host").node)


def test_a_pack_proves_statements_deliveries_and_findings_offline() -> None:
    """AUD-20 to AUD-24"""
    report = verify_pack(PACK, CARDS)
    assert [line.said.kind for line in report.lines] == ["movement.requested", "movement.approved", "movement.approved"]
    assert (report.findings[0].outcome, report.known_cards) == (Outcome.MET, True)
    notice = report.deliveries[0]
    assert (notice.by, notice.said_at is not None, notice.cosigned_at is not None) == ("host", True, True)


def test_without_cards_the_report_says_that_keys_came_from_the_pack() -> None:
    """AUD-24"""
    assert not verify_pack(PACK).known_cards


def test_any_flipped_byte_is_found_with_a_reason() -> None:
    """AUD-25"""
    chance = random.Random(20241006)
    places = {0, len(PACK) - 1, *chance.sample(range(len(PACK)), 400)}
    for place in sorted(places):
        flipped = PACK[:place] + bytes([PACK[place] ^ (1 << chance.randrange(8))]) + PACK[place + 1 :]
        with pytest.raises(PackInvalid, match=r"."):
            verify_pack(flipped, CARDS)


@pytest.mark.parametrize("cut", [1, 100, len(PACK) - 1])
def test_a_cut_pack_is_refused(cut: int) -> None:
    """AUD-20"""
    with pytest.raises(PackInvalid):
        verify_pack(PACK[:-cut], CARDS)


def _drop_first_statement_about() -> bytes:
    pack = msgspec.json.decode(PACK, type=Pack)
    kept = tuple(s for s in pack.statements if s.party != "sending" or s.index != 4)
    return altered(statements=kept)


def _swap_findings() -> bytes:
    pack = msgspec.json.decode(PACK, type=Pack)
    first = msgspec.structs.replace(pack.findings[0], outcome=Outcome.BREACHED)
    return altered(findings=(first, *pack.findings[1:]))


def _move_statement(ms: int) -> bytes:
    pack = msgspec.json.decode(PACK, type=Pack)
    moved = tuple(
        msgspec.structs.replace(s, t=s.t + ms) if (s.party, s.index) == ("sending", 4) else s for s in pack.statements
    )
    return altered(statements=moved)


def _other_keys() -> bytes:
    stranger = msgspec.structs.replace(card_of("host"), root=card_of("press").root)
    return altered(cards=(stranger, card_of("sending")))


def _by_another_maker() -> bytes:
    return sign_pack(msgspec.json.decode(PACK, type=Pack), keys_of("sending").node)


def _wrong_index() -> bytes:
    pack = msgspec.json.decode(PACK, type=Pack)
    statements = list(pack.statements)
    last = statements[-1]
    statements[-1] = msgspec.structs.replace(last, index=last.index + 1)
    return altered(statements=tuple(statements))


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        (_drop_first_statement_about, "is about no statement|findings in the pack"),
        (_swap_findings, "the findings in the pack are not those that its statements lead to"),
        (lambda: _move_statement(1), "no cause shows why"),
        (lambda: _move_statement(-1), "stands at .* and was said at|stands before it"),
        (_other_keys, "the pack gives host other keys than its card"),
        (_by_another_maker, "a pack is signed by its maker's node"),
        (_wrong_index, "."),
        (lambda: altered(format="safeconduct/pack/2"), "expected format"),
        (lambda: altered(as_of=0), "a pack judges after its last statement"),
        (lambda: altered(logs=()), "comes without a checkpoint of its log"),
        (lambda: altered(texts=()), "."),
    ],
)
def test_a_maker_that_alters_its_own_pack_proves_nothing(forged: object, reason: str) -> None:
    """AUD-20 to AUD-24"""
    with pytest.raises(PackInvalid, match=reason):
        verify_pack(forged(), CARDS)  # type: ignore[operator]  # a table of makers


def test_a_backdated_statement_comes_with_what_its_author_had_seen() -> None:
    """REC-6, AUD-23: a pack that contains one still verifies, and shows it without effect."""

    async def whole() -> bytes:
        async with Federation() as federation:
            await federation.agree()
            federation.clock.advance(60_000)
            await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
            await federation.sync()
            host = federation.node("host")
            forged = forged_entry(
                "host/duty_officer",
                MovementApproved(plan=digest(PLAN)),
                subject="movement/m1",
                at=federation.clock.now() - 30_000,
                agreement=host.memory.law.in_force() or "",
                after=host.memory.after(),
            )
            append_rogue(host, [forged])
            await federation.sync()
            return evidence_pack(federation.node("sending"), authority(federation.node("sending")), "movement/m1")

    lines = verify_pack(asyncio.run(whole()), CARDS).lines
    assert [line.void.code if line.void else "" for line in lines] == ["", "backdated"]


def test_a_pack_needs_the_cards_of_all_its_parties() -> None:
    """AUD-24"""
    some: dict[str, PartyTerms] = {"host": CARDS["host"]}
    with pytest.raises(PackInvalid, match="cards of host, sending are needed, got host"):
        verify_pack(PACK, some)


def test_there_is_no_pack_about_nothing() -> None:
    """AUD-26"""
    with pytest.raises(NotFound, match="nothing is said of 'movement/none' here"):
        make_pack("movement/none")
