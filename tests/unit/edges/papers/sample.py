"""A small agreement in three languages and a quarter under it."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from safeconduct.core.agreement import (
    Account,
    Compliance,
    Evidence,
    Finding,
    Outcome,
    Reason,
    Terms,
    measure,
)
from safeconduct.testing import card_of, small_terms

LANGUAGES = ("en", "zh", "ur")
DAY = 86_400_000
# 2026-10-01 and 2027-01-01.
SINCE, UNTIL = 1_790_812_800_000, 1_798_761_600_000
NAMES = {
    "host": {"en": "Home Department", "zh": "内政厅", "ur": "محکمہ داخلہ"},
    "sending": {"en": "Consulate", "zh": "总领事馆", "ur": "قونصل خانہ"},
}
TITLES = (
    {"en": "Notice in time", "zh": "及时通知", "ur": "بروقت اطلاع"},
    {"en": "Approval first", "zh": "先批准后出行", "ur": "پہلے منظوری"},
    {"en": "No silence", "zh": "不得失联", "ur": "خاموشی نہیں"},
    {"en": "Closed at the end", "zh": "及时结案", "ur": "اختتام پر بند"},
)


@cache
def terms() -> Terms:
    small = small_terms([card_of("host"), card_of("sending")])
    named = {"en": "role {}", "zh": "角色{}", "ur": "ذمہ داری {}"}
    return msgspec.structs.replace(
        small,
        title={"en": "Agreement on journeys", "zh": "出行协议", "ur": "سفر کا معاہدہ"},
        languages=LANGUAGES,
        parties=tuple(msgspec.structs.replace(p, name=NAMES[p.id]) for p in small.parties),
        roles=tuple(
            msgspec.structs.replace(r, name={language: text.format(r.id) for language, text in named.items()})
            for r in small.roles
        ),
        movement=msgspec.structs.replace(
            small.movement,
            ready_gate=tuple(
                msgspec.structs.replace(item, name=dict.fromkeys(LANGUAGES, item.id))
                for item in small.movement.ready_gate
            ),
        ),
        clauses=tuple(
            msgspec.structs.replace(clause, title=title, text=title)
            for clause, title in zip(small.clauses, TITLES, strict=True)
        ),
    )


def finding(outcome: str, clause: int = 1, n: int = 0, **changed: Any) -> Finding:
    known = terms().clauses[clause - 1]
    fields: dict[str, Any] = {
        "clause": known.id,
        "subject": f"movement/m-{n}",
        "outcome": Outcome(outcome),
        "owed_by": known.owed_by,
        "reason": Reason.CONTESTED if outcome == "disputed" else Reason.NOT_DONE,
        "agreement": terms().digest,
        "trigger": Evidence(party="sending", index=n, id=f"{n:064x}", at=SINCE + n * DAY),
        "due_at": SINCE + n * DAY,
        "evidence": (Evidence(party="host", index=n, id=f"{n + 1000:064x}", at=SINCE + n * DAY),),
    }
    return Finding(**{**fields, **changed})


EXPLAINED = Account(
    id=f"{7:064x}",
    party="host",
    actor="host/duty_officer",
    t=SINCE + 5 * DAY,
    kind="finding.explained",
    about="T-1",
    text="سڑک بند تھی",
)
CONTESTED = Account(
    id=f"{8:064x}",
    party="sending",
    actor="sending/approver",
    t=SINCE + 6 * DAY,
    kind="fact.contested",
    about="f" * 64,
    text="<script>alert('x')</script>",
)


@cache
def report(*, empty: bool = False) -> Compliance:
    """Two kept clauses, an open breach, an explained one, a dispute, one overdue."""
    answered = Evidence(party="host", index=99, id=EXPLAINED.id, at=EXPLAINED.t)
    found = [
        *(finding("met", 1, n) for n in range(40)),
        *(finding("met", 2, n) for n in range(0, 60, 20)),
        finding("breached", 1, 41),
        finding("breached", 1, 42, explained=(answered,)),
        finding("disputed", 3, 43, contested=(CONTESTED.about,)),
        finding("pending", 4, 50),
        finding("waived", 4, 51),
    ]
    accounts = {"movement/m-42": [EXPLAINED], "movement/m-43": [CONTESTED]}
    return measure(
        [] if empty else found, {terms().digest: terms()}, (SINCE, UNTIL), SINCE + 60 * DAY, accounts=accounts
    )


def versions() -> dict[str, Terms]:
    return {terms().digest: terms()}
