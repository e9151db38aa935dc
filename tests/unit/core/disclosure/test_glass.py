"""The officers' pieces of a share: what fits, what does not, and what they come to."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.acts import CompartmentSealed
from safeconduct.core.disclosure import (
    Content,
    Escrow,
    give_piece,
    open_content,
    open_piece,
    open_share,
    require_escrow,
    seal_behind_glass,
    share_of_pieces,
    take_piece,
)
from safeconduct.core.sealing import SealingKey
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid
from safeconduct.testing import GLASS, OFFICERS, counted

MOVEMENT = "movement/m1"
CONTENT = Content(text="gate 2, by the clinic")
KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in ("host", "sending")}
TERMS = "ab" * 32


def sealed(seed: str = "s") -> tuple[CompartmentSealed, bytes, Escrow]:
    act, ciphertext, escrow = seal_behind_glass(
        CONTENT,
        subject=MOVEMENT,
        compartment="rendezvous",
        variant="exact",
        holders={party: key.public for party, key in KEYS.items()},
        randomness=counted(seed),
        agreement=TERMS,
        break_glass=GLASS,
    )
    assert escrow is not None
    return act, ciphertext, require_escrow(act, GLASS, escrow)


ACT, CIPHERTEXT, ESCROW = sealed()


def pieces(party: str, holder: str, *officers: str) -> list[bytes]:
    """As they arrive at the holder's node."""
    given = [give_piece(open_piece(ESCROW, party, o, OFFICERS[o]), holder, KEYS[holder].public) for o in officers]
    return [take_piece(ESCROW, MOVEMENT, one, holder, KEYS[holder]) for one in given]


@pytest.mark.parametrize("officers", [("anna", "bilal"), ("chen", "anna"), ("anna", "bilal", "chen")])
def test_enough_officers_and_the_own_share_open(officers: tuple[str, ...]) -> None:
    """SEAL-70, SEAL-72, SEAL-76"""
    share = share_of_pieces(ACT, "sending", pieces("sending", "host", *officers))
    shares = {"host": open_share(ACT, MOVEMENT, "host", KEYS["host"]), "sending": share}
    assert open_content(ACT, MOVEMENT, CIPHERTEXT, shares) == CONTENT


def test_one_officer_fewer_gives_no_share() -> None:
    """SEAL-71, SEAL-78"""
    with pytest.raises(InputInvalid):
        share_of_pieces(ACT, "sending", pieces("sending", "host", "anna"))
    mixed = [*pieces("sending", "host", "anna"), *pieces("host", "sending", "bilal")]
    with pytest.raises(CheckFailed):
        share_of_pieces(ACT, "sending", mixed)


def test_the_pieces_of_all_officers_are_one_partys_share_and_open_nothing_alone() -> None:
    """SEAL-47, SEAL-78"""
    share = share_of_pieces(ACT, "sending", pieces("sending", "host", "anna", "bilal", "chen"))
    with pytest.raises(InputInvalid, match="got none of host"):
        open_content(ACT, MOVEMENT, CIPHERTEXT, {"sending": share})


def test_a_piece_of_another_content_party_or_officer_does_not_fit() -> None:
    """SEAL-76, SEAL-77"""
    held = open_piece(ESCROW, "sending", "anna", OFFICERS["anna"])
    given = give_piece(held, "host", KEYS["host"].public)
    other_act, _, other = sealed("t")
    with pytest.raises(CheckFailed):
        take_piece(other, MOVEMENT, given, "host", KEYS["host"])
    for changed in (
        {"content": other_act.content},
        {"officer": "bilal"},
        {"party": "host"},
    ):
        with pytest.raises(CheckFailed):
            take_piece(ESCROW, MOVEMENT, msgspec.structs.replace(given, **changed), "host", KEYS["host"])
    with pytest.raises(CheckFailed):
        take_piece(ESCROW, "movement/m2", given, "host", KEYS["host"])
    with pytest.raises(CheckFailed):
        take_piece(ESCROW, MOVEMENT, given, "sending", KEYS["sending"])


def test_an_officers_key_opens_its_own_piece_alone() -> None:
    """SEAL-72"""
    with pytest.raises(CheckFailed):
        open_piece(ESCROW, "sending", "bilal", OFFICERS["anna"])
    with pytest.raises(InputInvalid, match="expected an officer"):
        open_piece(ESCROW, "sending", "dara", OFFICERS["anna"])
    assert OFFICERS["anna"].text not in repr(open_piece(ESCROW, "sending", "anna", OFFICERS["anna"]))


def test_a_piece_that_was_put_into_another_escrow_is_found_by_its_officer() -> None:
    """SEAL-73: a request that shows the officer one content and carries the piece of another."""
    _, _, other = sealed("t")
    swapped = msgspec.structs.replace(ESCROW, pieces=other.pieces)
    with pytest.raises(CheckFailed, match="expected the piece of anna"):
        open_piece(swapped, "sending", "anna", OFFICERS["anna"])


def test_a_piece_that_is_not_what_was_committed_to_points_at_the_author() -> None:
    """SEAL-73"""
    wrong = [msgspec.structs.replace(piece, commitment="cd" * 32) for piece in ESCROW.pieces]
    with pytest.raises(CheckFailed, match="committed"):
        open_piece(msgspec.structs.replace(ESCROW, pieces=tuple(wrong)), "sending", "anna", OFFICERS["anna"])


def test_an_escrow_has_the_agreements_officers_in_its_order_and_is_the_one_that_was_named() -> None:
    """SEAL-73 to SEAL-75"""
    for changed in (
        {"pieces": ESCROW.pieces[:-1]},
        {"pieces": ESCROW.pieces[::-1]},
        {"content": "cd" * 32},
        {"format": "safeconduct/escrow/2"},
    ):
        escrow = encode(msgspec.structs.replace(ESCROW, **changed))
        with pytest.raises(CheckFailed):
            require_escrow(ACT, GLASS, escrow)
        named = msgspec.structs.replace(ACT, escrow=hashlib.sha256(escrow).hexdigest())
        with pytest.raises(CheckFailed):
            require_escrow(named, GLASS, escrow)
    with pytest.raises(CheckFailed, match="expected the pieces"):
        require_escrow(msgspec.structs.replace(ACT, escrow=hashlib.sha256(b"{").hexdigest()), GLASS, b"{")


def test_without_break_glass_in_the_agreement_there_is_no_escrow() -> None:
    """SEAL-74"""
    act, _, escrow = seal_behind_glass(
        CONTENT,
        subject=MOVEMENT,
        compartment="rendezvous",
        variant="exact",
        holders={party: key.public for party, key in KEYS.items()},
        randomness=counted(),
        agreement=TERMS,
        break_glass=(),
    )
    assert (act.escrow, escrow) == (None, None)
