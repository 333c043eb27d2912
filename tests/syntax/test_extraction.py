import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.syntax.extraction import (
    OutlinedText,
    outline_of,
    outlined,
    packed_outline_of,
)
from pairwright.syntax.languages.language import Language
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.languages.registry import LANGUAGES, language_of
from pairwright.syntax.packing import unpack


def receivers(path: str, text: str) -> dict[str, str]:
    """Return what stands before each name that is used; of several uses the last."""
    return {each.name: each.receiver for each in outline_of(path, text).references}


CHAINS = [
    ("a.py", "a.b().c", {"a": "", "b": "a", "c": "a.b()"}),
    ("a.py", "super().x", {"super": "", "x": "super()"}),
    ("a.py", "self.host.scan()", {"self": "", "host": "self", "scan": "self.host"}),
    ("a.py", "x[0].y", {"x": "", "y": "?"}),
    ("a.py", "x[i].y", {"x": "", "i": "", "y": "?"}),
    ("a.py", "f(a).y", {"f": "", "a": "", "y": "?"}),
    ("a.py", "''.join(a)", {"join": "?", "a": ""}),
    ("a.py", "(a\n  .b()\n  .c)", {"a": "", "b": "a", "c": "a.b()"}),
    ("a.py", "(a.\n  b.\n\n  c)", {"a": "", "b": "a", "c": "a.b"}),
    ("a.py", "a.b\nc", {"a": "", "b": "a", "c": ""}),
    ("a.py", "a.b # so.\nc", {"a": "", "b": "a", "c": ""}),
    ("a.py", "'''So.\n'''\nc", {"c": ""}),
    ("a.py", "x[a:b]", {"x": "", "a": "", "b": ""}),
    ("a.py", "{a:b}", {"a": "", "b": ""}),
    ("a.py", "lambda a:b", {"a": "", "b": ""}),
    ("a.py", "1 .real", {"real": "?"}),
    ("a.py", "é.ü().ö", {"é": "", "ü": "é", "ö": "é.ü()"}),
    ("a.js", "a?.b", {"a": "", "b": "a"}),
    ("a.js", "f(...x)", {"f": "", "x": ""}),
    ("a.js", "a ? b:c", {"a": "", "b": "", "c": ""}),
    ("a.js", "a\n  .b()\n  .c()", {"a": "", "b": "a", "c": "a.b()"}),
    ("a.ts", "a!.b", {"a": "", "b": "a"}),
]


@pytest.mark.parametrize(("path", "text", "expected"), CHAINS)
def test_a_use_knows_what_stands_before_it(path: str, text: str, expected: dict[str, str]) -> None:
    assert receivers(path, text) == expected


def test_a_chain_that_is_too_long_is_unknown() -> None:
    found = receivers("a.py", ".".join(f"name{number}" for number in range(60)))
    assert found["name3"] == "name0.name1.name2"
    assert found["name50"].startswith("?")


def test_bindings_belong_to_the_innermost_definition_around_them() -> None:
    text = "a, b = 1, 2\ndef f(c):\n    d = 1\n    def g(e): pass\n    h = 2\ndef i(j): pass\n"
    outline = outline_of("a.py", text)
    scopes = {
        each.name: outline.symbols[each.scope].name if each.scope >= 0 else ""
        for each in outline.bindings
    }
    assert scopes == {"c": "f", "d": "f", "e": "g", "h": "f", "j": "i"}


SIGNATURES = [
    ("a.py", "def f(a,\n      b): pass", "def f(a, b)"),
    ("a.py", "def f(a) -> int: # why\n    pass", "def f(a) -> int"),
    ("a.py", "@d\nclass A(B):\n    x = 1", "class A(B)"),
    ("a.py", "x: int = 1", "x: int = 1"),
    ("a.js", "const f = (a) => { return a }", "const f = (a)"),
    ("a.js", "export function f(a) {}", "export function f(a)"),
    ("a.py", "redo = todo", "redo = todo"),
]


@pytest.mark.parametrize(("path", "text", "signature"), SIGNATURES)
def test_a_signature_is_what_stands_before_the_body(path: str, text: str, signature: str) -> None:
    assert outline_of(path, text).symbols[0].signature == signature


def test_a_method_in_a_local_variable_is_named_after_all_that_is_around_it() -> None:
    outline = outline_of("a.js", "function f() {\n  const a = { m() { return 1 } }\n}\n")
    assert [each.qualified_name for each in outline.symbols] == ["f", "f.a.m"]


def test_a_name_bound_twice_in_a_function_keeps_the_type_that_is_said() -> None:
    outline = outline_of("a.py", "def f(é: B.\u00a0C): g = D()\n")
    assert {each.name: each.type for each in outline.bindings} == {"é": "B. C", "g": "D"}


