"""Plain text: which encoding it is in, and the characters that no text of ours may hold."""

from __future__ import annotations

import codecs
import re

from apps.curation.intake.result import Reading, Unreadable

_MARKS = {  # the longer first: UTF-32's begins with UTF-16's
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x85\u2028]")
_PARAGRAPH_ENDS = re.compile(r"\f|\u2029")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOST_CONTROLS = 0.01  # of the characters; more than that and it is no text
_SAMPLE = 4_000  # bytes looked at for a UTF-16 that doesn't say so


def read_plain(data: bytes) -> Reading:
    """A text file, in UTF-8, UTF-16, UTF-32 or Windows-1252. Raises Unreadable for what is no text."""
    text, remark = decoded(data)
    return clean(text, remark)


def clean(text: str, *remarks: str) -> Reading:
    """A text as it may be kept: one kind of line end, and no NUL or other character that can't be seen."""
    controls = len(CONTROLS.findall(text))
    if controls > max(3, _MOST_CONTROLS * len(text)):
        raise Unreadable(
            "It is no text file: it is full of characters that no text has. Save the notes as DOCX, PDF or plain text."
        )
    text = _LINE_ENDS.sub("\n", _PARAGRAPH_ENDS.sub("\n\n", text))
    left_out = f"Left out: {_many(controls)} that can't be shown, such as NUL. Look over the text." if controls else ""
    return Reading.checked(CONTROLS.sub("", text).lstrip("\ufeff").strip("\n"), *remarks, left_out)


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and what an analyst should know about how it was read."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), _unmarked(data))
    try:
        return data.decode(encoding), ""
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Unreadable(
                f"It says that it is in {encoding.upper()}, but byte {error.start + 1:,} is not. "
                "Open it in an editor and save it as UTF-8."
            ) from None
    try:
        return data.decode("windows-1252"), (
            "The file is not in UTF-8, so it was read as Windows-1252. Look over the accents and the quotation marks."
        )
    except UnicodeDecodeError:
        raise Unreadable(
            "Its characters are neither in UTF-8 nor in UTF-16 or Windows-1252. Open it in the program that it was "
            "written with and save it as UTF-8, or copy the text and paste it here."
        ) from None


def _unmarked(data: bytes) -> str:
    """The encoding of a text without a byte order mark. In UTF-16, every other byte of Latin letters is NUL."""
    sample = data[:_SAMPLE]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and zeros.count(0) > 0.7 * len(zeros) and sample.count(0) < 0.6 * len(sample):
            return encoding
    return "utf-8"


def _many(count: int) -> str:
    return "1 character" if count == 1 else f"{count:,} characters"
