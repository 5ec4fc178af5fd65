"""What becomes in the record of what two coders found. How far they agreed was measured before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.curation.models import Article, CodedUnit, DoubleCoding, Position, Proposition, UnitPair
from apps.public.catalogue.models import Record
from apps.workbench.admin.forms import free_slug
from apps.workbench.coding.on_proposition import keep_made, new_proposition
from apps.workbench.coding.saving import put_passages
from apps.workbench.editing import one_edit

_COLUMNS = ("title", "stance", "quantifier")
_RELATIONS = ("regions", "themes", "speakers")


class Unresolved(Exception):  # noqa: N818 - an answer, not a fault
    """Why something can't be decided so; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to hold in the record of one variable: whose it was, the value, and that in words."""

    whose: str  # first, second or else
    value: Any
    words: str


def settle(pair: UnitPair, taken: dict[str, Taken], by: User) -> Position:
    """Write what was decided about a unit that both found into the record, and keep who decided it. Raises
    Unresolved."""
    with one_edit(by, "Two coders’ readings resolved."):
        pair = _locked(pair)
        assert pair.first is not None  # both found it
        position = pair.position or _made_of(pair.double, pair.first, by)
        if "proposition" in taken:
            position.proposition = _proposition(taken["proposition"].value, by)
        for name in _COLUMNS:
            if name in taken:
                setattr(position, name, taken[name].value)
        _save(position)
        for name in _RELATIONS:
            if name in taken:
                getattr(position, name).set(taken[name].value)
        if "words" in taken and taken["words"].value:
            put_passages(position, taken["words"].value)
        position.touch(by)
        _decide(
            pair, position, by, {name: {"whose": one.whose, "words": one.words[:500]} for name, one in taken.items()}
        )
    return position


def keep(pair: UnitPair, by: User) -> Position:
    """Let what one of them found stand in the record. Raises Unresolved."""
    with one_edit(by, "Found by one of two coders, and kept."):
        pair = _locked(pair)
        unit = pair.first or pair.second
        assert unit is not None  # unit_pair_was_found_by_somebody
        position = pair.position or _made_of(pair.double, unit, by)
        _decide(pair, position, by, {"kept": True})
    return position


def drop(pair: UnitPair, by: User) -> None:
    """Take what one of them found out of the record, whose history keeps it. Raises Unresolved for what is public."""
    with one_edit(by, "Found by one of two coders, and dropped."):
        pair = _locked(pair)
        position = pair.position
        if position and Record.objects.has_live(position.identifier):
            raise Unresolved(f"“{position}” is published. Withdraw it first.")
        _decide(pair, None, by, {"kept": False})
        if position:
            position.delete()


def _locked(pair: UnitPair) -> UnitPair:
    found = UnitPair.objects.select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if found is None:
        raise Unresolved("The double coding was removed meanwhile.")
    return found


def _decide(pair: UnitPair, position: Position | None, by: User, decision: dict[str, Any]) -> None:
    pair.position, pair.decision, pair.decided_by, pair.decided_at = position, decision, by, timezone.now()
    pair.save()


def _made_of(double: DoubleCoding, unit: CodedUnit, by: User) -> Position:
    """A draft that says what a unit does."""
    source = double.source
    position = Position(
        title=unit.title,
        slug=free_slug(Position.KIND, unit.title, or_else=source.slug),
        proposition=_proposition(unit.proposition or unit.on, by),
        stance=unit.stance,
        quantifier=unit.quantifier,
        order=source.next_place(),
        modified_by=by,
        **{source.KIND.value: source},
    )
    if isinstance(source, Article):
        position.reported_as, position.named_in_source = unit.reported_as, unit.named_in_source
    _save(position)
    for name in _RELATIONS:
        getattr(position, name).set(getattr(unit, name).all())
    put_passages(position, unit.places)
    position.touch(by)
    return position


def _save(position: Position) -> None:
    try:
        position.full_clean(exclude=["identifier", "kind", "modified_by", "entry", "slug"])
    except ValidationError as error:
        raise Unresolved(f"It can’t be kept so: {' '.join(error.messages)}") from error
    position.save()


def _proposition(named: Proposition | str | None, by: User) -> Proposition | None:
    """The one that is meant; of that title, where only a title is known, and a new draft where there is none."""
    if not isinstance(named, str):
        return named
    if not named:
        return None
    if found := Proposition.objects.filter(title__iexact=named).first():
        return found
    try:
        return keep_made(new_proposition(named), by)
    except ValidationError as error:
        raise Unresolved(f"“{named}” can’t be a proposition: {' '.join(error.messages)}") from error
