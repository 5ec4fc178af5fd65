"""Databases of the Discourse Network Analyzer (DNA 3): who agrees with which concept in which document.

A document becomes an article, a concept a proposition, and a statement a position on it with the passage at the same
characters; its agreement is the stance. The person becomes the speaker, since the document names them; where there is
none, the organisation describes the holder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from apps.curation.anchoring import flat
from apps.curation.imports.plan import Plan
from apps.curation.imports.slugs import Slugs
from apps.curation.imports.texts import clean, shortened
from apps.curation.intake.apart import read_apart
from apps.curation.intake.result import LONGEST_TEXT
from apps.curation.notes.drafts import Draft
from apps.curation.notes.things import ARTICLE, ORGANISATION, PERSON, PROPOSITION, Thing
from apps.taxonomy.words import Genre, Sector, Stance

_PATIENCE = 60  # seconds that reading may take
_ROLES = {"person": "person", "organization": "organisation", "organisation": "organisation", "concept": "concept"}
_AGREEMENT = "agreement"
_LONGEST = {"title": 300, "outlet": 200, "name": 200, "holder": 120, "given": 120}
Row = dict[str, Any]


@dataclass(slots=True)
class _Said:
    """What a statement says, variable by variable."""

    entities: dict[str, int] = field(default_factory=dict)  # by role, an entity's number
    agreement: int | None = None
    others: list[str] = field(default_factory=list)  # variables that we have no field for, in words


def read(name: str, data: bytes) -> Plan:
    """What a database holds. Raises Unreadable for what is none of DNA 3."""
    tables, _ = read_apart(data, "imports.dna_database", "export a part of it as a new database", patience=_PATIENCE)
    return _Reader(name, tables).read()


class _Reader:
    def __init__(self, name: str, tables: dict[str, Any]) -> None:
        self.plan, self.tables = Plan.of(name), tables
        self.variables: dict[int, Row] = {row["ID"]: row for row in tables["VARIABLES"]}
        self.types: dict[int, str] = {row["ID"]: row["Label"] for row in tables["STATEMENTTYPES"]}
        self.entities: dict[int, Row] = {row["ID"]: row for row in tables["ENTITIES"]}
        self.documents: dict[int, Row] = {row["ID"]: row for row in tables["DOCUMENTS"]}
        self.attributes = self._attributes()
        self.said = self._said()
        self.slugs = {thing.name: Slugs(thing) for thing in (PERSON, ORGANISATION, PROPOSITION)}
        self.drafts: dict[tuple[str, str], Draft] = {}  # by thing and slug
        self.left: Counter[str] = Counter()
        self.comma_less = 0

    def read(self) -> Plan:
        statements: dict[int, list[Row]] = defaultdict(list)
        for row in self.tables["STATEMENTS"]:
            if row["DocumentId"] in self.documents:
                statements[row["DocumentId"]].append(row)
            else:
                self.plan.problem(
                    f"statement {row['ID']}", f"There is no document {row['DocumentId']} that it stands in."
                )
        for number, row in self.documents.items():
            text = clean(row["Text"])
            article = self._article(row, text)
            places = _Places(row["Text"], text)
            found = sorted(statements[number], key=lambda one: (one["Start"], one["Stop"], one["ID"]))
            taken = [one for one in found if self._is_position(one)]
            for order, statement in enumerate(taken, start=1):
                self._position(article, statement, places, order)
        self._tell_what_is_left()
        return self.plan

    # --- What the tables say together

    def _attributes(self) -> dict[int, dict[str, str]]:
        names = {row["ID"]: str(row["AttributeVariable"]) for row in self.tables["ATTRIBUTEVARIABLES"]}
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for row in self.tables["ATTRIBUTEVALUES"]:
            value = clean(row["AttributeValue"]).strip()
            if value and row["AttributeVariableId"] in names:
                found[row["EntityId"]][names[row["AttributeVariableId"]]] = value
        return found

    def _said(self) -> dict[int, _Said]:
        found: dict[int, _Said] = defaultdict(_Said)
        for row in self.tables["DATASHORTTEXT"]:
            variable, entity = self._called(row), self.entities.get(row["Entity"])
            if entity is None or not str(entity["Value"]).strip():
                continue
            if variable in _ROLES:
                found[row["StatementId"]].entities[_ROLES[variable]] = row["Entity"]
            else:
                found[row["StatementId"]].others.append(f"{variable}: {entity['Value']}")
        for row in self.tables["DATABOOLEAN"]:
            if self._called(row) == _AGREEMENT:
                found[row["StatementId"]].agreement = row["Value"]
            else:
                found[row["StatementId"]].others.append(f"{self._called(row)}: {'yes' if row['Value'] else 'no'}")
        for row in (*self.tables["DATAINTEGER"], *self.tables["DATALONGTEXT"]):
            if str(row["Value"] or "").strip():
                found[row["StatementId"]].others.append(f"{self._called(row)}: {row['Value']}")
        return found

    def _called(self, row: Row) -> str:
        variable = self.variables.get(row["VariableId"])
        return str(variable["Variable"]).strip().casefold() if variable else f"variable {row['VariableId']}"

    def _is_position(self, statement: Row) -> bool:
        """Whether a statement is of a type that names concepts; of others it is told how many were left out."""
        concepts = (row for row in self.variables.values() if row["StatementTypeId"] == statement["StatementTypeId"])
        if any(str(row["Variable"]).strip().casefold() == "concept" for row in concepts):
            return True
        label = self.types.get(statement["StatementTypeId"], "unknown")
        self.left[f"statements of the type “{label}”, which has no variable “concept”"] += 1
        return False

    # --- What they become

    def _article(self, row: Row, text: str) -> Draft:
        place, title = f"document {row['ID']}", " ".join(clean(row["Title"]).split())
        if not title:
            self.plan.problem(place, "It has no title. Give it one in DNA.")
        if len(text) > LONGEST_TEXT:
            self.plan.problem(place, f"Its text has {len(text):,} characters; {LONGEST_TEXT:,} at most can be kept.")
        outlet = " ".join(clean(row["Source"]).split())
        genre = _choice(Genre, row["Type"])
        note = {
            "Title": title if len(title) > _LONGEST["title"] else "",
            "Author": row["Author"],
            "Source": outlet if len(outlet) > _LONGEST["outlet"] else "",
            "Section": row["Section"],
            "Type": "" if genre else row["Type"],
            "Notes": row["Notes"],
        }
        values = {
            "title": shortened(title, _LONGEST["title"]),
            "outlet": shortened(outlet, _LONGEST["outlet"]),
            "genre": genre,
            "date": self._date(place, row["Date"]),
            "text": text,
            "note": _as_note(note),
        }
        # The number tells documents of one title apart, and their title those of two databases.
        mark = hashlib.sha256(f"{row['ID']}|{title}".encode()).hexdigest()[:6]
        slug = f"{slugify(title)[:80].strip('-') or 'document'}-{mark}"
        return self.plan.draft(ARTICLE, place, slug, values)

    def _date(self, place: str, seconds: Any) -> str:
        try:
            return str((dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(seconds))).date())
        except (OverflowError, TypeError, ValueError):
            self.plan.problem(place, f"Its date, {str(seconds)[:30]}, is no number of seconds since 1970.")
            return ""

    def _position(self, article: Draft, statement: Row, places: _Places, order: int) -> None:
        place, said = f"statement {statement['ID']}", self.said[statement["ID"]]
        found = places.of(statement["Start"], statement["Stop"])
        if found is None:
            self.plan.problem(
                place,
                f"Its place, {statement['Start']} to {statement['Stop']}, isn't in the text of document "
                f"{statement['DocumentId']}, or nothing stands there.",
            )
            return
        start, end, words = found
        values: dict[str, Any] = {"title": shortened(flat(words), _LONGEST["title"])}
        note = list(said.others)
        person, organisation = said.entities.get("person"), said.entities.get("organisation")
        if person is not None:
            values["speakers"] = [self.plan.to(place, PERSON, self._person(person))]
            values["named_in_source"] = True
        if organisation is not None:
            slug = self._organisation(organisation)
            called = self._value(organisation)
            if person is None:
                values["reported_as"] = shortened(called, _LONGEST["holder"])
            note.append(f"Organisation: {called} ({slug})")
        concept = said.entities.get("concept")
        if concept is None:
            self.plan.remark(place, "It names no concept, so the position is on no proposition.")
        elif said.agreement is None:
            self.plan.remark(place, f"It says no agreement with “{self._value(concept)}”, so it is on no proposition.")
        else:
            values["proposition"] = self.plan.to(place, PROPOSITION, self._proposition(concept))
            values["stance"] = (Stance.SUPPORTS if said.agreement else Stance.OPPOSES).value
        values["note"] = "\n".join(note)
        position = self.plan.within(article, "positions", place, f"{article.slug}-s{statement['ID']}", values, order)
        self.plan.row(position, "passages", place, {"quotation": words, "start": start, "end": end})

    def _value(self, entity: int) -> str:
        return " ".join(clean(self.entities[entity]["Value"]).split())

    def _person(self, entity: int) -> str:
        name, attributes = self._value(entity), dict(self.attributes[entity])
        family, comma, given = (part.strip() for part in name.partition(","))
        if not comma and " " in name:
            given, _, family = name.rpartition(" ")
            self.comma_less += ("person", name) not in self.drafts
        written = f"{given} {family}".strip()
        aliases = _popped(attributes, "alias", "aliases")
        values = {
            "family_name": family[: _LONGEST["given"]],
            "given_names": given[: _LONGEST["given"]],
            "aliases": [one for one in aliases if one.casefold() != written.casefold()],
            "note": _as_note(attributes),
        }
        return self._named(PERSON, entity, written, name, values)

    def _organisation(self, entity: int) -> str:
        name, attributes = self._value(entity), dict(self.attributes[entity])
        aliases = _popped(attributes, "alias", "aliases")
        sector = next((found for one in ("Sector", "Type") if (found := _choice(Sector, attributes.get(one, "")))), "")
        values = {
            "name": shortened(name, _LONGEST["name"]),
            "aliases": aliases,
            "sector": sector,
            "note": _as_note(attributes),
        }
        return self._named(ORGANISATION, entity, name, name, values)

    def _proposition(self, entity: int) -> str:
        name = self._value(entity)
        values = {"title": shortened(name, _LONGEST["title"]), "note": _as_note(self.attributes[entity])}
        return self._named(PROPOSITION, entity, name, name, values)

    def _named(self, thing: Thing, entity: int, name: str, key: str, values: dict[str, Any]) -> str:
        """What goes by a name, once; what is here by that name only has its gaps filled."""
        if (known := self.drafts.get((thing.name, key))) is None:
            slug = self.slugs[thing.name].of(name)
            known = self.drafts.get((thing.name, slug)) or self.plan.draft(
                thing, f"entity {entity}", slug, values, only_gaps=True
            )
            self.drafts[thing.name, key] = self.drafts[thing.name, slug] = known
        return known.slug

    def _tell_what_is_left(self) -> None:
        if self.comma_less:
            self.plan.remark(
                "",
                f"Names of people without a comma are taken apart before their last word: look at {self.comma_less:,}.",
            )
        children = sum(row["ChildOf"] is not None for row in self.entities.values())
        used = {entity for said in self.said.values() for entity in said.entities.values()}
        unused = sum(1 for one, row in self.entities.items() if one not in used and str(row["Value"]).strip())
        self.left["entities within others"] += children
        self.left["entities that no statement names"] += unused
        self.left["coders, and who coded what"] += len(self.tables["CODERS"])
        for what, number in (+self.left).items():
            self.plan.remark("", f"Left out, since there is no place for it here: {what} ({number:,}).")


class _Places:
    """Where DNA counts Java's characters (UTF-16), we count code points of the normalised text."""

    def __init__(self, raw: Any, text: str) -> None:
        self.raw, self.text = str(raw or ""), text
        self._units = self.raw.encode("utf-16-le", "surrogatepass")
        self._is_plain = self.raw == text and len(text) == len(self._units) // 2

    def of(self, start: Any, stop: Any) -> tuple[int, int, str] | None:
        """Start, end and words of a place in our text; None where it isn't in the text, or blank."""
        if not (isinstance(start, int) and isinstance(stop, int)) or not 0 <= start < stop <= len(self._units) // 2:
            return None
        if self._is_plain:
            return self._at(start, stop)
        before = clean(self._units[: 2 * start].decode("utf-16-le", "replace"))
        upto = clean(self._units[: 2 * stop].decode("utf-16-le", "replace"))
        return self._at(len(before), len(upto))

    def _at(self, start: int, end: int) -> tuple[int, int, str] | None:
        words = self.text[start:end]
        left, right = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
        return (start + left, end - right, words.strip()) if words.strip() else None


def _choice(words: Any, said: Any) -> str:
    """A word of a closed list that is called so."""
    folded = str(said or "").strip().casefold()
    return next((str(one.value) for one in words if folded in (str(one.value), str(one.label).casefold())), "")


def _popped(attributes: dict[str, str], *names: str) -> list[str]:
    found = [attributes.pop(name) for name in list(attributes) if name.casefold() in names]
    return [one.strip() for value in found for one in value.split(";") if one.strip()]


def _as_note(attributes: Any) -> str:
    return "\n".join(f"{name}: {clean(value).strip()}" for name, value in attributes.items() if clean(value).strip())
