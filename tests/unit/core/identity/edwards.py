"""Ed25519 written as RFC 8032 defines it, slowly: the second opinion on every signature in these tests."""

from __future__ import annotations

from hashlib import sha512

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    product = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + product, P - 2, P) % P
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, P - 2, P) % P
    return x, y


def times(scalar: int, point: Point) -> Point:
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


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
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def challenge(r: bytes, a: bytes, message: bytes) -> int:
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
    number = int.from_bytes(sha512(seed).digest()[:32], "little")
    return (number & (2**254 - 8)) | 2**254


_base = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _base is not None
BASE: Point = _base
