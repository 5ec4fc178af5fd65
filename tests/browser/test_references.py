"""References in a real browser: three are pasted, and a citation of what was not found yet is matched."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journeys import complaints_of
from tests.browser.test_notes import sign_in

THREE = r"""@article{new, title = {A bargain for two oceans}, author = {van der Berg, J.}, year = 2019}
@article{here, title = {In other words}, journal = {Survival}, doi = {https://doi.org/10.1000/THERE}}
@article{broken, title = {No end, year = 2020
"""
ARTICLES = "/admin/curation/article/"


@pytest.fixture
def here(site: str, manage: Callable[..., str]) -> None:
    """An article with a DOI, and a citation of it that nobody has matched yet."""
    manage(
        "shell",
        "-c",
        "from apps.curation.models import Article, CrossReference; "
        "Article.objects.filter(title__in=['There already', 'A bargain for two oceans', 'Unidentified']).delete();"
        "a = Article.objects.create(slug='there', title='There already', doi='10.1000/there');"
        "u = Article.objects.create(slug='u', title='Unidentified', unresolved=True,"
        " cited_as='see https://doi.org/10.1000/there');"
        "CrossReference.objects.create(source=Article.objects.exclude(pk__in=[a.pk, u.pk]).first().entry,"
        " target=u.entry, relation='cites')",
    )


def no_barriers(page: Page, within: str = "body") -> None:
    found = Axe().run(page, context=within).response["violations"]
    assert found == [], [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


def test_three_references_are_pasted_and_a_citation_is_matched(page: Page, site: str, here: None):
    complaints = complaints_of(page)
    sign_in(page, site)
    page.goto(f"{site}{ARTICLES}")
    page.get_by_role("link", name="Add references").click()
    no_barriers(page)
    page.get_by_label("Paste references").fill(THREE)
    page.get_by_role("button", name="Read", exact=True).click()
    new, known, broken = (page.locator(".proposal").nth(place) for place in range(3))
    expect(new).to_contain_text("New")
    expect(known).to_contain_text("You have this")
    expect(known).to_contain_text("The same DOI.")
    expect(broken).to_contain_text("Can’t be read")
    no_barriers(page)
    known.get_by_label("Fill its gaps").check()
    page.get_by_role("button", name="Do what is chosen").click()
    expect(page.locator(".messagelist")).to_contain_text("Added as drafts: A bargain for two oceans")
    expect(page.locator(".messagelist")).to_contain_text("filled in: There already")
    expect(page.locator(".proposal")).to_have_count(1)  # the broken one waits to be mended
    page.get_by_label("Paste references").fill("@article{broken, title = {No end}, year = 2020}")
    page.get_by_role("button", name="Read it again").click()
    expect(page.locator(".proposal")).to_contain_text("New")
    page.get_by_label("Skip it").check()
    page.get_by_role("button", name="Do what is chosen").click()
    expect(page.locator(".messagelist")).to_contain_text("1 skipped")

    page.get_by_role("link", name="Citations of what isn’t found yet").click()
    no_barriers(page)
    page.get_by_role("button", name="“Unidentified” is “There already”").click()
    expect(page.locator(".messagelist")).to_contain_text("What cited “Unidentified” cites There already now")
    assert complaints == []  # axe, on a form of the admin, would have a style of its own
    page.locator(".messagelist").get_by_role("link", name="There already").click()
    uses = page.locator(".uses")
    expect(uses).to_contain_text("What refers to it")
    expect(uses).to_contain_text("cites There already")
    no_barriers(page, ".uses")
    page.goto(f"{site}{ARTICLES}doubles/")
    no_barriers(page)


def test_the_same_works_without_javascript(browser: Browser, site: str, here: None):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site}{ARTICLES}references/")
    page.get_by_label("Paste references").fill(THREE)
    page.get_by_role("button", name="Read", exact=True).click()
    page.get_by_role("button", name="Do what is chosen").click()
    expect(page.locator(".messagelist")).to_contain_text("Added as drafts: A bargain for two oceans")
    expect(page.get_by_label("Paste references")).to_have_value("@article{broken, title = {No end, year = 2020\n")
    context.close()
