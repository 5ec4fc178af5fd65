"""The history of an entry: each change with what belongs to it, restored, and brought back when deleted."""

import pytest
import reversion
from bs4 import BeautifulSoup
from django.urls import reverse
from reversion.models import Revision, Version

from apps.curation import history
from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Passage,
    Person,
    Position,
    Session,
    Status,
)
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Region
from tests.workbench.forms import add, change, form_of, save

DELETED = "/admin/deleted/"


def address(entry, page: str = "history", *args) -> str:
    return reverse(f"admin:curation_{entry.kind}_{page}", args=[entry.pk, *args])


def told(client, entry) -> list[dict[str, str]]:
    """The history as it is read: for each line when and who, and the texts by name."""
    page = BeautifulSoup(client.get(address(entry)).content, "html.parser")
    for hidden in page.select(".visually-hidden"):
        hidden.decompose()
    return [
        {"what": " ".join(one.get_text(" ", strip=True) for one in line.select("p"))}
        | {dt.get_text(): dt.find_next_sibling("dd").decode_contents() for dt in line.select("dt")}
        for line in page.select(".history > li")
    ]


def test_each_change_is_told_with_what_it_was_before(analyst, entries):
    save(analyst, entries.article, title="Another article", outlet="A journal")
    assert told(analyst, entries.article)[0] == {
        "what": "",
        "Title": "<del>An</del><ins>Another</ins> article",
        "Outlet": "<ins>A journal</ins>",
    }
    assert told(analyst, entries.article)[1]["what"] == "As it was before"
    assert Revision.objects.first().user == analyst.user


def test_what_belongs_to_an_entry_is_part_of_its_history(analyst, entries):
    position = entries.position
    form = form_of(analyst, change(position)) | {
        "tags": "a tag, another",
        "regions": [entries.europe.pk],
        "passages-TOTAL_FORMS": "1",
        "passages-0-number": "1",
        "passages-0-quotation": "Calm.",
        "references_out-TOTAL_FORMS": "1",
        "references_out-0-relation": "cites",
        "references_out-0-target": entries.article.pk,
    }
    assert analyst.post(change(position), form).status_code == 302
    latest = told(analyst, position)[0]
    assert latest["Regions"] == "<del>Baltic</del> <ins>Europe</ins>"
    assert latest["Tags"] == "a tag<ins>\nanother</ins>"
    assert "Calm." in latest["Passages"]
    assert "Cites" in latest["Cross-references"]
    assert "An article" in latest["Cross-references"]


def test_a_line_on_the_form_of_another_entry_is_a_change_of_its_own_entry(analyst, entries):
    prefix = "positions"
    data = form_of(analyst, change(entries.article)) | {f"{prefix}-0-title": "Renamed on its article's form"}
    assert analyst.post(change(entries.article), data).status_code == 302
    assert "Renamed" in told(analyst, entries.position)[0]["Title"]


def test_saving_without_a_change_leaves_no_line(analyst, entries):
    save(analyst, entries.article, title="Another article")
    before = told(analyst, entries.article)
    save(analyst, entries.article)
    assert told(analyst, entries.article) == before


def test_an_entry_that_nobody_changed_says_so(analyst, entries):
    assert "Nobody has changed it" in analyst.get(address(entries.article)).content.decode()


def revisions(entry) -> list[Revision]:
    return history.steps(entry.pk)


def test_restoring_gives_back_the_entry_with_what_belonged_to_it_and_changes_nothing_in_public(
    analyst, reviewer, entries
):
    article, person = entries.article, entries.person
    Authorship.objects.create(article=article, person=person)
    article.tags.add("old")
    publish(article, by=reviewer.user)
    save(analyst, article, title="Wrong", tags="new", **{"authorships-0-DELETE": "on"})
    assert not article.authors.exists()
    before = revisions(article)[1]
    response = analyst.post(address(article, "restore", before.pk))
    assert response["Location"] == change(article)
    restored = Article.objects.get(pk=article.pk)
    assert (restored.title, list(restored.authors.all()), set(restored.tags.names())) == (
        "An article",
        [person],
        {"old"},
    )
    assert restored.status == Status.PUBLISHED
    assert restored.has_unpublished_changes
    assert restored.modified_by == analyst.user
    assert Record.objects.live().get().version == 1
    assert "Restored as it was" in told(analyst, article)[0]["what"] + told(analyst, article)[1]["what"]


