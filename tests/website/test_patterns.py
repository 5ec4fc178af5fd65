"""The patterns page shows every component in every state, from examples alone."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from apps.public.website import examples

STYLES = Path(examples.__file__).parent / "static" / "website"
# What a page is laid out with, which one page can't show of another; how results look while new ones come, and what is
# pointed at.
FRAME = set("aside browse facets hero is-claim record-head split tally toolbar".split())
FRAME |= set("closer dismissed htmx-request lit near network-tools pointing".split())


@pytest.fixture
def shown(client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/patterns/").content, "html.parser")


def test_whatever_has_a_style_is_shown(shown):
    styles = "".join(one.read_text() for one in STYLES.glob("*.css"))
    css = re.sub(r"/\*.*?\*/|url\([^)]*\)|(?<=\{)[^{}]*(?=\})", "", styles, flags=re.DOTALL)
    styled = set(re.findall(r"\.([a-z][\w-]*)", css))
    assert len(styled) > 80
    assert styled - {name for tag in shown.find_all(class_=True) for name in tag["class"]} == FRAME


@pytest.mark.parametrize(
    ("state", "selector"),
    [
        ("a map, with shades and stripes", "svg.map a path.shade-5, svg.map path[fill^=url]"),
        ("a region that is no land", "figcaption p:first-of-type a"),
        ("years as a timeline, one chosen", ".timeline rect.chosen"),
        ("a value chosen", ".facet a[aria-current]"),
        ("a value not chosen, with its count", ".facet a:not([aria-current]) .count"),
        ("what is chosen, to be given up", ".chips .chip-clear"),
        ("nothing found, with ways back", ".empty li a"),
        ("nothing found, without", ".empty a[href='/themes/']"),
        ("results as a table", "table.records .stance-opposes"),
        ("a diverging bar", ".leanings svg.lean line"),
        ("a row with too few positions for a bar", ".leanings tr:has(td.bar:empty)"),
        ("a gap in the matrix", ".matrix td.gap"),
        ("a comparison with its measure", ".compared td.apart"),
        ("a frozen comparison, which leads nowhere", ".compared td.unlinked"),
        ("a citation to be copied", "[data-copy]"),
        ("a search kept in the browser", ".saved .chip"),
    ],
    ids=lambda one: one if " " in one else "",
)
def test_a_state_is_shown(shown, state, selector):
    assert shown.select(selector), state


@pytest.mark.django_db
def test_its_links_lead_to_a_page_or_nowhere_and_never_to_a_fault(client, shown):
    links = {one["href"] for one in shown.select("main a[href]")}
    assert {"#main", "/themes/"} <= links
    assert {client.get(link).status_code for link in links if link.startswith("/")} == {200}
    assert all(shown.find(id=link[1:]) for link in links if link.startswith("#") and link != "#")


def test_its_words_say_that_they_are_examples(shown):
    titles = [one.get_text().lower() for one in shown.select(".card h3, .records tbody th a, .lines > li > a")]
    assert len(titles) > 20
    assert all("example" in title for title in titles)
