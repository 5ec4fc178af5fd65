"""Two coders: each codes apart from the other, at whatever address they look; then both are compared, and resolved."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from apps.curation.agreement.course import ask, say_done
from apps.curation.agreement.measures import report_on
from apps.curation.history import deleted, steps
from apps.curation.merging import merge
from apps.curation.models import (
    Article,
    Authorship,
    Candidate,
    CodedUnit,
    Coder,
    CrossReference,
    DoubleCoding,
    Passage,
    Person,
    Position,
    Proposition,
    UnitPair,
)
from apps.gate.publication import publish
from apps.workbench.editing import one_edit
from tests.curation.mutated import SENTENCES
from tests.workbench.conftest import signed_in
from tests.workbench.forms import form_of, save

TEXT = "\n\n".join(" ".join(SENTENCES[i : i + 3]) for i in (0, 3, 6))


@pytest.fixture
def article(entries) -> Article:
    Position.objects.all().delete()
    Version.objects.all().delete()
    Article.objects.filter(pk=entries.article.pk).update(text=TEXT)
    return Article.objects.get()


@pytest.fixture
def bea(db) -> Client:
    """The second coder: a reviewer too, who may see and do the most."""
    return signed_in("bea", 1)


def page(source, name: str, *args) -> str:
    return reverse(f"admin:curation_{source.kind}_{name}", args=[source.pk, *args])


def code(client, source, sentence: str, title: str = "A claim", **fields):
    address = page(source, "code")
    sent = form_of(client, address) | {"title": title, "passages-0-quotation": sentence} | fields
    response = client.post(address, sent)
    assert response.status_code == 302, said(response)
    return response


def said(response) -> str:
    html = BeautifulSoup(response.content, "html.parser")
    return " ".join(one.get_text(" ", strip=True) for one in html.select(".errornote, .errorlist, .messagelist"))


def asked(article, analyst, bea) -> DoubleCoding:
    response = analyst.post(
        page(article, "agreement"), {"ask": "1", "first": analyst.user.pk, "second": bea.user.pk}, follow=True
    )
    assert "bea finds it" in said(response)
    return DoubleCoding.objects.get()


def done(client, source) -> str:
    return said(client.post(page(source, "agreement"), {"done": "1"}, follow=True))


@pytest.fixture
def double(article, analyst, bea) -> DoubleCoding:
    return asked(article, analyst, bea)


@pytest.fixture
def compared(article, analyst, bea, double, entries) -> DoubleCoding:
    """Both found the fifth sentence and differ in the stance; each found one that the other did not."""
    on = {"proposition": "A proposition"}
    code(analyst, article, SENTENCES[4], "Both say so", stance="supports", regions="Baltic", **on)
    code(analyst, article, SENTENCES[0], "Only Ana says so")
    code(bea, article, SENTENCES[4], "Both said so", stance="opposes", regions="Europe", **on)
    code(bea, article, SENTENCES[8], "Only Bea says so", stance="neutral", proposition="A new one", is_new="on")
    done(analyst, article)
    done(bea, article)
    return DoubleCoding.objects.get()


# --- Asking, and being asked


def test_the_second_coder_is_told_on_the_front_page_and_codes_at_the_same_address(article, analyst, bea, double):
    front = bea.get("/admin/").content.decode()
    assert "You are asked to code" in front
    assert f'href="{page(article, "code")}"' in front
    assert "You code" in analyst.get("/admin/").content.decode()
    assert "You code this as the second of two" in bea.get(page(article, "code")).content.decode()
    assert "second of two" not in analyst.get(page(article, "code")).content.decode()


def test_what_the_second_coder_finds_is_none_of_the_record(article, bea, double, entries):
    code(bea, article, SENTENCES[4], "Found apart", stance="opposes", proposition="Quite new", is_new="on",
         regions="Baltic", themes="Calm", quantifier="some")  # fmt: skip
    unit = CodedUnit.objects.get()
    assert (unit.title, unit.stance, unit.on, unit.quantifier) == ("Found apart", "opposes", "Quite new", "some")
    assert list(unit.regions.all()) == [entries.baltic]
    assert unit.passages.get().quotation == SENTENCES[4]
    assert not Position.objects.exists()
    assert not Passage.objects.exists()
    assert not Proposition.objects.filter(title="Quite new").exists()
    assert not steps(article.pk)


def test_it_is_edited_taken_out_and_taken_back(article, bea, double):
    code(bea, article, SENTENCES[4], "Found apart", stance="opposes", proposition="Quite new", is_new="on")
    unit = CodedUnit.objects.get()
    address = page(article, "code_position", unit.pk)
    data = form_of(bea, address)
    assert (data["title"], data["proposition"], data["passages-0-quotation"]) == (
        "Found apart", "Quite new", SENTENCES[4],
    )  # fmt: skip
    assert bea.post(address, data | {"title": "Found otherwise"}).status_code == 302
    bea.post(page(article, "code_undo"))
    assert CodedUnit.objects.get().title == "Found apart"
    bea.post(page(article, "code_take_out", unit.pk))
    assert not CodedUnit.objects.exists()
    bea.post(page(article, "code_undo"))
    assert CodedUnit.objects.get().title == "Found apart"
    assert CodedUnit.objects.get().passages.get().quotation == SENTENCES[4]
    bea.post(page(article, "code_undo"))
    assert not CodedUnit.objects.exists()


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("ana", "ana", "Choose two different people"),
        ("ana", "lou", "Select a valid choice"),
        ("ana", "", "This field is required"),
        ("ana", "rex", "has edited positions of this text"),
    ],
)
def test_who_can_not_be_asked_is_said_in_words(article, analyst, reviewer, looker, first, second, words):
    Position.objects.create(slug="n", title="N", article=article, modified_by=reviewer.user)
    keys = dict(User.objects.values_list("username", "pk"))
    response = analyst.post(
        page(article, "agreement"), {"ask": "1", "first": keys[first], "second": keys.get(second, "")}
    )
    assert response.status_code == 422
    assert words in said(response)
    assert not DoubleCoding.objects.exists()


def test_a_source_without_a_text_or_asked_for_twice_is_refused_in_words(article, analyst, bea, double, entries):
    again = analyst.post(page(article, "agreement"), {"ask": "1", "first": analyst.user.pk, "second": bea.user.pk})
    assert "asked to code this already" in said(again)
    assert "There is no text here yet" in analyst.get(page(entries.session, "agreement")).content.decode()
    without = {"ask": "1", "first": analyst.user.pk, "second": bea.user.pk}
    assert "There is no text here yet" in said(analyst.post(page(entries.session, "agreement"), without))


def test_somebody_who_may_only_look_asks_nobody_and_decides_nothing(article, looker, compared):
    assert looker.get(page(article, "agreement")).status_code == 200
    for data in ({"ask": "1"}, {"done": "1"}, {"remove": "1"}):
        assert looker.post(page(article, "agreement"), data).status_code == 403
    assert looker.post(page(article, "pair", 1), {"keep": "1"}).status_code == 403


# --- Neither sees what the other finds


def pages_of(article, workshop) -> list[str]:
    """Every address of the workbench that tells of entries: each list, each row, each page about it, the finders."""
    found = ["/admin/", reverse("admin:review"), reverse("admin:deleted"), page(workshop, "board")]
    for model, one in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        if model._meta.app_label not in ("curation", "taxonomy", "taggit", "gate"):
            continue
        found += [reverse(f"{base}changelist"), f"{reverse(f'{base}changelist')}?q=secre", reverse(f"{base}add")]
        names = {url.name for url in one.urls if url.name}
        about = [name for name in names if f"{base.removeprefix('admin:')}" in name and not name.endswith("list")]
        for row in model._base_manager.all():
            for name in about:
                try:
                    found.append(reverse(f"admin:{name}", args=[row.pk]))
                except Exception:  # a page about two things
                    continue
    for model, one in admin.site._registry.items():
        for field in one.get_autocomplete_fields(None) if hasattr(one, "list_per_page") else ():
            where = f"?app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field}"
            found.append(f"{reverse('admin:autocomplete')}{where}&term=secre")
    rows = apps.get_model("curation.Position").objects.values_list("pk", flat=True)
    found += [page(article, "code_position", row) for row in rows]
    found += [page(article, "restore", revision.pk) for revision in steps(article.pk)]
    return found


def everything_that_tells(article, analyst, entries) -> None:
    """Positions of the first coder in every place from which they could be read."""
    for n, standing in enumerate(("draft", "submitted", "returned")):
        code(analyst, article, SENTENCES[n], f"Ana’s secret {standing}", stance="supports", proposition="A proposition")
        position = Position.objects.latest("pk")
        Position.objects.filter(pk=position.pk).update(status=standing)
        position.tags.add("a tag")
        position.speakers.add(entries.person)
    CrossReference.objects.create(source=entries.proposition.entry, target=position.entry, relation="see_also",
                                  note="A secret note")  # fmt: skip
    Candidate.objects.create(
        article=article, start=0, end=9, quotation="x", title="A secret candidate", fingerprint="f"
    )
    code(analyst, article, SENTENCES[5], "Ana’s secret deleted")
    with one_edit(analyst.user):
        Position.objects.latest("pk").delete()
    assert deleted().count() == 1


def told(client, addresses, word: str) -> list[str]:
    found = []
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.status_code in (200, 403, 404), address
        if word in response.content.decode():
            found.append(address)
    return found


def test_the_second_coder_reads_nothing_of_the_first_at_any_address(article, analyst, bea, double, entries):
    everything_that_tells(article, analyst, entries)
    addresses = pages_of(article, entries.workshop)
    assert len(addresses) > 100
    assert " ".join(told(bea, addresses, "secret")) == ""
    done(analyst, article)
    assert told(bea, [page(article, "agreement"), page(article, "code"), "/admin/"], "secret") == []
    other = signed_in("cleo", 1)
    assert len(told(other, addresses[::3], "secret")) > 5  # the same addresses tell everybody else


def test_nor_in_what_the_gate_finds_elsewhere(article, bea, double, entries):
    """The gate compares what somebody holds unnamed with what they signed, and says where the same words stand."""
    words = "a promise that is repeated every spring begins to sound like a question that nobody has asked"
    Authorship.objects.create(article=article, person=entries.person)
    Position.objects.create(slug="f", title="A secret found there", article=article, summary=f"It says that {words}.")
    type(entries.session).objects.filter(pk=entries.session.pk).update(rule="chatham_house")
    held = Position.objects.create(slug="h", title="Held", session=entries.session, summary=words, status="submitted")
    held.speakers.add(entries.person)
    addresses = [page(held, "change"), page(held, "review")]
    assert told(signed_in("cleo", 1), addresses, "secret") == addresses
    assert told(bea, addresses, "secret") == []
    assert "secret" not in said(bea.post(page(held, "review"), {"_publish": "1"}, follow=True))


def test_nor_by_deleting_what_it_hangs_on_or_bringing_it_back(article, analyst, bea, double, entries):
    everything_that_tells(article, analyst, entries)
    for one in (article, entries.proposition, entries.workshop):
        for response in (
            bea.get(page(one, "delete"), follow=True),
            bea.post(
                reverse(f"admin:curation_{one.kind}_changelist"),
                {"action": "delete_selected", "_selected_action": [str(one.pk)]},
                follow=True,
            ),
        ):
            assert "secret" not in response.content.decode()
    for kind in ("person", "organisation"):
        row = getattr(entries, "person" if kind == "person" else "host")
        assert "secret" not in bea.get(reverse(f"admin:curation_{kind}_delete", args=[row.pk])).content.decode()
    gone = deleted().get()
    bea.post(reverse("admin:deleted"), {"version": str(gone.pk)})
    assert deleted().count() == 1


def test_the_first_coder_and_everybody_else_read_nothing_of_the_second(article, analyst, bea, double, entries):
    code(bea, article, SENTENCES[4], "Bea’s secret", stance="opposes", regions="Baltic", proposition="A secret one",
         is_new="on", speakers=[])  # fmt: skip
    CodedUnit.objects.get().speakers.add(entries.person)
    done(bea, article)
    addresses = pages_of(article, entries.workshop)
    addresses += [page(article, "code_position", CodedUnit.objects.get().pk), page(article, "pair", 1)]
    for client in (analyst, signed_in("cleo", 1)):
        assert told(client, addresses, "secret") == []


def test_what_the_second_coder_used_is_not_deleted_under_their_hands(article, analyst, bea, double, entries):
    code(bea, article, SENTENCES[4], "Bea’s secret", regions="Baltic")
    address = reverse("admin:taxonomy_region_delete", args=[entries.baltic.pk])
    answer = analyst.post(address, {"post": "yes"}).content.decode()
    assert "two people are coding apart" in answer
    assert "secret" not in answer
    assert list(CodedUnit.objects.get().regions.all()) == [entries.baltic]


def test_a_source_that_two_code_is_not_deleted(article, analyst, bea, double):
    answer = analyst.post(page(article, "delete"), {"post": "yes"}).content.decode()
    assert "coded by ana and bea" in answer
    assert Article.objects.exists()


def test_the_form_of_the_source_leads_its_second_coder_back_to_the_text(article, bea, double):
    response = bea.get(page(article, "change"), follow=True)
    assert response.redirect_chain[-1][0] == page(article, "code")
    assert "Until both of you are done" in said(response)
    for name in ("history", "preview", "review", "notes", "candidates"):
        assert bea.get(page(article, name)).status_code == 404


def test_once_both_are_done_everything_can_be_read_again(article, analyst, bea, double):
    code(analyst, article, SENTENCES[4], "Ana’s secret")
    assert "You are done." in done(analyst, article)
    assert "secret" not in bea.get(page(article, "agreement")).content.decode()
    assert "how far you agree" in done(bea, article)
    assert "secret" in bea.get(page(article, "agreement")).content.decode()
    assert bea.get(page(article, "change")).status_code == 200
    assert "Both are done: compare" in bea.get("/admin/").content.decode()


def test_whoever_is_done_codes_no_more_unless_they_say_so(article, analyst, bea, double):
    before = form_of(bea, page(article, "code")) | {"title": "Late", "passages-0-quotation": SENTENCES[4]}
    done(bea, article)
    bea.post(page(article, "code"), before)
    assert not CodedUnit.objects.exists()
    bea.post(page(article, "agreement"), {"go_on": "1"})
    bea.post(page(article, "code"), before)
    assert CodedUnit.objects.get().title == "Late"
    done(analyst, article)
    done(bea, article)
    answer = said(bea.post(page(article, "agreement"), {"go_on": "1"}, follow=True))
    assert "has been compared" in answer


# --- Comparing


def test_both_are_put_side_by_side_in_the_order_of_the_text(compared):
    pairs = [(str(one.first or ""), str(one.second or "")) for one in compared.pairs.all()]
    assert pairs == [("Only Ana says so", ""), ("Both say so", "Both said so"), ("", "Only Bea says so")]
    assert compared.sentences == {"both": 1, "first": 1, "second": 1, "neither": 6}


def test_a_clause_and_its_sentence_are_the_same_unit_and_another_clause_is_not(article, analyst, bea, double):
    words = SENTENCES[4].split(" ")
    code(analyst, article, SENTENCES[4], "The whole")
    code(analyst, article, " ".join(SENTENCES[1].split(" ")[:4]), "The beginning")
    code(bea, article, " ".join(words[2:]), "A part")
    code(bea, article, " ".join(SENTENCES[1].split(" ")[5:]), "The rest")
    done(analyst, article)
    done(bea, article)
    matched = [(str(one.first), str(one.second)) for one in UnitPair.objects.all() if one.is_matched]
    assert matched == [("The whole", "A part")]


def test_of_several_claims_at_the_same_words_the_most_alike_are_paired(article, analyst, bea, double):
    for client, titles in ((analyst, ("Cats purr", "Dogs bark")), (bea, ("Dogs do bark", "Cats do purr"))):
        for title in titles:
            code(client, article, SENTENCES[4], title)
        done(client, article)
    assert {(str(one.first), str(one.second)) for one in UnitPair.objects.all()} == {
        ("Cats purr", "Cats do purr"),
        ("Dogs bark", "Dogs do bark"),
    }


def test_the_report_says_what_was_found_and_gives_no_figure_from_few(article, analyst, compared):
    content = analyst.get(page(article, "agreement")).content.decode()
    assert "Found by the first coder: 2, by the second: 2, by both: 1 (50% of what either found)" in content
    assert "Not enough to say" in content
    assert "nan" not in content.lower().replace("finance", "")


def test_figures_of_many_units_and_the_file(article, analyst, bea, double):
    text = " ".join(f"Point {n} was made with some care and at length." for n in range(30))
    Article.objects.filter(pk=article.pk).update(text=text)
    article.refresh_from_db()
    for n in range(24):
        sentence = f"Point {n} was made with some care and at length."
        code(analyst, article, sentence, f"P{n}", stance="supports" if n % 2 else "opposes")
        code(bea, article, sentence, f"P{n}", stance="supports" if n % 2 or n == 0 else "opposes")
    done(analyst, article)
    done(bea, article)
    content = analyst.get(page(article, "agreement")).content.decode()
    assert "Reliable" in content
    assert '<svg class="agreement"' in content
    response = analyst.get(page(article, "figures"))
    rows = {row["what"]: row for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))}
    assert (rows["Stance"]["number"], rows["Stance"]["the_same"]) == ("24", "23")
    assert 0.9 < float(rows["Stance"]["krippendorffs_alpha"]) < 1
    assert 0.9 < float(rows["Stance"]["cohens_kappa"]) < 1
    assert rows["Regions"]["krippendorffs_alpha"] == ""
    assert "neither ever said anything else" in rows["Regions"]["reading"]
    assert rows["Where something is claimed"]["krippendorffs_alpha"] == "1.000"


def test_a_workshops_sources_are_taken_together(analyst, bea, entries):
    for number in (1, 2):
        session = entries.session if number == 1 else type(entries.session).objects.create(
            slug="s2", title="=Second", workshop=entries.workshop, number=2)  # fmt: skip
        type(session).objects.filter(pk=session.pk).update(text=TEXT)
        session.refresh_from_db()
        double = ask(session, analyst.user, bea.user)
        for sentence in SENTENCES[:6]:
            code(analyst, session, sentence, stance="supports")
            code(bea, session, sentence, stance="supports")
        say_done(double, Coder.FIRST)
        say_done(double, Coder.SECOND)
    content = analyst.get(page(entries.workshop, "agreement")).content.decode()
    assert "by both: 12" in content
    rows = list(csv.reader(io.StringIO(analyst.get(page(entries.workshop, "figures")).content.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {"A session", "'=Second", "All 2"}


# --- Resolving


def resolve(client, source, number: int, **fields):
    address = page(source, "pair", number)
    return client.post(address, form_of(client, address) | {"settle": "1"} | fields)


def test_a_disagreement_is_resolved_into_the_record_and_remembered(article, analyst, bea, compared, entries):
    address = page(article, "pair", 2)
    html = BeautifulSoup(bea.get(address).content, "html.parser")
    assert [one.th.get_text(" ", strip=True) for one in html.select("tr.differs")] == [
        "Claim differs", "Stance differs", "Regions differs",
    ]  # fmt: skip
    before = [line.same for line in report_on([compared]).lines]
    response = resolve(bea, article, 2, stance="second", regions="else", regions_else="Baltic, Europe", title="first")
    assert response.status_code == 302, said(response)
    position = Position.objects.get(title="Both say so")
    assert position.stance == "opposes"
    assert set(position.regions.all()) == {entries.baltic, entries.europe}
    assert position.modified_by == bea.user
    assert "resolved" in steps(position.pk)[0].comment
    pair = UnitPair.objects.get(number=2)
    assert (pair.decided_by, pair.decision["stance"]) == (bea.user, {"whose": "second", "words": "Opposes"})
    assert [line.same for line in report_on([compared]).lines] == before
    assert "Resolved by bea" in analyst.get(page(article, "agreement")).content.decode()


def test_what_was_found_by_one_alone_is_kept_or_dropped(article, analyst, compared, entries):
    analyst.post(page(article, "pair", 3), {"keep": "1"})
    position = Position.objects.get(title="Only Bea says so")
    assert (position.status, position.stance, position.proposition.title) == ("draft", "neutral", "A new one")
    assert position.passages.get().quotation == SENTENCES[8]
    analyst.post(page(article, "pair", 1), {"drop": "1"})
    assert not Position.objects.filter(title="Only Ana says so").exists()
    assert [one.object_repr for one in deleted()] == ["Only Ana says so"]
    assert UnitPair.objects.get(number=1).decision == {"kept": False}
    resolve(analyst, article, 2, stance="first", regions="first")
    assert "All 3 are decided" in analyst.get(page(article, "agreement")).content.decode()
    assert "Both are done" not in analyst.get("/admin/").content.decode()


def test_what_is_public_is_not_dropped_here(article, analyst, reviewer, compared):
    position = Position.objects.get(title="Only Ana says so")
    publish(article, by=reviewer.user)
    publish(position, by=reviewer.user)
    assert "Withdraw it first" in said(analyst.post(page(article, "pair", 1), {"drop": "1"}, follow=True))
    assert Position.objects.filter(pk=position.pk).exists()
    assert UnitPair.objects.get(number=1).decided_at is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"regions": "first"}, "Say whose is to hold"),
        ({"stance": "third", "regions": "first"}, "Select a valid choice"),
        ({"stance": "first", "regions": "else", "regions_else": "Baltik"}, "Did you mean “Baltic”"),
        ({"stance": "first", "regions": "first", "title": "else"}, "Write the claim"),
        ({"stance": "else", "stance_else": "", "regions": "first"}, "Say where it stands towards the proposition"),
        ({"stance": "else", "stance_else": "shouts", "regions": "first"}, "Select a valid choice"),
        ({"stance": "first", "regions": "first", "title": "else", "title_else": "a\x00b"}, "Null characters"),
        ({"stance": "first", "regions": "first", "seen": "long ago"}, "while you looked at it"),
    ],
)
def test_a_decision_that_can_not_be_is_answered_in_words(article, analyst, compared, fields, words):
    response = resolve(analyst, article, 2, **fields)
    assert response.status_code in (200, 422)
    assert words in said(response)
    assert UnitPair.objects.get(number=2).decided_at is None


def test_a_position_deleted_meanwhile_is_made_again(article, analyst, compared):
    Position.objects.all().delete()
    assert resolve(analyst, article, 2, stance="second", regions="first").status_code == 302
    position = Position.objects.get()
    assert (position.title, position.stance) == ("Both say so", "opposes")
    assert position.passages.get().quotation == SENTENCES[4]


# --- When things change meanwhile


def test_a_text_edited_meanwhile_takes_the_passages_of_both_along(article, analyst, bea, double):
    code(analyst, article, SENTENCES[4], "Kept")
    code(bea, article, SENTENCES[4], "Kept too")
    code(bea, article, SENTENCES[8], "Lost")
    save(analyst, article, text="A new beginning. " + TEXT.replace(SENTENCES[8], "Something else altogether."))
    kept, lost = CodedUnit.objects.order_by("pk")
    article.refresh_from_db()
    assert article.text[slice(*kept.places[0])] == SENTENCES[4]
    assert lost.places == []
    assert "Lost:" in bea.get(page(article, "code")).content.decode()
    done(analyst, article)
    done(bea, article)
    content = analyst.get(page(article, "agreement")).content.decode()
    assert "by both: 1 (100%" in content
    assert "Left out: 1 whose words stood nowhere" in content


def test_a_coder_whose_account_is_gone_stops_nobody(article, analyst, bea, double):
    code(bea, article, SENTENCES[4], "Left behind")
    bea.user.delete()
    content = analyst.get(page(article, "agreement")).content.decode()
    assert "somebody whose account is gone" in content
    assert "anybody may say that this part is done" in content
    analyst.post(page(article, "agreement"), {"done": "second"})
    assert "how far you agree" in done(analyst, article)
    assert str(UnitPair.objects.get()) == "Left behind"
    analyst.post(page(article, "agreement"), {"remove": "1"})
    assert not DoubleCoding.objects.exists()


def test_nobody_says_of_somebody_else_that_they_are_done(article, analyst, bea, double):
    analyst.post(page(article, "agreement"), {"done": "second"})  # is taken as said of herself
    double.refresh_from_db()
    assert double.first_done_at
    assert not double.second_done_at
    assert signed_in("cleo", 1).post(page(article, "agreement"), {"done": "second"}).status_code == 403


def test_an_account_that_is_gone_after_comparing_leaves_the_figures(article, analyst, bea, compared):
    bea.user.delete()
    assert "somebody whose account is gone" in analyst.get(page(article, "agreement")).content.decode()
    assert analyst.get(page(article, "pair", 3)).status_code == 200
    assert "somebody whose account is gone" in analyst.get(page(article, "figures")).content.decode()


@pytest.mark.parametrize("number", ["0", "99", "9" * 20])
def test_an_address_of_nothing_is_not_found(article, analyst, compared, number):
    assert analyst.get(f"{page(article, 'agreement')}{number}/").status_code == 404
    assert analyst.get(f"/admin/curation/article/{number}/agreement/").status_code == 404
    assert analyst.get("/admin/curation/article/x/agreement/").status_code == 404


def test_somebody_entered_twice_becomes_one_in_what_was_coded_too(article, bea, double, entries):
    code(bea, article, SENTENCES[4])
    again = Person.objects.create(slug="again", given_names="Quill", family_name="Zarneki")
    CodedUnit.objects.get().speakers.add(again)
    merge(entries.person, again)
    assert list(CodedUnit.objects.get().speakers.all()) == [entries.person]
