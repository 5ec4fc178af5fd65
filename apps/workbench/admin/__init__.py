"""The analysts' screens: one admin for each thing they curate."""

from django.contrib import admin

from apps.workbench.admin import entries, people, vocabulary

admin.site.site_header = "Deterrence KB workbench"
admin.site.site_title = "Workbench"
admin.site.index_title = "What you curate"

__all__ = ["entries", "people", "vocabulary"]
