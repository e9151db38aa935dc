"""An agreement as a document that people read: Markdown, in one of its languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from safeconduct.core.acts import CATALOGUE
from safeconduct.core.agreement.clauses import Clause, GateItem, PartyTerms, Role, Terms
from safeconduct.core.agreement.rules import Rule
from safeconduct.core.agreement.wording import duration_text, isolated, listed

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
        "judged": "Judged by the record: {rule}",
        "by_people": "Judged by people.",
        "notice_lead": "notice reaches {to} at least {lead} before the window of departure opens",
        "approved_before_departure": "every approval that is needed comes before departure",
        "check_in_gap": "under way, no more than {gap} and {grace} of grace pass without a check-in",
        "closed_within": "closed within {span} after the end",
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
        "judged": "由记录判定：{rule}",
        "by_people": "由人员判定。",
        "notice_lead": "通知至少在出发时段开始前{lead}送达{to}",
        "approved_before_departure": "所需各项批准均在出发之前作出",
        "check_in_gap": "途中两次报到间隔不超过{gap}，宽限{grace}",
        "closed_within": "结束后{span}内结案",
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
        "judged": "ریکارڈ سے فیصلہ: {rule}",
        "by_people": "فیصلہ افراد کریں گے۔",
        "notice_lead": "اطلاع روانگی کا وقت شروع ہونے سے کم از کم {lead} پہلے {to} تک پہنچے",
        "approved_before_departure": "تمام مطلوبہ منظوریاں روانگی سے پہلے مل جائیں",
        "check_in_gap": "راستے میں {gap} اور {grace} کی رعایت سے زیادہ وقت اطلاع کے بغیر نہ گزرے",
        "closed_within": "ختم ہونے کے بعد {span} کے اندر بند کیا جائے",
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
        lines = [f"# {_one_line(terms.title[self._language])}", ""]
        lines += [self._say("version", name=terms.name, version=str(terms.version)), ""]
        if terms.previous is not None:
            lines += [self._say("previous", digest=terms.previous), ""]
        lines += [self._say("digest", digest=terms.digest), ""]
        lines += self._section("parties", terms.parties, self._party)
        lines += self._section("roles", terms.roles, self._role)
        lines += [f"## {self._word('movement')}", "", *self._movement(), ""]
        lines += self._section("gate", terms.movement.ready_gate, self._gate_item)
        lines += [f"## {self._word('clauses')}", ""]
        for clause in terms.clauses:
            lines += self._clause(clause)
        return lines[:-1]

    def _word(self, word: str) -> str:
        return _WORDS[self._language][word]

    def _say(self, word: str, **names: str) -> str:
        isolates = {name: isolated(_one_line(text), self._language) for name, text in names.items()}
        return self._word(word).format(**isolates)

    def _section(self, heading: str, items: tuple[_Item, ...], lines_of: Callable[[_Item], list[str]]) -> list[str]:
        lines = [f"## {self._word(heading)}", ""]
        for item in items:
            lines += lines_of(item)
        return [*lines, ""]

    def _role_name(self, role_id: str) -> str:
        role = self._terms.role(role_id)
        return role.name[self._language] if role else role_id

    def _party_name(self, party_id: str) -> str:
        party = self._terms.party(party_id)
        return party.name[self._language] if party else party_id

    def _roles(self, role_ids: tuple[str, ...]) -> str:
        return listed([self._role_name(role) for role in role_ids], self._language)

    def _named(self, name: str, identifier: str) -> str:
        return f"- **{_one_line(name)}** ({isolated(identifier, self._language)})"

    def _party(self, party: PartyTerms) -> list[str]:
        node = party.node
        return [
            self._named(party.name[self._language], party.id),
            "  - " + self._say("root", key=party.root),
            "  - " + self._say("node", url=node.url, key=node.node, log=node.log.split("+")[0]),
        ]

    def _role(self, role: Role) -> list[str]:
        kinds = listed([CATALOGUE[k].title[self._language] if k in CATALOGUE else k for k in role.may], self._language)
        said = self._say("may", kinds=kinds) if role.may else self._word("reads_only")
        return [self._named(role.name[self._language], f"{role.party}/{role.id}"), "  - " + said]

    def _movement(self) -> list[str]:
        movement = self._terms.movement
        lines = []
        for consent in movement.consent:
            parts = listed([self._word(part) for part in consent.parts], self._language)
            lines.append("- " + self._say("consent", party=self._party_name(consent.party), parts=parts))
        if movement.notice_chain:
            chain = _ARROW[self._language].join(self._role_name(role) for role in movement.notice_chain)
            lines.append("- " + self._say("chain", chain=chain))
        lines.append("- " + self._say("drift", drift=duration_text(movement.drift, self._language)))
        lines.append("- " + self._say("review", review=duration_text(movement.review_before, self._language)))
        return lines

    def _gate_item(self, item: GateItem) -> list[str]:
        lines = [self._named(item.name[self._language], item.id)]
        lines.append("  - " + self._say(item.check, by=self._roles(item.by)))
        if item.valid_for is not None:
            lines.append("  - " + self._say("valid_for", span=duration_text(item.valid_for, self._language)))
        if item.exception_by is not None:
            lines.append("  - " + self._say("exception_by", role=self._role_name(item.exception_by)))
        return lines

    def _clause(self, clause: Clause) -> list[str]:
        severity = self._word(clause.severity)
        return [
            f"### {isolated(clause.id, self._language)} {_one_line(clause.title[self._language])}",
            "",
            # Quoted line by line, or a clause's text could pass for the next clause.
            *(f"> {line}" for line in clause.text[self._language].split("\n")),
            "",
            "- " + self._say("owed", by=self._role_name(clause.owed_by), to=self._role_name(clause.owed_to)),
            "- " + self._say("severity", severity=severity),
            "- " + (self._say("judged", rule=self._rule(clause.rule)) if clause.rule else self._word("by_people")),
            "- " + self._say("evidence", evidence=clause.evidence),
            "- " + self._say("source", source=clause.source),
            "",
        ]

    def _rule(self, rule: Rule) -> str:
        return rule.for_each


def _one_line(text: str) -> str:
    return text.replace("\n", " ")
