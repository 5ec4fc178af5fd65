"""A page for each record of each kind: what every kind has in common, and what each shows of its own."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from apps.public.catalogue.models import Record, RecordVersion, Tie
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Kind
from tests.website.factory import author, bury, join, make_record

pytestmark = pytest.mark.django_db


PASSAGE = {
    "quotation": "it calms",
    "prefix": "",
    "suffix": "",
    "locator": "paragraph 7",
    "start": None,
    "end": None,
    "state": "",
}


def url(record: Record) -> str:
    return f"/{record.kind}s/{record.identifier}/"


def page(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def dissent(db) -> dict[str, Record]:
    """A workshop with a session, a proposition with two sides, an article that reports one of them."""
    made = {
        "workshop": make_record("workshop", "A workshop", host="Our institute", date_text="6–7 June 2023"),
        "session": make_record("session", "A session", number=1),
        "article": make_record(
            "article", "An article", authors=[author("Ada", "Wroxham", "A college")], outlet="A journal"
        ),
        "proposition": make_record("proposition", "Allies should plan together"),
        "for": make_record("position", "Planning calms", passages=[PASSAGE]),
        "against": make_record("position", "Planning provokes", stance="opposes"),
    }
    join(made["session"], Tie.PART_OF, made["workshop"])
    join(made["for"], Tie.FOUND_IN, made["article"])
    join(made["for"], Tie.REPORTED_FROM, made["workshop"])
    join(made["for"], Tie.TAKES_SIDE_ON, made["proposition"], "supports")
    join(made["against"], Tie.FOUND_IN, made["session"])
    join(made["against"], Tie.TAKES_SIDE_ON, made["proposition"], "opposes")
    join(made["against"], "challenges", made["for"], "They see it the other way round.")
    return made


@pytest.mark.parametrize("kind", Kind)
class TestEveryKind:
    def test_it_has_a_page_at_its_permalink(self, client, kind):
        record = make_record(kind, "A telling title")
        found = page(client, url(record))
        assert found.h1.get_text() == "A telling title"
        assert found.find("link", rel="canonical")["href"].endswith(url(record))
        assert "A telling title" in found.title.get_text()

    def test_its_permalink_outlives_its_title(self, client, kind):
        record = make_record(kind, "Before")
        Record.objects.update(title="After", content=record.content | {"title": "After"})
        assert page(client, url(record)).h1.get_text() == "After"

    def test_it_is_found_under_its_own_kind_alone(self, client, kind):
        record = make_record(kind)
        for other in set(Kind) - {kind}:
            assert client.get(f"/{other}s/{record.identifier}/").status_code == 404

    def test_withdrawn_it_says_so_and_no_more(self, client, kind):
        record = bury(make_record(kind, "A secret title"))
        for address in (url(record), url(record) + "versions/1/"):
            response = client.get(address)
            assert response.status_code == 410
            assert b"withdrawn" in response.content
            assert b"secret" not in response.content

    def test_its_former_versions_are_readable_and_say_so(self, client, kind):
        record = make_record(kind, "After")
        RecordVersion.objects.create(
            record=record,
            version=1,
            title="Before",
            content=record.content | {"title": "Before"},
            published_at=record.published_at,
        )
        Record.objects.update(version=2)
        former = page(client, url(record) + "versions/1/")
        assert former.h1.get_text() == "Before"
        assert "This is version 1" in former.get_text()
        assert page(client, url(record) + "versions/2/").h1.get_text() == "After"
        assert page(client, url(record)).find("a", href=url(record) + "versions/1/")
        assert client.get(url(record) + "versions/3/").status_code == 404

    def test_it_can_be_cited(self, client, kind):
        record = make_record(kind, "A telling title")
        cited = page(client, url(record)).select_one(".cite").get_text()
        assert "A telling title" in cited
        assert f"{url(record)}versions/1/" in cited

    def test_unknown_stays_empty_and_the_page_copes(self, client, kind):
        record = make_record(kind)
        nothing = {key: type(value)() if value is not None else None for key, value in record.content.items()}
        if kind == Kind.POSITION:
            nothing["holder"] = {"quantifier": "", "descriptor": "", "names": [], "role": "", "text": ""}
        Record.objects.update(content=nothing | {"title": "A title"})
        text = page(client, url(record)).main.get_text(" ", strip=True)
        assert not re.search(r"None(?! are)|\[\]|“”", text)

    def test_a_synthetic_one_is_marked(self, client, kind):
        assert "Synthetic" in page(client, url(make_record(kind, synthetic=True))).main.get_text()
        assert "Synthetic" not in page(client, url(make_record(kind))).main.get_text()

    @pytest.mark.parametrize(
        "title",
        ["<script>alert(1)</script>", "{{ settings.SECRET_KEY }}", "‮مواقف‬ of RTL", "W" * 300, "“Quotes” & <b>bold</b>"],
    )
    def test_a_title_is_text_and_nothing_else(self, client, kind, title):
        record = make_record(kind, title)
        found = page(client, url(record))
        assert found.h1.get_text() == title
        assert not found.main.find_all("script")

    def test_its_summary_is_markdown_without_teeth(self, client, kind):
        record = make_record(
            kind, summary="*calm* <img src=x onerror=alert(1)> [x](javascript:alert(1)) [y](https://a.example)"
        )
        found = page(client, url(record)).main
        assert found.em.get_text() == "calm"
        assert not found.find("img")
        assert [a["href"] for a in found.select(".prose a")] == ["https://a.example"]

    def test_an_unchanged_catalogue_answers_304(self, client, kind):
        record = make_record(kind)
        etag = client.get(url(record))["ETag"]
        assert client.get(url(record), headers={"if-none-match": etag}).status_code == 304
        make_record(kind)
        assert client.get(url(record), headers={"if-none-match": etag}).status_code == 200


def test_a_position_leads_to_its_source_in_one_step(client, dissent):
    found = page(client, url(dissent["for"]))
    assert found.find("a", href=url(dissent["article"]))
    assert found.blockquote.get_text() == "it calms"
    assert "paragraph 7" in found.figcaption.get_text()
    assert found.find("a", href=url(dissent["proposition"]))
    assert found.find("a", href=url(dissent["workshop"]))
    assert "Held by some Asia experts" in found.get_text()
    assert "Chatham House Rule" in found.aside.get_text()


def test_positions_of_an_article_stand_in_its_order(client):
    article = make_record("article")
    for order in (3, None, 1, 2):
        join(make_record("position", f"No. {order}", order=order), Tie.FOUND_IN, article)
    links = page(client, url(article)).select(".lines > li > a")
    assert [link.get_text() for link in links] == ["No. 1", "No. 2", "No. 3", "No. None"]


def test_cross_references_read_right_from_both_ends(client, dissent):
    assert "Challenges" in page(client, url(dissent["against"])).get_text()
    there = page(client, url(dissent["for"]))
    assert "Challenged by" in there.get_text()
    assert "the other way round" in there.get_text()


def test_a_proposition_shows_its_sides_with_figures(client, dissent):
    found = page(client, url(dissent["proposition"]))
    figures = [item.get_text(" ", strip=True) for item in found.select(".lean-key li")]
    assert figures == ["Supports 1", "Qualifies 0", "Neutral 0", "Opposes 1"]
    assert {a["href"] for a in found.select("ul.lines > li > a")} == {url(dissent["for"]), url(dissent["against"])}


def test_a_workshop_shows_its_sessions_in_order_and_what_was_said_there(client, dissent):
    later = make_record("session", "Later", number=2)
    join(later, Tie.PART_OF, dissent["workshop"])
    found = page(client, url(dissent["workshop"]))
    assert [a.get_text() for a in found.select(".agenda > li > div > a")] == ["A session", "Later"]
    assert [a["href"] for a in found.select(".agenda > li:first-child .lines a")] == [url(dissent["against"])]
    reported = found.find("h2", string="Reported from it").find_parent("section")
    assert [a["href"] for a in reported.select("a")] == [url(dissent["article"]), url(dissent["for"])]
    assert "Our institute" in found.get_text()


def test_an_unresolved_citation_is_shown_as_what_it_is(client):
    record = make_record("article", "On the bargain", unresolved=True, cited_as="transatlantic bargain")
    assert "Only cited so far" in page(client, url(record)).get_text()
    assert "as: transatlantic bargain. The work itself" in page(client, url(record)).get_text()


def test_regions_and_themes_lead_to_their_pages(client):
    Region.objects.create(slug="asia", name="Asia")
    Theme.objects.create(slug="calm", name="Calm")
    found = page(client, url(make_record("position", regions=["asia", "gone"], themes=["calm"])))
    assert found.find("a", href="/regions/asia/")
    assert found.find("a", href="/themes/calm/")


@pytest.mark.parametrize("count", [2, 20])
def test_a_record_page_costs_the_same_whatever_hangs_on_it(client, django_assert_num_queries, count):
    """State with vocabulary version; record; links out; links in; stances; the positions that take the one stance, and
    their sources; workshops named in figures; propositions alike. The vocabulary itself is in memory."""
    Theme.objects.create(slug="calm", name="Calm")
    proposition, workshop = make_record("proposition", themes=["calm"]), make_record("workshop")
    make_record("proposition", "Another", themes=["calm"])
    for _ in range(count):
        position = make_record("position", **found_in(workshop, proposition))
        join(position, Tie.TAKES_SIDE_ON, proposition, "supports")
    client.get(url(proposition))
    with django_assert_num_queries(9):
        client.get(url(proposition))


def found_in(workshop: Record, proposition: Record) -> dict[str, str]:
    return {"workshop": workshop.identifier, "source": workshop.identifier, "proposition": proposition.identifier}


# --- How positions lean


@pytest.fixture
def debate(db) -> Record:
    """Twelve positions on a proposition: five from an earlier workshop about Asia, seven from a later about Europe."""
    for region in ("asia", "europe"):
        Region.objects.create(slug=region, name=region.title())
    Region.objects.create(slug="japan", name="Japan", parent=Region.objects.get(slug="asia"))
    proposition = make_record("proposition", "Allies should plan together")
    late = make_record("workshop", "The later one", earliest="2023-06-06", date_text="6 June 2023")
    early = make_record("workshop", "The earlier one", earliest="2021-05-05", date_text="5 May 2021")
    for number, (workshop, region, stance) in enumerate(
        [*[(early, "japan", "opposes")] * 4, (early, "asia", "neutral"), *[(late, "europe", "supports")] * 7]
    ):
        position = make_record(
            "position", f"Claim {number}", regions=[region], stance=stance, passages=[PASSAGE],
            **found_in(workshop, proposition),
        )  # fmt: skip
        join(position, Tie.TAKES_SIDE_ON, proposition, stance)
    return proposition


def rows(table) -> dict[str, list[str]]:
    lines = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.select("tr")]
    return {name: figures for name, _, *figures in lines}


def test_a_proposition_shows_how_regions_and_workshops_lean(client, debate):
    regions, workshops = page(client, url(debate)).select("table.leanings")
    assert rows(regions) == {
        "Region": ["Opposes", "Neutral", "Qualifies", "Supports", "All"],
        "Asia": ["4", "1", "–", "–", "5"],
        "Japan": ["4", "–", "–", "–", "4"],
        "Europe": ["–", "–", "–", "7", "7"],
    }
    assert [row.th.get_text() for row in regions.select("tr") if row.svg] == ["Asia ", "Europe "]  # four are too few
    assert list(rows(workshops)) == ["Workshop", "The earlier one 5 May 2021", "The later one 6 June 2023"]


def test_each_figure_of_a_proposition_is_the_number_of_its_results(client, debate):
    for row in page(client, url(debate)).select("table.leanings tbody tr"):
        results = page(client, row.a["href"]).select_one("[data-announce]").get_text()
        assert results.split()[0] == row.find_all("td")[-1].get_text()


def test_bars_are_drawn_to_one_scale_around_one_line(client, debate):
    asia, europe = page(client, url(debate)).select("table.leanings")[0].select("svg")
    line = float(asia.line["x1"])
    assert line == float(europe.line["x1"]) == pytest.approx(100 * 4.5 / 11.5, abs=0.01)
    opposes, neutral = asia.select("rect")
    assert float(opposes["x"]) == 0
    assert float(neutral["x"]) + float(neutral["width"]) / 2 == pytest.approx(line, abs=0.02)
    assert float(europe.rect["x"]) == pytest.approx(line, abs=0.01)
    assert float(europe.rect["width"]) == pytest.approx(100 * 7 / 11.5, abs=0.01)


def test_positions_stand_by_stance_with_source_and_words(client, debate):
    found = page(client, url(debate))
    assert [one.get_text(" ", strip=True) for one in found.select("main h3")] == [
        "Supports 7",
        "Neutral 1",
        "Opposes 4",
    ]
    first = found.select_one("main h3 + ul li")
    assert first.blockquote.get_text() == "it calms"
    assert first.find("a", string="The later one")


def test_of_few_positions_no_figure_is_drawn(client, dissent):
    found = page(client, url(dissent["proposition"]))
    assert not found.select("table.leanings, svg.lean")
    assert "fewer than 5 positions" in found.get_text()


def test_a_proposition_can_be_read_while_there_is_no_index(client, debate, settings):
    Path(settings.SEARCH_INDEX_DIR).touch()  # a file where the index's folder belongs
    response = client.get(url(debate))
    assert response.status_code == 200
    assert "being counted" in response.content.decode()
    assert "ETag" not in response


@pytest.mark.parametrize(
    "address",
    [
        "/positions/",
        "/positions/22222222/",
        "/positions/UPPER222/",
        "/positions/%00/",
        "/positions/2222/../",
        "/nothing/",
        "/positions/22222222/versions/0/",
        "/positions/22222222/versions/99999999/",
        "/regions/narnia/",
        "/themes/x%00y/",
        "/%ff%fe/",
        "/\x00",
        "/regions/%ED%A0%80/",
    ],
)
def test_what_is_not_there_is_404(client, address):
    assert client.get(address).status_code == 404


def test_an_over_long_address_is_refused_in_words(client):
    response = client.get("/browse/?q=" + "x" * 20_000)
    assert response.status_code == 400
    assert b"too long" in response.content


def test_health(client):
    assert client.get("/health/").content == b"ok"


@pytest.mark.parametrize("address", ["/about/", "/patterns/"])
def test_a_page_that_needs_no_catalogue(client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(address).status_code == 200


def test_pages_ask_for_nothing_inline(client, dissent):
    """What the Content-Security-Policy would block is not there: no inline script, style or handler."""
    for record in dissent.values():
        response = client.get(url(record))
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]
        found = BeautifulSoup(response.content, "html.parser")
        scripts = [tag for tag in found.find_all("script") if tag.get("type") != "application/ld+json"]  # which is data
        assert not [tag for tag in scripts if not tag.get("src")]
        assert not found.find_all("style")
        assert not [
            tag for tag in found.find_all(True) if any(name == "style" or name.startswith("on") for name in tag.attrs)
        ]


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("workshop", "Our institute, “A workshop”, 6–7 June 2023."),
        ("session", "“A session”, session 1 of “A workshop”, Our institute."),
        ("for", "found in Ada Wroxham. A journal, “An article”"),
        ("article", "Ada Wroxham, “An article”, A journal."),
    ],
)
def test_a_citation_says_who_where_and_when(client, dissent, which, words):
    assert words in page(client, url(dissent[which])).select_one(".cite").get_text()


def test_a_former_version_says_nothing_of_a_proposition_that_it_took_no_side_on(client):
    position, statement = (
        make_record(Kind.POSITION, "Now"),
        make_record(Kind.PROPOSITION, "Allies should plan together"),
    )
    former = {**position.content, "title": "Then", "stance": ""}
    join(position, Tie.TAKES_SIDE_ON, statement, "supports")
    RecordVersion.objects.create(
        record=position, version=1, title="Then", content=former, published_at=position.published_at
    )
    Record.objects.filter(pk=position.pk).update(version=2)
    assert "Allies should plan together" in page(client, url(position)).get_text()
    assert "Allies should plan together" not in page(client, url(position) + "versions/1/").get_text()


def test_beside_a_long_session_a_short_one_has_its_positions_and_the_rest_can_be_searched(client, db):
    workshop = make_record("workshop", "A long day")
    sessions = [make_record("session", title, number=i) for i, title in enumerate(("Long", "Short"), start=1)]
    for session, many in zip(sessions, (105, 3), strict=True):
        join(session, "part_of", workshop)
        for i in range(many):
            join(make_record("position", f"Claim {i}", order=i), "found_in", session)
    found = page(client, url(workshop))
    assert [len(part.select(".lines a")) for part in found.select(".agenda > li")] == [97, 3]
    assert found.select(".agenda .lines a")[0].get_text() == "Claim 0"
    assert found.find(string=re.compile("^A hundred positions are listed here"))
    for one, facet in ((workshop, "workshop"), (sessions[0], "source")):
        searched = f"/browse/?kind=position&{facet}={one.identifier}"
        assert page(client, url(one)).select(f"section a[href='{searched}']")


def test_the_positions_found_in_a_source_can_be_searched(client, db):
    article, other = make_record("article", "A long book"), make_record("article", "Another")
    claims = [make_record("position", f"Claim {i}", source=article.identifier) for i in range(3)]
    make_record("position", "Elsewhere", source=other.identifier)
    for claim in claims:
        join(claim, "found_in", article)
    (address,) = (a["href"] for a in page(client, url(article)).select("a[data-live][href*='source=']"))
    found = page(client, address)
    assert {a.get_text() for a in found.select("main a[href^='/positions/']")} == {one.title for one in claims}
    assert any("A long book" in chips.get_text() for chips in found.select("ul.chips"))


def test_a_work_that_hundreds_cite_still_shows_the_positions_in_it(client, db):
    article = make_record("article", "A classic")
    for i in range(120):
        join(make_record("article", f"Citing {i}"), "cites", article)
    join(make_record("position", "The claim"), "found_in", article)
    found = page(client, url(article))
    assert found.find("a", string="The claim")
    assert len(found.find_all("a", string=re.compile("^Citing"))) == 99
