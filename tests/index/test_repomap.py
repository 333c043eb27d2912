"""Does the map show what matters, say why, and keep to its length?"""

import math
from itertools import pairwise

import pytest

from pairwright.errors import InvalidRequest
from pairwright.index.context import CHARACTERS_A_TOKEN
from pairwright.index.index import Index
from pairwright.index.ranking import MapFocus, rank_files
from pairwright.index.repomap import MIN_MAP_TOKENS, RepositoryMap, map_of, repository_map
from pairwright.workspace.paths import WorkspacePath
from tests.index.analyses import analyse
from tests.index.graphs import index_of, with_texts

SHOP = """
#- shop/prices.py
RATE = 2
class Price:
    def __init__(self, amount):
        self.amount = amount
    def discounted(self, percent):
        return self
    def taxed(self):
        return self
def parse_price(text):
    return Price(text)
#- shop/cart.py
from shop.prices import Price, parse_price
class Cart:
    def add_line(self, text):
        self.lines.append(parse_price(text).discounted(3))
    def total_price(self):
        return Price(0).taxed()
#- shop/mail.py
def send_receipt(cart): ...
def format_receipt(cart): ...
#- shop/app.py
from shop.cart import Cart
from shop.mail import send_receipt
def main():
    cart = Cart()
    cart.add_line("3")
    send_receipt(cart)
#- README.md
# Shop
"""
APP, CART, PRICES, MAIL = map(
    WorkspacePath, ("shop/app.py", "shop/cart.py", "shop/prices.py", "shop/mail.py")
)


def check_map(
    text: str, focus: MapFocus, max_tokens: int = 1000, shown_whole: tuple[WorkspacePath, ...] = ()
) -> RepositoryMap:
    """Return a map that keeps to its length and is the same every time."""
    index = index_of(text)
    found = map_of(index, focus=focus, max_tokens=max_tokens, shown_whole=shown_whole)
    assert found.tokens == math.ceil(len(found.text) / CHARACTERS_A_TOKEN) <= max_tokens
    again = map_of(index_of(text), focus=focus, max_tokens=max_tokens, shown_whole=shown_whole)
    assert again == found
    return found


def test_a_map_reads_as_an_outline() -> None:
    found = check_map(SHOP, MapFocus(paths=(CART,), symbols=("Cart.add_line",)), 64)
    assert found.text == (
        "shop/cart.py (selected)\n"
        "  class Cart\n"
        "    def add_line(self, text)\n"
        "shop/prices.py (used by the selected file shop/cart.py through parse_price)\n"
        "  class Price\n"
        "    ⋮\n"
        "    def discounted(self, percent)\n"
        "  ⋮\n"
        "  def parse_price(text)\n"
    )


def test_everything_is_shown_where_there_is_room() -> None:
    found = check_map(SHOP, MapFocus())
    shown = {each.symbol.qualified_name for entry in found.entries for each in entry.symbols}
    assert shown >= {"Price.amount", "Price.taxed", "Cart.total_price", "format_receipt", "main"}
    assert "⋮" not in found.text
    assert "README" not in found.text


def test_symbols_stand_in_the_order_of_the_file_and_the_best_file_first() -> None:
    found = check_map(SHOP, MapFocus())
    for entry in found.entries:
        starts = [each.symbol.range.start for each in entry.symbols]
        assert starts == sorted(starts)
    assert all(one.score >= other.score for one, other in pairwise(found.entries))
    assert found.entries[0].path == PRICES


@pytest.mark.parametrize(
    ("focus", "path", "reason"),
    [
        (MapFocus(), PRICES, "used by shop/cart.py"),
        (MapFocus(), APP, "not known to be used elsewhere"),
        (MapFocus(paths=(APP,)), APP, "selected"),
        (MapFocus(open_paths=(APP,)), APP, "open in the editor"),
        (MapFocus(recent_paths=(APP,)), APP, "edited recently"),
        (
            MapFocus(paths=(APP,)),
            CART,
            "used by the selected file shop/app.py through add_line",
        ),
        (MapFocus(open_paths=(APP,)), MAIL, "used by the open file shop/app.py through"),
        (MapFocus(recent_paths=(APP,)), MAIL, "used by the recently edited file shop/app.py"),
        (MapFocus(identifiers=("taxed",)), PRICES, "defines taxed, which was mentioned"),
        (
            MapFocus(paths=(MAIL,), symbols=("send_receipt",)),
            APP,
            "uses send_receipt, which is selected",
        ),
    ],
)
def test_each_file_says_why_it_is_there(focus: MapFocus, path: WorkspacePath, reason: str) -> None:
    reasons = {entry.path: entry.reason for entry in check_map(SHOP, focus).entries}
    assert reasons[path].startswith(reason)


@pytest.mark.parametrize(
    ("focus", "name", "reason"),
    [
        (MapFocus(), "parse_price", "used by shop/cart.py"),
        (MapFocus(paths=(CART,)), "parse_price", "used by the selected file shop/cart.py"),
        (MapFocus(identifiers=("taxed",)), "Price.taxed", "mentioned"),
        (MapFocus(paths=(CART,), symbols=("Cart",)), "Cart", "selected"),
    ],
)
def test_each_definition_says_why_it_is_there(focus: MapFocus, name: str, reason: str) -> None:
    reasons = {
        each.symbol.qualified_name: each.reason
        for entry in check_map(SHOP, focus).entries
        for each in entry.symbols
    }
    assert reasons[name] == reason


