"""Where a one-time link leads."""

from __future__ import annotations

import pytest

from tests.unit.edges.asking import OFFICER, Asking, asking, error_of


async def link(a: Asking) -> str:
    answer = await a.ask("POST", "/v1/sessions", by=OFFICER)
    url: str = answer.json()["url"]
    return url


def test_a_link_begins_a_session_that_looks() -> None:
    """WIRE-60, WIRE-61"""

    async def scenario(a: Asking) -> None:
        entered = await a.ask("GET", await link(a))
        cookie = entered.headers["set-cookie"]
        seen = await a.ask("GET", "/v1/health", headers={"cookie": cookie.split(";")[0]})
        assert (entered.status_code, "HttpOnly" in cookie, "SameSite=strict" in cookie, seen.status_code) == (
            200, True, True, 200,
        )  # fmt: skip

    asking(scenario)


def test_the_page_moves_on_by_itself_and_is_kept_nowhere() -> None:
    """WIRE-61: a redirect from another site's link would arrive without the cookie."""

    async def scenario(a: Asking) -> None:
        entered = await a.ask("GET", await link(a))
        assert ('content="0; url=/"' in entered.text, entered.headers["cache-control"]) == (True, "no-store")

    asking(scenario)


@pytest.mark.parametrize(("base", "secure"), [("http://host.example", False), ("https://host.example", True)])
def test_the_link_and_the_cookie_follow_how_the_node_is_reached(base: str, secure: bool) -> None:
    """WIRE-61"""

    async def scenario(a: Asking) -> None:
        a.reach("host", base)
        answer = await a.ask("POST", "/v1/sessions", by=OFFICER, base=base)
        url = answer.json()["url"]
        entered = await a.ask("GET", url, base=base)
        assert (url.startswith(f"{base}/enter?code="), "Secure" in entered.headers["set-cookie"]) == (True, secure)

    asking(scenario)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/enter?code=guessed", 401, "not_identified"),
        ("/enter?code=", 401, "not_identified"),
        ("/enter", 400, "input_invalid"),
    ],
)
def test_a_guessed_link_leads_nowhere(path: str, status: int, code: str) -> None:
    """WIRE-56, WIRE-60"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("GET", path)
        assert (error_of(answer), answer.headers.get("set-cookie")) == ((status, code), None)

    asking(scenario)


def test_a_link_is_not_used_up_under_a_strange_name() -> None:
    """WIRE-4: a name that an attacker has pointed at us gets no cookie."""

    async def scenario(a: Asking) -> None:
        code = (await link(a)).partition("?")[2]
        refused = await a.ask("GET", f"/enter?{code}", base="http://evil.example")
        entered = await a.ask("GET", f"/enter?{code}")
        assert (refused.status_code, entered.status_code) == (401, 200)

    asking(scenario)
