"""Two parties made with the same commands that anybody types: keys, cards, join, agreement, actors, nodes that serve.

Key files cost a second each to open, on purpose; the demo opens none twice, because it remembers what it wrote.
"""

from __future__ import annotations

import asyncio
import dataclasses
import io
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path

import click

from safeconduct.core.agreement import PartyTerms, Terms
from safeconduct.core.identity import SigningKey
from safeconduct.edges.cli.actors import actor
from safeconduct.edges.cli.agreements import InForce, agreement
from safeconduct.edges.cli.client import NodeClient
from safeconduct.edges.cli.demo.processes import ADDRESS, NodeProcess, SharedClock
from safeconduct.edges.cli.demo.scenario import AGREED, CAST, HOST, SENDING
from safeconduct.edges.cli.demo.timeline import Timeline
from safeconduct.edges.cli.demo.words import LANGUAGES, Words
from safeconduct.edges.cli.desk import Desk
from safeconduct.edges.cli.party import init, join
from safeconduct.edges.cli.profiles import Speaker, read_own_card
from safeconduct.edges.cli.screen import Screen
from safeconduct.edges.cli.seam import AUTHORITY_KEY_NAME, AUTHORITY_KEYS_FILE, CARD_FILE, Assembly
from safeconduct.errors import InputInvalid, Unavailable
from safeconduct.node.commands import fingerprint

PARTIES = (HOST, SENDING)
_TEMPLATE = "host_sending"
_SEED_BYTES = 32
_PASSPHRASE_BYTES = 16

# How often something that two nodes do between them is looked for, and how often at most.
_LOOK_EVERY_MS = 40
_LOOKS_MAX = 750


