"""Who may sign in: Django's own admins, with a search box that takes anything."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from apps.workbench.admin.base import Searchable

admin.site.unregister([User, Group])  # importing theirs registers them; ours take their place


@admin.register(User)
class AccountAdmin(Searchable, UserAdmin):  # type: ignore[type-arg]
    pass


@admin.register(Group)
class RoleAdmin(Searchable, GroupAdmin):
    pass
