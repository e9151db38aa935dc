"""A node that is down, busy, strange or hostile is told apart, and nothing is said twice."""

from __future__ import annotations

import dataclasses
import json

import httpx
import pytest
from click.testing import CliRunner

from safeconduct.edges.cli import Settings, build_cli, client
from tests.unit.edges.cli.office import PASSPHRASE, InProcess, Office


def refusal(status: int, code: str = "some_code", message: str = "expected a, got b") -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": message, "where": "GET /v1"}})


def test_a_node_that_is_down_may_be_tried_again(office: Office) -> None:
    answer = office.run("movement", "list", *office.by("duty"), "--url", "http://nowhere.example")
    assert (answer.code, "the node at http://nowhere.example cannot be reached: nobody" in answer.err) == (3, True)


@pytest.mark.parametrize(
    "url",
    ["host.example", "ftp://host.example", "http://[", "http://host.example:x", "", "http://", "http://host.example/a"],
)
def test_an_address_that_is_none_is_refused(office: Office, url: str) -> None:
    answer = office.run("movement", "list", *office.by("duty"), "--url", url)
    assert (answer.code, "--url: expected an address such as" in answer.err) == (2, True), answer


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 2), (401, 1), (403, 1), (404, 1), (409, 1), (413, 2), (422, 1), (429, 2), (500, 3), (502, 3)],
)
def test_each_refusal_of_the_node_has_its_exit_code(office: Office, status: int, code: int) -> None:
    office.instead = [refusal(status)]
    answer = office.run("movement", "list", *office.by("duty"))
    assert (answer.code, answer.err) == (code, "safeconduct: expected a, got b\n")


def test_a_busy_node_is_asked_once_more(office: Office) -> None:
    office.instead = [refusal(503)]
    assert office.run("movement", "list", *office.by("duty")).code == 0


def test_a_node_that_stays_busy_is_given_up(office: Office) -> None:
    office.instead = [refusal(503, message="the queue is full"), refusal(503, message="the queue is full")]
    answer = office.run("movement", "list", *office.by("duty"))
    assert (answer.code, answer.err, office.instead) == (3, "safeconduct: the queue is full\n", [])


def test_a_second_try_carries_a_new_signature(office: Office) -> None:
    """A node hears no signature twice."""
    office.instead = [refusal(503)]
    office.must("movement", "list", *office.by("duty"))
    first, second = office.requests[-2:]
    assert (first.url, first is second) == (second.url, False)


def test_what_is_said_again_is_said_once(office: Office) -> None:
    """The node logged it and its answer was lost: the second try hears that it is there."""
    words = ("register", "site", "again", "--name", "n", "--district", "d", "--at", "1,2")
    transport = office.assembly.transport
    assert isinstance(transport, InProcess)
    transport.lose_answers_to = "/v1/statements"
    answer = office.run(*words, *office.by("registrar"), "--json")
    assert (answer.code, answer.json()["known_already"]) == (0, True)


def test_the_record_s_reason_is_shown_with_its_code(office: Office) -> None:
    answer = office.run("movement", "cancel", "no-such", "--reason", "x", "--yes", "--json", *office.by("manager"))
    error = json.loads(answer.err)["error"]
    assert (answer.code, error["code"], error["message"]) == (
        1,
        "not_requested",
        "movement/no-such has not been requested",
    )


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error":{}}', b"\xff", b'{"error":{"code":1,"message":2}}'])
def test_an_error_of_something_else_is_not_taken_for_one_of_ours(office: Office, body: bytes) -> None:
    office.instead = [httpx.Response(404, content=body)]
    answer = office.run("movement", "list", *office.by("duty"))
    assert (answer.code, "got status 404 of something else" in answer.err) == (3, True)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'[{"subject":1}]', b"[" * 100_000])
def test_an_answer_of_another_shape_is_refused(office: Office, body: bytes) -> None:
    office.instead = [httpx.Response(200, content=body)]
    answer = office.run("movement", "list", *office.by("duty"))
    assert (answer.code, "expected the answer of a safeconduct node to /v1/movements" in answer.err) == (2, True), (
        answer
    )


def test_a_redirection_is_not_followed(office: Office) -> None:
    before = len(office.requests)
    office.instead = [httpx.Response(302, headers={"location": "http://elsewhere.example/"})]
    answer = office.run("movement", "list", *office.by("duty"))
    assert (answer.code != 0, len(office.requests) - before) == (True, 1)


def test_an_error_that_the_node_quotes_steers_no_terminal(office: Office) -> None:
    office.instead = [refusal(409, message="reason: \x1b[2J")]
    assert "\x1b" not in office.run("movement", "list", *office.by("duty")).err


def test_an_officer_is_not_heard_by_another_party_s_node(office: Office) -> None:
    answer = office.run("movement", "list", *office.by("duty"), "--url", "http://sending.example")
    assert (answer.code, "expected" in answer.err) == (1, True)


def test_somebody_who_is_not_enrolled_is_not_heard(office: Office) -> None:
    card = office.path("host", "card.json")
    office.must("actor", "new", "host/stranger", "--card", card, *office.at("stranger"))
    answer = office.run("movement", "list", *office.by("stranger"))
    assert (answer.code, "an actor enrolled by host" in answer.err) == (1, True)


def test_every_request_is_signed_for_its_address(office: Office) -> None:
    office.must("movement", "list", *office.by("duty"))
    request = office.requests[-1]
    assert 'keyid="host/duty"' in request.headers["signature-input"]


def test_a_node_of_another_party_gets_nothing_to_sign(office: Office) -> None:
    standing = {"party": "sending", "agreement": "", "after": {}, "node_key": "0" * 64, "now": 0, "floor": 0}
    office.instead = [httpx.Response(200, json=standing)]
    answer = office.run("movement", "acknowledge", "m", "--role", "r", *office.by("duty"))
    assert (answer.code, "expected the node of host at http://host.example, got that of sending" in answer.err) == (
        1,
        True,
    )


def test_a_node_that_never_ends_its_answer_is_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_BYTES_MAX", 1_000)
    office.instead = [httpx.Response(200, content=b" " * 1_001)]
    answer = office.run("movement", "list", *office.by("duty"))
    assert (answer.code, "an answer of at most 1000 bytes" in answer.err) == (2, True)


class Silent(httpx.BaseTransport):
    """Takes a request and never answers."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)


def test_a_node_that_does_not_answer_in_time_may_be_tried_again(office: Office) -> None:
    silent = dataclasses.replace(office.assembly, transport=Silent())
    result = CliRunner().invoke(build_cli(silent), ["movement", "list", *office.by("duty")])
    assert (result.exit_code, result.stderr) == (
        3,
        "safeconduct: the node at http://host.example did not answer in time\n",
    )


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_that_vouches_for_nobody_is_named(office: Office, content: bytes | None) -> None:
    file = office.folder / "authority.pem"
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)
    settings = Settings(profile=office.folder / "duty", passphrase=PASSPHRASE, tls_authority=file)
    answer = office.run("movement", "list", "--url", "https://host.example", settings=settings)
    assert (answer.code, "expected certificates (PEM) at" in answer.err) == (2, True)
