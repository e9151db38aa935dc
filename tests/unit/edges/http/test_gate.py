"""Who asks: what each route answers to nobody, to strangers, and to whoever may."""

from __future__ import annotations

import pytest
from litestar.routes import HTTPRoute

from safeconduct.core.acts import ActorRevoked
from tests.unit.edges.asking import AUTHORITY, OFFICER, Asking, asking, error_of

OPEN = {"/v1/statements"}
SIGNED = [
    "/v1/texts",
    "/v1/cards",
    "/v1/sessions",
    "/v1/items",
    "/v1/item-openings",
    "/v1/item-keys",
    "/v1/item-checks",
]
PERIOD = "?from=0&to=1"


def routes(a: Asking) -> list[tuple[str, str]]:
    """Method and an example path of every route below /v1, as the application has them."""
    examples = {"{movement_id:str}": "m1", "{party:str}": "host", "{statement_id:str}": "0" * 64, "{mark_id:str}": "k1"}
    examples.update({"{digest:str}": "0" * 64, "{family:str}": "site"})
    examples.update({"{item_id:str}": "i1", "{release_id:str}": "r1"})
    found = []
    for route in a.apps["host"].routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/v1"):
            path = route.path
            for name, example in examples.items():
                path = path.replace(name, example)
            found += [(method, path) for method in route.methods if method in ("GET", "POST")]
    return sorted(found)


def test_nobody_is_answered_anywhere_but_where_statements_enter() -> None:
    """WIRE-50: every route that there is, also one that is added tomorrow."""

    async def scenario(a: Asking) -> None:
        asked = [(method, path) for method, path in routes(a) if path not in OPEN]
        answers = {path: (await a.ask(method, path)).status_code for method, path in asked}
        assert (len(answers) > 15, set(answers.values())) == (True, {401})

    asking(scenario)


@pytest.mark.parametrize("by", ["sending", "host", "sending/journey_manager", "host/nobody", "third/x"])
def test_a_stranger_is_answered_nowhere(by: str) -> None:
    """WIRE-3, WIRE-7, WIRE-50"""

    async def scenario(a: Asking) -> None:
        asked = [(method, path) for method, path in routes(a) if path not in OPEN]
        answers = {path: (await a.ask(method, path, by=by)).status_code for method, path in asked}
        assert set(answers.values()) == {401}

    asking(scenario)


async def session(a: Asking, actor: str) -> dict[str, str]:
    sessions = a.sessions["host"]
    cookie = sessions.enter(sessions.offer(actor)[0], secure=False)
    return {"cookie": f"{cookie.key}={cookie.value}"}


def test_a_session_looks_everywhere() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        headers = await session(a, AUTHORITY)
        paths = [path for method, path in routes(a) if method == "GET" and path not in ("/v1/events", "/v1/cards")]
        # What a route must be asked with.
        with_what = {"/v1/compliance": PERIOD, "/v1/knew": "?facts=m1/rendezvous"}
        asked = [path + with_what.get(path, "") for path in paths]
        answers = [(await a.ask("GET", path, headers=headers)).status_code for path in asked]
        assert set(answers) <= {200, 404}

    asking(scenario)


@pytest.mark.parametrize("path", SIGNED)
def test_a_session_changes_nothing(path: str) -> None:
    """WIRE-51: so a page from elsewhere that makes a browser ask can change nothing either."""

    async def scenario(a: Asking) -> None:
        headers = await session(a, AUTHORITY)
        assert error_of(await a.ask("POST", path, headers=headers, body=b"x")) == (401, "not_identified")

    asking(scenario)


def test_a_revoked_actor_is_out_at_once_by_signature_and_by_session() -> None:
    """WIRE-7, WIRE-62"""

    async def scenario(a: Asking) -> None:
        headers = await session(a, OFFICER)
        await a.federation.say(AUTHORITY, f"actor/{OFFICER}", ActorRevoked(reason="left"))
        by_session = await a.ask("GET", "/v1/health", headers=headers)
        by_signature = await a.ask("GET", "/v1/health", by=OFFICER)
        assert (error_of(by_session), error_of(by_signature)) == ((403, "not_allowed"), (401, "not_identified"))

    asking(scenario)


def test_a_bad_signature_is_not_made_good_by_a_session() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        headers = {**await session(a, OFFICER), "signature-input": "x=()", "signature": "x=:AA==:"}
        assert error_of(await a.ask("GET", "/v1/health", headers=headers)) == (401, "not_identified")

    asking(scenario)


@pytest.mark.parametrize("path", ["/v1/texts", "/v1/cards"])
def test_texts_and_cards_are_taken_from_the_authority_alone(path: str) -> None:
    """WIRE-52"""

    async def scenario(a: Asking) -> None:
        assert error_of(await a.ask("POST", path, by=OFFICER, body=b"x")) == (403, "not_allowed")

    asking(scenario)


def test_a_signed_request_changes_something_once() -> None:
    """WIRE-6"""

    async def scenario(a: Asking) -> None:
        url = "http://host.example/v1/sessions"
        headers = a.signer(OFFICER).headers("POST", url, b"")
        answers = [await a.ask("POST", "/v1/sessions", headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 401]

    asking(scenario)