@pytest.mark.parametrize("gone", ["region", "person", "tag", "target"])
def test_what_is_gone_since_is_left_out(analyst, entries, gone):
    position = entries.position
    position.speakers.add(entries.person)
    other = Article.objects.create(slug="b", title="B")
    CrossReference.objects.create(source=position, target=other, relation="cites")
    save(analyst, position, title="Changed", regions=[], speakers=[], tags="", **{"references_out-0-DELETE": "on"})
    match gone:
        case "region":
            Region.objects.get(pk=entries.baltic.pk).delete()
        case "person":
            Attendance.objects.all().delete()
            Person.objects.all().delete()
        case "tag":
            from taggit.models import Tag

            Tag.objects.all().delete()
        case "target":
            other.delete()
    analyst.post(address(position, "restore", revisions(position)[-1].pk))
    restored = Position.objects.get(pk=position.pk)
    assert restored.title == "A position"
    assert restored.regions.exists() == (gone != "region")
    assert restored.speakers.exists() == (gone != "person")
    assert bool(restored.tags.names()) == (gone != "tag")
    assert restored.references_out.exists() == (gone != "target")


def test_numbers_that_changed_places_change_back(analyst, entries):
    position = entries.position
    for number in (1, 2):
        Passage.objects.create(position=position, number=number, quotation=f"Words {number}")
    save(analyst, position, title="Changed")
    first = revisions(position)[-1]
    one, two = position.passages.all()
    Passage.objects.filter(pk=one.pk).update(number=9)
    Passage.objects.filter(pk=two.pk).update(number=1)
    Passage.objects.filter(pk=one.pk).update(number=2)
    analyst.post(address(position, "restore", first.pk))
    assert list(position.passages.values_list("number", "quotation")) == [(1, "Words 1"), (2, "Words 2")]


def test_a_slug_that_another_has_taken_is_told(analyst, entries):
    save(analyst, entries.article, slug="other")
    first = revisions(entries.article)[-1]
    Article.objects.create(slug="b", title="The new one")
    Entry.objects.filter(slug="b").update(slug="a")
    response = analyst.post(address(entries.article, "restore", first.pk), follow=True)
    assert "“The new one” has its slug by now" in response.content.decode()
    assert Article.objects.get(pk=entries.article.pk).slug == "other"


def test_only_who_may_change_an_entry_restores_it(analyst, looker, entries):
    save(analyst, entries.article, title="Changed")
    assert "Restore" not in looker.get(address(entries.article)).content.decode()
    first = revisions(entries.article)[-1]
    assert looker.post(address(entries.article, "restore", first.pk)).status_code == 403
    assert analyst.get(address(entries.article, "restore", first.pk)).status_code == 302
    assert analyst.post(address(entries.article, "restore", 999)).status_code == 404
    assert Article.objects.get(pk=entries.article.pk).title == "Changed"


def test_a_revision_of_another_entry_restores_nothing(analyst, entries):
    save(analyst, entries.article, title="Changed")
    save(analyst, entries.proposition, title="Changed")
    other = revisions(entries.proposition)[-1]
    response = analyst.post(address(entries.article, "restore", other.pk), follow=True)
    assert "kept nothing of this entry" in response.content.decode()
    assert Article.objects.get(pk=entries.article.pk).title == "Changed"


# --- Deleted


def delete(client, entry) -> None:
    response = client.post(address(entry, "delete"), {"post": "yes"})
    assert response.status_code == 302, response.content.decode()


