"""``manage.py static_copy``: the public site as files, whole, in one state, and nothing else in the folder."""

from __future__ import annotations

import fcntl
import json
import os
import posixpath
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.core.signals import request_finished
from django.test import Client
from django.utils import timezone

from apps.public.catalogue.models import CatalogueState, Record
from apps.public.exports.formats import FORMATS
from apps.public.exports.wholes import WHOLES
from apps.public.website.copying.places import Place, Places
from apps.taxonomy.models import Region, Theme, VocabularyState
from apps.taxonomy.vocabulary import vocabulary
from tests.gate.visitor import connection_kept
from tests.website.factory import join, make_record

pytestmark = pytest.mark.django_db
ADDRESS = "https://kb.example"
TAGS = ["Nuclear/Sharing", "NATO & co", "..", "Élysée", "con:aux?", "CALM"]


@pytest.fixture
def _connection() -> Iterator[None]:
    with connection_kept():
        yield


@pytest.fixture(autouse=True)
def few(db, settings, _connection) -> dict[str, Record]:
    """As little as there are pages of."""
    settings.ALLOWED_HOSTS = ["kb.example", "localhost"]
    settings.PAGE_SIZE = 3
    europe = Region.objects.create(slug="europe", name="Europe", definition="A peninsula.")
    Region.objects.create(slug="baltic", name="Baltic", parent=europe)
    Theme.objects.create(slug="calm", name="Calm")
    VocabularyState.advance()
    words = "Read [this](/browse/?q=calm), [that](/articles/22222222/), [more](https://elsewhere.example/x?y=1#z)."
    article = make_record("article", "On calm", date="2023", earliest="2023-01-01", years=[2023], summary=words)
    position = make_record("position", "Planning calms them", source=article.identifier)
    join(position, "found_in", article)
    return {"article": article, "position": position}


@pytest.fixture
def many(few) -> dict[str, Record]:
    """Something of each kind, lists of several pages, tags that no file can be called by, and a former version."""
    workshop = make_record("workshop", "A meeting <b>& more", tags=TAGS)
    session = make_record("session", "Its first part", workshop=workshop.identifier, number=1)
    proposition = make_record("proposition", "Calm is good", themes=["calm"])
    join(session, "part_of", workshop)
    join(few["article"], "cites", workshop)
    made = few | {"workshop": workshop, "session": session, "proposition": proposition}
    for number in range(1, 8):
        one = make_record(
            "position",
            f"Planning calms {number}",
            regions=["baltic"] if number % 2 else ["europe"],
            themes=["calm"],
            tags=TAGS[:1],
            years=[2020 + number % 3],
            source=session.identifier,
            workshop=workshop.identifier,
            proposition=proposition.identifier,
        )
        join(one, "found_in", session)
        join(one, "takes_side_on", proposition, "supports")
        made[f"position {number}"] = one
    revised = made["position 1"]
    revised.versions.create(version=1, content=revised.content | {"title": "As it was"}, published_at=timezone.now())
    Record.objects.filter(pk=revised.pk).update(version=2)
    return made


def run(folder: Path, *told: str, **options) -> None:
    call_command("static_copy", str(folder), *told, **{"address": ADDRESS} | options)


