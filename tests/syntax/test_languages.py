import importlib
import re

import pytest
import tree_sitter

from pairwright.syntax.extraction import outline_of
from pairwright.syntax.languages.go import GO
from pairwright.syntax.languages.language import MEANINGS, Language
from pairwright.syntax.languages.registry import (
    LANGUAGES,
    is_test_path,
    language_named,
    language_of,
)
from pairwright.syntax.outline import ReferenceRole
from pairwright.syntax.parser import parse


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.py", "python"),
        ("pkg/a.pyi", "python"),
        ("A.PY", "python"),
        ("a.js", "javascript"),
        ("a.jsx", "javascript"),
        ("a.mjs", "javascript"),
        ("a.ts", "typescript"),
        ("a.d.ts", "typescript"),
        ("a.cts", "typescript"),
        ("a.tsx", "tsx"),
        ("A.java", "java"),
        ("a.go", "go"),
        ("a.rs", "rust"),
        ("a.c", "c"),
        ("a.cc", "cpp"),
        ("a.h", "cpp"),
        ("a.cs", "csharp"),
        ("a.rb", "ruby"),
        ("Rakefile", "ruby"),
        ("a.php", "php"),
        ("a.kt", "kotlin"),
        ("build.gradle.kts", "kotlin"),
        ("a.swift", "swift"),
        ("a.scala", "scala"),
        ("build.sh", "bash"),
        (".bashrc", "bash"),
        ("a.lua", "lua"),
        ("a.htm", "html"),
        ("a.css", "css"),
        ("a.json", "json"),
        ("a.yml", "yaml"),
        ("a.toml", "toml"),
        ("Cargo.lock", "toml"),
        ("README.md", "markdown"),
        ("a.sql", "sql"),
        ("a.hs", "haskell"),
        ("a.ml", "ocaml"),
        ("a.mli", "ocaml interface"),
        ("a.exs", "elixir"),
        ("a.zig", "zig"),
        ("a.jl", "julia"),
    ],
)
def test_the_suffix_names_the_language(path: str, name: str) -> None:
    language = language_of(path)
    assert language is not None
    assert language.name == name


@pytest.mark.parametrize("path", ["a.r", "Makefile", "py", ".py.txt", "a.py/readme", ""])
def test_other_files_have_no_language(path: str) -> None:
    assert language_of(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "test_a.py",
        "pkg/a_test.py",
        "tests/helper.py",
        "pkg/tests/x.py",
        "conftest.py",
        "tests.py",
        "a.test.ts",
        "a.spec.js",
        "src/__tests__/a.tsx",
        "e2e/login.ts",
        "test.js",
        "src/test/java/A.java",
        "StackTest.java",
        "stack_test.go",
        "tests/it.rs",
        "tests/a.c",
        "stack_test.cc",
        "Shapes.Tests/A.cs",
        "StackTests.cs",
        "spec/stack_spec.rb",
        "test/a.rb",
        "tests/Unit/A.php",
        "StackTest.php",
        "src/commonTest/kotlin/A.kt",
        "Tests/ShapesTests/A.swift",
        "StackSpec.scala",
        "a_test.sh",
        "spec/queue_spec.lua",
        "src/StackSpec.hs",
        "test_stack.ml",
        "stack_test.exs",
        "src/tests.zig",
        "test/runtests.jl",
    ],
)
def test_test_files_are_known_by_convention(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "a.py",
        "latest.py",
        "testing.py",
        "contest/a.py",
        "attest_a.py",
        "a.ts",
        "spec.md",
        "Contest.java",
        "latest.go",
        "test.rs.txt",
        "Latest.cs",
        "inspect.rb",
        "Attest.php",
        "Greatest.swift",
    ],
)
def test_other_files_are_no_tests(path: str) -> None:
    assert not is_test_path(path)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_the_queries_of_a_language_are_valid_for_its_grammar(language: Language) -> None:
    tree = parse(language, "")
    assert tree is not None
    assert set(map(len, tree.findings(language).values())) == {0}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_every_pattern_of_a_language_means_one_thing(language: Language) -> None:
    roles = {role.value for role in ReferenceRole}
    for captures in captures_of(language, language.references):
        assert len(captures & roles) == 1
    for captures in captures_of(language, language.definitions):
        assert len(captures & (set(MEANINGS) - roles)) == 1


