"""Who holds what a sentence says, as far as its wording tells: how many, and of what description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django_countries import countries

from apps.curation.intake import phrases
from apps.curation.intake.tables.holders import (
    ALONE,
    DEFINITE,
    EXPERTS,
    HOLDERS,
    HOW_MANY,
    IRREGULAR,
    LEAD_TO_THEM,
    MODIFIERS,
    NEVER_BETWEEN,
    NEVER_SO,
    OF_THE_ROOM,
    PEOPLES,
    SECTOR_WORDS,
)
from apps.curation.intake.tables.stances import VERBS
from apps.curation.intake.terms import TermFinder
from apps.taxonomy.vocabulary import Hierarchy
from apps.taxonomy.words import Quantifier, Role, Sector

# Peoples are holders too: “many Americans”.
_PEOPLES = {
    phrases.plain(word.replace("-", " ")): code for code, names in PEOPLES.items() for word in names.split()
    if word.endswith("s")
}  # fmt: skip
_PLURALS = {IRREGULAR.get(noun, f"{noun}s"): noun for noun in HOLDERS}
_SINGULARS = {noun: noun for noun in HOLDERS}
_NOUNS = {**_SINGULARS, **_PLURALS}
_HOW_MANY, _ALONE, _OF_THE_ROOM = phrases.keys(HOW_MANY), phrases.keys(ALONE), phrases.keys(OF_THE_ROOM)
_SECTORS = phrases.keys(SECTOR_WORDS)

# A word between “some” and “officials”: no preposition, no verb that would begin something else.
_BETWEEN = rf"(?!{phrases.pattern(phrases.split(NEVER_BETWEEN))}\b)[^\W_][\w’'.-]*,?"
_NOUN = phrases.pattern([*sorted(_NOUNS), *(word.title() for word in _PEOPLES)])
_MODIFIERS = phrases.pattern([*phrases.split(MODIFIERS), *_SECTORS])
_ANY_SECTOR = phrases.words(phrase for table in SECTOR_WORDS.values() for phrase in phrases.split(table))
_ANY_NOUN = phrases.words([*_NOUNS, *_PEOPLES])
_AFTER = r"(?P<after>\s+(?:from|on|of)\s+(?:the\s+)?(?:[A-Z][\w-]*|[a-z-]+)(?:\s+[A-Z][\w-]*|\s+[a-z]+s?){0,2})?"
_MEMBERS = re.compile(
    rf"(?<![\w’'-])(?P<many>{phrases.pattern(_HOW_MANY)})(?P<of>\s+of)?(?:\s+(?:the|those|these|our|its|their))?"
    rf"(?P<between>(?:\s+{_BETWEEN}){{0,4}}?)\s+(?P<noun>{_NOUN})(?![\w-]){_AFTER}"
)
_PLAIN = re.compile(
    rf"(?<![\w’'-])(?:(?P<the>[Tt]he|[Yy]our|[Oo]ur)\s+)?(?P<between>(?:(?:(?!The\s)[A-Z][\w’'.-]*|{_MODIFIERS})\s+){{0,3}}?)"
    rf"(?P<noun>{_NOUN})(?![\w-]){_AFTER}"
)
_FORMS = [form for table in VERBS.values() for verb in phrases.split(table) for form in phrases.verbs(verb)]
_AUXILIARIES = "were was are had have would could did do may might"
_SAYS = rf"(?:{phrases.pattern(_FORMS)}|{phrases.pattern(_AUXILIARIES.split())})(?![\w-])"
_THEM = phrases.pattern(set(_ALONE) - {*phrases.split(NEVER_SO)})
# An agent or a hearer: “was disputed by some”, “to others it was overdue”, “…, somebody quipped, …”.
_OF_THEM = re.compile(
    rf"(?:\b{phrases.pattern(phrases.split(LEAD_TO_THEM))}\s+|^(?:To|For)\s+|,\s+|,\s+said\s+)(?P<many>{_THEM})"
    rf"(?=\s*(?:[.,;:]|$)|\s+(?:it|that|this|of those|in the room|present|{_SAYS}|[a-z]{{3,}}ed\b))",
    re.IGNORECASE,
)
_SAYS_NEXT = re.compile(rf"\s+(?:[a-z]+ly\s+)?{_SAYS}")
_IS_HELD_BY = re.compile(r"(?:\b[a-z]+(?:ed|n|d)\s+by|[Aa]ccording to)\Z")
_BY_THEMSELVES = re.compile(
    rf"(?:^|(?<=[,;:]\s)|(?<=\bwhile\s)|(?<=\bWhile\s)|(?<=\bbut\s))\W*(?:(?:but|while|yet|still|however|also),?\s+)?"
    rf"(?P<many>{phrases.pattern(_ALONE)})(?P<in>\s+in\s+(?:the\s+)?[\w-]+)?"
    rf"(?:\s+[a-z]+ly|,[^,]{{1,60}},|\s+also|\s+present)?\s+(?:{_SAYS}|[a-z]{{3,}}ed\b)",
    re.IGNORECASE,
)
_ROOM = phrases.words(_OF_THE_ROOM)


_OF_ONE = {many for many, quantifier in _HOW_MANY.items() if quantifier is Quantifier.ONE}


def _is_plural(noun: str) -> bool:
    word = phrases.plain(noun).replace(" ", "-")
    return word in _PLURALS and word not in _SINGULARS


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder as a sentence words it: a quantifier, parts of a description, and the words themselves with their place.

    `phrase` is the description without the quantifier, as an article words it: “European officials”.
    """

    quantifier: str = ""
    expertise: str = ""  # a region's slug
    sector: str = ""
    country: str = ""  # ISO 3166
    role: str = ""
    phrase: str = ""
    start: int = 0
    end: int = 0
    counted_by: str = ""  # “none of”, “few”: what a reader of stances needs
    left_out: str = ""  # a word of the description that fits none of the parts


