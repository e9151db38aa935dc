"""Runs vectors/log: what we read, write, accept and refuse, as any other implementation can check it."""

from __future__ import annotations

import base64
import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import (
    TILE_WIDTH,
    Answer,
    Cosign,
    Decline,
    KnownLog,
    Note,
    NoteSignature,
    ReadTile,
    Tree,
    VerifierKey,
    bundles_of,
    consistency_proof,
    decide,
    decode_bundle,
    encode_bundle,
    entries_path,
    full_consistency_proof,
    inclusion_proof,
    leaf_hash,
    open_checkpoint,
    parse_entries_path,
    parse_equivocation,
    parse_note,
    parse_proof_file,
    parse_tile_path,
    roots_from_consistency,
    sign_checkpoint,
    tile_path,
    tiles_of,
    verify_consistency,
    verify_equivocation,
    verify_inclusion,
    verify_note,
    verify_proof_file,
)
from safeconduct.errors import (
    InputInvalid,
    KeyInvalid,
    LimitExceeded,
    ProofInvalid,
    SafeconductError,
    SignatureInvalid,
)
from vectors import make_log

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "log"

ERRORS: dict[str, type[SafeconductError]] = {
    "key": KeyInvalid,
    "limit": LimitExceeded,
    "malformed": InputInvalid,
    "proof": ProofInvalid,
    "signature": SignatureInvalid,
}

Case = Any
"""One case of a vector file, as its JSON says; the tests are the reader of that form."""


