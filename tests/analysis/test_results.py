"""The network that is asked for, its picture and its files."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from django.http import QueryDict

from apps.public.analysis.account import Line
from apps.public.analysis.asking import TIES, Asked
from apps.public.analysis.drawing import MOST_NODES, drawing
from apps.public.analysis.files import FILES
from apps.public.analysis.networks import one_mode, two_mode
from apps.public.analysis.results import MOST_NODES as MOST_ROWS
from apps.public.analysis.results import TooLarge, network
from apps.public.analysis.statements import frame, once_per
from apps.public.search.filters import UnusableFilter

# Two camps that part on p and q, and one who speaks on r alone.
SAID = frame(
    [
        *((who, on, "supports", "s1", None) for who in ("Ann", "Bo", "Cy") for on in ("p", "q")),
        *((who, on, "opposes", "s1", None) for who in ("Dee", "Eva") for on in ("p", "q")),
        ("Flo", "r", "supports", "s1", None),
        ("Ann", "p", "supports", "s1", None),  # says it twice in one source
        ("Ann", "p", "supports", "s2", None),
    ]
)
NAMES = {"p": "Proposition p", "Ann": "Ann “Ö” <Lee>"}
LINES = [Line("Formula", "w = Σ x"), Line("Filter", "none: all\npositions")]


def asked(query: str = "") -> Asked:
    return Asked.from_params(QueryDict(query))


def tied(found) -> dict[tuple[str, str], float]:
    return {tuple(sorted((a, b))): weight for a, b, weight in found.strongest(1_000)}


def test_the_network_is_the_function_s():
    for name, ties in TIES.items():
        found = network(SAID, NAMES, asked(f"ties={name}&isolates=1"))
        kept = once_per(SAID, "source")
        expected = two_mode(kept, ties.how) if ties.mode == "two-mode" else one_mode(kept, ties.how, of=ties.of)
        pd.testing.assert_frame_equal(found.weights, expected)
        assert (found.counted, found.repeated) == (len(kept), 1) == (12, 1)


def test_who_has_no_tie_is_left_out_unless_asked_for():
    assert "Flo" not in network(SAID, NAMES, asked()).weights.index
    assert network(SAID, NAMES, asked()).isolated == 1
    assert "Flo" in network(SAID, NAMES, asked("isolates=1")).weights.index


def test_thresholds_and_exclusions():
    # Ann says p in two sources, so that her tie to Bo is 2 + 1, Bo's to Cy 1 + 1.
    assert tied(network(SAID, NAMES, asked("least=3"))) == {("Ann", "Bo"): 3.0, ("Ann", "Cy"): 3.0}
    assert tied(network(SAID, NAMES, asked("fewest=3"))) == {}
    without = network(SAID, NAMES, asked("without=Ann&without=q"))
    assert tied(without) == {("Bo", "Cy"): 1.0, ("Dee", "Eva"): 1.0}


def test_a_threshold_of_weight_keeps_what_lies_far_below_0():
    found = tied(network(SAID, NAMES, asked("ties=subtract&least=3")))
    assert found[("Ann", "Dee")] == -3.0
    assert ("Bo", "Dee") not in found


@pytest.mark.parametrize(("ties", "rows", "density"), [("congruence", 5, 0.4), ("two-mode-ignore", 6, 11 / 18)])
def test_ties_and_density(ties, rows, density):
    found = network(SAID, NAMES, asked(f"ties={ties}"))
    assert len(found.weights.index) == rows
    assert found.density == pytest.approx(density)


def test_a_network_that_is_too_large_is_refused_with_what_would_be_enough():
    many = MOST_ROWS + 5
    said = frame([(f"actor {i}", "p", "supports", f"s{j}", None) for i in range(many) for j in range(1 + (i < 20))])
    with pytest.raises(TooLarge) as refused:
        network(said, {}, asked("ties=ignore"))
    assert refused.value.enough == 2
    assert len(network(said, {}, asked("ties=ignore&fewest=2")).weights) == 20


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize(
    "said",
    [
        frame([]),
        frame([("Ann", "p", "supports", "s", None)]),
        frame([("Ann", "p", "neutral", "s", None), ("Bo", "p", "neutral", "s", None)]),
        frame([("Ann", "p", "", "s", None), ("Bo", "p", "unheard of", "s", None)]),
    ],
    ids=["nothing", "one actor", "one stance", "no side"],
)
@pytest.mark.filterwarnings("error")
def test_what_is_hardly_a_network_is_drawn_without_a_warning(said, ties):
    for isolates in ("", "&isolates=1"):
        found = network(said, {}, asked(f"ties={ties}{isolates}"))
        assert np.isfinite(found.weights.to_numpy()).all()
        drawn = drawing(found)
        assert all(np.isfinite([node.x, node.y]).all() for node in drawn.nodes)
        assert 0 <= found.density <= 1
        for file in FILES.values():
            assert file.write(found, LINES)


def test_camps_are_communities():
    drawn = drawing(network(SAID, NAMES, asked("ties=subtract")))
    community = {node.key: node.community for node in drawn.nodes}
    assert community == {"Ann": 1, "Bo": 1, "Cy": 1, "Dee": 2, "Eva": 2}
    assert drawn.communities == 2
    # Louvain's modularity of two groups with no tie between them, by hand: 1 - (8/10)² - (2/10)², as Ann's ties to Bo
    # and Cy weigh 3, Bo's to Cy 2, and Dee's to Eva 2.
    assert drawn.modularity == pytest.approx(1 - (16 / 20) ** 2 - (4 / 20) ** 2)


def test_a_picture_is_the_same_whatever_the_order_of_statements():
    said = random_statements(40)
    first = drawing(network(said, {}, asked()))
    again = drawing(network(said.sample(frac=1, random_state=3), {}, asked()))
    assert first == again


def test_no_two_nodes_stand_in_one_place_and_all_within_the_picture():
    drawn = drawing(network(random_statements(120), {}, asked("isolates=1")))
    assert len({(round(node.x, 3), round(node.y, 3)) for node in drawn.nodes}) == len(drawn.nodes)
    assert all(0 <= node.x <= drawn.width and 0 <= node.y <= drawn.height for node in drawn.nodes)


def test_of_a_large_network_those_with_the_most_statements_are_drawn_with_their_strongest_ties():
    found = network(random_statements(MOST_NODES + 100), {}, asked())
    drawn = drawing(found)
    assert len(drawn.nodes) == MOST_NODES
    assert drawn.left_out == len(found.weights) - MOST_NODES
    least = min(node.statements for node in drawn.nodes)
    shown = {node.key for node in drawn.nodes}
    assert all(found.statements[key] <= least for key in found.weights.index if key not in shown)
    weights = found.weights.loc[[node.key for node in drawn.nodes], [node.key for node in drawn.nodes]].to_numpy()
    tied = {end for tie in drawn.ties for end in (tie.source, tie.target)}
    assert tied == set(np.flatnonzero(weights.any(axis=1)).tolist())
    assert {tie.weight for tie in drawn.ties if tie.weight}
    assert all(tie.weight == weights[tie.source, tie.target] for tie in drawn.ties)
    assert len(drawn.ties) + drawn.ties_left_out == np.count_nonzero(np.triu(weights, 1))


def random_statements(actors: int) -> pd.DataFrame:
    chance = np.random.default_rng(7)
    stances = ["supports", "qualifies", "neutral", "opposes"]
    return frame(
        [
            (f"actor {i}", f"p{chance.integers(0, 40)}", stances[chance.integers(0, 4)], f"s{k}", None)
            for i in range(actors)
            for k in range(1 + int(chance.integers(0, 8)))
        ]
    )


@pytest.mark.parametrize("ties", ["congruence", "subtract", "two-mode-subtract", "propositions-congruence"])
def test_graphml_and_gexf_are_read_by_others_as_they_were(ties, tmp_path):
    found = network(SAID, NAMES, asked(f"ties={ties}"))
    expected = tied(found)
    (tmp_path / "n.graphml").write_bytes(FILES["graphml"].write(found, LINES))
    (tmp_path / "n.gexf").write_bytes(FILES["gexf"].write(found, LINES))
    for graph in (nx.read_graphml(tmp_path / "n.graphml"), nx.read_gexf(tmp_path / "n.gexf")):
        assert {tuple(sorted((a, b))): weight for a, b, weight in graph.edges(data="weight")} == expected
        assert {key: node["statements"] for key, node in graph.nodes(data=True)} == {
            key: found.statements[key] for key in graph
        }
        assert (
            graph.nodes["p"]["label"] == "Proposition p"
            if "p" in graph
            else graph.nodes["Ann"]["label"] == NAMES["Ann"]
        )
    other = igraph.Graph.Read_GraphML(str(tmp_path / "n.graphml"))
    assert sorted(other.es["weight"]) == sorted(expected.values())
    assert "Formula: w = Σ x" in (tmp_path / "n.gexf").read_text()


def test_graphml_has_nothing_that_gephi_complains_of():
    """Its importer takes every key that is for neither nodes nor edges for a severe error, and passes over ``desc``."""
    root = ElementTree.fromstring(FILES["graphml"].write(network(SAID, NAMES, asked()), LINES))
    assert {key.get("for") for key in root.findall("{*}key")} == {"node", "edge"}
    assert "Formula: w = Σ x" in (root.findtext("{*}desc") or "")
    assert next(child.tag.partition("}")[2] for child in root) == "desc", "where the schema has it"


@pytest.mark.parametrize("ties", ["subtract", "two-mode-subtract"])
def test_ucinet_s_dl_says_what_the_matrix_says(ties):
    """Read as UCINET's help has its language: sizes, labels in quotes, and the matrix row by row."""
    found = network(SAID, {"Ann": 'A "quoted" name', "Bo": 'A "quoted" name'}, asked(f"ties={ties}"))
    with zipfile.ZipFile(io.BytesIO(FILES["dl.zip"].write(found, LINES))) as folder:
        assert "w = Σ x" in folder.read("how-this-was-computed.txt").decode()
        head, data = folder.read("network.dl").decode().split("data:\n")
    rows, columns = found.weights.shape
    assert head.startswith(f"dl nr={rows} nc={columns}\n" if found.is_two_mode else f"dl n={rows}\n")
    labels = [line for line in head.splitlines() if line.startswith('"')]
    assert len(set(labels)) == (rows + columns if found.is_two_mode else rows)
    np.testing.assert_array_equal(np.loadtxt(io.StringIO(data), ndmin=2), found.weights.to_numpy())


