"""Small codebooks and projects of REFI-QDA, as its standard has them."""

from __future__ import annotations

import io
import zipfile
from uuid import NAMESPACE_URL, uuid5

TEXT = "Jane 🛡️ said:\r\nCalm is good.\r\nNobody spoke of allies.\r\n"


def guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


CODES = f"""<CodeBook><Codes>
<Code guid="{guid("calm")}" name="Calm" isCodable="true"><Description>Being at rest.</Description>
<Code guid="{guid("deep")}" name="Deep calm" isCodable="true" color="#ff0000"/>
</Code>
<Code guid="{guid("allies")}" name="Allies" isCodable="true"/>
</Codes></CodeBook>"""
CODEBOOK = f"""<?xml version="1.0" encoding="utf-8"?>
{CODES.replace("<CodeBook>", '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="A program">')}"""


def selection(words: str, *codes: str, text: str = TEXT, name: str = "", start: int | None = None) -> str:
    """Some words of a text, coded, at the code points where they stand."""
    start = text.index(words) if start is None else start
    coded = "".join(f'<Coding guid="{guid(words + one)}"><CodeRef targetGUID="{guid(one)}"/></Coding>' for one in codes)
    return (
        f'<PlainTextSelection guid="{guid(words)}" name="{name or words}" startPosition="{start}" '
        f'endPosition="{start + len(words)}">{coded}</PlainTextSelection>'
    )


SELECTIONS = selection("Calm is good.", "calm", "deep") + "\n" + selection("allies", "allies")


def qde(selections: str = SELECTIONS, codes: str = CODES, path: str = "internal://text.txt", more: str = "") -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="Study" origin="A program">
{codes}
<Sources>
<TextSource guid="{guid("text")}" name="A debate" plainTextPath="{path}">
<Description>From the archive.</Description>
{selections}
</TextSource>
{more}
</Sources>
</Project>"""


def project(document: str | bytes | None = None, text: bytes = TEXT.encode(), name: str = "project.qde") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, document if document is not None else qde())
        file.writestr("sources/text.txt", text)
    return packed.getvalue()
