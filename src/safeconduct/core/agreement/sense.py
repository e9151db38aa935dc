"""What must hold between the parts of an agreement: names that exist, duties that somebody can do.

Works on plain values, also on those of which a part was refused: what is missing is passed over here, because
`shape.py` has reported it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from safeconduct.core.agreement.clauses import Duration
from safeconduct.core.agreement.information import INFORMATION_KINDS
from safeconduct.core.agreement.instants import milliseconds
from safeconduct.core.agreement.places import At
from safeconduct.core.agreement.rule_sense import RuleSense
from safeconduct.core.agreement.shape import Report, field_name, form_of, one_of, suggestion
from safeconduct.core.agreement.tree import Value
from safeconduct.core.identity import PublicKey
from safeconduct.core.log import KeyType, VerifierKey
from safeconduct.core.sealing import require_recipient
from safeconduct.errors import KeyInvalid, SafeconductError

_ASKING = ("movement.requested", "movement.changed")
_DURATION = re.compile(form_of(Duration))
_DAY = 86_400_000
_WEEK = 7 * _DAY
_YEAR = 366 * _DAY
# A node keeps a sealing key for each quarter until then: some twenty.
_DOSSIERS_KEPT_MAX = 5 * _YEAR


@dataclass(frozen=True, slots=True)
class _Names:
    """What the rest of the agreement may refer to."""

    languages: tuple[str, ...]
    parties: tuple[str, ...]
    # Role → the kinds that it may say. Of a role given twice, the first.
    may: dict[str, tuple[str, ...]]
    party_of: dict[str, str]


def check_sense(value: Value, report: Report) -> None:
    """Report everything in an agreement's plain values that contradicts another part of it."""
    terms = At(value, ())
    names = _names(terms)
    _once(terms["languages"], "language", report)
    if isinstance(version := terms["version"].value, int):
        _check_version(version, terms, report)
    _check_texts(terms["title"], names, report)
    _check_parties(terms["parties"], names, report)
    rules = RuleSense(terms, roles=names.may, parties=names.parties, report=report)
    _check_roles(terms["roles"], names, rules, report)
    _check_movement(terms["movement"], names, report)
    _check_registers(terms, names, rules, report)
    _check_break_glass(terms["break_glass"], names, report)
    _check_access(terms["access"], report)
    _check_auditors(terms["auditors"], names, report)
    _check_marks(terms["marks"], names, report)
    _check_dossiers(terms["dossiers"], names, report)
    _check_information(terms["information"], names, report)
    _check_canaries(terms["canaries"], terms["compartments"], names, report)
    _once((clause["id"] for clause in terms["clauses"]), "clause number", report)
    for clause in terms["clauses"]:
        _check_clause(clause, names, rules, report)


def _names(terms: At) -> _Names:
    may: dict[str, tuple[str, ...]] = {}
    party_of: dict[str, str] = {}
    for role in terms["roles"]:
        if (name := role["id"].text) is not None and name not in may:
            may[name] = tuple(kind.text for kind in role["may"] if kind.text is not None)
            party_of[name] = role["party"].text or ""
    return _Names(
        languages=tuple(language.text for language in terms["languages"] if language.text is not None),
        parties=tuple(party["id"].text for party in terms["parties"] if party["id"].text is not None),
        may=may,
        party_of=party_of,
    )


def _once(items: Iterable[At], what: str, report: Report) -> None:
    seen: dict[str, None] = {}
    for item in items:
        if item.text is None:
            continue
        if item.text in seen:
            report(item.path, f"expected each {what} once, got {item.text!r} again")
        seen[item.text] = None


def _known(item: At, what: str, known: Iterable[str], report: Report) -> bool:
    """Whether the item names one of the known; reports if it names another."""
    known = tuple(known)
    if item.text is None:
        return False
    if item.text not in known:
        hint = suggestion(item.text, known) or (f" ({one_of(known)})" if 0 < len(known) <= 8 else "")
        report(item.path, f"expected {field_name(item.path)} as {what} of this agreement, got {item.text!r}{hint}")
    return item.text in known


