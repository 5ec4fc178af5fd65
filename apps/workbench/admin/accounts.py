"""Who may sign in, and with which roles: Django's own admins, within what whoever is at them may give."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from apps.accounts.factors import take_away
from apps.workbench.admin.base import Searchable
from apps.workbench.roles import may_change_account, may_give

admin.site.unregister([User, Group])  # importing theirs registers them; ours take their place

_FOR_SUPERUSERS = ("is_superuser", "user_permissions")


@admin.register(User)
class AccountAdmin(Searchable, UserAdmin):  # type: ignore[type-arg]
    actions = ("take_away_second_factors",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Permissions come with roles: without a superuser, nobody gives them one by one."""
        shown = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return shown
        return [
            (heading, {**options, "fields": [name for name in options["fields"] if name not in _FOR_SUPERUSERS]})
            for heading, options in shown
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_change_account(request.user, obj)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = may_give(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.action(description="Take away the second factor, which is lost", permissions=["change"])
    def take_away_second_factors(self, request: HttpRequest, queryset: Any) -> None:
        """Of accounts that whoever asks may change: else they could take over those that may more."""
        for user in queryset:
            name = user.get_username()
            if not self.has_change_permission(request, user):
                messages.error(request, f"You may not change the account of {name}.")
            elif take_away(user, by=request.user):
                messages.success(request, f"{name} signs in with the password alone, or sets up another second factor.")
            else:
                messages.info(request, f"{name} had no second factor.")


@admin.register(Group)
class RoleAdmin(Searchable, GroupAdmin):
    pass
