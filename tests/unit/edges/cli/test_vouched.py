"""The administrator of the own node lies about whom to seal to, and the author's machine notices."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from safeconduct.core.sealing import SealingKey
from tests.unit.edges.cli.office import InProcess, Office, request
from tests.unit.edges.cli.test_orders import WORDS, keep_custody

THIEF = SealingKey.from_seed(bytes(range(32))).public
SEAL = ("order", "seal", "lied", "rendezvous", *WORDS, "--yes")


class Lying(httpx.BaseTransport):
    """A node that answers as it should, but for one path, whose answer it changes."""

    def __init__(self, office: Office, path: str, lie: Callable[[Any], Any]) -> None:
        self._node, self._path, self._lie = InProcess(office), path, lie

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._node.handle_request(request)
        if not request.url.path.startswith(self._path):
            return answer
        answer.read()
        return httpx.Response(answer.status_code, content=json.dumps(self._lie(answer.json())).encode())


@contextmanager
def lying(office: Office, path: str, lie: Callable[[Any], Any]) -> Iterator[None]:
    """While the block runs, the node lies."""
    honest = office.assembly
    office.assembly = dataclasses.replace(honest, transport=Lying(office, path, lie))
    try:
        yield
    finally:
        office.assembly = honest


@pytest.fixture
def asked(office: Office) -> Office:
    keep_custody(office, 1)
    if office.run("order", "show", "lied", *office.by("manager")).code:
        request(office, "lied")
    return office


def refused(office: Office, path: str, lie: Callable[[Any], Any]) -> str:
    with lying(office, path, lie):
        answer = office.run(*SEAL, *office.by("manager"))
    assert answer.code != 0, answer
    return answer.err


def test_a_key_that_the_other_node_did_not_publish_is_refused(asked: Office) -> None:
    """SEAL-25: the thief's key as the host's, under the statement that published the host's."""

    def other_key(answer: Any) -> Any:
        for party in answer:
            if party["party"] == "host":
                party["keys"] = [{**key, "key": THIEF.text} for key in party["keys"]]
        return answer

    message = "a sealing key that host's node published, got one that it did not"
    assert message in refused(asked, "/v1/sealing-keys", other_key)


def test_a_key_of_the_own_node_as_the_other_sides_is_refused(asked: Office) -> None:
    """SEAL-25"""

    def own_keys(answer: Any) -> Any:
        own = next(party["keys"] for party in answer if party["party"] == "sending")
        return [{**party, "keys": own} for party in answer]

    assert "unknown key" in refused(asked, "/v1/sealing-keys", own_keys)


def test_an_agreement_that_the_own_root_key_has_not_signed_is_refused(asked: Office) -> None:
    """SEAL-25: with other keys of the other side in it, it would vouch for anything."""

    def unsigned(answer: Any) -> Any:
        return {**answer, "versions": [{**version, "statements": {}} for version in answer["versions"]]}

    assert "to be signed by sending, got no such statement" in refused(asked, "/v1/agreement", unsigned)


def test_another_text_than_the_one_asked_for_is_refused(asked: Office) -> None:
    """SEAL-25"""

    def other_text(answer: Any) -> Any:
        return {**answer, "name": "another"}

    assert "expected" in refused(asked, "/v1/texts/", other_text)


def test_another_statement_in_the_place_of_the_signature_is_refused(asked: Office) -> None:
    """SEAL-25"""
    keys = asked.must("order", "keys", "--json", *asked.by("manager")).json()
    published = next(party["keys"][0]["statement"] for party in keys if party["party"] == "sending")

    def other_statement(answer: Any) -> Any:
        versions = [{**version, "statements": {"sending": published}} for version in answer["versions"]]
        return {**answer, "versions": versions}

    assert "signature of agreement" in refused(asked, "/v1/agreement", other_statement)


def test_an_honest_node_is_believed(asked: Office) -> None:
    """SEAL-25"""
    asked.must(*SEAL, *asked.by("manager"))
