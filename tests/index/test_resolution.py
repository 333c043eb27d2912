import pytest

from pairwright.index.builder import index_of
from pairwright.index.resolution import Confidence, Resolved, definition_at, targets_of_file
from pairwright.workspace.paths import WorkspacePath
from tests.index.definitions import names
from tests.support.workspaces import parse_workspace


def check_definition(workspace: str, *expected: str) -> tuple[Resolved, ...]:
    """Check what the name at the cursor means."""
    parsed = parse_workspace(workspace)
    assert parsed.cursor is not None
    path, offset = parsed.cursor
    found = definition_at(index_of(parsed.files), WorkspacePath(path), offset)
    assert names(found) == list(expected)
    return found


@pytest.mark.parametrize(
    ("workspace", "expected"),
    [
        pytest.param("#- a.py\ndef f(): ...\n<cursor>f()\n", "a.py:f", id="global"),
        pytest.param("#- a.py\ndef <cursor>f(): ...\n", "a.py:f", id="own name"),
        pytest.param(
            "#- a.py\ndef f():\n    def g(): ...\n    <cursor>g()\n", "a.py:f.g", id="nested"
        ),
        pytest.param(
            "#- a.py\nx = 1\ndef f():\n    def g(): return <cursor>x\n", "a.py:x", id="outer"
        ),
        pytest.param(
            "#- a.py\nclass C:\n    x = 1\n    y = <cursor>x\n", "a.py:C.x", id="class body"
        ),
        pytest.param(
            "#- a.py\nx = 1\nclass C:\n    x = 2\n    def f(self): return <cursor>x\n",
            "a.py:x",
            id="class names are not seen in methods",
        ),
        pytest.param(
            "#- a.py\nfrom b import g as h\n<cursor>h()\n#- b.py\ndef g(): ...\n",
            "b.py:g",
            id="alias",
        ),
        pytest.param(
            "#- a.py\nfrom b import <cursor>g\n#- b.py\ndef g(): ...\n", "b.py:g", id="import line"
        ),
        pytest.param(
            "#- p/__init__.py\n#- p/a.py\nfrom .b import g\n<cursor>g()\n#- p/b.py\ndef g(): ...\n",
            "p/b.py:g",
            id="relative import",
        ),
        pytest.param(
            "#- p/__init__.py\n#- p/q/__init__.py\n#- p/q/a.py\nfrom ..b import g\n<cursor>g()\n"
            "#- p/b.py\ndef g(): ...\n",
            "p/b.py:g",
            id="relative import from above",
        ),
        pytest.param(
            "#- p/__init__.py\n#- p/a.py\nfrom . import b\nb.<cursor>g()\n"
            "#- p/b.py\ndef g(): ...\n",
            "p/b.py:g",
            id="sibling module",
        ),
        pytest.param(
            "#- a.py\nfrom b import *\n<cursor>g()\n#- b.py\ndef g(): ...\n",
            "b.py:g",
            id="wildcard",
        ),
        pytest.param(
            "#- a.py\nfrom p import g\n<cursor>g()\n#- p/__init__.py\nfrom .q import g\n"
            "#- p/q/__init__.py\nfrom .r import *\n#- p/q/r.py\ndef g(): ...\n",
            "p/q/r.py:g",
            id="chain of re-exports",
        ),
        pytest.param(
            "#- a.py\nimport p.m\np.m.<cursor>g()\n#- p/__init__.py\n#- p/m.py\ndef g(): ...\n",
            "p/m.py:g",
            id="dotted module",
        ),
        pytest.param(
            "#- a.py\nimport p.m as x\nx.<cursor>g()\n#- p/__init__.py\n#- p/m.py\ndef g(): ...\n",
            "p/m.py:g",
            id="dotted module with alias",
        ),
        pytest.param(
            "#- a.py\ndef f():\n    from b import g\n    <cursor>g()\n#- b.py\ndef g(): ...\n",
            "b.py:g",
            id="import in a function",
        ),
        pytest.param(
            "#- a.py\nclass C:\n    def m(self): ...\nC.<cursor>m\n", "a.py:C.m", id="of a class"
        ),
        pytest.param(
            "#- a.py\ndef deco(f): ...\n@<cursor>deco\ndef g(): ...\n", "a.py:deco", id="decorator"
        ),
        pytest.param(
            "#- a.py\nx = 1\ndef f(x=<cursor>x): ...\n", "a.py:x", id="default looks outside"
        ),
    ],
)
def test_scopes_and_imports_decide_exactly(workspace: str, expected: str) -> None:
    found = check_definition(workspace, expected)
    assert [each.confidence for each in found] == [Confidence.EXACT]


