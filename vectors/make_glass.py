"""Write vectors/glass/*.json: `python -m vectors.make_glass`.

Pieces are points of polynomials over GF(256), worked out here by adding and shifting; age files are put together from
the sentences of age-encryption.org/v1 with X25519, HKDF, HMAC and ChaCha20-Poly1305 of `cryptography`, keys in bech32
by the definition of BIP 173; pyhpke seals what is given. Nothing of ours is used, no pyshamir and no pyrage.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vectors.documents import Case, Files, documents, write
from vectors.make_sealing import canonical, commit, flipped, key_id, private_key, seal_to

FOLDER = Path(__file__).parent / "glass"

_SUBJECT, _COMPARTMENT, _VARIANT = "movement/m-7f3a", "rendezvous", "exact"
_CONTENT = sha256(b"a box").hexdigest()
_AGREEMENT = sha256(b"an agreement").hexdigest()
_OFFICERS = ("anna", "bilal", "chen")
_NEEDED = 2
# The party whose share it is, and the one that asks.
_PARTY, _ASKING = "sending", "host"


def _made(name: str, size: int = 32) -> bytes:
    return sha256(f"safeconduct/vectors/glass/{name}".encode()).digest()[:size]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


# --- pieces -----------------------------------------------------------------------------------------------------------


def _times(a: int, b: int) -> int:
    """The product in GF(2^8), modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _piece(secret: bytes, coefficients: Sequence[bytes], place: int) -> bytes:
    """Each byte is the constant of a polynomial; the value of each at the place, and the place behind them all."""
    values = bytearray()
    for index, byte in enumerate(secret):
        value, power = byte, 1
        for row in coefficients:
            power = _times(power, place)
            value ^= _times(row[index], power)
        values.append(value)
    return bytes(values) + bytes([place])


def _share() -> bytes:
    return _made("share") + _made("salt of the share")


def _pieces(places: Sequence[int], needed: int = _NEEDED) -> list[bytes]:
    coefficients = [_made(f"coefficient {n} a") + _made(f"coefficient {n} b") for n in range(1, needed)]
    return [_piece(_share(), coefficients, place) for place in places]


def _piece_cases() -> Iterator[Case]:
    def case(what: str, pieces: Sequence[bytes]) -> Case:
        return {"what": what, "pieces": [piece.hex() for piece in pieces]}

    for needed, places in ((2, (1, 2)), (2, (255, 7)), (3, (9, 200, 3)), (5, (1, 2, 3, 4, 5))):
        yield {**case(f"{needed} of {needed} at {places}", _pieces(places, needed)), "secret": _share().hex()}
    yield {**case("more than are needed", _pieces((4, 8, 15, 16))), "secret": _share().hex()}
    yield {**case("two where three are needed give something else", _pieces((1, 2), 3)), "not": _share().hex()}
    one, two = _pieces((1, 2))
    yield {**case("one piece", [one]), "error": "malformed"}
    yield {**case("the same piece twice", [one, one]), "error": "malformed"}
    yield {**case("a piece of 64 bytes", [one, two[:-1]]), "error": "malformed"}


