"""Write vectors/sealing/*.json: `python -m vectors.make_sealing`.

Commitments, shares, fillings and JSON are made from the sentences of docs/spec/sealing.md with `hashlib` and `json`;
pyhpke seals to keys, with ephemeral keys that are given to it, and libsodium makes the boxes. Nothing of ours is used.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from vectors.documents import Case, Files, documents, write

FOLDER = Path(__file__).parent / "sealing"


_SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
_BUCKETS = (1024, 4096, 16_384, 65_536, 262_144, 1_048_576)

_SUBJECT, _COMPARTMENT, _VARIANT = "movement/m-7f3a", "rendezvous", "exact"
_PARTIES = ("host", "sending")
_CONTENT: dict[str, object] = {
    "at": 1_728_280_800_000,
    "count": 12,
    "places": [
        {"at": 1_728_280_800_000, "latitude_e7": 248_949_000, "longitude_e7": 671_580_000, "name": "دروازہ ۲"},
        {"latitude_e7": -1, "longitude_e7": 0},
    ],
    "text": "gate 2, by the clinic\n大门二号",
}


def made_bytes(name: str) -> bytes:
    """32 bytes that are the same in every run."""
    return sha256(f"safeconduct/vectors/sealing/{name}".encode()).digest()


def canonical(value: object) -> bytes:
    """One writing of one value."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


def commit(domain: str, subject: str, salt: bytes, data: bytes) -> str:
    """SEAL-1."""
    labels = b"".join(bytes([len(label.encode())]) + label.encode() for label in (domain, subject))
    return sha256(b"safeconduct/commit/v1\n" + labels + salt + data).hexdigest()


def _xor(*parts: bytes) -> bytes:
    return bytes(_added(column) for column in zip(*parts, strict=True))


def _added(column: Sequence[int]) -> int:
    """Bytes added without a carry."""
    total = 0
    for part in column:
        total ^= part
    return total


def _filled(data: bytes) -> bytes:
    size = next(bucket for bucket in _BUCKETS if len(data) < bucket)
    return data + b"\x80" + bytes(size - len(data) - 1)


