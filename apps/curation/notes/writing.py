"""From drafts to rows: make what is new, change what differs, leave the rest alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from graphlib import CycleError
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model
from taggit.managers import TaggableManager

from apps.curation.anchoring import WAITING, Reanchored
from apps.curation.models import Entry, Position, Session, Status
from apps.curation.models.sources import Source
from apps.curation.notes.drafts import Draft
from apps.curation.notes.problems import Problem, an, did_you_mean
from apps.curation.notes.shelf import Shelf, in_order
from apps.curation.notes.things import SESSION, THINGS, Part
from apps.curation.notes.values import Reference, holds_several
from apps.taxonomy.models import Theme

_CONSTRAINT = re.compile(r"Constraint “(\w+)” is violated\.")
Change = tuple[str, str, str]  # a field's name, and what it says before and after


class Writer:
    """Writes the drafts of the files that are loaded together. Its caller rolls back if it leaves problems."""

    def __init__(
        self,
        drafts: list[Draft],
        shelf: Shelf,
        by: User | None,
        progress: Callable[[list[Draft]], Iterable[Draft]] = iter,
        is_kept_together: bool = False,
    ) -> None:
        """With ``is_kept_together`` the caller notes on all entries that they were edited."""
        self.drafts, self.shelf, self.by, self._progress = drafts, shelf, by, progress
        self._touches = not is_kept_together
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self.made: list[Draft] = []
        self.changed: list[Draft] = []
        self.changes: dict[Draft, list[Change]] = {}  # of what was there already
        self._found: dict[tuple[str, str], Model | None] = {}
        self.written: list[tuple[Draft, Any]] = []  # drafts with their rows, changed or not

    def write(self) -> None:
        """Rows first, then what joins them, so that they may refer to one another in any order."""
        try:
            ordered = in_order(self.drafts)
        except CycleError as error:
            self._complain_of_circle(error.args[1])
            return
        self._free_numbers()
        differing = {id(draft): self._write_row(draft) for draft in self._progress(ordered)}
        for draft, instance in self.written:
            if self._write_relations(draft, instance) and not differing[id(draft)]:
                differing[id(draft)] = True
                self.changed.append(draft)
        for draft, instance in self.written:
            if isinstance(instance, Theme):
                self._check_theme(draft, instance)
            elif self._touches and isinstance(instance, Entry) and draft in self.changed:
                instance.touch(self.by)
            if isinstance(instance, Source) and instance.reanchored:
                self._note_waiting(draft, instance.reanchored)
        written = {draft for draft, _ in self.written}
        for draft in self.drafts:
            if draft not in written:
                self._look_over(draft)
        self.problems = list(dict.fromkeys(self.problems))

    def _complain(self, draft: Draft, line: int, message: str) -> None:
        self.problems.append(Problem(draft.path, line, message))

    def _complain_of_circle(self, slugs: list[str]) -> None:
        for draft in self.drafts:
            if draft.thing.name == "region" and draft.slug in slugs:
                line = draft.values["parent"].line
                self._complain(draft, line, f"Regions within one another in a circle: {', '.join(slugs)}.")

    def _free_numbers(self) -> None:
        """Let sessions change places: a number is once a workshop, and they are written one after another."""
        for draft in self.drafts:
            number = draft.values["number"].value if draft.thing is SESSION and "number" in draft.values else None
            if number is not None:
                Session.objects.filter(slug=draft.slug).exclude(number=number).update(number=None)

    # --- what is referred to

    def _resolve(self, draft: Draft, reference: Reference) -> Model | None:
        """The row that a reference means, or None with a problem noted."""
        places = [(thing, reference.slug) for thing in reference.things]
        for place in places:
            if place not in self._found:
                self._found[place] = THINGS[place[0]].model._default_manager.filter(slug=place[1]).first()
        found = [row for row in map(self._found.get, places) if row]
        if len(found) == 1:
            return found[0]
        said_there = any(other.identity in places for other in self.drafts)
        if found or not said_there:
            self._complain(draft, reference.line, self._why_not(reference, places, found))
        return None

    def _why_not(self, reference: Reference, places: list[tuple[str, str]], found: list[Model]) -> str:
        if found:
            kinds = [place[0] for place in places if self._found[place]]
            return f"“{reference.slug}” may be {' or '.join(map(an, kinds))}: write “{kinds[0]} {reference.slug}”."
        for draft in self.shelf.find(reference):
            return f"The {reference} stands in {draft.path}:{draft.line}, which has something wrong with it."
        known = self.shelf.slugs(reference.things)
        for thing in reference.things:
            known |= set(THINGS[thing].model._default_manager.values_list("slug", flat=True))
        return f"There is no {reference}.{did_you_mean(reference.slug, known)}"

    def _resolved(self, draft: Draft, value: Any) -> Any:
        """A value with its references followed; those that lead nowhere are left out, and noted."""
        if isinstance(value, Reference):
            return self._resolve(draft, value)
        if isinstance(value, list):
            rows = [self._resolve(draft, one) if isinstance(one, Reference) else one for one in value]
            return [row for row in rows if row is not None]
        return value

    def _note_waiting(self, draft: Draft, found: Reanchored) -> None:
        """Say which positions have lost a passage to another text, as far as this file doesn't mend that itself."""
        for position in found.edited:
            position.touch(self.by)
        waiting = Position.objects.filter(pk__in=[one.pk for one in found.edited], passages__state__in=WAITING)
        line = draft.values["text"].line if "text" in draft.values else draft.line
        for slug in waiting.order_by("slug").values_list("slug", flat=True).distinct():
            message = f"A passage of “{slug}” no longer stands in this text as it did, and waits for somebody to look."
            self.remarks.append(Problem(draft.path, line, message))

    # --- one row

    def _write_row(self, draft: Draft) -> bool:
        """Make or change the row of a thing; whether it is another than before."""
        if not draft.slug:
            return False
        model = draft.thing.model
        instance: Any = model._default_manager.filter(slug=draft.slug).first() or model(slug=draft.slug)
        is_new = instance.pk is None
        if isinstance(instance, Entry):
            instance.kind = instance.KIND
        placed = self._place(draft)
        changes = _assign(instance, self._columns(draft, placed))
        differs = self._set_status(draft, instance) or bool(changes)
        if is_new or differs:
            if not self._is_sound(draft, instance, placed):
                return False
            if isinstance(instance, Entry) and is_new:
                instance.modified_by = self.by
            if not self._save(draft, instance):
                return False
            (self.made if is_new else self.changed).append(draft)
            if not is_new:
                self.changes[draft] = changes
        self._found[draft.identity] = instance
        self.written.append((draft, instance))
        return is_new or differs

    def _place(self, draft: Draft) -> dict[str, Any] | None:
        """The columns that say where an entry belongs; None where that could not be written."""
        if draft.part is None or draft.parent is None:
            return {}
        parent = self._found.get(draft.parent.identity)
        return {name: place(parent) for name, place in draft.part.place.items()} if parent else None

    def _columns(self, draft: Draft, placed: dict[str, Any] | None) -> dict[str, Any]:
        """What a row's own columns shall hold, references followed; without those that lead nowhere."""
        columns = dict(placed or {})
        if draft.part and draft.part.numbered:
            columns[draft.part.numbered] = draft.number
        for name, said in draft.values.items():
            if draft.thing.model._meta.get_field(name).many_to_many:
                continue
            columns[name] = self._resolved(draft, said.value)
            if columns[name] is None and said.value is not None:
                draft.doubtful.add(name)
        return columns

    def _set_status(self, draft: Draft, instance: Any) -> bool:
        """Submit, or take back to draft. What a reviewer has published or withdrawn stays as it is."""
        changeable = draft.status and instance.status in (Status.DRAFT, Status.SUBMITTED)
        if not changeable or instance.status == draft.status:
            return False
        instance.status = draft.status
        return True

    def _is_sound(self, draft: Draft, instance: Any, placed: dict[str, Any] | None) -> bool:
        """Whether the model's rules hold; what breaks them is noted, but not what follows from an earlier problem."""
        uncertain = set(draft.doubtful)
        as_a_whole = bool(uncertain)  # what the model says of it as a whole may come of that
        if placed is None and draft.part:
            uncertain |= set(draft.part.place)
            as_a_whole |= draft.thing.is_entry
        unwritten = {field.name for field in instance._meta.fields if not field.editable}
        try:
            instance.full_clean(exclude=unwritten | uncertain)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                if name in uncertain or (name == NON_FIELD_ERRORS and as_a_whole):
                    continue
                line = draft.values[name].line if name in draft.values else draft.line
                line = draft.slug_line or line if name == "slug" else line
                label = "" if name == NON_FIELD_ERRORS else f"{name.replace('_', ' ')}: "
                for message in messages:
                    self._complain(draft, line, label + _CONSTRAINT.sub(_in_words, message))
            return False
        return not uncertain

    def _save(self, draft: Draft, instance: Any) -> bool:
        try:
            with transaction.atomic():
                instance.save()
        except (DataError, IntegrityError) as error:
            self._complain(draft, draft.line, f"The database refuses this: {error}")
            return False
        return True

    # --- what joins rows

    def _write_relations(self, draft: Draft, instance: Any) -> bool:
        """Lists of regions, tags, passages ... A list in a note is the whole list. Whether anything was otherwise."""
        differs = self._write_lists(draft, instance)
        for part in draft.thing.parts:
            if part.key in draft.rows and self._write_rows(part, instance, draft.rows[part.key]):
                self.changes.setdefault(draft, []).append((part.key, "", "other ones"))
                differs = True
        return differs

    def _write_lists(self, draft: Draft, instance: Any) -> bool:
        differs = False
        for name, said in draft.values.items():
            field = instance._meta.get_field(name)
            if not (field.many_to_many and holds_several(field)):
                continue
            manager = getattr(instance, name)
            if isinstance(field, TaggableManager):
                before = list(manager.names())
                same = {tag.casefold() for tag in before} == {tag.casefold() for tag in said.value}
                wanted = said.value
            else:
                wanted = {*self._resolved(draft, said.value), *self._mirrored(draft, field)}
                if instance in wanted:
                    self._complain(draft, said.line, f"{name}: A {draft.thing.name} can't be in a list of its own.")
                    continue
                before = list(manager.all())
                same = set(before) == wanted
            if not same:
                self.changes.setdefault(draft, []).append((name, _listed(before), _listed(wanted)))
                manager.set(wanted)
                differs = True
        return differs

    def _mirrored(self, draft: Draft, field: Any) -> Iterable[Any]:
        """Where a relation goes both ways by itself: the others that name this one, as far as they are there."""
        if not getattr(field.remote_field, "symmetrical", False):
            return []
        others = self.shelf.naming(draft, field.name)
        return field.related_model._default_manager.filter(slug__in=[other.slug for other in others])

    def _write_rows(self, part: Part, parent: Any, drafts: list[Draft]) -> bool:
        placed = {name: place(parent) for name, place in part.place.items()}
        manager = part.thing.model._default_manager
        existing = {_identity(row, part): row for row in manager.filter(**placed)}
        seen: dict[Any, Draft] = {}
        differs = False
        for draft in drafts:
            columns = self._columns(draft, placed)
            row: Any = part.thing.model()
            _assign(row, columns)
            key = _identity(row, part)
            if key in seen and not draft.doubtful:
                self._complain(draft, draft.line, f"This stands already in line {seen[key].line}. Keep one of them.")
                continue
            seen[key] = draft
            row = existing.pop(key, row)
            differs |= self._write_one(draft, row, placed, bool(_assign(row, columns)) or row.pk is None)
        # Last, so that nobody is missing meanwhile who only goes by another line.
        for row in existing.values():
            row.delete()
        return differs or bool(existing)

    def _write_one(self, draft: Draft, row: Any, placed: dict[str, Any], changed: bool) -> bool:
        if changed and not (self._is_sound(draft, row, placed) and self._save(draft, row)):
            self._look_over(draft)
            return False
        return self._write_lists(draft, row) or changed

    def _look_over(self, draft: Draft) -> None:
        """Note what else is wrong with something that can't be written, so that one import tells all."""
        for reference in draft.references():
            self._resolve(draft, reference)
        for rows in draft.rows.values():
            for one in rows:
                row = one.thing.model()
                _assign(row, self._columns(one, None))
                self._is_sound(one, row, None)

    def _check_theme(self, draft: Draft, theme: Theme) -> None:
        try:
            theme.check_broader(theme.broader.all())
            theme.check_related(theme.related.all(), theme.broader.all())
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                line = draft.values[name].line if name in draft.values else draft.line
                self._complain(draft, line, f"{name}: {' '.join(messages)}")


def _in_words(constraint: re.Match[str]) -> str:
    """A rule of the database is named so that its name can be read."""
    return f"This breaks a rule: {constraint[1].replace('_', ' ')}."


def _assign(instance: Any, columns: dict[str, Any]) -> list[Change]:
    """Set columns; those of them that held something else."""
    changes = []
    for name, value in columns.items():
        field = instance._meta.get_field(name)
        was = field.value_from_object(instance)
        before = field.get_prep_value(was)
        setattr(instance, name, value)
        now = field.value_from_object(instance)
        if before != field.get_prep_value(now):
            changes.append((str(field.verbose_name), _shown(field, was), _shown(field, now)))
    return changes


def _shown(field: Any, value: Any) -> str:
    """What a column says, as somebody reads it: a row by its name, a list by its lines."""
    if field.is_relation and value is not None:
        value = field.related_model._default_manager.filter(pk=value).first()
    return "\n".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, values)))


def _identity(row: Any, part: Part) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in part.identity)
