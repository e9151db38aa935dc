"""Who you are here: signing in, confirming it is still you, and the page about your own sessions and passkeys."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request

from safeconduct.edges.console.board import command
from safeconduct.edges.console.markup import Html, el, join
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code, person
from safeconduct.edges.console.tables import card, cards, facts
from safeconduct.errors import NotFound
from safeconduct.node import passkeys
from safeconduct.node.access import Sitting, Viewer
from safeconduct.node.node import Node
from safeconduct.node.ports import Passkey

# What the script says where a passkey is not had.
_SAID = ("asking", "cancelled", "refused", "limit", "unsupported", "failed")


@dataclass(frozen=True, slots=True)
class Door:
    """What the console knows of how people enter.

    sitting: the session by which somebody looks; None for a signed request. takes_passkeys: whether browsers make
    passkeys under the address of a request. sessions_of: an actor's sessions that run.
    """

    sitting: Callable[[Request[Any, Any, Any]], Sitting | None]
    takes_passkeys: Callable[[Request[Any, Any, Any]], bool]
    sessions_of: Callable[[str], Sequence[Sitting]]


def sign_in(reader: Reader, *, by_passkey: bool) -> View:
    """For somebody without a session that runs."""
    body = el(
        "section",
        el("h1", reader.word("sign_in")),
        el("p", reader.word("sign_in_why")),
        _enter(reader) if by_passkey else None,
        el("p", reader.word("sign_in_do")),
        el("p", command("safeconduct console")),
        class_="empty",
    )
    return View(title=reader.word("sign_in"), body=body, status=401, has_passkeys=by_passkey)


def confirm(reader: Reader, *, by_passkey: bool) -> View:
    """For somebody whose session is too old for what is asked."""
    body = el(
        "section",
        el("h1", reader.word("confirm")),
        el("p", reader.word("confirm_why")),
        _enter(reader) if by_passkey else None,
        el("p", reader.word("confirm_do")),
        el("p", command("safeconduct console")),
        el("p", el("a", reader.word("back"), href="/")),
        class_="empty",
    )
    return View(title=reader.word("confirm"), body=body, status=401, has_passkeys=by_passkey)


def you(node: Node, reader: Reader, viewer: Viewer, door: Door, request: Request[Any, Any, Any]) -> View:
    """The page `/you`. Raises NotFound for a passkey to remove that is not the viewer's."""
    sitting = door.sitting(request)
    own = passkeys.passkeys_of(node, viewer)
    wanted = request.query_params.get("remove")
    if wanted is not None:
        known = next((passkey for passkey in own if _text(passkey.credential) == wanted), None)
        if known is None:
            raise NotFound("no such passkey here")
        return View(title=reader.word("passkey_remove"), body=_removal(reader, known), is_still=True)
    roles = reader.listed(person(role) for role in viewer.roles)
    body = join(
        el(
            "div",
            el("p", el("a", reader.word("back"), href="/"), class_="back"),
            el("h1", reader.say("you_are", actor=person(viewer.actor))),
            facts(reader, [("you_roles", roles), *_times(reader, sitting)]),
            el("form", _button(reader, "leave"), method="post", action="/leave") if sitting is not None else None,
            class_="head",
        ),
        _passkeys(node, reader, own, sitting, by_passkey=door.takes_passkeys(request)),
        _sessions(reader, door.sessions_of(viewer.actor), sitting),
    )
    return View(title=reader.word("you"), body=body, has_passkeys=True, is_still=True)


def _times(reader: Reader, sitting: Sitting | None) -> list[tuple[str, Html]]:
    if sitting is None:
        return []
    begun = join(reader.instant(sitting.begun), " · ", reader.word(f"entered_{sitting.by}"))
    return [
        ("session_begun", begun),
        ("session_ends", join(reader.instant(sitting.ends), " · ", reader.age(sitting.ends))),
        ("session_locks", el("span", reader.word("session_locks_rule"))),
    ]


# --- passkeys ---------------------------------------------------------------------------------------------------------


