"""Networks in a real browser: nearer by button and by keyboard, one node at a time, and people's in the workbench."""

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import complaints_of
from tests.browser.test_many import no_violation
from tests.browser.test_notes import sign_in


def box(page: Page) -> list[float]:
    return [float(one) for one in page.locator("svg[data-network]").get_attribute("viewBox").split()]


def test_a_picture_is_seen_nearer_and_moved_about(page: Page, site: str):
    complaints = complaints_of(page)
    page.goto(f"{site}/analysis/networks/")
    whole = box(page)
    nearer = page.get_by_role("button", name="Nearer")
    for _ in range(2):
        nearer.click()
    near = box(page)
    assert near[2] < whole[2]
    nearer.press("ArrowRight")
    assert box(page)[0] > near[0]
    nearer.press("ArrowLeft")
    assert box(page)[0] < near[0] + 1
    page.get_by_role("button", name="The whole").click()
    assert box(page) == whole
    no_violation(page)
    assert complaints == []


def test_who_is_pointed_at_stands_out_with_whom_they_are_tied_to(page: Page, site: str):
    page.goto(f"{site}/analysis/networks/")
    picture = page.locator("svg[data-network]")
    node = picture.locator("[data-node]").first
    key = node.get_attribute("data-node")
    node.locator("circle").hover()
    lit = picture.locator("line.lit")
    assert lit.count() > 0
    assert all(key in ends.split() for ends in lit.evaluate_all("all => all.map((one) => one.dataset.ends)"))
    page.mouse.move(0, 0)
    expect(picture.locator(".lit")).to_have_count(0)


def test_on_a_phone_names_can_be_read_and_the_picture_pushed_about(page: Page, site: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{site}/analysis/networks/")
    for text in page.locator("svg[data-network] text:not(.quiet)").all()[:5]:
        assert text.bounding_box()["height"] > 10
    left, room = page.locator("#picture .scroll").evaluate(
        "(one) => [one.scrollLeft, one.scrollWidth - one.clientWidth]"
    )
    assert 0 < left < room, "it begins in the middle"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_networks_of_people_are_for_curators(page: Page, site: str):
    complaints = complaints_of(page)
    sign_in(page, site)
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Networks of people").click()
    expect(page.get_by_text("Not for publication.")).to_be_visible()
    page.locator("select[name=ties]").select_option("two-mode-subtract")
    page.get_by_role("button", name="Draw").click()
    expect(page.locator("svg[data-network]")).to_be_visible()
    no_violation(page)
    assert complaints == []
