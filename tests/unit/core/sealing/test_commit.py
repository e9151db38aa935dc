"""Commitments bind and hide; a wrong opening raises."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.sealing import SALT_BYTES, check_commitment, commitment
from safeconduct.errors import CheckFailed, InputInvalid

SALT = bytes(range(32))

labels = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
openings = st.tuples(labels, labels, st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES), st.binary(max_size=40))


def test_a_commitment_is_the_hash_of_all_its_parts_with_their_lengths() -> None:
    """SEAL-1"""
    written = b"safeconduct/commit/v1\n\x07dossier\x09person/p1" + SALT + b"{}"
    assert commitment("dossier", "person/p1", SALT, b"{}") == hashlib.sha256(written).hexdigest()


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_a_salt_has_32_bytes(length: int) -> None:
    """SEAL-1, SEAL-2"""
    with pytest.raises(InputInvalid, match=f"a salt of 32 bytes, got {length}"):
        commitment("dossier", "person/p1", bytes(length), b"")


@pytest.mark.parametrize(("label", "length"), [("", 0), ("x" * 256, 256), ("é" * 128, 256)])
@pytest.mark.parametrize("place", [0, 1])
def test_a_label_has_1_to_255_bytes(label: str, length: int, place: int) -> None:
    """SEAL-1"""
    both = ["dossier", "person/p1"]
    both[place] = label
    with pytest.raises(InputInvalid, match=f"1 to 255 bytes, got {length}"):
        commitment(both[0], both[1], SALT, b"")


@pytest.mark.parametrize("label", ["x" * 255, "é" * 127, "y"])
def test_a_label_of_an_allowed_length_is_taken(label: str) -> None:
    """SEAL-1"""
    assert len(commitment(label, label, SALT, b"")) == 64


def test_the_same_name_under_another_salt_has_another_commitment() -> None:
    """SEAL-2"""
    name = b'{"name":"Li Wei"}'
    assert commitment("dossier", "person/p1", SALT, name) != commitment("dossier", "person/p1", bytes(32), name)


@given(openings, openings)
def test_different_openings_have_different_commitments(
    one: tuple[str, str, bytes, bytes], other: tuple[str, str, bytes, bytes]
) -> None:
    """SEAL-3"""
    assert (commitment(*one) == commitment(*other)) is (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", "b\x01c"), ("a\x01b", "c")),
        (("dossier", "person/p1"), ("person/p1", "dossier")),
    ],
)
def test_a_letter_moved_from_one_label_to_the_other_changes_the_commitment(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    """SEAL-3"""
    assert commitment(*one, SALT, b"") != commitment(*other, SALT, b"")


@given(openings)
def test_a_commitment_opens_to_what_was_committed(opening: tuple[str, str, bytes, bytes]) -> None:
    """SEAL-4"""
    check_commitment(commitment(*opening), *opening)
    assert commitment(*opening) == commitment(*opening)


@pytest.mark.parametrize(
    "changed",
    [
        ("dossier", "person/p1", SALT, b"other"),
        ("dossier", "person/p2", SALT, b"data"),
        ("manifest", "person/p1", SALT, b"data"),
        ("dossier", "person/p1", bytes(32), b"data"),
    ],
)
def test_another_opening_is_refused(changed: tuple[str, str, bytes, bytes]) -> None:
    """SEAL-4"""
    committed = commitment("dossier", "person/p1", SALT, b"data")
    with pytest.raises(CheckFailed, match=f"committed to as {committed[:16]}"):
        check_commitment(committed, *changed)


def test_the_error_about_a_wrong_opening_does_not_show_the_data() -> None:
    """SEAL-4"""
    with pytest.raises(CheckFailed) as caught:
        check_commitment("0" * 64, "dossier", "person/p1", SALT, b"Li Wei")
    assert "Li Wei" not in str(caught.value)
