from __future__ import annotations

import pytest

from safeconduct.core.acts import MovementCancelled, MovementClosed, Standing, offer, read_act
from safeconduct.core.identity import SigningKey
from safeconduct.core.statement import read_envelope, verify_signatures
from safeconduct.errors import CanonicalInvalid, EntryInvalid

ACTOR = SigningKey.from_seed(b"\x01" * 32)
NODE = SigningKey.from_seed(b"\x02" * 32)
NOW = 1_790_000_000_000
STANDING = Standing(
    party="host",
    agreement="ab" * 32,
    after={"sending": 7},
    node_key=NODE.public.key_id,
    now=NOW,
    floor=NOW - 5,
)


def drafted(at: int | None = None, standing: Standing = STANDING) -> bytes:
    return offer(standing, "host/officer", ACTOR, "movement/m-1", MovementClosed(note="done"), at=at)


def test_an_offer_carries_the_actors_valid_signature_alone() -> None:
    """ACT-6"""
    signed = read_envelope(drafted())
    verify_signatures(signed, lambda key_id: ACTOR.public if key_id == ACTOR.public.key_id else None)
    assert tuple(signed.signatures) == (ACTOR.public.key_id,)


def test_an_offer_names_the_actor_and_the_node_as_signers() -> None:
    """ACT-6, ST-10"""
    signers = read_envelope(drafted()).statement.signers
    assert signers == tuple(sorted((ACTOR.public.key_id, NODE.public.key_id)))


def test_an_offer_says_what_its_actor_said_in_its_standing() -> None:
    """ACT-6"""
    statement = read_envelope(drafted()).statement
    said = (statement.kind, statement.agreement, statement.party, statement.after, bytes(statement.body))
    assert said == ("movement.closed", "ab" * 32, "host", {"sending": 7}, b'{"note":"done"}')


@pytest.mark.parametrize(
    ("at", "dated"),
    [(None, NOW), (NOW + 1, NOW + 1), (NOW - 5, NOW - 5), (NOW - 6, NOW - 5), (0, NOW - 5)],
)
def test_an_offer_is_dated_no_earlier_than_what_its_node_has_folded(at: int | None, dated: int) -> None:
    """ACT-6, ST-9"""
    assert read_envelope(drafted(at)).statement.at == dated


def test_an_offer_says_an_act_that_its_reader_reads() -> None:
    """ACT-1, ACT-6"""
    statement = read_envelope(drafted()).statement
    assert read_act(statement.kind, bytes(statement.body)) == MovementClosed(note="done")


def test_text_in_another_normal_form_is_not_drafted() -> None:
    """ST-6"""
    with pytest.raises(CanonicalInvalid, match="Unicode normal form C"):
        offer(STANDING, "host/officer", ACTOR, "movement/m-1", MovementCancelled(reason="e\u0301"))


def test_an_actor_of_another_party_drafts_nothing_that_can_be_read() -> None:
    """ACT-6, ST-8"""
    data = offer(STANDING, "sending/officer", ACTOR, "movement/m-1", MovementClosed())
    with pytest.raises(EntryInvalid, match="an actor of party host"):
        read_envelope(data)
