"""Making one of two: somebody entered twice."""

from __future__ import annotations

from django.db import transaction

from apps.curation.models import Attendance, Authorship, Person


@transaction.atomic
def merge_people(keep: Person, double: Person) -> None:
    """Move all that belongs to the double to the one that is kept, who takes over its names as aliases.

    Where both attended the same meeting or wrote the same article, what is kept of the two is the kept one's.
    Raises ValueError if both are the same person already.
    """
    if keep.pk == double.pk:
        raise ValueError("Name two different people.")
    names = dict.fromkeys([*keep.aliases, double.name, *double.aliases])
    keep.aliases = [alias for alias in names if alias.casefold() != keep.name.casefold()]
    keep.email = keep.email or double.email
    keep.save()
    for attendance in Attendance.objects.filter(person=double):
        same = Attendance.objects.filter(workshop=attendance.workshop_id, session=attendance.session_id, person=keep)
        if same.exists():
            attendance.delete()
        else:
            attendance.person = keep
            attendance.save()
    for authorship in Authorship.objects.filter(person=double):
        if Authorship.objects.filter(article=authorship.article_id, person=keep).exists():
            authorship.delete()
        else:
            authorship.person = keep
            authorship.save()
    for position in double.positions.all():
        position.speakers.add(keep)
        position.speakers.remove(double)
    double.delete()