def _check_version(version: int, terms: At, report: Report) -> None:
    amends = isinstance(terms.value, dict) and "previous" in terms.value
    if version > 1 and not amends:
        report(terms["version"].path, f"expected previous (the digest that version {version} amends), got none")
    if version == 1 and amends:
        report(terms["previous"].path, "expected no previous in version 1, got one")


def _check_texts(texts: At, names: _Names, report: Report) -> None:
    if isinstance(texts.value, dict):
        missing = [language for language in names.languages if language not in texts.value]
        if missing:
            got = ", ".join(texts.value) or "none"
            report(texts.path, f"expected {field_name(texts.path)} in {', '.join(missing)}, got it in {got}")


def _check_parties(parties: At, names: _Names, report: Report) -> None:
    _once((party["id"] for party in parties), "party", report)
    # A key that two parties hold, or that serves two purposes, proves nothing about who spoke, or as what.
    used: dict[bytes, str] = {}
    for party in parties:
        _check_texts(party["name"], names, report)
        node = party["node"]
        for key in (party["root"], node["node"]):
            _check_key(key, lambda text: PublicKey.from_text(text).raw, party["id"].text, used, report)
        for key, use in ((node["log"], "log"), (node["witness"], "cosigner"), (node["mirror"], "cosigner")):
            _check_key(key, _NOTE_KEYS[use], party["id"].text, used, report)


def _note_key(text: str, kind: KeyType) -> bytes:
    key = VerifierKey.from_text(text)
    if key.type is not kind:
        raise KeyInvalid(f"a note key of type {kind:02x}, got {key.type:02x}")
    return key.public.raw


_NOTE_KEYS: Mapping[str, Callable[[str], bytes]] = {
    "log": lambda text: _note_key(text, KeyType.ED25519),
    "cosigner": lambda text: _note_key(text, KeyType.COSIGNATURE_V1),
}


def _check_key(
    item: At, read: Callable[[str], bytes], party: str | None, used: dict[bytes, str], report: Report
) -> None:
    if item.text is None:
        return
    name = field_name(item.path)
    try:
        raw = read(item.text)
    except SafeconductError as error:
        report(item.path, f"expected {name} as a key of its kind, got a problem: {error}")
        return
    if raw in used:
        report(item.path, f"expected a key of its own as {name}, got {used[raw]} again")
    used.setdefault(raw, f"the {name} key of {party}")


def _check_roles(roles: At, names: _Names, rules: RuleSense, report: Report) -> None:
    _once((role["id"] for role in roles), "role", report)
    for role in roles:
        _check_texts(role["name"], names, report)
        _known(role["party"], "a party", names.parties, report)
        _once(role["may"], f"kind in {field_name(role['may'].path)}", report)
        for kind in role["may"]:
            rules.check_kind(kind)
        said = {kind.text: kind for kind in role["may"]}
        approves = said.get("movement.approved")
        asks = next((kind for kind in _ASKING if kind in said), None)
        if approves is not None and asks is not None:
            report(
                approves.path,
                f"expected a role that asks for movements or approves them, got both: it may {asks} too",
            )


def _check_movement(movement: At, names: _Names, report: Report) -> None:
    _once((consent["party"] for consent in movement["consent"]), "party in consent", report)
    for consent in movement["consent"]:
        _once(consent["parts"], "part", report)
        if _known(consent["party"], "a party", names.parties, report):
            party = consent["party"].text
            if not any(names.party_of[role] == party and "movement.approved" in may for role, may in names.may.items()):
                report(consent["party"].path, f"expected a role of {party} that may movement.approved, got none")
    _check_notice_chain(movement["notice_chain"], names, report)
    _once((item["id"] for item in movement["ready_gate"]), "gate item", report)
    for item in movement["ready_gate"]:
        _check_gate_item(item, names, report)
    _check_predictability(movement["predictability"], report)


def _check_predictability(terms: At, report: Report) -> None:
    span, half_life = terms["span"], terms["half_life"]
    length, half = _length(span), _length(half_life)
    # Weekdays are compared with weekdays; and a count of a year is one that a screen can wait for.
    if length is not None and not _WEEK <= length <= _YEAR:
        report(span.path, f"expected span from P7D to P366D, got {span.text!r}")
    if half is not None and half < _DAY:
        report(half_life.path, f"expected half_life of at least P1D, got {half_life.text!r}")
    if length is not None and half is not None and half > length:
        report(half_life.path, f"expected half_life up to span ({span.text}), got {half_life.text!r}")


