"""What researchers and analysts do, in a real browser; with JavaScript and without, by keyboard, at every width."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(request, browser: Browser) -> Page:
    context = browser.new_context(java_script_enabled=request.param)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def complaints_of(page: Page) -> list[str]:
    """What the console complains of, from now on: a blocked script, a missing file."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def test_search_filter_read_follow_to_the_source_and_go_back(visitor: Page, site: str):
    complaints = complaints_of(visitor)
    visitor.goto(site)
    visitor.get_by_role("searchbox").fill("nuclear planning")
    visitor.get_by_role("button", name="Search").click()
    expect(visitor.locator(".card h3").first).to_have_text(re.compile("^NATO-like nuclear planning arrangements"))

    visitor.locator("#facet-region + ul").get_by_role("link", name=re.compile("^Indo-Pacific")).click()
    expect(visitor.locator(".chip").first).to_contain_text("Indo-Pacific")
    assert "region=indo-pacific" in visitor.url
    assert "q=nuclear" in visitor.url
    filtered = visitor.url

    visitor.locator(".card h3 a").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(re.compile("^NATO-like nuclear planning"))
    expect(visitor.locator("blockquote")).to_contain_text("NATO-like nuclear planning arrangements")
    visitor.get_by_role("main").get_by_role("link", name=re.compile("^Fostering Cross-Regional")).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(re.compile("^Fostering Cross-Regional"))

    visitor.go_back()
    visitor.go_back()
    assert visitor.url == filtered
    expect(visitor.locator(".chip").first).to_contain_text("Indo-Pacific")
    assert complaints == []


@pytest.mark.parametrize(("way", "term"), [("By region", "Indo-Pacific"), ("By theme", "Two-peer problem")])
def test_positions_are_two_clicks_from_home(visitor: Page, site: str, way: str, term: str):
    visitor.goto(site)
    visitor.locator("section", has=visitor.get_by_role("heading", name=way)).get_by_role(
        "link", name=re.compile(f"^{term}")
    ).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(term)
    visitor.locator(".card", has_text="Position").first.locator("h3 a").click()
    expect(visitor.locator(".eyebrow").first).to_contain_text("Position")


def test_filtering_in_place_keeps_the_address_right(page: Page, site: str):
    page.goto(f"{site}/browse/")
    page.evaluate("window.stayed = true")
    page.locator("#facet-kind + ul").get_by_role("link", name=re.compile("^Workshop")).click()
    expect(page.locator(".chip").first).to_contain_text("Workshop")
    assert page.url.endswith("?kind=workshop")
    assert page.evaluate("window.stayed")
    page.locator("main .search input[type=search]").fill("strategic")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("strategic")
    assert page.url.endswith("?kind=workshop&q=strategic") or page.url.endswith("?q=strategic&kind=workshop")
    page.go_back()
    expect(page.locator("#status")).to_have_text(re.compile("result"))
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert page.url.endswith("/browse/")


def test_filters_are_chosen_one_after_another_by_keyboard(page: Page, site: str):
    page.goto(f"{site}/browse/")
    page.locator("#facet-stance + ul").get_by_role("link", name=re.compile("^Supports")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip").first).to_contain_text("Supports")
    expect(page.locator(":focus")).to_contain_text("Supports")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Qualifies")


def test_the_slash_key_goes_to_the_search_box(page: Page, site: str):
    page.goto(f"{site}/themes/")
    page.keyboard.press("/")
    expect(page.locator(".search input")).to_be_focused()


@pytest.mark.parametrize("view", ["", "&view=table"])
def test_arrows_lead_from_the_search_box_through_the_results_and_back(page: Page, site: str, view: str):
    page.goto(f"{site}/browse/?kind=position{view}")
    titles = page.locator("main .card h3 a, main .records th a").all_text_contents()
    page.keyboard.press("/")
    for title in titles[:3]:
        page.keyboard.press("ArrowDown")
        assert page.locator(":focus").text_content() == title
    page.keyboard.press("ArrowUp")
    assert page.locator(":focus").text_content() == titles[1]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
    page.go_back()
    page.locator("main .card h3 a, main .records th a").first.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("main .search input")).to_be_focused()


