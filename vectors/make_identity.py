"""Write vectors/identity/*.json: `python -m vectors.make_identity`.

Every answer is that of `vectors/edwards.py`, the definition written out; PyNaCl signs, nothing of ours is used.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from nacl.signing import SigningKey

from vectors.documents import Case, Files, documents, write
from vectors.edwards import (
    BASE,
    NEUTRAL,
    ORDER,
    SMALL_ENCODINGS,
    SMALL_POINTS,
    P,
    Point,
    accepted,
    add,
    challenge,
    decode,
    encode,
    secret_scalar,
    times,
)

FOLDER = Path(__file__).parent / "identity"


SEED = bytes(range(32))
KEY = SigningKey(SEED)
PUBLIC = bytes(KEY.verify_key)
MESSAGE = b"movement/m-1 approved"
SIGNATURE = KEY.sign(MESSAGE).signature


def _key_cases() -> Iterator[Case]:
    for raw in (PUBLIC, *(bytes(SigningKey(bytes([n]) * 32).verify_key) for n in range(3))):
        yield {"key": raw.hex(), "key_id": sha256(raw).hexdigest(), "text": base64.b64encode(raw).decode()}
    for raw in SMALL_ENCODINGS:
        yield {"key": raw.hex(), "error": "key", "what": "a point of low order"}
    for above in range(2, 19):
        yield {"key": (P + above).to_bytes(32, "little").hex(), "error": "key", "what": "a coordinate of at least p"}
    for length in (0, 31, 33):
        yield {"key": (b"\x05" * length).hex(), "error": "key", "what": f"{length} bytes"}


def _text_cases() -> Iterator[Case]:
    text = base64.b64encode(PUBLIC).decode()
    yield {"text": text, "key": PUBLIC.hex()}
    spare = text[:-2] + chr(ord(text[-2]) + 1) + "="
    assert base64.b64decode(spare) == PUBLIC
    for what, other in [
        ("no padding", text[:-1]),
        ("padded twice", text + "="),
        ("a newline", text + "\n"),
        ("a space", " " + text),
        ("a bit that no byte holds", spare),
        ("the URL alphabet", base64.urlsafe_b64encode(b"\xff" * 31 + b"\x7f").decode()),
        ("empty", ""),
    ]:
        yield {"text": other, "error": "malformed", "what": what}


def _signing_cases() -> Iterator[Case]:
    for seed, message in [(SEED, b""), (SEED, MESSAGE), (bytes(32), MESSAGE), (b"\xff" * 32, bytes(1024))]:
        key = SigningKey(seed)
        yield {
            "seed": seed.hex(),
            "key": bytes(key.verify_key).hex(),
            "message": message.hex(),
            "signature": key.sign(message).signature.hex(),
        }


def _signature_cases() -> Iterator[Case]:
    def case(what: str, signature: bytes, key: bytes = PUBLIC, message: bytes = MESSAGE) -> Case:
        found: Case = {"key": key.hex(), "message": message.hex(), "signature": signature.hex(), "what": what}
        return found if accepted(key, message, signature) else {**found, "error": "signature"}

    yield case("valid", SIGNATURE)
    yield case("valid for the empty message", KEY.sign(b"").signature, message=b"")
    yield case("for another message", SIGNATURE, message=MESSAGE + b".")
    yield case("by another key", SIGNATURE, key=bytes(SigningKey(bytes(32)).verify_key))
    for byte in (0, 31, 32, 63):
        yield case(f"byte {byte} changed", bytes(b ^ (i == byte) for i, b in enumerate(SIGNATURE)))
    for length in (0, 63, 65):
        yield case(f"{length} bytes", (SIGNATURE + b"\x00")[:length])
    s = int.from_bytes(SIGNATURE[32:], "little")
    for more in (1, 2, 15):
        yield case(f"S + {more} L", SIGNATURE[:32] + (s + more * ORDER).to_bytes(32, "little"))
    for r in SMALL_ENCODINGS:
        fits = challenge(r, PUBLIC, MESSAGE) * secret_scalar(SEED) % ORDER
        yield case("R of low order, S made to fit", r + fits.to_bytes(32, "little"))
    own = decode(PUBLIC)
    assert own is not None
    for number, small in enumerate(SMALL_POINTS):
        yield case(f"R with a part of low order, {number} of 8", _made(PUBLIC, small))
        mixed = encode(add(own, small))
        yield case(f"key with a part of low order, {number} of 8", _made(mixed, NEUTRAL), key=mixed)
    mixed = encode(add(own, SMALL_POINTS[1]))
    yield case("key with a part of low order that cancels", _made(mixed, NEUTRAL, multiple_of=8), key=mixed)
    nobody = next(n for n in range(2, 99) if decode(n.to_bytes(32, "little")) is None).to_bytes(32, "little")
    yield case("key that is no point", SIGNATURE, key=nobody)
    yield case("R that is no point", nobody + SIGNATURE[32:])


def _made(key: bytes, small: Point, *, multiple_of: int = 1) -> bytes:
    """By whoever holds the scalar: it holds times eight, and without that only if the small parts cancel."""
    for nonce in range(123456789, 123457789):
        r = encode(add(times(nonce, BASE), small))
        k = challenge(r, key, MESSAGE)
        if k % multiple_of == 0:
            return r + ((nonce + k * secret_scalar(SEED)) % ORDER).to_bytes(32, "little")
    raise AssertionError("one number in eight is a multiple of eight")


FILES: Files = {
    "keys.json": ("public keys in hexadecimal, with their ids and texts", _key_cases),
    "texts.json": ("texts of public keys", _text_cases),
    "signing.json": ("the signature that a seed gives for a message", _signing_cases),
    "signatures.json": ("signatures under a key; without an error, valid", _signature_cases),
}


@cache
def contents() -> dict[str, bytes]:
    """Name and content of every file that this program writes."""
    return documents(FILES)


if __name__ == "__main__":
    write(FOLDER, contents())
