"""Words in common between what somebody holds unnamed and what names them: found from both ends, and kept apart."""

import pytest

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Organisation,
    Passage,
    Person,
    Position,
    Session,
    Workshop,
)
from apps.gate import publication
from apps.gate.addresses import found_in, plain_address, searchable
from apps.gate.findings import Refused
from apps.gate.merging import merge_people
from apps.gate.wording import SHARED_WORDS, longest, runs
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Rule
from tests.gate.public import assert_nothing_is_objected_to, is_public

PHRASE = "nobody ever planned anything well alone at sea"
SENTENCE = f"{PHRASE} and nobody who tried it came home the wiser"


def codes(entry) -> list[str]:
    return [finding.code for finding in publication.findings(entry)]


@pytest.fixture
def signed(closed_world) -> Article:
    """An article by the holder of the protected position, in its words; published."""
    article = Article.objects.create(slug="signed", title="My view", summary=f"It is true that {PHRASE}!")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    publication.publish(article)
    return article


def said_elsewhere(world, publish, rule: Rule) -> Position:
    """What the same person said at another workshop, in these words; published."""
    workshop = Workshop.objects.create(slug="w2", title="Another workshop", rule=rule)
    session = Session.objects.create(slug="s2", title="Another session", workshop=workshop, number=1)
    position = Position.objects.create(slug="q", title="Not alone", summary=f"{PHRASE}.", session=session)
    position.speakers.add(world.people[0])
    for entry in (workshop, session, position):
        publish(entry)
    return position


@pytest.fixture
def open_position(closed_world, publish) -> Position:
    return said_elsewhere(closed_world, publish, Rule.ON_THE_RECORD)


def say(position: Position, text: str) -> Position:
    position.summary = text
    position.save()
    return position


# --- Whom a record names is what it says, whatever its draft has come to say


@pytest.mark.guards("who is named in public is remembered")
@pytest.mark.parametrize("change", ["draft", "published"])
def test_an_author_replaced_is_still_the_one_whom_the_record_or_a_former_version_names(
    closed_world, signed, publish, change
):
    Authorship.objects.filter(article=signed).update(person=closed_world.author)
    if change == "published":
        signed.summary = "Said otherwise."
        signed.save()
        publish(signed)
    assert codes(say(closed_world.position, f"They said that {PHRASE}.")) == ["same-wording"]


@pytest.mark.guards("who is named in public is remembered")
def test_a_speaker_taken_out_of_the_draft_is_still_the_one_whom_the_record_names(closed_world, open_position):
    open_position.speakers.clear()
    assert codes(say(closed_world.position, f"They said that {PHRASE}.")) == ["same-wording"]


@pytest.mark.parametrize("aliases", [[], ["Quill Zarnecki"]])
def test_somebody_renamed_is_still_the_one_whom_the_record_names(closed_world, signed, aliases):
    holder = closed_world.people[0]
    holder.family_name, holder.aliases = "Fjordland", aliases
    holder.save()
    Authorship.objects.filter(article=signed).delete()
    assert codes(say(closed_world.position, f"They said that {PHRASE}.")) == ["same-wording"]


def test_words_are_not_published_where_a_former_version_names_their_holder(closed_world, publish):
    article = Article.objects.create(slug="signed", title="My view")
    authorship = Authorship.objects.create(article=article, person=closed_world.people[0])
    publish(article)
    authorship.delete()
    publish(article)
    publish(say(closed_world.position, f"They said that {PHRASE}."))
    with pytest.raises(Refused, match="whose holder is protected"):
        publish(_with_summary(article, f"{PHRASE}."))
    assert_nothing_is_objected_to()


def test_who_was_entered_twice_is_one_person_to_what_names_the_double(closed_world, publish):
    double = Person.objects.create(slug="double", given_names="Q.", family_name="Zarnecki")
    article = Article.objects.create(slug="signed", title="My view", summary=f"It is true that {PHRASE}!")
    Authorship.objects.create(article=article, person=double)
    publish(article)
    Authorship.objects.filter(article=article).delete()
    publish(say(closed_world.position, f"They said that {PHRASE}."))
    merge_people(closed_world.people[0], double)
    assert not is_public(closed_world.position)


def test_wording_that_is_named_no_longer_anywhere_passes(closed_world, signed, publish):
    publication.withdraw(signed)
    Authorship.objects.filter(article=signed).update(person=closed_world.author)
    publish(signed)
    publish(say(closed_world.position, f"They said that {PHRASE}."))
    assert_nothing_is_objected_to()


