"""The papers say what is so, briefly, and nothing about the machine that wrote them."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from safeconduct.edges.cli import build_cli
from safeconduct.main import assemble, read_settings
from safeconduct.node.clock import SystemClock
from tests.repository.source_tree import DECISIONS, ROOT, SOURCE, files, name_of, project_texts

# Put together here so that this file does not contain what it looks for.
_ADDRESSES_OF_ONE_MACHINE = [
    "".join(parts)
    for parts in [
        ("py", "pi.org"), ("python", "hosted.org"), ("npm", "js.org"), ("npm", "js.com"), ("static.cra", "tes.io"),
        ("proxy.go", "lang.org"), ("repo.ma", "ven"), ("deb.deb", "ian.org"), ("/wo", "rk/"), ("/ro", "ot/"),
        ("/opt/wh", "eels"), ("/ho", "me/"),
    ]
]  # fmt: skip
_PUT_OFF = re.compile("|".join([r"\bTO" + "DO", r"\bFIX" + "ME", r"\bXX" + r"X\b", r"\bHA" + r"CK\b"]))
_WORDS_ON_A_PAGE = 600
_PARTS_OF_A_DECISION = ["Question", "Choice", "Rejected", "What would change our mind"]
_NUMBERED = files(DECISIONS, "[0-9]*.md")


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{name_of(path)}: {address}"
        for path, text in project_texts()
        for address in _ADDRESSES_OF_ONE_MACHINE
        if address in text
    ]
    assert found == []


def test_nothing_is_put_off_in_a_comment() -> None:
    found = [f"{name_of(path)}: {match.group()}" for path, text in project_texts() for match in _PUT_OFF.finditer(text)]
    assert found == []


@pytest.mark.parametrize("path", _NUMBERED, ids=name_of)
def test_a_decision_fits_on_a_page_and_has_its_four_parts(path: Path) -> None:
    text = path.read_text("utf-8")
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert (len(text.split()) <= _WORDS_ON_A_PAGE, parts) == (True, _PARTS_OF_A_DECISION)


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in _NUMBERED] == list(range(1, len(_NUMBERED) + 1))


def _pyproject() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _declared() -> dict[str, list[str]]:
    """Names of the packages that we ask for ourselves: at run time, and for work on the project."""
    match _pyproject():
        case {"project": {"dependencies": list(runtime)}, "dependency-groups": {"dev": list(dev)}}:
            return {
                "runtime": [re.split(r"[^\w.-]", name)[0].lower() for name in runtime],
                "dev": [re.split(r"[^\w.-]", name)[0].lower() for name in dev],
            }
        case _:
            raise AssertionError("pyproject.toml has project.dependencies and dependency-groups.dev")


def test_every_package_we_ask_for_has_its_line_in_dependencies() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \|", (DECISIONS / "dependencies.md").read_text("utf-8"), re.MULTILINE)
    asked = [name for names in _declared().values() for name in names]
    assert sorted(row.lower() for row in rows if row != "package") == sorted(asked)


def _locked(name: str) -> dict[str, int]:
    """Each package of a lock file → how many hashes it has."""
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())
    return {block.split("==")[0]: block.count("--hash=sha256:") for block in blocks}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-runtime.lock"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    assert [name for name, hashes in _locked(lock).items() if hashes == 0] == []


def test_every_package_we_ask_for_is_locked() -> None:
    declared = _declared()
    everything = [name for names in declared.values() for name in names]
    missing = sorted(set(everything) - _locked("requirements.lock").keys())
    missing += sorted(set(declared["runtime"]) - _locked("requirements-runtime.lock").keys())
    assert missing == []


def test_the_two_locks_agree() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==[^\s;]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert versions("requirements-runtime.lock") - versions("requirements.lock") == set()


def test_every_run_command_in_the_papers_exists() -> None:
    shown = subprocess.run([ROOT / "run", "help"], capture_output=True, text=True, check=True).stdout
    offered = set(re.findall(r"^  ([a-z]+) ", shown, re.MULTILINE))
    papers = [path for path in [*ROOT.glob("*.md"), *files(ROOT / "docs", "*.md")] if path.is_file()]
    used = {word for path in papers for word in re.findall(r"\./run ([a-z]+)", path.read_text("utf-8"))}
    assert used - offered == set()


def _papers() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *files(ROOT / "docs", "*.md"), *files(ROOT / "vectors", "*.md")]


@pytest.mark.parametrize("path", _papers(), ids=name_of)
def test_every_link_inside_the_project_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))
    inside = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in inside if not (path.parent / target).exists()] == []


def _program_commands() -> list[str]:
    """What the papers call: `safeconduct movement request` → movement request."""
    called = {
        words.strip()
        for path in _papers()
        for words in re.findall(
            r"(?:`|^ {4}(?:\./run )?)safeconduct((?: [a-z][a-z-]*)+)", path.read_text("utf-8"), re.M
        )
    }
    return sorted(called) if (SOURCE / "main.py").is_file() else []


@pytest.fixture(scope="module")
def program() -> click.Group:
    return build_cli(assemble(read_settings({}), SystemClock()))


@pytest.mark.parametrize("command", _program_commands())
def test_every_command_in_the_papers_exists(command: str, program: click.Group) -> None:
    answer = CliRunner().invoke(program, [*command.split(), "--help"])
    assert (answer.exit_code, answer.stderr) == (0, "")
