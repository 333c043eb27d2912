import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.syntax.definitions import MAX_DEPTH, own_name
from pairwright.syntax.extraction import MAX_PROBLEMS, outline_of
from pairwright.syntax.outline import FileOutline, Reference, ReferenceRole, SymbolKind
from pairwright.text.ranges import TextRange
from pairwright.workspace.documents import digest_text

SAMPLES = Path(__file__).parent / "samples"
SUFFIXES = sorted(
    path.name.removeprefix("sample.").removesuffix(".outline.txt")
    for path in SAMPLES.glob("*.outline.txt")
)


def sample(suffix: str) -> tuple[str, FileOutline]:
    text = (SAMPLES / f"sample.{suffix}").read_text()
    return text, outline_of(f"sample.{suffix}", text)


def cut(text: str, text_range: TextRange) -> str:
    return text[text_range.start : text_range.end]


def written(outline: FileOutline) -> str:
    """Return an outline as the files beside the samples have it."""
    lines = []
    for symbol in outline.symbols:
        doc = f" | {symbol.doc.splitlines()[0]}" if symbol.doc else ""
        test = " (test)" if symbol.is_test else ""
        lines.append(f"{symbol.kind} {symbol.qualified_name}{test} | {symbol.signature}{doc}")
    lines.append("")
    for each in outline.imports:
        lines.append(f"import {each.module} | {each.name} | {each.alias}")
    lines.append("")
    for binding in outline.bindings:
        scope = outline.symbols[binding.scope].qualified_name if binding.scope >= 0 else ""
        lines.append(f"{scope}({binding.name}): {binding.type}")
    lines.append("")
    for role in ReferenceRole:
        used = [_written_use(each) for each in outline.references if each.role is role]
        if role is ReferenceRole.READ:
            used.sort()
        lines.append(f"{role}: {' '.join(used)}")
    return "\n".join(lines) + "\n"


def _written_use(reference: Reference) -> str:
    return f"[{reference.receiver}]{reference.name}" if reference.receiver else reference.name


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_construct_of_a_sample_is_in_its_outline(suffix: str) -> None:
    _, outline = sample(suffix)
    assert written(outline) == (SAMPLES / f"sample.{suffix}.outline.txt").read_text()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_ranges_count_code_points(suffix: str) -> None:
    text, outline = sample(suffix)
    assert not text.isascii()
    for symbol in outline.symbols:
        assert symbol.qualified_name.endswith(own_name(cut(text, symbol.name_range)))
        assert cut(text, symbol.name_range) in cut(text, symbol.range)
    for reference in outline.references:
        assert reference.name.endswith(cut(text, reference.range).split("<")[0].split("[")[0])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_sample_has_no_problems(suffix: str) -> None:
    assert sample(suffix)[1].problems == ()


def test_a_definition_reaches_from_its_decorators_to_its_end() -> None:
    text, outline = sample("py")
    top = next(symbol for symbol in outline.symbols if symbol.qualified_name == "Stack.top")
    assert cut(text, top.range).startswith("@property")
    assert cut(text, top.range).endswith("return self.items[-1]")


def test_an_exported_definition_reaches_from_export() -> None:
    text, outline = sample("js")
    add = next(symbol for symbol in outline.symbols if symbol.qualified_name == "add")
    assert cut(text, add.range).startswith("export function add")