# --- keys and files of age --------------------------------------------------------------------------------------------

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _checksum(values: Sequence[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def _bech32(prefix: str, data: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _checksum([*spread, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - n) & 31 for n in range(6)]
    return prefix + "1" + "".join(_BECH32[value] for value in values)


def _officer(name: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_made(f"key of {name}"))


def _identity(name: str) -> str:
    return _bech32("age-secret-key-", _made(f"key of {name}")).upper()


def _recipient(name: str) -> str:
    return _bech32("age", _officer(name).public_key().public_bytes_raw())


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=info).derive(secret)


def _unpadded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _age(data: bytes, recipient: X25519PublicKey, seed: str) -> bytes:
    """An age file of one chunk for one X25519 recipient; its random parts follow from the seed."""
    file_key = _made(f"file key {seed}", 16)
    ephemeral = X25519PrivateKey.from_private_bytes(_made(f"ephemeral {seed}"))
    share, theirs = ephemeral.public_key().public_bytes_raw(), recipient.public_bytes_raw()
    wrap = _derived(ephemeral.exchange(recipient), share + theirs, b"age-encryption.org/v1/X25519")
    wrapped = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    header = b"age-encryption.org/v1\n-> X25519 " + _unpadded(share) + b"\n" + _unpadded(wrapped) + b"\n---"
    mac = HMAC(_derived(file_key, b"", b"header"), SHA256())
    mac.update(header)
    nonce = _made(f"nonce {seed}", 16)
    # The counter of the first chunk, and the mark of the last.
    chunk = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\x01", data, None)
    return header + b" " + _unpadded(mac.finalize()) + b"\n" + nonce + chunk


def _key_cases() -> Iterator[Case]:
    for name in _OFFICERS:
        yield {"what": name, "identity": _identity(name), "recipient": _recipient(name)}
    right = _recipient("anna")
    wrong = right[:-1] + ("p" if right.endswith("q") else "q")
    yield {"what": "a letter of the checksum changed", "recipient": wrong, "error": "key"}


# --- the escrow -------------------------------------------------------------------------------------------------------


def _salt(officer: str) -> bytes:
    return _made(f"salt of {officer}")


def _held(officer: str, piece: bytes, /, **changed: str) -> dict[str, object]:
    """SEAL-72; changed: what does not stand there as it should."""
    return {
        "format": "safeconduct/piece/1",
        "agreement": _AGREEMENT,
        "subject": _SUBJECT,
        "compartment": _COMPARTMENT,
        "variant": _VARIANT,
        "content": _CONTENT,
        "party": _PARTY,
        "officer": officer,
        "piece": _base64(piece),
        "salt": _base64(_salt(officer)),
        **changed,
    }


def _listed(officer: str, piece: bytes, held: Mapping[str, object]) -> dict[str, object]:
    """An officer's line in the escrow; held: what stands in the file."""
    sealed = _age(canonical(held), _officer(officer).public_key(), officer)
    return {
        "party": _PARTY,
        "officer": officer,
        "commitment": commit("glass-piece", f"{_CONTENT}/{_PARTY}/{officer}", _salt(officer), piece),
        "sealed": _base64(sealed),
    }


def _escrow(first: Mapping[str, object] | None = None) -> dict[str, object]:
    """SEAL-73; first: another line than that of the first officer."""
    pieces = dict(zip(_OFFICERS, _pieces((1, 2, 3)), strict=True))
    lines: list[Mapping[str, object]] = [
        _listed(officer, piece, _held(officer, piece)) for officer, piece in pieces.items()
    ]
    return {"format": "safeconduct/escrow/1", "content": _CONTENT, "pieces": [first or lines[0], *lines[1:]]}


def _escrow_cases() -> Iterator[Case]:
    pieces = _pieces((1, 2, 3))
    one, two, _ = pieces

    def case(what: str, escrow: Mapping[str, object], officer: str = "anna", *, key: str = "") -> Case:
        written = canonical(escrow)
        return {
            "what": what,
            "escrow": written.decode(),
            "digest": sha256(written).hexdigest(),
            "party": _PARTY,
            "officer": officer,
            "identity": _identity(key or officer),
        }

    good = _escrow()
    for officer, piece in zip(_OFFICERS, pieces, strict=True):
        yield {**case(f"the piece of {officer}", good, officer), "held": _held(officer, piece)}
    yield {**case("another officer's key", good, key="bilal"), "error": "check"}
    yield {**case("an officer who holds none", good, "dara", key="anna"), "error": "malformed"}
    for what, held in [
        ("a piece of another content", _held("anna", one, content=sha256(b"another box").hexdigest())),
        ("a piece of another party", _held("anna", one, party="host")),
        ("another officer's piece under her own name", _held("anna", two)),
        ("another format", _held("anna", one, format="safeconduct/piece/2")),
        ("another salt", _held("anna", one, salt=_base64(_salt("bilal")))),
        ("a field that nobody knows", {**_held("anna", one), "who": "A. Sample"}),
    ]:
        yield {**case(what, _escrow(_listed("anna", one, held))), "error": "check"}
    line = _listed("anna", one, _held("anna", one))
    sealed = base64.b64decode(str(line["sealed"]))
    for what, at in [("header", sealed.index(b"---") + 6), ("payload", len(sealed) - 1)]:
        changed = {**line, "sealed": _base64(flipped(sealed, at))}
        yield {**case(f"one bit of the {what} changed", _escrow(changed)), "error": "check"}


# --- what is said -----------------------------------------------------------------------------------------------------


def _given(officer: str, piece: bytes, /, **changed: str) -> dict[str, object]:
    """The body of glass.given (SEAL-76); changed: parts of the info that are not what they should be."""
    use = {
        "subject": _SUBJECT,
        "content": _CONTENT,
        "party": _PARTY,
        "officer": officer,
        "holder": _ASKING,
        "to": key_id(_ASKING),
        **changed,
    }
    sealed = _base64(seal_to(_ASKING, canonical(use), piece + _salt(officer)))
    return {"content": _CONTENT, "party": _PARTY, "officer": officer, "to": key_id(_ASKING), "sealed": sealed}


def _given_cases() -> Iterator[Case]:
    one, two, _ = _pieces((1, 2, 3))

    def case(what: str, body: Mapping[str, object], *, key: str = _ASKING) -> Case:
        return {
            "what": what,
            "subject": _SUBJECT,
            "escrow": canonical(_escrow()).decode(),
            "body": body,
            "holder": _ASKING,
            "private_key": private_key(key).private_bytes_raw().hex(),
        }

    yield {**case("the piece of anna", _given("anna", one)), "piece": one.hex()}
    yield {**case("the piece of bilal", _given("bilal", two)), "piece": two.hex()}
    yield {**case("another's piece", _given("anna", two)), "error": "check"}
    yield {**case("another node's key", _given("anna", one), key=_PARTY), "error": "check"}
    for what, changed in [
        ("for another movement", {"subject": "movement/m-7f3b"}),
        ("for another content", {"content": sha256(b"another box").hexdigest()}),
        ("for another party's share", {"party": "host"}),
        ("from another officer", {"officer": "bilal"}),
        ("for another node", {"holder": "sending"}),
        ("for another key", {"to": key_id("sending")}),
    ]:
        yield {**case(f"sealed {what}", _given("anna", one, **changed)), "error": "check"}
    yield {**case("from somebody who is no officer", {**_given("anna", one), "officer": "dara"}), "error": "malformed"}


def _body_cases() -> Iterator[Case]:
    given = _given("anna", _pieces((1,))[0])
    asked = {"content": _CONTENT, "party": _PARTY, "reason": "no answer since 04:10"}
    for kind, body in [
        ("glass.asked", asked),
        ("glass.asked", {**asked, "reason": "صبح ۴ بجے سے کوئی جواب نہیں"}),
        ("glass.given", given),
        ("glass.objected", {"content": _CONTENT, "reason": "we are here"}),
    ]:
        yield {"what": f"{kind} as it is said", "kind": kind, "body": canonical(body).decode()}
    for what, kind, wrong in [
        ("no reason", "glass.asked", {"content": _CONTENT, "party": _PARTY}),
        ("an empty reason", "glass.objected", {"content": _CONTENT, "reason": ""}),
        ("a field that nobody knows", "glass.asked", {**asked, "who": "x"}),
        ("a piece one letter short", "glass.given", {**given, "sealed": str(given["sealed"])[1:]}),
        ("a digest in capitals", "glass.asked", {**asked, "content": _CONTENT.upper()}),
    ]:
        yield {"what": what, "kind": kind, "body": canonical(wrong).decode(), "error": "malformed"}


FILES: Files = {
    "pieces.json": (
        "pieces and the share with its salt that they give back (SEAL-70, SEAL-71); in hexadecimal",
        _piece_cases,
    ),
    "keys.json": ("officers' keys as age writes them (SEAL-72)", _key_cases),
    "escrows.json": ("an escrow, an officer's key, what is in the officer's file (SEAL-72, SEAL-73)", _escrow_cases),
    "given.json": ("bodies of glass.given, and the piece that the asking node takes out (SEAL-76)", _given_cases),
    "bodies.json": ("bodies of what is said of break-glass, as they stand in a statement (ACT-1)", _body_cases),
}


@cache
def contents() -> dict[str, bytes]:
    """Name and content of every file that this program writes."""
    return documents(FILES)


if __name__ == "__main__":
    write(FOLDER, contents())
