"""Every type of page by keyboard, on paper and with the worst of titles, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

# What the keyboard can reach: links, fields and buttons that are shown, and regions that scroll. The timeline's bars
# are the links of the list beneath it once more, for the mouse.
WANTED = """
() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches("[tabindex='-1']"))
  .map((one, index) => { one.dataset.stop = index; return index; })
"""
HERE = """
() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const drawn = one.matches("svg a") ? [...one.querySelectorAll("path")] : [one];
  const shown = drawn.some((it) => {
    const style = getComputedStyle(it);
    return style.outlineStyle !== "none" || (it !== one && parseFloat(style.strokeWidth) >= 2);
  });
  return { stop: one.dataset.stop ?? null, shown, is_inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
           html: one.outerHTML.slice(0, 120) };
}
"""
MOST_STOPS = 400


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 720})
    yield context.new_page()
    context.close()


def walk(page: Page) -> tuple[set[int], list[str]]:
    """The stops on the way of the tabulator key through a page, and those where nobody sees where they are."""
    reached, unseen = set(), []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["stop"] is None or int(here["stop"]) in reached:
            break
        reached.add(int(here["stop"]))
        if not (here["shown"] and here["is_inside"]):
            unseen.append(here["html"])
    return reached, unseen


def test_everything_on_every_type_of_page_is_reached_by_keyboard_with_a_visible_focus(
    page: Page, site: str, addresses: dict[str, str]
):
    missed, unseen = {}, {}
    for name, address in addresses.items():
        page.goto(site + address, wait_until="networkidle")
        wanted = set(page.evaluate(WANTED))
        assert len(wanted) > 4, name
        reached, hidden = walk(page)
        if left := wanted - reached:
            missed[name] = [page.evaluate(f"document.querySelector('[data-stop=\"{one}\"]').outerHTML") for one in left]
        if hidden:
            unseen[name] = hidden
    assert (missed, unseen) == ({}, {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_a_page_is_black_on_white_and_all_of_it_is_there(
    browser: Browser, site: str, addresses: dict[str, str], scheme: str
):
    """Nothing to click at, and no column beyond the edge of a sheet of A4."""
    context = browser.new_context(viewport={"width": 718, "height": 1000}, color_scheme=scheme)
    page = context.new_page()
    wrong = {}
    for name, address in addresses.items():
        page.goto(site + address)
        page.emulate_media(media="print", color_scheme=scheme)
        found = page.evaluate(
            """() => ({
              paper: getComputedStyle(document.documentElement).backgroundColor,
              ink: getComputedStyle(document.querySelector("h1")).color,
              width: document.documentElement.scrollWidth,
              tools: [...document.querySelectorAll(".masthead nav, .facets, .search, .compare-form, .take, .pages")]
                .filter((one) => one.checkVisibility()).map((one) => one.className),
            })"""
        )
        if found != {"paper": "rgb(255, 255, 255)", "ink": "rgb(0, 0, 0)", "width": 718, "tools": []}:
            wrong[name] = found
    context.close()
    assert wrong == {}


# --- Titles

_MAKE = """
import json, sys
from apps.curation.models import Proposition
from apps.gate.publication import publish, withdraw
from django.contrib.auth.models import User
titles = json.loads({titles!r})
made = [Proposition.objects.create(slug=f"odd-{{i}}", title=title) for i, title in enumerate(titles)]
for one in made:
    publish(one, by=User.objects.get(username="rex"))
print(json.dumps([one.identifier for one in made]))
"""
_UNMAKE = """
from apps.curation.models import Proposition
from apps.gate.publication import withdraw
for one in Proposition.objects.filter(slug__startswith="odd-"):
    withdraw(one)
