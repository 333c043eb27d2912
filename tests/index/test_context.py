import pytest

from pairwright.index.context import ContextCandidate, select_context
from pairwright.workspace.paths import parse_path
from tests.index.analyses import analyse

WORKSPACE = """
#- shop/__init__.py
from shop.cart import Cart
#- shop/cart.py
from shop.prices import total_price
class Cart:
    def add_item(self, item): ...
    def total(self): return total_price(self)
#- shop/prices.py
from shop.tax import rate
def total_price(cart): return rate()
#- shop/tax.py
def rate(): return 1
#- shop/mail.py
def send(message): ...
def get(): ...
#- shop/orders.py
def get(): ...
#- shop/stock.py
def get(): ...
#- tests/test_cart.py
from shop import Cart
def test_total(): assert Cart().total() == 2
#- tests/test_mail.py
from shop.mail import send
def test_send(): send("x")
#- README.md
A shop.
"""


def select(
    instruction: str = "",
    focus: str | None = None,
    evidence: str = "",
    budget_tokens: int = 100_000,
    workspace: str = WORKSPACE,
) -> tuple[ContextCandidate, ...]:
    return select_context(
        analyse(workspace),
        instruction=instruction,
        focus=parse_path(focus) if focus else None,
        evidence=evidence,
        budget_tokens=budget_tokens,
    )


def paths(candidates: tuple[ContextCandidate, ...]) -> list[str]:
    return [candidate.path for candidate in candidates]


PYTEST = """
tests/test_mail.py ..                                     [ 66%]
tests/test_cart.py F                                      [100%]
=================== FAILURES ===================
    def test_total():
>       assert Cart().total() == 2
tests/test_cart.py:2:
_ _ _ _
shop/prices.py:2: in total_price
    def total_price(cart): return rate()
E       AssertionError: assert 1 == 2
FAILED tests/test_cart.py::test_total - assert 1 == 2
"""

UNITTEST = """
FAIL: test_total (tests.test_cart.CartTest.test_total)
Traceback (most recent call last):
  File "/tmp/copy-7f3/tests/test_cart.py", line 2, in test_total
    assert Cart().total() == 2
  File "/usr/lib/python3.11/unittest/case.py", line 3, in fail
AssertionError
"""


def test_the_focus_comes_first() -> None:
    candidates = select("use total_price in shop/mail.py", focus="shop/tax.py")
    assert candidates[0].path == "shop/tax.py"
    assert candidates[0].reason == "the file that was pointed at"


@pytest.mark.parametrize(
    "instruction",
    [
        "change shop/mail.py",
        "in mail.py, something is wrong",
        "see `shop/mail.py`:",
        "./shop/mail.py",
        "shop\\mail.py",
        "the module shop.mail is slow",
        "/srv/project/shop/mail.py please",
    ],
)
def test_a_file_named_in_the_instruction_is_shown(instruction: str) -> None:
    candidates = select(instruction)
    assert candidates[0].path == "shop/mail.py"
    assert candidates[0].reason == "named in the instruction"


def test_files_in_the_traceback_come_before_what_the_test_imports() -> None:
    candidates = select("make the tests pass", evidence=PYTEST)
    assert candidates[0].path == "shop/prices.py"
    assert candidates[0].reason == "in the traceback of a failing test"
    reasons = {str(candidate.path): candidate.reason for candidate in candidates}
    assert reasons["shop/cart.py"] == "defines total"
    assert reasons["tests/test_cart.py"] == "a failing test"


def test_tests_that_passed_and_what_they_use_are_not_shown() -> None:
    shown = paths(select("make the tests pass", evidence=PYTEST))
    assert "tests/test_mail.py" not in shown
    assert "shop/mail.py" not in shown


def test_what_the_imports_of_a_failing_test_import_is_shown_after_them() -> None:
    candidates = select("", evidence=UNITTEST)
    assert paths(candidates)[:2] == ["shop/cart.py", "tests/test_cart.py"]
    prices = next(each for each in candidates if each.path == "shop/prices.py")
    assert prices.reason.startswith("imported by shop/")
    assert "shop/tax.py" not in paths(candidates)


