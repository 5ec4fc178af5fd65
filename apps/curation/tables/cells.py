"""Cells of a table as they are written and read: a text comes back from a spreadsheet as it went there.

A text that a spreadsheet would take for a formula is made harmless on its way out and itself again on its way in
(OWASP, CSV Injection); an apostrophe of the text's own survives both.
"""

from __future__ import annotations

import re

from apps.curation.intake.plain import CONTROLS

LONGEST = 32_767  # characters that a cell of XLSX holds
LEFT_OUT = "[longer than a cell can be: left as it is]"
NOT_SHOWN = "[not shown to you: left as it is]"
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c]")  # no XML can hold the last two
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def tidy(text: str) -> str:
    """A text as a table keeps it: without blanks around it, one kind of line end, nothing that can't be seen."""
    return CONTROLS.sub("", _LINE_END.sub("\n", text)).strip()


def harmless(text: str) -> str:
    """For a CSV, whose cells a spreadsheet reads as if they were typed."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_text(text: str) -> str:
    """For an XLSX, whose cells say themselves that they are texts: only what would be taken for escaped needs it."""
    return f"'{text}" if _ESCAPED.match(text) else text


def read(cell: str) -> str:
    text = tidy(cell)
    return text[1:] if _ESCAPED.match(text) else text
