"""A finding as one sentence: which clause, who owed what to whom, what was due when, what came instead."""

from __future__ import annotations

from collections.abc import Mapping

from safeconduct.core.agreement.clauses import Clause, Terms
from safeconduct.core.agreement.finding import Finding, Outcome, Reason
from safeconduct.core.agreement.rules import Count, Demand, Equal, Gap, Must, Never, One, Recur, Relay
from safeconduct.core.agreement.texts import act_title, name_of, span_text
from safeconduct.core.agreement.wording import filled, instant_text, isolated, listed, one_line

# So much of a statement's id tells it apart from the others of a subject.
_ID_DIGITS = 8

# Findings write several values so, and what is true or not in English.
_BETWEEN_VALUES = ", "
_YES_NO: Mapping[str, Mapping[str, str]] = {
    "en": {},
    "zh": {"yes": "是", "no": "否"},
    "ur": {"yes": "ہاں", "no": "نہیں"},
}

# How it stands, said of the clause.
_STANDS: Mapping[str, Mapping[Outcome, str]] = {
    "en": {
        Outcome.NOT_DUE: "is not owed",
        Outcome.PENDING: "is pending",
        Outcome.MET: "is met",
        Outcome.BREACHED: "is breached",
        Outcome.WAIVED: "is waived",
        Outcome.DISPUTED: "is disputed",
    },
    "zh": {
        Outcome.NOT_DUE: "无须履行",
        Outcome.PENDING: "待履行",
        Outcome.MET: "已履行",
        Outcome.BREACHED: "已被违反",
        Outcome.WAIVED: "已获豁免",
        Outcome.DISPUTED: "存在争议",
    },
    "ur": {
        Outcome.NOT_DUE: "واجب نہیں",
        Outcome.PENDING: "زیرِ تکمیل ہے",
        Outcome.MET: "پوری ہوئی",
        Outcome.BREACHED: "کی خلاف ورزی ہوئی",
        Outcome.WAIVED: "سے چھوٹ دی گئی",
        Outcome.DISPUTED: "متنازع ہے",
    },
}

_FRAME = {
    "en": "{clause} ({title}) {stands}: {account}{near}{cured}{late_word}{explained}.",
    "zh": "{clause}（{title}）{stands}：{account}{near}{cured}{late_word}{explained}。",
    "ur": "شق {clause} ({title}) {stands}: {account}{near}{cured}{late_word}{explained}۔",
}

# What is said after the account where the finding has it. in_grace: met after it was due; near_gap: of several spans.
_TAILS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "near": ", with less than a tenth of the time left",
        "near_gap": "; at the closest, less than a tenth of the time allowed was left",
        "in_grace": ", late by no more than the grace[ of {grace}]",
        "cured": "; it was made good[ at {cured_at}], within the time for cure[ of {cure}]",
        "late_word": "; the word that decides reached the side of the {whom} only after it was due",
        "explained": "; an explanation[ by {explainers}] stands beside this finding",
    },
    "zh": {
        "near": "，所余时间不足十分之一",
        "near_gap": "；最紧迫时所余时间不足允许时间的十分之一",
        "in_grace": "，逾期未超过宽限期[（{grace}）]",
        "cured": "；已[于{cured_at}]在补救期[（{cure}）]内补正",
        "late_word": "；起决定作用的陈述在到期之后才送达{whom}一方",
        "explained": "；[{explainers}]已就本判定附具说明",
    },
    "ur": {
        "near": "، جبکہ مقررہ وقت کا دسواں حصہ بھی باقی نہ تھا",
        "near_gap": "؛ تنگ ترین موقع پر اجازت یافتہ وقت کا دسواں حصہ بھی باقی نہ تھا",
        "in_grace": "، اور تاخیر [{grace} کی ]رعایت سے زیادہ نہ تھی",
        "cured": "؛ اس کی تلافی [{cured_at} پر، یعنی ][{cure} کی ]مہلتِ تلافی کے اندر، کر دی گئی",
        "late_word": "؛ فیصلہ کن بیان {whom} کے فریق تک مقررہ وقت گزرنے کے بعد پہنچا",
        "explained": "؛ اس نتیجے کے ساتھ [{explainers} کی ]وضاحت درج ہے",
    },
}

# By when, as `{by}`: with the grace, because only after it a breach begins.
_BY = {
    "en": "by {due}[ (and {grace} of grace)]",
    "zh": "不迟于{due}[（宽限{grace}）]",
    "ur": "{due}[ ({grace} کی رعایت کے ساتھ)] تک",
}