def captures_of(language: Language, queries: str) -> list[set[str]]:
    """Return the captures of each pattern."""
    module, function = language.grammar
    grammar = tree_sitter.Language(getattr(importlib.import_module(module), function)())
    query, source = tree_sitter.Query(grammar, queries), queries.encode()
    places = [
        (query.start_byte_for_pattern(each), query.end_byte_for_pattern(each))
        for each in range(query.pattern_count)
    ]
    return [set(re.findall(r"@(\w+)", source[slice(*place)].decode())) for place in places]


def test_languages_share_no_name_and_no_suffix() -> None:
    suffixes = [suffix for language in LANGUAGES for suffix in language.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert [language_named(language.name) for language in LANGUAGES] == list(LANGUAGES)


BROKEN_INSIDE = {
    "py": "def first():\n    pass\n\ndef broken(:\n    pass\n\ndef last():\n    pass\n",
    "js": "function first() {}\nfunction broken() { x = = 1; }\nfunction last() {}\n",
    "ts": "interface first {}\nfunction broken() { const x: = 1; }\nclass last {}\n",
    "tsx": "function first() {}\nfunction broken() { return <b><i></b>; }\nfunction last() {}\n",
    "java": "class first {}\nclass Broken { void two( { int = ; } }\nclass last {}\n",
    "go": "package a\n\nfunc first() {}\n\nfunc broken( {\n\tx := \n}\n\nfunc last() {}\n",
    "rs": "fn first() {}\n\nfn broken( {\n    let = ;\n}\n\nfn last() {}\n",
    "c": "int first() {}\n\nint broken(int x) {\n    x = = 1;\n}\n\nint last() {}\n",
    "cpp": "class first {};\n\nint broken(int x) {\n    x = = 1;\n}\n\nclass last {};\n",
    "cs": "class first {}\nclass Broken { void Two( { int = ; } }\nclass last {}\n",
    "rb": "def first\nend\n\ndef broken(\n  x = = 1\nend\n\ndef last\nend\n",
    "php": "<?php\nfunction first() {}\nfunction broken() { $x = = 1; }\nfunction last() {}\n",
    "kt": "fun first() {}\n\nfun broken() {\n    val x = = 1\n}\n\nfun last() {}\n",
    "swift": "func first() {}\n\nfunc broken( {\n    let = \n}\n\nfunc last() {}\n",
    "scala": "object first\n\nobject Broken {\n  def two( = 1\n}\n\nobject last\n",
}


@pytest.mark.parametrize("suffix", BROKEN_INSIDE)
def test_what_stands_around_a_break_is_still_defined(suffix: str) -> None:
    outline = outline_of(f"a.{suffix}", BROKEN_INSIDE[suffix])
    assert outline.problems
    assert {"first", "last"} <= {symbol.qualified_name for symbol in outline.symbols}


@pytest.mark.parametrize(
    ("module", "alias"),
    [
        ("fmt", "fmt"),
        ("net/http", "http"),
        ("gopkg.in/yaml.v3", "yaml"),
        ("example.org/shapes/v2", "shapes"),
        ("example.org/go-shapes", "shapes"),
    ],
)
def test_a_go_import_binds_the_last_part_of_its_path(module: str, alias: str) -> None:
    assert GO.module_alias is not None
    match = GO.module_alias.match(module)
    assert match is not None
    assert match[1] == alias


@pytest.mark.parametrize(
    ("path", "text"),
    [("a.c", '#include "a.h"\n'), ("a.js", 'import "a";\n'), ("a.rb", 'require "a"\n')],
)
def test_an_import_of_everything_binds_no_name(path: str, text: str) -> None:
    assert [each.alias for each in outline_of(path, text).imports] == [""]


@pytest.mark.parametrize(
    ("path", "text", "module"),
    [
        ("a.py", "import first.second.third\n", "first.second.third"),
        ("A.java", "package first.second;\n", "first.second"),
    ],
)
def test_the_parts_of_a_module_s_name_are_no_uses(path: str, text: str, module: str) -> None:
    outline = outline_of(path, text)
    names = [each.name for each in outline.references if each.role is not ReferenceRole.IMPORT]
    assert names == []
    assert module in {
        *(each.module for each in outline.imports),
        *(each.qualified_name for each in outline.symbols),
    }
