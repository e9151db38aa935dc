"""Write the figures of the last full run into docs/performance.md, between its markers; the words around stay.

./run bench && .venv/bin/python -m bench.publish [name…]

With names only those measurements' figures and goals are written; the others' stay as they are on the page.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bench.__main__ import ALL
from bench.report import RESULTS, ROOT, short

_PAGE = ROOT / "docs" / "performance.md"


def main() -> None:
    names = sys.argv[1:] or list(ALL)
    paths = {name: RESULTS / f"{name}.json" for name in names}
    runs = {name: json.loads(path.read_text()) for name, path in paths.items() if path.exists()}
    page = _PAGE.read_text()
    for name, told in runs.items():
        page = _between(page, f"figures of {name}", _table(told))
    if runs:
        if names == list(ALL):
            page = _between(page, "machine", _machine(next(iter(runs.values()))["machine"]))
        page = _between(page, "goals", _goals(runs, page))
    _PAGE.write_text(page)
    if len(runs) < len(names):
        sys.exit(f"bench: no full run is kept of: {', '.join(name for name in names if name not in runs)}")


def _between(page: str, mark: str, text: str) -> str:
    """The page with this text between `<!-- mark -->` and the `<!-- end -->` that follows."""
    before, start, rest = page.partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    if not (start and end):
        sys.exit(f"bench: {_PAGE} has no place for: {mark}")
    return f"{before}{start}\n{text}\n{end}{after}"


def _goals(runs: dict[str, dict[str, Any]], page: str) -> str:
    rows = ["| | what | goal | measured | reached |", "|---|---|---|---|---|"]
    for name in ALL:
        if name in runs:
            rows += _goals_of(name, runs[name])
        else:
            rows += [line for line in page.splitlines() if line.startswith(f"| `{name}` | ") and line.count("|") == 6]
    return "\n".join([*rows, ""])


def _goals_of(name: str, told: dict[str, Any]) -> Iterator[str]:
    for figure in told["figures"]:
        if figure["goal"]:
            # Results that were kept before figures had sections have none.
            section = figure.get("section", "").split(":")[0]
            what = f"{section}: {figure['what']}" if section else figure["what"]
            measured = f"{short(figure['value'])} {figure['unit']}"
            reached = _reached(figure["goal"], figure["value"])
            yield f"| `{name}` | {what} | {figure['goal']} | {measured} | {reached} |"


def _reached(goal: str, value: float) -> str:
    found = re.match(r"([<≥]) ([\d,.]+)", goal)
    if found is None:
        return ""
    bound = float(found[2].replace(",", ""))
    return "yes" if (value < bound if found[1] == "<" else value >= bound) else "**no**"


def _table(told: dict[str, Any]) -> str:
    machine = told["machine"]
    load = f"Load before: {_load(machine['load'])}; after: {_load(machine['load_at_end'])}."
    return "\n".join(
        [
            f"Run of {machine['at']}, {machine['seconds']:,.0f} s.",
            f"{load} One bare signature check: {machine['bare_verify_us']} µs.",
            "",
            *_sections(told["figures"]),
        ]
    )


def _sections(figures: list[dict[str, Any]]) -> Iterator[str]:
    """A table for each section, below its title."""
    for title, group in groupby(figures, lambda figure: figure.get("section", "")):
        yield from (f"**{title}**", "") if title else ()
        yield from ("| what | measured | repeats between |", "|---|---|---|")
        for figure in group:
            yield f"| {figure['what']} | {short(figure['value'])} {figure['unit']} | {_spread(figure)} |"
        yield ""


def _spread(figure: dict[str, Any]) -> str:
    spread = figure["spread"]
    return f"{short(spread[0])} and {short(spread[1])}" if spread else ""


def _load(load: list[float]) -> str:
    return ", ".join(f"{part:.1f}" for part in load)


def _machine(machine: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    sync = machine["fdatasync_ms"]
    return (
        f"{machine['cores']} cores of a virtual machine ({machine['cpu']}), {machine['memory_gib']} GiB,"
        f" {machine['system']}, {machine['file_system']} on a virtual disk.\n"
        f"`fdatasync` of 1 KB: {sync['p50']} ms, the longest of a hundred {sync['max']} ms.\n"
        f"Python {machine['python']}, SQLite {machine['sqlite']}, {packages}.\n"
    )


if __name__ == "__main__":
    main()
