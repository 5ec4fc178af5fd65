"""Merging from a list or from a row's own page, splitting a theme; and the list of what was merged, to undo it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from apps.curation.journal import ChangedSince
from apps.curation.merging import CannotMerge, clashes
from apps.curation.models import Entry, Merge
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Theme
from apps.workbench.admin.base import KEY, BaseAdmin
from apps.workbench.merging import Done, NeedsReviewer, Part, Step, kept_by, merge, parts, split, taken, tried, undo

MOST = 20  # that are made one at a time
_FOUND = 30  # rows that a search for doubles offers
_A_WORD = "This changes what is public, so it is for somebody who may publish. Ask a reviewer."


@dataclass(frozen=True, slots=True)
class Preview:
    """What a step would come to, for its page."""

    parts: list[Part]
    done: Done | None
    obstacles: list[CannotMerge]
    is_for_reviewers: bool

    @property
    def may_be_done(self) -> bool:
        return self.done is not None and not self.is_for_reviewers

    @classmethod
    def of(cls, step: Step, moving: list[Part], by: Any, found: Iterable[CannotMerge] = ()) -> Preview:
        obstacles, done = list(found), None
        try:
            done = tried(step) if not obstacles else None
        except CannotMerge as error:
            obstacles.append(error)
        needs = done is not None and done.changes_records and not by.has_perm("curation.publish_entry")
        return cls(moving, done, obstacles, needs)


class MergingAdmin(BaseAdmin):
    """A list whose rows can be made one."""

    merge_template = "workbench/merge.html"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if self.may_merge(request):
            actions["merge_selected"] = (_merge_selected, "merge_selected", "Merge …")
        return actions

    def may_merge(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_delete_permission(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("merge/", view(self.merge_view), name=self._name("merge")),
            path("<path:object_id>/merge/", view(self.doubles_view), name=self._name("doubles")),
            *super().get_urls(),
        ]

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page: str, *args: Any) -> str:
        return reverse(f"admin:{self._name(page)}", args=args)

    def merge_address(self, keys: Iterable[Any]) -> str:
        return f"{self.address('merge')}?{urlencode([('of', key) for key in keys])}"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None and self.may_merge(request):
            context["merge_into"] = self.address("doubles", obj.pk)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def doubles_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Find what a row is to be merged with."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        self._permit(request)
        typed = request.GET.get("q", "").replace("\x00", " ").strip()
        found, _ = self.get_search_results(request, self.model._default_manager.all(), typed)
        rows = list(found.exclude(pk=row.pk).distinct()[:_FOUND]) if typed else []
        context = self._context(request, f"Merge “{row}” with …") | {"row": row, "typed": typed, "found": rows}
        return TemplateResponse(request, "workbench/merge_find.html", context)

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Show what would move if some rows became one, and make them one."""
        self._permit(request)
        sent = request.POST if request.method == "POST" else request.GET
        rows = self._rows(sent.getlist("of"))
        if len(rows) < 2:
            messages.warning(request, f"Choose two {self.opts.verbose_name_plural} at least to be made one.")
            return HttpResponseRedirect(self.address("changelist"))
        if len(rows) > MOST:
            messages.warning(request, f"At most {MOST} can be made one at a time. Choose fewer.")
            return HttpResponseRedirect(self.address("changelist"))
        chosen = next((row for row in rows if str(row.pk) == sent.get("keep")), None)
        keep = chosen or _likely(rows)
        doubles = [row for row in rows if row.pk != keep.pk]
        step = partial(merge, keep, doubles, request.user)  # type: ignore[arg-type]
        if request.method == "POST":
            if chosen is None:
                messages.warning(request, "Say first which one is kept.")
            elif self._take(request, step):
                return HttpResponseRedirect(self.address("change", keep.pk))
            return HttpResponseRedirect(f"{self.merge_address(row.pk for row in rows)}&keep={keep.pk}")
        found = [clash for double in doubles for clash in clashes(keep, double)]
        context = self._context(request, "Merge") | {
            "rows": [(row, self.address("change", row.pk), _uses(row)) for row in rows],
            "keep": keep,
            "doubles": doubles,
            "preview": Preview.of(step, parts(keep, doubles), request.user, found),
            "others": _other_names(keep, doubles),
        }
        return TemplateResponse(request, self.merge_template, context)

    def _permit(self, request: HttpRequest) -> None:
        if not self.may_merge(request):
            raise PermissionDenied

    def _rows(self, keys: list[str]) -> list[Any]:
        return list(self.model._default_manager.filter(pk__in=_keys(keys)[: MOST + 1]))

    def _take(self, request: HttpRequest, step: Step) -> bool:
        """Take a step, or say why not."""
        try:
            done = taken(step, request.user)  # type: ignore[arg-type]
        except CannotMerge as error:
            messages.error(request, str(error))
            return False
        except NeedsReviewer:
            messages.error(request, _A_WORD)
            return False
        messages.success(request, f"{done.merge}. Undo it under “Merges” if it was wrong.")
        if done.recheck and done.recheck.changed_something:
            messages.warning(request, f"What is public was judged again by the facts as they are now: {done.recheck}")
        return True

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "a_word": _A_WORD}


