"""safeconduct: joint security management for parties that do not fully trust each other."""

__version__ = "0.1.0.dev0"

__all__ = ["__version__"]
