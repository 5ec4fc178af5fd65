"""REFI-QDA's files, a codebook (.qdc) or a project (.qdpx): to be read in a process of its own.

Version 1.5 of the standard: a project is a packed folder with project.qde, whose elements are of the namespace
urn:QDA-XML:project:1.0, and the texts beside it; places are Unicode code points from 0, the end exclusive.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from io import BytesIO
from typing import Any

from apps.curation.imports import markup
from apps.curation.intake.packed import check, members_of
from apps.curation.intake.result import Unreadable

MOST = 20_000  # codes, and selections
_PROJECT, _CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
_OTHER_SOURCES = ("PictureSource", "AudioSource", "VideoSource")
_OR_ELSE = "export it without recordings and pictures"


def text_of(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """Codes, and texts with their selections, each with the line that it begins in. Raises Unreadable."""
    if not data.startswith(b"PK"):
        return _Reader(data, {}).read(), []
    check(members_of(data), _OR_ELSE)
    with zipfile.ZipFile(BytesIO(data)) as packed:
        names = {name.casefold(): name for name in packed.namelist()}
        project = next((name for name in names if name.rpartition("/")[2] == "project.qde"), "")
        if not project:
            raise Unreadable("It is a packed file without project.qde, so it is no project of REFI-QDA.")
        try:
            texts = {name.rpartition("/")[2]: packed.read(names[name]) for name in names if name.endswith(".txt")}
            return _Reader(packed.read(names[project]), texts).read(), []
        except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError):
            raise Unreadable("The file is damaged: it can't be unpacked. Export it once more.") from None


class _Reader:
    def __init__(self, data: bytes, texts: dict[str, bytes]) -> None:
        from lxml import etree

        markup.check(data)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            self.root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"From line {error.lineno or 1:,} on it is broken. Export it once more.") from None
        namespace, _, name = self.root.tag.strip("{").rpartition("}")
        if (namespace, name) not in ((_PROJECT, "Project"), (_CODEBOOK, "CodeBook"), (_PROJECT, "CodeBook")):
            raise Unreadable(
                f"Its first element is {name} of {namespace or 'no namespace'}, so it is none of REFI-QDA 1.5."
            )
        self.tag = f"{{{namespace}}}"
        self.texts = texts
        self.left: Counter[str] = Counter()

    def read(self) -> dict[str, Any]:
        book = self.root if self.root.tag == f"{self.tag}CodeBook" else self.root.find(f"{self.tag}CodeBook")
        codes: list[dict[str, Any]] = []
        if book is not None:
            for top in book.findall(f"{self.tag}Codes/{self.tag}Code"):
                self._code(top, "", codes)
            self.left["sets of codes"] += len(book.findall(f"{self.tag}Sets/{self.tag}Set"))
        sources = []
        for one in self.root.findall(f"{self.tag}Sources/*"):
            sort = one.tag.removeprefix(self.tag)
            inner = one.find(f"{self.tag}Representation") if sort == "PDFSource" else one
            if sort in ("TextSource", "PDFSource") and inner is not None:
                sources.append(self._source(one, inner))
            elif sort in (*_OTHER_SOURCES, "PDFSource"):
                self.left["recordings, pictures and PDFs without a text"] += 1
        for name, called in (("Cases/Case", "cases"), ("Notes/Note", "notes"), ("Links/Link", "links"),
                             ("Graphs/Graph", "graphs"), ("Variables/Variable", "variables")):  # fmt: skip
            path = "/".join(f"{self.tag}{part}" for part in name.split("/"))
            self.left[called] += len(self.root.findall(path))
        if sum(len(source["selections"]) for source in sources) > MOST or len(codes) > MOST:
            raise Unreadable(f"It has more than {MOST:,} codes or selections. Export it in parts.")
        return {"origin": self.root.get("origin", ""), "codes": codes, "sources": sources, "left": dict(+self.left)}

    def _code(self, element: Any, parent: str, codes: list[dict[str, Any]]) -> None:
        guid = element.get("guid", "").casefold()
        codes.append(
            {
                "line": element.sourceline,
                "guid": guid,
                "name": element.get("name", ""),
                "description": self._description(element),
                "parent": parent,
            }
        )
        for child in element.findall(f"{self.tag}Code"):
            self._code(child, guid, codes)

    def _source(self, element: Any, inner: Any) -> dict[str, Any]:
        selections = []
        for one in inner.findall(f"{self.tag}PlainTextSelection"):
            selections.append(
                {
                    "line": one.sourceline,
                    "start": one.get("startPosition", ""),
                    "end": one.get("endPosition", ""),
                    "name": one.get("name", ""),
                    "description": self._description(one),
                    "codes": self._codes_of(one),
                }
            )
        self.left["selections of pages of a PDF"] += len(element.findall(f"{self.tag}PDFSelection"))
        text, wrong = self._text(inner)
        return {
            "line": element.sourceline,
            "guid": element.get("guid", "").casefold(),
            "name": element.get("name", ""),
            "description": self._description(element),
            "codes": self._codes_of(element),
            "text": text,
            "wrong": wrong,
            "selections": selections,
        }

    def _text(self, element: Any) -> tuple[str, str]:
        """The plain text of a source, or why there is none."""
        content = element.find(f"{self.tag}PlainTextContent")
        if content is not None:
            return content.text or "", ""
        path = element.get("plainTextPath", "")
        if not path:
            return "", "It has no plain text."
        if not path.startswith("internal://"):
            return "", f"Its text stands outside of the file, at {path[:120]}. Export the project with its texts in it."
        data = self.texts.get(path.removeprefix("internal://").rpartition("/")[2].casefold())
        if data is None:
            return "", f"Its text, {path[:120]}, is not in the file."
        try:
            return data.decode("utf-8-sig"), ""
        except UnicodeDecodeError as error:
            return "", f"Its text, {path[:120]}, is not in UTF-8: see byte {error.start + 1:,}."

    def _codes_of(self, element: Any) -> list[str]:
        found = element.findall(f"{self.tag}Coding/{self.tag}CodeRef")
        return [one.get("targetGUID", "").casefold() for one in found]

    def _description(self, element: Any) -> str:
        return (element.findtext(f"{self.tag}Description") or "").strip()
