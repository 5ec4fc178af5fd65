"""Texts with hidden words that one check alone holds back: switch it off, and the word comes out."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from taggit.models import Tag

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CodedPassage,
    CodedUnit,
    Coder,
    CrossReference,
    DoubleCoding,
    Passage,
    Person,
    Position,
    Session,
    Status,
    TaggedEntry,
    UnitPair,
    Workshop,
)
from apps.gate.watch import one_recheck
from apps.taxonomy.words import Anchoring, Quantifier, Relation, Role, Rule
from tests.gate.planted import KnowledgeBase, Meeting

EACH = 2  # of these, at different meetings


def plant(kb: KnowledgeBase) -> None:
    """Add entries that are each refused by exactly one check, which ``kb.refused`` names."""
    meetings = itertools.cycle(list(kb.protected_meetings()))
    with one_recheck():
        for trap in TRAPS:
            for _ in range(EACH):
                trap(kb, next(meetings))
        for is_compared in (False, True):
            second_coding(kb, next(meetings), is_compared)
        for spelling in SPELLINGS:
            named(kb, next(meetings), spelling)
        kb.write()


def withheld(kb: KnowledgeBase, code: str, meeting: Meeting, title: str = "", **fields: Any) -> Position:
    """A position that the check with this code refuses. Its title holds a hidden word that is nobody's name."""
    fields = {"session": meeting.sessions[0], "proposition": None, "stance": ""} | fields
    if fields.get("article"):
        fields["session"] = None
    position = kb.position(f"{kb.claim()} {title} {kb.hide(f'a text held back by: {code}')}", **fields)
    kb.speaks(position, *([] if fields.get("article") else meeting.people[:1]))
    kb.refused[position] = set(code.split())
    return position


def second_coding(kb: KnowledgeBase, meeting: Meeting, is_compared: bool) -> None:
    """What a second coder found: no check holds it back, since nothing of the gate reads it."""
    now = timezone.now() if is_compared else None
    double = DoubleCoding.objects.create(
        session=meeting.sessions[0], first=kb.analyst, second=kb.reviewer, first_done_at=now, second_done_at=now,
        compared_at=now,
    )  # fmt: skip
    for number, coder in enumerate(Coder, 1):
        unit = CodedUnit.objects.create(
            double=double, coder=coder, title=kb.hide("a coded claim"), on=kb.hide("a proposition named by a coder"),
            stance="opposes", reported_as=kb.hide("a holder as a coder reads it"),
        )  # fmt: skip
        words = {name: kb.hide(f"the {name} of a coded passage") for name in ("quotation", "prefix", "suffix")}
        CodedPassage.objects.create(unit=unit, state=Anchoring.LOST, **words)
        unit.speakers.set(meeting.people[:2])
        decision = {"title": {"whose": "else", "words": kb.hide("what was decided")}}
        UnitPair.objects.create(double=double, number=number, decision=decision, **{str(coder): unit})


def off_the_record(kb: KnowledgeBase, meeting: Meeting) -> None:
    title = kb.hide("an off-the-record session of an open workshop")
    session = kb.add(Session, title, workshop=meeting.workshop, rule=Rule.OFF_THE_RECORD)
    kb.refused[session] = {"off-the-record"}
    withheld(kb, "off-the-record hangs-on-the-unpublished", meeting, session=session)


def embargo(kb: KnowledgeBase, meeting: Meeting) -> None:
    workshop = kb.add(Workshop, kb.hide("a workshop under embargo"), embargo="2999-01-01T00:00", time_zone="Asia/Tokyo")
    session = kb.add(Session, kb.hide("a session under embargo"), workshop=meeting.workshop, embargo="2999-01-01T00:00")
    kb.refused |= {workshop: {"embargo"}, session: {"embargo"}}


def four_eyes(kb: KnowledgeBase, meeting: Meeting) -> None:
    withheld(kb, "four-eyes", meeting, modified_by=kb.reviewer)


