"""Names as analysts type them: several in one line, nearly right, or the start of a slug."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from itertools import chain, count

from django.utils.text import slugify
from rapidfuzz import process

from apps.curation.models import Entry

LONGEST_SLUG: int = Entry._meta.get_field("slug").max_length or 0
_NEAR = 75  # of 100: names near enough to be offered instead


def split_tags(text: str) -> list[str]:
    """Tags from a line of them; one with a comma in it stands in quotation marks."""
    tags = (" ".join(tag.split()) for row in csv.reader(text.splitlines(), skipinitialspace=True) for tag in row)
    return list(dict.fromkeys(filter(None, tags)))


def join_tags(tags: list[str]) -> str:
    """A line of tags that split_tags reads back."""
    quoted = ('"{}"'.format(tag.replace('"', '""')) if "," in tag or tag.startswith('"') else tag for tag in tags)
    return ", ".join(sorted(quoted, key=str.casefold))


def instead(name: str, names: Iterable[str]) -> str:
    """A sentence that offers the nearest of the names that there are; empty where none is near."""
    near = process.extract(name[:200], list(names), limit=3, score_cutoff=_NEAR)
    return f" Did you mean {' or '.join(f'“{one}”' for one, _, _ in near)}?" if near else ""


def slug_of(title: str, is_taken: Callable[[str], bool], or_else: str = "") -> str:
    """A slug made of a title, with a number after it where that is taken; empty where the title gives none and
    nothing stands in for it."""
    base = (slugify(title) or or_else)[: LONGEST_SLUG - 5].strip("-")
    slugs = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(slug for slug in slugs if not is_taken(slug)) if base else ""
