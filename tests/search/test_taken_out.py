"""What was taken out of the catalogue leaves the index's files too, and the words that are suggested."""

from pathlib import Path

import pytest
from django.conf import settings

from apps.public.catalogue.models import RecordVersion
from apps.public.search import building, folder
from apps.public.search.index import search_index
from tests.search import factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def path() -> Path:
    return Path(settings.SEARCH_INDEX_DIR)


def terms(path: Path) -> list[str]:
    """Every word in the index's files, those of records marked as deleted too."""
    searcher = folder.open_searcher(path / folder.read_bookmark(path).generation)
    return [term for field in ("text", "title", "word", "by") for term, _ in searcher.terms_with_prefix(field, "")]


def bring_up_to_date(path: Path) -> int:
    return building.bring_up_to_date(path, False, 1.0, lambda done, total: None)


def test_a_withdrawn_record_leaves_no_word(path):
    factory.add("Something else about planning")
    record = factory.add("What Vexlorim said")
    factory.look_for("q=vexlorim")
    assert "vexlorim" in terms(path)
    factory.withdraw(record)
    factory.look_for("")  # takes the record out of the results,
    factory.look_for("")  # and then its words out of the files
    assert "vexlorim" not in terms(path)
    assert "plan" in terms(path)


def test_a_version_that_was_taken_back_leaves_no_word(path):
    factory.add("Something else")
    record = factory.add("What Vexlorim said")
    bring_up_to_date(path)
    factory.change(record, title="What a participant said")  # and no former version is kept
    bring_up_to_date(path)
    assert folder.read_bookmark(path).remains
    bring_up_to_date(path)
    assert not folder.read_bookmark(path).remains
    assert "vexlorim" not in terms(path)


def test_an_index_is_not_written_anew_for_a_mere_change(path):
    record = factory.add("A title")
    bring_up_to_date(path)
    RecordVersion.objects.create(
        record=record, version=1, title=record.title, content=record.content, published_at=record.published_at
    )
    factory.change(record, title="Another title")
    before = folder.read_bookmark(path).generation
    assert bring_up_to_date(path) == 1
    after = folder.read_bookmark(path)
    assert (after.generation, after.remains) == (before, False)
    assert folder.open_searcher(path / after.generation).num_docs == 1


def test_what_was_withdrawn_is_no_longer_counted(path):
    records = [factory.add(f"Record {number}", years=[2020]) for number in range(3)]
    factory.look_for("")
    before = folder.read_bookmark(path).generation
    factory.withdraw(records[0])
    results = factory.look_for("")
    assert results.total == 2
    assert factory.counts(results, "year") == {"2020": 2}
    assert folder.read_bookmark(path).generation == before  # by taking it out, not by writing all anew


def test_a_word_that_only_a_withdrawn_record_had_is_never_suggested():
    """Not even by an index that still has it in its files."""
    factory.add("Something else about planning")
    record = factory.add("What Vexlorim said")
    assert factory.look_for("q=vexlorin").suggestion == "vexlorim"
    factory.withdraw(record)
    assert factory.look_for("q=vexlorin").suggestion == ""
    assert folder.read_bookmark(search_index().path).remains
    assert factory.look_for("q=vexlorim").suggestion == ""
