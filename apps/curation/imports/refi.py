"""Codebooks and projects of QDA programs (REFI-QDA 1.5): codes, texts, and the words that were coded.

A code becomes a theme, or a proposition where somebody says so. A text becomes an article, unless it is the text of
something here. Coded words become candidates: what they claim, and how they stand to it, was never said.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from django.utils.text import slugify

from apps.curation.anchoring import flat
from apps.curation.imports.coded import Coded
from apps.curation.imports.plan import Plan
from apps.curation.imports.slugs import Slugs
from apps.curation.imports.texts import clean, shortened
from apps.curation.intake.apart import read_apart
from apps.curation.intake.result import LONGEST_TEXT, Unreadable
from apps.curation.models import Article, Session
from apps.curation.notes.drafts import Said
from apps.curation.notes.things import ARTICLE, PROPOSITION, THEME

_PATIENCE = 60  # seconds that reading may take
_COMPARED = 20  # characters by which the words at a place are told from others
Found = dict[str, Any]


def read(name: str, data: bytes, codes_as: str) -> Plan:
    """What a codebook or a project holds; its codes are ``codes_as``: themes or propositions. Raises Unreadable."""
    found, _ = read_apart(data, "imports.refi_file", "export a part of the project", patience=_PATIENCE)
    if not found["codes"] and not found["sources"]:
        raise Unreadable("There is no code and no text in it.")
    return _Reader(name, found, codes_as).read()


class _Reader:
    def __init__(self, name: str, found: Found, codes_as: str) -> None:
        self.plan, self.found = Plan.of(name), found
        self.codes: dict[str, Found] = {}
        self.thing = PROPOSITION if codes_as == "propositions" else THEME
        self.slugs: dict[str, str] = {}
        self.left: Counter[str] = Counter(found["left"])

    def read(self) -> Plan:
        for code in self.found["codes"]:
            self._take(code)
        names = self._names()
        slugs = Slugs(self.thing)
        self.slugs = {guid: slugs.of(names[guid]) for guid in self.codes}
        for guid, code in self.codes.items():
            self._code(code, names[guid])
        for source in self.found["sources"]:
            self._source(source)
        if self.found["sources"]:
            self.plan.remark(
                "",
                "Texts become articles, and an article counts as published, on the record. Of the notes of a meeting "
                "make its session first, with the same title and text: then they are coded there.",
            )
        for what, number in (+self.left).items():
            self.plan.remark("", f"Left out, since there is no place for it here: {what} ({number:,}).")
        return self.plan

    # --- Codes

    def _take(self, code: Found) -> None:
        place, guid = _line(code), code["guid"]
        if not guid:
            self.plan.problem(place, "This code has no guid, so nothing can be coded with it.")
        elif guid in self.codes:
            self.plan.problem(place, f"Another code, in {_line(self.codes[guid])}, has the same guid, {guid}.")
        elif not clean(code["name"]).strip():
            self.plan.problem(place, "This code has no name.")
        else:
            self.codes[guid] = code

    def _names(self) -> dict[str, str]:
        """What each code is called; those of one name, which may lie beneath different ones, with what they lie in."""
        own = {guid: flat(clean(code["name"])) for guid, code in self.codes.items()}
        often = Counter(name.casefold() for name in own.values())
        names, taken = {}, set[str]()
        for guid, name in own.items():
            parent = own.get(self.codes[guid]["parent"], "")
            called = f"{parent}: {name}" if often[name.casefold()] > 1 and parent else name
            number = 2
            while called.casefold() in taken:
                called, number = f"{name} ({number})", number + 1
            taken.add(called.casefold())
            names[guid] = called
        return names

    def _code(self, code: Found, name: str) -> None:
        place, description = _line(code), clean(code["description"])
        if self.thing is PROPOSITION:
            values: Found = {"title": shortened(name, 300), "note": description}
            self.left["which code lies in which"] += bool(code["parent"])
        else:
            values = {"name": shortened(name, 120), "definition": description}
        draft = self.plan.draft(self.thing, place, self.slugs[code["guid"]], values, only_gaps=True)
        if self.thing is THEME and (above := self.slugs.get(code["parent"])):
            draft.values["broader"] = Said([self.plan.to(place, THEME, above)], draft.line)

    # --- Texts

    def _source(self, source: Found) -> None:
        place, title = _line(source), flat(clean(source["name"]))
        if source["wrong"]:
            self.plan.remark(place, f"“{title}” was left out, with what is coded in it. {source['wrong']}")
            return
        text = clean(source["text"])
        if len(text) > LONGEST_TEXT:
            self.plan.problem(place, f"Its text has {len(text):,} characters; {LONGEST_TEXT:,} at most can be kept.")
        if not title:
            self.plan.problem(place, "This text has no name.")
        kind, slug = _here(title, text) or (ARTICLE.name, _slug(source, title))
        if kind == ARTICLE.name:
            values: Found = {"title": shortened(title, 300), "text": text}
            if description := clean(source["description"]):
                values["note"] = description
            article = self.plan.draft(ARTICLE, place, slug, values, only_gaps=True)
            whole = self._known(source["codes"], place)
            if whole and self.thing is THEME:
                references = [self.plan.to(place, THEME, self.slugs[one]) for one in whole]
                article.values["themes"] = Said(references, article.line)
        for selection in source["selections"]:
            self._selection((kind, slug), source["text"], text, selection)

    def _known(self, codes: list[str], place: str) -> list[str]:
        for one in codes:
            if one not in self.codes:
                self.plan.problem(place, f"It is coded with {one or 'nothing'}, which is no code of this file.")
        return [one for one in dict.fromkeys(codes) if one in self.codes]

    def _selection(self, source: tuple[str, str], raw: str, text: str, selection: Found) -> None:
        place = _line(selection)
        span = _span(selection, len(raw))
        words = ""
        if span:
            start, end = (len(clean(raw[:one])) for one in span)
            words = text[start:end]
        if not words.strip():
            said = f"{selection['start']} to {selection['end']}"
            self.plan.problem(place, f"Its place, {said}, isn't in its text, or nothing stands there.")
            return
        start, words = start + len(words) - len(words.lstrip()), words.strip()
        called = flat(clean(selection["name"])).removesuffix("…").removesuffix("...")[:_COMPARED]
        if len(called) == _COMPARED and not flat(words).startswith(called):
            self.plan.remark(
                place,
                f"The words at its place are “{flat(words)[:60]}”, though it is called “{called}…”. Look whether the "
                "program that wrote the file counts line ends otherwise.",
            )
        codes = self._known(selection["codes"], place)
        if not codes:
            self.left["selections without a code"] += not selection["codes"]
            return
        origin = self.found["origin"] or "a QDA program"
        names = ", ".join(flat(clean(self.codes[one]["name"])) for one in codes)
        remark = " ".join(filter(None, (f"Coded in {origin}: {names}.", clean(selection["description"]))))
        title = shortened(flat(words), 300)
        slugs = [self.slugs[one] for one in codes]
        for themes, proposition in [(tuple(slugs), "")] if self.thing is THEME else [((), one) for one in slugs]:
            coded = Coded(place, source, start, start + len(words), words, title, themes, proposition, remark)
            self.plan.coded.append(coded)


def _line(found: Found) -> str:
    return f"line {found['line']}"


def _slug(source: Found, title: str) -> str:
    mark = hashlib.sha256(f"{source['guid']}|{title}".encode()).hexdigest()[:6]
    return f"{slugify(title)[:80].strip('-') or 'text'}-{mark}"


def _here(title: str, text: str) -> tuple[str, str] | None:
    """An article or a session with just this title and text."""
    for model in (Session, Article):
        for slug in model._default_manager.filter(title=title, text=text).values_list("slug", flat=True)[:1]:
            return str(model.KIND), slug
    return None


def _span(selection: Found, length: int) -> tuple[int, int] | None:
    """Where it starts and ends; None for what is no place in a text of some length."""
    said = (str(selection["start"]), str(selection["end"]))
    if not all(one.isascii() and one.isdecimal() and len(one) < 12 for one in said):
        return None
    start, end = map(int, said)
    return (start, end) if 0 <= start < end <= length else None
