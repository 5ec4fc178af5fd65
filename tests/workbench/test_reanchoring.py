"""Whoever edits a text is told what became of its passages; what waits for that can't be published."""

import pytest

from apps.curation.models import Article, Entry, Passage
from apps.gate.findings import Refused
from apps.gate.publication import publish
from apps.taxonomy.words import Anchoring
from tests.workbench.forms import change, form_of, save

SAID = "Ammunition that is promised for next spring deters nobody this winter."
TEXT = f"It was noted that stocks are low everywhere. {SAID} The chair moved on to the next item of the agenda."


def told(client, response) -> list[str]:
    return [str(one) for one in client.get(response["Location"]).context["messages"]]


def test_the_form_says_what_became_of_the_passages(analyst, reviewer, entries):
    Article.objects.filter(pk=entries.article.pk).update(text=TEXT)
    Passage.objects.create(position=entries.position, quotation=SAID)
    Entry.objects.update(modified_by=None)

    [said, *_] = told(analyst, save(analyst, entries.article, text=f"Notes. {TEXT}"))
    assert said == "Passages found again in the edited text: 1 moved along."
    assert Entry.objects.get(pk=entries.position.pk).modified_by is None

    [said, *_] = told(analyst, save(analyst, entries.article, text=TEXT.replace(SAID, "")))
    assert "1 lost. Not to be published until somebody has looked at them: " in said
    assert f'<a href="{change(entries.position)}">“A position”</a>' in said
    assert Entry.objects.get(pk=entries.position.pk).modified_by == analyst.user


def test_a_position_whose_passage_is_lost_waits(analyst, reviewer, entries):
    Article.objects.filter(pk=entries.article.pk).update(text=TEXT)
    Passage.objects.create(position=entries.position, quotation=SAID)
    for entry in (entries.article, entries.proposition):
        publish(entry, by=reviewer.user)
    save(analyst, entries.article, text=TEXT.replace(SAID, ""))
    with pytest.raises(Refused) as refused:
        publish(entries.position, by=reviewer.user)
    assert [one.code for one in refused.value.findings] == ["passage-does-not-stand"]
    save(analyst, entries.position, **{"passages-0-quotation": "The chair moved on to the next item"})
    assert Passage.objects.get().state == Anchoring.EXACT
    assert publish(entries.position, by=reviewer.user)


def test_the_state_is_shown_and_not_asked_for(analyst, entries):
    Passage.objects.create(position=entries.position, quotation=SAID)
    assert not [name for name in form_of(analyst, change(entries.position)) if name.endswith("-state")]
