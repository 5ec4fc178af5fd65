"""SKOS vocabularies (W3C, 2009): concepts as themes, or as regions."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from django.utils.text import slugify
from django_countries import countries

from apps.curation.imports.plan import Plan
from apps.curation.intake.apart import read_apart
from apps.curation.intake.result import Unreadable
from apps.curation.notes.drafts import Draft, Said
from apps.curation.notes.things import REGION, THEME, Thing
from apps.taxonomy.models import Region, Theme

_PATIENCE = 60  # seconds that reading may take
_OURS = re.compile(r"/(?:themes|regions)/([a-z0-9][-a-z0-9_]*)/?\Z")
_LAST = re.compile(r"[^/#:]+\Z")
_WORD = re.compile(r"[^\W\d_]{3}")
_LONGEST_SLUG = 80
_NOT_CARRIED = {
    "exactMatch": "links to the same concept elsewhere",
    "closeMatch": "links to a concept elsewhere that is nearly the same",
    "broadMatch": "links to a broader concept elsewhere",
    "narrowMatch": "links to a narrower concept elsewhere",
    "relatedMatch": "links to a related concept elsewhere",
    "Collection": "collections of concepts",
}
Concept = dict[str, list[Any]]


def read(name: str, data: bytes, terms: str, language: str) -> Plan:
    """The concepts of a vocabulary, as ``terms``: themes or regions. Raises Unreadable."""
    answer, _ = read_apart(data, "imports.rdf", "export it as Turtle, in parts if it is large", patience=_PATIENCE)
    if not answer["concepts"]:
        raise Unreadable("There is no SKOS concept in it: none with skos:prefLabel or of the type skos:Concept.")
    return _Reader(name, answer["concepts"], answer["left"], terms, language.lower()).read()


class _Reader:
    def __init__(
        self, name: str, concepts: dict[str, Concept], left: dict[str, int], terms: str, language: str
    ) -> None:  # fmt: skip
        self.plan, self.concepts, self.left, self.language = Plan.of(name), concepts, dict(left), language
        self.thing: Thing = REGION if terms == "regions" else THEME
        self.names: dict[str, str] = {}
        self.slugs: dict[str, str] = {}
        self.other_names_here: dict[str, list[str]] = {}  # alternative labels, by slug
        self.drafts: dict[str, Draft] = {}
        self.above: dict[str, set[str]] = defaultdict(set)
        self.beside: dict[str, set[str]] = defaultdict(set)
        self.other_languages: set[str] = set()

    def read(self) -> Plan:
        self._check_labels()
        self._join()
        self.names = {uri: found for uri, concept in self.concepts.items() if (found := self._name_of(uri, concept))}
        self._check_circles()
        self._check_related()
        self._give_slugs()
        for uri in self.names:
            self._draft(uri)
        for uri in self.drafts:
            self._place(uri)
        self._tell_what_is_left()
        return self.plan

    # --- What SKOS itself asks for

    def _check_labels(self) -> None:
        """S14: one preferred label a language. S13: no label is of two sorts."""
        for uri, concept in self.concepts.items():
            by_language: dict[str, set[str]] = defaultdict(set)
            for text, language in concept["prefLabel"]:
                by_language[language].add(text)
            for language, texts in by_language.items():
                if len(texts) > 1:
                    said = ", ".join(f"“{text}”" for text in sorted(texts))
                    called = f"in {language}" if language else "without a language"
                    self.plan.problem(
                        uri, f"It has two preferred labels {called}: {said}. Keep one; make others altLabel."
                    )
            preferred = {tuple(one) for one in concept["prefLabel"]}
            for sort in ("altLabel", "hiddenLabel"):
                for text, _ in sorted(preferred & {tuple(one) for one in concept[sort]}):
                    self.plan.problem(uri, f"“{text}” is its preferred label and its {sort}. Take out one of them.")

    def _join(self) -> None:
        """Links however they are written: narrower is broader the other way round, related goes both ways."""
        for uri, concept in self.concepts.items():
            self.above[uri] |= set(concept["broader"])
            self.beside[uri] |= set(concept["related"])
            for other in concept["narrower"]:
                self.above[other].add(uri)
            for other in concept["related"]:
                self.beside[other].add(uri)

    def _check_circles(self) -> None:
        """SKOS allows circles; a tree of regions and a hierarchy of themes don't."""
        done: set[str] = set()
        for start in self.concepts:
            path: list[str] = []
            on_path: dict[str, int] = {}
            waiting: list[tuple[str, int]] = [(start, 0)]
            while waiting:
                uri, depth = waiting.pop()
                for gone in path[depth:]:
                    del on_path[gone]
                del path[depth:]
                if uri in on_path:
                    circle = [*path[on_path[uri] :], uri]
                    self.plan.problem(uri, f"Broader in a circle: {' > '.join(map(self._called, circle))}.")
                elif uri not in done and uri in self.concepts:
                    done.add(uri)
                    on_path[uri] = len(path)
                    path.append(uri)
                    waiting += [(other, depth + 1) for other in sorted(self.above[uri])]

    def _check_related(self) -> None:
        """S27: what is related is not broader, however far up."""
        for uri in self.concepts:
            for other in sorted(self.beside[uri] & self._all_above(uri)):
                self.plan.problem(
                    uri, f"It is related to {self._called(other)}, which is broader. Take out one of them."
                )

    def _all_above(self, uri: str) -> set[str]:
        found: set[str] = set()
        waiting = list(self.above[uri]) if self.beside[uri] else []
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.above.get(one, ())
        return found

    # --- What a concept is called

    def _name_of(self, uri: str, concept: Concept) -> str:
        text, language = self._of_language(concept["prefLabel"])
        if not text:
            said = sorted({language or "none" for _, language in concept["prefLabel"]})
            why = f"its labels are in {', '.join(said)}. Say which of them is meant" if said else "it has none at all"
            self.plan.problem(uri, f"It has no preferred label in {self.language}: {why}.")
        elif language and language.partition("-")[0] != self.language.partition("-")[0]:
            self.plan.remark(uri, f"Its name is taken from its only label, “{text}”, in {language}.")
        return text

    def _of_language(self, texts: list[Any]) -> tuple[str, str]:
        """A text in the language asked for, in a dialect of it, or in none; else the only one."""
        main = self.language.partition("-")[0]
        for fits in (self.language.__eq__, lambda one: one.partition("-")[0] == main, "".__eq__):
            for text, language in texts:
                if fits(language):
                    return text.strip(), language
        return (texts[0][0].strip(), texts[0][1]) if len(texts) == 1 else ("", "")

    def _called(self, uri: str) -> str:
        return f"“{self.names.get(uri, uri)}”"

    def _give_slugs(self) -> None:
        """A concept is the term here of the same slug, else the one of the same name, else a new one."""
        model: type[Region | Theme] = self.thing.model  # type: ignore[assignment]
        by_name = {name.casefold(): slug for name, slug in model._default_manager.values_list("name", "slug")}
        here = set(by_name.values())
        self.other_names_here = dict(model._default_manager.values_list("slug", "alternative_names"))
        named: dict[str, str] = {}
        for uri, name in self.names.items():
            if other := named.get(name.casefold()):
                self.plan.problem(uri, f"{other} is called “{name}” too. Give one of them another preferred label.")
                continue
            named[name.casefold()] = uri
            own = _slug_in(uri)
            slug = (
                own if own in here else by_name.get(name.casefold()) or own or slugify(name)[:_LONGEST_SLUG].strip("-")
            )
            base, number = slug or "concept", 2
            while slug in self.slugs.values() or not slug:
                slug, number = f"{base[: _LONGEST_SLUG - 5]}-{number}", number + 1
            self.slugs[uri] = slug

    # --- What becomes of it

    def _draft(self, uri: str) -> None:
        if uri not in self.slugs:
            return
        concept, name = self.concepts[uri], self.names[uri]
        values: dict[str, Any] = {"name": name}
        others = self._other_names(concept, name)
        if others and sorted(others) != sorted(self.other_names_here.get(self.slugs[uri], [])):  # RDF has no order
            values["alternative_names"] = others
        for field, sort in (("definition", "definition"), ("scope_note", "scopeNote")):
            if text := self._text(concept[sort], sort):
                values[field] = text
        self._read_notations(concept, values)
        if concept["hiddenLabel"]:
            self.left["hiddenLabel"] = self.left.get("hiddenLabel", 0) + len(concept["hiddenLabel"])
        self.drafts[uri] = self.plan.draft(self.thing, uri, self.slugs[uri], values)

    def _other_names(self, concept: Concept, name: str) -> list[str]:
        names: dict[str, str] = {}
        for text, language in (*concept["prefLabel"], *concept["altLabel"]):
            text = " ".join(text.split())
            if language and language.partition("-")[0] != self.language.partition("-")[0]:
                self.other_languages.add(language)
            names.setdefault(text.casefold(), text)
        names.pop(" ".join(name.split()).casefold(), None)
        return list(filter(None, names.values()))

    def _text(self, texts: list[Any], sort: str) -> str:
        text, language = self._of_language(texts)
        same = [one for one, its in texts if its == language] if text else []
        if len(texts) > len(same):
            self.left[f"{sort} in other languages"] = (
                self.left.get(f"{sort} in other languages", 0) + len(texts) - len(same)
            )
        return "\n\n".join(one.strip() for one in same)

    def _read_notations(self, concept: Concept, values: dict[str, Any]) -> None:
        codes = [text for text, _ in concept["notation"]]
        known = [code for code in codes if self.thing is REGION and code in countries.countries]
        if known:
            values["countries"] = known
        if len(codes) > len(known):
            self.left["notation"] = self.left.get("notation", 0) + len(codes) - len(known)

    def _place(self, uri: str) -> None:
        draft = self.drafts[uri]
        if above := [one for one in sorted(self.above[uri]) if self._is_known(uri, one, "broader")]:
            references = [self.plan.to(uri, self.thing, self._slug_of(one)) for one in above]
            if self.thing is THEME:
                draft.values["broader"] = Said(references, draft.line)
            elif len(references) > 1:
                said = ", ".join(map(self._called, above))
                self.plan.problem(uri, f"It lies in {said}. A region lies in one other at most: keep one as broader.")
            else:
                draft.values["parent"] = Said(references[0], draft.line)
        beside = [one for one in sorted(self.beside[uri]) if self._is_known(uri, one, "related")]
        if beside and self.thing is THEME:
            draft.values["related"] = Said(
                [self.plan.to(uri, self.thing, self._slug_of(one)) for one in beside], draft.line
            )
        elif beside:
            self.left["related"] = self.left.get("related", 0) + len(beside)

    def _is_known(self, uri: str, other: str, link: str) -> bool:
        if other in self.drafts or (other not in self.concepts and self._here(other)):
            return True
        if other not in self.concepts:
            self.plan.remark(
                uri, f"Its {link} concept {other} is neither in the file nor here, so that link is left out."
            )
        return False

    def _slug_of(self, uri: str) -> str:
        return self.slugs.get(uri) or _slug_in(uri)

    def _here(self, uri: str) -> bool:
        slug = _slug_in(uri)
        return bool(slug) and self.thing.model._default_manager.filter(slug=slug).exists()

    def _tell_what_is_left(self) -> None:
        if self.other_languages:
            said = ", ".join(sorted(self.other_languages))
            self.plan.remark(
                "", f"Labels in other languages ({said}) become alternative labels; of which language is lost."
            )
        for name, number in sorted(self.left.items()):
            called = _NOT_CARRIED.get(name, name)
            self.plan.remark("", f"Left out, since there is no place for it here: {called} ({number:,}).")


def _slug_in(uri: str) -> str:
    """The slug that an address ends in; empty where that is a number rather than a word."""
    if ours := _OURS.search(uri):
        return ours[1]
    last = _LAST.search(uri.rstrip("/#"))
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", last[0]) if last else ""
    return slugify(words)[:_LONGEST_SLUG].strip("-") if _WORD.search(words) else ""
