"""The course of a double coding: it is asked for, each of the two says when they are done, both are compared."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.curation.agreement.matching import pair_up
from apps.curation.models import Article, CodedPassage, CodedUnit, Coder, DoubleCoding, Session

_ASKED = "Two people have been asked to code this already."


@transaction.atomic
def ask(source: Article | Session, first: User, second: User) -> DoubleCoding:
    """Have a source coded by a second analyst. Raises ValidationError, in words, where that can't be."""
    if not source.text.strip():
        raise ValidationError("There is no text here yet to code.")
    if DoubleCoding.objects.of(source).exists():
        raise ValidationError(_ASKED)
    if source.positions.filter(modified_by=second).exists():
        raise ValidationError(
            f"{second} has edited positions of this text, so they can't code it independently of them any more. "
            "Choose somebody else."
        )
    double = DoubleCoding(first=first, second=second, **{source.KIND.value: source})
    double.validate_constraints()
    try:
        with transaction.atomic():
            double.save()
    except IntegrityError as error:  # somebody else did, at the same moment
        raise ValidationError(_ASKED) from error
    return double


@transaction.atomic
def say_done(double: DoubleCoding, coder: Coder) -> DoubleCoding:
    """Note that one of the two is done; where both are, what they found is put side by side. From then on both may
    read it, and what is measured stays as it was."""
    double = DoubleCoding.objects.select_for_update(of=("self",)).get(pk=double.pk)
    if double.compared_at or double.done_at(coder):
        return double
    if coder == Coder.FIRST:
        _copy_of_the_record(double)
    setattr(double, f"{coder}_done_at", timezone.now())
    if double.first_done_at and double.second_done_at:
        double.compared_at = timezone.now()
        double.sentences = pair_up(double)
    double.save()
    return double


@transaction.atomic
def go_on(double: DoubleCoding, coder: Coder) -> None:
    """Take back that somebody is done. Raises ValueError once the two are compared."""
    double = DoubleCoding.objects.select_for_update(of=("self",)).get(pk=double.pk)
    if double.compared_at:
        raise ValueError("Both were done, and what they found has been compared: it can't be coded independently now.")
    if coder == Coder.FIRST:
        double.units.filter(coder=Coder.FIRST).delete()
    setattr(double, f"{coder}_done_at", None)
    double.save()


def _copy_of_the_record(double: DoubleCoding) -> None:
    """Keep what the first coder found as it is now: what becomes of the record afterwards is no coding of theirs."""
    rows = double.source.positions.select_related("proposition").prefetch_related(
        "passages", "regions", "themes", "speakers"
    )
    for position in rows.order_by("order", "pk"):
        unit = CodedUnit.objects.create(
            double=double,
            coder=Coder.FIRST,
            position=position,
            title=position.title,
            proposition=position.proposition,
            on=position.proposition.title if position.proposition else "",
            stance=position.stance,
            quantifier=position.quantifier,
            reported_as=position.reported_as,
            named_in_source=position.named_in_source,
        )
        for name in ("regions", "themes", "speakers"):
            getattr(unit, name).set(getattr(position, name).all())
        CodedPassage.objects.bulk_create(
            CodedPassage(
                unit=unit,
                **{name: getattr(one, name) for name in ("quotation", "prefix", "suffix", "start", "end", "state")},
            )
            for one in position.passages.all()
            if one.quotation
        )
