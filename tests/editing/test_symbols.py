import pytest

from pairwright.editing.blocks import SearchReplace, WholeSymbol
from pairwright.text.edits import TextEdit
from tests.editing.placing import check_placed, check_refused

SHAPES = '''\
"""Shapes."""
import abc

# The least of all.
@register
@cached(1)
def area(side):
    """Square."""
    return side * side

class Box(abc.ABC):
    side: int = 3

    # Its edge.
    @property
    def edge(self):
        return self.side

    def grow(self):
        def twice():
            return 2
        self.side *= twice()
one = 1; two = 2
'''
PANEL = """\
/** Shown at the side. */
export class Panel extends View {
  /** Draws it. */
  @bound()
  private draw(width: number): void {
    this.paint(width);
  }
  title = "x";
}
const handlers = {
  open() { return 1; },
  close: 2,
};
"""


def check_written(
    path: str, text: str, symbol: str, written: str, *changes: tuple[str, str]
) -> tuple[TextEdit, ...]:
    expected = text
    for old, new in changes:
        assert text.count(old) == 1
        expected = expected.replace(old, new)
    return check_placed(WholeSymbol(path, symbol, written), {path: text}, expected).edits


@pytest.mark.parametrize(
    "name", ["Box.grow", "shapes.Box.grow", "pkg.shapes.Box.grow", "Box::grow"]
)
@pytest.mark.parametrize("indent", ["", "    ", "        "])
def test_a_definition_is_found_by_name_and_written_at_its_indentation(
    name: str, indent: str
) -> None:
    lines = ("def grow(self):", "    self.side += 1")
    written = "".join(f"{indent}{line}\n" for line in lines)
    check_written(
        "pkg/shapes.py",
        SHAPES,
        name,
        written,
        (
            "        def twice():\n            return 2\n        self.side *= twice()\n",
            "        self.side += 1\n",
        ),
    )


def test_only_the_lines_that_differ_are_edited() -> None:
    written = SHAPES[SHAPES.index("@register") : SHAPES.index("class Box")].replace("1)", "2)")
    (edit,) = check_written("a.py", SHAPES, "area", written, ("@cached(1)", "@cached(2)"))
    assert edit.new_text == "@cached(2)\n"


def test_comments_above_stay_when_the_block_brings_none() -> None:
    written = "@register\n@cached(1)\ndef area(side):\n    return side\n"
    check_written(
        "a.py",
        SHAPES,
        "area",
        written,
        ('    """Square."""\n    return side * side', "    return side"),
    )


def test_comments_above_are_replaced_when_the_block_brings_some() -> None:
    written = "# Of a square.\n@register\n@cached(1)\ndef area(side):\n    return side\n"
    check_written(
        "a.py",
        SHAPES,
        "area",
        written,
        ("# The least of all.", "# Of a square."),
        ('    """Square."""\n    return side * side', "    return side"),
    )
    check_written(
        "a.ts",
        PANEL,
        "Panel.draw",
        "/**\n * Paints\n * it. */\n@bound()\n"
        "private draw(width: number): void {\n  this.paint(width);\n}",
        ("  /** Draws it. */", "  /**\n   * Paints\n   * it. */"),
    )


def test_decorators_that_stand_outside_are_not_doubled() -> None:
    check_written(
        "a.ts",
        PANEL,
        "Panel.draw",
        "@bound(2)\nprivate draw(width: number): void {\n  this.paint(width);\n}\n",
        ("@bound()", "@bound(2)"),
    )


@pytest.mark.parametrize(
    ("path", "text", "symbol", "written"),
    [
        ("a.py", SHAPES, "area", "def area(side):\n    return side\n"),
        ("a.ts", PANEL, "Panel.draw", "/** Now */\nprivate draw(width: number): void {\n}\n"),
        ("a.rs", "#[inline]\nfn f() {}\n", "f", "fn f() { g() }\n"),
    ],
)
def test_decorators_are_not_lost_in_silence(
    path: str, text: str, symbol: str, written: str
) -> None:
    check_refused(WholeSymbol(path, symbol, written), {path: text}, "leaves out", "belongs to it")


@pytest.mark.parametrize(
    ("symbol", "written", "change"),
    [
        ("Panel.title", 'title = "y"\n', ('"x"', '"y"')),
        ("Panel.title", 'title = "y";\n', ('"x"', '"y"')),
        ("handlers.open", "open() { return 2; }\n", ("return 1", "return 2")),
        ("handlers.open", "open() { return 2; },\n", ("return 1", "return 2")),
    ],
)
def test_what_ends_a_definition_is_neither_lost_nor_doubled(
    symbol: str, written: str, change: tuple[str, str]
) -> None:
    check_written("a.ts", PANEL, symbol, written, change)


def test_a_section_keeps_the_blank_lines_behind_it() -> None:
    text = "# One\n\na\n\n\n# Two\n\nb\n"
    check_written("a.md", text, "One", "# One\n\nc\n", ("a\n\n\n", "c\n\n\n"))


