"""How a command of ours behaves: its help, its errors, its exit codes.

Exit codes: 0 done, 1 refused or a check failed, 2 bad input, 3 not possible now (try again).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click
import msgspec

from safeconduct.edges.cli.screen import clean_lines
from safeconduct.errors import InputInvalid, LimitExceeded, Refused, SafeconductError, Unavailable

PROGRAM = "safeconduct"
DONE, FAILED, BAD_INPUT, NOT_NOW = 0, 1, 2, 3


class Commands(click.Group):
    """A group of commands that refuses an unknown one in our words."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with an error that lists what there is."""
        if (
            args
            and self.get_command(ctx, args[0]) is None
            and not ctx.resilient_parsing
            and not args[0].startswith("-")
        ):
            known = ", ".join(self.list_commands(ctx))
            raise click.UsageError(f"expected a command of {ctx.command_path} ({known}), got {args[0][:60]!r}", ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, click's signature
        """In the order in which they are used, not in that of the alphabet."""
        return list(self.commands)


class Program(Commands):
    """The outermost group: every error that a person can mend becomes one line and an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT002, click's signature
        **extra: Any,
    ) -> NoReturn:
        """Run and exit."""
        words = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(words, prog_name or PROGRAM, complete_var, standalone_mode=False, **extra)
        except (click.ClickException, SafeconductError, click.Abort) as error:
            _say(error, as_json="--json" in words)
            sys.exit(exit_code(error))
        except BrokenPipeError:
            # Whoever reads our output has seen enough.
            sys.stderr.close()
            sys.exit(FAILED)
        sys.exit(code if isinstance(code, int) else DONE)


def exit_code(error: Exception) -> int:
    """What the program's caller learns of an error."""
    match error:
        case Unavailable():
            return NOT_NOW
        case InputInvalid() | LimitExceeded() | click.UsageError():
            return BAD_INPUT
        case _:
            return FAILED


def error_code(error: Exception) -> str:
    """The error's name for programs, as the API names it too."""
    if isinstance(error, Refused):
        return error.code
    if isinstance(error, click.ClickException):
        return "usage"
    if isinstance(error, click.Abort):
        return "stopped"
    name = type(error).__name__
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


def _say(error: Exception, *, as_json: bool) -> None:
    message = _message(error)
    if as_json:
        sys.stderr.write(
            msgspec.json.encode({"error": {"code": error_code(error), "message": message}}).decode() + "\n"
        )
        return
    sys.stderr.write(clean_lines(f"{PROGRAM}: {message}\n"))
    if isinstance(error, click.UsageError) and error.ctx is not None:
        sys.stderr.write(f"{PROGRAM}: see {error.ctx.command_path} --help\n")


def _message(error: Exception) -> str:
    match error:
        case click.Abort():
            return "stopped, nothing was done"
        case click.NoSuchOption():
            near = f" (is it {', '.join(sorted(error.possibilities))}?)" if error.possibilities else ""
            command = error.ctx.command_path if error.ctx is not None else PROGRAM
            return f"expected an option of {command}, got {error.option_name}{near}"
        case click.BadOptionUsage() if error.message.endswith("requires an argument."):
            return f"expected a value after {error.option_name}, got none"
        case click.MissingParameter():
            return f"expected {_parameter(error)}, got none"
        case click.BadParameter() if error.message.startswith("expected "):
            return f"{_parameter(error)}: {error.message}"
        case click.UsageError() if error.message.startswith("Got unexpected extra argument"):
            return "expected no further argument, got " + error.message.partition("(")[2].rstrip(")")
        case click.ClickException():
            return error.format_message()
        case _:
            return str(error)


def _parameter(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "a value")
    if isinstance(error.param, click.Option):
        return " / ".join([*error.param.opts[:1], *error.param.secondary_opts])
    # The brackets of an argument that may be left out, and the dots of one that may come several times, are help's.
    return error.param.make_metavar(error.ctx).strip("[].…") if error.ctx is not None else str(error.param.name)


def example(*lines: str) -> str:
    """The end of a help text: how the command is used. `@group.command(epilog=example("safeconduct serve"))`."""
    shown = "\n".join(f"  {line}" for line in lines)
    return f"\b\nexample:\n{shown}"
