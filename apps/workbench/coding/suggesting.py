"""Regions and themes suggested for what is coded: those that its words name."""

from __future__ import annotations

from apps.curation.intake.terms import TermFinder, region_finder
from apps.curation.names import join_tags
from apps.taxonomy.vocabulary import vocabulary


def named_in(words: str) -> dict[str, list[str]]:
    """The names of the regions and themes in some words, under the form's fields, each as its line takes it."""
    known = vocabulary()
    regions = [known.regions[slug].name for slug in region_finder(known).narrowest(words)]
    themes = [known.themes[slug].name for slug in TermFinder(known.themes).narrowest(words)]
    return {"regions": [join_tags([name]) for name in regions], "themes": [join_tags([name]) for name in themes]}
