"""Passkeys over HTTP: what the console's script asks in order to add one, and to begin a session with one.

A passkey opens the screen and signs nothing. The checks of WebAuthn are the library's; here is what it is not asked:
who may add one, that a challenge is this browser's own, and that no other page framed ours. docs/spec/access.md ACC-10.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Response, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from safeconduct.edges.http.challenges import Challenges
from safeconduct.edges.http.gate import AnyRequest, Gate, read_body, read_form, require_own_page
from safeconduct.edges.http.limits import CHALLENGE_LIFETIME_MS, CREDENTIAL_BYTES_MAX, EMPTY_BODY_BYTES_MAX
from safeconduct.errors import CheckFailed, InputInvalid, NotAllowed, NotIdentified
from safeconduct.node import passkeys
from safeconduct.node.node import Node
from safeconduct.node.ports import Passkey

_ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_LABEL_MAX = 60
_CREDENTIAL_ID_MAX = 1_023
# What a hostile credential makes the library's parsers raise, besides its own.
_UNREADABLE = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)

_ENTER, _ADD = "enter", "add"
_HEADERS = {"cache-control": "no-store"}


class _Label(msgspec.Struct, frozen=True):
    """What is added: the browser's answer, and what its owner calls it."""

    label: str
    credential: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ceremonies:
    """What the routes of passkeys need.

    address_of: under which of our URLs the browser asked, from the request's Host. secret: a new unpredictable text.
    """

    node: Node
    gate: Gate
    challenges: Challenges
    address_of: Callable[[str], str]
    secret: Callable[[], str]

    @property
    def holder_cookie(self) -> str:
        """The cookie by which a browser without a session is known from challenge to answer."""
        return f"{self.gate.sessions.cookie_name}-asks"


