"""References as other programs write them, read to what is said of a work: each format, and what is broken in it."""

import json

import pytest

from apps.curation.references.items import Name
from apps.curation.references.keys import doi_key, url_key
from apps.curation.references.reading import read, read_file
from apps.curation.references.when import read_date


def only(text: str):
    """The one reference in a text."""
    _, rows = read(text)
    [row] = [one for one in rows if not one.is_aside]
    assert row.problem == ""
    return row.reference


def csl(**item):
    return only(json.dumps([{"title": "T"} | item]))


def bibtex(fields: str, kind: str = "article"):
    return only(f"@{kind}{{k, title = {{T}}, {fields}}}")


def ris(*lines: str):
    return only("\n".join(["TY  - JOUR", "TI  - T", *lines, "ER  - "]))


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2023", "2023"),
        ("2023-06", "2023-06"),
        ("2023-06-06/2023-06-07", "2023-06-06/2023-06-07"),
        ("2023/06/06/", "2023-06-06"),
        ("2023/6", "2023-06"),
        ("6 June 2023", "2023-06-06"),
        ("June 6, 2023", "2023-06-06"),
        ("Sept. 2021", "2021-09"),
        ("2021 Sep 3", "2021-09-03"),
        ("2023-06-06T10:00:00Z", "2023-06-06"),
        ("Spring 2023", "2023"),
        ("2023///Spring", "2023"),
        ("c. 1999", "1999"),
        ("in press", ""),
        ("n.d.", ""),
        ("2023-02-30", ""),
        ("06/07/2023", "2023"),
        ("1999 or 2001", ""),
        ("", ""),
    ],
)
def test_a_date_is_read_as_far_as_it_is_sure_and_the_rest_is_told(written, read_as):
    date, remark = read_date(written)
    assert date == read_as
    assert bool(remark) == (written in ("Spring 2023", "2023///Spring", "c. 1999", "in press", "n.d.", "2023-02-30",
                                        "06/07/2023", "1999 or 2001"))  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10.1000/AbC", "https://doi.org/10.1000/aBC"),
        ("doi:10.1000/x", "http://dx.doi.org/10.1000/X"),
        ("DOI 10.1000/x.", "10.1000 / x"),
        ("https://doi.org/10.1000%2Fx", "10.1000/x"),
    ],
)
def test_a_doi_is_the_same_however_it_is_written(one, other):
    assert doi_key(one) == doi_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.a.example/b/", "http://a.example/b"),
        ("https://a.example/b?utm_source=x&id=1&fbclid=2", "https://a.example/b?id=1#part"),
        ("https://a.example/b?x=1&y=2", "https://A.example/b?y=2&x=1"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(one, other):
    assert url_key(one) == url_key(other) != ""


@pytest.mark.parametrize("address", ["", "nonsense", "https://a.example/", "ftp://a.example/b", "https://[b/c", "//x"])
def test_what_is_the_address_of_no_single_work_is_none(address):
    assert url_key(address) == ""


def test_the_same_is_read_of_the_same_work_in_each_format():
    known = csl(
        type="article-journal", author=[{"family": "van der Berg", "given": "J."}, {"literal": "RAND Corporation"}],
        issued={"date-parts": [[2021, "6", 3]]}, DOI="https://doi.org/10.1000/X", URL="https://p.example/1",
        language="English", abstract="<jats:p>An abstract.</jats:p>", **{"container-title": "Survival"},
    )  # fmt: skip
    assert known.authors == [Name("van der Berg", "J."), Name("RAND Corporation", is_whole=True)]
    assert (known.doi, known.language, known.summary, known.genre) == (
        "10.1000/X",
        "en",
        "An abstract.",
        "journal_article",
    )
    for other in (
        bibtex(
            "author = {van der Berg, J. and {RAND Corporation}}, year = 2021, month = jun, day = 3,"
            "journal = {Survival},"
            "doi = {10.1000/X}, url = {https://p.example/1}, language = {en}, abstract = {An abstract.}"
        ),
        ris(
            "AU  - van der Berg, J.", "AU  - RAND Corporation", "DA  - 2021/06/03/", "T2  - Survival",
            "DO  - 10.1000/X", "UR  - https://p.example/1", "LA  - en", "AB  - An abstract.",
        ),
    ):  # fmt: skip
        for name in ("authors", "outlet", "genre", "date", "doi", "url", "language", "summary"):
            assert getattr(other, name) == getattr(known, name), name


# --- CSL-JSON


@pytest.mark.parametrize(
    "around", [lambda it: it, lambda it: [it], lambda it: {"items": [it]}, lambda it: {"message": it}]
)
def test_items_are_found_in_what_zotero_and_crossref_answer(around):
    item = {
        "type": "journal-article",
        "title": ["A title"],
        "container-title": ["Survival"],
        "author": [{"name": "NATO"}],
    }
    found = only(json.dumps(around(item)))
    assert (found.title, found.outlet, found.authors) == ("A title", "Survival", [Name("NATO", is_whole=True)])


@pytest.mark.parametrize(
    "value", [None, 5, True, [], {}, [[]], [{}], "\x00", {"date-parts": "x"}, {"date-parts": [[{}]]}]
)
def test_any_value_in_any_place_is_no_error(value):
    names = ("author", "issued", "DOI", "URL", "language", "keyword", "abstract", "type", "page", "note", "editor")
    assert csl(**dict.fromkeys(names, value)).title == "T"


def test_one_broken_item_leaves_the_others_be():
    _, rows = read('[{"title": "One"}, 5, {"type": "book"}, {"title": "Two"}]')
    assert [row.reference.title if row.reference else row.problem[:10] for row in rows] == [
        "One", "It is no i", "It has no ", "Two",
    ]  # fmt: skip


def test_what_a_field_cannot_hold_is_told_and_kept():
    found = csl(title="x" * 400, DOI="not one", URL="www.p", language="Klingon", issued={"literal": "in press"})
    assert len(found.title) == 300
    assert (found.doi, found.url, found.language, found.date) == ("", "", "", "")
    assert set(found.rest) == {"Title", "DOI", "Address", "Language", "Date"}
    assert len(found.remarks) == 5


# --- BibTeX


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{\"U}ber M{\'e}lange", "Über Mélange"),
        (r"Caf\'e {NATO} \& friends", "Café NATO & friends"),
        (r"50\% of Erd\H{o}s -- \emph{all}", "50% of Erdős – all"),
        (r"Stra{\ss}e, \v{S}koda and \L{}ódź", "Straße, Škoda and Łódź"),
        (r"``Quoted''", "“Quoted”"),
        (r"\input{/etc/passwd} A \unknown{macro}", "A macro"),
        (r"C:\{ 5 < 6 $x$", "C:{ 5 < 6 x"),
    ],
)
def test_latex_is_read_to_plain_text(latex, text):
    found = only("@book{k, title = {" + latex + "}}")
    assert found.title == text


