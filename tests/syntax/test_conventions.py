"""What single languages do in their own way."""

from pairwright.syntax.extraction import MAX_NAMED_ONCE, outline_of
from pairwright.syntax.outline import Symbol


def symbols(path: str, text: str) -> list[Symbol]:
    return list(outline_of(path, text).symbols)


def names(path: str, text: str) -> list[str]:
    return [symbol.qualified_name for symbol in symbols(path, text)]


def test_the_pieces_of_a_function_are_one_symbol() -> None:
    text = "-- | Adds.\nadd :: Int -> Int\nadd 0 = 0\nadd n = step n\n\nother = 1\n"
    add, other = symbols("a.hs", text)
    assert text[add.range.start : add.range.end] == "add :: Int -> Int\nadd 0 = 0\nadd n = step n"
    assert (add.signature, add.doc) == ("add :: Int -> Int", "Adds.")
    assert add.body_range is not None
    assert text[add.body_range.start : add.body_range.end] == "add 0 = 0\nadd n = step n"
    assert other.qualified_name == "other"


def test_functions_of_one_name_that_do_not_follow_each_other_stay_apart() -> None:
    text = "defmodule A do\n  def f(1), do: 1\n  def g(1), do: 1\n  def f(2), do: 2\nend\n"
    assert names("a.ex", text) == ["A", "A.f", "A.g", "A.f"]


def test_documentation_may_be_a_string_before_the_definition() -> None:
    elixir = 'defmodule A do\n  @doc """\n  Runs.\n  """\n  def run, do: 1\nend\n'
    julia = '"Runs."\nfunction run()\nend\n'
    assert symbols("a.ex", elixir)[1].doc == "Runs."
    assert symbols("a.jl", julia)[0].doc == "Runs."


def test_a_section_reaches_to_the_next_heading_of_its_level() -> None:
    text = "# A\n\none\n\n## B\n\ntwo\n\n# C\n"
    outer, inner, last = symbols("a.md", text)
    assert text[outer.range.start : outer.range.end] == "# A\n\none\n\n## B\n\ntwo\n\n"
    assert (inner.qualified_name, last.qualified_name) == ("A.B", "C")


def test_links_to_files_are_imports_and_other_links_are_not() -> None:
    text = (
        "See [a](x/ä.md#part), ![b](<b.png>), [c](https://example.org/d.md), [e](#top),\n"
        "[f](//host/g) and [h](mailto:i@example.org).\n\n```\n[code](no.md)\n```\n"
    )
    imports = outline_of("a.md", text).imports
    assert [each.module for each in imports] == ["x/ä.md", "b.png"]
    assert [text[each.range.start : each.range.end] for each in imports] == ["x/ä.md", "b.png"]


def test_a_data_file_has_its_outer_keys_only() -> None:
    assert names("a.json", '{"a": {"b": {"c": 1}}, "d": [{"e": 1}]}') == ["a", "a.b", "d"]
    assert names("a.yaml", "a:\n  b:\n    c:\n      d: 1\n") == ["a", "a.b", "a.b.c"]
    assert names("a.toml", "[a.b]\nc = { d = { e = 1 } }\n") == ["a.b", "a.b.c", "a.b.c.d"]


def test_a_data_file_without_end_has_not_too_many_keys() -> None:
    keys = ",".join(f'"k{number}": 0' for number in range(MAX_NAMED_ONCE + 5))
    assert len(names("a.json", "{" + keys + "}")) == MAX_NAMED_ONCE


def test_every_selector_of_a_rule_stands_for_the_whole_rule() -> None:
    text = ".a, #b > .c:hover { color: red }\n"
    for symbol in symbols("a.css", text):
        assert text[symbol.range.start : symbol.range.end] == text.strip()
    assert names("a.css", text) == ["a", "b", "c"]


def test_half_of_a_surrogate_pair_breaks_no_condition_on_a_name() -> None:
    text = '<p class="\ud800é"></p><x-\ud800></x-\ud800><p id="b"></p>'
    (symbol,) = symbols("a.html", text)
    assert text[symbol.range.start : symbol.range.end] == '<p id="b">'


def test_a_name_in_prose_keeps_its_dots() -> None:
    (heading,) = outline_of("notes.md", "# Version 1.2 of it\n").symbols
    assert heading.name == "Version 1.2 of it"
    method = outline_of("a.cpp", "void Stack::push(int x) { }\n").symbols[-1]
    assert (method.qualified_name, method.name) == ("Stack.push", "push")
