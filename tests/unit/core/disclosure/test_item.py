"""An item sealed, opened, passed on, and what it was made from."""

from __future__ import annotations

import hashlib
import itertools

import msgspec
import pytest

from safeconduct.core.acts import CAVEATS, ItemPassed, ItemShared
from safeconduct.core.agreement import Evidence
from safeconduct.core.disclosure import (
    ItemContent,
    ItemSight,
    Place,
    open_item,
    open_key,
    open_link,
    pass_key_on,
    require_ciphertext,
    sanitised,
    sight_of,
    terms_of_item,
)
from safeconduct.core.record import ItemState, Mark
from safeconduct.core.sealing import SealingKey, open_box, unpad
from safeconduct.core.statement import digest, encode
from safeconduct.errors import CheckFailed, InputInvalid
from safeconduct.testing import START, UNTIL, card_of, information_terms, item_of

PARTIES = ("agency", "host", "sending")
KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in PARTIES}
TERMS = information_terms([card_of(party) for party in ("host", "sending")])
ITEM = "item/i1"
SAID = ItemContent(
    title="a van at the gate",
    text="A white van waits every morning at gate 2.",
    source="a shopkeeper called Rashid",
    at=START + 61_234,
    places=(Place(latitude_e7=248_949_000, longitude_e7=671_580_000, name="gate 2"),),
)


def sealed(
    content: ItemContent = SAID, *, made_from: str | None = None, subject: str = ITEM
) -> tuple[ItemShared, bytes]:
    return item_of(
        TERMS,
        {party: key.public for party, key in KEYS.items()},
        content,
        subject=subject,
        party="host",
        made_from=made_from,
    )


ACT, BOX = sealed()


def key_of(act: ItemShared = ACT, party: str = "sending") -> bytes:
    return open_key(act, ITEM, party, KEYS[party])


def test_every_holder_opens_what_was_sealed() -> None:
    """ITEM-1, ITEM-3"""
    assert [open_item(ACT, ITEM, BOX, key_of(party=party)) for party in ("host", "sending")] == [SAID, SAID]


def test_whoever_it_was_not_sealed_to_has_no_key() -> None:
    """ITEM-3"""
    with pytest.raises(InputInvalid, match="expected a key of item"):
        open_key(ACT, ITEM, "agency", KEYS["agency"])
    with pytest.raises(CheckFailed):
        open_key(ACT, ITEM, "sending", KEYS["agency"])


@pytest.mark.parametrize(
    "changed",
    [
        {"caveat": "clear"},
        {"caveat": "red"},
        {"recipients": ("approver", "sending/approver")},
        {"until": UNTIL + 1},
        {"kept_until": UNTIL + 2},
    ],
)
def test_under_other_terms_neither_the_key_nor_the_box_opens(changed: dict[str, object]) -> None:
    """ITEM-2, ITEM-4: who claims a looser caveat for the same ciphertext has nothing that opens."""
    claimed = msgspec.structs.replace(ACT, **changed)
    with pytest.raises(CheckFailed):
        key_of(claimed)
    with pytest.raises(CheckFailed):
        open_item(claimed, ITEM, BOX, key_of())
    with pytest.raises(CheckFailed):
        open_item(ACT, "item/i2", BOX, key_of())


def test_the_terms_are_in_the_label_of_the_box_and_in_the_box() -> None:
    """ITEM-1, ITEM-2"""
    terms = terms_of_item(ACT, ITEM)
    inside = unpad(open_box(BOX, f"{ITEM}/{digest(terms)}", key_of()))
    assert inside == b'{"content":' + encode(SAID) + b',"terms":' + encode(terms) + b"}"
    with pytest.raises(CheckFailed):
        open_box(BOX, ITEM, key_of())


def test_a_ciphertext_is_the_one_that_was_named() -> None:
    """ITEM-1"""
    require_ciphertext(ACT, BOX)
    with pytest.raises(CheckFailed, match="ciphertext"):
        require_ciphertext(ACT, BOX[:-1] + b"x")


def test_a_key_that_was_not_committed_to_is_refused() -> None:
    """ITEM-5"""
    other, _ = sealed(msgspec.structs.replace(SAID, text="Nobody waits."))
    with pytest.raises(CheckFailed, match="the key that item"):
        open_key(msgspec.structs.replace(ACT, key=other.key), ITEM, "sending", KEYS["sending"])