@pytest.mark.parametrize("entered", ["again", "twice"])
def test_whoever_is_called_what_a_record_says_is_taken_for_the_one_whom_it_names(
    closed_world, signed, publish, entered
):
    holder = closed_world.people[0]
    again = Person.objects.create(slug="again", given_names=holder.given_names, family_name=holder.family_name)
    if entered == "again":
        Authorship.objects.filter(person=holder).delete()
        holder.attendances.all().delete()
        holder.delete()
    closed_world.position.speakers.set([again])
    assert codes(say(closed_world.position, f"They said that {PHRASE}.")) == ["same-wording"]


@pytest.mark.parametrize("aliases", [[], ["Quill Zarnecki"]])
def test_a_double_is_told_from_the_end_that_names_it_too(closed_world, publish, aliases):
    publish(say(closed_world.position, f"They said that {PHRASE}."))
    family_name = "Zarnecka" if aliases else "Zarnecki"
    double = Person.objects.create(slug="double", given_names="Quill", family_name=family_name, aliases=aliases)
    article = Article.objects.create(slug="signed", title="My view", summary=f"It is true that {PHRASE}!")
    Authorship.objects.create(article=article, person=double)
    assert codes(article) == ["same-wording"]
    article.summary = ""
    article.text = f"It is true that {PHRASE}!"  # as it was published, which is no secret
    article.save()
    assert not is_public(closed_world.position)


def test_a_double_who_is_called_otherwise_is_somebody_else(closed_world, publish):
    double = Person.objects.create(slug="double", given_names="Quill", family_name="Zarnecki-Lund")
    article = Article.objects.create(slug="signed", title="My view", summary=f"It is true that {PHRASE}!")
    Authorship.objects.create(article=article, person=double)
    publish(article)
    assert codes(say(closed_world.position, f"They said that {PHRASE}.")) == []


def test_a_merge_takes_out_only_what_fails_when_it_is_done(closed_world, publish):
    """In between the position has two speakers, of whom one has signed, and no reason was given for her."""
    double = Person.objects.create(slug="double", given_names="Q.", family_name="Zarnecki")
    article = closed_world.article
    Authorship.objects.create(article=article, person=double)
    publish(article)
    quoted = Position.objects.create(slug="r", title="R", article=article, named_in_source=True)
    quoted.speakers.add(double)
    publish(quoted)
    merge_people(closed_world.people[0], double)
    assert is_public(quoted)
    assert_nothing_is_objected_to()


# --- One article, two positions


def test_two_positions_of_one_article_may_be_in_its_words(closed_world, publish):
    article = closed_world.article
    Authorship.objects.create(article=article, person=closed_world.people[0], order=2)
    positions = [
        Position.objects.create(slug=f"r{i}", title=f"R{i}", article=article, summary=f"{PHRASE}.") for i in range(2)
    ]
    positions[0].speakers.add(closed_world.people[0])
    assert "same-wording" not in codes(positions[0])
    assert "same-wording" not in codes(positions[1])


@pytest.mark.parametrize("first", ["named", "unnamed"])
def test_named_in_one_and_not_in_the_other_of_one_article_is_told_from_both_ends(closed_world, publish, first):
    for which in ("named", "unnamed") if first == "named" else ("unnamed", "named"):
        position = Position.objects.create(
            slug=which,
            title=which,
            article=closed_world.article,
            summary=f"{PHRASE}.",
            named_in_source=which == "named",
            reported_as="" if which == "named" else "an expert",
        )
        position.speakers.add(closed_world.people[0])
        if which == first:
            publish(position)
    assert codes(position) == ["same-wording"]


# --- Both ends read the same


def with_a_note(article: Article, other: Article) -> Article:
    CrossReference.objects.create(source=article, target=other, relation="cites", note=f"{PHRASE}.")
    return article


def with_a_tag(article: Article, other: Article) -> Article:
    article.tags.add(PHRASE)
    return article


def with_a_quotation(article: Article, other: Article) -> Position:
    """Half of the words stand before what is quoted."""
    publication.publish(article)
    position = Position.objects.create(slug="r", title="R", article=article, reported_as="the author")
    before, after = PHRASE[: PHRASE.index(" well")], PHRASE[PHRASE.index(" well") :]
    Passage.objects.create(position=position, prefix=f"It is true that {before}", quotation=after, locator="p. 1")
    return position


