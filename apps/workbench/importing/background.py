"""An import that takes longer than somebody waits for a page: done in the background, while its page tells how far."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import OperationalError, connections
from django.db.models import Q
from django.utils import timezone

from apps.curation.intake.result import Unreadable
from apps.workbench.importing.frame import Progress
from apps.workbench.models import FileImport

logger = logging.getLogger(__name__)
MANY = 100  # things of a file from which on it is
_GIVEN_UP = dt.timedelta(hours=1)  # a server that stopped meanwhile has changed nothing, and it may be done anew
_done: dict[int, tuple[int, int]] = {}  # things done, and how many there are; as far as this process knows
Work = Callable[[FileImport, Progress], str]


def start(file: FileImport, work: Work) -> None:
    """Do some work on an import; what came of it is told on its page. Raises ValueError where some is under way."""
    free = Q(working_since=None) | Q(working_since__lt=timezone.now() - _GIVEN_UP)
    if not FileImport.objects.filter(free, pk=file.pk).update(working_since=timezone.now(), told=""):
        raise ValueError("It is under way already.")
    threading.Thread(target=_in_background, args=(file.pk, work), name=f"import {file.pk}").start()


def is_under_way(file: FileImport) -> bool:
    return file.working_since is not None and file.working_since > timezone.now() - _GIVEN_UP


def done_so_far(file: FileImport) -> tuple[int, int] | None:
    """How many things are done, and of how many; None where another process does them."""
    return _done.get(file.pk)


def _in_background(pk: int, work: Work) -> None:
    def progress(things: Sequence[Any]) -> Iterable[Any]:
        for number, thing in enumerate(things):
            _done[pk] = (number, len(things))
            yield thing

    try:
        told = work(FileImport.objects.get(pk=pk), progress)
    except OperationalError:
        told = "Nothing was changed: the database is busy, since somebody else saves something long. Try again."
    except (Unreadable, ValueError) as answer:
        told = str(answer)
    except Exception:
        logger.exception("Import %s came to nothing.", pk)
        told = "Nothing was changed: something went wrong that whoever runs the site can look up."
    finally:
        _done.pop(pk, None)
    FileImport.objects.filter(pk=pk).update(working_since=None, told=told)
    connections.close_all()