def said(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


class Reader:
    """What somebody reads who opens files of a folder, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.files = said(folder)
        self.pages = sorted(name for name in self.files if name.endswith(".html"))
        self.page = cache(lambda name: BeautifulSoup(self.files[name], "lxml"))

    def links(self, name: str) -> Iterator[tuple[str, str, str]]:
        """The links of a page, each with the file that it leads to, if to any, and with its fragment."""
        for element in self.page(name).find_all(True):
            for attribute in ("href", "src", "cite", "action"):
                if link := element.get(attribute):
                    parts = urlsplit(link)
                    is_out = bool(parts.scheme or parts.netloc)
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
                    yield link, "" if is_out else target if parts.path else name, parts.fragment

    def reached(self, start: str) -> set[str]:
        queue, found = deque([start]), {start}
        while queue:
            name = queue.popleft()
            fresh = {target for _, target, _ in self.links(name) if target} - found if name.endswith(".html") else set()
            found |= fresh
            queue += sorted(fresh)
        return found


@pytest.fixture
def copied(many, tmp_path: Path) -> Reader:
    run(tmp_path / "copy")
    return Reader(tmp_path / "copy")


# --- What is in it


def test_every_link_leads_to_a_file_and_to_a_place_in_it(copied: Reader):
    broken = [
        (name, link)
        for name in copied.pages
        for link, target, fragment in copied.links(name)
        if target and (target not in copied.files or (fragment and not copied.page(target).find(id=fragment)))
    ]
    assert len(copied.pages) > 80
    assert broken == []


def test_everything_in_it_is_reached_from_its_first_page(copied: Reader):
    not_linked = {name for name in copied.files if name.startswith("static/")}  # licences, fonts
    assert copied.files.keys() - copied.reached("index.html") <= not_linked | {"copy.json"}


def test_every_record_its_versions_and_its_citation_are_there(copied: Reader, many):
    folders = [f"{one.kind}s/{one.identifier}" for one in many.values()]
    assert {f"{one}/{page}index.html" for one in folders for page in ("", "cite/")} <= copied.files.keys()
    old = f"positions/{many['position 1'].identifier}/versions/1/index.html"
    assert "As it was" in copied.page(old).find("h1").text
    assert old in copied.reached("index.html")


def test_lists_are_there_page_by_page_by_kind_and_by_one_thing_chosen(copied: Reader, many):
    lists = {
        "browse/{}index.html": 12,
        "browse/kind.position{}/index.html": 8,
        "browse/kind.position{}.region.europe/index.html": 7,
        "browse/kind.position{}.region.europe.theme.calm/index.html": 7,
        f"browse/kind.position{{}}.proposition.{many['proposition'].identifier}/index.html": 7,
    }
    for pattern, total in lists.items():
        pages = range(1, -(-total // 3) + 1)
        name = "page.{}/" if "{}index" in pattern else ".page.{}"
        files = [pattern.format(name.format(number) if number > 1 else "") for number in pages]
        titles = [one.text for file in files for one in copied.page(file).select(".card h3")]
        assert len(set(titles)) == len(titles) == total
    assert {"browse/year.2021/index.html", "map/region.europe/index.html", "matrix/region.europe/index.html"} <= {
        *copied.files
    }


def test_nothing_in_it_asks_a_server_and_what_does_is_named(copied: Reader, few):
    for name in copied.pages:
        page = copied.page(name)
        assert not page.select("form, input, button:not([data-copy]), [data-live], [src*=htmx]"), name
        assert "data-hx-" not in copied.files[name].decode(), name
    article = copied.page(f"articles/{few['article'].identifier}/index.html")
    out, missing, elsewhere = (one["href"] for one in article.select(".prose a"))
    assert out == "../../about-this-copy/index.html#live"
    assert missing == "../../articles/22222222/index.html"
    assert elsewhere == "https://elsewhere.example/x?y=1#z"
    assert "There is nothing at this address" in copied.page("articles/22222222/index.html").text


def test_every_page_says_what_it_is_a_copy_of_and_that_nobody_should_index_it(copied: Reader, tmp_path: Path):
    run(tmp_path / "copy", "--date=2026-11-27")
    reader, change = Reader(tmp_path / "copy"), CatalogueState.objects.get().change
    client = Client(headers={"host": "kb.example"})
    for name in reader.pages:
        page = reader.page(name)
        assert f"A copy of 27 November 2026, at change {change}." in page.text, name
        assert [one["content"] for one in page.select("meta[name=robots]")] == ["noindex"], name
        live = page.find("a", string="This page on the site itself")["href"]
        status = client.get(live.removeprefix(ADDRESS), secure=True).status_code
        assert live.startswith(f"{ADDRESS}/")
        assert status == (404 if "22222222" in name else 200), live
    assert json.loads(reader.files["copy.json"])["date"] == "2026-11-27"


def test_no_other_host_is_named_than_the_sites_own(copied: Reader):
    hosts = Counter(urlsplit(link).netloc for name in copied.pages for link, _, _ in copied.links(name))
    assert hosts.keys() <= {"", "kb.example", "elsewhere.example", "github.com", "doi.org"}
    assert not [name for name, content in copied.files.items() if b"localhost" in content]


def test_what_is_taken_along_whole_is_in_it_as_the_website_gives_it(copied: Reader):
    client = Client(headers={"host": "kb.example"})

    def given(address: str) -> bytes:
        return b"".join(client.get(address, secure=True))

    for name, one in FORMATS.items():
        assert copied.files[f"export/{name}/records.{one.extension}"] == given(f"/export/{name}/")
    for name in WHOLES:
        assert copied.files[name] == given(f"/{name}")


def test_names_of_files_are_good_everywhere(copied: Reader):
    parts = {part for name in copied.files for part in name.split("/")}
    assert len({name.casefold() for name in copied.files}) == len(copied.files)
    assert not [part for part in parts if set(part) & set('<>:"\\|?*%&#') or not part.isascii() or part[-1] in ". "]
    assert len([name for name in copied.files if name.startswith("tags/")]) == len(TAGS)


# --- Which addresses it holds


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("/", Place("/", "index.html")),
        (
            "/browse/?page=2&kind=position",
            Place("/browse/?kind=position&page=2", "browse/kind.position.page.2/index.html"),
        ),
        ("/browse/?kind=workshop&sort=newest", Place("/browse/?kind=workshop", "browse/kind.workshop/index.html")),
        ("/browse/?q=calm", None),
        ("/browse/?kind=article&kind=workshop", None),
        ("/browse/?region=europe&year=2020", None),
        ("/browse/?year=2019..2021", None),
        ("/browse/?region=baltic&theme=calm&kind=position", None),
        ("/browse/?sort=oldest", None),
        ("/browse/?view=table", None),
        ("/browse/?region=nowhere", None),
        ("/map/?region=baltic", None),
        ("/map/?region=europe&page=2", None),
        ("/compare/", None),
        ("/api/", None),
        ("/admin/", None),
        ("/feed/", None),
        ("/analysis/networks/?ties=subtract", None),
        ("/articles/22222222/export/csv/", None),
        ("/nothing/", None),
    ],
)
def test_which_addresses_a_copy_holds(address, held):
    assert Places(vocabulary()).of(address) == held


# --- One state, the same bytes, whole or not at all


def test_the_same_state_is_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        run(tmp_path / name, "--date=2026-11-27")
    assert said(tmp_path / "one") == said(tmp_path / "two")


def test_what_is_withdrawn_leaves_the_folder(tmp_path, few):
    folder, gone = tmp_path / "copy", few["position"]
    run(folder)
    assert any(b"Planning calms them" in content for content in said(folder).values())
    withdraw(gone)
    run(folder)
    left = said(folder)
    assert not [name for name, content in left.items() if b"Planning calms them" in content]
    assert not [name for name in left if gone.identifier in name]
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(("copy", ".new", ".old"))] == ["copy"]


def withdraw(record: Record) -> None:
    change = advance()
    record.versions.all().delete()
    record.links_out.all().delete()
    Record.objects.filter(pk=record.pk).update(withdrawn_at=timezone.now(), content=None, title="", change=change)


def advance() -> int:
    state = CatalogueState.objects.get()
    CatalogueState.objects.update(change=state.change + 1)
    return state.change + 1


@contextmanager
def publications(times: int) -> Iterator[None]:
    """Somebody publishes something while the site is read: so many times."""
    left = iter(range(times))

    def publish(**told) -> None:
        if next(left, None) is not None:
            advance()

    request_finished.connect(publish)
    try:
        yield
    finally:
        request_finished.disconnect(publish)


def test_it_is_of_one_state(tmp_path, capsys):
    with publications(1):
        run(tmp_path / "copy")
    assert "Once more" in capsys.readouterr().err
    assert json.loads((tmp_path / "copy/copy.json").read_bytes())["change"] == CatalogueState.objects.get().change


def test_where_publishing_never_rests_the_folder_stays_as_it_was(tmp_path):
    run(tmp_path / "copy")
    before = said(tmp_path / "copy")
    with publications(1_000), pytest.raises(CommandError, match="published or withdrawn while") as error:
        run(tmp_path / "copy")
    assert error.value.returncode == 3
    assert said(tmp_path / "copy") == before


@pytest.mark.filterwarnings("ignore")
def test_a_page_that_fails_leaves_the_folder_as_it_was(tmp_path, few):
    run(tmp_path / "copy")
    before = said(tmp_path / "copy")
    Record.objects.filter(pk=few["article"].pk).update(content={"title": "half a record"})
    with pytest.raises(CommandError, match="was answered with 500") as error:
        run(tmp_path / "copy")
    assert error.value.returncode == 1
    assert said(tmp_path / "copy") == before
    assert [one.name for one in tmp_path.iterdir() if "copy" in one.name] == ["copy"]


def test_without_collected_style_sheets_it_says_what_to_do(tmp_path, few, settings):
    settings.STATIC_ROOT = tmp_path / "nothing"
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    with pytest.raises(CommandError, match=r"manage\.py collectstatic") as error:
        run(tmp_path / "copy")
    assert error.value.returncode == 2


def test_what_is_asked_for_a_copy_is_counted_among_no_readers(tmp_path, few, caplog):
    with caplog.at_level("INFO"):
        run(tmp_path / "copy")
    assert not [one for one in caplog.records if one.name == "apps.public.serving.requests"]


# --- Its folder


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("words")
    with pytest.raises(CommandError, match="no earlier copy") as error:
        run(tmp_path / "mine")
    assert error.value.returncode == 2
    assert said(tmp_path / "mine") == {"thesis.txt": b"words"}


@pytest.mark.parametrize("name", ["notes/mine.txt", ".git/config"])
def test_an_earlier_copy_with_anything_else_in_it_is_left_alone(tmp_path, name):
    run(tmp_path / "copy")
    mine = tmp_path / "copy" / name
    mine.parent.mkdir()
    mine.write_text("words")
    before = said(tmp_path / "copy")
    with pytest.raises(CommandError, match=name):
        run(tmp_path / "copy")
    assert said(tmp_path / "copy") == before


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"files": 1}', "\xff"])
def test_a_list_that_is_none_makes_no_copy(tmp_path, text):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy/copy.json").write_text(text, encoding="latin-1")
    with pytest.raises(CommandError, match="no earlier copy"):
        run(tmp_path / "copy")


def test_an_empty_folder_and_what_file_managers_leave_are_no_hindrance(tmp_path):
    (tmp_path / "copy").mkdir()
    run(tmp_path / "copy")
    (tmp_path / "copy/.DS_Store").write_text("litter")
    run(tmp_path / "copy")
    assert not (tmp_path / "copy/.DS_Store").exists()


def test_a_file_in_its_place_is_no_folder(tmp_path):
    (tmp_path / "copy").write_text("words")
    with pytest.raises(CommandError, match="is no folder"):
        run(tmp_path / "copy")


def test_what_a_killed_run_left_is_no_hindrance(tmp_path):
    for name in (".copy.new", ".copy.old"):
        (tmp_path / name / "half").mkdir(parents=True)
    run(tmp_path / "copy")
    assert "half" not in {one.name for one in (tmp_path / "copy").iterdir()}
    assert {one.name for one in tmp_path.iterdir() if "copy" in one.name} == {"copy"}


def test_two_at_once_do_not_write_the_same_folder(tmp_path):
    (tmp_path / ".copy.new").mkdir()
    other = os.open(tmp_path / ".copy.new", os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    with pytest.raises(CommandError, match="Another process") as error:
        run(tmp_path / "copy")
    os.close(other)
    assert error.value.returncode == 3


# --- Where the site is


@pytest.mark.parametrize("address", ["kb.example", "ftp://kb.example", "https://kb.example/kb", "https://"])
def test_an_address_that_is_none_is_refused(tmp_path, address):
    with pytest.raises(CommandError, match="no address of a site") as error:
        run(tmp_path / "copy", address=address)
    assert error.value.returncode == 2


def test_an_address_at_which_the_site_does_not_answer_is_refused(tmp_path):
    with pytest.raises(CommandError, match="ALLOWED_HOSTS"):
        run(tmp_path / "copy", address="https://other.example")


def test_a_site_that_answers_by_https_alone_is_asked_so(tmp_path, settings):
    settings.SECURE_SSL_REDIRECT = True
    with pytest.raises(CommandError, match="https only"):
        run(tmp_path / "copy", address="http://kb.example")
    run(tmp_path / "copy")
    assert (tmp_path / "copy/index.html").exists()


def test_of_a_site_on_this_machine_no_address_is_given(tmp_path, capsys):
    run(tmp_path / "copy", address="http://localhost:8000")
    assert "Say --address" in capsys.readouterr().err
    reader = Reader(tmp_path / "copy")
    assert not [link for name in reader.pages for link, *_ in reader.links(name) if "localhost" in link]
