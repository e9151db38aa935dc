"""The `safeconduct` command."""

from safeconduct.edges.cli.build import build_cli
from safeconduct.edges.cli.seam import (
    CARD_FILE,
    NODE_KEY_NAMES,
    NODE_KEYS_FILE,
    Assembly,
    ExportedLog,
    Press,
    ServeOptions,
    Settings,
)

__all__ = [
    "CARD_FILE",
    "NODE_KEYS_FILE",
    "NODE_KEY_NAMES",
    "Assembly",
    "ExportedLog",
    "Press",
    "ServeOptions",
    "Settings",
    "build_cli",
]