def test_a_deleted_entry_comes_back_as_a_draft_under_its_old_address(analyst, entries):
    position = entries.position
    Passage.objects.create(position=position, quotation="Words")
    CrossReference.objects.create(source=position, target=entries.article, relation="cites")
    delete(analyst, position)
    page = BeautifulSoup(analyst.get(DELETED).content, "html.parser")
    [row] = page.select(".queue tbody tr")
    assert "A position" in row.get_text()
    assert "by ana" in row.get_text()
    version = row.select_one("[name=version]")["value"]
    response = analyst.post(DELETED, {"version": version})
    assert response["Location"] == change(position)
    back = Position.objects.get(identifier=position.identifier)
    assert (back.title, back.status, back.proposition, back.stance) == (
        "A position",
        Status.DRAFT,
        entries.proposition,
        "supports",
    )
    assert [one.quotation for one in back.passages.all()] == ["Words"]
    assert back.regions.get() == entries.baltic
    assert back.references_out.get().target_id == entries.article.pk
    assert "Nothing was deleted" in analyst.get(DELETED).content.decode()


def test_what_an_entry_needs_comes_back_first(analyst, entries):
    session = entries.session
    position = Position.objects.create(slug="z", title="Z", session=session)
    delete(analyst, position)
    delete(analyst, session)
    of = {one.object_repr: one.pk for one in history.deleted()}
    response = analyst.post(DELETED, {"version": of["Z"]}, follow=True)
    assert "The session that it names is deleted. Restore that first." in response.content.decode()
    analyst.post(DELETED, {"version": of["A session"]})
    analyst.post(DELETED, {"version": of["Z"]})
    assert Position.objects.get(slug="z").session == Session.objects.get(slug="s")


@pytest.mark.parametrize("version", ["", "x", "999999", "-1", "\x00", "９"])
def test_what_is_not_deleted_is_not_brought_back(analyst, entries, version):
    assert "not among the deleted" in analyst.post(DELETED, {"version": version}, follow=True).content.decode()


def test_who_may_add_nothing_brings_nothing_back(looker, entries):
    assert looker.get(DELETED).status_code == 403


def test_what_is_deleted_in_a_shell_can_be_brought_back_too(entries):
    entries.position.delete()
    [version] = history.deleted()
    assert history.restore(int(version.object_id), version.revision).title == "A position"


def test_an_entry_made_in_the_workbench_begins_with_itself(analyst, db):
    add(analyst, "proposition", title="New")
    [line] = told(analyst, Entry.objects.get())
    assert line["Title"] == "<ins>New</ins>"
    assert Version.objects.get_for_object(Entry.objects.get()).count() == 1


def test_a_source_that_gets_its_former_text_back_has_its_passages_looked_for_there(analyst, entries):
    before = "Nobody plans alone at sea. Allies should plan together, and early."
    save(analyst, entries.article, text=before)
    passage = Passage.objects.create(position=entries.position, quotation="Allies should plan together")
    save(analyst, entries.article, text=f"A preface that is new. {before}")
    passage.refresh_from_db()
    assert (passage.start, passage.state) == (before.index("Allies") + 23, "moved")
    analyst.post(address(entries.article, "restore", revisions(entries.article)[-2].pk))
    assert Article.objects.get().text == before
    passage.refresh_from_db()
    assert before[passage.start : passage.end] == passage.quotation


def test_a_position_that_gets_its_former_passages_back_has_them_looked_for_in_the_text_of_now(analyst, entries):
    before = "Nobody plans alone at sea. Allies should plan together, and early."
    save(analyst, entries.article, text=before)
    form = form_of(analyst, change(entries.position))
    add_passage = {"passages-TOTAL_FORMS": "1", "passages-0-quotation": "Allies should plan together"}
    analyst.post(change(entries.position), form | add_passage)
    kept = revisions(entries.position)[0]
    Passage.objects.get().delete()
    save(analyst, entries.article, text="Nobody plans alone at sea, and that is that.")
    analyst.post(address(entries.position, "restore", kept.pk))
    assert Passage.objects.get().state == "lost"


def test_what_is_kept_of_many_at_once_is_what_django_reversion_keeps_of_each(entries):
    def said(**among) -> set[tuple[object, ...]]:
        columns = ("content_type", "object_id", "db", "format", "serialized_data", "object_repr")
        return set(Version.objects.filter(**among).values_list(*columns))

    with history.recorded_together(set(Entry.objects.values_list("pk", flat=True)), None):
        pass
    last = Version.objects.latest("pk").pk
    with reversion.create_revision():
        for entry in Entry.objects.all():
            reversion.add_to_revision(entry)
    assert said(pk__lte=last) == said(pk__gt=last) != set()