def _length(duration: At) -> int | None:
    """Milliseconds; None where it has no duration's form, which is reported elsewhere."""
    has_form = duration.text is not None and _DURATION.search(duration.text)
    return milliseconds(duration.text) if has_form and duration.text is not None else None


def _check_notice_chain(chain: At, names: _Names, report: Report) -> None:
    _once(chain, "role in notice_chain", report)
    hops = list(chain)
    for hop in hops:
        _may(hop, "movement.acknowledged", names, report)
    for hop in hops[:-1]:
        _may(hop, "movement.relayed", names, report)


def _may(role: At, kind: str, names: _Names, report: Report) -> None:
    """The role exists, and may say what its place asks of it: a duty that nobody can do is a mistake."""
    if role.text in names.may:
        if kind not in names.may[role.text]:
            report(role.path, f"expected a role that may {kind} as {field_name(role.path)}, got {role.text!r}")
    else:
        _known(role, "a role", names.may, report)


def _check_gate_item(item: At, names: _Names, report: Report) -> None:
    _check_texts(item["name"], names, report)
    _once(item["by"], f"role in {field_name(item['by'].path)}", report)
    attesters = list(item["by"])
    for role in attesters:
        _may(role, "movement.attested", names, report)
    if item["exception_by"].text is not None:
        _may(item["exception_by"], "movement.excepted", names, report)
    _check_span(item["valid_for"], report)
    check = item["check"].text
    if check == "approvals":
        for field in ("by", "valid_for", "exception_by"):
            if isinstance(item.value, dict) and field in item.value:
                report(item[field].path, f"expected no {field} where check is approvals, got one")
    elif check is not None and not attesters:
        report(item["check"].path, f"expected by (at least one role) where check is {check}, got none")


def _check_span(span: At, report: Report) -> None:
    """A length of time that is longer than nothing; its form is checked elsewhere."""
    if _length(span) == 0:
        report(span.path, f"expected {field_name(span.path)} longer than nothing, got {span.text!r}")


def _check_registers(terms: At, names: _Names, rules: RuleSense, report: Report) -> None:
    """Parameters, forms, compartments, disputes, suspension: what clauses refer to."""
    for listed, what in (
        ("parameters", "parameter"),
        ("forms", "form"),
        ("compartments", "compartment"),
    ):
        _once((item["id"] for item in terms[listed]), what, report)
    for parameter in terms["parameters"]:
        _check_texts(parameter["question"], names, report)
    for form in terms["forms"]:
        _check_texts(form["name"], names, report)
        _once((field["id"] for field in form["fields"]), f"field of {form['id'].text or 'a form'}", report)
        for field in form["fields"]:
            _check_texts(field["name"], names, report)
    for compartment in terms["compartments"]:
        _check_texts(compartment["name"], names, report)
        for release in compartment["releases"]:
            for need in release["needs"]:
                _check_texts(need["why"], names, report)
    levels = terms["suspension"]["levels"]
    _once((level["id"] for level in levels), "level", report)
    for level in levels:
        _check_texts(level["name"], names, report)
    rules.check_parameters(terms["parameters"])
    rules.check_forms(terms["forms"])
    rules.check_compartments(terms["compartments"])
    rules.check_disputes(terms["disputes"])
    rules.check_suspension(terms["suspension"])


def _check_break_glass(glasses: At, names: _Names, report: Report) -> None:
    """Officers with keys of their own, roles of other parties that ask, and somebody who can object."""
    _once((glass["party"] for glass in glasses), "party in break_glass", report)
    for glass in glasses:
        officers = list(glass["officers"])
        _once((officer["id"] for officer in officers), "officer", report)
        _once((officer["key"] for officer in officers), "officer's key", report)
        for officer in officers:
            _check_texts(officer["name"], names, report)
            _known(officer["party"], "a party", names.parties, report)
            _check_recipient(officer["key"], report)
        needed = glass["needed"].value
        if isinstance(needed, int) and needed > len(officers) > 0:
            report(glass["needed"].path, f"expected needed up to the {len(officers)} officers, got {needed}")
        _check_span(glass["delay"], report)
        if _known(glass["party"], "a party", names.parties, report):
            _check_asking(glass, glass["party"].text or "", names, report)


