"""A slot list of two hands, three slots each, eight values each, and copies of orders by it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from safeconduct.core.disclosure import (
    Leak,
    LeakedOrder,
    OpenedOrder,
    Priors,
    SeedOpening,
    Shown,
    Slot,
    SlotList,
    Value,
    Variants,
    commit_variants,
    open_order,
    order_seed,
)
from safeconduct.core.statement import digest

HOST, SENDING = "host", "sending"
ORDER = "mv-17"
SALT = bytes(range(32))
MASTERS = {HOST: b"h" * 32, SENDING: b"s" * 32}
PRIORS = Priors(observed=45, predictable=45, leaked_by_one=5, leaked_by_two=5)

_TREES = ["alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "oak"]
_TREES_ZH = ["桤木", "桦树", "雪松", "榆树", "冷杉", "榛子", "落叶松", "橡树"]
_COLOURS_UR = ["سرخ", "نیلا", "سبز", "پیلا", "سیاہ", "سفید", "بھورا", "نارنجی"]
_COLOURS = ["red", "blue", "green", "yellow", "black", "white", "brown", "orange"]
_NUMERALS = "一二三四五六七八"
_URDU_DIGITS = "۰۱۲۳۴۵۶۷۸۹"


def _said(en: Sequence[str], zh: Sequence[str], ur: Sequence[str]) -> Value:
    return Value(said={"en": tuple(en), "zh": tuple(zh), "ur": tuple(ur)})


def _urdu(number: int) -> str:
    return "".join(_URDU_DIGITS[int(digit)] for digit in str(number))


# In the host's hand: the gate of several equal ones, the minute to report in, the colour of the badge.
GATES = tuple(
    _said(
        [f"gate {n}", f"door number {n}"],
        [f"{n}号门", f"{_NUMERALS[n - 1]}号门"],
        [f"گیٹ نمبر {_urdu(n)}", f"دروازہ {_urdu(n)}"],
    )
    for n in range(1, 9)
)
MINUTES = tuple(
    _said(
        [f"at 14:{n:02}", f"{n} minutes past two", f"{n} past two"],
        [f"14点{n}分", f"下午两点{n}分"],
        [f"۱۴:{_urdu(n)} پر", f"دو بج کر {_urdu(n)} منٹ"],
    )
    for n in range(21, 29)
)
BADGES = tuple(
    _said([f"{en} badge", f"badge is {en}"], [f"第{i}号胸牌"], [f"{ur} بیج"])
    for i, (en, ur) in enumerate(zip(_COLOURS, _COLOURS_UR, strict=True), 1)
)
# In the sending party's hand: the challenge word, the suffix of the call-sign, the locker for the papers.
WORDS = tuple(
    _said([f"the word is {en}", f"say {en}"], [f"口令{zh}"], [f"لفظ {en}"])
    for en, zh in zip(_TREES, _TREES_ZH, strict=True)
)
SIGNS = tuple(_said([f"Kite-{n}", f"kite number {n}"], [f"风筝{n}"], [f"پتنگ {_urdu(n)}"]) for n in range(31, 39))
LOCKERS = tuple(_said([f"locker {n}", f"box {n}"], [f"{n}号柜"], [f"لاکر {_urdu(n)}"]) for n in range(51, 59))

SLOTS = SlotList(
    slots=(
        Slot(id="gate", party=HOST, values=GATES),
        Slot(id="minute", party=HOST, values=MINUTES),
        Slot(id="badge", party=HOST, values=BADGES),
        Slot(id="word", party=SENDING, values=WORDS),
        Slot(id="sign", party=SENDING, values=SIGNS),
        Slot(id="locker", party=SENDING, values=LOCKERS),
    ),
    signers={HOST: "security_officer", SENDING: "journey_manager"},
)
TEMPLATE = "Report {minute} to {gate} with the {badge}; {word}. You are {sign}; papers are in {locker}."


def key_of(number: int) -> str:
    """A recipient's key id."""
    return hashlib.sha256(f"recipient {number}".encode()).hexdigest()


def keys(count: int) -> tuple[str, ...]:
    return tuple(sorted(key_of(number) for number in range(count)))


def variants(party: str, recipients: Sequence[str], order: str = ORDER, slots: SlotList = SLOTS) -> Variants:
    return Variants(
        order=order,
        slots=digest(slots),
        party=party,
        recipients=tuple(recipients),
        seed=order_seed(MASTERS[party], order),
    )


def opening(party: str, recipients: Sequence[str], order: str = ORDER, slots: SlotList = SLOTS) -> SeedOpening:
    made = variants(party, recipients, order, slots)
    return SeedOpening(committed=commit_variants(made, SALT), salt=SALT, variants=made)


def opened(recipients: Sequence[str], order: str = ORDER, slots: SlotList = SLOTS) -> OpenedOrder:
    return open_order(slots, [opening(party, recipients, order, slots) for party in slots.parties])


def leaked(order: OpenedOrder, shown: Mapping[str, Sequence[int]], found_at: int = 1_000) -> LeakedOrder:
    """A leak of the order that shows these values."""
    return LeakedOrder(
        leak=Leak(evidence="e" * 64, found_at=found_at),
        opened_at=2_000,
        order=order,
        shown=tuple(Shown(slot=slot, values=tuple(values)) for slot, values in shown.items()),
    )


def whole(order: OpenedOrder, recipient: str) -> dict[str, list[int]]:
    """All that a recipient's copy shows."""
    return {slot.id: [value] for slot, value in zip(order.slots.slots, order.held[recipient], strict=True)}
