"""Notes: what analysts write down, as Markdown files with YAML front matter (docs/notes-format.md)."""

from apps.curation.notes.importing import Outcome, import_notes
from apps.curation.notes.problems import Problem

__all__ = ["Outcome", "Problem", "import_notes"]
