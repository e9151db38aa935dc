"""Where a node keeps what it knows: one SQLite file, a folder of tiles, an encrypted key file, keys that are to go."""

from safeconduct.edges.storage.key_file import Seeds, read_keys, write_keys
from safeconduct.edges.storage.sqlite import SqliteStore
from safeconduct.edges.storage.tile_files import LogFolder, TileFiles, export_log
from safeconduct.edges.storage.vault import FileVault, held_ciphertexts

__all__ = [
    "FileVault",
    "LogFolder",
    "Seeds",
    "SqliteStore",
    "TileFiles",
    "export_log",
    "held_ciphertexts",
    "read_keys",
    "write_keys",
]
