"""What a step changes of many rows, each as it was before and as it is after, so that the step can be taken back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from apps.curation.parts import AT_ONCE, in_parts
from apps.taxonomy.models import VocabularyState

Values = dict[str, Any]
Rows = dict[type[Model], dict[Any, Values]]  # by model and primary key
Change = dict[str, Any]  # of one row, as JSON: "model", "pk", and "before" and "after", None where there was no row

_EDITED = ("modified_at", "modified_by_id")  # both are put back or neither: who edited it since stays its last editor
# Where an entry stands, not what it says: put back where it is as the step left it, and else no obstacle.
STANDING = ("status", "published_at", *_EDITED)


class ChangedSince(Exception):  # noqa: N818 - an answer, not a fault
    """What would be put back was changed by somebody else since; ``what`` says what, a line each."""

    def __init__(self, what: list[str]) -> None:
        super().__init__(" ".join(what))
        self.what = what


def read(selected: Iterable[QuerySet[Any]]) -> Rows:
    """Rows as the database has them now, whole."""
    found: Rows = {}
    for rows in selected:
        of_model = found.setdefault(rows.model, {})
        columns = [column.attname for column in rows.model._meta.local_concrete_fields]
        for values in rows.order_by().values_list("pk", *columns).iterator(chunk_size=AT_ONCE):
            of_model[values[0]] = dict(zip(columns, map(_plain, values[1:]), strict=True))
    return found


def again(rows: Rows) -> Rows:
    """The same rows as they are now, as far as they are still there."""
    found: Rows = {}
    for model, known in rows.items():
        for some in in_parts(list(known)):
            for of_model, values in read([model._base_manager.filter(pk__in=some)]).items():
                found.setdefault(of_model, {}).update(values)
    return found


def changes(before: Rows, after: Rows) -> list[Change]:
    """What is otherwise after a step; of a row that stays, the columns that differ. What others need comes first."""
    found = []
    for model in dict.fromkeys((*before, *after)):
        old, new = before.get(model, {}), after.get(model, {})
        for pk in dict.fromkeys((*old, *new)):
            was, now = old.get(pk), new.get(pk)
            if was is not None and now is not None:
                differing = [name for name in was if was[name] != now[name]]
                was, now = ({name: values[name] for name in differing} for values in (was, now))
            if was != now:
                found.append({"model": model._meta.label, "pk": pk, "before": was, "after": now})
    return found


def obstacles(made: list[Change]) -> list[str]:
    """What somebody changed since of that which would be put back, a line each."""
    return [line for one, now in _with_now(made) if (line := _obstacle(one, now))]


def _obstacle(one: Change, now: Values | None) -> str:
    model, before, after = apps.get_model(one["model"]), one["before"], one["after"]
    if after is None:
        return f"{_called(model, one['pk'], before)} is there again." if now is not None else ""
    if now is None:
        return f"{_called(model, one['pk'], after)} was deleted or taken out since."
    if differing := [name for name in after if name not in STANDING and now[name] != after[name]]:
        names = ", ".join(str(_column(model, name).verbose_name) for name in differing)
        return f"{_called(model, one['pk'], now)} was changed since: {names}."
    return ""


def put_back(made: list[Change]) -> None:
    """Make rows what they were before a step. Raises ChangedSince, and then nothing has changed.

    Rows are written past their models, exactly as they were: whoever calls sees to it that they are judged again.
    """
    if found := obstacles(made):
        raise ChangedSince(found)
    try:
        with transaction.atomic():
            _bring_back([one for one in made if one["after"] is None])
            _change_back([(one, now) for one, now in _with_now(made) if one["before"] and one["after"]])
            for one in reversed([one for one in made if one["before"] is None]):
                apps.get_model(one["model"])._base_manager.filter(pk=one["pk"]).delete()
            if any(one["model"].startswith("taxonomy.") for one in made):
                VocabularyState.advance()  # which saving does, and nobody saves here
    except IntegrityError as error:
        raise ChangedSince(["Something else has its place by now: its name, its slug or its number."]) from error


def _bring_back(gone: list[Change]) -> None:
    for one in gone:
        model = apps.get_model(one["model"])
        row = model(**{name: _column(model, name).to_python(value) for name, value in one["before"].items()})
        row.save_base(raw=True, force_insert=True)


def _change_back(changed: list[tuple[Change, Values | None]]) -> None:
    alike: dict[tuple[type[Model], tuple[str, ...]], list[Model]] = defaultdict(list)
    for one, now in changed:
        model = apps.get_model(one["model"])
        names = tuple(name for name in one["before"] if now and _is_as_left(name, one["after"], now))
        values = {name: _column(model, name).to_python(one["before"][name]) for name in names}
        alike[model, names].append(model(**{model._meta.pk.attname: one["pk"]} | values))
    for (model, names), rows in alike.items():
        if names:
            fields = [_column(model, name).name for name in names]
            model._base_manager.bulk_update(rows, fields, batch_size=AT_ONCE)


def _is_as_left(name: str, after: Values, now: Values) -> bool:
    together = _EDITED if name in _EDITED else (name,)
    return all(now[one] == after[one] for one in together if one in after)


def _with_now(made: list[Change]) -> Iterator[tuple[Change, Values | None]]:
    """Each change with the row as it is now."""
    keys: Rows = {}
    for one in made:
        keys.setdefault(apps.get_model(one["model"]), {})[one["pk"]] = {}
    now = again(keys)
    for one in made:
        yield one, now.get(apps.get_model(one["model"]), {}).get(one["pk"])


def _called(model: type[Model], pk: Any, values: Values) -> str:
    """What a row goes by: its own name, or for one that only joins two, theirs."""
    name = str(model._meta.verbose_name).capitalize()
    if row := model._base_manager.filter(pk=pk).first():
        return f"{name} “{row}”"
    said = values.get("title") or values.get("name") or values.get("family_name")
    return f"{name} “{said}”" if said else f"{name} no. {pk}"


def _column(model: type[Model], attname: str) -> Any:
    return next(column for column in model._meta.local_concrete_fields if column.attname == attname)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, dt.date) else value
