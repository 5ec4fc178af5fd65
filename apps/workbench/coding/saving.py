"""Saving a position from the coding view, and taking back what was saved last."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from apps.curation.anchoring import Selector
from apps.curation.models import Passage, Position, Proposition, Status
from apps.public.catalogue.models import Record
from apps.workbench.coding.forms import CodingForm
from apps.workbench.coding.taking_back import Deed

_COLUMNS = ("title", "stance", "proposition_id", "quantifier", "reported_as", "named_in_source")
_RELATIONS = ("speakers", "regions", "themes")
_OF_PASSAGES = ("number", "locator", "quotation", "prefix", "suffix", "start", "end", "state")


@transaction.atomic
def save(form: CodingForm, places: list[tuple[int, int]], by: User) -> tuple[Position, Deed]:
    """Keep a valid form as a draft, or as an edit of what is there, with its passages at these places of the text."""
    position: Position = form.instance
    before = _as_it_is(position.pk) if position.pk else None
    found = position.modified_at.isoformat() if position.pk else ""
    proposition = form.make_proposition(by)
    if position.pk is None:
        position.modified_by = by
        position.order = form.source.next_place()
    position.save()
    for name in _RELATIONS:
        getattr(position, name).set(form.cleaned_data[name])
    put_passages(position, places)
    position.touch(by)
    deed = {
        "row": position.pk,
        "before": before,
        "found": found,
        "proposition": proposition.pk if proposition else None,
        "saved": position.modified_at.isoformat(),
    }
    return position, deed


def put_passages(position: Position, places: list[tuple[int, int]]) -> None:
    """Passages at these places and no others, but for those that only say a page; what is kept keeps its locator."""
    text = position.source.text
    kept = {(one.start, one.end): one for one in position.passages.all() if one.quotation}
    gone = [one for place, one in kept.items() if place not in places or one.quotation != text[slice(*_whole(place))]]
    for passage in gone:
        passage.delete()
    numbers = (position.passages.aggregate(last=Max("number"))["last"] or 0) + 1
    for place in places:
        if place in kept and kept[place] not in gone:
            continue
        selector = Selector.at(text, *place)
        locator = kept[place].locator if place in kept else ""
        Passage.objects.create(
            position=position, number=numbers, locator=locator, quotation=selector.quotation, prefix=selector.prefix,
            suffix=selector.suffix, start=selector.start, end=selector.end,
        )  # fmt: skip
        numbers += 1


def _whole(place: tuple[int | None, int | None]) -> tuple[int, int]:
    return place[0] or 0, place[1] or 0


@transaction.atomic
def undo(deed: Deed, by: User) -> tuple[str, str]:
    """Take back what was saved last; what was done, in words, and when the position was edited by that, empty if it is
    gone. Raises ValueError where somebody has gone on from it."""
    position = Position.objects.filter(pk=deed["row"]).first()
    if position is None:
        raise ValueError("It is gone already.")
    if position.modified_at.isoformat() != deed["saved"]:
        raise ValueError(f"“{position}” was edited since, so it stays as it is.")
    if deed["before"] is not None:
        _put_back(position, deed["before"], by)
        done, now = f"“{position}” is as it was before.", position.modified_at.isoformat()
    else:
        if position.status != Status.DRAFT or Record.objects.has_live(position.identifier):
            raise ValueError(f"“{position}” is on its way to the public, so it isn't taken back here.")
        done, now = f"“{position}” was taken back.", ""
        position.delete()
    proposition = Proposition.objects.filter(pk=deed["proposition"]).first() if deed["proposition"] else None
    if proposition and proposition.status == Status.DRAFT and not proposition.positions.exists():
        proposition.delete()
    return done, now


def _as_it_is(pk: int) -> Deed:
    position = Position.objects.get(pk=pk)
    return {
        "columns": {name: getattr(position, name) for name in _COLUMNS},
        "relations": {name: list(getattr(position, name).values_list("pk", flat=True)) for name in _RELATIONS},
        "passages": list(position.passages.values(*_OF_PASSAGES)),
    }


def _put_back(position: Position, before: Deed, by: User) -> None:
    for name, value in before["columns"].items():
        setattr(position, name, value)
    try:
        position.full_clean(exclude=["identifier", "kind", "modified_by", "entry", "slug"])
    except ValidationError as error:
        raise ValueError(f"It can't be put back: {' '.join(error.messages)}") from error
    position.save()
    for name, rows in before["relations"].items():
        getattr(position, name).set(rows)
    position.passages.all().delete()
    for columns in before["passages"]:
        Passage.objects.create(position=position, **columns)
    position.touch(by)
