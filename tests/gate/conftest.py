"""A small workshop to publish from: real rows, made as an analyst would make them."""

import functools
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Organisation,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.gate import publication
from apps.gate.findings import Refused
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Rule, Stance
from tests.gate.mutations import SWITCHES


@pytest.fixture
def world(db) -> SimpleNamespace:
    asia = Region.objects.create(slug="asia", name="Asia")
    japan = Region.objects.create(slug="japan", name="Japan", parent=asia)
    theme = Theme.objects.create(slug="assurance", name="Assurance")
    institute = Organisation.objects.create(slug="institute", name="Kestrel Institute", acronym="KIX")
    ministry = Organisation.objects.create(slug="ministry", name="Ministry of Tides", sector="government")
    workshop = Workshop.objects.create(
        slug="w", title="A workshop", date="2023-06-06/2023-06-07", host=institute, rule=Rule.CHATHAM_HOUSE
    )
    session = Session.objects.create(slug="s", title="A session", workshop=workshop, number=1)
    people = [
        Person.objects.create(slug=f"p{i}", given_names="Quill", family_name=name)
        for i, name in enumerate(["Zarnecki", "Ostrovar", "Belmiro", "Tanhauser", "Vexley", "Umbrith"])
    ]
    for i, person in enumerate(people):
        attendance = Attendance.objects.create(
            workshop=workshop, person=person, affiliation=ministry if i % 2 else institute, sector="government"
        )
        if i < 5:
            attendance.expertise.add(japan)
    proposition = Proposition.objects.create(slug="p", title="Allies should plan together")
    position = Position.objects.create(
        slug="pos",
        title="Planning together calms everyone",
        session=session,
        proposition=proposition,
        stance=Stance.SUPPORTS,
    )
    position.speakers.add(people[0])
    position.regions.add(japan)
    position.themes.add(theme)
    author = Person.objects.create(slug="author", given_names="Ada", family_name="Wroxham")
    article = Article.objects.create(slug="a", title="On planning")
    Authorship.objects.create(article=article, person=author)
    reviewer = User.objects.create_user("reviewer")
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "db"})


@pytest.fixture
def publish(world):
    """Publish as a reviewer, who edited nothing."""
    return functools.partial(publication.publish, by=world.reviewer)


@pytest.fixture
def publish_in_order(world, publish):
    def publish_all() -> None:
        for entry in (world.article, world.workshop, world.session, world.proposition, world.position):
            publish(entry)

    return publish_all


@pytest.fixture
def closed_world(world, publish_in_order):
    """Under the Chatham House Rule, and public."""
    publish_in_order()
    return world


# --- A test that guards a rule fails without it


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Once as it is, and once without each rule that it guards."""
    guarded = [rule for mark in metafunc.definition.iter_markers("guards") for rule in mark.args]
    if guarded:
        metafunc.fixturenames.append("without")
        metafunc.parametrize("without", [None, *guarded], ids=lambda rule: f"without: {rule}" if rule else "")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object:
    """Switch a rule off for the test's own steps; what its fixtures made was made with all rules in force."""
    callspec = getattr(pyfuncitem, "callspec", None)
    rule = callspec and callspec.params.get("without")
    if not rule:
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        SWITCHES[rule](patch)
        try:
            yield
        except (AssertionError, Refused, pytest.fail.Exception):
            return True
    pytest.fail(f"This passes though it is switched off: {rule}.")
