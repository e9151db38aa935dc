"""Scenario books tried: what was said when, how each clause was to stand, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import CATALOGUE, FormFiled
from safeconduct.core.agreement import LANGUAGES, Finding, Terms, read_folder, read_yaml
from safeconduct.core.record import MutationTrial, Told, Trial, Verdict, read_scenario, try_scenario
from safeconduct.core.statement import encode
from safeconduct.edges.cli.agreements import read_agreement_files, read_template, template_names
from safeconduct.edges.cli.desk import json_option
from safeconduct.edges.cli.inputs import FOLDER, OneOf, read_file
from safeconduct.edges.cli.program import FAILED, example
from safeconduct.edges.cli.screen import Screen, clean_lines, line, moment_text, table
from safeconduct.errors import InputInvalid

_BOOK_BYTES_MAX = 1_048_576
_ENDING = ".yaml"
_DIGEST_LENGTH = 64


@click.command(
    "try",
    epilog=example(
        "safeconduct agreement try --list",
        "safeconduct agreement try bisham-2024 --language zh",
        "safeconduct agreement try mine.yaml --agreement draft",
    ),
)
@click.argument("books", metavar="BOOK…", nargs=-1)
@click.option("--agreement", "folder", type=FOLDER, metavar="DIR", help="Judge by this agreement instead.")
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the sentences.")
@click.option("--all", "everything", is_flag=True, help="Show every obligation as it stands at the end.")
@click.option("--list", "only_list", is_flag=True, help="Only the books that come with the program.")
@json_option
def try_(
    books: tuple[str, ...], folder: Path | None, language: str, everything: bool, only_list: bool, as_json: bool
) -> None:
    """Hold histories against their verdicts.

    BOOK is a file that ends in .yaml, or the name of a book that comes with the program. A book also says which one
    word of the agreement it changes, and exactly which verdicts change by that. Exit code 1 if anything is otherwise.
    """
    screen = Screen(as_json=as_json)
    if only_list or not books:
        titles = [(name, _title(book, language)) for name, book in _shipped().items()]
        screen.show(
            [{"book": name, "title": title} for name, title in titles],
            table(("book", "what it tells"), titles, title="scenario books"),
        )
        return
    instead = read_folder(read_agreement_files(folder)) if folder is not None else None
    trials = [_tried(book, instead) for book in books]
    pictures = [picture for trial in trials for picture in _pictures(trial, language, everything=everything)]
    screen.show([_value(trial, language) for trial in trials], *pictures)
    if any(trial.differences for trial in trials):
        raise click.exceptions.Exit(FAILED)


# --- books ------------------------------------------------------------------------------------------------------------


def _shipped() -> dict[str, Traversable]:
    """The books that come with the program, by name."""
    folder = resources.files("safeconduct.core.record") / "books"
    found = {entry.name.removesuffix(_ENDING): entry for entry in folder.iterdir() if entry.name.endswith(_ENDING)}
    return dict(sorted(found.items()))


def _title(book: Traversable, language: str) -> str:
    top = read_yaml(book.read_text("utf-8")).value
    titles = top.get("title") if isinstance(top, dict) else None
    return str(titles.get(language, titles.get("en"))) if isinstance(titles, dict) else ""


def _tried(name: str, instead: Terms | None) -> Trial:
    beside: Path | None = None
    if name.endswith(_ENDING):
        beside = Path(name).parent
        try:
            text = read_file(Path(name), _BOOK_BYTES_MAX, "a scenario book").decode()
        except UnicodeDecodeError as error:
            raise InputInvalid(f"{name}: expected UTF-8, got another byte at {error.start}") from None
    else:
        shipped = _shipped()
        if name not in shipped:
            raise InputInvalid(f"expected a file *.yaml or one of {', '.join(shipped)}, got {name[:60]!r}")
        text = shipped[name].read_text("utf-8")
        name += _ENDING

    def files_of(kind: str, wanted: str) -> Mapping[str, str] | None:
        if kind == "template":
            return read_template(wanted) if wanted in template_names() else None
        # A book that comes with the program stands beside no folder.
        return read_agreement_files(beside / wanted) if beside is not None else None

    return try_scenario(read_scenario(name, text, files_of, instead))


# --- what people see --------------------------------------------------------------------------------------------------


def _pictures(trial: Trial, language: str, *, everything: bool) -> list[RenderableType]:
    scenario = trial.scenario
    title = scenario.title.get(language, scenario.title.get("en", scenario.id))
    shown: list[RenderableType] = [
        clean_lines(f"{scenario.id}: {title}"),
        line(f"judged by {scenario.terms.name}, {len(scenario.terms.clauses)} clauses"),
        *(line(f"source: {source}") for source in scenario.sources),
        line(f"made up: {scenario.made_up}"),
        line(""),
        table(("when", "who", "what", "about", "with", "remark"), (_step(t, trial, language) for t in trial.told)),
        line(""),
        table(("", "when", "clause", "about", "expected", "found", "why"), map(_verdict, trial.verdicts)),
        line(""),
    ]
    # Sentences in Urdu say which way they read, so they stand by themselves and in no cell.
    said = dict.fromkeys(trial.sentence(v.found, language) for v in trial.verdicts if v.found is not None)
    shown += [clean_lines(f"- {sentence}") for sentence in said]
    if everything:
        shown += [line(""), line("at the end:")]
        shown += [clean_lines(f"- {f.subject}: {trial.sentence(f, language)}") for f in trial.at_end]
    if trial.mutations:
        rows = [row for mutation in trial.mutations for row in _mutation(mutation)]
        shown += [line(""), table(("", "one word changed", "when", "clause", "before", "after"), rows)]
    return [*shown, line(""), *_conclusion(trial), line("")]


def _step(told: Told, trial: Trial, language: str) -> Sequence[object]:
    said, step = told.said, told.step
    if step is None:
        return (moment_text(said.t), said.actor, _kind_name(said.kind, trial, language), said.subject, "", "")
    remarks = [f"no effect: {told.void.account}"] if told.void is not None else []
    remarks += [step.note] if step.note else []
    return (
        moment_text(said.t),
        said.actor,
        _kind_name(step.what, trial, language),
        said.subject,
        _details(said.act, trial.scenario.terms),
        "; ".join(remarks),
    )


def _kind_name(kind: str, trial: Trial, language: str) -> str:
    form = trial.scenario.terms.form(kind)
    names = form.name if form is not None else CATALOGUE[kind].title
    return names.get(language, kind)


def _details(act: object, terms: Terms) -> str:
    """The short words of an act's body: no plans and no digests, which say nothing in a line."""
    plain = msgspec.to_builtins(act)
    form = terms.form(act.form) if isinstance(act, FormFiled) else None
    instants = [field.id for field in form.fields if field.type == "instant"] if form is not None else []
    words = []
    for name, value in plain.get("fields", plain).items():
        if isinstance(value, bool):
            words.append(f"{name} {'yes' if value else 'no'}")
        elif name in instants:
            words.append(f"{name} {moment_text(value)}")
        elif not isinstance(value, dict) and len(str(value)) < _DIGEST_LENGTH:
            words.append(f"{name} {value}")
    return ", ".join(words)