def test_ucinet_s_dl_is_read_by_igraph(tmp_path):
    """Which takes matrices of 0 and 1 alone."""
    found = network(SAID[SAID["actor"] != "Ann"], {}, asked("without=q"))
    with zipfile.ZipFile(io.BytesIO(FILES["dl.zip"].write(found, LINES))) as folder:
        (tmp_path / "n.dl").write_bytes(folder.read("network.dl"))
    graph = igraph.Graph.Read_DL(str(tmp_path / "n.dl"), directed=False)
    assert {name.strip('"') for name in graph.vs["name"]} == {"Bo", "Cy", "Dee", "Eva"}
    assert {frozenset(pair) for pair in graph.get_edgelist()} == {frozenset((0, 1)), frozenset((2, 3))}


def test_the_matrix_and_the_ties_are_read_by_pandas_as_they_were():
    found = network(SAID, {}, asked("ties=subtract"))
    matrix = pd.read_csv(io.BytesIO(FILES["matrix.csv"].write(found, LINES)), comment="#", index_col=0)
    np.testing.assert_array_equal(matrix.to_numpy(), found.weights.to_numpy())
    assert list(matrix.columns) == list(found.weights.columns)
    ties = pd.read_csv(io.BytesIO(FILES["ties.csv"].write(found, LINES)), comment="#")
    assert {tuple(sorted((a, b))): w for a, b, _, w in ties.itertuples(index=False)} == tied(found)


