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
    "void_in_phase": ("the movement was: {phase}", "当时状态：{phase}", "اس وقت مرحلہ: {phase}"),
}

_COLUMN = {language: place for place, language in enumerate(LANGUAGES)}


def word(key: str, language: str) -> str:
    """The text of a key in a language. Raises KeyError for one that is not in the catalogue."""
    return WORDS[key][_COLUMN[language]]
