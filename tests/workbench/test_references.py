"""Adding articles from references, filling in what is here, matching citations, and telling what is here twice."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.curation.models import Article, Authorship, CrossReference, Entry, Organisation, Person, Position, Status
from apps.curation.references import reading
from apps.curation.references.keys import identifier_in
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Genre
from tests.workbench.forms import add, save

PAGE = "/admin/curation/article/references/"
UNRESOLVED = "/admin/curation/article/unresolved/"
DOUBLES = "/admin/curation/article/doubles/"


def read(client, text: str, **more):
    """Paste and read: what a browser would send back if nothing were chosen otherwise, and the page."""
    response = client.post(PAGE, {"pasted": text, "read": "1"} | more)
    assert response.status_code == 200
    return filled(response), BeautifulSoup(response.content, "html.parser")


def filled(response) -> dict[str, str]:
    form = BeautifulSoup(response.content, "html.parser").find("form", id="references")
    data = {}
    for one in form.select("input, textarea, select"):
        if one.name == "select":
            data[one["name"]] = next((o["value"] for o in one.select("option[selected]")), one.option["value"])
        elif one.name == "textarea":
            data[one["name"]] = one.get_text().removeprefix("\n")
        elif one.get("type") == "radio":
            if one.has_attr("checked"):
                data[one["name"]] = one["value"]
        elif one.get("type") != "file":
            data[one["name"]] = one["value"]
    return data


def take(client, data: dict[str, str], **more):
    return client.post(PAGE, data | {"take": "1"} | more, follow=True)


def said(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def bibtex(**fields: str) -> str:
    return "@article{k,\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


THREE = """
@article{new, title = {On extended deterrence}, author = {van der Berg, J. and {RAND Corporation}},
  journal = {Survival}, year = 2021, month = jun, doi = {10.1000/New}, pages = {1--20}}
