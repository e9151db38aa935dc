from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from securesystemslib.dsse import Envelope

from safeconduct.core.identity import PublicKey
from safeconduct.core.statement import (
    ENTRY_BYTES_MAX,
    INTEGER_MAX,
    PARTIES_MAX,
    PAYLOAD_BYTES_MAX,
    PAYLOAD_TYPE,
    SIGNATURES_MAX,
    encode_statement,
    pae,
    read_entry,
    read_envelope,
    statement_id,
    verify_signatures,
    write_envelope,
)
from safeconduct.errors import CanonicalInvalid, EntryInvalid, LimitExceeded, SignatureInvalid
from tests.unit.core.statement.sample import (
    ACTOR,
    ENTRY,
    KEYS,
    NODE,
    PAYLOAD,
    SIGNERS,
    STATEMENT,
    STRANGER,
    compact,
    envelope,
    payload_with,
    signatures,
)


def known(key_id: str) -> PublicKey | None:
    return {key.public.key_id: key.public for key in (ACTOR, NODE)}.get(key_id)


# --- the payload ------------------------------------------------------------------------------------------


def test_an_entry_reads_back_to_what_was_said() -> None:
    """ST-7, ST-17"""
    assert read_entry(ENTRY).statement == STATEMENT


def test_the_samples_own_writer_agrees_with_ours() -> None:
    """ST-14: so that a test that changes one part changes nothing else."""
    assert (payload_with(), envelope()) == (PAYLOAD, ENTRY)


FIELDS = ["kind", "agreement", "party", "actor", "subject", "at", "after", "signers", "body"]


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_a_statement_may_be_missing(field: str) -> None:
    """ST-7"""
    with pytest.raises(EntryInvalid, match=f"missing required field `{field}`"):
        read_envelope(envelope(payload_with(**{field: ...})))


def test_no_other_field_may_be_in_a_statement() -> None:
    """ST-7"""
    with pytest.raises(EntryInvalid, match="unknown field `colour`"):
        read_envelope(envelope(payload_with(colour="red")))


@pytest.mark.parametrize("field", [f for f in FIELDS if f != "body"])
def test_no_field_of_a_statement_is_null(field: str) -> None:
    """ST-4, ST-7"""
    with pytest.raises(EntryInvalid, match="got `null`"):
        read_envelope(envelope(payload_with(**{field: None})))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("party", "Host"), ("party", ""), ("party", "1host"), ("party", "h" * 33), ("party", "host\n"),
        ("actor", "host"), ("actor", "host/"), ("actor", "host/Officer"), ("actor", "host/a/b"),
        ("actor", "host/" + "a" * 65), ("actor", "host/a\n"),
        ("subject", ""), ("subject", "Movement/m"), ("subject", "movement/"), ("subject", "movement/a/b/c/d"),
        ("kind", "movement"), ("kind", "movement."), ("kind", "movement.a.b"), ("kind", "movement.x1"),
        ("kind", "movement." + "a" * 41),
        ("agreement", "ab"), ("agreement", "AB" * 32), ("agreement", "ab" * 33),
        ("at", -1), ("at", INTEGER_MAX + 1), ("at", "1790000000000"), ("at", True),
        ("after", []), ("after", {"Host": 1}), ("after", {"host": -1}), ("after", {"host": INTEGER_MAX + 1}),
        ("after", {f"p{n:02}": n for n in range(PARTIES_MAX + 1)}),
        ("signers", []), ("signers", ["ab"]), ("signers", [f"{n:064x}" for n in range(SIGNATURES_MAX + 1)]),
    ],
)  # fmt: skip
def test_a_field_of_another_form_is_refused(field: str, value: Any) -> None:
    """ST-8, ST-9, ST-10"""
    with pytest.raises(EntryInvalid, match="expected a signed statement"):
        read_envelope(envelope(payload_with(**{field: value})))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agreement", ""),
        ("actor", "host/" + "a" * 64),
        ("subject", "agreement"),
        ("subject", "shift/a/b/c"),
        ("kind", "later.said_by_a_newer_one"),
        ("at", 0),
        ("at", INTEGER_MAX),
        ("after", {}),
        ("after", {f"p{n:02}": n for n in range(PARTIES_MAX)}),
    ],
)
def test_a_field_at_the_edge_of_its_form_is_read(field: str, value: Any) -> None:
    """ST-8, ST-9"""
    assert getattr(read_envelope(envelope(payload_with(**{field: value}))).statement, field) == value


