import pytest
from django.urls import reverse
from django.contrib import admin
from apps.curation.models import *
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from tests.workbench.conftest import *
from tests.workbench.test_curating import add, form_of, change, problems

def test_dup_slug(analyst, entries):
    r = add(analyst, "article", title="X", slug="a"); print(r.status_code, problems(r)); assert r.status_code == 200

def test_identifier_taken(analyst, entries):
    Entry.objects.filter(pk=entries.article.pk).update(slug="moved")
    r = add(analyst, "article", title="X", slug="a"); print(r.status_code, problems(r)); assert r.status_code == 200

def test_add_article_with_positions(analyst, entries):
    r = add(analyst, "article", title="X", slug="xx", **{"positions-TOTAL_FORMS":"1","positions-0-title":"T","positions-0-slug":"tt","positions-0-stance":"supports"})
    assert r.status_code == 302, problems(r)
    assert Entry.objects.get(slug="tt").modified_by == analyst.user

def test_inline_dup_slug(analyst, entries):
    d = form_of(analyst, change(entries.article)) | {"positions-TOTAL_FORMS":"2","positions-1-title":"T","positions-1-slug":"o"}
    r = analyst.post(change(entries.article), d); print(r.status_code, problems(r)); assert r.status_code == 200

def test_inline_edit_touches(analyst, reviewer, entries):
    for e in (entries.article, entries.proposition, entries.position): publish(e, by=reviewer.user)
    d = form_of(analyst, change(entries.article)) | {"positions-0-title":"Changed"}
    r = analyst.post(change(entries.article), d); assert r.status_code == 302, problems(r)
    e = Entry.objects.get(pk=entries.position.pk); assert e.title == "Changed"
    assert e.has_unpublished_changes and e.modified_by == analyst.user

def test_inline_delete_published(analyst, reviewer, entries):
    for e in (entries.article, entries.proposition, entries.position): publish(e, by=reviewer.user)
    d = form_of(analyst, change(entries.article)) | {"positions-0-DELETE":"on"}
    r = analyst.post(change(entries.article), d); print(r.status_code, problems(r))
    assert Entry.objects.filter(pk=entries.position.pk).exists()

@pytest.mark.parametrize("extra", [
  {"references_out-TOTAL_FORMS":"1","references_out-0-target":"SELF","references_out-0-relation":"cites"},
  {"references_out-TOTAL_FORMS":"2","references_out-0-target":"ART","references_out-0-relation":"cites","references_out-1-target":"ART","references_out-1-relation":"cites"},
  {"references_in-TOTAL_FORMS":"1","references_in-0-source":"SELF","references_in-0-relation":"cites"},
  {"references_out-TOTAL_FORMS":"1","references_out-0-target":"999999","references_out-0-relation":"cites"},
  {"references_out-TOTAL_FORMS":"1","references_out-0-target":"ab\x00","references_out-0-relation":"zz"},
  {"references_out-TOTAL_FORMS":"1","references_out-0-target":"ART","references_out-0-relation":"cites","references_out-0-note":"a\x00b"},
  {"passages-TOTAL_FORMS":"1","passages-0-number":"1","passages-0-prefix":"zz"},
  {"passages-TOTAL_FORMS":"1","passages-0-number":"1","passages-0-locator":"zz","passages-0-start":"5"},
  {"passages-TOTAL_FORMS":"1","passages-0-number":"1","passages-0-locator":"zz","passages-0-start":"5","passages-0-end":"3"},
  {"passages-TOTAL_FORMS":"2","passages-0-number":"1","passages-0-locator":"zz","passages-1-number":"1","passages-1-locator":"zz"},
  {"passages-TOTAL_FORMS":"1","passages-0-number":"99999999999","passages-0-locator":"zz"},
  {"passages-TOTAL_FORMS":"1","passages-0-number":"1","passages-0-locator":"a\x00","passages-0-quotation":"x\x00"},
  {"passages-TOTAL_FORMS":"abc"}, {"passages-TOTAL_FORMS":"99999"}, {"passages-TOTAL_FORMS":"", "references_in-INITIAL_FORMS":"7"},
  {"summary":"a\x00b"}, {"note":"a\x00b"}, {"reported_as":"\x00"}, {"order":"99999999999"}, {"speakers":["abc"]}, {"speakers":["99999999999999999999999"]}, {"article":"99999999999999999999999"},
  {"regions":["1\x00"]}, {"descriptor_country":"ZZ"}, {"stance":""}, {"date":"2023-13-45"}, {"date":"0000"}, {"date":"2023/2020"}, {"date":"9"*500}, {"tags":'"unclosed, "'}, {"tags":","}, {"title":"x"*500}, {"slug":"é"},
  {"reported_from":"WS","article":"","session":"SES"}, {"named_in_source":"on","article":"","session":"SES"},
])
def test_position_rubbish(analyst, entries, extra):
    m = {"SELF": entries.position.pk, "ART": entries.article.pk, "WS": entries.workshop.pk, "SES": entries.session.pk}
    extra = {k: m.get(v, v) if isinstance(v, str) else v for k, v in extra.items()}
    r = analyst.post(change(entries.position), form_of(analyst, change(entries.position)) | extra)
    print(extra, r.status_code, problems(r)); assert r.status_code in (200, 302)

