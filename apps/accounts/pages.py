"""The pages of signing in: the password, then the second factor or its making; and the page of one's own factors."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model, login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from apps.accounts import attempts, factors, passkeys
from apps.accounts.forms import CodeForm, PasswordForm, check_code, note_locked, too_often
from apps.accounts.models import Factor
from apps.accounts.standing import BY, needs_second
from apps.audit.log import note
from apps.audit.models import What
from apps.public.api.limits import address_of

_HALF = "half_signed_in"  # in a session: whose password was right, until the second factor is given
_HALF_LASTS = 600  # seconds: long enough to set an app up
_SECRET, _ASKED = "new_factor", "asked_passkey"
_MAY_MAKE = "may_make_factor"  # in a session: when the password was given for it


class SignIn(LoginView):
    """A name and a password; whoever has a second factor, or needs one, goes on to that."""

    authentication_form = PasswordForm
    template_name = "accounts/sign_in.html"
    site: Any = None

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        onward = self.get_success_url()  # of this site: Django's own check
        if factors.has_second(user) or needs_second(user):
            session = self.request.session
            session.cycle_key()  # what was known of the session before opens nothing now
            proof = user.get_session_auth_hash()  # of the password that was right
            session[_HALF] = {"account": user.pk, "proof": proof, "at": int(time.time()), "next": onward}
            return HttpResponseRedirect(reverse("admin:second_factor"))
        sign_in(self.request, user, second=False)
        return HttpResponseRedirect(onward)

    def form_invalid(self, form: Any) -> HttpResponse:
        return answered(super().form_invalid(form), form.locked)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **self.site.each_context(self.request),
            "title": "Sign in",
            "subtitle": None,
            "app_path": self.request.get_full_path(),
        }


def sign_in(request: HttpRequest, user: Any, second: bool) -> None:
    """Begin a session of this account's under a new key; ``second`` of one whose second factor was given."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if second:
        request.session[BY] = int(time.time())
    request.session.pop(_HALF, None)
    request.session.pop(_SECRET, None)
    request.session.pop(_ASKED, None)


def answered(response: HttpResponse, locked: attempts.Locked | None) -> HttpResponse:
    """Programs see by the status and the header what the page says in words."""
    if locked:
        response.status_code = 429
        response["Retry-After"] = str(locked.seconds)
    return response


