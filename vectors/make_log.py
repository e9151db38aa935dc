"""Write vectors/log/*.json, except published.json: `python vectors/make_log.py`.

It uses nothing of core/log, so that a mistake there cannot hide here: trees and proofs are the recursive definitions of
RFC 6962 as they stand in its text, notes are put together by hand, and PyNaCl signs.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from nacl.signing import SigningKey

from vectors.documents import Case, Files, documents, write

FOLDER = Path(__file__).parent / "log"


# --- RFC 6962, section 2.1 --------------------------------------------------------------------------------


def _entry(number: int, word: str = "entry") -> bytes:
    return f"{word} {number}".encode()


def _leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


@cache
def _leaves(count: int, word: str = "entry") -> tuple[bytes, ...]:
    return tuple(_leaf(_entry(number, word)) for number in range(count))


def _split(count: int) -> int:
    k = 1
    while 2 * k < count:
        k *= 2
    return k


@cache
def _mth(d: tuple[bytes, ...]) -> bytes:
    if not d:
        return sha256(b"").digest()
    if len(d) == 1:
        return d[0]
    k = _split(len(d))
    return sha256(b"\x01" + _mth(d[:k]) + _mth(d[k:])).digest()


def _path(m: int, d: tuple[bytes, ...]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = _split(len(d))
    return [*_path(m, d[:k]), _mth(d[k:])] if m < k else [*_path(m - k, d[k:]), _mth(d[:k])]


def _subproof(m: int, d: tuple[bytes, ...], b: bool) -> list[bytes]:  # noqa: FBT001 - its name in the RFC
    if m == len(d):
        return [] if b else [_mth(d)]
    k = _split(len(d))
    return [*_subproof(m, d[:k], b), _mth(d[k:])] if m <= k else [*_subproof(m - k, d[k:], False), _mth(d[:k])]  # noqa: FBT003


def _proof(m: int, d: tuple[bytes, ...]) -> list[bytes]:
    return [] if m in (0, len(d)) else _subproof(m, d, True)  # noqa: FBT003


def _full(m: int, d: tuple[bytes, ...]) -> list[bytes]:
    """LOG-20: the consistency proof with its first hash, also where the RFC leaves it out."""
    power_of_two = m & (m - 1) == 0
    return [_mth(d[:m]), *_proof(m, d)] if power_of_two else _proof(m, d)


# --- tiles ------------------------------------------------------------------------------------------------


def _number_path(n: int) -> str:
    groups = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        groups.insert(0, f"x{n % 1000:03}")
    return "/".join(groups)


def _tiles(d: tuple[bytes, ...]) -> Iterator[tuple[str, bytes]]:
    """Path and content of every tile, level by level."""
    row, level = list(d), 0
    while row:
        for n in range(0, len(row), 256):
            hashes = row[n : n + 256]
            suffix = "" if len(hashes) == 256 else f".p/{len(hashes)}"
            yield f"tile/{level}/{_number_path(n // 256)}{suffix}", b"".join(hashes)
        row = [_mth(tuple(row[n : n + 256])) for n in range(0, len(row) // 256 * 256, 256)]
        level += 1


def _bundles(count: int) -> Iterator[tuple[str, bytes]]:
    for start in range(0, count, 256):
        entries = [_entry(number) for number in range(start, min(count, start + 256))]
        suffix = "" if len(entries) == 256 else f".p/{len(entries)}"
        content = b"".join(len(data).to_bytes(2, "big") + data for data in entries)
        yield f"tile/entries/{_number_path(start // 256)}{suffix}", content


# --- notes ------------------------------------------------------------------------------------------------


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Signer:
    """A named key; `byte` is repeated to make the seed, `kind` is the type in its ID."""

    def __init__(self, name: str, byte: int, kind: int) -> None:
        self.name, self.kind = name, bytes([kind])
        self._key = SigningKey(bytes([byte]) * 32)
        self.public = bytes(self._key.verify_key)
        self.id = sha256(name.encode() + b"\n" + self.kind + self.public).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{_b64(self.kind + self.public)}"

    def ed25519(self, message: bytes) -> bytes:
        return self._key.sign(message).signature

    def line(self, text: str) -> str:
        """A signature line over the text as it stands."""
        return self.raw_line(self.ed25519(text.encode()))

    def cosign(self, text: str, time: int) -> str:
        """A line of type 0x04."""
        message = f"cosignature/v1\ntime {time}\n{text}".encode()
        return self.raw_line(time.to_bytes(8, "big") + self.ed25519(message))

    def raw_line(self, signature: bytes) -> str:
        return f"\u2014 {self.name} {_b64(self.id + signature)}\n"


ORIGIN = "north.example/log/host"
LOG = Signer(ORIGIN, 1, 0x01)
WITNESS = Signer("south.example/witness", 2, 0x04)
MIRROR = Signer("south.example/mirror", 3, 0x04)
STRANGER = Signer("stranger.example/log", 4, 0x01)
IMPOSTOR = Signer(ORIGIN, 5, 0x01)
NOON = 1_767_268_800


def _body(size: int, root: bytes, origin: str = ORIGIN) -> str:
    return f"{origin}\n{size}\n{_b64(root)}\n"


def _signed(text: str, *lines: str, by: Signer | None = LOG) -> str:
    own = [by.line(text)] if by else []
    return f"{text}\n{''.join([*own, *lines])}"


def _checkpoint(count: int, word: str = "entry", by: Signer | None = LOG) -> str:
    return _signed(_body(count, _mth(_leaves(count, word))), by=by)


def _flip(data: bytes, bit: int = 0) -> bytes:
    return (int.from_bytes(data, "big") ^ (1 << bit)).to_bytes(len(data), "big")


# --- the files --------------------------------------------------------------------------------------------


def _hexes(hashes: Sequence[bytes]) -> list[str]:
    return [part.hex() for part in hashes]


def _tree_cases() -> Iterator[Case]:
    for size in [*range(18), 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 70_000]:
        yield {"size": size, "root": _mth(_leaves(size)).hex()}


def _tile_cases() -> Iterator[Case]:
    for size in (0, 1, 2, 255, 256, 257, 600):
        d = _leaves(size)
        yield {
            "size": size,
            "tiles": [{"path": where, "sha256": sha256(content).hexdigest()} for where, content in _tiles(d)],
            "bundles": [{"path": where, "sha256": sha256(content).hexdigest()} for where, content in _bundles(size)],
        }
    size = 70_000
    yield {
        "size": size,
        "last_tiles": [
            {"path": where, "sha256": sha256(content).hexdigest()}
            for where, content in _tiles(_leaves(size))
            if ".p/" in where or not where.startswith("tile/0/")
        ],
        "tile_count": sum(1 for _ in _tiles(_leaves(size))),
        "bundle_count": sum(1 for _ in _bundles(size)),
    }


def _path_cases() -> Iterator[Case]:
    for level, n, width in [
        (0, 0, 256), (0, 5, 256), (0, 999, 1), (1, 1000, 255), (0, 1_234_067, 256), (63, 2**63 - 1, 17),
    ]:  # fmt: skip
        suffix = "" if width == 256 else f".p/{width}"
        yield {"path": f"tile/{level}/{_number_path(n)}{suffix}", "level": level, "n": n, "width": width}
    for n, width in [(0, 256), (273, 112), (1_234_067, 256)]:
        suffix = "" if width == 256 else f".p/{width}"
        yield {"path": f"tile/entries/{_number_path(n)}{suffix}", "n": n, "width": width}
    for wrong in [
        "", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/0/1000", "tile/0/x000/001", "tile/0/001/000",
        "tile/0/x001/x000", "tile/0/X001/000", "tile/64/000", "tile/00/000", "tile/-1/000", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000/", "/tile/0/000", "tile/0/../000",
        "tile/0/x009/x223/x372/x036/x854/x775/808", "tile/entries/0", "tile/entries/x000/000", "tile/entries/000.p/256",
    ]:  # fmt: skip
        yield {"path": wrong, "error": "malformed"}


def _bundle_cases() -> Iterator[Case]:
    for entries in ([b""], [b"a", b"bc"], [b"", b"", b"x" * 256]):
        content = b"".join(len(data).to_bytes(2, "big") + data for data in entries)
        yield {"width": len(entries), "bundle": content.hex(), "entries": _hexes(entries)}
    for width, content in [
        (1, b""), (1, b"\x00"), (1, b"\x00\x01"), (1, b"\x00\x00\x00"), (2, b"\x00\x01a"), (2, b"\x00\x01a\x00\x01"),
        (2, b"\x00\x01a\x00\x01bc"), (1, b"\x01\x00" + b"x" * 255), (0, b""), (257, b"\x00\x00" * 257),
    ]:  # fmt: skip
        yield {"width": width, "bundle": content.hex(), "error": "malformed"}


def _broken_proofs(right: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """What must not verify in the place of a right proof."""
    yield "a hash added at the end", [*right, bytes(32)]
    yield "a hash added at the beginning", [bytes(32), *right]
    if right:
        yield "the first hash left out", right[1:]
        yield "the last hash left out", right[:-1]
        yield "no proof", []
        yield "the first hash twice", [right[0], *right]
        yield "a hash of 31 bytes", [right[0][:31], *right[1:]]
        for number in range(len(right)):
            changed = [*right[:number], _flip(right[number], 8 * number), *right[number + 1 :]]
            yield f"a bit of hash {number} changed", changed
    if len(right) > 1:
        yield "in the other order", right[::-1]


def _inclusion_cases() -> Iterator[Case]:
    for size, index in [
        (1, 0), (2, 0), (2, 1), (3, 2), (7, 0), (7, 3), (7, 6), (8, 5), (256, 255), (257, 0), (257, 256), (1000, 777),
    ]:  # fmt: skip
        d = _leaves(size)
        hashes = {"leaf": d[index].hex(), "root": _mth(d).hex()}
        right: Case = {"size": size, "index": index, **hashes, "proof": _hexes(_path(index, d))}
        yield right
        for what, broken in _broken_proofs(_path(index, d)):
            yield {**right, "proof": _hexes(broken), "what": what, "error": "proof"}
        other = (index + 1) % size
        edits: list[tuple[str, Case]] = [
            ("another root", {"root": bytes(32).hex()}),
            ("the entry in place of its hash", {"leaf": _entry(index).hex()}),
            ("an index outside", {"index": size}),
        ]
        if size > 1:
            edits += [("another leaf", {"leaf": d[other].hex()}), ("another index", {"index": other})]
        for what, changes in edits:
            yield {**right, **changes, "what": what, "error": "proof"}


def _consistency_cases() -> Iterator[Case]:
    for old, new in [
        (0, 0), (0, 1), (0, 7), (1, 1), (1, 2), (1, 7), (2, 3), (3, 7), (4, 7), (6, 7), (7, 7), (4, 8), (255, 256),
        (256, 257), (300, 1000), (512, 1000),
    ]:  # fmt: skip
        d = _leaves(new)
        roots = {"old_root": _mth(d[:old]).hex(), "new_root": _mth(d).hex()}
        right: Case = {"old": old, "new": new, **roots, "proof": _hexes(_proof(old, d))}
        yield {**right, "full_proof": _hexes(_full(old, d))} if 0 < old < new else right
        for what, hashes in _broken_proofs(_proof(old, d)):
            yield {**right, "proof": _hexes(hashes), "what": what, "error": "proof"}
        yield {**right, "old_root": bytes(32).hex(), "what": "another old root", "error": "proof"}
        if old > 0:
            yield {**right, "new_root": bytes(32).hex(), "what": "another new root", "error": "proof"}
        if old < new:
            yield {**right, "old": new, "new": old, "what": "sizes exchanged", "error": "proof"}


def _vkey_cases() -> Iterator[Case]:
    for signer in (LOG, WITNESS):
        parts = {"name": signer.name, "id": signer.id.hex(), "type": signer.kind[0], "public": signer.public.hex()}
        yield {"vkey": signer.vkey, **parts}

    def with_id(name: str, encoded: bytes) -> str:
        key_id = sha256(name.encode() + b"\n" + encoded).digest()[:4]
        return f"{name}+{key_id.hex()}+{_b64(encoded)}"

    key = b"\x01" + LOG.public
    yield {"vkey": with_id(ORIGIN, key), "name": ORIGIN, "id": LOG.id.hex(), "type": 1, "public": LOG.public.hex()}
    for wrong in [
        "", ORIGIN, f"{ORIGIN}+{LOG.id.hex()}", f"{ORIGIN}+00000000+{_b64(key)}", LOG.vkey + "\n", LOG.vkey + "=",
        LOG.vkey.replace(LOG.id.hex(), LOG.id.hex().upper()), with_id("", key), with_id("a b", key),
        with_id("a\u2003b", key), with_id("n" * 256, key), LOG.vkey.replace("/host", "/guest"),
    ]:  # fmt: skip
        yield {"vkey": wrong, "error": "malformed"}
    for encoded in [
        b"", b"\x02" + LOG.public, b"\x06" + b"k" * 1312, b"\x01" + LOG.public[:31], b"\x01" + LOG.public + b"\x00",
        b"\x01" + bytes(32), b"\x01\x01" + bytes(31), b"\x04" + bytes(32), b"\x01" + b"\xff" * 32,
    ]:  # fmt: skip
        yield {"vkey": with_id("a", encoded), "error": "key"}


def _note_cases() -> Iterator[Case]:
    text = "A text.\n\nWith an empty line, and è.\n"
    keys = [LOG.vkey, WITNESS.vkey]
    by_log, by_witness, by_stranger = LOG.line(text), WITNESS.cosign(text, NOON), STRANGER.line(text)

    def case(note: str, **more: object) -> Case:
        return {"vkeys": keys, "note": note, **more}

    whole = _signed(text)
    yield case(whole, text=text, verified=[ORIGIN])
    yield case(_signed(text, by_witness), text=text, verified=[ORIGIN, WITNESS.name])
    yield case(_signed(text, by_log, by_stranger, by=None), text=text, verified=[ORIGIN])
    yield case(_signed(text, by_stranger, IMPOSTOR.line(text), by_log, by=None), text=text, verified=[ORIGIN])
    yield case(_signed(text, *[STRANGER.raw_line(bytes([n])) for n in range(63)]), text=text, verified=[ORIGIN])
    yield case(_signed("\n", by=LOG), text="\n", verified=[ORIGIN])

    forged = LOG.raw_line(_flip(LOG.ed25519(text.encode())))
    other_text = LOG.line("Another text.\n")
    cosignature = base64.b64decode(by_witness.split(" ")[2])[12:]
    late = WITNESS.raw_line((2**63).to_bytes(8, "big") + bytes(64))
    low_order_r = LOG.raw_line(bytes(64))
    for what, note in [
        ("no known key", _signed(text, by_stranger, by=None)),
        ("known name, another key", _signed(text, IMPOSTOR.line(text), by=None)),
        ("signature changed", _signed(text, forged, by=None)),
        ("signature changed beside a valid one", _signed(text, forged)),
        ("signature of another text", _signed(text, other_text, by_witness, by=None)),
        ("text changed", whole.replace("A text", "a text")),
        ("cosignature without a time", _signed(text, WITNESS.line(text))),
        ("cosignature with another time", _signed(text, WITNESS.raw_line(bytes(8) + cosignature))),
        ("cosignature after the end of time", _signed(text, late)),
        ("R of low order", _signed(text, low_order_r, by=None)),
    ]:  # fmt: skip
        yield case(note, what=what, error="signature")
    for what, note in [
        ("empty", ""),
        ("no signature", text),
        ("no signature line", f"{text}\n"),
        ("no empty line", f"{text}{by_log}"),
        ("no last newline", whole[:-1]),
        ("something below", f"{whole}x"),
        ("an empty line below", f"{whole}\n"),
        ("a hyphen for the dash", whole.replace("\u2014", "-")),
        ("two spaces", whole.replace("\u2014 ", "\u2014  ")),
        ("no space", whole.replace("\u2014 ", "\u2014")),
        ("a tab in the text", whole.replace("A text", "A\ttext")),
        ("carriage returns", whole.replace("\n", "\r\n")),
        ("a plus in a name", whole.replace(ORIGIN, "north+example")),
        ("a space in a name", whole.replace(ORIGIN, "north\u00a0example")),
        ("base64 without padding", _signed(text, by_log.replace("=", ""), by=None)),
        ("base64 with other unused bits", _signed(text, f"\u2014 a {_b64(b'12345')[:-2]}V=\n")),
        ("a key ID and no signature", _signed(text, LOG.raw_line(b""))),
    ]:  # fmt: skip
        yield case(note, what=what, error="malformed")
    yield case(_signed(text, *[STRANGER.raw_line(bytes([n])) for n in range(64)]), what="65 signatures", error="limit")


def _checkpoint_cases() -> Iterator[Case]:
    root = _mth(_leaves(7))
    text = _body(7, root)
    cosigned = WITNESS.cosign(text, NOON)

    def case(note: str, **more: object) -> Case:
        return {"log": LOG.vkey, "cosigners": [WITNESS.vkey, MIRROR.vkey], "note": note, **more}

    def result(size: int, cosigners: Mapping[str, int], *extensions: str) -> Case:
        times = [{"name": name, "time": time} for name, time in cosigners.items()]
        return {"size": size, "root": _mth(_leaves(size)).hex(), "extensions": list(extensions), "cosignatures": times}

    yield case(_signed(text), **result(7, {}))
    yield case(_checkpoint(0), **result(0, {}))
    yield case(_signed(text, cosigned), **result(7, {WITNESS.name: NOON}))
    yield case(
        _signed(text, STRANGER.line(text), MIRROR.cosign(text, 0), cosigned),
        **result(7, {MIRROR.name: 0, WITNESS.name: NOON}),
    )
    extended = f"{text}an extension\n"
    extended_cosigned = _signed(extended, WITNESS.cosign(extended, NOON))
    yield case(extended_cosigned, **result(7, {WITNESS.name: NOON}, "an extension"))

    for what, note in [
        ("not by the log", _signed(text, cosigned, by=None)),
        ("by another key under the log's name", _checkpoint(7, by=IMPOSTOR)),
        ("by a stranger", _checkpoint(7, by=STRANGER)),
        ("another size than signed", _signed(text).replace("\n7\n", "\n8\n")),
        ("a cosignature that leaves out the extension", _signed(extended, cosigned)),
        ("a cosignature of another size", _signed(_body(8, root), cosigned)),
    ]:
        yield case(note, what=what, error="signature")
    for what, wrong in [
        ("another origin", _body(7, root, "north.example/log/guest")),
        ("origin with a space", _body(7, root, "north example")),
        ("two lines", f"{ORIGIN}\n7\n"),
        ("leading zero", text.replace("\n7\n", "\n07\n")),
        ("sign", text.replace("\n7\n", "\n+7\n")),
        ("2^63", text.replace("\n7\n", f"\n{2**63}\n")),
        ("root in hexadecimal", f"{ORIGIN}\n7\n{root.hex()}\n"),
        ("root of 31 bytes", _body(7, root[:31])),
        ("root of 33 bytes", _body(7, root + b"x")),
        ("an empty line", f"{text}\n"),
        ("an empty line before an extension", f"{text}\nan extension\n"),
    ]:
        yield case(_signed(wrong), what=what, error="malformed")


def _witness_cases() -> Iterator[Case]:
    """`latest` is the last checkpoint that the witness cosigned; `evidence` is what it keeps."""
    d, fork = _leaves(7), _leaves(7, "other")
    never, three, seven = None, _checkpoint(3), _checkpoint(7)

    def request(old: int, hashes: list[bytes], note: str) -> str:
        return "\n".join([f"old {old}", *map(_b64, hashes), "", ""]) + note

    def case(latest: str | None, text: str, status: int, **more: object) -> Case:
        return {"log": LOG.vkey, "latest": latest, "request": text, "status": status, **more}

    for latest, old, hashes, note in [
        (never, 0, [], _checkpoint(0)), (never, 0, [], seven), (three, 3, _proof(3, d), seven), (seven, 7, [], seven),
        (_checkpoint(0), 0, [], seven), (_checkpoint(4), 4, _proof(4, d), seven),
    ]:  # fmt: skip
        yield case(latest, request(old, hashes, note), 200)
    right = request(3, _proof(3, d), seven)
    for what, text in [
        ("empty", ""),
        ("no old size", right.removeprefix("old 3\n")),
        ("leading zero", right.replace("old 3", "old 03")),
        ("no empty line", right.replace("\n\n", "\n", 1)),
        ("a hash of 31 bytes", request(3, [bytes(31)], seven)),
        ("64 hashes", request(3, [bytes(32)] * 64, seven)),
        ("not a checkpoint", request(3, _proof(3, d), _signed("Text.\n"))),
        ("old above new", request(8, [], seven)),
    ]:
        yield case(three, text, 400, what=what)
    yield case(three, request(3, _proof(3, d), _checkpoint(7, by=IMPOSTOR)), 403, what="another key")
    broken = _signed(_body(7, _mth(d)), LOG.raw_line(bytes(64)))
    yield case(three, request(3, _proof(3, d), broken), 403, what="one invalid signature beside a valid one")
    other_origin = _body(7, _mth(d), "north.example/log/guest")
    yield case(three, request(3, _proof(3, d), _signed(other_origin)), 404, what="unknown origin")
    for latest, old, size in [(never, 3, 0), (three, 0, 3), (three, 4, 3), (seven, 3, 7)]:
        yield case(latest, request(old, _proof(3, d), seven), 409, body=f"{size}\n")
    for what, latest, old, hashes, note in [
        ("proof too short", three, 3, _proof(3, d)[:-1], seven),
        ("proof of another history", three, 3, _proof(3, fork), seven),
        ("proof from nothing", never, 0, _proof(3, d), seven),
        ("proof although nothing has grown", seven, 7, _proof(3, d), seven),
        ("empty log with a root", never, 0, [], _signed(_body(0, bytes(32)))),
        ("another history, with the proof of this one", three, 3, _proof(3, d), _checkpoint(7, "other")),
    ]:
        yield case(latest, request(old, hashes, note), 422, what=what)
    forked = _checkpoint(7, "other")
    first, second = sorted([seven, forked])
    two_roots = _evidence(first, second)
    two_ways = _evidence(three, forked, _full(3, fork))
    for what, latest, old, hashes, status, kept in [
        ("two roots of one size", seven, 7, [], 422, two_roots),
        ("two roots of one size, from another old size", seven, 0, [], 409, two_roots),
        ("another history, with its own proof", three, 3, _proof(3, fork), 422, two_ways),
    ]:
        yield case(latest, request(old, hashes, forked), status, what=what, evidence=kept)


def _evidence(earlier: str, later: str, hashes: Sequence[bytes] = ()) -> str:
    lengths = [f"earlier {len(earlier.encode())}", f"later {len(later.encode())}"]
    return "\n".join(["safeconduct/equivocation/v1", *lengths, *map(_b64, hashes), "", ""]) + earlier + later


def _equivocation_cases() -> Iterator[Case]:
    d = _leaves(7)

    def case(text: str, **more: object) -> Case:
        return {"log": LOG.vkey, "evidence": text, **more}

    first, second = sorted([_checkpoint(7), _checkpoint(7, "other")])
    other_three, seven = _checkpoint(3, "other"), _checkpoint(7)
    yield case(_evidence(first, second))
    yield case(_evidence(other_three, seven, _full(3, d)))
    yield case(_evidence(_checkpoint(4, "other"), seven, _full(4, d)))
    yield case(_evidence(_signed(_body(0, bytes(32))), seven))
    for what, text in [
        ("one history", _evidence(_checkpoint(3), seven, _full(3, d))),
        ("one history, from a power of two", _evidence(_checkpoint(4), seven, _full(4, d))),
        ("one checkpoint twice", _evidence(seven, seven)),
        ("a proof of another tree", _evidence(other_three, seven, _full(3, _leaves(7, "other")))),
        ("a proof too short", _evidence(other_three, seven, _full(3, d)[:-1])),
        ("a consistency proof, from a power of two", _evidence(_checkpoint(4, "other"), seven, _proof(4, d))),
        ("a proof that is not needed", _evidence(first, second, [bytes(32)])),
        ("an empty log and a later one", _evidence(_checkpoint(0), seven)),
    ]:
        yield case(text, what=what, error="proof")
    yield case(_evidence(other_three, _checkpoint(7, by=IMPOSTOR), _full(3, d)), what="another key", error="signature")
    cosigned = _signed(_body(7, _mth(d)), WITNESS.cosign(_body(7, _mth(d)), NOON))
    right = _evidence(first, second)
    for what, text in [
        ("empty", ""),
        ("another version", right.replace("/v1", "/v2")),
        ("larger size first", _evidence(seven, other_three, _full(3, d))),
        ("other order of one size", _evidence(second, first)),
        ("with a cosignature", _evidence(other_three, cosigned, _full(3, d))),
        ("a wrong length", right.replace("later 1", "later 2")),
        ("a leading zero", right.replace("later ", "later 0")),
        ("something after it", f"{right}x"),
    ]:
        yield case(text, what=what, error="malformed")
    yield case(_evidence(first, second, [bytes(32)] * 65), what="65 hashes", error="limit")


def _proof_file_cases() -> Iterator[Case]:
    d = _leaves(7)
    text = _body(7, _mth(d))
    note = _signed(text, WITNESS.cosign(text, NOON))
    header = "c2sp.org/tlog-proof@v1"

    def file(index: int, hashes: list[bytes], checkpoint: str = note, extra: str = "") -> str:
        return (
            "\n".join([header, *([extra] if extra else []), f"index {index}", *map(_b64, hashes), "", ""]) + checkpoint
        )

    def case(data: str, required: int = 1, index: int = 2, **more: object) -> Case:
        keys = {"log": LOG.vkey, "cosigners": [WITNESS.vkey, MIRROR.vkey], "cosigners_required": required}
        return {**keys, "entry": _entry(index).decode(), "file": data, **more}

    for index in range(7):
        yield case(file(index, _path(index, d)), index=index, size=7)
    one = _signed(_body(1, _mth(_leaves(1))))
    yield case(file(0, [], one), required=0, index=0, size=1)
    yield case(file(2, _path(2, d), extra="extra ZXh0cmE="), size=7, extra="extra")
    yield case(
        file(2, _path(2, d), _signed(text, WITNESS.cosign(text, NOON), MIRROR.cosign(text, NOON))), required=2, size=7
    )

    for what, data in [
        ("another index", file(3, _path(2, d))),
        ("an index outside", file(7, _path(2, d))),
        ("a proof of another entry", file(2, _path(3, d))),
        ("a proof too short", file(2, _path(2, d)[:-1])),
        ("a proof of another log", file(2, _path(2, _leaves(7, "other")))),
    ]:
        yield case(data, what=what, error="proof")
    yield case(file(2, _path(2, d)), index=3, what="another entry", error="proof")
    twice = _signed(text, WITNESS.cosign(text, NOON), WITNESS.cosign(text, NOON + 1))
    for what, required, data in [
        ("too few cosigners", 2, file(2, _path(2, d))),
        ("one cosigner twice", 2, file(2, _path(2, d), twice)),
        ("no cosigner", 1, file(2, _path(2, d), _signed(text))),
        ("another log's key", 0, file(2, _path(2, d), _checkpoint(7, by=IMPOSTOR))),
        (
            "a cosignature of another checkpoint",
            0,
            file(2, _path(2, d), _signed(text, WITNESS.cosign(_body(8, _mth(d)), NOON))),
        ),
    ]:
        yield case(data, required, what=what, error="signature")
    right = file(2, _path(2, d))
    for what, data in [
        ("empty", ""),
        ("another version", right.replace("@v1", "@v2")),
        ("no header", right.removeprefix(f"{header}\n")),
        ("no index", right.replace("index 2\n", "")),
        ("two indexes", right.replace("index 2\n", "index 2\nindex 2\n")),
        ("leading zero", right.replace("index 2", "index 02")),
        ("an empty extra", file(2, _path(2, d), extra="extra ")),
        ("an extra below the index", right.replace("index 2\n", "index 2\nextra AA==\n")),
        ("no empty line", right.replace("\n\n", "\n", 1)),
        ("a hash of 31 bytes", file(2, [bytes(31), *_path(2, d)])),
        ("carriage returns", right.replace("\n", "\r\n")),
        ("something after it", f"{right}x"),
    ]:
        yield case(data, what=what, error="malformed")
    yield case(file(2, [bytes(32)] * 64), what="64 hashes", error="limit")


FILES: Files = {
    "tree.json": (
        "root of the log of the entries 'entry 0', 'entry 1', ... in ASCII; hashes in hexadecimal",
        _tree_cases,
    ),
    "tiles.json": ("files of the same log at each size, by the SHA-256 of their content", _tile_cases),
    "paths.json": ("paths of tiles and bundles; one without a level is a bundle's", _path_cases),
    "bundles.json": ("entry bundles and the entries in them, in hexadecimal", _bundle_cases),
    "inclusion.json": ("proofs that a leaf is in a tree", _inclusion_cases),
    "consistency.json": ("proofs that one tree is the beginning of another", _consistency_cases),
    "vkeys.json": ("public keys in the notation of signed notes", _vkey_cases),
    "notes.json": ("signed notes under some keys; verified: names of the known signers, in order", _note_cases),
    "checkpoints.json": ("checkpoints under a log's key and some cosigners' keys", _checkpoint_cases),
    "witness.json": ("requests to a witness; without a body given, the text of an answer is free", _witness_cases),
    "equivocations.json": ("evidence of two histories; without an error, it convinces", _equivocation_cases),
    "proof_files.json": ("proof files for one entry", _proof_file_cases),
}


def contents() -> dict[str, bytes]:
    """Name and content of every file that this program writes."""
    return documents(FILES)


if __name__ == "__main__":
    write(FOLDER, contents())