def _check_access(access: At, report: Report) -> None:
    """Numbers of openings and the span that they are counted in: neither means anything without the other."""
    _once(access["reasons"], "reason", report)
    _check_span(access["within"], report)
    length = _length(access["within"])
    if length is not None and length > _WEEK:
        report(access["within"].path, f"expected within up to P7D, got {access['within'].text!r}")
    counted = [name for name in ("openings", "openings_of_role") if _has(access, name)]
    if counted and not _has(access, "within"):
        report(access[counted[0]].path, f"expected within (the span that {counted[0]} counts in), got none")
    if _has(access, "within") and not counted:
        report(access["within"].path, "expected openings or openings_of_role with within, got neither")
    one, of_role = access["openings"].value, access["openings_of_role"].value
    if isinstance(one, int) and isinstance(of_role, int) and of_role < one:
        report(
            access["openings_of_role"].path, f"expected openings_of_role of at least openings ({one}), got {of_role}"
        )


def _has(item: At, field: str) -> bool:
    return isinstance(item.value, dict) and field in item.value


def _check_dossiers(dossiers: At, names: _Names, report: Report) -> None:
    """Kept for some time and not for ever, opened by somebody of a party that keeps them."""
    kept = dossiers["kept"]
    _check_span(kept, report)
    length = _length(kept)
    if length is not None and length > _DOSSIERS_KEPT_MAX:
        report(kept.path, f"expected kept up to P1830D, got {kept.text!r}")
    _once(dossiers["held_by"], "party in held_by", report)
    for party in dossiers["held_by"]:
        _known(party, "a party", names.parties, report)
    _once(dossiers["opened_by"], "role in opened_by", report)
    for role in dossiers["opened_by"]:
        _may(role, "person.opened", names, report)
    held_by = {party.text for party in dossiers["held_by"]}
    keeps = {names.party_of[role] for role, may in names.may.items() if "person.sealed" in may} | held_by
    if dossiers.value is not None and not any("person.sealed" in may for may in names.may.values()):
        report(dossiers.path, "expected a role that may person.sealed, got none")
    elif keeps:
        for role in dossiers["opened_by"]:
            by = names.party_of.get(role.text or "")
            if by is not None and by not in keeps:
                report(role.path, f"expected a role of a party that keeps dossiers, got {role.text!r} of {by}")


def _check_asking(glass: At, party: str, names: _Names, report: Report) -> None:
    def somebody(of: str, kind: str) -> bool:
        return any(names.party_of[role] == of and kind in may for role, may in names.may.items())

    if not somebody(party, "glass.objected"):
        report(glass["party"].path, f"expected a role of {party} that may glass.objected, got none")
    _once(glass["asked_by"], "role in asked_by", report)
    for role in glass["asked_by"]:
        _may(role, "glass.asked", names, report)
        by = names.party_of.get(role.text or "")
        if by == party:
            report(role.path, f"expected a role of another party than {party}, got {role.text!r}")
        elif by is not None and not somebody(by, "glass.given"):
            report(role.path, f"expected a role of {by} that may glass.given, got none")


def _check_canaries(canaries: At, compartments: At, names: _Names, report: Report) -> None:
    """Compartments that somebody is shown whole, a panel with people of every party, and somebody to begin it."""
    if canaries.value is None:
        return
    shown_whole = {
        compartment["id"].text: any(release["grade"].text in (None, "exact") for release in compartment["releases"])
        for compartment in compartments
    }
    _once(canaries["compartments"], "compartment in canaries", report)
    for compartment in canaries["compartments"]:
        known = [name for name in shown_whole if name is not None]
        if _known(compartment, "a compartment", known, report) and not shown_whole[compartment.text]:
            report(compartment.path, f"expected a compartment that opens whole for a role, got {compartment.text!r}")
    _once(canaries["panel"], "role in panel", report)
    for role in canaries["panel"]:
        _may(role, "seed.asked", names, report)
    on_panel = {names.party_of[role.text] for role in canaries["panel"] if role.text in names.party_of}
    for party in names.parties:
        if party not in on_panel:
            report(canaries["panel"].path, f"expected a role of each party in panel, got none of {party}")
    if not any("leak.found" in may for may in names.may.values()):
        report(canaries.path, "expected a role that may leak.found, got none")
    for party in names.parties:
        signs = any("slots.signed" in may for role, may in names.may.items() if names.party_of[role] == party)
        if not signs:
            report(canaries.path, f"expected a role of {party} that may slots.signed, got none")


