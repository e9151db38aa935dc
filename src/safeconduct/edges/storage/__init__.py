"""Where a node keeps what it knows: one SQLite file, one folder of tiles, one encrypted key file."""

from safeconduct.edges.storage.sqlite import SqliteStore

__all__ = ["SqliteStore"]
