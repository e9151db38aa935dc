"""A hand's halves, each sealed to its recipient: nobody else's key, order or hand opens one."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.disclosure import (
    Half,
    Halves,
    Variants,
    half_of,
    open_half,
    order_seed,
    read_halves,
    require_halves,
    seal_halves,
)
from safeconduct.core.sealing import SealingKey, pad
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid
from tests.unit.core.disclosure.sample import HOST, MASTERS, ORDER, SENDING, SLOTS

KEYS = {key.public.key_id: key for key in (SealingKey.from_seed(bytes([n]) * 32) for n in range(1, 5))}
READERS = tuple(sorted(KEYS))
MADE = Variants(order=ORDER, slots=SLOTS.digest, party=HOST, recipients=READERS, seed=order_seed(MASTERS[HOST], ORDER))
BLOB = seal_halves(SLOTS, MADE, {key_id: key.public for key_id, key in KEYS.items()})
MINE = KEYS[READERS[0]]


def sealed_of(recipient: str, blob: bytes = BLOB) -> bytes:
    return next(half.sealed for half in read_halves(blob).halves if half.recipient == recipient)


def info(party: str = HOST, order: str = ORDER, recipient: str = READERS[0]) -> bytes:
    use = {"order": order, "party": party, "recipient": recipient, "slots": SLOTS.digest}
    return msgspec.json.encode(use, order="sorted")


def sealed(half: Half) -> bytes:
    return MINE.public.seal(pad(encode(half)), info())


def test_each_recipient_opens_its_own_half() -> None:
    """CAN-30"""
    for recipient, key in KEYS.items():
        assert open_half(sealed_of(recipient), SLOTS, ORDER, HOST, key) == half_of(SLOTS, MADE, recipient)


def test_all_halves_are_of_one_length() -> None:
    """CAN-30: or its length would tell which values it has."""
    assert len({len(half.sealed) for half in read_halves(BLOB).halves}) == 1


@pytest.mark.parametrize(
    ("recipient", "order", "party"),
    [(READERS[1], ORDER, HOST), (READERS[0], "mv-18", HOST), (READERS[0], ORDER, SENDING)],
)
def test_no_other_key_order_or_hand_opens_it(recipient: str, order: str, party: str) -> None:
    """CAN-30, CAN-31"""
    with pytest.raises(CheckFailed, match=f"expected a half by {party} sealed to this key for order {order}"):
        open_half(sealed_of(READERS[0]), SLOTS, order, party, KEYS[recipient])


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("order", "mv-18", "of order mv-17 for this recipient"),
        ("party", SENDING, "of order mv-17 for this recipient"),
        ("recipient", READERS[1], "of order mv-17 for this recipient"),
        ("slots", "ab" * 32, "of order mv-17 for this recipient"),
        ("values", {}, "one value of each slot"),
        ("values", {"gate": 8, "minute": 0, "badge": 0}, "one value of each slot"),
        ("values", {"gate": -1, "minute": 0, "badge": 0}, "one value of each slot"),
        ("values", {"gate": 0, "minute": 0, "badge": 0, "word": 0}, "one value of each slot"),
    ],
)
def test_a_half_that_is_not_one_of_this_hand_is_refused(field: str, value: object, says: str) -> None:
    """CAN-34"""
    half = msgspec.structs.replace(half_of(SLOTS, MADE, READERS[0]), **{field: value})
    with pytest.raises(CheckFailed, match=says):
        open_half(sealed(half), SLOTS, ORDER, HOST, MINE)


@pytest.mark.parametrize("data", [b"", b"{}", pad(b"not json")])
def test_what_is_no_half_is_refused(data: bytes) -> None:
    """CAN-34"""
    with pytest.raises(CheckFailed, match="expected a half by host sealed to this key"):
        open_half(MINE.public.seal(data, info()), SLOTS, ORDER, HOST, MINE)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", BLOB + b" ", BLOB.replace(b"halves/1", b"halves/2")])
def test_a_blob_has_one_form(data: bytes) -> None:
    """CAN-30"""
    with pytest.raises(InputInvalid, match="expected the"):
        read_halves(data)


def test_a_blob_is_the_one_that_was_named() -> None:
    """CAN-30"""
    digest = hashlib.sha256(BLOB).hexdigest()
    require_halves(BLOB, digest, len(BLOB))
    for other, size in ((BLOB + b" ", len(BLOB)), (BLOB, len(BLOB) + 1)):
        with pytest.raises(CheckFailed, match=f"halves {digest[:16]}"):
            require_halves(other, digest, size)


def test_a_blob_says_nothing_of_any_value() -> None:
    """CAN-31"""
    plain = msgspec.json.decode(BLOB)
    assert set(plain) == {"format", "halves", "order", "party", "slots"}
    assert {tuple(sorted(half)) for half in plain["halves"]} == {("recipient", "sealed")}
    assert isinstance(read_halves(BLOB), Halves)
