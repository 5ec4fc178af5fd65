"""The closed lists of words that both wings share: the glossary, as code."""

from collections.abc import Mapping

from django.db.models import TextChoices


class Kind(TextChoices):
    """The kinds of entry and of record; the order is that in which they can be published."""

    ARTICLE = "article", "Article"
    WORKSHOP = "workshop", "Workshop"
    SESSION = "session", "Session"
    PROPOSITION = "proposition", "Proposition"
    POSITION = "position", "Position"

    @property
    def plural(self) -> str:
        return f"{self.value}s"


class Rule(TextChoices):
    """A rule of attribution, from the most open to the strictest."""

    ON_THE_RECORD = "on_the_record", "On the record"
    NOT_FOR_ATTRIBUTION = "not_for_attribution", "Not for attribution"
    CHATHAM_HOUSE = "chatham_house", "Chatham House Rule"
    OFF_THE_RECORD = "off_the_record", "Off the record"

    @property
    def strictness(self) -> int:
        return list(Rule).index(self)

    @property
    def explanation(self) -> str:
        return {
            Rule.ON_THE_RECORD: "What was said may be quoted with the speaker's name.",
            Rule.NOT_FOR_ATTRIBUTION: "What was said may be used with a description of the speaker, never a name.",
            Rule.CHATHAM_HOUSE: "What was said may be used; neither the identity nor the affiliation of a speaker "
            "or participant may be revealed.",
            Rule.OFF_THE_RECORD: "What was said may not be used at all.",
        }[self]


class Stance(TextChoices):
    """Where a position stands towards its proposition, or towards its own claim."""

    SUPPORTS = "supports", "Supports"
    QUALIFIES = "qualifies", "Qualifies"
    NEUTRAL = "neutral", "Neutral"
    OPPOSES = "opposes", "Opposes"

    @classmethod
    def tally(cls, counts: Mapping[str, int]) -> dict[str, int]:
        """How many there are of every stance, in their order, from the counts of some."""
        return {stance.value: counts.get(stance.value, 0) for stance in cls}


# Where a stance lies between against (-1) and for (1), in their order. That who qualifies goes half the way is a
# convention of ours.
SCALE: Mapping[str, float] = {
    Stance.SUPPORTS.value: 1.0,
    Stance.QUALIFIES.value: 0.5,
    Stance.NEUTRAL.value: 0.0,
    Stance.OPPOSES.value: -1.0,
}


class Quantifier(TextChoices):
    """How many held a position, as far as the source tells."""

    ONE = "one", "One"
    FEW = "a_few", "A few"
    SOME = "some", "Some"
    MANY = "many", "Many"
    MOST = "most", "Most"
    ALL = "all", "All"


class Relation(TextChoices):
    """What one entry has to do with another, read from the first to the second."""

    CITES = "cites", "Cites"
    SUPPORTS = "supports", "Supports"
    CHALLENGES = "challenges", "Challenges"
    RESPONDS_TO = "responds_to", "Responds to"
    ELABORATES = "elaborates", "Elaborates"
    DRAWS_LESSON_FROM = "draws_lesson_from", "Draws lesson from"
    SEE_ALSO = "see_also", "See also"

    @property
    def inverse_label(self) -> str:
        """The relation as the second entry's page words it."""
        return {
            Relation.CITES: "Cited by",
            Relation.SUPPORTS: "Supported by",
            Relation.CHALLENGES: "Challenged by",
            Relation.RESPONDS_TO: "Answered by",
            Relation.ELABORATES: "Elaborated by",
            Relation.DRAWS_LESSON_FROM: "Lesson drawn by",
            Relation.SEE_ALSO: "See also",
        }[self]


class Sector(TextChoices):
    """Where somebody works."""

    GOVERNMENT = "government", "Government"
    MILITARY = "military", "Military"
    INTERNATIONAL = "international", "International organisation"
    LABORATORY = "laboratory", "National laboratory"
    THINK_TANK = "think_tank", "Think tank"
    UNIVERSITY = "university", "University"
    INDUSTRY = "industry", "Industry"
    MEDIA = "media", "Media"
    CIVIL_SOCIETY = "civil_society", "Civil society"


class Role(TextChoices):
    """What somebody did at a workshop or session."""

    PARTICIPANT = "participant", "Participant"
    SPEAKER = "speaker", "Speaker"
    CHAIR = "chair", "Chair"
    DISCUSSANT = "discussant", "Discussant"
    RAPPORTEUR = "rapporteur", "Rapporteur"
    ORGANISER = "organiser", "Organiser"
    OBSERVER = "observer", "Observer"


class Genre(TextChoices):
    """What sort of publication an article is."""

    REPORT = "report", "Report"
    BRIEFING = "briefing", "Briefing"
    JOURNAL_ARTICLE = "journal_article", "Journal article"
    BOOK = "book", "Book"
    CHAPTER = "chapter", "Chapter"
    COMMENTARY = "commentary", "Commentary"
    NEWS = "news", "News article"
    WEB_PAGE = "web_page", "Web page"
    SPEECH = "speech", "Speech"


class Anchoring(TextChoices):
    """How well a passage still stands in its source text."""

    EXACT = "exact", "Exact"
    MOVED = "moved", "Moved"
    CHANGED = "changed", "Changed"
    LOST = "lost", "Lost"


class Gap(TextChoices):
    """What a theme lacks about a region, as far as its positions go; the first of these that holds."""

    NOTHING = "nothing", "nothing"  # no position
    NO_WORKSHOP = "no workshop", "no workshop"  # only what articles say
    ONE_WORKSHOP = "one workshop", "one workshop"
    OLD = "old", "old"  # nothing since a year
    UNANCHORED = "unanchored", "no passage"  # no position rests on a passage
