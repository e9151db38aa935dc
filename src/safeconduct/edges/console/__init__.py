"""The console: web pages for duty officers, in three languages, that work without scripts and on a poor link."""

from safeconduct.edges.console.routes import console_routes

__all__ = ["console_routes"]
