"""Who is shown what of copies: one decision, asked by every query (docs/spec/canary.md CAN-43).

Default deny. A recipient has its own halves; the joint panel has investigations; whoever signs, proposes or uses slot
lists has these; whoever sees all is told which lists and investigations there are. Everybody else is told what is told
of things that are not there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from safeconduct.core.agreement import Terms, on_panel
from safeconduct.core.record import CopiesState, Law

# What can be shown: what an investigation finds, that there are investigations, or the slot lists.
OfCopies = Literal["leak", "leaks", "slots"]

_USES_LISTS = ("slots.proposed", "slots.signed", "compartment.sealed")


def may_see(terms: Terms | None, roles: Collection[str], what: OfCopies, *, sees_all: bool = False) -> bool:
    """Whether holders of these roles of the own party are shown it. Without an agreement only who sees all is.

    sees_all: an auditor or the party's authority, which is told what there is, and not whose copy a text fits.
    """
    if sees_all and what != "leak":
        return True
    if terms is None or terms.canaries is None:
        return False
    if on_panel(terms, roles):
        return True
    if what != "slots":
        return False
    # They must read a list to sign it or to write words that name its slots.
    held = [known for known in terms.roles if known.id in roles]
    return any(kind in role.may for role in held for kind in _USES_LISTS)


def own_reading_key(law: Law, state: CopiesState, actor: str) -> str | None:
    """Key id under which the actor is a recipient of these copies; None if it is none."""
    return next((key_id for key_id in state.recipients if law.reader_of(key_id) == actor), None)
