"""Publish and withdraw: the only code that writes to the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from apps.audit.log import note
from apps.audit.models import What
from apps.curation.models import Entry, Position, Status
from apps.gate.case import Case, Run
from apps.gate.checks import judge
from apps.gate.checks.identity import former_propositions
from apps.gate.descriptors import Descriptor
from apps.gate.findings import OF_ITS_PROPOSITION, Finding, Refused, Severity, refusals
from apps.gate.former import remember
from apps.gate.models import Acknowledgement, Publication, PublishedTag, WaitingReference
from apps.gate.published import note_what_is_public
from apps.gate.records import Links, build, provenance
from apps.gate.references import published_links
from apps.public.catalogue.models import CatalogueState, Link, Record, RecordVersion, Redirect, Tie
from apps.taxonomy.words import Kind, Relation, Rule

# Sent when something has left the catalogue: ``tags`` that a record carries no longer, by their names; ``referring``,
# the identifiers of records that refer to what is withdrawn, or to the source of words that are. What is left may be
# judged otherwise without them.
left = Signal()


def findings(entry: Entry, by: User | None = None) -> list[Finding]:
    """What the gate has to say against an entry as it stands now."""
    return judge(Case.of_draft(entry, by=by))


def preview(entry: Entry) -> dict[str, Any]:
    """The content of the record that publishing would make, whether or not it would be let through."""
    return build(entry.child)


def next_changes(count: int = 1) -> range:
    """Hand out change numbers. Holds the lock until the transaction ends, so they become visible in order.

    Raises TransactionManagementError outside a transaction.
    """
    state, _ = CatalogueState.objects.select_for_update().get_or_create(pk=1)
    first = state.change + 1
    state.change += count
    state.save(update_fields=["change"])
    return range(first, first + count)


@transaction.atomic
def publish(entry: Entry, by: User | None = None) -> Record:
    """Turn an entry into a record, or into a new version of it. Raises Refused, and then nothing has changed.

    A refusal refuses; so does a warning that nobody has acknowledged. Publishing again what has not changed
    makes no new version.
    """
    lock()
    fresh = Entry.objects.select_for_update().get(pk=entry.pk)
    case = Case.of_draft(fresh, by=by, purpose="publish")
    found = judge(case)
    if objections(fresh, found):
        raise Refused(found)
    record = write(case)
    judge_versions(case.entry, record, Run())  # with the links that it has now
    for version, found in list(former_propositions(case)):
        if objections(fresh, found):
            delete_version(version)
    entry.status, entry.published_at = Status.PUBLISHED, timezone.now()
    Entry.objects.filter(pk=entry.pk).update(status=entry.status, published_at=entry.published_at)
    return record


def judge_versions(entry: Entry, record: Record, run: Run) -> None:
    """Delete the former versions that may no longer stand on their pages, by the facts and links of now."""
    for version in record.versions.all():
        if not stands(entry, version, record, run):
            delete_version(version)
            record.refresh_from_db(fields=["change"])


def lock() -> None:
    """Let one publication happen at a time, so that locks are always taken in the same order."""
    CatalogueState.objects.select_for_update().get_or_create(pk=1)


def write(case: Case, keep_version: bool = True) -> Record:
    """Write what a case says to the catalogue. The caller has judged it and holds the lock."""
    entry, content, now = case.entry, case.content, timezone.now()
    record = Record.objects.filter(identifier=entry.identifier).first()
    if record is None:
        record = Record(identifier=entry.identifier, kind=entry.kind, version=1, published_at=now)
    elif record.withdrawn_at:  # a tombstone comes back to life; its version number goes on
        record.version, record.published_at, record.withdrawn_at = record.version + 1, now, None
    elif record.content != content:
        remember(record)
        if _is_described_anew(case):  # two descriptions side by side say who fits the one and not the other
            record.versions.all().delete()
        elif keep_version:
            RecordVersion.objects.create(
                record=record,
                version=record.version,
                title=record.title,
                content=record.content,
                published_at=record.published_at,
            )
        record.version, record.published_at = record.version + 1, now
    elif published_links(record) == case.links:
        _note(entry)  # the same name may be somebody else's by now
        return record
    if record.pk:
        remember(record)
    described = _described_by(record.content, content)
    record.title, record.content, record.change = content["title"], content, next_changes()[0]
    record.save()
    is_there_again = Q(what=Redirect.What.PROPOSITION, old=record.identifier)
    tags = [Redirect.key(Redirect.What.TAG, tag) for tag in content["tags"]]
    Redirect.objects.filter(is_there_again | Q(what=Redirect.What.TAG, old__in=tags)).delete()
    _write_links(record, case.links)
    Publication.objects.update_or_create(
        entry_id=entry.pk,
        defaults={"descriptor": asdict(case.descriptor), "published_by": case.by, "published_at": now},
    )
    _note(entry)
    judged_again = case.purpose != "publish"  # then nobody publishes it who is named in the case
    note(
        What.PUBLISHED, record, f"version {record.version}{', judged again' * judged_again}",
        by=None if judged_again else case.by,
    )  # fmt: skip
    found_in_it = record.links_in.filter(tie=Tie.FOUND_IN) if entry.kind == Kind.ARTICLE else Link.objects.none()
    referring = set(found_in_it.values_list("source__identifier", flat=True))
    referring |= _citing({described}) if described else set()
    if referring:
        left.send(sender=Record, tags=set(), referring=referring)
    return record


def _is_described_anew(case: Case) -> bool:
    """Whether the holder was described in other words, counted by other people, when it was last published."""
    kept = Publication.objects.filter(entry_id=case.entry.pk).first()
    return kept is not None and kept.descriptor != asdict(case.descriptor)


def delete_version(version: RecordVersion) -> None:
    """Take a former version out, under a change number: whoever has its page asks whether anything changed."""
    record = version.record
    remember(record)
    note(What.WITHDRAWN, record, f"former version {version.version}")
    version.delete()
    Record.objects.filter(pk=record.pk).update(change=next_changes()[0])
    for entry in Entry.objects.filter(identifier=record.identifier):
        _note(entry)


def _described_by(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    """The identifier of the source that describes its holder in these words no longer; empty where there is none."""
    if not before or "holder" not in before:
        return ""
    said = {(one["source"], one["holder"]["descriptor"]) for one in (before, after) if one}
    return str(before["source"]) if len(said) > 1 or after is None else ""


def _citing(identifiers: set[str]) -> set[str]:
    """What refers to some records."""
    references = Link.objects.filter(target__identifier__in=identifiers, tie__in=Relation.values)
    return set(references.values_list("source__identifier", flat=True))


def _write_links(record: Record, links: Links) -> None:
    record.links_out.all().delete()
    Link.objects.bulk_create(
        Link(source=record, target_id=target, tie=tie, note=note) for target, tie, note in sorted(links.live)
    )
    WaitingReference.objects.filter(source=record.identifier).delete()
    WaitingReference.objects.bulk_create(
        WaitingReference(source=record.identifier, target=target, relation=tie, note=note)
        for target, tie, note in sorted(links.waiting)
    )
    join_waiting(record)


def _note(entry: Entry) -> None:
    """Note what an entry has in public, and tell of the tags that it has there no longer."""
    if lost := note_what_is_public(entry):
        carried = PublishedTag.objects.filter(name__in=lost, former=False).values_list("name", flat=True)
        Redirect.objects.filter(what=Redirect.What.TAG, new__in=lost.difference(carried)).delete()
        left.send(sender=Record, tags=lost, referring=set())


def join_waiting(record: Record) -> None:
    """Make the links that waited for this record."""
    waiting = WaitingReference.objects.filter(target=record.identifier)
    sources = dict(
        Record.objects.live().filter(identifier__in=waiting.values("source")).values_list("identifier", "pk")
    )
    Link.objects.bulk_create(
        Link(source_id=sources[one.source], target=record, tie=one.relation, note=one.note)
        for one in waiting
        if one.source in sources
    )
    waiting.filter(source__in=sources).delete()


def objections(entry: Entry, found: list[Finding]) -> list[Finding]:
    """What keeps an entry behind: every refusal, and every warning that nobody has acknowledged."""
    return [*refusals(found), *unacknowledged(entry, found)]


def stands(entry: Entry, text: Record | RecordVersion, record: Record, run: Run) -> bool:
    """Whether what is public may stay as it is: it would pass, and says rightly where it comes from. That a rule was
    loosened changes nothing: what it lets through is for a reviewer to publish."""
    case = as_published(entry, text, record, run)
    said, now = case.content.get("rule", ""), case.rule
    is_strict = said == (now or "") or bool(said and now and Rule(said).strictness > now.strictness)
    says_whence = provenance(entry).items() <= case.content.items() and not _took_another_side(case, record)
    return is_strict and says_whence and not objections(entry, judge(case))


def why_not(entry: Entry, record: Record, run: Run) -> list[str]:
    """What the gate has against a record that doesn't stand, in words."""
    found = objections(entry, judge(as_published(entry, record, record, run)))
    return [str(one) for one in found] or ["What it says of its source, its rule or its side is not so any more."]


