"""Coding a text in a real browser: by keyboard alone, with a mouse, without JavaScript, and when things go wrong."""

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD

# A combining accent, a flag of several code points, and a footnote: what counts letters differently.
TEXT = (
    "Two capitals have to be deterred at the same time. 😀 Neither of them waits for the other to finish. 🏴‍☠️ "
    "Smaller allies read every review as a statement about themselves.\n\n"
    "A promise that is repeated begins to sound like a question. The cafe\u0301 talk was franker.[1]\n"
    "[1] See the host’s paper, page 4.\n\n"
    "Consultation before a crisis reassures publics. Others feared that it would alarm them."
)
FIRST = "Neither of them waits for the other to finish."


@pytest.fixture
def article(manage: Callable[..., str], site: str) -> str:
    """The address of the coding view of an article with that text, by an author, with nothing coded yet."""
    key = manage(
        "shell",
        "-c",
        "from apps.curation.models import *;"
        "Position.objects.filter(article__slug='coded').delete();"
        "Article.objects.filter(slug='coded').delete();"
        f"a = Article.objects.create(slug='coded', title='Notes on two theatres', text={TEXT!r});"
        "p, _ = Person.objects.get_or_create(slug='coder', family_name='Wroxham', given_names='Ada');"
        "Authorship.objects.create(article=a, person=p); print(a.pk)",
    )
    return f"{site}/admin/curation/article/{key}/code/"


@pytest.fixture
def stored(manage: Callable[..., str]) -> Callable[[], list[dict]]:
    """The positions as the database has them, with what their passages cut out of the text."""

    def read() -> list[dict]:
        return json.loads(
            manage(
                "shell",
                "-c",
                "import json; from apps.curation.models import *;"
                "print(json.dumps([dict(title=p.title, stance=p.stance, status=p.status,"
                " proposition=str(p.proposition or ''), speakers=[str(s) for s in p.speakers.all()],"
                " quoted=[q.quotation for q in p.passages.all()],"
                " cut=[p.article.text[q.start:q.end] for q in p.passages.all()])"
                " for p in Position.objects.filter(article__slug='coded').order_by('order')]))",
            )
        )

    return read


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/login/?next=/admin/")
    page.fill("#id_username", "rex")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: str) -> dict:
    context = browser.new_context()
    sign_in(context.new_page(), site)
    state = context.storage_state()
    context.close()
    return state


def opened(browser: Browser, signed_in: dict, **settings: object) -> tuple[BrowserContext, Page, list[str]]:
    """A page of somebody signed in, and what the browser complains of on it."""
    context = browser.new_context(storage_state=signed_in, **settings)
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return context, page, complaints


@pytest.fixture
def coder(browser: Browser, signed_in: dict, article: str) -> Page:
    context, page, complaints = opened(browser, signed_in, viewport={"width": 1440, "height": 900})
    page.goto(article)
    page.wait_for_selector("[data-ready]")
    yield page
    context.close()
    assert [one for one in complaints if "Content Security" in one or "Error" in one] == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def chosen(page: Page) -> str:
    return page.evaluate("getSelection().toString()")


# --- The journey


