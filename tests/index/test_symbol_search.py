from random import Random

import pytest

from pairwright.index.builder import index_of, indexed_file
from pairwright.index.index import Index
from pairwright.workspace.paths import WorkspacePath


def index_of_names(names: str) -> Index:
    return index_of({"a.py": "".join(f"def {name}(): ...\n" for name in names.split())})


def check_found(names: str, query: str, expected: str) -> None:
    """Check which of some functions a query finds, in this order."""
    hits = index_of_names(names).search_symbols(query, 10)
    assert [hit.symbol.name for hit in hits] == expected.split()


@pytest.mark.parametrize(
    ("names", "query", "expected"),
    [
        ("get_by_name other", "gbn", "get_by_name"),
        ("get_by_name other", "getByNm", "get_by_name"),
        ("http_server httpd", "HTTPServer", "http_server"),
        ("HTTPServer", "http_server", "HTTPServer"),
        ("parseHTTPResponse", "phr", "parseHTTPResponse"),
        ("utf8_decode", "utf8", "utf8_decode"),
        ("push unpush", "push", "push unpush"),
        ("pushed_last push_all push", "push", "push push_all pushed_last"),
        ("a_push xpush", "push", "a_push xpush"),
        ("push_up pay_user x_pu p_x_u", "pu", "push_up pay_user x_pu p_x_u"),
        ("abc acb", "abc", "abc"),
        ("abc", "abcd", ""),
        ("abc", "cba", ""),
        ("_", "_", "_"),
        ("Push push", "push", "push Push"),
        ("Push push", "Push", "Push push"),
        ("straße", "STRASSE", "straße"),
        ("handle_events handle_evening", "handleeventsx", ""),
        ("handle_events handle_evening", "handle_eveni", "handle_evening"),
        ("handle_events handle_evening", "handleeve", "handle_events handle_evening"),
        ("unpush_push unpushpush_", "push", "unpush_push unpushpush_"),
        ("a_b_c_d_e_f_g_h_i_j a_b_c_d_e_f_g_h_i_k", "abcdefghij", "a_b_c_d_e_f_g_h_i_j"),
        ("xa ya", "a", "xa ya"),
        ("zażółć", "żół", "zażółć"),
    ],
)
def test_names_are_found_by_what_people_type(names: str, query: str, expected: str) -> None:
    check_found(names, query, expected)


@pytest.mark.parametrize(
    "query", ["", ".", "::", "\0", "\n", "a\nb", "$^(", "x" * 10_000, "\udc80", "." * 500, " "]
)
def test_a_query_that_says_nothing_finds_nothing(query: str) -> None:
    assert index_of_names("push pop").search_symbols(query) == ()


@pytest.mark.parametrize("limit", [-1, 0])
def test_no_more_than_the_limit_is_found(limit: int) -> None:
    index = index_of_names("push_a push_b push_c")
    assert index.search_symbols("push", limit) == ()
    assert len(index.search_symbols("push", 2)) == 2


WORKSPACE = {
    "shop/stack.py": "class Stack:\n    def push(self): ...\n    def pop(self): ...\n",
    "shop/queue.py": (
        "class Queue:\n    class Entry:\n        def push(self): ...\n    def push(self): ...\n"
    ),
    "shop/free.py": "def push(): ...\n",
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Stack.pu", ["Stack.push"]),
        ("stack.push", ["Stack.push"]),
        ("Stack::push", ["Stack.push"]),
        ("Stack.", ["Stack.push", "Stack.pop"]),
        ("queue.push", ["Queue.push", "Queue.Entry.push"]),
        ("Queue.Entry.push", ["Queue.Entry.push"]),
        ("free.push", ["push"]),
        ("shop.stack.push", ["Stack.push"]),
        ("shop.Queue.push", ["Queue.push", "Queue.Entry.push"]),
        ("stack.shop.push", []),
        ("Heap.push", []),
        ("Heap.", []),
    ],
)
def test_a_dotted_query_says_what_is_around(query: str, expected: list[str]) -> None:
    hits = index_of(WORKSPACE).search_symbols(query)
    assert [hit.symbol.qualified_name for hit in hits] == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.go", "package a\ntype Stack struct{}\nfunc (s *Stack) Push() {}\nfunc Push() {}\n"),
        ("a.rs", "struct Stack;\nimpl Stack { fn push(&self) {} }\nfn push() {}\n"),
    ],
)
def test_a_method_outside_of_its_type_is_found_in_it(path: str, text: str) -> None:
    hits = index_of({path: text}).search_symbols("Stack.pu")
    assert [hit.symbol.qualified_name.lower() for hit in hits] == ["stack.push"]


def test_classes_and_functions_come_before_variables() -> None:
    index = index_of({"a.py": "stack = 1\n", "b.py": "class stack: ...\n"})
    assert [hit.symbol.path for hit in index.search_symbols("stack")] == ["b.py", "a.py"]


