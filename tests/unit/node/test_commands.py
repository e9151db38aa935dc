"""Offers from actors: what is taken, what is refused, and what is said to the officer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    AgreementProposed,
    MovementApproved,
    MovementDeparted,
    MovementRequested,
    Standing,
    offer,
)
from safeconduct.core.identity import SigningKey
from safeconduct.core.statement import digest, encode, read_envelope, write_envelope
from safeconduct.errors import (
    EntryInvalid,
    InputInvalid,
    LimitExceeded,
    NotAllowed,
    Refused,
    SafeconductError,
    SignatureInvalid,
    TermsInvalid,
    Unavailable,
)
from safeconduct.node import commands, queries
from safeconduct.node.limits import BLOB_BYTES_MAX, CLOCK_SKEW_MAX_MS, OFFER_AGE_MAX_MS
from safeconduct.testing import Federation, card_of, key, keys_of, small_plan, small_terms

PLAN = small_plan()
REQUEST = MovementRequested(plan=PLAN)


def play(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree()
            await scenario(federation)

    asyncio.run(whole())


def offered(
    federation: Federation,
    *,
    actor: str = "sending/journey_manager",
    signer: SigningKey | None = None,
    act: Act = REQUEST,
    subject: str = "movement/m1",
    at: int | None = None,
    **standing: object,
) -> bytes:
    told = msgspec.structs.replace(queries.standing(federation.node("sending")), **standing)
    return offer(told, actor, signer if signer is not None else key(actor), subject, act, at=at)


def test_what_is_accepted_is_on_the_disk() -> None:
    """REC-10"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("sending")
        accepted = await commands.say(node, offered(federation))
        row = federation.stores["sending"].find(accepted.id)
        assert row is not None
        assert (row.index, accepted.known_already) == (accepted.index, False)

    play(scenario)


def test_a_repeat_is_answered_with_the_same_entry_and_logged_once() -> None:
    """REC-5: a request sent again because the answer was lost."""

    async def scenario(federation: Federation) -> None:
        node = federation.node("sending")
        envelope = offered(federation)
        first, second = await asyncio.gather(commands.say(node, envelope), commands.say(node, envelope))
        third = await commands.say(node, envelope)
        assert {first.index, second.index, third.index} == {first.index}
        assert sorted([first.known_already, second.known_already]) == [False, True]
        assert third.known_already

    play(scenario)


@pytest.mark.parametrize(
    ("envelope_of", "error", "message"),
    [
        (lambda _: b"hello", EntryInvalid, "expected a signed statement"),
        (lambda _: b"", EntryInvalid, "expected a signed statement"),
        (lambda _: b"x" * 70_000, EntryInvalid, "an entry has at most 65535 bytes, got 70000"),
        (
            lambda f: offered(f, actor="host/duty_officer", party="host"),
            NotAllowed,
            "this node speaks for sending, got a statement of host",
        ),
        (
            lambda f: offered(f, signer=key("a stranger")),
            SignatureInvalid,
            "a key enrolled by sending, got unknown key",
        ),
        (lambda f: offered(f, node_key="ab" * 32), EntryInvalid, "signers with this node's key"),
        (
            lambda f: offered(f, at=f.clock.now() + CLOCK_SKEW_MAX_MS + 1),
            EntryInvalid,
            "a statement made now, within 120 seconds, got one that is \\+120 s away",
        ),
        (
            lambda f: offered(f, at=f.clock.now() - OFFER_AGE_MAX_MS - 1, floor=0),
            EntryInvalid,
            "a statement made now, within 120 seconds, got one that is -121 s away",
        ),
        (
            lambda f: offered(f, after={"host": 999}),
            EntryInvalid,
            "`after` names what this node has folded, got 999 entries of host",
        ),
        (lambda f: offered(f, after={"press": 1}), EntryInvalid, "got 1 entries of press, here are 0"),
        (lambda f: offered(f, agreement="cd" * 32), Refused, "the agreement in force is"),
        (lambda f: offered(f, subject="site/m1"), Refused, "is about a subject of kind movement"),
        (lambda f: offered(f, actor="sending/approver"), Refused, "no role of sending/approver may say"),
        (lambda f: _signed_twice(f), EntryInvalid, "an offer is signed by every named signer but the node"),
        (
            lambda f: offered(
                f, actor="sending/authority", act=AgreementProposed(digest="ab" * 32, size=1), subject="agreement"
            ),
            InputInvalid,
            "the text of agreement abab.* is given to this node first",
        ),
    ],
)
def test_what_is_not_a_statement_of_ours_made_now_is_refused_with_its_reason(
    envelope_of: Callable[[Federation], bytes], error: type[SafeconductError], message: str
) -> None:
    """REC-10, ST-7"""

    async def scenario(federation: Federation) -> None:
        before = federation.stores["sending"].size("sending")
        with pytest.raises(error, match=message):
            await commands.say(federation.node("sending"), envelope_of(federation))
        assert federation.stores["sending"].size("sending") == before

    play(scenario)


def _signed_twice(federation: Federation) -> bytes:
    signed = read_envelope(offered(federation))
    return write_envelope(signed.payload, {**signed.signatures, key("x").public.key_id: b"\x00" * 64})


def test_a_question_logs_nothing() -> None:
    """REC-10: the officer hears the reason before signing."""

    async def scenario(federation: Federation) -> None:
        node = federation.node("sending")
        void = commands.would(node, offered(federation, actor="sending/approver"))
        fine = commands.would(node, offered(federation))
        assert (void.code if void else None, fine) == ("role_may_not", None)
        assert node.store.subject("movement/m1") is None

    play(scenario)


