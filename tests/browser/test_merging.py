"""Merging two propositions with the keyboard: what would move, the redirect, and the way back; without scripts too."""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_notes import sign_in


@pytest.fixture
def twice(site: str, manage: Callable[..., str]) -> dict:
    """Two public propositions, a public position on the second."""
    return json.loads(
        manage(
            "shell",
            "-c",
            "import json, uuid; from apps.curation.models import Article, Position, Proposition;"
            "from apps.gate.publication import publish; from django.contrib.auth.models import User;"
            "rex = User.objects.get(username='rex'); new = lambda: uuid.uuid4().hex;"
            "keep = Proposition.objects.create(slug=new(), title='Harbours should be shared');"
            "double = Proposition.objects.create(slug=new(), title='Harbours ought to be shared');"
            "article = Article.objects.create(slug=new(), title='On harbours');"
            "side = Position.objects.create(slug=new(), title='Sharing costs less', article=article,"
            " proposition=double, stance='supports');"
            "[publish(one, by=rex) for one in (keep, double, article, side)];"
            "print(json.dumps({'keep': keep.identifier, 'double': double.identifier, 'key': keep.pk}))",
        )
    )


def no_violation(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_theme_is_split_with_a_preview(page: Page, site: str):
    sign_in(page, site)
    page.goto(f"{site}/admin/taxonomy/theme/?q=burden")
    page.locator("#result_list tbody th a").first.click()
    press(page, "Split …")
    page.get_by_label("Name of the new theme").fill("Burdens")
    page.get_by_label("Slug").fill("burdens")
    page.locator("input[name=entry]").first.focus()
    page.keyboard.press("Space")
    press(page, "Show what would change")
    expect(page.locator("#content-main")).to_contain_text("1 entry is about the new theme")
    no_violation(page)


def press(page: Page, name: str) -> None:
    """Go to a button or link with the keyboard, and press it."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_two_propositions_are_merged_and_parted_again(browser: Browser, site: str, twice: dict, scripts: bool):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site}/admin/curation/proposition/{twice['key']}/change/")
    press(page, "Merge with …")
    page.get_by_label("Its name, or a part of it").fill("Harbours ought")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Harbours ought to be shared").first.focus()
    page.keyboard.press("Space")
    if scripts:
        no_violation(page)
    press(page, "Show what would move")
    page.locator(f"input[name=keep][value='{twice['key']}']").focus()
    page.keyboard.press("Space")
    press(page, "Show what would move")
    expect(page.locator("#content-main")).to_contain_text("Sharing costs less")
    expect(page.locator("#content-main")).to_contain_text("1 record follows at once")
    if scripts:
        no_violation(page)
    press(page, "Merge into")
    expect(page.locator(".messagelist .success")).to_contain_text("merged into")

    answer = page.goto(f"{site}/propositions/{twice['double']}/")
    assert answer.url == f"{site}/propositions/{twice['keep']}/"
    expect(page.locator("main")).to_contain_text("Sharing costs less")

    page.goto(f"{site}/admin/curation/merge/")
    press(page, "“Harbours ought to be shared” merged into")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    if scripts:
        no_violation(page)
    press(page, "Undo")
    expect(page.locator(".messagelist .success")).to_contain_text("everything is as it was before")
    answer = page.goto(f"{site}/propositions/{twice['double']}/")
    assert answer.url == f"{site}/propositions/{twice['double']}/"
    expect(page.locator("main")).to_contain_text("Sharing costs less")
    context.close()
