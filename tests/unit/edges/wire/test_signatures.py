"""Who signed a request: everything that must not pass for somebody's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.identity import PublicKey, SigningKey
from safeconduct.edges.wire.replays import Replays
from safeconduct.edges.wire.signatures import ACTOR_TAG, NODE_TAG, Names, RequestCheck, Signer
from safeconduct.errors import InputInvalid, NotAllowed, NotIdentified
from safeconduct.testing import key

NOW = 1_800_000_000_000
URL = "https://host.example"
TARGET = "/federation/v1/receipt?x=1"
BODY = b"a receipt"


def key_of(key_id: str) -> PublicKey:
    if key_id not in ("sending", "third"):
        raise NotAllowed(f"a party whose card is pinned here, got {key_id!r}")
    return key(f"{key_id}/node").public


def checker(*, now: int = NOW, tag: str = NODE_TAG, replays: Replays | None = None) -> RequestCheck:
    names = Names([URL, "http://127.0.0.1:8801"])
    return RequestCheck(tag, names, key_of, lambda: now, replays if replays is not None else Replays())


@dataclass
class Sent:
    """A request as it arrives."""

    method: str = "POST"
    target: str = TARGET
    host: str = "host.example"
    body: bytes = BODY
    headers: dict[str, str] = field(default_factory=dict)

    def scope(self) -> dict[str, Any]:
        path, _, query = self.target.partition("?")
        headers = {"host": self.host, **self.headers}
        return {
            "method": self.method,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        }


def sent(
    *,
    key_id: str = "sending",
    signing: SigningKey | None = None,
    tag: str = NODE_TAG,
    now: int = NOW,
    method: str = "POST",
    target: str = TARGET,
    base: str = URL,
    body: bytes = BODY,
    nonce: str = "n1",
) -> Sent:
    signer = Signer(key_id, signing or key(f"{key_id}/node"), tag, lambda: now, lambda: nonce)
    return Sent(method, target, base.split("//")[1], body, dict(signer.headers(method, base + target, body)))


def test_a_signed_request_says_who_asks() -> None:
    """WIRE-1 to WIRE-3"""
    request = sent()
    assert checker()(request.scope(), request.body) == "sending"


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://host.example", "host.example"),
        ("https://host.example", "HOST.example"),
        ("https://host.example", "host.example:443"),
        ("http://127.0.0.1:8801", "127.0.0.1:8801"),
    ],
)
def test_every_address_that_the_node_goes_by_will_do(base: str, host: str) -> None:
    """WIRE-4"""
    request = sent(base=base)
    request.host = host
    assert checker()(request.scope(), request.body) == "sending"


def refusal_of(request: Sent, check: RequestCheck | None = None) -> str:
    with pytest.raises(NotIdentified) as caught:
        (check or checker())(request.scope(), request.body)
    return str(caught.value)


def altered(change: Callable[[Sent], object]) -> Sent:
    request = sent()
    change(request)
    return request


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        pytest.param(altered(lambda r: setattr(r, "body", b"another")), "does not match", id="body"),
        pytest.param(altered(lambda r: setattr(r, "body", b"")), "does not match", id="body-gone"),
        pytest.param(altered(lambda r: setattr(r, "target", "/federation/v1/other?x=1")), "verify", id="path"),
        pytest.param(altered(lambda r: setattr(r, "target", "/federation/v1/receipt?x=2")), "verify", id="query"),
        pytest.param(altered(lambda r: setattr(r, "target", "/federation/v1/receipt")), "verify", id="query-gone"),
        pytest.param(altered(lambda r: setattr(r, "method", "PUT")), "verify", id="method"),
        pytest.param(altered(lambda r: r.headers.pop("Signature")), 'Expected "Signature"', id="no-signature"),
        pytest.param(altered(lambda r: r.headers.pop("Signature-Input")), "got no signature", id="no-input"),
        pytest.param(altered(lambda r: r.headers.pop("Content-Digest")), "content-digest", id="no-digest"),
        pytest.param(sent(signing=key("third/node")), "does not verify under key", id="wrong-key"),
        pytest.param(sent(key_id="press", signing=key("press/node")), "whose card is pinned", id="stranger"),
        pytest.param(sent(base="https://third.example"), "expected a request to", id="meant-for-another"),
        pytest.param(sent(tag=ACTOR_TAG), "matching the expected tag", id="actor-tag-for-a-node"),
        pytest.param(sent(now=NOW - 61_000), "-61 s from this node's clock", id="stale"),
        pytest.param(sent(now=NOW + 61_000), "+61 s from this node's clock", id="from-the-future"),
        pytest.param(sent(nonce=""), "no nonce of 1 to 64", id="empty-nonce"),
        pytest.param(sent(nonce="n" * 65), "no nonce of 1 to 64", id="long-nonce"),
    ],
)
def test_what_was_not_signed_so_is_refused_with_the_reason(request_: Sent, why: str) -> None:
    """WIRE-2 to WIRE-8"""
    assert why in refusal_of(request_)


@pytest.mark.parametrize("away", [-60_000, 0, 60_000])
def test_clocks_may_differ_by_a_minute(away: int) -> None:
    """WIRE-5"""
    request = sent(now=NOW + away)
    assert checker()(request.scope(), request.body) == "sending"


def test_a_nodes_signature_is_no_actors() -> None:
    """WIRE-3"""
    assert "matching the expected tag" in refusal_of(sent(), checker(tag=ACTOR_TAG))


def test_a_request_meant_for_another_node_cannot_be_passed_on_under_our_name() -> None:
    """WIRE-4: whoever is asked could claim to be the asker, by sending the request on with our Host."""
    request = sent(base="https://third.example")
    request.host = "host.example"
    assert "does not verify" in refusal_of(request)


def test_a_request_works_once() -> None:
    """WIRE-6"""
    check = checker()
    request = sent()
    check(request.scope(), request.body)
    assert "one that was here before" in refusal_of(request, check)


def test_a_request_works_once_whatever_time_it_is() -> None:
    """WIRE-6: signed by the fastest clock allowed, heard again when it is as old as allowed."""
    replays = Replays()
    request = sent(now=NOW + 60_000)
    checker(replays=replays)(request.scope(), request.body)
    assert "one that was here before" in refusal_of(request, checker(now=NOW + 120_000, replays=replays))


def test_what_only_reads_may_be_heard_twice() -> None:
    """WIRE-6"""
    check = checker()
    request = sent(method="GET", body=b"")
    assert [check(request.scope(), b""), check(request.scope(), b"")] == ["sending", "sending"]


def test_a_read_with_a_body_is_no_read() -> None:
    """WIRE-2"""
    request = sent(method="GET", body=b"")
    request.body = b"slipped in"
    assert "content-digest" in refusal_of(request)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (";created=1800000000", ""),
        (";created=1800000000", ';created="1800000000"'),
        (";created=1800000000", ";created=1800000000.5"),
        ('"@target-uri" ', ""),
        ('"@method" ', ""),
        ('keyid="sending"', 'keyid="third"'),
        (';keyid="sending"', ""),
        ('alg="ed25519"', 'alg="rsa-v1_5-sha256"'),
        ('nonce="n1"', 'nonce="n2"'),
        (";tag=", ";tags="),
        ("safeconduct=", "other="),
        ("(", ""),
    ],
)
def test_no_part_of_the_signatures_description_can_be_changed(old: str, new: str) -> None:
    """WIRE-1, WIRE-2"""
    request = sent()
    assert old in request.headers["Signature-Input"]
    request.headers["Signature-Input"] = request.headers["Signature-Input"].replace(old, new)
    assert refusal_of(request).startswith("expected a request with one good signature")


def test_a_signature_that_covers_less_is_refused_though_it_verifies() -> None:
    """WIRE-2"""
    full = sent(method="GET", body=b"")
    request = Sent("POST", TARGET, "host.example", b"", full.headers)
    assert refusal_of(request).startswith("expected a request with one good signature")


def test_an_expired_request_is_refused() -> None:
    """WIRE-5"""
    request = sent()
    request.headers["Signature-Input"] += f";expires={NOW // 1000 - 1}"
    assert "expired 1 s ago" in refusal_of(request)


def test_one_good_signature_among_two_is_not_enough() -> None:
    """WIRE-1"""
    first, second = sent(), sent(key_id="third")
    for name in ("Signature-Input", "Signature"):
        first.headers[name] += ", " + second.headers[name].replace("safeconduct=", "second=", 1)
    assert "2 of them" in refusal_of(first)


HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=200)
CUT = st.integers(0, 400)


@given(HEADER, HEADER)
def test_no_header_brings_down_the_check(inputs: str, signature: str) -> None:
    """WIRE-8"""
    request = Sent(headers={"signature-input": inputs, "signature": signature, "content-digest": signature})
    assert refusal_of(request)


@given(st.sampled_from(["Signature-Input", "Signature", "Content-Digest"]), CUT, st.characters(max_codepoint=255))
def test_no_damage_to_a_header_passes(name: str, at: int, char: str) -> None:
    """WIRE-1, WIRE-8"""
    request = sent()
    good = request.headers[name]
    at %= len(good)
    request.headers[name] = good[:at] + char + good[at + 1 :]
    if request.headers[name] == good:
        return
    if name == "Content-Digest":
        assert refusal_of(request)
        return
    try:
        who = checker()(request.scope(), request.body)
    except NotIdentified:
        return
    # Nothing that was said has changed: the label is not signed, nor is a spare space.
    assert who == "sending"


def test_a_refusal_names_no_key_and_no_body() -> None:
    """WIRE-8"""
    request = sent(body=b"a secret", signing=key("third/node"))
    said = refusal_of(request)
    assert ("a secret" in said, key("third/node").public.text in said) == (False, False)


@pytest.mark.parametrize("url", ["", "/v1/health", "http://[::1/x", "http://a b/", "http://ü.example/"])
def test_an_address_that_is_none_cannot_be_signed(url: str) -> None:
    """WIRE-2"""
    signer = Signer("sending", key("sending/node"), NODE_TAG, lambda: NOW, lambda: "n")
    with pytest.raises(InputInvalid, match="expected an address to ask"):
        signer.headers("GET", url, b"")
