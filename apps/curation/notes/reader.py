"""From the pieces of a note to drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from apps.curation.models import Status
from apps.curation.notes import files, front_matter, holders, markdown
from apps.curation.notes.drafts import Draft, Note, Said, slug_of
from apps.curation.notes.markdown import Section, Stretch
from apps.curation.notes.nodes import Node, plain_key
from apps.curation.notes.problems import Problem, Wrong, an, did_you_mean, listed
from apps.curation.notes.things import COLLECTIONS, SESSION, SESSION_HEADING, SINGLE, THINGS, Part, Thing
from apps.curation.notes.values import convert, holds_several, pieces

STATUSES = {
    "draft": Status.DRAFT,
    **dict.fromkeys(("submitted", "in review", "ready for review"), Status.SUBMITTED),
}


def read_note(path: Path, data: bytes | None = None) -> Note:
    """Read a file, or what was in it, as far as it can be read. Raises nothing: what is wrong stands in the note's
    problems."""
    note = Note(str(path))
    reader = _Reader(note, path, data)
    try:
        reader.read()
    except Wrong as wrong:
        reader.complain(wrong)
    note.problems.sort()
    return note


class _Reader:
    """Reads one file, collecting what is wrong as it goes."""

    def __init__(self, note: Note, path: Path, data: bytes | None) -> None:
        self.note, self.path, self.data = note, path, data

    def complain(self, wrong: Wrong) -> None:
        self.note.problems.append(Problem(self.note.path, wrong.line, wrong.message))

    def read(self) -> None:
        source = files.read(self.path, self.data)
        fields = {plain_key(node.key): node for node in front_matter.parse(source.front, self.complain)}
        body = markdown.parse(source.body, source.body_starts)
        kind = fields.pop("kind", Node(1))
        name = plain_key(kind.text)
        if name in SINGLE:
            self._single(SINGLE[name], list(fields.values()), body)
        elif name in COLLECTIONS:
            self._collection(COLLECTIONS[name], fields, body)
        else:
            known = [*SINGLE, *COLLECTIONS]
            if part := THINGS.get(name.removesuffix("s")):
                homes = [one.name for one in SINGLE.values() if any(inner.thing is part for inner in one.parts)]
                raise Wrong(
                    kind.line, f"A {part.name} has no note of its own: write it in that of its {listed(homes)}."
                )
            said = f"“{kind.text}” is no kind of note" if kind.text else "The front matter must say what the file holds"
            raise Wrong(kind.line, f"{said}: write “kind:” and one of {listed(known)}.{did_you_mean(name, known)}")

    def _single(self, thing: Thing, fields: list[Node], body: Stretch) -> None:
        head, content = self._titled(body)
        draft = Draft(thing, self.note.path, head.line if head else 1, slug=slugify(self.path.stem))
        lead, sections = content.split(2)
        self._thing(draft, head, fields, lead, sections, level=2)

    def _collection(self, thing: Thing, fields: dict[str, Node], body: Stretch) -> None:
        status = None
        if "status" in fields and thing.is_entry:
            try:
                status = self._status(fields.pop("status"))
            except Wrong as wrong:
                self.complain(wrong)
        for node in fields.values():
            self.complain(Wrong(node.line, f"“{node.key}” has no place here: each {thing.name} has fields of its own."))
        sections = self._titled(body)[1].split(2)[1]
        if not sections:
            raise Wrong(body.line, f"This file holds no {thing.name}: each begins with a heading “## ...”.")
        for section in sections:
            draft = Draft(thing, self.note.path, section.line, status=status)
            self._headed(draft, section, level=3)

    def _titled(self, body: Stretch) -> tuple[Node | None, Stretch]:
        """A file's title, if it has one, and what stands beneath it."""
        before, titled = body.split(1)
        if not titled:
            return None, body
        if before.blocks:
            self.complain(Wrong(before.line, "The title (“# ...”) stands first, right below the front matter."))
        for extra in titled[1:]:
            self.complain(Wrong(extra.line, "A file has one title. Write “##” for what stands beneath it."))
        return Node(titled[0].line, titled[0].title), titled[0].stretch

    def _headed(self, draft: Draft, section: Section, level: int) -> None:
        """A thing under a heading of its own, whose first list gives its fields."""
        lead, sections = section.stretch.split(level)
        fields, rest = lead.leading_lists()
        self._thing(draft, Node(section.line, section.title), fields, rest, sections, level)

    def _thing(
        self, draft: Draft, head: Node | None, fields: list[Node], prose: Stretch, sections: list[Section], level: int
    ) -> None:
        """Fill a draft from its heading, its fields, the text under its heading and the sections beneath it."""
        self.note.drafts.append(draft)
        nodes = [*fields]
        parts: list[tuple[Part, Section]] = []
        for section in sections:
            part = draft.thing.part_keys.get("sessions")
            if part and SESSION_HEADING.fullmatch(section.title):
                parts.append((part, section))
            elif part and plain_key(section.title).split()[:1] == ["session"]:
                self.complain(Wrong(section.line, "A session needs a title: write “Session 3: The state of play”."))
            else:
                nodes.append(section.as_node())
        if prose.blocks:
            self._warn_of_fields(draft.thing, prose, in_front=level == 2)
            nodes.append(Node(prose.line, key=draft.thing.prose, whole=prose.whole()))
        later = self._fill(draft, head, nodes)
        for number, (part, section) in enumerate(parts, start=1):
            self._headed(self._nested(draft, part, section.line, number), section, level + 1)
        for part, node in later:
            for number, item in enumerate(self._items(part, node), start=1):
                self._position(self._nested(draft, part, item.line, number), item)

    def _warn_of_fields(self, thing: Thing, prose: Stretch, in_front: bool) -> None:
        """A field that stands too low would be taken for text, and a rule of attribution so be overlooked."""
        for item in prose.lists()[0]:
            key = item.keyed().key
            if plain_key(key) in {*thing.columns, *thing.part_keys, "status"}:
                where = "in the front matter" if in_front else "right beneath the heading, above the text"
                advice = f"As a field it belongs {where}; as text, under a heading such as “Text” or “Private note”."
                self.complain(Wrong(item.line, f"“{key}” may be a field or text. {advice}"))

    def _nested(self, parent: Draft, part: Part, line: int, number: int) -> Draft:
        return Draft(part.thing, parent.path, line, parent=parent, part=part, status=parent.status, number=number)

    def _position(self, draft: Draft, item: Node) -> None:
        """An entry that is a bullet: its text the title, the bullets beneath it its fields."""
        self.note.drafts.append(draft)
        self._item(draft, item)

    def _item(self, draft: Draft, item: Node) -> None:
        """A bullet, or an element of a list in the front matter, as a thing or a row."""
        nodes = list(item.children)
        if item.prose:
            nodes.append(Node(item.line, key=draft.thing.prose or "text", whole=item.prose))
        alone = item.keyed()
        if not item.key and alone.key and plain_key(alone.key) in draft.thing.columns:
            self._fill(draft, None, [replace(alone, children=()), *nodes])
        else:
            self._fill(draft, Node(item.line, item.text) if item.text else None, nodes)

    def _fill(self, draft: Draft, head: Node | None, nodes: Iterable[Node]) -> list[tuple[Part, Node]]:
        """Read fields into a draft; returns the parts that are entries, for when the thing itself is known."""
        first: dict[str, int] = {}
        later = []
        for node in [*self._from_head(draft, head), *self._spelt_out(draft, nodes)]:
            key = plain_key(node.key)
            part, column = draft.thing.part_keys.get(key), draft.thing.columns.get(key)
            name = part.key if part else column.name if column else key
            try:
                if name in first and not (part or (column and holds_several(column))):
                    raise Wrong(
                        node.line, f"“{node.key}” is said twice; first in line {first[name]}. Keep one of them."
                    )
                first.setdefault(name, node.line)
                if part and part.thing.is_entry:
                    later.append((part, node))
                elif part:
                    self._rows(draft, part, node, single=key != part.key)
                elif column and not self._is_placed(draft, name):
                    self._value(draft, column, node)
                elif key == "status" and draft.thing.is_entry:
                    draft.status = self._status(node)
                else:
                    raise self._unknown(draft, node)
            except Wrong as wrong:
                draft.doubtful.add(name)
                self.complain(wrong)
        self._settle_slug(draft)
        return later

    def _from_head(self, draft: Draft, head: Node | None) -> list[Node]:
        if head is None:
            return []
        try:
            return [Node(head.line, text, key, whole=text) for key, text in draft.thing.head(head.text).items()]
        except ValueError as error:
            self.complain(Wrong(head.line, str(error)))
            draft.doubtful |= {"family_name", "relation", "target"}
            return []

    def _spelt_out(self, draft: Draft, nodes: Iterable[Node]) -> Iterator[Node]:
        """The fields as such: list items split at their colon, short forms written out."""
        for item in nodes:
            node = item.keyed()
            key = plain_key(node.key)
            try:
                if not node.key:
                    raise Wrong(node.line, f"“{node.text[:60]}” is no “field: value”.{self._advice(draft.thing)}")
                if draft.part and draft.part.key == "positions" and key == "held by":
                    yield from holders.spelt_out(node, draft.parent)
                elif draft.part and draft.part.key == "references" and _is_relation(draft.thing, key):
                    yield from self._from_head(draft, Node(node.line, f"{node.key} {node.text}"))
                    yield from node.children
                else:
                    yield node
            except Wrong as wrong:
                self.complain(wrong)

    def _value(self, draft: Draft, column: Any, node: Node) -> None:
        value = convert(column, node)
        earlier = draft.values.get(column.name)
        if earlier and holds_several(column):
            value = [*earlier.value, *value]
        draft.values[column.name] = Said(value, node.line)

    def _rows(self, draft: Draft, part: Part, node: Node, single: bool) -> None:
        """The rows of a part: one to an item, or one for the field itself where it is in the singular."""
        rows = draft.rows.setdefault(part.key, [])
        if single:
            items: tuple[Node, ...] = (replace(node, key=""),)
        elif part.identity == ("person",) and not node.children:
            items = tuple(pieces(node))
        else:
            items = self._items(part, node)
        for item in items:
            row = Draft(part.thing, draft.path, item.line, parent=draft, part=part, number=len(rows) + 1)
            self._item(row, item)
            rows.append(row)

    def _items(self, part: Part, node: Node) -> tuple[Node, ...]:
        if node.text or node.prose:
            self.complain(
                Wrong(node.line, f"Under “{node.key}” stands a list: begin each of the {part.key} with “- ”.")
            )
        return node.children

    def _status(self, node: Node) -> Status | None:
        if plain_key(node.text) in STATUSES:
            return STATUSES[plain_key(node.text)]
        raise Wrong(
            node.line,
            f"“{node.text[:40]}” is no status to write: “draft” or “ready for review”. Publishing is the reviewers'.",
        )

    def _settle_slug(self, draft: Draft) -> None:
        """The slug that is given, or one made from what it is called."""
        if not draft.thing.has_slug:
            return
        said = draft.values.pop("slug", None)
        if said and said.value:
            draft.slug, draft.slug_line = said.value, said.line
        elif not draft.slug:
            draft.slug = slug_of(draft)
        if not draft.slug and not draft.doubtful:
            draft.doubtful.add("slug")
            self.complain(Wrong(draft.line, f"This {draft.thing.name} needs a “slug”: short, in Latin letters."))

    def _is_placed(self, draft: Draft, name: str) -> bool:
        return draft.part is not None and name in draft.part.place

    def _unknown(self, draft: Draft, node: Node) -> Wrong:
        if self._is_placed(draft, plain_key(node.key)):
            return Wrong(node.line, f"“{node.key}” is clear from where this stands. Take it out.")
        thing = draft.thing
        known = [*thing.columns, *thing.part_keys, *(["status"] if thing.is_entry else [])]
        placed = draft.part.place if draft.part else {}
        names = dict.fromkeys(plain_key(field.name) for field in thing.columns.values() if field.name not in placed)
        names |= dict.fromkeys(part.key for part in thing.parts)
        advice = did_you_mean(plain_key(node.key), known)
        if not advice:
            advice = f" It has: {', '.join(names)}.{self._advice(thing) if thing is SESSION else ''}"
        return Wrong(node.line, f"“{node.key}” is no field of {an(thing.name)}.{advice}")

    def _advice(self, thing: Thing) -> str:
        """Where a list item may belong that stands among the fields and is none."""
        if thing is SESSION:
            return " Positions stand under “### Positions”, the notes under “### Notes”."
        return " Write “name: value”, or put it under a heading of its own."


def _is_relation(thing: Thing, key: str) -> bool:
    relation = thing.columns["relation"]
    return key in {plain_key(str(name)) for choice in relation.choices for name in choice}
