"""The end of the demo: evidence as files, answers to an inquiry, and whether the record shows what it must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from safeconduct.core.agreement import Compliance, Outcome, PartyTerms, Terms, explain
from safeconduct.core.audit import PackReport, verify_pack
from safeconduct.edges.cli.demo.inquiry import Expected, Seen, clauses_table, told_table
from safeconduct.edges.cli.demo.scenario import AFTERNOON, EVENING, HOST, MOVEMENTS, SENDING
from safeconduct.edges.cli.demo.timeline import Names, Timeline
from safeconduct.edges.cli.demo.words import Words
from safeconduct.edges.cli.seam import Press
from safeconduct.errors import PackInvalid
from safeconduct.node.compliance import CompliancePage

# Which node the pack of which movement is taken from: one from each.
PACKS = ((HOST, EVENING), (SENDING, AFTERNOON))
# Of the long afternoon the terminal shows what the outage touched; the page and the pack have all.
_SHOWN_OF_AFTERNOON = ("movement.departed", "movement.checked_in", "movement.arrived", "movement.closed")


def keep_pack(timeline: Timeline, names: Names, file: Path, data: bytes, cards: Mapping[str, PartyTerms]) -> PackReport:
    """Write a pack, read it back and verify it with the cards alone. Raises PackInvalid if it proves nothing."""
    words = timeline.words
    file.write_bytes(data)
    timeline.command(f"evidence verify ./{file.name} --card ./host/card.json --card ./sending/card.json")
    report = verify_pack(file.read_bytes(), cards)
    movement = names.movement(report.subject)
    timeline.plain(words.say("pack_written", file=file, kib=len(data) // 1024, movement=movement))
    facts = {
        "statements": len(report.lines),
        "deliveries": len(report.deliveries),
        "findings": len(report.findings),
    }
    timeline.plain(f"✓ {words.say('pack_holds', **facts)}", "green")
    return report


def flip(timeline: Timeline, data: bytes, cards: Mapping[str, PartyTerms]) -> Expected:
    """Change one bit in the middle of a pack: it must prove nothing any more."""
    at = len(data) // 2
    flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    try:
        verify_pack(flipped, cards)
    except PackInvalid as error:
        timeline.plain(f"✗ {timeline.words.say('pack_flipped', at=at, account=str(error))}", "red")
        return Expected("a pack with a flipped bit proves nothing", holds=True)
    return Expected("a pack with a flipped bit proves nothing", holds=False)


def answer(
    timeline: Timeline, names: Names, terms: Terms, seen: Mapping[str, Seen], reports: Mapping[str, PackReport]
) -> None:
    """Who was told what, when, proved by whose receipt; how the clauses stand; whether the two records are one."""
    words = timeline.words
    evening = seen[HOST].pages[EVENING]
    narrow = timeline.is_narrow
    timeline.show(told_table(words, names, reports[EVENING], is_narrow=narrow))
    roles = words.listed(names.role(hop.role) for hop in evening.chain if hop.acknowledged is None)
    timeline.plain(words.say("never_told", roles=roles), "bold red")
    timeline.show(told_table(words, names, reports[AFTERNOON], kinds=_SHOWN_OF_AFTERNOON, is_narrow=narrow))
    timeline.show(clauses_table(words, names, seen))
    for subject in MOVEMENTS:
        for finding in seen[HOST].pages[subject].findings:
            if finding.outcome is Outcome.BREACHED or finding.near:
                timeline.plain(f"{names.movement(subject)}: {explain(terms, finding, words.language)}")
    timeline.plain(words["utc_note"], "dim")
    health = seen[HOST].health
    same = words.say("same_digest", digest=health.digest[:16], statements=sum(health.after.values()))
    if health.digest == seen[SENDING].health.digest:
        timeline.plain(f"{words['q_same']} {same}", "bold green")


def owners_table(words: Words, names: Names, report: Compliance) -> Table:
    """The compliance report of the two days: what each role kept and breached. Who owed nothing is left out."""
    table = Table(title=words["q_kept"], title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(words["col_owed_by"])
    for key in ("met", "breached", "disputed", "pending"):
        table.add_column(words[f"outcome_{key}"], justify="right")
    for row in sorted(report.owners, key=lambda row: (-row.tally.breached, row.party, row.role)):
        tally = row.tally
        numbers = (tally.met, tally.breached, tally.disputed, tally.pending)
        if any(numbers):
            style = "bold red" if tally.breached else ""
            table.add_row(f"{names.party(row.party)} · {names.role(row.role)}", *map(str, numbers), style=style)
    return table


def keep_report(timeline: Timeline, names: Names, press: Press, page: CompliancePage, terms: Terms, file: Path) -> None:
    """Show the compliance report in short, and write it as a paper."""
    words = timeline.words
    timeline.show(owners_table(words, names, page.report))
    file.write_bytes(press.compliance(page, dict.fromkeys(page.versions, terms), words.language, "html"))
    timeline.plain(words.say("report_written", file=file))


def verdict(timeline: Timeline, checks: Sequence[Expected], surprises: Sequence[str]) -> bool:
    """Whether everything is there, said aloud."""
    words = timeline.words
    missing = [check.what for check in checks if not check.holds] + list(surprises)
    for what in missing:
        timeline.warning(words.say("expected_not", what=what))
    if not missing:
        timeline.plain(f"✓ {words.say('expected_all', count=len(checks))}", "bold green")
    return not missing
