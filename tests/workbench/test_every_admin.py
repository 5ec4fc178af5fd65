"""What holds for every admin there is, found by reflection."""

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import ForeignKey, ManyToManyField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.curation.models import (
    Article,
    Entry,
    Organisation,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.taxonomy.models import Region, Theme

pytestmark = pytest.mark.every_case  # what is looked for is compared by the database

OURS = [model for model in admin.site._registry if model._meta.app_label in ("curation", "taxonomy", "taggit", "gate")]
KINDS = [Article, Workshop, Session, Proposition, Position]
# Kept as they are, or edited on the form of the entry that they belong to.
LOOKED_AT = ("acknowledgement", "attendance", "authorship", "passage", "candidate", "crossreference", "merge")


@pytest.fixture(autouse=True)
def _they_may_ask_by_person(request) -> None:
    """Who else may see which list is told in test_roles.py."""
    for name in {"reviewer", "looker"} & set(request.fixturenames):
        request.getfixturevalue(name).user.user_permissions.add(Permission.objects.get(codename="see_identities"))


def address(model, what: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def name(model) -> str:
    return model._meta.model_name


def test_everything_that_is_curated_has_an_admin():
    # Edited as fields of what they join, by handing in, or by two coders on pages of their own.
    fields = {"TaggedEntry", "Broader", "Submission", "DoubleCoding", "CodedUnit", "CodedPassage", "UnitPair"}
    for app in ("curation", "taxonomy"):
        missing = {model.__name__ for model in apps.get_app_config(app).get_models()} - fields - {"VocabularyState"}
        assert missing <= {model.__name__ for model in admin.site._registry}


@pytest.mark.parametrize("model", OURS, ids=name)
def test_its_list_opens(reviewer, entries, model):
    assert reviewer.get(address(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", ["user", "group"])
def test_the_search_of_accounts_takes_anything_too(db, admin_client, model):
    assert admin_client.get(f"/admin/auth/{model}/", {"q": "a " * 3000}).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=name)
@pytest.mark.parametrize("typed", ["article", '"', "%", "a" * 5000, "\x00", "’; --", "🏴", "\\"])
def test_its_search_takes_anything(reviewer, entries, model, typed):
    assert reviewer.get(address(model, "changelist"), {"q": typed}).status_code == 200


RUBBISH = [
    *({name: "\x00"} for name in ("region", "theme", "tag", "status", "rule", "date", "stance__exact", "o")),
    {"q": "a b c d e " * 300},
    *({"latest__year": year} for year in ("abc", "9999", "99999", "9" * 20, "-1")),
    {"_facets": "True"},
    {"latest__year": "2023", "latest__month": "2", "latest__day": "31"},
    *({f"{column}__year": "99999"} for column in ("earliest", "modified_at", "published_at")),
    *({"date": date} for date in ("0000", "2023-13", "9999-00", "²⁰²³")),
    {"p": "9" * 30},
    {"_to_field": "nothing"},
    {"modified_by__password": "x"},
]


@pytest.mark.parametrize("model", [Entry, *KINDS], ids=name)
def test_its_filters_take_anything(reviewer, entries, model):
    for parameters in RUBBISH:
        assert reviewer.get(address(model, "changelist"), parameters).status_code in (200, 302, 400), parameters


@pytest.mark.parametrize("term", ["a", "\x00", "b c " * 300])
def test_autocompletes_answer_an_analyst_whatever_is_typed(analyst, entries, term):
    for model in OURS:
        for field in relation_fields(admin.site._registry[model]) if model.__name__ != "Acknowledgement" else ():
            where = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
            response = analyst.get(reverse("admin:autocomplete"), {**where, "term": term})
            assert response.status_code == 200, where
            assert "results" in response.json()


@pytest.mark.parametrize("model", KINDS, ids=name)
def test_each_field_of_its_lines_has_a_name(reviewer, entries, model):
    page = BeautifulSoup(reviewer.get(address(model, "change", model.objects.first().pk)).content, "html.parser")
    for field in page.select(".tabular td.field-title input, .tabular select, .tabular textarea"):
        assert field.get("aria-label"), field.get("name")


@pytest.mark.parametrize("model", KINDS, ids=name)
def test_its_form_needs_no_inline_script_or_style(reviewer, entries, model):
    """The content security policy would block them."""
    page = BeautifulSoup(reviewer.get(address(model, "change", model.objects.first().pk)).content, "html.parser")
    scripts = [one for one in page.find_all("script") if not one.get("src") and one.get("type") != "application/json"]
    assert not scripts
    assert not page.find_all("style")
    assert not page.find_all(style=True)


@pytest.mark.parametrize("model", [model for model in OURS if model not in (Entry,)], ids=name)
def test_its_form_opens(reviewer, entries, model):
    adding = reviewer.get(address(model, "add"))
    assert adding.status_code == (403 if name(model) in LOOKED_AT else 200)
    if (row := model._default_manager.first()) is not None:
        assert reviewer.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=name)
def test_somebody_who_may_only_look_sees_its_list_and_its_rows(looker, entries, model):
    assert looker.get(address(model, "changelist")).status_code == 200
    if (row := model._default_manager.first()) is not None:
        page = looker.get(address(model, "change", row.pk), follow=True)
        assert page.status_code == 200
        form = BeautifulSoup(page.content, "html.parser").select_one("#content-main form")
        assert not form.select("input:not([type=hidden]), textarea, select")
        assert looker.post(address(model, "change", row.pk), {"title": "x"}).status_code in (302, 403)


@pytest.mark.parametrize("model", OURS, ids=name)
@pytest.mark.parametrize("action", ["delete_selected", "submit_selected", "publish_selected", "nonsense"])
def test_its_actions_take_any_key(reviewer, entries, model, action):
    for key in ("abc", "9" * 30, "\x00", "", "-1"):
        response = reviewer.post(address(model, "changelist"), {"action": action, "_selected_action": [key]})
        assert response.status_code in (200, 302, 403), key


@pytest.mark.parametrize("model", OURS, ids=name)
def test_nobody_gets_in_without_signing_in(client, entries, model):
    assert client.get(address(model, "changelist")).status_code == 302


def relation_fields(one: ModelAdmin | InlineModelAdmin) -> set[str]:
    excused = {"tags", one.fk_name if isinstance(one, InlineModelAdmin) else ""}
    return {
        field.name
        for field in (*one.model._meta.fields, *one.model._meta.many_to_many)
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.editable
        and not field.remote_field.parent_link
        and (not isinstance(field, ManyToManyField) or field.remote_field.through._meta.auto_created)
    } - excused


@pytest.mark.parametrize("model", OURS, ids=name)
def test_every_relation_is_an_autocomplete(rf, reviewer, model):
    request = rf.get("/")
    request.user = reviewer.user
    one = admin.site._registry[model]
    for editor in (one, *one.get_inline_instances(request)):
        if model.__name__ not in ("Tag", "Acknowledgement") and isinstance(editor, ModelAdmin | InlineModelAdmin):
            assert relation_fields(editor) <= set(editor.get_autocomplete_fields(request)) | {"workshop"}, editor


def make_many(count: int) -> None:
    host = Organisation.objects.create(slug=f"h{count}", name=f"Host {count}")
    region = Region.objects.create(slug=f"r{count}", name=f"Region {count}")
    for i in range(count):
        key = f"{count}-{i}"
        workshop = Workshop.objects.create(slug=f"w{key}", title="W", host=host)
        session = Session.objects.create(slug=f"s{key}", title="S", workshop=workshop)
        article = Article.objects.create(slug=f"a{key}", title="A")
        proposition = Proposition.objects.create(slug=f"p{key}", title="P")
        source = {"session": session} if i % 2 else {"article": article}
        position = Position.objects.create(
            slug=f"o{key}", title="O", proposition=proposition, stance="opposes", **source
        )
        position.regions.add(region)
        Person.objects.create(slug=f"x{key}", family_name="X")
        Organisation.objects.create(slug=f"g{key}", name=f"G{key}")
        Region.objects.create(slug=f"q{key}", name=f"Q{key}", parent=region)
        Theme.objects.create(slug=f"t{key}", name=f"T{key}")
        position.tags.add(f"tag {key}")


@pytest.mark.parametrize("model", OURS, ids=name)
def test_its_list_costs_the_same_for_2_rows_and_for_20(reviewer, model):
    """Session, user, permissions (2), counts, rows, and one for each filter that offers what is in use."""
    counts = []
    for count in (2, 20):
        make_many(count)
        reviewer.get(address(model, "changelist"))  # the vocabulary in memory
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reviewer.get(address(model, "changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
