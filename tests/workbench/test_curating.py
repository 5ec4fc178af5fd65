"""An analyst's and a reviewer's work in the admin, form by form."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from apps.curation.models import (
    Article,
    Attendance,
    CrossReference,
    Entry,
    Passage,
    Position,
    Session,
    Status,
    Workshop,
)
from apps.gate.models import Acknowledgement
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Broader, Region, Theme


def change(entry) -> str:
    return reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk])


def form_of(client, address: str) -> dict[str, str]:
    """All that a browser would send back if the form were saved as it stands."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    [form] = [one for one in page.find_all("form") if one.get("id", "").endswith("_form")]
    data: dict[str, object] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        key = field.get("name")
        if not key or field.get("type") in ("submit", "button") or "__prefix__" in key:
            continue
        if field.name == "select":
            data[key] = [option["value"] for option in field.find_all("option", selected=True)]
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                data[key] = "on"
        else:
            data[key] = field.get("value", "") if field.name == "input" else field.get_text().removeprefix("\n")
    return data


def problems(response) -> str:
    return " ".join(
        one.get_text(" ", strip=True) for one in BeautifulSoup(response.content, "html.parser").select(".errorlist")
    )


def add(client, kind: str, **fields):
    """Fill in the add form of a kind and save it."""
    address = reverse(f"admin:curation_{kind}_add")
    return client.post(address, form_of(client, address) | fields)


def test_each_kind_is_added_through_its_form(analyst, entries):
    europe, theme = entries.europe.pk, entries.theme.pk
    about = {"regions": [europe], "themes": [theme], "tags": "one, two words"}
    for kind, own in {
        "article": {"outlet": "A journal"},
        "workshop": {"rule": "chatham_house", "date": "2024"},
        "session": {"workshop": entries.workshop.pk, "number": "2"},
        "proposition": {},
        "position": {"session": entries.session.pk, "stance": "opposes", "proposition": entries.proposition.pk},
    }.items():
        response = add(analyst, kind, title=f"New {kind}", slug=f"new-{kind}", **about, **own)
        assert response.status_code == 302, problems(response)
        entry = Entry.objects.get(kind=kind, slug=f"new-{kind}")
        assert entry.status == Status.DRAFT
        assert entry.modified_by == analyst.user
        assert set(entry.tags.names()) == {"one", "two words"}
        assert entry.child.regions.get() == entries.europe


def test_sessions_and_attendance_are_entered_on_the_workshop(analyst, entries):
    response = add(
        analyst, "workshop", title="Big", slug="big", rule="on_the_record",
        **{
            "sessions-TOTAL_FORMS": "1", "sessions-0-number": "1",
            "sessions-0-title": "First", "sessions-0-slug": "first",
            "attendances-TOTAL_FORMS": "1", "attendances-0-person": entries.person.pk, "attendances-0-role": "chair",
            "attendances-0-expertise": [entries.baltic.pk],
        },
    )  # fmt: skip
    assert response.status_code == 302, problems(response)
    workshop = Workshop.objects.get(slug="big")
    assert Session.objects.get(slug="first").workshop == workshop
    assert workshop.attendances.get().expertise.get() == entries.baltic


def test_attendance_of_a_session_belongs_to_its_workshop(analyst, entries):
    data = form_of(analyst, change(entries.session))
    data |= {"attendances-TOTAL_FORMS": "1", "attendances-0-person": entries.person.pk, "attendances-0-role": "speaker"}
    response = analyst.post(change(entries.session), data)
    assert response.status_code == 302, problems(response)
    assert Attendance.objects.get(session=entries.session).workshop == entries.workshop


def test_passages_and_references_are_entered_on_the_position(analyst, entries):
    data = form_of(analyst, change(entries.position)) | {
        "passages-TOTAL_FORMS": "1", "passages-0-number": "1", "passages-0-locator": "p. 3",
        "references_out-TOTAL_FORMS": "1", "references_out-0-target": entries.workshop.pk,
        "references_out-0-relation": "see_also",
        "references_in-TOTAL_FORMS": "1", "references_in-0-source": entries.article.pk,
        "references_in-0-relation": "elaborates",
    }  # fmt: skip
    response = analyst.post(change(entries.position), data)
    assert response.status_code == 302, problems(response)
    assert Passage.objects.get().position == entries.position
    assert set(CrossReference.objects.values_list("relation", flat=True)) == {"see_also", "elaborates"}
    page = analyst.get(change(entries.article)).content.decode()
    assert "A position" in page


