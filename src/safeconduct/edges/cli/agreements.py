"""An agreement, from a template's folder to a text in force."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click
import msgspec
from rich.console import RenderableType

from safeconduct.core.acts import AgreementProposed, AgreementSigned, Identifier
from safeconduct.core.agreement import (
    LANGUAGES,
    Lint,
    PartyTerms,
    Terms,
    fill_template,
    lint_folder,
    read_folder,
    read_terms,
    render,
    set_parameters,
)
from safeconduct.core.statement import Digest, encode
from safeconduct.edges.cli.desk import Desk, check_option, json_option, speaks, speaks_as_authority, yes_option
from safeconduct.edges.cli.folder import all_or_nothing, new_folder, write_new
from safeconduct.edges.cli.inputs import DIGEST, FOLDER, IDENTIFIER, OneOf, pair_of, read_file
from safeconduct.edges.cli.printing import form_of, form_options, language_option, put_paper
from safeconduct.edges.cli.profiles import read_card_file
from safeconduct.edges.cli.program import FAILED, Commands, example
from safeconduct.edges.cli.screen import Screen, clean_lines, line, pairs, table
from safeconduct.errors import CheckFailed, InputInvalid, NotFound, TermsInvalid

# Bounds of a folder before it is read; the reader has its own, which explain themselves.
_FILES_MAX = 1_000
_FILE_BYTES_MAX = 1_048_576


class Proposal(msgspec.Struct, frozen=True):
    """A text that was put forward, as the API answers."""

    digest: Digest
    signed_by: tuple[str, ...]
    in_force_from: int | None
    statements: dict[str, str]


class InForce(msgspec.Struct, frozen=True):
    """The agreement in force, as the API answers."""

    digest: Digest | None
    terms: Terms | None
    versions: tuple[Proposal, ...]


@click.group(cls=Commands)
def agreement() -> None:
    """The agreement: write, check, propose, sign, read."""


def template_names() -> list[str]:
    """The templates that come with the program."""
    return sorted(entry.name for entry in _templates().iterdir() if entry.is_dir() and not entry.name.startswith("_"))


def _templates() -> Traversable:
    return resources.files("safeconduct.core.agreement") / "template"


@agreement.command(
    epilog=example(
        "safeconduct agreement new --template host_sending \\",
        "    --party host=host/card.json --party sending=their-card.json agreement",
    )
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--template", type=OneOf(template_names()), required=True, help="What to start from.")
@click.option("--party", multiple=True, required=True, metavar="ID=FILE", help="A party and its card; once for each.")
@click.option("--name", type=IDENTIFIER, metavar="ID", help="Short name of the agreement; the folder's if left out.")
@click.option("--set", "values", multiple=True, metavar="PARAMETER=VALUE", help="A number to agree; once for each.")
@click.option("--ask/--no-ask", default=None, help="Ask the questions that matter; on a terminal it does.")
@click.option("--language", type=OneOf(LANGUAGES), default="en", show_default=True, help="Of the questions.")
@json_option
def new(
    folder: Path,
    template: str,
    party: tuple[str, ...],
    name: str | None,
    values: tuple[str, ...],
    ask: bool | None,
    language: str,
    as_json: bool,
) -> None:
    """Make a folder with an agreement to edit.

    It holds agreement.yaml, clauses/ and cards/. The template's numbers stay as they are but for those that are set or
    asked.
    """
    named = name if name is not None else _name_of(folder)
    files = fill_template(read_template(template), _cards(party), named)
    given = dict(pair_of(text, "--set", "a parameter and its value as in notice_lead=P7D") for text in values)
    terms = read_folder(set_parameters(files, given))
    if ask if ask is not None else sys.stdin.isatty() and not as_json:
        given |= _answers(terms, given, language)
    files = set_parameters(files, given)
    terms = read_folder(files)
    new_folder(folder)
    with all_or_nothing(folder):
        for path, text in sorted(files.items()):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_new(folder / path, text.encode())
    Screen(as_json=as_json).show(
        {"directory": str(folder), "name": terms.name, "files": sorted(files)},
        line(f"made agreement {terms.name} in {folder}"),
        line("next: edit it, above all the numbers called “parameter to agree”, then:"),
        line(f"  safeconduct agreement check {folder}"),
    )


def _answers(terms: Terms, given: Mapping[str, str], language: str) -> dict[str, str]:
    """What a person answers to the questions of the template; Enter leaves the value that is proposed."""
    answers = {}
    for parameter in terms.parameters:
        if parameter.question is None or parameter.id in given:
            continue
        proposed = parameter.duration or parameter.text or str(parameter.number)
        if parameter.texts is None:
            answers[parameter.id] = click.prompt(parameter.question[language], default=proposed, err=True)
    return answers


def _name_of(folder: Path) -> str:
    try:
        return msgspec.convert(folder.resolve().name.lower(), Identifier)
    except msgspec.ValidationError:
        raise InputInvalid(f"expected --name, because the folder's name is no id, got {folder.name[:60]!r}") from None


def read_template(name: str) -> dict[str, str]:
    """A template's files as path → text."""
    return {path: entry.read_text("utf-8") for path, entry in _walk(_templates() / name, "")}


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield f"{prefix}{entry.name}", entry


