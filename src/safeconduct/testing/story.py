"""Histories of a record without nodes, signatures or disks: what rules are tested on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from safeconduct.core.acts import (
    Act,
    ActorEnrolled,
    AgreementProposed,
    AgreementSigned,
    Escort,
    MovementApproved,
    MovementAttested,
    MovementDeparted,
    MovementRequested,
    People,
    Plan,
    Route,
    Timing,
    UnknownAct,
    kind_of,
)
from safeconduct.core.agreement import Terms
from safeconduct.core.record import Anchor, Folded, Law, Position, Said, fold, fold_law, is_law, tick
from safeconduct.core.statement import digest
from safeconduct.testing.federation import START, card_of, key, keys_of, small_terms

MINUTE = 60_000
HOUR = 60 * MINUTE
MOVEMENT = "movement/m1"


def small_plan(**changed: object) -> Plan:
    """A plan whose window opens 30 hours after the start; parts are changed by name, e.g. people=People(…)."""
    parts: dict[str, object] = {
        "route": Route(origin="airport", destination="port", districts=("malir",)),
        "timing": Timing(earliest=START + 30 * HOUR, latest=START + 32 * HOUR, review_by=START + 29 * HOUR),
        "people": People(group="engineers", count=12),
        "escort": Escort(carrying_vehicles=2, protection_level="b6", escort_vehicles=3),
        "purpose": "shift change",
    }
    return Plan(**{**parts, **changed})  # type: ignore[arg-type]  # tests change single parts


class Story:
    """Says things in turn. By default each author has seen all that was said before; `after` says otherwise."""

    def __init__(self, terms: Terms | None = None, *, agreed: bool = True) -> None:
        cards = {party: card_of(party) for party in ("host", "sending")}
        self.terms = terms if terms is not None else small_terms(cards.values())
        self.texts = {self.terms.digest: self.terms}
        self.anchors = {party: Anchor.of(card) for party, card in cards.items()}
        self.saids: list[Said] = []
        self._places: dict[str, list[tuple[int, int]]] = {party: [] for party in cards}
        if agreed:
            self.agree()

    def agree(self) -> None:
        """Enrol one actor for each role and bring the agreement into force, at the start."""
        for role in self.terms.roles:
            act = ActorEnrolled(key=key(f"{role.party}/{role.id}").public.text, roles=(role.id,))
            self.say(f"{role.party}/authority", act, subject=f"actor/{role.party}/{role.id}")
        self.say("host/authority", AgreementProposed(digest=self.terms.digest, size=1), subject="agreement")
        self.say("sending/authority", AgreementSigned(digest=self.terms.digest), subject="agreement")

    def after(self) -> Mapping[str, int]:
        """What somebody who has seen everything so far names as causes."""
        return {party: len(places) for party, places in self._places.items() if places}

    def say(
        self,
        actor: str,
        act: Act | UnknownAct,
        *,
        at: int = START,
        subject: str = MOVEMENT,
        after: Mapping[str, int] | None = None,
        agreement: str | None = None,
        signers: tuple[str, ...] | None = None,
    ) -> Said:
        """Add a statement to the log of the actor's party."""
        party = actor.split("/", 1)[0]
        causes = dict(self.after() if after is None else after)
        latest = [max(self._places[p][:size]) for p, size in causes.items() if size]
        t, n = tick(at, latest)
        index = len(self._places[party])
        self._places[party].append((t, n))
        node = keys_of(party).node.public.key_id
        by = (node,) if actor.endswith("/node") else tuple(sorted((key(actor).public.key_id, node)))
        said = Said(
            position=Position(t, n, party, index),
            id=hashlib.sha256(f"{party}/{index}".encode()).hexdigest(),
            kind=act.kind if isinstance(act, UnknownAct) else kind_of(act),
            subject=subject,
            actor=actor,
            agreement=self.terms.digest if agreement is None else agreement,
            at=at,
            after=causes,
            signers=by if signers is None else signers,
            act=act,  # type: ignore[arg-type]  # acts of the catalogue
        )
        self.saids.append(said)
        return said

    def law(self) -> Law:
        """The law as everything said so far makes it."""
        law = Law(self.anchors, self.texts)
        fold_law(law, [said for said in self.in_order() if is_law(said.subject)])
        return law

    def in_order(self) -> list[Said]:
        return sorted(self.saids, key=lambda said: said.position)

    def about(self, subject: str = MOVEMENT) -> list[Said]:
        """What was said of a subject, in order of the record."""
        return [said for said in self.in_order() if said.subject == subject]

    def folded(self, subject: str = MOVEMENT) -> Folded:
        """A subject as the record shows it."""
        return fold(self.law(), self.about(subject))

    def why_void(self, said: Said) -> str | None:
        """The code of the reason why a statement has no effect, None if it has."""
        if is_law(said.subject):
            law = Law(self.anchors, self.texts)
            lines = fold_law(law, [s for s in self.in_order() if is_law(s.subject)])
        else:
            lines = self.folded(said.subject).lines
        void = next(line.void for line in lines if line.said.position == said.position)
        return void.code if void is not None else None

    # --- the usual way of a movement ----------------------------------------------------------------------------------

    def request(self, plan: Plan | None = None, *, at: int = START) -> Plan:
        asked = plan if plan is not None else small_plan()
        self.say("sending/journey_manager", MovementRequested(plan=asked), at=at)
        return asked

    def approve(self, plan: Plan, *, at: int = START) -> None:
        """Both parties consent."""
        for actor in ("host/duty_officer", "sending/approver"):
            self.say(actor, MovementApproved(plan=digest(plan)), at=at)

    def close_gate(self, *, at: int, heads: int = 12) -> None:
        """Every item that roles attest."""
        self.say("host/escort_lead", MovementAttested(item="heads", holds=True, heads=heads), at=at)
        self.say("sending/journey_manager", MovementAttested(item="heads", holds=True, heads=heads), at=at)
        self.say("host/escort_lead", MovementAttested(item="radio", holds=True), at=at)
        self.say("host/duty_officer", MovementAttested(item="sweep", holds=True), at=at)

    def depart(self, *, at: int, after: Mapping[str, int] | None = None) -> Said:
        return self.say("host/escort_lead", MovementDeparted(heads=12), at=at, after=after)

    def under_way(self) -> Said:
        """A movement asked for, approved, ready, and departed at the opening of its window."""
        plan = self.request()
        self.approve(plan, at=START + HOUR)
        self.close_gate(at=plan.timing.earliest)
        return self.depart(at=plan.timing.earliest)
