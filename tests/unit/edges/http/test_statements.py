"""The route by which statements enter."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from safeconduct.core.acts import Act, MovementApproved, MovementRequested, SiteRegistered, offer
from safeconduct.edges.http.limits import STATEMENTS_AT_ONCE_MAX, STATEMENTS_BYTES_MAX, STATEMENTS_UNDER_WAY
from safeconduct.node import queries
from safeconduct.testing import key, small_plan
from tests.unit.edges.asking import AUTHORITY, OFFICER, Asking, asking, error_of

SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)
REQUEST = MovementRequested(plan=small_plan())
LINES = {"content-type": "application/x-ndjson"}


def offered(a: Asking, *, actor: str = OFFICER, subject: str = "site/gate", act: Act = SITE, by: str = "") -> bytes:
    return offer(queries.standing(a.host), actor, key(by or actor), subject, act)


def lines_of(answer: Any) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in answer.content.splitlines()]


def test_a_statement_is_answered_with_its_place_once_it_is_durable() -> None:
    """WIRE-53"""

    async def scenario(a: Asking) -> None:
        size = a.host.store.size("host")
        answer = (await a.ask("POST", "/v1/statements", body=offered(a))).json()
        stored = a.host.store.find(answer["id"])
        assert stored is not None
        assert (answer["party"], answer["index"], answer["known_already"], stored.index) == ("host", size, False, size)

    asking(scenario)


def test_a_repeat_is_answered_with_the_same_place() -> None:
    """WIRE-53: a client that heard nothing asks again, and says it once all the same."""

    async def scenario(a: Asking) -> None:
        body = offered(a)
        first, again = [(await a.ask("POST", "/v1/statements", body=body)).json() for _ in range(2)]
        assert again == {**first, "known_already": True}

    asking(scenario)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"actor": AUTHORITY}, (409, "not_enrolled")),
        ({"by": "press/editor"}, (422, "signature_invalid")),
        ({"actor": "sending/approver"}, (400, "entry_invalid")),
        ({"act": MovementApproved(plan="0" * 64), "subject": "movement/none"}, (409, "not_requested")),
    ],
)
def test_what_the_record_refuses_is_refused_with_its_reason(changed: Any, expected: tuple[int, str]) -> None:
    """WIRE-56"""

    async def scenario(a: Asking) -> None:
        size = a.host.store.size("host")
        answer = await a.ask("POST", "/v1/statements", body=offered(a, **changed))
        assert (error_of(answer), a.host.store.size("host")) == (expected, size)

    asking(scenario)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "entry_invalid")),
        (b"{}", (400, "entry_invalid")),
        (b"\xff\xfe", (400, "entry_invalid")),
        (b"[" * 60_000, (400, "entry_invalid")),
        (b"x" * 65_536, (413, "limit_exceeded")),
    ],
)
def test_what_is_no_statement_is_an_error_of_the_one_shape(body: bytes, expected: tuple[int, str]) -> None:
    """WIRE-33, WIRE-56"""

    async def scenario(a: Asking) -> None:
        assert error_of(await a.ask("POST", "/v1/statements", body=body)) == expected

    asking(scenario)


def test_another_partys_statement_is_not_taken() -> None:
    """WIRE-56"""

    async def scenario(a: Asking) -> None:
        standing = queries.standing(a.federation.node("sending"))
        body = offer(standing, "sending/journey_manager", key("sending/journey_manager"), "movement/m1", REQUEST)
        assert error_of(await a.ask("POST", "/v1/statements", body=body)) == (403, "not_allowed")

    asking(scenario)


def test_a_node_that_must_not_sign_says_so() -> None:
    """WIRE-56"""

    async def scenario(a: Asking) -> None:
        body = offered(a)
        a.host.halted = "its disk is older than what was published"
        answer = await a.ask("POST", "/v1/statements", body=body)
        assert (error_of(answer), answer.headers["retry-after"]) == ((503, "unavailable"), "1")

    asking(scenario)


@pytest.mark.parametrize(
    ("actor", "act", "subject", "takes_effect"),
    [(OFFICER, SITE, "site/gate", True), (OFFICER, MovementApproved(plan="0" * 64), "movement/none", False)],
)
def test_a_check_says_what_would_come_of_it_and_logs_nothing(
    actor: str, act: Act, subject: str, takes_effect: bool
) -> None:
    """WIRE-54"""

    async def scenario(a: Asking) -> None:
        size = a.host.store.size("host")
        body = offered(a, actor=actor, act=act, subject=subject)
        answer = (await a.ask("POST", "/v1/statements?check=true", body=body)).json()
        assert (answer["takes_effect"], answer["code"] == "", a.host.store.size("host")) == (
            takes_effect, takes_effect, size,
        )  # fmt: skip

    asking(scenario)


@pytest.mark.parametrize("check", ["yes please", "2", ""])
def test_a_check_is_true_or_false(check: str) -> None:
    """WIRE-56: nothing is said by mistake where somebody meant to ask."""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("POST", f"/v1/statements?check={check}", body=offered(a))
        assert error_of(answer) == (400, "input_invalid")

    asking(scenario)


def test_many_statements_are_answered_line_by_line_in_order() -> None:
    """WIRE-55"""

    async def scenario(a: Asking) -> None:
        bodies = [offered(a, subject=f"site/{number}") for number in range(STATEMENTS_UNDER_WAY + 3)]
        answer = await a.ask("POST", "/v1/statements", body=b"\n".join(bodies), headers=LINES)
        first = a.host.store.size("host") - len(bodies)
        assert [line["index"] for line in lines_of(answer)] == list(range(first, first + len(bodies)))

    asking(scenario)


def test_a_bad_line_does_not_keep_the_others_out() -> None:
    """WIRE-55"""

    async def scenario(a: Asking) -> None:
        good = [offered(a, subject=f"site/{number}") for number in range(2)]
        body = b"\n".join([good[0], b"{}", b"", b"x" * 70_000, good[1], good[0]]) + b"\n"
        answer = await a.ask("POST", "/v1/statements", body=body, headers=LINES)
        told = [line.get("error", {}).get("where", line.get("known_already")) for line in lines_of(answer)]
        assert (told, answer.headers["content-type"]) == (
            [False, "line 2", "line 3", "line 4", False, True],
            "application/x-ndjson",
        )

    asking(scenario)


def test_many_checks_log_nothing() -> None:
    """WIRE-54, WIRE-55"""

    async def scenario(a: Asking) -> None:
        size = a.host.store.size("host")
        body = b"\n".join(offered(a, subject=f"site/{number}") for number in range(3))
        answer = await a.ask("POST", "/v1/statements?check=true", body=body, headers=LINES)
        assert ([line["takes_effect"] for line in lines_of(answer)], a.host.store.size("host")) == ([True] * 3, size)

    asking(scenario)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"\n" * STATEMENTS_AT_ONCE_MAX, 200),
        (b"\n" * (STATEMENTS_AT_ONCE_MAX + 1), 413),
        (b"x" * (STATEMENTS_BYTES_MAX + 1), 413),
    ],
)
def test_many_are_a_bounded_number(body: bytes, status: int) -> None:
    """WIRE-33, WIRE-55"""

    async def scenario(a: Asking) -> None:
        assert (await a.ask("POST", "/v1/statements", body=body, headers=LINES)).status_code == status

    asking(scenario)
