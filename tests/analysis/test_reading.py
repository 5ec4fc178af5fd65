"""Statements read from the index are those that the records make."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from apps.public.analysis import reading
from apps.public.analysis.reading import ACTORS, TooManyActors, statements_of
from apps.public.catalogue.models import Record
from apps.public.catalogue.state import read_state
from apps.taxonomy.vocabulary import vocabulary
from tests.search import factory

pytestmark = pytest.mark.django_db
STANCES = ["supports", "opposes", "qualifies", "neutral", ""]
REGIONS = ("asia", "asia/japan", "asia/korea", "europe", "europe/baltic")


@pytest.fixture
def catalogue(db):
    """Eighty positions: of one holder, of several by name, of none; from sessions and articles; some without a date."""
    factory.add_regions(*REGIONS)
    factory.add_themes("assurance", "resilience")
    chance = random.Random(5)
    workshop = factory.add("Workshop", kind="workshop")
    sources = [factory.add(f"Source {i}", kind="article" if i % 2 else "session") for i in range(4)]
    propositions = [factory.add(f"Proposition {i}", kind="proposition") for i in range(3)]
    holders = [
        factory.holder("Asia experts"),
        factory.holder("", "Ann Lee", "Bo Ek"),
        factory.holder("", "Ann Lee"),
        factory.holder(),
    ]
    for i in range(80):
        source = chance.choice(sources)
        factory.add(
            f"Claim {i} {'alpha' if i % 3 else 'beta'}",
            stance=chance.choice(STANCES),
            proposition=chance.choice([*(one.identifier for one in propositions), ""]),
            source=source.identifier,
            workshop=workshop.identifier if source.kind == "session" else "",
            holder=chance.choice(holders),
            regions=sorted(chance.sample(["japan", "korea", "europe", "baltic"], chance.randint(0, 2))),
            themes=[chance.choice(["assurance", "resilience"])],
            earliest=chance.choice(["", "1969-12-30", "2021-06-02"]),
        )


def said_by(content: dict[str, Any], actors: str, asked: tuple[str, ...]) -> list[str]:
    """The actors of a position, as its record has them."""
    if actors == "holder":
        return content["holder"]["names"] or [one for one in [content["holder"]["descriptor"]] if one]
    if actors == "region":
        return [slug for slug in asked if {slug} & set(vocabulary().regions.with_ancestors(content["regions"]))]
    return [content[actors]] if content[actors] else []


@pytest.mark.parametrize("actors", ACTORS)
@pytest.mark.parametrize("query", ["", "theme=assurance", "q=alpha", "region=europe", "stance=supports&stance=opposes"])
def test_the_statements_are_those_of_the_records(catalogue, actors, query):
    asked = factory.asked(query)
    found = statements_of(asked, read_state(), actors)
    regions = ("baltic",) if query == "region=europe" else ("asia", "europe")
    contents = [
        record.content
        for record in Record.objects.live().filter(kind="position")
        if (query != "theme=assurance" or "assurance" in record.content["themes"])
        and (query != "q=alpha" or "alpha" in record.title)
        and (query != "region=europe" or {"europe", "baltic"} & set(record.content["regions"]))
        and (not query.startswith("stance") or record.content["stance"] in ("supports", "opposes"))
    ]
    sided = [one for one in contents if one["stance"] and one["proposition"]]
    expected = Counter(
        (actor, one["proposition"], one["stance"], one["source"], one["earliest"], one["workshop"])
        for one in sided
        for actor in said_by(one, actors, regions)
    )
    said = found.frame.astype({"date": str}).replace({"date": {"NaT": ""}})
    columns = ["actor", "proposition", "stance", "source", "date", "workshop"]
    rows = said[columns].astype(object).where(said[columns].notna(), "")
    assert Counter(map(tuple, rows.to_numpy())) == expected
    assert sum(expected.values()) > 0 or (query, actors) == ("region=europe", "region")
    assert found.positions == len(contents)
    assert found.undecided == len(contents) - len(sided)
    assert found.unheld == sum(not said_by(one, actors, regions) for one in sided)


def test_actors_and_propositions_have_names(catalogue):
    found = statements_of(factory.asked(""), read_state(), "source")
    assert {found.names[one] for one in found.frame["actor"].unique()} == {f"Source {i}" for i in range(4)}
    assert {found.names[one] for one in found.frame["proposition"].unique()} == {f"Proposition {i}" for i in range(3)}
    regions = statements_of(factory.asked(""), read_state(), "region").names
    assert regions["europe"] == "Europe"


def test_what_is_withdrawn_is_no_statement(catalogue):
    before = statements_of(factory.asked(""), read_state())
    gone = Record.objects.live().filter(kind="position").exclude(content__stance="").exclude(content__proposition="")
    factory.withdraw(gone.exclude(content__holder__descriptor="", content__holder__names=[]).first())
    after = statements_of(factory.asked(""), read_state())
    assert after.positions == before.positions - 1
    assert len(after.frame) < len(before.frame)


def test_nothing_at_all(db):
    found = statements_of(factory.asked(""), read_state())
    assert found.frame.empty
    assert found.frame["date"].dtype == "datetime64[s]"


def test_more_holders_than_can_be_looked_up(catalogue, monkeypatch):
    monkeypatch.setattr(reading, "MOST_SETS", 2)
    with pytest.raises(TooManyActors, match="at most 2 are told apart"):
        statements_of(factory.asked(""), read_state())
