"""Write vectors/agreement/*.json: `python -m vectors.make_agreement`.

Digests are those of Python's own `json` and PyYAML over the folder's files; findings are the table below, written from
the sentences on demands (AG-50 on) by hand; nothing of ours is used.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml
from nacl.signing import SigningKey

from vectors.documents import Case, Files, documents, write

FOLDER = Path(__file__).parent / "agreement"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


# --- folders ----------------------------------------------------------------------------------------------


def _vkey(name: str, kind: int, raw: bytes) -> str:
    typed = bytes([kind]) + raw
    key_id = sha256(name.encode() + b"\n" + typed).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(typed).decode()}"


def _card(party: str) -> str:
    raw = [bytes(SigningKey(sha256(f"{party} {use}".encode()).digest()).verify_key) for use in range(5)]
    root, node, log, witness, mirror = raw
    return _compact(
        {
            "id": party,
            "name": {"en": party.capitalize(), "zh": {"host": "东道方", "sending": "派遣方"}[party]},
            "root": base64.b64encode(root).decode(),
            "node": {
                "url": f"https://{party}.example:8443",
                "node": base64.b64encode(node).decode(),
                "log": _vkey(f"{party}.example/log", 1, log),
                "witness": _vkey(f"{party}.example/witness", 4, witness),
                "mirror": _vkey(f"{party}.example/mirror", 4, mirror),
            },
        }
    )


AGREEMENT = """\
name: small
version: 1
title: {en: A small agreement, zh: 一份小协议}
languages: [en, zh]
parties: [host, sending]
roles:
  - {id: officer, party: host, name: {en: officer, zh: 官员}, may: [movement.approved, movement.acknowledged]}
  - {id: guard, party: host, name: {en: guard, zh: 警卫}, may: [movement.attested]}
  - id: manager
    party: sending
    name: {en: manager, zh: 主管}
    may: [movement.requested, movement.acknowledged, movement.relayed]
movement:
  consent:
    - {party: host, parts: [route, timing]}
  notice_chain: [manager, officer]
  drift: PT15M
  review_before: PT2H
  ready_gate:
    - {id: approvals, name: {en: approvals, zh: 批准}, check: approvals}
    - {id: sweep, name: {en: sweep, zh: 排查}, check: attested, by: [guard], valid_for: PT30M}
"""
CLAUSES = """\
- id: NTC-1
  title: {en: Notice, zh: 通知}
  text:
    en: >-
      Notice is given a day ahead,
      and counts when it is received.
    zh: 须提前一天通知，以收到为准。
  owed_by: manager
  owed_to: officer
  severity: major
  evidence: request and receipt
  source: parameter to agree
  rule:
    for_each: movement
    when: {event: movement.requested, effect: taken}
    must: {event: movement.requested, received_by: host, due: plan.earliest - P1D}
"""
GAP = "gap: {event: movement.attested, at_most: PT15M}"
FILES_OF_FOLDER = {
    "agreement.yaml": AGREEMENT,
    "clauses/a.yaml": CLAUSES,
    "clauses/b.yaml": CLAUSES.replace("NTC-1", "NTC-2").replace(
        "must: {event: movement.requested, received_by: host, due: plan.earliest - P1D}", GAP
    ),
    "cards/host.json": _card("host"),
    "cards/sending.json": _card("sending"),
}

COMPARTMENTS = """\
compartments:
  - id: route
    name: {en: route, zh: 路线}
    margin: PT1H
    releases:
      - {role: guard, opens: plan.earliest - PT90M, needs: [{item: sweep}]}
      - role: officer
        opens: plan.latest
        grade: blurred
        metres: 500
        needs:
          - {clause: NTC-1, begins: plan.earliest, grade: count}
          - {why: {en: stands by, zh: 待命}, begins: plan.earliest, grade: blurred, metres: 500, minutes: 30}
