from pairwright.journal.entries import JournalEntry
from pairwright.journal.history import (
    EntryState,
    Standing,
    changes_behind,
    is_undo,
    latest_change,
    latest_undo,
    standings_of,
    states_of,
)
from pairwright.journal.hunks import hunks_of
from tests.journal.entries_in_memory import Kept, entry_of

OLD = b"one\ntwo\nthree\nfour\nfive\n"
NEW = b"ONE\ntwo\nthree\nfour\nFIVE\n"
KEPT = Kept()


def entry(
    entry_id: str,
    *,
    reverts: str = "",
    hunks: tuple[str, ...] | None = None,
    is_pruned: bool = False,
) -> JournalEntry:
    return entry_of(
        {"a.py": (OLD, NEW)},
        entry_id=entry_id,
        reverts=tuple(reverts.split()),
        hunks=hunks,
        is_pruned=is_pruned,
        kept=KEPT,
    )[0]


def check_states(*entries: JournalEntry) -> list[str]:
    return [str(state) for state in states_of(entries, KEPT).values()]


def ids_of(change: JournalEntry) -> list[str]:
    return [hunk.hunk_id for hunk in hunks_of(change, KEPT)]


def test_a_change_stands_until_it_is_taken_back_and_again_after_a_redo() -> None:
    change, undo, redo = entry("1"), entry("2", reverts="1"), entry("3", reverts="2")
    again = entry("4", reverts="1")
    assert check_states(change) == ["standing"]
    assert check_states(change, undo) == ["undone", "standing"]
    assert check_states(change, undo, redo) == ["standing", "undone", "standing"]
    assert check_states(change, undo, redo, again)[0] == "undone"


def test_a_change_of_which_some_hunks_are_taken_back_is_partly_undone() -> None:
    change = entry("1")
    first, second = ids_of(change)
    one = entry("2", reverts="1", hunks=(first,))
    other = entry("3", reverts="1", hunks=(second,))
    assert check_states(change, one)[0] == "partly_undone"
    assert check_states(change, one, other)[0] == "undone"
    assert check_states(change, one, entry("4", reverts="2"))[0] == "standing"


def test_an_undo_that_is_partly_taken_back_leaves_a_change_partly_undone() -> None:
    change, undo = entry("1"), entry("2", reverts="1")
    redo = entry("3", reverts="2", hunks=(ids_of(undo)[0],))
    assert check_states(change, undo, redo) == ["partly_undone", "partly_undone", "standing"]


def test_a_pruned_change_says_so_while_it_stands() -> None:
    assert check_states(entry("1", is_pruned=True)) == ["pruned"]
    assert check_states(entry("1", is_pruned=True), entry("2", reverts="1"))[0] == "undone"


def test_a_change_whose_content_is_lost_is_never_called_undone_for_some_hunks() -> None:
    change = entry("1")
    first, second = ids_of(change)
    undos = [entry("2", reverts="1", hunks=(first, second))]
    assert states_of([change, *undos], Kept())["1"] is EntryState.PARTLY_UNDONE


def test_undo_means_the_last_change_that_stands() -> None:
    one, two = entry("1"), entry("2")
    assert latest_change([], KEPT) is None
    assert latest_change([one, two], KEPT) is two
    assert latest_change([one, two, entry("3", reverts="2")], KEPT) is one
    undo, redo = entry("3", reverts="2"), entry("4", reverts="3")
    assert latest_change([one, two, undo, redo], KEPT) is two
    assert latest_change([entry("1", is_pruned=True)], KEPT) is None


def test_redo_means_the_last_undo_unless_a_change_came_after_it() -> None:
    one, two = entry("1"), entry("2")
    undo_two, undo_one = entry("3", reverts="2"), entry("4", reverts="1")
    assert latest_undo([one], KEPT) is None
    assert latest_undo([one, two, undo_two, undo_one], KEPT) is undo_one
    redo = entry("5", reverts="4")
    assert latest_undo([one, two, undo_two, undo_one, redo], KEPT) is undo_two
    assert latest_undo([one, two, undo_two, entry("5")], KEPT) is None
    assert latest_undo([one, entry("2", reverts="1"), entry("3", reverts="2")], KEPT) is None


def test_an_undo_of_several_changes_counts_for_each_of_them() -> None:
    one, two = entry("1"), entry("2")
    undo = entry("3", reverts="2 1")
    assert check_states(one, two, undo) == ["undone", "undone", "standing"]
    redo = entry("4", reverts="3")
    assert check_states(one, two, undo, redo) == ["standing", "standing", "undone", "standing"]
    assert latest_change([one, two, undo], KEPT) is None
    assert latest_undo([one, two, undo], KEPT) is undo
    assert latest_undo([one, two, undo, redo], KEPT) is None
    assert changes_behind(redo, [one, two, undo, redo]) == (two, one)
    assert [is_undo(each, [one, two, undo, redo]) for each in (two, undo, redo)] == [0, 1, 0]


def test_an_undo_of_parts_of_several_changes_says_so_of_each() -> None:
    one, two = entry("1"), entry("2")
    first, _ = ids_of(one)
    undo = entry("3", reverts="2 1", hunks=(*ids_of(two), first))
    standings = standings_of([one, two, undo], KEPT)
    assert standings["1"] == Standing(EntryState.PARTLY_UNDONE, frozenset({first}))
    assert standings["2"] == Standing(EntryState.UNDONE, None)


def test_a_hunk_that_was_brought_back_alone_stands_and_can_be_taken_back_again() -> None:
    change = entry("1")
    first, second = ids_of(change)
    undo, _ = entry_of({"a.py": (NEW, OLD)}, entry_id="2", reverts=("1",), kept=KEPT)
    redo = entry("3", reverts="2", hunks=(ids_of(undo)[0],))
    standings = standings_of([change, undo, redo], KEPT)
    assert standings["1"] == Standing(EntryState.PARTLY_UNDONE, frozenset({second}))
    again = entry("4", reverts="1", hunks=(first,))
    assert check_states(change, undo, redo, again)[0] == "undone"
    rest = entry("4", reverts="2", hunks=(ids_of(undo)[1],))
    assert check_states(change, undo, redo, rest)[:2] == ["standing", "undone"]