def test_saving_what_nobody_changed_leaves_it_alone(analyst, entries):
    before = Entry.objects.get(pk=entries.position.pk).modified_at
    assert analyst.post(change(entries.position), form_of(analyst, change(entries.position))).status_code == 302
    assert Entry.objects.get(pk=entries.position.pk).modified_at == before


@pytest.mark.parametrize("edit", [{"title": "Other"}, {"tags": "another"}, {"themes": []}])
def test_a_change_to_what_is_published_shows_as_unpublished(analyst, reviewer, entries, edit):
    for entry in (entries.article, entries.proposition, entries.position):
        publish(entry, by=reviewer.user)
    analyst.post(change(entries.position), form_of(analyst, change(entries.position)) | edit)
    assert Entry.objects.get(pk=entries.position.pk).has_unpublished_changes
    listed = analyst.get(reverse("admin:curation_position_changelist"), {"status": "changes"})
    assert "unpublished changes" in listed.content.decode()


def test_what_was_typed_is_kept_when_it_is_wrong(analyst, entries):
    data = form_of(analyst, change(entries.position)) | {"date": "next week", "title": "Half an idea"}
    response = analyst.post(change(entries.position), data)
    assert response.status_code == 200
    assert "next week" in response.content.decode()
    assert "Half an idea" in response.content.decode()
    assert "is no date: write 2023" in problems(response)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "a\x00b"), ("tags", "t" * 300), ("tags", "a\x00b"), ("slug", "no slug!"), ("title", "")],
)
def test_bad_values_are_refused_in_words(analyst, entries, field, value):
    response = analyst.post(change(entries.position), form_of(analyst, change(entries.position)) | {field: value})
    assert response.status_code == 200
    assert problems(response)


def test_a_position_has_one_source(analyst, entries):
    data = form_of(analyst, change(entries.position))
    for article, session in (("", ""), (entries.article.pk, entries.session.pk)):
        response = analyst.post(change(entries.position), data | {"article": article, "session": session})
        assert "Name the one source" in problems(response)


# --- Publishing


def test_a_reviewer_publishes_and_an_analyst_can_not(analyst, reviewer, entries):
    form = form_of(analyst, change(entries.article))
    assert analyst.post(change(entries.article), form | {"_publish": "1"}).status_code == 403
    assert not Record.objects.exists()
    assert "_publish" not in analyst.get(change(entries.article)).content.decode()
    assert analyst.post(change(entries.article), form | {"_submit": "1"}).status_code == 302
    assert Entry.objects.get(pk=entries.article.pk).status == Status.SUBMITTED
    form = form_of(reviewer, change(entries.article))
    assert reviewer.post(change(entries.article), form | {"_publish": "1"}).status_code == 302
    assert Record.objects.get().title == "An article"


@pytest.mark.parametrize("action", ["publish_selected", "withdraw_selected"])
def test_an_analyst_is_not_offered_what_only_reviewers_may_do(analyst, entries, action):
    address = reverse("admin:curation_article_changelist")
    analyst.post(address, {"action": action, "_selected_action": [entries.article.pk]})
    assert not Record.objects.exists()


def test_findings_stand_beside_the_field_they_concern(analyst, entries):
    Workshop.objects.update(rule="chatham_house")
    position = Position.objects.create(slug="z", title="As Zarnecki said", session=entries.session)
    page = BeautifulSoup(analyst.get(change(position)).content, "html.parser")
    assert "Zarnecki" in page.select_one(".field-title .finding").get_text()
    assert "Take the name out" in page.select_one(".gate").get_text()


def test_a_refusal_is_told_in_plain_words(reviewer, entries):
    address = reverse("admin:curation_position_changelist")
    response = reviewer.post(
        address, {"action": "publish_selected", "_selected_action": [entries.position.pk]}, follow=True
    )
    assert "“A position” was not published" in response.content.decode()
    assert "Publish that article first" in response.content.decode()


