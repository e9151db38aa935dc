"""Reports by the agreement's forms, and the answers that people give to duties and facts."""

from __future__ import annotations

from collections.abc import Mapping

import click

from safeconduct.core.acts import (
    FORM_SUBJECTS,
    DutyWaived,
    FactContested,
    FactRuled,
    FieldValue,
    FindingExplained,
    FormFiled,
    RelationStepped,
)
from safeconduct.core.agreement import LANGUAGES, Field, Form, Terms
from safeconduct.edges.cli.agreements import InForce
from safeconduct.edges.cli.desk import Desk, check_option, speaks, yes_option
from safeconduct.edges.cli.inputs import DIGEST, TEXT, OneOf, pair_of, zoned
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import line, moment_text, table
from safeconduct.errors import InputInvalid, NotFound
from safeconduct.node.queries import Relation


@click.group(cls=Commands)
def form() -> None:
    """Reports by the agreement's forms.

    Patrols, meetings, certificates, handovers: what the parties agreed to report.
    """


@form.command("list", epilog=example("safeconduct form list", "safeconduct form list --language ur"))
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the names.")
@speaks
def list_(desk: Desk, language: str) -> None:
    """Every form, what it asks, and who files it."""
    terms = terms_in_force(desk)
    rows = (
        (
            known.id,
            known.name.get(language, known.id),
            ", ".join(f"{field.id} ({_asked(field)})" for field in known.fields) or "nothing",
            ", ".join(role.id for role in terms.roles if known.id in role.may),
        )
        for known in terms.forms
    )
    desk.show(terms.forms, table(("form", "name", "asks", "filed by"), rows, title="forms"))


def _asked(field: Field) -> str:
    return " or ".join(field.options) if field.options else field.type.replace("_", " ")


@form.command(
    epilog=example(
        "safeconduct form file post.scanned gate-1",
        "safeconduct form file vehicle.certified v-12 --set level=6 --set valid_to=2027-03-01T00:00Z",
    )
)
@click.argument("form_id", metavar="FORM")
@click.argument("subject_id", metavar="ID")
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="What the form asks; once for each.")
@check_option
@speaks
def file(desk: Desk, form_id: str, subject_id: str, fields: tuple[str, ...], check: bool) -> None:
    """File a report about a subject.

    ID is that of the subject; its kind is the form's. Times are UTC, as in 2026-11-24T10:00Z; names are put side
    by side with commas; yes_no is yes or no.
    """
    terms = terms_in_force(desk)
    known = _known(terms, form_id)
    given = dict(pair_of(text, "--set", "a field and its value as in level=6") for text in fields)
    act = FormFiled(form=form_id, fields=_fields(known, given))
    desk.say(f"{form_id.split('.')[0]}/{subject_id}", act, check=check)


def terms_in_force(desk: Desk) -> Terms:
    """The agreement in force at the speaker's node. Raises NotFound before there is one."""
    terms = desk.client.get("/v1/agreement", InForce).terms
    if terms is None:
        raise NotFound("no agreement is in force")
    return terms


def _known(terms: Terms, form_id: str) -> Form:
    known = terms.form(form_id)
    if known is None:
        names = ", ".join(each.id for each in terms.forms) or "none"
        raise InputInvalid(f"expected a form of the agreement ({names}), got {form_id[:60]!r}")
    return known


def _fields(known: Form, given: Mapping[str, str]) -> dict[str, FieldValue]:
    wanted = {field.id: field for field in known.fields}
    missing = [name for name in wanted if name not in given]
    unknown = [name for name in given if name not in wanted]
    if missing or unknown:
        asked = ", ".join(f"{field.id} ({_asked(field)})" for field in known.fields) or "nothing"
        raise InputInvalid(f"{known.id} asks for {asked}; got {', '.join(given) or 'nothing'}")
    return {name: _value(field, given[name]) for name, field in wanted.items()}


def _value(field: Field, text: str) -> FieldValue:
    where = f"--set {field.id}"
    match field.type:
        case "number":
            try:
                return int(text)
            except ValueError:
                raise InputInvalid(f"{where}: expected a whole number, got {text[:40]!r}") from None
        case "instant":
            return int(zoned(text, where, "2026-11-24T10:00Z").timestamp()) * 1000
        case "yes_no":
            if text not in ("yes", "no"):
                raise InputInvalid(f"{where}: expected yes or no, got {text[:40]!r}")
            return text == "yes"
        case "names":
            return tuple(name.strip() for name in text.split(",") if name.strip())
        case _:
            return text


# --- facts and duties -------------------------------------------------------------------------------------------------


@click.group(cls=Commands)
def fact() -> None:
    """Facts that a party does not accept.

    Both accounts stand until the agreed body rules.
    """