def _took_another_side(case: Case, record: Record) -> bool:
    """Whether a former version of what is protected took a side on a proposition that it is not on any more: that one
    may name by now whom this one doesn't."""
    said, now = (content.get("proposition") for content in (case.content, record.content or {}))
    if not said or said == now or not case.protected_people:
        return False
    return Redirect.followed(Redirect.What.PROPOSITION, said) != now


def as_published(entry: Entry, text: Record | RecordVersion, record: Record, run: Run) -> Case:
    """What a record says, or said in a former version, with the facts and links of now."""
    descriptor = Descriptor()
    if isinstance(entry, Position):
        kept: Publication | None = getattr(entry, "publication", None)
        descriptor = Descriptor(**kept.descriptor) if kept else Descriptor.of(entry)
    return Case(entry, text.content or {}, published_links(record), descriptor, purpose="re-check", run=run)


def unacknowledged(entry: Entry, found: list[Finding]) -> list[Finding]:
    """The warnings that no reviewer has given a reason for, here or at the other end of what they are about."""
    warnings = [one for one in found if one.severity == Severity.WARNING]
    if not warnings:
        return []
    reasons = Acknowledgement.objects.filter(Q(entry=entry.pk) | Q(entry__identifier__in=_other_ends(warnings)))
    given = list(reasons.select_related("entry"))
    return [one for one in warnings if not _is_covered(one, entry, given)]


