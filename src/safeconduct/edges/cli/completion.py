"""Completion for the shell, as click makes it."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from safeconduct.edges.cli.inputs import OneOf
from safeconduct.edges.cli.program import PROGRAM, example

_VARIABLE = "_SAFECONDUCT_COMPLETE"


@click.command(
    epilog=example(
        "safeconduct completion bash > ~/.local/share/bash-completion/completions/safeconduct",
        'eval "$(safeconduct completion zsh)"',
        "safeconduct completion fish > ~/.config/fish/completions/safeconduct.fish",
    )
)
@click.argument("shell", metavar="SHELL", type=OneOf(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Completion for bash, zsh or fish."""
    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(ctx.find_root().command, {}, PROGRAM, _VARIABLE).source())
