"""The formats in which records are taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from apps.public.exports import linked, parquet, qda_project, references, tables, web_annotations
from apps.public.exports.rows import Row
from apps.public.exports.site import Site

ANNOTATIONS = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


@dataclass(frozen=True, slots=True)
class Format:
    name: str  # as it stands in addresses
    label: str
    extension: str
    content_type: str
    write: Callable[[Iterable[Row], Site], Iterator[bytes]]


FORMATS = {
    one.name: one
    for one in (
        Format("csv", "CSV", "csv", "text/csv; charset=utf-8", tables.as_csv),
        Format(
            "xlsx",
            "Excel",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            tables.as_xlsx,
        ),
        Format("json", "JSON", "json", "application/json", tables.as_json),
        Format("jsonl", "JSON Lines", "jsonl", "application/jsonl", tables.as_json_lines),
        Format("parquet", "Parquet", "parquet", "application/vnd.apache.parquet", parquet.as_parquet),
        Format("ris", "RIS", "ris", "application/x-research-info-systems; charset=utf-8", references.ris),
        Format("bibtex", "BibTeX", "bib", "application/x-bibtex; charset=utf-8", references.bibtex),
        Format("csl-json", "CSL-JSON", "json", "application/vnd.citationstyles.csl+json", references.csl_json),
        Format("schema-org", "schema.org", "jsonld", "application/ld+json", linked.as_json_ld),
        Format("annotations", "W3C annotations", "jsonld", ANNOTATIONS, web_annotations.as_annotations),
        Format("refi-qda", "REFI-QDA project", "qdpx", "application/zip", qda_project.as_project),
    )
}
