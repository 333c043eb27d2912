"""What happens when settings say anew what imports mean? What a new index would say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.index.graph import ReferenceGraph, graph_of
from pairwright.index.index import Index
from pairwright.workspace.paths import WorkspacePath
from tests.index.graphs import edges_of, index_of, with_texts
from tests.index.test_script_imports import ALIAS, empty, imports_of, tsconfig


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            tsconfig("tsconfig.json", '{"@app/*": ["old/*"]}'),
            tsconfig("tsconfig.json", ALIAS),
        ),
        ('#- tsconfig.json\n{"compilerOptions": 1}\n', tsconfig("tsconfig.json", ALIAS)),
        (tsconfig("tsconfig.json", ALIAS), tsconfig("tsconfig.json", ALIAS, '"strict": 1,')),
    ],
)
def test_what_settings_say_anew_is_followed_at_once(before: str, after: str) -> None:
    scripts = (
        "#- src/main.ts\nimport { f } from '@app/b'\nf()\n#- src/b.ts\nexport function f() {}\n"
    )
    first = index_of(before + scripts)
    imports_of(first, "src/main.ts")
    graph_of(first)
    second = with_texts(first, {"tsconfig.json": after.partition("\n")[2]})
    assert imports_of(second, "src/main.ts") == ["src/b.ts"]
    assert second.files_importing(WorkspacePath("src/b.ts")) == ("src/main.ts",)
    cold = index_of(after + scripts)
    assert graph_of(second).imports == ReferenceGraph.of(cold).imports
    third = with_texts(second, {"tsconfig.json": before.partition("\n")[2]})
    assert imports_of(third, "src/main.ts") == imports_of(index_of(before + scripts), "src/main.ts")
    assert imports_of(second, "src/main.ts") == ["src/b.ts"]


def test_settings_that_say_the_same_of_modules_change_nothing() -> None:
    first = index_of(tsconfig("tsconfig.json", ALIAS) + empty("src/b.ts"))
    second = with_texts(first, {"tsconfig.json": tsconfig("", ALIAS, top='"x": 1,')[4:]})
    assert second.changed_since(first) is not None
    third = with_texts(first, {"tsconfig.json": "{}"})
    assert third.changed_since(first) is None


_SETTINGS = {
    "tsconfig.json": (
        '{"compilerOptions": {"paths": {"@/*": ["src/*"]}}}',
        '{"compilerOptions": {"paths": {"@/*": ["lib/*"]}}}',
        '{"extends": "./base.json"}',
        '{"references": [{"path": "./base.json"}]}',
        "{",
    ),
    "base.json": ('{"compilerOptions": {"baseUrl": "lib"}}', '{"extends": "./tsconfig"}', "[]"),
    "package.json": ('{"workspaces": ["lib"]}', '{"workspaces": []}', '{"workspaces": ["**"]}'),
    "lib/package.json": ('{"name": "lib"}', '{"name": "lib", "main": "x.js"}', '{"name": "b"}'),
}
_SCRIPTS = {
    "src/main.ts": "import { f } from '@/x'\nimport { g } from 'lib'\nimport 'b'\nf(); g()\n",
    "src/x.ts": "export function f() {}\n",
    "lib/x.ts": "export function f() {}\nexport function g() {}\n",
    "lib/index.ts": "export function g() {}\n",
    "lib/b.ts": "",
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(sorted(_SETTINGS)), st.integers(0, 4)), max_size=6))
def test_after_any_edits_of_settings_the_index_equals_one_made_anew(
    scripts: list[dict[str, int]],
) -> None:
    texts = {**_SCRIPTS, **{path: choices[0] for path, choices in _SETTINGS.items()}}
    index = with_texts(Index(), texts)
    for script in scripts:
        graph_of(index)
        choices = ((path, _SETTINGS[path], which) for path, which in script.items())
        changes = {path: known[which % len(known)] for path, known, which in choices}
        texts.update(changes)
        index, anew = with_texts(index, changes), with_texts(Index(), texts)
        for path in _SCRIPTS:
            assert imports_of(index, path) == imports_of(anew, path)
        graph, cold = graph_of(index), ReferenceGraph.of(anew)
        assert graph.imports == cold.imports
        assert edges_of(graph) == edges_of(cold)
