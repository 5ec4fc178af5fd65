"""A token made, copied and revoked in a real browser. With no violation."""

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import complaints_of
from tests.browser.test_many import no_violation
from tests.browser.test_notes import sign_in


def test_a_token_is_made_used_and_revoked(page: Page, site: str):
    complaints = complaints_of(page)
    sign_in(page, site)
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Tokens for programs").click()
    page.get_by_label("What it is for").fill("Survey of 2026")
    page.get_by_label("Read drafts").check()
    no_violation(page)
    page.get_by_role("button", name="Make a token").click()
    key = page.get_by_role("textbox", name="Key").input_value()
    no_violation(page)
    access = page.request.get(f"{site}/admin/api/v1/access", headers={"Authorization": f"Bearer {key}"})
    assert access.json()["token"] == "Survey of 2026"
    page.get_by_role("link", name="What it can ask and send").click()
    page.locator("summary").first.click()
    no_violation(page)
    page.goto(f"{site}/admin/tokens/")
    expect(page.get_by_role("textbox", name="Key")).to_have_count(0)
    page.get_by_role("button", name="Revoke Survey of 2026").click()
    expect(page.locator(".messagelist")).to_contain_text("is revoked")
    assert complaints == []
    again = page.request.get(f"{site}/admin/api/v1/access", headers={"Authorization": f"Bearer {key}"})
    assert again.status == 401
