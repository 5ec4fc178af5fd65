"""Networks of people, in the workbench alone: who they name, who may see them, and what the functions say."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client

from apps.curation.models import Attendance, DoubleCoding, Organisation, Person, Position, Proposition, Session

PAGE = "/admin/networks/"


@pytest.fixture(autouse=True)
def _they_may_ask_by_person(request) -> None:
    for name in {"analyst", "reviewer"} & set(request.fixturenames):
        request.getfixturevalue(name).user.user_permissions.add(Permission.objects.get(codename="see_identities"))


@pytest.fixture
def people(entries):
    """At a session Ann and Bo support what Cy opposes; Ann says it twice. Bo and Cy are of one body."""
    body = Organisation.objects.create(slug="body", name="A body")
    session = Session.objects.create(slug="s2", title="Another", workshop=entries.workshop, number=2)
    found = {}
    for name, place in (("Ann", None), ("Bo", body), ("Cy", body)):
        found[name] = Person.objects.create(slug=name.lower(), given_names=name, family_name="Lee")
        Attendance.objects.create(workshop=entries.workshop, person=found[name], affiliation=place)
    proposition = Proposition.objects.create(slug="p2", title="That it holds")
    for i, (name, stance) in enumerate(
        (("Ann", "supports"), ("Ann", "supports"), ("Bo", "supports"), ("Cy", "opposes"))
    ):
        position = Position.objects.create(
            slug=f"x{i}", title=f"Claim {i}", session=session, proposition=proposition, stance=stance
        )
        position.speakers.add(found[name])
    return session


def shown(client: Client, query: str = "") -> BeautifulSoup:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def ties(page: BeautifulSoup) -> list[list[str]]:
    return [[cell.get_text() for cell in row.select("td")] for row in page.select("table.steady")[1].select("tbody tr")]


def test_who_agrees_with_whom_by_name(analyst, people):
    page = shown(analyst)
    assert ties(page) == [["Ann Lee", "Bo Lee", "1"]]
    assert "Not for publication" in page.get_text()
    assert "1 repetition left out" in page.get_text()
    assert ties(shown(analyst, "ties=conflict")) == [["Ann Lee", "Cy Lee", "1"], ["Bo Lee", "Cy Lee", "1"]]
    assert ties(shown(analyst, "once=statement")) == [["Ann Lee", "Bo Lee", "2"]]


def test_organisations_are_those_they_came_from(analyst, people):
    page = shown(analyst, "actors=organisation&ties=two-mode-combine&isolates=1")
    assert ties(page) == [["A body", "That it holds", "3"]]
    assert "2 of people without a known affiliation" in page.get_text()


def test_somebody_is_left_out_and_had_back(analyst, people):
    ann = Person.objects.get(slug="ann")
    page = shown(analyst, f"without={ann.pk}&ties=conflict")
    assert ties(page) == [["Bo Lee", "Cy Lee", "1"]]
    back = page.select_one(".chips a")
    assert back.get_text() == "Ann Lee"
    assert len(ties(shown(analyst, back["href"].partition("?")[2]))) == 2


def test_of_one_workshop(analyst, people, entries):
    assert ties(shown(analyst, f"workshop={entries.workshop.pk}"))
    response = analyst.get(f"{PAGE}?workshop=999999")
    assert response.status_code == 400
    assert b"There is no such workshop" in response.content


def test_people_of_one_name_are_told_apart(analyst, people):
    Person.objects.filter(slug="bo").update(given_names="Ann")
    assert ties(shown(analyst)) == [["Ann Lee (ann)", "Ann Lee (bo)", "1"]]


def test_a_disclosure_officer_sees_them_without_more_rights(officer, people):
    assert ties(shown(officer))


def test_whoever_may_not_see_people_sees_none(db, people):
    user = User.objects.create_user("pat", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_position"))
    client = Client()
    client.force_login(user)
    assert client.get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_a_second_coder_sees_nothing_of_the_source_that_they_code(analyst, reviewer, people):
    assert ties(shown(analyst))
    DoubleCoding.objects.create(session=people, first=reviewer.user, second=analyst.user)
    assert not shown(analyst).select("table.steady")
    assert ties(shown(reviewer))


@pytest.mark.parametrize("query", ["ties=love", "actors=holder", "least=x", "workshop=%00"])
def test_rubbish_gets_an_answer_and_the_form(analyst, people, query):
    response = analyst.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert BeautifulSoup(response.content, "html.parser").select_one("form.options")


def test_a_page_costs_the_same_for_few_and_for_many(analyst, people, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        shown(analyst)
