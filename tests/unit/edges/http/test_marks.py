"""Marks over the API: each actor is answered what concerns it, and nobody else can tell that there is one."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from safeconduct.core.acts import MovementRequested
from safeconduct.node import marks
from safeconduct.node.access import Viewer
from safeconduct.testing import MOVEMENT, SHUT_OUT, Federation, keep_custody, mark_as, marks_terms, small_plan
from tests.unit.edges.asking import Asking, error_of

DUTY, UNIT = "host/duty_officer", "host/unit"


@pytest.mark.slow
def test_a_mark_is_answered_to_whom_it_concerns_and_is_not_there_for_others() -> None:
    """MARK-20, MARK-21"""

    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree(marks_terms(federation.cards.values()))
            await keep_custody(federation, 1)
            await federation.say("sending/journey_manager", MOVEMENT, MovementRequested(plan=small_plan()))
            await mark_as(federation, "sending/security_manager", SHUT_OUT)
            await federation.sync()
            a = Asking(federation)
            (view,) = (await a.ask("GET", "/v1/marks", by=DUTY)).json()
            expected = marks.mark(a.host, Viewer(DUTY, ("duty_officer",)), "mark/k1")
            assert view == msgspec.to_builtins(expected)
            assert (await a.ask("GET", "/v1/marks/k1", by=DUTY)).json() == view
            assert (await a.ask("GET", "/v1/marks", by=UNIT)).json() == []
            there, absent = [await a.ask("GET", f"/v1/marks/{name}", by=UNIT) for name in ("k1", "k9")]
            assert error_of(there) == (404, "not_found")
            assert there.text.replace("k1", "k9") == absent.text
            session = a.sessions["host"].enter(a.sessions["host"].offer(UNIT)[0], secure=False)
            pages = [
                await a.ask("GET", "/marks", headers={"cookie": f"{session.key}={session.value}"}),
                await a.ask("GET", "/logs", headers={"cookie": f"{session.key}={session.value}"}),
            ]
            assert [page.status_code for page in pages] == [200, 200]
            assert not any('href="/marks"' in page.text or "k1" in page.text for page in pages)
            told = a.sessions["host"].enter(a.sessions["host"].offer(DUTY)[0], secure=False)
            page = await a.ask("GET", "/marks", headers={"cookie": f"{told.key}={told.value}"})
            assert ('href="/marks"' in page.text, SHUT_OUT.reason in page.text) == (True, True)

    asyncio.run(whole())
