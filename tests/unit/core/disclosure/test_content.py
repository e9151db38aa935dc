"""What is sealed, and what is left of it for a role that is due less."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.disclosure import Content, Place, as_variant, read_content, require_content
from safeconduct.core.statement import encode
from safeconduct.errors import InputInvalid

GATE = Place(latitude_e7=248_949_000, longitude_e7=671_580_000, at=1_728_280_815_000, name="gate 2")
FULL = Content(text="gate 2, by the clinic", at=1_728_280_815_000, places=(GATE,))
MINUTE = 60_000

places = st.builds(
    Place,
    latitude_e7=st.integers(-850_000_000, 850_000_000),
    longitude_e7=st.integers(-1_800_000_000, 1_800_000_000),
)


def test_exact_is_as_it_was() -> None:
    """SEAL-51"""
    assert as_variant(FULL, "exact") == FULL


def test_blurred_leaves_no_words_and_no_names() -> None:
    """SEAL-51"""
    blurred = as_variant(FULL, "blurred-500m-15min")
    assert (blurred.text, blurred.places[0].name) == (None, None)


def test_counted_leaves_the_number_alone() -> None:
    """SEAL-51"""
    names = Content(text="three names", count=3, at=1_728_280_815_000)
    assert as_variant(names, "count") == Content(count=3)
    with pytest.raises(InputInvalid, match="expected how many there are"):
        as_variant(FULL, "count")


@pytest.mark.parametrize(
    ("variant", "has_place", "has_moment"),
    [("blurred-500m", True, False), ("blurred-15min", False, True), ("blurred-500m-15min", True, True)],
)
def test_what_has_no_size_is_left_out(variant: str, has_place: bool, has_moment: bool) -> None:
    """SEAL-51"""
    blurred = as_variant(FULL, variant)
    assert (bool(blurred.places), blurred.at is not None) == (has_place, has_moment)
    assert all((place.at is not None) == has_moment for place in blurred.places)


@given(places, st.integers(1, 20_000))
def test_a_place_moves_by_no_more_than_its_cell(place: Place, metres: int) -> None:
    """SEAL-52"""
    (moved,) = as_variant(Content(places=(place,)), f"blurred-{metres}m").places
    north = abs(moved.latitude_e7 - place.latitude_e7) / 1e7 * 111_320
    east = abs(moved.longitude_e7 - place.longitude_e7) / 1e7 * 111_320
    assert north <= metres / 2 + 1
    # The columns of a row have the width that is right in its middle, in thousandths.
    width = max(0.001, round(math.cos(math.radians(moved.latitude_e7 / 1e7)), 3))
    assert east * width <= metres / 2 + 1


@given(places, st.integers(50, 5_000))
def test_every_place_of_a_cell_gives_the_same_bytes(place: Place, metres: int) -> None:
    """SEAL-52: so a thousand releases of one place tell no more than one."""
    variant = f"blurred-{metres}m"
    (middle,) = as_variant(Content(places=(place,)), variant).places
    assert as_variant(Content(places=(middle,)), variant).places == (middle,)


def test_a_moment_is_the_beginning_of_its_minutes() -> None:
    """SEAL-53"""
    at = 1_728_280_800_000 + 14 * MINUTE + 59_999
    assert as_variant(Content(at=at), "blurred-15min").at == 1_728_280_800_000


@pytest.mark.parametrize("content", [Content(text="words"), Content(places=(GATE,))])
def test_blurring_that_leaves_nothing_is_refused(content: Content) -> None:
    """SEAL-51"""
    with pytest.raises(InputInvalid, match="blurred-15min"):
        as_variant(msg_without_moment(content), "blurred-15min")


def msg_without_moment(content: Content) -> Content:
    return Content(text=content.text, places=content.places)


@pytest.mark.parametrize("variant", ["", "rough", "blurred-m", "exact-5m"])
def test_another_word_is_no_variant(variant: str) -> None:
    """SEAL-51"""
    with pytest.raises(InputInvalid, match="expected"):
        as_variant(FULL, variant)


def test_content_that_says_nothing_is_refused() -> None:
    """SEAL-50"""
    with pytest.raises(InputInvalid, match="got none"):
        require_content(Content())


def test_content_comes_back_from_its_bytes() -> None:
    """SEAL-50"""
    assert read_content(encode(FULL)) == FULL


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b'{"text":"a"} ', b'{"text":""}', b'{"more":1}', b'{"at":1.5}'])
def test_other_bytes_are_no_content(data: bytes) -> None:
    """SEAL-50"""
    with pytest.raises(InputInvalid, match="expected the"):
        read_content(data)
