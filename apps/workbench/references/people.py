"""Who of the people here an author's name may be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from apps.curation.models import Organisation, Person
from apps.curation.references.items import Name
from apps.curation.references.keys import words_key


@dataclass(frozen=True, slots=True)
class Author:
    """An author of a reference: the people who may be meant, and whether it is one of them for certain."""

    name: Name
    people: tuple[Person, ...] = ()
    is_sure: bool = False  # one person has just this name, as it is or as an alias
    is_body: bool = False  # an institution, as far as can be told

    @property
    def default(self) -> str:
        """What is taken if nobody says otherwise; empty where somebody has to say."""
        if self.is_sure:
            return f"p{self.people[0].pk}"
        if self.people:
            return ""
        return "body" if self.is_body else "new"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, in words."""
        here = [(f"p{one.pk}", f"{one.name} ({one.slug}), who is here") for one in self.people]
        ask = [] if self.default else [("", "Who is it?")]
        return [*ask, *here, ("new", "A new person"), ("body", "No person: an institution")]


class People:
    """All people by the names that they go by: two queries."""

    def __init__(self) -> None:
        self._named: dict[str, dict[int, Person]] = defaultdict(dict)
        self._family: dict[str, dict[int, Person]] = defaultdict(dict)
        for person in Person.objects.all():
            self.meet(person)
        names = Organisation.objects.values_list("name", "acronym", "aliases")
        self._bodies = {words_key(one) for name, acronym, aliases in names for one in (name, acronym, *aliases) if one}

    def meet(self, person: Person) -> None:
        """Know somebody who has come to be here."""
        for name in (person.name, *person.aliases):
            family, comma, given = name.partition(",")
            self._named[words_key(f"{given} {family}" if comma else name)][person.pk] = person
        self._family[words_key(person.family_name)][person.pk] = person

    def author(self, name: Name) -> Author:
        """Somebody of just this name; else those whose given names could be these initials."""
        if same := self._named.get(words_key(str(name))):
            return Author(name, tuple(same.values()), is_sure=len(same) == 1)
        if name.is_whole:
            return Author(
                name, is_body=words_key(name.family) in self._bodies or " " in name.family or name.family.isupper()
            )
        family = self._family.get(words_key(name.family), {})
        return Author(name, tuple(one for one in family.values() if _could_be(name.given, one.given_names)))


def _could_be(given: str, other: str) -> bool:
    """Whether two ways to write given names could be one person's: each name is the other's, or its initial."""
    ours, theirs = words_key(given).split(), words_key(other).split()
    pairs = list(zip(ours, theirs, strict=False))
    return bool(pairs) and all(one.startswith(two) or two.startswith(one) for one, two in pairs)
