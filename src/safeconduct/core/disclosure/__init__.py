"""What an observer can know: how well somebody who has only watched could guess a planned movement."""

from safeconduct.core.disclosure.predictability import Guess, Journey, Odds, Predictability, predictability
from safeconduct.core.disclosure.told import explain_predictability

__all__ = ["Guess", "Journey", "Odds", "Predictability", "explain_predictability", "predictability"]
