"""Information with caveats on the record: who is shown it, who passes it on, what a recall reaches, and who cheats."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    Caveat,
    ItemAcknowledged,
    ItemDerived,
    ItemDestroyed,
    ItemKey,
    ItemOnwardAllowed,
    ItemOnwardAsked,
    ItemOnwardRefused,
    ItemOpened,
    ItemPassed,
    ItemRecalled,
    ItemShared,
)
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure import ItemContent
from safeconduct.core.record import DAY_MS, ItemState, Said, openers, unconfirmed
from safeconduct.core.sealing import SealingKey
from safeconduct.testing import HOUR, START, UNTIL, Story, card_of, information_terms, item_of

KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in ("host", "sending")}
ITEM = "item/i1"
DUTY, LEAD, UNIT = "host/duty_officer", "host/escort_lead", "host/unit"
APPROVER, MANAGER, JOURNEY = "sending/approver", "sending/security_manager", "sending/journey_manager"


def terms_of_test(**changed: object) -> Terms:
    return information_terms([card_of(party) for party in ("host", "sending")], **changed)


def item(
    caveat: Caveat = "amber", recipients: tuple[str, ...] = ("approver",), *, seed: str = "", subject: str = ITEM
) -> ItemShared:
    return item_of(
        terms_of_test(),
        {party: key.public for party, key in KEYS.items()},
        ItemContent(title="a van at the gate"),
        subject=subject,
        party="host",
        caveat=caveat,
        recipients=recipients,
        seed=seed,
    )[0]


class Told(Story):
    """One item shared by the host's duty officer."""

    def __init__(self, shared: ItemShared | None = None, terms: Terms | None = None) -> None:
        super().__init__(terms if terms is not None else terms_of_test())
        self.item = shared if shared is not None else item()
        self.shared = self.about_item(DUTY, self.item)

    def about_item(self, actor: str, act: Act, *, at: int = START, after: Mapping[str, int] | None = None) -> Said:
        return self.say(actor, act, at=at, subject=ITEM, after=after)

    def why(self, actor: str, act: Act, *, at: int = START, after: Mapping[str, int] | None = None) -> str | None:
        return self.why_void(self.about_item(actor, act, at=at, after=after))

    @property
    def content(self) -> str:
        return self.item.content

    def state(self) -> ItemState:
        state = self.folded(ITEM).state
        assert isinstance(state, ItemState)
        return state

    def ask(self, actor: str = APPROVER, to: str = "journey_manager") -> str | None:
        return self.why(actor, ItemOnwardAsked(content=self.content, to=to, reason="she plans the route"))

    def allow(self, asker: str = APPROVER, to: str = "journey_manager", by: str = DUTY) -> str | None:
        return self.why(by, ItemOnwardAllowed(content=self.content, asker=asker, to=to))

    def pass_on(self, actor: str = APPROVER, to: str = "journey_manager", key: ItemKey | None = None) -> str | None:
        return self.why(actor, ItemPassed(content=self.content, to=to, key=key))

    def open(self, actor: str = APPROVER, *, at: int = START, after: Mapping[str, int] | None = None) -> str | None:
        return self.why(actor, ItemOpened(content=self.content), at=at, after=after)

    def recall(self, *, at: int = START, by: str = DUTY) -> str | None:
        act = ItemRecalled(content=self.content, reason="it was not so", acknowledge_by=at + HOUR)
        return self.why(by, act, at=at)

    def destroy(self, party: str = "sending", *, at: int = START) -> str | None:
        return self.why(f"{party}/node", ItemDestroyed(content=self.content), at=at)

    def acknowledge(self, actor: str = APPROVER, *, at: int = START) -> str | None:
        return self.why(actor, ItemAcknowledged(content=self.content), at=at)


# --- sharing ----------------------------------------------------------------------------------------------------------


def test_an_item_is_shared_by_a_role_that_shares_and_once() -> None:
    """REC-100"""
    told = Told()
    assert told.why_void(told.shared) is None
    assert told.why(DUTY, item(seed="again")) == "exists_already"
    assert told.why_void(told.say(UNIT, item(subject="item/i2"), subject="item/i2")) == "role_may_not"


