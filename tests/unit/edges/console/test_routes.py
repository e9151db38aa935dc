"""The addresses: who gets what, in which language, under which policy; and what a stranger never sees."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request

from safeconduct.edges.console import Door, console_routes
from safeconduct.errors import NotAllowed, NotIdentified
from safeconduct.node.access import Sitting, Viewer
from tests.unit.edges.console.night import NOW, told

PAGES = ("/", "/?show=past", "/movements/m-103", "/knew/m-103", "/packs/m-103", "/items", "/you", "/logs", "/agreement")


def _viewer(request: Request[Any, Any, Any]) -> Viewer:
    match request.cookies.get("session"):
        case "officer":
            return Viewer("host/duty_officer", ("duty_officer",))
        case "auditor":
            return Viewer("host/host_auditor", ("host_auditor",))
        case "revoked":
            raise NotAllowed("host/duty_officer is no longer enrolled")
        case _:
            raise NotIdentified("a session")


def _sitting(request: Request[Any, Any, Any]) -> Sitting:
    fresh = NOW if request.cookies.get("entered") == "long-ago" else NOW + 1
    return Sitting(
        actor="host/duty_officer",
        tag="ab",
        by="link",
        begun=NOW - 60_000,
        touched=NOW,
        locks=NOW + 900_000,
        ends=NOW + 3_600_000,
        fresh_until=fresh,
    )


_DOOR = Door(_sitting, lambda _: True, lambda _: [])


def _ask(path: str, session: str | None, headers: Mapping[str, str], *, replay: bool = False) -> httpx.Response:
    app = Litestar(console_routes(told().host, _viewer, _DOOR, replay=replay), openapi_config=None)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # an ASGI app with narrower types
        cookies = {"session": session} if session else None
        async with httpx.AsyncClient(transport=transport, base_url="http://node", cookies=cookies) as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def get(path: str, session: str | None = "officer", **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return _ask(path, session, {"accept-encoding": "identity", **sent})


@pytest.mark.parametrize("path", PAGES)
def test_a_viewer_gets_the_page(path: str) -> None:
    answer = get(path, "auditor")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_what_only_auditors_see_is_a_page_that_says_so() -> None:
    """SIGHT-13"""
    answer = get("/knew/m-103")
    assert (answer.status_code, "Not shown to you" in answer.text) == (403, True)


@pytest.mark.parametrize("headers", [{}, {"safeconduct_part": "live"}], ids=["page", "part"])
@pytest.mark.parametrize("path", [*PAGES, "/movements/m-999", "/?before=x"])
def test_a_stranger_never_sees_anything_that_the_node_knows(path: str, headers: Mapping[str, str]) -> None:
    answer = get(path, None, **headers)
    known = (
        "m-103",
        "Host State",
        "host",
        "sending",
        "Turbine",
        told().host.memory.heads["host"].tree.root().hex()[:8],
    )
    assert (answer.status_code, [word for word in known if word in answer.text]) == (401, [])


def test_a_stranger_is_told_how_to_get_a_link() -> None:
    assert "safeconduct console" in get("/", None).text


def test_somebody_who_is_revoked_sees_nothing_either() -> None:
    answer = get("/", "revoked")
    assert (answer.status_code, "m-103" in answer.text) == (403, False)


@pytest.mark.parametrize(("path", "status"), [("/movements/m-999", 404), ("/?before=x", 400), ("/?show=secret", 400)])
def test_what_is_not_there_is_a_page_in_the_readers_language(path: str, status: int) -> None:
    answer = get(path, accept_language="zh-CN")
    assert (answer.status_code, 'lang="zh-Hans"' in answer.text, "全部出行" in answer.text) == (status, True, True)


def test_what_was_asked_wrongly_comes_back_as_text() -> None:
    assert "<script>" not in get("/?before=%3Cscript%3E&x=%22%3E%3Cscript%3E").text.replace("<script src=", "")


@pytest.mark.parametrize("session", ["officer", "revoked", None])
def test_every_page_forbids_what_is_inline_or_from_elsewhere(session: str | None) -> None:
    policy = get("/", session).headers["content-security-policy"]
    assert ("default-src 'none'" in policy, "unsafe" in policy, "http" in policy) == (True, False, False)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_its_policy_forbids(path: str) -> None:
    page = get(path).text
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=\"/console/)|(?:src|href)=\"(?![/#?])", page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stays_in_no_cache(path: str) -> None:
    assert get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/", {}, "en"),
        ("/", {"accept_language": "ur-PK,en"}, "ur"),
        ("/?lang=zh", {"accept_language": "ur-PK,en"}, "zh-Hans"),
        ("/?lang=xx", {"accept_language": "ur-PK,en"}, "ur"),
    ],
)
def test_the_language_is_the_one_asked_for(path: str, headers: Mapping[str, str], language: str) -> None:
    assert re.search(r'<html lang="([^"]+)"', get(path, **headers).text) is not None
    assert f'<html lang="{language}"' in get(path, **headers).text


@pytest.mark.parametrize(("path", "cookie"), [("/?lang=ur", "language=ur"), ("/?lang=xx", ""), ("/", "")])
def test_a_language_is_remembered_once_it_is_chosen(path: str, cookie: str) -> None:
    assert get(path).headers.get("set-cookie", "").split(";")[0] == cookie


def test_a_remembered_language_is_spoken_again() -> None:
    assert '<html lang="ur" dir="rtl"' in get("/", cookie="session=officer; language=ur").text


def test_a_switch_of_language_keeps_what_was_asked() -> None:
    assert 'href="?show=past&amp;lang=ur"' in get("/?show=past&lang=zh").text


def test_a_part_is_the_live_part_alone_with_the_nodes_time() -> None:
    answer = get("/", safeconduct_part="live")
    assert (answer.text[:14], answer.headers["safeconduct-now"]) == ('<div id="live"', str(NOW))


def test_a_part_that_has_not_changed_is_not_sent_again() -> None:
    page = get("/")
    tag = re.search(r'data-tag="(\w+)"', page.text)
    assert tag is not None
    answer = get("/", safeconduct_part="live", if_none_match=f'"{tag[1]}"')
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_part_in_another_language_is_sent() -> None:
    tag = get("/", safeconduct_part="live").headers["etag"]
    assert get("/?lang=zh", safeconduct_part="live", if_none_match=tag).status_code == 200


def test_a_browser_that_can_unpack_gets_a_packed_page() -> None:
    app = get("/", accept_encoding="gzip, deflate, br")
    assert (app.headers["content-encoding"], app.text) == ("gzip", get("/").text)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("console.css", "text/css"), ("console.js", "text/javascript"), ("icon.svg", "image/svg+xml")],
)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_asset_needs_no_session_and_is_kept_for_good(name: str, kind: str, encoding: str) -> None:
    answer = get(f"/console/{name}", None, accept_encoding=encoding)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["..%2Froutes.py", "words.py", "nothing"])
def test_nothing_else_is_served_as_an_asset(name: str) -> None:
    answer = get(f"/console/{name}", None)
    assert (answer.status_code, b"import" in answer.content) == (404, False)


def test_pages_link_to_assets_that_are_there() -> None:
    links = re.findall(r'(?:src|href)="(/console/[^"]+)"', get("/").text)
    assert [get(link, None).status_code for link in links] == [200] * 3


def test_a_replay_is_told_on_a_page() -> None:
    assert "Replay: nothing on this page is happening now." in _ask("/", "officer", {}, replay=True).text


def test_a_packed_page_is_a_fraction_of_itself() -> None:
    data = get("/movements/m-103").content
    assert len(gzip.compress(data)) * 4 < len(data)