"""
TITLES = [
    "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'> is a title",
    "W" * 300,
    "‮قالوا إن الردع يبدأ بالثقة",
]


@pytest.fixture(scope="module")
def odd(site: str, manage: Callable[..., str]) -> Iterator[list[str]]:
    """The addresses of propositions with such titles."""
    found = json.loads(manage("shell", "-c", _MAKE.format(titles=json.dumps(TITLES))))
    yield [f"{site}/propositions/{identifier}/" for identifier in found]
    manage("shell", "-c", _UNMAKE)


def test_no_title_runs_or_breaks_a_page(narrow: Page, site: str, odd: list[str]):
    complaints: list[str] = []
    narrow.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    lists = [f"{site}/browse/?kind=proposition", f"{site}/browse/?kind=proposition&view=table"]
    for address in (*odd, *(f"{one}cite/" for one in odd), *lists):
        narrow.goto(address, wait_until="networkidle")
        assert narrow.evaluate("window.ran") is None
        assert narrow.evaluate("document.documentElement.scrollWidth") == 320, address
    assert complaints == []


def test_a_title_from_right_to_left_reads_so_and_turns_nothing_else(page: Page, site: str, odd: list[str]):
    page.goto(odd[2])
    first, last = page.evaluate(
        """() => { const text = document.querySelector("h1").firstChild, range = document.createRange();
          const at = (i) => {
            range.setStart(text, i); range.setEnd(text, i + 1); return range.getBoundingClientRect().left;
          };
          return [at(1), at(text.length - 1)]; }"""
    )
    assert first > last
    cited = page.locator(".cite").inner_text()
    assert cited.index("Deterrence KB") > cited.index(TITLES[2][-6:])
    boxes = page.evaluate(
        """() => { const cite = document.querySelector(".cite cite").getClientRects()[0];
          const range = document.createRange(); range.selectNodeContents(document.querySelector(".cite bdi"));
          const title = [...range.getClientRects()].at(-1);
          return cite.top > title.top + 4 || cite.left > title.left; }"""
    )
    assert boxes, "what follows the title stands after it"


def test_on_a_narrow_screen_figures_and_their_bars_are_there_without_scrolling(
    narrow: Page, site: str, addresses: dict[str, str]
):
    for name in ("map", "region", "theme", "comparison"):
        narrow.goto(site + addresses[name])
        edges = narrow.eval_on_selector_all(
            ".leanings td:not(.bar), .leanings .lean", "all => all.map((one) => one.getBoundingClientRect().right)"
        )
        assert len(edges) > 4, name
        assert max(edges) <= 320, name


# --- Journeys through the figures, and back


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(request, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def total(page: Page) -> str:
    return page.locator("[data-announce]").inner_text().split()[0]


def test_from_a_search_to_the_map_to_a_region_to_its_parts_to_a_position_and_back(visitor: Page, site: str):
    visitor.goto(f"{site}/browse/?stance=supports")
    visitor.get_by_role("link", name="on the map").click()
    expect(visitor.locator(".notice")).to_contain_text("Only the positions of this search")
    visitor.get_by_role("link", name="Indo-Pacific", exact=True).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Map: Indo-Pacific")
    drawn = visitor.url
    row = visitor.locator(".leanings tbody tr", has_text="Northeast Asia")
    figure = row.locator("td").last.inner_text()
    row.get_by_role("link").click()
    assert total(visitor) == figure
    visitor.locator(".card h3 a").first.click()
    expect(visitor.get_by_text("Found in", exact=True)).to_be_visible()
    visitor.go_back()
    visitor.go_back()
    assert visitor.url == drawn
    visitor.get_by_role("navigation", name="Up from these regions").get_by_role("link", name="All regions").click()
    assert visitor.url == f"{site}/map/?stance=supports"


def test_from_the_matrix_to_its_parts_to_the_positions_of_a_cell_and_back(visitor: Page, site: str):
    visitor.goto(f"{site}/matrix/")
    visitor.get_by_role("rowheader").get_by_role("link", name="Deterrence", exact=True).click()
    visitor.get_by_role("columnheader").get_by_role("link", name="Indo-Pacific", exact=True).click()
    expect(visitor.get_by_role("navigation", name=re.compile("^Up from"))).to_have_count(2)
    rolled = visitor.url
    cell = visitor.locator(".matrix td a").first
    figure = cell.locator(".figure").inner_text()
    cell.click()
    assert total(visitor) == figure
    visitor.go_back()
    assert visitor.url == rolled
    for facet in ("themes", "regions"):
        visitor.get_by_role("navigation", name=f"Up from these {facet}").get_by_role("link").first.click()
    assert visitor.url == f"{site}/matrix/"


def test_from_a_search_to_a_comparison_to_a_frozen_copy_and_to_the_same_as_it_is_now(visitor: Page, site: str):
    visitor.goto(f"{site}/browse/?kind=position&stance=supports&stance=opposes")
    visitor.get_by_role("link", name="compare", exact=True).click()
    visitor.get_by_label("Region 1").select_option("europe")
    visitor.get_by_label("Region 2").select_option("indo-pacific")
    visitor.get_by_role("button", name="Compare").click()
    expect(visitor.locator(".notice", has_text="this search")).to_be_visible()
    compared, figures = visitor.url, visitor.locator(".leanings td").all_text_contents()
    link = visitor.locator(".compared td a").first
    figure = link.locator(".figure").inner_text()
    link.click()
    assert total(visitor) == figure
    visitor.go_back()
    assert visitor.url == compared
    visitor.get_by_role("link", name="A frozen copy").click()
    assert visitor.locator(".leanings td").all_text_contents() == figures
    visitor.get_by_role("link", name="The same comparison as it is now").click()
    assert visitor.locator(".leanings td").all_text_contents() == figures
    expect(visitor.get_by_label("Region 1")).to_have_value("europe")


def test_results_are_taken_along_from_where_they_are(visitor: Page, site: str):
    visitor.goto(f"{site}/browse/?region=indo-pacific&kind=position")
    count = total(visitor)
    with visitor.expect_download() as started:
        visitor.get_by_role("link", name="JSON", exact=True).click()
    assert len(json.loads(started.value.path().read_text())) == int(count)
    assert visitor.url.endswith("/browse/?region=indo-pacific&kind=position")


def test_a_comparison_of_too_many_keeps_what_was_chosen(visitor: Page, site: str):
    names = ("europe", "indo-pacific", "arctic", "middle-east", "north-america")
    visitor.goto(f"{site}/compare/?" + "&".join(f"region={name}" for name in names))
    expect(visitor.get_by_role("alert")).to_contain_text("That is 5; at most 4")
    chosen = {visitor.get_by_label(f"Region {i}").input_value() for i in range(1, 5)}
    assert len(chosen & set(names)) == 4
    visitor.get_by_role("button", name="Compare").click()
    expect(visitor.get_by_role("heading", name="Positions", exact=True)).to_be_visible()
