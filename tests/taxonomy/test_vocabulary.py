"""Regions and themes: hierarchies without circles, and the snapshot that readers use."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.taxonomy.models import Broader, Region, Theme
from apps.taxonomy.vocabulary import vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture
def regions() -> dict[str, Region]:
    asia = Region.objects.create(slug="asia", name="Asia", alternative_names=["The East", "Orient"])
    north = Region.objects.create(slug="north", name="Northeast Asia", parent=asia)
    japan = Region.objects.create(slug="japan", name="Japan", parent=north, countries=["JP"])
    return {"asia": asia, "north": north, "japan": japan}


def themes(*pairs: str) -> dict[str, Theme]:
    """Themes from pairs such as "narrow<broad"."""
    made: dict[str, Theme] = {}
    for pair in pairs:
        narrow, broad = (
            made.setdefault(slug, Theme.objects.get_or_create(slug=slug, name=slug.title())[0])
            for slug in pair.split("<")
        )
        Broader.objects.create(narrower=narrow, broader=broad)
    return made


def test_a_region_rolls_up_and_down(regions):
    hierarchy = vocabulary().regions
    assert hierarchy.ancestors("japan") == {"japan", "north", "asia"}
    assert hierarchy.descendants("asia") == {"japan", "north", "asia"}
    assert [node.slug for node in hierarchy.roots] == ["asia"]
    assert hierarchy["japan"].countries == ("JP",)


def test_a_theme_with_two_broader_ones_counts_under_both():
    themes("c<a", "c<b", "d<c")
    hierarchy = vocabulary().themes
    assert hierarchy.ancestors("d") == {"a", "b", "c", "d"}
    assert hierarchy.with_ancestors(["d", "a"]) == {"a", "b", "c", "d"}
    assert hierarchy["c"].below == ("d",)


@pytest.mark.parametrize("typed", ["asia", "ASIA", " the east ", "Orient"])
def test_a_node_is_found_by_any_of_its_names(regions, typed):
    assert vocabulary().regions.find(typed).slug == "asia"


def test_an_unknown_slug_stands_for_itself(regions):
    assert vocabulary().regions.ancestors("atlantis") == {"atlantis"}
    assert vocabulary().regions.find("atlantis") is None


def test_a_preferred_label_wins_over_an_alternative_one(regions):
    Region.objects.create(slug="orient", name="Orient Express")
    Region.objects.create(slug="x", name="X", alternative_names=["Japan"])
    assert vocabulary().regions.find("Japan").slug == "japan"


def test_the_snapshot_follows_every_kind_of_change(regions):
    def versions():
        while True:
            yield vocabulary().version

    version = versions()
    last = next(version)
    made = themes("b<a")
    other = Theme.objects.create(slug="o", name="O")
    for change in (
        lambda: Region.objects.create(slug="new", name="New"),
        lambda: regions["japan"].save(),
        lambda: Broader.objects.all().first().delete(),
        lambda: made["a"].related.add(other),
        lambda: made["a"].related.clear(),
        lambda: other.delete(),
    ):
        change()
        now = next(version)
        assert now > last
        last = now


def test_the_digest_is_of_the_shape_and_not_of_the_labels(regions):
    before = vocabulary().digest
    regions["asia"].name = "Asia and beyond"
    regions["asia"].save()
    assert vocabulary().digest == before
    regions["north"].parent = None
    regions["north"].save()
    assert vocabulary().digest != before


def test_a_region_cannot_lie_within_itself(regions):
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.filter(slug="asia").update(parent=regions["asia"])
    regions["asia"].parent = regions["japan"]
    with pytest.raises(ValidationError, match="lies within"):
        regions["asia"].full_clean()


def test_a_theme_cannot_be_broader_than_itself_however_far_around():
    made = themes("c<b", "b<a")
    with pytest.raises(ValidationError, match="broader than itself"):
        made["a"].check_broader([made["c"]])
    made["c"].check_broader([made["a"]])
    with pytest.raises(IntegrityError), transaction.atomic():
        Broader.objects.create(narrower=made["a"], broader=made["a"])


def test_related_is_neither_broader_nor_itself():
    made = themes("b<a")
    for related in (made["a"], made["b"]):
        with pytest.raises(ValidationError):
            made["b"].check_related([related], [made["a"]])


def test_a_preferred_label_is_no_alternative_one():
    with pytest.raises(ValidationError, match="take it out"):
        Theme(slug="t", name="Theme", alternative_names=["theme"]).full_clean()


def test_alternative_names_are_lines_in_the_database_and_a_list_here():
    Theme.objects.create(slug="t", name="T", alternative_names=["one", "two"])
    assert Theme.objects.get(alternative_names__icontains="TWO").alternative_names == ["one", "two"]


def test_a_circle_that_was_written_into_the_tables_is_cut(regions):
    """By SQL, or by a tool of somebody else's: pages that walk the hierarchy must come to an end."""
    Region.objects.filter(slug="asia").update(parent=regions["japan"])
    themes("a<b", "b<c", "c<a")
    for hierarchy in (vocabulary().regions, vocabulary().themes):
        assert len(hierarchy.roots) == 1
        [root] = hierarchy.roots
        assert len(hierarchy.descendants(root.slug)) == 3


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_in_no_later_vocabulary():
    asia, other = Region.objects.create(slug="asia", name="Asia"), Region.objects.create(slug="other", name="Other")
    japan = Region.objects.create(slug="japan", name="Japan", parent=asia)
    with transaction.atomic():
        japan.parent = other
        japan.save()
        assert vocabulary().regions.ancestors("japan") == {"japan", "other"}
        transaction.set_rollback(True)
    asia.save()
    assert vocabulary().regions.ancestors("japan") == {"japan", "asia"}
