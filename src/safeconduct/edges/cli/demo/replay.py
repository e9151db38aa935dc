"""The days told over two running nodes: every step through the real API, and what came of it against the script."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from safeconduct.core.acts import Standing, offer
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure import Content
from safeconduct.edges.cli.demo.inquiry import Seen
from safeconduct.edges.cli.demo.parties import PARTIES, Parties
from safeconduct.edges.cli.demo.scenario import (
    AFTERNOON,
    HOST,
    MOVEMENTS,
    SENDING,
    Again,
    Kill,
    Look,
    Open,
    Restart,
    Say,
    Scene,
    Seal,
    Step,
)
from safeconduct.edges.cli.demo.timeline import Names, Receipt, Timeline
from safeconduct.edges.cli.orders import keys_of, open_part, seal_for_all, view_of
from safeconduct.errors import InputInvalid, Refused
from safeconduct.node.compliance import CompliancePage
from safeconduct.node.queries import HistoryLine, LogPage, MovementPage, NodeHealth, PeerJudgement

_STATEMENTS = "/v1/statements"
# So many looks in a row must show the same; a node's schedule looks for something to say ten times a second.
_RESTED_LOOKS = 12
# Who looks at each node. They are shown everything: what the day comes to is told of the whole record.
_READERS = {HOST: f"{HOST}/authority", SENDING: f"{SENDING}/authority"}


class Replay:
    """Tells steps in order. surprises: what the script did not say, for whoever mends it; outage: from when to when."""

    def __init__(self, parties: Parties, timeline: Timeline, terms: Terms) -> None:
        self._parties = parties
        self._timeline = timeline
        self._names = Names(timeline.words, terms)
        self._sent: dict[tuple[str, str], bytes] = {}
        self._down: set[str] = set()
        self.surprises: list[str] = []
        self.outage = (0, 0)

    def tell(self, steps: tuple[Step, ...], between: Callable[[Step], None]) -> None:
        """Tell the steps. between: called after each moment."""
        for place, step in enumerate(steps):
            self._parties.clock.jump(step.at)
            self._step(step)
            is_last_of_moment = place + 1 == len(steps) or steps[place + 1].at != step.at
            if is_last_of_moment:
                self.settle()
                between(step)

    def _step(self, step: Step) -> None:
        match step:
            case Scene():
                self._timeline.scene(step.key, step.at)
            case Say():
                self._say(step)
            case Again():
                self._again(step)
            case Look():
                self._look(step)
            case Seal():
                self._seal(step)
            case Open():
                self._open(step)
            case Kill():
                self._kill(step)
            case Restart():
                self._restart(step)
            case _:
                assert_never(step)

    # --- saying -------------------------------------------------------------------------------------------------------

    def _say(self, step: Say) -> None:
        client = self._parties.client(step.actor)
        standing = client.get("/v1/standing", Standing)
        envelope = offer(standing, step.actor, client.speaker.key, step.subject, step.act)
        self._sent[step.actor, step.subject] = envelope
        try:
            client.post(_STATEMENTS, envelope)
        except Refused as refusal:
            self._timeline.refused(
                standing.now, self._names, step.actor, self._names.act(step.act), refusal.code, str(refusal)
            )
            self._expect(step, refusal.code)
        else:
            self._timeline.said(standing.now, self._names, step.actor, step.act)
            self._expect(step, None)
            self._show_receipts(step.actor.split("/", 1)[0], step.subject)
        if step.comment is not None:
            self._timeline.comment(step.comment)

    def _expect(self, step: Say, code: str | None) -> None:
        if code != step.refused:
            self.surprises.append(f"{step.actor} about {step.subject}: wanted {step.refused}, got {code}")

    def _show_receipts(self, party: str, subject: str) -> None:
        """Wait for the receipts of a statement on a movement, and show them; the other node may be down."""
        if subject not in MOVEMENTS:
            return
        others = [other for other in PARTIES if other != party]
        if not self._down:
            self._parties.until(
                f"a receipt of what {party} said",
                lambda: all(at is not None for at in self._latest(party, subject).received.values()),
            )
        line = self._latest(party, subject)
        receipts = [Receipt(other, line.received[other], line.cosigned[other]) for other in others]
        self._timeline.receipts(self._names, receipts)

    def _latest(self, party: str, subject: str) -> HistoryLine:
        """What a party said last of a movement: the other node may have said something of its own since."""
        return next(line for line in reversed(self.page(party, subject).history) if line.party == party)

    def _again(self, step: Again) -> None:
        client = self._parties.client(step.actor)
        now = self._parties.clock.now()
        try:
            client.post(_STATEMENTS, self._sent[step.actor, step.subject])
        except InputInvalid as refusal:
            title = self._timeline.words["copy"]
            self._timeline.refused(now, self._names, step.actor, title, "entry_invalid", str(refusal))
        else:
            self.surprises.append(f"{step.actor} about {step.subject}: an old statement was taken once more")
        self._timeline.comment(step.comment)

    # --- the sealed order ---------------------------------------------------------------------------------------------

    def _seal(self, step: Seal) -> None:
        desk = self._parties.desk(step.actor)
        self._parties.until("sealing keys of both nodes", lambda: all(party.keys for party in keys_of(desk)))
        now = self._parties.clock.now()
        content = Content(text=self._timeline.words[step.text])
        for act, _ in seal_for_all(desk, view_of(desk, step.subject), step.compartment, content):
            self._timeline.said(now, self._names, step.actor, act)
        self._parties.until(
            "each node to check its share",
            lambda: all(
                sealing.in_force
                for party in PARTIES
                for sealing in view_of(self._parties.desk(_READERS[party]), step.subject).sealings
            ),
        )
        self._timeline.comment(step.comment)

    def _open(self, step: Open) -> None:
        desk = self._parties.desk(step.actor)
        if step.refused is None:
            party = step.actor.split("/", 1)[0]
            self._parties.until(
                f"the shares for {party}",
                lambda: all(
                    sealing.released.get(party) is not None for sealing in view_of(desk, step.subject).sealings
                ),
            )
        now = self._parties.clock.now()
        try:
            opened = open_part(desk, view_of(desk, step.subject), step.compartment)
        except Refused as refusal:
            title = self._names.title("compartment.opened")
            self._timeline.refused(now, self._names, step.actor, title, refusal.code, str(refusal))
            code: str | None = refusal.code
        else:
            self._timeline.opened(now, self._names, step.actor, step.compartment, opened.content.text or "")
            code = None
        if code != step.refused:
            self.surprises.append(f"{step.actor} opens {step.compartment}: wanted {step.refused}, got {code}")
        self._timeline.comment(step.comment)

    # --- looking ------------------------------------------------------------------------------------------------------

    def page(self, party: str, subject: str) -> MovementPage:
        """One movement as this party's node shows it."""
        return self._parties.client(_READERS[party]).get(_path(subject), MovementPage)

    def logs(self, party: str) -> dict[str, LogPage]:
        """Every log as this party's node holds it."""
        return {log.party: log for log in self._parties.client(_READERS[party]).get("/v1/logs", tuple[LogPage, ...])}

    def seen(self) -> dict[str, Seen]:
        """What each node shows now of everything."""
        return {
            party: Seen(
                self._parties.client(_READERS[party]).get("/v1/health", NodeHealth),
                tuple(self.logs(party).values()),
                self._parties.client(_READERS[party]).get("/v1/judgements", tuple[PeerJudgement, ...]),
                {subject: self.page(party, subject) for subject in MOVEMENTS},
            )
            for party in PARTIES
        }

    def compliance(self, party: str, since: int, until: int) -> CompliancePage:
        """How the agreement was kept from `since` until `until`, as this party's node counts."""
        client = self._parties.client(_READERS[party])
        return client.get("/v1/compliance", CompliancePage, **{"from": since, "to": until})

    def pack(self, party: str, subject: str) -> bytes:
        """The evidence pack of a movement, from this party's node."""
        return self._parties.client(_READERS[party]).fetch(_path(subject) + "/pack")

    def _look(self, step: Look) -> None:
        rows = {party: self.page(party, step.subject).row for party in PARTIES if party not in self._down}
        for party, row in rows.items():
            for wanted, got in (
                (step.phase, row.phase.value),
                (step.consent_missing, row.consent_missing),
                (step.open_items, row.open_items),
                (step.not_relayed, row.not_relayed),
            ):
                if wanted is not None and wanted != got:
                    self.surprises.append(f"{party}'s board of {step.subject}: wanted {wanted}, got {got}")
        self._timeline.board(self._names, rows[HOST])
        if step.comment is not None:
            self._timeline.comment(step.comment)

    # --- the outage ---------------------------------------------------------------------------------------------------

    def _kill(self, step: Kill) -> None:
        pid = self._parties.nodes[step.party].kill()
        self._down.add(step.party)
        self.outage = (self._parties.clock.now(), 0)
        self._timeline.scene("scene_outage", step.at)
        self._timeline.comment("killed", pid=pid)

    def _restart(self, step: Restart) -> None:
        own = self.logs(HOST)[HOST]
        covered = (own.receipts[step.party] or (0, 0))[0]
        self._timeline.comment("meanwhile", covered=covered, size=own.size, alone=own.size - covered)
        held = self.logs(HOST)[step.party].size
        self._timeline.scene("scene_catch_up", step.at)
        self.outage = (self.outage[0], self._parties.clock.now())
        node = self._parties.nodes[step.party]
        node.start()
        node.wait_ready()
        self._down.clear()
        self._timeline.comment("not_lost", size=held, own=self.logs(step.party)[step.party].size)
        self.settle()
        self._show_late_receipts(step.party)

    def _show_late_receipts(self, party: str) -> None:
        """What the host said alone, and when the party that was down had it."""
        self._parties.until(
            f"late receipts of {party}",
            lambda: all(line.received[party] is not None for line in self._said_alone()),
        )
        late = self._said_alone()
        words = self._timeline.words
        first, received = words.moment(late[0].t), words.moment(late[0].received[party] or 0)
        self._timeline.comment("caught_up", first=first, received=received)

    def _said_alone(self) -> list[HistoryLine]:
        history = self.page(HOST, AFTERNOON).history
        return [line for line in history if line.party == HOST and self.outage[0] <= line.t < self.outage[1]]

    def settle(self) -> None:
        """Wait until each node that is up has all that the others have, and each knows that they know."""
        if not self._down:
            self._parties.until("both nodes to have the same", self._is_settled)

    def rest(self) -> None:
        """Wait until neither node has anything more to say: receipts and findings follow what was said last."""
        looks: list[object] = []

        def rested() -> bool:
            looks.append({party: {log: page.size for log, page in self.logs(party).items()} for party in PARTIES})
            return self._is_settled() and looks[-_RESTED_LOOKS:].count(looks[-1]) == _RESTED_LOOKS

        self._parties.until("both nodes to rest", rested)

    def _is_settled(self) -> bool:
        logs = {party: self.logs(party) for party in PARTIES}
        return all(
            logs[party][party].size == logs[other][party].size
            and (logs[party][party].receipts[other] or (0, 0))[0] == logs[party][party].size
            for party, other in (PARTIES, PARTIES[::-1])
        )


def _path(subject: str) -> str:
    return f"/v1/movements/{subject.removeprefix('movement/')}"