def test_without_terms_for_information_nothing_has_effect() -> None:
    """REC-100, AG-164"""
    told = Told(terms=terms_of_test(information=None))
    assert told.why_void(told.shared) == "no_information_terms"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"recipients": ("nobody",)}, "bad_recipients"),
        ({"recipients": ("third/x",)}, "bad_recipients"),
        ({"recipients": ("approver", "approver")}, "bad_recipients"),
        ({"caveat": "red"}, "bad_recipients"),
        ({"until": START}, "bad_expiry"),
        ({"until": UNTIL + 1}, "bad_expiry"),
        ({"kept_until": UNTIL - DAY_MS}, "bad_expiry"),
        ({"recipients": ("unit",)}, "other_holders"),
    ],
)
def test_terms_that_cannot_be_are_refused(changed: Mapping[str, object], why: str | None) -> None:
    """REC-101, REC-102"""
    told = Told(msgspec.structs.replace(item(), **changed))
    assert told.why_void(told.shared) == why


def test_an_item_is_sealed_to_its_recipients_and_its_originator_and_to_nobody_else() -> None:
    """REC-102"""
    shared = item()
    assert Told(shared).state().keyed.keys() == {"host", "sending"}
    told = Told(msgspec.structs.replace(shared, keys=shared.keys[:1]))
    assert told.why_void(told.shared) == "other_holders"


# --- who is shown it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caveat", "recipients", "readers"),
    [
        ("red", (APPROVER,), {DUTY, APPROVER}),
        ("amber_strict", ("approver",), {DUTY, APPROVER}),
        ("amber", ("approver", "unit"), {DUTY, APPROVER, UNIT}),
        ("green", ("approver",), {DUTY, LEAD, UNIT, APPROVER, MANAGER, JOURNEY}),
        ("clear", ("unit",), {DUTY, LEAD, UNIT}),
    ],
)
def test_each_level_opens_for_whom_it_says(caveat: Caveat, recipients: tuple[str, ...], readers: set[str]) -> None:
    """REC-103"""
    told = Told(item(caveat, recipients))
    found = {actor for actor in (DUTY, LEAD, UNIT, APPROVER, MANAGER, JOURNEY) if told.open(actor) is None}
    assert found == readers


def test_nobody_opens_another_item_under_this_subject() -> None:
    """REC-103: whoever opens for somebody not named, or by another item's digest, opens nothing."""
    told = Told()
    assert told.open(JOURNEY) == "not_a_recipient"
    assert told.why(APPROVER, ItemOpened(content="ab" * 32)) == "not_shared"


def test_nothing_is_opened_at_its_end_nor_after() -> None:
    """REC-104"""
    told = Told()
    assert (told.open(at=UNTIL - 1), told.open(at=UNTIL)) == (None, "is_expired")


def test_nothing_is_opened_after_a_recall_that_its_author_had_seen() -> None:
    """REC-104"""
    told = Told()
    told.recall()
    assert told.open(at=START + 1) == "is_recalled"


def test_an_opening_that_knew_nothing_of_the_recall_counts_so_that_the_recall_reaches_it() -> None:
    """REC-104: the other node was cut off and showed it; whoever asks who has it is told so."""
    told = Told()
    before = told.after()
    told.recall()
    assert told.open(at=START + 1, after=before) is None
    assert openers(told.state(), "sending") == (APPROVER,)


def test_a_node_that_has_destroyed_its_copy_cannot_say_that_it_knew_nothing() -> None:
    """REC-104: a lie about what it had seen, told after its own word."""
    told = Told()
    before = told.after()
    told.recall()
    told.destroy(at=START + 1)
    after = {**before, "sending": told.after()["sending"]}
    assert told.open(at=START + 2, after=after) == "is_recalled"


# --- passing on -------------------------------------------------------------------------------------------------------


def test_it_is_passed_on_with_the_originators_consent_and_only_so() -> None:
    """REC-106 to REC-108"""
    told = Told()
    assert told.pass_on() == "no_consent"
    assert (told.open(JOURNEY), told.ask(), told.pass_on()) == ("not_a_recipient", None, "no_consent")
    assert (told.allow(), told.pass_on(), told.open(JOURNEY)) == (None, None, None)


def test_consent_is_the_originators_alone() -> None:
    """REC-107: not the asker's own side, and not a role that the agreement does not name."""
    told = Told()
    told.ask()
    assert (told.allow(by=MANAGER), told.allow(by=LEAD), told.allow()) == (
        "not_the_originator",
        "not_your_role",
        None,
    )
    assert told.allow() == "allowed_already"


