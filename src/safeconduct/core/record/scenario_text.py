"""The text of a scenario book → a `Scenario`, or every problem at once. Whoever calls does the reading of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

import msgspec
from msgspec import inspect

from safeconduct.core.acts import CATALOGUE, FORM_SUBJECTS, FormFiled, KnownAct, Speaker
from safeconduct.core.agreement import (
    BEGIN,
    FOLDER_BYTES_MAX,
    PROBLEMS_MAX,
    Form,
    Reason,
    Terms,
    TreeMark,
    TreePath,
    TreeValue,
    check_shape,
    expected,
    one_of,
    read_yaml,
    shown,
    suggestion,
)
from safeconduct.core.record.redrafting import changed_terms, drafted, with_parameters
from safeconduct.core.record.scenario import Mutation, Person, Row, Scenario, Step
from safeconduct.core.record.scenario_form import BOOK_TYPE, MOMENT_WORDS, PLAIN_WORDS, YES_NO_WORDS, formed
from safeconduct.core.record.scenario_values import Values, instant
from safeconduct.core.statement import SubjectId
from safeconduct.errors import InputInvalid, TermsInvalid

# (`template` or `folder`, its name) → the files of that agreement, None if there is none.
FilesOf = Callable[[str, str], Mapping[str, str] | None]

# When a party sees what it never gets to see.
NEVER = "never"
_SUBJECT = re.compile(next(m.pattern for m in get_args(SubjectId) if isinstance(m, msgspec.Meta) and m.pattern))
_DEFAULT_SUBJECT = "movement/m1"


def read_scenario(file: str, text: str, files_of: FilesOf, instead: Terms | None = None) -> Scenario:
    """The book in a text.

    file: its name in messages. instead: another agreement than the one that the book names; its mutations are left
    out then, because they are words of its own agreement.
    Raises InputInvalid with every problem, each `file:line:column: expected …, got …`, in the order of the text.
    """
    reading = _Reading(file, text)
    found = reading.scenario(files_of, instead) if reading.is_readable else None
    if found is None or reading.problems:
        lines = [f"{file}:{at}: {what}" for at, what in sorted(set(reading.problems))[:PROBLEMS_MAX]]
        raise InputInvalid("\n".join(lines))
    return found


class _Reading:
    """One book on its way from text to values."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.problems: list[tuple[TreeMark, str]] = []
        self.is_readable = False
        if len(text) > FOLDER_BYTES_MAX:
            self.problems.append((BEGIN, f"expected at most {FOLDER_BYTES_MAX} characters, got {len(text)}"))
            return
        tree = read_yaml(text)
        self._places = tree.places
        self.problems.extend(tree.problems)
        self._raw: dict[str, Any] = {}
        # Entries of lists that have not their form, and have been reported: what else is wrong in them is no news.
        self._muted: set[TreePath] = set()
        self.is_readable = isinstance(tree.value, dict) and not tree.problems
        if isinstance(tree.value, dict):
            self._raw = tree.value
            check_shape(formed(tree.value), BOOK_TYPE, (), self._misshapen)
        elif not self.problems:
            self.problems.append((BEGIN, f"expected a mapping, got {shown(tree.value)}"))

    def _misshapen(self, path: TreePath, text: str) -> None:
        self._report(path, text)
        if path[:1] in (("people",), ("steps",), ("expect",), ("mutations",)) and len(path) > 1:
            self._muted.add(path[:2])
        else:
            self.is_readable = False

    def _report(self, path: TreePath, text: str) -> None:
        self.problems.append((self._mark(path), text))

    def _entries(self, section: str) -> list[tuple[TreePath, dict[str, Any]]]:
        """The entries of a list that have their form, each with its place."""
        listed = enumerate(self._raw.get(section, ()))
        return [((section, place), given) for place, given in listed if (section, place) not in self._muted]

    def _named_all_the_same(self, section: str, key: str) -> list[tuple[int, str]]:
        """The names of entries that have not their form: others may well speak of them."""
        listed = [(place, given) for place, given in enumerate(self._raw[section]) if (section, place) in self._muted]
        return [(place, str(given[key])) for place, given in listed if isinstance(given, dict) and key in given]

    def _mark(self, path: TreePath) -> TreeMark:
        while path not in self._places and path:
            path = path[:-1]
        return self._places.get(path, BEGIN)

    def scenario(self, files_of: FilesOf, instead: Terms | None) -> Scenario | None:
        """The book, or None when what everything else hangs on was reported."""
        raw = self._raw
        start = instant(raw["start"])
        if start is None:
            self._report(
                ("start",), expected(("start",), "a quoted moment such as 2024-03-26T08:00+05:00", raw["start"])
            )
        terms = instead if instead is not None else self._terms(files_of)
        if start is None or terms is None:
            return None
        self._terms_found, self._values = terms, Values(start, self._report)
        self._subject = self._subject_of(raw, ())
        people = self._people()
        self._plans()
        steps = self._steps(people)
        ends_at = max([start, *(step.at for step in steps)])
        rows = self._rows(self._entries("expect"), terms, None)
        if rows:
            ends_at = max(row.at for row in rows)
        return Scenario(
            file=self.file,
            id=raw["scenario"],
            title=raw["title"],
            sources=tuple(raw["sources"]),
            made_up=raw["made_up"],
            terms=terms,
            start=start,
            people=tuple(people.values()),
            steps=steps,
            rows=rows,
            mutations=() if instead is not None else self._mutations(ends_at),
        )

    # --- the agreement ------------------------------------------------------------------------------------------------

    def _terms(self, files_of: FilesOf) -> Terms | None:
        named = self._raw["agreement"]
        sources = [kind for kind in ("template", "folder") if kind in named]
        if len(sources) != 1:
            self._report(("agreement",), f"expected one of template, folder, got {' and '.join(sources) or 'none'}")
            return None
        where: TreePath = ("agreement", sources[0])
        files = files_of(sources[0], named[sources[0]])
        if files is None:
            self._report(where, f"expected a {sources[0]} that there is, got {shown(named[sources[0]])}")
            return None
        try:
            terms = drafted(files)
        except TermsInvalid as error:
            first, count = error.problems[0], len(error.problems)
            self._report(where, f"expected an agreement without problems, got {count}, the first {first}")
            return None
        values = named.get("parameters", {})
        if not isinstance(values, dict):
            self._report((*where[:1], "parameters"), expected(("parameters",), "a mapping", values))
            return None
        return with_parameters(terms, values, ("agreement", "parameters"), self._report)

    # --- people, plans, steps -----------------------------------------------------------------------------------------

    def _people(self) -> dict[str, Person]:
        people: dict[str, Person] = {}
        for path, given in self._entries("people"):
            person = Person(id=given["id"], party=given["party"], roles=tuple(given.get("roles", (given["id"],))))
            if person.id in people:
                self._report((*path, "id"), f"expected each person once, got {person.id!r} again")
            known = [party.id for party in self._terms_found.parties]
            if person.party not in known:
                hint = suggestion(person.party, known)
                self._report((*path, "party"), f"expected {one_of(known)}, got {shown(person.party)}{hint}")
            else:
                self._check_roles(person, (*path, "roles" if "roles" in given else "id"))
            people[person.id] = person
        self._muted_people = [name for _, name in self._named_all_the_same("people", "id")]
        return people

    def _check_roles(self, person: Person, path: TreePath) -> None:
        known = [role.id for role in self._terms_found.roles if role.party == person.party]
        for role in person.roles:
            if role not in known:
                self._report(path, f"expected a role of {person.party}, got {shown(role)}{suggestion(role, known)}")

    def _plans(self) -> None:
        """Plans by their names; `like` takes over what another plan says and is not said again."""
        listed = self._raw.get("plans", [])
        if not isinstance(listed, list):
            self._report(("plans",), expected(("plans",), "a list", listed))
            return
        written: dict[str, dict[str, TreeValue]] = {}
        for place, given in enumerate(listed):
            path: TreePath = ("plans", place)
            if not isinstance(given, dict) or not isinstance(given.get("name"), str):
                self._report(path, "expected a plan with a name, got none")
                continue
            parts = {key: value for key, value in given.items() if key not in ("name", "like")}
            like = given.get("like")
            if isinstance(like, str) and like in written:
                parts = {**written[like], **parts}
            elif like is not None:
                known = suggestion(like, written)
                self._report((*path, "like"), f"expected the name of an earlier plan, got {shown(like)}{known}")
                continue
            name = str(given["name"])
            if name in written:
                self._report((*path, "name"), f"expected each plan once, got {name!r} again")
            written[name] = parts
            plan = self._values.plan(parts, path)
            if plan is not None:
                self._values.plans[name] = plan

    def _steps(self, people: Mapping[str, Person]) -> tuple[Step, ...]:
        steps: list[Step] = []
        self._values.statements |= {name: _statement_id(at) for at, name in self._named_all_the_same("steps", "name")}
        for path, given in self._entries("steps"):
            step = self._step(given, path, people)
            name = str(given.get("name", ""))
            if name in self._values.statements:
                self._report((*path, "name"), f"expected each name once, got {name!r} again")
            if name:
                self._values.statements[name] = _statement_id(path[1])
            if step is None:
                continue
            if steps and step.at < steps[-1].at:
                self._report((*path, "at"), "expected the steps in order of time, got an earlier one")
            steps.append(step)
        self._check_sight(steps, people)
        return tuple(steps)

    def _step(self, given: Mapping[str, Any], path: TreePath, people: Mapping[str, Person]) -> Step | None:
        at = self._values.moment(given["at"], (*path, "at"))
        who, what = given["who"], given["what"]
        if who not in people and who not in self._muted_people:
            self._report((*path, "who"), f"expected one of the people, got {shown(who)}{suggestion(who, people)}")
        subject = self._subject_of(given, path)
        act = self._act(what, given, path, subject)
        seen_by = self._seen_by(given.get("seen_by", {}), (*path, "seen_by"), at)
        if at is None or act is None or who not in people:
            return None
        return Step(
            line=self._mark(path).line,
            name=given.get("name", ""),
            id=_statement_id(path[1]),
            at=at,
            who=who,
            what=what,
            subject=subject,
            act=act,
            seen_by=seen_by,
            void=given.get("void", ""),
            note=given.get("note", ""),
        )

    def _subject_of(self, given: Mapping[str, Any], path: TreePath) -> str:
        subject = given.get("subject")
        if subject is None:
            return self._subject if path else _DEFAULT_SUBJECT
        if not _SUBJECT.fullmatch(subject):
            where = (*path, "subject")
            self._report(where, expected(where, "a subject such as movement/m1", subject))
        return str(subject)

    def _act(self, what: str, given: Mapping[str, Any], path: TreePath, subject: str) -> KnownAct | None:
        fields = given.get("fields", {})
        if not isinstance(fields, dict):
            self._report((*path, "fields"), expected(("fields",), "a mapping", fields))
            return None
        form = self._terms_found.form(what)
        entry = CATALOGUE.get(what)
        if form is None and (entry is None or entry.speaker is not Speaker.ROLE or what == "form.filed"):
            known = [kind for kind, known in CATALOGUE.items() if known.speaker is Speaker.ROLE]
            hint = suggestion(what, [*known, *(form.id for form in self._terms_found.forms)])
            self._report((*path, "what"), f"expected a kind of act that a role says or a form, got {shown(what)}{hint}")
            return None
        kinds = self._kinds_of_subject(form, what)
        if subject.split("/")[0] not in kinds:
            self._report(path, f"expected {what} on a subject of kind {' or '.join(kinds)}, got {subject}")
        if form is not None:
            filled = self._values.fields(form, fields, (*path, "fields"))
            return FormFiled(form=form.id, fields=filled) if filled is not None else None
        body = inspect.type_info(CATALOGUE[what].body)
        if not isinstance(body, inspect.StructType):
            raise TypeError(f"an act is a struct, got {body}")
        return self._values.body(body, fields, (*path, "fields"))  # type: ignore[return-value]  # of the catalogue

    def _kinds_of_subject(self, form: Form | None, what: str) -> tuple[str, ...]:
        if form is not None:
            return (form.id.split(".")[0],)
        subject = CATALOGUE[what].subject
        return FORM_SUBJECTS if subject == "any" else (subject,)

    def _seen_by(self, given: TreeValue, path: TreePath, at: int | None) -> dict[str, int | None]:
        if not isinstance(given, dict):
            self._report(path, expected(path, "parties, each with a moment", given))
            return {}
        known = [party.id for party in self._terms_found.parties]
        seen: dict[str, int | None] = {}
        for party, moment in given.items():
            where = (*path, party)
            if party not in known:
                self._report(where, f"expected {one_of(known)}, got {shown(party)}{suggestion(party, known)}")
            seen[party] = None if moment == NEVER else self._values.moment(moment, where)
            if at is not None and (found := seen[party]) is not None and found < at:
                self._report(where, "expected a moment after it was said, got an earlier one")
        return seen

    def _check_sight(self, steps: list[Step], people: Mapping[str, Person]) -> None:
        """A party has a log up to some entry, never one without those before it."""
        held: dict[tuple[str, str], int] = {}
        for step in steps:
            for party, at in step.seen_by.items():
                key = (people[step.who].party, party)
                if at is not None and at < held.get(key, 0):
                    where: TreePath = ("steps", _place(step.id), "seen_by", party)
                    self._report(where, f"expected {party} to see it no earlier than what was said before, got earlier")
                held[key] = max(held.get(key, 0), at if at is not None else 0)

    # --- verdicts -----------------------------------------------------------------------------------------------------

    def _rows(
        self, entries: Iterable[tuple[TreePath, Mapping[str, Any]]], terms: Terms, ends_at: int | None
    ) -> tuple[Row, ...]:
        rows = [self._row(given, path, terms, ends_at) for path, given in entries]
        return tuple(row for row in rows if row is not None)

    def _row(self, given: Mapping[str, Any], path: TreePath, terms: Terms, ends_at: int | None) -> Row | None:
        known = [clause.id for clause in terms.clauses]
        clause = given["clause"]
        if clause not in known:
            hint = suggestion(clause, known)
            self._report((*path, "clause"), f"expected a clause of the agreement, got {shown(clause)}{hint}")
        at = ends_at
        if "at" in given:
            at = self._values.moment(given["at"], (*path, "at"))
        elif ends_at is None:
            self._report(path, "expected the field at, got none")
        wanted: dict[str, object] = {}
        for word in PLAIN_WORDS:
            if word in given:
                wanted[word] = tuple(given[word]) if isinstance(given[word], list) else given[word]
        if "reason" in given and given["reason"] not in list(Reason):
            hint = suggestion(given["reason"], list(Reason))
            self._report((*path, "reason"), f"expected a reason of a verdict, got {shown(given['reason'])}{hint}")
        for word, name in MOMENT_WORDS.items():
            if word in given:
                wanted[name] = self._values.moment(given[word], (*path, word))
        for word in YES_NO_WORDS:
            if word in given:
                wanted[word] = given[word] == "yes"
        if "contested" in given:
            wanted["contested"] = self._contested(given["contested"], (*path, "contested"))
        if at is None:
            return None
        return Row(
            line=self._mark(path).line,
            at=at,
            clause=clause,
            subject=self._subject_of(given, path),
            which=given.get("which", 0),
            outcome=given["outcome"],
            wanted=wanted,
            why=given.get("why", ""),
        )

    def _contested(self, names: list[str], path: TreePath) -> tuple[str, ...]:
        for place, name in enumerate(names):
            if name not in self._values.statements:
                hint = suggestion(name, self._values.statements)
                self._report((*path, place), f"expected the name of a step, got {shown(name)}{hint}")
        return tuple(sorted(self._values.statements.get(name, "") for name in names))

    def _mutations(self, ends_at: int) -> tuple[Mutation, ...]:
        found = []
        for path, given in self._entries("mutations"):
            terms = changed_terms(self._terms_found, given, path, self._report)
            if terms is None:
                continue
            verdicts = (((*path, "verdicts", place), row) for place, row in enumerate(given["verdicts"]))
            rows = self._rows(verdicts, terms, ends_at)
            found.append(Mutation(line=self._mark(path).line, name=given["name"], terms=terms, rows=rows))
        return tuple(found)


def _statement_id(place: str | int) -> str:
    """A statement's id in a book is the place of its step: nothing is signed there that could be hashed."""
    return f"{int(place):064x}"


def _place(statement: str) -> int:
    return int(statement, 16)
