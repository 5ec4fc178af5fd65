"""The analysts' screens: one admin for each thing they curate."""

from apps.workbench.admin import accounts, entries, parts, people, vocabulary

__all__ = ["accounts", "entries", "parts", "people", "vocabulary"]
