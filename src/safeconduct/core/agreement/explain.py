"""A finding as one sentence: which clause, who owed it, what was due when, what came instead."""

from __future__ import annotations

from collections.abc import Mapping

from safeconduct.core.agreement.clauses import CheckInGap, Clause, ClosedWithin, NoticeLead, Terms
from safeconduct.core.agreement.judge import Finding, Outcome, Reason
from safeconduct.core.agreement.wording import duration_text, instant_text, isolated, listed

# How it stands, said of the clause.
_STANDS: Mapping[str, Mapping[Outcome, str]] = {
    "en": {
        Outcome.NOT_DUE: "is not called up",
        Outcome.PENDING: "is pending",
        Outcome.MET: "is met",
        Outcome.BREACHED: "is breached",
        Outcome.DISPUTED: "is disputed",
    },
    "zh": {
        Outcome.NOT_DUE: "尚未触发",
        Outcome.PENDING: "待履行",
        Outcome.MET: "已履行",
        Outcome.BREACHED: "已被违反",
        Outcome.DISPUTED: "存在争议",
    },
    "ur": {
        Outcome.NOT_DUE: "ابھی لاگو نہیں ہوئی",
        Outcome.PENDING: "زیرِ تکمیل ہے",
        Outcome.MET: "پوری ہوئی",
        Outcome.BREACHED: "کی خلاف ورزی ہوئی",
        Outcome.DISPUTED: "متنازع ہے",
    },
}

_FRAME = {
    "en": "{clause} ({title}) {stands}: {account}{near}.",
    "zh": "{clause}（{title}）{stands}：{account}{near}。",
    "ur": "شق {clause} ({title}) {stands}: {account}{near}۔",
}

_NEAR = {
    "en": ", with less than a tenth of the time left",
    "zh": "，所余时间不足十分之一",
    "ur": "، جبکہ مقررہ وقت کا دسواں حصہ بھی باقی نہ تھا",
}

