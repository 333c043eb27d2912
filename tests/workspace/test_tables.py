import pytest

from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.tables import Layered, Table

A, B, C, D = (parse_path(f"{name}.py") for name in "abcd")


def test_a_table_is_copied_when_it_is_written_to() -> None:
    shared = {A: 1, B: 2}
    table = Table(shared)
    assert table.rows is shared
    table.put(C, 3)
    assert table.drop(A)
    assert not table.drop(D)
    assert table.rows == {B: 2, C: 3}
    assert shared == {A: 1, B: 2}
    assert (table.get(A), table.get(C)) == (None, 3)


def test_forgetting_what_is_not_known_copies_nothing() -> None:
    shared = {A: 1}
    table = Table(shared)
    table.drop(B)
    assert table.rows is shared


def layered() -> Layered[int]:
    return Layered({D: 40, B: 20}, {A: 1, B: 2, C: 3})


def test_the_upper_table_covers_the_lower_in_the_lowers_order() -> None:
    expected = {A: 1, B: 20, C: 3, D: 40}
    table = layered()
    assert list(table) == list(expected)
    assert list(table.items()) == list(expected.items())
    assert list(table.values()) == list(expected.values())
    assert len(table) == len(table.items()) == len(table.values()) == 4
    assert table == expected
    assert dict(table) == expected


def test_a_layered_table_answers_like_a_mapping() -> None:
    table = layered()
    assert (table[B], table.get(C), table.get(parse_path("x.py"))) == (20, 3, None)
    assert A in table
    assert D in table
    assert "x.py" not in table
    assert (A, 1) in table.items()
    assert 20 in table.values()
    assert 2 not in table.values()
    with pytest.raises(KeyError):
        table[WorkspacePath("x.py")]
