"""What binds a ciphertext to the act that names it, and to one key."""

from __future__ import annotations

import pytest

from safeconduct.core.disclosure.ciphertext import key_commitment, require_ciphertext
from safeconduct.errors import CheckFailed
from tests.unit.core.disclosure.test_item import ACT, BOX


@pytest.mark.parametrize("other", [b"", BOX[:-1], BOX + b"\x00", bytes(len(BOX))])
def test_another_ciphertext_is_not_the_one_that_was_named(other: bytes) -> None:
    """ITEM-1"""
    require_ciphertext(ACT, BOX)
    with pytest.raises(CheckFailed, match=f"of {len(BOX)} bytes, got .* of {len(other)} bytes"):
        require_ciphertext(ACT, other)


def test_a_commitment_to_a_key_is_for_one_use_one_content_and_one_key() -> None:
    """ITEM-5"""
    key = bytes(range(32))
    made = {
        key_commitment(domain, content * 64, secret)
        for domain in ("content-key", "item-key")
        for content in ("a", "b")
        for secret in (key, bytes(32))
    }
    assert len(made) == 8
    assert key_commitment("content-key", "a" * 64, key) in made