def flipped(data: bytes, at: int) -> bytes:
    """With one bit changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


# --- sealing keys, and what is sealed to them -------------------------------------------------------------------------


def private_key(name: str) -> X25519PrivateKey:
    """The sealing key of a party, always the same one."""
    return X25519PrivateKey.from_private_bytes(made_bytes(f"key of {name}"))


def _public(name: str) -> bytes:
    return private_key(name).public_key().public_bytes_raw()


def key_id(name: str) -> str:
    """SEAL-21, of that key."""
    return sha256(_public(name)).hexdigest()


def seal_to(to: str, info: bytes, data: bytes) -> bytes:
    """SEAL-20, with an ephemeral key that follows from what is sealed."""
    ephemeral = _SUITE.kem.derive_key_pair(sha256(b"ephemeral" + _public(to) + info + data).digest())
    public = KEMKey.from_pyca_cryptography_key(private_key(to).public_key())
    encapsulated, sender = _SUITE.create_sender_context(public, info=info, eks=ephemeral)
    return encapsulated + sender.seal(data)


def _info(content: str, holder: str, /, **other: str) -> bytes:
    """What a share is sealed under; other: `giver` of a release, and parts that are not what they should be."""
    use = {
        "subject": _SUBJECT,
        "compartment": _COMPARTMENT,
        "variant": _VARIANT,
        "content": content,
        "holder": holder,
        "to": key_id(holder),
        **other,
    }
    return canonical(use)


# --- the parts --------------------------------------------------------------------------------------------------------


def _commitment_cases() -> Iterator[Case]:
    salt, data = made_bytes("salt"), canonical({"name": "A. Sample", "papers": "P-1"})

    def case(what: str, domain: str, subject: str, data: bytes, salt: bytes = salt) -> Case:
        return {"what": what, "domain": domain, "subject": subject, "salt": salt.hex(), "data": data.hex()}

    subject = f"person/{'ab' * 8}"
    for one in (
        case("a dossier", "dossier", subject, data),
        case("no data", "content-key", "cd" * 32, b""),
        case("a share", "key-share", f"{'cd' * 32}/host", made_bytes("secret")),
        case("labels of one and of 255 bytes", "a", "ب" * 127 + "b", b"\x00"),
    ):
        made = commit(str(one["domain"]), str(one["subject"]), salt, bytes.fromhex(str(one["data"])))
        yield {**one, "commitment": made}
    made = commit("dossier", subject, salt, data)
    for what, domain, about, other in [
        ("data of another person", "dossier", subject, flipped(data, 3)),
        ("another domain", "content-key", subject, data),
        ("another subject", "dossier", subject[:-1] + "c", data),
        ("a letter that moved from the domain to the subject", "dossie", "r" + subject, data),
        ("a byte that moved from the data to the salt", "dossier", subject, data[1:]),
    ]:
        yield {**case(what, domain, about, other), "commitment": made, "error": "check"}
    yield {
        **case("another salt", "dossier", subject, data, made_bytes("other salt")),
        "commitment": made,
        "error": "check",
    }
    for what, domain, about, own in [
        ("a salt of 31 bytes", "dossier", subject, salt[:31]),
        ("a salt of 33 bytes", "dossier", subject, salt + b"\x00"),
        ("an empty domain", "", subject, salt),
        ("an empty subject", "dossier", "", salt),
        ("a subject of 256 bytes", "dossier", "ب" * 128, salt),
    ]:
        yield {**case(what, domain, about, data, own), "error": "malformed"}


def _split_cases() -> Iterator[Case]:
    secret = made_bytes("secret")
    for holders in (2, 3, 5):
        randoms = [made_bytes(f"random {n}") for n in range(1, holders)]
        shares = [*randoms, _xor(secret, *randoms)]
        yield {
            "what": f"{holders} holders",
            "secret": secret.hex(),
            "randoms": [random.hex() for random in randoms],
            "shares": [share.hex() for share in shares],
        }
    for what, wrong in [
        ("one share", [secret]),
        ("a share of 31 bytes", [secret, secret[:31]]),
        ("a share of 33 bytes", [secret, secret + b"\x00"]),
    ]:
        yield {"what": what, "shares": [share.hex() for share in wrong], "error": "malformed"}


def _padding_cases() -> Iterator[Case]:
    def runs(*parts: tuple[str, int]) -> list[list[object]]:
        return [[byte, count] for byte, count in parts if count]

    for length in (0, 1, 1_023, 1_024, 4_095, 4_096, 65_535, 1_048_575):
        size = next(bucket for bucket in _BUCKETS if length < bucket)
        yield {
            "what": f"{length} bytes",
            "data": runs(("61", length)),
            "filled": runs(("61", length), ("80", 1), ("00", size - length - 1)),
        }
    yield {
        "what": "data that ends like a filling",
        "data": runs(("61", 1), ("80", 1), ("00", 5)),
        "filled": runs(("61", 1), ("80", 1), ("00", 5), ("80", 1), ("00", 1_016)),
    }
    yield {"what": "more than the largest holds", "data": runs(("61", 1_048_576)), "error": "limit"}
    for what, filled in [
        ("empty", runs()),
        ("no end", runs(("00", 1_024))),
        ("no end, and no zero", runs(("61", 1_024))),
        ("something behind the end", runs(("61", 9), ("80", 1), ("00", 1_013), ("01", 1))),
        ("one byte less than a size", runs(("61", 9), ("80", 1), ("00", 1_013))),
        ("one byte more than a size", runs(("61", 9), ("80", 1), ("00", 1_015))),
        ("the size after the one that it needs", runs(("61", 9), ("80", 1), ("00", 4_086))),
    ]:
        yield {"what": what, "filled": filled, "error": "check"}


def _key_cases() -> Iterator[Case]:
    for name in ("host", "sending"):
        yield {
            "private_key": made_bytes(f"key of {name}").hex(),
            "key": _public(name).hex(),
            "key_id": key_id(name),
            "text": base64.b64encode(_public(name)).decode(),
        }
    # RFC 7748: p is 2^255 - 19, and the top bit is not looked at.
    p = 2**255 - 19
    for low in (
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        p - 1,
        p,
        p + 1,
        2**255,
    ):
        yield {"key": low.to_bytes(32, "little").hex(), "error": "key", "what": "a point of low order"}
    for length in (0, 31, 33):
        yield {"key": (b"\x05" * length).hex(), "error": "key", "what": f"{length} bytes"}


def _info_cases() -> Iterator[Case]:
    content = sha256(b"a box").hexdigest()
    for what, info in [
        ("a share, from its author", _info(content, "host")),
        ("a release", _info(content, "host", giver="sending")),
    ]:
        # The fields in an order that is not the canonical one.
        fields = dict(reversed(json.loads(info).items()))
        yield {"what": what, "fields": fields, "info": info.decode()}


def _box_cases() -> Iterator[Case]:
    key, nonce, label = made_bytes("content key"), made_bytes("nonce")[:24], f"{_SUBJECT}/{_COMPARTMENT}/{_VARIANT}"

    def case(what: str, box: bytes, *, label: str = label, key: bytes = key) -> Case:
        return {"what": what, "key": key.hex(), "label": label, "box": box.hex()}

    for data in (b"", b"gate 2"):
        box = _box(data, label, key, nonce)
        yield {**case(f"{len(data)} bytes", box), "nonce": nonce.hex(), "data": data.hex()}
    box = _box(b"gate 2", label, key, nonce)
    for at, part in [(0, "nonce"), (24, "ciphertext"), (len(box) - 1, "tag")]:
        yield {**case(f"one bit of the {part} changed", flipped(box, at)), "error": "check"}
    yield {**case("another label", box, label=label + "x"), "error": "check"}
    yield {**case("another key", box, key=made_bytes("other key")), "error": "check"}
    yield {**case("39 bytes", box[:39]), "error": "malformed"}


def _box(data: bytes, label: str, key: bytes, nonce: bytes) -> bytes:
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(data, label.encode(), nonce, key)


def _sealed_cases() -> Iterator[Case]:
    content = sha256(b"a box").hexdigest()
    data = made_bytes("secret") + made_bytes("salt")
    info = _info(content, "host")
    sealed = seal_to("host", info, data)

    def case(what: str, sealed: bytes, *, info: bytes = info, to: str = "host") -> Case:
        return {
            "what": what,
            "private_key": made_bytes(f"key of {to}").hex(),
            "info": info.decode(),
            "sealed": sealed.hex(),
        }

    yield {**case("a share and its salt", sealed), "data": data.hex()}
    given = _info(content, "host", giver="sending")
    yield {**case("the same, released", seal_to("host", given, data), info=given), "data": data.hex()}
    yield {**case("another key", sealed, to="sending"), "error": "check"}
    for what, other in [
        ("for another movement", _info(content, "host", subject="movement/m-7f3b")),
        ("for another compartment", _info(content, "host", compartment="manifest")),
        ("for another variant", _info(content, "host", variant="count")),
        ("for another ciphertext", _info(sha256(b"another box").hexdigest(), "host")),
        ("for another holder", _info(content, "host", holder="sending")),
        ("for another key id", _info(content, "host", to=key_id("sending"))),
        ("released instead of sealed by the author", given),
        ("the same fields in another order", json.dumps(json.loads(info)).encode()),
    ]:
        yield {**case(what, sealed, info=other), "error": "check"}
    for at, part in [(0, "encapsulated key"), (32, "ciphertext"), (len(sealed) - 1, "tag")]:
        yield {**case(f"one bit of the {part} changed", flipped(sealed, at)), "error": "check"}
    yield {**case("an encapsulated key of low order", bytes(32) + sealed[32:]), "error": "check"}
    yield {**case("47 bytes", sealed[:47]), "error": "check"}


# --- whole compartments -----------------------------------------------------------------------------------------------


class _Made:
    """A compartment for `parties`: the body of its statement, its ciphertext, each party's share and salt.

    plain: what is put into the box. committed: the key that its author commits to; split: the one that it splits.
    """

    def __init__(
        self,
        parties: Sequence[str] = _PARTIES,
        *,
        plain: bytes = _filled(canonical(_CONTENT)),
        label: str = f"{_SUBJECT}/{_COMPARTMENT}/{_VARIANT}",
        committed: bytes = made_bytes("content key"),
        split: bytes = made_bytes("content key"),
    ) -> None:
        self.ciphertext = _box(plain, label, made_bytes("content key"), made_bytes("nonce")[:24])
        self.digest = sha256(self.ciphertext).hexdigest()
        randoms = [made_bytes(f"random of {party}") for party in parties[:-1]]
        secrets = [*randoms, _xor(split, *randoms)]
        self.shares = {
            party: (secret, made_bytes(f"salt of {party}")) for party, secret in zip(parties, secrets, strict=True)
        }
        self.body: dict[str, object] = {
            "compartment": _COMPARTMENT,
            "variant": _VARIANT,
            "content": self.digest,
            "size": len(self.ciphertext),
            "key": commit("content-key", self.digest, committed, b""),
            "shares": [self.share(party) for party in parties],
        }

    def share(self, party: str, **info: str) -> dict[str, object]:
        """A share as it stands in the body; info: parts of its use that are not what they should be."""
        secret, salt = self.shares[party]
        sealed = seal_to(party, _info(self.digest, party, **info), secret + salt)
        return {
            "party": party,
            "to": key_id(party),
            "sealed": base64.b64encode(sealed).decode(),
            "commitment": commit("key-share", f"{self.digest}/{party}", salt, secret),
        }

    def release(self, giver: str, receiver: str, /, *, secret: bytes | None = None, **info: str) -> dict[str, object]:
        """What a giver's node says. secret: another share than its own."""
        own, salt = self.shares[giver]
        use = _info(self.digest, receiver, **{"giver": giver, **info})
        sealed = seal_to(receiver, use, (secret or own) + salt)
        return {
            "giver": giver,
            "body": {
                "content": self.digest,
                "party": receiver,
                "to": key_id(receiver),
                "sealed": base64.b64encode(sealed).decode(),
            },
        }

    def case(self, what: str, **changed: object) -> Case:
        """Opened by the host, or as `changed` says."""
        parties = list(self.shares)
        return {
            "what": what,
            "subject": _SUBJECT,
            "body": self.body,
            "ciphertext": self.ciphertext.hex(),
            "private_keys": {party: made_bytes(f"key of {party}").hex() for party in parties},
            "releases": [self.release(giver, to) for giver in parties for to in parties if giver != to],
            "receiver": "host",
            **changed,
        }