def test_a_file_without_a_grammar_is_only_text() -> None:
    outline = outline_of("notes.txt", "# Title\n")
    assert outline == FileOutline("notes.txt", digest_text("# Title\n"), None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_file_has_an_empty_outline(suffix: str) -> None:
    outline = outline_of(f"a.{suffix}", "")
    assert (outline.symbols, outline.references, outline.problems) == ((), (), ())


BROKEN = [
    ("a.py", "x = 1\ndef f(:\n    pass\n", "line 2: ')' is missing"),
    ("a.py", "def f()\n    return 1\n", "line 1: cannot parse 'def f()'"),
    ("a.py", "x = (1,\n", "line 1: cannot parse"),
    ("a.py", "class A\n    pass\n", "line 1: cannot parse 'class A'"),
    ("a.py", "a = = 2\n", "line 1: cannot parse '='"),
    ("a.py", "é = 'ü\n", "line 1: cannot parse"),
    ("a.py", "f(a b)\n", "line 1: cannot parse 'b'"),
    ("a.py", "else:\n    pass\n", "line 1: cannot parse 'else:'"),
    ("a.py", "<<<<<<< HEAD\nx\n=======\n", "line 1: cannot parse '<<<<<<<'"),
    ("a.py", "```python\nx = 1\n```\n", "line 1: cannot parse '```'"),
    ("a.py", "if x:\npass\n", "line 1: an indented block is missing"),
    ("a.py", "def f():\n", "line 1: an indented block is missing"),
    ("a.py", "x = 1\n    y = 2\n", "line 2: the indentation is not that of the lines beside"),
    ("a.py", "  x = 1\ny = 2\n", "line 1: the indentation is not that of the lines beside"),
    ("a.py", "def f():\n    a\n  b\n", "line 3: the indentation is not that of the lines beside"),
    ("a.py", "def f():\n    a\n      b\n", "line 3: the indentation is not that of the lines"),
    ("a.js", "function f( {", "line 1: cannot parse 'function f( {'"),
    ("a.js", "f();\nconst x = ;\n", "line 2: cannot parse '='"),
    ("a.ts", "interface A {", "line 1: "),
    ("a.tsx", "const a = <b>;", "line 1: "),
]


@pytest.mark.parametrize(("path", "text", "message"), BROKEN)
def test_what_does_not_parse_is_a_problem_with_its_line(path: str, text: str, message: str) -> None:
    problems = outline_of(path, text).problems
    assert problems
    assert problems[0].message.startswith(message)


SOUND = [
    "if x: a; b\nelse: c\n",
    "x = [\n1,\n  2]; y = 3\n",
    "def f():\n        a\n\n# comment\n        b\n    # comment\n",
    "match x:\n  case 1:\n    a\n  case _:\n    b\n",
    "try:\n\ta\nfinally:\n\tb\n",
    "class A:\n    def f(self): pass\n    x = 1\n\n\n\n",
    'def f():\n    """\ndoc\n  """\n    return (\n1)\n',
    "\\\n\nx = 1\n",
    "if a and \\\n  b:\n    c\n",
    "a\r\nif b:\r\n    c\r\n    d\r\n",
]


@pytest.mark.parametrize("text", SOUND)
def test_unusual_layout_is_no_problem(text: str) -> None:
    compile(text, "sound.py", "exec")
    assert outline_of("a.py", text).problems == ()


def test_the_sound_part_of_a_broken_file_is_still_outlined() -> None:
    outline = outline_of("a.py", "def f():\n    return 1\n\nx = = 2\n\ndef g():\n    return f()\n")
    assert {"f", "g"} <= {symbol.qualified_name for symbol in outline.symbols}
    assert len(outline.problems) == 1


def test_one_line_has_one_problem_and_a_file_has_not_too_many() -> None:
    outline = outline_of("a.py", "x = = = = 2\n" * 200)
    lines = [problem.message.partition(":")[0] for problem in outline.problems]
    assert len(lines) == len(set(lines)) == MAX_PROBLEMS


def test_a_variable_that_is_assigned_again_is_defined_once() -> None:
    outline = outline_of("a.py", "x = 1\nx = 2\n")
    assert [symbol.range.start for symbol in outline.symbols] == [0]


def test_assignments_in_one_statement_are_not_nested_in_each_other() -> None:
    outline = outline_of("a.py", "a = b = 1\nc, d = 1, 2\n")
    assert [symbol.qualified_name for symbol in outline.symbols] == ["a", "b", "c", "d"]


def test_a_type_alias_of_newer_python_is_a_variable() -> None:
    outline = outline_of("a.py", "type Alias = list[int]\n")
    assert [(each.qualified_name, each.kind) for each in outline.symbols] == [
        ("Alias", SymbolKind.VARIABLE)
    ]


def test_long_signatures_and_docs_are_cut() -> None:
    text = f'def f({"a, " * 500}):\n    """{"long " * 500}"""\n'
    symbol = outline_of("a.py", text).symbols[0]
    assert len(symbol.signature) == 200
    assert len(symbol.doc) == 1000


HOSTILE = {
    "open parentheses": "(" * 100_000,
    "nested definitions": "".join(f"{' ' * i}def f{i}():\n" for i in range(1000)),
    "nested calls": "f(" * 20_000,
    "wide list": "x = [" + "1," * 200_000 + "]",
    "random bytes": random.Random(1).randbytes(300_000).decode("latin-1"),
    "long line": f"x = '{'é' * 300_000}'",
    "decorators": "@a\n" * 20_000,
    "too large": "x = 1\n" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_little_and_raises_nothing(name: str) -> None:
    outline = outline_of("a.py", HOSTILE[name])
    assert outline.language == "python"
    assert len(outline.problems) <= MAX_PROBLEMS


def test_deep_nesting_is_cut_and_not_recursed_into() -> None:
    text = "".join("class A{m(){return " for _ in range(100)) + "1" + "}}" * 100
    outline = outline_of("a.js", text)
    assert outline.problems == ()
    assert max(each.qualified_name.count(".") for each in outline.symbols) == MAX_DEPTH


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(SUFFIXES))
def test_any_text_has_an_outline_whose_ranges_lie_in_it(text: str, suffix: str) -> None:
    outline = outline_of(f"a.{suffix}", text)
    ranges = [each.range for each in outline.symbols]
    ranges += [each.range for each in outline.references]
    ranges += [each.range for each in outline.problems]
    assert all(each.end <= len(text) for each in ranges)
