"""Findings as sentences, with the agreement by which each was judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.console import RenderableType

from safeconduct.core.agreement import Finding, Terms, explain
from safeconduct.edges.cli.agreements import fetch_text
from safeconduct.edges.cli.desk import Desk
from safeconduct.edges.cli.screen import clean_lines, line

TermsOf = Callable[[Finding], Terms | None]


def sentence(terms: Terms | None, finding: Finding, language: str) -> str:
    """The finding in the language if its agreement has it, else in the agreement's first one."""
    if terms is None:
        return f"{finding.clause} {finding.outcome.value.replace('_', ' ')}"
    spoken = next((known for known in terms.languages if known == language), terms.languages[0])
    return clean_lines(explain(terms, finding, spoken))


def finding_lines(findings: Iterable[Finding], terms_of: TermsOf, language: str) -> list[RenderableType]:
    """Each finding as a line for people."""
    lines: list[RenderableType] = [
        clean_lines(f"{finding.subject}: {sentence(terms_of(finding), finding, language)}") for finding in findings
    ]
    return lines or [line("no findings")]


class AgreementsOf:
    """The version of the agreement that judged a finding, from the speaker's node; each text is fetched once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._texts: dict[str, Terms] = {}

    def __call__(self, finding: Finding) -> Terms:
        digest = finding.agreement
        if digest not in self._texts:
            self._texts[digest] = fetch_text(self._desk, digest)
        return self._texts[digest]
