"""An agreement as a document that people read: Markdown, in one of its languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from safeconduct.core.agreement.clauses import (
    AccessTerms,
    BreakGlass,
    Canaries,
    Clause,
    Compartment,
    Dossiers,
    Field,
    Form,
    GateItem,
    InformationTerms,
    Level,
    Marks,
    Need,
    Officer,
    Parameter,
    PartyTerms,
    PredictabilityTerms,
    Role,
    Suspension,
    Terms,
)
from safeconduct.core.agreement.glass import one_side
from safeconduct.core.agreement.markdown import plain, quoted
from safeconduct.core.agreement.rule_text import instant_words, kind_title, rule_lines
from safeconduct.core.agreement.texts import act_title, clause_text, name_of, parameter_text, span_text
from safeconduct.core.agreement.wording import duration_text, grade_text, isolated, listed

_Item = TypeVar("_Item")

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "version": "Agreement {name}, version {version}",
        "previous": "amends the version with digest {digest}",
        "digest": "Digest to be signed: {digest}",
        "parties": "Parties",
        "root": "key of its authority: {key}",
        "node": "node: {url}, key {key}; log {log}",
        "roles": "Roles",
        "may": "may say: {kinds}",
        "reads_only": "reads only",
        "movement": "Movements",
        "consent": "The approval of {party} is needed for: {parts}.",
        "chain": "The notice passes: {chain}.",
        "drift": "A shift of the window of departure by up to {drift} voids no approval.",
        "review": "Approvals are due {review} before departure; without them the movement lapses.",
        "guess": "Approvers are warned when an observer who has counted the days of the last {span} (clock {clock}, "
        "a day counting half after every {half_life}) would guess place, day, half-hour and route of a movement with a "
        "chance of {warn} in 1000 or more. With fewer than {least} such days nothing is said. No movement is refused "
        "by it.",
        "gate": "Conditions of departure",
        "approvals": "computed from the record",
        "attested": "attested by each of: {by}",
        "heads": "heads counted, equal to the plan's, by each of: {by}",
        "valid_for": "an attestation holds for {span}",
        "exception_by": "an exception may be signed by: {role}",
        "clauses": "Clauses",
        "owed": "Owed by {by} to {to}.",
        "severity": "Severity: {severity}.",
        "minor": "minor",
        "major": "major",
        "critical": "critical",
        "evidence": "Evidence: {evidence}",
        "source": "Source: {source}",
        "judged": "Judged by the record:",
        "by_people": "Judged by people: {reason}",
        "covers": "Covers: {covers}",
        "parameters": "Parameters",
        "forms": "Forms",
        "about": "about: {kind}",
        "fields": "fields: {fields}",
        "compartments": "Compartments of an order",
        "margin": "may open at most {margin} before it is needed",
        "release": "opens for the {role}: {opens}; {grade}",
        "needed": "; needed for: {needs}",
        "why": "{why} (from {begins})",
        "enough": "{need} ({grade})",
        "disputes": "Contested facts",
        "ruled_by": "A contested fact is ruled on by all of these, saying the same: {roles}.",
        "suspension": "Grades of suspension",
        "refuses": "has no effect at this grade: {kinds}",
        "step": "A step down to “{level}” may be said by any of these: {roles}; when there were at least {breaches} "
        "breaches of severity {severity} or above within {within}.",
        "back": "A step up, by one grade, is said by all of these: {roles}; after {quiet} without a breach.",
        "access": "Looking, and reasons for it",
        "access_reasons": "A reason is on the record before: {kinds}.",
        "access_opened": "sealed parts are opened",
        "access_knew": "anybody asks who could have known",
        "access_pack": "an evidence pack is taken",
        "access_openings": "More than {n} sealed parts opened by one person within {span} are an incident for all.",
        "access_of_role": "So are more than {n} by all who hold one role of a party.",
        "access_duty": "So is a sealed part opened by somebody with no duty left for which the agreement gives it.",
        "break_glass": "Opening while a node is silent",
        "glass": "While the node of {party} is silent, its share is given in pieces by {needed} of these officers:",
        "officer": "{name}, of {party}; key {key}",
        "officer_of_neither": "{name}, of none of the parties; key {key}",
        "glass_asked": "Asked by {asks} different people of one party, who hold: {roles}. Nothing is given before "
        "{delay} have passed since; an objection of {party} in that time stops it.",
        "glass_seen": "Every request, piece and objection is on the record; each request is an incident to be "
        "answered.",
        "one_side": "All of these officers are of {side}: its people can open alone, with its node.",
        "canaries": "Copies that differ by recipient",
        "copies": "Harmless details of these parts may differ by recipient, by lists that a safety signer of each "
        "party signs: {compartments}. That they differ is known to all; which recipient has which is known to nobody "
        "but the recipient, until a leak of the order was recorded.",
        "panel": "Which copies a leak fits is worked out only after people of every party with these roles have asked: "
        "{roles}. They alone see the result.",
        "bound": "A name is shown only if chance would show a wrong one at most once in {bound} investigations, "
        "also in the half that the other party's node made; the evidence of one leak is scored at most {looks} times.",
        "auditors": "Who sees everything",
        "audited_by": "Everything that their own party's node holds is shown to these: {roles}. Of what is sealed, "
        "everybody else is shown no more than they sealed, opened or were told, and what has opened for them.",
        "marks": "Sealed marks",
        "shut_out": "A movement or a site may be hidden from a unit ({units}), or from one of its people, by any of: "
        "{by}; for {longest} at most. It works at once, and ends unless one of these of another party agrees "
        "within {within}: {agreed_by}.",
        "decoy": "A movement may be made a decoy, in which nobody who is protected travels, by any of: {by}; for "
        "{longest} at most. It counts once one of these of every other party has agreed: {agreed_by}. It "
        "ends by itself.",
        "marks_opened": "What a mark says, from whom and why is sealed to every party's node. It is opened on the "
        "record by any of: {roles}; within {within} after its end, or it is an incident to be answered.",
        "dossiers": "Dossiers of protected people",
        "dossiers_kept": "The node of the party that registers a person keeps the dossier sealed, for at most {kept} "
        "from each sealing; its key is then destroyed, and the dossier is forgotten.",
        "dossiers_held": "These parties' nodes keep every dossier too: {parties}.",
        "dossiers_opened": "May open a dossier, saying what for, on the record: {roles}.",
        "information": "Information with caveats, and joint releases",
        "inf_share": "Information is shared by holders of: {roles}. It is sealed to the nodes of its recipients.",
        "inf_consent": "For their own party's information, passing it on is allowed or refused by: {roles}.",
        "inf_recall": "It is taken back by: {roles}; all who hold it confirm within {within} at the longest.",
        "inf_release": "What is given out to the press or as numbers is proposed by: {propose}; it is out when a role "
        "of each other party has signed it: {sign}.",
        "inf_count": "A number below {n} is not given out exactly.",
        "number": "number",
        "text": "text",
        "instant": "instant",
        "yes_no": "yes or no",
        "choice": "one of",
        "names": "list of names",
        "field_digest": "digest of a document",
        "route": "route",
        "timing": "timing",
        "people": "people",
        "escort": "escort",
    },
    "zh": {
        "version": "协议 {name}，第{version}版",
        "previous": "修订摘要为 {digest} 的版本",
        "digest": "待签署摘要：{digest}",
        "parties": "当事方",
        "root": "授权机构公钥：{key}",
        "node": "节点：{url}，公钥 {key}；日志 {log}",
        "roles": "角色",
        "may": "可作陈述：{kinds}",
        "reads_only": "仅可查阅",
        "movement": "出行",
        "consent": "以下内容须经{party}批准：{parts}。",
        "chain": "通知依次转达：{chain}。",
        "drift": "出发时段移动不超过{drift}的，已有批准继续有效。",
        "review": "批准须在出发前{review}作出；否则该出行失效。",
        "guess": "如果观察者统计最近{span}内的日子（时钟 {clock}，每过{half_life}权重减半）后，"
        "猜中某次出行的地点、日期、半小时时段和路线的机会达到千分之{warn}，则向审批人发出警告。"
        "这样的日子少于{least}天时不作判断。不因此拒绝任何出行。",
        "gate": "出发条件",
        "approvals": "根据记录自动核定",
        "attested": "须由下列各角色分别确认：{by}",
        "heads": "须由下列各角色分别清点人数，且与计划相符：{by}",
        "valid_for": "确认的有效时间为{span}",
        "exception_by": "可签署例外的角色：{role}",
        "clauses": "条款",
        "owed": "义务人：{by}；权利人：{to}。",
        "severity": "严重程度：{severity}。",
        "minor": "轻微",
        "major": "重大",
        "critical": "危急",
        "evidence": "证据：{evidence}",
        "source": "来源：{source}",
        "judged": "由记录判定：",
        "by_people": "由人员判定：{reason}",
        "covers": "对应编号：{covers}",
        "parameters": "参数",
        "forms": "报告表",
        "about": "报告对象：{kind}",
        "fields": "栏目：{fields}",
        "compartments": "命令的信息分区",
        "margin": "最早可在需要之前{margin}开放",
        "release": "对{role}开放的时间：{opens}；{grade}",
        "needed": "；用途：{needs}",
        "why": "{why}（自{begins}起）",
        "enough": "{need}（{grade}）",
        "disputes": "有争议的事实",
        "ruled_by": "有争议的事实由下列各角色一致裁定：{roles}。",
        "suspension": "合作中止的等级",
        "refuses": "在本等级不生效的陈述：{kinds}",
        "step": "{within}内严重程度为{severity}及以上的违反达{breaches}次的，"
        "下列任一角色可宣布降至“{level}”：{roles}。",
        "back": "{quiet}内无违反的，由下列各角色共同宣布恢复一级：{roles}。",
        "access": "查阅及其理由",
        "access_reasons": "下列行为之前须在记录中写明理由：{kinds}。",
        "access_opened": "打开加密分区",
        "access_knew": "查询可能知情者",
        "access_pack": "取得证据包",
        "access_openings": "同一人在{span}内打开的加密分区超过{n}个，即在各方记录中列为事件。",
        "access_of_role": "一方某一角色的全体人员合计超过{n}个，亦同。",
        "access_duty": "打开分区者已无协议所述的相应职责的，亦同。",
        "break_glass": "节点无响应时的紧急开启",
        "glass": "{party}的节点无响应时，其密钥份额由下列人员中的{needed}人分片交出：",
        "officer": "{name}（{party}）；公钥 {key}",
        "officer_of_neither": "{name}（不属于任何一方）；公钥 {key}",
        "glass_asked": "须由同一方持有下列角色的{asks}名不同人员提出请求：{roles}。此后经过{delay}方可交出；"
        "{party}在此期间提出反对的，即行停止。",
        "glass_seen": "每项请求、每个分片和每项反对均载入记录；每项请求都作为事件，须作出说明。",
        "one_side": "上述人员全部属于{side}：该方人员凭其节点即可单方开启。",
        "canaries": "因接收人而异的副本",
        "copies": "下列部分中无害的细节可因接收人而异，所用清单由各方安全签署人签署：{compartments}。"
        "各份不同一事为各方所知；谁得到哪一份，在该指令的泄露载入记录之前，只有接收人本人知道。",
        "panel": "只有在每一方持有下列角色的人员都提出要求之后，才推算泄露与哪些副本相符：{roles}。结果只给他们看。",
        "bound": "只有当偶然指错一人的机会不超过{bound}次调查一次时，才显示姓名，对另一方节点所作的那一半也是如此；"
        "同一泄露的证据最多计算{looks}次。",
        "auditors": "可查看全部内容的角色",
        "audited_by": "下列角色可查看其本方节点所存的全部内容：{roles}。"
        "对于已封存的内容，其他人只能看到自己封存、打开或被告知的，以及已对其开放的部分。",
        "marks": "封存标记",
        "shut_out": "下列角色之一可将某次出行或某处地点对某一单位（{units}）或其中一人隐藏：{by}；最长{longest}。标记"
        "即时生效；若另一方的下列角色之一未在{within}内同意，则告终止：{agreed_by}。",
        "decoy": "下列角色之一可将某次出行标为佯动，其中没有任何受保护人员：{by}；最长{longest}。须另外每一方的下列角"
        "色之一同意后方为有效：{agreed_by}。到期自行终止。",
        "marks_opened": "标记的内容、对象与理由均加密封存给各方节点。由下列角色之一在记录上公开：{roles}；须在标记终"
        "止后{within}内公开，否则即为须予答复的事件。",
        "dossiers": "受保护人员档案",
        "dossiers_kept": "登记方的节点封存保管档案，自每次封存起不超过{kept}；此后销毁密钥，档案即被遗忘。",
        "dossiers_held": "下列各方的节点也保管全部档案：{parties}。",
        "dossiers_opened": "可在记录上说明用途后打开档案的角色：{roles}。",
        "information": "带有使用限制的信息与联合发布",
        "inf_share": "信息由以下角色分享：{roles}。信息加密后只交给接收方的节点。",
        "inf_consent": "本方信息能否转分享，由以下角色同意或拒绝：{roles}。",
        "inf_recall": "由以下角色召回：{roles}；所有持有者最迟在 {within} 内确认。",
        "inf_release": "对媒体的声明和统计数字由以下角色提出：{propose}；其他各方均有以下角色签署后方可发布：{sign}。",
        "inf_count": "小于 {n} 的数字不公布确切值。",
        "number": "数字",
        "text": "文字",
        "instant": "时刻",
        "yes_no": "是或否",
        "choice": "选项",
        "names": "名单",
        "field_digest": "文件摘要",
        "route": "路线",
        "timing": "时间",
        "people": "人员",
        "escort": "护送",
    },
    "ur": {
        "version": "معاہدہ {name}، نسخہ {version}",
        "previous": "یہ {digest} خلاصے والے نسخے میں ترمیم ہے",
        "digest": "دستخط کے لیے خلاصہ: {digest}",
        "parties": "فریق",
        "root": "اس کے مجاز حاکم کی کلید: {key}",
        "node": "نوڈ: {url}، کلید {key}؛ لاگ {log}",
        "roles": "ذمہ داریاں",
        "may": "کہہ سکتا ہے: {kinds}",
        "reads_only": "صرف پڑھ سکتا ہے",
        "movement": "نقل و حرکت",
        "consent": "ان امور کے لیے {party} کی منظوری درکار ہے: {parts}۔",
        "chain": "اطلاع اس ترتیب سے آگے پہنچتی ہے: {chain}۔",
        "drift": "روانگی کے وقت میں {drift} تک کی تبدیلی سے کوئی منظوری ختم نہیں ہوتی۔",
        "review": "منظوریاں روانگی سے {review} پہلے درکار ہیں؛ ان کے بغیر نقل و حرکت ساقط ہو جاتی ہے۔",
        "guess": "منظوری دینے والوں کو خبردار کیا جاتا ہے جب پچھلے {span} کے دن گننے والا کوئی نگراں "
        "(گھڑی {clock}، ہر {half_life} بعد دن کا وزن آدھا) کسی نقل و حرکت کی جگہ، دن، آدھا گھنٹہ اور راستہ "
        "1000 میں {warn} یا اس سے زیادہ امکان سے درست بوجھ سکے۔ ایسے دن {least} سے کم ہوں تو کچھ نہیں کہا جاتا۔ "
        "اس وجہ سے کوئی نقل و حرکت رد نہیں ہوتی۔",
        "gate": "روانگی کی شرائط",
        "approvals": "ریکارڈ سے اخذ کی جاتی ہے",
        "attested": "ان میں سے ہر ایک کی تصدیق درکار ہے: {by}",
        "heads": "ان میں سے ہر ایک افراد گنے گا اور گنتی منصوبے کے برابر ہوگی: {by}",
        "valid_for": "تصدیق {span} تک مؤثر رہتی ہے",
        "exception_by": "استثنا پر دستخط کر سکتا ہے: {role}",
        "clauses": "شقیں",
        "owed": "ذمہ دار: {by}؛ حق دار: {to}۔",
        "severity": "سنگینی: {severity}۔",
        "minor": "معمولی",
        "major": "سنگین",
        "critical": "انتہائی سنگین",
        "evidence": "ثبوت: {evidence}",
        "source": "ماخذ: {source}",
        "judged": "ریکارڈ سے فیصلہ:",
        "by_people": "فیصلہ افراد کریں گے: {reason}",
        "covers": "متعلقہ نمبر: {covers}",
        "parameters": "طے شدہ مقداریں",
        "forms": "رپورٹ کے فارم",
        "about": "رپورٹ کا موضوع: {kind}",
        "fields": "خانے: {fields}",
        "compartments": "حکم نامے کے الگ الگ حصے",
        "margin": "ضرورت سے زیادہ سے زیادہ {margin} پہلے کھل سکتا ہے",
        "release": "{role} کے لیے کھلنے کا وقت: {opens}؛ {grade}",
        "needed": "؛ ضرورت: {needs}",
        "why": "{why} (آغاز: {begins})",
        "enough": "{need} ({grade})",
        "disputes": "متنازع حقائق",
        "ruled_by": "متنازع حقیقت پر یہ سب متفقہ فیصلہ دیں گے: {roles}۔",
        "suspension": "تعاون کی معطلی کے درجے",
        "refuses": "اس درجے پر غیر مؤثر بیانات: {kinds}",
        "step": "”{level}“ کے درجے تک کمی کا اعلان ان میں سے کوئی بھی کر سکتا ہے: {roles}؛ جب {within} کے اندر "
        "{severity} یا اس سے زیادہ سنگین خلاف ورزیاں کم از کم {breaches} ہوں۔",
        "back": "ایک درجہ بحالی کا اعلان یہ سب مل کر کریں گے: {roles}؛ جب {quiet} تک کوئی خلاف ورزی نہ ہو۔",
        "access": "دیکھنا اور اس کی وجہ",
        "access_reasons": "ان سے پہلے ریکارڈ پر وجہ درج ہوگی: {kinds}۔",
        "access_opened": "مہر بند حصہ کھولنا",
        "access_knew": "یہ پوچھنا کہ کون جان سکتا تھا",
        "access_pack": "شواہد کا پیک لینا",
        "access_openings": "اگر ایک شخص {span} کے اندر {n} سے زیادہ مہر بند حصے کھولے تو یہ ہر ریکارڈ پر واقعہ ہے۔",
        "access_of_role": "ایک فریق کی کسی ذمہ داری کے تمام افراد مل کر {n} سے زیادہ کھولیں تو بھی۔",
        "access_duty": "اگر کھولنے والے کی وہ ذمہ داری باقی نہ ہو جس کے لیے معاہدہ حصہ دیتا ہے تو بھی۔",
        "break_glass": "نوڈ کی خاموشی میں ہنگامی طور پر کھولنا",
        "glass": "جب {party} کا نوڈ خاموش ہو تو اس کا حصہ ان افسران میں سے {needed} ٹکڑوں میں دیں گے:",
        "officer": "{name}، {party}؛ کلید {key}",
        "officer_of_neither": "{name}، کسی فریق سے نہیں؛ کلید {key}",
        "glass_asked": "درخواست ایک ہی فریق کے {asks} مختلف افراد کریں گے جن کے پاس یہ ذمہ داریاں ہوں: {roles}۔ اس کے "
        "بعد {delay} گزرنے سے پہلے کچھ نہیں دیا جاتا؛ اس دوران {party} کا اعتراض اسے روک دیتا ہے۔",
        "glass_seen": "ہر درخواست، ہر ٹکڑا اور ہر اعتراض ریکارڈ پر ہے؛ ہر درخواست ایک واقعہ ہے جس کا جواب دینا ہوگا۔",
        "one_side": "یہ سب افسران {side} کے ہیں: اس کے لوگ اپنے نوڈ کے ساتھ اکیلے کھول سکتے ہیں۔",
        "canaries": "ہر وصول کنندہ کے لیے مختلف نقول",
        "copies": "ان حصوں کی بے ضرر تفصیلات ہر وصول کنندہ کے لیے مختلف ہو سکتی ہیں، ان فہرستوں کے مطابق جن پر "
        "ہر فریق کا ذمہ دارِ حفاظت دستخط کرتا ہے: {compartments}۔ یہ سب جانتے ہیں کہ نقول مختلف ہیں؛ "
        "کس کے پاس کون سی ہے، یہ حکم کے افشا کے ریکارڈ پر آنے تک صرف وصول کنندہ جانتا ہے۔",
        "panel": "افشا کن نقول سے ملتا ہے، یہ تبھی معلوم کیا جاتا ہے جب ہر فریق کے ان ذمہ داروں نے درخواست کی ہو: "
        "{roles}۔ نتیجہ صرف وہی دیکھتے ہیں۔",
        "bound": "نام صرف تب دکھایا جاتا ہے جب اتفاق سے غلط نام {bound} تحقیقات میں زیادہ سے زیادہ ایک بار آئے، "
        "دوسرے فریق کے نوڈ کے بنائے نصف میں بھی؛ ایک افشا کے شواہد زیادہ سے زیادہ {looks} بار جانچے جاتے ہیں۔",
        "auditors": "جو سب کچھ دیکھتے ہیں",
        "audited_by": "ان کو وہ سب دکھایا جاتا ہے جو ان کے اپنے فریق کے نوڈ کے پاس ہے: {roles}۔ "
        "مہر بند باتوں میں سے باقی ہر ایک کو صرف وہ دکھایا جاتا ہے جو اس نے خود مہر بند کیا، کھولا "
        "یا جو اسے بتایا گیا، اور جو اس کے لیے کھل چکا ہے۔",
        "marks": "مہر بند نشان",
        "shut_out": "کوئی نقل و حرکت یا مقام کسی یونٹ ({units}) یا اس کے کسی فرد سے ان میں سے کوئی چھپا سکتا ہے: {by}"
        "؛ زیادہ سے زیادہ {longest}۔ یہ فوراً مؤثر ہے، اور ختم ہو جاتا ہے اگر {within} میں دوسرے فریق کے ان "
        "میں سے کوئی اتفاق نہ کرے: {agreed_by}۔",
        "decoy": "کسی نقل و حرکت کو، جس میں کوئی زیرِ حفاظت فرد سفر نہیں کرتا، ان میں سے کوئی دھوکے کی نقل و حرکت "
        "بنا سکتا ہے: {by}؛ زیادہ سے زیادہ {longest}۔ یہ تب مانی جاتی ہے جب ہر دوسرے فریق کے ان میں سے کوئی "
        "اتفاق کرے: {agreed_by}۔ یہ خود ختم ہو جاتی ہے۔",
        "marks_opened": "نشان کا مضمون، کس سے اور کیوں، ہر فریق کے نوڈ کے لیے مہر بند ہے۔ اسے ریکارڈ پر ان میں سے "
        "کوئی کھولتا ہے: {roles}؛ ختم ہونے کے بعد {within} میں، ورنہ یہ جواب طلب واقعہ ہے۔",
        "dossiers": "زیرِ حفاظت افراد کے کوائف",
        "dossiers_kept": "جو فریق کسی فرد کا اندراج کرے اس کا نوڈ کوائف مہر بند رکھتا ہے، ہر بار مہر لگنے سے زیادہ "
        "سے زیادہ {kept} تک؛ پھر کلید تلف کر دی جاتی ہے اور کوائف بھلا دیے جاتے ہیں۔",
        "dossiers_held": "ان فریقوں کے نوڈ بھی تمام کوائف رکھتے ہیں: {parties}۔",
        "dossiers_opened": "ریکارڈ پر مقصد بتا کر کوائف کھول سکتے ہیں: {roles}۔",
        "information": "پابندی والی معلومات اور مشترکہ بیانات",
        "inf_share": "معلومات یہ کردار شریک کرتے ہیں: {roles}۔ یہ صرف وصول کنندگان کے نوڈز کے لیے مہر بند ہوتی ہیں۔",
        "inf_consent": "اپنے فریق کی معلومات آگے دینے کی اجازت یا انکار یہ کرتے ہیں: {roles}۔",
        "inf_recall": "واپس یہ لیتے ہیں: {roles}؛ جن کے پاس ہوں وہ زیادہ سے زیادہ {within} میں تصدیق کرتے ہیں۔",
        "inf_release": "پریس کے لیے بیان یا اعداد یہ تجویز کرتے ہیں: {propose}؛ "
        "جب ہر دوسرے فریق کا کوئی کردار دستخط کر دے تو جاری ہوتے ہیں: {sign}۔",
        "inf_count": "{n} سے کم تعداد ٹھیک ٹھیک نہیں بتائی جاتی۔",
        "number": "عدد",
        "text": "متن",
        "instant": "وقت",
        "yes_no": "ہاں یا نہیں",
        "choice": "ان میں سے ایک",
        "names": "ناموں کی فہرست",
        "field_digest": "دستاویز کا خلاصہ",
        "route": "راستہ",
        "timing": "وقت",
        "people": "افراد",
        "escort": "حفاظتی دستہ",
    },
}
_ARROW = {"en": " → ", "zh": " → ", "ur": " ← "}


def render(terms: Terms, language: str) -> str:
    """The whole agreement as Markdown in one of its languages. Raises ValueError for another language."""
    if language not in terms.languages:
        raise ValueError(f"a language of the agreement ({', '.join(terms.languages)}), got {language!r}")
    return "\n".join(_Document(terms, language).lines()) + "\n"


class _Document:
    """One agreement in one language, as lines."""

    def __init__(self, terms: Terms, language: str) -> None:
        self._terms = terms
        self._language = language

    def lines(self) -> list[str]:
        terms = self._terms
        lines = [f"# {plain(terms.title[self._language])}", ""]
        lines += [self._say("version", name=terms.name, version=str(terms.version)), ""]
        if terms.previous is not None:
            lines += [self._say("previous", digest=terms.previous), ""]
        lines += [self._say("digest", digest=terms.digest), ""]
        lines += self._section("parties", terms.parties, self._party)
        lines += self._section("roles", terms.roles, self._role)
        lines += [f"## {self._word('movement')}", "", *self._movement(), ""]
        lines += self._section("gate", terms.movement.ready_gate, self._gate_item)
        if terms.parameters:
            lines += self._section("parameters", terms.parameters, self._parameter)
        if terms.forms:
            lines += self._section("forms", terms.forms, self._form)
        if terms.compartments:
            lines += self._section("compartments", terms.compartments, self._compartment)
        if terms.disputes is not None:
            ruled_by = "- " + self._say("ruled_by", roles=self._roles(terms.disputes.ruled_by))
            lines += [f"## {self._word('disputes')}", "", ruled_by, ""]
        if terms.suspension is not None:
            lines += [f"## {self._word('suspension')}", "", *self._suspension(terms.suspension), ""]
        if terms.break_glass:
            lines += self._section("break_glass", terms.break_glass, self._glass)
        if terms.access is not None:
            lines += [f"## {self._word('access')}", "", *self._access(terms.access), ""]
        if terms.auditors:
            audited_by = "- " + self._say("audited_by", roles=self._roles(terms.auditors))
            lines += [f"## {self._word('auditors')}", "", audited_by, ""]
        if terms.marks is not None:
            lines += [f"## {self._word('marks')}", "", *self._marks(terms.marks), ""]
        if terms.dossiers is not None:
            lines += [f"## {self._word('dossiers')}", "", *self._dossiers(terms.dossiers), ""]
        if terms.information is not None:
            lines += [f"## {self._word('information')}", "", *self._information(terms.information), ""]
        if terms.canaries is not None:
            lines += [f"## {self._word('canaries')}", "", *self._canaries(terms.canaries), ""]
        lines += [f"## {self._word('clauses')}", ""]
        for clause in terms.clauses:
            lines += self._clause(clause)
        return lines[:-1]

    def _word(self, word: str) -> str:
        return _WORDS[self._language][word]

    def _say(self, word: str, **names: str) -> str:
        isolates = {name: isolated(plain(text), self._language) for name, text in names.items()}
        return self._word(word).format(**isolates)

    def _section(self, heading: str, items: tuple[_Item, ...], lines_of: Callable[[_Item], list[str]]) -> list[str]:
        lines = [f"## {self._word(heading)}", ""]
        for item in items:
            lines += lines_of(item)
        return [*lines, ""]

    def _role_name(self, role_id: str) -> str:
        return name_of(self._terms, role_id, self._language)

    def _roles(self, role_ids: tuple[str, ...]) -> str:
        return listed([self._role_name(role) for role in role_ids], self._language)

    def _kinds(self, kinds: tuple[str, ...]) -> str:
        return listed([act_title(self._terms, kind, self._language) for kind in kinds], self._language)

    def _span(self, span: str) -> str:
        return duration_text(span, self._language)

    def _named(self, name: str, identifier: str) -> str:
        return f"- **{plain(name)}** ({isolated(identifier, self._language)})"

    def _party(self, party: PartyTerms) -> list[str]:
        node = party.node
        return [
            self._named(party.name[self._language], party.id),
            "  - " + self._say("root", key=party.root),
            "  - " + self._say("node", url=node.url, key=node.node, log=node.log.split("+")[0]),
        ]

    def _role(self, role: Role) -> list[str]:
        said = self._say("may", kinds=self._kinds(role.may)) if role.may else self._word("reads_only")
        return [self._named(role.name[self._language], f"{role.party}/{role.id}"), "  - " + said]

    def _movement(self) -> list[str]:
        movement = self._terms.movement
        lines = []
        for consent in movement.consent:
            parts = listed([self._word(part) for part in consent.parts], self._language)
            lines.append(
                "- " + self._say("consent", party=name_of(self._terms, consent.party, self._language), parts=parts)
            )
        if movement.notice_chain:
            chain = _ARROW[self._language].join(self._role_name(role) for role in movement.notice_chain)
            lines.append("- " + self._say("chain", chain=chain))
        lines.append("- " + self._say("drift", drift=self._span(movement.drift)))
        lines.append("- " + self._say("review", review=self._span(movement.review_before)))
        if movement.predictability is not None:
            lines.append("- " + self._guess(movement.predictability))
        return lines

    def _guess(self, terms: PredictabilityTerms) -> str:
        return self._say(
            "guess",
            warn=str(terms.warn),
            span=self._span(terms.span),
            half_life=self._span(terms.half_life),
            least=str(terms.least),
            clock=f"UTC{terms.clock}",
        )

    def _gate_item(self, item: GateItem) -> list[str]:
        lines = [self._named(item.name[self._language], item.id)]
        lines.append("  - " + self._say(item.check, by=self._roles(item.by)))
        if item.valid_for is not None:
            lines.append("  - " + self._say("valid_for", span=self._span(item.valid_for)))
        if item.exception_by is not None:
            lines.append("  - " + self._say("exception_by", role=self._role_name(item.exception_by)))
        return lines

    def _parameter(self, parameter: Parameter) -> list[str]:
        value = isolated(plain(parameter_text(parameter, self._language)), self._language)
        lines = [f"- **{isolated(plain(parameter.id), self._language)}**: {value}"]
        if parameter.question is not None:
            lines.append("  - " + isolated(plain(parameter.question[self._language]), self._language))
        return [*lines, "  - " + self._say("source", source=parameter.source)]

    def _form(self, form: Form) -> list[str]:
        lines = [
            self._named(form.name[self._language], form.id),
            "  - " + self._say("about", kind=kind_title(form.id.split(".", 1)[0], self._language)),
        ]
        if form.fields:
            fields = listed([self._field(field) for field in form.fields], self._language)
            lines.append("  - " + self._say("fields", fields=fields))
        return lines

    def _field(self, field: Field) -> str:
        name = field.name[self._language] if field.name is not None else field.id
        type_ = self._word("field_digest" if field.type == "digest" else field.type)
        options = f": {listed(list(field.options), self._language)}" if field.options else ""
        return f"{name} ({type_}{options})"

    def _compartment(self, compartment: Compartment) -> list[str]:
        lines = [self._named(compartment.name[self._language], compartment.id)]
        if compartment.margin is not None:
            margin = span_text(self._terms, compartment.margin, self._language)
            lines.append("  - " + self._say("margin", margin=margin))
        for release in compartment.releases:
            said = self._word("release").format(
                role=isolated(plain(self._role_name(release.role)), self._language),
                opens=instant_words(self._terms, release.opens, "movement", self._language),
                grade=grade_text(release.grade, release.metres, release.minutes, self._language),
            )
            if release.needs:
                needs = listed([self._need(need) for need in release.needs], self._language)
                said += self._word("needed").format(needs=needs)
            lines.append(f"  - {said}")
        return lines

    def _need(self, need: Need) -> str:
        if need.item is not None:
            items = {item.id: item.name[self._language] for item in self._terms.movement.ready_gate}
            what = items.get(need.item, need.item)
        else:
            what = need.why[self._language] if need.why is not None else need.clause or ""
        said = isolated(plain(what), self._language)
        if need.begins is not None:
            begins = instant_words(self._terms, need.begins, "movement", self._language)
            said = self._word("why").format(why=said, begins=begins)
        if need.grade is None:
            return said
        grade = grade_text(need.grade, need.metres, need.minutes, self._language)
        return self._word("enough").format(need=said, grade=grade)

    def _dossiers(self, dossiers: Dossiers) -> list[str]:
        lines = [f"- {self._say('dossiers_kept', kept=self._span(dossiers.kept))}"]
        if dossiers.held_by:
            known = (self._terms.party(party) for party in dossiers.held_by)
            names = [party.name[self._language] for party in known if party is not None]
            lines.append(f"- {self._say('dossiers_held', parties=listed(names, self._language))}")
        return [*lines, f"- {self._say('dossiers_opened', roles=self._roles(dossiers.opened_by))}"]

    def _suspension(self, suspension: Suspension) -> list[str]:
        names = {level.id: level.name[self._language] for level in suspension.levels}
        lines = [line for level in suspension.levels for line in self._level(level)]
        for step in suspension.steps:
            said = self._say(
                "step",
                level=names.get(step.to, step.to),
                roles=self._roles(step.by),
                breaches=str(step.breaches),
                severity=self._word(step.severity),
                within=self._span(step.within),
            )
            lines.append(f"- {said}")
        back = self._say("back", roles=self._roles(suspension.back), quiet=self._span(suspension.quiet))
        return [*lines, f"- {back}"]

    def _level(self, level: Level) -> list[str]:
        lines = [self._named(level.name[self._language], level.id)]
        if level.refuses:
            lines.append("  - " + self._say("refuses", kinds=self._kinds(level.refuses)))
        return lines

    def _glass(self, glass: BreakGlass) -> list[str]:
        party = name_of(self._terms, glass.party, self._language)
        asked = self._say(
            "glass_asked",
            asks=str(glass.asks),
            roles=self._roles(glass.asked_by),
            delay=self._span(glass.delay),
            party=party,
        )
        lines = ["- " + self._say("glass", party=party, needed=str(glass.needed))]
        lines += ["  - " + self._officer(officer) for officer in glass.officers]
        side = one_side(glass)
        if side is not None:
            lines.append("- " + self._say("one_side", side=name_of(self._terms, side, self._language)))
        return [*lines, f"- {asked}", "- " + self._word("glass_seen")]

    def _access(self, access: AccessTerms) -> list[str]:
        lines = []
        if access.reasons:
            kinds = [self._word(f"access_{reason.removeprefix('compartment.')}") for reason in access.reasons]
            lines.append("- " + self._say("access_reasons", kinds=listed(kinds, self._language)))
        if access.openings is not None and access.within is not None:
            lines.append("- " + self._say("access_openings", n=str(access.openings), span=self._span(access.within)))
        if access.openings_of_role is not None and access.within is not None:
            lines.append("- " + self._say("access_of_role", n=str(access.openings_of_role)))
        return [*lines, "- " + self._word("access_duty")]

    def _canaries(self, canaries: Canaries) -> list[str]:
        names = {known.id: known.name[self._language] for known in self._terms.compartments}
        parts = [isolated(plain(names.get(part, part)), self._language) for part in canaries.compartments]
        bound = self._say("bound", bound=f"{10**canaries.bound:,}", looks=str(canaries.looks))
        return [
            "- " + self._word("copies").format(compartments=listed(parts, self._language)),
            "- " + self._say("panel", roles=self._roles(canaries.panel)),
            "- " + bound,
        ]

    def _marks(self, marks: Marks) -> list[str]:
        lines = []
        hiding = marks.shut_out
        if hiding is not None:
            lines.append(
                "- "
                + self._say(
                    "shut_out",
                    by=self._roles(hiding.by),
                    units=self._roles(hiding.units),
                    longest=self._span(hiding.longest),
                    agreed_by=self._roles(hiding.agreed_by),
                    within=self._span(hiding.agree_within),
                )
            )
        if marks.decoy is not None:
            lines.append(
                "- "
                + self._say(
                    "decoy",
                    by=self._roles(marks.decoy.by),
                    longest=self._span(marks.decoy.longest),
                    agreed_by=self._roles(marks.decoy.agreed_by),
                )
            )
        opened = self._say("marks_opened", roles=self._roles(marks.opened_by), within=self._span(marks.review_within))
        return [*lines, f"- {opened}"]

    def _information(self, information: InformationTerms) -> list[str]:
        said = [
            self._say("inf_share", roles=self._roles(information.share)),
            self._say("inf_consent", roles=self._roles(information.consent)),
            self._say(
                "inf_recall",
                roles=self._roles(information.recall),
                within=self._span(information.acknowledge_within),
            ),
            self._say("inf_release", propose=self._roles(information.propose), sign=self._roles(information.sign)),
        ]
        if information.smallest_count > 1:
            said.append(self._say("inf_count", n=str(information.smallest_count)))
        return [f"- {line}" for line in said]

    def _officer(self, officer: Officer) -> str:
        name = officer.name[self._language]
        if officer.party is None:
            return self._say("officer_of_neither", name=name, key=officer.key)
        return self._say(
            "officer", name=name, party=name_of(self._terms, officer.party, self._language), key=officer.key
        )

    def _clause(self, clause: Clause) -> list[str]:
        severity = self._word(clause.severity)
        return [
            f"### {isolated(clause.id, self._language)} {plain(clause.title[self._language])}",
            "",
            # Quoted line by line, or a clause's text could pass for the next clause.
            *quoted(clause_text(self._terms, clause, self._language)),
            "",
            "- " + self._say("owed", by=self._role_name(clause.owed_by), to=self._role_name(clause.owed_to)),
            "- " + self._say("severity", severity=severity),
            *self._judged(clause),
            "- " + self._say("evidence", evidence=clause.evidence),
            "- " + self._say("source", source=clause.source),
            *(
                ["- " + self._say("covers", covers=listed(list(clause.covers), self._language))]
                if clause.covers
                else []
            ),
            "",
        ]

    def _judged(self, clause: Clause) -> list[str]:
        if clause.rule is not None:
            lines = rule_lines(self._terms, clause.rule, self._language)
            return ["- " + self._word("judged"), *("  - " + line for line in lines)]
        reason = clause.by_people[self._language] if clause.by_people is not None else ""
        return ["- " + self._say("by_people", reason=reason)]
