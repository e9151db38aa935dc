"""A finding as one sentence: which clause, who owed it, what was due when, what came instead."""

from __future__ import annotations

from safeconduct.core.agreement.clauses import Terms
from safeconduct.core.agreement.finding import Finding


def explain(terms: Terms, finding: Finding, language: str) -> str:
    """The finding as one sentence in a language of the agreement. Times are UTC.

    Raises ValueError for a finding on a clause that the terms do not have or a language that they are not in.
    """
    clause = next((c for c in terms.clauses if c.id == finding.clause), None)
    if clause is None or language not in terms.languages:
        raise ValueError(f"a clause and a language of agreement {terms.name}, got {finding.clause} and {language!r}")
    return f"{clause.id} ({clause.title[language]}): {finding.outcome} ({finding.reason})"