@pytest.mark.parametrize("name", ["n" * 300, "é" * 300])
def test_a_long_name_is_cut_by_its_characters(name: str) -> None:
    outline = outline_of("a.py", f"def f({name}): import {name}\n")
    assert [each.name for each in outline.bindings] == [name[:200]]
    assert [each.module for each in outline.imports] == [name[:200]]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=150), st.sampled_from(LANGUAGES))
def test_random_bytes_raise_nothing_in_any_language(content: bytes, language: Language) -> None:
    outline = packed_outline_of(language, content.decode("latin-1"))
    assert outline.language == language.name


def test_the_same_text_has_the_same_outline_each_time() -> None:
    text = random.Random(7).randbytes(2_000).decode("latin-1") + "def f(a.b().c):\n  x[0].y\n"
    assert len({packed_outline_of(LANGUAGES[0], text).content for _ in range(5)}) == 1


SAMPLES = Path(__file__).parent / "samples"


@pytest.mark.parametrize("suffix", ["py", "js", "ts"])
def test_an_outline_made_from_the_one_before_is_that_of_the_text(suffix: str) -> None:
    text, chance = (SAMPLES / f"sample.{suffix}").read_text(), random.Random(5)
    language = language_of(f"a.{suffix}")
    assert language is not None
    known = outlined(language, text)
    for _ in range(60):
        start = chance.randrange(len(text))
        new = chance.choice(["x", " ", "\n", "é", "a.b()", "\n\nf(g.h)\n", "\n# c\n", ""])
        text_after = text[:start] + new + text[start + chance.randrange(3) :]
        after = outlined(language, text_after, known)
        assert after.packed.content == packed_outline_of(language, text_after).content
        if not after.packed.has_problems:
            text, known = text_after, after


SUFFIXES = sorted(path.suffix[1:] for path in SAMPLES.glob("sample.*") if path.suffix != ".txt")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_lines_and_words_that_move_take_their_facts_along_in_any_language(suffix: str) -> None:
    text, chance = (SAMPLES / f"sample.{suffix}").read_text(), random.Random(8)
    language = language_of(f"a.{suffix}")
    assert language is not None
    known, compared = outlined(language, text), 0
    for _ in range(25):
        text_after = moved(text, chance)
        after, from_scratch = outlined(language, text_after, known), outlined(language, text_after)
        if tree_of(after) != tree_of(from_scratch):
            continue  # the parser itself sees another tree: a broken text, or a rare ambiguity
        compared += 1
        assert after.packed.content == from_scratch.packed.content
        if not after.packed.has_problems:
            text, known = text_after, after
    assert compared > 10


def moved(text: str, chance: random.Random) -> str:
    """Return a text in which lines or a word are gone, are there twice, or stand elsewhere."""
    lines = text.splitlines(keepends=True)
    if chance.random() < 0.6:
        first = chance.randrange(len(lines))
        new = chance.choice([[], lines[first : first + 1] * 2, [chance.choice(lines)]])
        return "".join([*lines[:first], *new, *lines[first + chance.randrange(3) :]])
    words = list(re.finditer(r"\w+", text))
    word, new_word = chance.choice(words), chance.choice(words)[0]
    return text[: word.start()] + new_word + text[word.end() :]


def tree_of(outlined_text: OutlinedText) -> str:
    assert outlined_text.tree is not None
    return str(outlined_text.tree.root)