def _document(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def _cases(name: str, *, wrong: bool) -> list[Any]:
    """Cases that must succeed, or those that must fail, each with what it is about as its id."""
    cases = enumerate(_document(name)["cases"])
    return [
        pytest.param(case, id=f"{n} {case.get('what', '')}".strip()) for n, case in cases if wrong == ("error" in case)
    ]


def right(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", _cases(name, wrong=False))


def wrong(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", _cases(name, wrong=True))


def _unhex(hashes: list[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(part) for part in hashes)


@cache
def _log(size: int) -> tuple[Tree, ReadTile]:
    """The log of the entries 'entry 0', 'entry 1', …"""
    tree = Tree()
    tiles = tree.append(leaf_hash(f"entry {number}".encode()) for number in range(size))
    contents = {(tile.level, tile.n, tile.width): tile.hashes for tile in [*tiles, *tree.edge()]}
    return tree, lambda level, n, width: contents[level, n, width]


# --- the files themselves ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_generator_writes_the_files_that_are_here() -> None:
    """LOG-2, LOG-15, LOG-16"""
    here = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.name != "published.json"}
    assert make_log.contents() == here


# --- trees, tiles, proofs ---------------------------------------------------------------------------------


@right("tree.json")
def test_roots(case: Case) -> None:
    """LOG-1, LOG-2, LOG-3"""
    assert _log(case["size"])[0].root().hex() == case["root"]


def _tile_digests(size: int) -> list[dict[str, str]]:
    read_tile = _log(size)[1]
    return [{"path": tile_path(*name), "sha256": sha256(read_tile(*name)).hexdigest()} for name in tiles_of(size)]


def _bundle_digests(size: int) -> list[dict[str, str]]:
    digests = []
    for n, width in bundles_of(size):
        entries = [f"entry {number}".encode() for number in range(n * TILE_WIDTH, n * TILE_WIDTH + width)]
        digests.append({"path": entries_path(n, width), "sha256": sha256(encode_bundle(entries)).hexdigest()})
    return digests


@pytest.mark.parametrize("case", [case for case in _document("tiles.json")["cases"] if "tiles" in case])
def test_tiles_and_bundles(case: Case) -> None:
    """LOG-8, LOG-9, LOG-13"""
    size = case["size"]
    assert (_tile_digests(size), _bundle_digests(size)) == (case["tiles"], case["bundles"])


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in _document("tiles.json")["cases"] if "last_tiles" in case])
def test_tiles_of_a_log_with_three_levels(case: Case) -> None:
    """LOG-8, LOG-9"""
    tiles = _tile_digests(case["size"])
    last = [tile for tile in tiles if ".p/" in tile["path"] or not tile["path"].startswith("tile/0/")]
    bundles = list(bundles_of(case["size"]))
    assert (last, len(tiles), len(bundles)) == (case["last_tiles"], case["tile_count"], case["bundle_count"])


@right("paths.json")
def test_paths(case: Case) -> None:
    """LOG-10, LOG-11"""
    if "level" in case:
        assert parse_tile_path(case["path"]) == (case["level"], case["n"], case["width"])
    else:
        assert parse_entries_path(case["path"]) == (case["n"], case["width"])


@wrong("paths.json")
def test_wrong_paths(case: Case) -> None:
    """LOG-12"""
    for parse in (parse_tile_path, parse_entries_path):
        with pytest.raises(ERRORS[case["error"]]):
            parse(case["path"])


@right("bundles.json")
def test_bundles(case: Case) -> None:
    """LOG-13"""
    entries = list(_unhex(case["entries"]))
    bundle = bytes.fromhex(case["bundle"])
    assert (decode_bundle(bundle, case["width"]), encode_bundle(entries)) == (entries, bundle)


@wrong("bundles.json")
def test_wrong_bundles(case: Case) -> None:
    """LOG-13"""
    with pytest.raises(ERRORS[case["error"]]):
        decode_bundle(bytes.fromhex(case["bundle"]), case["width"])


def _verify_inclusion(case: Case) -> None:
    leaf, root = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"])
    verify_inclusion(leaf, case["index"], case["size"], _unhex(case["proof"]), root)


@right("inclusion.json")
def test_inclusion(case: Case) -> None:
    """LOG-15"""
    _verify_inclusion(case)
    assert inclusion_proof(case["index"], case["size"], _log(case["size"])[1]) == _unhex(case["proof"])


@wrong("inclusion.json")
def test_wrong_inclusion(case: Case) -> None:
    """LOG-17, LOG-18"""
    with pytest.raises(ERRORS[case["error"]]):
        _verify_inclusion(case)


def _verify_consistency(case: Case) -> None:
    old_root, new_root = bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"])
    verify_consistency(case["old"], case["new"], _unhex(case["proof"]), old_root, new_root)


@right("consistency.json")
def test_consistency(case: Case) -> None:
    """LOG-16"""
    _verify_consistency(case)
    assert consistency_proof(case["old"], case["new"], _log(case["new"])[1]) == _unhex(case["proof"])


@pytest.mark.parametrize("case", [case for case in _document("consistency.json")["cases"] if "full_proof" in case])
def test_full_consistency(case: Case) -> None:
    """LOG-20"""
    proof = _unhex(case["full_proof"])
    roots = (bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"]))
    assert roots_from_consistency(case["old"], case["new"], proof) == roots
    assert full_consistency_proof(case["old"], case["new"], _log(case["new"])[1]) == proof


@wrong("consistency.json")
def test_wrong_consistency(case: Case) -> None:
    """LOG-17"""
    with pytest.raises(ERRORS[case["error"]]):
        _verify_consistency(case)


# --- notes and what is made of them -----------------------------------------------------------------------


@right("vkeys.json")
def test_vkeys(case: Case) -> None:
    """LOG-25, LOG-26"""
    key = VerifierKey.from_text(case["vkey"])
    parts = (key.name, key.key_id.hex(), key.type, key.public.raw.hex(), key.text)
    assert parts == (case["name"], case["id"], case["type"], case["public"], case["vkey"])


@wrong("vkeys.json")
def test_wrong_vkeys(case: Case) -> None:
    """LOG-24, LOG-25, LOG-26"""
    with pytest.raises(ERRORS[case["error"]]):
        VerifierKey.from_text(case["vkey"])


def _keys(vkeys: list[str]) -> list[VerifierKey]:
    return [VerifierKey.from_text(vkey) for vkey in vkeys]


@right("notes.json")
def test_notes(case: Case) -> None:
    """LOG-21, LOG-22, LOG-28, LOG-30"""
    note = parse_note(case["note"].encode())
    names = [key.name for key, _ in verify_note(note, _keys(case["vkeys"]))]
    assert (note.text, names, note.encode().decode()) == (case["text"], case["verified"], case["note"])


@wrong("notes.json")
def test_wrong_notes(case: Case) -> None:
    """LOG-21, LOG-22, LOG-23, LOG-24, LOG-27, LOG-29"""
    with pytest.raises(ERRORS[case["error"]]):
        verify_note(parse_note(case["note"].encode()), _keys(case["vkeys"]))


@right("checkpoints.json")
def test_checkpoints(case: Case) -> None:
    """LOG-31, LOG-32, LOG-35, LOG-36"""
    (log_key,) = _keys([case["log"]])
    signed = open_checkpoint(case["note"].encode(), log_key, _keys(case["cosigners"]))
    times = [{"name": cosignature.key.name, "time": cosignature.time} for cosignature in signed.cosignatures]
    found = (signed.size, signed.root.hex(), list(signed.checkpoint.extensions), times)
    assert found == (case["size"], case["root"], case["extensions"], case["cosignatures"])


@wrong("checkpoints.json")
def test_wrong_checkpoints(case: Case) -> None:
    """LOG-29, LOG-31, LOG-32, LOG-33, LOG-34"""
    (log_key,) = _keys([case["log"]])
    with pytest.raises(ERRORS[case["error"]]):
        open_checkpoint(case["note"].encode(), log_key, _keys(case["cosigners"]))


@right("witness.json")
def test_witness(case: Case) -> None:
    """LOG-40 to LOG-50"""
    (key,) = _keys([case["log"]])
    latest = open_checkpoint(case["latest"].encode(), key) if case["latest"] else None
    decision = decide(case["request"].encode(), {key.name: KnownLog(key, latest)})
    answer = Answer(200, b"") if isinstance(decision, Cosign) else decision.answer
    evidence = decision.evidence.encode().decode() if isinstance(decision, Decline) and decision.evidence else None
    body = answer.body.decode() if "body" in case else None
    assert (answer.status, body, evidence) == (case["status"], case.get("body"), case.get("evidence"))


def _verify_equivocation(case: Case) -> None:
    (log_key,) = _keys([case["log"]])
    verify_equivocation(parse_equivocation(case["evidence"].encode()), log_key)


@right("equivocations.json")
def test_equivocations(case: Case) -> None:
    """LOG-52 to LOG-56"""
    _verify_equivocation(case)
    assert parse_equivocation(case["evidence"].encode()).encode().decode() == case["evidence"]


@wrong("equivocations.json")
def test_wrong_equivocations(case: Case) -> None:
    """LOG-53, LOG-57, LOG-58"""
    with pytest.raises(ERRORS[case["error"]]):
        _verify_equivocation(case)


def _verify_proof_file(case: Case) -> int:
    (log_key,) = _keys([case["log"]])
    file = parse_proof_file(case["file"].encode())
    leaf, required = leaf_hash(case["entry"].encode()), case["cosigners_required"]
    return verify_proof_file(file, leaf, log_key, _keys(case["cosigners"]), cosigners_required=required).size


@right("proof_files.json")
def test_proof_files(case: Case) -> None:
    """LOG-59, LOG-60, LOG-61"""
    file = parse_proof_file(case["file"].encode())
    found = (_verify_proof_file(case), file.extra.decode(), file.encode().decode())
    assert found == (case["size"], case.get("extra", ""), case["file"])


@wrong("proof_files.json")
def test_wrong_proof_files(case: Case) -> None:
    """LOG-18, LOG-38, LOG-60, LOG-62"""
    with pytest.raises(ERRORS[case["error"]]):
        _verify_proof_file(case)


# --- what others published --------------------------------------------------------------------------------

PUBLISHED = _document("published.json")


def test_the_published_trees_of_rfc_6962() -> None:
    """LOG-1, LOG-2, LOG-3"""
    tree = Tree()
    roots = [tree.root().hex()]
    for data in _unhex(PUBLISHED["rfc6962_trees"]["entries"]):
        tree.append([leaf_hash(data)])
        roots.append(tree.root().hex())
    assert roots == PUBLISHED["rfc6962_trees"]["roots"]


def test_the_published_signed_note() -> None:
    """LOG-21, LOG-22, LOG-25, LOG-26, LOG-30"""
    published = PUBLISHED["signed_note"]
    key = VerifierKey.from_text(published["vkey"])
    note = parse_note(f"{published['text']}\n\u2014 {key.name} {published['signature']}\n".encode())
    assert [(by, note.text) for by, _ in verify_note(note, [key])] == [(key, published["text"])]


@pytest.mark.parametrize("published", PUBLISHED["vkeys"], ids=lambda published: published["vkey"].partition("+")[0])
def test_the_published_vkeys(published: Case) -> None:
    """LOG-25, LOG-26"""
    key = VerifierKey.from_text(published["vkey"])
    assert (key.type, key.text) == (published["type"], published["vkey"])


@pytest.mark.parametrize("published", PUBLISHED["tessera_log"]["checkpoints"], ids=lambda published: published["size"])
def test_the_published_log_of_another_implementation(published: Case) -> None:
    """LOG-1, LOG-2, LOG-3, LOG-30, LOG-31"""
    log = PUBLISHED["tessera_log"]
    key = VerifierKey.from_text(log["vkey"])
    tree = Tree()
    tree.append(leaf_hash(data.encode()) for data in log["entries"][: published["size"]])
    ours = sign_checkpoint(key.name, tree.size, tree.root(), SigningKey.from_seed(bytes.fromhex(log["seed"])))
    root, data = base64.b64decode(published["root"]), base64.b64decode(published["signature"])
    theirs = NoteSignature(key.name, data[:4], data[4:])
    assert (ours.root, ours.note) == (root, Note(ours.note.text, (theirs,)))