def hangs_on_a_draft(kb: KnowledgeBase, meeting: Meeting) -> None:
    title = kb.hide("a draft")
    draft = kb.add(Session, title, workshop=meeting.workshop, status=Status.DRAFT, summary=kb.hide("a draft"))
    withheld(kb, "hangs-on-the-unpublished", meeting, session=draft)
    article = kb.add(Article, kb.hide("a draft"), status=Status.DRAFT, text=kb.hide("a draft"))
    kb.later(TaggedEntry(content_object_id=article.pk, tag=_tag(kb.hide("a tag on a draft alone"))))
    # What an entry refers to is not shown before it is public itself.
    open_article = kb.add(Article, kb.claim())
    kb.later(
        CrossReference(source_id=open_article.pk, target_id=article.pk, relation=Relation.CITES, note="See there.")
    )


def affiliations(kb: KnowledgeBase, meeting: Meeting) -> None:
    body = meeting.bodies[0]
    for name in (body.name, body.acronym, body.aliases[0]):
        withheld(kb, "affiliation-in-text", meeting, f"as the {name} has it")


def given_names(kb: KnowledgeBase, meeting: Meeting) -> None:
    withheld(kb, "maybe-a-name", meeting, f"as {meeting.people[2].given_names} has it")


def narrow_descriptors(kb: KnowledgeBase, meeting: Meeting) -> None:
    withheld(kb, "descriptor-too-narrow", meeting, descriptor_country="JP")
    workshop = kb.add(Workshop, kb.claim(), rule=Rule.CHATHAM_HOUSE)
    session = kb.add(Session, kb.claim(), workshop=workshop)
    nobody = Meeting(workshop, [session], [], [], meeting.expertise)
    withheld(kb, "descriptor-without-attendance", nobody, descriptor_expertise=meeting.expertise)


def everybody(kb: KnowledgeBase, meeting: Meeting) -> None:
    held = {"quantifier": Quantifier.ALL, "descriptor_expertise": meeting.expertise}
    withheld(kb, "everybody-of-a-group", meeting, **held)


def cross_references(kb: KnowledgeBase, meeting: Meeting) -> None:
    """A position and an article by its speaker: neither refers to the other."""
    speaker, article = _signs(kb, "what a position refers to")
    position = kb.position(
        f"{kb.claim()} {kb.hide('a position that refers to its speaker')}", session=meeting.sessions[0]
    )
    kb.later(CrossReference(source_id=position.pk, target_id=article.pk, relation=Relation.SEE_ALSO))
    kb.speaks(position, speaker)
    kb.refused[position] = {"linked-to-its-speaker"}
    article = kb.add(Article, f"{kb.claim()} {kb.hide('an article that refers to what its author said')}")
    kb.later(Authorship(article=article, person=meeting.people[0]))
    position = kb.position(session=meeting.sessions[0])
    kb.speaks(position, meeting.people[0])
    kb.later(CrossReference(source_id=article.pk, target_id=position.pk, relation=Relation.SEE_ALSO))
    kb.refused[article] = {"linked-to-its-speaker"}


def tags(kb: KnowledgeBase, meeting: Meeting) -> None:
    speaker, _ = _signs(kb, "a tag", tag := _tag(kb.show("a tag on an article")))
    position = kb.position(
        f"{kb.claim()} {kb.hide('a text held back by its tag')}", session=meeting.sessions[0], tags=(tag,)
    )
    kb.speaks(position, speaker)
    kb.refused[position] = {"tagged-with-its-speaker"}


def dates(kb: KnowledgeBase, meeting: Meeting) -> None:
    withheld(kb, "date-narrower-than-the-meeting", meeting, date=meeting.workshop.date[:10])
    session = kb.add(Session, kb.claim(), workshop=meeting.workshop)
    kb.later(Attendance(workshop=meeting.workshop, session=session, person=meeting.people[0], role=Role.SPEAKER))
    withheld(kb, "one-speaker-on-the-agenda", meeting, session=session)


def wording(kb: KnowledgeBase, meeting: Meeting) -> None:
    speaker, _ = _signs(kb, "an unusual wording", summary=(unusual := f"{kb.claim()}."))
    position = kb.position(
        f"{kb.claim()} {kb.hide('a text held back by its wording')}", session=meeting.sessions[0], summary=unusual
    )
    kb.speaks(position, speaker)
    kb.refused[position] = {"same-wording"}