# What is owed, as `{duty}`: a thing that somebody answers for. By the demand; `none` for a clause without a rule.
_DUTIES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "must": "the statement “{act}”[ by each of {parties}]",
        "must_notice": "notice to {to} (the statement “{act}”, proved by the statements of {to})",
        "always": "the condition that was agreed",
        "never": "“{act}” not happening",
        "relay": "the passing on of the notice, shown by “{act}”[ within {span} for each hop]",
        "gap": "a statement “{act}” at least every {span}",
        "recur": "the statement “{act}” once in every {span}[ by each of {parties}]",
        "count": "the agreed number of statements “{act}”",
        "equal": "the statement “{act}” saying what was planned[ ({planned})]",
        "one": "exactly one holder who answers at any time",
        "none": "what the clause says",
    },
    "zh": {
        "must": "[由{parties}分别]作出“{act}”陈述",
        "must_notice": "以“{act}”陈述通知{to}，并由{to}的陈述证明收到",
        "always": "保持约定条件成立",
        "never": "确保不发生“{act}”",
        "relay": "逐级转达通知，以“{act}”为证[，每级不超过{span}]",
        "gap": "至少每{span}作出一次“{act}”陈述",
        "recur": "每{span}[由{parties}分别]作出一次“{act}”陈述",
        "count": "使“{act}”陈述达到约定数目要求",
        "equal": "使“{act}”陈述与计划[（{planned}）]相符",
        "one": "确保任何时候恰有一名责任人",
        "none": "履行本条款所述义务",
    },
    "ur": {
        "must": "[{parties} میں سے ہر ایک کی طرف سے ]”{act}“ کا بیان",
        "must_notice": "{to} کے اپنے بیانات سے وصولی کے ثبوت کے ساتھ {to} کو ”{act}“ کی اطلاع دینا",
        "always": "طے شدہ شرط کا برقرار رہنا",
        "never": "”{act}“ کا واقع نہ ہونا",
        "relay": "اطلاع کا آگے پہنچنا، جس کا ثبوت ”{act}“ ہے[، ہر مرحلے پر {span} کے اندر]",
        "gap": "کم از کم ہر {span} میں ”{act}“ کا ایک بیان",
        "recur": "ہر {span} میں[ {parties} میں سے ہر ایک کی طرف سے] ”{act}“ کا ایک بیان",
        "count": "”{act}“ کے بیانات کی طے شدہ تعداد",
        "equal": "”{act}“ کے بیان کا منصوبے[ ({planned})] کے مطابق ہونا",
        "one": "ہر وقت ٹھیک ایک ذمہ دار کا ہونا",
        "none": "وہ امر جو شق میں درج ہے",
    },
}

