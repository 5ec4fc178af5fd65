"""What was read waits in a table of its own until an analyst has decided: nothing is lost, nothing comes twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from apps.curation.intake.candidates import CONTEXT, Proposal, Reader
from apps.curation.intake.result import LONGEST_TEXT, Unreadable
from apps.curation.models import Article, Candidate, Passage, Session
from apps.taxonomy.models import Region, Theme

Source = Article | Session

_FEW_WORDS = 6  # shorter sentences say the same again and again (“Others agreed.”): what goes before tells them apart
_LONGEST_REMARK = 500
_LONGEST_HOLDER = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reading brought: new candidates, what was taken for no claim, and what was known already."""

    new: int = 0
    folded: int = 0
    known: int = 0


def may_replace(source: Source) -> bool:
    """Whether its text may be replaced: not where passages stand in it, which would point at other words then."""
    return not Passage.objects.filter(**{f"position__{source.KIND.value}": source}).exists()


@transaction.atomic
def take(source: Source, text: str, reader: Reader, *, replace: bool = False) -> Outcome:
    """Put a text into the source, after what is there or in its place, and what it may hold among the candidates.

    A text that the source has already isn't put in twice. Raises Unreadable where the text would be endless, or where
    one with passages in it would be replaced.
    """
    place = source.text.find(text) if source.text else 0
    if replace and not may_replace(source):
        raise Unreadable("Passages stand in the text that is there, so it can't be replaced. Put the new one after it.")
    if replace or not source.text.strip():
        source.text, place = text, 0
    elif place < 0:
        place = len(source.text.rstrip("\n")) + 2
        source.text = f"{source.text.rstrip(chr(10))}\n\n{text}"
    if len(source.text) > LONGEST_TEXT:
        raise Unreadable(
            f"With this, the text would have {len(source.text):,} characters; {LONGEST_TEXT:,} at most can be kept. "
            "Make a session of its own for it."
        )
    source.save()
    return read_into(source, reader, place, place + len(text))


@transaction.atomic
def read_into(source: Source, reader: Reader, start: int = 0, end: int | None = None) -> Outcome:
    """Read a stretch of a source's text. What is known by its words stays as it is, wherever it stands now."""
    proposals = reader.read(source.text[start:end])
    prints = _fingerprints(proposals)
    known = {one.fingerprint: one for one in Candidate.objects.of(source)}
    fresh: list[tuple[Candidate, Proposal]] = []
    moved: list[Candidate] = []
    for proposal, fingerprint in zip(proposals, prints, strict=True):
        candidate = known.get(fingerprint)
        if candidate is None:
            candidate = known[fingerprint] = _candidate(source, proposal, fingerprint)
            fresh.append((candidate, proposal))
        elif candidate.pk and candidate.is_waiting:
            moved.append(candidate)
        else:
            continue
        _put_at(candidate, source.text, start + proposal.start, start + proposal.end)
    Candidate.objects.bulk_update(moved, ["start", "end", "prefix", "suffix"], batch_size=200)
    Candidate.objects.bulk_create([candidate for candidate, _ in fresh], batch_size=200)
    _join(fresh)
    folded = sum(bool(proposal.no_claim) for _, proposal in fresh)
    return Outcome(new=len(fresh) - folded, folded=folded, known=len(proposals) - len(fresh))


def _fingerprints(proposals: Sequence[Proposal]) -> Iterable[str]:
    before = ""
    for proposal in proposals:
        words = proposal.quotation.casefold().split()
        basis = " ".join(words if len(words) >= _FEW_WORDS else [before, "|", *words])
        yield hashlib.sha256(basis.encode()).hexdigest()[:32]
        before = " ".join(words)


def _candidate(source: Source, proposal: Proposal, fingerprint: str) -> Candidate:
    return Candidate(
        **{source.KIND.value: source},
        fingerprint=fingerprint,
        no_claim=proposal.no_claim,
        quotation=proposal.quotation,
        title=proposal.claim or proposal.quotation[:300],
        stance=proposal.stance,
        quantifier=proposal.quantifier,
        reported_as=proposal.phrase[:_LONGEST_HOLDER] if isinstance(source, Article) else "",
        descriptor_sector=proposal.sector,
        descriptor_country=proposal.country,
        descriptor_role=proposal.role,
        remark=proposal.remark[:_LONGEST_REMARK],
    )


def _put_at(candidate: Candidate, text: str, start: int, end: int) -> None:
    candidate.start, candidate.end = start, end
    candidate.prefix, candidate.suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _join(fresh: list[tuple[Candidate, Proposal]]) -> None:
    """Give new candidates their regions, themes and speakers, in a query each."""
    regions = dict(Region.objects.values_list("slug", "pk"))
    themes = dict(Theme.objects.values_list("slug", "pk"))
    for field, column, keys in (
        ("regions", "region_id", lambda one: [regions[slug] for slug in one.regions if slug in regions]),
        ("themes", "theme_id", lambda one: [themes[slug] for slug in one.themes if slug in themes]),
        ("speakers", "person_id", lambda one: one.speakers),
    ):
        through = getattr(Candidate, field).through
        rows = [through(candidate_id=candidate.pk, **{column: key}) for candidate, one in fresh for key in keys(one)]
        through.objects.bulk_create(rows, batch_size=400)
    experts = [(candidate, one) for candidate, one in fresh if one.expertise in regions]
    for candidate, one in experts:
        candidate.descriptor_expertise_id = regions[one.expertise]
    Candidate.objects.bulk_update([candidate for candidate, _ in experts], ["descriptor_expertise"], batch_size=400)


def place_now(candidate: Candidate) -> tuple[int, int] | None:
    """Where its words stand in the source's text as that is now; None where they don't, or it isn't sure which."""
    text, words = candidate.source.text, candidate.quotation
    if text[candidate.start : candidate.end] == words:
        return candidate.start, candidate.end
    places = []
    place = text.find(words)
    while place >= 0:
        places.append(place)
        place = text.find(words, place + 1)
    if len(places) > 1:
        around = candidate.prefix, candidate.suffix
        places = [one for one in places if _around(text, one, len(words), around)]
    return (places[0], places[0] + len(words)) if len(places) == 1 else None


def _around(text: str, place: int, length: int, around: tuple[str, str]) -> bool:
    prefix, suffix = around
    return text[:place].endswith(prefix) and text[place + length :].startswith(suffix)
