"""Importing a file in a real browser: looked at, imported, taken back; refused with its place. With no violation."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import complaints_of
from tests.browser.test_many import no_violation
from tests.browser.test_notes import sign_in
from tests.imports.dna_files import database, small


def test_a_file_is_imported_and_taken_back(page: Page, site: str, tmp_path: Path):
    (tmp_path / "debate.dna").write_bytes(database(small))
    complaints = complaints_of(page)
    sign_in(page, site)
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Import a file").click()
    no_violation(page)
    page.get_by_label("The file").set_input_files(tmp_path / "debate.dna")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.locator(".lead")).to_contain_text("It would be: 7 made")
    no_violation(page)
    page.get_by_role("button", name="Import it").click()
    expect(page.locator(".messagelist")).to_contain_text("Done: 7 made")
    page.get_by_role("button", name="Take back this import").click()
    expect(page.locator(".messagelist")).to_contain_text("Taken back")
    assert complaints == []


def test_what_is_wrong_is_told_with_its_place(page: Page, site: str, tmp_path: Path):
    skos = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    (tmp_path / "terms.ttl").write_text(f'{skos}<http://x.org/one> skos:prefLabel "One"@en, "Uno"@en .')
    sign_in(page, site)
    page.goto(f"{site}/admin/imports/")
    page.get_by_label("The file").set_input_files(tmp_path / "terms.ttl")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.locator(".has-problem")).to_contain_text("http://x.org/one")
    expect(page.get_by_role("button", name="Import it")).to_have_count(0)
    no_violation(page)
    page.get_by_role("button", name="Forget it").click()
    expect(page.locator(".messagelist")).to_contain_text("the file is forgotten")