_ACCOUNTS: Mapping[str, Mapping[Reason, str]] = {
    "en": {
        Reason.DONE_IN_TIME: "the {who} owed the {whom} {duty}[ {by}], and it came[ at {came}| in time]",
        Reason.DONE_LATE: "the {who} owed the {whom} {duty}[ {by}], and it came only[ at {came}| later]",
        Reason.NOT_DONE_YET: "the {who} owes the {whom} {duty}[ {by}], and it has not come yet[; {missing} is missing]",
        Reason.NOT_DONE: "the {who} owed the {whom} {duty}[ {by}], and it has not come[; {missing} is missing]",
        Reason.NOTICE_IS_OWN: "the {who} owes no notice to [{to}|the {whom}] of what [{to}|that side] itself said",
        Reason.OFFERED_LATE: "the {who} owed the {whom} {duty}[ {by}], and it was offered only[ at {came}| later]",
        Reason.NOT_RECEIVED_YET: "the {who} owes the {whom} {duty}[ {by}]; it was offered[ at {first}], and no "
        "statement by [{to}|the other side] shows yet that it was received in time",
        Reason.OFFERED_IN_TIME_NO_RECEIPT: "the {who} owed the {whom} {duty}[ {by}] and says that it was offered"
        "[ at {first}| in time]; no statement by [{to}|the other side] shows that it was received",
        Reason.OFFERED_IN_TIME_RECEIVED_LATE: "the {who} owed the {whom} {duty}[ {by}] and says that it was offered"
        "[ at {first}| in time]; the statements of [{to}|the other side] show it received only[ at {came}| later]",
        Reason.RECEIVED_IN_TIME: "the {who} owed the {whom} {duty}[ {by}], and [{to}|the other side] received it"
        "[ at {came}| in time]",
        Reason.HELD: "the {who} answered to the {whom} for {duty}, and it held[ until {came}]",
        Reason.HOLDS_SO_FAR: "the {who} answers to the {whom} for {duty}, and it has held so far",
        Reason.DID_NOT_HOLD: "the {who} answered to the {whom} for {duty}, and[ at {due}] it did not hold",
        Reason.DID_NOT_HAPPEN: "the {who} answered to the {whom} for {duty}[ before {due}], and it did not happen"
        "[ until {came}]",
        Reason.NOT_HAPPENED_SO_FAR: "the {who} answers to the {whom} for {duty}[ before {due}], and it has not "
        "happened so far",
        Reason.HAPPENED: "the {who} answered to the {whom} for {duty}, and it happened[ at {came}]",
        Reason.PASSED_ON: "the {who} answered to the {whom} for {duty}, and the last hop did its part[ at {came}]"
        "[, due {by}]",
        Reason.HOP_PENDING: "the {who} answers to the {whom} for {duty}, and [{missing}|the next "
        "hop] has yet to do its "
        "part[, {by}]",
        Reason.HOP_MISSING: "the {who} answered to the {whom} for {duty}, and [{missing}|a hop] has not done its part"
        "[, due {by}]",
        Reason.HOP_LATE: "the {who} answered to the {whom} for {duty}, and [{missing}|a hop] did its part only"
        "[ at {came}| late][, due {by}]",
        Reason.NEVER_TOO_LONG: "the {who} owed the {whom} {duty}[ (and {grace} of grace)], and none was late until the "
        "end[ at {came}]",
        Reason.NEXT_DUE: "the {who} owes the {whom} {duty}, the next one[ {by}]; the last sign was[ "
        "at {last}| in time]",
        Reason.TOO_LONG: "the {who} owed the {whom} {duty}, this one[ {by}], and the next sign came only"
        "[ at {came}| later]",
        Reason.SILENT_NOW: "the {who} owed the {whom} {duty}, this one[ {by}], and none has come[; the last sign was "
        "at {last}]",
        Reason.PERIOD_KEPT: "the {who} owed the {whom} {duty}[, this one {by}], and it came[ at {came}| in time]",
        Reason.PERIOD_OPEN: "the {who} owes the {whom} {duty}[, this one {by}], and it has not come yet"
        "[; {missing} is missing]",
        Reason.PERIOD_MISSED: "the {who} owed the {whom} {duty}[, this one {by}], and it did not come"
        "[, {times} times in a row][; the next came at {came}][; {missing} is missing]",
        Reason.COUNT_KEPT: "the {who} answered to the {whom} for {duty}[, at least {least}|, at "
        "most {most}][ {by}], and "
        "[{actual} came|it was kept]",
        Reason.COUNT_OPEN: "the {who} answers to the {whom} for {duty}[, at least {least}|, at most "
        "{most}][ {by}], and "
        "[{actual} came so far|it is still open]",
        Reason.TOO_MANY: "the {who} answered to the {whom} for {duty}[, at most {most}], and there were "
        "[{actual}|too many][, the last at {came}]",
        Reason.TOO_FEW: "the {who} answered to the {whom} for {duty}[, at least {least}][ {by}], and there were "
        "only [{actual}|fewer][; there were enough at {came}]",
        Reason.EQUAL: "the {who} owed the {whom} {duty}[ {by}], and it says the same[, at {came}]",
        Reason.DIFFERS: "the {who} owed the {whom} {duty}[ {by}], and it says [{actual}|something else][, at {came}]",
        Reason.ONE_HOLDER: "the {who} answered to the {whom} for {duty}, and there was one[ until {came}][; the last "
        "was {actual}]",
        Reason.ONE_HOLDER_SO_FAR: "the {who} answers to the {whom} for {duty}[; now it is {actual}]"
        "[; a handover has been open since {due}, for at most {grace}|; a handover has been open since {due}]",
        Reason.NO_HOLDER: "the {who} answered to the {whom} for {duty}, and there was none[ from {due} on]"
        "[, until {came}][; last known: {actual}]",
        Reason.SEVERAL_HOLDERS: "the {who} answered to the {whom} for {duty}, and there were several"
        "[ from {due} on][, until {came}][; last known: {actual}]",
        Reason.EXCUSED: "the {who} answers to the {whom} no more for {duty}[ {by}], because "
        "[what excuses it under the clause came first, at {excuse}|the time for it ended at {came}|it is excused]",
        Reason.GIVEN_UP: "the {who} answers to the {whom} no more for {duty}[ {by}], because the movement was given up"
        "[ at {came}]",
        Reason.WAIVED: "the {who} answered to the {whom} for {duty}[ {by}], and it was waived[ by "
        "{waivers}][ at {came}]",
        Reason.CONTESTED: "the {who} answers to the {whom} for {duty}[ {by}], and the verdict hangs on whether what is "
        "contested is true[: the statement {contested}]",
    },
    "zh": {
        Reason.DONE_IN_TIME: "{who}对{whom}负有义务，应[{by}]{duty}，已[于{came}|按时]作出",
        Reason.DONE_LATE: "{who}对{whom}负有义务，应[{by}]{duty}，但[直至{came}|逾期后]才作出",
        Reason.NOT_DONE_YET: "{who}对{whom}负有义务，应[{by}]{duty}，目前尚未作出[；尚缺{missing}]",
        Reason.NOT_DONE: "{who}对{whom}负有义务，应[{by}]{duty}，但至今没有作出[；尚缺{missing}]",
        Reason.NOTICE_IS_OWN: "有关陈述由[{to}|对方]自行作出，{who}无须另行通知[{to}|{whom}]",
        Reason.OFFERED_LATE: "{who}对{whom}负有义务，应[{by}]{duty}，但[直至{came}|逾期后]才发出通知",
        Reason.NOT_RECEIVED_YET: "{who}对{whom}负有义务，应[{by}]{duty}；通知已[于{first}]发出，"
        "但[{to}|对方]尚无陈述表明已按时收到",
        Reason.OFFERED_IN_TIME_NO_RECEIPT: "{who}对{whom}负有义务，应[{by}]{duty}，并称已[于{first}|按时]发出；"
        "[{to}|对方]没有任何陈述表明已经收到",
        Reason.OFFERED_IN_TIME_RECEIVED_LATE: "{who}对{whom}负有义务，应[{by}]{duty}，并称已[于{first}|按时]发出；"
        "而[{to}|对方]的陈述表明[直至{came}|逾期后]才收到",
        Reason.RECEIVED_IN_TIME: "{who}对{whom}负有义务，应[{by}]{duty}，[{to}|对方]已[于{came}|按时]收到",
        Reason.HELD: "{who}对{whom}负责{duty}，[至{came}]该条件始终成立",
        Reason.HOLDS_SO_FAR: "{who}对{whom}负责{duty}，迄今该条件成立",
        Reason.DID_NOT_HOLD: "{who}对{whom}负责{duty}，但该条件[于{due}]不成立",
        Reason.DID_NOT_HAPPEN: "{who}对{whom}负责[在{due}之前]{duty}，[至{came}]未曾发生",
        Reason.NOT_HAPPENED_SO_FAR: "{who}对{whom}负责[在{due}之前]{duty}，迄今没有发生",
        Reason.HAPPENED: "{who}对{whom}负责{duty}，但[于{came}]发生了",
        Reason.PASSED_ON: "{who}对{whom}负责{duty}，最后一级已[于{came}]完成[（应{by}）]",
        Reason.HOP_PENDING: "{who}对{whom}负责{duty}，[{missing}|下一级][应{by}]完成，目前尚未完成",
        Reason.HOP_MISSING: "{who}对{whom}负责{duty}，[{missing}|其中一级][应{by}]完成，但至今没有完成",
        Reason.HOP_LATE: "{who}对{whom}负责{duty}，[{missing}|其中一级][应{by}]完成，但[直至{came}|逾期后]才完成",
        Reason.NEVER_TOO_LONG: "{who}对{whom}负有义务，应{duty}[（宽限{grace}）]，[至{came}]结束时从未逾时",
        Reason.NEXT_DUE: "{who}对{whom}负有义务，应{duty}，下一次[应{by}|待作出]；最后一次联络[在{last}|按时]",
        Reason.TOO_LONG: "{who}对{whom}负有义务，应{duty}，本次[应{by}]，但[直至{came}|逾期后]才有下一次联络",
        Reason.SILENT_NOW: "{who}对{whom}负有义务，应{duty}，本次[应{by}]，但至今没有[；最后一次联络在{last}]",
        Reason.PERIOD_KEPT: "{who}对{whom}负有义务，应{duty}[，本期{by}]，已[于{came}|按时]作出",
        Reason.PERIOD_OPEN: "{who}对{whom}负有义务，应{duty}[，本期{by}]，目前尚未作出[；尚缺{missing}]",
        Reason.PERIOD_MISSED: "{who}对{whom}负有义务，应{duty}[，本期{by}]，但没有作出[，连续{times}期]"
        "[；下一次在{came}][；尚缺{missing}]",
        Reason.COUNT_KEPT: "{who}对{whom}负责[{by}]{duty}[（至少{least}次）|（至多{most}次）]，"
        "[实际{actual}次，符合要求|符合要求]",
        Reason.COUNT_OPEN: "{who}对{whom}负责[{by}]{duty}[（至少{least}次）|（至多{most}次）]，"
        "[目前{actual}次|尚未截止]",
        Reason.TOO_MANY: "{who}对{whom}负责{duty}[（至多{most}次）]，但实际[达{actual}次|超过][，最后一次在{came}]",
        Reason.TOO_FEW: "{who}对{whom}负责[{by}]{duty}[（至少{least}次）]，但实际[仅{actual}次|不足][；至{came}才达到]",
        Reason.EQUAL: "{who}对{whom}负有义务，应[{by}]{duty}，该陈述[于{came}作出，]与计划相符",
        Reason.DIFFERS: "{who}对{whom}负有义务，应[{by}]{duty}，但该陈述[于{came}作出，][所述为{actual}|与计划不符]",
        Reason.ONE_HOLDER: "{who}对{whom}负责{duty}，[至{came}]始终如此[；最后的责任人为{actual}]",
        Reason.ONE_HOLDER_SO_FAR: "{who}对{whom}负责{duty}[；现责任人为{actual}]"
        "[；自{due}起正在交接，至多{grace}|；自{due}起正在交接]",
        Reason.NO_HOLDER: "{who}对{whom}负责{duty}，但[自{due}起][至{came}]无人负责[；最近所知责任人：{actual}]",
        Reason.SEVERAL_HOLDERS: "{who}对{whom}负责{duty}，但[自{due}起][至{came}]有多名责任人"
        "[；最近所知责任人：{actual}]",
        Reason.EXCUSED: "{who}不再对{whom}负责[{by}]{duty}，因为"
        "[条款约定的免责情形已于{excuse}先行发生|所涉期间已于{came}提前结束|已获免责]",
        Reason.GIVEN_UP: "{who}不再对{whom}负责[{by}]{duty}，因为该出行已[于{came}]放弃",
        Reason.WAIVED: "{who}对{whom}负有义务，应[{by}]{duty}，但已[由{waivers}][于{came}]豁免",
        Reason.CONTESTED: "{who}对{whom}负责[{by}]{duty}，而判定取决于有争议的事实是否属实[：陈述{contested}]",
    },
    "ur": {
        Reason.DONE_IN_TIME: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا، اور ایسا [{came} پر|بروقت] ہو گیا",
        Reason.DONE_LATE: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا، مگر ایسا [{came} پر|بعد میں] ہوا",
        Reason.NOT_DONE_YET: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} ہے، مگر ابھی ایسا نہیں ہوا[؛ "
        "{missing} کا بیان باقی ہے]",
        Reason.NOT_DONE: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا، مگر ایسا نہیں ہوا[؛ {missing} کا بیان باقی ہے]",
        Reason.NOTICE_IS_OWN: "یہ بیان خود [{to}|دوسرے فریق] کا ہے، اس لیے {who} کے ذمے "
        "[{to}|{whom}] کو اطلاع دینا نہیں",
        Reason.OFFERED_LATE: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا، مگر اطلاع [{came} پر|بعد میں] بھیجی گئی",
        Reason.NOT_RECEIVED_YET: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} ہے؛ اطلاع[ {first} پر] بھیجی گئی، مگر "
        "[{to}|دوسرے فریق] کے کسی بیان سے ابھی اس کا بروقت موصول ہونا ظاہر نہیں",
        Reason.OFFERED_IN_TIME_NO_RECEIPT: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا اور اس کے بقول اطلاع "
        "[{first} پر|بروقت] بھیجی گئی؛ [{to}|دوسرے فریق] کے کسی بیان سے اس کا موصول ہونا ظاہر نہیں",
        Reason.OFFERED_IN_TIME_RECEIVED_LATE: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا اور اس کے بقول اطلاع "
        "[{first} پر|بروقت] بھیجی گئی؛ [{to}|دوسرے فریق] کے بیانات کے مطابق یہ [{came} پر|بعد میں] موصول ہوئی",
        Reason.RECEIVED_IN_TIME: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا، اور [{to}|دوسرے فریق] کو یہ "
        "[{came} پر|بروقت] موصول ہو گئی",
        Reason.HELD: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ یہ شرط[ {came} تک] پوری رہی",
        Reason.HOLDS_SO_FAR: "{who} {whom} کے سامنے اس کا جواب دہ ہے: {duty}؛ یہ شرط اب تک پوری ہے",
        Reason.DID_NOT_HOLD: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ مگر یہ شرط[ {due} پر] پوری نہ تھی",
        Reason.DID_NOT_HAPPEN: "{who} {whom} کے سامنے اس کا جواب دہ تھا: [{due} سے پہلے ]{duty}؛ اور[ {came} تک] یہ "
        "واقع نہیں ہوا",
        Reason.NOT_HAPPENED_SO_FAR: "{who} {whom} کے سامنے اس کا جواب دہ ہے: [{due} سے پہلے ]{duty}؛ اور اب تک یہ "
        "واقع نہیں ہوا",
        Reason.HAPPENED: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ مگر یہ[ {came} پر] واقع ہوا",
        Reason.PASSED_ON: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ آخری مرحلہ[ {came} پر] مکمل ہوا"
        "[، جو {by} لازم تھا]",
        Reason.HOP_PENDING: "{who} {whom} کے سامنے اس کا جواب دہ ہے: {duty}؛ [{missing}|اگلے مرحلے] "
        "کا حصہ[ {by}] باقی ہے",
        Reason.HOP_MISSING: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ مگر [{missing}|ایک مرحلے] نے اپنا حصہ"
        "[ {by}] پورا نہیں کیا",
        Reason.HOP_LATE: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ مگر [{missing}|ایک مرحلے] نے اپنا حصہ "
        "[{came} پر|دیر سے] پورا کیا[، جو {by} لازم تھا]",
        Reason.NEVER_TOO_LONG: "{who} کے ذمے {whom} کے لیے {duty} تھا[ ({grace} کی رعایت کے ساتھ)]، اور[ {came} پر] "
        "اختتام تک کوئی بیان دیر سے نہیں آیا",
        Reason.NEXT_DUE: "{who} کے ذمے {whom} کے لیے {duty} ہے، اگلا[ {by}]؛ آخری رابطہ [{last} پر|بروقت] ہوا",
        Reason.TOO_LONG: "{who} کے ذمے {whom} کے لیے {duty} تھا، یہ والا[ {by}]، مگر اگلا رابطہ "
        "[{came} پر|بعد میں] ہوا",
        Reason.SILENT_NOW: "{who} کے ذمے {whom} کے لیے {duty} تھا، یہ والا[ {by}]، مگر کوئی بیان نہیں آیا"
        "[؛ آخری رابطہ {last} پر ہوا تھا]",
        Reason.PERIOD_KEPT: "{who} کے ذمے {whom} کے لیے {duty} تھا[، اس مدت کا {by}]، اور یہ [{came} پر|بروقت] آ گیا",
        Reason.PERIOD_OPEN: "{who} کے ذمے {whom} کے لیے {duty} ہے[، اس مدت کا {by}]، جو ابھی نہیں آیا"
        "[؛ {missing} کا بیان باقی ہے]",
        Reason.PERIOD_MISSED: "{who} کے ذمے {whom} کے لیے {duty} تھا[، اس مدت کا {by}]، مگر یہ نہیں آیا"
        "[، لگاتار {times} مدتوں میں][؛ اگلا {came} پر آیا][؛ {missing} کا بیان باقی ہے]",
        Reason.COUNT_KEPT: "{who} {whom} کے سامنے اس کا جواب دہ تھا:[ {by}] {duty}"
        "[ (کم از کم {least})| (زیادہ سے زیادہ {most})]؛ [تعداد {actual} رہی|تعداد پوری رہی]",
        Reason.COUNT_OPEN: "{who} {whom} کے سامنے اس کا جواب دہ ہے:[ {by}] {duty}"
        "[ (کم از کم {least})| (زیادہ سے زیادہ {most})]؛ [تعداد اب تک {actual} ہے|گنتی جاری ہے]",
        Reason.TOO_MANY: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}[ (زیادہ سے زیادہ {most})]؛ مگر "
        "[تعداد {actual} ہو گئی|تعداد بڑھ گئی][، آخری بیان {came} پر آیا]",
        Reason.TOO_FEW: "{who} {whom} کے سامنے اس کا جواب دہ تھا:[ {by}] {duty}[ (کم از کم {least})]؛ مگر "
        "[تعداد صرف {actual} رہی|تعداد کم رہی][؛ مطلوبہ تعداد {came} پر پوری ہوئی]",
        Reason.EQUAL: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا، اور[ {came} پر] یہ اس کے مطابق نکلا",
        Reason.DIFFERS: "{who} کے ذمے {whom} کے لیے[ {by}] {duty} تھا، مگر[ {came} پر] بیان میں "
        "[{actual} درج|کچھ اور درج] "
        "ہے",
        Reason.ONE_HOLDER: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ اور[ {came} تک] ایسا ہی رہا"
        "[؛ آخری ذمہ دار {actual} تھا]",
        Reason.ONE_HOLDER_SO_FAR: "{who} {whom} کے سامنے اس کا جواب دہ ہے: {duty}[؛ اب ذمہ دار {actual} ہے]"
        "[؛ حوالگی {due} سے جاری ہے، زیادہ سے زیادہ {grace} کے لیے|؛ حوالگی {due} سے جاری ہے]",
        Reason.NO_HOLDER: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ مگر[ {due} سے][ {came} تک] کوئی ذمہ "
        "دار نہ تھا"
        "[؛ آخری معلوم ذمہ دار: {actual}]",
        Reason.SEVERAL_HOLDERS: "{who} {whom} کے سامنے اس کا جواب دہ تھا: {duty}؛ مگر[ {due} سے][ {came} تک] ایک سے "
        "زیادہ ذمہ دار تھے[؛ آخری معلوم ذمہ دار: {actual}]",
        Reason.EXCUSED: "{who} اب {whom} کے سامنے اس کا جواب دہ نہیں:[ {by}] {duty}؛ کیونکہ "
        "[شق میں درج وجہِ معافی {excuse} پر پہلے پیش آ گئی|متعلقہ مدت {came} پر پہلے ہی ختم ہو گئی|یہ معاف ہے]",
        Reason.GIVEN_UP: "{who} اب {whom} کے سامنے اس کا جواب دہ نہیں:[ {by}] {duty}؛ کیونکہ یہ نقل و حرکت"
        "[ {came} پر] ترک کر دی گئی",
        Reason.WAIVED: "{who} کے ذمے {whom} کے لیے یہ تھا:[ {by}] {duty}؛ مگر اس سے[ {waivers} نے][ "
        "{came} پر] چھوٹ دے دی",
        Reason.CONTESTED: "{who} {whom} کے سامنے اس کا جواب دہ ہے:[ {by}] {duty}؛ اور فیصلہ اس پر منحصر ہے کہ متنازع "
        "بات درست ہے یا نہیں[: بیان {contested}]",
    },
}


