"""Positions as a project of QDA programs (REFI-QDA 1.5): NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

A project is texts with what is coded in them; but the texts of articles and sessions are not public. So the text of a
source is what is public of it: its positions, each with what it claims, who holds it, and what is quoted. What is
quoted, or else the claim, is coded with the position's themes. Each position is a case as well, and what the tables
say of it are the values of its variables.
"""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from apps.public.exports.citing import in_sentences
from apps.public.exports.codebook import attribute, codes, element, guid, guid_of_code
from apps.public.exports.columns import TABLE, Column, values_of
from apps.public.exports.data_package import timeless
from apps.public.exports.rows import Row
from apps.public.exports.site import Site
from apps.public.exports.tables import as_cell, writable
from apps.taxonomy.vocabulary import vocabulary

_CHUNK = 1 << 16
_NAMESPACE = "urn:QDA-XML:project:1.0"
_OF_POSITIONS = ("identifier", "date", "regions", "themes", "tags", "rule", "stance", "proposition", "holder", "source",
                 "workshop", "permalink", "version", "published", "synthetic")  # fmt: skip
_VARIABLES = [column for column in TABLE if column.name in _OF_POSITIONS]
_TYPES = {"text": "Text", "texts": "Text", "number": "Integer", "yes": "Boolean"}
Said = dict[str, Any]  # what is written of a position


def as_project(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    """A packed folder: ``project.qde``, and beside it a text for each source. Records that are no position of a source
    have no place in it."""
    # Positions come in any order. A database without a name lies on the disk as far as it is large, and goes with us.
    with tempfile.TemporaryFile() as file, closing(sqlite3.connect("")) as shelf:
        _lay_out(rows, site, shelf)
        with zipfile.ZipFile(file, "w") as packed:
            for address, positions in _sources(shelf):
                packed.writestr(timeless(f"sources/{guid(address)}.txt"), _text(positions)[0])
            with packed.open(timeless("project.qde"), "w", force_zip64=True) as document:
                document.writelines(part.encode() for part in _document(shelf, site))
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _lay_out(rows: Iterable[Row], site: Site, shelf: sqlite3.Connection) -> None:
    shelf.execute("CREATE TABLE positions (source TEXT, place INTEGER, said BLOB)")
    shelf.executemany(
        "INSERT INTO positions VALUES (?, ?, ?)",
        (
            (
                f"{site.root}/{row.source_kind}s/{row.content['source']}/",
                row.content["order"],
                orjson.dumps(_said(row, site)),
            )
            for row in rows
            if row.source_kind
        ),
    )


def _sources(shelf: sqlite3.Connection) -> Iterator[tuple[str, list[Said]]]:
    """The address of each source, with its positions in their order in it."""
    found = shelf.execute("SELECT source, said FROM positions ORDER BY source, place, rowid")
    for address, some in groupby(found, itemgetter(0)):
        yield address, [orjson.loads(said) for _, said in some]


def _said(row: Row, site: Site) -> Said:
    values = values_of(row, site)
    return {
        "permalink": values["permalink"],
        "source": row.source,
        "claim": writable(values["title"]),
        "holder": writable(" ".join(in_sentences(row))),
        "quoted": [writable(one["quotation"]) for one in row.content["passages"] if one["quotation"]],
        "themes": row.content["themes"],
        "values": {column.name: values[column.name] for column in _VARIABLES},
    }


def _text(positions: list[Said]) -> tuple[str, list[list[tuple[int, int, str]]]]:
    """What is public of a source as a text; and for each of its positions what is coded: where it begins and ends,
    counted in code points, and its words."""
    parts: list[str] = []
    length, coded = 0, []

    def write(text: str) -> tuple[int, int, str]:
        nonlocal length
        parts.append(text)
        length += len(text)
        return length - len(text), length, text

    for position in positions:
        claim = write(position["claim"])
        write(f"\n{position['holder']}\n")
        places = []
        for quotation in position["quoted"]:
            write("“")
            places.append(write(quotation))
            write("”\n")
        write("\n")
        coded.append(places or [claim])
    return "".join(parts), coded


# --- project.qde


def _document(shelf: sqlite3.Connection, site: Site) -> Iterator[str]:
    """In the order of the standard: codes, variables, cases, sources."""
    themes = vocabulary().themes
    variables = {column: guid(f"{site.root}/#{column.name}") for column in _VARIABLES}
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{_NAMESPACE}" name={attribute(site.name)} '
    yield f"origin={attribute(site.name)}>\n"
    if themes.nodes:
        yield f"<CodeBook><Codes>\n{codes(themes, 'theme', site)}</Codes></CodeBook>\n"
    yield "<Variables>\n"
    for column, own in variables.items():
        yield f'<Variable guid="{own}" name={attribute(column.name)} typeOfVariable="{_TYPES[column.sort]}">'
        yield f"{element('Description', column.meaning)}</Variable>\n"
    yield "</Variables>\n"
    yield from _within("Cases", (_case(one, variables) for _, positions in _sources(shelf) for one in positions))
    known = {slug: guid_of_code(site, "theme", slug) for slug in themes.nodes}
    yield from _within("Sources", (_source(*one, known) for one in _sources(shelf)))
    yield f"{element('Description', f'From {site.root}/. The texts are what is public of each source.')}</Project>\n"


def _within(name: str, parts: Iterator[str]) -> Iterator[str]:
    """An element around what there is; no element where there is nothing, since none may be empty."""
    first = next(parts, None)
    if first is not None:
        yield from (f"<{name}>\n", first)
        yield from parts
        yield f"</{name}>\n"


def _case(position: Said, variables: dict[Column, str]) -> str:
    values = "".join(_value(column, own, position["values"][column.name]) for column, own in variables.items())
    passages = range(1, 1 + (len(position["quoted"]) or 1))
    selections = "".join(f'<SelectionRef targetGUID="{_selection(position, number)}"/>' for number in passages)
    own, name = guid(position["permalink"]), attribute(position["claim"])
    return f'<Case guid="{own}" name={name}>{values}{selections}</Case>\n'


def _value(column: Column, variable: str, value: Any) -> str:
    said = str(value).lower() if column.sort == "yes" else str(as_cell(value))
    stored = element(f"{_TYPES[column.sort]}Value", said)
    return f'<VariableValue><VariableRef targetGUID="{variable}"/>{stored}</VariableValue>' if stored else ""


def _source(address: str, positions: list[Said], known: dict[str, str]) -> str:
    own, name = guid(address), attribute(positions[0]["source"])
    selections = "".join(
        _selected(position, number, place, known)
        for position, places in zip(positions, _text(positions)[1], strict=True)
        for number, place in enumerate(places, start=1)
    )
    head = f'<TextSource guid="{own}" name={name} plainTextPath="internal://{own}.txt">'
    return f"{head}{element('Description', address)}\n{selections}</TextSource>\n"


def _selected(position: Said, number: int, place: tuple[int, int, str], known: dict[str, str]) -> str:
    own, (start, end, words) = _selection(position, number), place
    said = element("Description", f"{position['claim']}\n{position['holder']}\n{position['permalink']}")
    codings = "".join(
        f'<Coding guid="{guid(f"{own} {slug}")}"><CodeRef targetGUID="{known[slug]}"/></Coding>'
        for slug in position["themes"]
        if slug in known
    )
    head = f'<PlainTextSelection guid="{own}" name={attribute(words)} startPosition="{start}" endPosition="{end}">'
    return f"{head}{said}{codings}</PlainTextSelection>\n"


def _selection(position: Said, number: int) -> str:
    """The guid of what is coded of a position."""
    return guid(f"{position['permalink']}#passage-{number}")
