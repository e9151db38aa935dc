"""A person's device with passkeys, in software: what a browser and its authenticator answer to a page.

It does what WebAuthn asks of them and, where a test says so, what an attacker's would: each lie is an argument.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

_PRESENT, _VERIFIED, _NEW = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def data(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


class Device:
    """Holds one passkey. counts: whether it counts its uses, as synchronised ones do not."""

    def __init__(self, *, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = hashlib.sha256(self._public()).digest()
        self.handle = b""
        self.count = 0
        self.counts = counts

    def make(self, options: dict[str, Any], origin: str, *, verified: bool = True, **said: Any) -> dict[str, Any]:
        """What navigator.credentials.create answers."""
        self.handle = data(options["user"]["id"])
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + self._public()
        shown = self._data(options["rp"]["id"], _PRESENT | _NEW | (_VERIFIED if verified else 0)) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": shown})
        return self._answer(
            {
                "clientDataJSON": text(_client("webauthn.create", options["challenge"], origin, said)),
                "attestationObject": text(attestation),
            }
        )

    def show(
        self,
        options: dict[str, Any],
        origin: str,
        *,
        verified: bool = True,
        host: str | None = None,
        handle: bytes | None = None,
        **said: Any,
    ) -> dict[str, Any]:
        """What navigator.credentials.get answers."""
        self.count += 1 if self.counts else 0
        shown = self._data(host or options["rpId"], _PRESENT | (_VERIFIED if verified else 0))
        client = _client("webauthn.get", options["challenge"], origin, said)
        signature = self.key.sign(shown + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(shown),
                "signature": text(signature),
                "userHandle": text(self.handle if handle is None else handle),
            }
        )

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = text(self.credential)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})


def _client(kind: str, challenge: str, origin: str, said: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False, **said}).encode()
