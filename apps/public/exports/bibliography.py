"""A workshop's reading list as an annotated bibliography: the articles that it leads to, each with why it is here."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils.safestring import SafeString
from docx import Document
from docx.shared import Cm

from apps.public.catalogue.models import Link, Record, Tie
from apps.public.catalogue.state import State
from apps.public.exports.citing import csl_item
from apps.public.exports.data_package import timeless
from apps.public.exports.formatted import CHICAGO, reference, runs
from apps.public.exports.rows import Row, rows_for
from apps.public.exports.site import Site
from apps.public.exports.tables import writable
from apps.public.search.schema import plain_text
from apps.taxonomy.words import Kind, Relation

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Work:
    """An article on a reading list."""

    row: Row
    reasons: list[str]  # what it has to do with the workshop, in words

    @property
    def annotation(self) -> list[str]:
        """The article's summary in paragraphs."""
        paragraphs = plain_text(self.row.content["summary"]).split("\n\n")
        return [" ".join(one.split()) for one in paragraphs if one.strip()]

    def reference(self, site: Site) -> SafeString:
        return reference(csl_item(self.row, site), CHICAGO)


def sessions_of(workshop: Record) -> dict[int, str]:
    """The keys and titles of its sessions."""
    return dict(workshop.links_in.filter(tie=Tie.PART_OF).values_list("source", "source__title"))


def reading_list(workshop: Record, sessions: dict[int, str], state: State) -> list[Work]:
    """The articles that a workshop or its sessions refer to, that refer to them, and that report from it; by author.

    Four queries to the database, asked in small steps: a planner without statistics can take seconds over all as one.
    """
    reasons = _reasons(workshop, sessions)
    articles = Record.objects.live().filter(pk__in=list(reasons), kind=Kind.ARTICLE)
    works = [Work(row, reasons[row.record.pk]) for row in rows_for(list(articles), state)]
    return sorted(works, key=lambda work: _place(work.row))


def _reasons(workshop: Record, sessions: dict[int, str]) -> dict[int, list[str]]:
    """What each article, by its key, has to do with the workshop."""
    parts = {workshop.pk: "this workshop"} | {pk: f"its session “{title}”" for pk, title in sessions.items()}
    found: dict[int, list[str]] = defaultdict(list)
    for source, target, tie, note in (
        Link.objects.filter(Q(source__in=parts) | Q(target__in=parts), tie__in=Relation.values)
        .order_by("tie", "pk")
        .values_list("source", "target", "tie", "note")
    ):
        relation = Relation(tie)
        said, article, part = (
            (relation.inverse_label, target, source) if source in parts else (relation.label, source, target)
        )
        found[article].append(f"{said} {parts[part]}{f': {note}' if note else '.'}")
    reported = list(workshop.links_in.filter(tie=Tie.REPORTED_FROM).values_list("source", flat=True))
    sources = Link.objects.filter(source__in=reported, tie=Tie.FOUND_IN).values_list("target", flat=True)
    for article in sorted(set(sources)):
        found[article].append("Reports positions that were taken at this workshop.")
    return found


def _place(row: Row) -> tuple[str, str, str]:
    """By author, else by title, as a bibliography is ordered; then by date."""
    first = next((author["family"] or author["name"] for author in row.content["authors"]), row.content["title"])
    return first.casefold(), row.content["date"], row.content["title"]


def docx(workshop: Record, works: list[Work], site: Site) -> bytes:
    """The list as a document of Word's: references with a hanging indent, annotations beneath them."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = writable(workshop.title), writable(site.name), ""
    document.add_heading("Reading list", 1)
    document.add_paragraph().add_run(writable(workshop.title)).bold = True
    document.add_paragraph(site.permalink(workshop))
    for work in works:
        entry = document.add_paragraph()
        entry.paragraph_format.left_indent, entry.paragraph_format.first_line_indent = Cm(1), Cm(-1)
        entry.paragraph_format.keep_with_next = True
        for text, italic in runs(work.reference(site)):
            entry.add_run(writable(text)).italic = italic
        for text in (*work.annotation, *work.reasons):
            document.add_paragraph(writable(text)).paragraph_format.left_indent = Cm(1)
    written = io.BytesIO()
    document.save(written)
    return _without_times(written)


def _without_times(document: io.BytesIO) -> bytes:
    """The same document whenever it is made."""
    written = io.BytesIO()
    with zipfile.ZipFile(document) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            new.writestr(timeless(name), old.read(name))
    return written.getvalue()
