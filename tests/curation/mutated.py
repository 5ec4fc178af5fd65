"""Texts that are edited while it is kept in mind where each character came from.

A text is a list of letters, each with its number in the text before, or None where it was typed since. So where the
words of a passage are now, and which of them are left, is known whatever was done to the text.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from apps.curation.anchoring import Selector

SENTENCES = Path(__file__).with_name("prose.txt").read_text().splitlines()
OPENINGS = ("One participant said that ", "It was argued that ", "Several participants noted that ")
OTHER_WORDS = "perhaps rather however quietly winter harbour budget nine seldom instead partly the an of both".split()

Letters = list[tuple[str, int | None]]


@dataclass
class Edited:
    """A text, its passages, and the text after some edits with where each of its letters came from."""

    before: str
    passages: list[Selector]
    letters: Letters
    deeds: list[str]

    @cached_property
    def stand(self) -> dict[int, int]:
        """Where the letters of the text before stand now."""
        return {origin: i for i, (_, origin) in enumerate(self.letters) if origin is not None}

    @cached_property
    def after(self) -> str:
        return "".join(letter for letter, _ in self.letters)

    def truth(self, passage: Selector) -> tuple[str, int, int]:
        """What became of the letters of a passage (whole, altered or deleted), and from where to where they stand."""
        its = range(passage.start or 0, passage.end or 0)
        kept = [(self.stand[origin], origin) for origin in its if origin in self.stand]
        if not kept:
            return "deleted", 0, 0
        kept.sort()
        start, end = kept[0][0], kept[-1][0] + 1
        is_whole = [origin for _, origin in kept] == list(its) and end - start == len(kept)
        return "whole" if is_whole else "altered", start, end


def edited(seed: int) -> Edited:
    """The same text, passages and edits for the same number."""
    chance = random.Random(seed)
    before, spans = _text(chance)
    passages = [Selector.at(before, *span) for span in _passages(chance, before, spans)]
    letters: Letters = [(letter, i) for i, letter in enumerate(before)]
    deeds = [chance.choice(list(DEEDS)) for _ in range(chance.choice((1, 1, 2, 3, 5)))]
    for deed in deeds:
        letters = DEEDS[deed](chance, letters)
    return Edited(before, passages, letters, deeds)


def _text(chance: random.Random) -> tuple[str, list[tuple[int, int]]]:
    """Paragraphs and lists of bullets, with some sentences in it twice or nearly twice; and where its sentences are."""
    sentences = chance.sample(SENTENCES, chance.randint(18, 60))
    for _ in range(chance.randint(0, 4)):  # lookalikes that were there all along
        at = chance.randrange(len(sentences))
        twin = sentences[at] if chance.random() < 0.5 else _retyped(chance, sentences[at], 2)
        sentences.insert((at + len(sentences) // 2) % len(sentences), twin)  # never side by side: no text tells these
    text, spans, bullets, left = "", [], False, 0
    for sentence in sentences:
        if left == 0:
            bullets, left = chance.random() < 0.3, chance.randint(2, 7)
            text += "\n\n" if text else ""
        elif not bullets:
            text += " "
        if bullets:
            text += "- " + chance.choice(OPENINGS)
            sentence = sentence[0].lower() + sentence[1:]
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + ("\n" if bullets else "")
        left -= 1
    return text, spans


def _passages(chance: random.Random, text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found = []
    for start, end in chance.sample(spans, min(12, len(spans))):
        kind = chance.random()
        if kind < 0.55:
            found.append((start, end))
        elif kind < 0.9:  # a few words of it
            words = [i for i in range(start, end) if i == start or text[i - 1] == " "]
            first = chance.randrange(len(words))
            last = min(len(words) - 1, first + chance.randint(2, 9))
            stop = words[last + 1] - 1 if last + 1 < len(words) else end
            found.append((words[first], stop))
        else:  # over the end of the sentence, perhaps of the paragraph
            found.append((start, min(len(text), end + 30)))
    return [(start, end) for start, end in found if text[start:end].strip()]


def _sentences(letters: Letters) -> list[tuple[int, int]]:
    """Where the sentences stand now, each with the blank after it."""
    found, start = [], 0
    for i, (letter, _) in enumerate(letters):
        if letter in ".\n" and (i + 1 == len(letters) or letters[i + 1][0] in " \n"):
            end = min(len(letters), i + 2)
            if end - start > 3:
                found.append((start, end))
            start = end
    return found or [(0, len(letters))]


def _typed(text: str) -> Letters:
    return [(letter, None) for letter in text]


def _retyped(chance: random.Random, sentence: str, words: int) -> str:
    parts = sentence.split(" ")
    for _ in range(words):
        parts[chance.randrange(len(parts))] = chance.choice(OTHER_WORDS)
    return " ".join(parts)


def insert(chance: random.Random, letters: Letters) -> Letters:
    """A sentence or a paragraph between two others, or some words somewhere."""
    start, _ = chance.choice(_sentences(letters))
    what = chance.choice(
        [
            chance.choice(SENTENCES) + " Or so it was put. ",
            "Nobody had expected that turn of the discussion.\n\n",
            "In sum: ",
        ]
    )
    return letters[:start] + _typed(what) + letters[start:]


def delete(chance: random.Random, letters: Letters) -> Letters:
    """One sentence or several."""
    spans = _sentences(letters)
    first = chance.randrange(len(spans))
    last = min(len(spans) - 1, first + chance.choice((0, 0, 0, 1, 4)))
    return letters[: spans[first][0]] + letters[spans[last][1] :]


def reorder(chance: random.Random, letters: Letters) -> Letters:
    """A sentence, or a run of them, to another place."""
    spans = _sentences(letters)
    first = chance.randrange(len(spans))
    last = min(len(spans) - 1, first + chance.choice((0, 0, 2, 6)))
    start, end = spans[first][0], spans[last][1]
    rest = letters[:start] + letters[end:]
    to, _ = chance.choice(_sentences(rest))
    return rest[:to] + letters[start:end] + rest[to:]


def retype(chance: random.Random, letters: Letters) -> Letters:
    """Some words of some sentences; a letter here and there."""
    for _ in range(chance.randint(1, 8)):
        start, end = chance.choice(_sentences(letters))
        starts = [i for i in range(start, end) if i == start or letters[i - 1][0] == " "]
        at = chance.choice(starts)
        stop = next((i for i in range(at, end) if letters[i][0] in " \n"), end)
        how = chance.random()
        if how < 0.5:
            letters = letters[:at] + _typed(chance.choice(OTHER_WORDS)) + letters[stop:]
        elif how < 0.7:
            letters = letters[:at] + _typed(chance.choice(OTHER_WORDS) + " ") + letters[at:]
        elif how < 0.85:
            letters = letters[:at] + letters[min(stop + 1, end) :]
        else:
            letters = letters[:at] + _typed("x") + letters[at + 1 :]
    return letters


def lookalike(chance: random.Random, letters: Letters) -> Letters:
    """A sentence nearly like another, or another's copy, elsewhere; the original stays where it is."""
    found = _original_sentence(chance, letters)
    if found is None:
        return letters
    (start, end), far = found
    sentence = _read(letters[start:end])
    copy = sentence if chance.random() < 0.3 else _retyped(chance, sentence.strip(), chance.randint(1, 3)) + " "
    to = chance.choice(far)
    return letters[:to] + _typed(copy) + letters[to:]


