"""Whose nodes keep a dossier."""

from __future__ import annotations

from safeconduct.core.agreement.clauses import Dossiers


def keepers(dossiers: Dossiers, party: str) -> tuple[str, ...]:
    """The parties whose nodes keep the dossier of a person that `party` registers, sorted."""
    return tuple(sorted({party, *dossiers.held_by}))
