"""Finding passages again: what a text is, what says where a passage stands in it, and how it is looked for."""

from apps.curation.anchoring.lookup import Text
from apps.curation.anchoring.passages import WAITING, Reanchored, reanchor, settle, settle_all
from apps.curation.anchoring.selectors import CONTEXT, LOST, Anchor, Selector, flat, normalised

__all__ = [
    "CONTEXT",
    "LOST",
    "WAITING",
    "Anchor",
    "Reanchored",
    "Selector",
    "Text",
    "flat",
    "normalised",
    "reanchor",
    "settle",
    "settle_all",
]