def test_a_file_of_the_machine_is_not_taken_for_one_of_the_workspace() -> None:
    evidence = 'File "/usr/lib/python3.11/case.py"\nFile "/x/site-packages/case.py"\n'
    assert paths(select("", evidence=evidence, workspace="#- case.py\nx\n#- b.py\ny\n")) == [
        "b.py",
        "case.py",
    ]


def test_scripts_in_a_stack_are_found() -> None:
    workspace = "#- src/a.ts\nf()\n#- src/a.test.ts\nimport './a'\n#- src/b.ts\ng()\n"
    evidence = "FAIL src/a.test.ts\n    at f (/tmp/c/src/a.ts:1:1)\nPASS src/b.test.ts\n"
    candidates = select("", evidence=evidence, workspace=workspace)
    assert [(each.path, each.is_test) for each in candidates] == [
        ("src/a.ts", False),
        ("src/a.test.ts", True),
    ]


@pytest.mark.parametrize(
    "instruction", ["rename total_price", "what does `rate` do", "call send() twice", "fix Cart"]
)
def test_a_file_that_defines_what_is_mentioned_is_shown(instruction: str) -> None:
    defined_in = {
        "rename total_price": "shop/prices.py",
        "what does `rate` do": "shop/tax.py",
        "call send() twice": "shop/mail.py",
        "fix Cart": "shop/cart.py",
    }
    candidates = select(instruction)
    assert candidates[0].path == defined_in[instruction]
    assert candidates[0].reason.startswith("defines ")


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    scores = {str(each.path): each.score for each in select("use `get` and `send`")}
    assert scores["shop/mail.py"] > scores["shop/orders.py"]
    assert scores["shop/orders.py"] == scores["shop/stock.py"]


def test_an_english_word_that_many_files_define_says_nothing() -> None:
    assert "shop/orders.py" not in paths(select("get the cart to work, and see rate()"))


def test_a_file_that_speaks_of_the_same_things_is_shown() -> None:
    workspace = "#- a.py\nx = 1  # retries after a timeout\n#- b.py\ny = 1  # nothing of the kind\n"
    candidates = select("wait longer before a timeout", workspace=workspace)
    assert paths(candidates) == ["a.py"]
    assert candidates[0].reason == "speaks of 'timeout'"


def test_a_document_that_speaks_of_it_comes_after_the_source() -> None:
    workspace = "#- a.md\n# Timeout timeout timeout\n#- b.py\ndef timeout(): ...\n"
    assert paths(select("a longer timeout", workspace=workspace))[0] == "b.py"


def test_what_the_focus_imports_is_shown() -> None:
    reasons = {str(each.path): each.reason for each in select("tidy up", focus="shop/cart.py")}
    assert reasons["shop/prices.py"] == "imported by shop/cart.py"


def test_with_nothing_to_go_by_source_is_shown_and_tests_are_not() -> None:
    candidates = select("make it better")
    assert "shop/orders.py" in paths(candidates)
    assert not any(candidate.is_test for candidate in candidates)
    assert "README.md" not in paths(candidates)


def test_what_does_not_fit_the_budget_is_left_out() -> None:
    workspace = f"#- big.py\n{'x = 1' * 700}\n#- small.py\ny = 1\n"
    candidates = select("big.py and small.py", workspace=workspace, budget_tokens=100)
    assert paths(candidates) == ["small.py"]
    assert select("big.py", budget_tokens=0) == ()


def test_the_sum_of_tokens_stays_within_the_budget() -> None:
    for budget_tokens in range(0, 200, 7):
        candidates = select("", evidence=PYTEST, budget_tokens=budget_tokens)
        assert sum(candidate.tokens for candidate in candidates) <= budget_tokens


def test_a_focus_or_a_path_that_is_not_there_is_passed_over() -> None:
    assert "shop/gone.py" not in paths(select("see shop/gone.py", focus="shop/lost.py"))


def test_the_same_words_give_the_same_answer() -> None:
    assert select("fix `get` and total_price", evidence=PYTEST) == select(
        "fix `get` and total_price", evidence=PYTEST
    )


def test_hostile_words_take_little_time() -> None:
    select("a" * 200_000 + " `" * 50_000, evidence="x/" * 100_000 + "\n" + "a." * 100_000)