def _cards(given: tuple[str, ...]) -> list[PartyTerms]:
    cards = {}
    for text in given:
        party, file = pair_of(text, "--party", "a party and its card as in host=card.json")
        card = read_card_file(Path(file))
        if card.id != party:
            raise InputInvalid(f"--party: expected the card of {party} at {file}, got that of {card.id}")
        cards[party] = card
    return list(cards.values())


# --- checking ---------------------------------------------------------------------------------------------------------


@agreement.command(
    epilog=example("safeconduct agreement check agreement", "safeconduct agreement check agreement --quick")
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--quick", is_flag=True, help="Only whether it can be read; no search for what goes wrong later.")
@json_option
def check(folder: Path, quick: bool, as_json: bool) -> None:
    """Report every problem of a folder with its line and column.

    Then it searches for clauses that contradict each other, that nobody can meet or prove, for hops without a deadline
    and acts that no clause covers, and shows a history for each. Exit code 1 for problems, errors and warnings.
    """
    screen = Screen(as_json=as_json)
    files = read_agreement_files(folder)
    try:
        terms = read_folder(files)
    except TermsInvalid as error:
        problems = error.problems
        screen.show(
            {"problems": problems},
            *(line(problem) for problem in problems),
            line(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'} in {folder}"),
        )
        raise click.exceptions.Exit(FAILED) from None
    if not quick:
        screen.note("looking for histories in which it goes wrong; some seconds for a hundred clauses")
    found = () if quick else lint_folder(files)
    numbers = {word: sum(one.severity == word for _, one in found) for word in ("error", "warning", "note")}
    counts = ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in numbers.items())
    screen.show(
        {
            "problems": [],
            "name": terms.name,
            "version": terms.version,
            "digest": terms.digest,
            "lint": [{"at": place, **msgspec.to_builtins(one)} for place, one in found],
        },
        line(f"{folder} is a complete agreement" + ("" if quick else f": {counts}")),
        *(shown for place, one in found for shown in _lint_lines(place, one)),
        _summary(terms),
    )
    if any(one.severity != "note" for _, one in found):
        raise click.exceptions.Exit(FAILED)


def _lint_lines(place: str, one: Lint) -> Iterator[RenderableType]:
    """A lint with the history that shows it."""
    yield line(f"{place}: {one.severity}: {one.account}")
    if one.severity == "note":
        return
    if one.why_no_history:
        yield line(f"    {one.why_no_history}")
    for step in one.history:
        who = f"{step.party}/{step.role} says {step.event}" if step.event else "nobody says anything more"
        stands = ", ".join(f"{clause} {outcome}" for clause, outcome in step.outcomes.items())
        void = f", without effect ({step.void})" if step.void else ""
        yield line(f"    after {step.after}: {who}{void}; {stands}")


def read_agreement_files(folder: Path) -> dict[str, str]:
    """Every file of an agreement's folder as path → text. Raises InputInvalid for what is no such folder."""
    if not folder.is_dir():
        raise InputInvalid(f"expected an agreement's folder, got {folder}, which is none")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))
    if len(paths) > _FILES_MAX:
        raise InputInvalid(f"expected an agreement's folder with at most {_FILES_MAX} files, got {len(paths)}")
    files = {}
    for path in paths:
        data = read_file(path, _FILE_BYTES_MAX, "a file of an agreement")
        try:
            files[path.relative_to(folder).as_posix()] = data.decode()
        except UnicodeDecodeError as error:
            raise InputInvalid(f"{path}: expected UTF-8, got byte {data[error.start]:#04x} at {error.start}") from None
    return files


