"""An agreement as a scenario book needs it: a template with stand-in parties, other values, one word changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from safeconduct.core.agreement import (
    AGREEMENT_FILE,
    NodeKeys,
    PartyTerms,
    Report,
    Terms,
    TreePath,
    TreeValue,
    fill_template,
    read_folder,
    read_terms,
    read_yaml,
    shown,
    suggestion,
)
from safeconduct.core.identity import SigningKey
from safeconduct.core.log import KeyType, VerifierKey
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid

# Written for a field that is not there, before or after the change.
ABSENT = "absent"
_VALUES = ("duration", "number", "text", "texts")


def stand_in_key(name: str) -> SigningKey:
    """The key of somebody in a book: always the same for a name, so that a book has one digest everywhere.

    Everybody can make it; nothing but a book may trust it.
    """
    return SigningKey.from_seed(hashlib.sha256(f"safeconduct/scenario/{name}".encode()).digest())


def drafted(files: Mapping[str, str]) -> Terms:
    """The agreement in a folder; parties of a template, which have no cards, get stand-in ones. Raises TermsInvalid."""
    if any(path.startswith("cards/") for path in files):
        return read_folder(files)
    top = read_yaml(files.get(AGREEMENT_FILE, "")).value
    listed = top.get("parties", []) if isinstance(top, dict) else []
    parties = [party for party in listed if isinstance(party, str)] if isinstance(listed, list) else []
    name = top.get("name") if isinstance(top, dict) else None
    return read_folder(fill_template(files, [_card(party) for party in parties], str(name)))


def _card(party: str) -> PartyTerms:
    log = f"{party}.example/log"
    keys = {use: stand_in_key(f"{party}/{use}").public for use in ("root", "node", "log", "witness", "mirror")}
    return PartyTerms(
        id=party,
        name={"en": party.capitalize()},
        root=keys["root"].text,
        node=NodeKeys(
            url=f"https://{party}.example",
            node=keys["node"].text,
            log=VerifierKey(log, KeyType.ED25519, keys["log"]).text,
            witness=VerifierKey(f"{party}.example/witness", KeyType.COSIGNATURE_V1, keys["witness"]).text,
            mirror=VerifierKey(f"{party}.example/mirror", KeyType.COSIGNATURE_V1, keys["mirror"]).text,
        ),
    )


def with_parameters(terms: Terms, values: Mapping[str, TreeValue], path: TreePath, report: Report) -> Terms | None:
    """The terms with other values of parameters; None when something was reported."""
    plain = msgspec.json.decode(encode(terms))
    failed = False
    for name, value in values.items():
        what = _set(plain, name, value)
        if what:
            report((*path, name), what)
            failed = True
    return None if failed else _checked(plain, path, report)


def _set(plain: dict[str, Any], name: str, value: TreeValue) -> str:
    """Give a parameter another value of its type; what is wrong, or nothing."""
    known = {parameter["id"]: parameter for parameter in plain.get("parameters", ())}
    if name not in known:
        return f"expected a parameter of the agreement, got {shown(name)}{suggestion(name, known)}"
    type_ = next(key for key in _VALUES if key in known[name])
    known[name][type_] = value
    return ""


def changed_terms(terms: Terms, given: Mapping[str, Any], path: TreePath, report: Report) -> Terms | None:
    """The terms with one word changed: of a parameter, or of a field of a clause; None when something was reported.

    given: `from` and `to`, and either `parameter`, or `clause` and `field`, which is written like rule.must.due. A
    field that a clause does not have is `absent` before the change, one that is taken out after it.
    """
    plain = msgspec.json.decode(encode(terms))
    was, now = given.get("from"), given.get("to")
    if was is None or now is None:
        report(path, "expected the fields from and to, got not both")
        return None
    if ("parameter" in given) == ("clause" in given) or ("clause" in given) != ("field" in given):
        report(path, "expected either parameter, or clause and field, got neither or both")
        return None
    place = _parameter(plain, given["parameter"]) if "parameter" in given else _field(plain, given)
    if isinstance(place, str):
        report((*path, "parameter" if "parameter" in given else "field"), place)
        return None
    holder, key = place
    found = holder[key] if isinstance(key, int) else holder.get(key, ABSENT)
    if found == was and now == ABSENT:
        del holder[key]
    elif found == was:
        holder[key] = now
    elif isinstance(found, str) and isinstance(was, str) and _count(was, found) == 1:
        holder[key] = re.sub(_word(was), lambda _: str(now), found, count=1)
    elif isinstance(found, list) and found.count(was) == 1:
        holder[key] = [now if item == was else item for item in found]
    else:
        report((*path, "from"), f"expected a word that stands once in {str(found)[:120]!r}, got {shown(was)}")
        return None
    return _checked(plain, path, report)


def _word(word: str) -> str:
    return rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])"


def _count(word: str, text: str) -> int:
    return len(re.findall(_word(word), text))


def _parameter(plain: dict[str, Any], name: str) -> tuple[Any, Any] | str:
    known = {parameter["id"]: parameter for parameter in plain.get("parameters", ())}
    if name not in known:
        return f"expected a parameter of the agreement, got {shown(name)}{suggestion(name, known)}"
    return known[name], next(key for key in _VALUES if key in known[name])


def _field(plain: dict[str, Any], given: Mapping[str, Any]) -> tuple[Any, Any] | str:
    known = {clause["id"]: clause for clause in plain["clauses"]}
    if given["clause"] not in known:
        return f"expected a clause of the agreement, got {shown(given['clause'])}{suggestion(given['clause'], known)}"
    holder: Any = known
    key: Any = given["clause"]
    names = str(given["field"]).split(".")
    for number, name in enumerate(names, 1):
        holder = holder[key]
        key = int(name) if isinstance(holder, list) and name.isdecimal() else name
        inside = key < len(holder) if isinstance(key, int) else isinstance(holder, dict) and key in holder
        may_be_absent = isinstance(holder, dict) and number == len(names) and given.get("from") == ABSENT
        if not inside and not may_be_absent:
            return f"expected a field of {given['clause']} such as rule.must.due, got {shown(given['field'])}"
    return holder, key


def _checked(plain: dict[str, Any], path: TreePath, report: Report) -> Terms | None:
    """The terms under the same rules as what another party sends."""
    data = msgspec.json.encode(plain, order="sorted")
    with suppress(msgspec.ValidationError):
        # A word that is a default now is left out; what has another form is told by the reader.
        data = encode(msgspec.convert(plain, Terms))
    try:
        return read_terms(data)
    except TermsInvalid as error:
        for problem in error.problems:
            report(path, f"expected an agreement without problems, got {problem}")
        return None
