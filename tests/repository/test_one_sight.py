"""Whatever the console and the API ask of the node for a person, they ask with the person.

INVARIANT (one-sight). A function of the node that an edge calls takes the `viewer`, or stands below with the reason why
its answer is the same for everybody. The store and the memory are behind these functions, and no edge of a person
reaches around them.
"""

from __future__ import annotations

import ast
import inspect
from importlib import import_module

import pytest

from tests.repository.source_tree import SOURCE, files, name_of, parse

# Where answers for people are made. Peers' nodes are answered by edges/wire, with everything.
_FOLDERS = ("http", "console")
_BEHIND = ("store", "memory")

# Function → why it needs no viewer.
VIEWER_FREE = {
    "access.viewer": "makes the viewer",
    "access.require_authority": "asks the viewer itself",
    "commands.say": "takes what its author signed, and refuses by the author's own sight",
    "commands.would": "likewise",
    "commands.put_text": "for the authority, which sees everything",
    "commands.pin_card": "likewise",
    "commands.fingerprint": "of a card, which everybody compares",
    "dossiers.keep_dossier": "takes what its author signed, whose role registers and seals who people are",
    "items.share_item": "takes what its author signed, and refuses by the author's own sight",
    "orders.seal_compartment": "takes what its author signed, and refuses by the author's own sight",
    "orders.sealing_keys": "published whether or not anything is sealed",
    "passkeys.count_use": "of the passkey by which somebody becomes the viewer",
    "passkeys.handle_of": "of the actor that the viewer is or is about to be, and says nothing",
    "passkeys.is_of_present_enrolment": "of a passkey that its own actor was shown",
    "passkeys.known_passkey": "finds out who the viewer is to be",
    "proving.proof_file": "of a statement that the viewer was shown",
    "queries.actors": "who is enrolled is the law, which everybody judges by",
    "queries.agreement_statements": "who signed the agreement is the law",
    "queries.evidence": "proof against a log's key, for everybody to check",
    "queries.health": "sizes and what follows from them: docs/spec/sight.md, Limits",
    "queries.law": "the agreement and who signed it",
    "queries.logs": "sizes and what follows from them: docs/spec/sight.md, Limits",
    "queries.registration": "names a site or group that a page shows already",
    "queries.standing": "what whoever drafts must know: docs/spec/sight.md, Limits",
    "queries.text_of": "the text of an agreement",
}


def _of_node(tree: ast.Module) -> dict[str, str]:
    """Names in a file that are a module of the node, or a function of one → `module` or `module.function`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("safeconduct.node"):
            module = (node.module or "").removeprefix("safeconduct.node").lstrip(".")
            for alias in node.names:
                found[alias.asname or alias.name] = f"{module}.{alias.name}" if module else alias.name
    return found


def without_viewer(source: str) -> list[str]:
    """`line: call` for everything that a file asks of the node without saying for whom."""
    tree = ast.parse(source)
    known = _of_node(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _BEHIND:
            found.append(f"{node.lineno}: .{node.attr}")
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if "." in known.get(name, ""):
                called = known[name]
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in known and "." not in known[name]:
                called = f"{known[name]}.{attr}"
            case _:
                continue
        module, _, function = called.partition(".")
        what = getattr(import_module(f"safeconduct.node.{module}"), function)
        asks_for_nobody = inspect.isfunction(what) and "viewer" not in inspect.signature(what).parameters
        if asks_for_nobody and called not in VIEWER_FREE:
            found.append(f"{node.lineno}: {called}")
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from safeconduct.node import queries\nqueries.board(node, viewer)", []),
        ("from safeconduct.node import queries\nqueries.standing(node)", []),
        (
            "from safeconduct.node import queries\nqueries.subject_findings(node, 'x', 0)",
            ["2: queries.subject_findings"],
        ),
        ("from safeconduct.node.queries import blob\nblob(node, 'x')", ["2: queries.blob"]),
        ("from safeconduct.node import custody as c\nc.movement_state(node, 'x')", ["2: custody.movement_state"]),
        ("node.store.rows('host', 0, 9)", ["1: .store"]),
        ("names.node.memory.state('x')", ["1: .memory"]),
    ],
)
def test_a_planted_question_without_a_viewer_is_found(source: str, found: list[str]) -> None:
    """SIGHT-11"""
    assert without_viewer(source) == found


def test_no_page_and_no_route_asks_the_node_without_saying_for_whom() -> None:
    """SIGHT-11"""
    found = [
        f"{name_of(path)}:{call}"
        for folder in _FOLDERS
        for path in files(SOURCE / "edges" / folder, "*.py")
        for call in without_viewer(path.read_text("utf-8"))
    ]
    assert found == []


def test_whatever_needs_no_viewer_is_there_and_has_none() -> None:
    for called in VIEWER_FREE:
        module, _, function = called.partition(".")
        what = getattr(import_module(f"safeconduct.node.{module}"), function)
        assert "viewer" not in inspect.signature(what).parameters or module == "access", called


def test_every_file_that_asks_is_looked_at() -> None:
    looked_at = [path for folder in _FOLDERS for path in files(SOURCE / "edges" / folder, "*.py")]
    assert len([path for path in looked_at if _of_node(parse(path))]) > 10
