"""Who learns what: checked in a folder, shown for a folder, a text, the agreement in force, and a movement."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.core.agreement import write_folder
from safeconduct.testing import HOUR
from tests.unit.core.agreement.sample import folder as template_folder
from tests.unit.core.disclosure.test_release import terms
from tests.unit.edges.cli.office import Office, request


def written(place: Path, files: dict[str, str]) -> str:
    for path, text in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, "utf-8")
    return str(place)


@pytest.fixture
def draft(tmp_path: Path) -> str:
    return written(tmp_path / "draft", template_folder())


# --- check ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_template_releases_no_more_than_is_needed(empty_office: Office, draft: str) -> None:
    answer = empty_office.must("disclosure", "check", draft)
    assert answer.out == f"{draft} releases no more than is needed: 14 releases looked at\n"


@pytest.mark.slow
def test_whoever_learns_too_early_is_named_at_its_place(empty_office: Office, tmp_path: Path) -> None:
    """DIS-13"""
    files = template_folder()
    files["agreement.yaml"] = files["agreement.yaml"].replace(
        "opens: plan.earliest - PT15M", "opens: plan.earliest - P1D"
    )
    place = written(tmp_path / "early", files)
    answer = empty_office.run("disclosure", "check", place)
    line = files["agreement.yaml"].split("opens: plan.earliest - P1D")[0].count("\n") + 1
    assert (answer.code, answer.out.splitlines()) == (
        1,
        [
            (
                f"agreement.yaml:{line}:9: expected route for driver to open at most 1 h before “drives it” can begin, "
                "when the window opens, got 1 d before the window opens"
            ),
            f"1 of 14 releases in {place} is more than is needed",
        ],
    )
    told = empty_office.run("disclosure", "check", place, "--json")
    assert ('"code": "earlier"' in told.out, f'"opens": {-24 * HOUR}' in told.out) == (True, True)


def test_an_agreement_without_compartments_releases_nothing(empty_office: Office, tmp_path: Path) -> None:
    place = written(tmp_path / "bare", write_folder(terms()))
    assert "releases nothing" in empty_office.must("disclosure", "check", place).out


@pytest.mark.slow
def test_a_folder_with_a_problem_is_refused_with_its_problems(empty_office: Office, tmp_path: Path) -> None:
    files = template_folder()
    files["agreement.yaml"] = files["agreement.yaml"].replace("metres: 2000", "metres: 0", 1)
    answer = empty_office.run("disclosure", "check", written(tmp_path / "wrong", files))
    assert (answer.code == 0, "expected metres as an integer from 1" in answer.err) == (False, True)


# --- preview ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_folder_is_shown_for_tomorrow_without_a_node(empty_office: Office, draft: str) -> None:
    """DIS-1"""
    told = empty_office.must("disclosure", "preview", draft, "--json").json()
    timing = told["timing"]
    day = 24 * HOUR
    assert timing["earliest"] == (empty_office.clock.now() // day + 1) * day + 6 * HOUR
    assert (timing["latest"] - timing["earliest"], timing["earliest"] - timing["review_by"]) == (HOUR, 2 * HOUR)
    assert [o["at"] for o in told["openings"]] == sorted(o["at"] for o in told["openings"])
    assert (len(told["openings"]), told["movement"]) == (14, None)


@pytest.mark.slow
def test_a_window_may_be_named(empty_office: Office, draft: str) -> None:
    window = ("--earliest", "2027-03-01T06:00Z", "--latest", "2027-03-01T08:30Z")
    shown = empty_office.must("disclosure", "preview", draft, *window).out
    assert [word for word in ("03-01 05:45", "08:30", "driver (sending)", "only how many") if word not in shown] == []


@pytest.mark.slow
def test_a_window_that_closes_before_it_opens_is_refused(empty_office: Office, draft: str) -> None:
    window = ("--earliest", "2027-03-01T06:00Z", "--latest", "2027-03-01T05:00Z")
    answer = empty_office.run("disclosure", "preview", draft, *window)
    assert (answer.code, "--latest: expected a time after --earliest" in answer.err) == (2, True)


def test_without_compartments_it_says_so(empty_office: Office, tmp_path: Path) -> None:
    place = written(tmp_path / "bare", write_folder(terms()))
    assert "this agreement has no compartments" in empty_office.must("disclosure", "preview", place).out


@pytest.mark.slow
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ur", "rtl")])
def test_a_picture_is_a_new_file_in_a_language(empty_office: Office, draft: str, language: str, direction: str) -> None:
    file = empty_office.folder / f"{language}.html"
    words = ("disclosure", "preview", draft, "--picture", str(file), "--language", language)
    assert f"wrote {file}" in empty_office.must(*words).out
    assert f'dir="{direction}"' in file.read_text("utf-8")
    assert "it is not overwritten" in empty_office.run(*words).err


def test_a_picture_of_another_kind_is_refused_before_anything_is_asked(empty_office: Office) -> None:
    answer = empty_office.run("disclosure", "preview", "--picture", "knows.png")
    assert (answer.code, "expected a file that ends in .html, got knows.png" in answer.err) == (2, True)


def test_the_agreement_in_force_and_a_text_by_its_digest_are_shown(office: Office) -> None:
    digest = office.must("agreement", "list", *office.at("host"), "--json").json()[0]["digest"]
    told = [
        office.must("disclosure", "preview", *words, *office.by("duty"), "--json").json() for words in ((), (digest,))
    ]
    assert told[0] == told[1]
    assert told[0]["agreement"] == digest


def test_before_an_agreement_there_is_nothing_to_show(new_office: Office) -> None:
    answer = new_office.run("disclosure", "preview", *new_office.at("host"))
    assert (answer.code, "no agreement is in force" in answer.err) == (1, True)


@pytest.mark.slow
def test_a_movement_is_shown_by_its_plan_and_how_it_stands(office: Office) -> None:
    """DIS-1"""
    request(office, "seen")
    plan = office.must("movement", "show", "seen", "--json", *office.by("duty")).json()["row"]["plan"]
    told = office.must("disclosure", "preview", "movement/seen", "--json", *office.by("duty")).json()
    assert (told["timing"], told["movement"], told["phase"]) == (plan["timing"], "seen", "requested")
    assert "not approved yet" in office.must("disclosure", "preview", "movement/seen", *office.by("duty")).out
    office.must("movement", "refuse", "seen", "--yes", "--reason", "no escort", *office.by("district"))
    shown = office.must("disclosure", "preview", "movement/seen", *office.by("duty")).out
    assert "refused: nothing more of its order opens" in shown


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("movement/none-such",), 1, "none-such"),
        (("movement/NOT AN ID",), 2, "expected a movement's id"),
        (("movement/m-1", "--earliest", "+2h"), 2, "because a movement has its window"),
        (("nowhere",), 2, "expected an agreement's folder, got nowhere"),
        (("ab" * 32,), 1, "ab" * 8),
    ],
)
def test_what_is_not_there_is_refused(office: Office, words: tuple[str, ...], code: int, says: str) -> None:
    answer = office.run("disclosure", "preview", *words, *office.by("duty"))
    assert (answer.code, says in answer.err) == (code, True), answer