@pytest.mark.parametrize(
    ("asker", "to", "why"),
    [(APPROVER, "unit", "no_consent"), (APPROVER, MANAGER, "no_consent"), (JOURNEY, "unit", "not_a_recipient")],
)
def test_a_consent_for_one_is_none_for_another(asker: str, to: str, why: str) -> None:
    """REC-108"""
    told = Told()
    told.ask()
    told.allow()
    assert told.pass_on(asker, to) == why


def test_a_consent_serves_once() -> None:
    """REC-108"""
    told = Told()
    told.ask()
    told.allow()
    assert (told.pass_on(), told.pass_on(), told.ask()) == (None, "has_it_already", "has_it_already")


def test_a_consent_to_one_item_is_none_to_another() -> None:
    """REC-107, REC-108: replayed with the digest of another item under its subject."""
    told = Told()
    other = item(seed="other", subject="item/i2")
    told.say(DUTY, other, subject="item/i2")
    told.ask()
    told.allow()
    replayed = ItemPassed(content=told.content, to="journey_manager")
    assert told.why_void(told.say(APPROVER, replayed, subject="item/i2")) == "not_shared"
    mine = ItemPassed(content=other.content, to="journey_manager")
    assert told.why_void(told.say(APPROVER, mine, subject="item/i2")) == "no_consent"


def test_a_consent_is_worth_nothing_after_a_recall() -> None:
    """REC-107, REC-108"""
    told = Told()
    told.ask()
    told.ask(to=MANAGER)
    told.allow()
    told.recall()
    assert (told.pass_on(), told.allow(to=MANAGER)) == ("is_recalled", "is_recalled")


def test_a_refusal_ends_a_consent_and_asking_anew_begins_anew() -> None:
    """REC-106, REC-107"""
    told = Told()
    told.ask()
    told.allow()
    refusal = ItemOnwardRefused(content=told.content, asker=APPROVER, to="journey_manager", reason="not her")
    assert (told.why(DUTY, refusal), told.pass_on(), told.allow()) == (None, "no_consent", "refused_already")
    assert (told.ask(), told.pass_on(), told.allow(), told.pass_on()) == (None, "no_consent", None, None)


def test_of_a_refusal_and_a_passing_on_said_at_once_the_refusal_counts() -> None:
    """REC-107: the safer act wins, in whatever order they are read."""
    told = Told()
    told.ask()
    told.allow()
    before = told.after()
    told.pass_on()
    refusal = ItemOnwardRefused(content=told.content, asker=APPROVER, to="journey_manager", reason="not her")
    assert told.why(DUTY, refusal, at=START + 1, after=before) is None
    assert told.open(JOURNEY, at=START + 2) == "not_a_recipient"
    earlier = Told()
    earlier.ask()
    earlier.allow()
    before = earlier.after()
    earlier.about_item(DUTY, refusal, at=START)
    late = earlier.about_item(
        APPROVER, ItemPassed(content=earlier.content, to="journey_manager"), at=START + 1, after=before
    )
    assert earlier.why_void(late) == "no_consent"
    told = Told()
    told.ask()
    told.allow()
    told.pass_on()
    assert told.why(DUTY, msgspec.structs.replace(refusal, content=told.content)) == "passed_already"


@pytest.mark.parametrize(
    ("caveat", "recipients", "to", "why"),
    [
        ("red", (APPROVER,), MANAGER, "beyond_caveat"),
        ("amber_strict", ("approver",), "unit", "beyond_caveat"),
        ("amber_strict", ("approver",), MANAGER, None),
        ("amber", ("approver",), "unit", None),
        ("amber", ("approver",), "third/x", "bad_recipients"),
        ("green", ("approver",), UNIT, "no_consent_needed"),
        ("amber", ("approver",), "approver", "has_it_already"),
    ],
)
def test_a_level_says_how_far_an_item_goes_whoever_consents(
    caveat: Caveat, recipients: tuple[str, ...], to: str, why: str | None
) -> None:
    """REC-105, REC-106"""
    assert Told(item(caveat, recipients)).ask(to=to) == why


