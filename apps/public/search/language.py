"""What somebody's typing means: words, "phrases", minus, OR, and operators such as region: or year:2018..2023.

Nothing typed is an error. What cannot be understood is searched as words, and a notice says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from apps.public.search import schema
from apps.taxonomy.vocabulary import Vocabulary
from apps.taxonomy.words import Kind, Stance

LONGEST = 1_000  # characters that are read
MOST_WORDS = 32  # that are searched for
OPERATORS = ("region", "theme", "by", "year", "kind", "tag", "stance")

_TOKEN = re.compile(
    rf"""(?P<minus>(?<!\S)-)?
         (?:(?P<operator>{"|".join(OPERATORS)}):\s*)?
         (?:"(?P<quoted>[^"]*)(?:"|$)|(?P<bare>[^\s"]+))""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTES = str.maketrans("“”„‟«»＂", '"""""""')
_UNSEARCHABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_YEARS = re.compile(r"(\d{4})(?:(?:\.\.|-|–)(\d{4}))?", re.ASCII)
# Words that say nothing alone. They count within a phrase, and where there is nothing else.
_EMPTY_WORDS = frozenset(
    """a about an and any are as at be been but by can could did do does for from had has have how i if in into is it
    its of on or our shall should so some such than that the their them then there these they this those to was we were
    what when where which who whom whose why will with would you your""".split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing to look for: words next to one another, in a record's text or in what says whose position it is."""

    text: str
    words: tuple[str, ...]  # as the field knows them
    field: Literal["text", "by"]
    quoted: bool
    start: int  # where its words stand in the typed text
    end: int

    @property
    def says_nothing(self) -> bool:
        return self.field == "text" and not self.quoted and self.text.casefold() in _EMPTY_WORDS


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, understood: every group must be found, through any of its clauses, and nothing excluded."""

    groups: tuple[tuple[Clause, ...], ...] = ()
    excluded: tuple[Clause, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def clauses(self) -> list[Clause]:
        return [clause for group in self.groups for clause in group]

    @property
    def words(self) -> list[str]:
        """Every word looked for in records' text, as the index knows it."""
        return [word for clause in self.clauses if clause.field == "text" for word in clause.words]

    @property
    def by(self) -> list[Clause]:
        return [clause for clause in self.clauses if clause.field == "by"]


@dataclass
class Selections:
    """What the operators in a text select, the text without them, and what to say about the others."""

    text: str
    chosen: list[tuple[str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def tidy(text: str) -> tuple[str, list[str]]:
    """The text as it is read: of a limited length, without characters that no text has; and what was left out."""
    notices = []
    if len(text) > LONGEST:
        text = text[:LONGEST]
        notices.append(f"Only the first {LONGEST:,} characters are searched.")
    if _UNSEARCHABLE.search(text):
        text = _UNSEARCHABLE.sub(" ", text)
        notices.append("Characters that are not text were left out.")
    return text.strip(), notices


def take_operators(text: str, known: Callable[[str, str], str | None]) -> Selections:
    """Take the operators whose value is ``known(name, value)`` out of a text; the others stay in it as words."""
    found = Selections(text)
    rest, end = [], 0
    for match in _TOKEN.finditer(text.translate(_QUOTES)):
        name = (match["operator"] or "").lower()
        value = _value(match)
        if not name or match["minus"] or not value:
            continue
        chosen = known(name, value)
        if chosen is not None:
            found.chosen.append((name, chosen))
            rest.append(text[end : match.start()])
            end = match.end()
        elif name != "by":  # whose words are searched in what says who holds a position
            found.notices.append(f"No {name} is called “{value}”, so its words are searched for.")
    if rest:
        words = "".join([*rest, text[end:]]).split()
        kept = [word for i, word in enumerate(words) if word not in ("OR", "AND") or 0 < i < len(words) - 1]
        found.text = " ".join(kept)
        if "OR" in words and len(kept) < len(words) and (kept or len({name for name, _ in found.chosen}) > 1):
            found.notices.append("OR joins words, or values of one filter; what else was joined by it must all hold.")
    return found


def known_value(name: str, value: str, vocabulary: Vocabulary) -> str | None:
    """The facet value that an operator's typed value stands for, of those that need no look at the index."""
    if name == "region" or name == "theme":
        node = vocabulary.hierarchy(name).find(value)  # type: ignore[arg-type]
        return node.slug if node else None
    if name == "year":
        match = _YEARS.fullmatch(value)
        if not match or (match[2] or match[1]) < match[1]:
            return None
        return match[1] if match[2] in (None, match[1]) else f"{match[1]}..{match[2]}"
    wanted = value.casefold()
    if name == "kind":
        return next((kind.value for kind in Kind if wanted in (kind.value, kind.plural)), None)
    if name == "stance":
        return next((stance.value for stance in Stance if wanted in (stance.value, stance.label.casefold())), None)
    return None


def understand(text: str) -> Typed:
    """Read a text that holds no operators with known values any more."""
    groups: list[list[Clause]] = []
    excluded: list[Clause] = []
    notices: list[str] = []
    count, joined = 0, False
    for match in _TOKEN.finditer(text.translate(_QUOTES)):
        clause = _clause(match)
        if match[0] in ("OR", "AND") or clause is None:
            joined = match[0] == "OR" and bool(groups)
            continue
        count += len(clause.words)
        if count > MOST_WORDS:
            notices.append(f"Only the first {MOST_WORDS} words are searched for.")
            break
        if match["minus"]:
            excluded.append(clause)
        elif joined:
            groups[-1].append(clause)
        else:
            groups.append([clause])
        joined = False
    if text and not count:
        notices.append("There is no word to search for in what was typed.")
    return Typed(_weighty(groups), tuple(excluded), tuple(notices))


def _value(match: re.Match[str]) -> str:
    return " ".join((match["quoted"] if match["quoted"] is not None else match["bare"]).split())


def _clause(match: re.Match[str]) -> Clause | None:
    """The clause of a token; None where there is no word in it."""
    value, quoted = _value(match), match["quoted"] is not None
    place = match.span("quoted" if quoted else "bare")
    if (match["operator"] or "").lower() == "by":
        clause = Clause(value, tuple(schema.words(value)), "by", quoted, *place)
    else:
        clause = Clause(value, tuple(schema.stems(value)), "text", quoted, *place)
    return clause if clause.words else None


def _weighty(groups: list[list[Clause]]) -> tuple[tuple[Clause, ...], ...]:
    """The groups without words that say nothing alone, unless there are no others."""
    weighty = [group for group in groups if not all(clause.says_nothing for clause in group)]
    return tuple(tuple(group) for group in weighty or groups)
