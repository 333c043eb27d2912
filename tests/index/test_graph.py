"""Which file needs which, and does the graph stay right while files change?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.index.flow import Flow, users_of
from pairwright.index.graph import ReferenceGraph, graph_of
from pairwright.index.index import Index
from pairwright.index.ranking import MapFocus, rank
from tests.index.graphs import edges_of, index_of, with_texts


def check_edges(text: str, *expected: str) -> None:
    """Check the certain edges, each written as `user -> definer: name`."""
    found = {f"{use} -> {definer}: {name}" for use, definer, name in edges_of(_graph(text))}
    assert found == set(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "#- a.py\nfrom b import load\nload()\n#- b.py\ndef load(): ...\n",
            ["a.py -> b.py: load"],
            id="an imported definition is meant",
        ),
        pytest.param(
            "#- a.py\nfrom b import load\nload()\n#- b.py\ndef load(): ...\n"
            "#- c.py\ndef load(): ...\n",
            ["a.py -> b.py: load"],
            id="a definition that is not imported is not meant",
        ),
        pytest.param(
            "#- a.py\nimport b\nb.load()\n#- b.py\ndef load(): ...\n#- c.py\ndef load(): ...\n",
            ["a.py -> b.py: load"],
            id="what belongs to an imported module is meant",
        ),
        pytest.param(
            "#- a.py\nfrom b import load\ndef load(): ...\nload()\n#- b.py\ndef load(): ...\n",
            [],
            id="a file's own definition shadows others",
        ),
        pytest.param(
            "#- a.py\nfrom pkg import load\nload()\n"
            "#- pkg/__init__.py\nfrom pkg.inner import *\n#- pkg/inner.py\ndef load(): ...\n",
            ["a.py -> pkg/inner.py: load"],
            id="a package passes on what it imports",
        ),
        pytest.param(
            "#- a.py\nfrom pkg import load\nload()\n#- pkg/__init__.py\nfrom pkg.inner import *\n"
            "def load(): ...\n#- pkg/inner.py\ndef load(): ...\n",
            ["a.py -> pkg/__init__.py: load"],
            id="the nearest definition is meant",
        ),
    ],
)
def test_imports_tell_which_definition_is_meant(text: str, expected: list[str]) -> None:
    check_edges(text, *expected)


def test_without_an_import_all_definers_share() -> None:
    graph = _graph(
        "#- a.py\nthing.launch()\n"
        "#- b.py\nclass B:\n    def launch(self): ...\n"
        "#- c.py\nclass C:\n    def launch(self): ...\n"
    )
    assert _given_by(graph, "a.py") == pytest.approx({"b.py": 0.5, "c.py": 0.5})


def test_a_bare_name_of_python_that_is_not_imported_means_no_other_file() -> None:
    graph = _graph("#- a.py\nlaunch()\nimport shutil\nshutil.unpack()\n#- b.py\n" + _DEFINITIONS)
    assert _given_by(graph, "a.py") == {}


def test_a_bare_name_of_javascript_may_be_global() -> None:
    graph = _graph("#- a.js\nlaunch();\n#- b.js\nfunction launch() {}\n")
    assert _given_by(graph, "a.js") == pytest.approx({"b.js": 1.0})


def test_names_of_different_languages_are_different() -> None:
    graph = _graph("#- a.js\nx.launch();\n#- b.py\n" + _DEFINITIONS)
    assert _given_by(graph, "a.js") == {}


@pytest.mark.parametrize("name", ["_launch", "append"])
def test_private_and_builtin_names_say_little_unless_imported(name: str) -> None:
    definition = f"#- b.py\ndef {name}(): ...\n"
    guessed = _graph(f"#- a.py\nthing.{name}()\n" + definition)
    imported = _graph(f"#- a.py\nimport b\nb.{name}()\n" + definition)
    assert _given_by(guessed, "a.py") == pytest.approx({"b.py": 0.1})
    assert _given_by(imported, "a.py")["b.py"] == pytest.approx(1.0)


def test_a_name_with_many_definers_says_little() -> None:
    definers = "".join(f"#- m{each}.py\ndef launch(): ...\n" for each in range(6))
    given = _given_by(_graph("#- a.py\nthing.launch()\n" + definers), "a.py")
    assert given == pytest.approx({f"m{each}.py": 0.1 / 6 for each in range(6)})


def test_a_telling_name_counts_more_than_a_short_one() -> None:
    graph = _graph(
        "#- a.py\nthing.launch_rocket()\nthing.go()\n"
        "#- b.py\ndef launch_rocket(): ...\n#- c.py\ndef go(): ...\n"
    )
    given = _given_by(graph, "a.py")
    assert given["b.py"] == pytest.approx(10 * given["c.py"])


def test_a_use_counts_by_the_root_of_how_often() -> None:
    graph = _graph(
        "#- a.py\nthing.go()\nthing.go()\nthing.go()\nthing.go()\nthing.run()\n"
        "#- b.py\ndef go(): ...\n#- c.py\ndef run(): ...\n"
    )
    given = _given_by(graph, "a.py")
    assert given["b.py"] == pytest.approx(2 * given["c.py"])


def test_users_of_a_definition_are_found_with_and_without_imports() -> None:
    graph = _graph(
        "#- a.py\nfrom b import launch\nlaunch()\n#- c.py\nthing.launch()\n#- d.py\nlaunch()\n"
        "#- b.py\n" + _DEFINITIONS
    )
    uses, _ = users_of(graph, graph.rows_defining(["launch"]))
    assert {graph.paths[graph.uses.file[use]] for use in uses} == {"a.py", "c.py"}


def test_an_empty_index_has_an_empty_graph() -> None:
    graph = ReferenceGraph.of(Index())
    assert graph.paths == ()
    assert graph.following(index_of("#- a.py\nx = 1\n")).paths == ("a.py",)
    assert ReferenceGraph.of(index_of("#- notes.txt\nhello\n")).paths == ()


def test_data_and_prose_define_nothing_that_code_means() -> None:
    graph = _graph('#- a.json\n{"launch": 1}\n#- b.md\n# launch\n')
    assert len(graph.definitions.name) == 0


def test_the_graph_of_an_index_is_made_once() -> None:
    index = index_of("#- a.py\nfrom b import f\nf()\n#- b.py\ndef f(): ...\n")
    assert graph_of(index) is graph_of(index)
    changed = with_texts(index, {"b.py": "def g(): ...\n"})
    assert edges_of(graph_of(changed)) == set()
    assert edges_of(graph_of(index)) == {("a.py", "b.py", "f")}


_DEFINITIONS = "def launch(): ...\ndef unpack(): ...\n"
_TEXTS: dict[str, list[str | None]] = {
    "a.py": [
        "from pkg import load\nload()\n",
        "from pkg.inner import save\nsave()\nthing.load()\n",
        "def load(): ...\nload()\n",
    ],
    "b.py": ["import a, pkg\na.load()\npkg.save()\n", "x.load()\nx.save()\n", None],
    "pkg/__init__.py": ["from pkg.inner import *\n", "from a import load\n", "", None],
    "pkg/inner.py": [
        "def load(): ...\ndef save(): ...\n",
        "def save(): ...\ndef keep(): ...\ndef load(): ...\n",
        "class Store:\n    def save(self): ...\n",
        None,
    ],
    "z.py": ["import pkg.inner\npkg.inner.load()\npkg.inner.save()\n", None],
    "z.txt": ["load\n", "save\n", None],
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(sorted(_TEXTS)), st.integers(0, 3)), max_size=6))
def test_a_graph_that_follows_equals_one_made_anew(scripts: list[dict[str, int]]) -> None:
    index = with_texts(Index(), {path: texts[0] for path, texts in _TEXTS.items()})
    graph = ReferenceGraph.of(index)
    focus = MapFocus(identifiers=("load",))
    for script in scripts:
        changes = {path: _TEXTS[path][which % len(_TEXTS[path])] for path, which in script.items()}
        index = with_texts(index, changes)
        graph, anew = graph.following(index), ReferenceGraph.of(index)
        assert graph.paths == anew.paths
        assert edges_of(graph) == edges_of(anew)
        for mine, fresh in zip(_columns(graph), _columns(anew), strict=True):
            assert mine == fresh
        assert rank(graph, focus).files.tolist() == rank(anew, focus).files.tolist()
        assert _columns(graph_of(index)) == _columns(anew)


def test_names_that_are_gone_do_not_add_up_without_end() -> None:
    index = index_of("#- a.py\nx = 1\n")
    graph = ReferenceGraph.of(index)
    for step in range(8):
        names = "".join(f"step{step}_{each} = 1\n" for each in range(4_000))
        graph = graph.following(with_texts(index, {"a.py": names}))
    assert len(graph.names) < 25_000


def test_a_file_with_very_many_names_is_linked() -> None:
    definitions = "".join(f"name{each} = 1\n" for each in range(20_000))
    graph = _graph("#- a.py\nimport big\nbig.name7\n#- big.py\n" + definitions)
    assert edges_of(graph) == {("a.py", "big.py", "name7")}


def test_a_name_defined_in_very_many_files_is_shared() -> None:
    definers = "".join(f"#- m{each}.py\ndef launch(): ...\n" for each in range(1_000))
    users = "".join(f"#- u{each}.py\nx.launch()\n" for each in range(200))
    graph = _graph(definers + users)
    assert sum(_given_by(graph, "u0.py").values()) == pytest.approx(0.1)


def _graph(text: str) -> ReferenceGraph:
    return ReferenceGraph.of(index_of(text))


def _given_by(graph: ReferenceGraph, path: str) -> dict[str, float]:
    """Return what a file with all the rank gives to others."""
    ranks = rank(graph, MapFocus()).files * 0.0
    ranks[[str(each) for each in graph.paths].index(path)] = 1.0
    given = Flow(graph).to_files(ranks).tolist()
    return {str(path): part for path, part in zip(graph.paths, given, strict=True) if part}


def _columns(graph: ReferenceGraph) -> list[list[int] | list[float]]:
    return [
        graph.uses.file.tolist(),
        graph.weights.tolist(),
        graph.open_weights.tolist(),
        graph.definitions.file.tolist(),
        graph.defined_at.tolist(),
        graph.import_pairs.imported.tolist(),
        graph.import_pairs.is_package.tolist(),
        graph.links.use.tolist(),
        graph.links.definition.tolist(),
        graph.links.own.tolist(),
    ]
