"""An analyst's work in the admin, form by form."""

import pytest
from django.urls import reverse

from apps.curation.models import (
    Attendance,
    CrossReference,
    Entry,
    Passage,
    Position,
    Session,
    Status,
    Workshop,
)
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from tests.workbench.forms import add, change, form_of, problems, save


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


@pytest.mark.parametrize(("kind", "source"), [("article", "article"), ("session", "session")])
def test_positions_are_entered_together_with_their_source(analyst, entries, kind, source):
    own = {"workshop": entries.workshop.pk} if kind == "session" else {}
    lines = {"positions-TOTAL_FORMS": "1", "positions-0-title": "T", "positions-0-slug": "t"}
    response = add(analyst, kind, title="X", slug="x", **own, **lines)
    assert response.status_code == 302, problems(response)
    position = Position.objects.get(slug="t")
    assert getattr(position, source).title == "X"
    assert position.modified_by == analyst.user


def test_a_line_edited_on_the_source_is_an_edit_of_the_position(analyst, reviewer, entries):
    for entry in (entries.article, entries.proposition, entries.position):
        publish(entry, by=reviewer.user)
    save(analyst, entries.article, **{"positions-0-title": "Changed"})
    position = Entry.objects.get(pk=entries.position.pk)
    assert (position.title, position.modified_by) == ("Changed", analyst.user)
    assert position.has_unpublished_changes
    assert not Entry.objects.get(pk=entries.article.pk).has_unpublished_changes


def test_four_eyes_see_an_edit_made_in_a_line(reviewer, entries):
    Position.objects.create(slug="z", title="A calm remark", session=entries.session)
    Position.objects.filter(slug="z").update(modified_by=None)
    publish(entries.workshop, by=reviewer.user)
    publish(entries.session, by=reviewer.user)
    save(reviewer, entries.session, **{"positions-0-title": "A changed remark"})
    position = Position.objects.get(slug="z")
    response = reviewer.post(change(position), form_of(reviewer, change(position)) | {"_publish": "1"}, follow=True)
    assert "needs a second pair of eyes" in response.content.decode()
    assert not Record.objects.filter(identifier=position.identifier).exists()


def test_a_reference_entered_at_its_far_end_is_an_edit_of_where_it_starts(analyst, entries):
    lines = {"references_in-TOTAL_FORMS": "1", "references_in-0-source": entries.article.pk}
    save(analyst, entries.position, **lines, **{"references_in-0-relation": "elaborates"})
    assert Entry.objects.get(pk=entries.article.pk).modified_by == analyst.user
    assert Entry.objects.get(pk=entries.position.pk).modified_by is None


def test_a_published_position_is_not_deleted_from_its_sources_form(analyst, reviewer, entries):
    for entry in (entries.article, entries.proposition, entries.position):
        publish(entry, by=reviewer.user)
    save(analyst, entries.article, **{"positions-0-DELETE": "on"})
    assert Position.objects.filter(pk=entries.position.pk).exists()


def test_saving_any_kind_unchanged_leaves_it_alone(analyst, entries):
    Session.objects.filter(pk=entries.session.pk).update(key_questions="One?\nTwo?")
    for kind in ("article", "workshop", "session", "proposition", "position"):
        assert save(analyst, getattr(entries, kind)).status_code == 302
    assert not Entry.objects.exclude(modified_by=None).exists()
