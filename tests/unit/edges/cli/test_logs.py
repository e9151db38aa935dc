"""Logs are looked at, carried by hand as if over the network, checked offline, and taken back after a restore."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safeconduct.node import queries
from tests.unit.edges.cli.office import Office, agree, request


def export(office: Office, party: str, at: str, name: str) -> str:
    folder = office.path(name)
    office.must("log", "export", party, folder, *office.at(at))
    return folder


# --- show -------------------------------------------------------------------------------------------------------------


def test_each_log_is_shown_with_its_receipts(working_office: Office) -> None:
    working_office.sync()
    pages = working_office.must("log", "show", "--json", *working_office.at("host")).json()
    sizes = {page["party"]: page["size"] for page in pages}
    receipts = {page["party"]: {by: got[0] for by, got in page["receipts"].items()} for page in pages}
    assert receipts == {"host": {"sending": sizes["host"]}, "sending": {"host": sizes["sending"]}}


def test_the_last_entries_of_a_log_are_shown(working_office: Office) -> None:
    working_office.sync()
    shown = working_office.must("log", "show", "sending", "--limit", "200", *working_office.at("host")).out
    assert [word in shown for word in ("group.registered", "sending/registrar", "group/engineers")] == [True] * 3


def test_entries_are_shown_from_where_one_says(working_office: Office) -> None:
    entries = working_office.must(
        "log", "show", "sending", "--start", "1", "--limit", "2", "--json", *working_office.at("sending")
    )
    assert [entry["index"] for entry in entries.json()] == [1, 2]


def test_a_log_of_nobody_is_not_found(working_office: Office) -> None:
    answer = working_office.run("log", "show", "nobody", *working_office.at("host"))
    assert (answer.code, "no log of party 'nobody' here" in answer.err) == (1, True)


# --- export, import ---------------------------------------------------------------------------------------------------


def test_a_log_that_was_carried_by_hand_is_as_one_that_came_by_the_network(working_office: Office) -> None:
    request(working_office, "m1")  # the host hears of nothing: what follows is carried
    request_size = working_office.links.nodes["sending"].memory.heads["sending"].size
    folder = export(working_office, "sending", "sending", "stick")
    working_office.stop("host")
    answer = working_office.must("log", "import", folder, *working_office.at("host"), "--json").json()
    assert (answer["party"], answer["size"]) == ("sending", request_size)


@pytest.fixture
def carried(working_office: Office) -> Office:
    """The links are down; the sending side's log lies on a stick; the host's node is stopped."""
    working_office.links.cut = {("host", "sending"), ("sending", "host")}
    request(working_office, "m1")
    export(working_office, "sending", "sending", "stick")
    working_office.stop("host")
    return working_office


def test_what_was_imported_is_folded_like_everything_else(carried: Office) -> None:
    carried.must("log", "import", carried.path("stick"), *carried.at("host"))
    carried.start("host")
    page = carried.must("movement", "show", "m1", "--json", *carried.at("host")).json()
    assert page["row"]["phase"] == "requested"


def test_a_receipt_goes_back_with_the_next_export(carried: Office) -> None:
    carried.must("log", "import", carried.path("stick"), *carried.at("host"))
    export(carried, "host", "host", "back")
    carried.stop("sending")
    carried.must("log", "import", carried.path("back"), *carried.at("sending"))
    node = carried.start("sending")
    size = node.memory.heads["sending"].size
    given = node.store.cosignature("sending", "host", "mirror")
    assert (given is not None and given.size) == size


def test_after_two_sticks_both_nodes_know_the_same(carried: Office) -> None:
    carried.must("log", "import", carried.path("stick"), *carried.at("host"))
    export(carried, "host", "host", "back")
    carried.stop("sending")
    carried.must("log", "import", carried.path("back"), *carried.at("sending"))
    export(carried, "sending", "sending", "again")
    carried.must("log", "import", carried.path("again"), *carried.at("host"))
    digests = [queries.state_of_record(carried.start(party)) for party in ("host", "sending")]
    assert len(set(digests)) == 1


def test_a_stick_that_brings_nothing_new_changes_nothing(carried: Office) -> None:
    carried.must("log", "import", carried.path("stick"), *carried.at("host"))
    again = carried.must("log", "import", carried.path("stick"), *carried.at("host"), "--json").json()
    assert again["entries"] == 0


def test_a_stick_that_is_older_than_what_is_here_changes_nothing(carried: Office) -> None:
    """While the stick was on its way the network brought more."""
    carried.must("log", "import", carried.path("stick"), *carried.at("host"))
    carried.start("host")
    request(carried, "meanwhile")
    carried.sync()
    carried.stop("host")
    again = carried.must("log", "import", carried.path("stick"), *carried.at("host"), "--json").json()
    assert again["entries"] == 0


def test_a_log_is_not_imported_into_a_node_that_runs(carried: Office) -> None:
    carried.start("host")
    answer = carried.run("log", "import", carried.path("stick"), *carried.at("host"))
    assert (answer.code, "stop the other process first" in answer.err) == (3, True), answer


def _lose(folder: Path) -> None:
    (folder / "checkpoint").unlink()


def _cut(folder: Path) -> None:
    file = next(path for path in sorted((folder / "tile" / "entries").rglob("*")) if path.is_file())
    file.write_bytes(file.read_bytes()[:-1])


def _alter(folder: Path) -> None:
    file = next(path for path in sorted((folder / "tile" / "entries").rglob("*")) if path.is_file())
    # In the last entry: those before it are on the other side already and are not read again.
    before, found, after = file.read_bytes().rpartition(b"ey")
    assert found
    file.write_bytes(before + b"ez" + after)


def _resign(folder: Path) -> None:
    file = folder / "checkpoint"
    file.write_bytes(file.read_bytes().replace(b"\n\n", b"x\n\n", 1))


def _swap_text(folder: Path) -> None:
    for file in (folder / "texts").iterdir():
        file.write_bytes(b"{}")


def _nothing(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize("harm", [_lose, _cut, _alter, _resign, _nothing], ids=lambda harm: str(harm.__name__))
@pytest.mark.parametrize("command", ["import", "verify", "audit"])
def test_a_stick_that_was_tampered_with_is_not_believed(
    carried: Office, command: str, harm: Callable[[Path], None]
) -> None:
    harm(carried.folder / "stick")
    before = size_at_host(carried)
    words = ("audit",) if command == "audit" else ("log", command)
    answer = carried.run(*words, carried.path("stick"), *(carried.at("host") if command == "import" else ()))
    assert (answer.code in (1, 2), size_at_host(carried)) == (True, before), answer


def size_at_host(office: Office) -> int:
    store = office.assembly.look_into_store(office.folder / "host")
    try:
        return store.size("sending")
    finally:
        store.close()


def test_a_text_under_another_digest_is_not_taken(new_office: Office) -> None:
    agree(new_office)
    export(new_office, "host", "host", "stick")
    _swap_text(new_office.folder / "stick")
    answer = new_office.run("audit", new_office.path("stick"))
    assert (answer.code, "expected the text with digest" in answer.err) == (2, True)


def test_our_own_log_is_not_imported(carried: Office) -> None:
    export(carried, "host", "host", "own")
    answer = carried.run("log", "import", carried.path("own"), *carried.at("host"))
    assert (answer.code, "expected another party's log" in answer.err) == (1, True)


def test_the_log_of_a_stranger_is_not_imported(carried: Office, empty_office: Office) -> None:
    words = ("init", "--party", "third", "--name", "T", "--url", "http://third.example")
    carried.must(*words, *carried.at("third"))
    answer = carried.run("log", "import", carried.path("stick"), *carried.at("third"))
    assert (answer.code, "join it first" in answer.err) == (1, True)


def test_a_log_of_an_unknown_party_is_not_exported(new_office: Office) -> None:
    answer = new_office.run("log", "export", "third", new_office.path("stick"), *new_office.at("host"))
    assert (answer.code, "whose card is pinned here (host, sending), got third" in answer.err) == (2, True)


def test_a_log_is_not_exported_over_something(working_office: Office) -> None:
    export(working_office, "host", "host", "stick")
    answer = working_office.run("log", "export", "host", working_office.path("stick"), *working_office.at("host"))
    assert (answer.code, "new or empty folder" in answer.err) == (2, True)


# --- verify -----------------------------------------------------------------------------------------------------------


def test_an_exported_log_verifies_without_a_node(working_office: Office) -> None:
    folder = export(working_office, "sending", "sending", "stick")
    verified = working_office.must(
        "log", "verify", folder, "--card", working_office.path("sending", "card.json"), "--json"
    ).json()
    assert (verified["problems"], verified["void"]) == ([], [])


def test_without_a_card_one_is_told_where_it_comes_from(working_office: Office) -> None:
    folder = export(working_office, "sending", "sending", "stick")
    assert "from the folder itself" in working_office.must("log", "verify", folder).out


def test_a_log_does_not_verify_under_another_party_s_card(working_office: Office) -> None:
    folder = export(working_office, "sending", "sending", "stick")
    answer = working_office.run("log", "verify", folder, "--card", working_office.path("host", "card.json"))
    assert (answer.code, "1 problems" in answer.out) == (1, True)


def test_a_tile_that_was_exchanged_is_found(working_office: Office) -> None:
    folder = export(working_office, "sending", "sending", "stick")
    tile = next(path for path in sorted((Path(folder) / "tile" / "0").rglob("*")) if path.is_file())
    tile.write_bytes(bytes(len(tile.read_bytes())))
    answer = working_office.run("log", "verify", folder)
    assert (answer.code, "tile 0/0 is not the one of these entries" in answer.out) == (1, True)


@pytest.mark.parametrize("command", [("log", "verify"), ("audit",), ("log", "import")])
def test_a_folder_that_is_not_there_is_named(working_office: Office, command: tuple[str, ...]) -> None:
    where = working_office.at("host") if command[-1] == "import" else ()
    answer = working_office.run(*command, working_office.path("nowhere"), *where)
    assert (answer.code, "expected the folder of an exported log, got" in answer.err) == (2, True)


# --- recover ----------------------------------------------------------------------------------------------------------


def test_a_restored_node_takes_back_what_it_had_said(working_office: Office) -> None:
    working_office.sync()
    working_office.stop("sending")
    shutil.copytree(working_office.folder / "sending", working_office.folder / "backup")
    working_office.start("sending")
    request(working_office, "m1")
    size = working_office.links.nodes["sending"].memory.heads["sending"].size
    working_office.stop("sending")
    shutil.rmtree(working_office.folder / "sending")
    shutil.copytree(working_office.folder / "backup", working_office.folder / "sending")
    diagnosis: Any = working_office.run("doctor", *working_office.at("sending"))
    recovered = working_office.must("log", "recover", "host", *working_office.at("sending"), "--json").json()
    assert ("this disk is older" in diagnosis.out, diagnosis.code, recovered["size"], recovered["entries"] > 0) == (
        True,
        1,
        size,
        True,
    )


@pytest.mark.parametrize(
    ("peer", "code", "message"),
    [("nobody", 1, "a party whose card is pinned here"), ("host", 3, "cannot be reached")],
)
def test_nothing_is_taken_back_from_somebody_who_is_not_there(
    working_office: Office, peer: str, code: int, message: str
) -> None:
    working_office.stop("sending")
    working_office.stop("host")
    answer = working_office.run("log", "recover", peer, *working_office.at("sending"))
    assert (answer.code, message in answer.err) == (code, True), answer


def test_a_node_that_runs_is_not_recovered(working_office: Office) -> None:
    answer = working_office.run("log", "recover", "host", *working_office.at("sending"))
    assert answer.code == 3