@pytest.mark.parametrize("actor", ["sending/officer.one", "hos/t", "host-a/officer"])
def test_an_actor_belongs_to_the_statements_party(actor: str) -> None:
    """ST-8"""
    with pytest.raises(EntryInvalid, match=f"an actor of party host, got {actor}"):
        read_envelope(envelope(payload_with(actor=actor)))


@pytest.mark.parametrize(
    "payload",
    [
        PAYLOAD.replace(b'"at":1790000000000', b'"at":1790000000000.0'),
        PAYLOAD.replace(b'"at":1790000000000', b'"at":179e10'),
        PAYLOAD.replace(b'"host":3', b'"host":-0'),
        PAYLOAD.replace(b'"host":3', b'"host":3,"host":3'),
        PAYLOAD.replace(b'"kind"', b'"kind":"movement.refused","kind"'),
        PAYLOAD.replace(b'"party":"host"', b'"party": "host"'),
        PAYLOAD.replace(b'"party":"host"', b'"party":"\\u0068ost"'),
        PAYLOAD.replace(b'"body":{', b'"body": {'),
        PAYLOAD + b"\n",
        b'{"at":1,' + PAYLOAD[1:],
        compact(dict(reversed(json.loads(PAYLOAD).items()))),
    ],
    ids=[
        "1.0", "1e2", "-0", "key twice below", "key twice", "space", "escape", "space before the body",
        "newline", "key twice, first", "unsorted",
    ],
)  # fmt: skip
def test_another_writing_of_a_payload_is_refused(payload: bytes) -> None:
    """ST-1, ST-3"""
    assert payload != PAYLOAD
    with pytest.raises(EntryInvalid):
        read_envelope(envelope(payload))


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 30_000])
def test_a_payload_that_is_no_statement_is_refused(payload: bytes) -> None:
    """ST-7"""
    with pytest.raises(EntryInvalid):
        read_envelope(envelope(payload))


def test_text_of_the_body_in_another_normal_form_is_refused() -> None:
    """ST-6"""
    with pytest.raises(EntryInvalid, match="Unicode normal form C"):
        read_envelope(envelope(payload_with(body={"reason": "e\u0301"})))


def test_reading_does_not_interpret_the_body() -> None:
    """ST-20"""
    assert bytes(read_envelope(envelope(payload_with(body={"nobody": ["knows"]}))).statement.body) == (
        b'{"nobody":["knows"]}'
    )


def test_a_writer_does_not_make_text_that_a_reader_refuses() -> None:
    """ST-6"""
    body = msgspec.Raw('{"reason":"e\u0301"}'.encode())
    with pytest.raises(CanonicalInvalid, match="Unicode normal form C"):
        encode_statement(msgspec.structs.replace(STATEMENT, body=body))


def payload_of(size: int) -> bytes:
    """A well-formed payload of exactly this many bytes."""
    empty = payload_with(body={"reason": ""})
    return payload_with(body={"reason": "x" * (size - len(empty))})


def test_a_payload_of_the_largest_size_is_read() -> None:
    """ST-11"""
    assert len(read_entry(envelope(payload_of(PAYLOAD_BYTES_MAX))).payload) == PAYLOAD_BYTES_MAX


