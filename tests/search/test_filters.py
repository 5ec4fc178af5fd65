"""A filter: parsed from a query string, written back the same way, and clear about what makes no sense."""

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.public.search.filters import SELECTIONS, Filter, UnusableFilter
from apps.taxonomy.vocabulary import vocabulary
from tests.search import factory
from tests.search.factory import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vocabulary() -> None:
    factory.add_regions("indo-pacific/japan", "europe")
    factory.add_themes("deterrence/two-peer-problem")


def test_every_parameter():
    found = asked(
        "q=nuclear+planning&kind=position&region=europe&region=japan&theme=deterrence&stance=supports&year=2018..2023"
        "&year=2015&workshop=abcd2345&tag=GCAP&holder=Asia+experts&rule=chatham_house&sort=oldest&page=2&unknown=1"
    )
    assert found == Filter(
        text="nuclear planning",
        kind=("position",),
        region=("europe", "japan"),
        theme=("deterrence",),
        stance=("supports",),
        year=("2015", "2018..2023"),
        workshop=("abcd2345",),
        tag=("GCAP",),
        holder=("Asia experts",),
        rule=("chatham_house",),
        sort="oldest",
        page=2,
    )


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("", ""),
        ("page=1&sort=&region=&q=", ""),
        ("sort=newest", ""),
        ("sort=relevance", ""),
        ("q=x&sort=relevance", "q=x"),
        ("q=x&sort=newest", "q=x&sort=newest"),
        ("region=japan&region=europe&region=japan", "region=europe&region=japan"),
        ("year=2018..2018", "year=2018"),
        ("tag=a%26b&page=3", "page=3&tag=a%26b"),
        ("q=caf%C3%A9+%22a+b%22", "q=caf%C3%A9+%22a+b%22"),
    ],
)
def test_a_filter_is_always_written_the_same_way(given, written):
    assert asked(given).querystring() == written
    assert asked(written) == asked(given)


@pytest.mark.parametrize(
    ("querystring", "parameter", "message"),
    [
        ("region=narnia", "region", "There is no region called “narnia”."),
        ("theme=Deterrence", "theme", "There is no theme called “Deterrence”."),
        ("kind=book", "kind", "“book” is no kind: there are article, workshop, session, proposition, position."),
        ("stance=maybe", "stance", "“maybe” is no stance: there are supports, qualifies, neutral, opposes."),
        ("year=abc", "year", "“abc” is no year: write 2021, or 2018..2023."),
        ("year=２０２１", "year", "“２０２１” is no year: write 2021, or 2018..2023."),
        ("year=2023..2018", "year", "“2023..2018” ends before it begins."),
        ("workshop=../etc", "workshop", "“../etc” does not name a workshop."),
        ("source=../etc", "source", "“../etc” does not name a source."),
        ("page=0", "page", "“0” is no page number."),
        ("page=-1", "page", "“-1” is no page number."),
        ("page=two", "page", "“two” is no page number."),
        ("page=501", "page", "Pages end at 500, after 10,000 results. Narrow the filter instead."),
        ("page=99999999999", "page", "“99999999999” is no page number."),
        ("sort=foo", "sort", "Results cannot be sorted by “foo”: relevance, newest, oldest."),
        ("tag=a%00b", "tag", "“a\x00b …” cannot be a tag."),
        ("holder=" + "x" * 301, "holder", f"“{'x' * 40} …” cannot be a holder."),
        ("&".join(f"tag={n}" for n in range(51)), "tag", "At most 50 values of tag can be chosen at a time."),
    ],
)
def test_what_makes_no_sense_is_named(querystring, parameter, message):
    with pytest.raises(UnusableFilter) as raised:
        asked(querystring)
    (problem,) = raised.value.problems
    assert (problem.parameter, problem.message) == (parameter, message)


def test_all_problems_are_named_at_once():
    with pytest.raises(UnusableFilter) as raised:
        asked("region=narnia&region=japan&region=oz&page=0&sort=up")
    assert [problem.value for problem in raised.value.problems] == ["narnia", "oz", "0", "up"]


@pytest.mark.parametrize(
    ("typed", "text", "selections"),
    [
        ("region:europe nuclear", "nuclear", {"region": ("europe",)}),
        ("nuclear REGION:Europe planning", "nuclear planning", {"region": ("europe",)}),
        ('theme:"Two-Peer-Problem"', "", {"theme": ("two-peer-problem",)}),
        ("theme: deterrence x", "x", {"theme": ("deterrence",)}),
        ("year:2018..2023", "", {"year": ("2018..2023",)}),
        ("year:2018-2023 year:2025", "", {"year": ("2018..2023", "2025")}),
        ("kind:positions kind:article", "", {"kind": ("article", "position")}),
        ("stance:Opposes", "", {"stance": ("opposes",)}),
        ("region:europe OR region:japan", "", {"region": ("europe", "japan")}),
        ("tag:gcap", "", {"tag": ("GCAP",)}),
        ("by:“asia experts” x", "x", {"holder": ("Asia experts",)}),
        # What is not known, or excluded, stays in the text.
        ("region:narnia nuclear", "region:narnia nuclear", {}),
        ("year:soon", "year:soon", {}),
        ("by:experts", "by:experts", {}),
        ("-region:europe", "-region:europe", {}),
        ("region:", "region:", {}),
        ("see http://region.example", "see http://region.example", {}),
    ],
)
def test_operators_become_selections_where_their_value_is_known(typed, text, selections):
    factory.add(tags=["GCAP"], holder=factory.holder("Asia experts"))
    factory.look_for("")  # the index knows its tags and holders
    params = QueryDict(mutable=True)
    params["q"] = typed
    found = Filter.from_params(params, vocabulary())
    assert (found.text, found.selections) == (text, selections)


def test_an_operator_with_an_unknown_value_is_told_of():
    assert asked("q=region:narnia+x").notices == ("No region is called “narnia”, so its words are searched for.",)
    assert asked("q=by:nobody").notices == ()


def test_choosing_and_giving_up_values():
    start = asked("region=europe&page=4&q=x")
    assert start.toggle("region", "japan").querystring() == "q=x&region=europe&region=japan"
    assert start.toggle("region", "europe").querystring() == "q=x"
    assert start.without("region") == start.without("region", "europe") == asked("q=x")
    assert start.replace(page=2).querystring() == "page=2&q=x&region=europe"


anything = st.text(alphabet=st.characters(), max_size=60)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*SELECTIONS, "q", "sort", "page", "other"]), st.lists(anything, max_size=3)))
def test_any_parameters_are_a_filter_or_unusable(params):
    given_params = QueryDict(mutable=True)
    for name, values in params.items():
        given_params.setlist(name, values)
    try:
        found = Filter.from_params(given_params, vocabulary())
    except UnusableFilter:
        return
    assert asked(found.querystring()) == found


@given(data=st.data())
def test_the_links_of_a_facet_are_written_as_any_query_string_is(data):
    texts = st.text(min_size=1, max_size=5)
    chosen = data.draw(st.fixed_dictionaries({facet: st.sets(texts, max_size=2).map(tuple) for facet in SELECTIONS}))
    filter_ = Filter(
        **chosen, text=data.draw(st.text(max_size=5)), sort=data.draw(st.sampled_from(["", "oldest"])), page=3
    )
    facet, values = data.draw(st.sampled_from(SELECTIONS)), data.draw(st.sets(texts, max_size=2).map(tuple))
    assert filter_.querystrings(facet)(values) == filter_.querystring(**{facet: values}, page=1)