@pytest.mark.parametrize("said", [with_a_note, with_a_tag, with_a_quotation])
@pytest.mark.parametrize("first", ["the position", "what names its holder"])
def test_whatever_is_public_of_an_entry_is_compared_from_both_ends(closed_world, publish, said, first):
    if first == "the position":
        publish(say(closed_world.position, f"They said that {PHRASE}."))
    article = Article.objects.create(slug="signed", title="My view")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    named = said(article, closed_world.article)
    if first == "the position":
        assert "same-wording" in codes(named)
    else:
        publish(named)
        assert codes(say(closed_world.position, f"They said that {PHRASE}.")) == ["same-wording"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a well-known truth about who plans for the sea", "a well-\nknown truth about who plans for the sea"),
        ("nobody planned anything well alone at sea", "nobody plan-\r\nned anything well alone at sea"),
        ("nobody planned anything well alone at sea", "nobody plan\u2010\nned anything well alone at sea"),
        ("nobody planned anything well alone at sea", "no\u200bbody planned any\u00adthing well alone at sea"),
        ("nobody planned anything well alone at sea", "n\u043ebody planned anything well \u0430lone at s\u0435a"),
        ("l’été dernier à Orléans on a tout prévu", "l'e\u0301te\u0301 dernier a\u0300 Orle\u0301ans on a tout prevu"),
        ("同盟国は共同で核計画を立てるべきだ", "我々は、同盟国は共同で核計画を立てるべきだ、と思う"),
    ],
)
def test_wording_is_compared_as_it_is_read(one, other):
    assert runs(one) & runs(other)


def test_a_few_characters_of_a_script_without_spaces_are_no_phrase():
    assert not runs("同盟国は共同で") & runs("我々は同盟国は共同で計画する")


def test_what_is_cited_by_its_address_is_no_wording():
    assert not runs("See https://example.org/2023/on/planning/at/sea/together/now.") & runs(
        "Read https://example.org/2023/on/planning/at/sea/together/now, please."
    )


def test_phrases_are_put_together_the_same_way_from_both_ends():
    one, other = runs(f"They said that {SENTENCE}."), runs(f"{SENTENCE}. {PHRASE}, then.")
    assert " ".join(longest(one & other)) == SENTENCE
    assert len(longest(runs(" ".join(["the sea"] * 9)))) > SHARED_WORDS  # it goes round in a circle


@pytest.mark.parametrize("ending", ["a", "z"])  # before and after the other one in the alphabet
def test_a_phrase_that_goes_on_in_two_ways_is_as_long_as_the_longer_one(ending):
    one, other = (f"{SENTENCE}. {word} {PHRASE} {ending}mong friends {word}" for word in ("Then", "However"))
    assert " ".join(longest(runs(one) & runs(other))) == SENTENCE


# --- A reviewer's reason


def test_a_short_run_can_be_a_title_and_a_reason_holds_at_both_ends(closed_world, publish):
    title = "the Treaty on the Prohibition of Nuclear Weapons"
    article = Article.objects.create(slug="signed", title="My view", summary=f"A look at {title}.")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    publish(article)
    position = say(closed_world.position, f"They support {title}.")
    [warning] = publication.findings(position)
    publication.acknowledge(position, warning, "It is the treaty's name.", closed_world.reviewer)
    publish(position)
    article.title = "My views"
    article.save()
    publish(article)
    assert_nothing_is_objected_to()
    article.text = f"As I wrote: {PHRASE}."
    article.save()
    with pytest.raises(Refused):
        publish(say(position, f"They support {title}, since {PHRASE}."))


def test_a_reason_holds_for_what_is_left_of_a_run(closed_world, publish):
    title = "the Treaty on the Prohibition of Nuclear Weapons"
    article = Article.objects.create(slug="signed", title="My view", summary=f"A look at {title} again.")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    publish(article)
    position = say(closed_world.position, f"They support {title} again.")
    [warning] = publication.findings(position)
    publication.acknowledge(position, warning, "It is the treaty's name.", closed_world.reviewer)
    publish(position)
    publish(_with_summary(article, f"A look at {title}."))
    publish(say(position, f"They support {title}."))
    assert_nothing_is_objected_to()


def _with_summary(article: Article, text: str) -> Article:
    article.summary = text
    article.save()
    return article


