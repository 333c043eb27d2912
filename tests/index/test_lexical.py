import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.index.builder import indexed_file
from pairwright.index.lexical import (
    MAX_SEGMENT_FILES,
    FileText,
    LexicalHit,
    LexicalIndex,
    score_symbols,
)
from pairwright.index.words import MOST_WORDS, common_form, words_of, words_sought
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.paths import WorkspacePath, parse_path
from tests.support.workspaces import parse_workspace

WORKSPACE = """
#- shop/cart.py
class ShoppingCart:
    '''Holds what a customer is going to buy.'''
    def add_item(self, item): self.items.append(item)
#- shop/prices.py
# Discounts are never combined.
def total_price(cart): return sum(each.price for each in cart.items)
#- shop/mail.py
def send(message): raise RuntimeError("no server answered")
#- shop/empty.py
"""


def outline(path: str, text: str) -> PackedOutline:
    packed = indexed_file(parse_path(path), text).packed
    assert packed is not None
    return packed


def words(workspace: str = WORKSPACE) -> LexicalIndex:
    files = parse_workspace(workspace).files
    return LexicalIndex().with_files(
        {parse_path(path): FileText(outline(path, text), text) for path, text in files.items()}
    )


def ask(index: LexicalIndex, text: str, limit: int = 10) -> tuple[LexicalHit, ...]:
    return index.rank(words_sought(text), limit)


def paths(index: LexicalIndex, text: str) -> list[str]:
    return [hit.path for hit in ask(index, text)]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("shopping_cart", ("shop", "cart", "shoppingcart")),
        ("ShoppingCart", ("shop", "cart", "shoppingcart")),
        ("HTTPServer2", ("http", "server", "httpserver2")),
        ("is_a", ("is", "isa")),
        ("cart", ("cart",)),
        ("__", ()),
        ("größe", ("größ",)),
    ],
)
def test_a_name_is_its_parts_and_the_whole(name: str, parts: tuple[str, ...]) -> None:
    assert words_of(name) == parts


@pytest.mark.parametrize(
    "words",
    [
        ("handle", "handles", "handled", "handling"),
        ("query", "queries"),
        ("stop", "stops", "stopped", "stopping"),
        ("validate", "validates", "validation"),
        ("class", "classes"),
    ],
)
def test_forms_of_one_word_are_one(words: tuple[str, ...]) -> None:
    assert len({common_form(word) for word in words}) == 1


@pytest.mark.parametrize(("word", "other"), [("status", "stat"), ("bus", "bu"), ("red", "r")])
def test_short_words_and_false_plurals_are_left_alone(word: str, other: str) -> None:
    assert common_form(word) != common_form(other)


def test_the_words_of_requests_are_not_sought() -> None:
    assert words_sought("Fix the tests, and do not change the cart") == {"cart": 1.0}
    assert words_sought("") == {}


def test_a_word_that_is_repeated_weighs_more() -> None:
    weights = words_sought("cart, cart, mail")
    assert weights["cart"] > weights["mail"] == 1.0


def test_two_words_side_by_side_are_also_one() -> None:
    assert "shoppingcart" in words_sought("empty the shopping cart")
    assert "shoppingcart" not in words_sought("shopping for a cart")


def test_a_long_text_is_cut() -> None:
    text = " ".join(f"word{'x' * (number % 50)}{number}" for number in range(5000))
    assert len(words_sought(text)) < 4 * MOST_WORDS


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("shopping carts", "shop/cart.py"),
        ("the total of prices", "shop/prices.py"),
        ("sending", "shop/mail.py"),
        ("customers buy", "shop/cart.py"),
        ("a discount", "shop/prices.py"),
        ("when the server answers", "shop/mail.py"),
    ],
)
def test_a_file_is_found_by_names_documentation_comments_and_strings(text: str, path: str) -> None:
    assert paths(words(), text)[0] == path


def test_comments_and_strings_are_not_searched_without_the_text() -> None:
    index = LexicalIndex().with_files(
        {WorkspacePath("a.py"): FileText(outline("a.py", "# Discounts\nx = 1\n"))}
    )
    assert paths(index, "discounts") == []


def test_a_hit_says_by_which_words() -> None:
    (hit, *_) = ask(words(), "total price of nothing")
    assert hit.path == "shop/prices.py"
    assert set(hit.words) <= {"total", "price", "totalprice", "pric"}
    assert len(hit.words) >= 2


