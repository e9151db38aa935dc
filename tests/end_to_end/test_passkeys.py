"""A passkey in a real browser: added after a link, shown to enter again, refused where it must be.

Chromium's own virtual authenticator, over its debugging protocol, holds the passkey.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page

from safeconduct.core.acts import ActorRevoked
from safeconduct.edges.http import Sessions
from safeconduct.edges.http.limits import SESSION_FRESH_MS, SESSION_IDLE_MS
from safeconduct.main import build_app, listen, serving
from tests.end_to_end.test_console import CHROMIUM, browser
from tests.unit.edges.console.night import Night

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"a browser at {CHROMIUM}"),
]

OFFICER, AUDITOR = "host/duty_officer", "host/host_auditor"
_PATIENCE_MS = 15_000
_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Screen:
    """A browser's page at the host's node, with a device that holds passkeys."""

    def __init__(self, night: Night, url: str, sessions: Sessions, context: BrowserContext, page: Page) -> None:
        self.night, self.url, self.sessions, self.context, self.page = night, url, sessions, context, page
        self.complaints: list[str] = []
        self.device: dict[str, Any] = {}
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def plug_in(self, **changed: object) -> None:
        """A device, which belongs to this page."""
        self.debugger = await self.context.new_cdp_session(self.page)
        await self.debugger.send("WebAuthn.enable")
        self.device = await self.debugger.send("WebAuthn.addVirtualAuthenticator", {"options": {**_DEVICE, **changed}})

    async def verify_nobody(self) -> None:
        """From now on nobody puts a finger on it, or the wrong one."""
        await self.debugger.send("WebAuthn.setUserVerified", {**self.device, "isUserVerified": False})

    async def enter_by_link(self, actor: str = OFFICER) -> None:
        code, _ = self.sessions.offer(actor)
        await self.page.goto(f"{self.url}/enter?code={code}")
        await self.page.wait_for_url(f"{self.url}/")

    async def add(self, label: str = "phone") -> None:
        await self.page.goto(f"{self.url}/you?lang=en")
        await self.page.fill("#passkey-label", label)
        await self.page.click("button[data-passkey=add]")
        await self.page.wait_for_selector(f"table.passkeys >> text={label}")

    async def leave(self) -> None:
        await self.page.goto(f"{self.url}/you?lang=en")
        await self.page.click("form[action='/leave'] button")
        await self.page.wait_for_selector("button[data-passkey=enter]")

    async def enter(self) -> None:
        await self.page.click("button[data-passkey=enter]")

    async def said(self, words: str) -> str:
        await self.page.wait_for_selector(f"#passkey-said >> text={words}")
        return await self.page.inner_text("#passkey-said")


@asynccontextmanager
async def _screen(host: str) -> AsyncIterator[Screen]:
    async with Night() as night:
        await night.agree()
        await night.request("m-1", 3_600_000)
        await night.share()
        with closing(listen("127.0.0.1", 0)) as listener:
            url = f"http://{host}:{listener.getsockname()[1]}"
            app, sessions = build_app(night.host, [url])
            async with serving(app, listener), browser() as chromium:
                context = await chromium.new_context()
                context.set_default_timeout(_PATIENCE_MS)
                yield Screen(night, url, sessions, context, await context.new_page())


def on_screen(look: Callable[[Screen], Awaitable[None]], host: str = "localhost") -> None:
    async def run() -> None:
        async with _screen(host) as screen:
            await look(screen)
            assert screen.complaints == []

    asyncio.run(run())


def test_a_passkey_that_was_added_after_a_link_opens_the_screen_again() -> None:
    """ACC-10, ACC-11, ACC-12"""

    async def look(screen: Screen) -> None:
        await screen.plug_in()
        await screen.enter_by_link()
        await screen.add("duty room")
        await screen.leave()
        await screen.enter()
        await screen.page.wait_for_selector(f"text=You are {OFFICER}")
        await screen.page.goto(f"{screen.url}/you?lang=en")
        text = await screen.page.inner_text("main")
        assert ("with a passkey" in text, "enter with your key, by a link" in text) == (True, True)

    on_screen(look)


def test_a_passkey_that_was_removed_opens_nothing_and_its_removal_is_asked_about() -> None:
    """ACC-10"""

    async def look(screen: Screen) -> None:
        await screen.plug_in()
        await screen.enter_by_link()
        await screen.add()
        await screen.page.click("table.passkeys a")
        assert "Remove phone" in await screen.page.inner_text("main")
        await screen.page.click("form[action='/passkeys/remove'] button")
        await screen.page.wait_for_selector("text=You have no passkey here")
        await screen.leave()
        await screen.enter()
        assert "does not accept it" in await screen.said("does not accept")

    on_screen(look)


def test_nobody_gets_in_whom_the_device_has_not_verified() -> None:
    """ACC-12"""

    async def look(screen: Screen) -> None:
        await screen.plug_in()
        await screen.enter_by_link()
        await screen.add()
        await screen.leave()
        await screen.verify_nobody()
        await screen.enter()
        await screen.said("No passkey was shown")

    on_screen(look)


def test_the_passkey_of_a_revoked_actor_opens_nothing() -> None:
    """ACC-15"""

    async def look(screen: Screen) -> None:
        await screen.plug_in()
        await screen.enter_by_link()
        await screen.add()
        await screen.leave()
        await screen.night.say("host/authority", f"actor/{OFFICER}", ActorRevoked(reason="left"))
        await screen.enter()
        await screen.said("does not accept")

    on_screen(look)


def test_who_knew_asks_for_the_passkey_again_and_then_shows_the_page_that_was_asked_for() -> None:
    """ACC-8"""

    async def look(screen: Screen) -> None:
        await screen.plug_in()
        await screen.enter_by_link(AUDITOR)
        await screen.add()
        screen.night.clock.advance(SESSION_FRESH_MS)
        await screen.page.goto(f"{screen.url}/knew/m-1?lang=en")
        await screen.page.wait_for_selector("text=Confirm that it is you")
        await screen.enter()
        await screen.page.wait_for_selector("text=Nothing is sealed of this movement")
        assert screen.page.url == f"{screen.url}/knew/m-1?lang=en"

    on_screen(look)


def test_a_screen_that_nobody_uses_locks_and_its_board_goes_on() -> None:
    """ACC-1, ACC-2, ACC-3, ACC-6"""

    async def look(screen: Screen) -> None:
        await screen.enter_by_link()
        await screen.page.goto(f"{screen.url}/?lang=en")
        await screen.page.wait_for_selector("#contact[data-state=live]")
        detail = await screen.context.new_page()
        await detail.goto(f"{screen.url}/movements/m-1?lang=en")
        await detail.wait_for_selector("#contact[data-state=live]")
        screen.night.clock.advance(SESSION_IDLE_MS)
        await screen.night.request("m-2", 3_600_000)
        await screen.night.share()
        await screen.page.wait_for_selector("tr[data-key='movement/m-2']")
        await screen.page.evaluate("writeSession()")
        assert "Locked" in await screen.page.inner_text("#session")
        await detail.wait_for_selector("#contact[data-state=lost]")
        assert await detail.inner_text("#live") == ""
        await screen.page.click("nav.pages a[href='/logs']")
        await screen.page.wait_for_selector("h1 >> text=Sign in")

    on_screen(look)


def test_where_browsers_make_no_passkeys_the_page_says_so_and_offers_the_link() -> None:
    """ACC-12"""

    async def look(screen: Screen) -> None:
        await screen.page.goto(f"{screen.url}/?lang=en")
        assert await screen.page.locator("button[data-passkey]").count() == 0
        await screen.enter_by_link()
        await screen.page.goto(f"{screen.url}/you?lang=en")
        assert "Passkeys need an address with https" in await screen.page.inner_text("main")

    on_screen(look, "127.0.0.1")
