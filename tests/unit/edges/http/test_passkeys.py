"""Passkeys: who may add one, who gets in by one, and every way in which somebody else does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from safeconduct.core.acts import ActorEnrolled, ActorRevoked
from safeconduct.edges.http.limits import CHALLENGE_LIFETIME_MS, SESSION_FRESH_MS
from safeconduct.edges.http.passkeys import passkey_host
from safeconduct.node.limits import PASSKEYS_MAX
from safeconduct.testing import key
from tests.unit.edges.asking import AUTHORITY, OFFICER, Asking, asking, error_of
from tests.unit.edges.http.device import Device, text

pytestmark = pytest.mark.slow

HOME = "http://localhost:8801"
COLLEAGUE = AUTHORITY


class Browser:
    """A browser that looks at the host's node: its cookies, and the page that it is on."""

    def __init__(self, a: Asking, home: str = HOME) -> None:
        self.a, self.home = a, home
        self.cookies: dict[str, str] = {}
        a.reach("host", home) if home not in ("",) else None

    async def post(self, path: str, body: object = b"", *, origin: str | None = None) -> httpx.Response:
        headers = {"origin": self.home if origin is None else origin}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.a.ask("POST", path, base=self.home, body=content, headers=headers)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        return answer

    async def get(self, path: str) -> httpx.Response:
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return await self.a.ask("GET", path, base=self.home, headers=headers)

    def enter_by_link(self, actor: str = OFFICER) -> None:
        sessions = self.a.sessions["host"]
        cookie = sessions.enter(sessions.offer(actor)[0], secure=False)
        self.cookies[cookie.key] = cookie.value or ""

    async def options(self, path: str = "/passkeys/challenge") -> dict[str, Any]:
        answer = await self.post(path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def add(self, device: Device, label: str = "phone") -> httpx.Response:
        made = device.make(await self.options("/passkeys/new"), self.home)
        return await self.post("/passkeys/add", {"label": label, "credential": made})

    async def enter(self, device: Device) -> httpx.Response:
        return await self.post("/passkeys/enter", device.show(await self.options(), self.home))

    async def who(self) -> str:
        answer = await self.get("/you?lang=en")
        return answer.text if answer.status_code == 200 else ""


async def with_passkey(a: Asking, *, counts: bool = True) -> tuple[Browser, Device]:
    """A browser without a session, and a device whose passkey the officer has added."""
    browser, device = Browser(a), Device(counts=counts)
    browser.enter_by_link()
    added = await browser.add(device)
    assert added.status_code == 200, added.text
    browser.cookies.clear()
    return browser, device


@pytest.mark.parametrize("counts", [True, False], ids=["counting", "synchronised"])
def test_whoever_entered_by_a_link_adds_a_passkey_and_enters_by_it_from_then_on(counts: bool) -> None:
    """ACC-10, ACC-11"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a, counts=counts)
        for _ in range(2):
            entered = await browser.enter(device)
            assert (entered.status_code, OFFICER in await browser.who()) == (200, True)

    asking(scenario)


def test_the_device_is_asked_for_a_verified_person_and_a_passkey_that_it_keeps() -> None:
    """ACC-12"""

    async def scenario(a: Asking) -> None:
        browser = Browser(a)
        browser.enter_by_link()
        new, enter = await browser.options("/passkeys/new"), await browser.options()
        wanted = new["authenticatorSelection"]
        assert (wanted["userVerification"], wanted["residentKey"], enter["userVerification"]) == (
            "required", "required", "required",
        )  # fmt: skip

    asking(scenario)


def test_the_node_keeps_the_public_key_alone_and_tells_the_device_no_name() -> None:
    """ACC-16"""

    async def scenario(a: Asking) -> None:
        _, device = await with_passkey(a)
        (kept,) = a.host.store.passkeys(OFFICER)
        secret = device.key.private_numbers().private_value.to_bytes(32)
        assert (secret in kept.key, OFFICER.encode() in device.handle, len(device.handle)) == (False, False, 32)

    asking(scenario)


# --- who may add one --------------------------------------------------------------------------------------------------


def test_nobody_adds_a_passkey_without_a_session() -> None:
    """ACC-10"""

    async def scenario(a: Asking) -> None:
        answer = await Browser(a).post("/passkeys/new")
        assert error_of(answer) == (401, "not_identified")

    asking(scenario)


def test_a_passkey_makes_no_passkey() -> None:
    """ACC-10: whoever has found a phone adds none of his own."""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        await browser.enter(device)
        assert error_of(await browser.post("/passkeys/new")) == (403, "not_allowed")

    asking(scenario)


@pytest.mark.parametrize(("later", "status"), [(SESSION_FRESH_MS - 1, 200), (SESSION_FRESH_MS, 403)])
def test_a_link_is_good_for_adding_for_five_minutes(later: int, status: int) -> None:
    """ACC-10"""

    async def scenario(a: Asking) -> None:
        browser = Browser(a)
        browser.enter_by_link()
        a.federation.clock.advance(later)
        assert (await browser.post("/passkeys/new")).status_code == status

    asking(scenario)


def test_a_passkey_that_is_known_is_nobody_elses() -> None:
    """ACC-10"""

    async def scenario(a: Asking) -> None:
        _, device = await with_passkey(a)
        other = Browser(a)
        other.enter_by_link(COLLEAGUE)
        assert error_of(await other.add(device)) == (400, "input_invalid")

    asking(scenario)


def test_an_actor_has_a_bounded_number_of_passkeys() -> None:
    """ACC-10"""

    async def scenario(a: Asking) -> None:
        browser = Browser(a)
        browser.enter_by_link()
        answers = [await browser.add(Device()) for _ in range(PASSKEYS_MAX + 1)]
        assert [answer.status_code for answer in answers] == [200] * PASSKEYS_MAX + [413]

    asking(scenario)


@pytest.mark.parametrize("label", ["", "  ", "a\x00b", "\u202eabc"])
def test_a_passkey_has_a_name_that_can_be_shown(label: str) -> None:
    """ACC-10"""

    async def scenario(a: Asking) -> None:
        browser = Browser(a)
        browser.enter_by_link()
        assert error_of(await browser.add(Device(), label)) == (400, "input_invalid")

    asking(scenario)


_Lie = Callable[[Device, dict[str, Any]], dict[str, Any]]

_MAKING: dict[str, _Lie] = {
    "another origin": lambda device, options: device.make(options, "https://evil.example"),
    "another port": lambda device, options: device.make(options, "http://localhost:9999"),
    "in a frame": lambda device, options: device.make(options, HOME, crossOrigin=True),
    "below another page": lambda device, options: device.make(options, HOME, topOrigin="https://evil.example"),
    "another host": lambda device, options: device.make({**options, "rp": {"id": "evil.example"}}, HOME),
    "nobody verified": lambda device, options: device.make(options, HOME, verified=False),
    "a challenge made up": lambda device, options: device.make({**options, "challenge": text(bytes(56))}, HOME),
    "an answer for entering": lambda device, options: {
        **device.make(options, HOME),
        "response": {
            **device.make(options, HOME)["response"],
            "clientDataJSON": device.show({**options, "rpId": "localhost"}, HOME)["response"]["clientDataJSON"],
        },
    },
}


@pytest.mark.parametrize("lie", _MAKING)
def test_a_new_passkey_that_is_not_this_pages_own_is_not_kept(lie: str) -> None:
    """ACC-12, ACC-13"""

    async def scenario(a: Asking) -> None:
        browser, device = Browser(a), Device()
        browser.enter_by_link()
        made = _MAKING[lie](device, await browser.options("/passkeys/new"))
        answer = await browser.post("/passkeys/add", {"label": "x", "credential": made})
        assert (answer.status_code in (401, 422), list(a.host.store.passkeys(OFFICER))) == (True, [])

    asking(scenario)


def test_a_challenge_for_adding_is_of_one_session() -> None:
    """ACC-13"""

    async def scenario(a: Asking) -> None:
        victim, attacker, device = Browser(a), Browser(a, ""), Device()
        attacker.home = HOME
        victim.enter_by_link()
        attacker.enter_by_link(COLLEAGUE)
        made = device.make(await attacker.options("/passkeys/new"), HOME)
        answer = await victim.post("/passkeys/add", {"label": "x", "credential": made})
        assert error_of(answer) == (401, "not_identified")

    asking(scenario)


# --- who gets in ------------------------------------------------------------------------------------------------------

_SHOWING: dict[str, _Lie] = {
    "another origin": lambda device, options: device.show(options, "https://evil.example"),
    "another port": lambda device, options: device.show(options, "http://localhost:9999"),
    "in a frame": lambda device, options: device.show(options, HOME, crossOrigin=True),
    "below another page": lambda device, options: device.show(options, HOME, topOrigin="https://evil.example"),
    "another host": lambda device, options: device.show(options, HOME, host="evil.example"),
    "nobody verified": lambda device, options: device.show(options, HOME, verified=False),
    "a challenge made up": lambda device, options: device.show({**options, "challenge": text(bytes(56))}, HOME),
    "another actor's name": lambda device, options: device.show(options, HOME, handle=bytes(32)),
    "no name": lambda device, options: device.show(options, HOME, handle=b""),
    "an unknown passkey": lambda _, options: Device().show(options, HOME),
    "another key": lambda device, options: {
        **Device().show(options, HOME, handle=device.handle),
        "id": text(device.credential),
        "rawId": text(device.credential),
    },
}


@pytest.mark.parametrize("lie", _SHOWING)
def test_nobody_gets_in_by_an_answer_that_is_not_this_pages_own(lie: str) -> None:
    """ACC-12, ACC-13, ACC-14"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        answer = await browser.post("/passkeys/enter", _SHOWING[lie](device, await browser.options()))
        assert (error_of(answer), await browser.who()) == ((401, "not_identified"), "")

    asking(scenario)


def test_an_answer_lets_in_once() -> None:
    """ACC-13"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a, counts=False)
        shown = device.show(await browser.options(), HOME)
        holder = dict(browser.cookies)
        first = await browser.post("/passkeys/enter", shown)
        browser.cookies = holder
        again = await browser.post("/passkeys/enter", shown)
        assert (first.status_code, error_of(again)) == (200, (401, "not_identified"))

    asking(scenario)


def test_an_answer_lets_in_the_browser_that_was_asked_and_no_other() -> None:
    """ACC-13"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        thief = Browser(a, "")
        thief.home = HOME
        shown = device.show(await browser.options(), HOME)
        await thief.options()
        assert error_of(await thief.post("/passkeys/enter", shown)) == (401, "not_identified")

    asking(scenario)


@pytest.mark.parametrize(("later", "status"), [(CHALLENGE_LIFETIME_MS - 1, 200), (CHALLENGE_LIFETIME_MS, 401)])
def test_an_answer_comes_within_two_minutes(later: int, status: int) -> None:
    """ACC-13"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        options = await browser.options()
        a.federation.clock.advance(later)
        assert (await browser.post("/passkeys/enter", device.show(options, HOME))).status_code == status

    asking(scenario)


@pytest.mark.parametrize("back", [0, 1, 5])
def test_a_device_whose_count_does_not_go_up_was_copied(back: int) -> None:
    """ACC-14"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        device.count = 10
        assert (await browser.enter(device)).status_code == 200
        device.count = 10 - back
        assert error_of(await browser.enter(device)) == (401, "not_identified")

    asking(scenario)


def test_a_revoked_actor_is_out_at_once_and_its_passkey_opens_nothing() -> None:
    """ACC-15"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        await browser.enter(device)
        await a.federation.say(AUTHORITY, f"actor/{OFFICER}", ActorRevoked(reason="left"))
        looked = await browser.get("/v1/health")
        browser.cookies.clear()
        assert (looked.status_code, error_of(await browser.enter(device))) == (403, (403, "not_allowed"))

    asking(scenario)


def test_whoever_is_enrolled_anew_under_the_same_name_adds_a_passkey_anew() -> None:
    """ACC-15: a new officer with the old one's name has none of his passkeys."""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        await browser.enter(device)
        anew = ActorEnrolled(key=key("somebody else").public.text, roles=("duty_officer",))
        await a.federation.say(AUTHORITY, f"actor/{OFFICER}", anew)
        looked = await browser.get("/v1/health")
        browser.cookies.clear()
        assert (looked.status_code, error_of(await browser.enter(device))) == (401, (401, "not_identified"))

    asking(scenario)


def test_a_removed_passkey_opens_nothing_and_only_its_owner_removes_it() -> None:
    """ACC-10"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        form = f"credential={text(device.credential)}".encode()
        browser.enter_by_link(COLLEAGUE)
        strangers = await browser.post("/passkeys/remove", form)
        browser.enter_by_link()
        own = await browser.post("/passkeys/remove", form)
        browser.cookies.clear()
        assert (error_of(strangers), own.status_code, error_of(await browser.enter(device))) == (
            (404, "not_found"), 303, (401, "not_identified"),
        )  # fmt: skip

    asking(scenario)


def test_a_passkey_opens_the_screen_and_signs_nothing() -> None:
    """ACC-11, WIRE-51"""

    async def scenario(a: Asking) -> None:
        browser, device = await with_passkey(a)
        await browser.enter(device)
        answers = [
            await browser.post(path, b"x") for path in ("/v1/openings", "/v1/texts", "/v1/cards", "/v1/sessions")
        ]
        assert [answer.status_code for answer in answers] == [401] * 4

    asking(scenario)


# --- which page asks --------------------------------------------------------------------------------------------------

_CHANGING = (
    "/passkeys/challenge",
    "/passkeys/enter",
    "/passkeys/new",
    "/passkeys/add",
    "/passkeys/remove",
    "/leave",
    "/leave/other",
)


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", "http://localhost:9999", "https://localhost:8801"]
)
@pytest.mark.parametrize("path", _CHANGING)
def test_a_page_of_anybody_else_changes_nothing_with_our_cookie(path: str, origin: str) -> None:
    """ACC-4: another port of this machine is the same site for a SameSite cookie."""

    async def scenario(a: Asking) -> None:
        browser = Browser(a)
        browser.enter_by_link()
        refused = await browser.post(path, origin=origin)
        assert (error_of(refused), OFFICER in await browser.who()) == ((403, "not_allowed"), True)

    asking(scenario)


def test_whoever_leaves_is_out() -> None:
    """ACC-4"""

    async def scenario(a: Asking) -> None:
        browser = Browser(a)
        browser.enter_by_link()
        before = dict(browser.cookies)
        left = await browser.post("/leave")
        browser.cookies = before
        assert (left.status_code, left.headers["location"], await browser.who()) == (303, "/", "")

    asking(scenario)


def test_an_actor_ends_another_session_of_its_own() -> None:
    """ACC-7"""

    async def scenario(a: Asking) -> None:
        browser, lost = Browser(a), Browser(a, "")
        lost.home = HOME
        browser.enter_by_link()
        lost.enter_by_link()
        tag = a.sessions["host"].sitting(lost.cookies).tag
        ended = await browser.post("/leave/other", f"session={tag}".encode())
        assert (ended.status_code, await lost.who(), OFFICER in await browser.who()) == (303, "", True)

    asking(scenario)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://node.ministry.example", "node.ministry.example"),
        ("https://node.ministry.example:8443", "node.ministry.example"),
        ("http://localhost:8801", "localhost"),
        ("http://node.ministry.example", None),
        ("http://127.0.0.1:8801", None),
        ("https://10.0.0.7", None),
        ("https://[::1]:8801", None),
    ],
)
def test_passkeys_are_for_a_name_under_tls_or_for_this_machine(address: str, host: str | None) -> None:
    """ACC-12"""
    assert passkey_host(address) == host


def test_where_browsers_make_no_passkeys_none_is_asked_for() -> None:
    """ACC-12"""

    async def scenario(a: Asking) -> None:
        browser = Browser(a, "http://127.0.0.1:8801")
        assert error_of(await browser.post("/passkeys/challenge")) == (403, "not_allowed")

    asking(scenario)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"response":[]}',
        b'{"response":{"clientDataJSON":"!"}}',
        b"[" * 20_000,
        b"\xff",
        b"x" * 40_000,
    ],
)
def test_what_no_browser_says_is_refused_in_words(body: bytes) -> None:
    """ACC-12"""

    async def scenario(a: Asking) -> None:
        answer = await Browser(a).post("/passkeys/enter", body)
        assert error_of(answer) in [(400, "input_invalid"), (413, "limit_exceeded")]

    asking(scenario)
