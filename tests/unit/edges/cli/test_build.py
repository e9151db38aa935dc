"""Every command of the program: its help, its example, its answer for programs, its words for mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from safeconduct.edges.cli import build_cli
from safeconduct.edges.cli.seam import Settings
from safeconduct.main import assemble
from safeconduct.testing import StepClock
from tests.unit.edges.cli.office import Answer

PROGRAM = build_cli(assemble(Settings(), StepClock()))

# They print no value: a server, a script, and what the demo's own tests look at.
_WITHOUT_JSON = ("serve", "completion", "demo")


def _walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            yield from _walk(part, (*path, name))


EVERYTHING = dict(_walk(PROGRAM, ()))
LEAVES = {path: command for path, command in EVERYTHING.items() if not isinstance(command, click.Group)}


def _run(*words: str) -> Answer:
    result = CliRunner().invoke(PROGRAM, words)
    return Answer(result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize("path", EVERYTHING, ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    answer = _run(*path, "--help")
    assert (answer.code, answer.err, "Usage: safeconduct" in answer.out) == (0, "", True)


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_shows_an_example_of_itself(path: tuple[str, ...]) -> None:
    shown = _run(*path, "--help").out.partition("example:")[2]
    assert f"safeconduct {' '.join(path)}" in shown


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_option_of_a_command_is_explained(path: tuple[str, ...]) -> None:
    options = [p for p in LEAVES[path].params if isinstance(p, click.Option) and not p.hidden]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_the_example_of_a_command_uses_options_that_it_has(path: tuple[str, ...]) -> None:
    shown = _run(*path, "--help").out.partition("example:")[2]
    used = {word for line in shown.splitlines() for word in re.findall(r"(?<=\s)--[a-z-]+", line)}
    known = {name for p in LEAVES[path].params for name in (*p.opts, *p.secondary_opts)}
    assert used - known == set()


@pytest.mark.parametrize("path", [p for p in LEAVES if p[0] not in _WITHOUT_JSON], ids=" ".join)
def test_every_command_answers_programs(path: tuple[str, ...]) -> None:
    assert any("--json" in param.opts for param in LEAVES[path].params)


@pytest.mark.parametrize("path", [p for p in EVERYTHING if p and p[0] != "demo"], ids=" ".join)
def test_the_summary_of_a_command_fits_beside_its_name(path: tuple[str, ...]) -> None:
    summary = EVERYTHING[path].get_short_help_str(limit=64)
    assert not summary.endswith("...")


@pytest.mark.parametrize("path", [p for p in EVERYTHING if p[:1] != ("demo",)], ids=" ".join)
def test_an_unknown_option_is_refused_by_name(path: tuple[str, ...]) -> None:
    answer = _run(*path, "--no-such-option")
    command = " ".join(("safeconduct", *path))
    assert (answer.code, answer.err.splitlines()) == (
        2,
        [
            f"safeconduct: expected an option of {command}, got --no-such-option",
            f"safeconduct: see {command} --help",
        ],
    )


@pytest.mark.parametrize(
    "path", [p for p, c in EVERYTHING.items() if isinstance(c, click.Group) and p[:1] != ("demo",)], ids=" ".join
)
def test_an_unknown_command_is_refused_with_those_that_there_are(path: tuple[str, ...]) -> None:
    answer = _run(*path, "no-such-command")
    group = EVERYTHING[path]
    assert isinstance(group, click.Group)
    known = f"({', '.join(group.commands)}), got 'no-such-command'"
    assert (answer.code, known in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("init",), "expected --party, got none"),
        (("card", "show"), "expected FILE, got none"),
        (("card", "show", "a", "b"), "expected no further argument, got b"),
        (("movement", "show", "M!"), "MOVEMENT: expected a movement's id such as m-20261124-k3x7, got 'M!'"),
        (("movement", "list", "--limit", "0"), "--limit: expected a whole number from 1 to 500, got '0'"),
        (("movement", "list", "--limit"), "expected a value after --limit, got none"),
        (("agreement", "sign", "abc"), "DIGEST: expected a digest of 64 hexadecimal digits, got 'abc'"),
        (("actor", "new", "alice", "--card", "c", "--dir", "d"), "expected an actor's id such as sending/alice"),
        (("register", "list", "cars"), "FAMILY: expected one of site, group, person, got 'cars'"),
        (("evidence", "pack", "Movement/1", "f"), "SUBJECT: expected a subject such as movement/m-2026"),
        (("completion", "tcsh"), "SHELL: expected one of bash, zsh, fish, got 'tcsh'"),
        (("movement", "attest", "m1", "--item", "sweep"), "expected --holds / --does-not-hold, got none"),
        (("movement", "arrive", "m1", "--heads", "-1"), "--heads: expected a whole number from 0 to 10000"),
        (("findings", "--language", "fr"), "--language: expected one of en, zh, ur, got 'fr'"),
        (("serve", "--port", "70000"), "--port: expected a whole number from 1 to 65535"),
    ],
)
def test_bad_words_are_refused_with_what_was_expected(words: tuple[str, ...], message: str) -> None:
    answer = _run(*words)
    assert (answer.code, answer.out, message in answer.err) == (2, "", True), answer


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"safeconduct \d+\.\d+\.\S+\n", _run("--version").out)


def test_without_a_command_the_program_lists_its_commands() -> None:
    answer = _run()
    assert (answer.code, "Commands:" in answer.out + answer.err) == (2, True)
