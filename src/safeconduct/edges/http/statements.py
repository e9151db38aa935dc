"""The one route by which statements enter: as fast as the writer, because everything else waits behind it.

It asks for no session and no signed request: the statement is signed, by somebody whom the node knows, or is refused.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromQuery, SkipValidation

from safeconduct.core.statement import ENTRY_BYTES_MAX
from safeconduct.edges.http.answers import Checked
from safeconduct.edges.http.gate import AnyRequest, read_body
from safeconduct.edges.http.limits import STATEMENTS_AT_ONCE_MAX, STATEMENTS_BYTES_MAX, STATEMENTS_UNDER_WAY
from safeconduct.edges.http.refusals import failure
from safeconduct.errors import LimitExceeded, SafeconductError
from safeconduct.node import commands
from safeconduct.node.append import Accepted
from safeconduct.node.node import Node

_encoder = msgspec.json.Encoder()
_JSON = "application/json"
_LINES = "application/x-ndjson"


@dataclass
class _Documented(Operation):
    """Adds to the generated description what a route that reads its body itself cannot say by its types."""

    def __post_init__(self) -> None:
        envelope = Schema(type=OpenAPIType.OBJECT, description="a DSSE envelope: docs/spec/statement.md")
        lines = Schema(type=OpenAPIType.STRING, description=f"up to {STATEMENTS_AT_ONCE_MAX} envelopes, one a line")
        self.request_body = RequestBody(
            content={_JSON: OpenAPIMediaType(schema=envelope), _LINES: OpenAPIMediaType(schema=lines)}, required=True
        )


@post("/statements", status_code=200, tags=["do"], operation_class=_Documented)
async def say(
    request: AnyRequest,
    api: NamedDependency[SkipValidation[Any]],
    check: FromQuery[bool] = False,  # noqa: FBT002, as a query has it
) -> Response[bytes]:
    """Log a statement that an actor of this party has signed: answered once it is durable, or refused with the reason.

    check: say only whether it would take effect, and log nothing. With content type application/x-ndjson the body has
    one statement a line; the answer has one line for each, in the same order, an error where one was refused.
    """
    node: Node = api.node
    if request.headers.get("content-type", "").startswith(_LINES):
        body = await read_body(request, STATEMENTS_BYTES_MAX)
        return Response(await _many(node, body, check=check), headers={"content-type": _LINES})
    body = await read_body(request, ENTRY_BYTES_MAX)
    return Response(_encoder.encode(await _one(node, body, check=check)), headers={"content-type": _JSON})


async def _one(node: Node, envelope: bytes, *, check: bool) -> Accepted | Checked:
    if not check:
        return await commands.say(node, envelope)
    void = commands.would(node, envelope)
    return Checked() if void is None else Checked(takes_effect=False, code=void.code, account=void.account)


async def _many(node: Node, body: bytes, *, check: bool) -> bytes:
    lines = body.removesuffix(b"\n").split(b"\n") if body else []
    if len(lines) > STATEMENTS_AT_ONCE_MAX:
        raise LimitExceeded(f"at most {STATEMENTS_AT_ONCE_MAX} statements in one request, got {len(lines)}")
    answers: list[bytes] = []
    for at in range(0, len(lines), STATEMENTS_UNDER_WAY):
        chunk = enumerate(lines[at : at + STATEMENTS_UNDER_WAY], at + 1)
        answers += await asyncio.gather(*(_line(node, line, number, check=check) for number, line in chunk))
    return b"".join(answer + b"\n" for answer in answers)


async def _line(node: Node, envelope: bytes, number: int, *, check: bool) -> bytes:
    try:
        if len(envelope) > ENTRY_BYTES_MAX:
            raise LimitExceeded(f"a statement has at most {ENTRY_BYTES_MAX} bytes, got {len(envelope)}")
        return _encoder.encode(await _one(node, envelope, check=check))
    except SafeconductError as error:
        return _encoder.encode(failure(error, f"line {number}")[1])
