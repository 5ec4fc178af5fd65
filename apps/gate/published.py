"""What is public of an entry, former versions too, and the gate's own index of it: its tags, whom it names, and what it
leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from apps.curation.models import Article, Entry, Person, Position, Session, Workshop
from apps.gate.addresses import addresses_in
from apps.gate.case import texts_of
from apps.gate.models import LONGEST_ADDRESS, PublishedAddress, PublishedName, PublishedTag
from apps.gate.names import keys_of
from apps.gate.readings import readings
from apps.gate.records import Links
from apps.gate.references import published_links
from apps.gate.rules import may_name_speakers
from apps.gate.same import called, called_so, every_key
from apps.public.catalogue.models import Record, Redirect

# The fields that are made for names, of whoever signed, held or was there; and how an article is cited, by its authors.
_NAMES = frozenset({"authors", "participants", "cited_as"})


def contents_of(entry: Entry) -> list[dict[str, Any]]:
    """What is public of an entry, whatever it has come to say since."""
    record = Record.objects.live().filter(identifier=entry.identifier).first()
    return contents_in(record) if record else []


def contents_in(record: Record) -> list[dict[str, Any]]:
    """What a live record says, and what its former versions said."""
    return [record.content, *record.versions.values_list("content", flat=True)]  # type: ignore[list-item]


def names_in(content: dict[str, Any]) -> set[str]:
    """The names in the fields that are made for names."""
    listed = (name for one in content.get("participants", ()) for name in _before_a_comma(one))
    authors = (author["name"] for author in content.get("authors", ()))
    return {*authors, *content.get("holder", {}).get("names", ()), *listed}


def _before_a_comma(listed: str) -> Iterator[str]:
    """What may be the name in “Quill Zarnecki, Jr., A House”."""
    parts = listed.split(",")
    yield from (",".join(parts[:end]) for end in range(1, len(parts) + 1))


def without_names(content: dict[str, Any]) -> dict[str, Any]:
    """A record without the fields that are made for names; how an unnamed holder is described is a text."""
    is_named = bool(content.get("holder", {}).get("names"))
    left_out = _NAMES | {"holder"} if is_named else _NAMES
    return {name: value for name, value in content.items() if name not in left_out}


def named_in_public(entry: Entry) -> frozenset[Person]:
    """Whom a record, or a former version of it, names: whatever they are called by now, and whoever has signed or
    spoken since; and whoever goes by a name that stands there."""
    rows = PublishedName.objects.filter(entry=entry.pk).select_related("person")
    return called_so({row.key for row in rows}) | {row.person for row in rows if row.person}


def naming(people: Iterable[Person]) -> set[int]:
    """The entries, by their primary keys, that name somebody of these people in public, or somebody called the same."""
    rows = PublishedName.objects.filter(Q(person__in=people) | Q(key__in=called(people)))
    return set(rows.values_list("entry", flat=True))


def note_what_is_public(entry: Entry) -> set[str]:
    """Bring the index up to date; returns the tags that an entry has no longer in public."""
    contents = contents_of(entry)
    names = every_key(name for content in contents for name in names_in(content))
    PublishedName.objects.filter(entry_id=entry.pk).exclude(key__in=names).delete()
    known = set(PublishedName.objects.filter(entry_id=entry.pk).values_list("person", "key"))
    people = _who_may_be_named(entry.child) if names else ()
    behind = {(one.pk, key) for one in people for key in keys_of(one.name) & names}
    nobodys = {(None, key) for key in names - {key for _, key in known | behind}}
    PublishedName.objects.bulk_create(
        PublishedName(entry_id=entry.pk, person_id=person, key=key)
        for person, key in sorted((behind - known) | nobodys, key=str)
    )
    _note_addresses(entry, contents)
    before = PublishedTag.objects.filter(entry_id=entry.pk)
    had = set(before.filter(former=False).values_list("name", flat=True))
    tags = [set(content["tags"]) for content in contents]
    now, ever = (tags[0] if tags else set()), set[str]().union(*tags)
    # A former version's tag leads to what it was merged into.
    ever |= {led for tag in ever - now if (led := Redirect.followed(Redirect.What.TAG, tag))}
    before.delete()
    PublishedTag.objects.bulk_create(
        PublishedTag(entry_id=entry.pk, name=tag, former=tag not in now) for tag in sorted(ever)
    )
    return had - now


def _note_addresses(entry: Entry, contents: list[dict[str, Any]]) -> None:
    record = Record.objects.live().filter(identifier=entry.identifier).first()
    links = published_links(record) if record else Links(frozenset(), frozenset())
    texts = [note for _, _, note in (*links.live, *links.waiting)]
    texts += [text for content in contents for _, text in texts_of(content)]
    identifiers, addresses = addresses_in(reading for text in texts for reading in readings(text))
    PublishedAddress.objects.filter(entry_id=entry.pk).delete()
    PublishedAddress.objects.bulk_create(
        PublishedAddress(entry_id=entry.pk, address=address)
        for address in sorted({one[:LONGEST_ADDRESS] for one in identifiers | addresses})
    )


def _who_may_be_named(child: Entry) -> Iterable[Person]:
    if isinstance(child, Article):
        return child.authors.all()
    if isinstance(child, Position):
        return child.speakers.all() if may_name_speakers(child) else ()
    if isinstance(child, Workshop | Session):
        return Person.objects.filter(attendances__in=child.attendances.all()).distinct()
    return ()
