"""What an inquiry would ask, answered from the two records and the evidence packs, never from the demo's script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from safeconduct.core.acts import MovementAttested, UnknownAct
from safeconduct.core.agreement import Finding, Outcome
from safeconduct.core.audit import Delivery, PackReport
from safeconduct.core.record import Said
from safeconduct.edges.cli.demo.scenario import (
    AFTERNOON,
    EVENING,
    EVENING_ASKED,
    EVENING_OPENS,
    HOST,
    MORNING,
    MOVEMENTS,
    NEXT,
    NIGHT,
    RENDEZVOUS_OPENS,
    SENDING,
)
from safeconduct.edges.cli.demo.timeline import Names
from safeconduct.edges.cli.demo.words import Words
from safeconduct.node.queries import LogPage, MovementPage, NodeHealth, PeerJudgement

_attestations = msgspec.json.Decoder(MovementAttested)
_OUTCOME_STYLES = {
    "met": "green",
    "breached": "bold red",
    "disputed": "yellow",
    "waived": "yellow",
    "pending": "blue",
    "not_due": "dim",
}
_MATTERS = (Outcome.BREACHED, Outcome.DISPUTED, Outcome.WAIVED)


class Seen(NamedTuple):
    """What one node shows at the end."""

    health: NodeHealth
    logs: tuple[LogPage, ...]
    judgements: tuple[PeerJudgement, ...]
    pages: Mapping[str, MovementPage]


class Expected(NamedTuple):
    """A thing that the record must show. what: in English, for whoever mends the demo."""

    what: str
    holds: bool


def told_table(
    words: Words, names: Names, report: PackReport, *, kinds: tuple[str, ...] = (), is_narrow: bool = False
) -> Table:
    """Who said what when, and from when on the other party's receipt proves that it had it: from a verified pack.

    kinds: only these, if any are named. is_narrow: without the last column.
    """
    title = words.say("q_told", movement=names.movement(report.subject))
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    columns = ("col_said_at", "col_what", "col_had_at", "col_proof")[: 3 if is_narrow else 4]
    for column in columns:
        table.add_column(words[column])
    proofs: dict[str, Delivery] = {delivery.statement: delivery for delivery in report.deliveries}
    for line in report.lines:
        if not kinds or line.said.kind in kinds:
            cells = _told(words, names, line.said, proofs.get(line.said.id))
            table.add_row(*cells[: len(columns)])
    return table


def _told(words: Words, names: Names, said: Said, proof: Delivery | None) -> tuple[str | Text, ...]:
    assert not isinstance(said.act, UnknownAct)
    what = words.listed((names.act(said.act), names.actor(said.actor)))
    if proof is None or proof.said_at is None:
        return words.moment(said.t), what, "–", "–"
    had_at = Text(words.moment(proof.said_at), style="red" if proof.said_at - said.t > _LATE_MS else "")
    cosigned = words.moment(proof.cosigned_at * 1_000) if proof.cosigned_at is not None else "–"
    return words.moment(said.t), what, had_at, words.say("proof_line", party=names.party(proof.by), at=cosigned)


# A receipt that comes later than this is shown in red: the other side did not know in time to act.
_LATE_MS = 60_000


def clauses_table(words: Words, names: Names, seen: Mapping[str, Seen]) -> Table:
    """The clauses of each movement that were not simply kept, with who owed them, as each node found it."""
    table = Table(title=words["q_clauses"], title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(words["col_movement"])
    table.add_column(words["col_clause"])
    table.add_column(words["col_owed_by"])
    for party in (HOST, SENDING):
        table.add_column(names.party(party))
    for subject in MOVEMENTS:
        both = zip(seen[HOST].pages[subject].findings, seen[SENDING].pages[subject].findings, strict=True)
        matters = [(h, s) for h, s in both if h.outcome is not s.outcome or h.outcome in _MATTERS or h.near]
        kept = sum(f.outcome is Outcome.MET for f in seen[HOST].pages[subject].findings)
        table.add_row(names.movement(subject), words.say("clauses_kept", count=kept), "", "", "")
        for host, sending in matters:
            owed_by = names.role(host.owed_by)
            table.add_row("", names.clause(host.clause), owed_by, _outcome(words, host), _outcome(words, sending))
        table.add_section()
    return table


def _outcome(words: Words, finding: Finding) -> Text:
    near = f" ({words['near']})" if finding.near else ""
    return Text(words[f"outcome_{finding.outcome}"] + near, style=_OUTCOME_STYLES[finding.outcome])


def expected(seen: Mapping[str, Seen], outage: tuple[int, int]) -> tuple[Expected, ...]:
    """What must be on the record after this day, each thing looked up there. outage: from when to when, ms."""
    host, sending = seen[HOST], seen[SENDING]
    return (
        Expected("both records have the same digest", host.health.digest == sending.health.digest),
        Expected("both nodes have folded the same statements", host.health.after == sending.health.after),
        Expected("both nodes replay", host.health.replay and sending.health.replay),
        Expected("no node holds evidence of a fork", not host.health.evidence and not sending.health.evidence),
        Expected("no entry of any log is void", not any(log.void_entries for s in seen.values() for log in s.logs)),
        Expected("every movement has the same history on both nodes", _on_both(seen, _history)),
        Expected("every clause has the same finding on both nodes", _on_both(seen, lambda page: page.findings)),
        Expected("no node judges otherwise than the other", not any(_otherwise(s) for s in seen.values())),
        Expected("nothing that was refused is on the record", not any(_void_lines(s) for s in seen.values())),
        *_of_afternoon(host.pages[AFTERNOON], outage),
        *_of_morning(host.pages[MORNING]),
        *_of_evening(host.pages[EVENING]),
        Expected("the request at night is cancelled", host.pages[NIGHT].row.phase == "cancelled"),
        Expected("nobody approved the request at night", host.pages[NIGHT].row.approved_by == ()),
        Expected(
            "the convoy that was asked for again was notified in time", _finding(host.pages[NEXT], "NTC-1") == "met"
        ),
    )


def _otherwise(seen: Seen) -> bool:
    return any(each.judgement is not None and each.judgement.agrees is False for each in seen.judgements)


def _on_both(seen: Mapping[str, Seen], of: Callable[[MovementPage], object]) -> bool:
    return all(of(seen[HOST].pages[subject]) == of(seen[SENDING].pages[subject]) for subject in MOVEMENTS)


def _history(page: MovementPage) -> list[tuple[str, str, int, int]]:
    return [(line.id, line.party, line.index, line.t) for line in page.history]


def _void_lines(seen: Seen) -> list[str]:
    return [line.id for page in seen.pages.values() for line in page.history if line.void]


def _found(page: MovementPage, clause: str) -> Finding | None:
    return next((finding for finding in page.findings if finding.clause == clause), None)


def _finding(page: MovementPage, clause: str) -> str:
    found = _found(page, clause)
    return found.outcome.value if found is not None else "not called up"


def _with(page: MovementPage, *outcomes: str) -> list[str]:
    """Clauses with one of these outcomes."""
    return [finding.clause for finding in page.findings if finding.outcome in outcomes]


def _of_afternoon(page: MovementPage, outage: tuple[int, int]) -> tuple[Expected, ...]:
    kinds = [line.kind for line in page.history]
    down, back = outage
    departed, ended = page.departed_at or 0, page.ended_at or 0
    approvers = {line.party for line in page.history if line.kind == "movement.approved" and line.t <= departed}
    alone = [line for line in page.history if line.party == HOST and down <= line.t < back]
    all_late = all((line.received[SENDING] or 0) >= back for line in alone)
    return (
        Expected("the afternoon transfer is closed", page.row.phase == "closed"),
        Expected("its clauses are kept, every one", _with(page, "breached", "disputed", "waived", "pending") == []),
        Expected("there are at least forty of them", len(_with(page, "met")) >= 40),
        Expected("its notice reached the last unit", page.row.not_relayed == ()),
        Expected("it was approved four times, twice after the change", kinds.count("movement.approved") == 4),
        Expected("both parties approved it before departure", approvers == {HOST, SENDING}),
        Expected("the road was swept twice", _attested(page, "sweep") == 2),
        Expected("heads were counted three times", _attested(page, "head_count") == 3),
        *_of_rendezvous(page),
        Expected("it took between half an hour and an hour and a half", 30 <= (ended - departed) // 60_000 <= 90),
        Expected("it checked in at least eight times", len(page.check_ins) >= 8),
        Expected("the host took check-ins while the sending node was down", len(alone) >= 3),
        Expected("the receipts of those are from after the outage", all_late),
    )


def _of_rendezvous(page: MovementPage) -> tuple[Expected, ...]:
    """Where they met: sealed the day before, given and opened no sooner than agreed."""
    said = [line for line in page.history if line.kind.startswith("compartment.")]
    at = {kind: [line.t for line in said if line.kind == f"compartment.{kind}"] for kind in _OF_A_COMPARTMENT}
    are_early = [t < RENDEZVOUS_OPENS - _DAY_AHEAD_MS for t in at["sealed"]]
    are_due = [t >= RENDEZVOUS_OPENS for t in at["released"]]
    openers = [line.actor for line in said if line.kind == "compartment.opened"]
    return (
        Expected(
            "its rendezvous was sealed once, a day ahead",
            are_early == [True],
        ),
        Expected("both nodes found that their share fits", len(at["checked"]) == 2),
        Expected(
            "no share was given before its moment, each once",
            are_due == [True, True],
        ),
        Expected("it was opened by the sweep lead alone", openers == ["host/sweep-lead"]),
    )


_OF_A_COMPARTMENT = ("sealed", "checked", "released")
_DAY_AHEAD_MS = 12 * 3_600_000


def _attested(page: MovementPage, item: str) -> int:
    acts = [_attestations.decode(line.body) for line in page.history if line.kind == "movement.attested"]
    return sum(act.item == item for act in acts)


def _of_morning(page: MovementPage) -> tuple[Expected, ...]:
    notice = _found(page, "NTC-1")
    return (
        Expected("the morning run lapsed", page.row.phase == "lapsed"),
        Expected("nobody approved it", page.row.approved_by == ()),
        Expected("its notice came nearly too late", notice is not None and notice.near),
        Expected("nobody assessed, passed on or answered it", _with(page, "breached") == ["APR-5", "APR-8", "NTC-4"]),
        Expected("it never departed", page.departed_at is None),
    )


def _of_evening(page: MovementPage) -> tuple[Expected, ...]:
    requested = page.history[0]
    received = requested.received[HOST]
    notice, chain = _found(page, "NTC-1"), _found(page, "NTC-2")
    return (
        Expected("the evening convoy was refused", page.row.phase == "refused"),
        Expected("it never departed", page.departed_at is None),
        Expected("notice and passing on are breached, nothing else", _with(page, "breached") == ["NTC-1", "NTC-2"]),
        Expected(
            "the breach rests on the request itself",
            notice is not None and [e.id for e in notice.evidence] == [requested.id],
        ),
        Expected(
            "the notice stopped before the district desk", chain is not None and chain.missing == ("district_desk",)
        ),
        Expected("the request was made when the story says", abs(requested.t - EVENING_ASKED) < 60_000),
        Expected("the host's receipt proves when it was told", received is not None and requested.t <= received),
        Expected("that was before the convoy would have left", received is not None and received < EVENING_OPENS),
        Expected("the notice stands at the province desk", page.row.not_relayed[:1] == ("province_desk",)),
        Expected("the unit that acts has not had it", "unit_commander" in page.row.not_relayed),
        Expected("the host never approved it", HOST not in page.row.approved_by),
    )