def test_tests_come_after_what_is_no_test() -> None:
    index = index_of({"a/tests/x.py": "def push(): ...\n", "b/x.py": "def push(): ...\n"})
    assert [hit.symbol.path for hit in index.search_symbols("push")] == ["b/x.py", "a/tests/x.py"]


def test_scores_fall_and_equal_ones_are_in_the_order_of_paths() -> None:
    index = index_of({f"{name}.py": "def push(): ...\npushed = 1\n" for name in "cab"})
    hits = index.search_symbols("push", 5)
    assert [hit.symbol.path for hit in hits] == ["a.py", "b.py", "c.py", "a.py", "b.py"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_what_is_gone_is_not_found_and_does_not_count() -> None:
    path = WorkspacePath("a.py")
    index = index_of({"a.py": "def push_a(): ...\n", "b.py": "def x_push(): ...\n"})
    index = index.with_files({path: indexed_file(path, "def other(): ...\n")})
    assert [hit.symbol.name for hit in index.search_symbols("push", 1)] == ["x_push"]
    assert [hit.symbol.name for hit in index.search_symbols("other", 1)] == ["other"]


def test_a_definition_is_found_in_each_of_many_layers() -> None:
    index = index_of_names("push")
    for number in range(300):
        path = WorkspacePath(f"b{number}.py")
        index = index.with_files({path: indexed_file(path, "class push: ...\n")})
    gone = WorkspacePath("b7.py")
    index = index.with_files({gone: None})
    paths = [hit.symbol.path for hit in index.search_symbols("push", 400)]
    assert len(index.layers) > 1
    assert sorted(paths) == sorted(set(paths))
    assert len(paths) == 300
    assert gone not in paths


def test_names_that_came_later_and_are_no_definitions_do_not_disturb() -> None:
    index = index_of_names("push pop")
    path = WorkspacePath("b.py")
    later = index.with_files({path: indexed_file(path, "push(pot, pit)\ndef pet(): ...\n")})
    assert [hit.symbol.name for hit in index.search_symbols("pt")] == []
    assert [hit.symbol.name for hit in later.search_symbols("pt")] == ["pet"]
    assert index.search_symbols("pot") == later.search_symbols("pot") == ()


def test_many_names_are_searched_in_the_same_way() -> None:
    names = " ".join(f"handle_event_{number}" for number in range(5000))
    index = index_of_names(f"{names} zebra")
    assert index.search_symbols("zbr")[0].symbol.name == "zebra"
    assert index.search_symbols("he4999")[0].symbol.name == "handle_event_4999"
    assert len(index.search_symbols("handle", 7)) == 7


def scored(name: str, query: str) -> float:
    """Return the points of a function's name in snake case, letter by letter."""
    words = name.split("_")
    letters, initials = "".join(words), "".join(word[:1] for word in words)
    starts = {sum(map(len, words[:number])) for number in range(len(words))}
    share = 100 * len(query)
    if letters.startswith(query):
        return (1000 if letters == query else 800) + share / len(letters)
    if initials.startswith(query):
        return 600 + share / len(initials)
    places = [at for at in range(len(letters)) if letters.startswith(query, at)]
    if places:
        return 400 + 30 * (not starts.isdisjoint(places)) + share / len(letters)
    at = 0
    for letter in query:
        at = letters.find(letter, at, 48) + 1
        if not at:
            return 0
    good, at = 0, 0
    for number, letter in enumerate(query):
        found = [each for each in range(at, min(len(letters), 48)) if letters[each] == letter]
        best = [each for each in found if each in starts or (number and each == at)]
        good += bool(best)
        if not found:
            break
        at = (best or found)[0] + 1
    return 200 + 30 * good / len(query) + share / len(letters)


@pytest.mark.parametrize("longest", [3, 7, 12])
def test_names_have_the_points_that_a_look_at_each_letter_gives(longest: int) -> None:
    random = Random(longest)
    words = ["".join(random.choices("abcd", k=random.randint(1, longest))) for _ in range(60)]
    names = sorted({"_".join(random.choices(words, k=random.randint(1, 5))) for _ in range(400)})
    index = index_of_names(" ".join(names))
    for _ in range(150):
        name = random.choice(names).replace("_", "")
        start, count = random.randrange(len(name)), random.randint(1, 12)
        query = name[start : start + count]
        if random.random() < 0.5:
            query = "".join(each for each in query if random.random() < 0.7) or query
        points = {each: scored(each, query) for each in names}
        expected = {each: found + 35 + 20 * (each == query) for each, found in points.items()}
        hits = index.search_symbols(query, len(names))
        assert {hit.symbol.name: hit.score for hit in hits} == pytest.approx(
            {each: expected[each] for each, found in points.items() if found}
        ), query
        few = index.search_symbols(query, 5)
        assert [hit.score for hit in few] == [hit.score for hit in hits[:5]]
