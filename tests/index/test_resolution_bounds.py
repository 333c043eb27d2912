import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pairwright.index.builder import index_of
from pairwright.index.resolution import (
    Confidence,
    callers_of,
    overrides_of,
    references_to,
    subclasses_of,
    targets_of_file,
)
from pairwright.index.resolution import tests_of as reaching_tests
from pairwright.index.resolving.bounds import MAX_STEPS_OF_USE, USES_BETWEEN_CHECKS
from pairwright.index.resolving.names import FileNamesCache
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


def ends_in_time(ask: Callable[[], object]) -> bool:
    """Tell whether a question is answered; one that is not goes on in a thread of its own."""
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(5)
    return not asking.is_alive()


def test_types_of_types_are_followed_once_each() -> None:
    everything = " | ".join(f"f{number}" for number in range(8))
    text = "".join(f"def f{number}() -> {everything}: ...\n" for number in range(8))
    index = index_of({"a.py": f"{text}f0().g()\n"})
    assert ends_in_time(lambda: targets_of_file(index, WorkspacePath("a.py")))


def test_classes_inside_of_bases_are_followed_to_a_bounded_depth() -> None:
    lines = [f"class A{number}(A{number + 1}.B): ...\n" for number in range(1000)]
    text = "".join(lines) + "class A1000:\n    class B:\n        def m(self): ...\nA0().m()\n"
    index = index_of({"a.py": text})
    found = targets_of_file(index, WorkspacePath("a.py"))
    assert [each.confidence for each in found[-1]] == [Confidence.BY_NAME]


def test_a_use_that_leads_too_far_is_unknown_and_others_are_found() -> None:
    inner, outer = range(600), range(600, 4801)
    branches = [
        f"def f{number}() -> {' | '.join(f'f{8 * number + each}' for each in range(1, 9))}: ...\n"
        for number in inner
    ]
    leaves = [f"def f{number}() -> A: ...\n" for number in outer]
    text = "class A:\n    def m(self): ...\n" + "".join([*branches, *leaves])
    assert len(inner) + len(outer) > MAX_STEPS_OF_USE
    index = index_of({"a.py": text, "b.py": "from a import *\nf0().m()\nf300().m()\n"})
    found = references_to(index, symbol_of(index, "a.py:A.m"))
    assert [each.confidence for each in found] == [Confidence.BY_NAME, Confidence.LIKELY]


def asked(times: int) -> Callable[[], bool]:
    """Return who waits for an answer until this was asked so often."""
    answers = itertools.repeat(False, times)
    return lambda: next(answers, True)


def test_a_question_that_nobody_waits_for_stops_with_what_it_has() -> None:
    files = {f"m{number}.py": "from z import g\ng()\n" for number in range(9)}
    index = index_of({**files, "z.py": "def g(): ...\n"})
    definition = symbol_of(index, "z.py:g")
    found = references_to(index, definition, should_stop=asked(5))
    assert 0 < len({each.reference.path for each in found}) < 9
    assert references_to(index, definition, should_stop=asked(0)) == ()
    assert len(references_to(index, definition)) == 18


def test_a_long_file_is_left_in_its_midst_when_nobody_waits() -> None:
    uses = "".join(f"def f{number}(): g()\n" for number in range(10 * USES_BETWEEN_CHECKS))
    index = index_of({"a.py": f"from z import g\n{uses}", "z.py": "def g(): ...\n"})
    found = references_to(index, symbol_of(index, "z.py:g"), should_stop=asked(3))
    assert 0 < len(found) <= 3 * USES_BETWEEN_CHECKS


def test_relatives_are_not_followed_when_nobody_waits() -> None:
    index = index_of(
        {
            "a.py": "class A:\n    def m(self): ...\nclass B(A):\n    def m(self): ...\n",
            "test_a.py": "from a import A\ndef test_m(): A().m()\n",
        }
    )
    member, holder = symbol_of(index, "a.py:A.m"), symbol_of(index, "a.py:A")
    assert overrides_of(index, member)
    assert overrides_of(index, member, should_stop=asked(0)) == ()
    assert callers_of(index, member)
    assert callers_of(index, member, should_stop=asked(0)) == ()
    assert subclasses_of(index, holder)
    assert subclasses_of(index, holder, should_stop=asked(0)) == ()
    sure = [each.confidence for each in reaching_tests(index, member)]
    guessed = [each.confidence for each in reaching_tests(index, member, should_stop=asked(0))]
    assert (sure, guessed) == ([Confidence.LIKELY], [Confidence.BY_NAME])


def test_threads_share_what_is_known_and_find_the_same() -> None:
    files = {
        f"m{number}.py": f"from m{number + 1} import A\nclass B{number}(A): ...\nA().m()\n"
        for number in range(30)
    }
    files["m30.py"] = "class A:\n    def m(self): ...\n"
    index = index_of(files)
    alone = references_to(index_of(files), symbol_of(index, "m30.py:A.m"))
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda _: references_to(index, symbol_of(index, "m30.py:A.m")), range(16))
        )
    assert len(alone) > 1
    assert found == [alone] * 16


def test_what_was_known_of_an_index_is_not_said_of_the_next() -> None:
    path = WorkspacePath("b.py")
    first = index_of({"a.py": "from b import g\ng()\n", "b.py": "def g(): ...\n"})
    assert names(targets_of_file(first, WorkspacePath("a.py"))[-1]) == ["b.py:g"]
    second = first.with_files({path: index_of({"b.py": "def h(): ...\n"}).files[path]})
    assert targets_of_file(second, WorkspacePath("a.py"))[-1] == ()
    assert names(targets_of_file(first, WorkspacePath("a.py"))[-1]) == ["b.py:g"]


def test_the_names_of_files_are_kept_up_to_a_size() -> None:
    text = "".join(f"def a_rather_long_name_{number}(): ...\n" for number in range(2000))
    index = index_of({f"m{number}.py": f"{text}x{number} = 1\n" for number in range(4)})
    size = len(packed.content) if (packed := index.packed[WorkspacePath("m0.py")]) else 0
    cache = FileNamesCache(max_bytes=2 * size + size // 2)
    first = [cache.get(index, f"m{number}.py") for number in range(4)]
    again = [cache.get(index, f"m{number}.py") for number in (3, 2, 1)]
    assert [each is known for each, known in zip(again, first[:0:-1], strict=True)] == [
        True,
        True,
        False,
    ]
