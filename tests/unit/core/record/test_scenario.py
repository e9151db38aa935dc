from __future__ import annotations

import msgspec

from safeconduct.testing import HOUR, START
from tests.unit.core.record.small_book import read


def test_a_book_ends_where_its_last_row_looks() -> None:
    """AG-124"""
    assert read().ends_at == START + 29 * HOUR


def test_a_book_without_rows_ends_where_it_starts() -> None:
    assert msgspec.structs.replace(read(), rows=()).ends_at == START
