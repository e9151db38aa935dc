"""An agreement's folder ⇄ `Terms`. Takes and gives texts by path: whoever calls does the reading and writing.

A folder is `agreement.yaml`, any number of `clauses/*.yaml` (each a list of clauses; the agreement's order is that of
the paths) and `cards/<party>.json` for every party that the agreement names by its id alone.
docs/spec/agreement.md AG-1 to AG-19.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from safeconduct.core.agreement.clauses import Terms
from safeconduct.core.agreement.limits import FILES_MAX, FOLDER_BYTES_MAX, PROBLEMS_MAX
from safeconduct.core.agreement.sense import check_sense
from safeconduct.core.agreement.shape import TERMS_TYPE, check_shape, shown
from safeconduct.core.agreement.tree import BEGIN, Mark, Path, Problem, Tree, Value, read_json, read_yaml
from safeconduct.core.statement import encode, require_canonical
from safeconduct.errors import CanonicalInvalid, TermsInvalid

AGREEMENT_FILE = "agreement.yaml"
_CLAUSE_FILE = re.compile(r"clauses/[A-Za-z0-9][A-Za-z0-9._-]*\.yaml")
_CARD_FILE = re.compile(r"cards/([a-z][a-z0-9-]{0,31})\.json")


def read_folder(files: Mapping[str, str]) -> Terms:
    """The agreement in a folder, given as path inside the folder → text.

    Raises TermsInvalid with every problem, each `file:line:column: expected …, got …`, in the order of the files.
    """
    return read_placed(files)[0]


def read_placed(files: Mapping[str, str]) -> tuple[Terms, Callable[[Path], tuple[str, Mark]]]:
    """The agreement in a folder, and what gives the file and the place in it of a path in its terms.

    A path that no file has stands where the nearest above it does.

    Raises TermsInvalid like `read_folder`.
    """
    folder = _Folder(files)
    if not folder.problems:
        value = folder.assemble()
        check_shape(value, TERMS_TYPE, (), folder.report)
        check_sense(value, folder.report)
        if not folder.problems:
            return msgspec.convert(value, Terms), folder.place
    raise TermsInvalid(tuple(str(problem) for problem in sorted(set(folder.problems))[:PROBLEMS_MAX]))


def read_terms(data: bytes) -> Terms:
    """The agreement in its canonical bytes, as another party proposes it; checked as strictly as a folder.

    Raises TermsInvalid; its problems name the place by a path instead of a line.
    """
    if len(data) > FOLDER_BYTES_MAX:
        raise TermsInvalid((f"terms: expected at most {FOLDER_BYTES_MAX} bytes, got {len(data)}",))
    try:
        require_canonical(data)
    except CanonicalInvalid as error:
        raise TermsInvalid((f"terms: expected canonical JSON, got a problem: {error}",)) from None
    problems: list[str] = []

    def report(path: Path, text: str) -> None:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
        problems.append(f"terms{where}: {text}")

    value = msgspec.json.decode(data)
    check_shape(value, TERMS_TYPE, (), report)
    check_sense(value, report)
    if problems:
        raise TermsInvalid(tuple(dict.fromkeys(problems))[:PROBLEMS_MAX])
    terms = msgspec.convert(value, Terms)
    if encode(terms) != data:
        # A default that is written out, for example: the same meaning with another digest.
        raise TermsInvalid(("terms: expected the one canonical encoding, got another",))
    return terms


class _Folder:
    """The files of a folder as one tree of values, with the way back from a path to its place in a file."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self._order: dict[str, int] = {}
        self._places: dict[Path, tuple[str, Mark]] = {(): (AGREEMENT_FILE, BEGIN)}
        # Parts that could not be read and have been reported: what is missing in them is no news.
        self._muted: list[Path] = []
        self._files = files
        self._check_size()

    def report(self, path: Path, text: str) -> None:
        """Note a problem at the nearest place that a file has for the path."""
        if any(path[: len(muted)] == muted for muted in self._muted):
            return
        self._problem(*self.place(path), text)

    def place(self, path: Path) -> tuple[str, Mark]:
        """The nearest place that a file has for the path."""
        while path not in self._places:
            path = path[:-1]
        return self._places[path]

    def _problem(self, file: str, at: Mark, text: str) -> None:
        order = self._order.setdefault(file, len(self._order))
        self.problems.append(Problem(order, at, file, text))

    def _check_size(self) -> None:
        if len(self._files) > FILES_MAX:
            self._problem(AGREEMENT_FILE, BEGIN, f"expected at most {FILES_MAX} files, got {len(self._files)}")
        size = sum(len(text) for text in self._files.values())
        if size > FOLDER_BYTES_MAX:
            self._problem(AGREEMENT_FILE, BEGIN, f"expected at most {FOLDER_BYTES_MAX} characters, got {size}")
        if AGREEMENT_FILE not in self._files:
            self._problem(AGREEMENT_FILE, BEGIN, "expected this file, got none")

    def assemble(self) -> Value:
        """All files as one value, of the form that `Terms` has."""
        value = self._graft(AGREEMENT_FILE, read_yaml(self._files[AGREEMENT_FILE]), ())
        if not isinstance(value, dict):
            if value is not None or not self.problems:
                self._problem(AGREEMENT_FILE, BEGIN, f"expected a mapping, got {shown(value)}")
            return None
        if "clauses" in value:
            self.report(("clauses",), "expected clauses in clauses/*.yaml, got the field 'clauses'")
        self._take_cards(value)
        value["clauses"] = self._clauses()
        for file in sorted(self._files.keys() - self._order.keys()):
            if _CARD_FILE.fullmatch(file):
                self._problem(
                    file, BEGIN, "expected a card that parties in agreement.yaml names, got one that nobody names"
                )
            else:
                self._problem(
                    file, BEGIN, "expected agreement.yaml, clauses/<name>.yaml or cards/<party>.json, got another file"
                )
        return value

    def _graft(self, file: str, tree: Tree, at: Path) -> Value:
        """Take one file's tree into the places and problems of the folder, its root standing at a path."""
        self._order.setdefault(file, len(self._order))
        for mark, text in tree.problems:
            self._problem(file, mark, text)
        for path, mark in tree.places.items():
            self._places[(*at, *path)] = (file, mark)
        return tree.value

    def _take_cards(self, value: dict[str, Value]) -> None:
        parties = value.get("parties")
        if not isinstance(parties, list):
            return
        for index, party in enumerate(parties):
            if not isinstance(party, str):
                continue
            file = f"cards/{party}.json"
            if file not in self._files:
                self.report(("parties", index), f"expected the file {file[:80]} for this party, got none")
                card: Value = None
            else:
                card = self._graft(file, read_json(self._files[file]), ("parties", index))
                if isinstance(card, dict) and card.get("id") != party:
                    self._problem(file, BEGIN, f"expected the card of {party}, got the card of {shown(card.get('id'))}")
                    card = None
            if card is None:
                self._muted.append(("parties", index))
            parties[index] = {"id": party} if card is None else card

    def _clauses(self) -> list[Value]:
        clauses: list[Value] = []
        for file in sorted(self._files):
            if not _CLAUSE_FILE.fullmatch(file):
                continue
            tree = read_yaml(self._files[file])
            listed = tree.value
            if isinstance(listed, list):
                start = len(clauses)
                clauses.extend(listed)
                tree.places = {
                    ("clauses", start + path[0], *path[1:]): mark
                    for path, mark in tree.places.items()
                    if path and isinstance(path[0], int)
                }
            else:
                tree.places = {}
                if listed is not None or not tree.problems:
                    tree.problems.append((BEGIN, f"expected a list of clauses, got {shown(listed)}"))
            self._graft(file, tree, ())
        return clauses