def test_a_text_is_coded_with_the_keyboard_alone(coder: Page, stored):
    expect(coder.locator("#coding-text")).to_be_focused()  # the keys work as soon as the page is there
    press(coder, "ArrowDown")
    assert chosen(coder) == "Two capitals have to be deterred at the same time."
    press(coder, "ArrowDown", "o", "Shift+ArrowRight", "o")
    assert chosen(coder) == FIRST
    press(coder, "c")
    expect(coder.locator("#id_passages-0-quotation")).to_have_value(FIRST)
    expect(coder.locator("#id_title")).to_have_value(FIRST)
    expect(coder.locator("#id_proposition")).to_be_focused()
    coder.keyboard.type("Allies wait for one another")
    press(coder, "Tab", "Space", "Tab", "ArrowRight")  # it is new; the stance
    expect(coder.get_by_label("Supports")).to_be_checked()
    press(coder, "Tab", "s")  # the quantifier
    press(coder, "Tab", "Tab", "Space")  # who
    press(coder, "Control+Enter")
    expect(coder.locator("#coding-status")).to_have_text(re.compile("^Saved; u takes it back"))
    expect(coder.locator("#coding-text")).to_be_focused()
    expect(coder.locator(".coded h3")).to_have_text(FIRST)
    expect(coder.locator("#coding-text .mark-supports")).to_have_count(1)
    assert coder.evaluate("[...CSS.highlights.get('stance-supports')].map(String)") == [FIRST]
    [position] = stored()
    assert position == {
        "title": FIRST, "stance": "supports", "status": "draft", "proposition": "Allies wait for one another",
        "speakers": ["Ada Wroxham"], "quoted": [FIRST], "cut": [FIRST],
    }  # fmt: skip

    press(coder, "n", "e")
    expect(coder.locator("#id_title")).to_be_focused()
    press(coder, "Control+a")
    coder.keyboard.type("Nobody waits")
    press(coder, "Control+Enter")
    expect(coder.locator(".coded h3")).to_have_text("Nobody waits")
    press(coder, "u")
    expect(coder.locator(".messagelist")).to_contain_text("is as it was before")
    expect(coder.locator(".coded h3")).to_have_text(FIRST)
    assert [one["title"] for one in stored()] == [FIRST]


def test_a_known_proposition_is_found_as_it_is_typed(coder: Page, stored):
    coder.locator("#coding-text").focus()
    press(coder, "ArrowDown", "c")
    coder.keyboard.type("NATO-like nuclear")
    found = coder.locator("#known-propositions option").first
    found.wait_for(state="attached")
    title = found.get_attribute("value")
    coder.locator("#id_proposition").fill(title)
    coder.get_by_label("Opposes").check()
    coder.get_by_role("button", name="Save", exact=True).click()
    expect(coder.locator(".coded-on")).to_contain_text(title)
    assert stored()[0]["proposition"] == title


def test_what_the_words_name_is_suggested_and_put_in_by_a_press(coder: Page):
    while not chosen(coder).startswith("Consultation before a crisis reassures"):
        press(coder, "ArrowDown")
    press(coder, "c")
    expect(coder.locator("#id_themes")).to_have_value("")
    suggested = coder.get_by_role("button", name="Add Assurance to the themes")
    suggested.focus()
    press(coder, "Enter")
    expect(coder.locator("#id_themes")).to_have_value("Assurance")
    expect(suggested).to_have_count(0)
    expect(coder.locator("#id_themes")).to_be_focused()


def test_a_bullet_is_none_of_the_words_that_are_chosen(coder: Page, manage: Callable[..., str]):
    text = "# Notes\n- Allies doubt it. Others don’t.\n• Nobody asked."
    change = f"Article.objects.filter(slug='coded').update(text={text!r})"
    manage("shell", "-c", f"from apps.curation.models import Article; print({change})")
    coder.reload()
    coder.wait_for_selector("[data-ready]")
    found = []
    for _ in range(4):
        press(coder, "ArrowDown")
        found.append(chosen(coder))
    assert found == ["# Notes", "Allies doubt it.", "Others don’t.", "Nobody asked."]


