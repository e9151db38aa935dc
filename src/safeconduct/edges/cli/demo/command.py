"""`safeconduct demo`: two parties on this machine, and two days of October 2024 played again."""

from __future__ import annotations

import signal
import tempfile
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from safeconduct.core.agreement import Terms
from safeconduct.edges.cli.demo.ending import PACKS, answer, flip, keep_pack, keep_report, verdict
from safeconduct.edges.cli.demo.inquiry import Expected, expected
from safeconduct.edges.cli.demo.page import page
from safeconduct.edges.cli.demo.parties import PARTIES, Parties
from safeconduct.edges.cli.demo.processes import require_free
from safeconduct.edges.cli.demo.replay import Replay
from safeconduct.edges.cli.demo.roads import Drive, Net, fastest, read_net
from safeconduct.edges.cli.demo.scenario import (
    END,
    HOST,
    SENDING,
    START,
    Step,
    day,
    pkt,
    registered,
)
from safeconduct.edges.cli.demo.timeline import Names, Timeline
from safeconduct.edges.cli.demo.words import LANGUAGES, Words
from safeconduct.edges.cli.folder import new_folder
from safeconduct.edges.cli.inputs import FOLDER, OneOf, whole
from safeconduct.edges.cli.program import FAILED, example
from safeconduct.edges.cli.seam import Assembly, Press

_PORT_BASE = 8470
_PORT_BASE_MAX = 65_534
# Wide enough for every table, for a pipe or a file.
_PIPE_COLUMNS = 110
# Between two moments, when somebody watches; a reader of English takes in a line in about that time.
_PAUSE_MS = 350
_LOOK_EVERY_MS = 500
# Consoles are opened on the second day before the gate: a session lasts one shift of twelve hours, also on this clock.
_OPENED_AT = pkt(6, 14, 30)
# Ctrl-C is a KeyboardInterrupt already; Windows has no SIGHUP.
_ENDING_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@click.command(epilog=example("safeconduct demo", "safeconduct demo --headless --keep demo --language zh"))
@click.option(
    "--headless", is_flag=True, help="Open nothing, wait for nobody, and end; exit code 0 if all was as told."
)
@click.option("--keep", type=FOLDER, metavar="DIR", help="New folder that stays: both nodes, packs, a page of the day.")
@click.option(
    "--port-base",
    type=whole(1, _PORT_BASE_MAX),
    default=_PORT_BASE,
    show_default=True,
    metavar="N",
    help="The host's node listens on this port of 127.0.0.1, the sending node on the next.",
)
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="What it is told in.")
@click.pass_obj
def demo(assembly: Assembly, headless: bool, keep: Path | None, port_base: int, language: str) -> None:
    """Play two days of October 2024 in Karachi on two nodes on this machine.

    Every person, desk and request is made up; the day, the hour and the road are from published reports. The demo types
    the commands that anybody types, and asks the record at the end what an inquiry would ask.
    """
    for port in (port_base, port_base + 1):
        require_free(port)
    with _folder(keep) as folder, _stoppable():
        timeline = Timeline(_console(), Words(language))
        parties = Parties(assembly, folder, port_base, timeline, keep=keep is not None)
        told = _Told(parties, folder, timeline, assembly.press, headless=headless)
        if not told.run():
            raise click.exceptions.Exit(FAILED)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        new_folder(keep)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="safeconduct-demo-") as folder:
        yield Path(folder)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Whoever ends this process by a signal ends its nodes too."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise click.Abort

    before = {name: signal.signal(name, stop) for name in _ENDING_SIGNALS}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _console() -> Console:
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_COLUMNS
    return console


