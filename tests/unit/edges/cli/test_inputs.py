"""What people type is understood in one way or refused with what was expected."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from safeconduct.edges.cli.inputs import ACTOR, IDENTIFIER, OneOf, Typed, moment, pair_of, position, read_file, whole
from safeconduct.errors import InputInvalid

NOON = 1_728_216_000_000  # 2024-10-06T12:00:00Z
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-10-06T12:00Z", NOON),
        ("2024-10-06T17:00+05:00", NOON),
        ("2024-10-06 12:00:00.250Z", NOON + 250),
        ("+2h", NOON + 2 * HOUR),
        ("+90m", NOON + HOUR + HOUR // 2),
        ("+1d12h", NOON + 36 * HOUR),
        ("+30s", NOON + 30_000),
        ("+0s", NOON),
    ],
)
def test_a_time_has_its_zone_or_counts_from_now(text: str, expected: int) -> None:
    assert moment(text, NOON, "--earliest") == expected


def test_a_time_from_now_on_is_a_whole_second() -> None:
    assert moment("+2h", NOON + 976, "--earliest") == NOON + 2 * HOUR


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-10-06T12:00", "--earliest: expected a time with its zone, such as 2024-10-06T12:00Z or"),
        ("2024-10-06", "expected a time with its zone"),
        ("tomorrow", "expected a time such as 2026-11-24T10:00Z or +2h, got 'tomorrow'"),
        ("", "expected a time such as"),
        ("+", "expected a time such as"),
        ("+2", "expected a time such as"),
        ("-2h", "expected a time such as"),
        ("+2h1d", "expected a time such as"),
        ("+٢h", "expected a time such as"),
        ("0001-01-01T00:00Z", "expected a time from 1971 on"),
        ("x" * 500, r"got 'x{60}…'$"),
    ],
)
def test_any_other_time_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputInvalid, match=message.replace("+2h", r"\+2h") if "2026" in message else message):
        moment(text, NOON, "--earliest")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24.9065,67.1608", (249_065_000, 671_608_000)),
        ("-90,180", (-900_000_000, 1_800_000_000)),
        (" 0.00000001 , 0.00000006 ", (0, 1)),
    ],
)
def test_a_position_is_whole_ten_millionths_of_a_degree(text: str, expected: tuple[int, int]) -> None:
    assert position(text, "--at") == expected


@pytest.mark.parametrize(
    "text", ["", "24.9", "24.9,67.1,3", "a,b", "91,0", "0,181", "nan,0", "inf,0", "24.9;67.1", ",", "1e999,0"]
)
def test_any_other_position_is_refused(text: str) -> None:
    with pytest.raises(InputInvalid, match=r"--at: expected latitude,longitude in degrees such as"):
        position(text, "--at")


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (IDENTIFIER, "m1", "m1"),
        (ACTOR, "host/duty", "host/duty"),
        (whole(1, 10), "10", 10),
        (OneOf(["en", "zh"]), "zh", "zh"),
    ],
)
def test_a_word_of_the_right_form_is_taken(kind: Typed | OneOf, text: str, expected: object) -> None:
    assert kind.convert(text, None, None) == expected


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (IDENTIFIER, "M1", "expected an id of 1 to 64 lower-case letters"),
        (IDENTIFIER, "../etc", "expected an id of 1 to 64"),
        (IDENTIFIER, "x" * 65, "expected an id of 1 to 64"),
        (ACTOR, "duty", "expected an actor's id such as sending/alice, got 'duty'"),
        (whole(1, 10), "0", "expected a whole number from 1 to 10, got '0'"),
        (whole(1, 10), "11", "expected a whole number from 1 to 10, got '11'"),
        (whole(1, 10), "2.5", "expected a whole number"),
        (whole(1, 10), "two", "expected a whole number"),
        (OneOf(["en", "zh"]), "fr", "expected one of en, zh, got 'fr'"),
    ],
)
def test_a_word_of_another_form_is_refused(kind: Typed | OneOf, text: str, message: str) -> None:
    with pytest.raises(click.BadParameter, match=message):
        kind.convert(text, None, None)


@pytest.mark.parametrize("text", ["host", "=card.json", "host=", "="])
def test_a_pair_has_both_its_halves(text: str) -> None:
    with pytest.raises(InputInvalid, match=r"--party: expected a pair, got"):
        pair_of(text, "--party", "a pair")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match=r"expected a card at .*/none, got no such file"):
        read_file(tmp_path / "none", 10, "a card")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match="got something that is no file"):
        read_file(tmp_path, 10, "a card")


@pytest.mark.parametrize(("length", "is_taken"), [(10, True), (11, False)])
def test_a_file_has_at_most_so_many_bytes(tmp_path: Path, length: int, is_taken: bool) -> None:
    (tmp_path / "file").write_bytes(bytes(length))
    try:
        taken = len(read_file(tmp_path / "file", 10, "a card")) == length
    except InputInvalid as error:
        taken = "at most 10 bytes" not in str(error)
    assert taken is is_taken
