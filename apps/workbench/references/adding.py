"""What becomes of a reference: a draft of an article, or what an article that is here was lacking."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from taggit.models import Tag

from apps.curation.models import Article, Authorship, Person
from apps.curation.names import slug_of
from apps.curation.references.items import Name, Reference, Unfit, is_here
from apps.curation.references.keys import words_key
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind
from apps.workbench.admin.forms import free_slug

_COLUMNS = ("outlet", "genre", "date", "doi", "url", "language", "summary")
_NOT_TYPED = {one.name for one in Article._meta.fields if not one.editable} | {"entry"}
Chosen = (
    Person | Name | None
)  # who an author is: somebody here, somebody new, or an institution, which is no author here


class Subjects:
    """What keywords name here: regions and themes of the vocabulary, and tags in use."""

    def __init__(self) -> None:
        self._regions, self._themes = (
            {words_key(node.name): node.slug for _, node in vocabulary().hierarchy(facet).tree}
            for facet in ("region", "theme")
        )
        self._tags = {words_key(name): name for name in Tag.objects.values_list("name", flat=True)}

    def of(self, reference: Reference) -> dict[str, list[Any]]:
        """The regions, themes and tags that a reference's keywords name; those that name nothing are left out."""
        keys = [words_key(one) for one in reference.keywords]
        return {
            "regions": list(Region.objects.filter(slug__in=filter(None, map(self._regions.get, keys)))),
            "themes": list(Theme.objects.filter(slug__in=filter(None, map(self._themes.get, keys)))),
            "tags": [self._tags[key] for key in keys if key in self._tags],
        }


def gaps(article: Article, reference: Reference, subjects: Subjects) -> list[tuple[str, str]]:
    """What an article lacks and a reference has: the name of the field, and what would be put there."""
    missing = [(_named(name), _shown(reference, name)) for name in _missing(article, reference)]
    if reference.authors and not article.authorships.exists():
        missing.append(("Authors", ", ".join(map(str, reference.authors))))
    if reference.note and not article.note:
        missing.append(("Private note", reference.note))
    for name, terms in subjects.of(reference).items():
        if terms and not getattr(article, name).exists():
            missing.append((name.capitalize(), ", ".join(map(str, terms))))
    if article.unresolved and not reference.cited_as:
        missing.insert(0, ("Title", reference.title))
    return missing


def add(reference: Reference, authors: list[Chosen], subjects: Subjects, by: Any) -> Article:
    """A draft of an article. Raises Unfit, and then the caller's transaction has to be rolled back."""
    _place_bodies(reference, authors)
    article = Article(
        title=reference.title,
        slug=free_slug(Kind.ARTICLE, reference.title, or_else="article"),
        note=reference.note,
        unresolved=bool(reference.cited_as),
        cited_as=reference.cited_as,
        **{name: getattr(reference, name) for name in _COLUMNS},
    )
    _save(article)
    _sign(article, authors)
    for name, terms in subjects.of(reference).items():
        getattr(article, name).add(*terms)
    article.touch(by)
    return article


def fill(article: Article, reference: Reference, authors: list[Chosen], subjects: Subjects, by: Any) -> None:
    """Give an article what it lacks, and leave the rest as it is. A citation of what was not found yet becomes the
    work: it takes the title, and keeps its address and all that refers to it. Raises Unfit as `add` does."""
    _place_bodies(reference, authors)
    if article.unresolved and not reference.cited_as:
        article.title, article.unresolved = reference.title, False
    for name in _missing(article, reference):
        setattr(article, name, getattr(reference, name))
    article.note = article.note or reference.note
    _save(article)
    if not article.authorships.exists():
        _sign(article, authors)
    for name, terms in subjects.of(reference).items():
        if not getattr(article, name).exists():
            getattr(article, name).add(*terms)
    article.touch(by)


def _missing(article: Article, reference: Reference) -> list[str]:
    found = [name for name in _COLUMNS if getattr(reference, name) and not getattr(article, name)]
    return [name for name in found if name != "url" or not is_here(reference)]


def _named(column: str) -> str:
    name = str(getattr(Article._meta.get_field(column), "verbose_name", column))
    return name[:1].upper() + name[1:]


def _shown(reference: Reference, column: str) -> str:
    value = str(getattr(reference, column))
    choices = dict(getattr(Article._meta.get_field(column), "flatchoices", ()))
    return str(choices.get(value, value))


def _place_bodies(reference: Reference, authors: list[Chosen]) -> None:
    """An institution that signs is no person: it is where the work appeared, or else it is noted."""
    bodies = [str(name) for name, one in zip(reference.authors, authors, strict=True) if one is None]
    if bodies and not reference.outlet:
        reference.outlet = ", ".join(bodies)[:200]
    elif bodies and ", ".join(bodies) != reference.outlet:
        reference.rest["Signed by"] = ", ".join(bodies)


def _save(article: Article) -> None:
    try:
        article.full_clean(exclude=_NOT_TYPED)  # saving sees to the rest
        article.save()
    except ValidationError as error:
        raise Unfit(_in_words(error)) from None
    except IntegrityError:
        raise Unfit("Another article has come to have its DOI just now. Look again.") from None


def _sign(article: Article, authors: list[Chosen]) -> None:
    people = [_person(one) if isinstance(one, Name) else one for one in authors if one is not None]
    for order, person in enumerate(dict.fromkeys(people), start=1):
        Authorship.objects.create(article=article, person=person, order=order)


def _person(name: Name) -> Person:
    person = Person(given_names=name.given, family_name=name.family)
    person.slug = slug_of(str(name), lambda slug: Person.objects.filter(slug=slug).exists(), or_else="person")
    try:
        person.full_clean()
    except ValidationError as error:
        raise Unfit(f"“{str(name)[:60]}” can't be the name of a person: {_in_words(error)}") from None
    person.save()
    return person


def _in_words(error: ValidationError) -> str:
    return " ".join(
        f"{'' if name == '__all__' else name.capitalize() + ': '}{' '.join(said)}"
        for name, said in error.message_dict.items()
    )
