"""How the clauses stand, in sentences."""

from __future__ import annotations

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.agreement import LANGUAGES, Finding, Outcome
from safeconduct.core.statement import encode
from safeconduct.edges.cli.desk import Desk, speaks
from safeconduct.edges.cli.inputs import OneOf
from safeconduct.edges.cli.program import example
from safeconduct.edges.cli.reports import require_subject
from safeconduct.edges.cli.screen import line, moment_text
from safeconduct.edges.cli.sentences import AgreementsOf, finding_lines, sentence
from safeconduct.node.queries import PeerJudgement


@click.command(
    epilog=example(
        "safeconduct findings",
        "safeconduct findings m-20261124-k3x7 --language ur",
        "safeconduct findings post/gate-1",
        "safeconduct findings --outcome breached --outcome disputed --json",
        "safeconduct findings --nodes",
    )
)
@click.argument("subject", metavar="[SUBJECT]", required=False)
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the sentences.")
@click.option("--outcome", multiple=True, type=OneOf([o.value for o in Outcome]), help="Only these; once for each.")
@click.option("--nodes", is_flag=True, help="Whether the other parties' nodes judge alike, and where not.")
@speaks
def findings(desk: Desk, subject: str | None, language: str, outcome: tuple[str, ...], nodes: bool) -> None:
    """How every obligation stands.

    For one movement (by its id) or another subject, or for the latest ones.
    """
    if nodes:
        _show_nodes(desk, language)
        return
    if subject is not None:
        path = require_subject(subject if "/" in subject else f"movement/{subject}")
        found = desk.client.get(f"/v1/findings/{path}", tuple[Finding, ...])
    else:
        found = desk.client.get("/v1/findings", tuple[Finding, ...])
    wanted = [finding for finding in found if not outcome or finding.outcome.value in outcome]
    terms_of = AgreementsOf(desk)
    desk.show(
        [{**msgspec.json.decode(encode(f)), "sentence": sentence(terms_of(f), f, language)} for f in wanted],
        *finding_lines(wanted, terms_of, language),
    )


def _show_nodes(desk: Desk, language: str) -> None:
    """What every peer's node stated of its findings, and what differs from ours, with the statements behind ours."""
    found = desk.client.get("/v1/judgements", tuple[PeerJudgement, ...])
    terms_of = AgreementsOf(desk)
    shown: list[RenderableType] = []
    for peer in found:
        judged = peer.judgement
        if judged is None:
            shown.append(line(f"{peer.party}: has stated no findings yet"))
            continue
        word = {True: "judges alike", False: "JUDGES OTHERWISE", None: "cannot be compared just now"}[judged.agrees]
        shown.append(line(f"{peer.party}: {word}; {judged.count} findings as of {moment_text(judged.as_of)}"))
        for difference in judged.differences:
            for finding, why in difference.ours:
                shown.append(line(f"  {difference.subject}, ours: {sentence(terms_of(finding), finding, language)}"))
                shown.append(line(f"    because of {', '.join(statement[:16] for statement in why) or 'nothing said'}"))
            shown.extend(
                line(f"  {difference.subject}, theirs: {sentence(terms_of(finding), finding, language)}")
                for finding in difference.peers
            )
    desk.show(found, *(shown or [line("no other party's node is known here")]))
