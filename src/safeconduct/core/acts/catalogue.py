"""Every sentence that can be said on the record: kind → type, who says it, what it is about.

A newcomer's first file. The command line, the API, the console's history and the table in docs/spec/acts.md come
from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from safeconduct.core.acts.access import AccessAct, AccessNoted, AccessReasoned
from safeconduct.core.acts.compartment import (
    CompartmentAct,
    CompartmentChecked,
    CompartmentOpened,
    CompartmentReleased,
    CompartmentSealed,
    CompartmentTold,
    SealingKeyDestroyed,
    SealingKeyPublished,
)
from safeconduct.core.acts.copies import (
    CopiesAct,
    CopyReceived,
    CopyRefused,
    HalvesDelivered,
    LeakFound,
    ReaderPublished,
    SeedAsked,
    SeedOpened,
    TraceStated,
    VariantsCommitted,
)
from safeconduct.core.acts.dispute import (
    DisputeAct,
    DutyWaived,
    FactContested,
    FactRuled,
    FindingExplained,
    FindingsStated,
    RelationStepped,
)
from safeconduct.core.acts.form import FormAct, FormFiled
from safeconduct.core.acts.glass import GlassAct, GlassAsked, GlassGiven, GlassObjected
from safeconduct.core.acts.item import (
    ItemAcknowledged,
    ItemAct,
    ItemDerived,
    ItemDestroyed,
    ItemOnwardAllowed,
    ItemOnwardAsked,
    ItemOnwardRefused,
    ItemOpened,
    ItemPassed,
    ItemRecalled,
    ItemShared,
)
from safeconduct.core.acts.logbook import IncidentRaised, LogbookAct, RecordReceived
from safeconduct.core.acts.mark import MarkAct, MarkAgreed, MarkChecked, MarkExpired, MarkOpened, MarkSealed
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
from safeconduct.core.acts.press import (
    ReleaseAct,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseSigned,
    ReleaseWithdrawn,
)
from safeconduct.core.acts.register import (
    GroupRegistered,
    PersonOpened,
    PersonRegistered,
    PersonSealed,
    RegisterAct,
    SiteRegistered,
)
from safeconduct.core.acts.slots import SlotsAct, SlotsProposed, SlotsSigned
from safeconduct.core.acts.terms import AgreementProposed, AgreementSigned, TermsAct
from safeconduct.core.acts.words import Act
from safeconduct.core.statement import encode, require_canonical
from safeconduct.errors import EntryInvalid, InputInvalid

KnownAct = (
    TermsAct
    | MembershipAct
    | RegisterAct
    | LogbookAct
    | MovementAct
    | FormAct
    | DisputeAct
    | RelationStepped
    | FindingsStated
    | CompartmentAct
    | GlassAct
    | ItemAct
    | ReleaseAct
    | AccessAct
    | SlotsAct
    | ReaderPublished
    | CopiesAct
    | MarkAct
)

# In the catalogue's column for the subject: on any subject that the record knows.
ANY_SUBJECT = "any"


class UnknownAct(msgspec.Struct, frozen=True):
    """An act of a later version: carried and shown, never dropped, never acted on."""

    kind: str
    body: bytes


class Speaker(StrEnum):
    """Who may say a kind of act."""

    AUTHORITY = "authority"  # the holder of the party's root key
    NODE = "node"  # the party's server, with its own key alone
    ROLE = "role"  # an enrolled actor whose role the agreement lets say it


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the catalogue. follows: kinds of which one must have taken effect on the same subject before."""

    kind: str
    body: type[Act]
    subject: str
    speaker: Speaker
    follows: tuple[str, ...]
    title: Mapping[str, str]


_ASKED = ("movement.requested",)
_APPROVED = ("movement.approved",)
_GONE = ("movement.departed",)
_SEALED = ("compartment.sealed",)
_SHARED = ("item.shared",)
_PROPOSED = ("release.proposed",)
_COMMITTED = ("variants.committed",)
_DELIVERED = ("halves.delivered",)
_LEAKED = ("leak.found",)
_MARKED = ("mark.sealed",)

