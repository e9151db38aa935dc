"""A speaker's own node, asked over HTTP: what the API answers as typed values, what it refuses as our own errors."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from safeconduct.core.acts import Act, Standing, offer
from safeconduct.edges.cli.inputs import require_url
from safeconduct.edges.cli.profiles import Speaker
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    NotAllowed,
    NotFound,
    Refused,
    SafeconductError,
    Unavailable,
)
from safeconduct.node.append import Accepted

T = TypeVar("T")

# The largest answer is an evidence pack; a node that sends more is not believed to be ours.
ANSWER_BYTES_MAX = 64 * 1024 * 1024
CONNECT_SECONDS_MAX = 5.0
# A node that waits for its disk may take a while; an officer does not wait longer.
ANSWER_SECONDS_MAX = 30.0
# A node that is busy or just starting is asked once more after this time.
RETRY_AFTER_MS = 500

_UNAVAILABLE = 503
_FIRST_ERROR = 400


class _Error(msgspec.Struct):
    code: str
    message: str


class _ErrorAnswer(msgspec.Struct):
    error: _Error


class Judged(msgspec.Struct, frozen=True):
    """What the record would answer to an act. code, account: why it would have no effect, empty if it would."""

    takes_effect: bool
    code: str
    account: str


class NodeClient:
    """One speaker at one node. Every request is signed; close it when done."""

    def __init__(self, assembly: Assembly, speaker: Speaker, url: str | None = None) -> None:
        self.speaker = speaker
        if url is not None:
            require_url(url, "--url")
        self.url = url if url is not None else speaker.url
        self._assembly = assembly
        self._client = httpx.Client(
            base_url=self.url,
            transport=assembly.transport,
            # Reading the machine's certificates takes longer than most answers; plain HTTP needs none.
            verify=trust(assembly) if self.url.startswith("https:") else False,
            # The environment's proxies and credentials are nobody's decision here.
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
        )

    def close(self) -> None:
        """Give back connections."""
        self._client.close()

    # --- asking -------------------------------------------------------------------------------------------------------

    def get(self, path: str, wanted: type[T], **parameters: str | int | None) -> T:
        """What the node answers, as the type that it must have."""
        return self.read(self.fetch(path, **parameters), wanted, path)

    def fetch(self, path: str, **parameters: str | int | None) -> bytes:
        """What the node answers, as bytes."""
        given = {name: str(value) for name, value in parameters.items() if value is not None}
        return self._ask("GET", path, given)

    def post(self, path: str, body: bytes, media_type: str = "application/json", **parameters: str) -> bytes:
        """Hand something to the node. It must be something that may be handed over twice."""
        return self._ask("POST", path, parameters, body, media_type)

    def read(self, data: bytes, wanted: type[T], path: str) -> T:
        """Decode an answer. Raises InputInvalid if it is not of the type."""
        try:
            return msgspec.json.decode(data, type=wanted)
        except msgspec.MsgspecError as error:
            raise InputInvalid(f"expected the answer of a safeconduct node to {path}, got {error}") from None

    # --- saying -------------------------------------------------------------------------------------------------------

    def say(self, subject: str, act: Act) -> Accepted:
        """Say an act. Raises Refused with the record's reason."""
        return self.read(self.post("/v1/statements", self.draft(subject, act)), Accepted, "/v1/statements")

    def would(self, subject: str, act: Act) -> Judged:
        """What the record would answer to the act; nothing is said."""
        body = self.post("/v1/statements", self.draft(subject, act), check="true")
        return self.read(body, Judged, "/v1/statements")

    def draft(self, subject: str, act: Act) -> bytes:
        """An act as a statement of the speaker, signed, for its node; nothing is said yet."""
        standing = self.get("/v1/standing", Standing)
        if standing.party != self.speaker.party:
            raise NotAllowed(f"expected the node of {self.speaker.party} at {self.url}, got that of {standing.party}")
        return offer(standing, self.speaker.actor, self.speaker.key, subject, act)

    # --- over the wire ------------------------------------------------------------------------------------------------

    def _ask(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str],
        body: bytes = b"",
        media_type: str = "",
    ) -> bytes:
        status, answer = self._send(method, path, parameters, body, media_type)
        if status == _UNAVAILABLE:
            asyncio.run(self._assembly.clock.sleep(RETRY_AFTER_MS))
            status, answer = self._send(method, path, parameters, body, media_type)
        if status >= _FIRST_ERROR:
            raise _refusal(status, answer, self.url)
        return answer

    def _send(
        self, method: str, path: str, parameters: Mapping[str, str], body: bytes, media_type: str
    ) -> tuple[int, bytes]:
        headers = {"content-type": media_type} if media_type else {}
        try:
            request = self._client.build_request(method, path, params=parameters, content=body, headers=headers)
            # A new signature each time: a node hears none twice.
            self._assembly.sign_request(request, self.speaker.actor, self.speaker.key)
            response = self._client.send(request, stream=True)
            try:
                answer = b""
                for chunk in response.iter_bytes():
                    answer += chunk
                    if len(answer) > ANSWER_BYTES_MAX:
                        raise LimitExceeded(f"an answer of at most {ANSWER_BYTES_MAX} bytes, got more from {self.url}")
                return response.status_code, answer
            finally:
                response.close()
        except httpx.TimeoutException:
            raise Unavailable(f"the node at {self.url} did not answer in time") from None
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Unavailable(
                f"the node at {self.url} cannot be reached: {reason} (is safeconduct serve running?)"
            ) from None


def trust(assembly: Assembly) -> ssl.SSLContext:
    """Whom to believe that an address is a node's. Raises InputInvalid for a file without certificates."""
    context = ssl.create_default_context()
    authority = assembly.settings.tls_authority
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except (OSError, ssl.SSLError) as error:
            raise InputInvalid(f"expected certificates (PEM) at {authority}, got none: {error}") from None
    return context


def _refusal(status: int, answer: bytes, url: str) -> SafeconductError:
    try:
        error = msgspec.json.decode(answer, type=_ErrorAnswer).error
    except msgspec.MsgspecError:
        return Unavailable(f"expected the answer of a safeconduct node at {url}, got status {status} of something else")
    match status:
        case 400 | 405 | 415:
            return InputInvalid(error.message)
        case 401 | 403:
            return NotAllowed(error.message)
        case 404:
            return NotFound(error.message)
        case 409:
            return Refused(error.code, error.message)
        case 413 | 429:
            return LimitExceeded(error.message)
        case 422:
            return CheckFailed(error.message)
        case _:
            return Unavailable(error.message)
