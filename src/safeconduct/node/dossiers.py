"""Dossiers of protected people at the node: keep one, show one, and say what is held about a person."""

from __future__ import annotations

import msgspec

from safeconduct.core.acts import PersonOpened, PersonRegistered, PersonSealed
from safeconduct.core.disclosure import (
    open_copy,
    open_dossier,
    require_ciphertext,
)
from safeconduct.core.record import DossierSealing, RegisterState
from safeconduct.errors import InputInvalid, NotAllowed, NotFound, Unavailable
from safeconduct.node.access import Viewer
from safeconduct.node.append import Accepted, submit
from safeconduct.node.commands import read_offer, require_size
from safeconduct.node.custody import dossier_ciphertext, first_lasting, key_lines
from safeconduct.node.forgetting import forgotten_dossier
from safeconduct.node.node import Node
from safeconduct.node.queries import HistoryLine, history
from safeconduct.node.sight import Sight, require_leave


class OpenedDossier(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that was opened, and the statement that says so. data: its canonical JSON; salt: of its commitment."""

    statement: Accepted
    dossier: str
    data: bytes
    salt: bytes


class DossierOpening(msgspec.Struct, frozen=True, kw_only=True):
    """Who opened a dossier, when (ms), and what for."""

    actor: str
    at: int
    reason: str


class DossierView(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed dossier as the record has it; never what it says.

    dossier: its commitment. content: digest of the ciphertext. sealed_at, until: ms. kept_by: parties. destroyed_at:
    when the last of the keys is to be destroyed, ms. forgotten: it was, and nothing opens the dossier any more.
    """

    dossier: str
    content: str
    sealed_by: str
    sealed_at: int
    until: int
    kept_by: tuple[str, ...]
    destroyed_at: int
    forgotten: bool
    openings: tuple[DossierOpening, ...]


class PersonPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the record holds about one person. as_of: ms. history: every statement about the person."""

    subject: str
    party: str
    group: str
    dossier: str
    as_of: int
    dossiers: tuple[DossierView, ...]
    history: tuple[HistoryLine, ...]


async def keep_dossier(node: Node, envelope: bytes, sealed: bytes) -> Accepted:
    """Keep a dossier's ciphertext and log the statement that names it, signed by an actor of this party.

    Raises CheckFailed for another ciphertext, or a copy of the key that does not fit, InputInvalid for a key that is
    not the first that lasts, LimitExceeded for too much, else as `commands.say`.
    """
    signed, act = read_offer(node, envelope)
    if not isinstance(act, PersonSealed):
        raise InputInvalid(f"expected a statement person.sealed, got {signed.statement.kind}")
    require_size(sealed)
    require_ciphertext(act, sealed)
    require_leave(node, signed, act)
    for copy in act.copies:
        # INVARIANT (no-longer): a key that lasts longer than the first that lasts would keep the dossier longer.
        lasting = first_lasting(node, copy.party, act.until)
        if lasting is None or lasting is not key_lines(node, copy.party).get(copy.to):
            raise InputInvalid(f"expected the first sealing key of {copy.party} that lasts until then, got another")
    _own_key(node, act, signed.statement.subject)
    node.vault.keep(act.content, sealed)
    return await submit(node, signed, act)


async def show_dossier(node: Node, viewer: Viewer, envelope: bytes) -> OpenedDossier:
    """Log that an actor of this party opens a dossier, and only then give it what it says.

    viewer: who asks. Raises Refused after its time, or for an actor whom it does not open for; NotAllowed for somebody
    else's statement; Unavailable while the ciphertext is on no node; NotFound once it is forgotten.
    """
    signed, act = read_offer(node, envelope)
    if signed.statement.actor != viewer.actor:
        raise NotAllowed("a dossier is shown to the actor who signed its opening, got another")
    if not isinstance(act, PersonOpened):
        raise InputInvalid(f"expected a statement person.opened, got {signed.statement.kind}")
    if not Sight(node, viewer).reads_person(signed.statement.subject):
        raise _nobody(signed.statement.subject)
    # INVARIANT (asked-first): nothing is opened before the record has said yes.
    require_leave(node, signed, act)
    subject = signed.statement.subject
    sealing = _state(node, subject).dossiers[act.content]
    said = _sealed_act(node, sealing)
    held = open_dossier(said, subject, await dossier_ciphertext(node, sealing), _own_key(node, said, subject))
    accepted = await submit(node, signed, act)
    return OpenedDossier(statement=accepted, dossier=said.dossier, data=held.data, salt=held.salt)


def person(node: Node, viewer: Viewer, subject: str) -> PersonPage:
    """Everything that the record holds about one person.

    Raises NotFound for who is not there, and in the same words for whoever may not know (SEAL-88).
    """
    state = node.memory.state(subject)
    registered = state.registered if isinstance(state, RegisterState) else None
    if not isinstance(state, RegisterState) or registered is None or registered.kind != "person.registered":
        raise _nobody(subject)
    if not Sight(node, viewer).reads_person(subject):
        raise _nobody(subject)
    said = history(node, viewer, subject)
    body = msgspec.json.decode(registered.body, type=PersonRegistered)
    return PersonPage(
        subject=subject,
        party=registered.party,
        group=body.group,
        dossier=body.dossier,
        as_of=node.clock.now(),
        dossiers=tuple(_view(node, sealing, said) for sealing in state.dossiers.values()),
        history=said,
    )


def _view(node: Node, sealing: DossierSealing, said: tuple[HistoryLine, ...]) -> DossierView:
    act = _sealed_act(node, sealing)
    ends = [key_lines(node, copy.party)[copy.to].until for copy in act.copies if copy.to in key_lines(node, copy.party)]
    openings = []
    for line in said:
        if line.kind == "person.opened" and not line.void:
            opened = msgspec.json.decode(line.body, type=PersonOpened)
            if opened.content == sealing.content:
                openings.append(DossierOpening(actor=line.actor, at=line.t, reason=opened.reason))
    return DossierView(
        dossier=sealing.dossier,
        content=sealing.content,
        sealed_by=sealing.mark.actor,
        sealed_at=sealing.mark.t,
        until=sealing.until,
        kept_by=sealing.holders,
        destroyed_at=max(ends, default=sealing.until),
        forgotten=forgotten_dossier(node.memory, sealing),
        openings=tuple(openings),
    )


def _own_key(node: Node, act: PersonSealed, subject: str) -> bytes:
    copy = next((copy for copy in act.copies if copy.party == node.party), None)
    key = node.vault.key(copy.to) if copy is not None else None
    if key is None:
        raise Unavailable(f"no sealing key of {node.party} opens {act.content[:16]}: destroyed, or never was")
    return open_copy(act, subject, node.party, key)


def _state(node: Node, subject: str) -> RegisterState:
    state = node.memory.state(subject)
    if not isinstance(state, RegisterState):
        raise _nobody(subject)
    return state


def _sealed_act(node: Node, sealing: DossierSealing) -> PersonSealed:
    return node.memory.act(sealing.mark.id, PersonSealed)


def _nobody(subject: str) -> NotFound:
    return NotFound(f"no person {subject.partition('/')[2][:64]!r} here")
