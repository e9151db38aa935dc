"""How the agreement was kept over a period, from everything on the record."""

from __future__ import annotations

import asyncio

import msgspec

from safeconduct.core.acts import DutyWaived, FactContested, FactRuled, FindingExplained
from safeconduct.core.agreement import Account, Compliance, Finding, Outcome, Terms, decided_at, measure
from safeconduct.core.record import Said, fold, is_law
from safeconduct.errors import NotFound
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.node.queries import subject_findings
from safeconduct.node.sight import Sight


class CompliancePage(msgspec.Struct, frozen=True, kw_only=True):
    """The report of a period. party: whose node counted. versions: digests of what was in force, the oldest first."""

    party: str
    versions: tuple[str, ...]
    report: Compliance


async def compliance(node: Node, viewer: Viewer, since: int, until: int) -> CompliancePage:
    """How every clause was kept from `since` until just before `until` (ms), with what was said about breaches.

    Of the findings and the words that the viewer is shown.

    Raises NotFound where nothing is in force, InputInvalid for a period that is empty or has too many steps.
    """
    versions = _versions(node)
    now = node.clock.now()
    sight = Sight(node, viewer)
    # A period that cannot be shown is refused before a whole record is read for it.
    measure((), versions, (since, until), now)
    found: list[Finding] = []
    for subject in sorted(subject for subject, _ in node.store.digests()):
        if not is_law(subject) and sight.lists(subject):
            found.extend(sight.findings(subject, subject_findings(node, subject, now)))
            # The obligations of a quiet subject are made anew from its statements, some milliseconds.
            await asyncio.sleep(0)
    accounts = {}
    for subject in dict.fromkeys(f.subject for f in found if _is_matter(f) and since <= decided_at(f) < until):
        accounts[subject] = _accounts(node, sight, subject)
        await asyncio.sleep(0)
    report = await asyncio.to_thread(measure, found, versions, (since, until), now, accounts=accounts)
    return CompliancePage(party=node.party, versions=tuple(versions), report=report)


def _is_matter(finding: Finding) -> bool:
    return finding.outcome in (Outcome.BREACHED, Outcome.DISPUTED)


def _versions(node: Node) -> dict[str, Terms]:
    """Every text that came into force, by its digest, in that order."""
    law = node.memory.law
    forces = sorted((v.in_force_from, v.digest) for v in law.versions.values() if v.in_force_from is not None)
    if not forces:
        raise NotFound("no agreement is in force here")
    return {digest: law.texts[digest] for _, digest in forces}


def _accounts(node: Node, sight: Sight, subject: str) -> tuple[Account, ...]:
    """What was said with effect about findings and facts of a subject, in order of the record."""
    folded = fold(node.memory.law, node.memory.in_order(subject))
    found = (_account(line.said) for line in folded.lines if line.void is None and sight.shows_said(line.said))
    return tuple(account for account in found if account is not None)


def _account(said: Said) -> Account | None:
    stands: bool | None = None
    match said.act:
        case FindingExplained(clause=about, account=text) | FactContested(statement=about, account=text):
            pass
        case DutyWaived(clause=about, reason=text):
            pass
        case FactRuled(statement=about, reason=text, stands=stands):
            pass
        case _:
            return None
    return msgspec.convert(
        {
            "id": said.id,
            "party": said.party,
            "actor": said.actor,
            "t": said.position.t,
            "kind": said.kind,
            "about": about,
            "text": text,
            "stands": stands,
        },
        Account,
    )
