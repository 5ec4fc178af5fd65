"""What comes of reading a file: a text with remarks, or a sentence that says what to do instead."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_TEXT = 1_000_000  # characters: some 300 pages


class Unreadable(Exception):  # noqa: N818
    """A file that gives no text; its message tells an analyst why, and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file: paragraphs between empty lines, bullets as “- ”, headings as “# ”.

    Remarks say what was left out or guessed.
    """

    text: str
    remarks: tuple[str, ...] = ()

    @classmethod
    def checked(cls, text: str, *remarks: str) -> Reading:
        """Raises Unreadable for a text that is empty or longer than anybody can look through."""
        if not text.strip():
            raise Unreadable("There is no text in it. Is it the right file?")
        if len(text) > LONGEST_TEXT:
            raise Unreadable(
                f"Its text has {len(text):,} characters; {LONGEST_TEXT:,} at most can be read at once. "
                "Read it in parts, one a session."
            )
        return cls(text, tuple(remark for remark in remarks if remark))