def test_a_larger_payload_is_refused_with_both_numbers() -> None:
    """ST-11"""
    with pytest.raises(EntryInvalid, match="a payload has at most 40000 bytes, got 40001"):
        read_envelope(envelope(payload_of(PAYLOAD_BYTES_MAX + 1)))


@pytest.mark.parametrize(("size", "made"), [(PAYLOAD_BYTES_MAX, True), (PAYLOAD_BYTES_MAX + 1, False)])
def test_a_writer_makes_no_larger_payload(size: int, made: bool) -> None:
    """ST-11"""
    body = msgspec.Raw(compact(json.loads(payload_of(size))["body"]))
    statement = msgspec.structs.replace(STATEMENT, body=body)
    if made:
        assert len(encode_statement(statement)) == size
    else:
        with pytest.raises(LimitExceeded, match="a payload has at most 40000 bytes, got 40001"):
            encode_statement(statement)


# --- what is signed ---------------------------------------------------------------------------------------


def test_what_is_signed_is_dsses_encoding() -> None:
    """ST-12"""
    assert pae(b"hello world") == (b"DSSEv1 42 application/vnd.safeconduct.statement+json 11 hello world")


def dsse(payload_type: str, payload: bytes) -> bytes:
    encoded: bytes = Envelope(payload, payload_type, {}).pae()
    return encoded


def test_the_other_implementation_gives_the_published_vector() -> None:
    """ST-12: the one vector of DSSE's protocol.md."""
    vector = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert dsse("http://example.com/HelloWorld", b"hello world") == vector


@pytest.mark.parametrize("payload", [b"", b"hello world", b"\x00\xff", "出行".encode(), b"x" * 40_000])
def test_what_is_signed_is_what_another_implementation_signs(payload: bytes) -> None:
    """ST-12"""
    assert pae(payload) == dsse(PAYLOAD_TYPE, payload)


def test_another_implementation_reads_our_entries() -> None:
    """ST-14, ST-15, ST-19"""
    theirs = Envelope.from_dict(json.loads(ENTRY))
    assert ({s.keyid: bytes.fromhex(s.signature) for s in theirs.signatures.values()}, theirs.payload) == (
        signatures(),
        PAYLOAD,
    )


def test_a_statements_id_is_the_hash_of_what_is_signed() -> None:
    """ST-13"""
    assert read_entry(ENTRY).id == statement_id(PAYLOAD) == hashlib.sha256(pae(PAYLOAD)).hexdigest()


def test_an_id_does_not_depend_on_who_has_signed_so_far() -> None:
    """ST-13"""
    offer = write_envelope(PAYLOAD, signatures(by=(ACTOR.public.key_id,)))
    assert read_envelope(offer).id == read_entry(ENTRY).id


# --- the envelope -----------------------------------------------------------------------------------------


def test_signatures_are_written_in_order_of_their_key_ids() -> None:
    """ST-16"""
    backwards = dict(sorted(signatures().items(), reverse=True))
    assert write_envelope(PAYLOAD, backwards) == ENTRY


SIG = json.loads(ENTRY)["signatures"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"signatures": SIG[::-1]}, "one canonical envelope"),
        ({"signatures": [SIG[0], SIG[0]]}, "one canonical envelope"),
        ({"signatures": [SIG[0], {**SIG[0], "sig": SIG[1]["sig"]}]}, "one canonical envelope"),
        ({"signatures": []}, "length >= 1"),
        ({"signatures": [{**SIG[0], "keyid": f"{n:064x}"} for n in range(SIGNATURES_MAX + 1)]}, "length <= 4"),
        ({"signatures": [{"keyid": SIG[0]["keyid"]}]}, "missing required field `sig`"),
        ({"signatures": [{"sig": SIG[0]["sig"]}]}, "missing required field `keyid`"),
        ({"signatures": [{**SIG[0], "cert": "x"}]}, "unknown field `cert`"),
        ({"signatures": [{**SIG[0], "keyid": SIG[0]["keyid"].upper()}]}, "matching regex"),
        ({"signatures": [{**SIG[0], "keyid": ""}]}, "matching regex"),
        ({"signatures": None}, "got `null`"),
        ({"payloadType": "application/json"}, "payload type"),
        ({"payloadType": PAYLOAD_TYPE + " "}, "payload type"),
        ({"payload": None}, "got `null`"),
        ({"comment": "x"}, "unknown field `comment`"),
    ],
    ids=[
        "unsorted", "same twice", "one key, two signatures", "none", "five", "no sig", "no keyid", "more in it",
        "upper-case keyid", "empty keyid", "null", "other type", "space after the type", "null payload", "other field",
    ],
)  # fmt: skip
def test_another_envelope_is_refused(changed: dict[str, Any], says: str) -> None:
    """ST-14, ST-16"""
    with pytest.raises(EntryInvalid, match=says):
        read_envelope(envelope(**changed))