def _is_hidden(path: Path, folder: Path) -> bool:
    """Version control and editors keep their own files beside ours."""
    return any(part.startswith(".") or part.endswith("~") for part in path.relative_to(folder).parts)


# --- proposing and signing --------------------------------------------------------------------------------------------


@agreement.command(
    epilog=example(
        "safeconduct agreement propose agreement --dir host", "safeconduct agreement propose agreement --check"
    )
)
@click.argument("folder", metavar="AGREEMENT", type=FOLDER)
@check_option
@yes_option
@speaks_as_authority
def propose(desk: Desk, folder: Path, check: bool, yes: bool) -> None:
    """Put a text forward, and sign it by that.

    As the party's authority.
    While another agreement is in force, the text becomes its next version: number and previous digest are filled in.
    """
    terms = as_amendment(read_folder(read_agreement_files(folder)), desk.client.get("/v1/agreement", InForce))
    text = encode(terms)
    if not (yes or check):
        desk.screen.ask_about(_summary(terms))
        click.confirm(f"Propose and sign this text as {desk.client.speaker.party}?", abort=True, err=True)
    desk.client.post("/v1/texts", text)
    act = AgreementProposed(digest=terms.digest, size=len(text))
    if check:
        desk.say("agreement", act, check=True)
        return
    accepted = desk.client.say("agreement", act)
    others = [party.id for party in terms.parties if party.id != desk.client.speaker.party]
    desk.show(
        {**msgspec.to_builtins(accepted), "digest": terms.digest, "version": terms.version},
        line(f"proposed {terms.name}, version {terms.version}"),
        pairs([("digest", terms.digest)]),
        line(f"next, at {', '.join(others)}: safeconduct agreement sign {terms.digest}"),
    )


def as_amendment(terms: Terms, known: InForce) -> Terms:
    """The text as the next version of the one in force, or as the first."""
    if known.terms is None:
        if terms.version != 1:
            raise InputInvalid(f"version: expected 1, because no agreement is in force, got {terms.version}")
        return terms
    return msgspec.structs.replace(terms, version=known.terms.version + 1, previous=known.digest)


@agreement.command(
    epilog=example("safeconduct agreement sign --dir sending", "safeconduct agreement sign DIGEST --language zh")
)
@click.argument("digest", type=DIGEST, required=False)
@click.option("--language", type=OneOf(LANGUAGES), help="Language in which the text is shown.")
@yes_option
@check_option
@speaks_as_authority
def sign(desk: Desk, digest: str | None, language: str | None, yes: bool, check: bool) -> None:
    """Show a proposed text, ask, and sign it.

    As the party's authority. Without DIGEST: the one proposal that waits for this party.
    """
    known = desk.client.get("/v1/agreement", InForce)
    wanted = digest if digest is not None else _waiting(desk, known)
    terms = fetch_text(desk, wanted)
    if not (yes or check):
        desk.screen.note(render(terms, _language(terms, language)))
        desk.screen.ask_about(_summary(terms))
        click.confirm(f"Sign this text as {desk.client.speaker.party}?", abort=True, err=True)
    desk.say("agreement", AgreementSigned(digest=wanted), check=check)


def _waiting(desk: Desk, known: InForce) -> str:
    party = desk.client.speaker.party
    found = [v.digest for v in known.versions if v.in_force_from is None and party not in v.signed_by]
    if len(found) != 1:
        shown = ", ".join(found) or "none"
        raise InputInvalid(f"expected DIGEST, because not exactly one proposal waits for {party}, got {shown}")
    return found[0]


def fetch_text(desk: Desk, digest: str) -> Terms:
    """An agreement's text from the speaker's own node, checked to be the one with this digest."""
    data = desk.client.fetch(f"/v1/texts/{digest}")
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise CheckFailed(f"expected the text with digest {digest}, got one with {found}")
    return read_terms(data)


