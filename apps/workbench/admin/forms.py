"""The forms of entries and of what belongs to them, where the model's own checks don't reach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import InlineForeignKeyField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from apps.curation.models import Article, Entry
from apps.curation.models.entries import identifier_of
from apps.curation.names import slug_of
from apps.taxonomy.words import Kind
from apps.workbench.admin.fields import Around, TagsField


def free_slug(kind: Kind, title: str, or_else: str = "", but: int | None = None) -> str:
    """A slug made of a title that no entry of the kind has, or ever had, except the one with the key ``but``; empty
    where the title gives none and nothing stands in for it."""

    def is_taken(slug: str) -> bool:
        others = Entry.objects.filter(kind=kind, slug=slug).exclude(pk=but)
        return others.exists() or (not but and _names_an_entry(kind, slug))

    return slug_of(title, is_taken, or_else)


def _names_an_entry(kind: Kind, slug: str) -> bool:
    return Entry.objects.filter(identifier=identifier_of(kind, slug)).exists()


class EntryLineForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry's title and slug and a little more: a line on the form of another entry."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # it is not where somebody may only look
            self.fields["slug"].required = False

    @property
    def seen(self) -> str:
        """When the entry was edited last, as whoever is shown this form has seen it; empty for a new one."""
        return self.instance.modified_at.isoformat() if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen = self.data.get(self.add_prefix("seen"), "")
        if seen and seen != self.seen and self._says_something():
            raise ValidationError(self._edited_by_another(), code="edited")
        return cleaned

    def _says_something(self) -> bool:
        """A line that nobody touched overwrites nothing."""
        return self.has_changed()

    def _edited_by_another(self) -> SafeString:
        return format_html(
            "{who} has edited “{entry}” since you opened this, {when}. Nothing was saved, and what you typed is still "
            'here. See <a href="{history}" target="_blank">what was changed</a>; saving again writes yours over it.',
            who=self.instance.modified_by or "Somebody",
            entry=Entry.objects.get(pk=self.instance.pk),
            when=f"on {localtime(self.instance.modified_at):%-d %B, at %H:%M}",
            history=reverse(f"admin:curation_{self.instance.kind}_history", args=[self.instance.pk]),
        )

    def clean_slug(self) -> str:
        """The slug typed, or one made of the title: with a script the browser fills it in, without one it is ours to.

        No two entries of a kind share a slug, nor an identifier, which an entry keeps when its slug changes.
        """
        slug, kind = self.cleaned_data["slug"], self.instance.KIND
        if not slug:
            return self._slug_of_title()
        if other := self._others().filter(slug=slug).first():
            raise ValidationError(f"The {kind.label.lower()} “{other}” has this slug. Choose another.")
        if self._was_anothers(slug):
            raise ValidationError(f"Another {kind.label.lower()} once had this slug. Choose another.")
        return slug

    def _slug_of_title(self) -> str:
        slug = free_slug(self.instance.KIND, self.cleaned_data.get("title", ""), but=self.instance.pk)
        if not slug:
            raise ValidationError("Type one: small Latin letters, digits and hyphens. The title gives none.")
        return slug

    def _others(self) -> QuerySet[Entry]:
        return Entry.objects.filter(kind=self.instance.KIND).exclude(pk=self.instance.pk)

    def _was_anothers(self, slug: str) -> bool:
        return self.instance.pk is None and _names_an_entry(self.instance.KIND, slug)

    def _post_clean(self) -> None:
        """Let the model judge a line of something that is only just being added.

        What has no number yet stands as number -1 for as long as this takes: a model asks whether there is one.
        """
        links = (field for field in self.fields.values() if isinstance(field, InlineForeignKeyField))
        parent = next((field.parent_instance for field in links), None)  # type: ignore[attr-defined]
        is_new = parent is not None and parent.pk is None
        if is_new:
            parent.pk = -1
        super()._post_clean()  # type: ignore[misc]
        if is_new:
            parent.pk = None


class EntryForm(EntryLineForm):
    """An entry, whole."""

    tags = TagsField()

    def _says_something(self) -> bool:
        return True  # what belongs to it is on the form too


class SessionForm(EntryForm):
    """A session stays with the workshop whose people came to it."""

    def clean_workshop(self) -> Any:
        workshop = self.cleaned_data["workshop"]
        if self.instance.pk and workshop.pk != self.instance.workshop_id and self.instance.attendances.exists():
            raise ValidationError(
                f"Its attendance is that of “{self.instance.workshop}”. Take the attendance out before you move it."
            )
        return workshop


class ArticleForm(EntryForm):
    def clean_doi(self) -> str:
        doi = self.cleaned_data["doi"]
        if doi and (other := Article.objects.filter(doi=doi).exclude(pk=self.instance.pk).first()):
            raise ValidationError(f"“{other}” has this DOI, so it may be the same work.")
        return doi


class PositionForm(EntryForm):
    def _get_validation_exclusions(self) -> set[str]:
        # The model's clean() judges the source in words; the constraint would say it again in its own name.
        return {*super()._get_validation_exclusions(), "session"}  # type: ignore[misc]


class NumberedLineForm(forms.ModelForm):  # type: ignore[type-arg]
    """A line that has a place among its fellows; left empty, it comes after them (see NumberedLines)."""

    number = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.number in self.fields:
            self.fields[self.number].required = False
            if self.instance.pk is None:
                self.initial[self.number] = None


class AuthorForm(NumberedLineForm):
    number = "order"


class PassageForm(NumberedLineForm):
    """Where a position stands: a quotation, a place, or both."""

    number = "number"

    class Meta:
        field_classes = {"prefix": Around, "suffix": Around}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("locator") and not cleaned.get("quotation"):
            self.add_error("locator", "Give the place, the exact words, or both.")
        start, end = cleaned.get("start"), cleaned.get("end")
        if (start is None) != (end is None):
            self.add_error("end" if end is None else "start", "Give both ends, or neither.")
        elif start is not None and end is not None and end <= start:
            self.add_error("end", "It ends after it starts.")
        return cleaned


class ReferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A cross-reference joins two entries."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        source, target = cleaned.get("source"), cleaned.get("target")
        if source and target and source.pk == target.pk:  # one of them is given as its kind, so they never are equal
            raise ValidationError("A cross-reference joins two entries; this one leads back to where it starts.")
        return cleaned


class OncePerFormset(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Lines of which no two may say the same: the database would refuse what the single line can't see."""

    once: tuple[str, ...] = ()
    refusal = ""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            if values.get("DELETE") or not values.get(self.once[-1]):
                continue
            key = tuple(values.get(name) for name in self.once)
            if key in seen:
                form.add_error(self.once[-1], self.refusal)
            seen.add(key)


class NumberedLines(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Lines in their order: a new one without a number takes the next."""

    def clean(self) -> None:
        super().clean()
        name: str = self.form.number  # type: ignore[attr-defined]
        filled = [form for form in self.forms if getattr(form, "cleaned_data", {})]
        lines = [form for form in filled if not form.cleaned_data.get("DELETE")]
        last = max((form.cleaned_data.get(name) or 0 for form in lines), default=0)
        for form in lines:
            if form.cleaned_data.get(name) is None and form.has_changed():
                last += 1
                setattr(form.instance, name, last)


class LinesOfEntries(OncePerFormset):
    once = ("slug",)
    refusal = "Another line has this slug."


class LinesOfAttendance(OncePerFormset):
    once = ("session", "person")
    refusal = "This person is on another line for the same meeting."


class LinesOfSessionAttendance(OncePerFormset):
    """Attendance of a session, which belongs to the session's workshop too; so the workshop isn't asked for."""

    once = ("person",)
    refusal = "This person is on another line."

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.instance.workshop_id:
            form.instance.workshop_id = self.instance.workshop_id
        return form

    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.workshop_id = self.instance.workshop_id
        return super().save_new(form, commit)
