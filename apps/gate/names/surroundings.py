"""A common word that is also somebody's name, judged by what stands around it: the name, maybe, or the word."""

from __future__ import annotations

from apps.gate.names.common import (
    ADVERBS,
    ARTICLES,
    ASIDES,
    AUXILIARIES,
    COMMON,
    FREQUENT,
    LEAD_TO_DATES,
    LEAD_TO_PEOPLE,
    LEAD_TO_PLACES,
    LINKS,
    MONTHS,
    OFTEN_FIRST,
    OPENERS,
    ORDINALS,
    OTHERS,
    PHRASES,
    PLACES,
    PLURALS,
    ROLES,
    SAYINGS,
    SHORT,
    TITLES,
)
from apps.gate.names.text import HYPHENS, Start, Text, Word

_AFTER_A_NAME = frozenset("',’,(:.&—–)]}/”»\"") | {""}
_ASIDE = (" (", " –", " —", " -", " /", " &")
_NOTHING = Word("", 0, 0, frozenset())


class Surroundings:
    """What stands before and after some words of a text."""

    def __init__(self, text: Text, first: int, last: int) -> None:
        self.text, self.first, self.last = text, first, last
        words = text.words
        self.word = words[first]
        self.before = words[first - 1] if first else _NOTHING
        self.after = words[last + 1] if last + 1 < len(words) else _NOTHING
        self.gap_before, self.gap_after = text.gap(first), text.gap(last + 1)
        self.start = text.start(first)

    def judge(self, given: frozenset[str]) -> bool | None:
        """Whether a capitalised common word names somebody with these given names: yes, maybe (False), no (None)."""
        word = self.word
        if self.text.is_glued(self.first, self.last) or self.is_in_phrase():
            return None
        if self.is_introduced(given):
            opens = self.before.forms & FREQUENT and self._opens(self.first - 1)  # Will power ...
            return not (self.is_followed_by_capital() or (opens and not self.acts_as_name()))
        if word.forms & MONTHS and self.is_dated():
            return None
        if word.forms & ROLES and self.is_followed_by_capital():
            return None
        if self.is_title_case():
            return False if self.is_telling_in_title_case() else None
        if word.forms & PLACES and self.before.text.casefold() in LEAD_TO_PLACES:
            return None
        if self.start is Start.SENTENCE:
            return self._judge_first()
        return self._judge_within()

    def _judge_first(self) -> bool | None:
        """The first word of a sentence has its capital anyway."""
        if self.is_speaking() and not self.word.forms & PLACES:
            return True
        if self.word.forms & OFTEN_FIRST and not self.acts_as_name():
            return None
        return False

    def _judge_within(self) -> bool | None:
        """Within a sentence a capital is a choice."""
        if self.before.text.casefold() in ARTICLES and self.gap_before == " ":
            eponym = self.gap_after == " " and self.after.text.islower() and not self.acts_as_name()
            eponym = eponym and self.after.text not in LINKS  # the Price proposal, not the price of it
            return False if eponym and not self.word.forms & MONTHS else None
        if self.word.forms & PLACES or self.is_followed_by_capital() or self.is_joined():
            return False
        if (self.word.text.isupper() and len(self.word.text) <= SHORT) or self.after.text.isdecimal():
            return False
        if (
            self.word.forms & MONTHS or self.is_preceded_by_capital() or self.is_of_something()
        ) and not self.is_speaking():
            return False
        return self.start is Start.NO

    def is_introduced(self, given: frozenset[str]) -> bool:
        """Mr May, Theresa May, T. May."""
        if not self.first or not self.before.is_capitalised or not self.text.joint(self.first).between:
            return False
        is_initial = len(self.before.text) == 1 and "." in self.gap_before
        return is_initial or not self.before.forms.isdisjoint(given | TITLES)

    def is_speaking(self) -> bool:
        """May argued; May strongly agreed."""
        return self._verb() in SAYINGS

    def acts_as_name(self) -> bool:
        """Whether what follows could follow a name: a verb, an apostrophe, a comma, the end, another name."""
        gap, after = self.gap_after, self.after.text.casefold()
        if gap != " ":
            return "\n" in gap or gap[:1] in _AFTER_A_NAME or gap.startswith(_ASIDE)
        beyond = self._word(self.last + 2)
        if f"{after} {beyond.text.casefold()}" in ASIDES:  # Price in turn asked
            return True
        if after in ("and", "or"):
            return beyond.is_capitalised or beyond.text in OTHERS
        if after in ("on", "versus", "vs"):  # Price on Escalation
            return beyond.is_capitalised
        verb = self._verb()
        if verb in AUXILIARIES or verb in SAYINGS:
            return True
        return len(verb) > 3 and verb.endswith(("s", "ed")) and not verb.endswith("ss") and verb not in PLURALS

    def _verb(self) -> str:
        """The next word if it is one of this sentence, or the one after an adverb: where a name has its verb."""
        after = self.after.text.casefold()
        if self.gap_after != " ":
            return ""
        is_adverb = after in ADVERBS or (after.endswith("ly") and len(after) > 4)
        return self._word(self.last + 2).text.casefold() if is_adverb else after

    def is_in_phrase(self) -> bool:
        """Air Force, Wall Street, King's College; the Secretary of State."""
        word, before = self.word.text.casefold(), self.before.text.casefold()
        after, beyond = self.after.text.casefold(), self._word(self.last + 2).text.casefold()
        if {f"{before} {word}", f"{word} {after}", f"{word}'{after} {beyond}"} & PHRASES:
            return True
        return self.is_of_something() and not self._opens(self.first - 2)

    def is_of_something(self) -> bool:
        """Secretary of State; Critics of Price."""
        return self.before.text == "of" and self._word(self.first - 2).is_capitalised

    def is_dated(self) -> bool:
        """May 2023, 6 May, the 6th of May, end of May, since May, from March to May, May Day; not: May argued."""
        before, beyond, after = self.before.text.casefold(), self._word(self.first - 2), self.after.text
        if (after.isdecimal() and len(self.gap_after) < 3) or (before.isdecimal() and "," not in self.gap_before):
            return True
        if (self.before.forms | self.after.forms) & (MONTHS - {"may", "march"}) or before in ORDINALS:
            return True
        if before in ("and", "or", "to", "of", "through"):
            return beyond.text in ORDINALS | {"end", "middle", "start"} or not beyond.forms.isdisjoint(MONTHS)
        return before in LEAD_TO_DATES and not self.is_speaking()

    def is_title_case(self) -> bool:
        """Whether the words around are capitalised as in a heading, so that a capital says nothing."""
        around = [self._word(i) for i in range(self.first - 5, self.last + 6) if not self.first <= i <= self.last]
        telling = [word for word in around if word.text.isalpha() and word.text.casefold() not in LINKS | ARTICLES]
        if not self.word.text.isupper():
            telling = [word for word in telling if not word.text.isupper()]  # NATO is written so anywhere
        return len(telling) > 1 and all(word.is_capitalised for word in telling)

    def is_telling_in_title_case(self) -> bool:
        """Long Argues for Restraint; A Conversation with Price; Present: Vexley, Price, Umbrith; Price's Proposal."""
        listed = "," in self.gap_before + self.gap_after
        possessive = self.gap_after in ("'", "’") and self.after.text == "s"
        leads = self.before.text.casefold() in LEAD_TO_PEOPLE
        alone = "\n" in self.gap_after and ("\n" in self.gap_before or ":" in self.gap_before or not self.first)
        return listed or possessive or leads or alone or self.is_speaking() or self._acts_in_a_title()

    def _acts_in_a_title(self) -> bool:
        """Price Backs New Talks; Price and Green on Escalation; Price Versus Green; Why Price Is Wrong."""
        after, beyond = self.after.text.casefold(), self._word(self.last + 2)
        if self.gap_after != " " or self.before.text.casefold() == "how":  # How Long Can Stocks Last?
            return False
        if after in ("and", "or"):
            return bool(beyond.forms & COMMON) and self._word(self.last + 3).text.casefold() == "on"
        return after in ("on", "versus", "vs", "v", "et") or (
            self.acts_as_name() and (after not in LINKS or after in AUXILIARIES)
        )

    def is_followed_by_capital(self) -> bool:
        return self.gap_after == " " and self.after.is_capitalised

    def is_preceded_by_capital(self) -> bool:
        """Robert Price, Nuclear Force; not: But Price."""
        if self.gap_before != " " or not self.before.is_capitalised:
            return False
        return not self._opens(self.first - 1) or self.before.forms.isdisjoint(OPENERS)

    def is_joined(self) -> bool:
        """Whether a hyphen joins it to another word."""
        return self.gap_before in HYPHENS or self.gap_after in HYPHENS

    def _opens(self, i: int) -> bool:
        return self.text.start(i) is not Start.NO

    def _word(self, i: int) -> Word:
        return self.text.words[i] if 0 <= i < len(self.text.words) else _NOTHING
