"""Filters for the lists of entries: only what is in use is offered; a hierarchy includes what is beneath."""

from __future__ import annotations

from itertools import product
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from taggit.models import Tag

from apps.curation.models import Entry, Status
from apps.taxonomy.vocabulary import Facet, vocabulary
from apps.taxonomy.words import Rule


class StatusFilter(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*Status.choices, ("changes", "Unpublished changes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "changes":
            return queryset.filter(status=Status.PUBLISHED, modified_at__gt=F("published_at"))
        return queryset.filter(status=self.value()) if self.value() in Status.values else queryset


class _HierarchyFilter(admin.SimpleListFilter):
    facet: Facet
    relation: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        hierarchy = vocabulary().hierarchy(self.facet)
        slugs = Entry.objects.filter(**{f"{self.relation}__isnull": False}).values_list(
            f"{self.relation}__slug", flat=True
        )
        used = hierarchy.with_ancestors(slugs.distinct())
        rows: list[tuple[str, str]] = []

        def walk(slug: str, depth: int) -> None:
            if slug in used:
                rows.append((slug, "\u2003" * depth + hierarchy[slug].name))
                for below in hierarchy[slug].below:
                    walk(below, depth + 1)

        for root in hierarchy.roots:
            walk(root.slug, 0)
        return rows

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        beneath = vocabulary().hierarchy(self.facet).descendants(self.value() or "")
        about = Entry.objects.filter(**{f"{self.relation}__slug__in": beneath})
        return queryset.filter(pk__in=about.values("pk"))


class RegionFilter(_HierarchyFilter):
    title = "region"
    parameter_name = "region"
    facet: Facet = "region"
    relation = "regions"


class ThemeFilter(_HierarchyFilter):
    title = "theme"
    parameter_name = "theme"
    facet: Facet = "theme"
    relation = "themes"


class TagFilter(admin.SimpleListFilter):
    title = "tag"
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = Tag.objects.filter(tagged_entries__isnull=False).distinct().order_by("name")
        return [(tag.slug, tag.name) for tag in used[:200]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(pk__in=Entry.objects.filter(tagged__tag__slug=self.value()).values("pk"))


class RuleFilter(admin.SimpleListFilter):
    """The rule that applies to a session or position: the stricter of session's and workshop's."""

    title = "rule of attribution"
    parameter_name = "rule"
    session = ""  # how the list's model reaches the session
    has_articles = False

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Rule.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in Rule.values:
            return queryset
        wanted = Rule(self.value())
        applies = Q(pk__in=[])
        for workshop, own in product(Rule, ["", *Rule]):
            if max(workshop, Rule(own or workshop), key=lambda rule: rule.strictness) == wanted:
                applies |= Q(**{f"{self.session}workshop__rule": workshop, f"{self.session}rule": own})
        if self.has_articles and wanted == Rule.ON_THE_RECORD:
            applies |= Q(article__isnull=False)
        return queryset.filter(applies)


class PositionRuleFilter(RuleFilter):
    session = "session__"
    has_articles = True
