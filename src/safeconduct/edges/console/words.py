"""Every text of the console in every language, and nothing else.

A test compares the three columns and looks for the verdict that no screen may give (docs/threats.md). Words for
obligations, acts and clauses come from `core`.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文", "ur": "اردو"}
DIRECTIONS: Mapping[str, str] = {"en": "ltr", "zh": "ltr", "ur": "rtl"}

# key: (English, Simplified Chinese, Urdu)
WORDS: Mapping[str, tuple[str, str, str]] = {
    # --- around every page ---
    "board": ("Movements", "出行", "نقل و حرکت"),
    "logs": ("Logs", "日志", "لاگ"),
    "agreement": ("Agreement", "协议", "معاہدہ"),
    "pages": ("Pages", "页面", "صفحات"),
    "languages": ("Languages", "语言", "زبانیں"),
    "skip": ("Skip to the content", "跳到正文", "اصل مواد پر جائیں"),
    "you_are": ("You are {actor}", "当前用户：{actor}", "آپ: {actor}"),
    "utc": ("All times are UTC.", "所有时间均为协调世界时（UTC）。", "تمام اوقات UTC میں ہیں۔"),
    "your_clock": ("Your clock:", "您的时钟：", "آپ کی گھڑی:"),
    "as_of": ("As of {time}", "截至 {time}", "{time} تک کی صورتِ حال"),
    "live": ("Live", "实时更新中", "براہِ راست"),
    "connecting": ("Connecting…", "正在连接…", "رابطہ قائم ہو رہا ہے…"),
    "not_live": (
        "Not live: no contact with your node. The page shows what was known at the time above.",
        "已断开：与本方节点失去联系。本页显示的是上述时间的情况。",
        "براہِ راست نہیں: آپ کے نوڈ سے رابطہ نہیں۔ صفحہ اوپر دیے گئے وقت کی صورتِ حال دکھا رہا ہے۔",
    ),
    "no_script": (
        "Without scripts this page reloads itself every minute.",
        "未启用脚本：本页每分钟自动刷新一次。",
        "سکرپٹ کے بغیر یہ صفحہ ہر منٹ خود تازہ ہوتا ہے۔",
    ),
    "session_ended": (
        "Your session has ended. Get a new link with the command safeconduct console and open it.",
        "您的会话已结束。请用命令 safeconduct console 获取新链接并打开。",
        "آپ کا سیشن ختم ہو گیا ہے۔ کمانڈ safeconduct console سے نیا لنک لیں اور کھولیں۔",
    ),
    "principle": (
        (
            "Shown is what was said, by whom and how long ago. A notice is not protection, and an approval is not a "
            "promise that nothing will happen."
        ),
        "此处显示的是何人在何时作出何种陈述。通知不等于保护，批准也不保证不会发生意外。",
        (
            "یہاں وہ دکھایا گیا ہے جو کہا گیا، کس نے کہا اور کتنی دیر پہلے۔ اطلاع تحفظ نہیں، "
            "اور منظوری اس بات کی ضمانت نہیں کہ کچھ نہیں ہوگا۔"
        ),
    ),
    "halted": (
        "This node does not sign. Nothing can be said from here until its operator has dealt with it.",
        "本节点已停止签署。在运维人员处理之前，无法从此处作出任何陈述。",
        "یہ نوڈ دستخط نہیں کر رہا۔ جب تک اس کا نگران مسئلہ حل نہ کرے، یہاں سے کچھ نہیں کہا جا سکتا۔",
    ),
    "replay": (
        "Replay: nothing on this page is happening now.",
        "回放：本页内容并非正在发生。",
        "ری پلے: اس صفحے پر کچھ بھی اس وقت نہیں ہو رہا۔",
    ),
    # --- how long ago ---
    "age_now": ("just now", "刚刚", "ابھی"),
    "age_past": ("{span} ago", "{span}前", "{span} پہلے"),
    "age_future": ("in {span}", "{span}后", "{span} بعد"),
    "age_between": (" ", "", " "),
    "age_day": (" d", "天", " دن"),
    "age_hour": (" h", "小时", " گھنٹے"),
    "age_hour_one": (" h", "小时", " گھنٹہ"),
    "age_minute": (" min", "分钟", " منٹ"),
    "age_second": (" s", "秒", " سیکنڈ"),
    "date": ("{day} {month}", "{month}{day}日", "{day} {month}"),
    "date_with_year": ("{day} {month} {year}", "{year}年{month}{day}日", "{day} {month} {year}"),
    "months": (
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    ),
    "listed": (", ", "、", "، "),
    # --- the logs at a glance ---
    "both_logs": ("The logs", "各方日志", "فریقوں کے لاگ"),
    "our_log": ("Our log", "本方日志", "ہمارا لاگ"),
    "log_of": ("Log of {party}", "{party}的日志", "{party} کا لاگ"),
    "entries": ("size {n}", "{n} 条", "{n} اندراج"),
    "root": ("root {root}", "根 {root}", "روٹ {root}"),
    "receipt": ("receipt by {party} {age}", "{party}回执：{age}", "{party} کی رسید {age}"),
    "receipt_ours": ("our receipt {age}", "本方回执：{age}", "ہماری رسید {age}"),
    "receipt_none": ("no receipt by {party} yet", "{party}尚未出具回执", "{party} کی رسید ابھی نہیں آئی"),
    "receipt_none_ours": ("no receipt by us yet", "本方尚未出具回执", "ہماری رسید ابھی نہیں دی گئی"),
    "receipt_behind": ("without receipt: {n}", "{n} 条尚无回执", "{n} اندراج بغیر رسید"),
    "reached": ("{party} reached {age}", "{age}联系上{party}", "{party} سے رابطہ {age}"),
    "unreached": (
        "{party} not reached since {time} ({age})",
        "自{time}起联系不上{party}（{age}）",
        "{time} سے {party} سے رابطہ نہیں ({age})",
    ),
    "never_reached": ("{party} not reached yet", "尚未联系上{party}", "{party} سے ابھی تک رابطہ نہیں ہوا"),
    "log_refused": (
        "The log of {party} is not being taken in: {problem}",
        "{party}的日志未被接收：{problem}",
        "{party} کا لاگ قبول نہیں کیا جا رہا: {problem}",
    ),
    "forked": (
        "{party}'s log key has signed two histories. Evidence is kept, receipts have stopped.",
        "{party}的日志密钥签署了两份不同的历史。证据已保存，回执已停止。",
        "{party} کے لاگ کی کلید نے دو مختلف تاریخوں پر دستخط کیے ہیں۔ ثبوت رکھ لیا گیا ہے، رسیدیں روک دی گئی ہیں۔",
    ),
    # --- board ---
    "show": ("Show", "显示", "دکھائیں"),
    "show_active": ("Active", "进行中", "جاری"),
    "show_past": ("Past", "已结束", "گزشتہ"),
    "show_all": ("All", "全部", "تمام"),
    "window": ("Departure window", "出发时段", "روانگی کا وقت"),
    "movement": ("Movement", "出行", "نقل و حرکت"),
    "people": ("People", "人员", "افراد"),
    "phase": ("Phase", "状态", "مرحلہ"),
    "open_points": ("Open points", "待办事项", "کھلے نکات"),
    "last_sign": ("Last sign", "最近动态", "آخری خبر"),
    "from_to": ("{origin} → {destination}", "{origin} → {destination}", "{origin} ← {destination}"),
    "count": ("people: {n}", "{n} 人", "{n} افراد"),
    "approvals_by": ("approvals by {time}", "审批截止 {time}", "منظوری کی آخری حد {time}"),
    "approval_missing": ("Approval missing: {parties}", "缺少批准：{parties}", "منظوری باقی: {parties}"),
    "gate_open_count": (
        "Gate open: {n} of {total}",
        "出发条件未满足：{n}/{total}",
        "روانگی کی شرائط باقی: {total} میں سے {n}",
    ),
    "gate_open": ("Gate open: {items}", "出发条件未满足：{items}", "روانگی کی شرائط باقی: {items}"),
    "notice_waits": (
        "Notice not passed on by {role}; hops open: {n}",
        "通知停在{role}；未完成环节：{n}",
        "اطلاع {role} سے آگے نہیں پہنچی؛ باقی مراحل: {n}",
    ),
    "breached": ("Breached: {clauses}", "违反条款：{clauses}", "خلاف ورزی: {clauses}"),
    "nothing_open": ("No open point on the record", "记录中没有待办事项", "ریکارڈ میں کوئی کھلا نکتہ نہیں"),
    "shown": ("{n} of {total} shown", "显示 {n} 项，共 {total} 项", "{total} میں سے {n} دکھائے گئے"),
    "more": ("Load more", "加载更多", "مزید دکھائیں"),
    "first_page": ("Back to the first ones", "返回开头", "شروع پر واپس"),
    "empty_active": (
        "No active movement on the record",
        "记录中没有进行中的出行",
        "ریکارڈ میں کوئی جاری نقل و حرکت نہیں",
    ),
    "empty_past": ("No past movement on the record", "记录中没有已结束的出行", "ریکارڈ میں کوئی گزشتہ نقل و حرکت نہیں"),
    "empty_all": ("No movement on the record yet", "记录中尚无出行", "ریکارڈ میں ابھی کوئی نقل و حرکت نہیں"),
    "none_so_far": ("None among those looked at so far", "目前查看的范围内没有", "اب تک دیکھے گئے میں کوئی نہیں"),
    "none_so_far_do": (
        "There are others further back: load more.",
        "更早还有其他出行：请加载更多。",
        "اس سے پہلے کی اور بھی ہیں: مزید دکھائیں۔",
    ),
    "empty_do": (
        "To ask for one, say it on the record: {command}",
        "如需申请，请在记录中提出：{command}",
        "درخواست کے لیے ریکارڈ میں بیان دیں: {command}",
    ),
    "no_agreement": ("No agreement is in force", "尚无生效协议", "کوئی معاہدہ نافذ نہیں"),
    "no_agreement_do": (
        "Nothing takes effect before one is. Propose it: {propose}. The other side signs it: {sign}.",
        "协议生效之前，任何陈述均不产生效力。提出协议：{propose}；对方签署：{sign}。",
        "معاہدہ نافذ ہونے سے پہلے کوئی بیان مؤثر نہیں ہوتا۔ تجویز کریں: {propose}۔ دوسرا فریق دستخط کرے: {sign}۔",
    ),
    # --- phases of a movement ---
    "phase_requested": ("requested", "已申请", "درخواست دی گئی"),
    "phase_approved": ("approved", "已批准", "منظور شدہ"),
    "phase_under_way": ("under way", "途中", "راستے میں"),
    "phase_arrived": ("arrived", "已到达", "پہنچ گئے"),
    "phase_closed": ("closed", "已结案", "بند"),
    "phase_refused": ("refused", "已拒绝", "انکار کیا گیا"),
    "phase_cancelled": ("cancelled", "已取消", "منسوخ"),
    "phase_lapsed": ("lapsed", "已失效", "ساقط"),
    "phase_aborted": ("aborted", "已中止", "سفر روک دیا گیا"),
    # --- one movement ---
    "back": ("All movements", "全部出行", "تمام نقل و حرکت"),
    "requested_by": ("Requested by", "申请方", "درخواست گزار"),
    "review_by": ("Approvals due", "审批截止", "منظوری کی آخری حد"),
    "review_rule": (
        "without them it lapses",
        "逾期未批准即失效",
        "ان کے بغیر ساقط",
    ),
    "purpose": ("Purpose", "事由", "مقصد"),
    "districts": ("Districts", "途经辖区", "اضلاع"),
    "escort": ("Vehicles", "车辆", "گاڑیاں"),
    "escort_text": (
        "{carrying} carry people (protection {level}), {escort} escort",
        "载运车 {carrying} 辆（防护等级 {level}），护送车 {escort} 辆",
        "{carrying} افراد کے لیے (حفاظتی درجہ {level})، {escort} حفاظتی دستے کی",
    ),
    "sealed_route": ("Sealed route", "密封路线", "سربمہر راستہ"),
    "sealed_names": ("Sealed names", "密封名单", "سربمہر نام"),
    "reason": ("Reason", "原因", "وجہ"),
    "position": ("Last position said", "最近报告位置", "آخری بتایا گیا مقام"),
    "plan": ("Plan", "计划", "منصوبہ"),
    "approvals": ("Approvals", "批准", "منظوریاں"),
    "approval_given": ("approved", "已批准", "منظوری دی"),
    "approval_open": ("approval missing", "缺少批准", "منظوری باقی"),
    "approval_none": ("no approval", "未获批准", "منظوری نہیں"),
    "approval_older": (
        "approved an earlier plan; the present one is not approved",
        "批准的是此前的计划；现计划未获批准",
        "پچھلے منصوبے کی منظوری دی؛ موجودہ منصوبہ منظور نہیں",
    ),
    "approval_for": ("for: {parts}", "内容：{parts}", "برائے: {parts}"),
    "part_route": ("route", "路线", "راستہ"),
    "part_timing": ("timing", "时间", "وقت"),
    "part_people": ("people", "人员", "افراد"),
    "part_escort": ("escort", "护送", "حفاظتی دستہ"),
    "by_at": ("{actor}, {time}", "{actor}，{time}", "{actor}، {time}"),
    "gate": ("Ready gate", "出发条件", "روانگی کی شرائط"),
    "gate_rule": (
        "No departure before every item holds or bears the name of the person who let it stand open.",
        "每项条件均已满足，或由负责人具名准许例外之前，不得出发。",
        "جب تک ہر شرط پوری نہ ہو یا استثنا دینے والے کا نام درج نہ ہو، روانگی نہیں۔",
    ),
    "gate_departed": (
        "Departed {time}: at that moment every item held or was excepted by name.",
        "已于{time}出发：当时每项条件均已满足或有具名例外。",
        "{time} پر روانہ ہوئے: اس وقت ہر شرط پوری تھی یا نام کے ساتھ استثنا تھا۔",
    ),
    "gate_stopped": (
        "The movement does not depart: {phase}.",
        "该出行不再出发：{phase}。",
        "یہ نقل و حرکت روانہ نہیں ہوگی: {phase}۔",
    ),
    "item_holds": ("holds", "已满足", "پوری ہے"),
    "item_open": ("open", "未满足", "باقی ہے"),
    "item_excepted": ("excepted", "具名例外", "استثنا"),
    "item_at_departure": ("settled at departure", "出发时已落实", "روانگی پر طے شدہ"),
    "item_not_needed": ("not needed", "不再需要", "ضرورت نہیں"),
    "excepted_by": ("exception signed by {actor}", "例外签署人：{actor}", "استثنا پر دستخط: {actor}"),
    "missing_words": ("waiting for: {names}", "等待：{names}", "انتظار: {names}"),
    "valid_until": ("valid until {time} ({age})", "有效至 {time}（{age}）", "{time} تک مؤثر ({age})"),
    "why_consent_missing": ("consent missing", "缺少同意", "رضامندی باقی"),
    "why_not_attested": ("not attested yet", "尚未确认", "ابھی تصدیق نہیں ہوئی"),
    "why_does_not_hold": ("said not to hold", "确认为不满足", "بتایا گیا کہ شرط پوری نہیں"),
    "why_no_longer_fresh": ("no longer fresh", "确认已过期", "تصدیق کی مدت ختم"),
    "why_heads_differ_from_plan": ("heads differ from the plan", "人数与计划不符", "گنتی منصوبے سے مختلف"),
    "knowing": ("Who will know what, when", "谁将在何时知道什么", "کون کیا اور کب جانے گا"),
    "knowing_rule": (
        "By the agreement and this plan. The thicker the bar, the more is told. The times move with the plan.",
        "根据协议和本计划列出。横条越粗，告知的内容越多。计划改变，各时间随之移动。",
        "معاہدے اور اس منصوبے کے مطابق۔ پٹی جتنی موٹی، اتنا زیادہ بتایا جاتا ہے۔ منصوبہ بدلے تو اوقات بھی بدلتے ہیں۔",
    ),
    "knowing_none": (
        "The agreement has no compartments: nothing of the order opens for anybody.",
        "协议未设信息分区：命令的任何部分都不对任何人开放。",
        "معاہدے میں الگ حصے نہیں: حکم نامے کا کوئی حصہ کسی کے لیے نہیں کھلتا۔",
    ),
    "knowing_stopped": (
        "The movement does not depart: {phase}. Nothing more of its order opens.",
        "该出行不再出发：{phase}。其命令不再开放任何部分。",
        "یہ نقل و حرکت روانہ نہیں ہوگی: {phase}۔ اس کے حکم نامے کا مزید کوئی حصہ نہیں کھلے گا۔",
    ),
    "knowing_unapproved": (
        "Nothing opens before the movement is approved.",
        "出行获得批准之前，不开放任何内容。",
        "منظوری سے پہلے کچھ نہیں کھلتا۔",
    ),
    "knowing_reported": ("when it is reported: {moment}", "报告之后：{moment}", "اطلاع ملنے پر: {moment}"),
    # --- the sealed order ---
    "sealed": ("The sealed order", "封存的命令", "مہر بند حکم نامہ"),
    "sealed_rule": (
        (
            "Each part opens when every party's node has given its share of the key, and not before its moment. "
            "What it says is never on this page."
        ),
        "每个分区须由各方节点交出各自的密钥份额、并到规定时刻后方可打开。本页从不显示其内容。",
        (
            "ہر حصہ تب کھلتا ہے جب ہر فریق کا نوڈ کلید کا اپنا حصہ دے دے، اور مقررہ وقت سے پہلے نہیں۔ "
            "اس کا مضمون اس صفحے پر کبھی نہیں ہوتا۔"
        ),
    ),
    "sealed_none": (
        "Nothing of this movement is sealed yet.",
        "本次出行尚未封存任何内容。",
        "اس نقل و حرکت کا ابھی کچھ مہر بند نہیں ہوا۔",
    ),
    "sealed_missing": ("not sealed yet: {parts}", "尚未封存：{parts}", "ابھی مہر بند نہیں: {parts}"),
    "sealed_what": ("Part", "分区", "حصہ"),
    "sealed_by": ("Sealed", "封存", "مہر بند کیا"),
    "sealed_stands": ("Stands", "状态", "حالت"),
    "sealed_opened": ("Opened by", "打开者", "کس نے کھولا"),
    "sealed_forgotten": (
        "forgotten: every key that could open it is destroyed",
        "已遗忘：能打开它的密钥均已销毁",
        "بھلا دیا گیا: اسے کھولنے والی ہر کلید تلف ہو چکی ہے",
    ),
    "sealed_bad": (
        "a share does not fit: seal it again",
        "密钥份额不符：须重新封存",
        "کلید کا حصہ درست نہیں: دوبارہ مہر بند کریں",
    ),
    "sealed_waits": (
        "not every node has checked its share",
        "尚有节点未核验其份额",
        "ہر نوڈ نے اپنا حصہ ابھی نہیں جانچا",
    ),
    "sealed_closed": ("in force, closed", "有效，未打开", "نافذ، بند"),
    "sealed_given": ("shares given to {party}", "份额已交给{party}", "حصے {party} کو دیے گئے"),
    "sealed_opens_yours": (
        "{part}: opens for you {time}",
        "{part}：{time} 对您开放",
        "{part}: آپ کے لیے {time} پر کھلے گا",
    ),
    "sealed_reported_yours": (
        "{part}: opens for you when it is reported",
        "{part}：报告之后对您开放",
        "{part}: اطلاع ملنے پر آپ کے لیے کھلے گا",
    ),
    "sealed_not_yours": (
        "By the agreement no part of this order opens for your roles.",
        "根据协议，本命令没有任何部分对您的角色开放。",
        "معاہدے کے مطابق اس حکم نامے کا کوئی حصہ آپ کے کرداروں کے لیے نہیں کھلتا۔",
    ),
    "sealed_there": ("sealed: {parts}", "已封存：{parts}", "مہر بند: {parts}"),
    "sealed_partial": (
        (
            "Whether a part is sealed is shown to whoever sealed it, and to whoever it opens for, from then on. Who "
            "opened what is shown to the auditors."
        ),
        "某部分是否已封存，只向封存者显示；对其开放的人自开放时起也可看到。何人打开了什么，只向审核员显示。",
        (
            "کوئی حصہ مہر بند ہے یا نہیں، یہ مہر لگانے والے کو دکھایا جاتا ہے، اور جس کے لیے کھلے اسے اسی وقت سے۔ "
            "کس نے کیا کھولا، یہ صرف آڈیٹروں کو دکھایا جاتا ہے۔"
        ),
    ),
    "sealed_in_force": ("in force", "有效", "نافذ"),
    "sealed_not_by_you": ("not by you", "您尚未打开", "آپ نے نہیں"),
    "sealed_nobody": ("nobody yet", "尚无人打开", "ابھی کسی نے نہیں"),
    # --- break-glass ---
    "glass": ("Break-glass", "紧急开启", "ہنگامی طور پر کھولنا"),
    "glass_rule": (
        (
            "While a party's node is silent, officers can give its share in pieces. Every request, piece and objection "
            "is on the record, for everybody."
        ),
        "一方节点无响应时，保管人可分片交出其密钥份额。每项请求、每个分片和每项反对均载入记录，人人可见。",
        (
            "کسی فریق کا نوڈ خاموش ہو تو افسر اس کا حصہ ٹکڑوں میں دے سکتے ہیں۔ ہر درخواست، ٹکڑا اور اعتراض ریکارڈ "
            "پر ہے، سب کے لیے۔"
        ),
    ),
    "glass_link": (
        "It was asked for: who, why, and what comes next",
        "有人提出请求：何人、为何、下一步",
        "درخواست کی گئی: کس نے، کیوں، اور آگے کیا",
    ),
    "glass_none": (
        "Nobody has asked to break glass for this movement",
        "无人就本次出行请求紧急开启",
        "اس نقل و حرکت کے لیے کسی نے ہنگامی کھولنے کی درخواست نہیں کی",
    ),
    "glass_none_do": (
        "If another party's node is silent and a part is due: {command}",
        "如另一方节点无响应而某分区已到时刻：{command}",
        "اگر دوسرے فریق کا نوڈ خاموش ہو اور کسی حصے کا وقت آ گیا ہو: {command}",
    ),
    "glass_not_agreed": (
        "The agreement has no break-glass: while a party's node is silent, nothing opens.",
        "协议未约定紧急开启：一方节点无响应时，任何内容都不会打开。",
        "معاہدے میں ہنگامی کھولنا طے نہیں: فریق کا نوڈ خاموش ہو تو کچھ نہیں کھلتا۔",
    ),
    "glass_share": ("Share of", "份额所属方", "کس کا حصہ"),
    "glass_wanted": ("Wanted by", "请求方", "کون مانگتا ہے"),
    "glass_asked": ("Asked", "请求", "درخواست"),
    "glass_gives": ("Officers give from", "可交出时间", "افسر کب سے دیں گے"),
    "glass_pieces": ("Pieces given", "已交分片", "دیے گئے ٹکڑے"),
    "glass_objected": ("Objection", "反对", "اعتراض"),
    "glass_none_yet": ("none yet", "尚无", "ابھی نہیں"),
    "glass_of": ("{n} of {needed}", "{n}/{needed}", "{needed} میں سے {n}"),
    "glass_next": ("What comes next", "下一步", "آگے کیا"),
    "stage_over": ("over: nothing more is given", "已结束：不再交出", "ختم: مزید کچھ نہیں دیا جائے گا"),
    "stage_stopped": ("stopped by the objection", "因反对而停止", "اعتراض نے روک دیا"),
    "stage_few": ("too few have asked", "请求人数不足", "بہت کم لوگوں نے مانگا"),
    "stage_waits": ("there is time to object", "反对期内", "اعتراض کا وقت باقی ہے"),
    "stage_gives": ("officers may give now", "保管人现可交出", "افسر اب دے سکتے ہیں"),
    "stage_enough": ("enough pieces: it opens", "分片已足：可以打开", "ٹکڑے پورے: کھل سکتا ہے"),
    "glass_do_nothing": ("Nothing is to be done any more.", "无须再做任何事。", "اب کچھ کرنا باقی نہیں۔"),
    "glass_do_other": (
        "Nothing is to be done at this party's side.",
        "本方无须采取行动。",
        "اس فریق کو کچھ نہیں کرنا۔",
    ),
    "glass_do_object": (
        "Your party is called silent. If you are there, say so; it stops everything:",
        "贵方被称为无响应。如在线，请声明，一切即行停止：",
        "آپ کے فریق کو خاموش کہا گیا ہے۔ اگر آپ موجود ہیں تو کہہ دیں؛ سب رک جائے گا:",
    ),
    "glass_do_ask": (
        "One person more asks, each with a reason:",
        "还须另一人提出请求，并说明理由：",
        "ایک اور شخص مانگے، ہر ایک وجہ کے ساتھ:",
    ),
    "glass_do_call": (
        "Call the silent party while there is time to object.",
        "在反对期内致电无响应方。",
        "اعتراض کا وقت باقی ہے: خاموش فریق کو فون کریں۔",
    ),
    "glass_do_request": (
        "Write the request for the officers:",
        "为保管人写出请求文件：",
        "افسروں کے لیے درخواست لکھیں:",
    ),
    "glass_do_give": (
        "Each officer, on a machine without a network, once the time has come:",
        "到时间后，每位保管人在不联网的机器上：",
        "وقت آنے پر ہر افسر، بغیر نیٹ ورک والی مشین پر:",
    ),
    "glass_do_bring": ("Bring each piece to the node:", "将每个分片交给节点：", "ہر ٹکڑا نوڈ تک لائیں:"),
    "glass_do_open": (
        "Whoever is due the part opens it:",
        "由该分区的应知人员打开：",
        "جس کے لیے حصہ ہے وہ کھولے:",
    ),
    # --- who could have known ---
    "knew": ("Who could have known", "谁可能知情", "کس کو معلوم ہو سکتا تھا"),
    "knew_link": (
        "After an incident: who could have known what is sealed",
        "事件之后：谁可能知道封存的内容",
        "واقعے کے بعد: مہر بند باتیں کس کو معلوم ہو سکتی تھیں",
    ),
    "knew_back": ("To the movement", "返回该出行", "نقل و حرکت کی طرف"),
    "knew_rule": (
        "Everybody who, by the record, could have known it. It says nothing of what anybody did.",
        "根据记录可能知情的每一个人。名单不说明任何人做过什么。",
        "ریکارڈ کے مطابق ہر وہ شخص جسے یہ معلوم ہو سکتا تھا۔ فہرست یہ نہیں کہتی کہ کسی نے کیا کیا۔",
    ),
    "knew_not_here": (
        "What was seen or guessed from outside, or told off the record, is not on it.",
        "从外部观察或猜到的、以及未记录的口头告知不在其中。",
        "جو باہر سے دیکھا یا بوجھا گیا، یا ریکارڈ سے باہر بتایا گیا، وہ اس میں نہیں۔",
    ),
    "knew_departed": (
        "Before the departure on {time}. On the list: {n}",
        "{time} 出发之前。名单上：{n}",
        "{time} کی روانگی سے پہلے۔ فہرست میں: {n}",
    ),
    "knew_now": (
        "Until now ({time}). On the list: {n}",
        "截至现在（{time}）。名单上：{n}",
        "اب تک ({time})۔ فہرست میں: {n}",
    ),
    "knew_nobody": (
        "By the record nobody could have known it before then.",
        "根据记录，在此之前无人可能知情。",
        "ریکارڈ کے مطابق اس سے پہلے یہ کسی کو معلوم نہیں ہو سکتا تھا۔",
    ),
    "knew_nothing": (
        "Nothing is sealed of this movement",
        "该出行没有封存任何内容",
        "اس نقل و حرکت کا کچھ بھی مہر بند نہیں",
    ),
    "knew_nothing_do": (
        "So the record cannot say who knew what. A part is sealed with {command}.",
        "因此记录无法说明谁知道什么。封存一部分内容的命令：{command}",
        "اس لیے ریکارڈ نہیں بتا سکتا کہ کس کو کیا معلوم تھا۔ کوئی حصہ مہر بند کرنے کے لیے: {command}",
    ),
    "knew_who": ("Who", "谁", "کون"),
    "knew_since": ("From", "自", "کب سے"),
    "knew_grade": ("How exactly", "详细程度", "کتنی تفصیل سے"),
    "knew_how": ("How", "途径", "کیسے"),
    "knew_from": ("from {time}", "自{time}起", "{time} سے"),
    "way_sealed": ("sealed it", "封存了该内容", "مہر بند کیا"),
    "way_could_open": ("could open it", "可以打开", "کھول سکتا تھا"),
    "way_opened": ("opened it", "打开了", "کھولا"),
    "way_told": ("was told by {actor}", "由{actor}告知", "{actor} نے بتایا"),
    "way_node": ("holder of the node's keys and disk", "持有该节点密钥和磁盘者", "جس کے پاس نوڈ کی کلیدیں اور ڈسک ہے"),
    # --- what an observer would guess ---
    "guess": ("What an observer would guess", "观察者能猜到什么", "نگراں کیا اندازہ لگا سکتا ہے"),
    "guess_rule": (
        "How well an observer who counted past departures guesses this one. It is shown and refuses nothing.",
        "仅统计过去出发情况的观察者猜中本次出行的机会。仅供参考，不因此拒绝任何出行。",
        (
            "پچھلی روانگیاں گننے والا نگراں اس روانگی کا کتنا درست اندازہ لگا سکتا ہے۔ "
            "یہ صرف دکھایا جاتا ہے، اس سے کچھ رد نہیں ہوتا۔"
        ),
    ),
    "guess_not_agreed": (
        "The agreement says nothing about it, so nothing is counted.",
        "协议未作约定，因此不作统计。",
        "معاہدے میں اس بارے میں کچھ نہیں، اس لیے کچھ نہیں گنا جاتا۔",
    ),
    "guess_above": (
        "Guessed: {n} in 1000. The agreement warns from {warn} on.",
        "被猜中的机会：千分之{n}。协议约定从千分之{warn}起警告。",
        "اندازہ درست: 1000 میں {n}۔ معاہدہ {warn} سے خبردار کرتا ہے۔",
    ),
    "guess_below": (
        "Guessed: {n} in 1000, below the agreed {warn}.",
        "被猜中的机会：千分之{n}，低于约定的千分之{warn}。",
        "اندازہ درست: 1000 میں {n}، طے شدہ {warn} سے کم۔",
    ),
    "guess_who": ("that they leave that day", "当天出发", "اس دن روانگی"),
    "guess_place": ("where to", "目的地", "منزل"),
    "guess_hour": ("in which half-hour", "半小时时段", "کس آدھے گھنٹے میں"),
    "guess_route": ("by which route", "路线", "کس راستے سے"),
    "guess_together": ("all of it", "全部猜中", "سب ایک ساتھ"),
    "guess_of": ("{n} in 1000", "千分之{n}", "1000 میں {n}"),
    "guess_seen": (
        "{times} of {days} days · even draw: {even}",
        "{days}天中的{times}天 · 均匀抽取：{even}",
        "{days} میں سے {times} دن · یکساں قرعہ: {even}",
    ),
    "guess_warn": (
        "warning from {n} on · even draw: {even}",
        "从千分之{n}起警告 · 均匀抽取：{even}",
        "{n} سے خبردار · یکساں قرعہ: {even}",
    ),
    "guess_mark": (
        "The mark on a bar: what an even draw over the window and the known alternatives would leave.",
        "条上的标记：在该时段和已知选项中均匀抽取时的机会。",
        "پٹی پر نشان: اس وقفے اور معلوم متبادلات میں یکساں قرعہ اندازی سے جو امکان رہتا۔",
    ),
    "notice": ("Notice chain", "通知链", "اطلاع کا سلسلہ"),
    "notice_rule": (
        "Acknowledged is not approved.",
        "知悉不等于批准。",
        "اطلاع ملنے کی تصدیق منظوری نہیں۔",
    ),
    "hop_start": ("notice given", "发出通知", "اطلاع دی گئی"),
    "hop_acknowledged": ("acknowledged", "已知悉", "تصدیق ہوئی"),
    "hop_relayed": ("passed on", "已转达", "آگے پہنچائی"),
    "hop_not_acknowledged": ("not acknowledged", "未知悉", "تصدیق نہیں ہوئی"),
    "hop_not_relayed": ("not passed on", "未转达", "آگے نہیں پہنچائی"),
    "hop_last": ("unit that acts", "行动单位", "عمل کرنے والی یونٹ"),
    "obligations": ("Obligations", "义务", "ذمہ داریاں"),
    "no_obligations": (
        "The agreement has no clause with a rule.",
        "协议没有可判定的条款。",
        "معاہدے میں کوئی قابلِ جانچ شق نہیں۔",
    ),
    "due": ("due {time} ({age})", "期限 {time}（{age}）", "آخری حد {time} ({age})"),
    "near": ("near-breach", "险些违反", "خلاف ورزی کے قریب"),
    "cured": ("made good", "已补正", "ازالہ ہو گیا"),
    "late_word": ("word came late", "陈述迟到", "بیان دیر سے پہنچا"),
    "evidence": ("Evidence", "证据", "ثبوت"),
    "outcome_not_due": ("not owed", "无须履行", "واجب نہیں"),
    "outcome_pending": ("pending", "待履行", "زیرِ تکمیل"),
    "outcome_met": ("met", "已履行", "پوری"),
    "outcome_breached": ("breached", "已违反", "خلاف ورزی"),
    "outcome_waived": ("waived", "已豁免", "معاف"),
    "outcome_disputed": ("disputed", "有争议", "متنازع"),
    "severity_minor": ("minor", "轻微", "معمولی"),
    "severity_major": ("major", "重大", "سنگین"),
    "severity_critical": ("critical", "危急", "انتہائی سنگین"),
    "timeline": ("Time-line", "时间线", "وقت کی لکیر"),
    "timeline_scale": (
        "Not to scale: long waits are drawn shorter.",
        "未按比例：较长的间隔已缩短。",
        "پیمانے کے مطابق نہیں: لمبے وقفے چھوٹے دکھائے گئے ہیں۔",
    ),
    "event_requested": ("requested", "申请", "درخواست"),
    "event_approved": ("approved by {party}", "{party}批准", "{party} کی منظوری"),
    "event_review": ("approvals due", "审批截止", "منظوری کی حد"),
    "event_opens": ("window opens", "时段开始", "وقت شروع"),
    "event_shuts": ("window closes", "时段结束", "وقت ختم"),
    "event_departed": ("departed", "出发", "روانگی"),
    "event_check_ins": ("check-ins: {n}, the last", "报到 {n} 次，最近一次", "اطلاعات: {n}، آخری"),
    "event_ended_arrived": ("arrived", "到达", "آمد"),
    "event_ended_aborted": ("aborted", "中止", "سفر روکا گیا"),
    "event_closed": ("closed", "结案", "بند"),
    "event_now": ("now", "现在", "اس وقت"),
    "history": ("History", "历史记录", "تاریخ"),
    "history_rule": (
        "Every statement about this movement, in the order of the record.",
        "有关该出行的全部陈述，按记录顺序排列。",
        "اس نقل و حرکت کے بارے میں ہر بیان، ریکارڈ کی ترتیب سے۔",
    ),
    "said_at": ("Said", "陈述时间", "کہا گیا"),
    "said_by": ("By", "陈述人", "کس نے"),
    "said_what": ("Statement", "陈述", "بیان"),
    "had_by": ("Had by the others", "其他方收到", "دوسروں کو ملا"),
    "history_partial": (
        (
            "Statements about what is sealed are shown to whoever may know of it; all of them, and the evidence pack, "
            "to the auditors that the agreement names."
        ),
        "关于封存内容的陈述只向可以知情的人显示；全部陈述和证据包向协议指定的审核员显示。",
        (
            "مہر بند باتوں کے بیانات صرف انہیں دکھائے جاتے ہیں جنہیں معلوم ہونے کی اجازت ہے؛ "
            "تمام بیانات اور ثبوت کا پیکٹ معاہدے کے نامزد آڈیٹروں کو۔"
        ),
    ),
    "had_at": ("{party} had it {time}", "{party}收到：{time}", "{party} کو ملا: {time}"),
    "had_not": ("{party}: no word yet", "{party}：尚无回音", "{party}: ابھی کوئی خبر نہیں"),
    "cosigned_at": ("cosigned {time}", "{time} 副署", "{time} پر توثیقی دستخط"),
    "cosigned_not": ("not cosigned yet", "尚未副署", "توثیقی دستخط باقی"),
    "clock_said": ("its author's clock: {time}", "陈述人时钟：{time}", "بیان دینے والے کی گھڑی: {time}"),
    "no_effect": ("No effect: {reason}", "未生效：{reason}", "بے اثر: {reason}"),
    "entry": ("entry {n}", "第 {n} 条", "اندراج {n}"),
    "detail_window": ("window {window}", "时段 {window}", "وقت {window}"),
    "detail_to": ("{role} → {to_role}", "{role} → {to_role}", "{role} ← {to_role}"),
    "detail_holds": ("{item}: holds", "{item}：已满足", "{item}: پوری ہے"),
    "detail_does_not_hold": ("{item}: does not hold", "{item}：不满足", "{item}: پوری نہیں"),
    "detail_heads": ("heads: {n}", "人数：{n}", "گنتی: {n}"),
    "detail_part": ("{part} ({grade})", "{part}（{grade}）", "{part} ({grade})"),
    "detail_share": ("{part} → {party}", "{part} → {party}", "{part} ← {party}"),
    "detail_fits": ("{part}: the share fits", "{part}：份额相符", "{part}: حصہ درست ہے"),
    "detail_does_not_fit": ("{part}: the share does not fit", "{part}：份额不符", "{part}: حصہ درست نہیں"),
    "detail_told": ("{part} → {to}", "{part} → {to}", "{part} ← {to}"),
    "detail_glass": ("{part}: the share of {party}", "{part}：{party}的份额", "{part}: {party} کا حصہ"),
    "detail_piece": ("{part}: the piece of {officer}", "{part}：{officer}的份额", "{part}: {officer} کا ٹکڑا"),
    "detail_plan": ("plan {digest}", "计划 {digest}", "منصوبہ {digest}"),
    "pack": ("Download the evidence pack", "下载证据包", "ثبوت کا پیکج ڈاؤن لوڈ کریں"),
    "pack_check": (
        "Anyone can check it offline: {command}",
        "任何人均可离线核验：{command}",
        "کوئی بھی اسے آف لائن جانچ سکتا ہے: {command}",
    ),
    # --- logs ---
    "logs_title": ("The logs, as this node holds them", "本节点所存的日志", "لاگ، جیسے اس نوڈ کے پاس ہیں"),
    "origin": ("Origin", "来源", "ماخذ"),
    "size": ("Size", "大小", "حجم"),
    "root_hash": ("Root", "根哈希", "روٹ"),
    "receipts": ("Receipts", "回执", "رسیدیں"),
    "receipt_line": (
        "{party}: size {n} at {time} ({age})",
        "{party}：{n} 条，{time}（{age}）",
        "{party}: {n} اندراج، {time} ({age})",
    ),
    "receipt_line_none": ("{party}: none yet", "{party}：尚无", "{party}: ابھی کوئی نہیں"),
    "contact": ("Contact", "联系", "رابطہ"),
    "logs_partial": (
        (
            "Sizes, receipts and the digest are shown to the auditors that the agreement names: they move with "
            "everything that is said, also with what is not for everybody."
        ),
        "日志大小、回执和摘要只向协议指定的审核员显示：它们随一切陈述变化，也包括并非人人可知的内容。",
        (
            "حجم، رسیدیں اور خلاصہ معاہدے کے نامزد آڈیٹروں کو دکھائے جاتے ہیں: "
            "یہ ہر بیان کے ساتھ بدلتے ہیں، اس کے ساتھ بھی جو سب کے لیے نہیں۔"
        ),
    ),
    "log_at_hand": ("kept here", "保存于本节点", "یہیں موجود"),
    "not_yours": ("Not shown to you", "不向您显示", "آپ کو نہیں دکھایا جاتا"),
    "not_yours_do": (
        "The agreement says who is shown everything: its auditors, and your party's authority.",
        "谁可查看全部内容由协议规定：协议的审核员和本方的授权者。",
        "معاہدہ بتاتا ہے کہ سب کچھ کسے دکھایا جاتا ہے: اس کے آڈیٹروں اور آپ کے فریق کے مختار کو۔",
    ),
    "void_entries": ("Entries that are no statement", "无效条目", "غلط اندراج"),
    "none": ("none", "无", "کوئی نہیں"),
    "forks": ("Evidence of two histories", "两份历史的证据", "دو تاریخوں کا ثبوت"),
    "forks_none": ("None is held here.", "本节点没有此类证据。", "یہاں ایسا کوئی ثبوت موجود نہیں۔"),
    "evidence_of": ("against {origin}: {digest}", "针对 {origin}：{digest}", "{origin} کے خلاف: {digest}"),
    "digest": ("Digest of the record", "记录摘要", "ریکارڈ کا خلاصہ"),
    "digest_rule": (
        (
            "Read it to the other side. With the same sizes of all logs, the same digest means that both nodes "
            "know the same and judge the same."
        ),
        "请向对方读出该摘要。各日志大小相同时，摘要相同即表示双方节点所知与判定一致。",
        (
            "اسے دوسرے فریق کو پڑھ کر سنائیں۔ تمام لاگ کا حجم ایک ہو تو ایک جیسا خلاصہ ظاہر کرتا ہے کہ "
            "دونوں نوڈ ایک ہی بات جانتے اور ایک ہی فیصلہ کرتے ہیں۔"
        ),
    ),
    "at_sizes": ("at sizes: {sizes}", "对应大小：{sizes}", "حجم: {sizes}"),
    "verify": ("Check it yourself, offline", "自行离线核验", "خود آف لائن جانچیں"),
    "verify_record": (
        "The whole record, from the first signature to the last finding:",
        "全部记录，从第一个签名到最后一项判定：",
        "پورا ریکارڈ، پہلے دستخط سے آخری نتیجے تک:",
    ),
    "verify_pack": (
        "An evidence pack, with nothing but the file and the parties' cards:",
        "证据包，仅需该文件和各方名片：",
        "ثبوت کا پیکج، صرف فائل اور فریقوں کے کارڈ سے:",
    ),
    "verify_foreign": (
        (
            "The logs have the public formats tlog-tiles, tlog-checkpoint and tlog-cosignature: tools of others "
            "read them too."
        ),
        "日志采用公开格式 tlog-tiles、tlog-checkpoint 和 tlog-cosignature，他人的工具也可读取。",
        (
            "لاگ کھلے فارمیٹ tlog-tiles، tlog-checkpoint اور tlog-cosignature میں ہیں: "
            "دوسروں کے اوزار بھی انہیں پڑھ سکتے ہیں۔"
        ),
    ),
    # --- agreement ---
    "in_force": ("In force, version {n}", "现行协议，第 {n} 版", "نافذ معاہدہ، نسخہ {n}"),
    "in_force_since": ("in force since {time}", "自 {time} 起生效", "{time} سے نافذ"),
    "signed_by": ("signed by {parties}", "签署方：{parties}", "دستخط: {parties}"),
    "proposals": ("Proposed, not in force", "已提出，尚未生效", "تجویز شدہ، ابھی نافذ نہیں"),
    "proposal_waits": (
        "{digest}: waits for the signature of {parties}",
        "{digest}：等待{parties}签署",
        "{digest}: {parties} کے دستخط کا انتظار",
    ),
    "other_language": (
        "The agreement has no text in this language.",
        "协议没有该语言文本。",
        "اس زبان میں معاہدے کا متن موجود نہیں۔",
    ),
    # --- what goes wrong ---
    "sign_in": ("Open the console with a link", "请通过链接打开控制台", "کنسول لنک سے کھولیں"),
    "sign_in_why": (
        "Who reads here has proved to hold a key. You have no session, or it has ended.",
        "查阅者须证明其持有密钥。您没有会话，或会话已结束。",
        "یہاں پڑھنے والا ثابت کرتا ہے کہ کلید اس کے پاس ہے۔ آپ کا سیشن نہیں ہے یا ختم ہو گیا ہے۔",
    ),
    "sign_in_do": (
        "On the machine that has your key, type this and open the link that it prints. The link works once.",
        "请在存有您密钥的电脑上输入以下命令，并打开其显示的链接。链接仅可使用一次。",
        "جس مشین پر آپ کی کلید ہے وہاں یہ لکھیں اور جو لنک آئے اسے کھولیں۔ لنک صرف ایک بار کام کرتا ہے۔",
    ),
    "not_found": (
        "No such movement on the record here",
        "本节点记录中没有该出行",
        "یہاں ریکارڈ میں ایسی کوئی نقل و حرکت نہیں",
    ),
    "not_found_do": (
        "It may not have reached this node yet: look at the logs, or go back to all movements.",
        "该出行可能尚未传到本节点：请查看日志，或返回全部出行。",
        "ممکن ہے وہ ابھی اس نوڈ تک نہ پہنچی ہو: لاگ دیکھیں یا تمام نقل و حرکت پر واپس جائیں۔",
    ),
    "failed": ("The page cannot be shown", "无法显示该页面", "صفحہ نہیں دکھایا جا سکتا"),
    # --- why a statement has no effect (codes of core/record) ---
    "void_contested_already": ("contested already", "已有异议", "پہلے ہی متنازع ہے"),
    "void_form_incomplete": ("the form asks for other fields", "表单字段不符", "فارم کے خانے پورے نہیں"),
    "void_form_invalid": ("a field has another form", "字段格式不符", "ایک خانے کی شکل درست نہیں"),
    "void_is_at_level": ("at that grade already", "已处于该等级", "پہلے ہی اسی درجے پر ہے"),
    "void_no_grades": ("the agreement has no grades", "协议未设合作等级", "معاہدے میں درجے نہیں"),
    "void_no_such_clause": ("no such clause", "没有该条款", "ایسی کوئی شق نہیں"),
    "void_no_such_form": ("no such form", "没有该表单", "ایسا کوئی فارم نہیں"),
    "void_no_such_level": ("no such grade", "没有该等级", "ایسا کوئی درجہ نہیں"),
    "void_not_contested": ("not contested", "没有异议", "متنازع نہیں"),
    "void_not_waivable": ("the clause allows no waiver", "该条款不可豁免", "اس شق میں معافی کی گنجائش نہیں"),
    "void_not_yet": ("findings of a time to come", "判定时刻未到", "ابھی وہ وقت نہیں آیا"),
    "void_not_your_ruling": ("not a role that rules", "无权裁定", "فیصلے کا اختیار نہیں"),
    "void_not_your_step": ("not a role that steps", "无权变更等级", "درجہ بدلنے کا اختیار نہیں"),
    "void_not_your_waiver": ("not a role that waives", "无权豁免", "معافی کا اختیار نہیں"),
    "void_nothing_said": ("nothing was said of it", "此前没有相关陈述", "اس بارے میں کچھ نہیں کہا گیا"),
    "void_suspended": ("suspended at this grade", "该合作等级下暂停", "اس درجے پر معطل ہے"),
    "void_too_far_back": ("one grade at a time", "每次只能恢复一级", "ایک وقت میں ایک درجہ"),
    "void_too_many_contests": ("too many contested at once", "同时异议过多", "ایک ساتھ بہت سے اعتراض"),
    "void_backdated": (
        "dated before something its author had seen",
        "所署时间早于陈述人已见内容",
        "تاریخ اس سے پہلے کی ہے جو کہنے والا دیکھ چکا تھا",
    ),
    "void_bad_key": ("the key is unfit", "密钥不合格", "کلید درست نہیں"),
    "void_before_window": ("before the approved window", "早于批准的时段", "منظور شدہ وقت سے پہلے"),
    "void_consent_not_asked": (
        "the agreement does not ask this party's consent",
        "协议未要求该方同意",
        "معاہدہ اس فریق کی رضامندی نہیں مانگتا",
    ),
    "void_exists_already": ("requested already", "已有申请", "درخواست پہلے سے موجود ہے"),
    "void_gate_open": ("the ready gate was open", "出发条件未满足", "روانگی کی شرائط باقی تھیں"),
    "void_heads_missing": ("the head count is missing", "缺少清点人数", "افراد کی گنتی نہیں دی گئی"),
    "void_more_than_seen": (
        "covers more than its author had seen",
        "超出陈述人所见范围",
        "کہنے والے نے جو دیکھا اس سے زیادہ",
    ),
    "void_no_agreement": ("no agreement was in force", "当时没有生效协议", "کوئی معاہدہ نافذ نہیں تھا"),
    "void_no_change": ("the plan is as it was", "计划没有变化", "منصوبہ وہی ہے"),
    "void_no_exception": ("the item allows no exception", "该项不允许例外", "اس شرط میں استثنا کی گنجائش نہیں"),
    "void_no_such_item": ("no such gate item", "没有该出发条件", "ایسی کوئی شرط نہیں"),
    "void_not_a_party": ("not a party", "不是当事方", "فریق نہیں"),
    "void_not_enrolled": ("its author was not enrolled", "陈述人未登记", "کہنے والے کا اندراج نہیں تھا"),
    "void_not_in_chain": (
        "the role is not in the notice chain",
        "该角色不在通知链中",
        "یہ ذمہ داری اطلاع کے سلسلے میں نہیں",
    ),
    "void_not_next_in_chain": ("not the next role of the chain", "不是通知链的下一环节", "سلسلے کی اگلی ذمہ داری نہیں"),
    "void_not_proposed": ("not proposed", "未曾提出", "تجویز نہیں ہوا"),
    "void_not_requested": ("no such movement was requested", "没有该出行的申请", "ایسی کوئی درخواست نہیں"),
    "void_not_the_authority": (
        "only the party's authority says this",
        "仅当事方授权机构可作此陈述",
        "یہ صرف فریق کا مجاز حاکم کہہ سکتا ہے",
    ),
    "void_not_the_node": (
        "only the party's node says this",
        "仅当事方节点可作此陈述",
        "یہ صرف فریق کا نوڈ کہہ سکتا ہے",
    ),
    "void_not_your_exception": (
        "the exception is for another role",
        "该例外由其他角色签署",
        "یہ استثنا کسی اور ذمہ داری کا ہے",
    ),
    "void_not_your_item": (
        "the item is attested by another role",
        "该项由其他角色确认",
        "اس شرط کی تصدیق کسی اور کی ذمہ داری ہے",
    ),
    "void_not_your_role": (
        "its author does not hold the role",
        "陈述人没有该角色",
        "یہ ذمہ داری کہنے والے کے پاس نہیں",
    ),
    "void_other_agreement": ("made under another agreement", "依据的是其他协议", "کسی اور معاہدے کے تحت"),
    "void_other_keys": (
        "the text gives a party other keys",
        "文本中的密钥与已知密钥不符",
        "متن میں فریق کی کلیدیں مختلف ہیں",
    ),
    "void_other_party": ("another party says this", "应由另一方陈述", "یہ دوسرے فریق کے کہنے کی بات ہے"),
    "void_other_previous": ("amends another version", "修订的是其他版本", "کسی اور نسخے میں ترمیم"),
    "void_other_signers": ("signed with other keys", "签名密钥不符", "دستخط دوسری کلیدوں سے ہیں"),
    "void_other_subject": ("about another subject", "主题不符", "موضوع مختلف ہے"),
    "void_own_request": ("who requests does not approve", "申请人不得自行批准", "درخواست گزار خود منظوری نہیں دے سکتا"),
    "void_proposed_already": ("proposed already", "已经提出", "پہلے ہی تجویز ہو چکا"),
    "void_reserved_name": ("a reserved name", "保留名称", "مخصوص نام"),
    "void_role_may_not": (
        "no role of its author may say this",
        "陈述人的角色无权作此陈述",
        "کہنے والے کی کوئی ذمہ داری یہ کہنے کی مجاز نہیں",
    ),
    "void_signed_already": ("signed already", "已经签署", "پہلے ہی دستخط ہو چکے"),
    "void_text_unknown": ("the text is not at hand", "没有该文本", "متن موجود نہیں"),
    "void_unknown_kind": (
        "unknown to this version: carried, not acted on",
        "本版本不识别：保留但不执行",
        "اس نسخے کے لیے نامعلوم: رکھا گیا، عمل نہیں ہوا",
    ),
    "void_unknown_plan": (
        "names no plan of this movement",
        "所指计划不属于该出行",
        "اس نقل و حرکت کا کوئی منصوبہ نہیں",
    ),
    "void_window_inverted": ("the window is not in order", "时段先后有误", "وقت کی ترتیب درست نہیں"),
    "void_before_release": ("before its moment", "未到规定时刻", "مقررہ وقت سے پہلے"),
    "void_checked_already": ("checked already", "已经核验", "پہلے ہی جانچا گیا"),
    "void_no_such_compartment": (
        "the agreement releases no such part",
        "协议未规定释放该分区",
        "معاہدہ ایسا کوئی حصہ نہیں کھولتا",
    ),
    "void_no_such_key": ("no such key to destroy", "没有可销毁的该密钥", "تلف کرنے کو ایسی کوئی کلید نہیں"),
    "void_not_alive": (
        "the movement was not approved, or over",
        "该出行未获批准或已结束",
        "نقل و حرکت منظور نہیں تھی یا ختم ہو چکی تھی",
    ),
    "void_not_due": (
        "it does not open for this role or party",
        "不对该角色或当事方开放",
        "یہ اس ذمہ داری یا فریق کے لیے نہیں کھلتا",
    ),
    "void_not_in_force": ("what was sealed is not in force", "所封存内容未生效", "مہر بند مواد نافذ نہیں"),
    "void_not_sealed": (
        "nothing was sealed under this digest",
        "该摘要下未封存任何内容",
        "اس خلاصے کے تحت کچھ مہر بند نہیں",
    ),
    "void_other_holders": ("not one share for each party", "并非每方各有一份", "ہر فریق کے لیے ایک حصہ نہیں"),
    "void_past_already": ("the key's end is past", "密钥期限已过", "کلید کی مدت گزر چکی"),
    "void_released_already": ("given already", "份额已交出", "پہلے ہی دیا جا چکا"),
    "void_sealed_already": ("sealed already", "已经封存", "پہلے ہی مہر بند"),
    "void_shares_missing": ("a share is missing", "缺少密钥份额", "کلید کا ایک حصہ باقی ہے"),
    "void_asked_already": ("asked for already", "已经请求", "پہلے ہی مانگا جا چکا"),
    "void_before_delay": ("before the agreed delay has passed", "约定的等待时间未到", "طے شدہ وقفہ پورا ہونے سے پہلے"),
    "void_escrow_not_agreed": (
        "officers' pieces are there exactly where agreed",
        "紧急份额须与协议一致",
        "افسروں کے ٹکڑے صرف وہیں جہاں طے ہوں",
    ),
    "void_given_already": ("given already", "已经交出", "پہلے ہی دیا جا چکا"),
    "void_not_registered": ("this person is not registered", "该人员未登记", "اس فرد کا اندراج نہیں"),
    "void_no_dossiers": (
        "the agreement says nothing of dossiers",
        "协议未约定档案保管",
        "معاہدے میں کوائف کا ذکر نہیں",
    ),
    "void_other_dossier": (
        "another dossier was registered last",
        "最近登记的是另一份档案",
        "آخری بار دوسرے کوائف درج ہوئے",
    ),
    "void_kept_too_long": (
        "kept for longer than is agreed",
        "保管期超过约定",
        "طے شدہ مدت سے زیادہ رکھے گئے",
    ),
    "void_retention_over": ("its time is over", "保管期已过", "اس کی مدت ختم ہو چکی"),
    "void_no_break_glass": (
        "no break-glass is agreed for this share",
        "协议未约定该份额的紧急开启",
        "اس حصے کے لیے ہنگامی کھولنا طے نہیں",
    ),
    "void_no_such_officer": ("no officer of that name is agreed", "协议中无此保管人", "معاہدے میں ایسا کوئی افسر نہیں"),
    "void_not_asked": ("too few have asked for it", "请求人数不足", "بہت کم لوگوں نے مانگا"),
    "void_not_known": (
        "its author has not sealed it, opened it or been told it",
        "陈述人既未封存、打开，也未被告知该内容",
        "کہنے والے نے نہ یہ مہر بند کیا، نہ کھولا، نہ اسے بتایا گیا",
    ),
    "void_told_oneself": ("nobody tells themselves", "不能告知自己", "کوئی خود کو نہیں بتاتا"),
    "void_committed_already": ("committed to already", "已经承诺", "پہلے ہی عہد ہو چکا"),
    "void_delivered_already": ("delivered already", "已经送达", "پہلے ہی پہنچایا جا چکا"),
    "void_does_not_fit": ("not the seed that was committed to", "不是所承诺的种子", "یہ وہ بیج نہیں جس کا عہد ہوا تھا"),
    "void_found_already": ("said already of this text", "该文本已有陈述", "اس متن کے بارے میں پہلے ہی کہا جا چکا"),
    "void_key_of_another": ("another person's reading key", "他人的阅读密钥", "کسی اور کی پڑھنے کی کلید"),
    "void_leak_found": (
        "a leak of this order was found before",
        "此前已发现该指令泄露",
        "اس حکم کا افشا پہلے پکڑا جا چکا",
    ),
    "void_no_leak": (
        "no such leak of this order is on record",
        "记录中无该指令的此项泄露",
        "ریکارڈ پر اس حکم کا ایسا کوئی افشا نہیں",
    ),
    "void_no_such_signer": (
        "its signer is no role of that party",
        "签署角色不属于该方",
        "دستخط کرنے والا اس فریق کی ذمہ داری نہیں",
    ),
    "void_not_a_hand": (
        "this party has no slot in the list",
        "清单中无该方的差异项",
        "فہرست میں اس فریق کی کوئی تفصیل نہیں",
    ),
    "void_not_a_recipient": ("not a recipient of this order", "不是该指令的接收人", "اس حکم کا وصول کنندہ نہیں"),
    "void_not_committed": ("not every hand has committed", "并非各方均已承诺", "ہر فریق نے ابھی عہد نہیں کیا"),
    "void_not_delivered": ("not every half has been delivered", "并非各半均已送达", "ہر نصف ابھی نہیں پہنچا"),
    "void_not_its_turn": ("another hand comes first", "应由另一方先行", "پہلے دوسرے فریق کی باری ہے"),
    "void_not_later": ("no later than it was asked for", "不晚于请求之时", "درخواست کے بعد کا وقت نہیں"),
    "void_not_opened": ("not every seed is open", "并非各种子均已公开", "ہر بیج ابھی نہیں کھلا"),
    "void_seed_is_open": (
        "a seed of this order is known already",
        "该指令的种子已为人知",
        "اس حکم کا بیج پہلے ہی معلوم ہے",
    ),
    "void_other_recipients": (
        "not the recipients or list that are due",
        "接收人或清单不符",
        "وصول کنندگان یا فہرست درست نہیں",
    ),
    "void_other_slots": ("by another slot list than before", "与先前的清单不同", "پہلے سے مختلف فہرست"),
    "void_receipt_again": ("a receipt that was said before", "回执此前已出现", "یہ رسید پہلے دی جا چکی"),
    "void_received_already": ("received already", "已经收到", "پہلے ہی موصول"),
    "void_refused_already": ("refused already", "已经拒收", "پہلے ہی مسترد"),
    "void_slots_not_agreed": ("copies may not differ here", "此处副本不得有差异", "یہاں نقول مختلف نہیں ہو سکتیں"),
    "void_slots_not_signed": ("the slot list is not signed by all", "清单尚未由各方签署", "فہرست پر سب کے دستخط نہیں"),
    "void_too_many": ("more than one party may say", "超出一方可陈述的数量", "ایک فریق کی حد سے زیادہ"),
    # --- sealed marks ---
    "marks": ("Sealed marks", "封存标记", "مہر بند نشان"),
    "marks_rule": (
        (
            "A mark hides something from a unit, or says that a movement is a decoy. It is sealed until a review opens "
            "it on the record, for everybody."
        ),
        "标记可对某一单位隐藏某事，或表明某次出行为佯动。标记在审查公开之前处于封存状态；公开后所有人均可读取。",
        (
            "نشان کسی یونٹ سے کچھ چھپاتا ہے، یا بتاتا ہے کہ نقل و حرکت دھوکے کی ہے۔ "
            "جائزے تک مہر بند رہتا ہے، پھر ریکارڈ پر سب کے لیے کھلتا ہے۔"
        ),
    ),
    "marks_none": (
        "There is no mark that you are told of.",
        "没有向您告知的标记。",
        "ایسا کوئی نشان نہیں جو آپ کو بتایا جائے۔",
    ),
    "marks_do": (
        "To agree to one: {agree}. To open one for review: {open}.",
        "同意标记：{agree}。审查公开：{open}。",
        "اتفاق کے لیے: {agree}۔ جائزے پر کھولنے کے لیے: {open}۔",
    ),
    "mark_id": ("Mark", "标记", "نشان"),
    "mark_says": ("What it says", "内容", "مضمون"),
    "mark_stands": ("How it stands", "状态", "صورتِ حال"),
    "mark_made": ("Sealed", "封存", "مہر بند کیا"),
    "mark_ends": ("Ends, and review due", "终止与审查期限", "اختتام، اور جائزے کی مدت"),
    "mark_consent": ("Agreed by, kept to by", "同意方与遵行方", "اتفاق اور پابندی"),
    "mark_shut_out": ("hides {about} from {unit}", "对{unit}隐藏{about}", "{unit} سے {about} چھپاتا ہے"),
    "mark_decoy": ("{about} is a decoy", "{about}为佯动", "{about} دھوکے کی نقل و حرکت ہے"),
    "mark_unread": ("sealed, and not yours to read", "已封存，您无权读取", "مہر بند، آپ کے پڑھنے کا نہیں"),
    "mark_works": ("works", "生效中", "مؤثر ہے"),
    "mark_waits": ("waits for consent", "等待同意", "اتفاق کا انتظار"),
    "mark_ended": ("has ended, review it", "已终止，须审查", "ختم ہو چکا، جائزہ لیں"),
    "mark_opened": ("opened by {actor}, {time}", "由{actor}于{time}公开", "{actor} نے {time} کو کھولا"),
    "mark_sealed": ("sealed", "已封存", "مہر بند"),
    "mark_overdue": ("the review is overdue", "审查已逾期", "جائزہ تاخیر میں ہے"),
    "mark_review_by": ("review by {time}", "审查期限：{time}", "جائزہ {time} تک"),
    "mark_agreed_by": ("agreed by {actor}", "{actor}已同意", "{actor} نے اتفاق کیا"),
    "mark_kept_by": ("{party} keeps to it", "{party}遵行", "{party} پابند ہے"),
    "mark_not_kept_by": ("{party} does not keep to it", "{party}不遵行", "{party} پابند نہیں"),
    "void_agreed_already": ("agreed to already", "已经同意", "پہلے ہی اتفاق ہو چکا"),
    "void_does_not_open": ("another key than was committed to", "密钥与承诺不符", "کلید وہ نہیں جس کا عہد تھا"),
    "void_is_over": ("the mark had ended", "标记已终止", "نشان ختم ہو چکا تھا"),
    "void_no_marks": ("the agreement has no marks", "协议未约定标记", "معاہدے میں نشان طے نہیں"),
    "void_no_such_mark": ("no such mark", "无此标记", "ایسا کوئی نشان نہیں"),
    "void_not_a_movement": ("a decoy is a movement", "佯动须为出行", "دھوکا صرف نقل و حرکت ہو سکتی ہے"),
    "void_not_a_unit": ("not a unit that may be shut out", "不得对该单位隐藏", "یہ یونٹ الگ نہیں رکھا جا سکتا"),
    "void_not_its_sort": (
        "its author may not seal this sort",
        "作者无权封存此类标记",
        "مصنف کو اس قسم کا اختیار نہیں",
    ),
    "void_not_over": ("the mark had not ended", "标记尚未终止", "نشان ابھی ختم نہیں ہوا تھا"),
    "void_opened_already": ("opened already", "已经公开", "پہلے ہی کھل چکا"),
    "void_other_content": ("about the content of another mark", "所指为另一标记的内容", "کسی اور نشان کا مضمون"),
    "void_too_long": ("longer than is agreed", "超过约定时长", "طے شدہ مدت سے زیادہ"),
    "void_in_phase": ("the movement was: {phase}", "当时状态：{phase}", "اس وقت مرحلہ: {phase}"),
}

_COLUMN = {language: place for place, language in enumerate(LANGUAGES)}


def word(key: str, language: str) -> str:
    """The text of a key in a language. Raises KeyError for one that is not in the catalogue."""
    return WORDS[key][_COLUMN[language]]
