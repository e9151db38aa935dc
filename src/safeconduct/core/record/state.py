"""What the record knows about each subject: frozen values, replaced by `fold.py` and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from safeconduct.core.acts import Caveat, FieldValue, MarkContent, Plan, PressLanguage, ReleasedCount
from safeconduct.core.agreement import Evidence


class Phase(StrEnum):
    """Where a movement stands. `committed`, `drawn` and `diverted` come with the joint draw."""

    REQUESTED = "requested"
    APPROVED = "approved"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    ABORTED = "aborted"


BEFORE_DEPARTURE = (Phase.REQUESTED, Phase.APPROVED)
GAVE_UP = (Phase.REFUSED, Phase.CANCELLED, Phase.LAPSED)


class _State(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    pass


class Void(msgspec.Struct, frozen=True):
    """Why a statement that was said has no effect. code: for programs; account: for people, names no person."""

    code: str
    account: str


class Mark(_State, frozen=True, kw_only=True):
    """A statement that changed the state. after: what its author had seen, to tell acts at once from acts in turn."""

    party: str
    index: int
    id: str
    actor: str
    t: int
    after: Mapping[str, int]

    @property
    def evidence(self) -> Evidence:
        return Evidence(party=self.party, index=self.index, id=self.id, at=self.t)


class Attestation(_State, frozen=True, kw_only=True):
    """What a role said of a gate item."""

    mark: Mark
    holds: bool
    heads: int | None = None


class Exempted(_State, frozen=True, kw_only=True):
    """A gate item that a named actor took upon itself to leave open."""

    mark: Mark
    reason: str


class Filed(_State, frozen=True, kw_only=True):
    """The latest report by one form of the agreement."""

    mark: Mark
    fields: Mapping[str, FieldValue] = {}


class Contested(_State, frozen=True, kw_only=True):
    """A statement that a party does not accept. words: what each role of the ruling body said last: that it stands?"""

    party: str
    mark: Mark
    words: Mapping[str, bool] = {}


class _Reported(_State, frozen=True, kw_only=True):
    """What any subject may have. filed: the latest report by each form; contested: by the statement's id."""

    filed: Mapping[str, Filed] = {}
    contested: Mapping[str, Contested] = {}


class Glass(_State, frozen=True, kw_only=True):
    """What a party asked and got of a silent party's share.

    asked: actor → when and why. given: officer → the statement that has the piece. objected: what the silent party said
    last against it; what had been asked and given before is gone with it.
    """

    asked: Mapping[str, Asked] = {}
    given: Mapping[str, Evidence] = {}
    objected: Evidence | None = None


class Asked(_State, frozen=True, kw_only=True):
    """One actor's request to the officers."""

    evidence: Evidence
    reason: str


class Sealing(_State, frozen=True, kw_only=True):
    """One variant of a compartment as it was sealed. content: digest of the ciphertext; key: commitment to its key.

    checked: for each party whether its share fits. released: receiving party → giving party → the statement that has
    the share. opened: actor → the first opening. told: whom → by which actor → the first telling. replaced: sealed anew
    since. escrow: digest of the officers' pieces. glass: silent party → asking party → what was asked and given of its
    share. slots: digest of the slot list whose slots its words name.
    """

    mark: Mark
    compartment: str
    variant: str
    content: str
    size: int
    key: str
    checked: Mapping[str, bool] = {}
    released: Mapping[str, Mapping[str, Evidence]] = {}
    opened: Mapping[str, Evidence] = {}
    told: Mapping[str, Mapping[str, Evidence]] = {}
    replaced: bool = False
    escrow: str | None = None
    glass: Mapping[str, Mapping[str, Glass]] = {}
    slots: str | None = None


class MovementState(_Reported, frozen=True, kw_only=True, tag_field="is", tag="movement"):
    """One movement.

    plans: every plan ever asked for, by digest. approvals: for each party the digests of the plans it approved.
    attestations: item → role → latest. departed_without_consent: the first departure that was said while consent was
    missing, which has no effect and is a breach all the same; consent_was_missing: of whom. sealings: by the digest of
    their content.
    """

    subject: str
    phase: Phase
    agreement: str
    plan: Plan
    plan_digest: str
    plans: Mapping[str, Plan]
    requested: Mark
    approvals: Mapping[str, tuple[str, ...]] = {}
    approval_marks: tuple[Mark, ...] = ()
    acknowledged: Mapping[str, Mark] = {}
    relayed: Mapping[str, Mark] = {}
    attestations: Mapping[str, Mapping[str, Attestation]] = {}
    exemptions: Mapping[str, Exempted] = {}
    departed: Mark | None = None
    departed_without_consent: Mark | None = None
    consent_was_missing: tuple[str, ...] = ()
    check_ins: tuple[Mark, ...] = ()
    position_e7: tuple[int, int] | None = None
    ended: Mark | None = None
    closed: Mark | None = None
    stopped: Mark | None = None
    reason: str | None = None
    sealings: Mapping[str, Sealing] = {}