def _compartment_cases() -> Iterator[Case]:
    text = canonical(_CONTENT).decode()
    made = _Made()
    for receiver in _PARTIES:
        yield {**made.case(f"opened by {receiver}", receiver=receiver), "content": text}
    yield {**_Made(("clinic", "host", "sending")).case("three parties", receiver="clinic"), "content": text}
    (to_host, to_sending) = (made.release("sending", "host"), made.release("host", "sending"))
    host, sending = (made.share(party) for party in _PARTIES)

    def failing(what: str, error: str, *, of: _Made = made, **changed: object) -> Case:
        return {**of.case(what, **changed), "error": error}

    def body(**changed: object) -> dict[str, object]:
        return {**made.body, **changed}

    yield failing("one bit of the ciphertext changed", "check", ciphertext=flipped(made.ciphertext, 100).hex())
    yield failing("the ciphertext cut short", "check", ciphertext=made.ciphertext[:-1].hex())
    yield failing("another size than the ciphertext's", "check", body=body(size=len(made.ciphertext) + 1))
    yield failing("said of another movement", "check", subject="movement/m-7f3b")
    yield failing("said of another compartment", "check", body=body(compartment="manifest"))
    yield failing("said of another variant", "check", body=body(variant="count"))
    swapped = [{**host, "sealed": sending["sealed"]}, sending]
    yield failing("the host was sealed the other party's share", "check", body=body(shares=swapped))
    other = [{**host, "commitment": sending["commitment"]}, sending]
    yield failing("the host's share is not the one committed to", "check", body=body(shares=other))
    yield failing(
        "a share that was sealed for another variant",
        "check",
        body=body(shares=[made.share("host", variant="count"), sending]),
    )
    yield failing("no share for the host", "malformed", body=body(shares=[{**host, "party": "clinic"}, sending]))
    yield failing("the author committed to another key", "check", of=_Made(committed=made_bytes("other key")))
    yield failing(
        "the author split another key, to which it did not commit", "check", of=_Made(split=made_bytes("other key"))
    )
    both = _Made(split=made_bytes("other key"), committed=made_bytes("other key"))
    yield failing("the author split and committed to a key that does not open the box", "check", of=both)
    yield failing(
        "a box that was made for another variant", "check", of=_Made(label=f"{_SUBJECT}/{_COMPARTMENT}/count")
    )
    yield failing("nothing was released", "malformed", releases=[])
    yield failing("released to the other party alone", "malformed", releases=[to_sending])
    wrong = made.release("sending", "host", secret=made_bytes("other secret"))
    yield failing("the giver gave a share that it did not have", "check", releases=[wrong, to_sending])
    named = made.release("sending", "host", giver="clinic")
    yield failing("released in another party's name", "check", releases=[named, to_sending])
    moved = made.release("sending", "host", variant="count")
    yield failing("released for another variant", "check", releases=[moved, to_sending])
    twin = {**to_host, "body": {**_body(to_host), "sealed": host["sealed"]}}
    yield failing("the receiver's own share handed back as a release", "check", releases=[twin, to_sending])
    unfilled = canonical(_CONTENT)
    yield failing("content that was not filled up", "check", of=_Made(plain=unfilled))
    yield failing("content filled up with spaces", "check", of=_Made(plain=unfilled.ljust(1_024)))
    for what, plain in [
        ("content in another order", json.dumps(dict(reversed(_CONTENT.items())), separators=(",", ":")).encode()),
        ("content with a field that nobody knows", canonical({**_CONTENT, "who": "A. Sample"})),
        (
            "content with a place beyond the pole",
            canonical({"places": [{"latitude_e7": 900_000_001, "longitude_e7": 0}]}),
        ),
        ("content that is no JSON", b"gate 2"),
    ]:
        yield failing(what, "malformed", of=_Made(plain=_filled(plain)))


