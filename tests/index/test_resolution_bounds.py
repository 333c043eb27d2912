import pytest

from pairwright.index.builder import index_of
from pairwright.index.resolution import Confidence, overrides_of, references_to, targets_of_file
from pairwright.workspace.paths import WorkspacePath
from tests.index.definitions import names, symbol_of


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"a.py": "from b import g\ng()\n", "b.py": "from a import g\n"}, id="re-exports"
        ),
        pytest.param(
            {"a.py": "from b import *\ng()\n", "b.py": "from a import *\n"}, id="wildcards"
        ),
        pytest.param({"a.py": "class A(B): ...\nclass B(A): ...\nA().g()\n"}, id="bases"),
        pytest.param({"a.py": "x = y\ny = x\nx.g()\n"}, id="types"),
        pytest.param({"a.py": "def g() -> g: ...\nx = g()\nx.h()\n"}, id="returned"),
        pytest.param({"a.py": f"x: {'Optional[' * 500}A{']' * 500}\nx.g()\n"}, id="nested type"),
        pytest.param({"a.py": "x" + ".x" * 5000 + "\n"}, id="long chain"),
        pytest.param({"a.py": "from ......... import g\ng()\n"}, id="above the root"),
        pytest.param({"a.py": "from a import a\na.a.a()\n"}, id="itself"),
    ],
)
def test_what_runs_in_circles_ends(files: dict[str, str]) -> None:
    index = index_of(files)
    for path in files:
        targets_of_file(index, WorkspacePath(path))
    for symbol in index.symbols_in(WorkspacePath("a.py")):
        references_to(index, symbol)


def test_a_thousand_classes_deep_and_wide_are_bounded() -> None:
    deep = "class C0:\n    def m(self): ...\n" + "".join(
        f"class C{number}(C{number - 1}): ...\n" for number in range(1, 1000)
    )
    index = index_of({"a.py": deep + "C999().m()\nC5().m()\n"})
    found = references_to(index, symbol_of(index, "a.py:C0.m"))
    assert [each.confidence for each in found] == [Confidence.BY_NAME, Confidence.LIKELY]
    assert len(overrides_of(index, symbol_of(index, "a.py:C0.m"))) == 0


def test_a_long_chain_of_re_exports_is_cut() -> None:
    files = {f"m{number}.py": f"from m{number + 1} import g\n" for number in range(200)}
    index = index_of({**files, "m200.py": "def g(): ...\n", "z.py": "from m195 import g\ng()\n"})
    found = targets_of_file(index, WorkspacePath("z.py"))
    assert names(found[-1]) == ["m200.py:g"]
    assert targets_of_file(index, WorkspacePath("m0.py"))[-1] == ()
