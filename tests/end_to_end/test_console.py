"""The console as an officer sees it: Chromium, a served node, three languages, a desk and a phone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from itertools import product
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from safeconduct.core.acts import MovementCheckedIn
from safeconduct.main import build_app, listen, serving
from tests.unit.edges.console.night import Night, whole_night

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"a browser at {CHROMIUM}"),
]

# No sandbox inside a container, and nothing that calls home.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_DESK: ViewportSize = {"width": 1366, "height": 768}
_PHONE: ViewportSize = {"width": 390, "height": 844}
_SMALL: ViewportSize = {"width": 320, "height": 640}

# What takes longer than this on a busy machine does not come.
_PATIENCE_MS = 15_000

# What one page may weigh with its style and script.
PAGE_BYTES_MAX = 60_000

PAGES = (
    "/",
    "/?show=all",
    "/movements/m-103",
    "/knew/m-103",
    "/items",
    "/packs/m-103",
    "/you",
    "/movements/m-108",
    "/movements/m-112",
    "/logs",
    "/agreement",
)
WORDS = {
    "en": ("Movements", "under way", "Approval missing", "Sending State not reached"),
    "zh": ("出行", "途中", "缺少批准", "联系不上派遣国"),
    "ur": ("نقل و حرکت", "راستے میں", "منظوری باقی", "بھیجنے والی ریاست سے رابطہ نہیں"),
}
# As verdicts none of these may be on a screen. The product's own name is one word and no verdict.
VERDICTS = re.compile(r"\bsafe\b|\bsafely\b|\bsecure\b|安全|محفوظ", re.IGNORECASE)


class Desk:
    """A night that is served, and a browser that has entered. complaints: what the browser's console said."""

    def __init__(self, night: Night, url: str, context: BrowserContext) -> None:
        self.night, self.url, self.context = night, url, context
        self.complaints: list[str] = []

    async def open(self, path: str) -> Page:
        page = await self.context.new_page()
        await page.set_viewport_size(_DESK)
        page.on("console", lambda message: self.complaints.append(f"{path}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"{path}: {error}"))
        await page.goto(self.url + path)
        return page


@asynccontextmanager
async def _desk(actor: str) -> AsyncIterator[Desk]:
    async with Night() as night:
        await whole_night(night)
        with closing(listen("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            app, sessions = build_app(night.host, [url])
            code, _ = sessions.offer(actor)
            async with serving(app, listener), browser() as chromium:
                context = await chromium.new_context(timezone_id="Asia/Karachi")
                context.set_default_timeout(_PATIENCE_MS)
                desk = Desk(night, url, context)
                await (await desk.open(f"/enter?code={code}")).wait_for_url(f"{url}/")
                yield desk


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A browser without a sandbox, inside a container."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield launched
        finally:
            await launched.close()


OFFICER, AUDITOR = "host/duty_officer", "host/host_auditor"


def at_a_desk(look: Callable[[Desk], Awaitable[None]], actor: str = OFFICER) -> None:
    async def run() -> None:
        async with _desk(actor) as desk:
            await look(desk)

    asyncio.run(run())


@pytest.mark.parametrize("actor", [OFFICER, AUDITOR])
def test_every_page_speaks_each_language_fits_a_phone_and_keeps_the_policy(actor: str) -> None:
    shown = [path for path in PAGES if actor == AUDITOR or not path.startswith(("/knew", "/packs"))]

    async def look(desk: Desk) -> None:
        for language, path in product(("en", "zh", "ur"), shown):
            page = await desk.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
            text = await page.inner_text("body")
            if path == "/":
                assert [word for word in WORDS[language] if word not in text] == []
            # An agreement is the parties' own text.
            assert path == "/agreement" or VERDICTS.findall(text) == []
            direction = await page.evaluate("getComputedStyle(document.body).direction")
            assert direction == ("rtl" if language == "ur" else "ltr")
            for viewport in (_DESK, _PHONE, _SMALL):
                await page.set_viewport_size(viewport)
                width = await page.evaluate("document.documentElement.scrollWidth")
                assert (language, path, width) == (language, path, viewport["width"])
            await page.close()
        assert desk.complaints == []

    at_a_desk(look, actor)


def test_the_chosen_language_stays_without_being_asked_for_again() -> None:
    async def look(desk: Desk) -> None:
        page = await desk.open("/")
        await page.click("text=اردو")
        await page.click("nav.pages a[href='/logs']")
        assert await page.get_attribute("html", "lang") == "ur"

    at_a_desk(look)


def test_what_is_said_appears_without_a_reload_and_focus_stays() -> None:
    async def look(desk: Desk) -> None:
        page = await desk.open("/movements/m-103")
        await page.wait_for_selector("#contact[data-state=live]")
        await page.evaluate("window.stayed = true")
        await page.focus("text=Logs")
        here = MovementCheckedIn(note="<img src=x onerror=alert(1)> past the bridge")
        await desk.night.say("host/escort_lead", "movement/m-103", here)
        await page.wait_for_selector("text=past the bridge")
        assert await page.evaluate("window.stayed && document.activeElement.textContent") == "Logs"
        assert await page.locator("main img").count() == 0
        assert desk.complaints == []

    at_a_desk(look)


def test_a_row_that_says_something_new_is_marked() -> None:
    async def look(desk: Desk) -> None:
        page = await desk.open("/")
        await page.wait_for_selector("#contact[data-state=live]")
        desk.night.clock.advance(1_000)
        await desk.night.say("host/escort_lead", "movement/m-103", MovementCheckedIn())
        await page.wait_for_selector("tr.fresh")
        assert await page.get_attribute("tr.fresh", "data-key") == "movement/m-103"

    at_a_desk(look)


def test_a_lost_link_is_said_and_found_again() -> None:
    async def look(desk: Desk) -> None:
        page = await desk.open("/")
        await page.wait_for_selector("#contact[data-state=live]")
        await desk.context.set_offline(offline=True)
        await page.evaluate("window.dispatchEvent(new Event('online'))")
        await page.wait_for_selector("#contact[data-state=lost]")
        assert "no contact with your node" in await page.inner_text("#contact")
        await desk.context.set_offline(offline=False)
        await page.wait_for_selector("#contact[data-state=live]")

    at_a_desk(look)


def test_a_session_that_has_ended_says_how_to_get_a_link() -> None:
    async def look(desk: Desk) -> None:
        page = await desk.open("/")
        await page.wait_for_selector("#contact[data-state=live]")
        await desk.context.clear_cookies()
        await page.evaluate("window.dispatchEvent(new Event('online'))")
        await page.wait_for_selector("#contact[data-state=lost]")
        assert "safeconduct console" in await page.inner_text("#contact")
        await page.reload()
        assert "Sign in" in await page.inner_text("main")

    at_a_desk(look)


def test_the_pack_and_the_evidence_behind_a_finding_can_be_taken() -> None:
    async def look(desk: Desk) -> None:
        for path, link in (("/packs/m-102", "a[download]"), ("/movements/m-102", "a[href^='/v1/statements/']")):
            page = await desk.open(path)
            address = await page.get_attribute(link, "href")
            answer = await desk.context.request.get(f"{desk.url}{address}")
            assert (link, answer.status) == (link, 200)

    at_a_desk(look, AUDITOR)


def test_without_scripts_everything_is_there() -> None:
    async def look(desk: Desk) -> None:
        browser = desk.context.browser
        assert browser is not None
        session = await desk.context.storage_state()
        plain = await browser.new_context(java_script_enabled=False, storage_state=session)
        page = await plain.new_page()
        await page.goto(f"{desk.url}/movements/m-108")
        assert "head count against the manifest" in await page.inner_text("main")

    at_a_desk(look)


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is() -> None:
    async def look(desk: Desk) -> None:
        page = await desk.open("/")
        await page.keyboard.press("Tab")
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert (await page.evaluate("document.activeElement.className"), outline) == ("skip", "3px")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "content"

    at_a_desk(look)


@pytest.mark.parametrize("path", ["/", "/movements/m-103"])
def test_a_page_is_light_enough_for_a_poor_link(path: str) -> None:
    async def look(desk: Desk) -> None:
        page = await desk.context.new_page()
        weights: list[int] = []
        page.on("response", lambda response: weights.append(int(response.headers.get("content-length", 0))))
        await page.goto(f"{desk.url}{path}?lang=ur")
        await page.wait_for_selector("#contact[data-state=live]")
        assert sum(weights) < PAGE_BYTES_MAX

    at_a_desk(look)