def test_words_are_marked_with_the_mouse_and_counted_rightly(coder: Page, stored):
    # "franker", after an emoji, a flag and a combining accent
    box = coder.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.getElementById("coding-text"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf("talk was franker");
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 16);
            const { x, y, width, height } = range.getBoundingClientRect();
            return { x, y, width, height };
          }
        }"""
    )
    middle = box["y"] + box["height"] / 2
    coder.mouse.move(box["x"] + 1, middle)
    coder.mouse.down()
    coder.mouse.move(box["x"] + box["width"] - 1, middle, steps=8)
    coder.wait_for_timeout(60)
    coder.mouse.up()
    expect(coder.locator("#coding-status")).to_have_text("c codes what you chose.")
    press(coder, "c")
    expect(coder.locator("#id_passages-0-quotation")).to_have_value("talk was franker")
    press(coder, "Control+Enter")
    expect(coder.locator(".coded")).to_have_count(1)
    assert stored()[0]["cut"] == ["talk was franker"]


def test_each_paragraph_and_footnote_becomes_a_passage_of_its_own(coder: Page, stored):
    coder.locator("#coding-text").focus()
    press(coder, "Control+ArrowDown", "Control+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "c")
    expect(coder.locator("#coding-status")).to_contain_text("runs over 3 paragraphs")
    lines = coder.locator(".passage-line textarea")
    expect(lines).to_have_count(3)
    expect(lines.nth(1)).to_have_value("[1] See the host’s paper, page 4.")
    coder.get_by_label("Take this passage out").nth(1).check()
    press(coder, "Control+Enter")
    expect(coder.locator(".coded")).to_have_count(1)
    assert stored()[0]["cut"] == [
        "A promise that is repeated begins to sound like a question. The café talk was franker.[1]",
        "Consultation before a crisis reassures publics.",
    ]


def test_text_and_list_light_up_together(coder: Page):
    coder.locator("#coding-text").focus()
    for stance in ("Supports", "Opposes"):
        press(coder, "ArrowDown", "c")
        coder.get_by_label(stance).check()
        press(coder, "Control+Enter")
        expect(coder.locator("#coding-form-place")).to_be_hidden()

    def lit() -> list[str]:
        return coder.evaluate("[...CSS.highlights.get('lit')].map(String)")

    coder.locator(".coded").nth(0).hover()
    expect(coder.locator(".coded").nth(0)).to_have_class(re.compile("lit"))
    assert lit() == ["Two capitals have to be deterred at the same time."]
    coder.locator(".coded h3 a").nth(1).focus()
    assert lit() != ["Two capitals have to be deterred at the same time."]
    coder.locator(".coding-text .mark-supports").hover()
    expect(coder.locator(".coded").nth(0)).to_have_class(re.compile("lit"))
    place = coder.evaluate(
        """() => {
          const { x, y } = [...CSS.highlights.get("stance-opposes")][0].getClientRects()[0];
          return [x + 9, y + 9];
        }"""
    )
    coder.mouse.move(*place)
    coder.mouse.move(place[0] + 2, place[1])
    expect(coder.locator(".coded").nth(1)).to_have_class(re.compile("lit"))


# --- Something gets in the way


def typed_into(page: Page) -> None:
    page.locator("#coding-text").focus()
    press(page, "ArrowDown", "c")
    page.locator("#id_title").fill("Written with care")


def test_signed_out_while_writing(coder: Page, site: str, stored):
    typed_into(coder)
    coder.context.clear_cookies(name="sessionid")
    press(coder, "Control+Enter")
    expect(coder.get_by_role("alert")).to_contain_text("You were signed out. Nothing that you typed is lost.")
    expect(coder.locator("#id_title")).to_have_value("Written with care")
    assert stored() == []
    with coder.context.expect_page() as other:
        coder.get_by_role("link", name="Sign in in another tab").click()
    other.value.fill("#id_username", "rex")
    other.value.fill("#id_password", PASSWORD)
    other.value.get_by_role("button", name="Sign in").click()
    other.value.wait_for_selector("[data-ready]")
    coder.bring_to_front()
    coder.get_by_role("button", name="Save", exact=True).click()
    expect(coder.locator(".coded h3")).to_have_text("Written with care")


def test_a_server_out_of_reach_loses_nothing(coder: Page):
    typed_into(coder)
    coder.context.set_offline(True)
    press(coder, "Control+Enter")
    expect(coder.get_by_role("alert")).to_contain_text("can't be reached. Nothing that you typed is lost")
    coder.context.set_offline(False)
    coder.get_by_role("button", name="Save", exact=True).click()
    expect(coder.locator(".coded h3")).to_have_text("Written with care")


def test_two_tabs_on_the_same_text(coder: Page, manage: Callable[..., str], stored):
    typed_into(coder)
    manage("shell", "-c", "from apps.curation.models import *; a = Article.objects.get(slug='coded');"
           "a.text = 'An opening. ' + a.text; a.save()")  # fmt: skip
    press(coder, "Control+Enter")
    expect(coder.get_by_role("alert")).to_contain_text("The text was edited")
    expect(coder.locator("#id_title")).to_have_value("Written with care")
    coder.reload()
    coder.wait_for_selector("[data-ready]")
    expect(coder.locator("#coding-status")).to_have_text("What you had typed is back.")
    expect(coder.locator("#id_title")).to_have_value("Written with care")
    coder.get_by_role("button", name="Save", exact=True).click()
    if coder.get_by_role("alert").count():
        coder.get_by_role("button", name="Save", exact=True).click()
    expect(coder.locator(".coded h3")).to_have_text("Written with care")
    assert stored()[0]["cut"] == ["Two capitals have to be deterred at the same time."]


def test_what_was_typed_is_not_dropped_by_one_press_of_escape(coder: Page):
    typed_into(coder)
    press(coder, "Escape")
    expect(coder.locator("#coding-status")).to_contain_text("once more")
    expect(coder.locator("#id_title")).to_be_visible()
    press(coder, "Escape")
    expect(coder.locator("#coding-form-place")).to_be_hidden()


# --- Without JavaScript, and for everybody


def test_a_text_is_coded_without_javascript(browser: Browser, signed_in: dict, article: str, stored):
    context, page, _ = opened(browser, signed_in, java_script_enabled=False)
    page.goto(article)
    page.get_by_label("Words of the text").fill("Nobody said this.")
    page.get_by_label("Claim").fill("Alarm was feared")
    page.get_by_label("Qualifies").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("what you typed is still here")
    expect(page.get_by_text("These words don't stand in the text.")).to_be_visible()
    page.get_by_label("Words of the text").fill("Others feared that it would alarm them.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".coded h3")).to_have_text("Alarm was feared")
    page.get_by_role("link", name="In the text").click()
    expect(page.locator(".coding-text p", has=page.locator(".mark:target"))).to_contain_text("Others feared")
    assert stored()[0]["cut"] == ["Others feared that it would alarm them."]
    page.get_by_role("button", name="Take back what was saved last").click()
    expect(page.locator(".coded")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_coding_view_violates_no_rule_of_wcag(browser: Browser, signed_in: dict, article: str, scheme: str):
    context, page, _ = opened(browser, signed_in, color_scheme=scheme, bypass_csp=True)
    page.goto(article)
    page.wait_for_selector("[data-ready]")
    for stance in ("Supports", "Qualifies", "Neutral", "Opposes"):
        page.locator("#coding-text").focus()
        press(page, "ArrowDown", "c")
        page.get_by_label(stance).check()
        press(page, "Control+Enter")
        expect(page.locator("#coding-form-place")).to_be_hidden()
    page.locator("summary").first.click()
    page.locator("#coding-text").focus()
    press(page, "ArrowDown", "c")
    page.locator("#id_title").fill("")
    press(page, "Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    found = {one["id"]: [node["html"][:160] for node in one["nodes"]][:3] for one in results.response["violations"]}
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_the_coding_view_does_not_scroll_sideways(browser: Browser, signed_in: dict, article: str, width: int):
    context, page, _ = opened(browser, signed_in, viewport={"width": width, "height": 900})
    page.goto(article)
    page.wait_for_selector("[data-ready]")
    page.locator("#coding-text").focus()
    press(page, "ArrowDown", "c")
    needed = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert needed <= width