@agreement.command(
    epilog=example(
        "safeconduct agreement show",
        "safeconduct agreement show --language zh",
        "safeconduct agreement show --folder DIR",
    )
)
@click.option("--language", type=OneOf(LANGUAGES), help="Language of the document.")
@click.option("--folder", type=FOLDER, metavar="DIR", help="A folder that is still being written, instead.")
@click.option("--digest", type=DIGEST, metavar="DIGEST", help="A text that was proposed, instead.")
@speaks
def show(desk: Desk, language: str | None, folder: Path | None, digest: str | None) -> None:
    """The agreement in force as a readable document."""
    if folder is not None:
        terms = read_folder(read_agreement_files(folder))
    elif digest is not None:
        terms = fetch_text(desk, digest)
    else:
        known = desk.client.get("/v1/agreement", InForce)
        if known.terms is None:
            raise NotFound(_nothing_in_force(known))
        terms = known.terms
    desk.show(terms, clean_lines(render(terms, _language(terms, language))))


_PRINT_FORMS = ("html", "pdf", "md")


@agreement.command(
    "print",
    epilog=example(
        "safeconduct agreement print --language zh -o agreement.pdf",
        "safeconduct agreement print agreement --language ur --format html -o agreement.html",
    ),
)
@click.argument("source", metavar="[FOLDER|DIGEST]", required=False)
@language_option
@form_options(*_PRINT_FORMS)
@speaks
def print_(desk: Desk, source: str | None, language: str, form: str | None, output: Path) -> None:
    """The agreement on paper.

    The one in force; or that in a FOLDER that is still being written; or a text that was proposed, by its DIGEST.
    """
    chosen = form_of(form, output, *_PRINT_FORMS)
    terms = _named_terms(desk, source)
    spoken = _language(terms, language)
    data = render(terms, spoken).encode() if chosen == "md" else desk.assembly.press.agreement(terms, spoken, chosen)
    put_paper(desk, data, output, format=chosen, language=spoken, digest=terms.digest)


def _named_terms(desk: Desk, source: str | None) -> Terms:
    if source is None:
        known = desk.client.get("/v1/agreement", InForce)
        if known.terms is None:
            raise NotFound(_nothing_in_force(known))
        return known.terms
    if re.fullmatch("[0-9a-f]{64}", source) is not None:
        return fetch_text(desk, source)
    return read_folder(read_agreement_files(Path(source)))


def _nothing_in_force(known: InForce) -> str:
    waiting = [f"{v.digest} (signed by {', '.join(v.signed_by)})" for v in known.versions]
    return "no agreement is in force" + (f"; proposed: {'; '.join(waiting)}" if waiting else "")


def _language(terms: Terms, wanted: str | None) -> str:
    if wanted is None:
        return "en" if "en" in terms.languages else terms.languages[0]
    if wanted not in terms.languages:
        raise InputInvalid(f"--language: expected one of {', '.join(terms.languages)}, got {wanted}")
    return wanted


def _summary(terms: Terms) -> RenderableType:
    languages: Mapping[str, str] = terms.title
    rows = [
        ("name", f"{terms.name}, version {terms.version}"),
        *((f"title ({language})", title) for language, title in languages.items()),
        ("parties", [party.id for party in terms.parties]),
        ("roles", len(terms.roles)),
        ("consent of", [consent.party for consent in terms.movement.consent]),
        ("notice chain", " → ".join(terms.movement.notice_chain)),
        ("gate", [item.id for item in terms.movement.ready_gate]),
        (
            "clauses",
            f"{len(terms.clauses)}, of which judged by machine {sum(c.rule is not None for c in terms.clauses)}",
        ),
        ("digest", terms.digest),
    ]
    return pairs(rows)


@agreement.command("list", epilog=example("safeconduct agreement list"))
@speaks
def list_(desk: Desk) -> None:
    """Every text that was put forward, and who signed."""
    known = desk.client.get("/v1/agreement", InForce)
    rows = (
        (v.digest, v.signed_by, "in force" if v.digest == known.digest else "past" if v.in_force_from else "proposed")
        for v in known.versions
    )
    desk.show(known.versions, table(("digest", "signed by", "now"), rows, title="agreements"))