_SAYS_WHO = "reported_as"  # what may be said of a subject elsewhere says here who it was


def _is_covered(finding: Finding, entry: Entry, reasons: list[Acknowledgement]) -> bool:
    """Whether each of a finding's sentences has been given a reason for, in whatever field it stood; of a finding
    without sentences, whether it has been given one by itself."""
    code, field, words = finding.key
    covered: set[str] = set()
    for reason in reasons:
        is_here = reason.entry_id == entry.pk and reason.words == words
        # What a finding is about is its other end, and from there it is this one.
        from_there = entry.identifier if finding.about else words
        is_there = reason.entry.identifier in finding.others and reason.words == from_there
        if _SAYS_WHO in (field, reason.field) and field != reason.field:
            continue
        if reason.code == code and (is_here or is_there):
            if not finding.sentences and is_here and reason.field == field:
                return True
            covered.update(reason.sentences)
    return bool(finding.sentences) and covered.issuperset(finding.sentences)


def _other_ends(found: list[Finding]) -> set[str]:
    return {other for one in found for other in one.others}


def acknowledge(entry: Entry, finding: Finding, reason: str, by: User) -> Acknowledgement:
    """Keep a reviewer's reason for letting a warning pass, beside those given before.

    Raises ValueError without a reason, or for a refusal.
    """
    if finding.severity != Severity.WARNING:
        raise ValueError("A refusal can't be acknowledged; cure it.")
    if not reason.strip():
        raise ValueError("Say why it may pass.")
    code, field, words = finding.key
    if field.startswith(OF_ITS_PROPOSITION):  # kept there, once for all positions on it
        entry = Entry.objects.get(identifier__in=finding.others)
        field = field.removeprefix(OF_ITS_PROPOSITION).removesuffix(")")
    note(What.OVERRIDDEN, entry, f"{code}{f' in {field}' * bool(field)}: {reason.strip()}", by=by)
    kept = {"entry_id": entry.pk, "code": code, "field": field, "words": words, "sentences": list(finding.sentences)}
    return Acknowledgement.objects.create(**kept, reason=reason.strip(), by=by)


