from pairwright.journal.entries import JournalEntry
from pairwright.journal.history import EntryState, latest_change, latest_undo, states_of
from pairwright.journal.hunks import hunks_of
from tests.journal.entries_in_memory import Kept, entry_of

OLD = b"one\ntwo\nthree\nfour\nfive\n"
NEW = b"ONE\ntwo\nthree\nfour\nFIVE\n"
KEPT = Kept()


def entry(
    entry_id: str,
    *,
    reverts: str | None = None,
    hunks: tuple[str, ...] | None = None,
    is_pruned: bool = False,
) -> JournalEntry:
    return entry_of(
        {"a.py": (OLD, NEW)},
        entry_id=entry_id,
        reverts=reverts,
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
