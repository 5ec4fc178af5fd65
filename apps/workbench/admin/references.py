"""References: adding articles from what other programs export, finding what is only cited, and what is here twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join

from apps.curation.intake.result import Unreadable
from apps.curation.models import Article
from apps.curation.references.items import Unfit
from apps.curation.references.reading import ACCEPTED, LABELS, LONGEST, joined, read, read_file
from apps.curation.references.rows import Row
from apps.public.catalogue.models import Record
from apps.workbench.admin.fields import Prose
from apps.workbench.admin.gate import GateAdmin, form_of
from apps.workbench.editing import one_edit
from apps.workbench.models import Apart
from apps.workbench.references import doubles
from apps.workbench.references.matching import match, unresolved, with_candidates
from apps.workbench.references.proposing import Done, Here, Proposal, carry_out, proposals, shown
from apps.workbench.signing_in import keeps_what_was_typed

ON_A_PAGE = 20
_NAMED = 20  # articles in one message


class ReferencesForm(forms.Form):
    """References, pasted or in a file."""

    pasted = Prose(
        required=False,
        strip=False,
        label="Paste references",
        help_text="CSL-JSON, BibTeX or RIS, one reference or many. Which of them it is, is found out.",
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "spellcheck": "false"}),
    )
    file = forms.FileField(
        required=False,
        label="Or choose a file",
        help_text="What Zotero, EndNote or a publisher exports: .json, .bib or .ris.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text, self.remark, self.format = "", "", ""
        self.rows: list[Row] = []

    def clean(self) -> dict[str, Any]:
        """Read what was given, so that what can't be read is answered beside its field."""
        cleaned = super().clean() or self.cleaned_data
        pasted, file = cleaned.get("pasted", ""), cleaned.get("file")
        if pasted.strip() and file:
            raise ValidationError("Paste references or choose a file, one at a time.")
        if not (pasted.strip() or file or self.errors):
            raise ValidationError("Paste references, or choose a file.")
        try:
            self.text = self._text_of(file) if file else pasted
            if self.text.strip():
                self.format, self.rows = read(self.text)
        except Unreadable as unreadable:
            self.add_error("file" if file else "pasted", str(unreadable))
        return cleaned

    def _text_of(self, file: Any) -> str:
        if file.size > 4 * LONGEST:
            raise Unreadable(
                f"The file has {file.size / 1e6:,.0f} megabytes, which is too much. Export it in smaller parts."
            )
        text, self.remark = read_file(file.read())
        return text.replace("\x00", "")


