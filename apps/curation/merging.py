"""Making one of two: somebody entered twice."""

from __future__ import annotations

from django.db import transaction

from apps.curation.models import Attendance, Authorship, Person
from apps.taxonomy.words import Role


@transaction.atomic
def merge_people(keep: Person, double: Person) -> None:
    """Move all that belongs to the double to the one that is kept, who takes over its names as aliases.

    Where both attended the same meeting or wrote the same article, the two rows become one, which has what either had.
    Raises ValueError if both are the same person already, or came to a meeting, or signed, from two organisations: each
    of them is protected, so neither may be dropped unseen.
    """
    if keep.pk == double.pk:
        raise ValueError("Name two different people.")
    for relation in Person._meta.related_objects:  # what other apps note of people, before anything is judged
        if relation.one_to_many and relation.related_model not in (Attendance, Authorship):
            relation.related_model._base_manager.filter(**{relation.field.name: double}).update(
                **{relation.field.name: keep}
            )
    names = dict.fromkeys([*keep.aliases, double.name, *double.aliases, *([double.email] if keep.email else [])])
    known = {keep.name.casefold(), keep.email.casefold(), ""}
    keep.aliases = [alias for alias in names if alias.casefold() not in known]
    keep.email = keep.email or double.email
    keep.save()
    for attendance in Attendance.objects.filter(person=double):
        same = Attendance.objects.filter(workshop=attendance.workshop_id, session=attendance.session_id, person=keep)
        if kept := same.first():
            _complete(kept, attendance)
            attendance.delete()
        else:
            attendance.person = keep
            attendance.save()
    for authorship in Authorship.objects.filter(person=double):
        if kept_authorship := Authorship.objects.filter(article=authorship.article_id, person=keep).first():
            _take_affiliation(kept_authorship, authorship, f"{authorship.article}")
            kept_authorship.save()
            authorship.delete()
        else:
            authorship.person = keep
            authorship.save()
    for position in double.positions.all():
        position.speakers.add(keep)
        position.speakers.remove(double)
    for candidate in double.candidates.all():
        candidate.speakers.add(keep)
    for unit in double.coded_units.all():
        unit.speakers.add(keep)
    double.delete()


def _complete(kept: Attendance, double: Attendance) -> None:
    """Give one attendance what only its double knew."""
    _take_affiliation(kept, double, f"{kept.session or kept.workshop}")
    for name in ("sector", "country"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(double, name))
    if kept.role == Role.PARTICIPANT:
        kept.role = double.role
    kept.save()
    kept.expertise.add(*double.expertise.all())


def _take_affiliation(kept: Attendance | Authorship, double: Attendance | Authorship, where: str) -> None:
    if kept.affiliation and double.affiliation and kept.affiliation != double.affiliation:
        raise ValueError(
            f"At “{where}” they are of {kept.affiliation} and of {double.affiliation}: make the two the same first."
        )
    kept.affiliation = kept.affiliation or double.affiliation
