"""Papers go into new files, as what was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.edges.cli.printing import form_of
from safeconduct.errors import InputInvalid
from tests.unit.edges.cli.office import Office


@pytest.mark.parametrize(
    ("form", "name", "found"),
    [("pdf", "kept.html", "pdf"), (None, "kept.pdf", "pdf"), (None, "kept.v2.html", "html")],
)
def test_the_format_is_the_one_asked_for_or_the_end_of_the_name(form: str | None, name: str, found: str) -> None:
    assert form_of(form, Path(name), "html", "pdf") == found


@pytest.mark.parametrize("name", ["kept", "kept.doc"])
def test_a_name_that_tells_no_format_is_refused(name: str) -> None:
    with pytest.raises(InputInvalid, match=f"--format: expected one of html, pdf, got a file named {name}"):
        form_of(None, Path(name), "html", "pdf")


# --- agreement print --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "begin"), [("a.md", b"# "), ("a.html", b"<!doctype html>"), ("b.pdf", b"%PDF-")])
def test_the_agreement_in_force_is_printed(office: Office, name: str, begin: bytes) -> None:
    file = office.folder / name
    told = office.must("agreement", "print", "-o", str(file), "--json", *office.by("duty")).json()
    assert (file.read_bytes().startswith(begin), told["bytes"]) == (True, file.stat().st_size)


def test_a_text_is_printed_by_its_digest_and_a_folder_by_its_name(office: Office) -> None:
    digest = office.must("agreement", "list", *office.at("host"), "--json").json()[0]["digest"]
    told = []
    for number, source in enumerate((digest, office.path("agreement"))):
        file = office.path(f"by-{number}.html")
        words = ("agreement", "print", source, "--language", "ur", "-o", file, "--json")
        told.append(office.must(*words, *office.by("duty")).json())
        assert 'dir="rtl"' in Path(file).read_text("utf-8")
    assert [found["digest"] for found in told] == [digest] * 2


def test_without_an_agreement_there_is_nothing_to_print(new_office: Office) -> None:
    answer = new_office.run("agreement", "print", "-o", new_office.path("a.html"), *new_office.at("host"))
    assert (answer.code, "no agreement is in force" in answer.err) == (1, True)


def test_what_is_neither_folder_nor_digest_is_refused(office: Office) -> None:
    words = ("agreement", "print", "nowhere", "-o", office.path("n.html"))
    assert office.run(*words, *office.by("duty")).code == 2
