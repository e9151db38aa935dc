"""What nodes say about logs: what they have received, and what they have caught."""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Text
from safeconduct.core.statement import Count, Digest, PartyId


class RecordReceived(Act, frozen=True, kw_only=True):
    """This node has stored, verified, folded and cosigned the party's log up to `size` with this root."""

    log: PartyId
    size: Count
    root: Digest


class IncidentRaised(Act, frozen=True, kw_only=True):
    """Something went wrong. evidence: text that convinces anybody who holds the parties' public keys."""

    about: PartyId
    category: Annotated[
        str, msgspec.Meta(pattern=r"^(equivocation|rollback|bad_entry|judgement|glass|mark|recall|opening|other)\Z")
    ]
    account: Text
    evidence: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None


LogbookAct = RecordReceived | IncidentRaised
