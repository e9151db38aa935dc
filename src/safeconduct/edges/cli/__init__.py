"""The `safeconduct` command."""

from safeconduct.edges.cli.seam import Assembly, ExportedLog, ServeOptions, Settings

__all__ = ["Assembly", "ExportedLog", "ServeOptions", "Settings"]