def test_everything_is_reached_by_keyboard_with_a_visible_focus(page: Page, site: str):
    page.goto(f"{site}/browse/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.name"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert outline != "none"
    wanted = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    assert set(wanted[:60]) <= reached


def test_a_search_is_kept_in_the_browser_and_dropped_again(page: Page, site: str):
    page.goto(f"{site}/browse/?region=indo-pacific&q=planning")
    page.get_by_role("button", name="Keep this search").click()
    kept = page.get_by_role("navigation", name="Searches kept")
    expect(kept.get_by_role("link")).to_be_focused()
    page.goto(f"{site}/browse/")
    kept.get_by_role("link", name="planning").click()
    expect(page.locator(".chip", has_text="Indo-Pacific").last).to_be_visible()
    assert "q=planning" in page.url
    expect(page.get_by_role("button", name="Keep this search")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Drop")).click()
    expect(kept).to_be_hidden()
    expect(page.get_by_role("button", name="Keep this search")).to_be_visible()


def test_two_regions_are_compared_and_the_copy_is_kept(visitor: Page, site: str):
    visitor.goto(f"{site}/compare/")
    visitor.get_by_label("Region 1").select_option("europe")
    visitor.get_by_label("Region 2").select_option("indo-pacific")
    visitor.get_by_role("button", name="Compare").click()
    expect(visitor.get_by_role("heading", name="Shared propositions")).to_be_visible()
    figures = visitor.locator(".compared .figure").all_text_contents()
    visitor.get_by_role("link", name="A frozen copy").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Europe, Indo-Pacific")
    assert visitor.locator(".compared .figure").all_text_contents() == figures


def test_a_region_is_chosen_on_the_map_by_keyboard(visitor: Page, site: str):
    visitor.goto(f"{site}/map/")
    visitor.locator('svg.map a[aria-label^="Indo-Pacific"]').focus()
    visitor.keyboard.press("Enter")
    expect(visitor.locator(".chip").nth(1)).to_contain_text("Indo-Pacific")


def test_a_definition_is_shown_to_mouse_and_keyboard_and_can_be_pointed_at(visitor: Page, site: str):
    visitor.goto(f"{site}/themes/alliances/")
    link, definition = visitor.locator("aside .defined a").last, visitor.locator("aside .definition").last
    expect(definition).to_be_hidden()
    link.hover()
    expect(definition).to_be_visible()
    definition.hover()
    expect(definition).to_be_visible()
    visitor.mouse.move(0, 0)
    expect(definition).to_be_hidden()
    visitor.keyboard.press("Tab")
    link.focus()
    expect(definition).to_be_visible()


def test_a_definition_goes_with_escape_and_comes_again(page: Page, site: str):
    page.goto(f"{site}/themes/alliances/")
    link, definition = page.locator("aside .defined a").last, page.locator("aside .definition").last
    for _ in range(2):
        link.hover()
        expect(definition).to_be_visible()
        page.keyboard.press("Escape")
        expect(definition).to_be_hidden()
        page.mouse.move(0, 0)
        page.mouse.move(5, 5)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_type_violates_wcag(browser: Browser, site: str, addresses: dict[str, str], scheme: str):
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = {}
    for name, address in addresses.items():
        page.goto(site + address)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        for violation in results.response["violations"]:
            found[name, violation["id"]] = [node["html"][:120] for node in violation["nodes"]][:3]
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_page_scrolls_sideways(browser: Browser, site: str, addresses: dict[str, str], width: int):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    wide = {}
    for name, address in addresses.items():
        page.goto(site + address)
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[name] = needed
    context.close()
    assert wide == {}


def test_a_reviewer_writes_sees_what_the_gate_says_and_publishes(page: Page, site: str):
    complaints = complaints_of(page)
    page.goto(f"{site}/admin/")
    page.fill("#id_username", "rex")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site}/admin/curation/proposition/add/")
    page.locator("#id_title").press_sequentially("Allies should be told first")
    expect(page.locator("#id_slug")).to_have_value("allies-should-be-told-first")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator(".gate")).to_contain_text("Nothing stands against publishing it")
    page.goto(f"{site}/browse/?q=told+first")
    expect(page.locator(".card h3").first).to_have_text("Allies should be told first")
    assert [one for one in complaints if "Content Security" in one or "Error" in one] == []