def test_several_users_are_counted() -> None:
    users = "".join(f"#- u{each}.py\nfrom base import go\ngo()\n" for each in range(3))
    found = check_map(users + "#- base.py\ndef go(): ...\n", MapFocus())
    assert found.entries[0].reason == "used by 3 files"


def test_what_is_selected_uses_more_than_the_rest_of_its_file() -> None:
    def best(symbol: str) -> list[str]:
        focus = MapFocus(paths=(CART,), symbols=(symbol,))
        prices = next(entry for entry in check_map(SHOP, focus).entries if entry.path == PRICES)
        scores = {each.symbol.qualified_name: each.score for each in prices.symbols}
        return sorted(("Price.taxed", "Price.discounted"), key=lambda name: -scores[name])

    assert best("Cart.add_line")[0] == "Price.discounted"
    assert best("Cart.total_price")[0] == "Price.taxed"


def test_files_that_are_shown_whole_are_only_named_and_last() -> None:
    found = check_map(SHOP, MapFocus(paths=(CART,)), shown_whole=(CART,))
    assert found.entries[-1].path == CART
    assert found.entries[-1].symbols == ()
    assert found.text.endswith("shop/cart.py (selected; shown whole)\n")


@pytest.mark.parametrize("max_tokens", [32, 33, 50, 64, 100, 150, 200, 10_000_000])
def test_a_map_is_never_longer_than_asked(max_tokens: int) -> None:
    found = check_map(SHOP, MapFocus(identifiers=("taxed",)), max_tokens)
    assert found.text


@pytest.mark.parametrize("max_tokens", [MIN_MAP_TOKENS - 1, 1, 0, -5])
def test_too_short_a_map_is_refused(max_tokens: int) -> None:
    with pytest.raises(InvalidRequest, match=f"{max_tokens} were given"):
        map_of(index_of(SHOP), focus=MapFocus(), max_tokens=max_tokens)


@pytest.mark.parametrize(
    "focus",
    [
        MapFocus(paths=(WorkspacePath("gone.py"),), symbols=("Nothing",)),
        MapFocus(open_paths=(WorkspacePath("gone.py"),), identifiers=("nobody_has_this", "")),
        MapFocus(symbols=("Cart",)),
    ],
)
def test_an_unknown_focus_gives_the_overview(focus: MapFocus) -> None:
    assert check_map(SHOP, focus).text == check_map(SHOP, MapFocus()).text
    assert rank_files(index_of(SHOP), focus) == rank_files(index_of(SHOP), MapFocus())


def test_an_empty_index_has_an_empty_map() -> None:
    focus = MapFocus(paths=(APP,), identifiers=("x",), symbols=("y",))
    found = map_of(Index(), focus=focus, max_tokens=100, shown_whole=(APP,))
    assert found == RepositoryMap((), "", 0)
    assert rank_files(Index(), focus) == ()


def test_the_map_of_an_analysis_is_that_of_its_index() -> None:
    analysis = analyse(SHOP)
    found = repository_map(analysis, focus=MapFocus(), max_tokens=500)
    assert found == map_of(analysis.index, focus=MapFocus(), max_tokens=500)


def test_a_map_after_an_edit_is_that_of_the_new_text() -> None:
    index = index_of(SHOP)
    map_of(index, focus=MapFocus(), max_tokens=500)
    index = with_texts(index, {MAIL: "def post_letter(cart): ...\n", APP: None})
    text = map_of(index, focus=MapFocus(), max_tokens=500).text
    assert "post_letter" in text
    assert "send_receipt" not in text
    assert APP not in text


def test_ranked_files_begin_with_where_someone_is_and_what_it_needs() -> None:
    ranked = rank_files(index_of(SHOP), MapFocus(paths=(CART,)))
    assert [path for path, _ in ranked][:2] == [CART, PRICES]
    assert sum(score for _, score in ranked) == pytest.approx(1.0)


def test_equal_files_are_ranked_by_path() -> None:
    index = index_of("#- c.py\nx = 1\n#- a.py\nx = 1\n#- b.py\nx = 1\n")
    assert [path for path, _ in rank_files(index, MapFocus())] == ["a.py", "b.py", "c.py"]


def test_a_long_signature_is_cut() -> None:
    long = "def f(" + ", ".join(f"parameter_{each}" for each in range(50)) + "): ..."
    line = check_map(f"#- a.py\n{long}\n", MapFocus()).text.splitlines()[1]
    assert line.endswith("…")
    assert len(line) <= 122


def test_a_file_with_very_many_names_fits_like_any_other() -> None:
    many = "".join(f"name{each} = {each}\n" for each in range(5_000))
    found = check_map("#- a.py\nimport big\nbig.name7\n#- big.py\n" + many, MapFocus(), 200)
    assert "name7 = 7" in found.text


def test_a_name_defined_very_often_in_one_file_fits_like_any_other() -> None:
    many = "".join(f"class C{each}:\n    def go(self): ...\n" for each in range(800))
    found = check_map("#- a.py\nx.go()\n#- big.py\n" + many, MapFocus(identifiers=("go",)), 100)
    assert "def go(self)" in found.text
