"""One-time codes and sessions."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.edges.http.limits import (
    CODE_LIFETIME_MS,
    CODES_MAX,
    SESSION_FRESH_MS,
    SESSION_IDLE_MS,
    SESSION_LIFETIME_MS,
    SESSIONS_MAX,
)
from safeconduct.edges.http.sessions import Sessions
from safeconduct.errors import NotAllowed, NotIdentified
from safeconduct.testing import StepClock

ACTOR = "host/duty_officer"


class Roll:
    """Who is enrolled under which key."""

    def __init__(self) -> None:
        self.keys = {ACTOR: "first key", "host/clerk": "a key"}

    def enrolment(self, actor: str) -> str:
        if actor not in self.keys:
            raise NotAllowed(f"{actor} is not enrolled")
        return self.keys[actor]


def new(clock: StepClock | None = None, party: str = "host", roll: Roll | None = None) -> Sessions:
    secrets = itertools.count()
    known = roll or Roll()
    return Sessions(party, (clock or StepClock()).now, lambda: f"secret {next(secrets)}", known.enrolment)


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
def test_a_session_that_somebody_uses_lasts_a_shift(later: int, good: bool) -> None:
    """WIRE-60"""
    clock = StepClock()
    sessions = new(clock)
    cookies = begun(sessions)
    step = SESSION_IDLE_MS - 1
    for _ in range(later // step):
        clock.advance(step)
        sessions.actor(cookies)
    clock.advance(later % step)
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
    assert "secret" not in repr([sessions._codes, sessions._sessions])


@pytest.mark.parametrize(("later", "good"), [(SESSION_IDLE_MS - 1, True), (SESSION_IDLE_MS, False)])
def test_a_session_that_nobody_uses_is_locked_after_a_quarter_of_an_hour(later: int, good: bool) -> None:
    """ACC-1"""
    clock = StepClock()
    sessions = new(clock)
    cookies = begun(sessions)
    clock.advance(later)
    if good:
        assert sessions.actor(cookies) == ACTOR
    else:
        with pytest.raises(NotIdentified, match="locked after a while"):
            sessions.actor(cookies)


def test_a_page_that_asks_by_itself_keeps_no_session_from_locking() -> None:
    """ACC-2"""
    clock = StepClock()
    sessions = new(clock)
    cookies = begun(sessions)
    for _ in range(15):
        clock.advance(SESSION_IDLE_MS // 15)
        with_nobody = sessions.sitting(cookies).locks > clock.now()
        if with_nobody:
            sessions.actor(cookies, by_itself=True)
    with pytest.raises(NotIdentified, match="locked after a while"):
        sessions.actor(cookies, by_itself=True)


def test_a_locked_session_goes_on_showing_the_board_and_nothing_to_a_person() -> None:
    """ACC-3"""
    clock = StepClock()
    sessions = new(clock)
    cookies = begun(sessions)
    clock.advance(SESSION_IDLE_MS)
    assert sessions.actor(cookies, by_itself=True, even_locked=True) == ACTOR
    with pytest.raises(NotIdentified):
        sessions.actor(cookies, even_locked=True)


def test_no_lock_outlives_the_session() -> None:
    """ACC-3"""
    clock = StepClock()
    sessions = new(clock)
    cookies = begun(sessions)
    clock.advance(SESSION_LIFETIME_MS)
    with pytest.raises(NotIdentified, match="has ended"):
        sessions.actor(cookies, by_itself=True, even_locked=True)


def test_a_session_says_when_it_locks_ends_and_is_too_old_for_what_is_sensitive() -> None:
    """ACC-6"""
    clock = StepClock()
    sessions = new(clock)
    cookies = begun(sessions)
    start = clock.now()
    clock.advance(60_000)
    sessions.actor(cookies)
    sitting = sessions.sitting(cookies)
    assert (sitting.locks - start, sitting.ends - start, sitting.fresh_until - start, sitting.by) == (
        60_000 + SESSION_IDLE_MS, SESSION_LIFETIME_MS, SESSION_FRESH_MS, "link",
    )  # fmt: skip


def test_whoever_is_enrolled_anew_under_an_old_name_has_none_of_the_sessions_and_codes_from_before() -> None:
    """ACC-5"""
    roll = Roll()
    sessions = new(roll=roll)
    cookies = begun(sessions)
    code, _ = sessions.offer(ACTOR)
    roll.keys[ACTOR] = "second key"
    with pytest.raises(NotIdentified, match="present enrolment"):
        sessions.actor(cookies)
    late = sessions.enter(code, secure=False)
    with pytest.raises(NotIdentified, match="present enrolment"):
        sessions.actor({late.key: late.value or ""})


def test_a_revoked_actor_has_no_session_and_gets_no_code() -> None:
    """ACC-5"""
    roll = Roll()
    sessions = new(roll=roll)
    cookies = begun(sessions)
    del roll.keys[ACTOR]
    with pytest.raises(NotAllowed):
        sessions.actor(cookies)
    with pytest.raises(NotAllowed):
        sessions.offer(ACTOR)


def test_an_actor_sees_its_own_sessions_and_ends_any_of_them() -> None:
    """ACC-7"""
    sessions = new()
    here, there = begun(sessions), begun(sessions)
    other = sessions.enter(sessions.offer("host/clerk")[0], secure=False)
    tags = [sitting.tag for sitting in sessions.of(ACTOR)]
    assert tags == [sessions.sitting(here).tag, sessions.sitting(there).tag]
    sessions.end(ACTOR, tags[1])
    with pytest.raises(NotIdentified):
        sessions.actor(there)
    with pytest.raises(NotAllowed):
        sessions.end(ACTOR, sessions.sitting({other.key: other.value or ""}).tag)
    assert sessions.actor(here) == ACTOR


def test_sessions_without_end_push_out_the_oldest() -> None:
    """WIRE-63"""
    sessions = new()
    first = begun(sessions)
    last = [begun(sessions) for _ in range(SESSIONS_MAX)][-1]
    with pytest.raises(NotIdentified):
        sessions.actor(first)
    assert sessions.actor(last) == ACTOR


def test_a_day_that_is_played_again_locks_nobody_out_by_its_jumps() -> None:
    """ACC-9"""
    clock = StepClock()
    sessions = Sessions("host", clock.now, lambda: "a secret", Roll().enrolment, is_replay=True)
    cookies = begun(sessions)
    clock.advance(SESSION_LIFETIME_MS - 1)
    assert sessions.actor(cookies) == ACTOR
    assert sessions.sitting(cookies).fresh_until > clock.now()
    clock.advance(1)
    with pytest.raises(NotIdentified, match="has ended"):
        sessions.actor(cookies)