def test_a_refusal_carries_the_code_and_the_account() -> None:
    """REC-24"""

    async def scenario(federation: Federation) -> None:
        await federation.say("sending/journey_manager", "movement/m1", REQUEST)
        await federation.sync()
        with pytest.raises(Refused) as caught:
            await federation.say("host/escort_lead", "movement/m1", MovementDeparted())
        assert (caught.value.code, "needs a movement that is approved" in str(caught.value)) == ("is_requested", True)

    play(scenario)


def test_one_batch_holds_what_is_fine_and_refuses_the_rest() -> None:
    """REC-10: statements offered at once are judged one after the other."""

    async def scenario(federation: Federation) -> None:
        standing = queries.standing(federation.node("sending"))

        def envelope(actor: str, act: Act) -> bytes:
            return offer(standing, actor, key(actor), "movement/m1", act)

        answers = await asyncio.gather(
            commands.say(federation.node("sending"), envelope("sending/journey_manager", REQUEST)),
            commands.say(federation.node("sending"), envelope("sending/approver", MovementApproved(plan=digest(PLAN)))),
            commands.say(federation.node("sending"), envelope("sending/approver", MovementApproved(plan="ab" * 32))),
            return_exceptions=True,
        )
        assert [type(answer).__name__ for answer in answers] == ["Accepted", "Accepted", "Refused"]

    play(scenario)


def test_a_halted_node_says_why() -> None:
    """REC-10"""

    async def scenario(federation: Federation) -> None:
        federation.node("sending").halted = "its disk is older than what was published"
        with pytest.raises(Unavailable, match="this node does not sign: its disk is older"):
            await commands.say(federation.node("sending"), offered(federation))

    play(scenario)


# --- texts and cards -------------------------------------------------------------------------------------------------


def _terms(**changed: object) -> bytes:
    return encode(small_terms([card_of("host"), card_of("sending")], **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (b"{}", TermsInvalid, "expected the field name, got none"),
        (b"x" * (BLOB_BYTES_MAX + 1), LimitExceeded, "a text has at most"),
        (
            _terms(parties=(card_of("host"), card_of("sending"), card_of("press"))),
            InputInvalid,
            "names party press, whose card is not pinned",
        ),
        (
            _terms(parties=(card_of("host"), msgspec.structs.replace(card_of("sending"), root=card_of("press").root))),
            InputInvalid,
            "gives party sending other keys than its pinned card",
        ),
    ],
)
def test_a_text_gives_every_party_its_own_keys(text: bytes, error: type[SafeconductError], message: str) -> None:
    """REC-19"""

    async def scenario(federation: Federation) -> None:
        with pytest.raises(error, match=message):
            commands.put_text(federation.node("host"), text)

    play(scenario)


def test_a_text_is_kept_under_its_digest() -> None:
    """REC-19"""

    async def scenario(federation: Federation) -> None:
        text = _terms(title={"en": "another"})
        assert federation.node("host").store.blob(commands.put_text(federation.node("host"), text)) == text

    play(scenario)


def test_a_joined_party_is_pinned_and_visited() -> None:
    """REC-19"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        commands.pin_card(node, encode(card_of("third")) + b"\n")
        assert node.peer_ids == ["sending", "third"]

    play(scenario)


@pytest.mark.parametrize(
    ("card", "error", "message"),
    [
        (b"", InputInvalid, "expected a party's card"),
        (b'{"id":"x"}', InputInvalid, "expected a party's card"),
        (encode(card_of("third")).replace(b":", b": ", 1), InputInvalid, "expected the canonical bytes of a card"),
        (b'{"id":"\xff"}', InputInvalid, "expected a party's card"),
        (
            encode(msgspec.structs.replace(card_of("third"), root="A" * 43 + "=")),
            InputInvalid,
            "expected keys that verify in the card of third",
        ),
        (
            encode(
                msgspec.structs.replace(
                    card_of("third"),
                    node=msgspec.structs.replace(card_of("third").node, log=card_of("third").node.witness),
                )
            ),
            InputInvalid,
            "expected a log key and two cosigners' keys",
        ),
        (
            encode(
                msgspec.structs.replace(
                    card_of("third"), node=msgspec.structs.replace(card_of("third").node, log=card_of("host").node.log)
                )
            ),
            NotAllowed,
            "the log of party third has the same name as that of host",
        ),
        (encode(card_of("host")), NotAllowed, "a node does not join itself"),
        (
            encode(msgspec.structs.replace(card_of("sending"), root=card_of("press").root)),
            NotAllowed,
            "party sending is pinned with other keys",
        ),
    ],
)
def test_a_card_is_taken_whole_or_not_at_all(card: bytes, error: type[SafeconductError], message: str) -> None:
    """REC-19"""

    async def scenario(federation: Federation) -> None:
        with pytest.raises(error, match=message):
            commands.pin_card(federation.node("host"), card)
        # What was refused has left nothing behind that a restart would stumble over.
        assert set(federation.start("host").cards) == {"host", "sending"}

    play(scenario)


def test_a_fingerprint_is_read_aloud_in_groups_of_four() -> None:
    """REC-19"""
    spoken = commands.fingerprint(card_of("host"))
    assert [len(group) for group in spoken.split(" ")] == [4] * 8


def test_a_standing_tells_an_actor_what_to_draft_under() -> None:
    """REC-6: nothing drafted now is dated before what the node has folded."""

    async def scenario(federation: Federation) -> None:
        standing = queries.standing(federation.node("sending"))
        assert isinstance(standing, Standing)
        assert (standing.node_key, standing.floor) == (keys_of("sending").node.public.key_id, federation.clock.now())

    play(scenario)