def explain(terms: Terms, finding: Finding, language: str) -> str:
    """The finding as one sentence in a language of the agreement. Times are UTC.

    Raises ValueError for a finding on a clause that the terms do not have or a language that they are not in.
    """
    clause = next((c for c in terms.clauses if c.id == finding.clause), None)
    if clause is None or language not in terms.languages:
        raise ValueError(f"a clause and a language of agreement {terms.name}, got {finding.clause} and {language!r}")
    demand = clause.rule.demand if clause.rule is not None else None
    plain = {**_facts(terms, clause, finding, language), **_demand_facts(terms, demand, finding, language)}
    facts = {name: isolated(one_line(text), language) for name, text in plain.items() if text}
    if "due" in facts:
        facts["by"] = filled(_BY[language], facts)
    facts["duty"] = filled(_DUTIES[language][_duty(demand)], {"act": facts["title"], **facts})
    tails = dict.fromkeys(("near", "cured", "late_word", "explained"), "")
    for place, tail in _tails(demand, finding):
        tails[place] = filled(_TAILS[language][tail], facts)
    return _FRAME[language].format(
        clause=facts["clause"],
        title=facts["title"],
        stands=_STANDS[language][finding.outcome],
        account=filled(_ACCOUNTS[language][finding.reason], facts),
        **tails,
    )


