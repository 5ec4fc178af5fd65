"""People and organisations: private, and only here."""

from django.contrib import admin

from apps.curation.models import Organisation, Person
from apps.gate.models import Acknowledgement
from apps.workbench.admin.base import BaseAdmin
from apps.workbench.admin.naming import NamingAdmin


@admin.register(Person)
class PersonAdmin(NamingAdmin):
    name_fields = ("given_names", "family_name")
    list_display = ("name", "email")
    search_fields = ("family_name", "given_names", "aliases", "email", "slug")
    prepopulated_fields = {"slug": ("given_names", "family_name")}


@admin.register(Organisation)
class OrganisationAdmin(NamingAdmin):
    list_display = ("name", "acronym", "sector", "country")
    list_filter = ("sector",)
    search_fields = ("name", "acronym", "aliases", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Acknowledgement)
class AcknowledgementAdmin(BaseAdmin):
    """Why a warning was let pass: kept, and not edited."""

    list_display = ("entry", "code", "words", "reason", "by", "at")
    search_fields = ("words", "reason", "entry__title")
    list_select_related = ("entry", "by")

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
