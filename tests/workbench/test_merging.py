"""Making one of two, splitting a theme, and taking that back: afterwards everything is as it was."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db.models import Count
from django.urls import reverse
from taggit.models import Tag

from apps.curation.models import Attendance, Merge, Organisation, Person, Position, Proposition
from apps.gate.models import Acknowledgement
from apps.gate.publication import Outcome, awaiting_publication, publish, publish_many
from apps.public.catalogue.models import Link, Record, RecordVersion
from apps.public.catalogue.state import read_state
from apps.public.exports.formats import FORMATS
from apps.public.exports.rows import rows_of
from apps.public.exports.site import Site
from apps.public.search.filters import Filter
from apps.taxonomy.models import Theme, VocabularyState
from apps.workbench.merging import merge, split, taken, tried, undo


@pytest.fixture
def demo(reviewer) -> SimpleNamespace:
    """The demo, published, with somebody and something entered twice."""
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    outcome = Outcome()
    for _ in publish_many(awaiting_publication(), outcome, by=reviewer.user):
        pass
    assert not outcome.refused
    return SimpleNamespace(by=reviewer.user)


def most_used(model, *counted: str) -> list:
    """The two of a kind that most rows name."""
    rows = model.objects.annotate(uses=sum(Count(one, distinct=True) for one in counted))
    return list(rows.order_by("-uses", "pk")[:2])


PAIRS = {
    Tag: lambda: most_used(Tag, "tagged_entries"),
    Theme: lambda: most_used(Theme, "entries"),
    Person: lambda: most_used(Person, "authorships", "attendances", "positions"),
    Organisation: lambda: most_used(Organisation, "attendances", "hosted"),
    Proposition: lambda: most_used(Proposition, "positions", "references_in"),
}


def exported() -> dict[str, bytes]:
    """All that anybody can take along, in each format that lists every column."""
    site = Site("https://kb.example", "KB")
    rows = list(rows_of(Filter(), read_state()))
    return {name: b"".join(FORMATS[name].write(iter(rows), site)) for name in ("csv", "json", "ris", "csl-json")}


def private() -> dict[str, str]:
    """All rows of what analysts know, and of the vocabulary."""
    models = [
        model
        for app in ("curation", "taxonomy", "taggit")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model.__name__ != "Merge" and model is not VocabularyState
    ]
    models.append(Acknowledgement)
    return {model._meta.label: serializers.serialize("json", model._base_manager.order_by("pk")) for model in models}


def public() -> list:
    """All records with their links and former versions, but for the numbers of changes."""
    return [
        *Record.objects.order_by("pk").values_list("identifier", "title", "content", "version", "published_at"),
        *RecordVersion.objects.order_by("pk").values_list("record", "version", "content"),
        *Link.objects.order_by("source", "target", "tie").values_list("source", "target", "tie", "note"),
    ]


def everything() -> dict:
    return exported() | private() | {"public": public()}


def differing(one: dict, other: dict) -> list[str]:
    return [name for name in one if one[name] != other[name]]


@pytest.mark.parametrize("model", PAIRS, ids=lambda model: model._meta.model_name)
def test_a_merge_undone_leaves_everything_as_it_was(demo, model):
    keep, double = PAIRS[model]()
    before = everything()
    done = taken(partial(merge, keep, [double], demo.by), demo.by)
    assert not model.objects.filter(pk=double.pk).exists()
    assert differing(before, everything())
    json.dumps(done.merge.rows)
    undo(done.merge, demo.by)
    assert differing(before, everything()) == []


def test_a_split_undone_leaves_everything_as_it_was(demo):
    theme = most_used(Theme, "entries")[0]
    about = list(theme.entries.values_list("pk", flat=True))
    before = everything()
    new = Theme(name="Another theme", slug="another-theme")
    done = taken(partial(split, theme, new, about[:3], True, demo.by), demo.by)
    assert set(Theme.objects.get(slug="another-theme").entries.values_list("pk", flat=True)) == set(about[:3])
    assert list(Theme.objects.get(slug="another-theme").broader.all()) == [theme]
    named = Record.objects.live().filter(content__themes__icontains='"another-theme"')
    assert named.count() == 3
    undo(done.merge, demo.by)
    assert differing(before, everything()) == []


def test_what_is_only_tried_changes_nothing(demo):
    keep, double = PAIRS[Proposition]()
    before = everything()
    tried(partial(merge, keep, [double], demo.by))
    assert differing(before, everything()) == []
    assert not Merge.objects.exists()


# --- By somebody, on a page


@pytest.fixture
def twice(entries) -> SimpleNamespace:
    """A proposition and somebody entered twice."""
    entries.double = Proposition.objects.create(slug="p2", title="The proposition again")
    entries.other = Position.objects.create(
        slug="o2", title="Another position", article=entries.article, proposition=entries.double, stance="opposes"
    )
    entries.again = Person.objects.create(slug="x2", given_names="Q.", family_name="Zarnecki")
    return entries


def page_of(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def sent(keep, *others) -> dict:
    return {"of": [keep.pk, *(one.pk for one in others)], "keep": keep.pk}


def test_the_list_leads_to_a_preview_and_the_preview_to_the_merge(analyst, twice):
    chosen = {"action": "merge_selected", "_selected_action": [twice.proposition.pk, twice.double.pk]}
    preview = analyst.post(page_of(Proposition, "changelist"), chosen, follow=True)
    assert "Another position" in preview.content.decode()
    assert Proposition.objects.count() == 2
    analyst.post(page_of(Proposition, "merge"), sent(twice.proposition, twice.double))
    assert Proposition.objects.get() == twice.proposition
    assert twice.proposition.positions.count() == 2
    assert "The proposition again" in Proposition.objects.get().note


def test_a_rows_own_page_finds_its_double(analyst, twice):
    page = analyst.get(page_of(Person, "doubles", twice.person.pk), {"q": "zarn"}).content.decode()
    assert "Q. Zarnecki" in page
    assert (
        page_of(Person, "doubles", twice.person.pk)
        in analyst.get(page_of(Person, "change", twice.person.pk)).content.decode()
    )


def test_a_conflict_is_told_with_where_to_mend_it(analyst, twice):
    other = Organisation.objects.create(slug="g", name="Another body")
    Attendance.objects.create(workshop=twice.workshop, person=twice.again, affiliation=other)
    preview = analyst.get(page_of(Person, "merge"), sent(twice.person, twice.again)).content.decode()
    assert "make the two the same first" in preview
    assert page_of(type(twice.workshop), "change", twice.workshop.pk) in preview
    assert "Merge into" not in preview
    answer = analyst.post(page_of(Person, "merge"), sent(twice.person, twice.again), follow=True)
    assert "make the two the same first" in answer.content.decode()
    assert Person.objects.count() == 2


def test_what_changes_records_is_for_somebody_who_may_publish(analyst, reviewer, twice):
    for entry in (twice.article, twice.proposition, twice.double, twice.other):
        publish(entry, by=reviewer.user)
    address, data = page_of(Proposition, "merge"), sent(twice.proposition, twice.double)
    assert "Ask a reviewer" in analyst.get(address, data).content.decode()
    assert "Ask a reviewer" in analyst.post(address, data, follow=True).content.decode()
    assert Proposition.objects.count() == 2
    reviewer.post(address, data)
    assert Proposition.objects.count() == 1
    done = page_of(Merge, "change", Merge.objects.get().pk)
    analyst.post(done)
    assert Proposition.objects.count() == 1
    reviewer.post(done)
    assert Proposition.objects.count() == 2


def test_whoever_may_only_look_merges_and_undoes_nothing(looker, analyst, twice):
    assert looker.post(page_of(Proposition, "merge"), sent(twice.proposition, twice.double)).status_code == 403
    analyst.post(page_of(Proposition, "merge"), sent(twice.proposition, twice.double))
    done = page_of(Merge, "change", Merge.objects.get().pk)
    assert looker.get(done).status_code == 200
    assert looker.post(done).status_code == 403


def test_undo_is_refused_where_somebody_went_on_and_says_where(analyst, twice):
    analyst.post(page_of(Proposition, "merge"), sent(twice.proposition, twice.double))
    third = Proposition.objects.create(slug="p3", title="A third")
    Position.objects.filter(pk=twice.other.pk).update(proposition=third)
    answer = analyst.post(page_of(Merge, "change", Merge.objects.get().pk)).content.decode()
    assert "Another position" in answer
    assert "proposition" in answer
    assert Proposition.objects.filter(slug="p2").count() == 0
    assert Merge.objects.get().undone_at is None


def test_undo_keeps_what_was_written_since(analyst, twice):
    analyst.post(page_of(Proposition, "merge"), sent(twice.proposition, twice.double))
    Position.objects.filter(pk=twice.other.pk).update(summary="Written since")
    analyst.post(page_of(Merge, "change", Merge.objects.get().pk))
    position = Position.objects.get(pk=twice.other.pk)
    assert (position.proposition, position.summary) == (twice.double, "Written since")


def test_undo_is_refused_where_its_name_is_taken(analyst, twice):
    analyst.post(page_of(Person, "merge"), sent(twice.person, twice.again))
    Person.objects.create(slug="x2", family_name="Somebody else")
    answer = analyst.post(page_of(Merge, "change", Merge.objects.get().pk)).content.decode()
    assert "has its place by now" in answer


def test_undoing_twice_is_told(analyst, twice):
    analyst.post(page_of(Person, "merge"), sent(twice.person, twice.again))
    done = page_of(Merge, "change", Merge.objects.get().pk)
    analyst.post(done)
    assert "Undone" in analyst.post(done).content.decode()
    assert Person.objects.count() == 2


def test_a_merge_is_a_step_in_the_history_of_what_it_moved(analyst, twice):
    analyst.post(page_of(Proposition, "merge"), sent(twice.proposition, twice.double))
    page = analyst.get(page_of(Position, "history", twice.other.pk)).content.decode()
    assert "merged into" in page
    assert "The proposition again" in page


@pytest.mark.parametrize("keys", [[], ["x"], ["9" * 30], ["\x00", "-1"], ["1", "1"]])
def test_keys_that_are_none_are_answered(analyst, twice, keys):
    for model in PAIRS:
        assert analyst.get(page_of(model, "merge"), {"of": keys, "keep": "\x00"}).status_code == 302
        assert analyst.post(page_of(model, "merge"), {"of": keys}).status_code == 302


def test_a_theme_is_split_by_ticking_its_entries(analyst, twice):
    address = page_of(Theme, "split", twice.theme.pk)
    data = {"name": "Uneasy calm", "slug": "uneasy-calm", "narrower": "on", "entry": [twice.position.pk]}
    assert "is about the new theme" in analyst.post(address, data).content.decode()
    assert Theme.objects.count() == 1
    analyst.post(address, data | {"_split": "1"})
    assert [theme.name for theme in twice.position.themes.all()] == ["Uneasy calm"]


@pytest.mark.parametrize(
    "data", [{"name": "calm"}, {"slug": "calm"}, {"slug": "\x00"}, {"name": "a" * 300}, {"entry": ["x", "9" * 40]}]
)
def test_a_split_that_cannot_be_made_keeps_what_was_typed(analyst, twice, data):
    typed = {"name": "Uneasy calm", "slug": "uneasy-calm", "entry": [twice.position.pk]} | data
    answer = analyst.post(page_of(Theme, "split", twice.theme.pk), typed | {"_split": "1"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Theme.objects.count() == 1


def test_a_search_within_a_split_keeps_what_is_ticked(analyst, twice):
    typed = {"name": "Uneasy calm", "slug": "", "entry": [twice.position.pk], "q": "nothing like it", "_search": "1"}
    answer = analyst.post(page_of(Theme, "split", twice.theme.pk), typed).content.decode()
    assert f'<input type="hidden" name="entry" value="{twice.position.pk}">' in answer
    assert "Uneasy calm" in answer
