"""Tagging and cross-referencing an entry, from its public page or from the workbench, and what is suggested for it."""
