"""A synthetic corpus, for measuring at size: plausible records, through a bulk path of their own.

Their content has the shape that the gate's builders give it. Nothing in it was ever said by anybody, and every
record is marked as synthetic, in its title too.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import count as counting_from
from itertools import islice
from typing import Any, NamedTuple

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from apps.curation.dates import PartialDate
from apps.gate.invention import Inventor
from apps.gate.publication import next_changes
from apps.public.catalogue import content
from apps.public.catalogue.models import Link, Record, Tie
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind

POSITIONS_A_SESSION, SESSIONS_A_WORKSHOP, POSITIONS_A_PROPOSITION = 125, 4, 200
_AT_ONCE = 5_000
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


class NoVocabulary(Exception):  # noqa: N818
    """There are no regions or no themes for positions to be about."""


class _Made(NamedTuple):
    """A record on its way to the database, with its links: tie, target's primary key, note."""

    pk: int
    identifier: str
    kind: Kind
    change: int
    content: content.Content
    links: tuple[tuple[Tie, int, str], ...] = ()


@transaction.atomic
def synthesize(count: int, seed: int, progress: Callable[[int], Any] = lambda done: None) -> int:
    """Add that many positions and the workshops, sessions and propositions they hang on: all, or nothing.

    The same seed on the same catalogue gives the same content. Returns the number of records added; calls
    ``progress`` with how many were added since its last call. Raises NoVocabulary.
    """
    words = vocabulary()
    if not (words.regions.nodes and words.themes.nodes):
        raise NoVocabulary
    sessions = -(-count // POSITIONS_A_SESSION)
    sizes = (-(-sessions // SESSIONS_A_WORKSHOP), sessions, -(-count // POSITIONS_A_PROPOSITION), count)
    changes = next_changes(sum(sizes))  # its lock lets nobody else write to the catalogue until we are done
    corpus = _Corpus(Inventor(f"{seed}/{changes.start}", words), zip(_free_pks(Record), changes, strict=False))
    link_pks = _free_pks(Link)
    for make, size in zip((corpus.workshop, corpus.session, corpus.proposition, corpus.position), sizes, strict=True):
        made = map(make, range(size))
        while batch := list(islice(made, _AT_ONCE)):
            _write(batch, link_pks)
            progress(len(batch))
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Record, Link]):
            cursor.execute(sql)
    return sum(sizes)


def _free_pks(model: type[models.Model]) -> Iterator[int]:
    last = model._default_manager.aggregate(last=Max("pk"))["last"]
    return counting_from((last or 0) + 1)


def _write(batch: list[_Made], link_pks: Iterator[int]) -> None:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    _insert(
        Record,
        ("id", "identifier", "kind", "title", "content", "version", "change", "published_at", "synthetic"),
        (
            (
                one.pk,
                one.identifier,
                one.kind.value,
                one.content["title"],
                json.dumps(one.content),
                1,
                one.change,
                now,
                True,
            )
            for one in batch
        ),
    )
    _insert(
        Link,
        ("id", "source_id", "target_id", "tie", "note"),
        ((next(link_pks), one.pk, target, tie.value, note) for one in batch for tie, target, note in one.links),
    )


def _insert(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows without making objects of them: several times quicker than bulk_create()."""
    table, names = connection.ops.quote_name(model._meta.db_table), ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))  # noqa: S608


class _When(NamedTuple):
    """A date in the words of a record."""

    date: str
    date_text: str
    earliest: str
    years: list[int]

    @classmethod
    def of(cls, first: dt.date, last: dt.date) -> _When:
        date = PartialDate.parse(f"{first}/{last}" if last > first else f"{first}")
        return cls(str(date), date.words(), date.earliest.isoformat(), date.years)


_NEVER = _When("", "", "", [])


class _Corpus:
    """Makes records one after another; what later ones hang on is kept."""

    def __init__(self, inventor: Inventor, numbers: Iterator[tuple[int, int]]) -> None:
        self.invent, self.numbers = inventor, numbers  # of primary keys with change numbers
        self.workshops: list[tuple[_Made, dt.date, dt.date, str]] = []
        self.sessions: list[tuple[_Made, _Made, _When, str]] = []
        self.propositions: list[_Made] = []

    def workshop(self, number: int) -> _Made:
        (first, last), rule = self.invent.days(), self.invent.rule()
        made = self._made(
            Kind.WORKSHOP,
            content.WorkshopContent(
                **self._common(f"Workshop {self.invent.name()}", _When.of(first, last), rule),
                host=f"Institute {1 + number % 40} (synthetic)",
                place="",
                rule_note="",
                key_questions=[f"Is it so that {self.invent.clause()}?" for _ in range(3)],
                participants=[],
            ),
        )
        self.workshops.append((made, first, last, rule))
        return made

    def session(self, number: int) -> _Made:
        workshop, first, last, rule = self.workshops[number // SESSIONS_A_WORKSHOP]
        place = number % SESSIONS_A_WORKSHOP
        day = min(last, first + dt.timedelta(days=place // 2))
        when = _When.of(day, day)
        made = self._made(
            Kind.SESSION,
            content.SessionContent(
                **self._common(self.invent.claim(), when, rule),
                workshop=workshop.identifier,
                number=place + 1,
                rule_note="",
                key_questions=[],
                participants=[],
            ),
            (Tie.PART_OF, workshop.pk, ""),
        )
        self.sessions.append((made, workshop, when, rule))
        return made

    def proposition(self, number: int) -> _Made:
        made = self._made(Kind.PROPOSITION, content.PropositionContent(**self._common(self.invent.claim(), _NEVER, "")))
        self.propositions.append(made)
        return made

    def position(self, number: int) -> _Made:
        session, workshop, when, rule = self.sessions[number // POSITIONS_A_SESSION]
        proposition = self.invent.pick(self.propositions) if self.invent.rng.random() < 0.7 else None
        stance, order = self.invent.stance(), 1 + number % POSITIONS_A_SESSION
        sides = [(Tie.TAKES_SIDE_ON, proposition.pk, stance)] if proposition else []
        return self._made(
            Kind.POSITION,
            content.PositionContent(
                **self._common(self.invent.claim(), when, rule),
                stance=stance,
                proposition=proposition.identifier if proposition else "",
                source=session.identifier,
                workshop=workshop.identifier,
                order=order,
                holder=self.invent.holder(),
                passages=[
                    content.Passage(
                        quotation="", prefix="", suffix="", locator=f"note {order}", start=None, end=None, state=""
                    )
                ],
            ),
            (Tie.FOUND_IN, session.pk, ""),
            *sides,
        )

    def _common(self, title: str, when: _When, rule: str) -> content.Common:
        regions, themes = self.invent.regions(), self.invent.themes()
        return content.Common(
            title=f"{title} (synthetic)",
            summary=self.invent.summary(regions[0], themes[0]),
            date=when.date,
            date_text=when.date_text,
            earliest=when.earliest,
            years=when.years,
            regions=regions,
            themes=themes,
            tags=self.invent.tags(),
            rule=rule,
        )

    def _made(self, kind: Kind, made: content.Content, *links: tuple[Tie, int, str]) -> _Made:
        pk, change = next(self.numbers)
        return _Made(pk, _identifier(change), kind, change, made, links)


def _identifier(change: int) -> str:
    """Eight characters for a change number, different for each: none is handed out twice, so nor is an identifier.

    Real identifiers are spread over the same 650 thousand million, so meeting one by chance is not to be expected.
    """
    number = (change * 388_047_901_537 + 77_777_777_777) % len(_ALPHABET) ** 8  # prime to 30, so one to one
    digits = []
    for _ in range(8):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)
