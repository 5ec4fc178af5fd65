"""Who may be one and the same: people who go by one name, however it is written, whoever of them was entered under it
and whoever has it as an alias; and organisations that do. The gate's own index says who goes by what."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Set
from typing import Any

from django.db.models import Q

from apps.curation.models import Organisation, Person
from apps.gate.models import KnownAs
from apps.gate.names import keys_of


def every_key(names: Iterable[str]) -> set[str]:
    """What any way to write one of these names has in common with the others."""
    return {key for name in names for key in keys_of(name)}


def called(people: Iterable[Person]) -> set[str]:
    """Every name that people go by, their e-mail addresses among them, as keys."""
    return every_key(name for one in people for name in (one.name, *one.aliases, one.email))


def called_so(keys: Collection[str], besides: Collection[int] = ()) -> frozenset[Person]:
    """Whoever goes by one of these names, besides those who are known already, by their primary keys."""
    rows = KnownAs.objects.filter(key__among=set(keys), person__isnull=False)
    found = set(rows.values_list("person", flat=True)) - set(besides) if keys else set()
    return frozenset(Person.objects.filter(pk__among=found)) if found else frozenset()


def alike(people: Iterable[Person]) -> frozenset[Person]:
    """These people, and whoever goes by a name of theirs, or of one of those: somebody may have been entered twice, or
    more often."""
    found = fresh = frozenset(people)
    while fresh:
        fresh = called_so(called(fresh), {one.pk for one in found})
        found |= fresh
    return found


def who_is_meant(people: Iterable[Person]) -> dict[int, set[int]]:
    """Whom of some people each may be, by their primary keys: themselves, and whoever they share a name with, or are
    joined to by others who do."""
    known = frozenset(people)
    return {
        one.pk: {other.pk for other in together if other in known}
        for together in that_may_be_one({one: called([one]) for one in alike(known)})
        for one in together
    }


def that_may_be_one(called: Mapping[Any, Set[Hashable]]) -> list[set[Any]]:
    """Things, by what each is called, in groups: those that share a name may be one, and so may all that are joined by
    others."""
    joined: dict[Hashable, set[Hashable]] = {}  # things and names, by each of them
    for one, names in called.items():
        together = {one, *names}.union(*(joined[name] for name in names if name in joined))
        joined |= dict.fromkeys(together, together)
    groups = {id(together): together for together in joined.values()}
    return [together & called.keys() for together in groups.values()]


def bodies_alike(bodies: Iterable[Organisation]) -> frozenset[Organisation]:
    """These organisations, and whichever go by a name of theirs, or of one of those. That two have an acronym in common
    says nothing: every state has an MFA."""
    found = fresh = frozenset(bodies)
    while fresh:
        names = every_key(name for one in fresh for name in (one.name, *one.aliases))
        acronyms = every_key(one.acronym for one in fresh)
        rows = KnownAs.objects.filter(Q(key__in=names) | Q(key__in=acronyms, is_acronym=False))
        known = set(rows.filter(organisation__isnull=False).values_list("organisation", flat=True))
        fresh = frozenset(Organisation.objects.filter(pk__in=known - {one.pk for one in found}))
        found |= fresh
    return found


def note_names(things: Iterable[Person | Organisation]) -> None:
    """Bring the index up to date: what people and organisations are called by now."""
    for thing in things:
        acronym = every_key([thing.acronym]) if isinstance(thing, Organisation) else set()
        names = called([thing]) if isinstance(thing, Person) else every_key([thing.name, *thing.aliases])
        now = {(key, False) for key in names} | {(key, True) for key in acronym}
        whose = {"person": thing} if isinstance(thing, Person) else {"organisation": thing}
        before = {(one.key, one.is_acronym): one.pk for one in KnownAs.objects.filter(**whose)}
        KnownAs.objects.filter(pk__in=[before[one] for one in before.keys() - now]).delete()
        KnownAs.objects.bulk_create(
            KnownAs(key=key, is_acronym=is_acronym, **whose) for key, is_acronym in sorted(now - before.keys())
        )