def test_a_hash_in_a_name_begins_no_remark():
    found = network(SAID, {"Ann": 'Ann, #1 of "C#"', "Bo": "Bo"}, asked("ties=subtract"))
    matrix = pd.read_csv(io.BytesIO(FILES["matrix.csv"].write(found, LINES)), comment="#", index_col=0)
    assert matrix.index[0] == matrix.columns[0] == 'Ann, #1 of "C#"'
    np.testing.assert_array_equal(matrix.to_numpy(), found.weights.to_numpy())


def test_a_name_that_a_spreadsheet_would_run_is_a_text():
    found = network(SAID, {"Ann": "=cmd()"}, asked())
    assert b'\n"\'=cmd()",' in FILES["matrix.csv"].write(found, LINES)


def test_files_are_the_same_bytes_for_the_same_network():
    found = network(SAID, NAMES, asked())
    for file in FILES.values():
        assert file.write(found, LINES) == file.write(network(SAID, NAMES, asked()), LINES)


@pytest.mark.parametrize(
    "query",
    [
        *("actors=people", "ties=friendship", "normalise=prominence", "once=decade", "least=much", "least=-1"),
        *(
            "fewest=nan",
            "fewest=1e99",
            "ties=two-mode-combine&normalise=activity",
            "ties=two-mode-ignore&normalise=cosine",
        ),
        "&".join(f"without={i}" for i in range(60)),
    ],
)
def test_what_makes_no_sense_is_answered(query):
    with pytest.raises(UnusableFilter) as unusable:
        asked(query)
    assert unusable.value.problems[0].message


def test_an_address_says_what_was_asked():
    query = "actors=region&fewest=2&isolates=1&least=0.5&normalise=cosine&once=year&ties=subtract&without=a&without=b"
    assert asked(asked(query).querystring()) == asked(query) != Asked()
    assert Asked().querystring() == ""
    exact = asked("least=1234567.891")
    assert asked(exact.querystring()) == exact
    assert not asked("isolates=0").isolates
