"""The guide's commands, as they stand: two served nodes, real keys, real requests, and people who answer `y`."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pty
import re
import select
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from safeconduct.edges.cli import Settings, build_cli
from safeconduct.main import assemble
from safeconduct.node.clock import SystemClock
from tests.end_to_end.free_ports import ports_in_a_row
from tests.repository.source_tree import ROOT

GUIDE = ROOT / "docs" / "guide"
PROGRAM = Path(sys.executable).with_name("safeconduct")
PASSPHRASE = "correct horse battery"
PARTIES = ("host", "sending")
WAIT_SECONDS = 30.0


def commands_of(paper: str) -> list[list[str]]:
    """Every indented `safeconduct …` of a paper, in order, as words; a backslash goes on in the next line."""
    text = (GUIDE / paper).read_text("utf-8").replace("\\\n", " ")
    lines = re.findall(r"^ {4}safeconduct (.+)$", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


class World:
    """One folder in which the guide is followed.

    Commands run in this process, which knows the key files that it wrote: opening one takes a second, on purpose. What
    they ask is answered by nodes in processes of their own, which open the files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        first = ports_in_a_row(2)
        self.ports = {"8441": str(first), "8442": str(first + 1)}
        self.nodes: dict[str, subprocess.Popen[bytes]] = {}
        self._seeds: dict[Path, Mapping[str, bytes]] = {}
        self._asker = httpx.Client(trust_env=False)
        real = assemble(Settings(passphrase=PASSPHRASE), SystemClock())

        def write_and_know(path: Path, seeds: Mapping[str, bytes], passphrase: str) -> None:
            real.write_keys(path, seeds, passphrase)
            self._seeds[path] = dict(seeds)

        def read_known(path: Path, passphrase: str) -> Mapping[str, bytes]:
            return self._seeds[path] if passphrase == PASSPHRASE else real.read_keys(path, passphrase)

        self._program = build_cli(dataclasses.replace(real, read_keys=read_known, write_keys=write_and_know))

    # --- commands -----------------------------------------------------------------------------------------------------

    def follow(self, paper: str) -> list[str]:
        """Do what a paper says; returns what did not work."""
        failed = []
        for words in commands_of(paper):
            answer = self.do(words)
            if answer is not None:
                failed.append(f"{shlex.join(words)}: {answer}")
        return failed

    def do(self, words: list[str]) -> str | None:
        """Do one command; None if it went as the paper says, else what came instead."""
        may_fail = words[-2:] == ["||", "true"]
        words = [self._here(word) for word in (words[:-2] if may_fail else words)]
        if words[0] == "serve":
            self.serve(words[words.index("--dir") + 1])
            return None
        stopped = self._stop_for(words)
        result = CliRunner().invoke(self._program, words, input="y\n", catch_exceptions=False)
        for party in stopped:
            self.serve(party)
        self._wait_until_heard()
        if may_fail != (result.exit_code != 0):
            return f"exit code {result.exit_code}, {result.stderr}"
        return None

    def _here(self, word: str) -> str:
        for known, port in self.ports.items():
            word = word.replace(f":{known}", f":{port}")
        return word

    def _stop_for(self, words: list[str]) -> list[str]:
        """Some commands work on a node that does not run; the paper says so."""
        if words[:2] not in (["log", "import"], ["log", "recover"]):
            return []
        party = words[words.index("--dir") + 1]
        self.stop(party)
        return [party]

    # --- nodes --------------------------------------------------------------------------------------------------------

    def serve(self, party: str) -> None:
        """Serve a party's folder in a process of its own, until it answers."""
        environment = {**os.environ, "SAFECONDUCT_PASSPHRASE": PASSPHRASE}
        with (self.folder / f"{party}.log").open("ab") as log:
            self.nodes[party] = subprocess.Popen(
                [PROGRAM, "serve", "--dir", party], cwd=self.folder, env=environment, stdout=log, stderr=log
            )
        self._until(lambda: self._size(party, None) is not None, f"{party} does not answer")

    def stop(self, party: str) -> None:
        node = self.nodes.pop(party)
        node.terminate()
        assert node.wait(WAIT_SECONDS) == 0

    def close(self) -> None:
        for party in list(self.nodes):
            self.stop(party)
        self._asker.close()

    def _wait_until_heard(self) -> None:
        """Until each node has cosigned what the other had said by now: people type more slowly than nodes speak."""
        if set(self.nodes) == set(PARTIES):
            said = {party: self._size(party, None) or 0 for party in PARTIES}
            for party, other in (PARTIES, PARTIES[::-1]):
                self._until(partial(self._has_heard, other, party, said[party]), f"{other} does not hear {party}")

    def _has_heard(self, other: str, party: str, size: int) -> bool:
        return (self._size(party, other) or 0) >= size

    def _size(self, party: str, at: str | None) -> int | None:
        """How many entries a party's log has, by its own node or by the mirror of another; None without an answer."""
        asked = dict(zip(PARTIES, self.ports.values(), strict=True))
        path = "log/checkpoint"
        if at is not None:
            path = f"mirror/{hashlib.sha256(f'127.0.0.1:{asked[party]}/log'.encode()).hexdigest()}/checkpoint"
        try:
            answer = self._asker.get(f"http://127.0.0.1:{asked[at or party]}/{path}")
        except httpx.TransportError:
            return None
        return int(answer.text.split("\n")[1]) if answer.status_code == 200 else 0

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < WAIT_SECONDS, what
            time.sleep(0.02)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(tmp_path)
    made = World(tmp_path)
    yield made
    made.close()


