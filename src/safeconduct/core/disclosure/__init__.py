"""Who learns which part of an order, when and how exactly, and whether that is more than its duties need."""

from safeconduct.core.disclosure.excess import Excess, excesses, excesses_of_folder
from safeconduct.core.disclosure.line import Row, instants, places, rows
from safeconduct.core.disclosure.release import Known, Moved, Opening, moved, opens_for, releases

__all__ = [
    "Excess",
    "Known",
    "Moved",
    "Opening",
    "Row",
    "excesses",
    "excesses_of_folder",
    "instants",
    "moved",
    "opens_for",
    "places",
    "releases",
    "rows",
]
