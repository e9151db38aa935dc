"""A rule in words: what calls the duty up, what must happen by when, and what excuses, waives, delays or cures it.

Conditions are shown as they were agreed, as code: a translation of them would be another agreement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from safeconduct.core.agreement.clauses import Terms
from safeconduct.core.agreement.markdown import code, plain
from safeconduct.core.agreement.rules import (
    Always,
    Count,
    Demand,
    Equal,
    Gap,
    Must,
    Never,
    One,
    Pattern,
    Recur,
    Relay,
    Rule,
)
from safeconduct.core.agreement.texts import act_title, field_title, name_of, span_text
from safeconduct.core.agreement.wording import filled, isolated, listed

_INSTANT = re.compile(r"(?P<anchor>[a-z0-9_.]+)(?: (?P<sign>[+-]) (?P<span>\S+))?")

_KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "movement": "movement",
        "site": "site",
        "group": "group",
        "person": "person",
        "post": "post",
        "guard": "guard",
        "vehicle": "vehicle",
        "unit": "unit",
        "meeting": "meeting",
        "project": "project",
        "district": "district",
        "incident": "incident",
        "company": "company",
        "threat": "threat",
    },
    "zh": {
        "movement": "出行",
        "site": "地点",
        "group": "团组",
        "person": "人员",
        "post": "岗哨",
        "guard": "警卫",
        "vehicle": "车辆",
        "unit": "分队",
        "meeting": "会议",
        "project": "项目",
        "district": "县",
        "incident": "事件",
        "company": "公司",
        "threat": "威胁",
    },
    "ur": {
        "movement": "نقل و حرکت",
        "site": "مقام",
        "group": "گروہ",
        "person": "فرد",
        "post": "چوکی",
        "guard": "محافظ",
        "vehicle": "گاڑی",
        "unit": "یونٹ",
        "meeting": "اجلاس",
        "project": "منصوبہ",
        "district": "ضلع",
        "incident": "واقعہ",
        "company": "کمپنی",
        "threat": "خطرہ",
    },
}

# Templates of `filled`. The names of the demands are those of the shapes in `rules.py`.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "for_each": "for each: {kind}",
        "when": "called up by: {event}[; only the {first} on a subject]",
        "first": "first time",
        "pattern": "“{act}”[ by {roles}][ for {party}][, where {where}][ {effect}]",
        "void": "(said without taking effect)",
        "any": "(whether or not it takes effect)",
        "must": "must occur: {event}, at the latest: {due}[; not before: {not_before}][; {since}][; one by each of "
        "{parties}]",
        "start": "one from before it was called up counts too",
        "received_by": "proved by: receipt by {to}; {clock}",
        "offered": "the instant of the statement counts",
        "received": "the instant of the first statement by which it shows that it had it counts",
        "fair": "in time by both clocks is kept, said late is a breach, and what lies between is disputed",
        "needs": "needs, opened for the one who acts: {compartments}",
        "always": "must be true: {hold}[, from then until: {until}|, at that moment]",
        "never": "must not occur: {event}[; until: {until}][; before: {before}]",
        "relay": "must be passed on: {event}, hop by hop, each within {within} of the one before[; all at the latest: "
        "{due}]",
        "chain": "hops: [{chain}|those of {chain_of}]; an event's hop is {hop}",
        "gap": "must recur: {event}, never more than {at_most} apart[; until: {until}]",
        "recur": "must occur: {event}, once in every {every}[, one by each of {parties}][; until: {until}]",
        "count": "number that is bounded: {event}[, each {distinct} once][; at least {at_least}][; at most {at_most}]"
        "[; at the latest: {due}][; until: {until}]",
        "share": "as a share: at least {percent} per cent of: {of}",
        "equal": "must be equal: {planned} when called up, and {actual} of {event}, at the latest: {due}; {difference}",
        "breached": "a difference is a breach",
        "disputed": "a difference is disputed",
        "one": "must be exactly one: {holder}; taken by: {taken}; given up by: {given_up}[; until: {until}]",
        "unless": "excused when it comes before it is due: {event}",
        "waived_by": "may be waived, before it is due, by all of these together: {roles}",
        "grace": "grace, within which lateness is no breach: {span}",
        "cure": "cure, within which a breach may be made good: {span}",
        "trigger": "the moment at which it is called up",
        "earliest": "the opening of the window of departure",
        "latest": "the close of the window of departure",
        "review_by": "the end of the time for approvals",
        "trigger_field": "“{field}” of what calls it up",
        "filed_field": "“{field}” of the latest “{form}”",
        "after": "{span} after {anchor}",
        "before": "{span} before {anchor}",
    },
    "zh": {
        "for_each": "适用对象：每一{kind}",
        "when": "触发：{event}[；仅限同一对象的{first}]",
        "first": "首次",
        "pattern": "“{act}”[，由{roles}作出][，代表{party}][，条件为 {where}][{effect}]",
        "void": "（已陈述但未生效）",
        "any": "（不论是否生效）",
        "must": "必须作出：{event}，最迟：{due}[；不早于：{not_before}][；{since}][；由{parties}各作一次]",
        "start": "触发之前作出的亦予计算",
        "received_by": "证明方式：{to}的收讫；{clock}",
        "offered": "以陈述作出的时刻为准",
        "received": "以该方首次以陈述表明已收到的时刻为准",
        "fair": "两种时刻均未逾期为已履行，发出即已逾期为违反，介于其间者存在争议",
        "needs": "须对行为人开放的信息分区：{compartments}",
        "always": "必须成立：{hold}[，自触发起直至：{until}|，以触发时为准]",
        "never": "不得发生：{event}[；直至：{until}][；截止：{before}之前]",
        "relay": "必须逐级转达：{event}，每级须在上一级之后{within}内完成[；全部完成最迟：{due}]",
        "chain": "各级：[{chain}|由 {chain_of} 确定]；所属级别由 {hop} 确定",
        "gap": "必须持续作出：{event}，间隔不得超过{at_most}[；直至：{until}]",
        "recur": "必须定期作出：{event}，每{every}一次[，由{parties}各作一次][；直至：{until}]",
        "count": "次数限制：{event}[，{distinct} 相同者只计一次][；至少 {at_least}][；至多 {at_most}]"
        "[；最迟：{due}][；直至：{until}]",
        "share": "比例要求：至少占下列陈述的百分之 {percent}：{of}",
        "equal": "必须相等：触发时的 {planned} 与 {actual}（取自{event}），最迟：{due}；{difference}",
        "breached": "不一致即构成违反",
        "disputed": "不一致即存在争议",
        "one": "必须恰有一名责任人：{holder}；接任：{taken}；卸任：{given_up}[；直至：{until}]",
        "unless": "到期前发生下列情形的，免于履行：{event}",
        "waived_by": "到期前经下列各角色共同豁免，可免于履行：{roles}",
        "grace": "宽限期（期内迟延不构成违反）：{span}",
        "cure": "补救期（期内可补正违反）：{span}",
        "trigger": "触发时",
        "earliest": "出发时段开始时",
        "latest": "出发时段结束时",
        "review_by": "批准期限届满时",
        "trigger_field": "触发陈述所载“{field}”",
        "filed_field": "最近一份“{form}”所载“{field}”",
        "after": "{anchor}之后{span}",
        "before": "{anchor}之前{span}",
    },
    "ur": {
        "for_each": "ہر ایک کے لیے: {kind}",
        "when": "لاگو ہونے کا سبب: {event}[؛ ایک ہی معاملے میں صرف {first}]",
        "first": "پہلی بار",
        "pattern": "”{act}“[، از {roles}][، بجانب {party}][، بشرطیکہ {where}][ {effect}]",
        "void": "(جو کہا گیا مگر مؤثر نہ ہوا)",
        "any": "(خواہ مؤثر ہو یا نہ ہو)",
        "must": "لازم ہے: {event}، زیادہ سے زیادہ اس وقت تک: {due}[؛ اس سے پہلے نہیں: {not_before}][؛ {since}]"
        "[؛ ان میں سے ہر ایک کی طرف سے ایک: {parties}]",
        "start": "لاگو ہونے سے پہلے کا بیان بھی شمار ہوگا",
        "received_by": "ثبوت: {to} کو موصول ہونا؛ {clock}",
        "offered": "بیان کا وقت معتبر ہے",
        "received": "وہ وقت معتبر ہے جب اس فریق کے پہلے بیان سے وصولی ظاہر ہو",
        "fair": "دونوں اوقات کے لحاظ سے بروقت ہو تو ذمہ داری پوری ہے، دیر سے بھیجا گیا ہو تو خلاف "
        "ورزی ہے، اور درمیانی صورت "
        "متنازع ہے",
        "needs": "عمل کرنے والے کے لیے ان حصوں کا کھلا ہونا ضروری ہے: {compartments}",
        "always": "درست ہونا لازم ہے: {hold}[، تب سے اس وقت تک: {until}|، لاگو ہونے کے وقت]",
        "never": "واقع نہ ہو: {event}[؛ اس وقت تک: {until}][؛ اس سے پہلے: {before}]",
        "relay": "آگے پہنچانا لازم ہے: {event}، مرحلہ بہ مرحلہ، ہر ایک پچھلے کے {within} کے اندر[؛ "
        "سب زیادہ سے زیادہ اس "
        "وقت تک: {due}]",
        "chain": "مراحل: [{chain}|جو {chain_of} سے معلوم ہوں]؛ بیان کا مرحلہ {hop} سے معلوم ہوتا ہے",
        "gap": "بار بار لازم ہے: {event}، اور وقفہ {at_most} سے زیادہ نہ ہو[؛ اس وقت تک: {until}]",
        "recur": "لازم ہے: {event}، ہر {every} میں ایک بار[، ان میں سے ہر ایک کی طرف سے: "
        "{parties}][؛ اس وقت تک: {until}]",
        "count": "تعداد کی حد: {event}[، ایک جیسا {distinct} ایک ہی بار شمار ہوگا][؛ کم از کم {at_least}]"
        "[؛ زیادہ سے زیادہ {at_most}][؛ اس وقت تک: {due}][؛ حتیٰ کہ: {until}]",
        "share": "تناسب: کم از کم {percent} فیصد، ان میں سے: {of}",
        "equal": "برابر ہونا لازم ہے: لاگو ہونے کے وقت {planned}، اور {event} میں {actual}، زیادہ "
        "سے زیادہ اس وقت تک: {due}؛ "
        "{difference}",
        "breached": "فرق خلاف ورزی ہے",
        "disputed": "فرق متنازع شمار ہوگا",
        "one": "ٹھیک ایک ذمہ دار ہونا لازم ہے: {holder}؛ ذمہ داری لینا: {taken}؛ چھوڑنا: "
        "{given_up}[؛ اس وقت تک: {until}]",
        "unless": "مقررہ وقت سے پہلے یہ پیش آئے تو معاف ہے: {event}",
        "waived_by": "مقررہ وقت سے پہلے یہ سب مل کر چھوٹ دے سکتے ہیں: {roles}",
        "grace": "رعایت، جس کے اندر تاخیر خلاف ورزی نہیں: {span}",
        "cure": "مہلتِ تلافی، جس کے اندر خلاف ورزی کی تلافی ہو سکتی ہے: {span}",
        "trigger": "لاگو ہونے کا وقت",
        "earliest": "روانگی کے مقررہ وقت کا آغاز",
        "latest": "روانگی کے مقررہ وقت کا اختتام",
        "review_by": "منظوریوں کی مہلت کا اختتام",
        "trigger_field": "لاگو کرنے والے بیان میں ”{field}“",
        "filed_field": "تازہ ترین ”{form}“ میں ”{field}“",
        "after": "اس کے {span} بعد: {anchor}",
        "before": "اس سے {span} پہلے: {anchor}",
    },
}


def kind_title(kind: str, language: str) -> str:
    """What people call a kind of subject; its name in rules if there is no other."""
    return _KINDS[language].get(kind, kind)


def rule_lines(terms: Terms, rule: Rule, language: str) -> list[str]:
    """A rule as Markdown, a line for each thing that it says; what calls it up comes first."""
    return _Words(terms, rule, language).lines()


def instant_words(terms: Terms, instant: str, kind: str, language: str, trigger: str = "") -> str:
    """An instant of a rule in words: `2 hours before the opening of the window of departure`.

    kind: the subject's. trigger: name of the event that calls the duty up, where there is one. Raises ValueError for
    a text that is no instant.
    """
    found = _INSTANT.fullmatch(instant)
    if found is None:
        raise ValueError(f"an instant such as 'trigger + PT4H', got {instant[:60]!r}")
    words = _WORDS[language]
    anchor = _anchor_words(terms, found["anchor"], kind, language, trigger)
    if found["span"] is None:
        return anchor
    span = isolated(plain(span_text(terms, found["span"], language)), language)
    return filled(words["after" if found["sign"] == "+" else "before"], {"span": span, "anchor": anchor})


def _anchor_words(terms: Terms, anchor: str, kind: str, language: str, trigger: str) -> str:
    words = _WORDS[language]
    match anchor.split("."):
        case ["plan", name]:
            return words[name]
        case ["trigger", "body", field]:
            return filled(
                words["trigger_field"],
                {"field": isolated(plain(field_title(terms, trigger, field, language)), language)},
            )
        case ["filed", form, field]:
            event = f"{kind}.{form}"
            names = {"form": act_title(terms, event, language), "field": field_title(terms, event, field, language)}
            return filled(words["filed_field"], {n: isolated(plain(text), language) for n, text in names.items()})
        case _:
            return words["trigger"]


class _Words:
    """One rule in one language."""

    def __init__(self, terms: Terms, rule: Rule, language: str) -> None:
        self._terms, self._rule, self._language = terms, rule, language

    def lines(self) -> list[str]:
        rule = self._rule
        lines = [
            self._put("for_each", kind=self._isolated(kind_title(rule.for_each, self._language))),
            self._put(
                "when",
                event=self._pattern(rule.when),
                first=_WORDS[self._language]["first"] if rule.each == "first" else "",
            ),
            *self._demand(rule.demand),
        ]
        lines += [self._put("unless", event=self._pattern(pattern)) for pattern in rule.unless]
        if rule.waived_by:
            lines.append(self._put("waived_by", roles=self._names(rule.waived_by)))
        if rule.grace is not None:
            lines.append(self._put("grace", span=self._span(rule.grace)))
        if rule.cure is not None:
            lines.append(self._put("cure", span=self._span(rule.cure)))
        return lines

    def _demand(self, demand: Demand) -> list[str]:
        match demand:
            case Must():
                return self._must(demand)
            case Always(hold=hold, until=until):
                return [self._put("always", hold=self._code(hold), until=self._until(until))]
            case Never():
                return [
                    self._put(
                        "never",
                        event=self._pattern(demand),
                        until=self._until(demand.until),
                        before=self._instant(demand.before),
                    )
                ]
            case Relay():
                return self._relay(demand)
            case Gap():
                return [
                    self._put(
                        "gap",
                        event=self._pattern(demand),
                        at_most=self._span(demand.at_most),
                        until=self._until(demand.until),
                    )
                ]
            case Recur():
                return [
                    self._put(
                        "recur",
                        event=self._pattern(demand),
                        every=self._span(demand.every),
                        parties=self._names(demand.parties),
                        until=self._until(demand.until),
                    )
                ]
            case Count():
                return self._count(demand)
            case Equal():
                return [
                    self._put(
                        "equal",
                        event=self._pattern(demand),
                        planned=self._code(demand.planned),
                        actual=self._code(demand.actual),
                        due=self._instant(demand.due),
                        difference=_WORDS[self._language][demand.on_difference],
                    )
                ]
            case One():
                return [
                    self._put(
                        "one",
                        holder=self._code(demand.holder),
                        taken=self._pattern(demand.taken),
                        given_up=self._pattern(demand.given_up),
                        until=self._until(demand.until),
                    )
                ]

    def _must(self, must: Must) -> list[str]:
        words = _WORDS[self._language]
        lines = [
            self._put(
                "must",
                event=self._pattern(must),
                due=self._instant(must.due),
                not_before=self._instant(must.not_before),
                since=words["start"] if must.since == "start" else "",
                parties=self._names(must.parties),
            )
        ]
        if must.received_by is not None:
            clock = words[must.clock or "fair"]
            lines.append(self._put("received_by", to=self._names((must.received_by,)), clock=clock))
        if must.needs:
            names = {c.id: c.name[self._language] for c in self._terms.compartments}
            needed = listed([names.get(one, one) for one in must.needs], self._language)
            lines.append(self._put("needs", compartments=self._isolated(needed)))
        return lines

    def _relay(self, relay: Relay) -> list[str]:
        return [
            self._put(
                "relay",
                event=self._pattern(relay),
                within=self._span(relay.within),
                due=self._instant(relay.due),
            ),
            self._put(
                "chain",
                chain=self._names(relay.chain),
                chain_of=self._code(relay.chain_of),
                hop=self._code(relay.hop),
            ),
        ]

    def _count(self, count: Count) -> list[str]:
        lines = [
            self._put(
                "count",
                event=self._pattern(count),
                distinct=self._code(count.distinct),
                at_least=self._code(count.at_least),
                at_most=self._code(count.at_most),
                due=self._instant(count.due),
                until=self._until(count.until),
            )
        ]
        if count.of is not None:
            lines.append(self._put("share", percent=self._code(count.percent), of=self._pattern(count.of)))
        return lines

    def _pattern(self, pattern: Pattern) -> str:
        words = _WORDS[self._language]
        return self._put(
            "pattern",
            act=self._isolated(act_title(self._terms, pattern.event, self._language)),
            roles=self._names(pattern.by),
            party=self._names((pattern.party,) if pattern.party is not None else ()),
            where=self._code(pattern.where),
            effect="" if pattern.effect == "taken" else words[pattern.effect],
        )

    def _until(self, until: Pattern | None) -> str:
        return self._pattern(until) if until is not None else ""

    def _instant(self, instant: str | None) -> str:
        if instant is None:
            return ""
        return instant_words(self._terms, instant, self._rule.for_each, self._language, self._rule.when.event)

    def _span(self, span: str) -> str:
        return self._isolated(span_text(self._terms, span, self._language))

    def _code(self, condition: str | None) -> str:
        return code(condition, self._language) if condition is not None else ""

    def _names(self, identifiers: tuple[str, ...]) -> str:
        names = listed([name_of(self._terms, one, self._language) for one in identifiers], self._language)
        return self._isolated(names) if names else ""

    def _put(self, word: str, **facts: str) -> str:
        """A template with facts that are already fit to stand in a sentence."""
        return filled(_WORDS[self._language][word], facts)

    def _isolated(self, text: str) -> str:
        return isolated(plain(text), self._language)
