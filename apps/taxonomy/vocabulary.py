"""The vocabulary as readers use it: a frozen snapshot in memory, read again only when it has changed."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from apps.taxonomy.models import Broader, Region, Theme, VocabularyState

Facet = Literal["region", "theme"]


@dataclass(frozen=True, slots=True)
class Node:
    """A region or theme as pages show it; the slugs in it lead to its neighbours."""

    slug: str
    name: str
    alternative_names: tuple[str, ...] = ()
    definition: str = ""
    scope_note: str = ""
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hierarchy:
    """The regions, or the themes: nodes by slug, in order of their names."""

    nodes: Mapping[str, Node]
    _names: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> Hierarchy:
        tree = _with_below(_without_circles(nodes))
        by_slug = {node.slug: node for node in sorted(tree, key=lambda node: node.name.casefold())}
        names: dict[str, str] = {}
        for node in by_slug.values():
            for name in node.alternative_names:
                names.setdefault(name.casefold(), node.slug)
        for node in by_slug.values():  # a preferred label wins over another's alternative one
            names[node.name.casefold()] = names[node.slug] = node.slug
        return cls(by_slug, names)

    def __contains__(self, slug: object) -> bool:
        return slug in self.nodes

    def __getitem__(self, slug: str) -> Node:
        return self.nodes[slug]

    def find(self, name: str) -> Node | None:
        """The node of a slug, a label or an alternative label, however it is capitalised."""
        slug = self._names.get(name.strip().casefold())
        return self.nodes[slug] if slug else None

    @cached_property
    def roots(self) -> list[Node]:
        return [node for node in self.nodes.values() if not node.above]

    @cached_property
    def tree(self) -> list[tuple[int, Node]]:
        """Every node with its depth, after the one that it lies beneath; again where it lies beneath several."""
        return [row for root in self.roots for row in self._walk(root, 0)]

    def _walk(self, node: Node, depth: int) -> list[tuple[int, Node]]:
        below = [row for slug in node.below for row in self._walk(self.nodes[slug], depth + 1)]
        return [(depth, node), *below]

    def ancestors(self, slug: str) -> frozenset[str]:
        """The node itself and all above it; an unknown slug stands for itself."""
        return self._closures[0].get(slug) or frozenset((slug,))

    def descendants(self, slug: str) -> frozenset[str]:
        """The node itself and all beneath it."""
        return self._closures[1].get(slug) or frozenset((slug,))

    def with_ancestors(self, slugs: Iterable[str]) -> set[str]:
        return {above for slug in slugs for above in self.ancestors(slug)}

    @cached_property
    def _closures(self) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
        up: dict[str, frozenset[str]] = {}
        down: dict[str, set[str]] = defaultdict(set)
        for slug in self.nodes:
            seen: set[str] = set()
            queue = [slug]
            while queue:
                current = queue.pop()
                if current not in seen:
                    seen.add(current)
                    queue += self.nodes[current].above
            up[slug] = frozenset(seen)
            for above in seen:
                down[above].add(slug)
        return up, {slug: frozenset(below) for slug, below in down.items()}


@dataclass(frozen=True)
class Vocabulary:
    version: int
    regions: Hierarchy
    themes: Hierarchy

    def hierarchy(self, facet: Facet) -> Hierarchy:
        return self.regions if facet == "region" else self.themes

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the hierarchies (not the labels): what roll-up in the search index depends on."""
        shape = [{slug: node.above for slug, node in h.nodes.items()} for h in (self.regions, self.themes)]
        return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]


_current: Vocabulary | None = None


def vocabulary(version: int | None = None) -> Vocabulary:
    """The vocabulary at its present version; a caller who has read the version already hands it in, to save a query."""
    global _current
    if version is None:
        version = VocabularyState.objects.filter(pk=1).values_list("version", flat=True).first() or 0
    if _current is None or _current.version != version:
        _current = _read(version)
    return _current


def _read(version: int) -> Vocabulary:
    region_slug = dict(Region.objects.values_list("pk", "slug"))
    regions = [
        Node(
            **_labels(region),
            above=(region_slug[region.parent_id],) if region.parent_id else (),
            countries=tuple(str(country) for country in region.countries),
        )
        for region in Region.objects.all()
    ]
    theme_slug = dict(Theme.objects.values_list("pk", "slug"))
    above, related = defaultdict(list), defaultdict(list)
    for narrower, broader in Broader.objects.values_list("narrower", "broader"):
        above[narrower].append(theme_slug[broader])
    for one, other in Theme.related.through.objects.values_list("from_theme", "to_theme"):
        related[one].append(theme_slug[other])
    themes = [
        Node(**_labels(theme), above=tuple(sorted(above[theme.pk])), related=tuple(sorted(related[theme.pk])))
        for theme in Theme.objects.all()
    ]
    return Vocabulary(version, Hierarchy.of(regions), Hierarchy.of(themes))


def _labels(term: Region | Theme) -> dict:
    return {
        "slug": term.slug,
        "name": term.name,
        "alternative_names": tuple(term.alternative_names),
        "definition": term.definition,
        "scope_note": term.scope_note,
    }


def _without_circles(nodes: Iterable[Node]) -> list[Node]:
    """The nodes without the links up that would close a circle: nobody can enter one, but tables can be written by
    hand, and who walks up or down the hierarchy must come to an end."""
    kept: dict[str, list[str]] = defaultdict(list)

    def lies_above(slug: str, wanted: str) -> bool:
        return slug == wanted or any(lies_above(above, wanted) for above in kept[slug])

    nodes = sorted(nodes, key=lambda node: node.slug)
    for node in nodes:
        for above in node.above:
            if not lies_above(above, node.slug):
                kept[node.slug].append(above)
    return [replace(node, above=tuple(kept[node.slug])) for node in nodes]


def _with_below(nodes: list[Node]) -> Iterable[Node]:
    below = defaultdict(list)
    for node in sorted(nodes, key=lambda node: node.name.casefold()):
        for above in node.above:
            below[above].append(node.slug)
    return [replace(node, below=tuple(below[node.slug])) for node in nodes]
