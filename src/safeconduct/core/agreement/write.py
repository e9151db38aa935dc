"""`Terms` → a folder that `read.py` reads back to the same terms, and a template → a new agreement's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec
import yaml

from safeconduct.core.agreement.clauses import LANGUAGES, PartyTerms, Terms
from safeconduct.core.agreement.read import AGREEMENT_FILE
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid

_WIDTH = 110


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
        raise TermsInvalid((f"{AGREEMENT_FILE}:1: expected a line 'name: …' in the template, got none",))
    cards = {f"cards/{party.id}.json": _card(_named_everywhere(party)) for party in parties}
    return {**template, AGREEMENT_FILE: text, **cards}


def set_parameters(files: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The folder with other values of parameters, everything else as it stands, comments too; `read_folder` checks it.

    values: parameter → its value as the folder writes it (`P7D`, `8`). Raises TermsInvalid for a parameter that
    agreement.yaml does not have, or whose value is a list.
    """
    text = files.get(AGREEMENT_FILE, "")
    for name, value in values.items():
        entry = re.compile(rf"(\bid: {re.escape(name)}(?:,| *\n)\s*(?:duration|number|text): )([^,}}\n]+)")
        text, found = entry.subn(lambda match, value=value: f"{match[1]}{value}", text, count=1)  # type: ignore[misc]
        if not found:
            raise TermsInvalid((f"{AGREEMENT_FILE}:1: expected a parameter {name[:60]} with a single value, got none",))
    return {**files, AGREEMENT_FILE: text}


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
