"""The completion scripts are scripts, and complete our commands."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from click.shell_completion import ShellComplete

from safeconduct.edges.cli import build_cli
from safeconduct.edges.cli.seam import Settings
from safeconduct.main import assemble
from safeconduct.testing import StepClock
from tests.unit.edges.cli.office import Office


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_names_the_program_and_its_variable(empty_office: Office, shell: str) -> None:
    script = empty_office.must("completion", shell).out
    assert ("_SAFECONDUCT_COMPLETE" in script, "safeconduct" in script) == (True, True)


@pytest.mark.parametrize(("shell", "check"), [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")])
def test_a_script_is_one_that_its_shell_can_read(empty_office: Office, shell: str, check: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} on this machine")
    script = empty_office.must("completion", shell).out
    answer = subprocess.run([program, check], input=script, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "begun", "expected"),
    [
        ([], "movem", {"movement"}),
        (["movement"], "ap", {"approve"}),
        (["findings", "--language"], "u", {"ur"}),
        (["register", "list"], "", {"site", "group", "person"}),
        (["movement", "refuse", "m1"], "--rea", {"--reason"}),
    ],
)
def test_words_that_were_begun_are_completed(words: list[str], begun: str, expected: set[str]) -> None:
    program = build_cli(assemble(Settings(), StepClock()))
    complete = ShellComplete(program, {}, "safeconduct", "_SAFECONDUCT_COMPLETE")
    assert {item.value for item in complete.get_completions(words, begun)} == expected
