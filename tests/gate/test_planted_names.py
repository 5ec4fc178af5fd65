"""Planted names: whatever a visitor can get hold of, no name that a rule protects is in it.

The knowledge base holds two hundred workshops under all rules, with thousands of made-up words: names of protected
people and organisations, words in private fields, and words in texts that one check of the gate alone holds back. All
that passes is published, some of it is taken back by a change of fact, and then everything public is looked through.

That the search finds what is there is shown in the same run: words that are rightly public, names on the record among
them, are all found; and those taken back were all found before.
"""

from __future__ import annotations

import base64
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, transaction

from apps.gate.publication import Outcome, awaiting_publication, objections, publish_many
from apps.public.analysis.asking import TIES
from apps.public.analysis.reading import ACTORS
from apps.public.catalogue.models import Record
from apps.public.exports.formats import FORMATS
from apps.public.exports.skos import SYNTAXES
from apps.public.exports.wholes import WHOLES
from apps.public.search import building, folder
from apps.public.search.filters import FACETS
from apps.public.search.index import index_in
from apps.public.website.reading import url_of
from apps.taxonomy.vocabulary import vocabulary
from tests.gate import withheld
from tests.gate.needles import Needles, Sieve, nonsense
from tests.gate.planted import KnowledgeBase
from tests.gate.turned import Turned
from tests.gate.visitor import Answer, Visitor, addresses, connection_kept, crawl, parameters, unpacked
from tests.search.oracle import values

MOST_COMBINED = 60  # browse pages with several things chosen; there is no end of them


@pytest.mark.django_db
def test_no_planted_name_comes_out(caplog: pytest.LogCaptureFixture, settings, subtests: pytest.Subtests) -> None:
    settings.PAGE_SIZE = 100  # as many cards on fewer pages
    settings.API_REQUESTS_A_MINUTE = 100_000
    caplog.set_level("INFO")
    kb = KnowledgeBase()
    withheld.plant(kb)
    turned = Turned(kb)
    subjects(kb)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would have done, had all this come in over years
    assert publish_all(kb) == {entry.pk: codes for entry, codes in kb.refused.items()}

    needles = Needles([*kb.never, *kb.public, *turned.words])
    path = Path(settings.SEARCH_INDEX_DIR)
    building.bring_up_to_date(path, False, 1.0, lambda done, total: None)
    for sieve in (in_tables(needles), in_index(needles, path)):
        assert sieve.found.keys() >= kb.public.keys() | turned.words.keys()
    turned.change()

    kb.never |= turned.words
    visitor = Visitor()
    pages, reached = Sieve(needles), set()
    statuses = Counter()
    for answer in everything(visitor):
        reached.add(answer.url)
        statuses[answer.status] += 1
        pages.pour(answer.whole, answer.url)
    failures = Sieve(needles)
    for answer in mishaps(visitor, path):
        failures.pour(answer.whole, f"{answer.status} {answer.url}")
    logs = Sieve(needles)
    logs.pour(caplog.text.encode(), "a log")

    assert statuses[200] > 1_500
    assert reached >= {f"/export/{name}/" for name in FORMATS}
    assert reached >= {f"/{terms}.{extension}" for terms in ("regions", "themes") for extension in SYNTAXES}
    assert reached >= {f"/{name}" for name in WHOLES}
    assert statuses.keys() <= {200, 301, 302, 404}
    found = {"tables": in_tables(needles), "index": in_index(needles, path), "pages": pages}
    for place, sieve in (found | {"failures": failures, "logs": logs}).items():
        with subtests.test(place):
            assert {word: (kb.never[word], sieve.found[word]) for word in sieve.found if word in kb.never} == {}
    for place, sieve in found.items():
        with subtests.test(f"what is public is found in {place}"):
            assert sieve.found.keys() >= kb.public.keys()
    with subtests.test("who signs an article is not named where they are protected"):
        assert list(named_where_protected(kb, visitor)) == []
    with subtests.test("searching for a name is searching for nonsense"):
        assert list(tell_tales(kb, visitor)) == []