def _compared(finding: Finding) -> dict[str, str]:
    return {"planned": finding.planned, "actual": finding.actual}


def _duty(demand: Demand | None) -> str:
    """The name under which `_DUTIES` has what a demand asks."""
    if isinstance(demand, Must) and demand.received_by is not None:
        return "must_notice"
    return "none" if demand is None else type(demand).__name__.lower()


def _tails(demand: Demand | None, finding: Finding) -> list[tuple[str, str]]:
    """What is said after the account: its place in the frame, its name in `_TAILS`."""
    tails = []
    if finding.near:
        due, came = finding.due_at, finding.happened_at
        if isinstance(demand, Gap | Relay):
            tails.append(("near", "near_gap"))
        else:
            tails.append(("near", "in_grace" if due is not None and came is not None and came > due else "near"))
    if finding.cured_at is not None:
        tails.append(("cured", "cured"))
    if finding.late_word:
        tails.append(("late_word", "late_word"))
    if finding.explained:
        tails.append(("explained", "explained"))
    return tails


def _facts(terms: Terms, clause: Clause, finding: Finding, language: str) -> dict[str, str]:
    """What a sentence on any clause may name; what a finding does not have is empty."""
    rule, evidence = clause.rule, finding.evidence

    def names(identifiers: tuple[str, ...]) -> str:
        return listed([name_of(terms, one, language) for one in dict.fromkeys(identifiers)], language)

    # The trigger calls the duty up, and has waived nothing.
    waiving = tuple(e.party for e in evidence if e.id != finding.trigger.id)
    return {
        "clause": clause.id,
        "title": clause.title[language],
        "who": name_of(terms, finding.owed_by, language),
        "whom": name_of(terms, clause.owed_to, language),
        "missing": names(finding.missing),
        "waivers": names(rule.waived_by if rule is not None and rule.waived_by else waiving),
        "explainers": names(tuple(e.party for e in finding.explained)),
        "contested": listed([statement[:_ID_DIGITS] for statement in finding.contested], language),
        "grace": span_text(terms, rule.grace, language) if rule is not None and rule.grace is not None else "",
        "cure": span_text(terms, rule.cure, language) if rule is not None and rule.cure is not None else "",
        "due": instant_text(finding.due_at) if finding.due_at is not None else "",
        "came": instant_text(finding.happened_at) if finding.happened_at is not None else "",
        "cured_at": instant_text(finding.cured_at) if finding.cured_at is not None else "",
        "first": instant_text(evidence[0].at) if evidence else "",
        "last": instant_text(evidence[-1].at) if evidence else "",
        # After the trigger comes what excuses; a last period that was cut short has nothing more in evidence.
        "excuse": instant_text(evidence[1].at) if len(evidence) > 1 else "",
        "times": str(finding.times) if finding.times > 1 else "",
        "planned": finding.planned,
        "actual": finding.actual,
    }


