"""What was public and must not be any longer: words that came out rightly, until a fact behind them changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.curation.models import Attendance, Entry, Position, Session, Workshop
from apps.gate.publication import publish, withdraw
from apps.taxonomy.words import Rule
from tests.gate.planted import KnowledgeBase


class Turned:
    """Entries to publish with the rest, and the changes that take their words back.

    ``words`` are public before `change()`, each with what takes it back, and in nothing public after it.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.words: dict[str, str] = {}
        self._changes: list[Callable[[], Any]] = []
        self._protected = next(kb.protected_meetings())
        for _ in range(2):
            self._a_rule_made_stricter()
            self._a_session_taken_off_the_record()
            self._a_new_alias()
            self._a_withdrawal()
            self._a_former_version()
            self._an_edit()
        kb.write()

    def change(self) -> None:
        for change in self._changes:
            change()

    def _word(self, what: str) -> str:
        word = self.kb.words.secret()
        self.words[word] = what
        return word

    def _a_rule_made_stricter(self) -> None:
        """Participants and speakers were named."""
        kb, what = self.kb, "an open workshop that came under the Chatham House Rule"
        workshop = kb.add(Workshop, kb.claim(), rule=Rule.ON_THE_RECORD)
        session = kb.add(Session, kb.claim(), workshop=workshop)
        body = kb.body(what)
        body.name = f"{self._word(what)} Institute"
        body.save()
        for _ in range(6):
            person = kb.person(what)
            person.given_names, person.family_name = self._word(what), self._word(what)
            person.save()
            kb.later(Attendance(workshop=workshop, person=person, affiliation=body))
            kb.speaks(kb.position(session=session), person)
        self._changes.append(lambda: _set(workshop, rule=Rule.CHATHAM_HOUSE))

    def _a_session_taken_off_the_record(self) -> None:
        kb, what = self.kb, "a session that was taken off the record"
        session = kb.add(Session, self._word(what), workshop=self._protected.workshop)
        kb.position(self._word(what), session=session)
        self._changes.append(lambda: _set(session, rule=Rule.OFF_THE_RECORD))

    def _a_new_alias(self) -> None:
        kb, person = self.kb, self._protected.people[0]
        alias = self._word("an alias that came to be known")
        kb.position(f"As {alias} has it", session=self._protected.sessions[0])
        self._changes.append(lambda: _set(person, aliases=[*person.aliases, alias]))

    def _a_withdrawal(self) -> None:
        kb, what = self.kb, "something withdrawn"
        workshop = kb.add(Workshop, self._word(what), place=self._word(what))
        session = kb.add(Session, self._word(what), workshop=workshop)
        kb.position(self._word(what), session=session)
        self._changes.append(lambda: withdraw(Entry.objects.get(pk=workshop.pk)))

    def _a_former_version(self) -> None:
        """It named somebody who, as it turns out, was there."""
        kb = self.kb
        person = kb.person("somebody added to the attendance")
        person.family_name = self._word("a former version")
        person.save()
        position = kb.position(f"As {person.family_name} has it", session=self._protected.sessions[0])

        def change() -> None:
            _set(Position.objects.get(pk=position.pk), title=kb.claim())
            publish(position, by=kb.reviewer)
            Attendance.objects.create(workshop=self._protected.workshop, person=person)

        self._changes.append(change)

    def _an_edit(self) -> None:
        """Of something published, by an analyst who has not asked for review yet."""
        position = self._protected.positions[0]
        edited = {"title": self.kb.hide("an unpublished edit"), "summary": self.kb.hide("an unpublished edit")}
        self._changes.append(lambda: _set(Position.objects.get(pk=position.pk), **edited))


def _set(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    if isinstance(row, Entry):
        row.touch()
