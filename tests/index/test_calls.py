"""Who calls whom, and where do the calls stand?"""

from pairwright.index.calls import Calls, calls_from, calls_to
from pairwright.index.index import Index
from pairwright.index.resolving.meanings import Confidence
from pairwright.syntax.outline import Symbol, SymbolKind
from tests.index.analyses import analyse

TREE = """\
#- a.py
def called():
    return 1

class Holder:
    def method(self):
        value = called()
        return called() + value

called()
#- b.py
from a import called

def other():
    return called()
"""


def find(index: Index, name: str) -> Symbol:
    (found,) = index.symbols_named(name)
    return found


def shown(calls: tuple[Calls, ...]) -> dict[str, tuple[int, Confidence]]:
    return {
        each.symbol.qualified_name or each.symbol.path: (len(each.ranges), each.confidence)
        for each in calls
    }


def test_callers_are_told_with_each_place() -> None:
    index = analyse(TREE).index
    found = shown(calls_to(index, find(index, "called")))
    sure = Confidence.EXACT
    assert found == {"Holder.method": (2, sure), "a.py": (1, sure), "other": (1, sure)}


def test_what_is_called_is_told_with_each_place() -> None:
    index = analyse(TREE).index
    (called,) = calls_from(index, find(index, "method"), most=10)
    assert (called.symbol.name, len(called.ranges)) == ("called", 2)
    (called,) = calls_from(index, find(index, "method"), most=1)
    assert len(called.ranges) == 1
    assert calls_from(index, find(index, "called"), most=10) == ()


def test_code_outside_of_definitions_is_the_files() -> None:
    index = analyse(TREE).index
    kinds = {each.symbol.kind for each in calls_to(index, find(index, "called"))}
    assert SymbolKind.MODULE in kinds


def test_a_search_that_is_stopped_gives_what_it_has() -> None:
    index = analyse(TREE).index
    assert calls_to(index, find(index, "called"), should_stop=lambda: True) == ()
