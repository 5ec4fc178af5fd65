"""How quick the coding view is. `make felt` prints it: a text of 100,000 characters with 500 passages, beside as many
entries as FELT_ENTRIES says (100,000 unless said otherwise), on the shipped server.

It is open when the passages are drawn and a key is answered; a selection is answered when the form has it quoted and
that is painted; a position is saved when the list has it.
"""

import os
from collections.abc import Callable
from statistics import median

from playwright.sync_api import Browser, Page

from tests.browser.test_coding import sign_in

ROUNDS = 7
FILL = """
import random
from apps.curation.models import *
from apps.curation.models.entries import identifier_of
from apps.taxonomy.words import Kind
sentences = open('tests/curation/prose.txt').read().splitlines()
chance, text = random.Random(3), ''
while len(text) < 100_000:
    text += ' '.join(chance.choice(sentences) for _ in range(6)) + '\\n\\n'
article = Article.objects.create(slug='long', title='A long text', text=text)
entries = [
    Entry(kind=Kind.POSITION, slug=f'felt-{n}', identifier=identifier_of('position', f'felt-{n}'),
          title=f'{sentences[n % len(sentences)][:200]} {n}')
    for n in range(MANY)
]
Entry.objects.bulk_create(entries, batch_size=500)
other = Article.objects.create(slug='other', title='All the rest')
of = lambda n: article if n < 500 else other
from django.db import connection
with connection.cursor() as cursor:
    columns = [f for f in Position._meta.local_concrete_fields]
    names = ', '.join(connection.ops.quote_name(f.column) for f in columns)
    holes = ', '.join(['%s'] * len(columns))
    def row(n, entry):
        position = Position(entry_id=entry.pk, article=of(n), order=n % 30_000,
                            stance=chance.choice(['supports', 'qualifies', 'neutral', 'opposes', '']))
        position.pk = entry.pk
        return [f.get_db_prep_save(getattr(position, f.attname), connection) for f in columns]
    cursor.executemany(f'INSERT INTO {Position._meta.db_table} ({names}) VALUES ({holes})',
                       [row(n, entry) for n, entry in enumerate(entries)])
passages = []
for entry in entries[:500]:
    start = chance.randrange(len(text) - 300)
    while text[start].isspace(): start += 1
    end = start + chance.randint(40, 180)
    while text[end - 1].isspace(): end -= 1
    passages.append(Passage(position_id=entry.pk, quotation=text[start:end], prefix=text[max(0, start - 32):start],
                            suffix=text[end:end + 32], start=start, end=end, state='exact'))
Passage.objects.bulk_create(passages)
print(article.pk)
"""


def test_how_quick_the_coding_view_is(browser: Browser, site: str, manage: Callable[..., str], capsys):
    many = int(os.environ.get("FELT_ENTRIES", "100000"))
    address = f"{site}/admin/curation/article/{manage('shell', '-c', FILL.replace('MANY', str(many)))}/code/"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page, site)
    opened, answered, saved = [], [], []
    for _ in range(ROUNDS):
        page.goto(address)
        page.wait_for_selector("[data-ready]")
        page.wait_for_timeout(500)
        opened.append(page.evaluate("window.opened"))
        answered.append(_select(page))
        saved.append(_save(page))
    context.close()
    with capsys.disabled():
        print(f"\n  the coding view, 100,000 characters, 500 passages, {many:,} entries; median and worst of {ROUNDS}")
        for name, times in (("opens", opened), ("answers a selection", answered), ("saves a position", saved)):
            print(f"  {name:22}{median(times):10.0f} ms {max(times):10.0f} ms")


# When it was ready and had been painted, by the page's own clock, which begins as the page is asked for.
_WATCH = """
new MutationObserver((_, watch) => {
  if (!document.querySelector("[data-ready]")) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.opened = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def _select(page: Page) -> float:
    """From the end of choosing a sentence to the painted form with it quoted."""
    page.locator("#coding-text").focus()
    page.keyboard.press("ArrowDown")
    return page.evaluate(
        """async () => {
          const text = document.getElementById("coding-text"), started = performance.now();
          const press = (key) => text.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          press("ArrowDown");
          press("c");
          while (!document.getElementById("id_passages-0-quotation")?.value) await new Promise(requestAnimationFrame);
          await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
          return performance.now() - started;
        }"""
    )


def _save(page: Page) -> float:
    """From Save to the position in the list, with the way to the server and back."""
    return page.evaluate(
        """async () => {
          const count = document.getElementById("coding-count"), before = count.textContent;
          const started = performance.now();
          document.getElementById("coding_form").requestSubmit();
          while (count.textContent === before) await new Promise((soon) => setTimeout(soon, 1));
          return performance.now() - started;
        }"""
    )
