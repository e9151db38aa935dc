"""Signed requests: HTTP Message Signatures (RFC 9421) with our own Ed25519 rule and our own clock.

docs/spec/wire.md, section 1. A node signs with the key that its card pins, an actor with the key it was enrolled with;
the tag keeps the two apart, so that neither kind passes for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from safeconduct.core.identity import PublicKey, SigningKey
from safeconduct.edges.wire.limits import NONCE_CHARACTERS_MAX, SIGNED_WITHIN_SECONDS
from safeconduct.edges.wire.replays import Replays
from safeconduct.errors import InputInvalid, NotAllowed, NotIdentified, SignatureInvalid

NODE_TAG = "safeconduct-federation"
ACTOR_TAG = "safeconduct-api"

_COVERED = ("@method", "@target-uri")
_COVERED_WITH_BODY = (*_COVERED, "content-digest")
# They change nothing, so hearing one twice does no harm, and the nonces of thousands of tiles need not be remembered.
_READING = ("GET", "HEAD")
_LABEL = "safeconduct"


class _Headers(MutableMapping[str, str]):
    """Header lines as the library wants them: all lines in order, names without case."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self.lines = list(lines)

    def items(self) -> Any:
        return self.lines

    def __getitem__(self, name: str) -> str:
        values = [value for key, value in self.lines if key.lower() == name.lower()]
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __setitem__(self, name: str, value: str) -> None:
        if name in self:
            del self[name]
        self.lines.append((name, value))

    def __delitem__(self, name: str) -> None:
        self.lines = [line for line in self.lines if line[0].lower() != name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(key.lower() == name.lower() for key, _ in self.lines)

    def __iter__(self) -> Iterator[str]:
        return iter([key for key, _ in self.lines])

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(slots=True)
class _Message:
    """A request as the library wants it."""

    method: str
    url: str
    headers: _Headers = field(default_factory=lambda: _Headers(()))


class _Ed25519(HTTPSignatureAlgorithm):
    """INVARIANT (one-acceptance): requests are accepted by the rule of core.identity, like everything else."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: PublicKey | None = None, private_key: SigningKey | None = None) -> None:
        self._public, self._private = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        assert self._private is not None
        return self._private.sign(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        assert self._public is not None
        self._public.verify(message, signature)


# --- signing ----------------------------------------------------------------------------------------------------------


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> SigningKey:  # noqa: ARG002, it has one
        return self._key


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests of one node or one actor.

    key_id: party id or actor id. now: milliseconds. nonce: a text that this key has never used.
    """

    key_id: str
    key: SigningKey
    tag: str
    now: Callable[[], int]
    nonce: Callable[[], str]

    def headers(self, method: str, url: str, body: bytes) -> Mapping[str, str]:
        """What to add to a request that is otherwise ready. Raises InputInvalid for an address that is none."""
        message = _Message(method, url)
        reading = method in _READING and not body
        signer = HTTPMessageSigner(signature_algorithm=_Ed25519, key_resolver=_OneKey(self.key))
        try:
            signer.sign(
                message,
                key_id=self.key_id,
                created=datetime.fromtimestamp(self.now() // 1000, UTC),
                nonce=None if reading else self.nonce(),
                label=_LABEL,
                tag=self.tag,
                covered_component_ids=_COVERED,
                body=None if reading else body,
            )
        except HTTPMessageSignaturesException as error:
            raise InputInvalid(f"expected an address to ask, got {url[:200]!r}: {error}") from None
        return dict(message.headers.lines)

    def sign(self, request: httpx.Request) -> None:
        """Add them to a request whose body is at hand."""
        request.headers.update(self.headers(request.method, str(request.url), request.content))


# --- checking ---------------------------------------------------------------------------------------------------------


class Names:
    """The addresses under which this node is asked.

    A signature covers the address. INVARIANT (asked-here): it is checked against our own names, never against one that
    the request brings along, or a node that we ask could pass our request on to another one as its own.
    """

    def __init__(self, urls: Iterable[str]) -> None:
        self._urls: dict[str, str] = {}
        for url in urls:
            parts = urlsplit(url)
            base = f"{parts.scheme}://{parts.netloc}"
            self._urls[parts.netloc.lower()] = base
            default = {"http": 80, "https": 443}.get(parts.scheme)
            if parts.port is None:
                self._urls[f"{parts.netloc.lower()}:{default}"] = base
            elif parts.port == default:
                self._urls[parts.netloc.lower().rpartition(":")[0]] = base.rpartition(":")[0]

    def url(self, host: str, target: str) -> str:
        """The whole address of a request. Raises NotIdentified if it was meant for somebody else."""
        base = self._urls.get(host.lower())
        if base is None:
            known = ", ".join(sorted(set(self._urls.values())))
            raise NotIdentified(f"expected a request to {known}, got one to {host[:80]!r}")
        return base + target


class _Verifier(HTTPMessageVerifier):
    """The library's checks under the node's clock instead of the machine's."""

    def __init__(self, key_resolver: HTTPSignatureKeyResolver, now_seconds: int) -> None:
        super().__init__(signature_algorithm=_Ed25519, key_resolver=key_resolver)
        self._now = now_seconds

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:  # noqa: ARG002
        created, expires = sig_input.params.get("created"), sig_input.params.get("expires")
        if created is None:
            raise InvalidSignature("a signature without the time of signing (created)")
        if abs(created - self._now) > SIGNED_WITHIN_SECONDS:
            raise InvalidSignature(
                f"one that is {created - self._now:+d} s from this node's clock, where"
                f" {SIGNED_WITHIN_SECONDS} s are allowed: check the clocks"
            )
        if expires is not None and expires < self._now:
            raise InvalidSignature(f"one that expired {self._now - expires} s ago")


class _KnownKeys(HTTPSignatureKeyResolver):
    def __init__(self, key_of: Callable[[str], PublicKey]) -> None:
        self._key_of = key_of

    def resolve_public_key(self, key_id: str) -> PublicKey:
        return self._key_of(key_id)


@dataclass(frozen=True, slots=True)
class RequestCheck:
    """Finds out who signed a request.

    key_of: raises NotAllowed for somebody unknown. Calling it with an ASGI scope and the whole body returns the key id
    (party or actor), or raises NotIdentified with what was expected and what came; LimitExceeded when this key has
    signed more requests lately than we can remember.
    """

    tag: str
    names: Names
    key_of: Callable[[str], PublicKey]
    now: Callable[[], int]
    replays: Replays

    def __call__(self, scope: Mapping[str, Any], body: bytes) -> str:
        method = str(scope["method"])
        headers = _Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        if "signature-input" not in headers:
            raise NotIdentified(f"expected a request signed with tag {self.tag}, got no signature")
        query = scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        message = _Message(method, self.names.url(headers.get("host", ""), target), headers)
        reading = method in _READING and not body
        try:
            results = _Verifier(_KnownKeys(self.key_of), self.now() // 1000).verify(
                message,
                max_age=None,
                expect_tag=self.tag,
                require_components=_COVERED if reading else _COVERED_WITH_BODY,
                body=body,
            )
        except HTTPMessageSignaturesException as error:
            raise self._refused(_reason(error)) from None
        if len(results) != 1:
            raise self._refused(f"{len(results)} of them")
        key_id = str(results[0].parameters["keyid"])
        if not reading:
            self._once(key_id, results[0].nonce)
        return key_id

    def _once(self, key_id: str, nonce: str | None) -> None:
        if nonce is None or not 1 <= len(nonce) <= NONCE_CHARACTERS_MAX:
            raise self._refused(f"no nonce of 1 to {NONCE_CHARACTERS_MAX} characters")
        if not self.replays.first(key_id, nonce, self.now()):
            raise self._refused("one that was here before")

    def _refused(self, came: str) -> NotIdentified:
        return NotIdentified(f"expected a request with one good signature with tag {self.tag}, got {came}")


def _reason(error: HTTPMessageSignaturesException) -> str:
    """What the library found, in one line that repeats nothing long from the request."""
    cause = error.__cause__
    if isinstance(cause, NotAllowed | SignatureInvalid):
        return f"none: {cause}"
    return f"another one: {str(error)[:200]}"
