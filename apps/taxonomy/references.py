"""What sorts of publication are called where references are exchanged: written by exports, read when they come in.

CSL's types come first (https://docs.citationstyles.org/); the other formats' are said by those.
"""

from apps.taxonomy.words import Genre

CSL_TYPES = {
    Genre.REPORT: "report",
    Genre.BRIEFING: "report",
    Genre.JOURNAL_ARTICLE: "article-journal",
    Genre.BOOK: "book",
    Genre.CHAPTER: "chapter",
    Genre.COMMENTARY: "article-magazine",
    Genre.NEWS: "article-newspaper",
    Genre.WEB_PAGE: "webpage",
    Genre.SPEECH: "speech",
}
WITHIN = ("article-journal", "article-magazine", "article-newspaper", "chapter", "webpage")  # what has a container

RIS_TYPES = {
    "report": "RPRT",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "speech": "SLIDE",
    "event": "CONF",
    "webpage": "ELEC",
    "entry": "ELEC",
}

BIBTEX_TYPES = {
    "report": "techreport",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "event": "misc",
}
BIBTEX_SUBTYPES = {  # where BibTeX has no type of its own, in the field that BibLaTeX has for that
    "article-magazine": "magazine",
    "article-newspaper": "newspaper",
    "webpage": "webpage",
    "speech": "speech",
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

ONLY_CITED = "Only cited so far, as: "  # before the words of a citation, in the note of a work that isn't found yet
