"""What is made in a folder is whole or not there, and a stopped node meets nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from safeconduct.edges.cli.folder import NoPeers, all_or_nothing, card_name, new_folder, write_new
from safeconduct.errors import InputInvalid, Unavailable
from safeconduct.testing import card_of


def test_what_was_begun_and_not_finished_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("stays")
    folder = tmp_path / "new"
    new_folder(folder)
    with pytest.raises(ZeroDivisionError):
        _begin_and_fail(folder, tmp_path / "outside")
    assert ([*folder.iterdir()], (tmp_path / "outside").read_text()) == ([], "stays")


def _begin_and_fail(folder: Path, outside: Path) -> None:
    with all_or_nothing(folder):
        (folder / "deep" / "er").mkdir(parents=True)
        (folder / "deep" / "er" / "file").write_text("x")
        (folder / "link").symlink_to(outside)
        raise ZeroDivisionError


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    write_new(tmp_path / "file", b"first")
    with pytest.raises(InputInvalid, match="it is not overwritten"):
        write_new(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"


@pytest.mark.parametrize("make", [new_folder, lambda path: write_new(path, b"")])
def test_a_place_where_nothing_can_be_is_named(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot"):
        make(tmp_path / "file" / "below")


@pytest.mark.parametrize(
    "ask",
    [
        lambda peers: peers.checkpoint("p", "p"),
        lambda peers: peers.entries("p", "p", 0, 1),
        lambda peers: peers.tile("p", "p", 0, 0, 1),
        lambda peers: peers.blob("p", "0" * 64),
        lambda peers: peers.add_checkpoint("p", b""),
        lambda peers: peers.give_receipt("p", b""),
    ],
)
def test_a_node_that_does_not_serve_asks_nobody(ask: Callable[[NoPeers], Awaitable[object]]) -> None:
    async def asked() -> None:
        await ask(NoPeers())

    with pytest.raises(Unavailable, match="while the node does not serve"):
        asyncio.run(asked())


def test_a_party_is_called_as_it_calls_itself() -> None:
    assert card_name(card_of("host")) == "Host"
