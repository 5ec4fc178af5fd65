"""What the catalogue and the vocabulary are at, in one query: all that a cached page depends on."""

from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from apps.public.catalogue.models import CatalogueState
from apps.taxonomy.models import VocabularyState


class State(NamedTuple):
    change: int
    vocabulary: int


def read_state() -> State:
    """The last change number handed out and the vocabulary's version."""
    version = VocabularyState.objects.filter(pk=OuterRef("pk")).values("version")
    row = CatalogueState.objects.filter(pk=1).values_list("change", Subquery(version)).first()
    if row is None:  # nothing was ever published
        return State(0, VocabularyState.objects.filter(pk=1).values_list("version", flat=True).first() or 0)
    return State(row[0], row[1] or 0)