def replace_by_lookalike(chance: random.Random, letters: Letters) -> Letters:
    """A sentence goes, and one nearly like it comes at another place: what was said before is lost all the same."""
    found = _original_sentence(chance, letters)
    if found is None:
        return letters
    (start, end), far = found
    new = _typed(_retyped(chance, _read(letters[start:end]).strip(), chance.randint(1, 3)) + " ")
    to = chance.choice(far)
    if to >= end:
        return letters[:start] + letters[end:to] + new + letters[to:]
    return letters[:to] + new + letters[to:start] + letters[end:]


def _original_sentence(chance: random.Random, letters: Letters) -> tuple[tuple[int, int], list[int]] | None:
    """A sentence of the text before, and places far from where it was: put beside it, or where it was before it was
    moved, a copy can't be told from it by anybody."""
    spans = _sentences(letters)
    old = [span for span in spans if all(origin is not None for _, origin in letters[slice(*span)])]
    if not old:
        return None
    start, end = chance.choice(old)
    first, last = letters[start][1], letters[end - 1][1]

    def is_far(to: int) -> bool:
        near = [origin for _, origin in letters[max(0, to - 200) : to + 200] if origin is not None]
        return all(origin < first - 400 or origin > last + 400 for origin in near) and not start < to < end

    far = [to for to, _ in spans if is_far(to)]
    return ((start, end), far) if far else None


def _read(letters: Letters) -> str:
    return "".join(letter for letter, _ in letters)


DEEDS = {one.__name__: one for one in (insert, delete, reorder, retype, lookalike, replace_by_lookalike)}