def test_a_definition_counts_more_than_a_use() -> None:
    found = paths(words("#- a.py\nrender()\nx = 1\n#- b.py\ndef render(): x\n"), "render")
    assert found == ["b.py", "a.py"]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    workspace = "#- a.py\nload()\nrare()\n" + "".join(
        f"#- b{number}.py\nload()\nother()\n" for number in range(5)
    )
    importance = words(workspace).importance(["rar", "load", "absent"])
    assert importance["rar"] > importance["load"] > importance["absent"] == 0


def test_equal_files_come_in_the_order_of_their_paths() -> None:
    assert paths(words("#- b.py\nf()\n#- a.py\nf()\n"), "f ff") == []
    assert paths(words("#- b.py\nfoo()\n#- a.py\nfoo()\n"), "foo") == ["a.py", "b.py"]


def test_no_more_than_the_limit_is_given() -> None:
    index = words("".join(f"#- a{number}.py\nfoo()\n" for number in range(30)))
    assert len(ask(index, "foo", limit=3)) == 3


def test_an_empty_index_answers() -> None:
    index = LexicalIndex()
    assert ask(index, "cart") == ()
    assert index.file_count == 0
    assert index.importance(["cart"]) == {"cart": 0.0}


def test_an_edit_replaces_the_words_of_its_file_only() -> None:
    before = words()
    mail = WorkspacePath("shop/mail.py")
    after = before.with_files({mail: FileText(outline(mail, "def post(letter): ..."))})
    assert paths(after, "send") == []
    assert paths(after, "letter") == [mail]
    assert paths(after, "customer") == ["shop/cart.py"]
    assert paths(before, "send") == [mail]


def test_a_file_that_is_gone_is_not_found() -> None:
    index = words().with_files({WorkspacePath("shop/mail.py"): None, WorkspacePath("no.py"): None})
    assert index.file_count == 3
    assert paths(index, "send") == []


def test_more_files_than_a_segment_holds_are_all_found() -> None:
    file = FileText(outline("a.py", "foo()\n"))
    count = MAX_SEGMENT_FILES + 5
    index = LexicalIndex().with_files(
        {WorkspacePath(f"a{number}.py"): file for number in range(count)}
    )
    assert index.file_count == count == len(ask(index, "foo", limit=2 * count))


_TEXTS = {
    name: outline("a.py", f"def {name}(): return {name}_value\n")
    for name in ("cart", "mail", "tax")
}
_SCRIPTS = st.lists(
    st.dictionaries(
        st.sampled_from([f"f{number}.py" for number in range(8)]),
        st.sampled_from([None, *_TEXTS]),
        min_size=1,
        max_size=4,
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(_SCRIPTS)
def test_any_sequence_of_changes_equals_a_fresh_start(
    script: list[dict[str, str | None]],
) -> None:
    index, files = LexicalIndex(), dict[WorkspacePath, FileText]()
    for step in script:
        changes = {
            WorkspacePath(path): FileText(_TEXTS[name]) if name else None
            for path, name in step.items()
        }
        index = index.with_files(changes)
        for path, file in changes.items():
            files.pop(path, None)
            if file is not None:
                files[path] = file
    fresh = LexicalIndex().with_files(files)
    for text in ("cart value", "mail", "tax cart"):
        assert [(hit.path, pytest.approx(hit.score)) for hit in ask(index, text)] == [
            (hit.path, hit.score) for hit in ask(fresh, text)
        ]


def test_a_definition_scores_by_its_name_its_surroundings_and_what_it_uses() -> None:
    text = (
        "class Cart:\n"
        "    def total(self): return tax(self)\n"
        "    def clear(self): ...\n"
        "def tax(cart): ...\n"
        "def unrelated(): ...\n"
    )
    packed = outline("a.py", text)
    names = [packed.names[name] for name in packed.symbol_column("name")]
    scores = dict(zip(names, score_symbols(packed, {"tax": 2.0, "cart": 1.0}), strict=True))
    assert scores["tax"] > scores["Cart"] > scores["clear"] > scores["unrelated"] == 0
    assert scores["total"] > scores["clear"]


def test_a_definition_scores_by_its_documentation() -> None:
    packed = outline("a.py", 'def f():\n    """Sends a letter."""\ndef g(): ...\n')
    first, second = score_symbols(packed, {"letter": 1.0})
    assert first > second == 0


def test_no_words_and_no_definitions_score_nothing() -> None:
    assert score_symbols(outline("a.py", "def f(): ...\n"), {}).tolist() == [0.0]
    assert score_symbols(outline("a.py", ""), {"f": 1.0}).tolist() == []
