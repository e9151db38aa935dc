"""Texts of an agreement with what they refer to put in: parameters' values, names of roles, parties, acts, forms."""

from __future__ import annotations

import re

from safeconduct.core.acts import CATALOGUE
from safeconduct.core.agreement.clauses import Clause, Parameter, Terms
from safeconduct.core.agreement.wording import duration_text, isolated, listed, one_line

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_PARAMETER = "param."


def clause_text(terms: Terms, clause: Clause, language: str) -> str:
    """The text of a clause in a language of the agreement, with the parameters that it names put in, in words.

    A name in braces that is no parameter is left as it stands. Raises ValueError for another language.
    """
    if language not in terms.languages:
        raise ValueError(f"a language of the agreement ({', '.join(terms.languages)}), got {language!r}")
    words = {parameter.id: parameter_text(parameter, language) for parameter in terms.parameters}

    def put_in(found: re.Match[str]) -> str:
        return isolated(words[found[1]], language) if found[1] in words else found[0]

    return _PLACEHOLDER.sub(put_in, clause.text[language])


def parameter_text(parameter: Parameter, language: str) -> str:
    """What the parties agreed for a parameter, in words."""
    if parameter.duration is not None:
        return duration_text(parameter.duration, language)
    if parameter.number is not None:
        return str(parameter.number)
    if parameter.text is not None:
        return one_line(parameter.text)
    return listed([one_line(text) for text in parameter.texts or ()], language)


def span_text(terms: Terms, span: str, language: str) -> str:
    """A length of time as rules write it, `PT4H` or `param.x`, in words; a parameter that there is not, by its id."""
    if not span.startswith(_PARAMETER):
        return duration_text(span, language)
    name = span.removeprefix(_PARAMETER)
    found = next((p for p in terms.parameters if p.id == name), None)
    return parameter_text(found, language) if found is not None else name


def name_of(terms: Terms, identifier: str, language: str) -> str:
    """The name of a role or party; of what is neither, such as a district on a route, the id itself."""
    named = terms.role(identifier) or terms.party(identifier)
    return one_line(named.name[language] if named is not None else identifier)


def act_title(terms: Terms, event: str, language: str) -> str:
    """What people call a kind of act or a form; of what is neither, the id itself."""
    form = terms.form(event)
    if form is not None:
        return one_line(form.name[language])
    return CATALOGUE[event].title[language] if event in CATALOGUE else event


def field_title(terms: Terms, form: str, field: str, language: str) -> str:
    """What people call a field of a form; its id if it has no name."""
    found = terms.form(form)
    fields = found.fields if found is not None else ()
    name = next((f.name for f in fields if f.id == field and f.name is not None), None)
    return one_line(name[language]) if name is not None else field
