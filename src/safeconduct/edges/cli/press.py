"""What is given out jointly, to the press or as numbers: proposed by one party, out when every other has signed."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import RenderableType

from safeconduct.core.acts import (
    Identifier,
    PressLanguage,
    ReleasedCount,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseSigned,
    ReleaseWithdrawn,
)
from safeconduct.core.statement import digest
from safeconduct.edges.cli.agreements import InForce
from safeconduct.edges.cli.compliance import instant
from safeconduct.edges.cli.desk import Desk, speaks, yes_option
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import FILE, TEXT, OneOf, Typed, pair_of
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import line, moment_text, pairs, table
from safeconduct.errors import CheckFailed, InputInvalid, Refused
from safeconduct.node.append import Accepted
from safeconduct.node.compliance import CompliancePage
from safeconduct.node.press import ReleaseView

RELEASE = Typed("release", Identifier, "a release's id such as r-5f0c22ab19d4")
LANGUAGES: tuple[PressLanguage, ...] = ("en", "zh", "ur")
_ID_BYTES = 6
_OUTCOMES = ("met", "breached", "waived", "disputed", "pending")


@click.group(cls=Commands)
def release() -> None:
    """Joint releases: out when all parties have signed.

    Statements to the press, and numbers. Until then nothing is marked as
    released, and nothing is exported. A refusal counts over a signature.
    """


@release.command(
    "propose",
    epilog=example(
        'safeconduct release propose --text en="All twelve are safe." --text ur="سب بارہ محفوظ ہیں۔" --profile desk',
        "safeconduct release propose --kept-from 2026-10-01 --kept-to 2026-12-31 --profile desk",
    ),
)
@click.option("--text", "texts", multiple=True, metavar="LANGUAGE=WORDS", help="The words; once for each language.")
@click.option("--count", "counts", multiple=True, metavar="NAME=NUMBER", help="A number; once for each.")
@click.option("--kept-from", metavar="DAY", help="Also how the agreement was kept, in numbers: from this day on,")
@click.option("--kept-to", metavar="DAY", help="until this one, which is in it.")
@speaks
def propose(
    desk: Desk, texts: tuple[str, ...], counts: tuple[str, ...], kept_from: str | None, kept_to: str | None
) -> None:
    """Propose words or numbers to the other parties.

    A number below the one that was agreed is proposed as fewer than that.
    """
    information = _information(desk)
    numbers = [_count(text) for text in counts]
    if (kept_from is None) != (kept_to is None):
        raise InputInvalid("expected both --kept-from and --kept-to, got one")
    if kept_from is not None and kept_to is not None:
        numbers += _kept(desk, kept_from, kept_to)
    act = ReleaseProposed(
        texts=dict(_text(text) for text in texts),
        counts=tuple(_told(name, number, information) for name, number in numbers),
    )
    subject = f"release/r-{desk.assembly.randomness(_ID_BYTES).hex()}"
    accepted: Accepted = desk.client.say(subject, act)
    desk.show(
        {"subject": subject, "digest": digest(act), "statement": accepted},
        line(f"proposed {subject}; it is out when every other party has signed it"),
    )


def _information(desk: Desk) -> int:
    """The smallest number that is given out exactly."""
    terms = desk.client.get("/v1/agreement", InForce).terms
    information = terms.information if terms is not None else None
    return information.smallest_count if information is not None else 1


def _text(text: str) -> tuple[PressLanguage, str]:
    name, words = pair_of(text, "--text", 'a text such as en="All are safe."')
    language = next((known for known in LANGUAGES if known == name), None)
    if language is None:
        raise InputInvalid(f"--text: expected one of {', '.join(LANGUAGES)}, got {name[:20]!r}")
    return language, words


def _count(text: str) -> tuple[str, int]:
    name, number = pair_of(text, "--count", "a number such as movements=214")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise InputInvalid(f"--count: expected a whole number up to 999999999, got {number[:20]!r}")
    return name, int(number)


def _kept(desk: Desk, first: str, last: str) -> list[tuple[str, int]]:
    """How many duties of the period stand how, over all clauses."""
    begin, end = instant(first, desk.now(), "--kept-from"), instant(last, desk.now(), "--kept-to", last=True)
    tally = desk.client.get("/v1/compliance", CompliancePage, **{"from": begin, "to": end}).report.tally
    return [(f"duties {outcome}, {first} to {last}", getattr(tally, outcome)) for outcome in _OUTCOMES]


def _told(name: str, number: int, least: int) -> ReleasedCount:
    if 0 < number < least:
        return ReleasedCount(of=name, fewer_than=least)
    return ReleasedCount(of=name, number=number)


# --- answering --------------------------------------------------------------------------------------------------------


@release.command("sign", epilog=example("safeconduct release sign r-5f0c22ab19d4 --profile embassy"))
@click.argument("release_id", metavar="RELEASE", type=RELEASE)
@yes_option
@speaks
def sign(desk: Desk, release_id: str, yes: bool) -> None:
    """Sign what another party proposed, word for word."""
    view = _view(desk, release_id)
    if not yes:
        desk.screen.ask_about(*_pictures(view))
        click.confirm(f"Sign this for {desk.client.speaker.party}?", abort=True, err=True)
    desk.say(view.subject, ReleaseSigned(digest=view.digest))


def _reason_option(function: click.decorators.FC) -> click.decorators.FC:
    return click.option("--reason", type=TEXT, required=True, help="Why; all parties read it.")(function)


@release.command(
    "refuse",
    epilog=example('safeconduct release refuse r-5f0c22ab19d4 --reason "the number is wrong" --profile embassy'),
)
@click.argument("release_id", metavar="RELEASE", type=RELEASE)
@_reason_option
@speaks
def refuse(desk: Desk, release_id: str, reason: str) -> None:
    """Do not give it out."""
    view = _view(desk, release_id)
    desk.say(view.subject, ReleaseRefused(digest=view.digest, reason=reason))


@release.command(
    "withdraw", epilog=example('safeconduct release withdraw r-5f0c22ab19d4 --reason "too early" --profile desk')
)
@click.argument("release_id", metavar="RELEASE", type=RELEASE)
@_reason_option
@speaks
def withdraw(desk: Desk, release_id: str, reason: str) -> None:
    """Take back what your party proposed, before all have signed."""
    view = _view(desk, release_id)
    desk.say(view.subject, ReleaseWithdrawn(digest=view.digest, reason=reason))


# --- looking ----------------------------------------------------------------------------------------------------------


@release.command("list", epilog=example("safeconduct release list --profile embassy"))
@speaks
def list_(desk: Desk) -> None:
    """Releases, and how each stands."""
    views = desk.client.get("/v1/releases", tuple[ReleaseView, ...])
    rows = (
        (
            view.subject.removeprefix("release/"),
            view.standing,
            view.proposed_by,
            moment_text(view.proposed_at),
            tuple(view.signed),
            view.awaited,
        )
        for view in views
    )
    desk.show(
        views, table(("release", "stands", "proposed by", "proposed", "signed", "awaited"), rows, title="releases")
    )


@release.command("show", epilog=example("safeconduct release show r-5f0c22ab19d4 --profile embassy"))
@click.argument("release_id", metavar="RELEASE", type=RELEASE)
@speaks
def show(desk: Desk, release_id: str) -> None:
    """The words of a release, marked as released or as a draft."""
    view = _view(desk, release_id)
    desk.show(view, *_pictures(view))


@release.command(
    "export", epilog=example("safeconduct release export r-5f0c22ab19d4 --language ur -o release.txt --profile embassy")
)
@click.argument("release_id", metavar="RELEASE", type=RELEASE)
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="In which language.")
@click.option("-o", "--output", "output", type=FILE, metavar="FILE", required=True, help="The file; it must be new.")
@speaks
def export(desk: Desk, release_id: str, language: PressLanguage, output: Path) -> None:
    """Write a release to a file, once all parties have signed."""
    view = _view(desk, release_id)
    if view.standing != "released":
        raise Refused("not_released", f"{view.subject} is {view.standing}: nothing of it is given out")
    if view.texts and language not in view.texts:
        raise InputInvalid(f"--language: expected one of {', '.join(view.texts)}, got {language}")
    parties = ", ".join(sorted({view.proposed_by.split("/", 1)[0], *view.signed}))
    lines = [view.texts[language], ""] if view.texts else []
    lines += [f"{count.of}: {_number(count)}" for count in view.counts]
    lines += ["", f"Jointly released by {parties}, {moment_text(view.released_at)}. Digest {view.digest}."]
    data = ("\n".join(lines).strip("\n") + "\n").encode()
    write_new(output, data)
    desk.show({"subject": view.subject, "file": str(output), "bytes": len(data)}, line(f"wrote {output}"))


def _view(desk: Desk, release_id: str) -> ReleaseView:
    view = desk.client.get(f"/v1/releases/{release_id}", ReleaseView)
    # What is signed is what is read: the node's word for the digest is not enough.
    found = digest(ReleaseProposed(texts=view.texts, counts=view.counts))
    if found != view.digest:
        raise CheckFailed(f"expected the words with digest {view.digest[:16]}, got others with {found[:16]}")
    return view


def _number(count: ReleasedCount) -> str:
    return f"fewer than {count.fewer_than}" if count.number is None else str(count.number)


def _pictures(view: ReleaseView) -> list[RenderableType]:
    if view.standing == "released":
        mark = f"jointly released {moment_text(view.released_at)}"
    elif view.standing == "proposed":
        mark = f"DRAFT, not released: awaits {', '.join(view.awaited)}"
    else:
        mark = f"NOT RELEASED, {view.standing}: {view.reason}"
    rows: list[tuple[str, object]] = [("release", view.subject), ("proposed by", view.proposed_by)]
    for language, words in view.texts.items():
        rows += [("" if n else language, text) for n, text in enumerate(words.splitlines())]
    rows += [(count.of, _number(count)) for count in view.counts]
    return [line(mark, "bold"), pairs(rows)]
