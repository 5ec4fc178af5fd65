"""From an uploaded file or a pasted text to plain text with paragraphs and bullets."""

from __future__ import annotations

from apps.curation.intake.apart import read_apart
from apps.curation.intake.marked_down import read_markdown
from apps.curation.intake.plain import clean, read_plain
from apps.curation.intake.result import LONGEST_TEXT, Reading, Unreadable
from apps.curation.intake.word import look_over

LARGEST_UPLOAD = 20_000_000  # bytes
ACCEPTED = ".md,.markdown,.txt,.text,.docx,.pdf"

_BY_FIRST_BYTES = {
    b"\xd0\xcf\x11\xe0": "This is an old Word file (.doc), or a DOCX locked with a password. Save it as DOCX without "
    "a password, or copy the text and paste it here.",
    b"{\\rtf": "This is an RTF file. Save it as DOCX and upload that, or copy the text and paste it here.",
    b"\x89PNG": "This is a picture. Put it through text recognition (OCR) first, or type what it says.",
    b"\xff\xd8\xff": "This is a picture. Put it through text recognition (OCR) first, or type what it says.",
    b"GIF8": "This is a picture. Put it through text recognition (OCR) first, or type what it says.",
}

_BY_ENDING = {".pdf": "a PDF", ".docx": "a Word file"}  # which has begun otherwise, or it would have been read


def check_size(size: int) -> None:
    """Judge an upload by its size, in bytes, before it is read into memory. Raises Unreadable."""
    if size > LARGEST_UPLOAD:
        raise Unreadable(
            f"The file has {size / 1e6:,.0f} megabytes; {LARGEST_UPLOAD // 1_000_000} at most can be read. Pictures "
            "are most of that as a rule: save it without them, or copy the text and paste it here."
        )


def read_file(name: str, data: bytes) -> Reading:
    """The text of an uploaded file. What it is, is told by its first bytes; its name tells Markdown from plain text,
    and what is damaged from both.

    Raises Unreadable, whose message says what to do.
    """
    check_size(len(data))
    if not data:
        raise Unreadable("The file is empty. Is it the right one?")
    for start, answer in _BY_FIRST_BYTES.items():
        if data.startswith(start):
            raise Unreadable(answer)
    if data.startswith(b"PK\x03\x04"):
        look_over(data)
        return _apart(data, "intake.word")
    if b"%PDF-" in data[:1024]:
        return _apart(data, "intake.portable")
    if data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise Unreadable("This is a web page. Open it, copy the text that you need and paste it here.")
    for ending, called in _BY_ENDING.items():
        if name.lower().endswith(ending):
            raise Unreadable(
                f"The file is called {ending} and isn't {called}: it may be damaged, or an answer of a website "
                "that was saved under that name. Open it and save it anew, or copy the text and paste it here."
            )
    if name.lower().endswith((".md", ".markdown")):
        return read_markdown(data)
    return read_plain(data)


def read_pasted(text: str) -> Reading:
    """A pasted text, with its line ends as ours. Raises Unreadable for an empty or an endless one."""
    if len(text) > LONGEST_TEXT:
        return Reading.checked(text)
    return clean(text)


def _apart(data: bytes, reader: str) -> Reading:
    text, remarks = read_apart(data, reader)
    return clean(text, *remarks)