def dependants(entry: Entry) -> list[Entry]:
    """The published entries that hang on this one in public, directly or through another: they go when it goes."""
    found: dict[str, Entry] = {}
    queue = {entry.identifier}
    while queue:
        links = Link.objects.filter(target__identifier__in=queue, tie__in=_HOLDS)
        queue = set(links.values_list("source__identifier", flat=True)) - found.keys()
        found |= {one.identifier: one for one in Entry.objects.filter(identifier__in=queue)}
    return sorted(found.values(), key=lambda one: (list(Kind).index(Kind(one.kind)), one.title))


_HOLDS = (Tie.PART_OF, Tie.FOUND_IN, Tie.TAKES_SIDE_ON, Tie.REPORTED_FROM)


@transaction.atomic
def withdraw(entry: Entry, by: User | None = None) -> list[Record]:
    """Take an entry's record, and those that hang on it, out of the catalogue; tombstones stay.

    Withdrawing what is not published changes nothing.
    """
    lock()
    going = [*dependants(entry), entry]
    records = list(Record.objects.live().filter(identifier__in=[one.identifier for one in going]).order_by("pk"))
    described = {source for record in records if (source := _described_by(record.content, None))}
    referring = _citing({record.identifier for record in records} | described)
    for record in records:  # all of them, before the first one takes its links along
        remember(record)
    for record, change in zip(records, next_changes(len(records)) if records else (), strict=True):
        _bury(record, change)
        note(What.WITHDRAWN, record, by=by)
    gone = Entry.objects.filter(identifier__in=[record.identifier for record in records])
    gone.update(status=Status.WITHDRAWN)
    entry.refresh_from_db(fields=["status"])
    for one in gone:
        _note(one)
    if referring:
        left.send(sender=Record, tags=set(), referring=referring)
    return records


def _bury(record: Record, change: int) -> None:
    """Leave a tombstone: no title, no content, no versions, no links of its own; what points to it waits again."""
    incoming = record.links_in.filter(tie__in=Relation.values).select_related("source")
    WaitingReference.objects.bulk_create(
        [
            WaitingReference(source=link.source.identifier, target=record.identifier, relation=link.tie, note=link.note)
            for link in incoming
        ],
        ignore_conflicts=True,
    )
    record.links_in.all().delete()
    record.links_out.all().delete()
    record.versions.all().delete()
    WaitingReference.objects.filter(source=record.identifier).delete()
    record.title, record.content, record.withdrawn_at, record.change = "", None, timezone.now(), change
    record.save()


@dataclass
class Outcome:
    """What became of a run over many entries."""

    published: list[Record] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[Entry, list[Finding]]] = field(default_factory=list)


def awaiting_publication() -> Iterable[Entry]:
    """Submitted entries, in the order in which they can be published: what others hang on comes first."""
    submitted = Entry.objects.filter(status=Status.SUBMITTED)
    return [entry for kind in Kind for entry in submitted.filter(kind=kind).order_by("pk")]


def publish_many(entries: Iterable[Entry], outcome: Outcome, by: User | None = None) -> Iterator[Entry]:
    """Publish each entry on its own, noting what became of it; yields each one done, so that progress can be shown."""
    for entry in entries:
        try:
            before = Record.objects.filter(identifier=entry.identifier).values_list("change", flat=True).first()
            record = publish(entry, by)
            if record.change == before:
                outcome.unchanged += 1
            else:
                outcome.published.append(record)
        except Refused as refused:
            outcome.refused.append((entry, refused.findings))
        yield entry
