"""Offices at several stages. One is shared by tests that add to it; the others are copies that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.edges.cli.office import PARTIES, Office, agree, found, furnish, staff

FEW = {
    "manager": ("sending", "journey_manager"),
    "registrar": ("sending", "sending_registrar"),
    "auditor": ("sending", "sending_auditor"),
}


@pytest.fixture
def empty_office(tmp_path: Path) -> Iterator[Office]:
    """Nobody has begun."""
    with Office(tmp_path) as made:
        yield made


@pytest.fixture
def new_office(beginning: Office, tmp_path: Path) -> Iterator[Office]:
    """Two parties that have joined, with nothing said yet."""
    with _copy(beginning, tmp_path) as copied:
        yield copied


@pytest.fixture
def working_office(agreed: Office, tmp_path: Path) -> Iterator[Office]:
    """An agreement is in force, a few people are enrolled, sites and a group are registered; all are in step."""
    with _copy(agreed, tmp_path) as copied:
        yield copied


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """As `working_office`, with more people. Shared: each test has its own movement."""
    with Office(tmp_path_factory.mktemp("office")) as made:
        found(made)
        staff(made)
        agree(made)
        furnish(made)
        yield made


@pytest.fixture(scope="session")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("beginning")) as made:
        found(made)
        _stop(made)
        yield made


@pytest.fixture(scope="session")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("agreed")) as made:
        found(made)
        staff(made, FEW)
        agree(made)
        furnish(made)
        _stop(made)
        yield made


def _stop(office: Office) -> None:
    for party in PARTIES:
        office.stop(party)


@contextmanager
def _copy(office: Office, folder: Path) -> Iterator[Office]:
    shutil.copytree(office.folder, folder, dirs_exist_ok=True)
    with Office(folder) as copied:
        copied.clock.advance(office.clock.now() - copied.clock.now())
        for party in PARTIES:
            copied.start(party)
        yield copied
