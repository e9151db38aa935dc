"""A statement, its signers and its envelope, and ways to write the envelope wrongly."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec

from safeconduct.core.identity import SigningKey
from safeconduct.core.statement import PAYLOAD_TYPE, Statement, encode_statement, pae, write_envelope

ACTOR = SigningKey.from_seed(b"\x01" * 32)
NODE = SigningKey.from_seed(b"\x02" * 32)
STRANGER = SigningKey.from_seed(b"\x03" * 32)
KEYS = {key.public.key_id: key for key in (ACTOR, NODE, STRANGER)}
SIGNERS = tuple(sorted((ACTOR.public.key_id, NODE.public.key_id)))

STATEMENT = Statement(
    kind="movement.approved",
    agreement="ab" * 32,
    party="host",
    actor="host/officer.one",
    subject="movement/m-1",
    at=1_790_000_000_000,
    after={"host": 3, "sending": 12},
    signers=SIGNERS,
    body=msgspec.Raw(b'{"plan":"' + b"cd" * 32 + b'"}'),
)
PAYLOAD = encode_statement(STATEMENT)


def signatures(payload: bytes = PAYLOAD, *, by: tuple[str, ...] = SIGNERS) -> dict[str, bytes]:
    return {key_id: KEYS[key_id].sign(pae(payload)) for key_id in by}


ENTRY = write_envelope(PAYLOAD, signatures())


def compact(value: object) -> bytes:
    """JSON in the order that it has, without spaces: a canonical writer only if the value is in order."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def envelope(payload: bytes = PAYLOAD, /, **changed: Any) -> bytes:
    """An envelope around any payload, signed by whom the sample names, with parts replaced."""
    parts: dict[str, Any] = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [
            {"keyid": key_id, "sig": base64.b64encode(signature).decode()}
            for key_id, signature in sorted(signatures(payload).items())
        ],
    }
    return compact({**parts, **changed})


def payload_with(**changed: Any) -> bytes:
    """The sample's payload with fields replaced; a value of ... leaves the field out."""
    fields = {**json.loads(PAYLOAD), **changed}
    return compact({key: value for key, value in sorted(fields.items()) if value is not ...})
