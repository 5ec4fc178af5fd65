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
from taggit.models import Tag

from apps.curation.models import Organisation, Person, Proposition
from apps.gate.models import Acknowledgement
from apps.gate.publication import Outcome, awaiting_publication, publish_many
from apps.public.catalogue.models import Link, Record, RecordVersion
from apps.public.catalogue.state import read_state
from apps.public.exports.formats import FORMATS
from apps.public.exports.rows import rows_of
from apps.public.exports.site import Site
from apps.public.search.filters import Filter
from apps.taxonomy.models import Theme, VocabularyState
from apps.workbench.merging import merge, taken, undo


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