def test_line_ends_are_kept() -> None:
    text = SHAPES.replace("\n", "\r\n")
    check_written(
        "a.py",
        text,
        "Box.edge",
        "@property\ndef edge(self):\n    return 0\n",
        ("return self.side\r\n", "return 0\r\n"),
    )


@pytest.mark.parametrize(
    ("symbol", "reason"),
    [
        ("Box.shrink", "nothing called 'Box.shrink' is defined in this file"),
        ("edge", "did you mean Box.edge (line 16)?"),
        ("Crate.edge", "did you mean Box.edge (line 16)?"),
        ("Box.egde", "did you mean Box.edge (line 16)"),
        ("", "nothing called ''"),
        ("one", "shares line 23 with other code"),
        ("two", "shares line 23 with other code"),
    ],
)
def test_a_name_that_no_definition_of_its_own_has_is_refused(symbol: str, reason: str) -> None:
    check_refused(WholeSymbol("a.py", symbol, "x = 1\n"), {"a.py": SHAPES}, reason)


def test_a_name_that_is_defined_twice_is_refused_with_its_lines() -> None:
    text = "class A:\n    def f(self): pass\n    def f(self): return 1\n"
    check_refused(
        WholeSymbol("a.py", "A.f", "def f(self): return 2\n"), {"a.py": text}, "at lines 2, 3"
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("def wax(self):\n    pass\n", "does not define it where it stands"),
        ("class Box:\n    def grow(self):\n        pass\n", "without what is around it"),
        ("self.side = 2\n", "does not define it"),
        ("def grow(self):\n    pass\n\ndef grow(self):\n    pass\n", "more than once"),
        ("        def grow(self):\n  pass\n", "indented unlike the file at line 19"),
        ("\t\tdef grow(self):\n\t\t\tpass\n", "indented unlike the file at line 19"),
    ],
)
def test_a_text_that_is_not_that_definition_is_refused(written: str, reason: str) -> None:
    check_refused(WholeSymbol("a.py", "Box.grow", written), {"a.py": SHAPES}, reason)


def test_a_definition_that_says_this_already_is_refused() -> None:
    block = WholeSymbol("a.py", "Box.edge", "@property\ndef edge(self):\n    return self.side\n")
    check_refused(block, {"a.py": SHAPES}, "nothing would change")


def test_a_definition_may_bring_others_along() -> None:
    written = "def half(self):\n    pass\n\ndef grow(self):\n    pass\n"
    check_written(
        "a.py",
        SHAPES,
        "Box.grow",
        written,
        ("    def grow(self):\n", "    def half(self):\n        pass\n\n    def grow(self):\n"),
        (
            "        def twice():\n            return 2\n        self.side *= twice()\n",
            "        pass\n",
        ),
    )


def test_others_that_a_definition_brings_along_do_not_get_its_comments() -> None:
    written = "# One.\ndef half():\n    pass\n\n@register\n@cached(1)\ndef area(side):\n    pass\n"
    check_written(
        "a.py",
        SHAPES,
        "area",
        written,
        ("# The least of all.\n", "# One.\ndef half():\n    pass\n\n# The least of all.\n"),
        ('    """Square."""\n    return side * side\n', "    pass\n"),
    )


def test_a_definition_whose_end_is_not_sure_is_refused() -> None:
    text = "def f(:\n    return (1\n\ndef g():\n    return 2\n"
    check_refused(WholeSymbol("a.py", "f", "def f():\n    return 1\n"), {"a.py": text})
    assert "does not parse" in check_refused(
        WholeSymbol("a.js", "f", "function f() { return 1; }\n"),
        {"a.js": "function f() {\n  return (1;\n}\n"},
    )


@pytest.mark.parametrize("path", ["a.unknown", "LICENSE"])
def test_a_file_of_no_known_language_has_no_definitions(path: str) -> None:
    check_refused(WholeSymbol(path, "f", "x\n"), {path: "f\n"}, "cannot be told", "SEARCH/REPLACE")


def test_a_file_that_its_parser_dies_of_is_edited_by_its_lines() -> None:
    nested = "".join(f"{'  ' * depth}k{depth}:\n" for depth in range(260))
    files = {"a.yaml": f"{nested}\nx: 1\ny: 2\nx: 1\n"}
    check_refused(WholeSymbol("a.yaml", "k0", "k0: 1\n"), files, "cannot be told")
    check_refused(SearchReplace("a.yaml", "x: 1\n", "x: 2\n", within="k0"), files, "line 262")


def test_a_line_that_a_preprocessor_reads_is_no_comment() -> None:
    check_written(
        "a.c",
        "#include <x.h>\nint f(void)\n{\n  return 1;\n}\n",
        "f",
        "/* One. */\nint f(void)\n{\n  return 1;\n}\n",
        ("int f(void)\n", "/* One. */\nint f(void)\n"),
    )