def _body(release: Mapping[str, object]) -> dict[str, object]:
    found = release["body"]
    assert isinstance(found, dict)
    return found


FILES: Files = {
    "commitments.json": ("commitments (SEAL-1 to SEAL-4); salts and data in hexadecimal", _commitment_cases),
    "splits.json": ("a secret, random strings and the shares in order (SEAL-30); in hexadecimal", _split_cases),
    "fillings.json": (
        "data and what it is filled up to (SEAL-35), as runs of one byte: its hexadecimal, how often",
        _padding_cases,
    ),
    "keys.json": ("sealing keys in hexadecimal, with ids and texts (SEAL-21, SEAL-22)", _key_cases),
    "infos.json": ("what a share and a release are sealed under, as text (SEAL-44, SEAL-45)", _info_cases),
    "boxes.json": ("boxes (SEAL-10, SEAL-12), in hexadecimal but for the label", _box_cases),
    "sealed.json": (
        "sealed to a key, to be opened with its private part under an info (SEAL-20, SEAL-23)",
        _sealed_cases,
    ),
    "compartments.json": (
        "whole compartments: body of the statement, ciphertext, keys, releases, what the receiver opens with its own",
        _compartment_cases,
    ),
}


@cache
def contents() -> dict[str, bytes]:
    """Name and content of every file that this program writes."""
    return documents(FILES)


if __name__ == "__main__":
    write(FOLDER, contents())
