"""Runs vectors/sealing: what is committed to, split, filled up and sealed, as any other implementation can check it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from safeconduct.core.acts import CompartmentReleased, CompartmentSealed, read_act
from safeconduct.core.disclosure import Content, open_content, open_share, take_over
from safeconduct.core.sealing import (
    SealingKey,
    SealingPublicKey,
    check_commitment,
    combine,
    commitment,
    open_box,
    pad,
    seal_box,
    split,
    unpad,
)
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid, KeyInvalid, LimitExceeded, SafeconductError
from vectors import make_sealing

ERRORS: dict[str, type[SafeconductError]] = {
    "check": CheckFailed,
    "key": KeyInvalid,
    "limit": LimitExceeded,
    "malformed": InputInvalid,
}


def cases(name: str) -> list[Any]:
    listed: list[Any] = json.loads((make_sealing.FOLDER / name).read_text("utf-8"))["cases"]
    return listed


def named(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases(name), ids=lambda case: case.get("what", "good"))


def runs(parts: list[tuple[str, int]]) -> bytes:
    return b"".join(bytes.fromhex(byte) * count for byte, count in parts)


@pytest.mark.parametrize("name", make_sealing.FILES)
def test_the_generator_writes_what_is_there(name: str) -> None:
    assert make_sealing.contents()[name] == (make_sealing.FOLDER / name).read_bytes()


def test_no_file_is_without_a_generator() -> None:
    assert sorted(path.name for path in Path(make_sealing.FOLDER).iterdir()) == sorted(make_sealing.FILES)


def test_ten_and_more_compartments_must_not_open() -> None:
    assert sum("error" in case for case in cases("compartments.json")) >= 10


@named("commitments.json")
def test_a_commitment(case: dict[str, str]) -> None:
    """SEAL-1, SEAL-3, SEAL-4"""
    opened = case["domain"], case["subject"], bytes.fromhex(case["salt"]), bytes.fromhex(case["data"])
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            check_commitment(case.get("commitment", ""), *opened)
    else:
        assert commitment(*opened) == case["commitment"]


@named("splits.json")
def test_a_split(case: dict[str, Any]) -> None:
    """SEAL-30"""
    shares = tuple(bytes.fromhex(share) for share in case["shares"])
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            combine(shares)
    else:
        secret = bytes.fromhex(case["secret"])
        assert split(secret, [bytes.fromhex(random) for random in case["randoms"]]) == shares
        assert combine(shares) == secret


@named("fillings.json")
def test_a_filling(case: dict[str, Any]) -> None:
    """SEAL-35"""
    if "error" not in case:
        assert (pad(runs(case["data"])), unpad(runs(case["filled"]))) == (runs(case["filled"]), runs(case["data"]))
    elif "data" in case:
        with pytest.raises(ERRORS[case["error"]]):
            pad(runs(case["data"]))
    else:
        with pytest.raises(ERRORS[case["error"]]):
            unpad(runs(case["filled"]))


@named("keys.json")
def test_a_sealing_key(case: dict[str, str]) -> None:
    """SEAL-21, SEAL-22"""
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            SealingPublicKey(bytes.fromhex(case["key"]))
    else:
        key = SealingKey.from_seed(bytes.fromhex(case["private_key"])).public
        assert (key.raw.hex(), key.key_id, key.text) == (case["key"], case["key_id"], case["text"])
        assert SealingPublicKey.from_text(case["text"]) == key


@named("infos.json")
def test_an_info(case: dict[str, Any]) -> None:
    """SEAL-44, SEAL-45: that we seal under it is shown by the compartments that open."""
    assert encode(case["fields"]).decode() == case["info"]


@named("boxes.json")
def test_a_box(case: dict[str, str]) -> None:
    """SEAL-10, SEAL-12"""
    box, label, key = bytes.fromhex(case["box"]), case["label"], bytes.fromhex(case["key"])
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            open_box(box, label, key)
    else:
        data = bytes.fromhex(case["data"])
        assert (seal_box(data, label, key, bytes.fromhex(case["nonce"])), open_box(box, label, key)) == (box, data)


@named("sealed.json")
def test_what_was_sealed_to_a_key(case: dict[str, str]) -> None:
    """SEAL-20, SEAL-23"""
    key = SealingKey.from_seed(bytes.fromhex(case["private_key"]))
    sealed, info = bytes.fromhex(case["sealed"]), case["info"].encode()
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            key.open(sealed, info)
    else:
        assert key.open(sealed, info).hex() == case["data"]


@named("compartments.json")
def test_a_compartment(case: dict[str, Any]) -> None:
    """SEAL-40 to SEAL-47, SEAL-50"""
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            opened(case)
    else:
        assert encode(opened(case)).decode() == case["content"]


def opened(case: dict[str, Any]) -> Content:
    """What the receiver opens, with its own key and what was released to it."""
    act = read_act("compartment.sealed", encode(case["body"]))
    assert isinstance(act, CompartmentSealed)
    subject, receiver = case["subject"], case["receiver"]
    key = SealingKey.from_seed(bytes.fromhex(case["private_keys"][receiver]))
    shares = {receiver: open_share(act, subject, receiver, key)}
    for release in case["releases"]:
        if release["body"]["party"] == receiver:
            given = read_act("compartment.released", encode(release["body"]))
            assert isinstance(given, CompartmentReleased)
            shares[release["giver"]] = take_over(act, subject, release["giver"], given, key)
    return open_content(act, subject, bytes.fromhex(case["ciphertext"]), shares)
