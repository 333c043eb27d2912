from pairwright.index import resolution
from pairwright.index.builder import index_of
from pairwright.index.resolution import (
    Resolved,
    bases_of,
    callees_of,
    callers_of,
    overrides_of,
    references_to,
    subclasses_of,
    subjects_of,
)
from pairwright.workspace.paths import WorkspacePath
from tests.index.definitions import names, symbol_of
from tests.support.workspaces import parse_workspace


def check_references(workspace: str, where: str, *expected: str) -> None:
    """Check the uses of a definition, each as `path:line`."""
    files = parse_workspace(workspace).files
    index = index_of(files)
    found = references_to(index, symbol_of(index, where))
    places = [
        f"{each.reference.path}:"
        f"{files[each.reference.path].count(chr(10), 0, each.reference.range.start) + 1}"
        for each in found
    ]
    assert places == list(expected)


def test_uses_are_found_in_every_file_with_the_import_lines() -> None:
    check_references(
        "#- a.py\ndef g(): ...\ng()\n#- b.py\nfrom a import g\ng()\n"
        "#- c.py\nfrom a import g as h\nh()\n#- d.py\ndef g(): ...\ng()\n#- e.py\ndef f(g): g()\n",
        "a.py:g",
        *("a.py:2", "b.py:1", "b.py:2", "c.py:1", "c.py:1", "c.py:2"),
    )


def test_calling_a_class_uses_its_constructor() -> None:
    check_references(
        "#- a.py\nclass A:\n    def __init__(self): ...\nclass B(A): ...\n"
        "class C(A):\n    def __init__(self): super().__init__()\nA()\nB()\nC()\n",
        "a.py:A.__init__",
        *("a.py:5", "a.py:6", "a.py:7"),
    )


FAMILY = """
#- a.py
class A:
    def m(self): helper()
class B(A):
    def m(self): ...
class C(B):
    def m(self): ...
def helper(): ...
helper()
#- tests/test_a.py
from a import A, helper
def test_direct(): helper()
def test_through(): A().m()
def test_other(): ...
"""


def check_relation(found: tuple[Resolved, ...], *expected: str) -> None:
    assert names(found) == list(expected)


def test_relations_of_definitions() -> None:
    index = index_of(parse_workspace(FAMILY).files)
    base, method, helper = (symbol_of(index, f"a.py:{name}") for name in ("A", "A.m", "helper"))
    tests = "tests/test_a.py"
    check_relation(callers_of(index, helper), "a.py:A.m", "a.py:", f"{tests}:test_direct")
    check_relation(callees_of(index, method), "a.py:helper")
    check_relation(bases_of(index, symbol_of(index, "a.py:C")), "a.py:B")
    check_relation(subclasses_of(index, base), "a.py:B")
    check_relation(overrides_of(index, method), "a.py:B.m", "a.py:C.m")
    check_relation(
        subjects_of(index, symbol_of(index, f"{tests}:test_through")), "a.py:A", "a.py:A.m"
    )


def test_tests_that_reach_a_definition_come_before_those_that_only_import_its_file() -> None:
    index = index_of(parse_workspace(FAMILY).files)
    found = resolution.tests_of(index, symbol_of(index, "a.py:helper"))
    assert [(each.symbol.name, each.confidence.name) for each in found] == [
        ("test_direct", "EXACT"),
        ("test_through", "LIKELY"),
        ("test_other", "BY_NAME"),
    ]
    assert {each.symbol.name for each in resolution.tests_of(index, WorkspacePath("a.py"))} == {
        "test_direct",
        "test_through",
        "test_other",
    }


def test_a_bare_name_is_no_use_of_another_files_member_but_of_what_is_around_it() -> None:
    check_references(
        "#- a.py\nclass A:\n    size = 1\n    twice = size\n#- b.py\nfrom a import A\n"
        "def size(): ...\nsize()\nA.size\nprint(size)\n",
        "a.py:A.size",
        "a.py:3",
        "b.py:4",
    )
