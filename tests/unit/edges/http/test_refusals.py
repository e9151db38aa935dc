"""Every error has a status and a code of its own."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from safeconduct import errors
from safeconduct.edges.http.refusals import error_handlers, failure
from safeconduct.errors import LogForked, Refused, SafeconductError, TermsInvalid


def every_error() -> Iterator[SafeconductError]:
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if kind is SafeconductError or not issubclass(kind, SafeconductError):
            continue
        if kind is Refused:
            yield Refused("not_ready", "the gate is open")
        elif kind is TermsInvalid:
            yield TermsInvalid(("a:1: wrong",))
        elif kind is LogForked:
            yield LogForked("two histories", origin="x/log", evidence=b"")
        else:
            yield kind("what was expected, what came")


@pytest.mark.parametrize("error", list(every_error()), ids=lambda error: type(error).__name__)
def test_every_error_of_ours_is_the_askers_or_passing_and_never_our_mistake(error: SafeconductError) -> None:
    """WIRE-56"""
    status, body = failure(error, "GET /")
    assert (400 <= status < 500 or status == 503, body.error.message, body.error.where) == (True, str(error), "GET /")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("InputInvalid", 400, "input_invalid"),
        ("EntryInvalid", 400, "entry_invalid"),
        ("NotIdentified", 401, "not_identified"),
        ("NotAllowed", 403, "not_allowed"),
        ("NotFound", 404, "not_found"),
        ("Refused", 409, "not_ready"),
        ("LimitExceeded", 413, "limit_exceeded"),
        ("SignatureInvalid", 422, "signature_invalid"),
        ("Unavailable", 503, "unavailable"),
    ],
)
def test_the_kind_decides_the_status_and_the_code(name: str, status: int, code: str) -> None:
    """WIRE-56"""
    error = next(error for error in every_error() if type(error).__name__ == name)
    answered, body = failure(error, "GET /")
    assert (answered, body.error.code) == (status, code)


def test_our_own_mistake_tells_nothing_of_what_it_was(caplog: pytest.LogCaptureFixture) -> None:
    """WIRE-8, WIRE-56: the node's log has it."""

    @get("/")
    async def mistaken() -> None:
        raise ZeroDivisionError("a secret")

    with TestClient(
        Litestar([mistaken], exception_handlers=error_handlers, openapi_config=None, logging_config=None)
    ) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.json()["error"]["code"], "secret" in answer.text, "secret" in caplog.text) == (
        500, "internal", False, True,
    )  # fmt: skip
