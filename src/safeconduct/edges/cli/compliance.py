"""Papers about how the agreement was kept: for officers, and for the meeting of the parties."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from safeconduct.core.agreement import Terms
from safeconduct.edges.cli.agreements import fetch_text
from safeconduct.edges.cli.desk import Desk, speaks
from safeconduct.edges.cli.inputs import moment
from safeconduct.edges.cli.printing import form_of, form_options, language_option, put_paper
from safeconduct.edges.cli.program import Commands, example
from safeconduct.node.compliance import CompliancePage

_FORMS = ("html", "pdf")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_MS = 86_400_000

# Prints a page with the agreement's texts in a language as one of the forms.
Print = Callable[[CompliancePage, Mapping[str, Terms], str, str], bytes]


@click.group(cls=Commands)
def report() -> None:
    """Papers on how the agreement was kept, over a period."""


def _period(function: Callable[..., None]) -> Callable[..., None]:
    """`--from` and `--to`, as the arguments `since` and `until`."""
    first = click.option("--from", "since", required=True, metavar="TIME", help="A day such as 2026-10-01, or a time.")
    last = click.option("--to", "until", metavar="TIME", help="The last day, or a time; now if left out.")
    return first(last(function))


@report.command(
    epilog=example(
        "safeconduct report compliance --from 2026-10-01 --to 2026-12-31 -o kept.pdf",
        "safeconduct report compliance --from 2026-11-24 --language ur --format html -o kept.html",
    )
)
@_period
@language_option
@form_options(*_FORMS)
@speaks
def compliance(desk: Desk, since: str, until: str | None, language: str, form: str | None, output: Path) -> None:
    """How each clause was kept.

    By party, by owner, by clause and over time, with every breach and dispute and what was said about it. Days are UTC.
    """
    _print(desk, desk.assembly.press.compliance, since, until, language, form, output)


@report.command(
    epilog=example(
        "safeconduct report meeting --from 2026-10-01 --to 2026-12-31 -o meeting.pdf",
        "safeconduct report meeting --from 2026-10-01 --to 2026-12-31 --language zh -o meeting.html",
    )
)
@_period
@language_option
@form_options(*_FORMS)
@speaks
def meeting(desk: Desk, since: str, until: str | None, language: str, form: str | None, output: Path) -> None:
    """The pack for the meeting of the parties.

    What is to be decided first: open breaches, disputes, what is overdue. Then how the agreement was kept, and every
    statement that proves a case. Days are UTC.
    """
    _print(desk, desk.assembly.press.meeting, since, until, language, form, output)


def _print(
    desk: Desk, paper: Print, since: str, until: str | None, language: str, form: str | None, output: Path
) -> None:
    chosen = form_of(form, output, *_FORMS)
    now = desk.now()
    begin = instant(since, now, "--from")
    end = instant(until, now, "--to", last=True) if until is not None else now
    page = desk.client.get("/v1/compliance", CompliancePage, **{"from": begin, "to": end})
    texts = {digest: fetch_text(desk, digest) for digest in page.versions}
    data = paper(page, texts, language, chosen)
    put_paper(desk, data, output, format=chosen, language=language, since=begin, until=end)


def instant(text: str, now: int, option: str, *, last: bool = False) -> int:
    """A day's beginning in UTC, or the end of one that is the last; else as `moment`. Raises InputInvalid."""
    if _DAY.fullmatch(text) is None:
        return moment(text, now, option)
    return moment(f"{text}T00:00Z", now, option) + (_DAY_MS if last else 0)
