"""Reading somebody's DOCX, PDF or XLSX in a process of its own, which may take neither much time nor much memory.

All are formats that a file can be made to choke their readers with. The process knows no database, no settings and no
secret of ours; whatever becomes of it, this one goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from apps.curation.intake.result import Unreadable

PATIENCE = 30  # seconds
MEMORY = 1_500_000_000  # bytes of address space
_ROOT = Path(__file__).resolve().parents[3]
OF_A_TEXT = "copy the text and paste it here"


def read_apart(data: bytes, reader: str, or_else: str = OF_A_TEXT, patience: float = PATIENCE) -> tuple[Any, list[str]]:
    """The text and the remarks that a module of curation, ``reader``, finds in a file. Raises Unreadable, which says
    what to do ``or_else``."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "apps.curation.intake.apart", reader],
            input=data,
            capture_output=True,
            cwd=_ROOT,
            env={"PYTHONIOENCODING": "utf-8"},
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"It could not be read within {patience:g} seconds. Open it, {or_else}.") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Unreadable(
            "It can't be read: the file is damaged, or it needs more memory than there is for it. Save it once more "
            f"from the program that it was written with, or {or_else}."
        ) from None
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return answer["text"], answer["remarks"]


def _main(reader: str) -> None:
    """Read a file from the standard input and answer in JSON; what the reader fails on answers with nothing."""
    import resource
    from importlib import import_module

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module = import_module(f"apps.curation.{reader}")
    try:
        text, remarks = module.text_of(sys.stdin.buffer.read())
        answer = {"text": text, "remarks": remarks}
    except Unreadable as unreadable:
        answer = {"unreadable": str(unreadable)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(sys.argv[1])