def test_macros_and_what_is_joined_are_resolved():
    text = '@string{is = "International"}\n@article{k, title = {T}, journal = is # { } # "Security", year = 2020,'
    text += ' month = "6~" # jun}'
    found = only(text)
    assert (found.outlet, found.date) == ("International Security", "2020-06-06")


def test_a_macro_that_is_not_given_is_told_of():
    _, [row] = read("@article{k, title = {T}, journal = jis}")
    assert "“jis” stands for a text that isn't given" in row.problem


def test_a_missing_brace_breaks_one_entry_and_not_the_next():
    _, rows = read(
        "@article{a, title = {No end, year = 2020\n@article{b, title = {Whole}}\nstray\n@article{c, title={Also}}"
    )
    assert [bool(row.problem) for row in rows] == [True, False, True, False]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("van der Berg, J.", [Name("van der Berg", "J.")]),
        ("Ludwig van Beethoven and others", [Name("van Beethoven", "Ludwig")]),
        ("King, Jr., Martin Luther", [Name("King Jr.", "Martin Luther")]),
        ("{Barnes and Noble}", [Name("Barnes and Noble", is_whole=True)]),
        (r"Garc{\'\i}a M{\'a}rquez, Gabriel", [Name("García Márquez", "Gabriel")]),
        ("{RAND}", [Name("RAND", is_whole=True)]),
        (", ,", []),
    ],
)
def test_names_are_taken_apart_as_bibtex_does(author, names):
    assert [one for one in bibtex(f"author = {{{author}}}").authors if one.family.strip(", ")] == names


# --- RIS


def test_a_reference_without_its_end_is_read_and_says_so():
    _, rows = read("TY  - BOOK\nTI  - One\nTY  - BOOK\nTI  - Two\nER  - \n")
    assert [row.reference.title for row in rows] == ["One", "Two"]
    assert "is missing" in rows[0].reference.remarks[0]


def test_lines_before_and_after_a_reference_are_told_of():
    _, rows = read("Exported today\n\nTY  - BOOK\nTI  - One\nER  - \nTI  - Lost\n")
    assert ["before any" in rows[0].problem, rows[1].problem, "after the end" in rows[2].problem] == [True, "", True]


def test_ris_without_a_beginning_is_answered():
    _, [row] = read("TI  - One\nER  - ")
    assert "one begins with a line “TY  - ”" in row.problem


def test_a_title_may_go_on_in_the_next_line_and_lines_may_end_as_in_windows():
    assert only("TY - JOUR\r\nTI  - A title\r\nthat goes on\r\nER  - \r\n").title == "A title that goes on"


def test_as_many_authors_as_a_collaboration_has_are_cut_and_told():
    found = ris(*(f"AU  - Doe, {number}" for number in range(900)))
    assert len(found.authors) == 200
    assert "900 authors" in found.remarks[0]


# --- Files


def test_a_file_that_is_a_document_or_empty_is_answered():
    for data, answer in ((b"", "empty"), (b"%PDF-1.7", "document"), (b"PK\x03\x04", "document")):
        with pytest.raises(Exception, match=answer):
            read_file(data)


def test_utf_16_and_windows_1252_are_read():
    assert read_file("TY  - BOOK\nTI  - Ü\n".encode("utf-16"))[0].endswith("Ü\n")
    text, remark = read_file("TI  - Ü\n".encode("windows-1252"))
    assert ("Ü" in text, "Windows-1252" in remark) == (True, True)
