"""The console: web pages for duty officers, in three languages, that work without scripts and on a poor link."""

from safeconduct.edges.console.entering import Door
from safeconduct.edges.console.reasons import look_path
from safeconduct.edges.console.routes import asks_by_itself, console_routes

__all__ = ["Door", "asks_by_itself", "console_routes", "look_path"]
