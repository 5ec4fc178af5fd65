"""Who edited what is kept: for four eyes, for the flag 'unpublished changes', and for whoever looks it up."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from taggit.models import Tag

from apps.curation.models import Attendance, Entry, Organisation, Person, Workshop
from apps.gate.publication import publish
from tests.workbench.forms import ENTRIES, change, form_of, save


def edit(client, thing, **fields):
    """Change something that is no entry through its own form."""
    address = reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
    response = client.post(address, form_of(client, address) | fields)
    assert response.status_code == 302


def edited() -> set[str]:
    return set(Entry.objects.exclude(modified_by=None).values_list("title", flat=True))


def test_renaming_a_tag_is_an_edit_of_what_it_marks(analyst, entries):
    edit(analyst, Tag.objects.get(), name="renamed")
    assert edited() == {"A position"}


def test_deleting_a_tag_is_an_edit_of_what_it_marked(analyst, entries):
    analyst.post(reverse("admin:taggit_tag_delete", args=[Tag.objects.get().pk]), {"post": "yes"})
    assert edited() == {"A position"}
    Entry.objects.update(modified_by=None)
    entries.article.tags.add("b")
    data = {"action": "delete_selected", "_selected_action": [Tag.objects.get().pk], "post": "yes"}
    analyst.post(reverse("admin:taggit_tag_changelist"), data)
    assert edited() == {"An article"}


@pytest.mark.parametrize(("rule", "named"), [("on_the_record", {"A workshop"}), ("chatham_house", set())])
def test_renaming_somebody_is_an_edit_of_what_names_them(analyst, entries, rule, named):
    """Where a rule protects them nothing names them, and nobody becomes an editor of it."""
    Workshop.objects.update(rule=rule)
    Attendance.objects.update(session=entries.session)
    edit(analyst, entries.person, family_name="Other")
    assert edited() == ({"A workshop", "A session"} if named else set())
    entries.position.speakers.add(entries.person)
    entries.article.authors.add(entries.person)
    Entry.objects.update(modified_by=None)
    edit(analyst, entries.person, note="A private word")
    assert edited() == set()
    edit(analyst, entries.person, given_names="Q.")
    assert "An article" in edited()
    assert "A position" not in edited()  # its article doesn't name them as holding it


def test_renaming_a_host_is_an_edit_of_the_workshop(analyst, entries):
    edit(analyst, Organisation.objects.get(), name="Renamed Institute")
    assert edited() == {"A workshop"}


def test_deleting_somebody_takes_a_speaker_from_nobody_unseen(analyst, entries):
    person = Person.objects.create(slug="y", family_name="Other")
    entries.position.speakers.add(person)
    entries.position.named_in_source = True
    entries.position.save()
    analyst.post(reverse("admin:curation_person_delete", args=[person.pk]), {"post": "yes"})
    assert not Person.objects.filter(pk=person.pk).exists()
    assert edited() == {"A position"}


def test_each_step_is_in_the_history_of_the_entry(reviewer, entries):
    save(reviewer, entries.article, _submit="1")
    chosen = {"_selected_action": [entries.article.pk]}
    reviewer.post(ENTRIES, chosen | {"action": "publish_selected"})
    reviewer.post(ENTRIES, chosen | {"action": "withdraw_selected", "confirmed": "yes"})
    page = reviewer.get(reverse("admin:curation_article_history", args=[entries.article.pk])).content.decode()
    for step in ("Submitted for review.", "Published.", "Withdrawn."):
        assert step in page
    assert set(LogEntry.objects.values_list("user", flat=True)) == {reviewer.user.pk}


def test_a_changed_entry_that_is_public_says_both_while_it_waits_for_review(analyst, reviewer, entries):
    publish(entries.article, by=reviewer.user)
    save(analyst, entries.article, title="Changed", _submit="1")
    page = BeautifulSoup(analyst.get(change(entries.article)).content, "html.parser")
    told = page.select_one(".field-standing .readonly").get_text(" ", strip=True)
    assert told.split("  ") == ["In review unpublished changes public"]
    listed = analyst.get(reverse("admin:curation_article_changelist"), {"status": "changes"})
    assert listed.context["cl"].result_count == 1
    assert "by ana" in page.select_one(".field-edited .readonly").get_text()