def test_green_is_passed_on_unasked_and_its_originator_names_whom_it_likes() -> None:
    """REC-105, REC-108"""
    told = Told(item("green", ("approver",)))
    assert told.pass_on(APPROVER, LEAD) is None
    red = Told(item("red", (APPROVER,)))
    assert (red.pass_on(DUTY, MANAGER), red.open(MANAGER)) == (None, None)


def test_a_key_comes_along_for_a_node_that_has_none_and_for_no_other() -> None:
    """REC-108"""
    inside = Told(item("amber", ("unit",)))
    key = item().keys[1]
    assert inside.state().keyed.keys() == {"host"}
    assert inside.pass_on(DUTY, APPROVER) == "other_holders"
    assert inside.pass_on(DUTY, APPROVER, key) is None
    assert inside.state().keyed.keys() == {"host", "sending"}
    assert inside.pass_on(DUTY, MANAGER, key) == "other_holders"


# --- derived items ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "caveat", "recipients", "why"),
    [
        (APPROVER, "amber", ("approver",), None),
        (APPROVER, "red", (DUTY,), None),
        (APPROVER, "green", ("approver",), "looser_caveat"),
        (APPROVER, "amber", ("journey_manager",), "no_consent"),
        (JOURNEY, "amber", ("approver",), "not_a_recipient"),
        (DUTY, "clear", ("unit",), None),
    ],
)
def test_what_is_made_from_an_item_is_no_looser_unless_its_originator_makes_it(
    actor: str, caveat: Caveat, recipients: tuple[str, ...], why: str | None
) -> None:
    """REC-109"""
    told = Told()
    act = ItemDerived(content=told.content, item="i2", made="cd" * 32, caveat=caveat, recipients=recipients)
    assert told.why(actor, act) == why
    if why is None:
        assert (told.state().derived["i2"].caveat, told.why(actor, act)) == (caveat, "derived_already")


# --- recall -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "why"), [(DUTY, None), (LEAD, "role_may_not"), (MANAGER, "not_the_originator")])
def test_an_item_is_recalled_by_its_originator(by: str, why: str | None) -> None:
    """REC-111"""
    terms = terms_of_test()
    roles = tuple(
        msgspec.structs.replace(role, may=tuple(kind for kind in role.may if kind != "item.recalled"))
        if role.id == "escort_lead"
        else role
        for role in terms.roles
    )
    told = Told(terms=msgspec.structs.replace(terms, roles=roles))
    assert told.recall(by=by) == why
    if why is None:
        assert told.recall() == "recalled_already"


@pytest.mark.parametrize(
    ("length", "why"), [(1, None), (2 * DAY_MS, None), (0, "bad_deadline"), (2 * DAY_MS + 1, "bad_deadline")]
)
def test_a_recall_gives_time_and_not_more_than_was_agreed(length: int, why: str | None) -> None:
    """REC-111"""
    told = Told()
    act = ItemRecalled(content=told.content, reason="it was not so", acknowledge_by=START + length)
    assert told.why(DUTY, act) == why


def test_a_node_destroys_what_was_recalled_and_says_so_once() -> None:
    """REC-110"""
    told = Told(item("amber", ("unit",)))
    assert told.destroy("host") == "not_recalled"
    told.recall()
    assert [told.destroy("host"), told.destroy("host"), told.destroy("sending")] == [
        None,
        "destroyed_already",
        "not_a_holder",
    ]


def test_nobody_confirms_what_is_not_so() -> None:
    """REC-112: before the recall, while the own node has its copy, without having had it, or twice."""
    told = Told()
    told.open()
    assert told.acknowledge() == "not_recalled"
    told.recall()
    assert told.acknowledge() == "copy_here"
    told.destroy()
    assert [told.acknowledge(actor) for actor in (JOURNEY, APPROVER, APPROVER)] == [
        "not_a_holder",
        None,
        "acknowledged_already",
    ]


def test_a_recall_names_who_has_not_confirmed_until_node_and_people_have() -> None:
    """REC-112"""
    told = Told()
    told.open()
    told.recall()
    named = [unconfirmed(told.state())]
    told.destroy(at=START + 1)
    named.append(unconfirmed(told.state()))
    told.acknowledge(at=START + 2)
    assert [*named, unconfirmed(told.state()), unconfirmed(told.state(), START + 1)] == [
        ("sending",),
        ("sending",),
        (),
        ("sending",),
    ]
