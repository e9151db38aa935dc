"""What a finding is."""

from __future__ import annotations

from tests.unit.core.agreement.judged import DAY, Told, judged, rule


def test_the_obligations_of_a_subject_are_told_apart_by_clause_trigger_and_n() -> None:
    """AG-51"""
    recur = rule(when="post.opened", recur={"event": "post.scanned", "every": "P1D"})
    told = Told()
    first, second = told.file("opened"), told.file("opened")
    told.file("scanned", 5)
    keys = [finding.key for finding in judged(recur, told, DAY)]
    assert keys == [("F-1", e.evidence.id, n) for e in (first, second) for n in (0, 1)]
