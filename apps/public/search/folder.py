"""The index folder: which generation of the index is in use, how far it has come, and who may write to it.

    SEARCH_INDEX_DIR/bookmark.json      names the generation in use and what it holds
    SEARCH_INDEX_DIR/<generation>/      an index as tantivy keeps it
    SEARCH_INDEX_DIR/lock               held by whoever writes

Everything is replaced, nothing is rewritten, so a reader sees the one or the other and never a half.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import tantivy

from apps.public.search import schema
from apps.taxonomy.vocabulary import Vocabulary

Ancestry = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Bookmark:
    """How far an index has come: the last change it holds, and the hierarchies it was rolled up along."""

    generation: str
    change: int
    vocabulary: str  # Vocabulary.digest
    ancestry: Ancestry = field(hash=False)
    remains: bool = False  # whether its files still have words of what was taken out of the catalogue
    schema: int = schema.VERSION

    @classmethod
    def of(cls, generation: str, change: int, words: Vocabulary, remains: bool = False) -> Bookmark:
        return cls(generation, change, words.digest, schema.ancestry(words), remains)


class Busy(OSError):  # noqa: N818
    """Another process has been writing for longer than one may wait."""


def read_bookmark(folder: Path) -> Bookmark | None:
    """The bookmark, or None where there is no usable one."""
    try:
        bookmark = Bookmark(**json.loads((folder / "bookmark.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return bookmark if bookmark.schema == schema.VERSION else None


def write_bookmark(folder: Path, bookmark: Bookmark) -> None:
    fresh = folder / f"bookmark.{os.getpid()}"
    fresh.write_text(json.dumps(asdict(bookmark)))
    fresh.replace(folder / "bookmark.json")


@contextmanager
def writing(folder: Path, patience: float) -> Iterator[None]:
    """Hold the lock on the folder. Raises Busy after that many seconds, or another OSError if it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    with (folder / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy("Another process is writing the search index.") from None
                time.sleep(0.02)
        yield  # closing the file gives the lock back


def new_generation(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="generation-", dir=folder))


def remove_generations(folder: Path, kept: str) -> None:
    """Remove generations no longer in use. Whoever still reads one keeps its files open."""
    for other in folder.glob("generation-*"):
        if other.name != kept:
            shutil.rmtree(other, ignore_errors=True)


def open_index(generation: Path) -> tantivy.Index:
    """Open an index. Raises ValueError if it cannot be read."""
    index = tantivy.Index.open(str(generation))
    return _prepared(index)


def create_index(generation: Path) -> tantivy.Index:
    return _prepared(tantivy.Index(schema.schema(), str(generation)))


def _prepared(index: tantivy.Index) -> tantivy.Index:
    for name, analyzer in schema.analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


def open_searcher(generation: Path) -> tantivy.Searcher:
    """Open an index for reading, on a read-only disk too. Raises ValueError if it cannot be read."""
    try:
        return _searcher(generation)
    except ValueError:
        if _is_writable(generation):
            raise
    # tantivy wants a lock file even to read, so it gets one beside links to the files.
    with tempfile.TemporaryDirectory(prefix="index-") as view:
        for path in generation.iterdir():
            if path.suffix != ".lock":
                (Path(view) / path.name).symlink_to(path)
        return _searcher(Path(view))


def _searcher(generation: Path) -> tantivy.Searcher:
    index = open_index(generation)
    index.config_reader("manual")  # we look at the bookmark instead of watching the folder
    return index.searcher()


def _is_writable(generation: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=generation):
            return True
    except OSError:
        return False


def sizes(generation: Path) -> dict[Path, int]:
    """The sizes of an index's files, which never change while the index is sound."""
    found = {}
    for path in generation.iterdir():
        if path.suffix not in (".json", ".lock"):
            with suppress(OSError):  # merged away meanwhile
                found[path] = path.stat().st_size
    return found


def is_intact(known: dict[Path, int]) -> bool:
    """Whether no file was cut short. What is gone altogether can still be read by whoever has it open; what is
    shorter than it was would end the process that reads beyond the end."""
    for path, size in known.items():
        with suppress(OSError):
            if path.stat().st_size != size:
                return False
    return True