def _check_auditors(auditors: At, names: _Names, report: Report) -> None:
    _once(auditors, "role in auditors", report)
    for role in auditors:
        _known(role, "a role", names.may, report)


def _check_information(information: At, names: _Names, report: Report) -> None:
    """Roles that may say what their list asks; whose party shares also recalls, and every party can sign."""
    if not isinstance(information.value, dict):
        return
    parties: dict[str, list[str]] = {}
    for listed, kinds in INFORMATION_KINDS.items():
        _once(information[listed], f"role in {listed}", report)
        for role in information[listed]:
            for kind in kinds:
                _may(role, kind, names, report)
            parties.setdefault(listed, []).append(names.party_of.get(role.text or "", ""))
    for listed in ("consent", "recall"):
        for party in dict.fromkeys(parties.get("share", ())):
            if party and party not in parties.get(listed, ()):
                path = information[listed].path
                report(path, f"expected a role of {party} in {listed}, whose roles share items, got none")
    for party in names.parties:
        if party not in parties.get("sign", ()):
            report(
                information["sign"].path, f"expected a role of {party} in sign, got none: nothing could be given out"
            )
    _check_span(information["acknowledge_within"], report)


def _check_recipient(key: At, report: Report) -> None:
    if key.text is None:
        return
    try:
        require_recipient(key.text)
    except KeyInvalid as error:
        report(key.path, f"expected key as an age recipient, got a problem: {error}")


def _check_marks(marks: At, names: _Names, report: Report) -> None:
    """Roles that may say what is asked of them, another party that agrees, and units that have no hand in it."""
    if not isinstance(marks.value, dict):
        return
    sorts = [marks[sort] for sort in ("shut_out", "decoy") if sort in marks.value]
    if not sorts:
        report(marks.path, "expected shut_out or decoy in marks, got neither")
    hands: dict[str, str] = {}
    for sort in sorts:
        for field, kind in (("by", "mark.sealed"), ("agreed_by", "mark.agreed")):
            _check_hands(sort[field], kind, names, hands, report)
        agreeing = {names.party_of.get(role.text or "") for role in sort["agreed_by"]} - {None}
        for role in sort["by"]:
            party = names.party_of.get(role.text or "")
            if party is not None and agreeing <= {party}:
                report(role.path, f"expected a role of another party than {party} in agreed_by, got none")
        _check_span(sort["longest"], report)
    _check_hands(marks["opened_by"], "mark.opened", names, hands, report)
    _check_span(marks["review_within"], report)
    _check_span(marks["shut_out"]["agree_within"], report)
    units = marks["shut_out"]["units"]
    _once(units, "role in units", report)
    for unit in units:
        if _known(unit, "a role", names.may, report) and unit.text in hands:
            report(unit.path, f"expected a unit that has no hand in marks, got {unit.text!r}, {hands[unit.text]}")


def _check_hands(roles: At, kind: str, names: _Names, hands: dict[str, str], report: Report) -> None:
    _once(roles, f"role in {field_name(roles.path)}", report)
    for role in roles:
        _may(role, kind, names, report)
        if role.text is not None:
            hands.setdefault(role.text, f"which may {kind}")


def _check_clause(clause: At, names: _Names, rules: RuleSense, report: Report) -> None:
    for field in ("title", "text", "by_people"):
        _check_texts(clause[field], names, report)
    rules.check_placeholders(clause["text"])
    _known(clause["owed_by"], "a role", names.may, report)
    _known(clause["owed_to"], "a role", names.may, report)
    if isinstance(clause.value, dict) and ("rule" in clause.value) == ("by_people" in clause.value):
        got = "both" if "rule" in clause.value else "none"
        report(clause.path, f"expected rule, or by_people (why people judge it), got {got}")
    rules.check_rule(clause["rule"])
