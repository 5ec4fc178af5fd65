"""Finding names in free text, however they are spelt, disguised or turned round."""

from apps.gate.names.finder import Match, Name, NameFinder, folds

__all__ = ["Match", "Name", "NameFinder", "folds"]
