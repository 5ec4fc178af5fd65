"""Who may be one and the same: people who go by one name, whoever of them was entered under it and whoever has it as an
alias; and organisations that do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from apps.curation.models import Organisation, Person

_FEW_NAMES = 20  # as many as aliases are searched for; with more, all aliases are looked through


def called(people: Iterable[Person]) -> set[str]:
    """Every name that people go by, their e-mail addresses among them."""
    return every_form(name for one in people for name in (one.name, *one.aliases, one.email))


def every_form(names: Iterable[str]) -> set[str]:
    """Names as they are written, and as they are said where the family name comes first: Zarnecki, Quill."""
    found = set(names)
    parts = [name.partition(",") for name in found]
    return {
        one.strip() for one in (*found, *(f"{given.strip()} {family}" for family, comma, given in parts if comma))
    } - {""}


def called_so(names: Iterable[str]) -> frozenset[Person]:
    """Whoever goes by one of these names."""
    if not (wanted := every_form(names)):
        return frozenset()
    # A family name is any number of words at a name's end.
    words = [name.split() for name in wanted]
    is_likely = Q(family_name__among={" ".join(one[i:]) for one in words for i in range(len(one))})
    is_likely |= Q(email__among={name for name in wanted if "@" in name})
    if len(wanted) > _FEW_NAMES:
        is_likely |= ~Q(aliases="")
    else:
        for one in words:  # whichever way round the alias is
            is_likely |= Q(aliases__contains=one[-1])
    return frozenset(one for one in Person.objects.filter(is_likely) if not wanted.isdisjoint(called([one])))


def alike(people: Iterable[Person]) -> frozenset[Person]:
    """These people, and whoever goes by a name of theirs, or of one of those: somebody may have been entered twice, or
    more often."""
    found = fresh = frozenset(people)
    while fresh:
        fresh = called_so(called(fresh)) - found
        found |= fresh
    return found


def who_is_meant(people: Iterable[Person]) -> dict[int, set[int]]:
    """Whom of some people each may be, themselves and whoever goes by a name of theirs, all by their primary keys."""
    by_name: dict[str, set[int]] = defaultdict(set)
    for one in (known := frozenset(people)):
        for name in called([one]):
            by_name[name].add(one.pk)
    return {
        one.pk: set[int]().union(*(by_name[name] for name in called([one]) & by_name.keys())) for one in alike(known)
    }


def bodies_alike(bodies: Iterable[Organisation]) -> frozenset[Organisation]:
    """These organisations, and whichever go by a name of theirs. That two have an acronym in common says nothing: every
    state has an MFA."""
    bodies = frozenset(bodies)
    names = {name for one in bodies for name in (one.name, *one.aliases)}
    acronyms = {one.acronym for one in bodies} - {""}
    is_likely = Q(name__in=names | acronyms) | Q(acronym__in=names) | ~Q(aliases="")
    return bodies | {
        one
        for one in Organisation.objects.filter(is_likely)
        if one.acronym in names or not (names | acronyms).isdisjoint((one.name, *one.aliases))
    }
