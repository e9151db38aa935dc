"""The page of the logs: heads, receipts, what is wrong, and how to check without this node."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.edges.console.logs import logs
from safeconduct.edges.console.reader import Reader
from safeconduct.node import queries
from safeconduct.node.access import Viewer
from safeconduct.testing import authority
from tests.unit.edges.console.night import NOW, told


def page(language: str = "en", evidence: tuple[tuple[str, str], ...] = ()) -> str:
    node = told().host
    health = msgspec.structs.replace(queries.health(node), evidence=evidence)
    return str(logs(node, authority(node), Reader(language, NOW), health).body)


def test_each_log_is_told_with_its_origin_its_size_and_its_whole_root() -> None:
    markup = page()
    for log in queries.logs(told().host):
        assert [text for text in (log.origin, f"<dd>{log.size}</dd>", log.root) if text not in markup] == []


def test_the_digest_is_written_so_that_it_can_be_read_out() -> None:
    digest = queries.health(told().host).digest
    assert " ".join(digest[at : at + 4] for at in range(0, 64, 4)) in page()


def test_the_digest_names_the_sizes_that_it_is_of() -> None:
    after = queries.health(told().host).after
    assert [size for size in after.items() if f"{size[0]} {size[1]}" not in page()] == []


def test_entries_without_receipt_are_counted() -> None:
    assert "without receipt: 1" in page()


@pytest.mark.parametrize(
    ("evidence", "text"),
    [((), "None is held here."), ((("sending.example/log", "ef" * 32),), "ef" * 32)],
)
def test_evidence_of_two_histories_is_told(evidence: tuple[tuple[str, str], ...], text: str) -> None:
    assert text in page(evidence=evidence)


@pytest.mark.parametrize("language", ["en", "zh", "ur"])
def test_the_commands_to_check_offline_are_the_same_in_every_language(language: str) -> None:
    markup = page(language)
    assert ("safeconduct audit" in markup, "safeconduct evidence verify" in markup) == (True, True)


def test_whoever_is_no_auditor_is_shown_no_size_and_nothing_that_follows_from_one() -> None:
    """SIGHT-17"""
    node = told().host
    officer = Viewer("host/duty_officer", ("duty_officer",))
    markup = str(logs(node, officer, Reader("en", NOW), queries.health(node)).body)
    digest = queries.health(node).digest
    secret = [digest[:4] + " " + digest[4:8], *(log.root for log in queries.logs(node)), "Digest", "receipt by"]
    assert [text for text in secret if text in markup] == []
    assert ("Sizes, receipts and the digest are shown to the auditors" in markup, "host.example/log" in markup) == (
        True,
        True,
    )
