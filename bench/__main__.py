"""`./run bench [name…] [--quick]`: the measurements, one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

# In the order in which a reader of docs/performance.md meets them.
ALL = {
    "append": "own statements made durable, beside the bare disk, SQLite alone and Tessera",
    "http": "the same through the JSON API",
    "round_trip": "from accepted to durable on both nodes, with receipt",
    "audit": "two whole logs checked, beside the bare rate of signature checks",
    "curves": "memory and time for each statement, from ten thousand to a million",
    "profile": "where the time of one append goes",
    "canary": "leaks traced: how long it takes, how few candidates are left, whether anybody is named wrongly",
    "sealing": "orders sealed and opened, beside age; a thousand released in the same minute, thousands that wait",
    "monitor": "clauses judged online, beside history judged anew and three other monitors",
}


def main() -> None:
    text = "; ".join(f"{name}: {what}" for name, what in ALL.items())
    parser = ArgumentParser(prog="./run bench", description=__doc__, epilog=text)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(ALL)}; all of them by default")
    parser.add_argument("--quick", action="store_true", help="a smoke test of all in some minutes, not to be quoted")
    parser.add_argument("--folder", type=Path, help="on the disk to measure (default: build/bench)")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in ALL]
    if unknown:
        parser.error(f"expected names of {', '.join(ALL)}, got {unknown[0]}")
    options = ["--quick"] * given.quick + (["--folder", str(given.folder.resolve())] if given.folder else [])
    failed = [
        name
        for name in given.names or ALL
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=False).returncode
    ]
    if failed:
        sys.exit(f"bench: these did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()
