"""Invented words for a synthetic corpus: titles that read like claims, sentences, topics, holders, dates.

Some words are very common and most are rare, as in real notes: ranks follow Zipf's law.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import TypeVar

from apps.gate.descriptors import Descriptor
from apps.public.catalogue.content import Holder
from apps.taxonomy.vocabulary import Vocabulary
from apps.taxonomy.words import Quantifier, Rule, Sector, Stance

T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 2014, 2026
_SENTENCES, _NAMES = 30_000, 3_000


def _words(text: str) -> list[str]:
    return [" ".join(word.split()) for word in text.split("|")]


_ACTORS = _words(
    """allies|partners|planners|governments|commanders|the alliance|host nations|defence ministries
    |smaller allies|the United States|European allies|Asian allies|parliaments|regional partners|staffs
    |both theatres|industry"""
)
_MODALS = ("should", "can", "cannot", "need to", "will have to", "ought to", "rarely", "seldom", "must")
_VERBS = _words(
    """deter|plan for|invest in|rehearse|signal|share the burden of|explain|rely on|adapt|integrate|reassure
    |prepare|defend|consult on|measure|prioritise|disperse|harden|stockpile|coordinate
    |divide the labor of|learn from"""
)
_QUALITIES = _words(
    """extended|conventional|nuclear|integrated|cross-regional|combined|credible|forward|layered|resilient
    |joint|early|visible|limited|regional|shared|flexible|distributed|quiet|trilateral|timely|mobile"""
)
_OBJECTS = _words(
    """deterrence|escalation|assurance|planning|consultation|missile defence|crisis communication|readiness
    |posture|resilience|signalling|logistics|munitions production|cyber defence|space awareness|basing
    |interoperability|intelligence|arms control|air defence|undersea surveillance
    |critical infrastructure|information operations|mobilisation|endurance|command arrangements
    |reinforcement|burden sharing|war termination|gray-zone response|exercises|export controls
    |technology sharing|maritime patrols|long-range strike|civil defence|stockpiles|sanctions
    |energy security"""
)
_ENDS = _words(
    """before a crisis|in peacetime|with fewer forces|under pressure|over a decade|against two adversaries
    |at short notice|without new commitments|across theatres|within existing budgets
    |after the next election|despite distance|in public|below the threshold of war|for the long term
    |in a protracted conflict|with partners outside treaties"""
)
_OPENINGS = _words(
    """Speakers held that|The discussion came back to the point that|It was argued that
    |A paper for the session said that|Several examples were given of how|Doubts remained whether
    |The question was raised whether|There was agreement that|Experience was said to show that
    |The counter-argument was that|Notes of the session record that"""
)
_LINKS = _words("""while|because|unless|so that|although|even where|as long as|until|since|provided that""")
_SYLLABLES = "bar cal dor fen gil har kes lam mor nev ost pel quin rav sel tor ul ver wyn yar zel".split()


def skewed(values: Sequence[T], rng: random.Random, length: int = 2_000) -> list[T]:
    """Draws from the values, the first of them most often, ready to be picked from."""
    return rng.choices(values, [1 / (rank + 2) for rank in range(len(values))], k=length)


class Inventor:
    """Makes things up, the same ones for the same seed."""

    def __init__(self, seed: str, vocabulary: Vocabulary) -> None:
        self.rng = rng = random.Random(seed)  # noqa: S311  (nothing here is a secret)
        self._parts = [skewed(words, rng) for words in (_ACTORS, _MODALS, _VERBS, _QUALITIES, _OBJECTS, _ENDS)]
        self._openings, self._links = skewed(_OPENINGS, rng), skewed(_LINKS, rng)
        self._names = skewed(["".join(rng.sample(_SYLLABLES, 3)).title() for _ in range(_NAMES)], rng, 20_000)
        self._sentences = [self._sentence() for _ in range(_SENTENCES)]
        self._regions = skewed(_shuffled(list(vocabulary.regions.nodes), rng), rng)
        self._themes = skewed(_shuffled(list(vocabulary.themes.nodes), rng), rng)
        self._labels = {
            slug: node.name for h in (vocabulary.regions, vocabulary.themes) for slug, node in h.nodes.items()
        }
        self._tags = skewed([f"{quality} {thing}" for quality in _QUALITIES[:8] for thing in _OBJECTS[:24]], rng)
        self._holders = skewed(self._descriptors(list(vocabulary.regions.nodes)), rng)
        self._quantifiers = skewed(
            (Quantifier.SOME, Quantifier.ONE, Quantifier.MANY, Quantifier.FEW, Quantifier.MOST), rng
        )
        self._stances = skewed((Stance.SUPPORTS, Stance.QUALIFIES, Stance.OPPOSES, Stance.NEUTRAL), rng)
        self._rules = skewed((Rule.CHATHAM_HOUSE, Rule.NOT_FOR_ATTRIBUTION, Rule.ON_THE_RECORD), rng)

    def pick(self, values: Sequence[T]) -> T:
        return values[int(self.rng.random() * len(values))]

    def clause(self) -> str:
        """Allies should rehearse extended deterrence before a crisis, in the middle of a sentence."""
        return " ".join(map(self.pick, self._parts))

    def claim(self) -> str:
        """Allies should rehearse extended deterrence before a crisis."""
        text = self.clause()
        return text[0].upper() + text[1:]

    def summary(self, region: str, theme: str) -> str:
        """Two or three sentences, the first of which names what they are about: with the title some 50 words."""
        first = f"On {self._labels[theme]} in {self._labels[region]}."
        return " ".join([first, *(self.pick(self._sentences) for _ in range(1 + (self.rng.random() < 0.25)))])

    def regions(self) -> list[str]:
        return sorted({self.pick(self._regions) for _ in range(self.pick((1, 1, 1, 2, 2, 3)))})

    def themes(self) -> list[str]:
        return sorted({self.pick(self._themes) for _ in range(self.pick((1, 1, 2, 2, 3)))})

    def tags(self) -> list[str]:
        return sorted({self.pick(self._tags) for _ in range(self.pick((0, 0, 1, 1, 2, 3)))})

    def stance(self) -> str:
        return self.pick(self._stances).value

    def rule(self) -> str:
        return self.pick(self._rules).value

    def name(self) -> str:
        return self.pick(self._names)

    def holder(self) -> Holder:
        quantifier = self.pick(self._quantifiers)
        descriptor = self.pick(self._holders)[quantifier != Quantifier.ONE]
        text = f"{quantifier.label.lower()} {descriptor}"
        return Holder(quantifier=quantifier.value, descriptor=descriptor, names=[], role="", text=text)

    def days(self) -> tuple[dt.date, dt.date]:
        """The first and last day of a workshop of one to three days."""
        days = (dt.date(LAST_YEAR, 6, 30) - dt.date(FIRST_YEAR, 1, 1)).days
        first = dt.date(FIRST_YEAR, 1, 1) + dt.timedelta(days=int(self.rng.random() * days))
        return first, first + dt.timedelta(days=self.pick((0, 1, 1, 2)))

    def _sentence(self) -> str:
        middle = f"{self.clause()} {self.pick(self._links)} {self.clause()}"
        end = f", as exercise {self.name()} suggested" if self.rng.random() < 0.3 else ""
        return f"{self.pick(self._openings)} {middle}{end}."

    def _descriptors(self, regions: list[str]) -> list[tuple[str, str]]:
        """Descriptions of people, for one and for several."""
        found = [Descriptor(), *(Descriptor(sector=sector.value) for sector in Sector)]
        for region in _shuffled(regions, self.rng):
            found += [
                Descriptor(expertise=region),
                *(Descriptor(expertise=region, sector=s.value) for s in list(Sector)[:6]),
            ]
        return [(one.words(plural=False), one.words()) for one in found]


def _shuffled(values: list[T], rng: random.Random) -> list[T]:
    return rng.sample(sorted(values), len(values))  # type: ignore[type-var]
