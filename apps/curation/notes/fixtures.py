"""Fixtures made from notes, the same to the byte wherever they are made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import Model
from django.db.utils import DEFAULT_DB_ALIAS, load_backend

# Each fixture, with the apps whose rows it holds.
FIXTURES = {"vocabulary": ("taxonomy",), "demo": ("taggit", "curation")}
# What says when and by whom, and a counter that counts by itself.
_VOLATILE = ("published_at", "modified_at", "modified_by")
_LEFT_OUT = ("taxonomy.vocabularystate", "taggit.taggeditem")


@contextmanager
def empty_database() -> Iterator[None]:
    """Everything within happens in a new database in memory; the one of the settings isn't touched."""
    used = connections[DEFAULT_DB_ALIAS]
    backend = load_backend("django.db.backends.sqlite3")
    settings = connections.configure_settings(
        {DEFAULT_DB_ALIAS: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    )[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = backend.DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    try:
        call_command("migrate", verbosity=0, skip_checks=True)
        yield
    finally:
        connections[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = used
        ContentType.objects.clear_cache()  # it remembers primary keys


def dump(name: str) -> str:
    """The text of a fixture, from the present database."""
    models = [model for label in FIXTURES[name] for model in apps.get_app_config(label).get_models()]
    kept = [model for model in models if model._meta.label_lower not in _LEFT_OUT]
    ordered = serializers.sort_dependencies([(None, kept)])
    rows = [row for model in ordered for row in _rows(model)]
    return json.dumps(rows, indent=1, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"


def _rows(model: type[Model]) -> Iterable[dict[str, Any]]:
    objects = sorted(model._default_manager.all(), key=lambda one: json.dumps(cast("Any", one).natural_key()))
    rows = serializers.serialize("python", objects, use_natural_foreign_keys=True, use_natural_primary_keys=True)
    several = {field.name for field in model._meta.many_to_many}
    for row in rows:
        row["fields"] = {
            name: sorted(value) if name in several else value
            for name, value in row["fields"].items()
            if name not in _VOLATILE
        }
    return rows