CATALOGUE: Mapping[str, Entry] = {
    entry.kind: entry
    for entry in (
        Entry(
            kind="agreement.proposed",
            body=AgreementProposed,
            subject="agreement",
            speaker=Speaker.AUTHORITY,
            follows=(),
            title={"en": "agreement proposed", "zh": "提出协议", "ur": "معاہدہ تجویز ہوا"},
        ),
        Entry(
            kind="agreement.signed",
            body=AgreementSigned,
            subject="agreement",
            speaker=Speaker.AUTHORITY,
            follows=("agreement.proposed",),
            title={"en": "agreement signed", "zh": "签署协议", "ur": "معاہدے پر دستخط ہوئے"},
        ),
        Entry(
            kind="actor.enrolled",
            body=ActorEnrolled,
            subject="actor",
            speaker=Speaker.AUTHORITY,
            follows=(),
            title={"en": "actor enrolled", "zh": "人员登记", "ur": "اہلکار کا اندراج ہوا"},
        ),
        Entry(
            kind="actor.revoked",
            body=ActorRevoked,
            subject="actor",
            speaker=Speaker.AUTHORITY,
            follows=("actor.enrolled",),
            title={"en": "actor revoked", "zh": "人员撤销", "ur": "اہلکار کا اختیار ختم ہوا"},
        ),
        Entry(
            kind="site.registered",
            body=SiteRegistered,
            subject="site",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "site registered", "zh": "地点登记", "ur": "مقام کا اندراج ہوا"},
        ),
        Entry(
            kind="group.registered",
            body=GroupRegistered,
            subject="group",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "group registered", "zh": "团组登记", "ur": "گروہ کا اندراج ہوا"},
        ),
        Entry(
            kind="person.registered",
            body=PersonRegistered,
            subject="person",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "person registered", "zh": "人员备案", "ur": "فرد کا اندراج ہوا"},
        ),
        Entry(
            kind="person.sealed",
            body=PersonSealed,
            subject="person",
            speaker=Speaker.ROLE,
            follows=("person.registered",),
            title={"en": "dossier sealed", "zh": "档案已封存", "ur": "کوائف مہر بند ہوئے"},
        ),
        Entry(
            kind="person.opened",
            body=PersonOpened,
            subject="person",
            speaker=Speaker.ROLE,
            follows=("person.sealed",),
            title={"en": "dossier opened", "zh": "档案已打开", "ur": "کوائف کھولے گئے"},
        ),
        Entry(
            kind="record.received",
            body=RecordReceived,
            subject="log",
            speaker=Speaker.NODE,
            follows=(),
            title={"en": "record received", "zh": "记录已收到", "ur": "ریکارڈ موصول ہوا"},
        ),
        Entry(
            kind="incident.raised",
            body=IncidentRaised,
            subject="incident",
            speaker=Speaker.NODE,
            follows=(),
            title={"en": "incident raised", "zh": "事件上报", "ur": "واقعہ درج ہوا"},
        ),
        Entry(
            kind="form.filed",
            body=FormFiled,
            subject=ANY_SUBJECT,
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "report filed", "zh": "提交报告", "ur": "رپورٹ درج ہوئی"},
        ),
        Entry(
            kind="fact.contested",
            body=FactContested,
            subject=ANY_SUBJECT,
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "fact contested", "zh": "对事实提出异议", "ur": "حقیقت پر اعتراض"},
        ),
        Entry(
            kind="fact.ruled",
            body=FactRuled,
            subject=ANY_SUBJECT,
            speaker=Speaker.ROLE,
            follows=("fact.contested",),
            title={"en": "contested fact ruled on", "zh": "争议事实裁定", "ur": "متنازع حقیقت پر فیصلہ"},
        ),
        Entry(
            kind="duty.waived",
            body=DutyWaived,
            subject=ANY_SUBJECT,
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "duty waived", "zh": "豁免义务", "ur": "ذمہ داری سے دستبرداری"},
        ),
        Entry(
            kind="finding.explained",
            body=FindingExplained,
            subject=ANY_SUBJECT,
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "finding explained", "zh": "说明判定", "ur": "نتیجے کی وضاحت"},
        ),
        Entry(
            kind="relation.stepped",
            body=RelationStepped,
            subject="relation",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "relation stepped", "zh": "合作等级变更", "ur": "تعلق کا درجہ بدلا"},
        ),
        Entry(
            kind="findings.stated",
            body=FindingsStated,
            subject="findings",
            speaker=Speaker.NODE,
            follows=(),
            title={"en": "findings stated", "zh": "陈述判定结果", "ur": "نتائج بیان ہوئے"},
        ),
        Entry(
            kind="movement.requested",
            body=MovementRequested,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "movement requested", "zh": "申请出行", "ur": "نقل و حرکت کی درخواست"},
        ),
        Entry(
            kind="movement.changed",
            body=MovementChanged,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "plan changed", "zh": "计划变更", "ur": "منصوبہ تبدیل ہوا"},
        ),
        Entry(
            kind="movement.acknowledged",
            body=MovementAcknowledged,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "notice acknowledged", "zh": "通知已知悉", "ur": "اطلاع ملنے کی تصدیق"},
        ),
        Entry(
            kind="movement.relayed",
            body=MovementRelayed,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "notice relayed", "zh": "通知已转达", "ur": "اطلاع آگے پہنچائی گئی"},
        ),
        Entry(
            kind="movement.approved",
            body=MovementApproved,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "approved", "zh": "已批准", "ur": "منظوری دی گئی"},
        ),
        Entry(
            kind="movement.refused",
            body=MovementRefused,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "refused", "zh": "已拒绝", "ur": "انکار کیا گیا"},
        ),
        Entry(
            kind="movement.cancelled",
            body=MovementCancelled,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "cancelled", "zh": "已取消", "ur": "منسوخ کیا گیا"},
        ),
        Entry(
            kind="movement.attested",
            body=MovementAttested,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "gate item attested", "zh": "放行项已确认", "ur": "روانگی کی شرط کی تصدیق"},
        ),
        Entry(
            kind="movement.excepted",
            body=MovementExcepted,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "exception signed", "zh": "例外签署", "ur": "استثنا پر دستخط"},
        ),
        Entry(
            kind="movement.departed",
            body=MovementDeparted,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_APPROVED,
            title={"en": "departed", "zh": "已出发", "ur": "روانہ ہوئے"},
        ),
        Entry(
            kind="movement.checked_in",
            body=MovementCheckedIn,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_GONE,
            title={"en": "checked in", "zh": "途中报到", "ur": "راستے سے اطلاع"},
        ),
        Entry(
            kind="movement.arrived",
            body=MovementArrived,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_GONE,
            title={"en": "arrived", "zh": "已到达", "ur": "پہنچ گئے"},
        ),
        Entry(
            kind="movement.aborted",
            body=MovementAborted,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_GONE,
            title={"en": "aborted", "zh": "已中止", "ur": "سفر روک دیا گیا"},
        ),
        Entry(
            kind="movement.closed",
            body=MovementClosed,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "closed", "zh": "已结案", "ur": "بند کیا گیا"},
        ),
        Entry(
            kind="compartment.sealed",
            body=CompartmentSealed,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_ASKED,
            title={"en": "compartment sealed", "zh": "分区已加密封存", "ur": "حصہ مہر بند ہوا"},
        ),
        Entry(
            kind="compartment.checked",
            body=CompartmentChecked,
            subject="movement",
            speaker=Speaker.NODE,
            follows=_SEALED,
            title={"en": "share checked", "zh": "密钥份额已核验", "ur": "کلید کا حصہ جانچا گیا"},
        ),
        Entry(
            kind="compartment.released",
            body=CompartmentReleased,
            subject="movement",
            speaker=Speaker.NODE,
            follows=_SEALED,
            title={"en": "share released", "zh": "密钥份额已释放", "ur": "کلید کا حصہ دے دیا گیا"},
        ),
        Entry(
            kind="compartment.opened",
            body=CompartmentOpened,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_SEALED,
            title={"en": "compartment opened", "zh": "分区已打开", "ur": "حصہ کھولا گیا"},
        ),
        Entry(
            kind="compartment.told",
            body=CompartmentTold,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_SEALED,
            title={"en": "compartment told", "zh": "分区内容已口头告知", "ur": "حصے کی بات بتائی گئی"},
        ),
        Entry(
            kind="glass.asked",
            body=GlassAsked,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=_SEALED,
            title={"en": "break glass asked for", "zh": "请求紧急开启", "ur": "ہنگامی کھولنے کی درخواست"},
        ),
        Entry(
            kind="glass.given",
            body=GlassGiven,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=("glass.asked",),
            title={"en": "piece of a share given", "zh": "已交出紧急开启份额", "ur": "ہنگامی کلید کا ٹکڑا دیا گیا"},
        ),
        Entry(
            kind="glass.objected",
            body=GlassObjected,
            subject="movement",
            speaker=Speaker.ROLE,
            follows=("glass.asked",),
            title={"en": "break glass objected to", "zh": "反对紧急开启", "ur": "ہنگامی کھولنے پر اعتراض"},
        ),
        Entry(
            kind="mark.sealed",
            body=MarkSealed,
            subject="mark",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "mark sealed", "zh": "标记已封存", "ur": "نشان مہر بند ہوا"},
        ),
        Entry(
            kind="mark.checked",
            body=MarkChecked,
            subject="mark",
            speaker=Speaker.NODE,
            follows=_MARKED,
            title={"en": "mark checked", "zh": "标记已核验", "ur": "نشان جانچا گیا"},
        ),
        Entry(
            kind="mark.agreed",
            body=MarkAgreed,
            subject="mark",
            speaker=Speaker.ROLE,
            follows=_MARKED,
            title={"en": "mark agreed to", "zh": "标记已获同意", "ur": "نشان پر اتفاق ہوا"},
        ),
        Entry(
            kind="mark.opened",
            body=MarkOpened,
            subject="mark",
            speaker=Speaker.ROLE,
            follows=_MARKED,
            title={"en": "mark opened on review", "zh": "标记经审查公开", "ur": "جائزے پر نشان کھولا گیا"},
        ),
        Entry(
            kind="mark.expired",
            body=MarkExpired,
            subject="mark",
            speaker=Speaker.NODE,
            follows=_MARKED,
            title={"en": "mark expired and opened", "zh": "标记到期并公开", "ur": "نشان کی مدت ختم، کھول دیا گیا"},
        ),
        Entry(
            kind="sealing.published",
            body=SealingKeyPublished,
            subject="sealing",
            speaker=Speaker.NODE,
            follows=(),
            title={"en": "sealing key published", "zh": "封存密钥已公布", "ur": "مہر کی کلید شائع ہوئی"},
        ),
        Entry(
            kind="sealing.destroyed",
            body=SealingKeyDestroyed,
            subject="sealing",
            speaker=Speaker.NODE,
            follows=("sealing.published",),
            title={"en": "sealing key destroyed", "zh": "封存密钥已销毁", "ur": "مہر کی کلید تلف ہوئی"},
        ),
        Entry(
            kind="item.shared",
            body=ItemShared,
            subject="item",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "item shared", "zh": "分享信息", "ur": "معلومات شریک کی گئیں"},
        ),
        Entry(
            kind="item.opened",
            body=ItemOpened,
            subject="item",
            speaker=Speaker.ROLE,
            follows=_SHARED,
            title={"en": "item opened", "zh": "打开信息", "ur": "معلومات کھولی گئیں"},
        ),
        Entry(
            kind="item.onward_asked",
            body=ItemOnwardAsked,
            subject="item",
            speaker=Speaker.ROLE,
            follows=_SHARED,
            title={"en": "onward sharing asked for", "zh": "请求转分享", "ur": "آگے دینے کی اجازت مانگی گئی"},
        ),
        Entry(
            kind="item.onward_allowed",
            body=ItemOnwardAllowed,
            subject="item",
            speaker=Speaker.ROLE,
            follows=("item.onward_asked",),
            title={"en": "onward sharing allowed", "zh": "同意转分享", "ur": "آگے دینے کی اجازت دی گئی"},
        ),
        Entry(
            kind="item.onward_refused",
            body=ItemOnwardRefused,
            subject="item",
            speaker=Speaker.ROLE,
            follows=("item.onward_asked",),
            title={"en": "onward sharing refused", "zh": "拒绝转分享", "ur": "آگے دینے سے انکار"},
        ),
        Entry(
            kind="item.passed",
            body=ItemPassed,
            subject="item",
            speaker=Speaker.ROLE,
            follows=_SHARED,
            title={"en": "item passed on", "zh": "信息已转分享", "ur": "معلومات آگے دی گئیں"},
        ),
        Entry(
            kind="item.derived",
            body=ItemDerived,
            subject="item",
            speaker=Speaker.ROLE,
            follows=_SHARED,
            title={"en": "item derived from", "zh": "由此衍生信息", "ur": "اس سے نئی معلومات بنائی گئیں"},
        ),
        Entry(
            kind="item.recalled",
            body=ItemRecalled,
            subject="item",
            speaker=Speaker.ROLE,
            follows=_SHARED,
            title={"en": "item recalled", "zh": "召回信息", "ur": "معلومات واپس لی گئیں"},
        ),
        Entry(
            kind="item.destroyed",
            body=ItemDestroyed,
            subject="item",
            speaker=Speaker.NODE,
            follows=("item.recalled",),
            title={"en": "copy destroyed", "zh": "副本已销毁", "ur": "نقل تلف ہوئی"},
        ),
        Entry(
            kind="item.acknowledged",
            body=ItemAcknowledged,
            subject="item",
            speaker=Speaker.ROLE,
            follows=("item.recalled",),
            title={"en": "recall acknowledged", "zh": "确认召回", "ur": "واپسی کی تصدیق"},
        ),
        Entry(
            kind="release.proposed",
            body=ReleaseProposed,
            subject="release",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "joint release proposed", "zh": "提出联合发布", "ur": "مشترکہ بیان تجویز ہوا"},
        ),
        Entry(
            kind="release.signed",
            body=ReleaseSigned,
            subject="release",
            speaker=Speaker.ROLE,
            follows=_PROPOSED,
            title={"en": "joint release signed", "zh": "签署联合发布", "ur": "مشترکہ بیان پر دستخط ہوئے"},
        ),
        Entry(
            kind="release.refused",
            body=ReleaseRefused,
            subject="release",
            speaker=Speaker.ROLE,
            follows=_PROPOSED,
            title={"en": "joint release refused", "zh": "拒绝联合发布", "ur": "مشترکہ بیان سے انکار"},
        ),
        Entry(
            kind="release.withdrawn",
            body=ReleaseWithdrawn,
            subject="release",
            speaker=Speaker.ROLE,
            follows=_PROPOSED,
            title={"en": "joint release withdrawn", "zh": "撤回联合发布", "ur": "مشترکہ بیان واپس لیا گیا"},
        ),
        Entry(
            kind="access.reasoned",
            body=AccessReasoned,
            subject="access",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "reason for looking given", "zh": "已说明查阅理由", "ur": "دیکھنے کی وجہ بتائی گئی"},
        ),
        Entry(
            kind="access.noted",
            body=AccessNoted,
            subject="access",
            speaker=Speaker.NODE,
            follows=(),
            title={"en": "reason for looking noted", "zh": "查阅理由已登记", "ur": "دیکھنے کی وجہ درج ہوئی"},
        ),
        Entry(
            kind="slots.proposed",
            body=SlotsProposed,
            subject="slots",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "slot list proposed", "zh": "提出差异项清单", "ur": "فرق والی تفصیلات کی فہرست تجویز ہوئی"},
        ),
        Entry(
            kind="slots.signed",
            body=SlotsSigned,
            subject="slots",
            speaker=Speaker.ROLE,
            follows=("slots.proposed",),
            title={"en": "slot list signed", "zh": "签署差异项清单", "ur": "فرق والی تفصیلات کی فہرست پر دستخط ہوئے"},
        ),
        Entry(
            kind="reader.published",
            body=ReaderPublished,
            subject="actor",
            speaker=Speaker.ROLE,
            follows=("actor.enrolled",),
            title={"en": "reading key published", "zh": "阅读密钥已公布", "ur": "پڑھنے کی کلید شائع ہوئی"},
        ),
        Entry(
            kind="variants.committed",
            body=VariantsCommitted,
            subject="copies",
            speaker=Speaker.NODE,
            follows=(),
            title={"en": "copies committed to", "zh": "已承诺各份副本", "ur": "نقول کا عہد کیا گیا"},
        ),
        Entry(
            kind="halves.delivered",
            body=HalvesDelivered,
            subject="copies",
            speaker=Speaker.NODE,
            follows=_COMMITTED,
            title={"en": "halves of copies delivered", "zh": "副本各半已送达", "ur": "نقول کے نصف پہنچائے گئے"},
        ),
        Entry(
            kind="copy.received",
            body=CopyReceived,
            subject="copies",
            speaker=Speaker.ROLE,
            follows=_DELIVERED,
            title={"en": "copy received", "zh": "副本已收到", "ur": "نقل موصول ہوئی"},
        ),
        Entry(
            kind="copy.refused",
            body=CopyRefused,
            subject="copies",
            speaker=Speaker.ROLE,
            follows=_DELIVERED,
            title={"en": "copy refused", "zh": "副本被拒收", "ur": "نقل مسترد ہوئی"},
        ),
        Entry(
            kind="leak.found",
            body=LeakFound,
            subject="copies",
            speaker=Speaker.ROLE,
            follows=(),
            title={"en": "leak found", "zh": "发现泄露", "ur": "افشا پکڑا گیا"},
        ),
        Entry(
            kind="seed.asked",
            body=SeedAsked,
            subject="copies",
            speaker=Speaker.ROLE,
            follows=_LEAKED,
            title={"en": "seeds asked for", "zh": "要求公开种子", "ur": "بیج کھولنے کی درخواست"},
        ),
        Entry(
            kind="seed.opened",
            body=SeedOpened,
            subject="copies",
            speaker=Speaker.NODE,
            follows=("seed.asked",),
            title={"en": "seed opened", "zh": "种子已公开", "ur": "بیج کھولا گیا"},
        ),
        Entry(
            kind="trace.stated",
            body=TraceStated,
            subject="copies",
            speaker=Speaker.ROLE,
            follows=("seed.opened",),
            title={"en": "trace stated", "zh": "陈述追查结果", "ur": "سراغ کا نتیجہ بیان ہوا"},
        ),
    )
}

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
    except (msgspec.MsgspecError, RecursionError, InputInvalid) as error:
        raise EntryInvalid(f"{kind}: {error}") from None
    if encode(act) != body:
        raise EntryInvalid(f"{kind}: expected the one canonical encoding of the body, got another")
    return act  # type: ignore[return-value]  # the table maps each kind to a member of the union
