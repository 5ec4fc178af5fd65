"""Each kind's record, built explicitly, field by field: what is not named here is not published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from apps.curation.models import Article, Entry, Passage, Position, Proposition, Session, Workshop
from apps.gate.descriptors import holder_of
from apps.gate.rules import may_list_participants, rule_of
from apps.public.catalogue import content
from apps.public.catalogue.models import Record, Tie
from apps.taxonomy.words import Kind


def build(entry: Entry) -> dict[str, Any]:
    """The content of an entry's record. The entry is given as its kind."""
    return cast("dict[str, Any]", _BUILDERS[Kind(entry.kind)](entry))


def structural_links(entry: Entry) -> list[tuple[Tie, Entry]]:
    """What the record hangs on: these must be published before it and cannot be withdrawn without it."""
    if isinstance(entry, Session):
        return [(Tie.PART_OF, entry.workshop)]
    if isinstance(entry, Position):
        return [
            (Tie.FOUND_IN, entry.source),
            *([(Tie.TAKES_SIDE_ON, entry.proposition)] if entry.proposition else []),
            *([(Tie.REPORTED_FROM, entry.reported_from)] if entry.reported_from else []),
        ]
    return []


def provenance(entry: Entry) -> dict[str, str]:
    """Where the record says that it comes from."""
    said: dict[str, str] = {}
    if isinstance(entry, Session):
        said["workshop"] = entry.workshop.identifier
    if isinstance(entry, Position):
        said["source"] = entry.source.identifier
        said["workshop"] = entry.workshop.identifier if entry.workshop else ""
    return said


@dataclass(frozen=True, slots=True)
class Links:
    """What starts at a record: (target's primary key, tie, note) where it ends at a live one, and references that
    wait for their other end: (target's identifier, relation, note)."""

    live: frozenset[tuple[int, str, str]]
    waiting: frozenset[tuple[str, str, str]]


def links_of(entry: Entry) -> Links:
    """The links that the entry's record would have if it were published now."""
    references = entry.references_out.select_related("target")
    stance = entry.stance if isinstance(entry, Position) else ""
    wanted = {
        (other.identifier, tie.value, stance if tie == Tie.TAKES_SIDE_ON else "")
        for tie, other in structural_links(entry)
    }
    wanted |= {(one.target.identifier, one.relation, one.note) for one in references}
    targets = Record.objects.live().filter(identifier__in=[target for target, _, _ in wanted])
    live = dict(targets.values_list("identifier", "pk"))
    return Links(
        frozenset((live[target], tie, note) for target, tie, note in wanted if target in live),
        frozenset(one for one in wanted if one[0] not in live),
    )


def _common(entry: Entry) -> content.Common:
    date = entry.date_that_applies
    return content.Common(
        title=entry.title,
        summary=entry.summary,
        date=str(date or ""),
        date_text=date.words() if date else "",
        earliest=date.earliest.isoformat() if date else "",
        years=date.years if date else [],
        regions=sorted(entry.regions.values_list("slug", flat=True)),
        themes=sorted(entry.themes.values_list("slug", flat=True)),
        tags=sorted(entry.tags.names()),
        rule=rule_of(entry) or "",
    )


def build_article(article: Article) -> content.ArticleContent:
    return content.ArticleContent(
        **_common(article),
        authors=[
            content.Author(
                name=one.person.name,
                family=one.person.family_name,
                given=one.person.given_names,
                affiliation=one.affiliation.name if one.affiliation else "",
            )
            for one in article.authorships.select_related("person", "affiliation")
        ],
        outlet=article.outlet,
        genre=article.genre,
        doi=article.doi,
        url=article.url,
        language=article.language,
        unresolved=article.unresolved,
        cited_as=article.cited_as,
    )


def build_workshop(workshop: Workshop) -> content.WorkshopContent:
    return content.WorkshopContent(
        **_common(workshop),
        host=workshop.host.name if workshop.host else "",
        place=workshop.place,
        rule_note=workshop.rule_note,
        key_questions=workshop.key_questions,
        participants=_participants(workshop),
    )


def build_session(session: Session) -> content.SessionContent:
    return content.SessionContent(
        **_common(session),
        workshop=session.workshop.identifier,
        number=session.number,
        rule_note="" if session.rule else session.workshop.rule_note,
        key_questions=session.key_questions,
        participants=_participants(session),
    )


def build_proposition(proposition: Proposition) -> content.PropositionContent:
    return content.PropositionContent(**_common(proposition))


def build_position(position: Position) -> content.PositionContent:
    workshop = position.workshop
    source = position.source
    return content.PositionContent(
        **_common(position),
        stance=position.stance,
        proposition=position.proposition.identifier if position.proposition else "",
        source=source.identifier,
        workshop=workshop.identifier if workshop else "",
        order=position.order,
        holder=holder_of(position),
        passages=[_passage(passage, in_notes=position.session_id is not None) for passage in position.passages.all()],
    )


def _passage(passage: Passage, in_notes: bool) -> content.Passage:
    """Where a position stands. What surrounds it in an analyst's own notes nobody needs who doesn't have these, and it
    is mostly who said it."""
    prefix, suffix = ("", "") if in_notes else (passage.prefix, passage.suffix)
    return content.Passage(
        quotation=passage.quotation,
        # Context is cut by length: a word that it has half of is found as no name, and can be completed.
        prefix=prefix.partition(" ")[2],
        suffix=suffix.rpartition(" ")[0],
        locator=passage.locator,
        start=None if in_notes else passage.start,
        end=None if in_notes else passage.end,
        state=passage.state,
    )


def _participants(meeting: Workshop | Session) -> list[str]:
    if not may_list_participants(meeting):
        return []
    people = meeting.attendances.select_related("person", "affiliation").order_by(
        "person__family_name", "person__given_names"
    )
    names = [f"{one.person.name}, {one.affiliation}" if one.affiliation else one.person.name for one in people]
    return list(dict.fromkeys(names))


_BUILDERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.ARTICLE: build_article,
    Kind.WORKSHOP: build_workshop,
    Kind.SESSION: build_session,
    Kind.PROPOSITION: build_proposition,
    Kind.POSITION: build_position,
}
