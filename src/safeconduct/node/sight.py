"""What one of our own people is shown: every screen, file, count and refusal passes here, or says why it need not.

INVARIANT (one-sight): whatever a query gives to somebody was asked of a `Sight` of theirs, which knows their roles, the
releases of these and the hour. What is not known here is not shown. docs/spec/sight.md. Peers' nodes are no people:
they get everything (docs/spec/wire.md), because they judge by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

import msgspec

from safeconduct.core.acts import (
    ANY_SUBJECT,
    CATALOGUE,
    FORM_SUBJECTS,
    AccessAct,
    ActorEnrolled,
    ActorRevoked,
    AgreementProposed,
    AgreementSigned,
    CompartmentOpened,
    CompartmentSealed,
    CompartmentTold,
    CopiesAct,
    DutyWaived,
    FactContested,
    FactRuled,
    FindingExplained,
    FormFiled,
    GlassAsked,
    GlassGiven,
    GlassObjected,
    GroupRegistered,
    IncidentRaised,
    KnownAct,
    MovementAct,
    PersonOpened,
    PersonRegistered,
    PersonSealed,
    RelationStepped,
    SealingKeyDestroyed,
    SealingKeyPublished,
    SiteRegistered,
    UnknownAct,
)
from safeconduct.core.agreement import Evidence, Finding, InformationTerms, Terms
from safeconduct.core.disclosure import (
    NOTHING,
    Beholder,
    ItemSight,
    OfCopies,
    Seen,
    beholder,
    clause_is_shown,
    looks_at_sealed,
    may_read_person,
    may_see,
    opens_for_you,
    released_to,
    seen,
    sight_of,
)
from safeconduct.core.record import (
    CopiesState,
    ItemState,
    MovementState,
    RegisterState,
    ReleaseState,
    Said,
    State,
    Void,
    judge,
    order_of,
    originator,
    standing_of,
    terms_of,
)
from safeconduct.core.statement import Signed
from safeconduct.errors import NotAllowed, NotFound, Refused
from safeconduct.node.access import Viewer
from safeconduct.node.append import weigh_own
from safeconduct.node.custody import movement_state
from safeconduct.node.marks import hidden_subjects
from safeconduct.node.memory import first_receipt
from safeconduct.node.node import Node
from safeconduct.node.ports import Row

# Why somebody looks, which names what is looked at.
_LOOKING = frozenset(kind for kind, entry in CATALOGUE.items() if entry.body in get_args(AccessAct))

# They name what was sealed, or what a finding that is not for everybody hangs on.
_INCIDENTS_OF_AUDITORS = ("glass", "judgement", "opening")

# Like `findings.stated` for auditors: what it tells, and how often it is said, follows everything that was said, hidden
# things too.
_RECEIPT = "record.received"
# A receipt follows within a second; a node that says more than so many hidden things before it has not had the entry.
_LOOKED_THROUGH_MAX = 500

# Shown to everybody, of subjects of their own kind. Sealing keys are published whether or not anything is sealed, and
# whoever seals checks who published them.
_OPEN_ACTS = (
    *get_args(MovementAct),
    SiteRegistered,
    GroupRegistered,
    PersonRegistered,
    AgreementProposed,
    AgreementSigned,
    ActorEnrolled,
    ActorRevoked,
    RelationStepped,
    SealingKeyPublished,
    SealingKeyDestroyed,
)
_BY_KIND = frozenset(kind for kind, entry in CATALOGUE.items() if entry.body in _OPEN_ACTS)
# By the digest of the text, so that what stands here is the same for ever; a party has a handful of texts.
_CLAUSES: dict[str, Mapping[str, bool]] = {}

# Kinds that tell of what is sealed; whether they have effect is told to those alone who may know of it.
OF_SEALED = (
    CompartmentSealed,
    CompartmentOpened,
    CompartmentTold,
    GlassAsked,
    GlassGiven,
    GlassObjected,
    # Copies are made of what is sealed, and of nothing else.
    *get_args(CopiesAct),
)


class Sight:
    """What one viewer is shown of this node's record now. Made for one answer, and not kept."""

    def __init__(self, node: Node, viewer: Viewer) -> None:
        self._node, self._viewer = node, viewer
        self._now = node.clock.now()
        self._hidden = hidden_subjects(node, viewer)
        self.who: Beholder = beholder(node.terms(), node.party, viewer.actor, viewer.roles)
        self._sealings: dict[str, Mapping[str, Seen]] = {}
        self._clauses: dict[tuple[str, str, str], bool] = {}
        self._evidence: dict[tuple[str, int], bool] = {}
        self._persons: dict[str, bool] = {}

    @property
    def sees_all(self) -> bool:
        return self.who.sees_all

    # --- subjects and statements --------------------------------------------------------------------------------------

    def is_hidden(self, subject: str) -> bool:
        """Whether the subject is one of those of which nothing is shown."""
        return subject in self._hidden

    @property
    def hidden(self) -> frozenset[str]:
        """The subjects of which nothing is shown, movements that are not counted either."""
        return self._hidden

    def lists(self, subject: str) -> bool:
        """Whether a subject has its place in a list of subjects."""
        if self.is_hidden(subject) or self.sees_all:
            return not self.is_hidden(subject)
        family = subject.split("/", 1)[0]
        return family in FORM_SUBJECTS and (family != "incident" or self.shows_subject(subject))

    def movement(self, subject: str) -> MovementState:
        """The movement of that subject. Raises NotFound, in the same words whether it is hidden or not there."""
        state = movement_state(self._node, subject)
        if self.is_hidden(subject):
            raise NotFound(f"no movement {subject[:80]!r} here")
        return state

    def shows_subject(self, subject: str) -> bool:
        """Whether anything at all that was said of a subject is shown."""
        if self.is_hidden(subject):
            return False
        return any(self.shows(row) for row in self._node.store.about(subject))

    def shows(self, row: Row) -> bool:
        """Whether a stored entry is shown as it is."""
        if self.is_hidden(row.subject):
            return False
        if self.sees_all:
            # Nearly everything is decided without being read.
            may_name = bool(self._hidden) and row.kind in _LOOKING
            return not (may_name and self._names_hidden(self._node.memory.said(row)))
        # Anybody's bytes can be in an entry that is void, and nobody has judged them.
        if not row.id or row.void:
            return False
        # What is decided by its kind alone need not be read: a list of findings cites thousands.
        family = row.subject.split("/", 1)[0]
        if row.kind in _BY_KIND and family == CATALOGUE[row.kind].subject:
            return True
        return self.shows_said(self._node.memory.said(row))

    def shows_said(self, said: Said) -> bool:
        """Whether a statement is shown. By default it is not."""
        if self.is_hidden(said.subject):
            return False
        if self.sees_all:
            return not self._names_hidden(said)
        if isinstance(said.act, UnknownAct) or not _is_of_its_family(said):
            return False
        if said.actor == self.who.actor and said.party == self.who.party:
            return True
        return self._shows_act(said.subject, said.act)

    def _names_hidden(self, said: Said) -> bool:
        """Whether somebody else says why what is hidden from this viewer is looked at."""
        if not isinstance(said.act, AccessAct) or said.actor == self.who.actor:
            return False
        return not self._hidden.isdisjoint(said.act.about)

    def _shows_act(self, subject: str, act: KnownAct) -> bool:
        if isinstance(act, _OPEN_ACTS):
            return True
        match act:
            case PersonSealed() | PersonOpened():
                return self.reads_person(subject)
            case FormFiled():
                return True
            case IncidentRaised(category=category):
                return category not in _INCIDENTS_OF_AUDITORS
            case FactContested(statement=statement) | FactRuled(statement=statement):
                return self.shows_id(statement)
            case DutyWaived(clause=clause) | FindingExplained(clause=clause):
                return self.shows_clause(subject, self._agreement(subject), clause)
            case CompartmentTold(to=to):
                return to == self.who.actor
            case GlassAsked(content=content) | GlassGiven(content=content) | GlassObjected(content=content):
                return self.sealings(subject).get(content, NOTHING).glass
            case _:
                return False

    def shows_id(self, statement_id: str) -> bool:
        """Whether there is a statement of that id, and it is shown."""
        row = self._node.store.find(statement_id)
        return row is not None and self.shows(row)

    def _shows_evidence(self, evidence: Evidence) -> bool:
        place = (evidence.party, evidence.index)
        known = self._evidence.get(place)
        if known is None:
            rows = self._node.store.rows(evidence.party, evidence.index, evidence.index + 1)
            known = self._evidence[place] = bool(rows) and self.shows(rows[0])
        return known

    def received_at(self, row: Row, by: str) -> int | None:
        """When a party shows that it had an entry, ms: by its first word that the viewer is shown, or its receipt.

        A hidden word may come a moment before the receipt that would have come anyway, and is passed over.
        """
        first = first_receipt(self._node.store, row.party, row.index, by)
        if first is None or self.sees_all:
            return first.at if first is not None else None
        start, width = first.index, 1
        while start < first.index + _LOOKED_THROUGH_MAX:
            rows = self._node.store.rows(by, start, start + width)
            for known in rows:
                if known.void or not (known.kind == _RECEIPT or self.shows(known)):
                    continue
                if self._node.memory.said(known).after.get(row.party, 0) > row.index:
                    return known.t
            if len(rows) < width:
                break
            # It is the first one nearly always.
            start, width = start + width, 64
        return None

    def reads_person(self, subject: str) -> bool:
        """Whether the viewer is shown what is held of a person (docs/spec/sealing.md SEAL-88)."""
        known = self._persons.get(subject)
        if known is None:
            known = self._persons[subject] = self._reads_person(subject)
        return known

    def _reads_person(self, subject: str) -> bool:
        state, terms = self._node.memory.state(subject), self._node.terms()
        registered = state.registered if isinstance(state, RegisterState) else None
        if not isinstance(state, RegisterState) or registered is None or self.is_hidden(subject):
            return False
        rows = self._node.store.about(subject)
        return may_read_person(
            opened_by=terms.dossiers.opened_by if terms is not None and terms.dossiers is not None else (),
            sides={registered.party, *(holder for sealing in state.dossiers.values() for holder in sealing.holders)},
            authors=[self._node.memory.said(row).actor for row in rows if row.id and not row.void],
            viewer=self._viewer.actor,
            roles=self._viewer.roles,
        )

    # --- information under a caveat, and joint releases ---------------------------------------------------------------

    def item(self, state: ItemState) -> ItemSight:
        """What the viewer is shown of an item (docs/spec/items.md ITEM-13)."""
        return sight_of(state, self.who.actor, self.who.roles, self._answering(), sees_all=self.sees_all)

    def answers_for(self, state: ItemState) -> bool:
        """Whether the viewer consents or recalls for an item: it is its party's, and the agreement names its role."""
        answering = self._answering()
        return self.who.party == originator(state) and any(role in answering for role in self.who.roles)

    def _answering(self) -> tuple[str, ...]:
        information = self._information()
        return (*information.consent, *information.recall) if information is not None else ()

    def release(self, state: ReleaseState) -> bool:
        """Whether the viewer is shown a joint release (docs/spec/items.md ITEM-41)."""
        if self.sees_all or standing_of(state) == "released" or self.who.actor == state.proposed.actor:
            return True
        information = self._information()
        deals = (*information.propose, *information.sign) if information is not None else ()
        return any(role in deals for role in self.who.roles)

    def _information(self) -> InformationTerms | None:
        terms = self._node.terms()
        return terms.information if terms is not None else None

    # --- what is sealed -----------------------------------------------------------------------------------------------

    def sealings(self, subject: str) -> Mapping[str, Seen]:
        """What the viewer may know of each content that was sealed of a movement."""
        known = self._sealings.get(subject)
        if known is None:
            state = self._node.memory.state(subject)
            known = {}
            if isinstance(state, MovementState):
                known = seen(self._terms(state), state, self.who, self._now)
            self._sealings[subject] = known
        return known

    def opens_for_you(self, state: MovementState) -> dict[str, int | None]:
        """Each compartment that is released to the viewer → from when on, by the agreement and the plan alone."""
        return opens_for_you(self._terms(state), state, self.who)

    def released(self, state: MovementState) -> tuple[str, ...]:
        """The compartments of which the viewer is due to know now whether they are sealed."""
        return released_to(self._terms(state), state, self.who, self._now)

    def _terms(self, state: MovementState) -> Terms:
        return terms_of(self._node.memory.law, state)

    # --- copies -------------------------------------------------------------------------------------------------------

    def may_see(self, what: OfCopies) -> bool:
        """Whether the viewer is shown slot lists, that there are investigations, or what they find."""
        return may_see(self._node.terms(), self.who.roles, what, sees_all=self.sees_all)

    def knows_copies(self, subject: str) -> bool:
        """Whether the viewer knows that words with slots are sealed of the order whose copies these are."""
        movement = f"movement/{order_of(subject)}"
        state = self._node.memory.state(movement)
        if self.is_hidden(movement) or not isinstance(state, MovementState):
            return False
        known = self.sealings(movement)
        return any(sealing.slots is not None and known[content].itself for content, sealing in state.sealings.items())

    # --- findings -----------------------------------------------------------------------------------------------------

    def findings(self, subject: str, found: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those of a subject's findings that are shown, without what they cite that is not."""
        if not self.lists(subject):
            return ()
        if self.sees_all:
            return tuple(found)
        return tuple(self._bare(f) for f in found if self.shows_clause(subject, f.agreement, f.clause))

    def _bare(self, finding: Finding) -> Finding:
        return msgspec.structs.replace(
            finding,
            evidence=tuple(e for e in finding.evidence if self._shows_evidence(e)),
            explained=tuple(e for e in finding.explained if self._shows_evidence(e)),
            contested=tuple(statement for statement in finding.contested if self.shows_id(statement)),
        )

    def shows_clause(self, subject: str, agreement: str, clause: str) -> bool:
        """Whether the viewer may see how a clause stands for a subject."""
        if self.sees_all:
            return True
        key = (subject, agreement, clause)
        known = self._clauses.get(key)
        if known is None:
            known = self._clauses[key] = self._clause(*key)
        return known

    def _clause(self, subject: str, agreement: str, clause: str) -> bool:
        terms = self._node.memory.texts.get(agreement)
        looks = _clauses_of(agreement, terms).get(clause) if terms is not None else None
        if terms is None or looks is None:
            return False
        if not looks:
            return True
        found = next(c for c in terms.clauses if c.id == clause)
        state = self._node.memory.state(subject) if subject.startswith("movement/") else None
        return clause_is_shown(terms, found, state if isinstance(state, MovementState) else None, self.who, self._now)

    def _agreement(self, subject: str) -> str:
        state = self._node.memory.state(subject)
        in_force = self._node.memory.law.in_force() or ""
        return state.agreement if isinstance(state, MovementState) else in_force

    # --- files and lists that cannot be had in part -------------------------------------------------------------------

    def require_all(self, what: str) -> None:
        """Raise NotAllowed unless the viewer is shown everything. what: names it, the same whatever is on record."""
        if not self.sees_all:
            raise NotAllowed(f"{what} is for the party's authority and for roles that the agreement names as auditors")


def _clauses_of(agreement: str, terms: Terms) -> Mapping[str, bool]:
    """Each clause of a text → whether it looks at what is sealed."""
    known = _CLAUSES.get(agreement)
    if known is None:
        known = _CLAUSES[agreement] = {clause.id: looks_at_sealed(clause) for clause in terms.clauses}
    return known


def sees_all(node: Node, viewer: Viewer) -> bool:
    """Whether a viewer is shown everything: so that a page can say what is left out of it."""
    return Sight(node, viewer).sees_all


def _is_of_its_family(said: Said) -> bool:
    family = said.subject.split("/", 1)[0]
    wanted = CATALOGUE[said.kind].subject
    return family in FORM_SUBJECTS if wanted == ANY_SUBJECT else family == wanted


# --- refusals ---------------------------------------------------------------------------------------------------------


def tells_of_hidden(node: Node, signed: Signed, act: KnownAct | UnknownAct) -> bool:
    """Whether a refusal of this offer could tell its author of something that he is not shown."""
    if isinstance(act, OF_SEALED):
        return True
    member = node.memory.law.member(signed.statement.actor)
    author = Viewer(signed.statement.actor, member.roles if member is not None else ())
    state = node.memory.state(signed.statement.subject)
    if isinstance(state, ItemState):
        return Sight(node, author).item(state) == "nothing"
    if isinstance(state, ReleaseState):
        return not Sight(node, author).release(state)
    return signed.statement.subject in hidden_subjects(node, author)


def refusal(node: Node, signed: Signed, act: KnownAct | UnknownAct) -> Void | None:
    """Why an offer would have no effect, in words that tell its author of nothing that he may not know of.

    None if it would take effect, or if it was logged before.
    """
    if node.store.find(signed.id) is not None:
        return None
    said, weighed = weigh_own(node, signed, act)
    member = node.memory.law.member(said.actor)
    if weighed.void is None or member is None or not tells_of_hidden(node, signed, act):
        return weighed.void
    sight = Sight(node, Viewer(said.actor, member.roles))
    state = node.memory.state(said.subject)
    # As if what the author may not know of had never been: the judge then says what it says of nothing.
    bare: State | None = None
    if isinstance(state, CopiesState) and not sight.is_hidden(said.subject):
        investigates = sight.may_see("leak") and bool(state.texts)
        bare = state if investigates or sight.knows_copies(said.subject) else None
    elif isinstance(state, MovementState) and not sight.is_hidden(said.subject):
        known = sight.sealings(said.subject)
        there = {content: sealing for content, sealing in state.sealings.items() if known[content].itself}
        bare = msgspec.structs.replace(state, sealings=there)
    # Whoever may seal a part learns, when another party has sealed it, that it must not: there is no other answer.
    return judge(node.memory.law, bare, said) or weighed.void


def require_effect(node: Node, signed: Signed, act: KnownAct | UnknownAct) -> None:
    """Raise Refused, in the words of `refusal`, for an offer that would have no effect."""
    void = refusal(node, signed, act)
    if void is not None:
        raise Refused(void.code, void.account)


def require_leave(node: Node, signed: Signed, act: KnownAct | UnknownAct) -> None:
    """As `require_effect`, also for what was logged before.

    For what is shown for a statement: a word that was said before it, and came later, may have undone it since.
    """
    require_effect(node, signed, act)
    void = weigh_own(node, signed, act)[1].void
    if void is not None:
        raise Refused(void.code, void.account)
