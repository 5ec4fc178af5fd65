"""What every test shares. The database is a real one; nothing of ours is mocked."""

from pathlib import Path

import pytest

from apps.taxonomy import vocabulary as vocabulary_module


@pytest.fixture(autouse=True)
def _own_index_folder(settings, tmp_path: Path) -> None:
    """Each test has a search index of its own, derived from its own catalogue."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.DOWNLOADS_DIR = tmp_path / "downloads"


@pytest.fixture(autouse=True)
def _fresh_vocabulary() -> None:
    """A rolled-back test leaves the version number as it was, so the snapshot in memory could be another test's."""
    vocabulary_module._current = None