def _keys(sent: list[str]) -> list[int]:
    """Primary keys, each once; what can't be one is none."""
    return list(dict.fromkeys(int(key) for key in sent if KEY.fullmatch(key)))


def _merge_selected(model_admin: MergingAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
    return HttpResponseRedirect(model_admin.merge_address(queryset.values_list("pk", flat=True)[: MOST + 1]))


def _uses(row: Model) -> int:
    return sum(part.total for part in parts(None, [row]))


def _is_public(row: Model) -> bool:
    return isinstance(row, Entry) and Record.objects.has_live(row.identifier)


def _likely(rows: list[Any]) -> Any:
    """The one that is kept unless somebody says otherwise: what is public, then what most rows name."""
    return max(rows, key=lambda row: (_is_public(row), _uses(row), -row.pk))


def _other_names(keep: Any, doubles: list[Any]) -> str:
    """What becomes of the names of those that go, in words."""
    match str(keep._meta.model_name):
        case "tag":
            return "Tags have no other names: the name goes."
        case "theme":
            return (
                "Their labels become alternative labels. Definition and scope note are taken over only where the one "
                "that is kept has none."
            )
        case "proposition":
            return "Their titles, summaries and private notes go into the private note of the one that is kept."
        case _:
            return "Their names become aliases, and their private notes are added to its own."


# --- Splitting a theme


class SplitForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name of the new theme")
    slug = forms.SlugField(max_length=80, help_text="Part of the public address. Never changes once used.")
    narrower = forms.BooleanField(required=False, initial=True, label="It is a part of the old theme (narrower)")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for field, wanted in (("name", "name__iexact"), ("slug", "slug")):
            if (value := cleaned.get(field)) and Theme.objects.filter(**{wanted: value}).exists():
                self.add_error(field, f"There is a theme with this {field} already.")
        return cleaned


class SplittingAdmin(MergingAdmin):
    """A theme that turned out to be several can be made two."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.split_view)
        return [path("<path:object_id>/split/", view, name=self._name("split")), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None and self.has_change_permission(request) and self.has_add_permission(request):
            context["split"] = self.address("split", obj.pk)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def split_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Name a new theme, choose which entries are about that one, look at what would change, and do it."""
        theme = self.get_object(request, unquote(object_id))
        if theme is None:
            raise Http404
        if not (self.has_change_permission(request) and self.has_add_permission(request)):
            raise PermissionDenied
        form = SplitForm(request.POST or None)
        typed = request.POST.get("q", "").replace("\x00", " ").strip()[:200]
        chosen = _keys(request.POST.getlist("entry"))
        preview = None
        if request.method == "POST" and "_search" not in request.POST and form.is_valid():
            new = Theme(name=form.cleaned_data["name"], slug=form.cleaned_data["slug"])
            step = partial(split, theme, new, chosen, form.cleaned_data["narrower"], request.user)  # type: ignore[arg-type]
            if not chosen:
                form.add_error(None, "Choose at least one entry that is about the new theme.")
            elif "_split" in request.POST:
                if self._take(request, step):
                    return HttpResponseRedirect(self.address("change", theme.pk))
            else:
                preview = Preview.of(step, [], request.user)
        elif "_search" in request.POST:
            form = SplitForm(initial=request.POST.dict() | {"narrower": "narrower" in request.POST})
        about = Entry.objects.filter(themes=theme)
        shown = about.filter(title__icontains=typed) if typed else about
        context = self._context(request, f"Split “{theme}”") | {
            "theme": theme,
            "form": form,
            "typed": typed,
            "entries": [(entry, entry.pk in chosen) for entry in shown[:_ENTRIES]],
            "total": shown.count(),
            "most": _ENTRIES,
            "elsewhere": [pk for pk in chosen if pk not in {entry.pk for entry in shown[:_ENTRIES]}],
            "chosen": about.filter(pk__in=chosen),
            "preview": preview,
        }
        return TemplateResponse(request, "workbench/split.html", context)


_ENTRIES = 500  # listed at a time; the search finds the others


# --- What was done


@admin.register(Merge)
class MergeAdmin(BaseAdmin):
    """What was merged and split, by whom and when; each can be undone."""

    list_display = ("__str__", "what", "by", "at", "undone_at")
    list_filter = ("what",)
    search_fields = ("kept", "gone")
    list_select_related = ("by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merge]:
        return super().get_queryset(request).defer("rows", "public")  # megabytes, where thousands moved

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a merge changed, and a button that undoes it."""
        done = self.get_object(request, unquote(object_id))
        if done is None:
            raise Http404
        if not self.has_view_permission(request, done):
            raise PermissionDenied
        obstacles: list[str] = []
        if request.method == "POST":
            if not self._may_undo(request, done):
                raise PermissionDenied
            if (found := self._undo(request, done)) is None:
                return HttpResponseRedirect(request.path)
            obstacles = found
        kept = kept_by(done)
        what = Done(done, None)
        context = {
            **self.admin_site.each_context(request),
            "title": str(done),
            "opts": self.opts,
            "merge": done,
            "done": what,
            "kept": kept,
            "entries": _page_of(done, request),
            "obstacles": obstacles,
            "may_undo": self._may_undo(request, done),
            "is_for_reviewers": what.changes_records and not request.user.has_perm("curation.publish_entry"),
            "a_word": _A_WORD,
        }
        return TemplateResponse(request, "workbench/merged.html", context)

    def _may_undo(self, request: HttpRequest, done: Merge) -> bool:
        """Whoever may merge these may take it back."""
        kept = (
            Theme
            if done.what == Merge.What.SPLIT
            else next(model for model in self.admin_site._registry if model._meta.model_name == done.what)
        )
        of_kind = self.admin_site._registry[kept]
        return of_kind.has_change_permission(request) and of_kind.has_delete_permission(request)

    def _undo(self, request: HttpRequest, done: Merge) -> list[str] | None:
        """Undo a merge; what stands in the way, or None where nothing did."""
        try:
            for line in undo(done, request.user):  # type: ignore[arg-type]
                messages.warning(request, line)
        except ChangedSince as error:
            return error.what
        except NeedsReviewer:
            return [_A_WORD]
        except ValueError as error:
            return [str(error)]
        messages.success(request, "It is undone: everything is as it was before.")
        return None


def _page_of(done: Merge, request: HttpRequest) -> Any:
    """The entries that a merge edited, a page of them."""
    keys = [one["pk"] for one in done.rows if one["model"] == Entry._meta.label]
    return Paginator(Entry.objects.filter(pk__in=keys).order_by("title", "pk"), 50).get_page(request.GET.get("page"))
