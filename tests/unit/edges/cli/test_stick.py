"""A folder stands in for a peer, and only for the peer whose log it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from safeconduct.edges.cli.stick import FolderPeers, Stick
from safeconduct.errors import NotFound, Unavailable
from tests.unit.edges.cli.office import Office


@pytest.fixture
def stick(working_office: Office) -> Stick:
    working_office.must("log", "export", "sending", working_office.path("stick"), *working_office.at("sending"))
    return Stick(working_office.assembly, working_office.folder / "stick")


def test_a_part_of_a_bundle_is_read_from_the_file_that_the_folder_has(stick: Stick) -> None:
    peers = FolderPeers("sending", stick)
    part = asyncio.run(peers.entries("sending", "sending", 0, 2))
    assert part == stick.log.entries(0, stick.log.size)[:2]


def test_a_part_of_a_tile_is_read_from_the_file_that_the_folder_has(stick: Stick) -> None:
    peers = FolderPeers("sending", stick)
    part = asyncio.run(peers.tile("sending", "sending", 0, 0, 2))
    assert part == stick.log.tile(0, 0, stick.log.size)[:64]


def test_what_the_party_has_cosigned_of_our_log_is_in_its_folder(stick: Stick, working_office: Office) -> None:
    peers = FolderPeers("sending", stick)
    note = asyncio.run(peers.checkpoint("sending", "host"))
    assert note is not None
    assert note.startswith(b"host.example/log\n")


def test_a_log_that_nobody_cosigned_has_no_receipt(stick: Stick) -> None:
    assert asyncio.run(FolderPeers("sending", stick).checkpoint("sending", "third")) is None


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda peers: peers.checkpoint("host", "host"), Unavailable),
        (lambda peers: peers.entries("host", "host", 0, 1), Unavailable),
        (lambda peers: peers.entries("sending", "host", 0, 1), NotFound),
        (lambda peers: peers.entries("sending", "sending", 1, 1), NotFound),
        (lambda peers: peers.entries("sending", "sending", 0, 256), NotFound),
        (lambda peers: peers.tile("sending", "sending", 1, 0, 1), NotFound),
        (lambda peers: peers.blob("host", "0" * 64), Unavailable),
        (lambda peers: peers.add_checkpoint("sending", b""), Unavailable),
        (lambda peers: peers.give_receipt("host", b""), Unavailable),
    ],
)
def test_a_folder_answers_for_nothing_that_it_does_not_have(
    stick: Stick, ask: Callable[[FolderPeers], Awaitable[object]], error: type[Exception]
) -> None:
    async def asked() -> None:
        await ask(FolderPeers("sending", stick))

    with pytest.raises(error):
        asyncio.run(asked())
