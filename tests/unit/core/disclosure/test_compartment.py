"""Sealed so that every party's node is needed: and what each cheat comes to."""

from __future__ import annotations

import hashlib
import itertools

import msgspec
import pytest

from safeconduct.core.acts import CompartmentSealed, Share
from safeconduct.core.disclosure import (
    Content,
    KeyShare,
    open_content,
    open_share,
    pass_on,
    require_ciphertext,
    seal_with_shares,
    take_over,
)
from safeconduct.core.sealing import BUCKETS, SealingKey
from safeconduct.errors import CheckFailed, InputInvalid
from safeconduct.testing import counted

MOVEMENT = "movement/m1"
CONTENT = Content(text="gate 2, by the clinic")
KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in ("agency", "host", "sending")}
BOX_OVERHEAD = 40


def sealed(
    parties: tuple[str, ...] = ("host", "sending"), content: Content = CONTENT, subject: str = MOVEMENT, seed: str = "s"
) -> tuple[CompartmentSealed, bytes]:
    act, sealed, _ = seal_with_shares(
        content,
        subject=subject,
        compartment="rendezvous",
        variant="exact",
        holders={party: KEYS[party].public for party in parties},
        randomness=counted(seed),
    )
    return act, sealed


def shares_of(act: CompartmentSealed) -> dict[str, KeyShare]:
    return {share.party: open_share(act, MOVEMENT, share.party, KEYS[share.party]) for share in act.shares}


def with_share(act: CompartmentSealed, party: str, **changed: object) -> CompartmentSealed:
    shares = tuple(msgspec.structs.replace(share, **changed) if share.party == party else share for share in act.shares)
    return msgspec.structs.replace(act, shares=shares)


def share_for(act: CompartmentSealed, party: str) -> Share:
    return next(share for share in act.shares if share.party == party)


@pytest.mark.parametrize("parties", [("host", "sending"), ("agency", "host", "sending")])
def test_all_parties_together_open(parties: tuple[str, ...]) -> None:
    """SEAL-40, SEAL-41"""
    act, ciphertext = sealed(parties)
    assert open_content(act, MOVEMENT, ciphertext, shares_of(act)) == CONTENT


def test_no_party_short_of_all_opens() -> None:
    """SEAL-47: every way to put together fewer shares, or some of them twice, gives nothing."""
    act, ciphertext = sealed(("agency", "host", "sending"))
    shares = shares_of(act)
    for held in itertools.product(shares, repeat=3):
        if len(set(held)) == 3:
            continue
        guess = {party: shares[other] for party, other in zip(sorted(shares), held, strict=True)}
        with pytest.raises(CheckFailed):
            open_content(act, MOVEMENT, ciphertext, guess)
        with pytest.raises(InputInvalid, match="expected the share of every party"):
            open_content(act, MOVEMENT, ciphertext, {party: shares[party] for party in held})


def test_a_party_does_not_open_the_share_of_another() -> None:
    """SEAL-44, SEAL-47"""
    act, _ = sealed()
    with pytest.raises(CheckFailed, match="another key"):
        open_share(act, MOVEMENT, "sending", KEYS["host"])
    with pytest.raises(InputInvalid, match="expected a share of agency"):
        open_share(act, MOVEMENT, "agency", KEYS["agency"])


def test_a_share_that_does_not_fit_its_commitment_shows_at_once() -> None:
    """SEAL-43: a dealer who hands out a bad share."""
    act, _ = sealed()
    bad = with_share(act, "host", commitment=share_for(act, "sending").commitment)
    with pytest.raises(CheckFailed, match="committed to"):
        open_share(bad, MOVEMENT, "host", KEYS["host"])


@pytest.mark.parametrize(
    ("changed", "subject"),
    [
        ({"compartment": "manifest"}, MOVEMENT),
        ({"variant": "blurred-500m"}, MOVEMENT),
        ({"content": "ab" * 32}, MOVEMENT),
        ({}, "movement/m2"),
    ],
    ids=["compartment", "grade", "content", "movement"],
)
def test_a_share_put_under_another_statement_does_not_open(changed: dict[str, str], subject: str) -> None:
    """SEAL-44: replayed where its moment comes sooner."""
    act, _ = sealed()
    with pytest.raises(CheckFailed, match="another key, use"):
        open_share(msgspec.structs.replace(act, **changed), subject, "host", KEYS["host"])


def test_shares_that_make_another_key_than_was_committed_to_open_nothing() -> None:
    """SEAL-42, SEAL-46: the cipher would open with this key, and its author had committed to another one."""
    act, ciphertext = sealed()
    other, _ = sealed(seed="other")
    with pytest.raises(CheckFailed, match="its author sealed it wrongly"):
        open_content(msgspec.structs.replace(act, key=other.key), MOVEMENT, ciphertext, shares_of(act))


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1)])
def test_another_ciphertext_is_refused(cut: slice) -> None:
    """SEAL-40"""
    act, ciphertext = sealed()
    with pytest.raises(CheckFailed, match="ciphertext"):
        require_ciphertext(act, ciphertext[cut])
    with pytest.raises(CheckFailed, match="ciphertext"):
        open_content(act, MOVEMENT, ciphertext[cut], shares_of(act))


def test_a_released_share_opens_for_its_receiver_alone() -> None:
    """SEAL-45"""
    act, _ = sealed(("agency", "host", "sending"))
    shares = shares_of(act)
    released = pass_on(act, MOVEMENT, "host", shares["host"], "sending", KEYS["sending"].public)
    assert take_over(act, MOVEMENT, "host", released, KEYS["sending"]) == shares["host"]
    with pytest.raises(CheckFailed, match="another key"):
        take_over(act, MOVEMENT, "host", released, KEYS["agency"])


def test_a_released_share_of_another_giver_or_movement_does_not_open() -> None:
    """SEAL-45"""
    act, _ = sealed(("agency", "host", "sending"))
    share = shares_of(act)["host"]
    released = pass_on(act, MOVEMENT, "host", share, "sending", KEYS["sending"].public)
    for giver, subject in (("agency", MOVEMENT), ("host", "movement/m2")):
        with pytest.raises(CheckFailed, match="use"):
            take_over(act, subject, giver, released, KEYS["sending"])


def test_a_bad_share_that_is_released_is_found() -> None:
    """SEAL-46: a party that gives something else than it was given."""
    act, _ = sealed()
    made_up = KeyShare(bytes(32), bytes(32))
    released = pass_on(act, MOVEMENT, "host", made_up, "sending", KEYS["sending"].public)
    with pytest.raises(CheckFailed, match="committed to"):
        take_over(act, MOVEMENT, "host", released, KEYS["sending"])


def test_the_size_says_little() -> None:
    """SEAL-35, SEAL-40"""
    short, _ = sealed(content=Content(text="a"))
    longer, _ = sealed(content=Content(text="a" * 900))
    assert short.size == longer.size == BUCKETS[0] + BOX_OVERHEAD


def test_the_same_content_sealed_twice_shows_nothing_in_common() -> None:
    """SEAL-40"""
    (one, first), (other, second) = sealed(seed="one"), sealed(seed="two")
    assert (one.content, one.key, first) != (other.content, other.key, second)
    assert not {share.commitment for share in one.shares} & {share.commitment for share in other.shares}


def test_a_share_prints_no_secret() -> None:
    """ID-6"""
    act, _ = sealed()
    assert repr(shares_of(act)["host"]) == "KeyShare(…)"


def test_one_holder_is_refused() -> None:
    """SEAL-41"""
    with pytest.raises(InputInvalid, match="two or more"):
        sealed(("host",))
