"""Who may be one and the same: people who go by one name, whoever of them was entered under it and whoever has it as an
alias."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from apps.curation.models import Person

_FEW_NAMES = 20  # as many as aliases are searched for; with more, all aliases are looked through


def called(people: Iterable[Person]) -> set[str]:
    """Every name that people go by."""
    return {name for one in people for name in (one.name, *one.aliases)}


def called_so(names: Iterable[str]) -> frozenset[Person]:
    """Whoever goes by one of these names."""
    if not (wanted := set(names)):
        return frozenset()
    # A family name is any number of words at a name's end.
    words = [name.split() for name in wanted]
    is_likely = Q(family_name__among={" ".join(one[i:]) for one in words for i in range(len(one))})
    if len(wanted) > _FEW_NAMES:
        is_likely |= ~Q(aliases="")
    else:
        for name in wanted:
            is_likely |= Q(aliases__contains=name)
    return frozenset(one for one in Person.objects.filter(is_likely) if not wanted.isdisjoint(called([one])))


def alike(people: Iterable[Person]) -> frozenset[Person]:
    """These people, and whoever goes by a name of theirs: somebody may have been entered twice."""
    people = frozenset(people)
    return people | called_so(called(people))
