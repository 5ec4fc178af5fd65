"""Where what is coded is kept: in the record, or apart from it by the second of two coders."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from apps.curation.anchoring import Selector
from apps.curation.models import Article, CodedPassage, CodedUnit, Coder, DoubleCoding, Proposition, Session
from apps.workbench.coding.forms import CodingForm, UnitForm
from apps.workbench.coding.page import Coded, coded_in, units_of
from apps.workbench.coding.saving import save, undo
from apps.workbench.coding.taking_back import Deed
from apps.workbench.editing import one_edit

_COLUMNS = ("title", "proposition_id", "on", "stance", "quantifier", "reported_as", "named_in_source")
_RELATIONS = ("speakers", "regions", "themes")
_OF_PASSAGES = ("quotation", "prefix", "suffix", "start", "end", "state")


class Record:
    """The record: what is coded is a draft of a position."""

    double: DoubleCoding | None = None  # in which the reader is the second coder
    is_open = True

    def __init__(self, source: Article | Session, by: User) -> None:
        self.source, self.by = source, by

    @property
    def rows(self) -> Any:
        return self.source.positions

    def form(self, data: Any, row: Any) -> CodingForm:
        return CodingForm(data, source=self.source, instance=row)

    def coded(self, here: str, form: str, only: int | None = None) -> list[Coded]:
        return coded_in(self.source, here, form, only)

    def save(self, form: CodingForm, places: list[tuple[int, int]]) -> tuple[Any, Deed]:
        with one_edit(self.by):
            return save(form, places, self.by)

    def undo(self, deed: Deed) -> tuple[str, str]:
        """Take back what was saved last; what was done, in words, and when the row was edited by that, empty if it is
        gone. Raises ValueError where that can't be."""
        with one_edit(self.by):
            return undo(deed, self.by)


class Apart(Record):
    """What the second of two coders finds: none of it is in the record, in its history, or among what is published."""

    double: DoubleCoding

    def __init__(self, double: DoubleCoding, by: User) -> None:
        super().__init__(double.source, by)
        self.double = double
        self.is_open = double.second_done_at is None

    @property
    def rows(self) -> Any:
        return self.double.units.filter(coder=Coder.SECOND)

    def form(self, data: Any, row: Any) -> CodingForm:
        return UnitForm(data, source=self.source, instance=row or CodedUnit(double=self.double, coder=Coder.SECOND))

    def coded(self, here: str, form: str, only: int | None = None) -> list[Coded]:
        return units_of(self.rows, here, only)

    @transaction.atomic
    def save(self, form: CodingForm, places: list[tuple[int, int]]) -> tuple[Any, Deed]:
        unit: CodedUnit = form.instance
        stored = self.rows.get(pk=unit.pk) if unit.pk else None
        unit.modified_at = timezone.now()
        unit.save()
        for name in _RELATIONS:
            getattr(unit, name).set(form.cleaned_data[name])
        unit.passages.all().delete()
        for place in places:
            words = Selector.at(self.source.text, *place)
            unit.passages.create(
                quotation=words.quotation, prefix=words.prefix, suffix=words.suffix, start=words.start, end=words.end
            )
        return unit, _deed(unit.pk, stored, unit.modified_at.isoformat())

    @transaction.atomic
    def take_out(self, unit: CodedUnit) -> Deed:
        deed = _deed(unit.pk, unit, "")
        unit.delete()
        return deed

    @transaction.atomic
    def undo(self, deed: Deed) -> tuple[str, str]:
        if not deed["saved"]:
            return self._put_back(CodedUnit(pk=deed["row"], double=self.double, coder=Coder.SECOND), deed["before"])
        unit = self.rows.filter(pk=deed["row"]).first()
        if unit is None:
            raise ValueError("It is gone already.")
        if unit.modified_at.isoformat() != deed["saved"]:
            raise ValueError(f"“{unit}” was edited since, so it stays as it is.")
        if deed["before"] is not None:
            return self._put_back(unit, deed["before"])
        unit.delete()
        return f"“{unit}” was taken back.", ""

    def _put_back(self, unit: CodedUnit, before: Deed) -> tuple[str, str]:
        for name, value in before["columns"].items():
            setattr(unit, name, value)
        if unit.proposition_id and not Proposition.objects.filter(pk=unit.proposition_id).exists():
            unit.proposition = None
        unit.modified_at = timezone.now()
        unit.save()
        for name, rows in before["relations"].items():
            model: Any = unit._meta.get_field(name).related_model
            getattr(unit, name).set(model._default_manager.filter(pk__in=rows))
        unit.passages.all().delete()
        CodedPassage.objects.bulk_create(CodedPassage(unit=unit, **one) for one in before["passages"])
        return f"“{unit}” is as it was before.", unit.modified_at.isoformat()


def _deed(row: int, before: CodedUnit | None, saved: str) -> Deed:
    """What was done to a unit; ``saved`` is empty where it was taken out."""
    found = before.modified_at.isoformat() if before else ""
    return {"row": row, "before": _as_it_is(before) if before else None, "found": found, "saved": saved}


def _as_it_is(unit: CodedUnit) -> Deed:
    return {
        "columns": {name: getattr(unit, name) for name in _COLUMNS},
        "relations": {name: list(getattr(unit, name).values_list("pk", flat=True)) for name in _RELATIONS},
        "passages": list(unit.passages.values(*_OF_PASSAGES)),
    }
