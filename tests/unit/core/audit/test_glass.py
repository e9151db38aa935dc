"""What an officer's machine without a network makes of a request: it proves it, or refuses with the reason."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from safeconduct.core.acts import GlassAsked, GlassObjected, MovementRequested
from safeconduct.core.audit import GlassRequest, prove_request, read_piece_file, write_request
from safeconduct.core.audit.pack import read_pack
from safeconduct.core.record import MovementState
from safeconduct.core.sealing import OfflineKey
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid, PackInvalid, Refused, SafeconductError
from safeconduct.node.packing import evidence_pack, glass_request
from safeconduct.testing import (
    MINUTE,
    MOVEMENT,
    OFFICERS,
    Federation,
    authority,
    come_to,
    glass_terms,
    keep_custody,
    open_as,
    seal_as,
    small_plan,
)
from tests.unit.node.test_custody import AUTHOR, CONTENT, FOR_HOST, LEAD, approve, played
from tests.unit.node.test_glass import DUTY, ask, bring, cut_off

ANNA = OFFICERS["anna"]
DELAY = 15 * MINUTE


def request_of(federation: Federation, content: str) -> bytes:
    return glass_request(federation.node("host"), authority(federation.node("host")), MOVEMENT, content, "sending")


def changed(data: bytes, **parts: object) -> bytes:
    return encode(msgspec.structs.replace(msgspec.json.decode(data, type=GlassRequest), **parts))


@played
async def test_a_request_that_is_proved_gives_a_piece_that_the_node_takes() -> None:
    """AUD-30, AUD-34"""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        data = request_of(federation, content)
        federation.clock.advance(DELAY)
        for officer in ("anna", "chen"):
            proved = prove_request(data, OFFICERS[officer], federation.clock.now())
            assert (proved.officer, sorted(proved.asked)) == (officer, [DUTY, LEAD])
            assert proved.asked[LEAD].reason == "no answer since 04:10"
            piece = read_piece_file(encode(proved.piece))
            await bring(federation, piece.given)
        assert (await open_as(federation, LEAD, MOVEMENT, content)).content == CONTENT


@played
async def test_without_a_request_there_is_no_file_and_no_piece() -> None:
    """AUD-32: neither while one person has asked, nor when somebody makes the file by hand."""
    async with cut_off() as (federation, content):
        with pytest.raises(Refused, match="not been asked for by enough"):
            request_of(federation, content)
        await federation.say(DUTY, MOVEMENT, GlassAsked(content=content, party="sending", reason="silent"))
        node = federation.node("host")
        escrow = node.vault.kept(node.memory.state(MOVEMENT).sealings[content].escrow)  # type: ignore[union-attr,arg-type]
        by_hand = write_request(
            GlassRequest(
                format="safeconduct/glass-request/1",
                content=content,
                party="sending",
                asking="host",
                movement=evidence_pack(node, authority(node), MOVEMENT),
                keys=evidence_pack(node, authority(node), "sealing/host"),
                escrow=escrow or b"",
            )
        )
        with pytest.raises(Refused, match="2 people of host ask first, 1 have"):
            prove_request(by_hand, ANNA, federation.clock.now() + DELAY)


@pytest.mark.parametrize(("after", "code"), [(DELAY - 1, "before_delay"), (-MINUTE, "clock_behind")])
@played
async def test_before_the_delay_has_passed_by_this_machines_clock_nothing_is_given(after: int, code: str) -> None:
    """AUD-32, REC-83"""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        data = request_of(federation, content)
        with pytest.raises(Refused) as caught:
            prove_request(data, ANNA, federation.clock.now() + after)
        assert caught.value.code == code


@played
async def test_an_objection_in_the_evidence_stops_the_officer() -> None:
    """AUD-32, REC-86"""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        old = request_of(federation, content)
        federation.links.cut = set()
        federation.clock.advance(10_000)
        await federation.sync()
        await bring(federation, GlassObjected(content=content, reason="we are here"), "sending/approver")
        await federation.sync()
        with pytest.raises(Refused, match="not been asked for by enough"):
            request_of(federation, content)
        fresh = changed(
            old, movement=evidence_pack(federation.node("host"), authority(federation.node("host")), MOVEMENT)
        )
        with pytest.raises(Refused, match="since it objected"):
            prove_request(fresh, ANNA, federation.clock.now() + DELAY)


@played
async def test_a_movement_whose_window_has_closed_gives_nothing() -> None:
    """AUD-32, REC-84: an old request, kept for a better day."""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        data = request_of(federation, content)
        with pytest.raises(Refused, match="this one is lapsed"):
            prove_request(data, ANNA, federation.clock.now() + 10 * 60 * MINUTE)


@played
async def test_a_request_for_one_content_gives_nothing_of_another() -> None:
    """AUD-33: the same evidence with the pieces or the name of another content."""
    async with Federation() as federation:
        await federation.agree(glass_terms(federation.cards.values()))
        await keep_custody(federation, 1)
        await federation.say(AUTHOR, MOVEMENT, MovementRequested(plan=small_plan()))
        await federation.sync()
        for compartment in ("rendezvous", "manifest"):
            await seal_as(federation, AUTHOR, MOVEMENT, compartment, CONTENT)
        await federation.sync()
        await keep_custody(federation)
        await approve(federation)
        await come_to(federation, FOR_HOST + 118 * MINUTE, rounds=0)
        node = federation.node("host")
        state = node.memory.state(MOVEMENT)
        assert isinstance(state, MovementState)
        digests = {sealing.compartment: sealing for sealing in state.sealings.values()}
        asked, other = digests["rendezvous"], digests["manifest"]
        await ask(federation, asked.content)
        data = request_of(federation, asked.content)
        now = federation.clock.now() + DELAY
        escrow = node.vault.kept(other.escrow or "")
        with pytest.raises(Refused, match="ask first, 0 have"):
            prove_request(changed(data, content=other.content, escrow=escrow), ANNA, now)
        with pytest.raises(CheckFailed, match="expected pieces of content"):
            prove_request(changed(data, escrow=escrow), ANNA, now)
        with pytest.raises(CheckFailed, match="expected pieces of content"):
            prove_request(changed(data, content=other.content), ANNA, now)


@played
async def test_evidence_under_other_keys_than_the_pieces_agreement_gives_proves_nothing() -> None:
    """AUD-31: a whole record of made-up parties, with the same words in it."""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        data = request_of(federation, content)
        now = federation.clock.now() + DELAY
        pack = read_pack(msgspec.json.decode(data, type=GlassRequest).movement)
        host, sending = pack.cards
        swapped = msgspec.structs.replace(host, root=sending.root)
        made_up: tuple[Callable[[], object], ...] = (
            lambda: prove_request(
                changed(data, movement=encode(msgspec.structs.replace(pack, cards=(swapped, sending)))), ANNA, now
            ),
            lambda: prove_request(changed(data, movement=encode(msgspec.structs.replace(pack, texts=()))), ANNA, now),
        )
        for try_it in made_up:
            with pytest.raises(CheckFailed, match="expected evidence under"):
                try_it()
        altered = encode(msgspec.structs.replace(pack, as_of=pack.as_of + 1))
        with pytest.raises(PackInvalid):
            prove_request(changed(data, movement=altered), ANNA, now)


@played
async def test_the_piece_goes_to_the_asking_node_and_nobody_elses_key() -> None:
    """AUD-34"""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        data = request_of(federation, content)
        now = federation.clock.now() + DELAY
        theirs = evidence_pack(federation.node("host"), authority(federation.node("host")), "sealing/sending")
        with pytest.raises(CheckFailed, match="expected the sealing keys of host"):
            prove_request(changed(data, keys=theirs), ANNA, now)
        with pytest.raises(Refused) as caught:
            prove_request(changed(data, asking="sending"), ANNA, now)
        assert caught.value.code == "no_break_glass"


@played
async def test_whoever_is_no_officer_of_that_share_gets_nothing_out_of_the_file() -> None:
    """AUD-30, SEAL-72"""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        data = request_of(federation, content)
        now = federation.clock.now() + DELAY
        with pytest.raises(CheckFailed, match="expected a piece of the share of sending"):
            prove_request(data, OfflineKey.make(), now)
        for broken in (
            b"{}",
            data[:-2],
            changed(data, format="safeconduct/glass-request/2"),
            changed(data, escrow=b""),
        ):
            with pytest.raises(InputInvalid):
                prove_request(broken, ANNA, now)
        with pytest.raises(SafeconductError):
            read_piece_file(b"{}")