@pytest.mark.django_db
def test_no_planted_name_is_in_a_copy_of_the_site(tmp_path: Path, settings) -> None:
    """Of a smaller knowledge base, since a copy is a file for each page that the whole test asks for."""
    settings.ALLOWED_HOSTS = ["kb.example"]
    settings.PAGE_SIZE = 100
    kb = KnowledgeBase(workshops=10)
    turned = Turned(kb)
    assert publish_all(kb) == {entry.pk: codes for entry, codes in kb.refused.items()}
    turned.change()

    with connection_kept():
        call_command("static_copy", str(tmp_path / "copy"), address="https://kb.example")
    needles = Needles([*kb.never, *kb.public, *turned.words])
    copied, never = Sieve(needles), kb.never | turned.words
    for file in (tmp_path / "copy").rglob("*"):
        copied.pour(file.name.encode(), "the name of a file")
        if file.is_file():
            copied.pour(b"\n".join([body := file.read_bytes(), *unpacked(body)]), file.name)
    assert {word: (never[word], where) for word, where in copied.found.items() if word in never} == {}
    shown = kb.public.keys() & in_tables(needles).found.keys()  # of so few not all are in what is published
    assert len(shown) > len(kb.public) / 2
    assert copied.found.keys() >= shown


# --- Publishing


def subjects(kb: KnowledgeBase) -> None:
    """Organisations that are what a position is about: named for a reason, which stays private."""
    for meeting in list(kb.protected_meetings())[::40]:
        body = kb.body("an organisation that is the subject", named=True)
        body.save()
        person = kb.person("somebody who works for the subject")
        person.save()
        meeting.workshop.attendances.create(person=person, affiliation=body)
        position = kb.position(f"What becomes of the {body.name}", session=meeting.sessions[0])
        kb.give_reasons(position)


def publish_all(kb: KnowledgeBase) -> dict[int, set[str]]:
    """Publish what passes. Returns what did not, each with the codes of what the gate has against it."""
    outcome = Outcome()
    for _ in publish_many(awaiting_publication(), outcome, by=kb.reviewer):
        pass
    return {entry.pk: {one.code for one in objections(entry, found)} for entry, found in outcome.refused}


# --- Where names could come out


def everything(visitor: Visitor) -> Iterator[Answer]:
    """All that can be reached from the home page, from any address that takes no argument, from every value of every
    filter, and from the doors of the admin."""
    rng, words = random.Random(1), vocabulary()
    records = list(Record.objects.live())
    chosen = {(facet, value) for record in records for facet in FACETS for value in values(record, facet, words)}
    chosen |= {(facet, slug) for facet in ("region", "theme") for slug in words.hierarchy(facet).nodes}
    filters = [f"/browse/?{facet}={quote(value)}" for facet, value in sorted(chosen)]
    programs = [f"/api/v1/records/{record.identifier}" for record in records[::5]]
    programs += [
        f"/api/v1/records/{record.identifier}/versions/{number}"
        for record in records
        for number in range(1, record.version)
    ]
    programs += [f"/analysis/networks/?actors={actors}&isolates=1&ties={ties}" for actors in ACTORS for ties in TIES]
    guesses = ["/sitemap.xml", "/feed/", "/feeds/", "/api/", "/export/", "/.well-known/security.txt", "/humans.txt"]
    combined = iter(range(MOST_COMBINED))

    def follow(url: str) -> bool:
        if "without=" in url:
            return False  # a network without one of those in it: less of the same, and without end
        if "/export/" in url and parameters(url) + (not url.startswith("/export/")):
            # Every format of all records is there without a filter; of what it finds, and of single records, a sample.
            return rng.random() < 0.03
        if (
            "/cite/" in url
            or "/reading-list/" in url
            or "/compare/frozen/" in url
            or url.startswith(("/feed/?", "/unapi/?", "/map/?", "/compare/?"))
            or (url.startswith("/analysis/") and parameters(url))
        ):
            return rng.random() < 0.05  # the same facts in other words: a sample of each
        return parameters(url) < 2 or (rng.random() < 0.01 and next(combined, None) is not None)

    return crawl(visitor, ["/", *addresses(), *guesses, *filters, *programs, *doors_of_the_admin()], follow)