def rewritten(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    return lambda entry: change(entry.decode()).encode()


@pytest.mark.parametrize(
    "change",
    [
        rewritten(lambda text: " " + text),
        rewritten(lambda text: text + "\n"),
        rewritten(lambda text: text.replace('":"', '": "', 1)),
        rewritten(lambda text: text.replace('"payload"', '"p\\u0061yload"', 1)),
        rewritten(lambda text: text.replace('{"payload":', '{"payload":"e30=","payload":', 1)),
        rewritten(lambda text: text.replace("application/", "application\\/", 1)),
        lambda entry: compact(dict(reversed(json.loads(entry).items()))),
    ],
    ids=["space", "newline", "space inside", "escaped key", "key twice", "escaped slash", "unsorted"],
)
def test_another_writing_of_an_envelope_is_refused(change: Callable[[bytes], bytes]) -> None:
    """ST-14"""
    with pytest.raises(EntryInvalid):
        read_envelope(change(ENTRY))


BASE64 = base64.b64encode(PAYLOAD).decode()


def spare_bits(text: str) -> str:
    """The same bytes with a bit set that no byte holds."""
    assert text.endswith("=")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(text.rstrip("=")) - 1
    return text[:at] + letters[letters.index(text[at]) + 1] + text[at + 1 :]


def padded_payload() -> bytes:
    """A payload whose base64 ends in `=`."""
    return next(p for n in range(3) if len(p := payload_with(body={"reason": "x" * n})) % 3)


@pytest.mark.parametrize(
    "payload",
    [
        base64.b64encode(padded_payload()).decode().rstrip("="),
        base64.b64encode(padded_payload()).decode() + "=",
        spare_bits(base64.b64encode(padded_payload()).decode()),
        base64.urlsafe_b64encode(payload_with(body={"reason": "出>>???"})).decode(),
        BASE64[:4] + "\n" + BASE64[4:],
        BASE64[:4] + " " + BASE64[4:],
        BASE64 + "\n",
        "=" + BASE64,
        "é" + BASE64,
        "",
    ],
    ids=[
        "unpadded", "padded twice", "spare bits", "url alphabet", "newline", "space", "newline after", "pad first",
        "not ASCII", "empty",
    ],
)  # fmt: skip
def test_another_base64_of_the_payload_is_refused(payload: str) -> None:
    """ST-15"""
    with pytest.raises(EntryInvalid):
        read_envelope(envelope(payload=payload))


def test_the_url_alphabet_in_that_test_does_differ() -> None:
    """ST-15"""
    assert re.search("[-_]", base64.urlsafe_b64encode(payload_with(body={"reason": "出>>???"})).decode())


@pytest.mark.parametrize("change", [lambda text: text.rstrip("="), spare_bits, lambda text: text + "\n"])
def test_another_base64_of_a_signature_is_refused(change: Callable[[str], str]) -> None:
    """ST-15"""
    with pytest.raises(EntryInvalid):
        read_envelope(envelope(signatures=[{**SIG[0], "sig": change(SIG[0]["sig"])}, SIG[1]]))


def test_an_empty_signature_has_the_form_and_never_verifies() -> None:
    """ST-15, ST-19"""
    signed = read_entry(envelope(signatures=[{**SIG[0], "sig": ""}, SIG[1]]))
    with pytest.raises(SignatureInvalid, match="a signature has 64 bytes, got 0"):
        verify_signatures(signed, known)


# --- complete entries -------------------------------------------------------------------------------------


def test_an_offer_that_lacks_a_signature_is_an_envelope() -> None:
    """ST-17"""
    offer = write_envelope(PAYLOAD, signatures(by=(ACTOR.public.key_id,)))
    assert set(read_envelope(offer).signatures) == {ACTOR.public.key_id}


@pytest.mark.parametrize(
    ("by", "signers"),
    [
        ((ACTOR.public.key_id,), SIGNERS),
        ((NODE.public.key_id,), SIGNERS),
        ((*SIGNERS, STRANGER.public.key_id), SIGNERS),
        ((STRANGER.public.key_id, NODE.public.key_id), SIGNERS),
        (SIGNERS, SIGNERS[::-1]),
        (SIGNERS, (*SIGNERS, SIGNERS[1])),
        (SIGNERS[:1], (SIGNERS[0], SIGNERS[0])),
    ],
    ids=["no node", "no actor", "one more", "another", "named out of order", "named twice", "named twice, alone"],
)
def test_an_entry_is_signed_by_exactly_the_named(by: tuple[str, ...], signers: tuple[str, ...]) -> None:
    """ST-10, ST-17"""
    payload = payload_with(signers=list(signers))
    entry = write_envelope(payload, signatures(payload, by=by))
    with pytest.raises(EntryInvalid, match="signatures by exactly the named signers"):
        read_entry(entry)


@pytest.mark.parametrize("size", [ENTRY_BYTES_MAX + 1, 1_000_000])
def test_a_longer_entry_is_not_looked_at(size: int) -> None:
    """ST-18"""
    with pytest.raises(EntryInvalid, match=f"an entry has at most 65535 bytes, got {size}"):
        read_envelope(b"[" * size)


def test_the_largest_payload_with_every_signature_fits_into_an_entry() -> None:
    """ST-11, ST-18"""
    four = {f"{n:064x}": bytes(64) for n in range(SIGNATURES_MAX)}
    assert len(write_envelope(bytes(PAYLOAD_BYTES_MAX), four)) <= ENTRY_BYTES_MAX


def test_an_entry_with_every_signature_valid_verifies() -> None:
    """ST-19"""
    verify_signatures(read_entry(ENTRY), known)


def test_a_signature_by_a_key_nobody_has_made_known_makes_the_entry_invalid() -> None:
    """ST-19"""
    with pytest.raises(SignatureInvalid, match=f"enrolled by host, got unknown key {STRANGER.public.key_id[:16]}"):
        verify_signatures(read_envelope(write_envelope(PAYLOAD, signatures(by=tuple(KEYS)))), known)


@pytest.mark.parametrize("wrong", SIGNERS)
def test_one_wrong_signature_makes_the_entry_invalid(wrong: str) -> None:
    """ST-19"""
    signed = {**signatures(), wrong: STRANGER.sign(pae(PAYLOAD))}
    with pytest.raises(SignatureInvalid, match=f"does not verify under key {wrong[:16]}"):
        verify_signatures(read_entry(write_envelope(PAYLOAD, signed)), known)


def test_a_signature_over_the_payload_alone_does_not_verify() -> None:
    """ST-12, ST-19"""
    signed = {key_id: KEYS[key_id].sign(PAYLOAD) for key_id in SIGNERS}
    with pytest.raises(SignatureInvalid, match="does not verify"):
        verify_signatures(read_entry(write_envelope(PAYLOAD, signed)), known)
