"""Runs vectors/identity: which keys and signatures are accepted, as any other implementation can check it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from safeconduct.core.identity import PublicKey, SigningKey
from safeconduct.errors import InputInvalid, KeyInvalid, SafeconductError, SignatureInvalid
from vectors import make_identity

ERRORS: dict[str, type[SafeconductError]] = {
    "key": KeyInvalid,
    "malformed": InputInvalid,
    "signature": SignatureInvalid,
}


def cases(name: str) -> list[Any]:
    listed: list[Any] = json.loads((make_identity.FOLDER / name).read_text("utf-8"))["cases"]
    return listed


@pytest.mark.parametrize("name", make_identity.FILES)
def test_the_generator_writes_what_is_there(name: str) -> None:
    assert make_identity.contents()[name] == (make_identity.FOLDER / name).read_bytes()


def test_no_file_is_without_a_generator() -> None:
    assert sorted(path.name for path in Path(make_identity.FOLDER).iterdir()) == sorted(make_identity.FILES)


@pytest.mark.parametrize("case", cases("keys.json"))
def test_a_key(case: dict[str, str]) -> None:
    """ID-1, ID-2"""
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            PublicKey(bytes.fromhex(case["key"]))
    else:
        key = PublicKey(bytes.fromhex(case["key"]))
        assert (key.key_id, key.text) == (case["key_id"], case["text"])


@pytest.mark.parametrize("case", cases("texts.json"))
def test_a_text_of_a_key(case: dict[str, str]) -> None:
    """ID-1"""
    if "error" in case:
        with pytest.raises((InputInvalid, KeyInvalid)):
            PublicKey.from_text(case["text"])
    else:
        assert PublicKey.from_text(case["text"]).raw.hex() == case["key"]


@pytest.mark.parametrize("case", cases("signing.json"))
def test_signing(case: dict[str, str]) -> None:
    """ID-5, ID-6"""
    key = SigningKey.from_seed(bytes.fromhex(case["seed"]))
    assert (key.public.raw.hex(), key.sign(bytes.fromhex(case["message"])).hex()) == (case["key"], case["signature"])


@pytest.mark.parametrize("case", cases("signatures.json"))
def test_a_signature(case: dict[str, str]) -> None:
    """ID-3, ID-4"""
    key = PublicKey(bytes.fromhex(case["key"]))
    message, signature = bytes.fromhex(case["message"]), bytes.fromhex(case["signature"])
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            key.verify(message, signature)
    else:
        key.verify(message, signature)