# first, last: instants of the first and the last statement in evidence.
_ACCOUNTS: Mapping[str, Mapping[Reason, str]] = {
    "en": {
        Reason.NOTICE_IS_OWN: "the {who} owes {to} no notice of a movement that {to} itself requested",
        Reason.NOTICE_OFFERED_LATE: "the {who} owed {to} notice by {due}, and offered it only at {came}",
        Reason.NOTICE_NOT_RECEIVED_YET: "the {who} owes {to} notice by {due}; it was offered at {first}, and no "
        "statement by {to} shows yet that it was received",
        Reason.NOTICE_OFFERED_IN_TIME_NO_RECEIPT: "the {who} owed {to} notice by {due} and says that it was offered at "
        "{first}; no statement by {to} shows that it was received",
        Reason.NOTICE_OFFERED_IN_TIME_RECEIVED_LATE: "the {who} owed {to} notice by {due} and says that it was offered "
        "at {first}; the statements of {to} show it received only at {came}",
        Reason.NOTICE_RECEIVED_IN_TIME: "the {who} owed {to} notice by {due}, and {to} received it at {came}",
        Reason.NOT_DEPARTED: "the {who} owes it for a movement that departs, and this one has not departed",
        Reason.DEPARTED_WITHOUT_APPROVAL: "the {who} owed approval by every party before departure, and the movement "
        "departed at {came} without the approval of {missing}",
        Reason.APPROVED_BY_ALL_BEFORE_DEPARTURE: "the {who} owed approval by every party before departure; the last "
        "approval came at {came}, and the movement departed at {due}",
        Reason.SILENT_TOO_LONG: "the {who} owed a sign of life by {due}, and the next came only at {came}",
        Reason.NEVER_SILENT_TOO_LONG: "the {who} owed a check-in every {gap}, with {grace} of grace, and none was late "
        "until the movement ended at {came}",
        Reason.SILENT_NOW: "the {who} owed a check-in by {due}, and none has come; the last sign of life was at {last}",
        Reason.UNDER_WAY: "the {who} owes the next check-in by {due}; the last sign of life was at {last}",
        Reason.NOT_ENDED: "the {who} owes the closing within {span} after the movement has ended, and it has not ended",
        Reason.NOT_CLOSED: "the {who} owed the closing by {due}, {span} after the movement ended, and none has come",
        Reason.NOT_CLOSED_YET: "the {who} owes the closing by {due}; the movement ended at {first}",
        Reason.CLOSED_LATE: "the {who} owed the closing by {due}, and it came only at {came}",
        Reason.CLOSED_IN_TIME: "the {who} owed the closing by {due}, and it came at {came}",
    },
    "zh": {
        Reason.NOTICE_IS_OWN: "该出行由{to}自行申请，{who}无须另行通知{to}",
        Reason.NOTICE_OFFERED_LATE: "{who}应不迟于{due}通知{to}，但直至{came}才发出通知",
        Reason.NOTICE_NOT_RECEIVED_YET: "{who}应不迟于{due}通知{to}；通知已于{first}发出，但{to}尚无陈述表明已经收到",
        Reason.NOTICE_OFFERED_IN_TIME_NO_RECEIPT: "{who}应不迟于{due}通知{to}，并称已于{first}发出；"
        "{to}没有任何陈述表明已经收到",
        Reason.NOTICE_OFFERED_IN_TIME_RECEIVED_LATE: "{who}应不迟于{due}通知{to}，并称已于{first}发出；"
        "而{to}的陈述表明直至{came}才收到",
        Reason.NOTICE_RECEIVED_IN_TIME: "{who}应不迟于{due}通知{to}，{to}已于{came}收到",
        Reason.NOT_DEPARTED: "出行出发后{who}方须履行，而该出行尚未出发",
        Reason.DEPARTED_WITHOUT_APPROVAL: "{who}应确保出发前各方均已批准，但该出行于{came}出发时未获{missing}批准",
        Reason.APPROVED_BY_ALL_BEFORE_DEPARTURE: "{who}应确保出发前各方均已批准；最后一项批准于{came}作出，"
        "出行于{due}出发",
        Reason.SILENT_TOO_LONG: "{who}应不迟于{due}报到，但直至{came}才有下一次联络",
        Reason.NEVER_SILENT_TOO_LONG: "{who}应每{gap}报到一次（宽限{grace}），至出行于{came}结束，从未逾时",
        Reason.SILENT_NOW: "{who}应不迟于{due}报到，但至今没有报到；最后一次联络在{last}",
        Reason.UNDER_WAY: "{who}应不迟于{due}再次报到；最后一次联络在{last}",
        Reason.NOT_ENDED: "{who}应在出行结束后{span}内结案，而该出行尚未结束",
        Reason.NOT_CLOSED: "{who}应不迟于{due}（出行结束后{span}）结案，但至今没有结案",
        Reason.NOT_CLOSED_YET: "{who}应不迟于{due}结案；出行已于{first}结束",
        Reason.CLOSED_LATE: "{who}应不迟于{due}结案，但直至{came}才结案",
        Reason.CLOSED_IN_TIME: "{who}应不迟于{due}结案，已于{came}结案",
    },
    "ur": {
        Reason.NOTICE_IS_OWN: "یہ نقل و حرکت خود {to} نے طلب کی تھی، اس لیے {who} کے ذمے {to} کو اطلاع دینا نہیں",
        Reason.NOTICE_OFFERED_LATE: "{who} کے ذمے {due} تک {to} کو اطلاع دینا تھا، مگر اطلاع {came} پر بھیجی گئی",
        Reason.NOTICE_NOT_RECEIVED_YET: "{who} کے ذمے {due} تک {to} کو اطلاع دینا ہے؛ اطلاع {first} پر بھیجی گئی، مگر "
        "{to} کے کسی بیان سے ابھی اس کا موصول ہونا ظاہر نہیں",
        Reason.NOTICE_OFFERED_IN_TIME_NO_RECEIPT: "{who} کے ذمے {due} تک {to} کو اطلاع دینا تھا اور اس کے بقول اطلاع "
        "{first} پر بھیجی گئی؛ {to} کے کسی بیان سے اس کا موصول ہونا ظاہر نہیں",
        Reason.NOTICE_OFFERED_IN_TIME_RECEIVED_LATE: "{who} کے ذمے {due} تک {to} کو اطلاع دینا تھا اور اس کے بقول "
        "اطلاع {first} پر بھیجی گئی؛ {to} کے بیانات کے مطابق یہ {came} پر موصول ہوئی",
        Reason.NOTICE_RECEIVED_IN_TIME: "{who} کے ذمے {due} تک {to} کو اطلاع دینا تھا، اور {to} کو یہ {came} پر موصول "
        "ہو گئی",
        Reason.NOT_DEPARTED: "{who} کے ذمے یہ روانگی کی صورت میں ہے، اور یہ نقل و حرکت ابھی روانہ نہیں ہوئی",
        Reason.DEPARTED_WITHOUT_APPROVAL: "{who} کے ذمے روانگی سے پہلے ہر فریق کی منظوری تھی، مگر قافلہ {came} پر "
        "{missing} کی منظوری کے بغیر روانہ ہوا",
        Reason.APPROVED_BY_ALL_BEFORE_DEPARTURE: "{who} کے ذمے روانگی سے پہلے ہر فریق کی منظوری تھی؛ آخری منظوری "
        "{came} پر ملی اور قافلہ {due} پر روانہ ہوا",
        Reason.SILENT_TOO_LONG: "{who} کے ذمے {due} تک خیریت کی اطلاع دینا تھا، مگر اگلی اطلاع {came} پر آئی",
        Reason.NEVER_SILENT_TOO_LONG: "{who} کے ذمے ہر {gap} بعد اطلاع دینا تھا ({grace} کی رعایت کے ساتھ)، اور "
        "{came} پر سفر ختم ہونے تک کوئی اطلاع دیر سے نہیں آئی",
        Reason.SILENT_NOW: "{who} کے ذمے {due} تک اطلاع دینا تھا، مگر کوئی اطلاع نہیں آئی؛ آخری رابطہ {last} "
        "پر ہوا تھا",
        Reason.UNDER_WAY: "{who} کے ذمے {due} تک اگلی اطلاع دینا ہے؛ آخری رابطہ {last} پر ہوا",
        Reason.NOT_ENDED: "{who} کے ذمے سفر ختم ہونے کے بعد {span} کے اندر اسے بند کرنا ہے، اور یہ سفر "
        "ابھی ختم نہیں ہوا",
        Reason.NOT_CLOSED: "{who} کے ذمے {due} تک، یعنی سفر ختم ہونے کے بعد {span} کے اندر، اسے بند کرنا تھا، "
        "مگر یہ بند نہیں کیا گیا",
        Reason.NOT_CLOSED_YET: "{who} کے ذمے {due} تک اسے بند کرنا ہے؛ سفر {first} پر ختم ہوا",
        Reason.CLOSED_LATE: "{who} کے ذمے {due} تک اسے بند کرنا تھا، مگر یہ {came} پر بند کیا گیا",
        Reason.CLOSED_IN_TIME: "{who} کے ذمے {due} تک اسے بند کرنا تھا، اور یہ {came} پر بند کر دیا گیا",
    },
}


