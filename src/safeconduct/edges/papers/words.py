"""Every text of the papers in every language, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

DIRECTIONS: Mapping[str, Literal["ltr", "rtl"]] = {"en": "ltr", "zh": "ltr", "ur": "rtl"}

# key: (English, Simplified Chinese, Urdu)
WORDS: Mapping[str, tuple[str, str, str]] = {
    # --- on every paper ---
    "contents": ("Contents", "目录", "فہرست"),
    "page": ("Page {n} of {of}", "第 {n} 页，共 {of} 页", "صفحہ {n} از {of}"),
    "utc": ("All times are UTC.", "所有时间均为协调世界时（UTC）。", "تمام اوقات UTC میں ہیں۔"),
    "agreement": ("Agreement", "协议", "معاہدہ"),
    "agreement_is": ("{title}, version {version}", "{title}，第{version}版", "{title}، نسخہ {version}"),
    "digest": ("Digest", "摘要", "خلاصہ"),
    "period": ("Period", "期间", "مدت"),
    "from_until": ("{first} to {last}", "{first}至{last}", "{first} تا {last}"),
    "as_seen": ("As seen on", "统计时间", "جائزے کا وقت"),
    "seen_by": ("By the node of", "统计节点所属方", "کس فریق کے نوڈ سے"),
    "months": (
        "January February March April May June July August September October November December",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    ),
    "date": ("{day} {month} {year}", "{year}年{month}{day}日", "{day} {month} {year}"),
    "short_date": ("{day} {month}", "{month}{day}日", "{day} {month}"),
    "listed": (", ", "、", "، "),
    # --- the agreement ---
    "signatures": ("Signatures", "签署", "دستخط"),
    "signature_of": (
        "For {party}: name, date, signature",
        "{party}：姓名、日期、签字",
        "برائے {party}: نام، تاریخ، دستخط",
    ),
    "signed_by_key": (
        (
            "What binds is the digest, signed with each party's key. This paper is a copy for people; whoever has the"
            " text can compute the digest again."
        ),
        "具有约束力的是各方以其密钥签署的摘要。本文件是供人阅读的副本；持有协议文本者可自行重新计算该摘要。",
        (
            "پابند کرنے والی چیز وہ خلاصہ ہے جس پر ہر فریق نے اپنی کلید سے دستخط کیے۔ یہ کاغذ لوگوں کے پڑھنے کے لیے"
            " نقل ہے؛ جس کے پاس متن ہو وہ خلاصہ خود دوبارہ نکال سکتا ہے۔"
        ),
    ),
    # --- who will know what when ---
    "knowing": ("Who will know what, when", "谁将在何时知道什么", "کون کیا اور کب جانے گا"),
    "knowing_lead": (
        (
            "By the agreement, for this window of departure. The bar begins when the part opens for the role; the"
            " higher it is, the more is told. Another window moves the times."
        ),
        "根据协议，按此出发时段列出。横条自该部分对该角色开放时起；横条越高，告知的内容越多。出发时段改变，各时间随之移动。",
        (
            "معاہدے کے مطابق، روانگی کے اس وقت کے لیے۔ پٹی وہاں سے شروع ہوتی ہے جب وہ حصہ اس ذمہ دار کے لیے کھلتا ہے؛"
            " پٹی جتنی اونچی، اتنا زیادہ بتایا جاتا ہے۔ روانگی کا وقت بدلے تو یہ اوقات بھی بدلتے ہیں۔"
        ),
    ),
    "nothing_opens": (
        "This agreement has no compartments: nothing opens for anybody.",
        "本协议未设信息分区：没有任何内容对任何人开放。",
        "اس معاہدے میں الگ حصے نہیں: کسی کے لیے کچھ نہیں کھلتا۔",
    ),
    "movement": ("Movement", "出行", "نقل و حرکت"),
    "departure": ("Window of departure", "出发时段", "روانگی کا مقررہ وقت"),
    "role": ("Role", "角色", "ذمہ داری"),
    "compartment": ("Part of the order", "命令的部分", "حکم نامے کا حصہ"),
    "opens": ("Opens", "开放时间", "کھلنے کا وقت"),
    "when_reported": ("when it is reported: {moment}", "报告之后：{moment}", "اطلاع ملنے پر: {moment}"),
    "grade_exact": ("in full", "全部内容", "مکمل تفصیل"),
    "grade_blurred": ("blurred", "模糊内容", "مبہم تفصیل"),
    "grade_count": ("only how many", "仅知数量", "صرف تعداد"),
    "grade_existence": ("only that it exists", "仅知其存在", "صرف اس کا وجود"),
    # --- what is held about a person ---
    "person": ("What is held about one person", "关于一名人员所保存的内容", "ایک فرد کے بارے میں کیا محفوظ ہے"),
    "person_lead": (
        (
            "You may read everything on this page. It is what the record of both sides and the node of your side hold"
            " about the person with this pseudonym."
        ),
        "本页全部内容您均有权阅读。以下是各方记录和您所属一方的节点所保存的、关于该代号人员的全部内容。",
        (
            "اس صفحے کی ہر بات پڑھنا آپ کا حق ہے۔ یہ وہ سب کچھ ہے جو فریقوں کے ریکارڈ اور آپ کے فریق کے نوڈ میں"
            " اس فرضی نام والے فرد کے بارے میں محفوظ ہے۔"
        ),
    ),
    "pseudonym": ("Pseudonym", "代号", "فرضی نام"),
    "registered_by": ("Registered by", "登记方", "اندراج کرنے والا فریق"),
    "group": ("Group", "团组", "گروہ"),
    "dossier": ("Dossier", "档案", "کوائف"),
    "dossier_name": ("Name", "姓名", "نام"),
    "dossier_papers": ("Papers", "证件", "دستاویزات"),
    "dossier_closed": (
        "The name and the papers were not opened for this page.",
        "本页未打开姓名和证件。",
        "اس صفحے کے لیے نام اور دستاویزات نہیں کھولی گئیں۔",
    ),
    "dossier_none": (
        "No node keeps the dossier. The record has only a commitment to it, which says nothing of it.",
        "没有节点保存该档案。记录中只有其承诺值，不透露任何内容。",
        "کوئی نوڈ کوائف نہیں رکھتا۔ ریکارڈ میں صرف ان کا عہد ہے، جو ان کے بارے میں کچھ نہیں بتاتا۔",
    ),
    "dossier_kept": (
        "Kept by {parties}. It can be opened until {until}; its key is destroyed on {end}: then nobody can open it.",
        "由{parties}保存。{until}之前可以打开；密钥将于{end}销毁，此后任何人都无法打开。",
        "{parties} کے پاس محفوظ۔ {until} تک کھل سکتے ہیں؛ کلید {end} کو تلف ہو گی، پھر کوئی نہیں کھول سکتا۔",
    ),
    "dossier_forgotten": (
        "Forgotten: every key that could open it is destroyed, and the ciphertext with it.",
        "已遗忘：能打开它的密钥及其密文均已销毁。",
        "بھلا دیے گئے: انہیں کھولنے والی ہر کلید اور مہر بند متن تلف ہو چکے ہیں۔",
    ),
    "dossier_opened": (
        "Opened by {actor} on {at}: {reason}",
        "{actor}于{at}打开：{reason}",
        "{actor} نے {at} کو کھولے: {reason}",
    ),
    "dossier_unopened": ("Nobody has opened it.", "尚无人打开。", "کسی نے نہیں کھولے۔"),
    "boxes": (
        "Copies that still lie encrypted in the folder of whoever made this page: {n}",
        "制作本页者的文件夹中仍以加密形式存在的副本：{n}",
        "یہ صفحہ بنانے والے کے فولڈر میں اب بھی موجود خفیہ نقول: {n}",
    ),
    "said_of_person": ("What was said, by whom", "何人说过什么", "کس نے کیا کہا"),
    "said_when": ("At", "时间", "وقت"),
    "said_what": ("Statement", "陈述", "بیان"),
    "said_who": ("By", "陈述人", "کس نے"),
    "said_void": ("It has no effect.", "不生效。", "اس کا کوئی اثر نہیں۔"),
    # --- compliance ---
    "compliance": ("How the agreement was kept", "协议履行情况", "معاہدے کی پابندی"),
    "summary": ("In short", "概要", "خلاصۂ احوال"),
    "kept_of": ("{kept} of {decided}", "{kept}/{decided}", "{decided} میں سے {kept}"),
    "kept_sentence": (
        "Of {decided} duties that were decided in this period, {kept} were kept and {breached} were not.",
        "本期间已有结论的义务共{decided}项，其中{kept}项已履行，{breached}项未履行。",
        "اس مدت میں جن {decided} ذمہ داریوں کا فیصلہ ہوا، ان میں سے {kept} پوری ہوئیں اور {breached} پوری نہ ہوئیں۔",
    ),
    "nothing_decided": (
        "No duty was decided in this period.",
        "本期间没有义务得出结论。",
        "اس مدت میں کسی ذمہ داری کا فیصلہ نہیں ہوا۔",
    ),
    "open_sentence": (
        "Open: breaches without answer or cure {breaches}, disputes {disputes}. Overdue now: {overdue}.",
        "待处理：未答复且未补救的违约{breaches}项，争议{disputes}项。目前逾期{overdue}项。",
        "زیرِ التوا: بغیر جواب یا تلافی کے خلاف ورزیاں {breaches}، تنازعات {disputes}۔ اس وقت تاخیر میں: {overdue}۔",
    ),
    "what_counts": (
        (
            "Each duty counts in the period of the instant that decides it. Waived and disputed duties are neither kept"
            " nor breached; those not yet due are open. A number alone tells little: read it with the cases."
        ),
        (
            "每项义务计入决定其结果的时刻所在的期间。已豁免和有争议的义务既不计为已履行，也不计为违约；尚未到期的为待定。"
            "仅凭数字说明不了多少问题，请结合具体事项阅读。"
        ),
        (
            "ہر ذمہ داری اس مدت میں شمار ہوتی ہے جس میں اس کا فیصلہ کرنے والا لمحہ آئے۔ معاف شدہ اور متنازع ذمہ داریاں"
            " نہ پوری شمار ہوتی ہیں نہ خلاف ورزی؛ جن کا وقت نہیں آیا وہ باقی ہیں۔"
            " صرف عدد کم بتاتا ہے: اسے واقعات کے ساتھ پڑھیں۔"
        ),
    ),
    "by_party": ("By party", "按当事方", "فریق کے لحاظ سے"),
    "by_owner": ("By who owed it", "按义务人", "ذمہ دار کے لحاظ سے"),
    "by_clause": ("By clause", "按条款", "شق کے لحاظ سے"),
    "over_time": ("Over time", "随时间变化", "وقت کے ساتھ"),
    "clause": ("Clause", "条款", "شق"),
    "owner": ("Owed by", "义务人", "ذمہ دار"),
    "party": ("Party", "当事方", "فریق"),
    "share": ("Shares", "比例", "تناسب"),
    "kept_column": ("Kept", "已履行", "پوری"),
    "near_column": ("Only just", "勉强", "بمشکل"),
    "breached_column": ("Breached", "违约", "خلاف ورزی"),
    "cured_column": ("of these cured", "已补救", "جن کی تلافی ہوئی"),
    "disputed_column": ("Disputed", "有争议", "متنازع"),
    "waived_column": ("Waived", "已豁免", "معاف"),
    "pending_column": ("Open", "待定", "باقی"),
    "kept": ("kept", "已履行", "پوری"),
    "near": ("kept, but only just, or known late", "勉强履行或迟获知", "بمشکل پوری، یا دیر سے معلوم ہوئی"),
    "disputed": ("disputed", "有争议", "متنازع"),
    "breached": ("breached", "违约", "خلاف ورزی"),
    "waived": ("waived", "已豁免", "معاف"),
    "pending": ("not yet decided", "尚无结论", "ابھی فیصلہ نہیں"),
    "part_count": ("{part}: {n}", "{part}：{n}", "{part}: {n}"),
    "step_day": ("One column is a day.", "每列为一天。", "ہر ستون ایک دن ہے۔"),
    "step_week": ("One column is a week.", "每列为一周。", "ہر ستون ایک ہفتہ ہے۔"),
    "step_month": ("One column is a month.", "每列为一个月。", "ہر ستون ایک مہینہ ہے۔"),
    "own_scale": (
        "Each picture has its own scale; the number in its middle says how many duties its highest column stands for.",
        "各图刻度不同；图下居中的数字为最高一列所代表的义务数。",
        "ہر تصویر کا اپنا پیمانہ ہے؛ درمیان کا عدد بتاتا ہے کہ سب سے اونچا ستون کتنی ذمہ داریوں کا ہے۔",
    ),
    "highest": ("↑ {n}", "↑ {n}", "↑ {n}"),
    "all_clauses": ("All clauses", "全部条款", "تمام شقیں"),
    "matters": ("Breaches and disputes", "违约与争议", "خلاف ورزیاں اور تنازعات"),
    "no_matters": (
        "There was no breach and no dispute in this period.",
        "本期间没有违约，也没有争议。",
        "اس مدت میں کوئی خلاف ورزی ہوئی نہ کوئی تنازع۔",
    ),
    "matter_open": ("open", "待处理", "زیرِ التوا"),
    "matter_closed": ("answered", "已答复", "جواب دیا گیا"),
    "matter_cured": ("cured", "已补救", "تلافی ہو گئی"),
    "minor": ("minor", "轻微", "معمولی"),
    "major": ("major", "重大", "سنگین"),
    "critical": ("critical", "危急", "انتہائی سنگین"),
    "no_account": ("No explanation has been given.", "尚未作出说明。", "ابھی تک کوئی وضاحت نہیں دی گئی۔"),
    "said_explained": (
        "Explanation by {actor}, {time}:",
        "{actor}于{time}说明：",
        "{actor} کی وضاحت، {time}:",
    ),
    "said_contested": (
        "Contested by {actor}, {time}:",
        "{actor}于{time}提出异议：",
        "{actor} کا اعتراض، {time}:",
    ),
    "said_ruled_stands": (
        "Ruled by {actor}, {time}, that the statement stands:",
        "{actor}于{time}裁定该陈述成立：",
        "{actor} کا فیصلہ، {time}، کہ بیان قائم ہے:",
    ),
    "said_ruled_falls": (
        "Ruled by {actor}, {time}, that the statement does not stand:",
        "{actor}于{time}裁定该陈述不成立：",
        "{actor} کا فیصلہ، {time}، کہ بیان قائم نہیں:",
    ),
    "said_waived": ("Waived by {actor}, {time}:", "{actor}于{time}豁免：", "{actor} کی معافی، {time}:"),
    "proved_by": ("Proved by: {entries}", "证据：{entries}", "ثبوت: {entries}"),
    "entry": ("{party}, entry {n}", "{party}第{n}条", "{party}، اندراج {n}"),
    "held": ("What held", "行之有效的措施", "کیا قائم رہا"),
    "held_lead": (
        "These clauses were owed in this period and kept every time. What works deserves to be known, too.",
        "以下条款在本期间均须履行，且每次都得到履行。有效的做法同样值得了解。",
        "یہ شقیں اس مدت میں لاگو ہوئیں اور ہر بار پوری ہوئیں۔ جو کارگر رہا وہ بھی جاننے کے لائق ہے۔",
    ),
    "held_times": ("{n} times", "{n}次", "{n} بار"),
    "held_once": ("once", "1次", "ایک بار"),
    "nothing_held": (
        "No clause was owed and kept every time.",
        "没有每次均得到履行的条款。",
        "کوئی شق ہر بار پوری نہیں ہوئی۔",
    ),
    "overdue": ("Overdue now", "目前逾期", "اس وقت تاخیر میں"),
    "nothing_overdue": ("Nothing is overdue.", "没有逾期事项。", "کچھ تاخیر میں نہیں۔"),
    # --- the meeting ---
    "meeting": ("Papers for the meeting", "会议文件", "اجلاس کے کاغذات"),
    "agenda": ("Agenda", "议程", "ایجنڈا"),
    "agenda_open": (
        "Breaches without answer or cure: {n}",
        "未答复且未补救的违约：{n}项",
        "بغیر جواب یا تلافی کے خلاف ورزیاں: {n}",
    ),
    "agenda_disputes": ("Disputes to be ruled on: {n}", "待裁定的争议：{n}项", "فیصلہ طلب تنازعات: {n}"),
    "agenda_overdue": ("What is overdue now: {n}", "目前逾期事项：{n}项", "اس وقت تاخیر میں: {n}"),
    "agenda_answered": (
        "Breaches with an explanation or a cure, to be noted: {n}",
        "已说明或已补救的违约，供备案：{n}项",
        "وضاحت یا تلافی والی خلاف ورزیاں، نوٹ کرنے کے لیے: {n}",
    ),
    "agenda_compliance": ("How the agreement was kept", "协议履行情况", "معاہدے کی پابندی"),
    "agenda_held": ("What held: {n} clauses", "行之有效的措施：{n}个条款", "کیا قائم رہا: {n} شقیں"),
    "agenda_proof": ("Statements that prove: {n}", "作为证据的陈述：{n}条", "ثابت کرنے والے بیانات: {n}"),
    "open_breaches": ("Breaches without answer or cure", "未答复且未补救的违约", "بغیر جواب یا تلافی کے خلاف ورزیاں"),
    "open_disputes": ("Disputes to be ruled on", "待裁定的争议", "فیصلہ طلب تنازعات"),
    "answered": ("Explained or cured", "已说明或已补救", "وضاحت یا تلافی ہو چکی"),
    "none_here": ("None.", "无。", "کوئی نہیں۔"),
    "decision": ("Decision of the meeting:", "会议决定：", "اجلاس کا فیصلہ:"),
    "proof": ("Statements that prove", "作为证据的陈述", "ثابت کرنے والے بیانات"),
    "proof_lead": (
        (
            "Each line is one signed statement on the record. Whoever has the evidence pack of the case can check it"
            " without any node."
        ),
        "每一行是记录中一条经签署的陈述。持有该事项证据包者，无须任何节点即可核验。",
        (
            "ہر سطر ریکارڈ پر ایک دستخط شدہ بیان ہے۔ جس کے پاس معاملے کا ثبوتی پیک ہو وہ کسی نوڈ کے بغیر"
            " اس کی جانچ کر سکتا ہے۔"
        ),
    ),
    "case": ("Case", "事项", "معاملہ"),
    "log_entry": ("Log, entry", "日志条目", "لاگ، اندراج"),
    "time": ("Time", "时间", "وقت"),
    "statement": ("Statement", "陈述", "بیان"),
}

_PLACES: Mapping[str, int] = {"en": 0, "zh": 1, "ur": 2}


def word(key: str, language: str) -> str:
    """A text in a language. Raises KeyError for another key or language."""
    return WORDS[key][_PLACES[language]]
