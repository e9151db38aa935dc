"""How the clauses stand, in sentences."""

from __future__ import annotations

import click
import msgspec

from safeconduct.core.agreement import LANGUAGES, Finding, Outcome
from safeconduct.core.statement import encode
from safeconduct.edges.cli.desk import Desk, speaks
from safeconduct.edges.cli.inputs import IDENTIFIER, OneOf
from safeconduct.edges.cli.program import example
from safeconduct.edges.cli.sentences import AgreementsOf, finding_lines, sentence
from safeconduct.node.queries import MovementPage


@click.command(
    epilog=example(
        "safeconduct findings",
        "safeconduct findings m-20261124-k3x7 --language ur",
        "safeconduct findings --outcome breached --outcome disputed --json",
    )
)
@click.argument("movement_id", metavar="[MOVEMENT]", type=IDENTIFIER, required=False)
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the sentences.")
@click.option("--outcome", multiple=True, type=OneOf([o.value for o in Outcome]), help="Only these; once for each.")
@speaks
def findings(desk: Desk, movement_id: str | None, language: str, outcome: tuple[str, ...]) -> None:
    """How every judged clause stands.

    For one movement, or for the latest ones.
    """
    if movement_id is not None:
        found = desk.client.get(f"/v1/movements/{movement_id}", MovementPage).findings
    else:
        found = desk.client.get("/v1/findings", tuple[Finding, ...])
    wanted = [finding for finding in found if not outcome or finding.outcome.value in outcome]
    terms_of = AgreementsOf(desk)
    desk.show(
        [{**msgspec.json.decode(encode(f)), "sentence": sentence(terms_of(f), f, language)} for f in wanted],
        *finding_lines(wanted, terms_of, language),
    )