def test_a_key_is_passed_on_to_one_node_by_one_party() -> None:
    """ITEM-6"""
    passed = ItemPassed(
        content=ACT.content,
        to="desk",
        key=pass_key_on(ACT, ITEM, key_of(), giver="sending", holder="agency", to=KEYS["agency"].public),
    )
    key = open_key(ACT, ITEM, "agency", KEYS["agency"], ("sending", passed))
    assert open_item(ACT, ITEM, BOX, key) == SAID
    with pytest.raises(CheckFailed):
        open_key(ACT, ITEM, "agency", KEYS["agency"], ("host", passed))
    with pytest.raises(InputInvalid):
        open_key(ACT, ITEM, "sending", KEYS["sending"], ("sending", passed))


def test_content_is_filled_up_and_a_long_text_looks_like_a_short_one() -> None:
    """ITEM-1"""
    sizes = {sealed(ItemContent(title="t", text="x" * length))[0].size for length in (1, 100, 500)}
    assert len(sizes) == 1


# --- what it was made from --------------------------------------------------------------------------------------------


def test_only_the_originators_node_finds_what_an_item_was_made_from() -> None:
    """ITEM-20, ITEM-21"""
    twin, _ = sealed(made_from=ACT.content)
    assert (open_link(twin, ITEM, KEYS["host"]), open_link(ACT, ITEM, KEYS["host"])) == (ACT.content, None)
    with pytest.raises(CheckFailed):
        open_link(twin, ITEM, KEYS["sending"])


def test_a_link_that_does_not_fit_its_commitment_is_refused() -> None:
    """ITEM-21"""
    twin, _ = sealed(made_from=ACT.content)
    with pytest.raises(CheckFailed, match="committed to"):
        open_link(msgspec.structs.replace(twin, link="ab" * 32), ITEM, KEYS["host"])


def test_a_twin_has_the_fields_and_the_lengths_of_any_other_item() -> None:
    """ITEM-22"""
    twin, box = sealed(sanitised(SAID, title="a van", text=None, metres=500, minutes=60), made_from=ACT.content)

    def shape(act: ItemShared) -> dict[str, int]:
        return {name: len(str(value)) for name, value in msgspec.to_builtins(act).items()}

    assert (shape(twin), len(box)) == (shape(ACT), len(BOX))


@pytest.mark.parametrize(("metres", "minutes"), [*itertools.product((None, 500), (None, 60))])
def test_a_twin_has_no_source_and_nothing_exact(metres: int | None, minutes: int | None) -> None:
    """ITEM-23"""
    twin = sanitised(SAID, title="a van", text="A van was seen.", metres=metres, minutes=minutes)
    assert (twin.source, twin.text, bool(twin.places), twin.at is None) == (
        None,
        "A van was seen.",
        metres is not None,
        minutes is None,
    )
    exact = encode(SAID.places[0])
    assert all(encode(place) != exact and place.name is None for place in twin.places)
    assert twin.at is None or twin.at % 3_600_000 == 0


# --- who sees it ------------------------------------------------------------------------------------------------------

_ROLES = ("duty_officer", "approver", "desk")
_ACTORS = [f"{party}/{role}" for party in PARTIES for role in _ROLES]


def expected(state: ItemState, actor: str, role: str) -> ItemSight:
    """The rule, said once more in other words."""
    party = actor.split("/")[0]
    named = {*state.recipients, *(to for to, passed in state.passed.items() if not passed.withdrawn)}
    if actor == "host/duty_officer" or actor in named or role in named:
        return "words"
    if state.caveat in ("clear", "green") and party in ("host", "sending"):
        return "words"
    return "terms" if (party, role) == ("host", "desk") else "nothing"


@pytest.mark.parametrize("caveat", CAVEATS)
@pytest.mark.parametrize("actor", _ACTORS)
@pytest.mark.parametrize("recipients", [("sending/approver",), ("approver",), ("host/approver", "sending/desk")])
def test_each_viewer_is_shown_exactly_what_concerns_it(caveat: str, actor: str, recipients: tuple[str, ...]) -> None:
    """ITEM-13, ITEM-14: every viewer of three parties, at every level."""
    evidence = Evidence(party="host", index=0, id="0" * 64, at=START)
    state = ItemState(
        subject=ITEM,
        agreement="",
        shared=Mark(party="host", index=0, id="0" * 64, actor="host/duty_officer", t=START, after={}),
        caveat=caveat,  # type: ignore[arg-type]  # one of the levels
        recipients=recipients,
        until=UNTIL,
        kept_until=UNTIL,
        content=ACT.content,
        size=1,
        derived_from=(),
        keyed={"host": evidence, "sending": evidence},
    )
    role = actor.split("/")[1]
    shown = expected(state, actor, role)
    assert sight_of(state, actor, (role,), ("desk",)) == shown
    # An auditor is told that it is there, and is no reader for that.
    told = "terms" if shown == "nothing" else shown
    assert sight_of(state, actor, (role,), ("desk",), sees_all=True) == told