@pytest.mark.slow
def test_every_command_of_the_guide_does_what_it_says(world: World) -> None:
    (world.folder / "p-0417.json").write_text(json.dumps({"name": "Li Wei", "papers": ["passport E1234"]}), "utf-8")
    assert world.follow("first-steps.md") == []
    assert world.follow("officers.md") == []
    assert world.follow("agreements.md") == []
    assert world.follow("scenarios.md") == []


@pytest.mark.parametrize("paper", ["first-steps.md", "officers.md", "agreements.md", "scenarios.md"])
def test_no_command_of_the_guide_escapes_the_test(paper: str) -> None:
    """A block that is fenced, or indented in another way, would be read by people and by no test."""
    text = (GUIDE / paper).read_text("utf-8")
    shown = len(re.findall(r"^\s+(?:\$ )?(?:\./run )?safeconduct ", text, re.MULTILINE))
    assert ("```" in text, shown) == (False, len(commands_of(paper)))


@pytest.mark.slow
def test_the_program_is_one_on_the_path_with_exit_codes(tmp_path: Path) -> None:
    codes = [
        subprocess.run([PROGRAM, *words], cwd=tmp_path, capture_output=True, check=False).returncode
        for words in (["--version"], ["card", "show", "none.json"], ["movement", "list"])
    ]
    assert codes == [0, 2, 2]


@pytest.mark.slow
def test_a_passphrase_is_asked_at_a_terminal_and_not_shown(tmp_path: Path) -> None:
    words = [
        "init",
        "--party",
        "host",
        "--name",
        "H",
        "--url",
        "http://127.0.0.1:8441",
        "--dir",
        str(tmp_path / "host"),
    ]
    screen = _at_a_terminal(words, [PASSPHRASE, PASSPHRASE])
    assert ("new passphrase for" in screen, PASSPHRASE in screen, (tmp_path / "host" / "card.json").is_file()) == (
        True,
        False,
        True,
    )


def _at_a_terminal(words: list[str], typed: list[str]) -> str:
    """Run the program at a terminal, typing a line whenever it asks; returns what stood on the screen."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAFECONDUCT_")}
    ours, theirs = pty.openpty()
    process = subprocess.Popen([PROGRAM, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    screen = ""
    answers = iter(typed)
    begun = time.monotonic()
    while time.monotonic() - begun < WAIT_SECONDS:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                screen += os.read(ours, 4096).decode()
            except OSError:
                break  # the terminal's other end is closed: the program has ended
            if screen.endswith(": "):
                os.write(ours, (next(answers) + "\n").encode())
        elif process.poll() is not None:
            break
    os.close(ours)
    assert process.wait(WAIT_SECONDS) == 0, screen
    return screen
