"""The demo's content: the seed article's 22 positions as they were read, and a vocabulary that holds together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from apps.curation.models import Article, CrossReference, Entry, Passage, Position, Session, Workshop
from apps.curation.notes import import_notes
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.vocabulary import vocabulary

pytestmark = pytest.mark.django_db

PRIORITY = "us-should-prioritise-indo-pacific"
NATO = "nato-role-in-indo-pacific"
PLANNING = "nato-like-nuclear-planning"
TWO_PEERS = "two-peer-problem-concerns-allies"
ACROSS = "deterrence-labor-across-regions"
BOTH = "europe indo-pacific"
CROSS = "cross-regional"
AUTHOR = "Alice Dell'Era"
PRACTICE = "practice-text"  # nobody's, to try the coding view on

# order: who holds it, stance, proposition, regions, themes, paragraph; as read from the article
READING = {
    1: ("some commentators", "supports", PRIORITY, BOTH, "burden-sharing prioritisation", 2),
    2: ("other commentators", "opposes", PRIORITY, BOTH, "burden-sharing two-peer-problem", 2),
    3: (AUTHOR, "neutral", ACROSS, CROSS, "zero-sum-competition", 2),
    4: ("growing recognition", "supports", "", CROSS, "credibility extended-deterrence", 3),
    5: ("concerns raised", "supports", "", "eastern-europe mediterranean", "critical-infrastructure resilience", 3),
    6: ("shared concern", "supports", "", "europe northeast-asia", "adversary-alignment", 3),
    7: (AUTHOR, "supports", "", CROSS, "cyber-and-information-warfare gray-zone", 3),
    8: (AUTHOR, "neutral", ACROSS, BOTH, "division-of-deterrence-labor", 4),
    9: ("Emmanuel Macron", "opposes", NATO, "europe northeast-asia", "natos-role-in-the-indo-pacific", 4),
    10: ("one participant", "supports", ACROSS, CROSS, "alliance-architecture", 5),
    11: ("advocates", "supports", ACROSS, CROSS, "alliance-architecture resource-allocation", 5),
    12: ("some participants", "supports", NATO, BOTH, "expectations natos-role-in-the-indo-pacific", 6),
    13: ("participants", "supports", TWO_PEERS, CROSS, "crisis-preparation two-peer-problem", 6),
    14: (AUTHOR, "supports", ACROSS, CROSS, "lessons-between-theatres", 7),
    15: ("Asia experts", "supports", PLANNING, "indo-pacific", "nuclear-planning-and-consultation", 7),
    16: (AUTHOR, "supports", PLANNING, BOTH, "lessons-between-theatres nuclear-planning-and-consultation", 7),
    17: (AUTHOR, "supports", ACROSS, CROSS, "integrated-deterrence", 8),
    18: (AUTHOR, "supports", "", CROSS, "cost-imposition integrated-deterrence", 9),
    19: (AUTHOR, "supports", "", CROSS, "integrated-deterrence resilience", 9),
    20: (AUTHOR, "supports", "", CROSS, "gray-zone hybrid-threats", 9),
    21: (AUTHOR, "supports", NATO, BOTH, "partnerships", 10),
    22: (AUTHOR, "supports", "", CROSS, "partnerships signalling", 10),
}
FROM_THE_WORKSHOP = {10, 12, 13, 15}


@pytest.fixture(scope="module", autouse=True)
def _seeds(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        assert import_notes([Path(settings.BASE_DIR) / "seeds"]).problems == []
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def article() -> Article:
    return Article.objects.get(slug="dellera-cross-regional-thinking")


def holder(position: Position) -> str:
    if position.named_in_source:
        return " and ".join(person.name for person in position.speakers.all())
    return f"{position.get_quantifier_display().lower()} {position.reported_as}".strip()


def slugs(entries) -> str:
    return " ".join(sorted(one.slug for one in entries.all()))


@pytest.mark.parametrize("order", READING)
def test_each_position_is_as_it_was_read(article, order):
    position = article.positions.get(order=order)
    assert (
        holder(position),
        position.stance,
        position.proposition.slug if position.proposition else "",
        slugs(position.regions),
        slugs(position.themes),
        int(position.passages.get().locator.removeprefix("paragraph ")),
    ) == READING[order]
    assert (position.reported_from is not None) == (order in FROM_THE_WORKSHOP)
    assert bool(position.note) == (order in (3, 8))


def test_there_are_22_of_them(article):
    assert article.positions.count() == 22


def test_quotations_are_short_and_the_text_itself_is_not_here(article):
    assert article.text == ""
    assert [one.quotation for one in Passage.objects.all() if len(one.quotation.split()) >= 15] == []
    assert not Passage.objects.filter(quotation="").exists()
    assert not [one.cited_as for one in Article.objects.all() if len(one.cited_as.split()) >= 15]


def test_what_is_not_known_is_empty(article):
    assert (article.date, article.outlet, article.doi, article.url) == ("", "", "", "")


def test_its_workshop_is_not_for_attribution_and_says_how_that_is_known(article):
    workshop = CrossReference.objects.get(source=article, relation="elaborates").target.child
    assert (workshop.date, workshop.rule) == ("2023-06-06/2023-06-07", "not_for_attribution")
    assert "nferred" in workshop.rule_note
    assert {position.reported_from_id for position in article.positions.filter(reported_from__isnull=False)} == {
        workshop.pk
    }


def test_a_rule_that_is_not_known_is_taken_to_be_strict_and_said_to_be_assumed():
    others = Workshop.objects.exclude(rule="not_for_attribution")
    assert others.count() == 10
    assert {(workshop.rule, "not known" in workshop.rule_note) for workshop in others} == {("chatham_house", True)}


def test_its_citations_wait_to_be_matched(article):
    cited = [one.target.child for one in CrossReference.objects.filter(source=article, relation="cites")]
    assert len(cited) == 11
    unresolved = [one for one in cited if one.unresolved]
    assert len(unresolved) == 10
    assert all(one.cited_as for one in unresolved)
    assert not [one for one in unresolved if one.authors.exists() or one.date or one.url or one.doi or one.outlet]
    assert [one.slug for one in cited if not one.unresolved] == ["nds-2022"]


def test_the_lesson_travels_from_a_practice_in_europe_to_its_use_in_the_indo_pacific(article):
    lesson = CrossReference.objects.get(relation="draws_lesson_from")
    assert (lesson.source.child.order, lesson.target.child.order) == (15, 16)
    assert slugs(lesson.source.regions) == "indo-pacific"
    assert "europe" in slugs(lesson.target.regions)


def test_workshops_sessions_and_publications():
    assert Workshop.objects.count() == 11
    assert dict(Counter(Session.objects.values_list("workshop__slug", flat=True))) == {
        "cgsr-2020-modern-strategic-conflict": 9,
        "cgsr-2018-strategic-competition": 8,
        "pacific-forum-2014-us-rok-japan": 4,
    }
    assert Article.objects.filter(unresolved=False).exclude(slug=PRACTICE).count() == 10
    assert Article.objects.get(slug="simon-primed-for-deterrence").authors.count() == 7


def test_the_demo_is_reachable_by_region_and_theme():
    region, theme = Region.objects.get(slug="indo-pacific"), Theme.objects.get(slug="two-peer-problem")
    positions = Entry.objects.filter(kind="position")
    assert set(positions.in_region(region).values_list("as_position__order", flat=True)) >= {1, 2, 6, 8, 9, 12, 15}
    assert set(positions.about(theme).values_list("as_position__order", flat=True)) >= {2, 13}


def test_everything_is_ready_for_review_and_about_something():
    assert set(Entry.objects.exclude(slug=PRACTICE).values_list("status", flat=True)) == {"submitted"}
    assert Entry.objects.get(slug=PRACTICE).status == "draft"
    assert not Entry.objects.filter(kind__in=["position", "proposition"], regions=None).exists()
    about = Entry.objects.filter(kind__in=["position", "proposition", "article"]).exclude(slug=PRACTICE)
    assert not about.filter(themes=None).exists()


# --- the vocabulary


def test_the_vocabulary_is_large_enough_and_defined():
    themes = Theme.objects.all()
    assert len(themes) >= 25
    assert not [theme.slug for theme in themes if not theme.definition]
    assert Region.objects.count() >= 20


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("two-nuclear-peer", "two-peer-problem"),
        ("grey zone", "gray-zone"),
        ("prioritization", "prioritisation"),
        ("signaling", "signalling"),
        ("division of deterrence labour", "division-of-deterrence-labor"),
        ("lessons between theaters", "lessons-between-theatres"),
        ("NATO's role in the Indo-Pacific", "natos-role-in-the-indo-pacific"),
        ("missile defense", "missile-defence"),
    ],
)
def test_other_spellings_lead_to_the_theme(label, slug):
    found = vocabulary().themes.find(label)
    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize("hierarchy", ["region", "theme"])
def test_a_label_leads_to_one_place(hierarchy):
    nodes = vocabulary().hierarchy(hierarchy).nodes.values()
    labels = Counter(label.casefold() for node in nodes for label in (node.name, *node.alternative_names))
    assert [label for label, count in labels.items() if count > 1] == []


def test_related_themes_are_never_above_one_another():
    """SKOS S27, over the whole hierarchy."""
    themes = vocabulary().themes
    for node in themes.nodes.values():
        assert not set(node.related) & themes.ancestors(node.slug), node.slug


def test_themes_lie_beneath_several_others_where_that_is_natural():
    assert len([node for node in vocabulary().themes.nodes.values() if len(node.above) > 1]) >= 5


def test_a_region_covers_the_countries_of_the_regions_within_it():
    regions = vocabulary().regions
    for node in regions.nodes.values():
        for above in node.above:
            assert set(node.countries) <= set(regions[above].countries), f"{node.slug} in {above}"


def test_definitions_are_sentences():
    assert not [theme.slug for theme in Theme.objects.all() if not re.fullmatch(r"[A-Z].*\.", theme.definition)]
