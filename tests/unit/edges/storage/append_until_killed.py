"""A process that appends batch after batch and says after each how far it got, until somebody kills it.

Run as a module: path of the store, and a seed for the sizes of the batches.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from safeconduct.edges.storage import SqliteStore
from safeconduct.node.ports import Batch, Store
from tests.contract.sample_rows import digest_of, rows, subject

PARTY = "alpha"
TALLY = "site/tally"
BATCH_MAX = 64


def append(store: Store, count: int) -> int:
    """The next `count` entries in one batch, with a checkpoint, a projection and a tile that say the new size."""
    start = store.size(PARTY)
    end = start + count
    store.commit(
        Batch(
            party=PARTY,
            rows=rows(PARTY, start, end),
            checkpoint=str(end).encode(),
            tiles=[(0, end, digest_of(str(end)).encode() * 128)],
            subjects=[subject(TALLY, state=str(end))],
        )
    )
    return end


def problems(store: Store) -> list[str]:
    """Everything that is not as whole batches would have left it."""
    size = store.size(PARTY)
    stored = list(store.rows(PARTY, 0, size + BATCH_MAX))
    tally = store.subject(TALLY)
    found = []
    if stored != rows(PARTY, 0, size):
        found.append(f"{size} rows expected as they were written, got {len(stored)}, perhaps other ones")
    if (store.checkpoint(PARTY) or b"0") != str(size).encode():
        found.append(f"checkpoint says {store.checkpoint(PARTY)!r}, size is {size}")
    if (tally.state if tally else b"0") != str(size).encode():
        found.append(f"projection says {tally}, size is {size}")
    if size and store.tile(PARTY, 0, size) is None:
        found.append(f"tile of size {size} is missing")
    if len(store.about("movement/m1")) != size or (size and store.find(digest_of(f"{PARTY} {size - 1}")) is None):
        found.append(f"an index does not know all of {size} entries")
    return found


def main(path: Path, seed: int) -> None:
    sizes = random.Random(seed)
    store = SqliteStore(path)
    while True:
        sys.stdout.write(f"{append(store, sizes.randint(1, BATCH_MAX))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