class References(GateAdmin):
    """What the admin of articles does with references."""

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "references": self.references_view, "unresolved": self.unresolved_view, "doubles": self.doubles_view,
        }  # fmt: skip
        return [
            *(
                path(f"{page}/", keeps_what_was_typed(self.admin_site, view), name=f"curation_article_{page}")
                for page, view in views.items()
            ),
            *super().get_urls(),
        ]

    # --- Adding

    def references_view(self, request: HttpRequest) -> HttpResponse:
        """Paste, look at what was read, and choose for each reference what becomes of it."""
        if not (self.has_add_permission(request) and request.user.has_perm("curation.add_person")):
            raise PermissionDenied
        cited = self._cited(request)
        if request.method != "POST":
            return self._shown(request, ReferencesForm(), [], cited)
        form = ReferencesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._shown(request, form, [], cited)
        if form.remark:
            messages.info(request, form.remark)
        here = Here(cited)
        found = proposals(shown(_references(form.rows)), here, request.POST)
        if "take" not in request.POST:
            return self._shown(request, form, found, cited)
        done = list(carry_out(found, here, request.POST, request.user))
        self._tell(request, done)
        return self._rest(request, form, found, done, cited)

    def _cited(self, request: HttpRequest) -> Article | None:
        """The citation that somebody wants to find the work of."""
        key = request.POST.get("resolves") or request.GET.get("resolves") or request.GET.get("only") or ""
        return unresolved().filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 18 else None

    def _rest(
        self, request: HttpRequest, form: ReferencesForm, found: list[Proposal], done: list[Done], cited: Article | None
    ) -> HttpResponse:
        """What is still to be done: what could not be, and what was not on the page yet."""
        gone = [id(one.row) for one in done]
        rest = [row for row in form.rows if id(row) not in gone]
        if not _references(rest):
            resolved = cited is not None and any(one.article and one.article.pk == cited.pk for one in done)
            return HttpResponseRedirect(reverse(f"admin:curation_article_{'unresolved' if resolved else 'references'}"))
        errors = {one.row.key: one.error for one in found}
        form.text = joined(form.format, rest)
        form.rows = read(form.text)[1]
        again = proposals(shown(_references(form.rows)), Here(self._cited(request)), request.POST)
        for one in again:
            one.error = errors.get(one.row.key, "")
        return self._shown(request, form, again, self._cited(request))

    def _shown(
        self, request: HttpRequest, form: ReferencesForm, found: list[Proposal], cited: Article | None
    ) -> HttpResponse:
        if found:  # what was in a file, or is left of what was pasted, is what the form has now
            form, read_from = ReferencesForm(initial={"pasted": form.text}), form
            number, name = len(_references(read_from.rows)), LABELS[read_from.format]
        else:
            number, name = 0, ""
        context = {
            "form": form, "found": found, "cited": cited, "number": number, "format": name,
            "later": number - len(found), "broken": sum(bool(one.row.problem) for one in found),
            "not_done": sum(bool(one.error) for one in found),
        }  # fmt: skip
        return self._references_page(request, "workbench/references.html", "Add references", context)

    def _tell(self, request: HttpRequest, done: list[Done]) -> None:
        added = [one.article for one in done if one.article and one.is_added]
        filled = [one.article for one in done if one.article and not one.is_added]
        for what, articles in (("Added as drafts", added), ("What they were lacking was filled in", filled)):
            if articles:
                links = format_html_join(
                    ", ", '<a href="{}">{}</a>', ((form_of(one), one) for one in articles[:_NAMED])
                )
                more = f" and {len(articles) - _NAMED} more" if len(articles) > _NAMED else ""
                messages.success(request, format_html("{}: {}{}.", what, links, more))
        if skipped := sum(one.article is None for one in done):
            messages.info(request, f"{skipped} skipped.")
        for article in added:
            self.log_addition(request, article, "Added from a reference.")
        for article in filled:
            self.log_change(request, article, "Filled in from a reference.")
        self._tell_of_public(request, [one.outcome for one in done])

    # --- Citations of what isn't found yet

    def unresolved_view(self, request: HttpRequest) -> HttpResponse:
        """Works that are only cited so far, with what they may be; POST says that one is another."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            self._match(request)
            return HttpResponseRedirect(request.get_full_path())
        only = self._cited(request)
        asked = unresolved().filter(pk=only.pk) if only else unresolved()
        page = Paginator(asked, ON_A_PAGE).get_page(request.GET.get("page"))
        rows = with_candidates(list(page.object_list), request.user)
        live = set(
            Record.objects.live()
            .filter(identifier__in=[one.article.identifier for one in rows])
            .values_list("identifier", flat=True)
        )
        context = {
            "page": page, "rows": rows, "live": live, "only": only,
            "may_publish": self.has_publish_permission(request),
        }  # fmt: skip
        return self._references_page(request, "workbench/unresolved.html", "Cited and not found yet", context)

    def _match(self, request: HttpRequest) -> None:
        if not (self.has_change_permission(request) and self.has_delete_permission(request)):
            raise PermissionDenied
        cited, article = (self._of_key(request, name) for name in ("cited", "article"))
        if cited is None or article is None:
            messages.warning(request, "One of the two is not here any more. Look again.")
            return
        is_public = Record.objects.has_live(cited.identifier)
        if is_public and not self.has_publish_permission(request):
            messages.error(request, f"“{cited}” is public, and to match it takes it out. Ask a reviewer to match it.")
            return
        try:
            with one_edit(request.user, f"“{cited}” turned out to be “{article}”") as outcome:
                self.log_change(request, article, f"It is what was cited as “{cited.cited_as}”.")
                match(cited, article, request.user)
        except Unfit as unfit:
            messages.error(request, str(unfit))
            return
        said = 'What cited “{}” cites <a href="{}">{}</a> now. The former is among the deleted entries.'
        messages.success(request, format_html(said, cited, form_of(article), article))
        self._tell_of_public(request, [outcome()])

    # --- What is here twice

    def doubles_view(self, request: HttpRequest) -> HttpResponse:
        """Articles that look the same, two by two; POST says that two are not, or that they may be after all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            self._say(request)
            return HttpResponseRedirect(request.get_full_path())
        page = Paginator(doubles.pairs(), ON_A_PAGE).get_page(request.GET.get("page"))
        apart = Apart.objects.select_related("one", "other", "by").order_by("-at", "-pk")
        context = {
            "page": page, "pairs": doubles.shown(list(page.object_list)), "apart": apart[:50],
            "may_change": self.has_change_permission(request),
        }  # fmt: skip
        return self._references_page(request, "workbench/doubles.html", "Articles that look the same", context)

    def _say(self, request: HttpRequest) -> None:
        one, other = (self._of_key(request, name) for name in ("one", "other"))
        if one is None or other is None or one.pk == other.pk:
            messages.warning(request, "One of the two is not here any more. Look again.")
        elif "again" in request.POST:
            doubles.compare_again(one.pk, other.pk)
            messages.success(request, f"“{one}” and “{other}” are compared again.")
        else:
            with transaction.atomic():
                doubles.say_apart(one.pk, other.pk, request.user)
            messages.success(request, f"Kept: “{one}” and “{other}” are not the same.")

    # --- On the form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After an article is saved by hand, say what looks the same; it is saved all the same."""
        super().save_related(request, form, formsets, change)
        if not change or {"title", "doi", "url"} & set(form.changed_data):
            for article, reason in doubles.doubles_of(form.instance)[:3]:
                said = '<a href="{}">“{}”</a> looks the same: {} <a href="{}">Compare them</a>.'
                where = reverse("admin:curation_article_doubles")
                messages.warning(request, format_html(said, form_of(article), article, reason, where))

    # --- What pages share

    def _of_key(self, request: HttpRequest, name: str) -> Article | None:
        return self.get_object(request, request.POST.get(name, ""))

    def _tell_of_public(self, request: HttpRequest, outcomes: list[Any]) -> None:
        for one in outcomes:
            if one and one.changed_something:
                messages.warning(request, f"What is public was judged again by the facts as they are now: {one}")

    def _references_page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, {**shared, **context})


def _references(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not row.is_aside]