HOST = "class Host:\n    limit: int = 1\n    def scan(self): ...\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "class D(Host):\n    def f(self): self.<cursor>scan()\n", "Host.scan", id="self"
        ),
        pytest.param(
            "class D(Host):\n    def scan(self): super().<cursor>scan()\n", "Host.scan", id="super"
        ),
        pytest.param(
            "class D:\n    def __init__(self): self.h = Host()\n"
            "    def f(self): self.h.<cursor>scan()\n",
            "Host.scan",
            id="typed field",
        ),
        pytest.param(
            "class D:\n    def __init__(self, h: Host): self.h = h\n"
            "    def f(self): self.h.<cursor>scan()\n",
            "Host.scan",
            id="field that holds a typed parameter",
        ),
        pytest.param(
            "class D:\n    def f(self): self.x = 1\n    def g(self): return self.<cursor>x\n",
            "D.x",
            id="field",
        ),
        pytest.param("def f(h: Host): h.<cursor>scan()\n", "Host.scan", id="annotation"),
        pytest.param("def f(h: Host | None): h.<cursor>scan()\n", "Host.scan", id="union"),
        pytest.param(
            "def f(h: 't.Optional[Host]'): h.<cursor>scan()\n", "Host.scan", id="quoted optional"
        ),
        pytest.param("h = Host()\nh.<cursor>scan()\n", "Host.scan", id="constructor"),
        pytest.param("Host().<cursor>scan()\n", "Host.scan", id="constructor in place"),
        pytest.param(
            "def make() -> Host: ...\nh = make()\nh.<cursor>scan()\n", "Host.scan", id="returned"
        ),
        pytest.param(
            "class D:\n    @property\n    def host(self) -> Host: ...\n"
            "    def f(self): self.host.<cursor>scan()\n",
            "Host.scan",
            id="property",
        ),
        pytest.param("class D(Host): ...\nD.<cursor>limit\n", "Host.limit", id="inherited"),
    ],
)
def test_the_type_of_what_stands_before_a_name_makes_it_likely(code: str, expected: str) -> None:
    found = check_definition(f"#- a.py\nimport typing as t\n{HOST}{code}", f"a.py:{expected}")
    assert [each.confidence for each in found] == [Confidence.LIKELY]


def test_a_member_of_something_unknown_is_found_by_a_rare_name() -> None:
    found = check_definition(f"#- a.py\n{HOST}def f(h): h.<cursor>scan()\n", "a.py:Host.scan")
    assert [each.confidence for each in found] == [Confidence.BY_NAME]


@pytest.mark.parametrize(
    "workspace",
    [
        pytest.param("#- a.py\nx = 1\ndef f(x): return <cursor>x\n", id="parameter"),
        pytest.param("#- a.py\nx = 1\ndef f():\n    x = 2\n    <cursor>x\n", id="local"),
        pytest.param(
            "#- a.py\nx = 1\ndef f(y): return [<cursor>x for x in y]\n", id="comprehension"
        ),
        pytest.param(
            "#- a.py\nfrom json import dumps\n<cursor>dumps()\n#- b.py\ndef dumps(): ...\n",
            id="installed package",
        ),
        pytest.param("#- a.py\n<cursor>g()\n#- b.py\ndef g(): ...\n", id="not imported"),
        pytest.param(
            "#- a.py\nfrom b import *\n<cursor>_g()\n#- b.py\ndef _g(): ...\n",
            id="private names are not in a wildcard",
        ),
        pytest.param(
            "#- a.py\nclass C:\n    def get(self): ...\ndef f(x): x.<cursor>get()\n",
            id="common method of something unknown",
        ),
        pytest.param(
            "#- a.py\nclass C:\n    def scan(self): ...\ndef f(x: str): x.<cursor>scan()\n",
            id="method of a known type from elsewhere",
        ),
        pytest.param(
            "#- a.py\nclass A:\n  def q(self): ...\nclass B:\n  def q(self): ...\n"
            "class C:\n  def q(self): ...\nclass D:\n  def q(self): ...\n"
            "def f(x): x.<cursor>q()\n",
            id="too many namesakes",
        ),
        pytest.param("#- a.py\n<cursor>\n", id="nothing there"),
        pytest.param("#- a.txt\n<cursor>f\n", id="no code"),
    ],
)
def test_what_is_local_foreign_or_a_guess_among_many_is_not_answered(workspace: str) -> None:
    check_definition(workspace)


