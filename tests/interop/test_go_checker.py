"""Logs that we write, checked by other people's Go code (see logcheck/main.go), and theirs by ours.

Needs Go, and the checker's modules in Go's cache or a network; skips without them.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import (
    TILE_WIDTH,
    AddCheckpoint,
    Answer,
    Cosigned,
    KeyType,
    ProofFile,
    ReadTile,
    SignedCheckpoint,
    Tree,
    VerifierKey,
    bundles_of,
    consistency_proof,
    cosign,
    decode_bundle,
    encode_bundle,
    entries_path,
    inclusion_proof,
    leaf_hash,
    open_checkpoint,
    read_answer,
    sign_checkpoint,
    tile_path,
    tiles_of,
)
from tests.unit.core.log.sample import LOG_KEY, LOG_SIGNER, NOON, ORIGIN, WITNESS, WITNESS_KEY, WITNESS_SIGNER

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parent / "logcheck"

Checker = Callable[..., tuple[int, str]]


def _go(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["go", *arguments], cwd=SOURCE, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """Runs the Go program; returns its exit code and what it said."""
    if shutil.which("go") is None:
        pytest.skip("go is not installed")
    fetched = _go("mod", "download")
    if fetched.returncode != 0:
        pytest.skip(f"the checker's modules are neither cached nor reachable: {fetched.stderr.strip()[:200]}")
    program = tmp_path_factory.mktemp("logcheck") / "logcheck"
    built = _go("build", "-mod=readonly", "-o", str(program), ".")
    assert built.returncode == 0, built.stderr

    def run(*arguments: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [program, "-log", LOG_KEY.text, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.strip() or done.stderr.strip()

    return run


class WrittenLog:
    """A log with `size` entries as files in a folder, cosigned by one witness."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.entries = [f"entry {number}".encode() for number in range(size)]
        tree = Tree()
        full = tree.append(map(leaf_hash, self.entries))
        for tile in [*full, *tree.edge()]:
            self._write(tile.path, tile.hashes)
        for n, width in bundles_of(size):
            start = n * TILE_WIDTH
            self._write(entries_path(n, width), encode_bundle(self.entries[start : start + width]))
        self.checkpoint = sign_checkpoint(ORIGIN, size, tree.root(), LOG_SIGNER)
        self.note = self.checkpoint.note.with_signatures([cosign(self.checkpoint, WITNESS, WITNESS_SIGNER, NOON)])
        self._write("checkpoint", self.note.encode())

    def _write(self, path: str, content: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def read_tile(self, level: int, n: int, width: int) -> bytes:
        return (self.folder / tile_path(level, n, width)).read_bytes()

    def write_proof(self, index: int) -> list[str | Path]:
        """Writes a proof file and its entry; returns what to tell the checker."""
        read_tile: ReadTile = self.read_tile
        file = ProofFile(index, inclusion_proof(index, self.checkpoint.size, read_tile), self.note, b"extra")
        self._write("proof", file.encode())
        self._write("entry", self.entries[index])
        return ["-proof", self.folder / "proof", "-entry", self.folder / "entry"]

    def write_request(self, old: int) -> list[str | Path]:
        """Writes a request to a witness; returns what to tell the checker."""
        proof = consistency_proof(old, self.checkpoint.size, self.read_tile)
        self._write("request", AddCheckpoint(old, proof, self.checkpoint.note).encode())
        return ["-request", self.folder / "request"]


def _flip(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


# --- ours, read by Go -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 600, 70_000])
def test_go_accepts_a_log_that_we_wrote(checker: Checker, tmp_path: Path, size: int) -> None:
    """LOG-1 to LOG-3, LOG-8 to LOG-13, LOG-21 to LOG-26, LOG-30, LOG-31, LOG-35, LOG-36"""
    WrittenLog(tmp_path, size)
    assert checker("-dir", tmp_path, "-cosigner", WITNESS_KEY.text) == (0, f"ok: size {size}, cosigners 1")


@pytest.mark.parametrize(
    ("size", "index"), [(1, 0), (2, 1), (257, 0), (257, 255), (257, 256), (600, 333), (70_000, 69_999)]
)
def test_go_accepts_a_proof_file_that_we_wrote(checker: Checker, tmp_path: Path, size: int, index: int) -> None:
    """LOG-15, LOG-59"""
    proof = WrittenLog(tmp_path, size).write_proof(index)
    said = checker("-dir", tmp_path, "-cosigner", WITNESS_KEY.text, *proof)
    assert said == (0, f"ok: size {size}, cosigners 1, entry {index}")


@pytest.mark.parametrize(("size", "old"), [(1, 1), (2, 1), (257, 255), (257, 256), (600, 333), (70_000, 65_537)])
def test_go_accepts_a_request_to_a_witness_that_we_wrote(checker: Checker, tmp_path: Path, size: int, old: int) -> None:
    """LOG-16, LOG-40"""
    request = WrittenLog(tmp_path, size).write_request(old)
    assert checker("-dir", tmp_path, *request) == (0, f"ok: size {size}, cosigners 0, grown from {old}")


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("tile/0/000", 0),
        ("tile/0/000", 8191),
        ("tile/0/002.p/88", 40),
        ("tile/1/000.p/2", 63),
        ("tile/entries/000", 0),
        ("tile/entries/000", 2),
        ("tile/entries/002.p/88", 5),
        ("checkpoint", 0),
        ("checkpoint", 24),
        ("checkpoint", 30),
        ("checkpoint", 120),
        ("checkpoint", -30),
    ],
)
def test_go_rejects_a_log_with_one_bit_changed(checker: Checker, tmp_path: Path, path: str, at: int) -> None:
    """LOG-8, LOG-13, LOG-29, LOG-31"""
    WrittenLog(tmp_path, 600)
    _flip(tmp_path / path, at)
    code, said = checker("-dir", tmp_path, "-cosigner", WITNESS_KEY.text)
    assert (code, said.partition(":")[0]) == (1, "fail")


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_go_rejects_a_log_with_a_file_missing(checker: Checker, tmp_path: Path, path: str) -> None:
    """LOG-9, LOG-11"""
    WrittenLog(tmp_path, 600)
    (tmp_path / path).unlink()
    assert checker("-dir", tmp_path)[0] == 1


