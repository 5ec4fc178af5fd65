"""A passkey in a real browser, whose authenticator is Chromium's own virtual one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD


@pytest.fixture
def account(manage: Callable[..., str]) -> str:
    manage(
        "shell",
        "-c",
        "from django.contrib.auth.models import User; from apps.workbench.roles import make_roles;"
        f"User.objects.create_user('kay', password='{PASSWORD}', is_staff=True).groups.set(make_roles()[:1])",
    )
    return "kay"


def test_a_passkey_is_added_and_signs_in(site: str, page: Page, account: str):
    site = site.replace("127.0.0.1", "localhost")  # browsers have no passkeys for numbers
    page.emulate_media(reduced_motion="reduce")
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    key = chromium.send(
        "WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}}
    )["authenticatorId"]

    def give_password() -> None:
        page.goto(f"{site}/admin/login/?next=/admin/tokens/")
        page.get_by_label("Username").fill(account)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")

    give_password()
    expect(page.get_by_role("heading", name="Tokens for programs")).to_be_visible()
    page.get_by_role("link", name="Second factor").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Add a second factor").click()
    page.get_by_label("What you call it").first.fill("Blue key")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Copy these codes now")).to_be_visible()
    code = page.locator("li code").first.inner_text()
    page.get_by_role("link", name="I have copied them").click()
    expect(page.get_by_text("Blue key")).to_be_visible()

    page.context.clear_cookies()
    give_password()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Tokens for programs")).to_be_visible()

    # Another key is not taken, and a recovery code is, by keyboard alone.
    page.context.clear_cookies()
    chromium.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    give_password()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("status")).to_contain_text("That did not work", timeout=20_000)
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tokens for programs")).to_be_visible()
    assert refused == []
