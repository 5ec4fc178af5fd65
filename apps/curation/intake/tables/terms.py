"""What a text is about, beyond the labels of the vocabulary."""

from __future__ import annotations

# Words of one family, each read as the one that labels use.
FAMILIES = {
    "credible": "credibility",
    "resilient": "resilience",
    "escalate": "escalation",
    "escalated": "escalation",
    "escalating": "escalation",
    "escalatory": "escalation",
    "prioritise": "prioritisation",
    "prioritising": "prioritisation",
    "prioritised": "prioritisation",
    "priority": "prioritisation",
    "assure": "assurance",
    "reassure": "reassurance",
    "reassuring": "reassurance",
    "signal": "signalling",
    "partner": "partnership",
    "consultation": "consultation",
    "deterrent": "deterrence",
    "expectation": "expectation",
    "trilateral": "trilateral",
}
# Words with an everyday sense beside the one that the vocabulary means: what they stand in then.
EVERYDAY = {
    "space": "no space | more space | little space | political space | space for | space to | breathing space | in this space",
    "axis": "axis of advance",
    "expectations": "contrary to expectations",
    "stability": "political stability",
    "signalling": "signal openness",
}
# American spellings and British ones; labels are read in the same way.
SPELLINGS = {
    "defense": "defence",
    "theater": "theatre",
    "labor": "labour",
    "gray": "grey",
    "program": "programme",
    "signaling": "signalling",
    "center": "centre",
    "organization": "organisation",
    "prioritization": "prioritisation",
    "modernization": "modernisation",
}
