"""Copies by two hands, their receipts, and seeds that are opened."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from safeconduct.core.disclosure import (
    RECIPIENTS_MAX,
    Half,
    SeedOpening,
    Slot,
    SlotList,
    Value,
    check_half,
    check_opening,
    check_receipt,
    commit_variants,
    half_of,
    merge,
    open_order,
    order_seed,
    receipt,
    recognise,
)
from safeconduct.core.disclosure.canary import _reduced, value_for
from safeconduct.core.sealing import commitment
from safeconduct.core.statement import digest
from safeconduct.errors import CheckFailed, InputInvalid
from tests.unit.core.disclosure.sample import (
    HOST,
    MASTERS,
    ORDER,
    SALT,
    SENDING,
    SLOTS,
    TEMPLATE,
    WORDS,
    key_of,
    keys,
    opened,
    opening,
    variants,
)

PEOPLE = keys(5)
ALI = PEOPLE[0]
FEWER = SlotList(slots=SLOTS.slots[:-1], signers=SLOTS.signers)
replace = msgspec.structs.replace


def halves(recipient: str = ALI, order: str = ORDER) -> list[Half]:
    return [half_of(SLOTS, variants(party, PEOPLE, order), recipient) for party in SLOTS.parties]


# --- seeds and values -------------------------------------------------------------------------------------------------


def test_an_orders_seed_is_the_hmac_of_its_id_under_the_master_seed() -> None:
    """CAN-5"""
    expected = hmac.new(MASTERS[HOST], b"safeconduct/variants/v1\nmv-17", hashlib.sha256).digest()
    assert order_seed(MASTERS[HOST], "mv-17") == expected


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_master_seed_has_32_bytes(length: int) -> None:
    """CAN-5"""
    with pytest.raises(InputInvalid, match=f"32 bytes, got {length}"):
        order_seed(bytes(length), ORDER)


def test_a_value_is_the_first_fair_byte_of_the_hmac_of_recipient_and_slot() -> None:
    """CAN-6"""
    seed = bytes(range(32))
    slot = Slot(id="word", party=SENDING, values=WORDS[:7])
    block = hmac.new(seed, b"\x40" + ALI.encode() + b"\x04word" + bytes(4), hashlib.sha256).digest()
    assert value_for(seed, ALI, slot) == next(byte for byte in block if byte < 252) % 7


@pytest.mark.parametrize("choices", [2, 3, 7, 8, 11, 43, 64])
def test_every_value_comes_from_equally_many_bytes(choices: int) -> None:
    """CAN-6: a byte that would favour some value is passed over, also into the next block."""
    taken = Counter(_reduced([bytes([byte]), b"\x00"], choices) for byte in range(256 - 256 % choices))
    passed_over = [_reduced([bytes([byte]), b"\x01"], choices) for byte in range(256 - 256 % choices, 256)]
    assert (len(taken), len(set(taken.values())), set(passed_over)) == (choices, 1, {1} if 256 % choices else set())


def test_values_of_recipients_slots_and_orders_are_spread_evenly() -> None:
    """CAN-6: the chi-square of 30,000 values in 8 boxes is below what chance exceeds once in a thousand."""
    counts = Counter(
        value for order in range(10) for held in opened(keys(500), f"o-{order}").held.values() for value in held
    )
    expected = counts.total() // 8
    assert sum((count - expected) ** 2 for count in counts.values()) < 24.3 * expected


# --- commitments ------------------------------------------------------------------------------------------------------


def test_a_commitment_binds_order_party_recipients_slots_and_seed() -> None:
    """CAN-7"""
    made = variants(HOST, PEOPLE)
    data = {
        "order": ORDER,
        "party": HOST,
        "recipients": list(PEOPLE),
        "seed": base64.b64encode(made.seed).decode(),
        "slots": digest(SLOTS),
    }
    written = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
    assert commit_variants(made, SALT) == commitment("variants", f"order/{ORDER}/{HOST}", SALT, written)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"seed": bytes(31)}, "a seed of 32 bytes, got 31"),
        ({"recipients": ()}, f"1 to {RECIPIENTS_MAX} recipients of order mv-17, got 0"),
        ({"recipients": keys(RECIPIENTS_MAX + 1)}, f"got {RECIPIENTS_MAX + 1}"),
        ({"recipients": PEOPLE[::-1]}, "ascending, each once"),
        ({"recipients": (ALI, ALI)}, "ascending, each once"),
    ],
)
def test_nobody_commits_to_what_could_not_be_traced(changed: dict[str, object], message: str) -> None:
    """CAN-7"""
    with pytest.raises(InputInvalid, match=message):
        commit_variants(replace(variants(HOST, PEOPLE), **changed), SALT)


@pytest.mark.parametrize(
    "change",
    [
        lambda o: replace(o, committed="0" * 64),
        lambda o: replace(o, salt=bytes(32)),
        lambda o: replace(o, variants=replace(o.variants, seed=bytes(32))),
        lambda o: replace(o, variants=replace(o.variants, recipients=PEOPLE[:4])),
        lambda o: replace(o, variants=replace(o.variants, slots="0" * 64)),
        lambda o: replace(o, variants=replace(o.variants, order="mv-18")),
        lambda o: replace(o, variants=replace(o.variants, party=SENDING)),
    ],
)
def test_an_opening_that_differs_in_anything_is_refused(change: Callable[[SeedOpening], SeedOpening]) -> None:
    """CAN-12"""
    check_opening(opening(HOST, PEOPLE))
    with pytest.raises(CheckFailed, match="committed to"):
        check_opening(change(opening(HOST, PEOPLE)))


# --- halves and copies ------------------------------------------------------------------------------------------------


def test_a_half_has_the_slots_of_its_hand_and_no_other() -> None:
    """CAN-8"""
    half = half_of(SLOTS, variants(SENDING, PEOPLE), ALI)
    assert (half.party, half.recipient, list(half.values)) == (SENDING, ALI, ["word", "sign", "locker"])


def test_who_is_not_among_the_recipients_gets_no_half() -> None:
    """CAN-8"""
    with pytest.raises(InputInvalid, match="one of the 5 recipients of order mv-17, got another"):
        half_of(SLOTS, variants(HOST, PEOPLE), key_of(99))


def test_no_half_is_made_by_another_list_than_the_committed_one() -> None:
    """CAN-8"""
    with pytest.raises(InputInvalid, match="slot list 000"):
        half_of(SLOTS, replace(variants(HOST, PEOPLE), slots="0" * 64), ALI)


def test_a_copy_is_the_template_with_both_hands_values() -> None:
    """CAN-9"""
    copy = merge("{gate} {minute} {badge} {word} {sign} {locker}.", SLOTS, halves(), "en")
    held = opened(PEOPLE).held[ALI]
    assert copy == " ".join(s.values[v].said["en"][0] for s, v in zip(SLOTS.slots, held, strict=True)) + "."


@pytest.mark.parametrize("language", ["en", "zh", "ur"])
def test_a_copy_reads_back_as_its_values(language: str) -> None:
    """CAN-10"""
    shown = recognise(merge(TEMPLATE, SLOTS, halves(), language), SLOTS)
    assert tuple(value for slot in shown for value in slot.values) == opened(PEOPLE).held[ALI]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (TEMPLATE + " {colour}", r"unknown \['colour'\], unused \[\]"),
        (TEMPLATE + " {}", r"unknown \[''\]"),
        (TEMPLATE.replace("{gate}", "the gate"), r"unknown \[\], unused \['gate'\]"),
        (TEMPLATE.replace("{gate}", "{Gate}"), r"unknown \['Gate'\], unused \['gate'\]"),
    ],
)
def test_a_template_names_the_slots_of_the_list_all_of_them_and_no_other(template: str, message: str) -> None:
    """CAN-9"""
    with pytest.raises(InputInvalid, match=message):
        merge(template, SLOTS, halves(), "en")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda two: two[:1], "one half of each of host, sending, got host"),
        (lambda two: two[:0], "got none"),
        (lambda two: [two[0], two[0]], "got host, host"),
        (lambda two: [two[0], halves(PEOPLE[1])[1]], "of one order for one recipient"),
        (lambda two: [two[0], halves(order="mv-18")[1]], "of one order for one recipient"),
        (lambda two: [replace(half, slots="0" * 64) for half in two], "by this slot list"),
        (lambda two: [two[0], replace(two[1], values=two[0].values)], "sending's half with its own slots"),
        (lambda two: [replace(two[0], values={**two[0].values, "gate": 8}), two[1]], "slot gate has, got number 8"),
        (lambda two: [replace(two[0], values={**two[0].values, "gate": -1}), two[1]], "slot gate has, got number -1"),
    ],
)
def test_halves_that_do_not_belong_together_make_no_copy(
    change: Callable[[list[Half]], list[Half]], message: str
) -> None:
    """CAN-9"""
    with pytest.raises(InputInvalid, match=message):
        merge(TEMPLATE, SLOTS, change(halves()), "en")


@pytest.mark.parametrize("away", [0, 1])
def test_a_template_whose_own_words_say_a_value_makes_no_copy(away: int) -> None:
    """CAN-10: each copy would show that value, and a leak would point at whoever holds it."""
    taken = opened(PEOPLE).held[ALI][0]
    said = SLOTS.slots[0].values[(taken + away) % 8].said["en"][1]
    with pytest.raises(InputInvalid, match="own words say no value"):
        merge(f"{TEMPLATE} Perhaps {said}.", SLOTS, halves(), "en")


def test_a_template_that_completes_the_way_of_saying_another_value_makes_no_copy() -> None:
    """CAN-10"""
    tone = Slot(id="tone", party=SENDING, values=tuple(Value(said={"en": (w,)}) for w in ("low", "high")))
    rivers = tuple(Value(said={"en": (w,)}) for w in ("river", "lake", "river bank", "lake bank"))
    slots = SlotList(slots=(Slot(id="bank", party=HOST, values=rivers), tone), signers=SLOTS.signers)
    base = {"order": ORDER, "slots": digest(slots), "recipient": ALI}
    both = [Half(party=HOST, values={"bank": 0}, **base), Half(party=SENDING, values={"tone": 0}, **base)]
    with pytest.raises(InputInvalid, match="own words say no value"):
        merge("by the {bank} bank, {tone}", slots, both, "en")


def test_a_copy_is_in_a_language_of_its_slots() -> None:
    """CAN-9"""
    with pytest.raises(InputInvalid, match=r"language of slot gate \(en, ur, zh\), got fr"):
        merge(TEMPLATE, SLOTS, halves(), "fr")


# --- receipts ---------------------------------------------------------------------------------------------------------


def test_a_receipt_is_the_commitment_to_the_copy_for_this_recipient() -> None:
    """CAN-11"""
    signed = receipt(ORDER, ALI, SALT, "گیٹ ۳")
    check_receipt(signed, ORDER, ALI, SALT, "گیٹ ۳")
    assert signed == commitment("copy", f"order/{ORDER}/{ALI}", SALT, "گیٹ ۳".encode())


@pytest.mark.parametrize(
    ("order", "recipient", "salt", "copy"),
    [
        ("mv-18", ALI, SALT, "gate 3"),
        (ORDER, PEOPLE[1], SALT, "gate 3"),
        (ORDER, ALI, bytes(32), "gate 3"),
        (ORDER, ALI, SALT, "gate 4"),
    ],
)
def test_nobody_can_say_later_that_it_was_another_copy(order: str, recipient: str, salt: bytes, copy: str) -> None:
    """CAN-11"""
    with pytest.raises(CheckFailed, match="committed to"):
        check_receipt(receipt(ORDER, ALI, SALT, "gate 3"), order, recipient, salt, copy)


# --- opening ----------------------------------------------------------------------------------------------------------


def test_an_opened_order_has_what_every_recipient_was_given() -> None:
    """CAN-12"""
    given = {recipient: {**halves(recipient)[0].values, **halves(recipient)[1].values} for recipient in PEOPLE}
    made_again = {
        recipient: dict(zip([slot.id for slot in SLOTS.slots], held, strict=True))
        for recipient, held in opened(PEOPLE).held.items()
    }
    assert made_again == given


def test_a_half_that_was_given_fits_the_seed_that_is_opened_later() -> None:
    """CAN-12"""
    host, _ = halves()
    check_half(host, SLOTS, opening(HOST, PEOPLE))
    other = replace(host, values={**host.values, "gate": (host.values["gate"] + 1) % 8})
    with pytest.raises(CheckFailed, match="the half that host's seed gives for order mv-17, got another"):
        check_half(other, SLOTS, opening(HOST, PEOPLE))


def test_a_seed_that_is_not_the_committed_one_explains_no_half() -> None:
    """CAN-12"""
    false = replace(opening(HOST, PEOPLE), variants=replace(variants(HOST, PEOPLE), seed=bytes(32)))
    with pytest.raises(CheckFailed, match="committed to"):
        check_half(half_of(SLOTS, false.variants, ALI), SLOTS, false)


@pytest.mark.parametrize("parties", [(HOST,), (SENDING,), (HOST, HOST), (HOST, HOST, SENDING), ()])
def test_an_order_is_opened_by_all_hands(parties: tuple[str, ...]) -> None:
    """CAN-12"""
    with pytest.raises(InputInvalid, match="an opening of each of host, sending"):
        open_order(SLOTS, [opening(party, PEOPLE) for party in parties])


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (lambda: opening(SENDING, PEOPLE[:4]), "one order to one list of recipients, got another from"),
        (lambda: opening(SENDING, PEOPLE, "mv-18"), "one order to one list of recipients, got another from"),
        (lambda: opening(SENDING, PEOPLE, slots=FEWER), "slot list"),
    ],
)
def test_hands_that_committed_to_different_things_open_nothing(other: Callable[[], SeedOpening], message: str) -> None:
    """CAN-12"""
    with pytest.raises(CheckFailed, match=message):
        open_order(SLOTS, [opening(HOST, PEOPLE), other()])


def test_a_false_opening_opens_nothing() -> None:
    """CAN-12"""
    false = replace(opening(SENDING, PEOPLE), committed="0" * 64)
    with pytest.raises(CheckFailed, match="committed to as 000"):
        open_order(SLOTS, [opening(HOST, PEOPLE), false])
