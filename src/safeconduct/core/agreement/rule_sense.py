"""What must hold in rules, forms and parameters: events and names that exist, conditions of the right type.

Works on plain values, also on those of which a part was refused, like `sense.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from cel_expr_python import cel

from safeconduct.core.acts import CATALOGUE, FORM_SUBJECTS, Speaker
from safeconduct.core.agreement.book import Scopes
from safeconduct.core.agreement.clauses import Form, Parameter
from safeconduct.core.agreement.conditions import NAMES, NUMBER, TEXT, TRUTH, ConditionInvalid, type_name
from safeconduct.core.agreement.places import At
from safeconduct.core.agreement.rules import DEMANDS
from safeconduct.core.agreement.shape import Report, field_name, one_of, suggestion

_T = TypeVar("_T", Form, Parameter)

# Said about any subject.
ON_ANY_SUBJECT = ("fact.contested", "fact.ruled", "duty.waived", "finding.explained")
# What a grade of suspension may stop. People already on the road are never left without somebody who answers for them.
MAY_BE_SUSPENDED = ("movement.requested", "movement.changed", "movement.approved", "movement.departed")

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OFFSET = re.compile(r" [+-] (param\.[a-z0-9_]+)$")
_VALUES = ("duration", "number", "text", "texts")


class RuleSense:
    """What rules may refer to, with the checks of everything that refers to it."""

    def __init__(
        self, terms: At, *, roles: Mapping[str, tuple[str, ...]], parties: Iterable[str], report: Report
    ) -> None:
        self._roles, self._parties, self._report = roles, tuple(parties), report
        self._forms = {form.id: form for form in _read(terms["forms"], Form)}
        self._parameters = {parameter.id: parameter for parameter in _read(terms["parameters"], Parameter)}
        self._compartments = tuple(c["id"].text for c in terms["compartments"] if c["id"].text is not None)
        # Who is to act by each clause: its debtor, and whoever its demand names; and who attests each item. Of what is
        # there twice, the first.
        self._doers: dict[str, tuple[str, ...]] = {}
        for clause in terms["clauses"]:
            self._doers.setdefault(clause["id"].text or "", _doers(clause))
        self._attesters: dict[str, tuple[str, ...]] = {}
        for item in terms["movement"]["ready_gate"]:
            self._attesters.setdefault(item["id"].text or "", _names(item["by"]) or _nobody_yet(item, roles))
        self._scopes = Scopes(self._forms.values(), self._parameters.values())
        self._by_roles = tuple(
            [kind for kind, entry in CATALOGUE.items() if entry.speaker is Speaker.ROLE] + list(self._forms)
        )

    # --- what clauses refer to ----------------------------------------------------------------------------------------

    def check_forms(self, forms: At) -> None:
        """Forms have names of their own and fields that they could be filled in with."""
        for form in forms:
            if form["id"].text is None:
                continue
            subject = form["id"].text.split(".")[0]
            if form["id"].text in CATALOGUE:
                self._report(form["id"].path, f"expected a name that no kind of act has, got {form['id'].text!r}")
            elif subject not in FORM_SUBJECTS:
                hint = suggestion(subject, FORM_SUBJECTS)
                self._report(form["id"].path, f"expected {one_of(FORM_SUBJECTS)} before the dot, got {subject!r}{hint}")
            for field in form["fields"]:
                self._check_options(field)

    def _check_options(self, field: At) -> None:
        has = bool(list(field["options"]))
        if (field["type"].text == "choice") != has and field["type"].text is not None:
            wanted = "options (at least one) in a choice" if not has else "options in a choice alone"
            self._report(field.path, f"expected {wanted}, got {'them' if has else 'none'}")

    def check_parameters(self, parameters: At) -> None:
        """Each has one value."""
        for parameter in parameters:
            if isinstance(parameter.value, dict):
                given = [name for name in _VALUES if name in parameter.value]
                if len(given) != 1:
                    got = ", ".join(given) or "none"
                    self._report(parameter.path, f"expected one of {', '.join(_VALUES)} as its value, got {got}")

    def check_placeholders(self, texts: At) -> None:
        """`{name}` in a text stands for a parameter."""
        if not isinstance(texts.value, dict):
            return
        for language in texts.value:
            text = texts[language].text or ""
            for found in _PLACEHOLDER.finditer(text):
                if found[1] not in self._parameters:
                    hint = suggestion(found[1], self._parameters)
                    self._report((*texts.path, language), f"expected a parameter in braces, got {found[0]!r}{hint}")

    def check_compartments(self, compartments: At) -> None:
        """They open for roles that exist, as exactly as the grade can say, for duties that these roles have."""
        for compartment in compartments:
            self._span(compartment["margin"])
            grades = set[str | None]()
            for release in compartment["releases"]:
                self._role(release["role"])
                self._untriggered(release["opens"])
                self._sizes(release)
                for need in release["needs"]:
                    self._need(need, release["role"].text)
                grades.add(release["grade"].text)
                if grades >= {"blurred", "count"}:
                    self._report(
                        release["grade"].path,
                        f"expected {compartment['id'].text} blurred for some or counted for some, got both",
                    )
                    grades.clear()

    def _sizes(self, graded: At) -> None:
        """A blurred one says to how much, and no other does."""
        if not isinstance(graded.value, dict):
            return
        sizes = [name for name in ("metres", "minutes") if name in graded.value]
        if graded["grade"].text == "blurred" and not sizes:
            self._report(graded["grade"].path, "expected metres, minutes or both where the grade is blurred, got none")
        elif graded["grade"].text != "blurred":
            for name in sizes:
                self._report(graded[name].path, f"expected {name} where the grade is blurred alone, got one")

    def _need(self, need: At, role: str | None) -> None:
        if not isinstance(need.value, dict):
            return
        self._sizes(need)
        given = [name for name in ("clause", "item", "why") if name in need.value]
        if len(given) != 1:
            self._report(need.path, f"expected one of clause, item, why, got {', '.join(given) or 'none'}")
        if "why" in given and "begins" not in need.value:
            self._report(need.path, "expected begins (from when on) with why, got none")
        self._untriggered(need["begins"])
        for name, what, doers, does in (
            ("clause", "a clause", self._doers, "owed by"),
            ("item", "an item of the gate", self._attesters, "attested by"),
        ):
            named = need[name]
            if named.text is None:
                continue
            if named.text not in doers:
                hint = suggestion(named.text, doers)
                self._report(named.path, f"expected {what} of this agreement, got {named.text!r}{hint}")
            elif role is not None and role not in doers[named.text]:
                by = ", ".join(doers[named.text]) or "nobody"
                self._report(named.path, f"expected {what} that is {does} {role}, got {named.text!r}, {does} {by}")

    def check_disputes(self, disputes: At) -> None:
        """Whoever rules can say so."""
        for role in disputes["ruled_by"]:
            self._may(role, "fact.ruled")

    def check_suspension(self, suspension: At) -> None:
        """Steps lead to levels that exist, by roles that may step, and stop nothing that is on the road."""
        levels = [level["id"].text for level in suspension["levels"] if level["id"].text is not None]
        for level in suspension["levels"]:
            for kind in level["refuses"]:
                if kind.text is not None and kind.text not in MAY_BE_SUSPENDED:
                    self._report(kind.path, f"expected {one_of(MAY_BE_SUSPENDED)} to be refused, got {kind.text!r}")
        for step in suspension["steps"]:
            to = step["to"].text
            if to is not None and to not in levels[1:]:
                hint = suggestion(to, levels[1:])
                self._report(step["to"].path, f"expected a level below the first, got {to!r}{hint}")
            for role in step["by"]:
                self._may(role, "relation.stepped")
        for role in suspension["back"]:
            self._may(role, "relation.stepped")

    def check_kind(self, kind: At) -> None:
        """A kind of act, or a form, that a role may say."""
        if kind.text is None or kind.text in self._by_roles:
            return
        entry = CATALOGUE.get(kind.text)
        if entry is None:
            hint = suggestion(kind.text, self._by_roles)
            self._report(kind.path, f"expected a kind of act that a role may say, got {kind.text!r}{hint}")
        else:
            self._report(
                kind.path, f"expected a kind of act that a role may say, got {kind.text!r}, said by the {entry.speaker}"
            )

    # --- a rule -------------------------------------------------------------------------------------------------------

    def check_rule(self, rule: At) -> None:
        """Everything that a rule names exists, and has the type that its place asks."""
        if not isinstance(rule.value, dict):
            return
        given = [name for name in DEMANDS if name in rule.value]
        if len(given) != 1:
            self._report(rule.path, f"expected one of {', '.join(DEMANDS)}, got {', '.join(given) or 'none'}")
        kind = rule["for_each"].text
        if kind is None:
            return
        kinds = tuple(dict.fromkeys([entry.subject for entry in CATALOGUE.values()] + list(FORM_SUBJECTS)))
        if kind not in kinds:
            hint = suggestion(kind, kinds)
            self._report(rule["for_each"].path, f"expected a kind of subject, got {kind!r}{hint}")
            return
        self._pattern(rule["when"], kind, None)
        trigger = rule["when"]["event"].text
        for pattern in rule["unless"]:
            self._pattern(pattern, kind, trigger)
        for role in rule["waived_by"]:
            self._may(role, "duty.waived")
        self._span(rule["grace"])
        self._span(rule["cure"])
        for name in given:
            self._demand(name, rule[name], kind, trigger)

    def _demand(self, name: str, demand: At, kind: str, trigger: str | None) -> None:
        if not isinstance(demand.value, dict):
            return
        event = demand["event"].text
        if name not in ("always", "one"):
            self._pattern(demand, kind, trigger)
        if "until" in demand.value:
            self._pattern(demand["until"], kind, trigger)
        for field in ("due", "not_before", "before"):
            self._instant(demand[field], kind, trigger)
        for field in ("within", "at_most", "every"):
            if name in ("relay", "gap", "recur"):
                self._span(demand[field])
        for party in demand["parties"]:
            self._party(party)
        self._party(demand["received_by"])
        for compartment in demand["needs"]:
            if compartment.text is not None and compartment.text not in self._compartments:
                hint = suggestion(compartment.text, self._compartments)
                self._report(
                    compartment.path, f"expected a compartment of this agreement, got {compartment.text!r}{hint}"
                )
        match name:
            case "always":
                self._condition(demand["hold"], kind, None, trigger, TRUTH)
            case "relay":
                self._condition(demand["hop"], kind, event, trigger, TEXT)
                self._condition(demand["chain_of"], kind, trigger, trigger, NAMES)
                if bool(list(demand["chain"])) == ("chain_of" in demand.value):
                    self._report(demand.path, "expected chain or chain_of, got both or none")
            case "count":
                self._count(demand, kind, event, trigger)
            case "equal":
                self._condition(demand["planned"], kind, trigger, trigger, None)
                self._condition(demand["actual"], kind, event, trigger, None)
            case "one":
                for part in ("taken", "given_up"):
                    self._pattern(demand[part], kind, trigger)
                    self._condition(demand["holder"], kind, demand[part]["event"].text, trigger, TEXT)
            case _:
                pass

    def _count(self, demand: At, kind: str, event: str | None, trigger: str | None) -> None:
        assert isinstance(demand.value, dict)
        for limit in ("at_least", "at_most", "percent"):
            self._condition(demand[limit], kind, trigger, trigger, NUMBER)
        self._condition(demand["distinct"], kind, event, trigger, TEXT)
        if "of" in demand.value:
            self._pattern(demand["of"], kind, trigger)
        limits = [name for name in ("at_least", "at_most", "percent") if name in demand.value]
        if not limits or ("percent" in limits) != ("of" in demand.value) or ("percent" in limits and len(limits) > 1):
            self._report(demand.path, "expected at_least, at_most or both, or of with percent, got another choice")
        if "due" not in demand.value and "until" not in demand.value and limits != ["at_most"]:
            self._report(demand.path, "expected due or until (when it is counted), got none")

    def _pattern(self, pattern: At, kind: str, trigger: str | None) -> None:
        event = pattern["event"].text
        known = self._events(kind)
        if event is not None and event not in known:
            hint = suggestion(event, known)
            self._report(pattern["event"].path, f"expected an event of a {kind}, got {event!r}{hint}")
            return
        for role in pattern["by"]:
            self._role(role)
        self._party(pattern["party"])
        self._condition(pattern["where"], kind, event, trigger, TRUTH)

    def _events(self, kind: str) -> tuple[str, ...]:
        """Names of events that a subject of the kind can have."""
        acts = [entry.kind for entry in CATALOGUE.values() if entry.subject == kind and entry.kind != "form.filed"]
        return (*acts, *(form for form in self._forms if form.split(".")[0] == kind), *ON_ANY_SUBJECT)

    def _condition(self, at: At, kind: str, event: str | None, trigger: str | None, wanted: cel.Type | None) -> None:
        if at.text is None:
            return
        if (event is not None and event not in self._events(kind)) or (
            trigger is not None and trigger not in self._events(kind)
        ):
            return  # reported where the event stands
        scope = self._scopes.scope(kind, event, trigger)
        try:
            scope.check(at.text, wanted)
        except ConditionInvalid as error:
            hint = suggestion(error.unknown, _nearer(error.unknown, scope.names)) if error.unknown else ""
            self._report(at.path, f"{field_name(at.path)}, column {error.column}: {error}{hint}")

    def _instant(self, at: At, kind: str, trigger: str | None) -> None:
        if at.text is None:
            return
        anchor = at.text.split(" ")[0]
        offset = _OFFSET.search(at.text)
        if offset is not None:
            self._duration(offset[1], at)
        if anchor == "trigger":
            return
        if anchor.startswith("plan."):
            if kind != "movement":
                self._report(at.path, f"expected an instant of a {kind}, got {anchor}, which a movement has")
            return
        names = self._scopes.scope(kind, None, trigger).names
        if anchor not in names or names[anchor] != NUMBER:
            numbers = [name for name, type_ in names.items() if type_ == NUMBER]
            got = type_name(names[anchor]) if anchor in names else "a name that is not known here"
            self._report(at.path, f"expected an instant at {anchor}, got {got}{suggestion(anchor, numbers)}")

    def _untriggered(self, at: At) -> None:
        """An instant of a movement where nothing calls a duty up."""
        if at.text is not None and at.text.startswith("trigger"):
            self._report(at.path, f"expected plan or filed as the anchor here, got {at.text.split(' ')[0]}")
        else:
            self._instant(at, "movement", None)

    def _span(self, at: At) -> None:
        if at.text is None:
            return
        if at.text.startswith("param."):
            self._duration(at.text, at)
        elif re.fullmatch(r"P(?:0+D)?(?:T(?:0+H)?(?:0+M)?(?:0+S)?)?", at.text) and at.path[-1] not in ("grace",):
            self._report(at.path, f"expected {field_name(at.path)} longer than nothing, got {at.text!r}")

    def _duration(self, name: str, at: At) -> None:
        parameter = self._parameters.get(name.removeprefix("param."))
        if parameter is None or parameter.duration is None:
            durations = [f"param.{p.id}" for p in self._parameters.values() if p.duration is not None]
            self._report(at.path, f"expected a parameter that is a duration, got {name}{suggestion(name, durations)}")

    # --- names --------------------------------------------------------------------------------------------------------

    def _role(self, at: At) -> None:
        if at.text is not None and at.text not in self._roles:
            hint = suggestion(at.text, self._roles)
            self._report(at.path, f"expected {field_name(at.path)} as a role of this agreement, got {at.text!r}{hint}")

    def _may(self, at: At, kind: str) -> None:
        self._role(at)
        if at.text is not None and kind not in self._roles.get(at.text, (kind,)):
            self._report(at.path, f"expected a role that may {kind} as {field_name(at.path)}, got {at.text!r}")

    def _party(self, at: At) -> None:
        if at.text is not None and at.text not in self._parties:
            hint = suggestion(at.text, self._parties)
            self._report(at.path, f"expected {field_name(at.path)} as a party of this agreement, got {at.text!r}{hint}")


def _doers(clause: At) -> tuple[str, ...]:
    demands = [clause["rule"][name] for name in DEMANDS]
    named = [name for demand in demands for field in ("by", "chain") for name in _names(demand[field])]
    return tuple(dict.fromkeys([*([clause["owed_by"].text] if clause["owed_by"].text is not None else []), *named]))


def _nobody_yet(item: At, roles: Iterable[str]) -> tuple[str, ...]:
    """Who attests an item that says nobody: nobody if it is computed; else it is reported there and nowhere else."""
    return () if item["check"].text == "approvals" else tuple(roles)


def _names(listed: At) -> tuple[str, ...]:
    return tuple(item.text for item in listed if item.text is not None)


def _read(listed: At, kind: type[_T]) -> Iterator[_T]:
    """Those of a list's values that are what they should be; the others have been reported."""
    for item in listed:
        try:
            yield msgspec.convert(item.value, kind)
        except (msgspec.ValidationError, TypeError):
            continue


def _nearer(unknown: str, names: Iterable[str]) -> list[str]:
    """Names to suggest: those of the same family if there are any, or everything."""
    names = list(names)
    family = [name for name in names if name.split(".")[0] == unknown.split(".")[0]]
    return family or names
