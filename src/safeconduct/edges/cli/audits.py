"""Checks that need no node: whole logs, and evidence packs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import click
from rich.console import RenderableType

from safeconduct.core.agreement import PartyTerms, Terms
from safeconduct.core.audit import (
    PACK_BYTES_MAX,
    Audit,
    Chunk,
    LogFile,
    PackReport,
    audit_logs,
    verify_pack,
)
from safeconduct.core.statement import SubjectId
from safeconduct.edges.cli.desk import Desk, json_option, reason_option, speaks
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import FILE, FOLDER, Typed, moment, read_file, whole
from safeconduct.edges.cli.profiles import read_card_file
from safeconduct.edges.cli.program import FAILED, Commands, example
from safeconduct.edges.cli.screen import Screen, line, moment_text, pairs, table
from safeconduct.edges.cli.seam import Assembly
from safeconduct.edges.cli.sentences import finding_lines
from safeconduct.edges.cli.stick import Stick
from safeconduct.errors import InputInvalid
from safeconduct.node.commands import fingerprint

# Chunks that wait while a process is busy: 256 entries of some 2 KiB each.
_AHEAD = 16
_SUBJECT = Typed("subject", SubjectId, "a subject such as movement/m-20261124-k3x7")


def read_cards(files: tuple[Path, ...]) -> dict[str, PartyTerms]:
    """Cards as the reader knows them, by party."""
    return {card.id: card for card in map(read_card_file, files)}


# --- whole logs -------------------------------------------------------------------------------------------------------


@click.command(
    epilog=example(
        "safeconduct audit stick/host stick/sending",
        "safeconduct audit stick/host stick/sending --card host.json --card sending.json --json",
    )
)
@click.argument("folders", metavar="FOLDER…", type=FOLDER, nargs=-1, required=True)
@click.option("--card", multiple=True, type=FILE, metavar="FILE", help="A party's card as you know it; once for each.")
@click.option("--as-of", metavar="TIME", help="Judge clauses at this time; by default the latest of the record.")
@click.option("--workers", type=whole(1, 64), default=1, show_default=True, help="Processes that check signatures.")
@json_option
@click.pass_obj
def audit(
    assembly: Assembly,
    folders: tuple[Path, ...],
    card: tuple[Path, ...],
    as_of: str | None,
    workers: int,
    as_json: bool,
) -> None:
    """Check exported logs together, trusting nobody.

    Hashes, signatures, receipts, the fold, and every clause. Give the folders that log export made, one for each
    party. No network and no node is needed.
    """
    sticks = [Stick(assembly, folder) for folder in folders]
    known = read_cards(card)
    cards = [_card_of(stick, known) for stick in sticks]
    if len({shown.id for shown in cards}) != len(cards):
        raise InputInvalid(f"expected one folder for each party, got {', '.join(shown.id for shown in cards)}")
    texts: dict[str, Terms] = {}
    for stick in sticks:
        texts.update(stick.texts())
    logs = [
        LogFile(card=shown, notes=[stick.log.checkpoint, *stick.cosigned()], chunks=stick.log.chunks())
        for stick, shown in zip(sticks, cards, strict=True)
    ]
    moment_judged = moment(as_of, assembly.clock.now(), "--as-of") if as_of is not None else None
    with _map_with(workers) as parallel:
        report = audit_logs(logs, texts, as_of=moment_judged, parallel=parallel)
    shown_cards = [(shown.id, fingerprint(shown), shown.id in known) for shown in cards]
    Screen(as_json=as_json).show(
        {
            "audit": report,
            "problems": report.problems,
            "cards": [{"party": p, "fingerprint": f, "known": k} for p, f, k in shown_cards],
        },
        *_audit_pictures(report, shown_cards, texts),
    )
    if report.problems:
        raise click.exceptions.Exit(FAILED)


def _card_of(stick: Stick, known: dict[str, PartyTerms]) -> PartyTerms:
    carried = stick.card()
    if not known:
        return carried
    if carried.id not in known:
        raise InputInvalid(f"expected --card for each party, got none for {carried.id}")
    return known[carried.id]


def _audit_pictures(report: Audit, cards: list[tuple[str, str, bool]], texts: dict[str, Terms]) -> list[RenderableType]:
    terms = texts.get(report.agreement or "")
    return [
        table(
            ("log of", "entries", "signed", "void", "cosigned by", "card", "fingerprint"),
            (
                (
                    found.party,
                    found.size,
                    found.signed_size,
                    len(found.void),
                    [f"{name} ({size})" for name, size, _ in found.cosigned],
                    "given by you" if is_known else "from the folder",
                    shown,
                )
                for found, (_, shown, is_known) in zip(report.logs, cards, strict=True)
            ),
            title="logs",
        ),
        pairs(
            [
                ("statements", report.statements),
                ("without effect", len(report.without_effect)),
                ("subjects", report.subjects),
                ("agreement in force", report.agreement),
                ("judged as of", moment_text(report.as_of)),
                ("digest of the record", report.digest),
            ]
        ),
        *finding_lines(report.findings, lambda _: terms, "en"),
        *(line(problem, "bold") for problem in report.problems),
        line("everything verifies" if not report.problems else f"{len(report.problems)} problems"),
    ]


Map = Callable[[Callable[[Chunk], bytes], Iterable[Chunk]], Iterable[bytes]]


@contextmanager
def _map_with(workers: int) -> Iterator[Map]:
    """A `map` over this many processes that works a bounded way ahead; the plain one for a single process."""
    if workers == 1:
        yield map
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:

        def ahead(work: Callable[[Chunk], bytes], chunks: Iterable[Chunk]) -> Iterator[bytes]:
            waiting: deque[Future[bytes]] = deque()
            for chunk in chunks:
                waiting.append(pool.submit(work, chunk))
                if len(waiting) >= _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

        yield ahead


# --- evidence packs ---------------------------------------------------------------------------------------------------


@click.group(cls=Commands)
def evidence() -> None:
    """Evidence packs: one file that proves what was said."""


@evidence.command(epilog=example("safeconduct evidence pack movement/m-20261124-k3x7 m.pack.json"))
@click.argument("subject", type=_SUBJECT)
@click.argument("file", type=FILE)
@reason_option
@speaks
def pack(desk: Desk, subject: str, file: Path, reason: str | None) -> None:
    """Write the pack about a movement as of now."""
    family, _, name = subject.partition("/")
    if family != "movement":
        raise InputInvalid(f"expected a movement's subject such as movement/m-20261124-k3x7, got {subject}")
    desk.give_reason("pack", [subject], reason)
    data = desk.client.fetch(f"/v1/movements/{name}/pack")
    # What is handed to a third person is checked as that person will.
    report = verify_pack(data)
    write_new(file, data)
    desk.show(
        {"subject": subject, "file": str(file), "bytes": len(data)},
        line(f"wrote {file}, {len(data)} bytes, as of {moment_text(report.as_of)}"),
        line(f"check it anywhere: safeconduct evidence verify {file} --card CARD …"),
    )


@evidence.command(
    epilog=example(
        "safeconduct evidence verify m.pack.json --card host.json --card sending.json",
        "safeconduct evidence verify m.pack.json --json",
    )
)
@click.argument("file", type=FILE)
@click.option("--card", multiple=True, type=FILE, metavar="FILE", help="A party's card as you know it; once for each.")
@click.option("--language", metavar="LANGUAGE", default="en", show_default=True, help="Of the findings' sentences.")
@json_option
def verify(file: Path, card: tuple[Path, ...], language: str, as_json: bool) -> None:
    """Check a pack, and say what it proves.

    It takes the file and the parties' cards; no network and no node.
    """
    data = read_file(file, PACK_BYTES_MAX, "an evidence pack")
    report = verify_pack(data, read_cards(card) if card else None)
    Screen(as_json=as_json).show(
        {"verified": True, **_pack_value(report)},
        *_pack_pictures(report, language),
    )


def _pack_value(report: PackReport) -> dict[str, object]:
    return {
        "subject": report.subject,
        "as_of": report.as_of,
        "made_by": report.made_by,
        "known_cards": report.known_cards,
        "statements": [
            {
                "id": said.said.id,
                "party": said.said.party,
                "index": said.said.index,
                "t": said.said.t,
                "kind": said.said.kind,
                "actor": said.said.actor,
                "void": said.void.code if said.void else "",
            }
            for said in report.lines
        ],
        "deliveries": report.deliveries,
        "findings": report.findings,
    }


def _pack_pictures(report: PackReport, language: str) -> list[RenderableType]:
    delivered = {(d.statement, d.by): d for d in report.deliveries}
    return [
        pairs(
            [
                ("about", report.subject),
                ("as of", moment_text(report.as_of)),
                ("made by", report.made_by),
                (
                    "cards",
                    "given by you" if report.known_cards else "FROM THE PACK ITSELF: it proves that its keys agree",
                ),
            ]
        ),
        table(
            ("said at", "what", "by", "came of it", "proved to have been received"),
            (
                (
                    moment_text(said.said.t),
                    said.said.kind,
                    said.said.actor,
                    said.void.account if said.void else "",
                    [
                        f"{by} {moment_text(d.cosigned_at * 1000 if d.cosigned_at else d.said_at)}"
                        for (statement, by), d in delivered.items()
                        if statement == said.said.id and (d.cosigned_at or d.said_at)
                    ],
                )
                for said in report.lines
            ),
            title="statements",
        ),
        *finding_lines(report.findings, lambda _: report.terms, language),
        line("the pack verifies"),
    ]
