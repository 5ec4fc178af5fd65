"""What the gate checks before it publishes, and again whenever a private fact changes.

Each check takes a Case and yields its findings. The order is that in which an analyst reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from apps.gate.case import Case
from apps.gate.checks.description import (
    descriptions_together_are_wide_enough,
    descriptor_is_wide_enough,
    descriptor_stands_for_no_one,
)
from apps.gate.checks.identity import (
    affiliations_in_text,
    names_in_notes,
    names_in_text,
    names_only_where_allowed,
)
from apps.gate.checks.linkage import (
    address_of_a_text_about_its_speaker,
    date_singles_out,
    found_in_what_its_speaker_signed,
    linked_to_a_text_about_who_was_there,
    linked_to_its_speaker,
    tagged_with_its_speaker,
)
from apps.gate.checks.standing import embargo, four_eyes, hangs_on_the_unpublished, off_the_record, passages_stand
from apps.gate.checks.wording import address_of_what_its_speaker_signed, same_wording
from apps.gate.findings import Finding

CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    off_the_record,
    embargo,
    four_eyes,
    hangs_on_the_unpublished,
    names_only_where_allowed,
    names_in_text,
    names_in_notes,
    affiliations_in_text,
    descriptor_is_wide_enough,
    descriptions_together_are_wide_enough,
    descriptor_stands_for_no_one,
    linked_to_its_speaker,
    address_of_a_text_about_its_speaker,
    linked_to_a_text_about_who_was_there,
    found_in_what_its_speaker_signed,
    tagged_with_its_speaker,
    date_singles_out,
    same_wording,
    address_of_what_its_speaker_signed,
    passages_stand,
)


def judge(case: Case) -> list[Finding]:
    """All that the gate has to say against a case; once for the same words in the same field, wherever in it."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in (finding for check in CHECKS for finding in check(case)):
        key = (finding.key, finding.severity)
        first = found.setdefault(key, finding)
        found[key] = replace(
            first,
            sentences=tuple(dict.fromkeys((*first.sentences, *finding.sentences))),
            others=tuple(dict.fromkeys((*first.others, *finding.others))),
        )
    return list(found.values())
