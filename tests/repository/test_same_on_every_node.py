"""Two nodes must compute the same bytes: what would make them differ is not in the code that folds.

No binary fractions in `core/record` and `core/acts`; nowhere in the core a set whose order reaches an output. A line
that is right all the same says `# order-free: ` and why.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.repository.source_tree import CORE, files, name_of

_SET_NAMES = {"set", "frozenset", "AbstractSet", "MutableSet"}
_SET_METHODS = {"union", "intersection", "difference", "symmetric_difference"}
_ORDER_FREE = {"all", "any", "frozenset", "len", "max", "min", "set", "sorted", "sum"}
_ORDER_KEEPING = {"dict", "enumerate", "iter", "list", "map", "tuple", "zip", "filter", "reversed", "deque"}
_SET_OPERATORS = (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)


def float_uses(source: str) -> list[str]:
    """`line: what` for everything that is, makes or names a float."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float() | complex()):
                found.append(f"{node.lineno}: a fraction")
            case ast.Name(id="float", lineno=line):
                found.append(f"{line}: float")
            case ast.BinOp(op=ast.Div(), lineno=line) | ast.AugAssign(op=ast.Div(), lineno=line):
                found.append(f"{line}: / gives a float, // does not")
            case ast.Attribute(attr="total_seconds" | "timestamp" as name, lineno=line):
                found.append(f"{line}: {name}() gives a float")
            case ast.Import(names=names, lineno=line) if any(alias.name == "math" for alias in names):
                found.append(f"{line}: math")
            case ast.ImportFrom(module="math", lineno=line):
                found.append(f"{line}: math")
            case _:
                pass
    return found


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("x = 1 // 2", 0),
        ("x = 0.5", 1),
        ("x = a / b", 1),
        ("x /= 2", 1),
        ("def f(x: float) -> int: ...", 1),
        ("x = span.total_seconds()", 1),
        ("import math", 1),
    ],
)
def test_a_planted_fraction_is_found(source: str, count: int) -> None:
    assert len(float_uses(source)) == count


@pytest.mark.parametrize("folder", ["record", "acts"])
def test_what_two_nodes_fold_has_no_fractions(folder: str) -> None:
    found = [f"{name_of(p)}:{use}" for p in files(CORE / folder, "*.py") for use in float_uses(p.read_text("utf-8"))]
    assert found == []


def _is_set_type(annotation: ast.expr) -> bool:
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    return isinstance(annotation, ast.Name) and annotation.id in _SET_NAMES


class _Sets:
    """Which names and attributes of one file hold sets, as far as assignments and annotations say."""

    def __init__(self, tree: ast.Module, set_fields: frozenset[str]) -> None:
        self.fields = set_fields
        self.names: set[str] = set()
        # Twice, so that a name made from a name is known too.
        for _ in range(2):
            for node in ast.walk(tree):
                match node:
                    case ast.arg(arg=name, annotation=ast.expr() as kind) if _is_set_type(kind):
                        self.names.add(name)
                    case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if _is_set_type(kind):
                        self.names.add(name)
                    case ast.Assign(targets=[ast.Name(id=name)], value=value) if self.is_set(value):
                        self.names.add(name)
                    case _:
                        pass

    def is_set(self, node: ast.expr) -> bool:
        match node:
            case ast.Set() | ast.SetComp():
                return True
            case ast.Call(func=ast.Name(id=name)):
                return name in _SET_NAMES
            case ast.Call(func=ast.Attribute(attr=method)):
                return method in _SET_METHODS
            case ast.BinOp(op=operator, left=left, right=right) if isinstance(operator, _SET_OPERATORS):
                return any(self.is_set(side) or _is_keys(side) for side in (left, right))
            case ast.Name(id=name):
                return name in self.names
            case ast.Attribute(attr=name):
                return name in self.fields
            case ast.IfExp(body=body, orelse=orelse):
                return self.is_set(body) or self.is_set(orelse)
            case _:
                return False


def _is_keys(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"keys", "items"}


def set_fields(sources: list[str]) -> frozenset[str]:
    """Names of class fields that are sets wherever a class declares them."""
    kinds: dict[str, list[bool]] = {}
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                for field in node.body:
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                        kinds.setdefault(field.target.id, []).append(_is_set_type(field.annotation))
    return frozenset(name for name, are_sets in kinds.items() if all(are_sets))


def orders_taken_from_a_set(source: str, fields: frozenset[str] = frozenset()) -> list[int]:
    """Lines in which the order of a set decides the order of something else."""
    tree = ast.parse(source)
    sets = _Sets(tree, fields)
    lines = source.splitlines()
    harmless: set[int] = set()
    found: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[argument, *_]) if name in _ORDER_FREE:
                harmless.add(id(argument))
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _ORDER_KEEPING:
                if id(node) not in harmless and any(sets.is_set(argument) for argument in arguments):
                    found.add(node.lineno)
            case ast.Call(func=ast.Attribute(attr="join" | "fromkeys" | "extend"), args=[argument, *_]):
                if sets.is_set(argument):
                    found.add(node.lineno)
            case ast.For(iter=iterated):
                if sets.is_set(iterated):
                    found.add(node.lineno)
            case ast.ListComp(generators=loops) | ast.GeneratorExp(generators=loops) | ast.DictComp(generators=loops):
                if id(node) not in harmless and any(sets.is_set(loop.iter) for loop in loops):
                    found.add(node.lineno)
            case ast.Starred(value=value):
                if sets.is_set(value):
                    found.add(node.lineno)
            case _:
                pass
    return sorted(line for line in found if "# order-free: " not in lines[line - 1])


@pytest.mark.parametrize(
    "source",
    [
        "for x in {1, 2}: pass",
        "for x in set(xs): pass",
        "ys = [f(x) for x in frozenset(xs)]",
        "ys = tuple(set(xs))",
        "y = ', '.join({f(x) for x in xs})",
        "seen: set[str] = build()\nfor x in seen: pass",
        "def f(xs: frozenset[int]) -> list[int]:\n    return [x for x in xs]",
        "missing = needed - set(given)\nfor x in missing: pass",
        "for x in a.keys() & b.keys(): pass",
        "ys = [*set(xs)]",
        "ys = {x: 1 for x in set(xs)}",
        "for x in state.parties: pass",
    ],
)
def test_a_planted_order_of_a_set_is_found(source: str) -> None:
    assert orders_taken_from_a_set(source, frozenset({"parties"})) != []


@pytest.mark.parametrize(
    "source",
    [
        "for x in sorted({1, 2}): pass",
        "ok = all(f(x) for x in set(xs))",
        "n = len(set(xs))",
        "ys = sorted(f(x) for x in set(xs))",
        "ys = {f(x) for x in set(xs)}",
        "ys = max(list(set(xs)))",
        "for x in xs: pass",
        "for x in set(xs):  # order-free: each is only counted\n    n += 1",
    ],
)
def test_a_set_whose_order_goes_nowhere_is_allowed(source: str) -> None:
    assert orders_taken_from_a_set(source) == []


def _core_files() -> list[Path]:
    return files(CORE, "*.py")


def test_no_output_of_the_core_takes_its_order_from_a_set() -> None:
    sources = {path: path.read_text("utf-8") for path in _core_files()}
    fields = set_fields(list(sources.values()))
    found = [
        f"{name_of(path)}:{line}"
        for path, source in sources.items()
        for line in orders_taken_from_a_set(source, fields)
    ]
    assert found == []
