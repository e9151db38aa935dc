"""The `safeconduct` command."""

from safeconduct.edges.cli.seam import Assembly, ServeOptions, Settings

__all__ = ["Assembly", "ServeOptions", "Settings"]