class Registration(_State, frozen=True, kw_only=True):
    """A site, a group or a person as its party registered it last. body: canonical JSON of the act of that kind."""

    party: str
    kind: str
    body: msgspec.Raw


class DossierSealing(_State, frozen=True, kw_only=True):
    """A dossier as nodes keep it. dossier: its commitment; content: digest of the ciphertext. until: ms.

    holders: parties whose nodes can open it. opened: actor → the first opening.
    """

    mark: Mark
    dossier: str
    content: str
    until: int
    holders: tuple[str, ...]
    opened: Mapping[str, Evidence] = {}


class RegisterState(_Reported, frozen=True, kw_only=True, tag_field="is", tag="register"):
    """A site, a group or a person that was registered; or a post, a meeting… that is only reported on.

    dossiers: of a person, by the digest of their ciphertext.
    """

    subject: str
    registered: Registration | None = None
    dossiers: Mapping[str, DossierSealing] = {}


class LogState(_State, frozen=True, kw_only=True, tag_field="is", tag="log"):
    """What the other parties say they hold of a party's log: party → (size, root)."""

    subject: str
    received: Mapping[str, tuple[int, str]]


class IncidentState(_Reported, frozen=True, kw_only=True, tag_field="is", tag="incident"):
    """An incident and who reported it."""

    subject: str
    about: str
    category: str
    account: str
    evidence: str | None
    raised: tuple[Mark, ...]


class FindingsState(_State, frozen=True, kw_only=True, tag_field="is", tag="findings"):
    """What a party's node stated last about its findings. after: the logs' sizes that they are of."""

    subject: str
    mark: Mark
    as_of: int
    digest: str
    count: int


class SealingKeyLine(_State, frozen=True, kw_only=True):
    """A sealing key of a node. text: base64 of the public key. until: when its private part is to be destroyed, ms."""

    text: str
    until: int
    published: Evidence
    destroyed: Evidence | None = None


class SealingState(_State, frozen=True, kw_only=True, tag_field="is", tag="sealing"):
    """The keys that content is sealed to for a party's node, by key id."""

    subject: str
    keys: Mapping[str, SealingKeyLine] = {}


class Reasoned(_State, frozen=True, kw_only=True):
    """Why somebody looked. mark: by the node, where it was typed into a page."""

    mark: Mark
    reason: str


class AccessState(_State, frozen=True, kw_only=True, tag_field="is", tag="access"):
    """The reasons that an actor gave for looking, the latest for each: what and about, such as `knew movement/m1`."""

    subject: str
    reasons: Mapping[str, Reasoned] = {}


class Committed(_State, frozen=True, kw_only=True):
    """A hand's commitment to its seed, the recipients and the slot list."""

    mark: Mark
    commitment: str


class Delivered(_State, frozen=True, kw_only=True):
    """A hand's halves for all recipients: digest and size of the blob."""

    mark: Mark
    halves: str
    size: int


class Received(_State, frozen=True, kw_only=True):
    """A recipient's salted receipt for its copy of one content."""

    mark: Mark
    receipt: str


class Unfit(_State, frozen=True, kw_only=True):
    """A half that a recipient refused. content: of which it wanted the copy."""

    mark: Mark
    content: str
    reason: str


class LeakedText(_State, frozen=True, kw_only=True):
    """A text that may come from this order. leak: the investigation. evidence: its digest. found_at: ms."""

    mark: Mark
    leak: str
    evidence: str
    found_at: int
    found_by: str


class SeedLine(_State, frozen=True, kw_only=True):
    """An opened seed, which fits its commitment.

    evidence: digests of the texts that were on record, and asked about by every party, before it. asked_at: when the
    last of the parties that had to ask had asked, ms. seed, salt: base64.
    """

    mark: Mark
    seed: str
    salt: str
    evidence: tuple[str, ...]
    asked_at: int


