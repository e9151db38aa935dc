"""Every error as the one JSON shape of the API (docs/spec/wire.md, section 5)."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    NotAllowed,
    NotFound,
    NotIdentified,
    Refused,
    SafeconductError,
    Unavailable,
)

logger = logging.getLogger(__name__)

# The nearest class counts.
STATUS: Mapping[type[SafeconductError], int] = {
    InputInvalid: 400,
    NotIdentified: 401,
    NotAllowed: 403,
    NotFound: 404,
    Refused: 409,
    LimitExceeded: 413,
    CheckFailed: 422,
    Unavailable: 503,
}

_MESSAGES = {
    HTTPStatus.NOT_FOUND: "expected an address of this node, got another one: /schema lists them",
    HTTPStatus.METHOD_NOT_ALLOWED: "expected a method that this address has, got another one: /schema lists them",
}
_HEADERS = {"cache-control": "no-store"}
_RETRY_AFTER = {"retry-after": "1"}


class Problem(msgspec.Struct, frozen=True):
    """What went wrong.

    code: a word for programs: the error's name, or the record's reason for refusing. message: for people, what was
    expected and what came. where: the request, or the line of it.
    """

    code: str
    message: str
    where: str


class Failure(msgspec.Struct, frozen=True):
    """The body of every answer that is not what was asked for."""

    error: Problem


def failure(error: SafeconductError, where: str) -> tuple[int, Failure]:
    """Status code and body for one of our errors."""
    status = next(status for kind in type(error).__mro__ if (status := STATUS.get(kind)) is not None)
    code = error.code if isinstance(error, Refused) else _snake_case(type(error).__name__)
    return status, Failure(Problem(code, str(error), where))


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _where(request: Request[Any, Any, Any]) -> str:
    return f"{request.scope['method']} {request.scope['path'][:200]}"


def _ours(request: Request[Any, Any, Any], error: SafeconductError) -> Response[Failure]:
    status, body = failure(error, _where(request))
    headers = _RETRY_AFTER if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(body, status_code=status, headers={**_HEADERS, **headers})


def _of_the_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[Failure]:
    """A path, a method or a parameter that no route has."""
    status = HTTPStatus(error.status_code)
    message = _MESSAGES.get(status, str(error.detail))
    if isinstance(error, ValidationException):
        extra = error.extra if isinstance(error.extra, list) else []
        message = "; ".join(f"{e.get('key')}: {e.get('message')}" for e in extra if isinstance(e, dict)) or message
    code = "input_invalid" if status == HTTPStatus.BAD_REQUEST else status.phrase.lower().replace(" ", "_")
    problem = Problem(code, message, _where(request))
    return Response(Failure(problem), status_code=status, headers={**_HEADERS, **(error.headers or {})})


def _our_mistake(request: Request[Any, Any, Any], error: Exception) -> Response[Failure]:
    """The outermost loop: a broken promise of our own code. Its reader learns nothing but that."""
    logger.error("unexpected error at %s", _where(request), exc_info=error)
    problem = Problem("internal", "this node has made an error; its log says which", _where(request))
    return Response(Failure(problem), status_code=500, headers=_HEADERS)


error_handlers: ExceptionHandlersMap = {
    SafeconductError: _ours,
    HTTPException: _of_the_framework,
    Exception: _our_mistake,
}
