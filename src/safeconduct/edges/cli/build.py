"""The whole command, from its parts."""

from __future__ import annotations

import click

from safeconduct import __version__
from safeconduct.edges.cli.actors import actor
from safeconduct.edges.cli.agreements import agreement
from safeconduct.edges.cli.audits import audit, evidence
from safeconduct.edges.cli.completion import completion
from safeconduct.edges.cli.compliance import report
from safeconduct.edges.cli.demo import demo
from safeconduct.edges.cli.disclosures import disclosure
from safeconduct.edges.cli.doctor import doctor
from safeconduct.edges.cli.findings import findings
from safeconduct.edges.cli.glass import glass
from safeconduct.edges.cli.items import item
from safeconduct.edges.cli.knowers import knew
from safeconduct.edges.cli.leaks import leak, trace
from safeconduct.edges.cli.logs import log
from safeconduct.edges.cli.marks import mark
from safeconduct.edges.cli.movements import movement
from safeconduct.edges.cli.orders import order
from safeconduct.edges.cli.party import card, console, init, join, serve
from safeconduct.edges.cli.persons import person
from safeconduct.edges.cli.press import release
from safeconduct.edges.cli.program import PROGRAM, Program, example
from safeconduct.edges.cli.registers import register
from safeconduct.edges.cli.reports import duty, fact, form, relation
from safeconduct.edges.cli.seam import Assembly
from safeconduct.edges.cli.slots import slots
from safeconduct.edges.cli.tries import try_

_HELP = """Joint security management for parties that protect the same people.

    Each command explains itself with --help and answers programs with --json. Exit codes: 0 done, 1 refused or a check
    failed, 2 bad input, 3 not possible now.
    """


def build_cli(assembly: Assembly) -> click.Group:
    """The `safeconduct` command over everything else."""

    @click.group(
        PROGRAM,
        cls=Program,
        help=_HELP,
        epilog=example("safeconduct init --party host --name Ministry --url https://node.host.example --dir host"),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    @click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
    @click.pass_context
    def program(ctx: click.Context) -> None:
        ctx.obj = assembly

    agreement.add_command(try_)
    for command in (
        *(
            init,
            card,
            join,
            serve,
            doctor,
            actor,
            agreement,
            disclosure,
            register,
            movement,
            order,
            glass,
            mark,
            person,
            knew,
            item,
            release,
            slots,
            leak,
            trace,
            form,
            findings,
            duty,
            fact,
            relation,
            report,
            log,
            audit,
            evidence,
        ),
        *(console, completion, demo, *assembly.more),
    ):
        program.add_command(command)
    return program
