"""Where a node keeps what it knows: one SQLite file, one folder of tiles, one encrypted key file."""

from safeconduct.edges.storage.key_file import Seeds, read_keys, write_keys
from safeconduct.edges.storage.sqlite import SqliteStore
from safeconduct.edges.storage.tile_files import LogFolder, TileFiles, export_log

__all__ = ["LogFolder", "Seeds", "SqliteStore", "TileFiles", "export_log", "read_keys", "write_keys"]