@sensitive_post_parameters("code")
def second_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The second factor of somebody whose password was right; or its making, if the account needs one and has none."""
    user = _half(request)
    if user is None:
        if site.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        messages.info(request, "Signing in took too long, or was begun elsewhere. Begin again.")
        return HttpResponseRedirect(reverse("admin:login"))
    if not factors.has_second(user):
        return _make(request, site, user, is_new=True)
    locked = problem = None
    form = CodeForm(request.POST if request.method == "POST" and "code" in request.POST else None, user=user)
    if request.method == "POST" and "passkey" in request.POST:
        locked, problem = _passkey_problem(request, user)
        if not problem:
            return _through(request, user)
    elif request.method == "POST" and form.is_valid():
        return _through(request, user)
    locked = locked or form.locked
    kinds = set(Factor.objects.filter(user=user).values_list("kind", flat=True))
    question = ""
    if Factor.Kind.PASSKEY in kinds and passkeys.can_be_used(request):
        question, request.session[_ASKED] = passkeys.to_give(request, user)
    context = {
        **site.each_context(request),
        "title": "Your second factor",
        "form": form,
        "problem": problem,
        "question": question,
        "has_app": Factor.Kind.APP in kinds,
        "has_passkey": Factor.Kind.PASSKEY in kinds,
        "who": user.get_username(),
    }
    return answered(TemplateResponse(request, "accounts/second.html", context), locked)


def _through(request: HttpRequest, user: Any) -> HttpResponse:
    onward = request.session[_HALF]["next"]
    sign_in(request, user, second=True)
    left = user.recovery_codes.count()
    if left <= 3:
        messages.warning(
            request, f"You have {left} recovery codes left. Make new ones at Second factor, at the top of the page."
        )
    return HttpResponseRedirect(onward)


def _passkey_problem(request: HttpRequest, user: Any) -> tuple[attempts.Locked | None, str]:
    name = user.get_username()
    try:
        attempts.at_code(name)
    except attempts.Locked as locked:
        if locked.is_new:
            note_locked(name)
        return locked, too_often(locked)
    state = request.session.pop(_ASKED, None)  # each question is asked once
    if state is None or not passkeys.given(request, user, state, request.POST["passkey"]):
        note(What.NOT_SIGNED_IN, f"account {user.pk}", f"{name}: wrong second factor")
        return None, "That passkey was not taken. Try again, or give a code."
    attempts.code_was_right(name)
    return None, ""


def _half(request: HttpRequest) -> Any:
    """Whose password was right in this session a short while ago, and is still the same."""
    kept = request.session.get(_HALF)
    if not kept or not 0 <= time.time() - kept["at"] <= _HALF_LASTS:
        return None
    user = get_user_model().objects.filter(pk=kept["account"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == kept["proof"] else None


# --- Making one


class NewApp(forms.Form):
    """A code of an app that was just set up: it shows that it works before it is needed."""

    code = forms.CharField(
        max_length=20,
        label="The six digits that it shows now",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class Password(forms.Form):
    """One's password once more, before something about signing in is changed."""

    password = forms.CharField(
        label="Your password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, data: Any = None, *, request: HttpRequest) -> None:
        super().__init__(data, label_suffix="")
        self._request = request
        self.locked: attempts.Locked | None = None

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        user: Any = self._request.user
        address = address_of(self._request) or ""
        try:
            attempts.at_password(user.get_username(), address)
        except attempts.Locked as locked:
            self.locked = locked
            raise forms.ValidationError(too_often(locked), code="locked") from None
        if not user.check_password(password):
            raise forms.ValidationError("That is not your password.")
        attempts.was_right(user.get_username(), address)
        return password


@sensitive_variables("secret", "codes")
def _make(request: HttpRequest, site: AdminSite, user: Any, is_new: bool) -> HttpResponse:
    """Set an app or a passkey up. ``is_new`` while signing in, of somebody who has to have one and has none."""
    session = request.session
    secret = session.get(_SECRET) or factors.new_secret()
    session[_SECRET] = secret
    form, problem, kept = NewApp(label_suffix=""), "", None
    if request.method == "POST" and "passkey" in request.POST:
        state = session.pop(_ASKED, None)
        found = passkeys.made(request, state, request.POST["passkey"]) if state else None
        if found:
            kept = (Factor.Kind.PASSKEY, *found)
        else:
            problem = "That passkey was not taken. Try again, or use an app."
    elif request.method == "POST":
        form = NewApp(request.POST, label_suffix="")
        if form.is_valid():
            step = factors.step_of(secret, form.cleaned_data["code"])
            if step:
                kept = (Factor.Kind.APP, secret, step)
            else:
                form.add_error(
                    "code", "That is not its code of this moment. Wait for the next one, and check the clock."
                )
    if kept:
        return _kept(request, site, user, kept, is_new)
    question = ""
    if passkeys.can_be_used(request):
        question, session[_ASKED] = passkeys.to_make(request, user)
    context = {
        **site.each_context(request),
        "title": "Set up a second factor",
        "form": form,
        "problem": problem,
        "question": question,
        "picture": factors.picture(secret, user),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "is_new": is_new,
        "who": user.get_username(),
    }
    return TemplateResponse(request, "accounts/make.html", context)


@sensitive_variables("codes", "kept")
def _kept(request: HttpRequest, site: AdminSite, user: Any, kept: tuple[Any, str, int], is_new: bool) -> HttpResponse:
    kind, secret, last = kept
    onward = request.session[_HALF]["next"] if is_new else reverse("admin:factors")
    if is_new:
        sign_in(request, user, second=True)
    else:
        request.session.cycle_key()
        request.session[BY] = int(time.time())
        request.session.pop(_SECRET, None)
        request.session.pop(_MAY_MAKE, None)
    name = " ".join(request.POST.get("name", "").split())[:60] or kind.label.capitalize()
    codes = factors.keep(user, kind, name, secret, last, request.session)
    if not codes:
        messages.success(request, f"“{name}” is added. Other sessions of your account are ended.")
        return HttpResponseRedirect(onward)
    return _show_codes(request, site, codes, onward)


def _show_codes(request: HttpRequest, site: AdminSite, codes: list[str], onward: str) -> HttpResponse:
    context = {**site.each_context(request), "title": "Your recovery codes", "codes": codes, "onward": onward}
    response = TemplateResponse(request, "accounts/codes.html", context)
    response["Cache-Control"] = "no-store"
    return response


# --- One's own factors


def factors_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """What one has, and the forms that change it: each asks for the password, for a session may be somebody else's."""
    user: Any = request.user
    form = Password(request.POST if request.method == "POST" else None, request=request)
    mine = Factor.objects.filter(user=user)
    if request.method == "POST" and form.is_valid():
        if "add" in request.POST and mine.count() < factors.MOST:
            request.session[_MAY_MAKE] = int(time.time())
            return HttpResponseRedirect(reverse("admin:make_factor"))
        if "codes" in request.POST and mine.exists():
            return _show_codes(request, site, factors.new_codes(user), reverse("admin:factors"))
        if "remove" in request.POST:
            _remove(request, mine)
            return HttpResponseRedirect(reverse("admin:factors"))
    context = {
        **site.each_context(request),
        "title": "Second factor",
        "form": form,
        "factors": mine,
        "left": user.recovery_codes.count(),
        "is_needed": needs_second(user),
        "most": factors.MOST,
    }
    return answered(TemplateResponse(request, "accounts/factors.html", context), form.locked)


def _remove(request: HttpRequest, mine: Any) -> None:
    which = request.POST["remove"]
    factor = get_object_or_404(mine, pk=which if which.isascii() and which.isdigit() and len(which) < 19 else 0)
    if mine.count() == 1 and needs_second(request.user):
        messages.error(request, "Your account has to have a second factor. Add another one first, then remove this.")
        return
    request.session.cycle_key()
    factors.remove(factor, request.session)
    messages.success(request, f"“{factor}” is removed. Other sessions of your account are ended.")


def make_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Set another one up, within ten minutes of the password."""
    if not 0 <= time.time() - request.session.get(_MAY_MAKE, 0) <= _HALF_LASTS:
        messages.info(request, "Give your password first, and set it up within ten minutes.")
        return HttpResponseRedirect(reverse("admin:factors"))
    return _make(request, site, request.user, is_new=False)


def with_code(request: HttpRequest, user: Any, code: str) -> bool:
    """Sign in at once, where a page asks for everything together. Raises ValidationError with what is missing."""
    second = factors.has_second(user)
    if second:
        if not code:
            raise forms.ValidationError("This account has a second factor: type a code of its app, or a recovery code.")
        try:
            check_code(user, code)
        except attempts.Locked as locked:
            raise forms.ValidationError(too_often(locked), code="locked") from None
    elif needs_second(user):
        raise forms.ValidationError("This account has to be given a second factor first: sign in in another tab.")
    sign_in(request, user, second=second)
    return True
