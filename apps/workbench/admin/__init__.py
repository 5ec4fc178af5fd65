"""The analysts' screens: one admin for each thing they curate."""

from apps.workbench.admin import accounts, entries, merging, parts, people, vocabulary

__all__ = ["accounts", "entries", "merging", "parts", "people", "vocabulary"]