def test_a_warning_passes_with_a_reason_that_is_kept(reviewer, entries):
    position = Position.objects.create(slug="z", title="On the Host Institute", session=entries.session)
    page = BeautifulSoup(reviewer.get(change(position)).content, "html.parser")
    form = page.select_one("form.acknowledge")
    data = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    reviewer.post(form["action"], data | {"reason": "It is the subject."})
    assert Acknowledgement.objects.get().reason == "It is the subject."
    assert "acknowledged" in reviewer.get(change(position)).content.decode()


def test_withdrawing_asks_first_and_names_what_goes_along(reviewer, entries):
    for entry in (entries.article, entries.proposition, entries.position):
        publish(entry, by=reviewer.user)
    address = reverse("admin:curation_article_withdraw", args=[entries.article.pk])
    page = reviewer.get(address).content.decode()
    assert "A position" in page
    assert Record.objects.live().count() == 3
    reviewer.post(address, {"confirmed": "Withdraw"})
    assert Record.objects.live().count() == 1


def test_what_is_published_can_not_be_deleted(reviewer, entries):
    publish(entries.article, by=reviewer.user)
    address = reverse("admin:curation_article_delete", args=[entries.article.pk])
    Position.objects.all().delete()
    assert "withdraw it first" in reviewer.get(address).content.decode()
    reviewer.post(address, {"post": "yes"})
    assert Article.objects.filter(pk=entries.article.pk).exists()


def test_a_preview_shows_the_public_page_and_writes_nothing(analyst, entries):
    response = analyst.get(reverse("admin:curation_position_preview", args=[entries.position.pk]))
    assert "A position" in response.content.decode()
    assert not Record.objects.exists()


# --- The vocabulary


def test_a_theme_gets_broader_ones_and_never_a_circle(analyst, entries):
    wide = Theme.objects.create(slug="wide", name="Wide")
    address = reverse("admin:taxonomy_theme_change", args=[entries.theme.pk])
    assert analyst.post(address, form_of(analyst, address) | {"above": [wide.pk]}).status_code == 302
    assert Broader.objects.get().broader == wide
    back = reverse("admin:taxonomy_theme_change", args=[wide.pk])
    response = analyst.post(back, form_of(analyst, back) | {"above": [entries.theme.pk]})
    assert "broader than itself" in problems(response)
    response = analyst.post(address, form_of(analyst, address) | {"related": [wide.pk]})
    assert "neither broader" in problems(response)


def test_a_region_is_never_put_beneath_itself(analyst, entries):
    address = reverse("admin:taxonomy_region_change", args=[entries.europe.pk])
    response = analyst.post(address, form_of(analyst, address) | {"parent": entries.baltic.pk})
    assert "lies within" in problems(response)


def test_the_slug_of_a_term_in_use_is_fixed(analyst, entries):
    used = reverse("admin:taxonomy_region_change", args=[entries.baltic.pk])
    assert "slug" not in form_of(analyst, used)
    assert "slug" in form_of(analyst, reverse("admin:taxonomy_region_change", args=[entries.europe.pk]))


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"region": "europe"}, 1), ({"region": "baltic"}, 1), ({"theme": "calm"}, 1), ({"tag": "a-tag"}, 1),
        ({"stance__exact": "opposes"}, 0), ({"rule": "on_the_record"}, 1), ({"rule": "chatham_house"}, 0),
        ({"region": "narnia"}, 0), ({"status": "draft"}, 1), ({"status": "published"}, 0),
    ],
)  # fmt: skip
def test_lists_are_filtered(analyst, entries, parameters, found):
    response = analyst.get(reverse("admin:curation_position_changelist"), parameters)
    assert response.context["cl"].result_count == found


def test_an_entry_of_any_kind_leads_to_the_form_of_its_kind(analyst, entries):
    response = analyst.get(reverse("admin:curation_entry_change", args=[entries.article.pk]))
    assert response.url == change(entries.article)
    assert Region.objects.exists()
