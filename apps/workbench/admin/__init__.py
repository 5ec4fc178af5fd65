"""The analysts' screens: one admin for each thing they curate."""

from apps.workbench.admin import entries, people, vocabulary

__all__ = ["entries", "people", "vocabulary"]
