"""What claims something, what doesn't and why; and the claim without the words that report it."""

from __future__ import annotations

import re

from apps.curation.intake import phrases
from apps.curation.intake.pieces import Kind
from apps.curation.intake.tables.lines import DOINGS, HOUSEKEEPING, LABELS, MEETINGS, TITLES
from apps.curation.intake.tables.stances import IMPERSONAL, VERBS

LONGEST_TITLE = 300  # characters, as the column has it

_MARKS = re.compile(r"^[*_\s]+|[*_\s]+$")
_TIME = r"\d{1,2}[:.h]\d{2}\s*(?:am|pm|h)?"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_STARTS_WITH_TIME = re.compile(rf"{_TIME}\b", re.IGNORECASE)
_DATE = re.compile(rf"(?:(?:{_DAY}|{_MONTH}|\d{{1,4}}(?:st|nd|rd|th)?|and|of|the|-|–)[\s,/]*)+", re.IGNORECASE)
_LABEL = re.compile(rf"{phrases.pattern(phrases.split(LABELS))}\s*(?:\d+\s*)?:(?!\S)")
_ONE_WORD_LABEL = re.compile(rf"{phrases.pattern(phrases.split(LABELS))}\s+\d+\W*(?:\([^)]*\))?\W*")
_HOUSEKEEPING = re.compile(rf"\W*(?:[ivx\d]+[.)]\s*)?{phrases.pattern(phrases.split(HOUSEKEEPING))}(?![\w-])")
_DONE = re.compile(
    rf"(?:{phrases.pattern(phrases.split(MEETINGS))}|participants|chair|moderator)\s+(?:then\s+|briefly\s+)?"
    rf"{phrases.pattern(phrases.split(DOINGS))}(?![\w-])",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"(?:{phrases.pattern(phrases.split(TITLES))}\.?\s+)(?:[A-Z][\w’'.-]*\s*)+")
_SENTENCE_END = re.compile(r"[.!…][\"”’')\]]*\Z")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_VERB_FORMS = [form for table in VERBS.values() for verb in phrases.split(table) for form in phrases.verbs(verb)]
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|cannot|could|should|must|may|might|need|needs|"
    r"ought)\b|n[’']t\b",
    re.IGNORECASE,
)
_SAID_VERBS = phrases.words(_VERB_FORMS)
_FEW_WORDS = 4

_REPORTED = re.compile(
    rf"^(?P<lead>.{{1,140}}?\b{phrases.pattern([*_VERB_FORMS, *phrases.keys(IMPERSONAL), 'concern', 'agreement'])}"
    rf"(?:\s+[a-z]+ly)?)\s+that\s+(?P<claim>.+)$",
    re.DOTALL,
)
_ACCORDING = re.compile(r"^(?:According to|As|In the words of)\s[^,]{3,80}?,\s+(?P<claim>.+)$", re.DOTALL)


def why_no_claim(words: str, kind: Kind, is_whole: bool) -> str:
    """Why a piece holds no claim, in a word or two; empty where it may hold one. `is_whole`: a line of its own."""
    shown = _MARKS.sub("", words)
    count = len(_WORD.findall(shown))
    if kind is Kind.HEADING or (count > 1 and shown.isupper()):
        return "a heading"
    if shown.endswith("?"):
        return "a question"
    if re.fullmatch(r"[\[(].{0,60}[\])]", shown):
        return "an aside"
    if _STARTS_WITH_TIME.match(shown) or _DATE.fullmatch(shown):
        return "a time or a date"
    if _LABEL.match(shown) or _ONE_WORD_LABEL.fullmatch(shown):
        return "a line of an agenda or a list of people"
    if (match := _HOUSEKEEPING.match(shown)) and _is_short_after(shown[match.end() :], kind):
        return "housekeeping"
    if _TITLED.fullmatch(shown) or (count <= _FEW_WORDS and _is_name(shown)):
        return "a name alone"
    if _DONE.search(shown) and not re.search(r"\bthat\b|\bwhether\b", shown):
        return "what was done, not what was held"
    if shown.endswith(":"):
        return "it only leads to what follows"
    return _why_no_sentence(shown, count, kind, is_whole)


def _why_no_sentence(shown: str, count: int, kind: Kind, is_whole: bool) -> str:
    has_verb = bool(_AUXILIARY.search(shown) or _SAID_VERBS.search(shown))
    if kind is Kind.BULLET and count >= _FEW_WORDS:
        return ""
    if count < 3 and not (has_verb and _SENTENCE_END.search(shown)):
        return "too short to claim anything"
    if is_whole and not _SENTENCE_END.search(shown) and not has_verb and count <= _FEW_WORDS:
        return "too short to claim anything"
    return ""


def _is_short_after(rest: str, kind: Kind) -> bool:
    """Whether no more than a few words follow on what housekeeping begins with, so that the line is nothing else."""
    return len(_WORD.findall(rest)) <= 6 and not _AUXILIARY.search(rest)


def _is_name(shown: str) -> bool:
    words = shown.rstrip(".,").split()
    return (
        bool(words) and not _SENTENCE_END.search(shown) and all(re.match(r"[A-Z][\w’'.-]*,?\Z", word) for word in words)
    )


def claim_of(words: str) -> str:
    """The claim as a title: without “one participant argued that”, its first letter a capital, its full stop gone."""
    shown = " ".join(_MARKS.sub("", words).split())
    match = (_REPORTED.match(shown) if " that " in shown[:200] else None) or _ACCORDING.match(shown)
    claim = match["claim"] if match else shown
    claim = claim.strip().rstrip(".").strip()
    claim = claim[:1].upper() + claim[1:]
    if len(claim) <= LONGEST_TITLE:
        return claim
    return claim[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