def _verdict(verdict: Verdict) -> Sequence[object]:
    row, found = verdict.row, verdict.found
    which = f" ({row.which})" if row.which else ""
    came = found.outcome.value if found is not None else "none"
    return (
        "ok" if not verdict.differs else "DIFFERS",
        moment_text(row.at),
        f"{row.clause}{which}",
        row.subject,
        row.outcome,
        came,
        row.why,
    )


def _mutation(trial: MutationTrial) -> list[Sequence[object]]:
    word = "ok" if not trial.differs else "DIFFERS"
    if not trial.changed:
        return [(word, trial.mutation.name, "", "nothing changes", "", "")]
    return [
        (word, trial.mutation.name, moment_text(at), f"{clause} ({which})", before, after)
        for (at, clause, _, which), before, after in trial.changed
    ]


def _conclusion(trial: Trial) -> list[RenderableType]:
    differences = trial.differences
    if differences:
        return [*map(line, differences), line(f"{trial.scenario.id}: {len(differences)} not as the book says")]
    rows, mutations = len(trial.verdicts), len(trial.mutations)
    return [line(f"{trial.scenario.id}: all {rows} verdicts and all {mutations} changes are as the book says")]


# --- what programs see ------------------------------------------------------------------------------------------------


def _value(trial: Trial, language: str) -> Mapping[str, object]:
    return {
        "book": trial.scenario.id,
        "agreement": trial.scenario.terms.digest,
        "holds": not trial.differences,
        "differences": trial.differences,
        "steps": [_step_value(told) for told in trial.told],
        "verdicts": [
            {
                "at": verdict.row.at,
                "clause": verdict.row.clause,
                "subject": verdict.row.subject,
                "which": verdict.row.which or 1,
                "expected": verdict.row.outcome,
                "found": _finding(trial, verdict.found, language),
                "differs": verdict.differs,
            }
            for verdict in trial.verdicts
        ],
        "at_end": [_finding(trial, finding, language) for finding in trial.at_end],
        "mutations": [_mutation_value(mutation) for mutation in trial.mutations],
    }


def _step_value(told: Told) -> Mapping[str, object]:
    said = told.said
    return {
        "at": said.t,
        "actor": said.actor,
        "what": told.step.what if told.step is not None else said.kind,
        "subject": said.subject,
        "void": told.void.code if told.void is not None else "",
    }


def _finding(trial: Trial, finding: Finding | None, language: str) -> Mapping[str, object] | None:
    if finding is None:
        return None
    plain: dict[str, object] = msgspec.json.decode(encode(finding))
    return {**plain, "sentence": trial.sentence(finding, language)}


def _mutation_value(trial: MutationTrial) -> Mapping[str, object]:
    return {
        "name": trial.mutation.name,
        "changed": [
            {"at": at, "clause": clause, "subject": subject, "which": which, "before": before, "after": after}
            for (at, clause, subject, which), before, after in trial.changed
        ],
        "differs": trial.differs,
    }
