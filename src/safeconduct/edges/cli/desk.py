"""Where a command that asks a node stands: somebody who speaks, the node's client, and the screen."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import AccessReasoned, Act, Look, kind_of
from safeconduct.edges.cli.client import NodeClient
from safeconduct.edges.cli.inputs import FILE, FOLDER
from safeconduct.edges.cli.profiles import party_folder, read_authority, read_speaker, speaker_folder
from safeconduct.edges.cli.program import FAILED
from safeconduct.edges.cli.screen import Screen, line
from safeconduct.edges.cli.seam import Assembly

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command is given."""

    assembly: Assembly
    client: NodeClient
    screen: Screen

    def now(self) -> int:
        """This machine's clock, ms."""
        return self.assembly.clock.now()

    def show(self, value: object, *pictures: RenderableType) -> None:
        """The result of the command."""
        self.screen.show(value, *pictures)

    def give_reason(self, what: Look, about: Sequence[str], reason: str | None) -> None:
        """Put the speaker's reason for a look on the record, if there is one."""
        if reason is not None:
            act = AccessReasoned(what=what, about=tuple(dict.fromkeys(about)), reason=reason)
            self.client.say(f"access/{self.client.speaker.actor}", act)

    def say(self, subject: str, act: Act, *, check: bool = False) -> None:
        """Say an act and show what came of it; with `check`, only ask what would come of it."""
        if not check:
            accepted = self.client.say(subject, act)
            again = " (it had been said before)" if accepted.known_already else ""
            said = f"{kind_of(act)} of {subject}, entry {accepted.index} of the log of {accepted.party}"
            self.show({**msgspec.to_builtins(accepted), "subject": subject}, line(f"said: {said}{again}"))
            return
        judged = self.client.would(subject, act)
        answer = (
            "it would take effect; nothing was said"
            if judged.takes_effect
            else f"it would be refused, nothing was said: {judged.account}"
        )
        self.show(judged, line(answer))
        if not judged.takes_effect:
            raise click.exceptions.Exit(FAILED)


def json_option(function: Callable[P, None]) -> Callable[P, None]:
    """`--json`, as the argument `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Answer a program: one JSON value.")(function)


def passphrase_option(function: Callable[P, None]) -> Callable[P, None]:
    """`--passphrase-file`."""
    text = "File with the passphrase of the keys; else SAFECONDUCT_PASSPHRASE, else it is asked."
    return click.option("--passphrase-file", type=FILE, metavar="FILE", help=text)(function)


def dir_option(function: Callable[P, None]) -> Callable[P, None]:
    """`--dir`, as the argument `directory`."""
    text = "The party's folder; else SAFECONDUCT_DIR."
    return click.option("--dir", "directory", type=FOLDER, metavar="DIR", help=text)(function)


def check_option(function: Callable[P, None]) -> Callable[P, None]:
    """`--check`."""
    text = "Ask the node what the record would answer, and say nothing."
    return click.option("--check", is_flag=True, help=text)(function)


def reason_option(function: Callable[P, None]) -> Callable[P, None]:
    """`--reason`."""
    text = "Why; on the record before the answer is given. The agreement may ask it."
    return click.option("--reason", metavar="TEXT", help=text)(function)


def yes_option(function: Callable[P, None]) -> Callable[P, None]:
    """`--yes`."""
    return click.option("--yes", is_flag=True, help="Do not ask for confirmation.")(function)


def _url_option(function: Callable[P, None]) -> Callable[P, None]:
    text = "Address of the node, if it is not the one on the party's card."
    return click.option("--url", metavar="URL", help=text)(function)


@contextmanager
def desk_of(
    assembly: Assembly, profile: Path | None, url: str | None, passphrase_file: Path | None, screen: Screen
) -> Iterator[Desk]:
    """The desk of whoever speaks, for a command that has `speaker_options`."""
    speaker = read_speaker(assembly, speaker_folder(assembly, profile), passphrase_file)
    client = NodeClient(assembly, speaker, url)
    try:
        yield Desk(assembly, client, screen)
    finally:
        client.close()


def speaker_options(function: Callable[..., None]) -> Callable[..., None]:
    """`--profile`, `--url`, `--passphrase-file`, `--json`."""
    text = "Folder of the actor who speaks, or of the party for its authority; else SAFECONDUCT_PROFILE."
    profile_option = click.option("--profile", "--dir", "profile", type=FOLDER, metavar="DIR", help=text)
    return profile_option(_url_option(passphrase_option(json_option(function))))


def speaks(function: Callable[Concatenate[Desk, P], None]) -> Callable[..., None]:
    """A command of anybody who may speak at a node: an actor, or the authority."""

    @functools.wraps(function)
    @click.pass_obj
    def run(
        assembly: Assembly,
        /,
        profile: Path | None,
        url: str | None,
        passphrase_file: Path | None,
        as_json: bool,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        with desk_of(assembly, profile, url, passphrase_file, Screen(as_json=as_json)) as desk:
            function(desk, *args, **kwargs)

    return speaker_options(run)


def speaks_as_authority(function: Callable[Concatenate[Desk, P], None]) -> Callable[..., None]:
    """A command of a party's authority, who holds the root key."""

    @functools.wraps(function)
    @click.pass_obj
    def run(
        assembly: Assembly,
        /,
        directory: Path | None,
        url: str | None,
        passphrase_file: Path | None,
        as_json: bool,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        speaker = read_authority(assembly, party_folder(assembly, directory), passphrase_file)
        client = NodeClient(assembly, speaker, url)
        try:
            function(Desk(assembly, client, Screen(as_json=as_json)), *args, **kwargs)
        finally:
            client.close()

    return dir_option(_url_option(passphrase_option(json_option(run))))