def test_a_module_is_a_definition_too() -> None:
    found = check_definition("#- a.py\nimport b\n<cursor>b\n#- b.py\n", "b.py:")
    assert found[0].symbol.kind == "module"


@pytest.mark.parametrize(
    ("workspace", "expected"),
    [
        pytest.param(
            "#- a.ts\nimport { g } from './b';\n<cursor>g();\n#- b.ts\nexport function g() {}\n",
            "b.ts:g",
            id="named import",
        ),
        pytest.param(
            "#- a.ts\nimport { g as h } from './b';\n<cursor>h();\n"
            "#- b.ts\nexport function g() {}\n",
            "b.ts:g",
            id="import with an alias",
        ),
        pytest.param(
            "#- a.js\nimport * as b from './b';\nb.<cursor>g();\n#- b.js\nexport function g() {}\n",
            "b.js:g",
            id="namespace",
        ),
        pytest.param(
            "#- a.ts\nimport { g } from './p';\n<cursor>g();\n#- p/index.ts\n"
            "export { g } from './b';\n#- p/b.ts\nexport function g() {}\n",
            "p/b.ts:g",
            id="re-export through an index",
        ),
        pytest.param(
            "#- a.ts\nclass C { m() {} n() { this.<cursor>m(); } }\n", "a.ts:C.m", id="this"
        ),
        pytest.param(
            "#- a.ts\nclass C { m() {} }\nconst c = new C();\nc.<cursor>m();\n",
            "a.ts:C.m",
            id="constructed",
        ),
    ],
)
def test_scripts_are_followed(workspace: str, expected: str) -> None:
    check_definition(workspace, expected)


def test_a_files_targets_are_in_the_order_of_its_references() -> None:
    index = index_of({"a.py": "def f(): ...\nf(unknown)\n"})
    assert [names(each) for each in targets_of_file(index, WorkspacePath("a.py"))] == [
        ["a.py:f"],
        [],
    ]
    assert targets_of_file(index, WorkspacePath("gone.py")) == ()


def test_an_index_that_changed_is_read_anew() -> None:
    before = index_of({"a.py": "from b import g\ng()\n", "b.py": "def g(): ...\n"})
    after = before.with_files({WorkspacePath("b.py"): None})
    path = WorkspacePath("a.py")
    assert names(targets_of_file(before, path)[-1]) == ["b.py:g"]
    assert targets_of_file(after, path)[-1] == ()


def check_guess(workspace: str, *expected: str) -> None:
    """Check what the name at the cursor means by its name alone."""
    found = check_definition(workspace, *expected)
    assert {each.confidence for each in found} <= {Confidence.BY_NAME}


def test_what_stands_on_a_member_made_at_run_time_is_guessed() -> None:
    text = "#- a.py\nclass Model(type): ...\nclass Set:\n    def bulk_create(self): ...\n"
    check_guess(text + "Model.objects.<cursor>bulk_create()\n", "a.py:Set.bulk_create")
    check_guess(text + "Model().objects.<cursor>bulk_create()\n", "a.py:Set.bulk_create")
    check_guess(text + "Model.<cursor>bulk_create()\n", "a.py:Set.bulk_create")


def test_what_stands_on_something_from_outside_is_not_guessed() -> None:
    text = "#- a.py\nimport argparse\nclass Set:\n    def bulk_create(self): ...\n"
    check_guess(text + "argparse.objects.<cursor>bulk_create()\n")
    check_guess(text + "p = argparse.Parser()\nargs = p.parse()\nargs.<cursor>bulk_create()\n")


def test_a_name_of_several_classes_is_guessed_when_they_are_of_one_family() -> None:
    members = "    def bulk_create(self): ...\n"
    heirs = "".join(f"class C{number}(C0):\n{members}" for number in range(1, 5))
    others = heirs.replace("(C0)", "")
    expected = [f"a.py:C{number}.bulk_create" for number in range(5)]
    check_guess(
        f"#- a.py\nclass C0:\n{members}{heirs}def f(x): x.<cursor>bulk_create()\n", *expected
    )
    check_guess(f"#- a.py\nclass C0:\n{members}{others}def f(x): x.<cursor>bulk_create()\n")
    many = heirs + heirs.replace("class C", "class D")
    check_guess(f"#- a.py\nclass C0:\n{members}{many}def f(x): x.<cursor>bulk_create()\n")