def _passkeys(node: Node, reader: Reader, own: Sequence[Passkey], sitting: Sitting | None, *, by_passkey: bool) -> Html:
    rows = [_row(node, reader, passkey) for passkey in own]
    columns = ("passkey_name", "passkey_added", "passkey_used", "passkey_do")
    return el(
        "section",
        el("h2", reader.word("passkeys")),
        el("p", reader.word("passkeys_rule"), class_="rule"),
        cards(reader, columns, rows, kind="passkeys") if rows else el("p", reader.word("passkeys_none")),
        _adding(reader, sitting, by_passkey=by_passkey),
        class_="passkeys",
    )


def _row(node: Node, reader: Reader, passkey: Passkey) -> Html:
    name = join(el("strong", el("bdi", passkey.label)), el("small", code(passkey.host)))
    if not passkeys.is_of_present_enrolment(node, passkey):
        name = join(name, el("small", reader.word("passkey_old"), class_="behind"))
    used = reader.instant(passkey.used) if passkey.used is not None else reader.word("passkey_never")
    remove = el("a", reader.word("passkey_remove"), href=f"/you?remove={_text(passkey.credential)}")
    return card(
        reader,
        (
            ("passkey_name", el("div", name)),
            ("passkey_added", el("div", reader.instant(passkey.added))),
            ("passkey_used", el("div", used)),
            ("passkey_do", el("div", remove)),
        ),
    )


def _adding(reader: Reader, sitting: Sitting | None, *, by_passkey: bool) -> Html:
    if not by_passkey:
        return el("p", reader.word("passkey_no_address"))
    if sitting is None or sitting.by != "link" or reader.now >= sitting.fresh_until:
        return join(el("p", reader.word("passkey_needs_link")), el("p", command("safeconduct console")))
    return el(
        "div",
        el("p", el("label", reader.word("passkey_label"), for_="passkey-label")),
        el("p", el("input", id="passkey-label", type="text", maxlength=60, autocomplete="off")),
        el(
            "p",
            el("button", reader.word("passkey_add"), type="button", class_="button", data_passkey="add", hidden=True),
        ),
        _said(reader),
    )


def _removal(reader: Reader, passkey: Passkey) -> Html:
    return el(
        "section",
        el("h1", reader.word("passkey_remove")),
        el("p", reader.say("passkey_remove_ask", name=el("bdi", passkey.label), time=reader.instant(passkey.added))),
        el(
            "form",
            el("input", type="hidden", name="credential", value=_text(passkey.credential)),
            _button(reader, "passkey_remove_yes"),
            method="post",
            action="/passkeys/remove",
        ),
        el("p", el("a", reader.word("passkey_keep"), href="/you")),
        class_="empty",
    )


def _enter(reader: Reader) -> Html:
    button = el(
        "button", reader.word("passkey_enter"), type="button", class_="button", data_passkey="enter", hidden=True
    )
    return join(el("p", button), _said(reader), el("noscript", el("p", reader.word("passkey_script"))))


def _said(reader: Reader) -> Html:
    texts = {f"data_{key}": reader.word(f"passkey_{key}") for key in _SAID}
    return el("p", id="passkey-said", role="status", **texts)


def _text(credential: bytes) -> str:
    return base64.urlsafe_b64encode(credential).decode().rstrip("=")


# --- sessions ---------------------------------------------------------------------------------------------------------


def _sessions(reader: Reader, sessions: Sequence[Sitting], own: Sitting | None) -> Html:
    columns = ("session_begun", "session_touched", "session_do")
    rows = []
    for session in sessions:
        begun = join(reader.instant(session.begun), el("small", reader.word(f"entered_{session.by}")))
        if own is not None and session.tag == own.tag:
            do = el("span", reader.word("session_this"))
        else:
            do = el(
                "form",
                el("input", type="hidden", name="session", value=session.tag),
                _button(reader, "session_end"),
                method="post",
                action="/leave/other",
            )
        cells = (("session_begun", el("div", begun)), ("session_touched", el("div", reader.instant(session.touched))))
        rows.append(card(reader, (*cells, ("session_do", el("div", do)))))
    return el(
        "section",
        el("h2", reader.word("sessions")),
        el("p", reader.word("sessions_rule"), class_="rule"),
        cards(reader, columns, rows, kind="sessions") if rows else el("p", reader.word("sessions_none")),
        class_="sessions",
    )


def _button(reader: Reader, key: str) -> Html:
    return el("button", reader.word(key), type="submit", class_="button")
