"""`Terms` → a folder that `read.py` reads back to the same terms, and a template → a new agreement's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec
import yaml

from safeconduct.core.acts import LANGUAGES
from safeconduct.core.agreement.clauses import PartyTerms, Terms
from safeconduct.core.agreement.read import AGREEMENT_FILE
from safeconduct.core.agreement.tree import BEGIN
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid

_WIDTH = 110
# The list of parameters, up to the next field of the agreement.
_PARAMETERS = re.compile(r"(?m)^parameters:(?:.*\n)(?:(?:[ \-#].*)?\n)*")
_ITEM = re.compile(r"(?m)^ *- ")
# A value on its line: in quotation marks, or up to a comma, a brace or a remark.
_VALUE = re.compile(
    r"\b(?:duration|number|text): (\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\n]|'')*'|[^,}\n]+?(?= +#|,|\}|\n|\Z))"
)


def write_folder(terms: Terms) -> dict[str, str]:
    """The agreement as path inside the folder → text; reading it gives equal terms."""
    plain = msgspec.to_builtins(terms)
    clauses = plain.pop("clauses")
    plain["parties"] = [party.id for party in terms.parties]
    return {
        AGREEMENT_FILE: _yaml(plain),
        "clauses/all.yaml": _yaml(clauses),
        **{f"cards/{party.id}.json": _card(party) for party in terms.parties},
    }


def fill_template(template: Mapping[str, str], parties: Sequence[PartyTerms], name: str) -> dict[str, str]:
    """A new agreement's folder: a template's with this name and these parties' cards; `read_folder` checks it.

    A party that has no name in some language is called there what it is called in English or else its first language,
    until somebody translates it. Raises TermsInvalid for a template without a line `name: …`.
    """
    text, found = re.subn(r"(?m)^name: .*$", lambda _: f"name: {name}", template.get(AGREEMENT_FILE, ""), count=1)
    if not found:
        raise TermsInvalid((f"{AGREEMENT_FILE}:{BEGIN}: expected a line 'name: …' in the template, got none",))
    cards = {f"cards/{party.id}.json": _card(_named_everywhere(party)) for party in parties}
    return {**template, AGREEMENT_FILE: text, **cards}


def set_parameters(files: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The folder with other values of parameters, everything else as it stands, comments too; `read_folder` checks it.

    values: parameter → its value as the folder writes it (`P7D`, `8`). Raises TermsInvalid for a parameter that
    agreement.yaml does not have, or whose value is a list.
    """
    text = files.get(AGREEMENT_FILE, "")
    for name, value in values.items():
        place = _value_of(text, name)
        if place is None:
            says = f"expected a parameter {name[:60]} with a single value, got none"
            raise TermsInvalid((f"{AGREEMENT_FILE}:{BEGIN}: {says}",))
        text = text[: place[0]] + value + text[place[1] :]
    return {**files, AGREEMENT_FILE: text}


def _value_of(text: str, name: str) -> tuple[int, int] | None:
    """From where to where the value of a parameter stands in agreement.yaml."""
    block = _PARAMETERS.search(text)
    if block is None:
        return None
    starts = [block.start() + item.start() for item in _ITEM.finditer(block.group())]
    for start, end in pairwise([*starts, block.end()]):
        if re.search(rf"\bid: {re.escape(name)}(?=[,}}\s])", text[start:end]):
            found = _VALUE.search(text, start, end)
            return found.span(1) if found is not None else None
    return None


def _named_everywhere(party: PartyTerms) -> PartyTerms:
    fallback = party.name.get("en") or next(iter(party.name.values()), party.id)
    return msgspec.structs.replace(party, name={**dict.fromkeys(LANGUAGES, fallback), **party.name})


def _card(party: PartyTerms) -> str:
    return encode(party).decode() + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes every value out where it stands: the reader refuses aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002, the dumper's own signature
        return True


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
