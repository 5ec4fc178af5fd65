"""Somebody of each role, signed in, and a few entries."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from apps.curation.models import Article, Attendance, Organisation, Person, Position, Proposition, Session, Workshop
from apps.taxonomy.models import Region, Theme
from apps.workbench.roles import make_roles


def signed_in(name: str, group: int) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(make_roles()[group])
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def analyst(db) -> Client:
    return signed_in("ana", 0)


@pytest.fixture
def reviewer(db) -> Client:
    return signed_in("rex", 1)


@pytest.fixture
def officer(db) -> Client:
    return signed_in("dora", 2)


@pytest.fixture
def administrator(db) -> Client:
    return signed_in("ada", 3)


@pytest.fixture
def looker(db) -> Client:
    """Somebody of no group, who may see everything and change nothing."""
    user = User.objects.create_user("lou", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def entries(db) -> SimpleNamespace:
    europe = Region.objects.create(slug="europe", name="Europe")
    baltic = Region.objects.create(slug="baltic", name="Baltic", parent=europe)
    theme = Theme.objects.create(slug="calm", name="Calm")
    host = Organisation.objects.create(slug="host", name="Host Institute")
    workshop = Workshop.objects.create(slug="w", title="A workshop", host=host, date="2023-06-06")
    session = Session.objects.create(slug="s", title="A session", workshop=workshop, number=1)
    person = Person.objects.create(slug="x", given_names="Quill", family_name="Zarnecki")
    Attendance.objects.create(workshop=workshop, person=person, affiliation=host)
    article = Article.objects.create(slug="a", title="An article")
    proposition = Proposition.objects.create(slug="p", title="A proposition")
    position = Position.objects.create(
        slug="o", title="A position", article=article, proposition=proposition, stance="supports"
    )
    position.regions.add(baltic)
    position.themes.add(theme)
    position.tags.add("a tag")
    return SimpleNamespace(**{key: value for key, value in locals().items() if key != "db"})