def test_somebodys_sentence_is_refused_whatever_the_reason(closed_world, publish):
    article = Article.objects.create(slug="signed", title="My view", summary=f"{SENTENCE}.")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    publish(article)
    [finding] = publication.findings(say(closed_world.position, f"They said that {SENTENCE}."))
    assert (finding.code, finding.severity) == ("same-wording", "refusal")


# --- Addresses


@pytest.mark.guards("address_of_what_its_speaker_signed")
@pytest.mark.parametrize(
    "text", ["doi:10.1000/ABC.", "[here](https://doi.org/10.1000/abc)", "at http://www.x.org/my-view/."]
)
def test_the_address_of_what_the_holder_signed_is_as_good_as_a_reference(closed_world, publish, text):
    article = Article.objects.create(slug="signed", title="My view", doi="10.1000/abc", url="https://x.org/my-view")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    publish(article)
    assert codes(say(closed_world.position, f"See {text}")) == ["address-of-what-its-speaker-signed"]


@pytest.mark.guards("address_of_what_its_speaker_signed")
@pytest.mark.parametrize("first", ["position", "article"])
def test_a_permalink_in_a_text_is_told_from_both_ends(closed_world, signed, publish, first):
    address = f"https://kb.example.org/positions/{closed_world.position.identifier}/"
    if first == "position":
        _with_summary(signed, f"See {address}.")
        assert codes(signed) == ["address-of-what-its-speaker-signed"]
    else:
        publication.withdraw(closed_world.position)
        publish(_with_summary(signed, f"See {address}."))
        assert codes(closed_world.position) == ["address-of-what-its-speaker-signed"]


def test_an_address_that_both_cite_joins_nothing(closed_world, signed, publish):
    publish(_with_summary(signed, "See https://treaties.example.org/full/text/of/the/treaty/in/english.html"))
    text = "They refer to https://treaties.example.org/full/text/of/the/treaty/in/english.html"
    publish(say(closed_world.position, text))
    assert_nothing_is_objected_to()


@pytest.mark.parametrize(
    "text",
    [
        "See x.org/my-view.",
        "(https://x.org/my-view)—which says so",
        "[here](HTTPS://WWW.X.org/my%2Dview/)…",
        "x.org/my-\u200bview?utm_source=rss",
        "出典はhttps://x.org/my-view。以上です",
        "https://web.archive.org/2020/https://x.org/my-view",
        "«10.1000/abc»",
        "https://doi.org/10.1000%2Fabc",
        "10.1000/abc/pdf",
        "https://x.org:443/my-view",
    ],
)
def test_addresses_are_known_in_any_spelling(text):
    assert found_in(searchable([text]), ["x.org/my-view", "10.1000/abc"])


@pytest.mark.parametrize("text", ["x.org/my-view-two", "x.org/my-viewer", "10.1000/abcd", "110.1000/abc", "x.org/"])
def test_other_addresses_are_others(text):
    assert not found_in(searchable([text]), ["x.org/my-view", "10.1000/abc"])


def test_an_address_before_a_sentence_without_spaces_hides_none_of_it():
    said = "同盟国は共同で核計画を立てるべきだ"
    assert runs(f"出典はhttps://x.org/a。{said}") & runs(said)


def test_how_an_unnamed_holder_is_described_is_a_text_too(closed_world, publish):
    article = Article.objects.create(slug="signed", title="My view", doi="10.1000/abc")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    publish(article)
    position = Position.objects.create(
        slug="r", title="R", article=closed_world.article, reported_as="the author of doi:10.1000/abc"
    )
    position.speakers.add(closed_world.people[0])
    assert "address-of-what-its-speaker-signed" in codes(position)


def test_a_position_of_an_article_that_still_names_its_author_is_judged_at_its_own_end(closed_world, signed, publish):
    Authorship.objects.filter(article=signed).delete()
    signed.summary = ""
    signed.save()
    publication.withdraw(signed)
    authorship = Authorship.objects.create(article=signed, person=closed_world.people[0])
    publish(signed)
    authorship.delete()
    publish(say(closed_world.position, f"They said that {PHRASE}."))
    quoted = Position.objects.create(
        slug="r", title="R", article=signed, summary=f"{PHRASE}.", reported_as="the author"
    )
    assert "same-wording" in codes(quoted)


