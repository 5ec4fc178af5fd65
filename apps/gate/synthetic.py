"""A synthetic corpus, for measuring at size: plausible records through a bulk path of their own.

Their content has the shape that the gate's builders give it. Nothing in it was ever said by anybody, and every
record is marked as synthetic, in its title too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from apps.gate.invention import Inventor
from apps.gate.publication import next_changes
from apps.public.catalogue import content
from apps.public.catalogue.models import Link, Record, Tie
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind

POSITIONS_A_SESSION, SESSIONS_A_WORKSHOP, POSITIONS_A_PROPOSITION = 125, 4, 200
_AT_ONCE = 2_000
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_IDENTIFIERS = len(_ALPHABET) ** 8


class NoVocabulary(Exception):  # noqa: N818
    """There are no regions or no themes for positions to be about."""


@transaction.atomic
def synthesize(count: int, seed: int, progress: Callable[[int], Any] = lambda done: None) -> int:
    """Add that many positions, with the workshops, sessions and propositions they hang on, all or none of them.

    The same seed on the same catalogue gives the same records. Returns the number of records added; calls
    ``progress`` with the number added since the last call. Raises NoVocabulary.
    """
    words = vocabulary()
    if not (words.regions.nodes and words.themes.nodes):
        raise NoVocabulary
    sessions = -(-count // POSITIONS_A_SESSION)
    workshops = -(-sessions // SESSIONS_A_WORKSHOP)
    propositions = -(-count // POSITIONS_A_PROPOSITION)
    total = workshops + sessions + propositions + count
    changes = next_changes(total)
    corpus = Corpus(Inventor(f"{seed} {changes.start}", words), iter(changes))
    for records, links in (
        corpus.workshops(workshops),
        corpus.sessions(sessions),
        corpus.propositions(propositions),
        corpus.positions(count),
    ):
        while batch := list(islice(records, _AT_ONCE)):
            Record.objects.bulk_create(batch)
            Link.objects.bulk_create(links(batch))
            progress(len(batch))
    return total
