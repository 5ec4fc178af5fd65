"""The analysts' screens: one admin for each thing they curate."""

from apps.workbench.admin import accounts, audit, entries, merging, parts, people, vocabulary

__all__ = ["accounts", "audit", "entries", "merging", "parts", "people", "vocabulary"]
