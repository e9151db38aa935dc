"""An error ends the program with one line and the right code."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from safeconduct.edges.cli.program import Program, error_code, exit_code
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    LogForked,
    NotAllowed,
    NotFound,
    PackInvalid,
    Refused,
    Unavailable,
)


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (InputInvalid("x"), 2, "input_invalid"),
        (PackInvalid("x"), 2, "pack_invalid"),
        (LimitExceeded("x"), 2, "limit_exceeded"),
        (CheckFailed("x"), 1, "check_failed"),
        (LogForked("x", origin="o", evidence=b""), 1, "log_forked"),
        (NotAllowed("x"), 1, "not_allowed"),
        (NotFound("x"), 1, "not_found"),
        (Refused("gate_open", "x"), 1, "gate_open"),
        (Unavailable("x"), 3, "unavailable"),
        (click.UsageError("x"), 2, "usage"),
        (click.Abort(), 1, "stopped"),
    ],
)
def test_each_error_has_its_exit_code_and_its_word(error: Exception, code: int, word: str) -> None:
    assert (exit_code(error), error_code(error)) == (code, word)


def _program(error: Exception) -> click.Group:
    program = Program("safeconduct")

    @program.command()
    @click.option("--json", is_flag=True)
    def fail(json: bool) -> None:
        raise error

    return program


def test_people_read_the_error_on_standard_error() -> None:
    result = CliRunner().invoke(_program(Unavailable("the node is down")), ["fail"])
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", "safeconduct: the node is down\n")


def test_programs_read_it_there_as_json() -> None:
    result = CliRunner().invoke(_program(Refused("gate_open", "the gate is open")), ["fail", "--json"])
    assert (result.exit_code, result.stdout, json.loads(result.stderr)) == (
        1,
        "",
        {"error": {"code": "gate_open", "message": "the gate is open"}},
    )


def test_an_error_that_quotes_a_stranger_steers_no_terminal() -> None:
    result = CliRunner().invoke(_program(InputInvalid("got '\x1b[2J'")), ["fail"])
    assert "\x1b" not in result.stderr


def test_a_question_answered_with_no_stops_without_harm() -> None:
    result = CliRunner().invoke(_program(click.Abort()), ["fail"])
    assert (result.exit_code, result.stderr) == (1, "safeconduct: stopped, nothing was done\n")


def test_a_mistake_of_our_own_is_not_hidden() -> None:
    result = CliRunner().invoke(_program(ZeroDivisionError()), ["fail"])
    assert isinstance(result.exception, ZeroDivisionError)
