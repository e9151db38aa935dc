"""Every sentence that can be said on the record: kind → type, who says it, what it is about.

A newcomer's first file. The command line, the API, the console's history and the table in docs/spec/acts.md come
from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from safeconduct.core.acts.logbook import IncidentRaised, LogbookAct, RecordReceived
from safeconduct.core.acts.membership import ActorEnrolled, ActorRevoked, MembershipAct
from safeconduct.core.acts.movement import (
    MovementAborted,
    MovementAcknowledged,
    MovementAct,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementExcepted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
)
from safeconduct.core.acts.register import GroupRegistered, PersonRegistered, RegisterAct, SiteRegistered
from safeconduct.core.acts.terms import AgreementProposed, AgreementSigned, TermsAct
from safeconduct.core.acts.words import Act
from safeconduct.core.statement import encode, require_canonical
from safeconduct.errors import EntryInvalid

KnownAct = TermsAct | MembershipAct | RegisterAct | LogbookAct | MovementAct


class UnknownAct(msgspec.Struct, frozen=True):
    """An act of a later version: carried and shown, never dropped, never acted on."""

    kind: str
    body: bytes


class Speaker(StrEnum):
    """Who may say a kind of act."""

    AUTHORITY = "authority"  # the holder of the party's root key
    NODE = "node"  # the party's server, with its own key alone
    ROLE = "role"  # an enrolled actor whose role the agreement lets say it


class Entry(msgspec.Struct, frozen=True):
    """One row of the catalogue. follows: kinds of which one must have taken effect on the same subject before."""

    kind: str
    body: type[Act]
    subject: str
    speaker: Speaker
    follows: tuple[str, ...]
    title: Mapping[str, str]


def _entry(
    kind: str, body: type[Act], subject: str, speaker: Speaker, follows: tuple[str, ...], *titles: str
) -> tuple[str, Entry]:
    return kind, Entry(kind, body, subject, speaker, follows, dict(zip(("en", "zh", "ur"), titles, strict=True)))


_ROLE, _NODE, _AUTHORITY = Speaker.ROLE, Speaker.NODE, Speaker.AUTHORITY
_ASKED = ("movement.requested",)
_GONE = ("movement.departed",)

CATALOGUE: Mapping[str, Entry] = dict(
    [
        _entry("agreement.proposed", AgreementProposed, "agreement", _AUTHORITY, (), "agreement proposed", "提出协议", "معاہدہ تجویز ہوا"),
        _entry("agreement.signed", AgreementSigned, "agreement", _AUTHORITY, ("agreement.proposed",), "agreement signed", "签署协议", "معاہدے پر دستخط ہوئے"),
        _entry("actor.enrolled", ActorEnrolled, "actor", _AUTHORITY, (), "actor enrolled", "人员登记", "اہلکار کا اندراج ہوا"),
        _entry("actor.revoked", ActorRevoked, "actor", _AUTHORITY, ("actor.enrolled",), "actor revoked", "人员撤销", "اہلکار کا اختیار ختم ہوا"),
        _entry("site.registered", SiteRegistered, "site", _ROLE, (), "site registered", "地点登记", "مقام کا اندراج ہوا"),
        _entry("group.registered", GroupRegistered, "group", _ROLE, (), "group registered", "团组登记", "گروہ کا اندراج ہوا"),
        _entry("person.registered", PersonRegistered, "person", _ROLE, (), "person registered", "人员备案", "فرد کا اندراج ہوا"),
        _entry("record.received", RecordReceived, "log", _NODE, (), "record received", "记录已收到", "ریکارڈ موصول ہوا"),
        _entry("incident.raised", IncidentRaised, "incident", _NODE, (), "incident raised", "事件上报", "واقعہ درج ہوا"),
        _entry("movement.requested", MovementRequested, "movement", _ROLE, (), "movement requested", "申请出行", "نقل و حرکت کی درخواست"),
        _entry("movement.changed", MovementChanged, "movement", _ROLE, _ASKED, "plan changed", "计划变更", "منصوبہ تبدیل ہوا"),
        _entry("movement.acknowledged", MovementAcknowledged, "movement", _ROLE, _ASKED, "notice acknowledged", "通知已知悉", "اطلاع ملنے کی تصدیق"),
        _entry("movement.relayed", MovementRelayed, "movement", _ROLE, _ASKED, "notice relayed", "通知已转达", "اطلاع آگے پہنچائی گئی"),
        _entry("movement.approved", MovementApproved, "movement", _ROLE, _ASKED, "approved", "已批准", "منظوری دی گئی"),
        _entry("movement.refused", MovementRefused, "movement", _ROLE, _ASKED, "refused", "已拒绝", "انکار کیا گیا"),
        _entry("movement.cancelled", MovementCancelled, "movement", _ROLE, _ASKED, "cancelled", "已取消", "منسوخ کیا گیا"),
        _entry("movement.attested", MovementAttested, "movement", _ROLE, _ASKED, "gate item attested", "放行项已确认", "روانگی کی شرط کی تصدیق"),
        _entry("movement.excepted", MovementExcepted, "movement", _ROLE, _ASKED, "exception signed", "例外签署", "استثنا پر دستخط"),
        _entry("movement.departed", MovementDeparted, "movement", _ROLE, ("movement.approved",), "departed", "已出发", "روانہ ہوئے"),
        _entry("movement.checked_in", MovementCheckedIn, "movement", _ROLE, _GONE, "checked in", "途中报到", "راستے سے اطلاع"),
        _entry("movement.arrived", MovementArrived, "movement", _ROLE, _GONE, "arrived", "已到达", "پہنچ گئے"),
        _entry("movement.aborted", MovementAborted, "movement", _ROLE, _GONE, "aborted", "已中止", "سفر روک دیا گیا"),
        _entry("movement.closed", MovementClosed, "movement", _ROLE, _ASKED, "closed", "已结案", "بند کیا گیا"),
    ]
)  # fmt: skip

_KIND_OF: Mapping[type, str] = {entry.body: kind for kind, entry in CATALOGUE.items()}
_DECODERS = {kind: msgspec.json.Decoder(entry.body) for kind, entry in CATALOGUE.items()}


def kind_of(act: Act) -> str:
    """The kind under which an act is said."""
    return _KIND_OF[type(act)]


def read_act(kind: str, body: bytes) -> KnownAct | UnknownAct:
    """The act in a statement's body.

    Raises EntryInvalid when the kind is known and the body is not its one canonical encoding, and CanonicalInvalid
    when the kind is unknown and the body is outside the canonical profile.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        require_canonical(body)
        return UnknownAct(kind, body)
    try:
        act = decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise EntryInvalid(f"{kind}: {error}") from None
    if encode(act) != body:
        raise EntryInvalid(f"{kind}: expected the one canonical encoding of the body, got another")
    return act  # type: ignore[return-value]  # the table maps each kind to a member of the union