def doors_of_the_admin() -> Iterator[str]:
    yield from (
        "/admin/",
        "/admin/jsi18n/",
        "/admin/autocomplete/?app_label=curation&model_name=attendance&field_name=person",
    )
    for model in admin.site._registry:
        of_model = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._default_manager.values_list("pk", flat=True).first()
        yield from (of_model, f"{of_model}add/")
        yield from (f"{of_model}{row}/{view}/" for view in ("change", "history", "delete"))


def mishaps(visitor: Visitor, index: Path) -> Iterator[Answer]:
    """Every sort of answer that is no page."""
    withdrawn = Record.objects.exclude(withdrawn_at=None).first()
    live = Record.objects.live().first()
    home = visitor.get("/browse/")
    answers = [
        visitor.get("/browse/?region=nowhere&page=x&year=2022..2021&workshop=1&sort=so"),
        visitor.get(f"/browse/?q={'x' * 17_000}"),
        visitor.get(f"/{'nowhere/' * 10}"),
        visitor.get(f"{url_of(live.kind, live.identifier)}versions/99/"),
        visitor.get(url_of(withdrawn.kind, withdrawn.identifier)),
        visitor.get("/browse/", if_none_match=dict(home.headers)["ETag"]),
        visitor.get("/browse/", hx_request="true", hx_target="results"),
        *(visitor.get("/", method) for method in ("HEAD", "OPTIONS", "POST", "DELETE")),
        visitor.get("/admin/login/", "POST"),
        visitor.get("/", host="elsewhere.example"),
    ]
    with content_gone(live):
        answers.append(visitor.get(url_of(live.kind, live.identifier)))
    with index_gone(index):
        answers.append(visitor.get("/browse/"))
    assert {answer.status for answer in answers} >= {200, 304, 400, 403, 404, 410, 500, 503}
    yield from answers


@contextmanager
def content_gone(record: Record) -> Iterator[None]:
    """A fault that no view expects."""
    with transaction.atomic():
        Record.objects.filter(pk=record.pk).update(content={})
        yield
        transaction.set_rollback(True)


@contextmanager
def index_gone(path: Path) -> Iterator[None]:
    """A file where the index should be, for a server that has just started."""
    aside = path.rename(path.with_name("aside"))
    path.touch()
    index_in.cache_clear()
    yield
    index_in.cache_clear()
    path.unlink()
    aside.rename(path)


def in_tables(needles: Needles) -> Sieve:
    """What is in the tables of the public wing, every column of every row."""
    sieve = Sieve(needles)
    configs = [config for config in apps.get_app_configs() if config.name in settings.PUBLIC_APPS]
    tables = [model._meta.db_table for config in configs for model in config.get_models(include_auto_created=True)]
    assert "catalogue_record" in tables
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                sieve.pour(json.dumps(row, default=str, ensure_ascii=False).encode(), table)
    return sieve


def in_index(needles: Needles, path: Path) -> Sieve:
    """What is in the files of the index, deleted documents too.

    Bytes alone prove little: a term is written without the beginning that it shares with the one before it. So every
    term is read out, whether or not a document still has it. There is no other text in the index: no field is stored,
    and the columns that facets are counted from hold what the raw terms of the same field hold.
    """
    sieve = Sieve(needles)
    for file in path.rglob("*"):
        if file.is_file():
            sieve.pour(file.read_bytes(), file.suffix)
    for generation in path.glob("generation-*"):
        fields = json.loads((generation / "meta.json").read_bytes())["schema"]
        searcher = folder.open_searcher(generation)
        for name, options in ((one["name"], one["options"]) for one in fields if one["type"] == "text"):
            assert options["indexing"]["tokenizer"] == "raw" or not options["fast"]
            for term, _ in searcher.terms_with_prefix(name, ""):
                sieve.pour(term.encode(), f"terms of {name}")
        assert not any(one["options"]["stored"] for one in fields)
        assert {one["type"] for one in fields} <= {"text", "u64", "f64"}
    return sieve