"""
# The officer owes this clause.
RELEASES_OF_FOLDER = {
    **FILES_OF_FOLDER,
    "agreement.yaml": AGREEMENT + COMPARTMENTS,
    "clauses/a.yaml": CLAUSES.replace("owed_by: manager", "owed_by: officer").replace(
        "owed_to: officer", "owed_to: manager"
    ),
}


def _terms(files: Mapping[str, str]) -> dict[str, object]:
    """What the files say, with nothing checked; defaults are left out."""
    terms: dict[str, object] = yaml.safe_load(files["agreement.yaml"])
    terms["parties"] = [json.loads(files[f"cards/{party}.json"]) for party in ("host", "sending")]
    clauses = [
        clause for path in sorted(files) if path.startswith("clauses/") for clause in yaml.safe_load(files[path])
    ]
    for clause in clauses:
        if clause["rule"]["when"].get("effect") == "taken":
            del clause["rule"]["when"]["effect"]
    terms["clauses"] = clauses
    return terms


def _folder_cases() -> Iterator[Case]:
    canonical = _compact(_terms(FILES_OF_FOLDER))
    yield {
        "files": FILES_OF_FOLDER,
        "canonical": canonical,
        "digest": sha256(canonical.encode()).hexdigest(),
        "what": "a small agreement",
    }
    for what, path, old, new, problems in [
        ("a key twice", "agreement.yaml", "drift: PT15M\n", "drift: PT15M\n  drift: PT15M\n", ["agreement.yaml:18"]),
        ("an anchor and an alias", "agreement.yaml", "drift: PT15M\n  review_before: PT2H",
         "drift: &a PT15M\n  review_before: *a", ["agreement.yaml:17", "agreement.yaml:18"]),
        ("a fraction", "agreement.yaml", "version: 1", "version: 1.0", ["agreement.yaml:2"]),
        ("a date", "agreement.yaml", "drift: PT15M", "drift: 2026-01-01", ["agreement.yaml:17"]),
        ("a truth value", "agreement.yaml", "{en: officer, zh", "{en: no, zh", ["agreement.yaml:7"]),
        ("a field that is unknown", "agreement.yaml", "drift:", "drfit:", ["agreement.yaml:13", "agreement.yaml:17"]),
        ("a text in one language", "agreement.yaml", "{en: guard, zh: 警卫}", "{en: guard}", ["agreement.yaml:8"]),
        ("a direction character", "agreement.yaml", "en: guard", 'en: "gu\\u202eard"', ["agreement.yaml:8"]),
        ("a kind that nobody may say", "agreement.yaml", "[movement.attested]", "[movement.atested]",
         ["agreement.yaml:8", "agreement.yaml:21"]),
        ("who asks approves", "agreement.yaml", "[movement.requested,", "[movement.approved, movement.requested,",
         ["agreement.yaml:12"]),
        ("a chain that nobody passes on", "agreement.yaml", "[manager, officer]", "[officer, manager]",
         ["agreement.yaml:16"]),
        ("a role that does not exist", "clauses/a.yaml", "owed_by: manager", "owed_by: manger", ["clauses/a.yaml:8"]),
        ("a party that does not exist", "clauses/a.yaml", "by: host,", "by: hots,", ["clauses/a.yaml:16"]),
        ("a gap of nothing", "clauses/b.yaml", "at_most: PT15M", "at_most: P0D", ["clauses/b.yaml:16"]),
        ("a month", "clauses/a.yaml", "earliest - P1D", "earliest - P1M", ["clauses/a.yaml:16"]),
        ("a name that no condition has", "clauses/a.yaml", "effect: taken", "where: plan.peple.count > 1",
         ["clauses/a.yaml:15"]),
        ("two demands", "clauses/a.yaml", "    must:", "    gap: {event: movement.departed, at_most: PT1H}\n    must:",
         ["clauses/a.yaml:13"]),
        ("a number twice", "clauses/a.yaml", "NTC-1", "NTC-2", ["clauses/b.yaml:1"]),
        ("a card that is not canonical", "cards/host.json", '":"', '": "', ["cards/host.json:1"]),
        ("a second version of nothing", "agreement.yaml", "version: 1", "version: 2", ["agreement.yaml:2"]),
    ]:  # fmt: skip
        text = FILES_OF_FOLDER[path]
        assert old in text, (what, old)
        files = {**FILES_OF_FOLDER, path: text.replace(old, new, 1)}
        yield {"files": files, "error": "malformed", "problems_at": problems, "what": what}
    yield from _release_cases()


def _release_cases() -> Iterator[Case]:
    canonical = _compact(_terms(RELEASES_OF_FOLDER))
    yield {
        "files": RELEASES_OF_FOLDER,
        "canonical": canonical,
        "digest": sha256(canonical.encode()).hexdigest(),
        "what": "an agreement with a compartment",
    }
    start = AGREEMENT.count("\n")
    for what, old, new, line in [
        ("a blurred release of no size", "        metres: 500\n", "", 9),
        ("a size of what is not blurred", "grade: blurred\n        metres", "grade: existence\n        metres", 10),
        ("a number beside what is blurred", "PT90M,", "PT90M, grade: count,", 9),
        ("an item that somebody else attests", "{role: guard,", "{role: manager,", 6),
        ("a clause that somebody else owes", "clause: NTC-1,", "clause: NTC-2,", 12),
        ("a need that says nothing", "{item: sweep}", "{begins: plan.earliest}", 6),
        ("a reason without its beginning", "待命}, begins: plan.earliest,", "待命},", 13),
        ("a margin of nothing", "margin: PT1H", "margin: PT0H", 4),
    ]:
        assert old in COMPARTMENTS, (what, old)
        files = {**RELEASES_OF_FOLDER, "agreement.yaml": AGREEMENT + COMPARTMENTS.replace(old, new, 1)}
        yield {"files": files, "error": "malformed", "problems_at": [f"agreement.yaml:{start + line}"], "what": what}


# --- findings ---------------------------------------------------------------------------------------------

OPENS = 1_790_000_000_000
HOUR = 3_600_000
DUE = OPENS - 10 * HOUR
GONE = OPENS + 60_000
OVER = GONE + 300_000

ALLOWED = 20 * 60_000


def _rule(when: str, **demand: object) -> Case:
    return {"for_each": "movement", "when": {"event": when}, **demand}


NOTICE = _rule(
    "movement.requested", must={"event": "movement.requested", "received_by": "host", "due": "plan.earliest - PT10H"}
)
APPROVED = _rule(
    "movement.requested",
    never={"event": "movement.departed", "effect": "any", "where": "movement.unapproved.size() > 0"},
)
CHECKED_IN = _rule(
    "movement.departed",
    gap={"event": "movement.checked_in", "at_most": "PT15M", "until": {"event": "movement.arrived"}},
    grace="PT5M",
)
CLOSED = _rule("movement.arrived", must={"event": "movement.closed", "due": "trigger + PT10H"}, cure="PT1H")

REQUESTED, DEPARTED, CHECKED, ARRIVED, SHUT = (
    f"movement.{word}" for word in ("requested", "departed", "checked_in", "arrived", "closed")
)


def _finding_cases() -> Iterator[Case]:
    """Events are (name, instant); the first is the request, made by the sending side if nothing else is said."""
    gone = [(REQUESTED, 0), (DEPARTED, GONE)]
    over = [*gone, (ARRIVED, OVER)]
    table: list[tuple[Case, list[tuple[str, int]], Case, int, list[tuple[str, str, bool]]]] = [
        (NOTICE, [(REQUESTED, DUE)], {"received": DUE}, OPENS, [("met", "received_in_time", True)]),
        (NOTICE, [(REQUESTED, DUE - HOUR)], {"received": DUE - HOUR}, OPENS, [("met", "received_in_time", False)]),
        (NOTICE, [(REQUESTED, DUE - HOUR)], {"received": DUE - HOUR + 1}, OPENS, [("met", "received_in_time", True)]),
        (NOTICE, [(REQUESTED, DUE)], {"received": DUE + 1}, OPENS,
         [("disputed", "offered_in_time_received_late", False)]),
        (NOTICE, [(REQUESTED, DUE)], {}, DUE, [("pending", "not_received_yet", False)]),
        (NOTICE, [(REQUESTED, DUE)], {}, DUE + 1, [("disputed", "offered_in_time_no_receipt", False)]),
        (NOTICE, [(REQUESTED, DUE + 1)], {"received": DUE + 1}, OPENS, [("breached", "offered_late", False)]),
        (NOTICE, [(REQUESTED, DUE + 1)], {"by": "host"}, OPENS, [("not_due", "notice_is_own", False)]),
        (APPROVED, [(REQUESTED, 0)], {}, OPENS, [("pending", "not_happened_so_far", False)]),
        (APPROVED, [(REQUESTED, 0), ("movement.cancelled", 9)], {}, OPENS, [("not_due", "given_up", False)]),
        (APPROVED, gone, {"unapproved": ["host"]}, GONE, [("breached", "happened", False)]),
        (APPROVED, [*over, (SHUT, OVER + 1)], {}, OVER + 1, [("met", "did_not_happen", False)]),
        (CHECKED_IN, [(REQUESTED, 0)], {}, OPENS, []),
        (CHECKED_IN, gone, {}, GONE + ALLOWED, [("pending", "next_due", False)]),
        (CHECKED_IN, gone, {}, GONE + ALLOWED + 1, [("breached", "silent_now", False)]),
        (CHECKED_IN, [*gone, (CHECKED, GONE + ALLOWED)], {}, GONE + ALLOWED, [("pending", "next_due", True)]),
        (CHECKED_IN, [*gone, (CHECKED, GONE + ALLOWED + 1)], {}, GONE + ALLOWED + 1,
         [("breached", "too_long", False), ("pending", "next_due", False)]),
        (CHECKED_IN, [*gone, (ARRIVED, GONE + ALLOWED)], {}, OPENS + HOUR, [("met", "never_too_long", True)]),
        (CHECKED_IN, [*gone, (ARRIVED, GONE + ALLOWED - 120_000)], {}, OPENS + HOUR,
         [("met", "never_too_long", True)]),
        (CHECKED_IN, [*gone, (ARRIVED, GONE + 810_001)], {}, OPENS + HOUR, [("met", "never_too_long", True)]),
        (CHECKED_IN, [*gone, (ARRIVED, GONE + 810_000)], {}, OPENS + HOUR, [("met", "never_too_long", False)]),
        (CHECKED_IN, [*gone, (ARRIVED, GONE + ALLOWED + 1)], {}, OPENS + HOUR, [("breached", "too_long", False)]),
        (CLOSED, gone, {}, OPENS + 99 * HOUR, []),
        (CLOSED, over, {}, OVER + 10 * HOUR, [("pending", "not_done_yet", False)]),
        (CLOSED, over, {}, OVER + 10 * HOUR + 1, [("breached", "not_done", False)]),
        (CLOSED, [*over, (SHUT, OVER + 10 * HOUR)], {}, OVER + 10 * HOUR, [("met", "done_in_time", True)]),
        (CLOSED, [*over, (SHUT, OVER + 9 * HOUR)], {}, OVER + 10 * HOUR, [("met", "done_in_time", False)]),
        (CLOSED, [*over, (SHUT, OVER + 10 * HOUR + 1)], {}, OVER + 11 * HOUR, [("breached", "done_late", False)]),
    ]  # fmt: skip
    for rule, events, more, now, findings in table:
        yield {
            "rule": rule,
            "earliest": OPENS,
            "by": "sending",
            **more,
            "events": [{"name": name, "at": at} for name, at in events],
            "now": now,
            "findings": [{"outcome": o, "reason": r, "near": n} for o, r, n in findings],
        }


FILES: Files = {
    "folders.json": ("agreement folders, path to text; problems_at: file and line of each problem", _folder_cases),
    "findings.json": (
        "a rule, events on a movement (ms since 1970), when the host had the request (received), the findings",
        _finding_cases,
    ),
}


@cache
def contents() -> dict[str, bytes]:
    """Name and content of every file that this program writes."""
    return documents(FILES)


if __name__ == "__main__":
    write(FOLDER, contents())
