"""The analysts' screens: one admin for each thing they curate."""

from apps.workbench.admin import entries, parts, people, vocabulary

__all__ = ["entries", "parts", "people", "vocabulary"]
