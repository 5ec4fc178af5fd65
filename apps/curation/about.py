"""What many entries are joined to, said at once: their regions, themes and tags, and who holds positions.

Nothing watches these rows one by one: whoever puts speakers tells the gate of the positions, before and after.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from taggit.models import Tag

from apps.curation.models import Entry, Position, TaggedEntry
from apps.curation.parts import in_parts

Relation = Literal["regions", "themes", "tags", "speakers"]


def put(relation: Relation, wanted: Mapping[int, Collection[int]]) -> None:
    """Let entries, by their keys, have these regions, themes, tags or speakers, by theirs, and no others."""
    through, entry, other = _rows_of(relation)
    for keys in in_parts(list(wanted)):
        gone, there = [], set()
        rows = through._default_manager.filter(**{f"{entry}__in": keys})
        for pk, key, value in rows.values_list("pk", entry, other):
            if value in wanted[key]:
                there.add((key, value))
            else:
                gone.append(pk)
        for some in in_parts(gone):
            through._default_manager.filter(pk__in=some).delete()
        missing = ((key, value) for key in keys for value in dict.fromkeys(wanted[key]) if (key, value) not in there)
        through._default_manager.bulk_create(through(**{entry: key, other: value}) for key, value in missing)


def keys_of_tags(names: Collection[str]) -> dict[str, int]:
    """The keys of tags by their names; a new name makes a tag."""
    known = {name.casefold(): pk for name, pk in Tag.objects.values_list("name", "pk")}
    for name in names:
        if name.casefold() not in known:
            known[name.casefold()] = Tag.objects.create(name=name).pk
    return {name: known[name.casefold()] for name in names}


def _rows_of(relation: Relation) -> tuple[Any, str, str]:
    if relation == "tags":
        return TaggedEntry, "content_object_id", "tag_id"
    if relation == "speakers":
        return Position.speakers.through, "position_id", "person_id"
    return Entry._meta.get_field(relation).remote_field.through, "entry_id", f"{relation[:-1]}_id"  # type: ignore[union-attr]