def test_an_author_entered_twice_and_put_right_is_the_one_whom_the_record_names(closed_world, publish):
    double = Person.objects.create(slug="double", given_names="Quill", family_name="Zarnecki")
    article = Article.objects.create(slug="signed", title="My view", summary=f"It is true that {PHRASE}!")
    authorship = Authorship.objects.create(article=article, person=double)
    publish(article)
    authorship.person = closed_world.people[0]
    authorship.save()
    publish(article)
    authorship.delete()
    assert codes(say(closed_world.position, f"They said that {PHRASE}.")) == ["same-wording"]


def test_a_stricter_rule_takes_the_name_out_and_leaves_the_words(closed_world, open_position):
    workshop = open_position.session.workshop
    workshop.rule = Rule.CHATHAM_HOUSE
    workshop.save()
    record = Record.objects.live().filter(identifier=open_position.identifier).first()
    assert record is None or record.content["holder"]["names"] == []
    assert codes(Position.objects.get(pk=open_position.pk)) == []


def test_a_loosened_rule_takes_nothing_out_and_names_nobody_for_words_that_stand_unnamed_elsewhere(
    closed_world, publish
):
    said = said_elsewhere(closed_world, publish, Rule.CHATHAM_HOUSE)
    publish(say(closed_world.position, f"They said that {PHRASE}."))
    workshop = said.session.workshop
    workshop.rule = Rule.ON_THE_RECORD
    workshop.save()
    assert_nothing_is_objected_to()
    with pytest.raises(Refused, match="whose holder is protected"):
        publish(Position.objects.get(pk=said.pk))


def test_an_address_is_known_without_its_port():
    assert plain_address("https://www.X.org:443/my-view/") == "x.org/my-view"


def test_the_address_of_an_article_counts_before_the_article_is_published_here(closed_world, publish):
    publish(say(closed_world.position, "See doi:10.1000/abc."))
    article = Article.objects.create(slug="signed", title="My view", doi="10.1000/abc")
    assert is_public(closed_world.position)
    Authorship.objects.create(article=article, person=closed_world.people[0])
    assert not is_public(closed_world.position)


def test_how_an_article_is_cited_is_a_text_too(closed_world, signed):
    signed.cited_as = f"Zarnecki, Q., My view, https://kb.example.org/positions/{closed_world.position.identifier}/"
    signed.save()
    assert codes(signed) == ["address-of-what-its-speaker-signed"]


@pytest.mark.parametrize("family", ["Zarnecki", "Zarnecki, Jr."])
def test_a_name_with_a_comma_is_known_in_a_list_of_participants(closed_world, publish, family):
    somebody = closed_world.people[0]
    somebody.family_name = family
    somebody.save()
    listing = Workshop.objects.create(slug="w2", title="An open workshop", summary=SENTENCE, rule=Rule.ON_THE_RECORD)
    Attendance.objects.create(workshop=listing, person=somebody, affiliation=Organisation.objects.first())
    publish(listing)
    closed_world.position.summary = SENTENCE
    closed_world.position.save()
    with pytest.raises(Refused):
        publication.publish(closed_world.position, by=closed_world.reviewer)


# --- Whom a meeting lists is named there


@pytest.fixture
def open_workshop(closed_world) -> Workshop:
    """It lists somebody who has another name in common with the holder."""
    holder = closed_world.people[0]
    holder.aliases = ["Bobby"]
    holder.save()
    listed = Person.objects.create(slug="milner", given_names="Bob", family_name="Milner", aliases=["Bobby"])
    workshop = Workshop.objects.create(slug="w2", title="An open workshop", rule=Rule.ON_THE_RECORD)
    Attendance.objects.create(workshop=workshop, person=listed)
    return workshop


@pytest.mark.guards("whoever is called the same is taken for them")
def test_a_meeting_that_lists_somebody_called_like_the_holder_does_not_say_their_words(
    closed_world, open_workshop, publish
):
    publish(say(closed_world.position, SENTENCE))
    open_workshop.summary = SENTENCE
    open_workshop.save()
    with pytest.raises(Refused, match="same words"):
        publish(open_workshop)


@pytest.mark.guards("tagged_with_its_speaker")
def test_a_tag_on_a_meeting_that_lists_the_holder_warns_there(closed_world, open_workshop, publish):
    closed_world.position.tags.add("harbours")
    publish(closed_world.position)
    open_workshop.tags.add("harbours")
    with pytest.raises(Refused, match="this tag"):
        publish(open_workshop)
