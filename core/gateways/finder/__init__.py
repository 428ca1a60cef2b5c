"""Finding articles by a person's own words: word forms, typing errors, and a word when it is not sure. All on this machine."""

from core.gateways.finder.local import LocalFinder

__all__ = ["LocalFinder"]
