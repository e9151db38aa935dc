"""What two pieces of knowledge make together."""

from __future__ import annotations

import pytest

from safeconduct.core.disclosure.grades import Knowledge, both


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (("existence", None, None), ("count", None, None), ("count", None, None)),
        (("existence", None, None), ("blurred", 500, None), ("blurred", 500, None)),
        (("blurred", 1, 1), ("exact", None, None), ("exact", None, None)),
        (("blurred", 500, None), ("blurred", 2000, 30), ("blurred", 500, 30)),
        (("blurred", 500, 60), ("blurred", 500, 30), ("blurred", 500, 30)),
        (("blurred", 500, None), ("blurred", None, 30), ("blurred", 500, 30)),
        (("exact", None, None), ("exact", None, None), ("exact", None, None)),
    ],
)
def test_the_better_grade_holds_and_of_two_blurred_ones_each_smaller_size(
    one: Knowledge, other: Knowledge, together: Knowledge
) -> None:
    """DIS-3"""
    assert (both(one, other), both(other, one)) == (together, together)