DECORATED = """\
@first
@second(1)
def f(a: int = 2): "Says so."
class A:
    @property
    def b(self): return self.c

    c = 1
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@first\n", ""),
        ("@first", "@first\n@third"),
        ("second", "other"),
        ("@property", "# @property"),
        ("Says", "Tells"),
        ("def f", "async def f"),
        ("    c = 1", "    c = 1\n    c = 2"),
        ("class A:", "class A(B, C[int]):"),
        ("class A:", "def A():"),
        ("def f(a: int = 2)", "def f(a)"),
    ],
)
def test_what_stands_around_a_definition_is_read_anew(old: str, new: str) -> None:
    body = "".join(f"x{number} = f({number})\n" for number in range(300))
    text = f"{body}{DECORATED}{body}"
    changed = text.replace(old, new, 1)
    assert changed != text
    after = outlined(PYTHON, changed, outlined(PYTHON, text))
    assert after.packed.content == packed_outline_of(PYTHON, changed).content
    back = outlined(PYTHON, text, after)
    assert back.packed.content == packed_outline_of(PYTHON, text).content


def test_an_outline_may_be_built_upon_more_than_once() -> None:
    known = outlined(PYTHON, DECORATED)
    for new in ("", "é = 1\n", "import a.b as c\n\n\n"):
        text = new + DECORATED + new
        expected = packed_outline_of(PYTHON, text).content
        assert outlined(PYTHON, text, known).packed.content == expected


def test_an_uneven_line_is_a_problem_until_it_is_even() -> None:
    text = "def f():\n    a = 1\n    b = 2\n\n\ndef g():\n    c = 3\n"
    known = outlined(PYTHON, text)
    for broken in (text.replace("    b", "      b"), text.replace("    c = 3", "    c\n   d")):
        after = outlined(PYTHON, broken, known)
        assert after.packed.content == packed_outline_of(PYTHON, broken).content
        assert after.packed.has_problems
        assert outlined(PYTHON, text, after).packed.content == known.packed.content


def test_an_edit_deep_in_a_long_class_changes_nothing_else() -> None:
    methods = "".join(
        f"    def m{number}(self, é={number}):\n        return self.a{number}.b(g(é))\n\n"
        for number in range(300)
    )
    text, chance = f"import a.b\n\nclass A(B.C):\n{methods}\n\nx = A()\n", random.Random(6)
    known = outlined(PYTHON, text)
    for _ in range(40):
        start = chance.randrange(len(text))
        new = chance.choice(["x", "é", "z.y()", "\n    @d.e\n    def n(self): f()\n", ", k", ""])
        text_after = text[:start] + new + text[start + chance.randrange(20) :]
        after, from_scratch = outlined(PYTHON, text_after, known), outlined(PYTHON, text_after)
        if after.is_torn:
            assert from_scratch.packed.has_problems
            continue
        assert after.packed.content == from_scratch.packed.content
        if not after.packed.has_problems:
            text, known = text_after, after


FUNCTIONS = [f"def f{number}(a):\n    return g(a.b, {number})\n" for number in range(2_000)]
LONG_TEXT = "\n\n".join(FUNCTIONS)
TORN_TEXT = LONG_TEXT.replace("    return g(a.b, 1000)", "x = \n    return g(a.b, 1000)")


def symbols_of(after: OutlinedText) -> list[str]:
    return [symbol.qualified_name for symbol in unpack(after.packed, "a.py", "").symbols]


def test_a_line_that_tears_a_long_text_leaves_all_beside_it_as_it_was() -> None:
    known = outlined(PYTHON, LONG_TEXT)
    torn = outlined(PYTHON, TORN_TEXT, known)
    assert torn.is_torn
    lines = {
        TORN_TEXT.count("\n", 0, problem.range.start)
        for problem in unpack(torn.packed, "a.py", "").problems
    }
    assert lines
    assert lines <= {4_000, 4_001, 4_002}
    assert [name for name in symbols_of(torn) if name != "x"] == symbols_of(known)
    last = unpack(torn.packed, "a.py", "").symbols[-1].range
    assert TORN_TEXT[last.start : last.end] == FUNCTIONS[-1].rstrip()


@pytest.mark.parametrize("others", [LONG_TEXT, f"y = 1\n{LONG_TEXT}", FUNCTIONS[0]])
def test_when_a_torn_text_is_mended_all_of_it_is_read_as_from_scratch(others: str) -> None:
    torn = outlined(PYTHON, TORN_TEXT, outlined(PYTHON, LONG_TEXT))
    still_torn = outlined(PYTHON, TORN_TEXT.replace("x = ", "x = (", 1), torn)
    assert still_torn.is_torn
    mended = outlined(PYTHON, others, still_torn)
    assert not mended.is_torn
    assert mended.packed.content == packed_outline_of(PYTHON, others).content


def test_a_sound_edit_that_reaches_far_is_read_as_from_scratch() -> None:
    known = outlined(PYTHON, FUNCTIONS[0])
    after = outlined(PYTHON, LONG_TEXT, known)
    assert after.packed.content == packed_outline_of(PYTHON, LONG_TEXT).content


def test_a_comment_and_an_attribute_before_a_torn_line_are_still_of_what_follows() -> None:
    rust = language_of("a.rs")
    assert rust is not None
    before = "".join(f"/// Says {n}.\n#[inline]\nfn f{n}() {{ g({n}); }}\n\n" for n in range(2_000))
    known = outlined(rust, before)
    torn = outlined(rust, before.replace("fn f999()", "fn f999((("), known)
    assert torn.is_torn
    docs = {each.name: each.doc for each in unpack(torn.packed, "a.rs", "").symbols}
    assert docs["f998"] == "Says 998."
    assert docs["f1000"] == "Says 1000."