@pytest.mark.parametrize("extra", [
  {"sessions-TOTAL_FORMS":"2","sessions-1-title":"T","sessions-1-slug":"t","sessions-1-number":"1"},
  {"sessions-TOTAL_FORMS":"3","sessions-1-title":"T","sessions-1-slug":"t","sessions-2-title":"T","sessions-2-slug":"t"},
  {"attendances-TOTAL_FORMS":"2","attendances-1-person":"P","attendances-1-role":"chair"},
  {"attendances-TOTAL_FORMS":"3","attendances-1-person":"P","attendances-1-role":"chair","attendances-1-session":"SES","attendances-2-person":"P","attendances-2-role":"chair","attendances-2-session":"SES"},
  {"attendances-TOTAL_FORMS":"2","attendances-1-person":"P","attendances-1-role":"chair","attendances-1-session":"SES2"},
  {"embargo":"tomorrow"},{"embargo":"2023-06-08T09:00","time_zone":"Mars/Base"},{"time_zone":"../etc"},{"time_zone":"a\x00"},{"rule":"nope"},{"host":"zz"},{"key_questions":"a\x00b"},{"key_questions":"q\n"*1000},
])
def test_workshop_rubbish(analyst, entries, extra):
    w2 = Workshop.objects.create(slug="w2", title="W2"); s2 = Session.objects.create(slug="s2", title="S2", workshop=w2)
    m = {"P": entries.person.pk, "SES": entries.session.pk, "SES2": s2.pk}
    extra = {k: m.get(v, v) for k, v in extra.items()}
    r = analyst.post(change(entries.workshop), form_of(analyst, change(entries.workshop)) | extra)
    print(extra, r.status_code, problems(r)); assert r.status_code in (200, 302)

@pytest.mark.parametrize("params", [
 {"region":"\x00"},{"theme":"\x00"},{"tag":"\x00"},{"status":"\x00"},{"rule":"\x00"},{"stance__exact":"\x00"},{"stance__exact":"zz"},
 {"latest__year":"abc"},{"latest__year":"99999"},{"latest__year":"0"},{"latest__year":"2023","latest__month":"13"},{"latest__year":"2023","latest__month":"2","latest__day":"31"},
 {"p":"abc"},{"p":"-1"},{"p":"99999999999999999999999"},{"o":"9.9.x"},{"o":"\x00"},{"all":"1"},{"nope":"1"},{"title__startswith":"x"},{"modified_by__password":"x"},
 {"q":"a b c d e "*300},{"q":'"a" '*100},{"id__in":"x"},{"pk":"x"},{"_facets":"True"},{"_popup":"1"},{"_to_field":"zz"},{"stance__isnull":"zz"},{"e":"1"},{"latest__gte":"x"}, {"latest__lt":"2023-99-99"},
])
def test_list_rubbish(analyst, entries, params):
    for m in ("position", "entry", "session", "workshop", "article"):
        r = analyst.get(reverse(f"admin:curation_{m}_changelist"), params)
        assert r.status_code in (200, 302, 400, 403), (m, params, r.status_code)
        print(m, params, r.status_code, getattr(r, "url", ""))

@pytest.mark.parametrize("oid", ["abc", "0", "99999999999999999999999999", "%00", "_5F", "1%2F2", "-1"])
def test_object_rubbish(analyst, reviewer, entries, oid):
    for what in ("change/", "history/", "delete/", "preview/", "withdraw/", "acknowledge/"):
        r = reviewer.get(f"/workbench/curation/position/{oid}/{what}" if False else reverse("admin:index") + f"curation/position/{oid}/{what}")
        print(oid, what, r.status_code); assert r.status_code in (302, 400, 404, 405), (oid, what, r.status_code)

@pytest.mark.parametrize("term", ["", "a", "\x00", "a b "*300, '"'])
def test_autocomplete(analyst, entries, term):
    from django.contrib.admin.options import InlineModelAdmin
    for model, a in admin.site._registry.items():
        if model._meta.app_label in ("auth",): continue
        for f in (*model._meta.fields, *model._meta.many_to_many):
            if f.is_relation and f.editable and f.name not in ("tags",) and not getattr(f.remote_field, "parent_link", False):
                r = analyst.get(reverse("admin:autocomplete"), {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": f.name, "term": term})
                print(model, f.name, r.status_code)
                assert r.status_code in (200, 403), (model, f.name)