@pytest.mark.parametrize("name", ["proof", "entry"])
def test_go_rejects_a_proof_file_with_one_bit_changed(checker: Checker, tmp_path: Path, name: str) -> None:
    """LOG-18, LOG-59"""
    proof = WrittenLog(tmp_path, 600).write_proof(333)
    _flip(tmp_path / name, 60 if name == "proof" else 0)
    code, said = checker("-dir", tmp_path, *proof)
    assert (code, said.startswith("fail: proof:")) == (1, True)


def test_go_rejects_a_request_with_one_bit_changed(checker: Checker, tmp_path: Path) -> None:
    """LOG-16, LOG-40"""
    request = WrittenLog(tmp_path, 600).write_request(333)
    _flip(tmp_path / "request", 20)
    code, said = checker("-dir", tmp_path, *request)
    assert (code, said.startswith("fail: request:")) == (1, True)


def test_go_rejects_a_log_that_the_cosigner_did_not_sign(checker: Checker, tmp_path: Path) -> None:
    """LOG-35"""
    WrittenLog(tmp_path, 3)
    another = VerifierKey(WITNESS, KeyType.COSIGNATURE_V1, LOG_SIGNER.public)
    said = checker("-dir", tmp_path, "-cosigner", another.text)
    assert said == (1, f"fail: checkpoint: no valid cosignature by {WITNESS}")


# --- theirs, read by us -----------------------------------------------------------------------------------


def _note_signer_text(name: str, seed: bytes) -> str:
    """A private key as Go's note package reads it."""
    key_id = VerifierKey(name, KeyType.ED25519, SigningKey.from_seed(seed).public).key_id
    return f"PRIVATE+KEY+{name}+{key_id.hex()}+{base64.b64encode(bytes([1]) + seed).decode()}"


def test_a_cosignature_made_by_go_is_a_witnesss_answer_to_us(checker: Checker, tmp_path: Path) -> None:
    """LOG-35, LOG-36, LOG-39, LOG-47"""
    log = WrittenLog(tmp_path, 300)
    code, said = checker("-dir", tmp_path, "-cosign", _note_signer_text(WITNESS, b"\x02" * 32))
    lines = said.partition("\n")[2] + "\n"
    answer = read_answer(Answer(200, lines.encode()), log.checkpoint, [WITNESS_KEY])
    assert (code, isinstance(answer, Cosigned)) == (0, True)


def _their_log() -> Path:
    """The test log in Tessera's own source, where Go keeps it."""
    found = _go("list", "-m", "-f", "{{.Dir}}", "github.com/transparency-dev/tessera")
    return Path(found.stdout.strip()) / "testdata" / "log"


def _their_checkpoints() -> dict[int, SignedCheckpoint]:
    script = (_their_log().parent / "build_log.sh").read_text("utf-8")
    key = VerifierKey.from_text(script.partition('LOG_PUBLIC_KEY="')[2].partition('"')[0])
    files = sorted(_their_log().glob("checkpoint.*"), key=lambda file: int(file.suffix[1:]))
    return {int(file.suffix[1:]): open_checkpoint(file.read_bytes(), key) for file in files}


def test_we_accept_every_checkpoint_of_tesseras_test_log(checker: Checker) -> None:
    """LOG-21 to LOG-26, LOG-30, LOG-31"""
    assert [signed.size for signed in _their_checkpoints().values()] == list(range(16))


def test_we_accept_every_file_of_tesseras_test_log(checker: Checker) -> None:
    """LOG-1 to LOG-3, LOG-8 to LOG-13"""
    folder = _their_log()
    for size, signed in _their_checkpoints().items():
        tree = Tree()
        for n, width in bundles_of(size):
            tree.append(map(leaf_hash, decode_bundle((folder / entries_path(n, width)).read_bytes(), width)))
        tiles = [sha256((folder / tile_path(*name)).read_bytes()).hexdigest() for name in tiles_of(size)]
        ours = [sha256(tile.hashes).hexdigest() for tile in tree.edge()]
        assert (tree.root(), ours) == (signed.root, tiles)