def passkey_host(address: str) -> str | None:
    """The host name for which browsers make passkeys under this address of ours; None where they make none.

    They ask for TLS and a name; on the machine itself `localhost` will do.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host == "localhost":
        return host
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if parts.scheme == "https" else None
    return None


def passkey_routes(doors: Ceremonies) -> list[HTTPRouteHandler]:
    """The handlers below /passkeys."""

    @post("/passkeys/challenge", status_code=200, include_in_schema=False)
    async def challenge(request: AnyRequest) -> Response[bytes]:
        origin = require_own_page(request, doors.address_of)
        await read_body(request.receive, EMPTY_BODY_BYTES_MAX)
        holder = doors.secret()
        options = generate_authentication_options(
            rp_id=_host(origin),
            challenge=doors.challenges.issue(holder, _ENTER),
            timeout=CHALLENGE_LIFETIME_MS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        cookie = _holder(doors, holder, CHALLENGE_LIFETIME_MS // 1000, secure=origin.startswith("https:"))
        return _json(options_to_json(options), cookie)

    @post("/passkeys/enter", status_code=200, include_in_schema=False)
    async def enter(request: AnyRequest) -> Response[bytes]:
        origin = require_own_page(request, doors.address_of)
        credential = _read(await read_body(request.receive, CREDENTIAL_BYTES_MAX), dict[str, Any])
        known = await _checked(doors, credential, request.cookies.get(doors.holder_cookie, ""), origin)
        secure = origin.startswith("https:")
        doors.gate.sessions.leave(request.cookies)
        session = doors.gate.sessions.enter_by_passkey(known.actor, known.enrolment, secure=secure)
        return _json("{}", session, _holder(doors, "", 0, secure=secure))

    @post("/passkeys/new", status_code=200, include_in_schema=False)
    async def new(request: AnyRequest) -> Response[bytes]:
        origin = require_own_page(request, doors.address_of)
        await read_body(request.receive, EMPTY_BODY_BYTES_MAX)
        viewer = doors.gate.sitter(request)
        doors.gate.require_fresh_link(request)
        known = passkeys.passkeys_of(doors.node, viewer)
        options = generate_registration_options(
            rp_id=_host(origin),
            rp_name=f"safeconduct {doors.node.party}",
            user_id=passkeys.handle_of(doors.node, viewer.actor),
            user_name=viewer.actor,
            challenge=doors.challenges.issue(_session_of(doors, request), _ADD),
            timeout=CHALLENGE_LIFETIME_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential) for passkey in known],
            supported_pub_key_algs=_ALGORITHMS,
        )
        return _json(options_to_json(options))

    @post("/passkeys/add", status_code=200, include_in_schema=False)
    async def add(request: AnyRequest) -> Response[bytes]:
        origin = require_own_page(request, doors.address_of)
        asked = _read(await read_body(request.receive, CREDENTIAL_BYTES_MAX), _Label)
        viewer = doors.gate.sitter(request)
        doors.gate.require_fresh_link(request)
        label = " ".join(asked.label.split())[:_LABEL_MAX]
        if not label or not label.isprintable():
            raise InputInvalid(f"expected a name of 1 to {_LABEL_MAX} characters for the passkey, got another")
        given = _challenge_in(asked.credential, origin)
        doors.challenges.require(given, _session_of(doors, request), _ADD)
        try:
            made = verify_registration_response(
                credential=asked.credential,
                expected_challenge=given,
                expected_rp_id=_host(origin),
                expected_origin=origin,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
        except _UNREADABLE as error:
            raise CheckFailed(
                f"expected a new passkey of this browser, got one that does not verify: {error}"
            ) from None
        doors.challenges.use_up(given)
        if len(made.credential_id) > _CREDENTIAL_ID_MAX:
            raise InputInvalid(f"a credential has an id of at most {_CREDENTIAL_ID_MAX} bytes, got a longer one")
        await passkeys.add_passkey(
            doors.node,
            viewer,
            credential=made.credential_id,
            key=made.credential_public_key,
            count=made.sign_count,
            host=_host(origin),
            label=label,
        )
        return _json("{}")

    @post("/passkeys/remove", status_code=303, include_in_schema=False)
    async def remove(request: AnyRequest) -> Redirect:
        require_own_page(request, doors.address_of)
        form = await read_form(request.receive)
        viewer = doors.gate.sitter(request)
        await passkeys.remove_passkey(doors.node, viewer, _bytes_of(form.get("credential")))
        return Redirect("/you", status_code=303, headers=_HEADERS)

    return [challenge, enter, new, add, remove]


async def _checked(doors: Ceremonies, credential: dict[str, Any], holder: str, origin: str) -> Passkey:
    """The passkey by which somebody enters, once all of it is checked and its use is counted."""
    given = _challenge_in(credential, origin)
    doors.challenges.require(given, holder, _ENTER)
    known = passkeys.known_passkey(doors.node, _bytes_of(credential.get("rawId")))
    host = _host(origin)
    if known.host != host:
        raise NotIdentified(f"expected a passkey that was added under {host}, got one of {known.host}")
    response = credential.get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    if _bytes_of(handle) != passkeys.handle_of(doors.node, known.actor):
        raise NotIdentified("expected the passkey of the actor that it was added for, got another actor's")
    try:
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=given,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=known.key,
            credential_current_sign_count=known.count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise NotIdentified(f"expected a passkey that verifies, got one that does not: {error}") from None
    # Before the first wait: of two answers to one challenge only one can be the first.
    doors.challenges.use_up(given)
    await passkeys.count_use(doors.node, known, found.new_sign_count)
    return known


def _host(origin: str) -> str:
    host = passkey_host(origin)
    if host is None:
        raise NotAllowed(f"expected an address with TLS and a host name, or localhost, got {origin}: no passkeys there")
    return host


def _session_of(doors: Ceremonies, request: AnyRequest) -> str:
    return request.cookies.get(doors.gate.sessions.cookie_name, "")


def _challenge_in(credential: Mapping[str, Any], origin: str) -> bytes:
    """The challenge that the browser says it has answered, for a page of ours that nobody has framed."""
    response = credential.get("response")
    try:
        said = json.loads(_bytes_of(response.get("clientDataJSON") if isinstance(response, dict) else None))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise InputInvalid("expected what a browser says of a passkey, got something else")
    if said.get("origin") != origin or said.get("crossOrigin") or "topOrigin" in said:
        raise NotIdentified(f"expected a passkey shown to {origin}, got one shown elsewhere")
    return _bytes_of(said.get("challenge"))


def _bytes_of(text: object) -> bytes:
    """From base64url without padding; empty for anything else."""
    if not isinstance(text, str):
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _holder(doors: Ceremonies, secret: str, seconds: int, *, secure: bool) -> Cookie:
    return Cookie(
        key=doors.holder_cookie,
        value=secret,
        path="/passkeys",
        httponly=True,
        samesite="strict",
        secure=secure,
        max_age=seconds,
    )


def _read(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError) as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected what a browser says of a passkey, got {error}") from None


def _json(text: str, *cookies: Cookie) -> Response[bytes]:
    return Response(text.encode(), media_type="application/json", headers=_HEADERS, cookies=list(cookies))
