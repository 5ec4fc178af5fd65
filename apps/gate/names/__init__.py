"""Finding names in free text, however they are spelt, disguised or turned round."""

from apps.gate.names.finder import Match, NameFinder
from apps.gate.names.folding import folds
from apps.gate.names.keys import keys_of
from apps.gate.names.sentences import sentence_of
from apps.gate.names.spelling import Name

__all__ = ["Match", "Name", "NameFinder", "folds", "keys_of", "sentence_of"]
