"""One office where everything is set up, for tests that add to it; and empty ones for those that break it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.edges.cli.office import Office, agree, found, furnish, staff


@pytest.fixture
def empty_office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path) as made:
        yield made


@pytest.fixture
def new_office(empty_office: Office) -> Office:
    """Two parties that have joined, with nothing said yet."""
    found(empty_office)
    return empty_office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two parties with people, an agreement in force, sites and a group. Shared: each test has its own movement."""
    with Office(tmp_path_factory.mktemp("office")) as made:
        found(made)
        staff(made)
        agree(made)
        furnish(made)
        yield made
