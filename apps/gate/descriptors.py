"""The holder of a position as the public may read it: names where the rule allows, else a description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from apps.curation.models import Position
from apps.gate.meetings import Attendee, Known
from apps.gate.rules import may_name_speakers
from apps.gate.same import that_may_be_one
from apps.public.catalogue.content import Holder
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Quantifier, Role, Sector

FLOOR = 3
FEWEST_ORGANISATIONS = 2

_NOUNS = {
    Sector.GOVERNMENT: ("official", "officials"),
    Sector.MILITARY: ("military participant", "military participants"),
    Sector.INTERNATIONAL: ("international official", "international officials"),
    Sector.LABORATORY: ("laboratory expert", "laboratory experts"),
    Sector.THINK_TANK: ("think-tank analyst", "think-tank analysts"),
    Sector.UNIVERSITY: ("academic", "academics"),
    Sector.INDUSTRY: ("industry representative", "industry representatives"),
    Sector.MEDIA: ("journalist", "journalists"),
    Sector.CIVIL_SOCIETY: ("civil-society representative", "civil-society representatives"),
}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A description of people, built from attendance: each part empty or set."""

    expertise: str = ""  # a region's slug
    sector: str = ""
    country: str = ""
    country_name: str = ""
    role: str = ""

    @classmethod
    def of(cls, position: Position) -> Descriptor:
        country: Any = position.descriptor_country  # a Country, whatever the field's stubs say
        return cls(
            expertise=position.descriptor_expertise.slug if position.descriptor_expertise else "",
            sector=position.descriptor_sector,
            country=country.code or "",
            country_name=country.name or "",
            role=position.descriptor_role,
        )

    @property
    def is_widest(self) -> bool:
        return self == Descriptor()

    def fits(self, one: Attendee) -> bool:
        """Whether somebody who attended is described; expertise on a region covers what is beneath it."""
        return (
            self.sector in ("", one.sector)
            and self.country in ("", one.country)
            and self.role in ("", one.role)
            and (not self.expertise or self.expertise in one.expertise)
        )

    def words(self, plural: bool = True) -> str:
        """Asia experts; officials from Japan; a speaker: in English, without the quantifier."""
        if self.sector:
            noun = _NOUNS[Sector(self.sector)][plural]
        elif self.role and self.role != Role.PARTICIPANT:
            noun = Role(self.role).label.lower() + ("s" if plural else "")
        elif self.expertise:
            noun = "experts" if plural else "expert"
        else:
            noun = "participants" if plural else "participant"
        known = vocabulary().regions
        region = known[self.expertise].name if self.expertise in known else self.expertise
        parts = [f"{region} {noun}" if noun.startswith("expert") else noun]
        if region and not noun.startswith("expert"):
            parts.append(f"with expertise on {region}")
        if self.country_name:
            parts.append(f"from {self.country_name}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Fit:
    """How many distinct people, from how many distinct organisations, a descriptor describes."""

    people: int
    organisations: int


def count(descriptor: Descriptor, attendees: Iterable[Attendee]) -> Fit:
    """Count who fits. People of one surname and initial, or called the same, may be one and the same, and so may
    organisations that share a name: they count once."""
    fitting = [one for one in attendees if descriptor.fits(one)]
    people = {one.person for one in fitting}
    bodies = that_may_be_one({one.body: one.body.called for one in fitting if one.body})
    # One that all of them came from is the speaker's, whatever else some of them came from.
    has_all = any({one.person for one in fitting if one.body in body} == people for body in bodies)
    return Fit(people=distinct_people(people), organisations=1 if has_all else len(bodies))


def distinct_people(people: set[Known]) -> int:
    """How many there are at least. Somebody without given names may be anybody of that surname."""
    initialled = {one.key[0] for one in people if one.key[1]}
    counted = [one for one in people if one.key[1] or one.key[0] not in initialled]
    return len(that_may_be_one({one: {one.key, *one.called} for one in counted}))


def thresholds() -> tuple[int, int]:
    """People, and organisations among them, that a descriptor must describe. No setting goes under the floor."""
    return max(settings.GATE_FEWEST_PEOPLE, FLOOR), FEWEST_ORGANISATIONS


def is_wide_enough(fit: Fit) -> bool:
    people, organisations = thresholds()
    return fit.people >= people and fit.organisations >= organisations


def nearest_wider(descriptor: Descriptor, attendees: list[Attendee]) -> list[tuple[Descriptor, Fit]]:
    """The wider descriptors that would pass, nearest first: those that no other passing one lies between."""
    passing: list[tuple[Descriptor, Fit]] = []
    layer = [descriptor]
    while layer and not passing:
        layer = list(dict.fromkeys(wider for one in layer for wider in _one_step_wider(one)))
        passing = [(one, fit) for one in layer if is_wide_enough(fit := count(one, attendees))]
    return passing[:3]


def _one_step_wider(descriptor: Descriptor) -> Iterator[Descriptor]:
    """Without one of its parts, or with the next wider region."""
    if descriptor.expertise:
        known = vocabulary().regions
        for above in known[descriptor.expertise].above if descriptor.expertise in known else ():
            yield replace(descriptor, expertise=above)
        yield replace(descriptor, expertise="")
    if descriptor.country:
        yield replace(descriptor, country="", country_name="")
    if descriptor.role:
        yield replace(descriptor, role="")
    if descriptor.sector:
        yield replace(descriptor, sector="")


def holder_of(position: Position) -> Holder:
    """The public face of a position's holder. Names enter here and nowhere else."""
    quantifier = Quantifier(position.quantifier).label.lower() if position.quantifier else ""
    if may_name_speakers(position) and (speakers := list(position.speakers.all())):
        authors = (
            [one.person for one in position.article.authorships.select_related("person")] if position.article else []
        )
        role = "author" if set(speakers) <= set(authors) else ""
        names = [
            one.name for one in (authors if role else speakers) if one in speakers
        ]  # authors as the article has them
        text = join_words(names) + (f" ({'authors' if len(names) > 1 else 'author'})" if role else "")
        return Holder(quantifier="", descriptor="", names=names, role=role, text=text)
    if position.article:
        descriptor = position.reported_as
    else:
        descriptor = Descriptor.of(position).words(plural=position.quantifier != Quantifier.ONE)
    return Holder(
        quantifier=position.quantifier,
        descriptor=descriptor,
        names=[],
        role="",
        text=f"{quantifier} {descriptor}".strip() if descriptor else "",
    )


def join_words(words: list[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
