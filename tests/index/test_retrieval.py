import pytest

from pairwright.index.analysis import Analysis
from pairwright.index.builder import build_index, update_index
from pairwright.index.lexical import LexicalIndex
from pairwright.index.retrieval import Part, Retrieval, lexical_of, rank, retrieve
from pairwright.workspace.documents import Change, ChangeCause
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import parse_path
from tests.index.analyses import analyse

WORKSPACE = """
#- shop/cart.py
from shop.prices import total_price
class ShoppingCart:
    def add_item(self, item): ...
    def total(self): return total_price(self)
#- shop/prices.py
# Discounts are never combined.
def total_price(cart): return 1
def unused(): ...
#- shop/mail.py
def send(message): ...
#- tests/test_cart.py
from shop.cart import ShoppingCart
def test_shopping_cart(): ShoppingCart().total()
#- docs/cart.md
# The shopping cart, the shopping cart
"""


def ask(instruction: str, focus: str | None = None, limit: int = 20) -> Retrieval:
    place = parse_path(focus) if focus else None
    return retrieve(analyse(WORKSPACE), instruction, focus=place, limit=limit)


def files(retrieval: Retrieval) -> list[str]:
    return [file.path for file in retrieval.files]


def symbols(retrieval: Retrieval) -> list[str]:
    return [each.symbol.qualified_name for each in retrieval.symbols]


@pytest.mark.parametrize(
    ("instruction", "path", "reason"),
    [
        ("why are discounts wrong", "shop/prices.py", "speaks of 'discount'"),
        ("see shop/mail.py", "shop/mail.py", "named in the instruction"),
        ("shop.mail fails", "shop/mail.py", "named in the instruction"),
        ("speed up `total_price`", "shop/prices.py", "defines total_price"),
        ("ShoppingCart loses items", "shop/cart.py", "defines ShoppingCart"),
    ],
)
def test_a_file_is_found_and_the_most_telling_reason_is_given(
    instruction: str, path: str, reason: str
) -> None:
    best = ask(instruction).files[0]
    assert (best.path, best.reason) == (path, reason)


def test_tests_and_documents_come_after_the_source_that_they_speak_of() -> None:
    found = files(ask("empty the shopping cart"))
    assert found[0] == "shop/cart.py"
    assert {"tests/test_cart.py", "docs/cart.md"} <= set(found)
    assert [file.is_test for file in ask("empty the shopping cart").files[:1]] == [False]


def test_what_a_found_file_imports_is_found() -> None:
    reasons = {file.path: file.reason for file in ask("add_item").files}
    assert reasons["shop/prices.py"] == "imported by shop/cart.py"


def test_the_focus_comes_first() -> None:
    assert files(ask("discounts", focus="shop/mail.py"))[:2] == ["shop/mail.py", "shop/prices.py"]


def test_symbols_are_ranked_with_their_files() -> None:
    found = ask("the total price of a cart")
    assert symbols(found)[0] == "total_price"
    assert "unused" not in symbols(found)[:3]
    assert all(each.symbol.path != "tests/test_cart.py" for each in found.symbols)


def test_no_more_than_the_limit_is_given() -> None:
    found = ask("the total of the shopping cart", limit=1)
    assert len(found.files) == len(found.symbols) == 1


@pytest.mark.parametrize("instruction", ["", "   ", "fix it", "\0", "zzzzzz", "…", "`" * 500])
def test_words_that_say_nothing_find_nothing(instruction: str) -> None:
    assert ask(instruction) == Retrieval((), ())


def test_a_hostile_instruction_takes_little_time() -> None:
    ask("a" * 200_000 + "x/" * 100_000)
    ask(" ".join(f"name{number}" for number in range(20_000)))


def test_each_part_can_be_left_out() -> None:
    analysis = analyse(WORKSPACE)
    index, words = analysis.index, lexical_of(analysis)
    by_mention = rank(index, words, "shop/mail.py and discounts", parts=Part.MENTIONS)
    assert files(by_mention) == ["shop/mail.py"]
    by_words = rank(index, words, "discounts", parts=Part.WORDS)
    assert files(by_words) == ["shop/prices.py"]
    assert files(rank(index, LexicalIndex(), "discounts")) == []


def test_an_edit_is_seen_and_the_words_of_other_files_are_kept() -> None:
    host = WorkspaceHost(MemoryFileSystem({"a.py": "def foo(): ...\n", "b.py": "def bar(): ...\n"}))
    snapshot = host.scan()
    first = Analysis(snapshot, build_index(snapshot))
    assert files(retrieve(first, "foo")) == ["a.py"]
    change = Change(parse_path("a.py"), "def quux(): ...\n", 1, ChangeCause.EDITOR)
    snapshot = host.apply([change])
    second = Analysis(snapshot, update_index(first.index, snapshot))
    assert files(retrieve(second, "foo")) == []
    assert files(retrieve(second, "quux bar")) == ["a.py", "b.py"]
    assert files(retrieve(first, "foo")) == ["a.py"]


def test_a_workspace_does_not_see_the_words_of_another() -> None:
    retrieve(analyse("#- a.py\ndef foo(): ...\n"), "foo")
    assert files(retrieve(analyse("#- b.py\ndef bar(): ...\n"), "foo bar")) == ["b.py"]


def test_a_file_that_changes_on_the_disk_meanwhile_is_found_by_its_names() -> None:
    system = MemoryFileSystem({"a.py": "# discount\ndef foo(): ...\n"})
    host = WorkspaceHost(system)
    snapshot = host.scan()
    analysis = Analysis(snapshot, build_index(WorkspaceHost(system).scan()))
    system.write("a.py", "x = 1\n")
    assert files(retrieve(analysis, "foo")) == ["a.py"]


def test_the_same_words_give_the_same_answer() -> None:
    assert ask("the total price of a cart") == ask("the total price of a cart")
