"""XML of other programs: well-formed, and without declarations of its own, before any parser of theirs sees it.

What a document type declares can be made to grow without end (entity bombs) or to read other files. No format here
needs one, so a file that has one is refused where it begins.
"""

from __future__ import annotations

from xml.parsers import expat

from apps.curation.intake.result import Unreadable

DEEPEST = 200  # elements within one another


def check(data: bytes) -> None:
    """Raise Unreadable, with the line, for XML that is broken, too deep, or has a document type."""
    parser = expat.ParserCreate()
    depth = 0

    def begins(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(f"Line {parser.CurrentLineNumber:,} has more than {DEEPEST} elements within one another.")

    def ends(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def declares(*_: object) -> None:
        raise Unreadable(
            f"Line {parser.CurrentLineNumber:,} declares a document type (DOCTYPE), which may hold entities that grow "
            "without end or read other files. Save it without one."
        )

    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    parser.StartDoctypeDeclHandler = declares
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Unreadable(
            f"From line {error.lineno:,} on it is broken: {expat.ErrorString(error.code)}. Is the file whole? Export "
            "it once more."
        ) from None
    except (LookupError, ValueError):
        raise Unreadable("It is in an encoding that isn't known here. Save it as UTF-8.") from None
