"""What the database would refuse is refused in words, and what was typed is kept."""

import pytest
from django.urls import reverse

from apps.curation.models import (
    Attendance,
    Entry,
    Workshop,
)
from tests.workbench.forms import add, problems, save


def test_a_slug_is_taken_once_a_kind(analyst, entries):
    assert "The article “An article” has this slug" in problems(add(analyst, "article", title="B", slug="a"))
    Entry.objects.filter(pk=entries.article.pk).update(slug="renamed")
    assert "once had this slug" in problems(add(analyst, "article", title="B", slug="a"))
    lines = {"positions-TOTAL_FORMS": "2", "positions-1-title": "T", "positions-1-slug": "o"}
    assert "The position “A position” has this slug" in problems(save(analyst, entries.article, **lines))
    assert Entry.objects.count() == 5


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("position", {"references_out-TOTAL_FORMS": "1", "references_out-0-target": "{position}",
                      "references_out-0-relation": "cites"}, "leads back to where it starts"),
        ("position", {"references_in-TOTAL_FORMS": "1", "references_in-0-source": "{position}",
                      "references_in-0-relation": "cites"}, "leads back to where it starts"),
        ("position", {"passages-TOTAL_FORMS": "1", "passages-0-number": "1", "passages-0-prefix": "x"},
         "Give the place, the exact words, or both"),
        ("position", {"passages-TOTAL_FORMS": "1", "passages-0-number": "1", "passages-0-locator": "x",
                      "passages-0-start": "5"}, "Give both ends"),
        ("position", {"passages-TOTAL_FORMS": "1", "passages-0-number": "1", "passages-0-locator": "x",
                      "passages-0-start": "5", "passages-0-end": "3"}, "ends after it starts"),
        ("position", {"speakers": ["abc"]}, "not one of the available choices"),
        ("position", {"article": "9" * 30}, "not one of the available choices"),
        ("position", {"regions": ["1\x00"]}, "not one of the available choices"),
        ("workshop", {"host": "1 OR 1"}, "not one of the available choices"),
        ("workshop", {"key_questions": "a\x00b"}, "Null characters"),
        ("workshop", {"attendances-TOTAL_FORMS": "2", "attendances-1-person": "{person}",
                      "attendances-1-role": "chair"}, "on another line for the same meeting"),
        ("workshop", {"sessions-TOTAL_FORMS": "3", "sessions-1-title": "T", "sessions-1-slug": "t",
                      "sessions-2-title": "T", "sessions-2-slug": "t"}, "Another line has this slug"),
        ("workshop", {"sessions-TOTAL_FORMS": "2", "sessions-1-title": "T", "sessions-1-slug": "t",
                      "sessions-1-number": "1"}, "duplicate"),
        ("article", {"unresolved": "on"}, "Say how the citing text points to it"),
        ("session", {"slug": "s", "number": "-1"}, "greater than or equal to 0"),
    ],
)  # fmt: skip
def test_what_the_database_would_refuse_is_told_in_words(analyst, entries, kind, fields, told):
    def filled(value):
        return value.format(position=entries.position.pk, person=entries.person.pk) if isinstance(value, str) else value

    response = save(analyst, getattr(entries, kind), **{key: filled(value) for key, value in fields.items()})
    assert response.status_code == 200
    assert told in problems(response)
    assert "Constraint" not in problems(response)


def test_a_date_is_refused_once_and_in_words(analyst, entries):
    told = problems(save(analyst, entries.article, date="2023/06/06"))
    assert told == "“2023/06/06” is no date: a slash joins two dates to a range. Write 2023-06-06."


def test_a_session_with_attendance_stays_with_its_workshop(analyst, entries):
    other = Workshop.objects.create(slug="other", title="Other")
    Attendance.objects.create(workshop=entries.workshop, session=entries.session, person=entries.person)
    response = save(analyst, entries.session, workshop=other.pk)
    assert "Take the attendance out before you move it" in problems(response)


@pytest.mark.parametrize("key", ["abc", "0", "9" * 30, "%00", "-1"])
@pytest.mark.parametrize("page", ["change", "history", "delete", "preview", "withdraw", "acknowledge"])
def test_an_address_of_nothing_is_no_server_error(reviewer, entries, key, page):
    address = f"{reverse('admin:curation_position_changelist')}{key}/{page}/"
    assert reviewer.get(address).status_code in (302, 404)
