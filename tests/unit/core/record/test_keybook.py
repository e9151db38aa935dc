from __future__ import annotations

import pytest

from safeconduct.core.acts import ActorEnrolled, MovementCheckedIn, Standing, offer, read_act
from safeconduct.core.identity import SigningKey
from safeconduct.core.record import Anchor, KeyBook, read_unverified
from safeconduct.core.statement import pae, read_envelope, write_envelope
from safeconduct.errors import EntryInvalid, SignatureInvalid
from safeconduct.testing import START, card_of, key, keys_of


def entry(actor: str, signer: SigningKey, subject: str, act: ActorEnrolled | MovementCheckedIn) -> bytes:
    party = actor.split("/")[0]
    node = keys_of(party).node
    standing = Standing(party=party, agreement="", after={}, node_key=node.public.key_id, now=START, floor=0)
    signed = read_envelope(offer(standing, actor, signer, subject, act))
    return write_envelope(signed.payload, {**signed.signatures, node.public.key_id: node.sign(pae(signed.payload))})


ENROL = ActorEnrolled(key=key("host/guard").public.text, roles=("unit",))
BY_ROOT = entry("host/authority", key("host/authority"), "actor/host/guard", ENROL)
BY_GUARD = entry("host/guard", key("host/guard"), "movement/m1", MovementCheckedIn())


def book() -> KeyBook:
    return KeyBook("host", Anchor.of(card_of("host")))


def test_a_key_is_known_once_the_root_has_enrolled_it() -> None:
    """REC-8"""
    keys = book()
    keys.learn(*keys.read(BY_ROOT))
    assert keys.read(BY_GUARD)[0].statement.actor == "host/guard"


def test_an_entry_signed_before_its_key_was_enrolled_is_void() -> None:
    """REC-8"""
    with pytest.raises(SignatureInvalid, match="a key enrolled by host, got unknown key"):
        book().read(BY_GUARD)


def test_only_the_root_enrols() -> None:
    """REC-8: an actor that enrols its friend makes no key known."""
    keys = book()
    keys.learn(*keys.read(BY_ROOT))
    friend = ActorEnrolled(key=key("host/friend").public.text, roles=("unit",))
    by_guard = entry("host/guard", key("host/guard"), "actor/host/friend", friend)
    keys.learn(*keys.read(by_guard))
    assert keys.key(key("host/friend").public.key_id) is None


def test_a_copy_learns_on_its_own() -> None:
    """REC-8"""
    keys = book()
    twin = keys.copy()
    twin.learn(*twin.read(BY_ROOT))
    assert (keys.key(key("host/guard").public.key_id), twin.key(key("host/guard").public.key_id)) == (
        None,
        key("host/guard").public,
    )


def test_a_statement_of_another_party_does_not_belong_in_a_log() -> None:
    """REC-9"""
    foreign = entry("sending/authority", key("sending/authority"), "actor/sending/x", ENROL)
    with pytest.raises(EntryInvalid, match="a statement of host in its log, got one of sending"):
        read_unverified(foreign, "host")


def test_reading_without_verifying_gives_the_same_act() -> None:
    """REC-8"""
    signed, act = read_unverified(BY_ROOT, "host")
    assert act == read_act(signed.statement.kind, bytes(signed.statement.body))