def passages(kb: KnowledgeBase, meeting: Meeting) -> None:
    position = withheld(kb, "passage-does-not-stand", meeting)
    hidden = kb.hide("a passage that no longer stands")
    kb.later(Passage(position=position, quotation=f"So {hidden} holds", locator="page 1", state=Anchoring.LOST))


def names_everywhere(kb: KnowledgeBase, meeting: Meeting) -> None:
    """A surname in each field of each kind that holds free text."""
    family = meeting.people[3].family_name
    kb.later(Passage(position=withheld(kb, "name-in-text", meeting), quotation=f"“{family} is right”"))
    retold = kb.add(Article, kb.claim())
    reported = withheld(kb, "name-in-text", meeting, article=retold, reported_from=meeting.workshop)
    kb.later(Passage(position=reported, locator="page 3", prefix=f"says {family}: "))
    kb.later(Passage(position=withheld(kb, "name-in-text", meeting), locator=f"{family}_notes.pdf"))
    tagged = withheld(kb, "name-in-text", meeting)
    kb.later(TaggedEntry(content_object_id=tagged.pk, tag=_tag(f"{family} plan {tagged.pk}")))
    noted = withheld(kb, "name-in-text", meeting)
    target = kb.rng.choice(kb.propositions)
    kb.later(CrossReference(source_id=noted.pk, target_id=target.pk, relation=Relation.CITES, note=f"So {family}."))
    withheld(kb, "name-in-text", meeting, summary=f"[Who](https://example.org/{family.lower()}) said so.")
    report = kb.add(Article, kb.claim())
    withheld(
        kb, "name-in-text", meeting, article=report, reported_from=meeting.workshop, reported_as=f"{family} et al."
    )
    session = kb.add(
        Session,
        kb.hide("a session with a name in it"),
        workshop=meeting.workshop,
        key_questions=[f"Is {family} right?"],
    )
    workshop = kb.add(
        Workshop, kb.hide("a workshop with a name in it"), place=f"{family} House", rule_note=f"Says {family}."
    )
    kb.later(Attendance(workshop=workshop, person=meeting.people[3]))
    kb.refused |= {session: {"name-in-text"}, workshop: {"name-in-text"}}


def named(kb: KnowledgeBase, meeting: Meeting, spelling: Callable[[Person], str]) -> None:
    withheld(kb, "name-in-text", meeting, f"as {spelling(meeting.people[4])} has it")


def _signs(kb: KnowledgeBase, why: str, tag: Tag | None = None, **fields: Any) -> tuple[Person, Article]:
    """Somebody with a published article, who holds a protected position beside it; and the article."""
    author = kb.person(f"somebody who signed {why}", named=True)
    author.save()
    article = kb.add(Article, kb.claim(), tags=(tag,) if tag else (), **fields)
    kb.later(Authorship(article=article, person=author))
    return author, article


def _tag(name: str) -> Tag:
    return Tag.objects.create(name=name, slug=name.lower().replace(" ", "-"))


TRAPS = (
    *(off_the_record, embargo, four_eyes, hangs_on_a_draft, affiliations, given_names, narrow_descriptors, everybody),
    *(cross_references, tags, dates, wording, passages, names_everywhere),
)
SPELLINGS: tuple[Callable[[Person], str], ...] = (
    lambda one: one.name,
    lambda one: one.family_name,
    lambda one: one.family_name.upper(),
    lambda one: f"{one.family_name}, {one.given_names}",
    lambda one: f"{one.given_names[0]}. {one.family_name}",
    lambda one: f"{one.family_name} {one.given_names[0]}.",
    lambda one: one.email,
    lambda one: one.aliases[0],
    lambda one: one.aliases[0].split()[-1],
    lambda one: f"{one.family_name}’s school",
    lambda one: f"the {one.family_name}-style plan",
    lambda one: "\u200b".join(one.family_name),
    lambda one: " ".join(one.family_name),
    lambda one: one.family_name.replace("a", "\u0430").replace("o", "\u043e"),
    lambda one: f"{one.family_name[:4]}-\n{one.family_name[4:]}",
)
