"""A name is typed at a terminal, or read from a file, and stands in no argument."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from safeconduct.edges.cli.dossiers import Dossier, read_dossier
from safeconduct.errors import InputInvalid


def typed(text: str, monkeypatch: pytest.MonkeyPatch) -> Dossier:
    """What is read when somebody types this at a terminal."""
    with CliRunner().isolation(input=text):
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        return read_dossier(None)


@pytest.mark.parametrize(
    ("text", "dossier"),
    [
        ("Li Wei\n\n", Dossier(name="Li Wei")),
        ("Li Wei\npassport E1\nvisa 7\n\n", Dossier(name="Li Wei", papers=("passport E1", "visa 7"))),
        ("李伟\n\n", Dossier(name="李伟")),
    ],
)
def test_a_name_and_papers_are_typed_until_an_empty_line(
    monkeypatch: pytest.MonkeyPatch, text: str, dossier: Dossier
) -> None:
    assert typed(text, monkeypatch) == dossier


@pytest.mark.parametrize("text", ["x" * 201 + "\n\n", "Li Wei\n" + "y" * 201 + "\n\n", "Li Wei\n" + "p\n" * 21 + "\n"])
def test_what_is_too_much_for_a_dossier_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with pytest.raises(InputInvalid, match="expected a name and at most 20 papers of 1 to 200 characters each"):
        typed(text, monkeypatch)


def test_a_dossier_has_one_encoding() -> None:
    """SEAL-5"""
    assert Dossier(name="Li Wei", papers=("E1",)).encode() == b'{"name":"Li Wei","papers":["E1"]}'
