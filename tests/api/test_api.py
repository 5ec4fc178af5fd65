"""The API: the same questions as the website's, the same answers, and nothing but problems where something is wrong."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import F
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from apps.public.api.limits import PerAddress
from apps.public.catalogue.models import CatalogueState, Record, Redirect
from apps.taxonomy.models import Region, Theme
from tests.api.asked import CHECKED, ask_all
from tests.gate.visitor import connection_kept
from tests.website.factory import author, bury, join, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db) -> dict[str, Record]:
    asia = Region.objects.create(slug="asia", name="Asia")
    Region.objects.create(slug="japan", name="Japan", parent=asia, countries=["JP"])
    Theme.objects.create(slug="calm", name="Calm", alternative_names=["Quiet"])
    article = make_record("article", "An article", authors=[author("Ada", "Wroxham")])
    workshop = make_record("workshop", "A workshop")
    proposition = make_record("proposition", "A proposition")
    passage = {
        "quotation": "so it is",
        "prefix": "",
        "suffix": "",
        "locator": "p. 1",
        "start": 3,
        "end": 11,
        "state": "",
    }
    position = make_record(
        "position", "Frigates matter", regions=["japan"], themes=["calm"], source=article.identifier,
        proposition=proposition.identifier, passages=[passage],
    )  # fmt: skip
    join(position, "found_in", article)
    join(position, "takes_side_on", proposition, "supports")
    make_record("position", "Submarines matter", regions=["asia"], stance="opposes")
    return {"article": article, "workshop": workshop, "proposition": proposition, "position": position}


def ask(client, path: str, status: int = 200, **params):
    response = client.get(f"/api/v1/{path}", params)
    assert response.status_code == status, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    expected = "application/json; charset=utf-8" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == expected
    return response.json()


# --- Finding


@pytest.mark.parametrize(
    "asked", ["", "region=asia", "q=matter&stance=supports", "kind=article&kind=workshop", "theme=calm&sort=oldest"]
)
def test_a_question_of_the_website_has_the_same_answer(client, catalogue, asked):
    shown = client.get(f"/browse/?{asked}").context["results"]
    given = client.get(f"/api/v1/records?{asked}").json()
    assert [one["identifier"] for one in given["records"]] == [hit.record.identifier for hit in shown.hits]
    assert given["total"] == shown.total
    counts = {(facet["name"], one["value"]): one["count"] for facet in given["facets"] for one in facet["values"]}
    assert counts == {(facet.name, one.value): one.count for facet in shown.facets for one in facet.values}


def test_a_record_found_comes_whole_with_its_links_and_what_was_looked_for_marked(client, catalogue):
    [found] = ask(client, "records", q="frigates")["records"]
    position = catalogue["position"]
    assert found["content"] == position.content
    assert found["permalink"] == f"http://testserver/positions/{position.identifier}/"
    assert found["highlights"]["title"] == "<mark>Frigates</mark> matter"
    assert {(one["tie"], one["title"]) for one in found["links_out"]} == {
        ("found_in", "An article"),
        ("takes_side_on", "A proposition"),
    }


def test_markup_in_a_title_is_text_in_what_is_marked(client, catalogue):
    make_record("position", "<script>alert(1)</script> & zebras")
    [found] = ask(client, "records", q="zebras")["records"]
    assert found["title"] == "<script>alert(1)</script> & zebras"
    assert "<script>" not in found["highlights"]["title"]


def test_pages_are_followed_to_the_end_and_miss_none(client, catalogue):
    for number in range(7):
        make_record("position", f"Claim {number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = ask(client, "records", kind="position", limit=4, cursor=cursor)
        seen += [one["identifier"] for one in page["records"]]
        assert page["total"] == 9
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 9


def test_a_cursor_keeps_the_size_of_its_pages(client, catalogue):
    first = ask(client, "records", limit=2)
    second = ask(client, "records", limit=50, cursor=first["next"])
    assert len(second["records"]) == 2


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"region": "narnia"}, "There is no region called “narnia”."),
        ({"year": "soon"}, "“soon” is no year"),
        ({"sort": "size"}, "cannot be sorted"),
        ({"limit": "0"}, "greater than or equal to 1"),
        ({"limit": "many"}, "valid integer"),
        ({"limit": str(10**30)}, "less than or equal to 100"),
        ({"cursor": "zz"}, "no cursor"),
        ({"cursor": "MC4yMA"}, "no cursor"),
        ({"cursor": "OTk5OTkuOTk5"}, "Pages end"),
        ({"cursor": "ü"}, "no cursor"),
    ],
)
def test_what_makes_no_sense_is_a_problem_that_names_the_parameter(client, catalogue, params, said):
    answer = ask(client, "records", status=400, **params)
    assert said in answer["detail"]
    assert answer["problems"][0]["parameter"] == next(iter(params))
    assert answer["problems"][0]["value"] == next(iter(params.values()))
    assert answer["status"] == 400


# --- Records and versions


def test_a_record_has_the_links_both_ways(client, catalogue):
    given = ask(client, f"records/{catalogue['article'].identifier}")
    assert given["links_out"] == []
    assert [(one["tie"], one["identifier"]) for one in given["links_in"]] == [
        ("found_in", catalogue["position"].identifier)
    ]
    assert given["is_capped"] is False


def test_a_former_version_is_what_was_said_then(client, catalogue):
    record = catalogue["article"]
    record.versions.create(
        version=1, title="Before", content=record.content | {"title": "Before"}, published_at=record.published_at
    )
    Record.objects.filter(pk=record.pk).update(version=2)
    assert ask(client, f"records/{record.identifier}/versions/1")["title"] == "Before"
    assert ask(client, f"records/{record.identifier}/versions/2")["title"] == "An article"
    assert "no version 3" in ask(client, f"records/{record.identifier}/versions/3", status=404)["detail"]
    ask(client, f"records/{record.identifier}/versions/0", status=404)


def test_a_withdrawn_record_is_gone_and_nothing_is_left_of_it(client, catalogue):
    record = catalogue["position"]
    bury(record)
    answer = ask(client, f"records/{record.identifier}", status=410)
    assert "was withdrawn on" in answer["detail"]
    assert "Frigates" not in str(answer)
    ask(client, f"records/{record.identifier}/versions/1", status=410)


def test_a_merged_record_leads_to_the_one_that_stands_for_it_now(client, catalogue):
    merged, kept = catalogue["proposition"], make_record("proposition", "The same in other words")
    withdraw(merged)
    Redirect.objects.create(what="proposition", old=merged.identifier, new=kept.identifier)
    for path in (f"records/{merged.identifier}", f"records/{merged.identifier}/versions/1"):
        response = client.get(f"/api/v1/{path}")
        assert (response.status_code, response["Location"]) == (301, f"/api/v1/records/{kept.identifier}")
        assert response["Cache-Control"] == "no-cache"  # a merge can be undone
        assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/api/v1/records/{merged.identifier}", follow=True).json()["identifier"] == kept.identifier
    tombstone = next(one for one in ask(client, "changes")["changes"] if one["identifier"] == merged.identifier)
    assert tombstone["merged_into"] == kept.identifier
    withdraw(kept)  # and where that is gone too, it is gone
    ask(client, f"records/{merged.identifier}", status=410)
    tombstone = next(one for one in ask(client, "changes")["changes"] if one["identifier"] == merged.identifier)
    assert tombstone["merged_into"] is None


@pytest.mark.parametrize("path", ["records/aaaaaaaa", "nothing", "records/aaaaaaaa/versions/x", "records/%00"])
def test_what_is_not_there_is_a_problem_too(client, catalogue, path):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


# --- Following along


def withdraw(record: Record) -> None:
    """Leave a tombstone, with the next change number."""
    CatalogueState.objects.update(change=F("change") + 1)
    Record.objects.filter(pk=record.pk).update(
        title="", content=None, withdrawn_at=timezone.now(), change=CatalogueState.objects.get().change
    )


def test_a_mirror_that_follows_the_changes_ends_with_the_catalogue(client, catalogue):
    mirror: dict[str, object] = {}

    def follow(since: int) -> int:
        more = True
        while more:
            answer = ask(client, "changes", since=since, limit=2)
            for one in answer["changes"]:
                if "withdrawn" in one:
                    mirror.pop(one["identifier"], None)
                else:
                    mirror[one["identifier"]] = one["content"]
            since, more = answer["last"], answer["more"]
        return since

    last = follow(0)
    assert len(mirror) == 5
    withdraw(catalogue["position"])
    make_record("article", "A later one")
    assert follow(last) == CatalogueState.objects.get().change
    assert mirror == dict(Record.objects.live().values_list("identifier", "content"))


def test_a_tombstone_says_that_and_when_and_nothing_else(client, catalogue):
    withdraw(catalogue["position"])
    last = ask(client, "changes")["changes"][-1]
    assert {*last} == {"identifier", "kind", "change", "withdrawn", "merged_into"}
    assert last["merged_into"] is None


def test_after_the_last_change_there_is_nothing(client, catalogue):
    answer = ask(client, "changes", since=10**15)
    assert answer == {"changes": [], "last": 10**15, "more": False}
    assert ask(client, "state")["change"] == CatalogueState.objects.get().change


# --- Vocabulary


def test_regions_and_themes_come_with_their_places(client, catalogue):
    regions = {one["slug"]: one for one in ask(client, "regions")}
    assert (regions["japan"]["above"], regions["asia"]["below"]) == (["asia"], ["japan"])
    assert regions["japan"]["countries"] == ["JP"]
    [theme] = ask(client, "themes")
    assert (theme["name"], theme["alternative_names"]) == ("Calm", ["Quiet"])


# --- Manners


@pytest.mark.parametrize(
    "path", ["records", "changes", "regions", "themes", "state", "records/{article}", "records/{article}/versions/1"]
)
def test_what_has_not_changed_is_not_given_again(client, catalogue, path, django_assert_max_num_queries):
    path = f"/api/v1/{path.format(article=catalogue['article'].identifier)}"
    client.get("/browse/")  # the index is there
    etag = client.get(path)["ETag"]
    with django_assert_max_num_queries(1):  # the state
        again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    make_record("article", "Something new")
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_it_can_be_read_and_nothing_else(client, catalogue):
    for method in (client.post, client.put, client.patch, client.delete):
        response = method("/api/v1/records", data="{}", content_type="application/json")
        assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
        assert response["Allow"] == "GET, HEAD, OPTIONS"
    head = client.head("/api/v1/records")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == client.get("/api/v1/records")["ETag"]


def test_any_site_may_ask_whether_it_may(client):
    response = client.options("/api/v1/records", headers={"Origin": "https://example.org"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/")


def test_whoever_asks_too_often_is_told_when_to_ask_again(client, catalogue, settings):
    settings.API_REQUESTS_A_MINUTE = 3
    left = [client.get("/api/v1/state")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = client.get("/api/v1/state")
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Remaining"] == "0"
    assert client.get("/api/v1/state", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_addresses_that_ask_at_once_are_counted_apart(settings):
    settings.API_REQUESTS_A_MINUTE = 20
    throttle = PerAddress()

    def asks(number: int) -> tuple[int, bool]:
        request = RequestFactory().get("/", REMOTE_ADDR=f"192.0.2.{number % 4}")
        return number % 4, throttle.allow_request(request)

    with ThreadPoolExecutor(8) as threads:
        answers = Counter(threads.map(asks, range(160)))
    assert answers == {(address, is_allowed): 20 for address in range(4) for is_allowed in (True, False)}


def test_an_address_that_somebody_makes_up_counts_only_behind_a_proxy(client, catalogue, settings):
    settings.API_REQUESTS_A_MINUTE = 1
    assert client.get("/api/v1/state", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200
    assert client.get("/api/v1/state", headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 429
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    made_up = {"X-Forwarded-For": "192.0.2.9, 192.0.2.3"}
    assert client.get("/api/v1/state", headers=made_up).status_code == 200
    assert client.get("/api/v1/state", headers=made_up | {"X-Forwarded-For": "192.0.2.8, 192.0.2.3"}).status_code == 429


def test_without_an_index_the_rest_is_answered(client, catalogue, settings):
    settings.SEARCH_INDEX_DIR.touch()  # a file where the index's folder belongs
    answer = ask(client, "records", status=503)
    assert answer["detail"]
    ask(client, f"records/{catalogue['article'].identifier}")
    ask(client, "changes")


def test_a_page_costs_the_same_for_two_records_and_for_twenty(client, catalogue, django_assert_num_queries):
    def queries() -> int:
        client.get("/api/v1/records?limit=50")
        with django_assert_num_queries(3):  # state; records; links
            client.get("/api/v1/records?limit=50")
        return 3

    before = queries()
    for number in range(20):
        join(make_record("position", f"Claim {number}"), "found_in", catalogue["article"])
    assert queries() == before


# --- The description and the page


def test_the_page_asks_every_question_that_there_is(client, catalogue):
    page = client.get("/api/")
    assert page.status_code == 200
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for endpoint in page.context["endpoints"]:
        assert endpoint.path in schema["paths"]
        params = {one.name: one.example for one in endpoint.parameters if not one.is_in_path}
        assert client.get(endpoint.example, params).status_code == 200
    assert len(page.context["endpoints"]) == len(schema["paths"])
    assert reverse("api") in client.get("/").content.decode()


@connection_kept()
def test_every_answer_is_as_the_description_says(catalogue):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    assert len(list(schema.get_all_operations())) == 8
    answered = Counter()

    def ask(case, mode) -> None:
        headers = {"Host": "localhost", "Accept-Encoding": "identity"}
        answered[case.call_and_validate(headers=headers, checks=CHECKED).status_code] += 1
        cache.clear()

    assert ask_all(schema, 40, ask) > 200
    assert answered.keys() >= {200, 400, 404}


@connection_kept()
def test_every_answer_about_what_is_there_is_as_the_description_says(catalogue):
    """As above, with identifiers that lead somewhere: made-up ones never do."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler()).include(path_regex="identifier")
    merged, gone = make_record("proposition", "Said twice"), make_record("article", "Not for long")
    withdraw(merged)
    withdraw(gone)
    Redirect.objects.create(what="proposition", old=merged.identifier, new=catalogue["proposition"].identifier)
    answered = Counter()
    for record in (*catalogue.values(), merged, gone):

        def ask(case, mode, identifier=record.identifier):
            case.path_parameters |= {"identifier": identifier} | ({"number": "1"} if "number" in case.path else {})
            headers = {"Host": "localhost", "Accept-Encoding": "identity"}
            answered[case.call_and_validate(headers=headers, checks=CHECKED).status_code] += 1

        ask_all(schema, 2, ask)
    assert answered.keys() >= {200, 301, 410}
