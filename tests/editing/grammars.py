"""Of which files do the grammar tests speak, and what do they ask of every grammar?"""

from hypothesis import strategies as st

from pairwright.editing.blocks import Block
from pairwright.editing.matching import place
from pairwright.errors import EditMismatch
from pairwright.workspace.paths import WorkspacePath
from tests.editing.gbnf import names_in, read_grammar
from tests.editing.workspaces import snapshot_of

TIMER = '''\
"""Countdowns."""

import time

class Timer:
    def tick(self):
        """One \\ second."""
        self.left -= 1

    def done(self):
        return self.left == 0

    def again(self):
        return self.left == 0
'''
HTML = "<!doctype html>\n<p>\n  =\n</p>\n<<<<<<< HEAD\n=======\n========\n>\n"
FILES = {WorkspacePath("app/timer.py"): TIMER, WorkspacePath("a b.html"): HTML}

LINES = [
    "",
    "a",
    "a",
    "    b",
    "        b",
    "\tc",
    "  ",
    "é “”",
    "\x0c",
    "\u2028",
    "\\n",
    'say "]^-"',
]
MARKS = [
    "<p>",
    "<" * 6,
    "=" * 6,
    "=======",
    "========",
    ">>>>>>> x",
    "<<<<<<< SEARCH",
    "<<<<< search",
]
lines = st.sampled_from(LINES + MARKS)
texts = st.lists(lines, max_size=8).map(lambda each: "".join(f"{line}\n" for line in each))
files = st.dictionaries(st.sampled_from(["a.py", "b c.py", "é.py"]), texts, min_size=1).map(
    lambda each: {WorkspacePath(path): text for path, text in each.items()}
)


def check_complete(grammar: str) -> None:
    rules = read_grammar(grammar)
    used = {name for node in rules.values() for name in names_in(node)} | {"root"}
    assert used - set(rules) == set()


files_to_search = files.filter(
    lambda each: any(list(text.split("\n")).count("a") == 1 for text in each.values())
)


def refusal_of(block: Block, files: dict[WorkspacePath, str]) -> str:
    """Return why a block is refused; empty when it has its place."""
    try:
        place(block, snapshot_of({str(path): text for path, text in files.items()}), None)
    except EditMismatch as mismatch:
        return mismatch.reason
    return ""
