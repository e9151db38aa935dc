"""Runs vectors/statement: what is canonical, what is signed and what is an entry, for any other implementation."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from securesystemslib.dsse import Envelope

from safeconduct.core.identity import PublicKey
from safeconduct.core.statement import pae, read_entry, require_canonical, statement_id, verify_signatures
from safeconduct.errors import CanonicalInvalid, EntryInvalid, SafeconductError, SignatureInvalid
from vectors import make_statement

ERRORS: dict[str, type[SafeconductError]] = {"malformed": EntryInvalid, "signature": SignatureInvalid}


def document(name: str) -> Any:
    return json.loads((make_statement.FOLDER / name).read_text("utf-8"))


def cases(name: str) -> list[Any]:
    listed: list[Any] = document(name)["cases"]
    return [pytest.param(case, id=case.get("what")) for case in listed]


@pytest.mark.parametrize("name", make_statement.FILES)
def test_the_generator_writes_what_is_there(name: str) -> None:
    assert make_statement.contents()[name] == (make_statement.FOLDER / name).read_bytes()


@pytest.mark.parametrize("case", cases("canonical.json"))
def test_canonical_json(case: dict[str, str]) -> None:
    """ST-1 to ST-6"""
    raw = bytes.fromhex(case["hex"])
    if "error" in case:
        with pytest.raises(CanonicalInvalid):
            require_canonical(raw)
    else:
        require_canonical(raw)
        assert rfc8785.dumps(json.loads(raw)) == raw


@pytest.mark.parametrize("case", cases("signed.json"))
def test_what_is_signed(case: dict[str, str]) -> None:
    """ST-12, ST-13"""
    payload = bytes.fromhex(case["payload"])
    assert (pae(payload).hex(), statement_id(payload)) == (case["signed"], case["id"])


def known(key_id: str) -> PublicKey | None:
    found = make_statement.KNOWN.get(key_id)
    return None if found is None else PublicKey(bytes.fromhex(found))


@pytest.mark.parametrize("case", cases("entries.json"))
def test_an_entry(case: dict[str, str]) -> None:
    """ST-7 to ST-19"""
    entry = case["entry"].encode(errors="surrogateescape")
    if case.get("error") == "malformed":
        with pytest.raises(EntryInvalid):
            read_entry(entry)
        return
    signed = read_entry(entry)
    if "error" in case:
        with pytest.raises(ERRORS[case["error"]]):
            verify_signatures(signed, known)
    else:
        verify_signatures(signed, known)
        assert signed.id == case["id"]


def test_the_published_vector_holds_for_the_implementation_that_we_compare_with() -> None:
    """ST-12"""
    dsse = document("published.json")["dsse"]
    assert Envelope(dsse["payload"].encode(), dsse["payloadType"], {}).pae() == dsse["signed"].encode()


def test_the_published_vector_holds_for_ours_with_our_type_in_place_of_its_own() -> None:
    """ST-12"""
    dsse = document("published.json")["dsse"]
    ours = dsse["signed"].replace(f"29 {dsse['payloadType']}", f"42 {make_statement.TYPE}")
    assert pae(dsse["payload"].encode()) == ours.encode()
