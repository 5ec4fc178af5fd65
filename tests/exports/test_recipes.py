"""The recipes of docs/recipes.md: those in Python are run as they stand, in a folder of their own; the addresses of the
others are asked for."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from apps.public.catalogue.models import Tie
from apps.taxonomy.models import Region
from tests.website.factory import bury, join, make_record

TEXT = (Path(settings.BASE_DIR) / "docs" / "recipes.md").read_text()
SITE = "https://kb.example"
RECIPES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def catalogue(live_server, monkeypatch, tmp_path):
    """Two regions at odds on a proposition; the recipes are run where they can leave their files."""
    monkeypatch.chdir(tmp_path)
    for slug in ("asia", "europe"):
        Region.objects.create(slug=slug, name=slug.capitalize())
    proposition = make_record("proposition", "Allies should plan together")
    for stance, region in (("supports", "europe"), ("supports", "asia"), ("opposes", "asia")):
        source = make_record("article", f"On what {region} {stance}", date="2023-06-06")
        position = make_record("position", f"{region} {stance}", stance=stance, regions=[region], date="2023-06-06")
        join(position, Tie.FOUND_IN, source)
        join(position, Tie.TAKES_SIDE_ON, proposition)
    return live_server.url


def run(recipe: str, site: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(recipe.replace(SITE, site), "docs/recipes.md", "exec"), {})
    return said.getvalue()


def recipe(words: str) -> str:
    [found] = [one for one in RECIPES if words in one]
    return found


def test_positions_by_region_and_stance(catalogue):
    lines = [line.split() for line in run(recipe("read_parquet"), catalogue).splitlines()]
    assert lines[0][1:] == ["opposes", "supports"]
    assert sorted(map(tuple, lines[2:])) == [("Asia", "1", "1"), ("Europe", "0", "1")]


def test_the_catalogue_in_sql(catalogue):
    said = run(recipe("sqlite3"), catalogue)
    assert re.search(r"Allies should plan together\s+opposes\s+1\n.*Allies should plan together\s+supports\s+2", said)


def test_a_network(catalogue):
    said = run(recipe("networkx"), catalogue)
    assert "source" in said.splitlines()[0]
    assert "weight" in said.splitlines()[0]
    assert len(said.splitlines()) == 2, said  # one tie: both support


def test_a_copy_that_follows(catalogue):
    follow = recipe("api/v1/changes")
    assert run(follow, catalogue).startswith("7 records at change 7")
    late = make_record("article")
    assert run(follow, catalogue).startswith("8 records at change 8")
    bury(late)
    late.change += 1
    late.save()
    assert run(follow, catalogue).startswith("7 records at change 9")


def test_every_recipe_in_python_is_run_here():
    assert len(RECIPES) == 4


@pytest.mark.parametrize(
    "address", sorted({*re.findall(rf"{SITE}(/[^\"`\s]*)", TEXT), *re.findall(r"`(/[^`\s]+)`", TEXT)})
)
def test_every_address_answers(client, catalogue, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert urlsplit(address).path