@fact.command(
    epilog=example(
        'safeconduct fact contest movement/m-20261124-k3x7 STATEMENT --account "it was not bulletproof: two reports"'
    )
)
@click.argument("subject")
@click.argument("statement", metavar="STATEMENT", type=DIGEST)
@click.option("--account", type=TEXT, required=True, help="What your side says instead; the others read it.")
@check_option
@speaks
def contest(desk: Desk, subject: str, statement: str, account: str, check: bool) -> None:
    """Do not accept what a statement (its id) says about the subject."""
    desk.say(require_subject(subject), FactContested(statement=statement, account=account), check=check)


@fact.command(epilog=example('safeconduct fact rule vehicle/v-12 STATEMENT --stands --reason "seen by both experts"'))
@click.argument("subject")
@click.argument("statement", metavar="STATEMENT", type=DIGEST)
@click.option("--stands/--does-not-stand", default=None, required=True, help="Whether clauses take it as said.")
@click.option("--reason", type=TEXT, required=True, help="Why; all parties read it.")
@yes_option
@check_option
@speaks
def rule(desk: Desk, subject: str, statement: str, stands: bool, reason: str, yes: bool, check: bool) -> None:
    """Rule on a contested statement, for a role of the ruling body."""
    if not (yes or check):
        word = "stands" if stands else "does not stand"
        click.confirm(f"Rule that statement {statement[:16]} {word}?", abort=True, err=True)
    desk.say(require_subject(subject), FactRuled(statement=statement, stands=stands, reason=reason), check=check)


@click.group(cls=Commands)
def duty() -> None:
    """Answers to what a clause asks."""


@duty.command(epilog=example('safeconduct duty waive movement/m-20261124-k3x7 NTC-1 --reason "medical evacuation"'))
@click.argument("subject")
@click.argument("clause")
@click.option("--reason", type=TEXT, required=True, help="Why; your name stands under it.")
@yes_option
@check_option
@speaks
def waive(desk: Desk, subject: str, clause: str, reason: str, yes: bool, check: bool) -> None:
    """Let a duty go on this subject, before it is due.

    It counts when every role that the clause names has signed.
    """
    if not (yes or check):
        click.confirm(f"Waive {clause} on {subject}?", abort=True, err=True)
    desk.say(require_subject(subject), DutyWaived(clause=clause, reason=reason), check=check)


@duty.command(epilog=example('safeconduct duty explain movement/m-20261124-k3x7 NTC-2 --account "the line was down"'))
@click.argument("subject")
@click.argument("clause")
@click.option("--account", type=TEXT, required=True, help="Your side's account; it stands beside the finding.")
@check_option
@speaks
def explain(desk: Desk, subject: str, clause: str, account: str, check: bool) -> None:
    """Answer a finding of a clause on this subject. It changes no verdict."""
    desk.say(require_subject(subject), FindingExplained(clause=clause, account=account), check=check)


def require_subject(text: str) -> str:
    """A subject that reports may be about. Raises InputInvalid."""
    kind, _, rest = text.partition("/")
    if kind not in FORM_SUBJECTS or not rest:
        raise InputInvalid(f"expected a subject such as movement/m-1 or post/gate-1, got {text[:60]!r}")
    return text


# --- grades -----------------------------------------------------------------------------------------------------------


@click.group(cls=Commands)
def relation() -> None:
    """Grades of suspension and return.

    How far the parties work together.
    """


@relation.command("show", epilog=example("safeconduct relation show"))
@speaks
def show_(desk: Desk) -> None:
    """The grade in force, and what findings call for.

    What the grade refuses, and how it came about.
    """
    found = desk.client.get("/v1/relation", Relation)
    called_for = f"{', '.join(found.called_for) or 'none'}; way back open: {_yes(found.may_return)}"
    steps = ((moment_text(step.t), step.party, step.level) for step in found.steps)
    desk.show(
        found,
        line(f"grade: {found.level or 'none agreed'}; refuses: {', '.join(found.refuses) or 'nothing'}"),
        line(f"steps that the findings call for: {called_for}; way back open: {_yes(found.may_return)}"),
        table(("at", "by", "grade"), steps, title="steps"),
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


@relation.command(epilog=example('safeconduct relation step limited --reason "three critical breaches in November"'))
@click.argument("level")
@click.option("--reason", type=TEXT, required=True, help="Why; all parties read it.")
@yes_option
@check_option
@speaks
def step(desk: Desk, level: str, reason: str, yes: bool, check: bool) -> None:
    """Step to another grade.

    Down at once; up when every role that must has said it.
    """
    if not (yes or check):
        found = desk.client.get("/v1/relation", Relation)
        if level not in found.called_for:
            desk.screen.note(f"the findings do not call for a step to {level}; it will show")
        click.confirm(f"Step from {found.level} to {level}?", abort=True, err=True)
    desk.say("relation", RelationStepped(level=level, reason=reason), check=check)
