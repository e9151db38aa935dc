"""What can be said about duties and facts: contesting, ruling, waiving, explaining, stepping down and back."""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Instant, Text
from safeconduct.core.statement import Count, Digest

ClauseNumber = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,6}-[0-9]{1,3}\Z")]
LevelId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")]


class FactContested(Act, frozen=True, kw_only=True):
    """The party does not accept what another party's statement (its id) says. Both accounts stand."""

    statement: Digest
    account: Text


class FactRuled(Act, frozen=True, kw_only=True):
    """The named body's word on a contested statement: it stands, or clauses take it as not said."""

    statement: Digest
    stands: bool
    reason: Text


class DutyWaived(Act, frozen=True, kw_only=True):
    """A role that the clause names lets the duty go on this subject, said before it was due."""

    clause: ClauseNumber
    reason: Text


class FindingExplained(Act, frozen=True, kw_only=True):
    """A party's answer to a finding on this subject. It changes no verdict and stands beside it."""

    clause: ClauseNumber
    account: Text


class RelationStepped(Act, frozen=True, kw_only=True):
    """The parties' relation goes to this level of the agreement's grades of suspension."""

    level: LevelId
    reason: Text


class FindingsStated(Act, frozen=True, kw_only=True):
    """What a node makes of the record it names in `after`, as of an instant: the digest and number of its findings."""

    as_of: Instant
    digest: Digest
    count: Count


DisputeAct = FactContested | FactRuled | DutyWaived | FindingExplained
