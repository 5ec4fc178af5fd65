"""Two coders in a real browser: both code, say that they are done, read how far they agree, and resolve the rest."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD

TEXT = "\n\n".join(f"Point {n} was made with some care. Nobody said a word to point {n} for a while." for n in range(8))


@pytest.fixture
def article(manage: Callable[..., str], site: str) -> str:
    """The address of an article with that text, of which the first coder has found some points already."""
    key = manage(
        "shell",
        "-c",
        "from apps.curation.models import *; from django.contrib.auth.models import User;"
        "from apps.workbench.roles import make_roles;"
        "DoubleCoding.objects.all().delete(); Position.objects.filter(article__slug='doubly').delete();"
        "Article.objects.filter(slug='doubly').delete(); User.objects.filter(username__in=['ana', 'bea']).delete();"
        f"ana, bea = (User.objects.create_user(name, password='{PASSWORD}', is_staff=True) for name in ('ana', 'bea'));"
        "[one.groups.set(make_roles()[:1]) for one in (ana, bea)];"
        f"a = Article.objects.create(slug='doubly', title='Notes on eight points', text={TEXT!r});"
        "made = [Position.objects.create(slug=f'doubly-{n}', title=f'Point {n} is right', article=a, modified_by=ana,"
        " stance='supports', order=n + 1) for n in range(3)];"
        "[Passage.objects.create(position=p, quotation=f'Point {n} was made with some care.')"
        " for n, p in enumerate(made)]; print(a.pk)",
    )
    return f"{site}/admin/curation/article/{key}"


@pytest.fixture
def people(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A page of somebody who has signed in."""
    contexts: list[BrowserContext] = []

    def page_of(name: str, **settings: object) -> Page:
        context = browser.new_context(bypass_csp=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{site}/admin/login/?next=/admin/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page

    yield page_of
    for context in contexts:
        context.close()


def violations(page: Page) -> dict[str, list[str]]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}}).response["violations"]
    return {one["id"]: [node["html"][:160] for node in one["nodes"]][:3] for one in found}


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_text_is_coded_by_two_compared_and_resolved(article: str, people: Callable[..., Page]):
    ana, bea = people("ana"), people("bea", color_scheme="dark")
    ana.goto(f"{article}/change/")
    ana.get_by_role("link", name="Two coders").click()
    ana.get_by_label("Second coder").select_option(label="bea")
    assert violations(ana) == {}
    ana.get_by_role("button", name="Have it coded by two").click()
    expect(ana.locator(".messagelist")).to_contain_text("bea finds it")

    bea.reload()
    bea.get_by_role("link", name="Notes on eight points").click()
    bea.wait_for_selector("[data-ready]")
    expect(bea.locator(".coded")).to_have_count(0)
    bea.locator("#coding-text").focus()
    press(bea, "ArrowDown", "c")
    bea.get_by_label("Opposes").check()
    press(bea, "Control+Enter")
    expect(bea.locator(".coded h3")).to_have_text("Point 0 was made with some care.")
    expect(bea.locator("#coding-text .mark-opposes")).to_have_count(1)
    assert violations(bea) == {}
    bea.get_by_role("link", name="Done?").click()
    bea.get_by_role("button", name="I am done").click()
    expect(bea.get_by_text("You said that you are done.")).to_be_visible()
    expect(bea.locator(".agreements")).to_have_count(0)

    ana.goto(f"{article}/agreement/")
    ana.get_by_role("button", name="I am done").click()
    expect(ana.locator(".agreements tbody tr")).to_have_count(7)
    ana.locator("summary").first.click()
    assert violations(ana) == {}
    bea.reload()
    assert violations(bea) == {}

    # With the keyboard alone: the first unit, where both differ.
    ana.get_by_role("link", name="1. Point 0 is right").focus()
    press(ana, "Enter")
    ana.get_by_role("group", name="Stance").get_by_label("bea").focus()
    press(ana, "Space")
    assert violations(ana) == {}
    ana.get_by_role("button", name="Resolve").focus()
    press(ana, "Enter")
    expect(ana.locator(".messagelist")).to_contain_text("is as you decided")
    ana.get_by_role("button", name="Drop it").click()
    ana.get_by_role("button", name="Keep it").click()
    expect(ana.get_by_text("All 3 are decided.")).to_be_visible()
    ana.get_by_role("link", name="1. Point 0 is right").click()
    ana.get_by_role("link", name="Its position in the record").click()
    expect(ana.locator("#id_stance")).to_have_value("opposes")


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_it_works_without_javascript_and_in_any_width(article: str, people: Callable[..., Page], width: int):
    settings = {"java_script_enabled": False, "viewport": {"width": width, "height": 900}}
    ana, bea = people("ana", **settings), people("bea", **settings)
    ana.goto(f"{article}/agreement/")
    ana.get_by_label("Second coder").select_option(label="bea")
    ana.get_by_role("button", name="Have it coded by two").click()
    ana.get_by_role("button", name="I am done").click()
    bea.goto(f"{article}/code/")
    bea.get_by_label("Words of the text").first.fill("Point 0 was made with some care.")
    bea.get_by_label("Claim").fill("Point 0 is wrong")
    bea.get_by_label("Opposes").check()
    bea.get_by_role("button", name="Save").click()
    expect(bea.locator(".coded h3")).to_have_text("Point 0 is wrong")
    bea.goto(f"{article}/agreement/")
    bea.get_by_role("button", name="I am done").click()
    expect(bea.locator(".agreements tbody tr")).to_have_count(7)
    assert bea.evaluate("document.documentElement.scrollWidth") <= width
    bea.get_by_role("link", name="1. Point 0 is right").click()
    fields = bea.get_by_role("group", name="Stance")
    expect(fields).to_be_visible()  # the page is there
    assert bea.evaluate("document.documentElement.scrollWidth") <= width
    fields.get_by_label("Something else", exact=True).check()
    fields.locator("select").select_option("neutral")
    bea.get_by_role("button", name="Resolve").click()
    expect(bea.locator(".messagelist")).to_contain_text("is as you decided")