def explain(terms: Terms, finding: Finding, language: str) -> str:
    """The finding as one sentence in a language of the agreement. Times are UTC.

    Raises ValueError for a finding on a clause that the terms do not have or a language that they are not in.
    """
    clause = next((c for c in terms.clauses if c.id == finding.clause), None)
    if clause is None or language not in terms.languages:
        raise ValueError(f"a clause and a language of agreement {terms.name}, got {finding.clause} and {language!r}")
    facts = {name: isolated(text, language) for name, text in _facts(terms, clause, finding, language).items()}
    return _FRAME[language].format(
        **facts,
        stands=_STANDS[language][finding.outcome],
        account=_ACCOUNTS[language][finding.reason].format(**facts),
        near=_NEAR[language] if finding.near else "",
    )


def _facts(terms: Terms, clause: Clause, finding: Finding, language: str) -> dict[str, str]:
    """What a sentence may name. An account names only what its reason always brings along."""
    role = terms.role(finding.owed_by)
    facts = {
        "clause": clause.id,
        "title": clause.title[language],
        "who": role.name[language] if role else finding.owed_by,
        "missing": listed([_party_name(terms, party, language) for party in finding.missing], language),
    }
    if finding.due_at is not None:
        facts["due"] = instant_text(finding.due_at)
    if finding.happened_at is not None:
        facts["came"] = instant_text(finding.happened_at)
    if finding.evidence:
        facts["first"] = instant_text(finding.evidence[0].at)
        facts["last"] = instant_text(finding.evidence[-1].at)
    match clause.rule:
        case NoticeLead(to=to):
            facts["to"] = _party_name(terms, to, language)
        case CheckInGap(gap=gap, grace=grace):
            facts["gap"] = duration_text(gap, language)
            facts["grace"] = duration_text(grace, language)
        case ClosedWithin(span=span):
            facts["span"] = duration_text(span, language)
        case _:
            pass
    return facts


def _party_name(terms: Terms, party: str, language: str) -> str:
    found = terms.party(party)
    return found.name[language] if found else party