class HolderReader:
    """Reads holders by the tables of wording and the regions of the vocabulary."""

    def __init__(self, regions: Hierarchy, finder: TermFinder) -> None:
        self._regions = regions
        self._finder = finder
        self._countries = {
            phrases.plain(word.replace("-", " ")): code for code, names in PEOPLES.items() for word in names.split()
        }
        self._countries |= {phrases.plain(name): code for code, name in countries}
        self._countries |= {
            phrases.plain(label): node.countries[0]
            for node in regions.nodes.values() if len(node.countries) == 1
            for label in (node.name, *node.alternative_names)
        }  # fmt: skip
        self._longest_first = sorted(self._countries.items(), key=lambda one: -len(one[0]))

    def read(self, sentence: str) -> Holder | None:
        """Who is named first as holding what a sentence says; None where nobody is."""
        found = self.all(sentence)
        return found[0] if found else self._room(sentence)

    def all(self, sentence: str) -> list[Holder]:
        """Everybody who is named as holding something, in order; those of whom it is said how many go first."""
        counted = list(self._counted(sentence))
        plain = [
            one for one in self._plain(sentence) if not any(one.start < c.end and c.start < one.end for c in counted)
        ]
        if not counted and plain:
            room = self._room(sentence)
            plain = [replace(plain[0], quantifier=room.quantifier), *plain[1:]] if room else plain
        return counted or plain

    def _counted(self, sentence: str) -> Iterator[Holder]:
        taken = 0
        members = _MEMBERS.finditer(sentence) if _ANY_NOUN.search(sentence) else ()
        matches = [*members, *_BY_THEMSELVES.finditer(sentence), *_OF_THEM.finditer(sentence)]
        for match in sorted(matches, key=lambda match: match.start("many")):
            if match.start("many") < taken:
                continue
            many = phrases.plain(match["many"])
            if match.re is not _MEMBERS:
                start, end = match.span("many")
                sector = self._sector(match["in"] or "", "") if match.re is _BY_THEMSELVES else ""
                yield Holder(_ALONE[many], start=start, end=end, sector=sector, counted_by=many)
            else:
                if many in ("a", "an", "another", "all", "no", "every", "each") and match["between"].count(" ") > 3:
                    continue
                if many in _OF_ONE and _is_plural(match["noun"]) and not match["of"]:
                    continue
                start, end = match.start("many"), match.end()
                yield self._described(match, Holder(_HOW_MANY[many], start=start, end=end, counted_by=many))
            taken = end

    def _plain(self, sentence: str) -> Iterator[Holder]:
        """“Participants argued”, “the chair said”, “NATO officials stressed”: nobody is counted."""
        for match in _PLAIN.finditer(sentence) if _ANY_NOUN.search(sentence) else ():
            noun = phrases.plain(match["noun"]).replace(" ", "-")
            is_one = noun in _SINGULARS and noun not in _PLURALS
            lead = sentence[: match.start()].strip()
            tail = sentence[match.end("noun") + len(self._after(match)) :]
            if is_one:
                says = bool(match["the"] and (noun in DEFINITE or _SAYS_NEXT.match(tail)))
                if not says and (lead or not tail.startswith(":")):
                    continue
            elif not (_IS_HELD_BY.search(lead) or _SAYS_NEXT.match(tail) or not lead):
                continue
            yield self._described(match, Holder(Quantifier.ONE if is_one else "", start=match.start(), end=match.end()))

    def _room(self, sentence: str) -> Holder | None:
        match = _ROOM.search(sentence)
        return Holder(_OF_THE_ROOM[phrases.plain(match[0])]) if match else None

    # --- The parts of a description

    def _described(self, match: re.Match[str], holder: Holder) -> Holder:
        noun = phrases.plain(match["noun"]).replace(" ", "-")
        singular = _NOUNS.get(noun, noun)
        sector, role = HOLDERS.get(singular, (None, None))
        between = match["between"].strip()
        after = self._after(match)
        holder = replace(
            holder,
            end=match.end("noun") + len(after),
            sector=self._sector(between, after) or (sector or ""),
            role=role or "",
            phrase=" ".join(f"{between} {match['noun']}{after}".split()),
        )
        if code := _PEOPLES.get(noun.replace("-", " ")):
            return replace(holder, country=code)
        return self._with_place(holder, singular, between, after)

    def _after(self, match: re.Match[str]) -> str:
        """What follows the noun, as far as it describes: “from Japan”, “on Southeast Asia”, “from industry”."""
        after = match["after"] or ""
        words = after.split()
        for length in range(len(words), 1, -1):
            name = " ".join(words[1:length]).removeprefix("the ")
            known = self._finder.find(name) if name else []
            covers = len(known) == 1 and known[0].start == 0 and known[0].end >= len(name) - len(" region")
            is_sector = words[0] == "from" and phrases.plain(name) in _SECTORS
            is_country = words[0] == "from" and phrases.plain(name) in self._countries
            if (words[0] in ("from", "on") and covers) or is_sector or is_country:
                cut = re.match(r"\s+" + r"\s+".join(map(re.escape, words[:length])), after)
                return cut[0] if cut else ""
        return ""

    def _sector(self, between: str, after: str) -> str:
        match = _ANY_SECTOR.search(f"{between} {after}")
        return _SECTORS[phrases.plain(match[0])] if match else ""

    def _with_place(self, holder: Holder, noun: str, between: str, after: str) -> Holder:
        """A people is a country; a region or country before “experts”, or after “on”, is an expertise."""
        if after.split()[:1] == ["on"]:
            return replace(holder, expertise=self._finder.find(after)[0].slug)
        place = f"{between} {after}"
        found = self._finder.find(place)
        country = next((code for name, code in self._named(place)), "")
        if not (found or country):
            return holder
        words = phrases.plain(place[found[0].start : found[0].end]) if found else ""
        is_name = bool(found) and (self._is_label(words) or not self._countries.get(words))
        if noun in EXPERTS and is_name and not after and not re.fullmatch("us|usa|uk", words):
            return replace(holder, expertise=found[0].slug)
        if country:
            return replace(holder, country=country)
        return replace(holder, left_out=place[found[0].start : found[0].end])

    def _is_label(self, words: str) -> bool:
        return self._regions.find(words) is not None

    def _named(self, place: str) -> Iterator[tuple[str, str]]:
        """The countries and peoples in a few words, the longest first: South Korean before Korean."""
        shown = f" {phrases.plain(place).replace('-', ' ')} "
        for name, code in self._longest_first:
            if f" {name} " in shown and (len(name) > 3 or f" {name.upper()} " in f" {place.replace('-', ' ')} "):
                yield name, code


def as_fields(holder: Holder | None) -> dict[str, str]:
    """The parts that a position has fields for."""
    holder = holder or Holder()
    return {
        "quantifier": Quantifier(holder.quantifier).value if holder.quantifier else "",
        "expertise": holder.expertise,
        "sector": Sector(holder.sector).value if holder.sector else "",
        "country": holder.country,
        "role": Role(holder.role).value if holder.role else "",
    }
