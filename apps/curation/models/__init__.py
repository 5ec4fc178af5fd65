"""What analysts know. Nothing in the public wing may import from here."""

from apps.curation.models.articles import Article, Authorship
from apps.curation.models.candidates import Candidate
from apps.curation.models.double_codings import CodedPassage, CodedUnit, Coder, DoubleCoding, UnitPair
from apps.curation.models.entries import CrossReference, Entry, Status, Submission, TaggedEntry
from apps.curation.models.meetings import Attendance, Session, Workshop
from apps.curation.models.merges import Merge
from apps.curation.models.people import Organisation, Person
from apps.curation.models.positions import Passage, Position, Proposition

__all__ = [
    "Article",
    "Attendance",
    "Authorship",
    "Candidate",
    "CodedPassage",
    "CodedUnit",
    "Coder",
    "CrossReference",
    "DoubleCoding",
    "Entry",
    "Merge",
    "Organisation",
    "Passage",
    "Person",
    "Position",
    "Proposition",
    "Session",
    "Status",
    "Submission",
    "TaggedEntry",
    "UnitPair",
    "Workshop",
]
