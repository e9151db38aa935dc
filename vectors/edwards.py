"""Ed25519 written as RFC 8032 defines it, slowly: a second opinion on every key and signature.

Imports nothing of ours, so that a mistake of ours cannot hide here.
"""

from __future__ import annotations

from hashlib import sha512

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """The sum of two points."""
    return _affine(_sum(_extended(a), _extended(b)))


def times(scalar: int, point: Point) -> Point:
    """The point added to itself."""
    result, doubled = _extended(NEUTRAL), _extended(point)
    while scalar:
        if scalar & 1:
            result = _sum(result, doubled)
        doubled = _sum(doubled, doubled)
        scalar >>= 1
    return _affine(result)


# RFC 8032, section 5.1.4: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z; one division at the end instead of one a step.
_Extended = tuple[int, int, int, int]


def _extended(point: Point) -> _Extended:
    return point[0], point[1], 1, point[0] * point[1] % P


def _affine(point: _Extended) -> Point:
    inverse = pow(point[2], P - 2, P)
    return point[0] * inverse % P, point[1] * inverse % P


def _sum(a: _Extended, b: _Extended) -> _Extended:
    minus = (a[1] - a[0]) * (b[1] - b[0])
    plus = (a[1] + a[0]) * (b[1] + b[0])
    t, z = 2 * D * a[3] * b[3], 2 * a[2] * b[2]
    e, f, g, h = plus - minus, z - t, z + t, plus + minus
    return e * f % P, g * h % P, f * g % P, e * h % P


def decode(raw: bytes) -> Point | None:
    """The point of 32 bytes; a y of at least p is reduced, as a lenient library does. None if there is none."""
    number = int.from_bytes(raw, "little")
    y = (number & (2**255 - 1)) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return (P - x if x % 2 != number >> 255 else x) % P, y


def encode(point: Point) -> bytes:
    """32 bytes: y, and the lowest bit of x."""
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def challenge(r: bytes, a: bytes, message: bytes) -> int:
    """The number that ties R, the key and the message together."""
    return int.from_bytes(sha512(r + a + message).digest(), "little") % ORDER


def holds(a: bytes, message: bytes, signature: bytes, *, cofactor: int) -> bool:
    """The equation of ID-3, multiplied by 1 or by 8."""
    key, r, s = decode(a), decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER:
        return False
    left = times(s, BASE)
    right = add(r, times(challenge(signature[:32], a, message), key))
    return times(cofactor, left) == times(cofactor, right)


def secret_scalar(seed: bytes) -> int:
    """The number that the base point is multiplied with to give the seed's public key."""
    number = int.from_bytes(sha512(seed).digest()[:32], "little")
    return (number & (2**254 - 8)) | 2**254


def torsion_point() -> Point:
    """A point of order 8: a point that is not a multiple of the base point, times the large prime."""
    for y in range(2, 100):
        point = decode(y.to_bytes(32, "little"))
        if point is not None and times(4, times(ORDER, point)) != NEUTRAL:
            return times(ORDER, point)
    raise AssertionError("half of all points have a part of order 8")


_base = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _base is not None
BASE: Point = _base
TORSION = torsion_point()
SMALL_POINTS = tuple(times(n, TORSION) for n in range(8))
# Every way to write a small point: a y below 19 has a second one, y + p, and either sign bit is read.
SMALL_ENCODINGS = tuple(
    sorted(
        (y + more | sign << 255).to_bytes(32, "little")
        for y in {point[1] for point in SMALL_POINTS}
        for more in ((0, P) if y < 19 else (0,))
        for sign in (0, 1)
    )
)


def accepted(key: bytes, message: bytes, signature: bytes) -> bool:
    """The whole rule: ID-1 to ID-3 of docs/spec/identity.md."""
    if len(key) != 32 or key in SMALL_ENCODINGS or int.from_bytes(key, "little") & (2**255 - 1) >= P:
        return False
    if len(signature) != 64 or signature[:32] in SMALL_ENCODINGS:
        return False
    point = decode(key)
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= ORDER:
        return False
    # R is recomputed and its encoding compared, so an R that is not canonical, or no point, equals nothing.
    k = challenge(signature[:32], key, message)
    return encode(add(times(s, BASE), times(k, (P - point[0], point[1])))) == signature[:32]