# --- What could be told without reading a name


def named_where_protected(kb: KnowledgeBase, visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Pages of meetings that name somebody who was there, though their name is public elsewhere."""
    known = set(kb.two_sided)
    for meeting in kb.protected_meetings():
        there = known.intersection(meeting.people)
        names = Needles(name for one in there for name in one.name.split())
        for entry in there and (meeting.workshop, *meeting.sessions, *meeting.positions):
            url = url_of(entry.kind, entry.identifier)
            yield from ((name, url) for name in names.within(visitor.get(url).body))


ASKED = (
    *("/browse/?q={}", "/browse/?q=%22{}%22", "/browse/?q=by:{}", "/browse/?q=tag:{}", "/browse/?q=region:{}"),
    *("/browse/?q=-{}", "/browse/?q=planning+{}", "/browse/?q=planning+OR+{}", "/browse/?q={}&kind=position"),
    *("/browse/?holder={}", "/browse/?tag={}", "/browse/?workshop={}", "/browse/?region={}", "/browse/?stance={}"),
    *("/workshops/?q={}", "/tags/{}/", "/regions/{}/", "/articles/{}/", "/{}/", "/admin/curation/person/?q={}"),
    *("/api/v1/records?q={}", "/api/v1/records?holder={}", "/api/v1/records?tag={}", "/api/v1/records/{}"),
)
EACH = 2  # other ways of asking for a word of each sort


def tell_tales(kb: KnowledgeBase, visitor: Visitor) -> Iterator[tuple[str, str, str]]:
    """Questions that are answered otherwise for a planted word than for nonsense. A word that is misspelt is asked for
    too, since a suggestion would give the right one away."""
    first_of_each_sort = {where: word for word, where in reversed(kb.never.items())}
    assert not {nonsense(word) for word in first_of_each_sort.values()} & {*kb.never, *kb.public}
    others = itertools.cycle(ASKED)
    for where, word in first_of_each_sort.items():
        asked = [(next(others), word) for _ in range(EACH)]
        asked += [("/browse/?q={}", typed) for typed in (word, word.lower(), word[:-1])]
        for way, typed in asked:
            if unechoed(visitor, way, typed) != unechoed(visitor, way, nonsense(typed)):
                yield where, typed, way


def unechoed(visitor: Visitor, way: str, typed: str) -> tuple[int, bytes]:
    """The whole of an answer, but for what was typed."""
    answer = visitor.get(way.format(quote(typed)))
    # A clock, that may tick in between; how many questions are left; the request's number, which is drawn by lot.
    whole = re.sub(rb"(?:Expires|RateLimit-\w+|X-Request-ID): [^\n]*", b"", answer.whole)
    for echo in {typed, typed.lower()}:
        whole = whole.replace(quote(echo).encode(), b"?").replace(echo.encode(), b"?")
    return answer.status, whole


# --- The search for names, itself


@pytest.mark.parametrize("word", ["Vexoloramit", "Vexölörämît"])
def test_a_word_is_found_however_it_is_written(word: str) -> None:
    needles = Needles([word])
    plain = b"Vexoloramit"
    disguises = [
        *(word.encode(), word.upper().encode(), word.lower().encode(), plain, b"<b>" + plain + b"s</b>"),
        *(quote(f"/by {word}/").encode(), json.dumps([f"By {word}."]).encode()),
        *(base64.b64encode(before + word.encode() + b", too") for before in (b"", b"a", b"as", b"ask")),
        *(base64.urlsafe_b64encode(before + plain + b", too") for before in (b"", b"a", b"as", b"ask")),
        word.encode("ascii", "xmlcharrefreplace"),
    ]
    for disguise in disguises:
        sieve = Sieve(needles)
        sieve.pour(b'{"title": "' + disguise + b'"}', "here")
        assert sieve.found == {word: "here"}, disguise
    assert needles.within(nonsense(word).encode()) == set()
