"""Write vectors/statement/*.json, except published.json: `python -m vectors.make_statement`.

Payloads and envelopes are written by Python's own `json`, which within the profile of ST-1 to ST-6 gives the bytes of
RFC 8785; PyNaCl signs; nothing of ours is used.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from nacl.signing import SigningKey

from vectors.documents import Case, Files, documents, write

FOLDER = Path(__file__).parent / "statement"
TYPE = "application/vnd.safeconduct.statement+json"


def _compact(value: object, *, sort: bool = True) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=sort, ensure_ascii=False).encode()


# --- canonical JSON ---------------------------------------------------------------------------------------


def _canonical_cases() -> Iterator[Case]:
    for what, raw in [
        ("an empty object", b"{}"),
        ("all that is allowed", b'{"a":[1,-1,true,false,"",[],{}]}'),
        ("keys by their bytes", b'{"A":1,"Z":2,"_":3,"a":4}'),
        ("text beyond ASCII, unescaped", '{"ur":"نقل و حرکت","zh":"出行"}'.encode()),
        ("text beyond 16 bits", '{"a":"😀"}'.encode()),
        ("control characters, each with its shortest escape", b'{"a":"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/"}'),
        ("delete and line separator, unescaped", '{"a":"\u007f\u2028"}'.encode()),
        ("the largest integers", b'{"a":9007199254740991,"b":-9007199254740991}'),
        ("32 levels", b'{"a":' + b"[" * 31 + b"1" + b"]" * 31 + b"}"),
    ]:
        yield {"hex": raw.hex(), "what": what}
    for what, raw in [
        ("a key twice", b'{"a":1,"a":2}'),
        ("a key twice with one value", b'{"a":1,"a":1}'),
        ("unsorted", b'{"b":1,"a":2}'),
        ("a space", b'{"a": 1}'),
        ("a newline after", b'{"a":1}\n'),
        ("an escape that is not needed", b'{"a":"\\u0041"}'),
        ("an escaped slash", b'{"a":"\\/"}'),
        ("an upper-case escape", b'{"a":"\\u001F"}'),
        ("a pair of escapes", b'{"a":"\\ud83d\\ude00"}'),
        ("a lone surrogate", b'{"a":"\\ud800"}'),
        ("a surrogate in UTF-8", b'{"a":"\xed\xa0\x80"}'),
        ("an overlong slash", b'{"a":"\xc0\xaf"}'),
        ("negative zero", b'{"a":-0}'),
        ("1.0", b'{"a":1.0}'),
        ("1e2", b'{"a":1e2}'),
        ("0.5", b'{"a":0.5}'),
        ("an integer of 2^53", b'{"a":9007199254740992}'),
        ("an integer of -2^53", b'{"a":-9007199254740992}'),
        ("an integer of 24 digits", b'{"a":123456789012345678901234}'),
        ("null", b'{"a":null}'),
        ("null in a list", b'{"a":[null]}'),
        ("NaN", b'{"a":NaN}'),
        ("a list", b"[]"),
        ("a text", b'"a"'),
        ("nothing", b""),
        ("an empty key", b'{"":1}'),
        ("a key with a space", b'{"a b":1}'),
        ("a key beyond ASCII", '{"ک":1}'.encode()),
        ("a key of 129", b'{"%b":1}' % (b"k" * 129)),
        ("33 levels", b'{"a":' + b"[" * 32 + b"1" + b"]" * 32 + b"}"),
        ("e and an accent apart", '{"a":"e\u0301"}'.encode()),
        ("alef and madda apart", '{"a":"\u0627\u0653"}'.encode()),
        ("the angstrom sign", '{"a":"\u212b"}'.encode()),
    ]:
        yield {"hex": raw.hex(), "error": "malformed", "what": what}


# --- statements -------------------------------------------------------------------------------------------

ACTOR, NODE, STRANGER = (SigningKey(bytes([n]) * 32) for n in (1, 2, 3))


def _key_id(key: SigningKey) -> str:
    return sha256(bytes(key.verify_key)).hexdigest()


SIGNERS = sorted((_key_id(ACTOR), _key_id(NODE)))
KNOWN = {_key_id(key): bytes(key.verify_key).hex() for key in (ACTOR, NODE)}

FIELDS: Case = {
    "kind": "movement.approved",
    "agreement": "ab" * 32,
    "party": "host",
    "actor": "host/officer.one",
    "subject": "movement/m-1",
    "at": 1_790_000_000_000,
    "after": {"host": 3, "sending": 12},
    "signers": SIGNERS,
    "body": {"plan": "cd" * 32},
}


def _payload(**changed: object) -> bytes:
    return _compact({key: value for key, value in {**FIELDS, **changed}.items() if value is not ...})


PAYLOAD = _payload()


def _pae(payload: bytes, payload_type: str = TYPE) -> bytes:
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _signatures(payload: bytes, keys: Sequence[SigningKey]) -> list[dict[str, str]]:
    signed = [(_key_id(key), base64.b64encode(key.sign(_pae(payload)).signature).decode()) for key in keys]
    return [{"keyid": key_id, "sig": signature} for key_id, signature in sorted(signed)]


def _entry(payload: bytes = PAYLOAD, keys: Sequence[SigningKey] = (ACTOR, NODE), /, **changed: object) -> bytes:
    parts: Case = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": TYPE,
        "signatures": _signatures(payload, keys),
    }
    return _compact({**parts, **changed})


def _pae_cases() -> Iterator[Case]:
    for payload in (b"", b"hello world", "出行".encode(), bytes(range(256)), PAYLOAD):
        yield {"payload": payload.hex(), "signed": _pae(payload).hex(), "id": sha256(_pae(payload)).hexdigest()}


def _entry_cases() -> Iterator[Case]:
    for what, payload in [
        ("a statement", PAYLOAD),
        ("before there is an agreement", _payload(agreement="")),
        ("a kind of a later version", _payload(kind="later.said", body={"any": ["thing", 1]})),
        ("text in three languages", _payload(body={"reason": "late 迟到 تاخیر"})),
        ("the largest payload", _payload(body={"reason": "x" * (40_000 - len(_payload(body={"reason": ""})))})),
    ]:
        yield {"entry": _entry(payload).decode(), "id": sha256(_pae(payload)).hexdigest(), "what": what}
    yield from _refused("malformed", _badly_said())
    yield from _refused("malformed", _badly_written())
    yield from _refused("signature", _badly_signed())


def _refused(error: str, entries: Iterator[tuple[str, bytes]]) -> Iterator[Case]:
    for what, entry in entries:
        yield {"entry": entry.decode(errors="surrogateescape"), "error": error, "what": what}


def _badly_said() -> Iterator[tuple[str, bytes]]:
    """Payloads that are not the one writing of a statement."""
    for field in FIELDS:
        yield f"no {field}", _entry(_payload(**{field: ...}))
        if field != "body":  # which is not looked at here: ST-20
            yield f"null as {field}", _entry(_payload(**{field: None}))
    yield "a field more", _entry(_payload(colour="red"))
    for field, value in [
        ("party", "Host"), ("actor", "host"), ("actor", "sending/officer"), ("actor", "host/a/b"),
        ("subject", "Movement/m-1"), ("kind", "movement"), ("agreement", "AB" * 32), ("at", -1), ("at", 2**53),
        ("at", "1790000000000"), ("after", {"host": -1}), ("after", {f"p{n:02}": n for n in range(17)}),
        ("signers", []), ("signers", SIGNERS[::-1]), ("signers", [*SIGNERS, SIGNERS[1]]),
        ("body", {"reason": "e\u0301"}),
    ]:  # fmt: skip
        yield f"another form of {field}", _entry(_payload(**{field: value}))
    for what, old, new in [
        ("1.0", b'"host":3', b'"host":3.0'),
        ("1e2", b'"host":3', b'"host":3e0'),
        ("negative zero", b'"host":3', b'"host":-0'),
        ("a key twice", b'"host":3', b'"host":3,"host":3'),
        ("a space", b'"host":3', b'"host": 3'),
        ("an escape", b'"party":"host"', b'"party":"\\u0068ost"'),
    ]:
        yield what, _entry(PAYLOAD.replace(old, new))
    yield "unsorted", _entry(_compact(dict(sorted(FIELDS.items(), reverse=True)), sort=False))
    yield (
        "a payload of 40,001 bytes",
        _entry(_payload(body={"reason": "x" * (40_001 - len(_payload(body={"reason": ""})))})),
    )
    yield "an empty payload", _entry(b"")


def _badly_written() -> Iterator[tuple[str, bytes]]:
    """Envelopes that are not the one writing of their statement."""
    good = _entry()
    signatures = _signatures(PAYLOAD, (ACTOR, NODE))
    padded = next(p for n in range(3) if len(p := _payload(body={"reason": "x" * n})) % 3)
    text = base64.b64encode(padded).decode()
    at = len(text.rstrip("=")) - 1
    yield "a newline after", good + b"\n"
    yield "a space", good.replace(b'":"', b'": "', 1)
    yield "a field more", _entry(comment="x")
    yield "another type", _entry(payloadType="application/json")
    yield "unpadded", _entry(padded, (ACTOR, NODE), payload=text.rstrip("="))
    yield (
        "a bit that no byte holds",
        _entry(padded, (ACTOR, NODE), payload=text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :]),
    )
    url = _payload(body={"reason": "出>>???"})
    yield "the URL alphabet", _entry(url, (ACTOR, NODE), payload=base64.urlsafe_b64encode(url).decode())
    yield "signatures out of order", _entry(signatures=signatures[::-1])
    yield "one signature twice", _entry(signatures=[signatures[0], *signatures])
    yield "no signature", _entry(signatures=[])
    yield "a signature missing", _entry(signatures=signatures[:1])
    yield "a signature more", _entry(PAYLOAD, (ACTOR, NODE, STRANGER))
    yield "another signer", _entry(PAYLOAD, (ACTOR, STRANGER))
    yield "a signature without keyid", _entry(signatures=[{"sig": s["sig"]} for s in signatures])
    yield "a signature with more in it", _entry(signatures=[{**s, "cert": ""} for s in signatures])
    yield "65,536 bytes", b" " * 65_536
    yield "nothing", b""


def _badly_signed() -> Iterator[tuple[str, bytes]]:
    """Well-formed, and not signed by those it names with keys that their party has made known."""
    signatures = _signatures(PAYLOAD, (ACTOR, NODE))
    swapped = [{"keyid": a["keyid"], "sig": b["sig"]} for a, b in zip(signatures, signatures[::-1], strict=True)]
    yield "signatures swapped", _entry(signatures=swapped)
    other = _signatures(_payload(subject="movement/m-2"), (ACTOR, NODE))
    yield "signatures of another statement", _entry(signatures=other)
    alone = [
        {"keyid": _key_id(key), "sig": base64.b64encode(key.sign(PAYLOAD).signature).decode()}
        for key in sorted((ACTOR, NODE), key=_key_id)
    ]
    yield "the payload signed without its type", _entry(signatures=alone)
    yield "an empty signature", _entry(signatures=[{**signatures[0], "sig": ""}, signatures[1]])
    strange = _payload(signers=sorted((_key_id(NODE), _key_id(STRANGER))))
    yield "a signer that nobody has made known", _entry(strange, (NODE, STRANGER))


FILES: Files = {
    "canonical.json": (
        "payloads in hexadecimal; without an error, the one encoding of what they say",
        _canonical_cases,
    ),
    "signed.json": ("what is signed for a payload, and its id; in hexadecimal", _pae_cases),
    "entries.json": (
        "entries of a log of party host, which has made known: "
        + ", ".join(f"{key_id} = {key}" for key_id, key in KNOWN.items()),
        _entry_cases,
    ),
}


@cache
def contents() -> dict[str, bytes]:
    """Name and content of every file that this program writes."""
    return documents(FILES)


if __name__ == "__main__":
    write(FOLDER, contents())
