"""One-time codes and sessions."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.edges.http.limits import CODE_LIFETIME_MS, CODES_MAX, SESSION_LIFETIME_MS
from safeconduct.edges.http.sessions import Sessions
from safeconduct.errors import NotIdentified
from safeconduct.testing import StepClock

ACTOR = "host/duty_officer"


def new(clock: StepClock | None = None, party: str = "host") -> Sessions:
    secrets = itertools.count()
    return Sessions(party, (clock or StepClock()).now, lambda: f"secret {next(secrets)}")


def begun(sessions: Sessions) -> dict[str, str]:
    """The cookies of a browser that has entered."""
    cookie = sessions.enter(sessions.offer(ACTOR)[0], secure=False)
    return {cookie.key: cookie.value or ""}


def test_a_code_begins_a_session_of_its_actor() -> None:
    """WIRE-60"""
    sessions = new()
    assert sessions.actor(begun(sessions)) == ACTOR


@pytest.mark.parametrize(("later", "good"), [(CODE_LIFETIME_MS - 1, True), (CODE_LIFETIME_MS, False)])
def test_a_code_is_good_for_ten_minutes(later: int, good: bool) -> None:
    """WIRE-60"""
    clock = StepClock()
    sessions = new(clock)
    code, expires = sessions.offer(ACTOR)
    clock.advance(later)
    assert expires == StepClock().now() + CODE_LIFETIME_MS
    if good:
        assert sessions.enter(code, secure=False).value
    else:
        with pytest.raises(NotIdentified, match="expected a fresh link for one use"):
            sessions.enter(code, secure=False)


@pytest.mark.parametrize("code", ["", "secret 1", "another", "ü" * 10_000])
def test_no_other_code_will_do(code: str) -> None:
    """WIRE-60"""
    sessions = new()
    sessions.offer(ACTOR)
    with pytest.raises(NotIdentified):
        sessions.enter(code, secure=False)


def test_a_code_works_once() -> None:
    """WIRE-60"""
    sessions = new()
    code, _ = sessions.offer(ACTOR)
    sessions.enter(code, secure=False)
    with pytest.raises(NotIdentified):
        sessions.enter(code, secure=False)


def test_a_code_is_no_session_and_a_session_no_code() -> None:
    """WIRE-60"""
    sessions = new()
    code, _ = sessions.offer(ACTOR)
    (token,) = begun(sessions).values()
    with pytest.raises(NotIdentified):
        sessions.actor({sessions.cookie_name: code})
    with pytest.raises(NotIdentified):
        sessions.enter(token, secure=False)


@pytest.mark.parametrize(("later", "good"), [(SESSION_LIFETIME_MS - 1, True), (SESSION_LIFETIME_MS, False)])
def test_a_session_lasts_a_shift(later: int, good: bool) -> None:
    """WIRE-60"""
    clock = StepClock()
    sessions = new(clock)
    cookies = begun(sessions)
    clock.advance(later)
    if good:
        assert sessions.actor(cookies) == ACTOR
    else:
        with pytest.raises(NotIdentified, match="unknown or has ended"):
            sessions.actor(cookies)


def test_a_session_that_was_left_has_ended() -> None:
    """WIRE-60"""
    sessions = new()
    cookies = begun(sessions)
    sessions.leave(cookies)
    with pytest.raises(NotIdentified, match="unknown or has ended"):
        sessions.actor(cookies)


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_goes_to_this_node_alone_and_no_script_reads_it(secure: bool) -> None:
    """WIRE-61"""
    sessions = new()
    cookie = sessions.enter(sessions.offer(ACTOR)[0], secure=secure)
    assert (cookie.httponly, cookie.samesite, cookie.secure, cookie.domain, cookie.path) == (
        True, "strict", secure, None, "/",
    )  # fmt: skip


def test_two_nodes_on_one_machine_do_not_overwrite_each_others_cookie() -> None:
    """WIRE-61: browsers do not tell ports apart."""
    assert new(party="host").cookie_name != new(party="sending").cookie_name


def test_codes_without_end_push_out_the_oldest() -> None:
    """WIRE-63"""
    sessions = new()
    first, _ = sessions.offer(ACTOR)
    last = [sessions.offer(ACTOR)[0] for _ in range(CODES_MAX)][-1]
    with pytest.raises(NotIdentified):
        sessions.enter(first, secure=False)
    assert sessions.enter(last, secure=False).value


def test_memory_holds_no_secret() -> None:
    """WIRE-63: a dump of it logs nobody in."""
    sessions = new()
    begun(sessions)
    sessions.offer(ACTOR)
    assert b"secret" not in repr([vars(sessions._codes), vars(sessions._sessions)]).encode()