@article{here, title = {Some other words}, doi = {https://doi.org/10.1000/HERE}, journal = {Survival}}
@article{broken, title = {No end, year = 2020
"""


def test_of_three_references_one_is_new_one_is_here_by_doi_and_one_is_broken(analyst, entries):
    here = Article.objects.create(slug="here", title="Here already", doi="10.1000/here")
    data, page = read(analyst, THREE)
    new, known, broken = (" ".join(one.get_text(" ").split()) for one in page.select(".proposal"))
    assert "New" in new
    assert "1–20" in new
    assert "The same DOI." in known
    assert "Outlet: Survival" in known
    assert "It breaks off" in broken
    response = take(analyst, data)
    [added] = Article.objects.filter(doi="10.1000/New")
    assert (added.status, added.title, added.outlet, added.date) == (
        Status.DRAFT, "On extended deterrence", "Survival", "2021-06",
    )  # fmt: skip
    assert [str(one.person) for one in added.authorships.all()] == ["J. van der Berg"]
    assert "Pages: 1–20" in added.note
    assert "RAND Corporation" in added.note
    here.refresh_from_db()
    assert here.outlet == ""  # a double is skipped unless somebody says otherwise
    assert not Record.objects.exists()
    assert "No end, year = 2020" in filled(response)["pasted"]  # the broken one stays, and nothing else
    assert "On extended deterrence" not in filled(response)["pasted"]


def test_only_what_is_empty_is_filled(analyst, entries):
    here = Article.objects.create(slug="here", title="Here already", doi="10.1000/here", outlet="The analyst's own")
    data, page = read(
        analyst, bibtex(title="Else", doi="10.1000/HERE", journal="Survival", year="2020", author="Doe, Jo")
    )
    assert "Date: 2020" in page.select_one(".offer").get_text()
    assert "Outlet" not in page.select_one(".offer").get_text()
    key = next(name for name in data if name.startswith("do-"))
    take(analyst, data, **{key: f"fill-{here.pk}"})
    here.refresh_from_db()
    assert (here.title, here.outlet, here.date) == ("Here already", "The analyst's own", "2020")
    assert [str(one) for one in here.authors.all()] == ["Jo Doe"]
    assert Article.objects.filter(doi__iexact="10.1000/here").count() == 1


@pytest.mark.parametrize(
    ("there", "pasted", "reason"),
    [
        ({"doi": "10.1000/AbC"}, {"doi": "doi:10.1000/aBc"}, "The same DOI"),
        ({"url": "https://www.p.example/a/?utm_source=x#top"}, {"url": "http://p.example/a"}, "The same web address"),
        ({"title": "A tale of two theatres: Lessons"}, {"title": "A Tale of Two Theatres"}, "but for a subtitle"),
        ({"title": "A tale of two theatres"}, {"title": "A Tale of Two Theaters"}, "Nearly the same title"),
        ({"title": "Déjà vu in the Baltic"}, {"title": "Deja vu in the {Baltic}"}, "The same title"),
    ],
)  # fmt: skip
def test_what_is_here_is_told_with_the_reason(analyst, there, pasted, reason):
    Article.objects.create(**({"slug": "there", "title": "There"} | there))
    _, page = read(analyst, bibtex(**({"title": "Something else"} | pasted)))
    assert reason in page.select_one(".offer").get_text()


def test_of_what_only_seems_to_be_here_somebody_has_to_say(analyst, db):
    Article.objects.create(slug="there", title="A tale of two theatres")
    data, _ = read(analyst, bibtex(title="A tale of two theaters"))
    response = take(analyst, data)
    assert "Choose what becomes of it." in said(response)
    assert "A tale of two theaters" in filled(response)["pasted"]
    [key] = [name.replace("seen", "do") for name in data if name.startswith("seen-")]
    take(analyst, data, **{key: "add"})
    assert Article.objects.count() == 2


@pytest.mark.parametrize(
    ("there", "pasted"),
    [
        ({"title": "Military balance 2022"}, {"title": "Military balance 2023"}),
        ({"title": "Introduction", "date": "2001"}, {"title": "Introduction", "year": "2020"}),
        ({"url": "https://press.example/"}, {"url": "https://press.example"}),
        ({"url": "https://press.example/a?id=1"}, {"url": "https://press.example/a?id=2"}),
    ],
)
def test_what_only_looks_alike_is_new(analyst, there, pasted):
    Article.objects.create(**({"slug": "there", "title": "There"} | there))
    _, page = read(analyst, bibtex(**({"title": "Something else"} | pasted)))
    assert "New" in page.select_one(".eyebrow").get_text()


def test_an_author_known_by_name_or_alias_is_that_person_and_one_who_may_be_several_has_to_be_chosen(analyst, db):
    jane = Person.objects.create(slug="jane", given_names="Jane", family_name="Doe", aliases=["Jane Dough"])
    one = Person.objects.create(slug="m1", given_names="Mary", family_name="Poe")
    two = Person.objects.create(slug="m2", given_names="Max", family_name="Poe")
    data, page = read(analyst, bibtex(title="On names", author="Dough, Jane and Poe, M."))
    response = take(analyst, data)
    assert "Say who “M. Poe” is." in said(response)
    assert not Article.objects.exists()
    assert "On names" in filled(response)["pasted"]
    who = next(name for name, value in data.items() if name.startswith("who-") and not value)
    assert {one.slug, two.slug} <= set(re.findall(r"\((m\d)\)", page.find(id=who).get_text()))
    take(analyst, filled(response), **{who: f"p{two.pk}"})
    assert list(Article.objects.get().authors.order_by("authorships__order")) == [jane, two]
    assert Person.objects.count() == 3


def test_somebody_new_who_signs_twice_in_one_paste_is_one_person(analyst, db):
    data, _ = read(
        analyst, "\n".join(f"TY  - BOOK\nTI  - {t}\nAU  - Doe, Jo\nER  - " for t in ("The first", "Another"))
    )
    take(analyst, data)
    assert Person.objects.count() == 1
    assert Authorship.objects.count() == 2


def test_an_institution_is_no_person(analyst, db):
    Organisation.objects.create(slug="nato", name="North Atlantic Treaty Organization", acronym="NATO")
    data, _ = read(analyst, json.dumps([{"type": "report", "title": "A concept", "author": [{"literal": "NATO"}]}]))
    take(analyst, data)
    assert Article.objects.get().outlet == "NATO"
    assert not Person.objects.exists()


def test_keywords_become_regions_themes_and_tags_that_there_are_and_nothing_new(analyst, entries):
    ris = "TY  - RPRT\nTI  - A report\nKW  - Baltic\nKW  - calm\nKW  - A Tag\nKW  - quite new\nER  - "
    data, _ = read(analyst, ris)
    take(analyst, data)
    article = Article.objects.get(title="A report")
    assert [one.slug for one in article.regions.all()] == ["baltic"]
    assert [one.slug for one in article.themes.all()] == ["calm"]
    assert [one.name for one in article.tags.all()] == ["a tag"]


def test_what_is_twice_in_one_paste_is_added_once(analyst, db):
    twice = bibtex(title="Twice", doi="10.1000/twice") + bibtex(title="Twice", doi="10.1000/TWICE")
    data, page = read(analyst, twice)
    assert "The same as at line 1" in page.select(".eyebrow")[1].get_text()
    take(analyst, data)
    assert Article.objects.count() == 1


def test_sending_the_same_form_twice_adds_nothing_twice(analyst, db):
    data, _ = read(analyst, bibtex(title="Only once, whatever happens"))
    take(analyst, data)
    response = take(analyst, data)
    assert "has come to be here since you looked" in said(response)
    assert Article.objects.count() == 1


def test_two_thousand_references_are_read_at_once_and_shown_in_parts(analyst, db):
    many = "\n".join(f"TY  - BOOK\nTI  - Volume {n} of the series\nER  - " for n in range(2000))
    data, page = read(analyst, many)
    assert len(page.select(".proposal")) == 50
    assert "2000 references" in page.get_text()
    response = take(analyst, data)
    assert Article.objects.count() == 50
    assert "1950 references" in said(response)
    assert "Volume 50 of" in filled(response)["pasted"]


MACROS = "@string{is = {International Security}}\n"


def test_what_is_left_keeps_the_macros_that_it_needs(analyst, db):
    text = (
        MACROS
        + "@article{a, title = {First}, journal = is}\n@article{b, title = {Second}, journal = is, author = {Poe, M.}}"
    )
    Person.objects.create(slug="m", given_names="Mary", family_name="Poe")
    data, _ = read(analyst, text)
    response = take(analyst, data)
    assert [one.outlet for one in Article.objects.all()] == ["International Security"]
    assert "International Security" in filled(response)["pasted"]


@pytest.mark.parametrize(
    ("pasted", "answer"),
    [
        ("", "Paste references, or choose a file."),
        ("<!DOCTYPE html><html><body>x</body></html>", "This is a web page"),
        ("<xml><records/></xml>", "XML or HTML"),
        ("just some words", "none of CSL-JSON, BibTeX and RIS"),
        ("10.1000/182", "That is a DOI alone"),
        ('{"a": [1, 2]}', "JSON of another shape"),
        ("[1, 2]", "JSON of another shape"),
        ('[{"title": "x"', "breaks off at line 1"),
        ("[]", "The list is empty"),
        ("[" * 100_000, "breaks off"),
        ("TY  - BOOK\n" * 5_001, "That may be 5,001 references"),
        ("x" * 6_100_000, "at most are read at once"),
    ],
)
def test_what_is_no_reference_is_answered_in_words_and_stays_in_the_form(analyst, pasted, answer):
    response = analyst.post(PAGE, {"pasted": pasted, "read": "1"})
    assert response.status_code == 200
    assert answer in said(response)
    assert len(filled(response)["pasted"]) == len(pasted)


def test_five_megabytes_are_read(analyst, db):
    many = "".join(bibtex(title=f"Paper {n} on the matter", abstract="word " * 480) for n in range(2000))
    assert len(many) > 4_900_000
    _, page = read(analyst, many)
    assert "2000 references" in page.get_text()


def test_a_file_in_windows_1252_is_read_and_says_so(analyst, db):
    data = "TY  - BOOK\nTI  - Frieden für Europa\nER  - \n".encode("windows-1252")
    response = analyst.post(PAGE, {"pasted": "", "file": SimpleUploadedFile("a.ris", data), "read": "1"})
    assert "Windows-1252" in said(response)
    take(analyst, filled(response))
    assert Article.objects.get().title == "Frieden für Europa"


def test_whoever_may_not_add_articles_is_refused(looker, db):
    assert looker.get(PAGE).status_code == 403
    assert looker.post(PAGE, {"pasted": THREE, "take": "1"}).status_code == 403


# --- Citations


@pytest.fixture
def cited(entries):
    work = Article.objects.create(
        slug="cited", title="Unidentified work", unresolved=True, cited_as="Doe, “The nuclear bargain” (2019)"
    )
    CrossReference.objects.create(source=entries.article.entry, target=work.entry, relation="cites")
    return work


def test_a_citation_is_matched_to_the_article_that_it_means(analyst, entries, cited):
    meant = Article.objects.create(slug="meant", title="The nuclear bargain", date="2019-05")
    Authorship.objects.create(article=meant, person=Person.objects.create(slug="d", family_name="Doe"))
    Article.objects.create(slug="other", title="Something about the weather", date="2019")
    page = BeautifulSoup(analyst.get(UNRESOLVED).content, "html.parser")
    [offer] = page.select(".offer")
    cited.themes.add(entries.theme)
    assert "The citation has its title, or nearly and an author of it and its year, 2019." in offer.get_text()
    fields = {one["name"]: one["value"] for one in offer.select("input[type=hidden]")}
    response = analyst.post(UNRESOLVED, fields, follow=True)
    assert "cites The nuclear bargain now" in said(response)
    assert [one.target_id for one in entries.article.references_out.all()] == [meant.pk]
    assert not Entry.objects.filter(pk=cited.pk).exists()
    meant.refresh_from_db()
    assert meant.cited_as == cited.cited_as
    assert list(meant.themes.all()) == [entries.theme]
    assert not Record.objects.exists()


def test_positions_and_references_that_are_there_already_are_not_lost_or_doubled(analyst, entries, cited):
    meant = Article.objects.create(slug="meant", title="The nuclear bargain")
    CrossReference.objects.create(source=entries.article.entry, target=meant.entry, relation="cites")
    CrossReference.objects.create(source=meant.entry, target=cited.entry, relation="cites")
    position = Position.objects.create(slug="held", title="Held", article=cited)
    analyst.post(UNRESOLVED, {"cited": cited.pk, "article": meant.pk})
    position.refresh_from_db()
    assert position.article == meant
    assert CrossReference.objects.count() == 1


def test_a_citation_that_is_public_is_matched_by_a_reviewer_alone(analyst, reviewer, entries, cited):
    meant = Article.objects.create(slug="meant", title="The nuclear bargain")
    publish(cited, by=reviewer.user)
    response = analyst.post(UNRESOLVED, {"cited": cited.pk, "article": meant.pk}, follow=True)
    assert "Ask a reviewer" in said(response)
    assert Entry.objects.filter(pk=cited.pk).exists()
    reviewer.post(UNRESOLVED, {"cited": cited.pk, "article": meant.pk})
    assert not Entry.objects.filter(pk=cited.pk).exists()
    assert not Record.objects.live().exists()  # taken out, and nothing put in its place by itself


def test_a_pasted_reference_makes_a_citation_the_work(analyst, entries, cited):
    address = f"{PAGE}?resolves={cited.pk}"
    assert "the citation becomes the work" in said(analyst.get(address))
    data, page = read(analyst, bibtex(title="A bargain", author="Doe, Jo", year="2019"), resolves=str(cited.pk))
    assert "You came from it." in page.select_one(".offer").get_text()
    take(analyst, data)
    work = Article.objects.get(pk=cited.pk)
    assert (work.unresolved, work.title, work.date, work.identifier) == (False, "A bargain", "2019", cited.identifier)
    assert work.references_in.count() == 1


def test_of_several_references_pasted_for_a_citation_the_first_is_its_work(analyst, entries, cited):
    two = bibtex(title="A bargain", year="2019") + bibtex(title="Quite another thing", year="2020")
    data, _ = read(analyst, two, resolves=str(cited.pk))
    take(analyst, data)
    cited.refresh_from_db()
    assert cited.title == "A bargain"
    assert Article.objects.filter(title="Quite another thing").exists()


def test_a_reference_is_offered_as_the_work_of_a_citation(analyst, entries, cited):
    _, page = read(analyst, bibtex(title="The nuclear bargain", year="2019"))
    assert "cited here already" in page.select_one(".eyebrow").get_text()
    assert "Title: The nuclear bargain" in page.select_one(".offer").get_text()


def test_the_form_of_a_citation_leads_to_what_it_may_be(analyst, entries, cited):
    Article.objects.create(slug="another", title="Another", unresolved=True, cited_as="Another")
    form = BeautifulSoup(analyst.get(f"/admin/curation/article/{cited.pk}/change/").content, "html.parser")
    page = analyst.get(form.find("a", string="Find the work")["href"])
    assert [one.get_text() for one in BeautifulSoup(page.content, "html.parser").select(".proposal h2")] == [str(cited)]


def test_whoever_was_signed_out_meanwhile_loses_nothing(client, db):
    response = client.post(PAGE, {"pasted": THREE, "read": "1"})
    assert response.status_code == 401
    assert "On extended deterrence" in response.content.decode()


@pytest.mark.parametrize("key", ["", "abc", "9" * 30, "\x00", "-1"])
def test_any_key_is_answered(analyst, entries, key):
    assert analyst.post(UNRESOLVED, {"cited": key, "article": key}).status_code == 302
    assert analyst.post(DOUBLES, {"one": key, "other": key}).status_code == 302
    assert analyst.get(PAGE, {"resolves": key}).status_code == 200
    assert analyst.get(DOUBLES, {"page": key}).status_code == 200
    assert analyst.get(UNRESOLVED, {"page": key, "only": key}).status_code == 200
    assert analyst.post(PAGE, {"pasted": THREE, "take": "1", "resolves": key}).status_code in (200, 302)


# --- Doubles


def test_articles_that_look_the_same_are_told_until_somebody_says_that_they_are_not(analyst, entries):
    one = Article.objects.create(slug="one", title="On the brink of war", date="2020")
    other = Article.objects.create(slug="other", title="On the Brink of War", date="2020")
    assert "The same title; the same year." in said(analyst.get(DOUBLES))
    analyst.post(DOUBLES, {"one": other.pk, "other": one.pk})
    page = said(analyst.get(DOUBLES))
    assert "No two articles look the same." in page
    assert "Said not to be the same" in page
    analyst.post(DOUBLES, {"one": one.pk, "other": other.pk, "again": "1"})
    assert "The same title; the same year." in said(analyst.get(DOUBLES))


def test_saving_an_article_by_hand_warns_of_a_double_and_saves_it(analyst, entries):
    Article.objects.create(slug="one", title="On the brink of war", url="https://press.example/brink")
    add(analyst, "article", title="Else", slug="else", url="http://www.press.example/brink/")
    made = Article.objects.get(slug="else")
    assert "looks the same: The same web address." in said(analyst.get("/admin/"))
    save(analyst, made, summary="More")
    assert "looks the same" not in said(analyst.get("/admin/"))  # said once, where it came about


# --- What is exported comes in again


@pytest.mark.parametrize("name", ["csl-json", "ris", "bibtex"])
def test_what_is_exported_is_read_as_the_same(client, reviewer, settings, name):
    settings.ALLOWED_HOSTS = ["*"]
    person = Person.objects.create(slug="d", given_names="Alice", family_name="Dell’Era")
    dates = ["2021", "2021-09", "2021-09-03", ""]
    for place, genre in enumerate(["", *Genre]):
        article = Article.objects.create(
            slug=f"x{place}", title=f"Of 100% “{genre}” & Łódź", outlet="A press", genre=genre, date=dates[place % 4],
            doi=f"10.1000/{place}", url=f"https://press.example/a_b?x={place}&y=~1", language="en",
            summary="On $5 #1 {gray} zones.",
        )  # fmt: skip
        Authorship.objects.create(article=article, person=person)
        publish(article, by=reviewer.user)
    only_cited = Article.objects.create(slug="c", title="Unidentified", unresolved=True, cited_as="“Some”, 2019")
    publish(only_cited, by=reviewer.user)
    text = b"".join(client.get(f"/export/{name}/?kind=article", HTTP_HOST="kb.example")).decode()
    read_as, rows = reading.read(text)
    assert read_as == name
    assert len(rows) == Article.objects.count()
    for row in rows:
        found, article = row.reference, Article.objects.get(title=row.reference.title)
        for field in ("outlet", "genre", "date", "doi", "language", "summary", "cited_as"):
            assert getattr(found, field) == getattr(article, field), (field, article.genre)
        assert found.url == article.url or (article.unresolved and identifier_in(found.url) == article.identifier)
        assert [(one.family, one.given) for one in found.authors] == [
            (one.family_name, one.given_names) for one in article.authors.all()
        ]
        assert not found.remarks
    data, page = read(reviewer, text)
    assert not page.select(".is-fine")  # all of them are here, and known to be
    assert {value for key, value in data.items() if key.startswith("do-")} == {"skip"}
