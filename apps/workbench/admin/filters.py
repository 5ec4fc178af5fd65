"""Filters for the lists of entries: only what is in use is offered; a hierarchy includes what is beneath."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

from django.contrib import admin
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.http import HttpRequest
from taggit.models import Tag

from apps.curation.models import Entry, Status
from apps.taxonomy.vocabulary import Facet, vocabulary
from apps.taxonomy.words import Kind, Rule


class StatusFilter(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*Status.choices, ("changes", "Unpublished changes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "changes":
            return queryset.filter(is_live=True, modified_at__gt=F("published_at"))
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


class DateFilter(admin.SimpleListFilter):
    """A year, then a month of it, by the date that applies: what has none of its own goes by what it is part of."""

    title = "date"
    parameter_name = "date"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        dates = model_admin.get_queryset(request).filter(dated__isnull=False)
        rows = []
        for year in dates.dates("dated", "year", order="DESC"):
            rows.append((f"{year:%Y}", f"{year:%Y}"))
            if (self.value() or "")[:4] == f"{year:%Y}":
                months = dates.filter(dated__year=year.year).dates("dated", "month")
                rows += [(f"{month:%Y-%m}", f"\u2003{month:%B}") for month in months]
        return rows

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match = re.fullmatch(r"(?!0000)([0-9]{4})(?:-([0-9]{2}))?", self.value() or "")
        if not match:
            return queryset
        month = {"dated__month": match[2]} if match[2] else {}
        return queryset.filter(dated__year=match[1], **month)


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


def _strictest(session: str) -> list[When]:
    """The stricter of a session's rule and its workshop's, as the database works it out."""
    return [
        When(
            **{f"{session}workshop__rule": workshop, f"{session}rule": own},
            then=Value(max(workshop, Rule(own or workshop), key=lambda rule: rule.strictness).value),
        )
        for workshop, own in product(Rule, ["", *Rule])
    ]


def rule_that_applies() -> Case:
    """The rule for an entry of any kind, as an expression on Entry; "" for a proposition, which nobody said there."""
    return Case(
        When(kind=Kind.ARTICLE, then=Value(Rule.ON_THE_RECORD.value)),
        When(as_position__article__isnull=False, then=Value(Rule.ON_THE_RECORD.value)),
        When(kind=Kind.WORKSHOP, then=F("as_workshop__rule")),
        *_strictest("as_session__"),
        *_strictest("as_position__session__"),
        default=Value(""),
        output_field=CharField(),
    )


class RuleFilter(admin.SimpleListFilter):
    """The rule that applies to an entry: of a session's and its workshop's the stricter one."""

    title = "rule of attribution"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Rule.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in Rule.values:
            return queryset
        entries = Entry.objects.annotate(applying=rule_that_applies()).filter(applying=self.value())
        return queryset.filter(pk__in=entries.values("pk"))
