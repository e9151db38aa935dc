"""What is sensitive: shown to whoever has just entered, and whose reason is on the record where one is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from safeconduct.core.acts import AccessNoted, AccessReasoned, MovementRequested
from safeconduct.core.agreement import AccessTerms
from safeconduct.edges.http.limits import SESSION_FRESH_MS
from safeconduct.node.limits import REASON_GOOD_MS
from safeconduct.testing import MINUTE, MOVEMENT, Federation, sealing_terms, small_plan
from tests.unit.edges.asking import AUTHORITY, OFFICER, Asking, error_of
from tests.unit.edges.http.test_passkeys import HOME, Browser

pytestmark = pytest.mark.slow

ALL = AccessTerms(reasons=("knew", "pack"))
LOOKS = {"knew": "/v1/knew?facts=m1/rendezvous", "pack": "/v1/movements/m1/pack"}
PAGES = {"knew": "/knew/m1", "pack": "/packs/m1"}


def looking(scenario: Callable[[Asking], Awaitable[None]], access: AccessTerms | None = ALL) -> None:
    async def whole() -> None:
        async with Federation() as federation:
            terms = sealing_terms(federation.cards.values(), access=access, auditors=("duty_officer", "escort_lead"))
            await federation.agree(terms)
            await federation.say("sending/journey_manager", MOVEMENT, MovementRequested(plan=small_plan()))
            await federation.sync()
            a = Asking(federation)
            a.reach("host", HOME, "http://host.example")
            await scenario(a)

    asyncio.run(whole())


def entered(a: Asking) -> Browser:
    browser = Browser(a, "")
    browser.home = HOME
    browser.enter_by_link()
    return browser


def form(what: str, reason: str = "leak of 24 November", movement: str = "m1") -> bytes:
    return f"what={what}&movement={movement}&reason={reason.replace(' ', '+')}".encode()


@pytest.mark.parametrize("what", LOOKS)
def test_a_session_that_began_a_while_ago_is_asked_to_enter_anew(what: str) -> None:
    """ACC-8"""

    async def scenario(a: Asking) -> None:
        browser = entered(a)
        fresh = [(await browser.get(path[what])).status_code for path in (LOOKS, PAGES)]
        a.federation.clock.advance(SESSION_FRESH_MS)
        stale = [await browser.get(path[what]) for path in (LOOKS, PAGES)]
        assert (fresh, error_of(stale[0]), stale[1].status_code) == ([200, 200], (403, "not_allowed"), 401)
        assert "Confirm that it is you" in stale[1].text
        assert (await browser.get("/movements/m1")).status_code == 200
        browser.enter_by_link()
        assert (await browser.get(LOOKS[what])).status_code == 200

    looking(scenario, None)


@pytest.mark.parametrize("what", LOOKS)
def test_whoever_may_not_look_hears_so_first_and_is_not_asked_to_enter_anew_or_why(what: str) -> None:
    """SIGHT-13, ACC-20"""

    async def scenario(a: Asking) -> None:
        browser = Browser(a, "")
        browser.home = HOME
        browser.enter_by_link("host/unit")
        a.federation.clock.advance(SESSION_FRESH_MS)
        size = a.federation.stores["host"].size("host")
        refused = [await browser.get(path[what]) for path in (LOOKS, PAGES)] + [
            await browser.post("/reasons", form(what))
        ]
        assert [answer.status_code for answer in refused] == [403] * 3
        assert ["auditors" in answer.text for answer in refused] == [True] * 3
        assert a.federation.stores["host"].size("host") == size

    looking(scenario)


@pytest.mark.parametrize("what", LOOKS)
def test_a_signed_request_is_never_too_old(what: str) -> None:
    """ACC-8, ACC-22"""

    async def scenario(a: Asking) -> None:
        a.federation.clock.advance(SESSION_FRESH_MS)
        assert (await a.ask("GET", LOOKS[what], by=OFFICER)).status_code == 200

    looking(scenario, None)


@pytest.mark.parametrize("what", LOOKS)
def test_nothing_is_shown_before_the_actors_own_reason_is_on_the_record(what: str) -> None:
    """ACC-20"""

    async def scenario(a: Asking) -> None:
        before = await a.ask("GET", LOOKS[what], by=OFFICER)
        act = AccessReasoned(what=what, about=(MOVEMENT,), reason="inquiry")  # type: ignore[arg-type]  # one of its words
        await a.federation.say(OFFICER, f"access/{OFFICER}", act)
        after = [(await a.ask("GET", LOOKS[look], by=OFFICER)).status_code for look in LOOKS]
        assert (error_of(before), after) == ((403, "not_allowed"), [200 if look == what else 403 for look in LOOKS])

    looking(scenario)


@pytest.mark.parametrize("what", LOOKS)
def test_the_authority_gives_its_reason_like_anybody_else(what: str) -> None:
    """ACC-20, REC-141"""

    async def scenario(a: Asking) -> None:
        before = await a.ask("GET", LOOKS[what], by=AUTHORITY)
        act = AccessReasoned(what=what, about=(MOVEMENT,), reason="inquiry")  # type: ignore[arg-type]  # one of its words
        await a.federation.say(AUTHORITY, f"access/{AUTHORITY}", act)
        after = await a.ask("GET", LOOKS[what], by=AUTHORITY)
        assert (error_of(before), after.status_code) == ((403, "not_allowed"), 200)

    looking(scenario)


def test_anothers_reason_or_one_for_another_movement_is_none() -> None:
    """ACC-20"""

    async def scenario(a: Asking) -> None:
        lead = "host/escort_lead"
        await a.federation.say(lead, f"access/{lead}", AccessReasoned(what="knew", about=(MOVEMENT,), reason="x"))
        other = AccessReasoned(what="knew", about=("movement/m2",), reason="x")
        await a.federation.say(OFFICER, f"access/{OFFICER}", other)
        assert (await a.ask("GET", LOOKS["knew"], by=OFFICER)).status_code == 403

    looking(scenario)


@pytest.mark.parametrize(("later", "status"), [(REASON_GOOD_MS - 1, 200), (REASON_GOOD_MS, 403)])
def test_a_reason_is_good_for_a_quarter_of_an_hour(later: int, status: int) -> None:
    """ACC-20"""

    async def scenario(a: Asking) -> None:
        act = AccessReasoned(what="knew", about=(MOVEMENT,), reason="x")
        await a.federation.say(OFFICER, f"access/{OFFICER}", act)
        a.federation.clock.advance(later)
        assert (await a.ask("GET", LOOKS["knew"], by=OFFICER)).status_code == status

    looking(scenario)


@pytest.mark.parametrize("what", LOOKS)
def test_what_is_typed_into_a_page_is_noted_by_the_node_before_the_page_is_shown(what: str) -> None:
    """ACC-20, ACC-21"""

    async def scenario(a: Asking) -> None:
        browser = entered(a)
        asked = await browser.get(PAGES[what] + "?lang=en")
        assert "Why do you ask?" in asked.text
        size = a.federation.stores["host"].size("host")
        given = await browser.post("/reasons", form(what))
        (row,) = a.federation.stores["host"].rows("host", size, size + 9)
        assert (row.subject, a.host.memory.said(row).act) == (
            f"access/{OFFICER}",
            AccessNoted(what=what, about=(MOVEMENT,), reason="leak of 24 November"),  # type: ignore[arg-type]  # as above
        )
        shown = await browser.get(given.headers["location"] + "?lang=en")
        assert (given.status_code, given.headers["location"], "Why do you ask?" in shown.text) == (
            303, PAGES[what], False,
        )  # fmt: skip

    looking(scenario)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (form("knew", ""), (400, "input_invalid")),
        (form("knew", "   "), (400, "input_invalid")),
        (form("knew", "x" * 2_001), (400, "input_invalid")),
        (form("everything"), (400, "input_invalid")),
        (form("knew", movement="m9"), (404, "not_found")),
        (b"\xff", (400, "input_invalid")),
        (b"x" * 30_000, (413, "limit_exceeded")),
    ],
)
def test_a_reason_that_is_none_is_not_noted(body: bytes, expected: tuple[int, str]) -> None:
    """ACC-21"""

    async def scenario(a: Asking) -> None:
        size = a.federation.stores["host"].size("host")
        answer = await entered(a).post("/reasons", body)
        assert (error_of(answer), a.federation.stores["host"].size("host")) == (expected, size)

    looking(scenario)


def test_a_page_of_anybody_else_gives_no_reasons_in_our_name() -> None:
    """ACC-4, ACC-21"""

    async def scenario(a: Asking) -> None:
        answer = await entered(a).post("/reasons", form("knew"), origin="http://localhost:9999")
        assert error_of(answer) == (403, "not_allowed")

    looking(scenario)


def test_a_stale_session_gives_no_reason() -> None:
    """ACC-8"""

    async def scenario(a: Asking) -> None:
        browser = entered(a)
        a.federation.clock.advance(SESSION_FRESH_MS + MINUTE)
        assert error_of(await browser.post("/reasons", form("knew"))) == (403, "not_allowed")

    looking(scenario)
