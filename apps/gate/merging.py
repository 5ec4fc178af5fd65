"""Making one of two in public: what records call by the one they call by the other from then on, old addresses lead to
it, and all of that is judged once it is done; in between, both are there and neither is whole.

No version comes of it: nobody said anything new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model, Q, QuerySet
from taggit.models import Tag

from apps.curation import journal, merging
from apps.curation.merging import CannotMerge
from apps.curation.models import Entry, Person, Proposition
from apps.curation.parts import AT_ONCE, in_parts
from apps.gate.case import Run, protected_people
from apps.gate.checks.linkage import FEW
from apps.gate.concerns import concern_of_entries, concerned_by_all_of
from apps.gate.former import Former, come_back
from apps.gate.meetings import finder_of
from apps.gate.models import Acknowledgement, Publication, PublishedTag
from apps.gate.publication import join_waiting, lock, next_changes
from apps.gate.published import note_what_is_public
from apps.gate.recheck import Recheck
from apps.gate.rules import is_protected, rule_of
from apps.gate.watch import judge_again, one_recheck
from apps.public.catalogue.models import Link, Record, Redirect, Tie
from apps.taxonomy.models import Theme
from apps.taxonomy.words import Kind, Relation

# What a step changed of the catalogue, as JSON: "former" (see former.py), each with the change number that it was left
# under; "reworded": identifier, field, before and after; "links": source, target, tie and note before and after, None
# where there was none; "redirects": what, old, and where that led before and leads after.
Public = dict[str, Any]


def merge(keep: Model, *doubles: Model) -> Public:
    """Make one of some; what it changed of records, but for what is taken out when it is judged.

    Raises CannotMerge; then nothing has changed.
    """
    with one_recheck():
        lock()
        public: Public = {"reworded": [], "links": [], "redirects": []}
        for double in doubles:
            if found := merging.clashes(keep, double):
                raise found[0]
            judge_again(concerned_by_all_of(keep) | concerned_by_all_of(double))
            _carry_over(keep, double, public)
            merging.merge(keep, double)
        judge_again(concerned_by_all_of(keep))
        public["reworded"] = _first_and_last(public["reworded"])
        return public


def merge_people(keep: Person, double: Person) -> Recheck | None:
    """Merge somebody who was entered twice; says what became of what is public, unless an outer block will.

    Raises CannotMerge, a ValueError, where somebody has to decide something first; then nothing has changed.
    """
    with one_recheck() as outcome:
        merge(keep, double)
    return outcome()


def split(theme: Theme, new: Theme, entries: Iterable[int], narrower: bool) -> Public:
    """Make a theme of its own of what some entries, by their primary keys, are about; their records say so too."""
    entries = list(entries)
    with one_recheck():
        lock()
        merging.split(theme, new, entries, narrower)
        names = Entry.objects.filter(pk__in=entries).values("identifier")
        reworded = _reword(_about(theme).filter(identifier__in=names), "themes", _renamed(theme.slug, new.slug))
        return {"reworded": reworded, "links": [], "redirects": []}


def noted_of(model: type[Model], keys: list[int]) -> list[QuerySet[Any]]:
    """What the gate notes of entries that a merge would delete."""
    if not issubclass(model, Entry):
        return []
    return [one._base_manager.filter(entry__in=keys) for one in (Publication, Acknowledgement)]


def finished(public: Public, former: dict[str, Former]) -> Public:
    """What a step changed of the catalogue, once it has been judged: with what was taken out of it, or made anew."""
    left_at = dict(Record.objects.filter(identifier__in=former).values_list("identifier", "change"))
    return public | {"former": {name: one | {"left_at": left_at[name]} for name, one in former.items()}}


def changed_records(public: Public) -> bool:
    return bool(public["reworded"] or public["links"] or public["former"])


# --- There


def _carry_over(keep: Model, double: Model, public: Public) -> None:
    """Let records say of the one that is kept what they say of its double."""
    if isinstance(keep, Tag) and isinstance(double, Tag):
        tagged = Entry.objects.filter(published_tags__name=double.name, published_tags__former=False)
        if not PublishedTag.objects.filter(name=keep.name).exists() and any(_is_protected(one) for one in tagged):
            raise CannotMerge(
                f"What a rule protects would say “{keep}”, which nothing public says yet, so that nobody but you has "
                f"looked at it: keep “{double}”, or publish something with “{keep}” first.",
                keep,
            )
        records = Record.objects.live().filter(identifier__in=tagged.values("identifier"))
        found = _reword(records, "tags", _renamed(double.name, keep.name))
        public["reworded"] += found
        if found:
            if not _names_somebody(double.name, keep.name):
                public["redirects"] += _redirect(Redirect.What.TAG, double.name, keep.name)
            former = Entry.objects.filter(published_tags__name=double.name, published_tags__former=True)
            _note(list(former.values_list("identifier", flat=True)))
    elif isinstance(keep, Theme) and isinstance(double, Theme):
        public["reworded"] += _reword(_about(double), "themes", _renamed(double.slug, keep.slug))
        public["redirects"] += _redirect(Redirect.What.THEME, double.slug, keep.slug)
    elif isinstance(keep, Proposition) and isinstance(double, Proposition):
        live = Record.objects.live()
        if (record := live.filter(identifier=double.identifier).first()) is not None:
            kept = live.filter(identifier=keep.identifier).first()
            if kept is None:
                raise CannotMerge(
                    f"“{double}” is public and “{keep}” is not: keep the public one, or publish the other first.",
                    keep,
                )
            _carry_over_links(kept, record, public)
            public["redirects"] += _redirect(Redirect.What.PROPOSITION, double.identifier, keep.identifier)


def _is_protected(entry: Entry) -> bool:
    return is_protected(rule_of(entry.child))


def _names_somebody(old: str, tag: str) -> bool:
    """Whether a tag's old name has that of somebody who is protected in what carries it now, unless that is much: who
    asks for the name would be led there."""
    carrying = list(Entry.objects.filter(published_tags__name=tag, published_tags__former=False)[: FEW + 1])
    if len(carrying) > FEW:
        return False
    run = Run()
    people = frozenset(person for one in carrying for person in protected_people(one.child, run))
    return bool(people and finder_of(people).find(old))


def _carry_over_links(kept: Record, double: Record, public: Public) -> None:
    sides = Link.objects.filter(target=double, tie=Tie.TAKES_SIDE_ON)
    records = Record.objects.live().filter(pk__in=sides.values("source"))
    public["reworded"] += _reword(records, "proposition", lambda _: kept.identifier)
    for links, end in ((double.links_in, "target"), (double.links_out, "source")):
        for link in links.select_related("source", "target"):
            before = _link(link)
            setattr(link, end, kept)
            if link.source_id == link.target_id or _is_there(link):
                link.delete()
                public["links"].append([before, None])
            else:
                link.save()
                public["links"].append([before, _link(link)])
    touched = Record.objects.filter(Q(pk=kept.pk) | Q(links_out__target=kept, links_out__tie__in=Relation.values))
    _renew(list(touched.distinct()))
    _note([kept.identifier])  # the notes of its references stand on its page


def _is_there(link: Link) -> bool:
    return Link.objects.filter(source=link.source_id, target=link.target_id, tie=link.tie).exclude(pk=link.pk).exists()


def _link(link: Link) -> list[str]:
    return [link.source.identifier, link.target.identifier, link.tie, link.note]


def _about(theme: Theme) -> QuerySet[Record]:
    return Record.objects.live().filter(content__themes__icontains=f'"{theme.slug}"')


def _renamed(old: str, new: str) -> Callable[[list[str]], list[str]]:
    return lambda names: sorted({new if name == old else name for name in names})


def _reword(records: QuerySet[Record], name: str, said: Callable[[Any], Any]) -> list[list[Any]]:
    """Let a field of some records say something else; what each said before and says after."""
    reworded = []
    for batch in in_parts(list(records.order_by("pk").values_list("pk", flat=True))):
        rows = list(Record.objects.filter(pk__in=batch).order_by("pk"))
        for record in rows:
            content = record.content or {}
            before, after = content[name], said(content[name])
            record.content = content | {name: after}
            if after != before:
                reworded.append([record.identifier, name, before, after])
        _renew(rows)
    if name == "tags":
        _note([one[0] for one in reworded])
    return reworded


def _first_and_last(reworded: list[list[Any]]) -> list[list[Any]]:
    """Where a field was reworded more than once, what it said at first and says at last."""
    found: dict[tuple[str, str], list[Any]] = {}
    for identifier, name, before, after in reworded:
        first = found.get((identifier, name))
        found[identifier, name] = [identifier, name, first[2] if first else before, after]
    return list(found.values())


def _renew(records: list[Record]) -> None:
    """Store what records say, each under a change number of its own."""
    for record, change in zip(records, next_changes(len(records)) if records else (), strict=True):
        record.change = change
    Record.objects.bulk_update(records, ["content", "change"], batch_size=AT_ONCE)


def _note(identifiers: list[str]) -> None:
    """Note what is public of some entries, and have it judged: a tag that a record says now is a text of it."""
    for batch in in_parts(identifiers):
        for entry in Entry.objects.filter(identifier__in=batch):
            note_what_is_public(entry)
        judge_again(_pks(batch))


def _redirect(what: str, old: str, new: str) -> list[list[str | None]]:
    """Let an old name lead to a new one, and with it those that led to the old one."""
    led = Redirect.objects.filter(what=what, new=old).exclude(old=Redirect.key(what, new))
    found: list[list[str | None]] = [[what, one.old, old, new] for one in led]
    led.update(new=new)
    key = Redirect.key(what, old)
    before = Redirect.objects.filter(what=what, old=key).values_list("new", flat=True).first()
    Redirect.objects.update_or_create(what=what, old=key, defaults={"new": new})
    return [*found, [what, key, before, new]]


# --- And back


def undo(public: Public, rows: list[journal.Change], kept: Model | None) -> list[str]:
    """Take back what a merge changed, of what analysts know and of what is public; what could not come back, in words.

    Raises journal.ChangedSince where somebody has changed since what it would put back; then nothing has changed.
    """
    with one_recheck():
        lock()
        if found := [*journal.obstacles(rows), *_obstacles(public)]:
            raise journal.ChangedSince(found)
        judge_again(concerned_by_all_of(kept) if kept else set())
        left_out = _come_back(public["former"])  # first: where their entries stood before that is among the rows
        journal.put_back(rows)
        _note(list(public["former"]))
        _put_back_links(public["links"])
        _put_back_words(public["reworded"])
        for what, old, before, _ in reversed(public["redirects"]):
            Redirect.objects.filter(what=what, old=old).delete()
            if before:
                Redirect.objects.create(what=what, old=old, new=before)
        things = [one for one in _own_rows(rows) if type(one) in merging.MERGEABLE]
        if kept is not None:
            kept.refresh_from_db()
            things.append(kept)
        judge_again({pk for one in things for pk in concerned_by_all_of(one)})
        judge_again(concern_of_entries(Entry.objects.filter(identifier__in=public["former"])).followed())
        if people := [one for one in things if isinstance(one, Person)]:
            _note(list(Entry.objects.filter(published_names__person__in=people).values_list("identifier", flat=True)))
        return left_out


def _pks(identifiers: Iterable[str]) -> set[int]:
    return set(Entry.objects.filter(identifier__in=list(identifiers)).values_list("pk", flat=True))


def _own_rows(rows: list[journal.Change]) -> Iterator[Model]:
    """What a merge had deleted, now that it is back."""
    models = {model._meta.label: model for model in merging.MERGEABLE}
    for one in rows:
        if one["after"] is None and one["model"] in models:
            yield models[one["model"]]._base_manager.get(pk=one["pk"])


def _obstacles(public: Public) -> list[str]:
    """What of records is not as the merge left it."""
    found = []
    changes = dict(Record.objects.filter(identifier__in=public["former"]).values_list("identifier", "change"))
    for identifier, former in public["former"].items():
        if changes.get(identifier) != former["left_at"]:
            found.append(f"The record “{former['title']}” was published again since.")
    for batch in in_parts(public["reworded"]):
        live = Record.objects.live().filter(identifier__in=[one[0] for one in batch])
        records = {one.identifier: one for one in live}
        for identifier, name, _, after in batch:
            record = records.get(identifier)
            if identifier not in public["former"] and record and (record.content or {})[name] != after:
                found.append(f"The record “{record}” was published again since, with other {name}.")
    return found


def _come_back(formers: dict[str, Former]) -> list[str]:
    left_out = []
    kinds = dict(Record.objects.filter(identifier__in=formers).values_list("identifier", "kind"))
    in_order = sorted(formers, key=lambda one: (list(Kind).index(Kind(kinds[one])), one))
    for identifier, change in zip(in_order, next_changes(len(in_order)) if in_order else (), strict=True):
        record = come_back(identifier, formers[identifier], change)
        if record is None:
            title = formers[identifier]["title"]
            left_out.append(f"“{title}” stays withdrawn: what it hung on is not public any more.")
        else:
            join_waiting(record)
    return left_out


def _put_back_words(reworded: list[list[Any]]) -> None:
    for batch in in_parts(reworded):
        before = {identifier: (name, said) for identifier, name, said, _ in reversed(batch)}
        records = list(Record.objects.live().filter(identifier__in=before).order_by("pk"))
        for record in records:
            name, said = before[record.identifier]
            record.content = (record.content or {}) | {name: said}
        _renew(records)
    _note(list(dict.fromkeys(one[0] for one in reworded if one[1] == "tags")))


def _put_back_links(links: list[list[Any]]) -> None:
    live = dict(
        Record.objects.live()
        .filter(identifier__in={name for pair in links for link in pair if link for name in link[:2]})
        .values_list("identifier", "pk")
    )
    for before, after in reversed(links):
        if after and not Link.objects.filter(**_said_by(after)).delete()[0]:
            continue  # somebody has published it otherwise since
        if before[0] in live and before[1] in live:
            Link.objects.get_or_create(
                source_id=live[before[0]], target_id=live[before[1]], tie=before[2], defaults={"note": before[3]}
            )


def _said_by(link: list[str]) -> dict[str, str]:
    return {"source__identifier": link[0], "target__identifier": link[1], "tie": link[2]}
