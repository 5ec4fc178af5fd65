"""How a sentence stands to what it says, by its wording alone: “argued”, “warned against”, “only if”."""

from __future__ import annotations

import re
from collections.abc import Mapping

from apps.curation.intake import phrases
from apps.curation.intake.holders import Holder
from apps.curation.intake.tables.holders import HARDLY_ANYBODY, NOBODY, NOT_ALL
from apps.curation.intake.tables.stances import CONDITIONS, DEONTIC, IMPERSONAL, LIMITS, NEGATIONS, SHORT, VERBS
from apps.taxonomy.words import Stance

_FLIPPED = {Stance.SUPPORTS: Stance.OPPOSES, Stance.OPPOSES: Stance.SUPPORTS}


def _forms(table: Mapping[Stance, str]) -> dict[str, Stance]:
    return {
        form: stance for stance, verbs in table.items() for verb in phrases.split(verbs) for form in phrases.verbs(verb)
    }


_VERBS = _forms(VERBS)
_IMPERSONAL, _SHORT = phrases.keys(IMPERSONAL), phrases.keys(SHORT)
_STANCES = {**_VERBS, **_SHORT, **_IMPERSONAL}
_SAID = phrases.words(_STANCES)
# Forms without an ending of the past: they may be nouns.
_NOUNS_TOO = {
    form for verb in phrases.split(" | ".join(VERBS.values())) for form in phrases.verbs(verb)[:2] if " " not in verb
}
_CLOSE = 3  # words
_IMPERSONALLY = phrases.words(_IMPERSONAL)
_PARTICIPLES = [form for form in _VERBS if re.match(r"\w+(?:ed|en|id|ade|eld|elt|ught|ut|awn|old|ried)\b", form)]
_PASSIVE = re.compile(
    rf"\b(?:is|are|was|were|been|being)\s+(?:[a-z]+ly\s+)?(?P<said>{phrases.pattern(_PARTICIPLES)})(?![\w-])"
)
_NOT = re.compile(rf"(?:{phrases.pattern(phrases.split(NEGATIONS))}|n[’']t)\s+(?:[\w-]+\s+){{0,2}}\Z")
_CONDITION = phrases.words(phrases.split(CONDITIONS))
_CONTRAST = re.compile(r"\b(?:not|never|rather)\b[^,;]*,?\s*\Z")
_DEONTIC = {phrase: stance for stance, table in DEONTIC.items() for phrase in phrases.split(table)}
_LIMITED = re.compile("|".join(phrase.replace(" ", r"\s+") for phrase in phrases.split(LIMITS)), re.IGNORECASE)
_CONCEDES = re.compile(r"(?:While|Although|Though|Even if|Despite)\b[^,]+,\s*\Z")
_OUGHT = phrases.words(_DEONTIC)
_NOBODY, _NOT_ALL = phrases.split(NOBODY), phrases.split(NOT_ALL)
_HARDLY = phrases.split(HARDLY_ANYBODY)


def stance_of(sentence: str, holder: Holder | None) -> str:
    """A stance, or nothing where no word shows one. `holder` is the one that the sentence names first."""
    said = _said(sentence, holder)
    if said is None:
        is_bare = holder is None or sentence[holder.end :].startswith(":")
        return _of_a_bare_statement(sentence) if is_bare else ""
    start, end, words = said
    stance = _STANCES[phrases.plain(words)]
    if _NOT.search(sentence[holder.end if holder and holder.end <= start else 0 : start]):
        stance = _FLIPPED.get(stance, stance)
    if holder is not None:
        stance = _by_how_many(stance, holder)
    is_limited = _has_condition(sentence, end) or (holder is not None and _concedes_first(sentence, holder))
    return Stance.QUALIFIES if stance in (Stance.SUPPORTS, Stance.NEUTRAL) and is_limited else stance


def _said(sentence: str, holder: Holder | None) -> tuple[int, int, str] | None:
    """The words that say how it is held: after the holder, else before; without one, in the passive."""
    if holder is not None and holder.end:
        after = (
            match for match in _SAID.finditer(sentence, holder.end) if _is_verb(sentence[holder.end :], match, holder)
        )
        before = (
            match for match in _SAID.finditer(sentence[: holder.start]) if phrases.plain(match[0]) not in _NOUNS_TOO
        )
        match = next(after, None) or next(before, None)
        return (match.start(), match.end(), match[0]) if match else None
    impersonal, passive = _IMPERSONALLY.search(sentence), _PASSIVE.search(sentence)
    if passive and not (impersonal and impersonal.start() < passive.start()):
        return passive.start("said"), passive.end("said"), passive["said"]
    return (impersonal.start(), impersonal.end(), impersonal[0]) if impersonal else None


def _is_verb(tail: str, match: re.Match[str], holder: Holder) -> bool:
    """Whether what may be a noun as well (question, support) follows on the holder closely enough to be a verb."""
    if phrases.plain(match[0]) not in _NOUNS_TOO:
        return True
    return len(tail[: match.start() - holder.end].split()) <= _CLOSE


def _by_how_many(stance: Stance, holder: Holder) -> Stance:
    if holder.counted_by in _NOBODY or holder.counted_by in _NOT_ALL:
        return _FLIPPED.get(stance, stance)
    return Stance.QUALIFIES if holder.counted_by in _HARDLY and stance is Stance.SUPPORTS else stance


def _has_condition(sentence: str, after: int) -> bool:
    """Whether something is said after it that limits it; “not this but that” limits nothing."""
    return any(not _CONTRAST.search(sentence[after : match.start()]) for match in _CONDITION.finditer(sentence, after))


def _concedes_first(sentence: str, holder: Holder) -> bool:
    """“While sympathetic to the aim, one participant …”: what is granted stands before the holder."""
    return bool(_CONCEDES.match(sentence[: holder.start]))


def _of_a_bare_statement(sentence: str) -> str:
    if _LIMITED.search(sentence):
        return Stance.QUALIFIES
    ought = _OUGHT.search(sentence)
    return _DEONTIC[phrases.plain(ought[0])] if ought else ""