def _progress(console: Console) -> Progress:
    """How far the day has come, below what is told; nothing of it stays, and nothing of it goes into a pipe."""
    columns = (TextColumn("{task.description}"), BarColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


class _Session(msgspec.Struct):
    url: str


class _Told:
    """One telling of the two days."""

    def __init__(self, parties: Parties, folder: Path, timeline: Timeline, press: Press, *, headless: bool) -> None:
        self._press = press
        self._folder = folder
        self._words = timeline.words
        self._headless = headless
        self._timeline = timeline
        self._parties = parties
        self._net: Net = read_net()
        self._drive = Drive(self._net, fastest(self._net, "terminal", "power_plant"))

    def run(self) -> bool:
        """Whether everything came as it must."""
        try:
            return self._run()
        finally:
            self._parties.stop()
            self._timeline.plain(self._words["stopped"], "dim")

    def _run(self) -> bool:
        timeline, words = self._timeline, self._words
        timeline.title()
        timeline.scene("scene_setup", START)
        terms = self._parties.begin(START - 60_000)
        names = Names(words, terms)
        self._show_beginning(terms)
        replay = Replay(self._parties, timeline, terms)
        first, steps = registered(words, self._drive), day(words, self._drive)
        with _progress(timeline.console) as progress:
            bar = progress.add_task("", total=len({step.at for step in (*first, *steps)}))

            def between(step: Step) -> None:
                progress.update(bar, advance=1, description=f"{words.moment(step.at)} PKT")
                self._between(step)

            timeline.scene("scene_registered", START)
            replay.tell(first, between)
            self._show_consoles(names)
            replay.tell(steps, between)
        self._parties.clock.jump(END)
        replay.rest()
        holds = self._end(names, terms, replay)
        if not self._headless:
            self._leave_open(names)
        return holds

    def _end(self, names: Names, terms: Terms, replay: Replay) -> bool:
        timeline, words = self._timeline, self._words
        seen = replay.seen()
        cards = {party: self._parties.card(party) for party in PARTIES}
        checks = list(expected(seen, replay.outage))
        timeline.scene("scene_pack", END)
        reports = {}
        for party, subject in PACKS:
            data = replay.pack(party, subject)
            file = self._folder / f"{subject.removeprefix('movement/')}.pack.json"
            reports[subject] = keep_pack(timeline, names, file, data, cards)
            agree = reports[subject].findings == seen[party].pages[subject].findings
            checks += [flip(timeline, data, cards), Expected("a pack proves the findings that the node shows", agree)]
        timeline.scene("scene_inquiry", END)
        answer(timeline, names, terms, seen, reports)
        kept = {party: replay.compliance(party, START, END) for party in PARTIES}
        keep_report(timeline, names, self._press, kept[HOST], terms, self._folder / "compliance.html")
        counted = {party: (page.report.tally, page.report.owners, page.report.matters) for party, page in kept.items()}
        checks.append(Expected("both nodes count alike how it was kept", counted[HOST] == counted[SENDING]))
        text = page(words, names, terms, seen, net=self._net, drive=self._drive, outage=replay.outage, checks=checks)
        file = self._folder / "day.html"
        file.write_text(text, encoding="utf-8")
        timeline.plain(words.say("page_written", file=file))
        if not self._parties.keep:
            timeline.plain(words["not_kept"], "dim")
        return verdict(timeline, checks, replay.surprises)

    def _between(self, step: Step) -> None:
        if self._headless:
            return
        self._parties.wait(_PAUSE_MS)
        if step.at == _OPENED_AT:
            for url in self._console_links().values():
                webbrowser.open(url)

    # --- the beginning ------------------------------------------------------------------------------------------------

    def _show_beginning(self, terms: Terms) -> None:
        judged = sum(clause.rule is not None for clause in terms.clauses)
        count = len(terms.clauses)
        self._timeline.comment("in_force", clauses=count, judged=judged, digest=terms.digest[:16])
        km, minutes = round(self._drive.metres / 1_000), round(self._drive.seconds / 60)
        self._timeline.comment("road", km=km, minutes=minutes)

    def _show_consoles(self, names: Names) -> None:
        for party, url in self._console_links().items():
            self._timeline.plain(self._words.say("console_at", party=names.party(party), url=url), "bold")

    def _console_links(self) -> Mapping[str, str]:
        readers = {HOST: "host/duty-officer", SENDING: "sending/approver"}
        links = {}
        for party, reader in readers.items():
            client = self._parties.client(reader)
            links[party] = client.read(client.post("/v1/sessions", b""), _Session, "/v1/sessions").url
        return links

    def _leave_open(self, names: Names) -> None:
        self._show_consoles(names)
        self._timeline.plain(self._words["still_open"], "bold")
        try:
            while True:
                self._parties.wait(_LOOK_EVERY_MS)
        except KeyboardInterrupt:
            return