class CopiesState(_State, frozen=True, kw_only=True, tag_field="is", tag="copies"):
    """The copies of one order, and what was found of them.

    slots, recipients: those of the first commitment; empty before it. committed, delivered, opened: by party. received:
    recipient → content → its receipt. refused: recipient → party → the half that did not fit. asked: what the panel
    said, oldest first. spoiled: parties that said their seed before it was to be opened. stated: actor → digest of the
    result.
    """

    subject: str
    slots: str = ""
    recipients: tuple[str, ...] = ()
    committed: Mapping[str, Committed] = {}
    delivered: Mapping[str, Delivered] = {}
    received: Mapping[str, Mapping[str, Received]] = {}
    refused: Mapping[str, Mapping[str, Unfit]] = {}
    texts: tuple[LeakedText, ...] = ()
    asked: tuple[Mark, ...] = ()
    opened: Mapping[str, SeedLine] = {}
    spoiled: Mapping[str, Mark] = {}
    stated: Mapping[str, str] = {}


class AgreedMark(_State, frozen=True, kw_only=True):
    """Another party's consent to a sealed mark. roles: that its actor held."""

    mark: Mark
    roles: tuple[str, ...]


class MarkState(_State, frozen=True, kw_only=True, tag_field="is", tag="mark"):
    """A sealed mark: something is hidden from somebody, or is a decoy.

    agreement: by which it is judged. roles: of its author. until: ms. key: commitment to the key of its box (base64).
    checked: for each party whether its node keeps to it. agreed: by party. opened: the review. content: what it says
    once it is open; None then too if its author sealed what no mark says.
    """

    subject: str
    agreement: str
    sealed: Mark
    roles: tuple[str, ...]
    until: int
    key: str
    box: str
    checked: Mapping[str, bool] = {}
    agreed: Mapping[str, AgreedMark] = {}
    opened: Mark | None = None
    content: MarkContent | None = None


class Onward(_State, frozen=True, kw_only=True):
    """One request to pass an item on. passed: the statement that used the consent."""

    asked: Evidence
    reason: str
    allowed: Evidence | None = None
    refused: Evidence | None = None
    passed: Mark | None = None


class Passed(_State, frozen=True, kw_only=True):
    """Somebody to whom an item was passed on. withdrawn: by a refusal that knew nothing of it."""

    by: str
    evidence: Evidence
    withdrawn: bool = False


class Derived(_State, frozen=True, kw_only=True):
    """An item that was made from this one, as it was said here. made: digest of its ciphertext."""

    mark: Mark
    made: str
    caveat: Caveat
    recipients: tuple[str, ...]


class Recalled(_State, frozen=True, kw_only=True):
    """An item was taken back. acknowledge_by: ms."""

    mark: Mark
    reason: str
    acknowledge_by: int


class ItemState(_State, frozen=True, kw_only=True, tag_field="is", tag="item"):
    """Information that was shared under terms.

    keyed: party → the statement that has the content key for its node. opened: actor → the first opening. onward: asker
    → to whom → the request. passed: to whom. derived: by the derived item's id. destroyed: party → what its node said;
    acknowledged: actor → what it said.
    """

    subject: str
    agreement: str
    shared: Mark
    caveat: Caveat
    recipients: tuple[str, ...]
    until: int
    kept_until: int
    content: str
    size: int
    derived_from: tuple[str, ...]
    keyed: Mapping[str, Evidence]
    opened: Mapping[str, Evidence] = {}
    onward: Mapping[str, Mapping[str, Onward]] = {}
    passed: Mapping[str, Passed] = {}
    derived: Mapping[str, Derived] = {}
    recalled: Recalled | None = None
    destroyed: Mapping[str, Evidence] = {}
    acknowledged: Mapping[str, Evidence] = {}


class ReleaseState(_State, frozen=True, kw_only=True, tag_field="is", tag="release"):
    """What is to be given out jointly.

    digest: of the proposal's body. awaited: the other parties, sorted. signed: party → its signature. complete: the
    signature that was the last one needed.
    """

    subject: str
    proposed: Mark
    texts: Mapping[PressLanguage, str]
    counts: tuple[ReleasedCount, ...]
    digest: str
    awaited: tuple[str, ...]
    signed: Mapping[str, Mark] = {}
    complete: Mark | None = None
    refused: Mark | None = None
    withdrawn: Mark | None = None
    reason: str | None = None


State = (
    AccessState
    | CopiesState
    | MarkState
    | ItemState
    | ReleaseState
    | SealingState
    | FindingsState
    | MovementState
    | RegisterState
    | LogState
    | IncidentState
)