class Parties:
    """The host and the sending side of the demo, with everybody's keys unlocked in this process.

    keep: the folder stays, so every key file in it must be a real one.
    """

    def __init__(
        self, assembly: Assembly, folder: Path, port_base: int, timeline: Timeline, *, keep: bool = False
    ) -> None:
        if assembly.replaying is None:
            raise InputInvalid("this program was put together without a clock for past days")
        self._folder = folder
        self.keep = keep
        self._timeline = timeline
        self.clock = SharedClock(folder / "clock", assembly.clock)
        self._machine = assembly.clock
        self._seeds: dict[Path, Mapping[str, bytes]] = {}
        self._passphrase_file = folder / "passphrase"
        self._prepare = assembly
        self._spoken = [Words(language) for language in LANGUAGES]
        self._actor_keys = {name: SigningKey.from_seed(assembly.randomness(_SEED_BYTES)) for name in CAST}
        self._clients: dict[str, NodeClient] = {}
        ports = {party: port_base + place for place, party in enumerate(PARTIES)}
        self.urls = {party: f"http://{ADDRESS}:{port}" for party, port in ports.items()}
        self.nodes = {
            party: NodeProcess(
                party,
                folder / party,
                port,
                clock_file=self.clock.file,
                passphrase_file=self._passphrase_file,
            )
            for party, port in ports.items()
        }

    def folder_of(self, party: str) -> Path:
        """A party's folder."""
        return self._folder / party

    # --- the beginning ------------------------------------------------------------------------------------------------

    def begin(self, at: int) -> Terms:
        """Everything up to an agreement in force and enrolled actors, at this moment of the day. Returns the terms."""
        self.clock.jump(at)
        self._assembly = self._unlocked()
        # A node that serves is joined through its API and one that does not in its folder: one of each. And opening key
        # files takes seconds, so the host's node does that while the other party is being made.
        self._make(HOST)
        self.nodes[HOST].start()
        self._make(SENDING)
        self._join(SENDING, HOST)
        self.nodes[SENDING].start()
        self.nodes[HOST].wait_ready()
        self._join(HOST, SENDING)
        self.nodes[SENDING].wait_ready()
        terms = self._agree()
        self._enrol()
        return terms

    def _unlocked(self) -> Assembly:
        """The program on the replayed day, with the keys that were made here at hand."""
        assembly = self._prepare
        passphrase = assembly.randomness(_PASSPHRASE_BYTES).hex()
        self._passphrase_file.touch(mode=0o600)
        self._passphrase_file.write_text(passphrase + "\n", encoding="utf-8")

        def write_keys(path: Path, seeds: Mapping[str, bytes], passphrase: str) -> None:
            self._seeds[path] = dict(seeds)
            if self.keep or path.name != AUTHORITY_KEYS_FILE:
                assembly.write_keys(path, seeds, passphrase)
            else:
                # Nobody will open it again, and an empty one costs no second of scrypt.
                path.touch(mode=0o600)

        def read_keys(path: Path, passphrase: str) -> Mapping[str, bytes]:
            return self._seeds[path] if path in self._seeds else assembly.read_keys(path, passphrase)

        assert assembly.replaying is not None
        return dataclasses.replace(
            assembly.replaying(self.clock.file),
            settings=dataclasses.replace(assembly.settings, directory=None, profile=None, passphrase=passphrase),
            write_keys=write_keys,
            read_keys=read_keys,
        )

    def _run(self, name: str, command: click.Command, *words: str, shown: bool = True) -> None:
        """Run a command as if it had been typed, and show it."""
        if shown:
            line = " ".join(f'"{word}"' if " " in word else word for word in words)
            self._timeline.command(f"{name} {line}".replace(str(self._folder), "."))
        with redirect_stdout(io.StringIO()):
            command.main([*words], prog_name=f"safeconduct {name}", standalone_mode=False, obj=self._assembly)

    def _make(self, party: str) -> None:
        names = {words.language: words[f"party_name_{party}"] for words in self._spoken}
        others = [word for code in ("zh", "ur") for word in ("--name-in", f"{code}={names[code]}")]
        self._run(
            "init",
            init,
            *("--party", party, "--name", names["en"], *others),
            *("--url", self.urls[party], "--dir", str(self.folder_of(party))),
        )

    def _join(self, party: str, other: str) -> None:
        card = self.folder_of(other) / CARD_FILE
        heard = fingerprint(self.card(other))
        self._run("join", join, str(card), "--fingerprint", heard, "--dir", str(self.folder_of(party)))

    def _agree(self) -> Terms:
        text = self._folder / "agreement"
        cards = [word for party in PARTIES for word in ("--party", f"{party}={self.folder_of(party) / CARD_FILE}")]
        agreed = [word for number in AGREED for word in ("--set", number)]
        where = ("--name", "host-sending", str(text))
        self._run("agreement", agreement, "new", "--template", _TEMPLATE, *cards, *agreed, *where)
        self._run("agreement", agreement, "check", str(text), "--quick")
        self._run("agreement", agreement, "propose", str(text), "--yes", "--dir", str(self.folder_of(HOST)))
        self.until("the proposal to reach the sending node", lambda: len(self._in_force(SENDING).versions) == 1)
        self._run("agreement", agreement, "sign", "--yes", "--dir", str(self.folder_of(SENDING)))
        self.until("the signature to reach the host's node", lambda: self._in_force(HOST).digest is not None)
        terms = self._in_force(HOST).terms
        assert terms is not None
        return terms

    def _in_force(self, party: str) -> InForce:
        return self.client(f"{party}/authority").get("/v1/agreement", InForce)

    def _enrol(self) -> None:
        for place, (name, roles) in enumerate(CAST.items()):
            party = name.split("/", 1)[0]
            key = self._actor_keys[name].public.text
            held = [word for role in roles for word in ("--role", role)]
            where = ("--dir", str(self.folder_of(party)))
            # One is enough to see how it is done.
            self._run("actor", actor, "enrol", name, "--key", key, *held, *where, shown=place == 0)
        self._timeline.comment("enrolled", count=len(CAST))

    # --- asking and waiting -------------------------------------------------------------------------------------------

    def card(self, party: str) -> PartyTerms:
        """A party's card."""
        return read_own_card(self.folder_of(party))

    def client(self, name: str) -> NodeClient:
        """An actor, or an authority, at its own node."""
        if name not in self._clients:
            party = name.split("/", 1)[0]
            key = self._actor_keys[name] if name in self._actor_keys else self._authority_key(party)
            speaker = Speaker(party, name, self.urls[party], key, self.card(party).root, self.folder_of(party))
            self._clients[name] = NodeClient(self._assembly, speaker)
        return self._clients[name]

    def desk(self, name: str) -> Desk:
        """Where a command of this actor would stand."""
        return Desk(self._assembly, self.client(name), Screen())

    def _authority_key(self, party: str) -> SigningKey:
        seeds = self._seeds[self.folder_of(party) / AUTHORITY_KEYS_FILE]
        return SigningKey.from_seed(seeds[AUTHORITY_KEY_NAME])

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Return when it holds. Raises Unavailable when it does not for half a minute."""
        for _ in range(_LOOKS_MAX):
            if holds():
                return
            self.wait(_LOOK_EVERY_MS)
        raise Unavailable(f"waited in vain for {what}")

    def wait(self, milliseconds: int) -> None:
        """Let this machine's time pass."""
        asyncio.run(self._machine.sleep(milliseconds))

    def stop(self) -> None:
        """End both nodes, and give back connections. Safe to call at any point."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        for node in self.nodes.values():
            node.stop()
