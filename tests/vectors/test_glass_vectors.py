"""Runs vectors/glass: pieces, officers' files and what is said, made by other programs than those that we use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safeconduct.core.acts import GlassGiven, read_act
from safeconduct.core.disclosure import Escrow, open_piece, take_piece
from safeconduct.core.sealing import OfflineKey, SealingKey, join_pieces, require_recipient
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, EntryInvalid, InputInvalid, KeyInvalid, SafeconductError
from vectors import make_glass

ERRORS: dict[str, type[SafeconductError]] = {"check": CheckFailed, "key": KeyInvalid, "malformed": InputInvalid}


def named(name: str) -> pytest.MarkDecorator:
    listed: list[Any] = json.loads((make_glass.FOLDER / name).read_text("utf-8"))["cases"]
    return pytest.mark.parametrize("case", listed, ids=lambda case: case["what"])


def escrow_of(case: dict[str, Any]) -> Escrow:
    read = msgspec.json.decode(case["escrow"], type=Escrow)
    assert encode(read).decode() == case["escrow"]
    return read


@pytest.mark.parametrize("name", make_glass.FILES)
def test_the_generator_writes_what_is_there(name: str) -> None:
    assert make_glass.contents()[name] == (make_glass.FOLDER / name).read_bytes()


def test_no_file_is_without_a_generator() -> None:
    assert sorted(path.name for path in Path(make_glass.FOLDER).iterdir()) == sorted(make_glass.FILES)


@named("pieces.json")
def test_pieces(case: dict[str, Any]) -> None:
    """SEAL-70, SEAL-71"""
    pieces = [bytes.fromhex(piece) for piece in case["pieces"]]
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            join_pieces(pieces)
    elif "not" in case:
        assert join_pieces(pieces).hex() != case["not"]
    else:
        assert join_pieces(pieces).hex() == case["secret"]


@named("keys.json")
def test_an_officers_key(case: dict[str, Any]) -> None:
    """SEAL-72"""
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            require_recipient(case["recipient"])
    else:
        assert OfflineKey(case["identity"]).recipient == case["recipient"]


@named("escrows.json")
def test_an_officers_piece(case: dict[str, Any]) -> None:
    """SEAL-72, SEAL-73"""
    escrow, key = escrow_of(case), OfflineKey(case["identity"])
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            open_piece(escrow, case["party"], case["officer"], key)
    else:
        assert json.loads(encode(open_piece(escrow, case["party"], case["officer"], key))) == case["held"]


@named("given.json")
def test_a_given_piece(case: dict[str, Any]) -> None:
    """SEAL-76, SEAL-77"""
    given = msgspec.convert(case["body"], GlassGiven)
    key = SealingKey.from_seed(bytes.fromhex(case["private_key"]))
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            take_piece(escrow_of(case), case["subject"], given, case["holder"], key)
    else:
        assert take_piece(escrow_of(case), case["subject"], given, case["holder"], key).hex() == case["piece"]


@named("bodies.json")
def test_a_body(case: dict[str, Any]) -> None:
    """ACT-1"""
    body = case["body"].encode()
    if "error" in case:
        with pytest.raises(EntryInvalid):
            read_act(case["kind"], body)
    else:
        assert encode(read_act(case["kind"], body)) == body
