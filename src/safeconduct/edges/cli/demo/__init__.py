"""`safeconduct demo`: two parties on one machine, and two days played again."""

from safeconduct.edges.cli.demo.command import demo

__all__ = ["demo"]
