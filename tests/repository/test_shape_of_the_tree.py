"""The tree keeps its shape: tests mirror the core, a folder's front door is a list, files have telling names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.repository.source_tree import CORE, ROOT, SOURCE, TESTS, collected_files, files, module_of, name_of, parse

_NAMES_THAT_SAY_NOTHING = {
    "base", "common", "helper", "helpers", "lib", "manager", "managers", "misc", "service", "services", "shared",
    "stuff", "tools", "util", "utils",
}  # fmt: skip


def _has_functions(path: Path) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(parse(path)))


def test_every_file_of_the_core_with_a_function_has_its_test_file() -> None:
    missing = []
    for path in files(CORE, "*.py"):
        if path.name.startswith("_") or not _has_functions(path):
            continue
        test = TESTS / "unit" / path.relative_to(SOURCE).with_name(f"test_{path.name}")
        if not test.is_file():
            missing.append(name_of(test))
    assert missing == []


def test_every_unit_test_file_has_its_source_file() -> None:
    unit = TESTS / "unit"
    astray = []
    for path in files(unit, "test_*.py"):
        source = SOURCE / path.relative_to(unit).with_name(path.name.removeprefix("test_"))
        if not source.is_file() and not source.with_suffix("").is_dir():
            astray.append(name_of(path))
    assert astray == []


@pytest.mark.parametrize("path", collected_files(), ids=name_of)
def test_a_test_file_tests_and_asserts(path: Path) -> None:
    nodes = list(ast.walk(parse(path)))
    named = [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    tests = [name for name in named if name.lower().startswith("test")]
    states = any(isinstance(node, ast.Assert) for node in nodes)
    raises = any(isinstance(node, ast.Attribute) and node.attr == "raises" for node in nodes)
    assert (tests != [], states or raises) == (True, True)


def _is_listing(node: ast.stmt, allowed: set[str]) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in allowed
        case _:
            return False


def test_a_folders_front_door_lists_and_does_nothing() -> None:
    found = []
    for path in files(SOURCE, "__init__.py"):
        allowed = {"__all__", "__version__"} if path.parent == SOURCE else {"__all__"}
        found += [f"{name_of(path)}:{node.lineno}" for node in parse(path).body if not _is_listing(node, allowed)]
    assert found == []


def imported_modules(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and module of each import of our own; `from folder import file` imports the file."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("safeconduct"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.append((node.lineno, whole if _is_file(whole) else str(node.module)))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names if alias.name.startswith("safeconduct")]
    return found


def _is_file(module: str) -> bool:
    return (ROOT / "src" / Path(*module.split("."))).with_suffix(".py").is_file()


def _listed(folder: str) -> set[str]:
    """What a folder's front door lists."""
    door = ROOT / "src" / Path(*folder.split(".")) / "__init__.py"
    for node in parse(door).body if door.is_file() else []:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return set(ast.literal_eval(node.value))
    return set()


def test_a_folder_is_entered_by_its_front_door() -> None:
    """Outside, `from safeconduct.core.log import …`; inside the folder, its files name each other.

    A front door may list a whole file: `from safeconduct.node import commands`.
    """
    found = []
    for path in files(SOURCE, "*.py"):
        here = module_of(path.parent / "__init__.py")
        for line, module in imported_modules(parse(path)):
            folder, _, name = module.rpartition(".")
            if (
                _is_file(module)
                and name not in _listed(folder)
                and folder != "safeconduct"
                and not f"{here}.".startswith(f"{folder}.")
            ):
                found.append(f"{name_of(path)}:{line} reaches into {folder}")
    assert found == []


def test_files_of_a_folder_do_not_use_their_own_front_door() -> None:
    found = []
    for path in files(SOURCE, "*.py"):
        here = module_of(path.parent / "__init__.py")
        if path.name == "__init__.py" or here == "safeconduct":
            continue
        found += [f"{name_of(path)}:{line}" for line, module in imported_modules(parse(path)) if module == here]
    assert found == []


def test_a_file_has_a_name_that_says_what_is_in_it() -> None:
    named = [path for folder in (SOURCE, TESTS, ROOT / "bench") for path in files(folder, "*.py")]
    found = [name_of(p) for p in named if _NAMES_THAT_SAY_NOTHING.intersection([p.stem, *p.relative_to(ROOT).parts])]
    assert found == []


_TREE_LINE = re.compile(r"^((?:[│ ]   )*)(?:├── |└── )?([A-Z][A-Za-z]+)(?: |$)")


def drawn_tree(text: str) -> dict[str, str | None]:
    """Each name of a drawn tree → the name it hangs from."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for line in text.splitlines():
        match = _TREE_LINE.match(line)
        if match and ("── " in line or not parents) and not line.startswith("Every"):
            depth = len(match[1]) // 4 + (1 if "── " in line else 0)
            path[depth:] = [match[2]]
            parents[match[2]] = path[depth - 1] if depth else None
    return parents


def test_the_tree_drawn_in_errors_is_the_tree_of_the_classes() -> None:
    tree = parse(SOURCE / "errors.py")
    classes = {
        node.name: base.id if isinstance(base := node.bases[0], ast.Name) and base.id != "Exception" else None
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    assert drawn_tree(ast.get_docstring(tree) or "") == classes
