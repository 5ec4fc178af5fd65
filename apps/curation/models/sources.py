"""What positions are found in: a text that is kept as it was written, and that their passages are anchored in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q

from apps.curation.anchoring import Reanchored, normalised, reanchor, settle_all

if TYPE_CHECKING:
    from apps.curation.models.articles import Article
    from apps.curation.models.double_codings import CodedPassage
    from apps.curation.models.meetings import Session
    from apps.curation.models.positions import Passage

    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class SourceTextField(_TextField):
    """A source text, normalised on its way to the database, whoever writes it: passages count its code points."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        setattr(model_instance, self.attname, self.get_prep_value(getattr(model_instance, self.attname)))
        return super().pre_save(model_instance, add)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return normalised(value) if isinstance(value, str) else value


class Source(models.Model):
    """An entry with a text; to save it with another text is to look for every passage in it again."""

    text: str
    positions: Any
    reanchored: Reanchored | None = None  # what came of that when it was saved last, if it had to be done

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        columns = kwargs.get("update_fields")
        if self._state.adding or (columns is not None and "text" not in columns):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            formerly = self.stored_text()
            super().save(*args, **kwargs)
            self.reanchored = self.find_again(formerly) if formerly != self.text else None

    def find_again(self, formerly: str) -> Reanchored | None:
        """Look for every passage in the text as it is, from where it stood in the former one; what came of that, if
        there are any in the record."""
        settle_all(self.passages_apart(), self.text, formerly)
        passages = self.passages()
        return reanchor(passages, self.text, formerly) if passages else None

    def next_place(self) -> int:
        """The number that another position found in it would have."""
        return (self.positions.aggregate(last=models.Max("order"))["last"] or 0) + 1

    def stored_text(self) -> str:
        """As the database has it; in a transaction, which keeps others from it until it ends."""
        rows = type(self)._default_manager.filter(pk=self.pk).select_for_update(of=("self",))
        return rows.values_list("text", flat=True).first() or ""  # type: ignore[misc]

    def passages(self) -> list[Passage]:
        """Those of all positions that are found in it."""
        positions = self.positions.prefetch_related("passages").order_by("pk")
        return [passage for position in positions for passage in position.passages.all()]

    def passages_apart(self) -> list[CodedPassage]:
        """Those that two coders found, which are none of the record."""
        double = getattr(self, "double_coding", None)
        units = double.units.prefetch_related("passages") if double else ()
        return [passage for unit in units for passage in unit.passages.all()]


class InOneSource:
    """What is found in one source: an article or a session."""

    article: Any
    session: Any

    @property
    def source(self) -> Article | Session:
        source: Article | Session | None = self.article or self.session
        assert source is not None  # in_one_source()
        return source


def in_one_source(name: str) -> models.CheckConstraint:
    """The database's word for it."""
    either = Q(article__isnull=False, session=None) | Q(article=None, session__isnull=False)
    return models.CheckConstraint(condition=either, name=name)