def _demand_facts(terms: Terms, demand: Demand | None, finding: Finding, language: str) -> dict[str, str]:
    """What a sentence names of what the clause asks."""
    facts: dict[str, str] = {}
    match demand:
        case One(taken=taken):
            facts["act"] = act_title(terms, taken.event, language)
            holders = finding.actual.split(_BETWEEN_VALUES) if finding.actual else []
            facts["actual"] = listed([name_of(terms, holder, language) for holder in holders], language)
        case Must() | Never() | Relay() | Gap() | Recur() | Count() | Equal():
            facts["act"] = act_title(terms, demand.event, language)
        case _:
            pass
    match demand:
        case Must(received_by=to, parties=parties):
            facts["to"] = name_of(terms, to, language) if to is not None else ""
            facts["parties"] = listed([name_of(terms, party, language) for party in parties], language)
        case Recur(every=every, parties=parties):
            facts["span"] = span_text(terms, every, language)
            facts["parties"] = listed([name_of(terms, party, language) for party in parties], language)
        case Gap(at_most=span) | Relay(within=span):
            facts["span"] = span_text(terms, span, language)
        case Count(at_least=least, percent=percent):
            # A finding has one limit: the one that was not kept, else the least if there is one.
            is_least = finding.reason is not Reason.TOO_MANY and (least is not None or percent is not None)
            facts["least" if is_least else "most"] = finding.planned
        case Equal():
            facts |= {name: _YES_NO[language].get(text, text) for name, text in _compared(finding).items()}
        case _:
            pass
    return facts
