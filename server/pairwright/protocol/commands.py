"""Which commands can an editor pick from a menu or bind to a key? Their names, and what they take.

Light to import: the handshake names them all. A position counts its characters as the session's
encoding does, so only the face of an editor reads one.
"""

from decimal import Decimal
from typing import Literal

from pairwright.protocol.editor_messages import DiagnosedProblem
from pairwright.protocol.message import message

TaskKind = Literal["edit", "fix", "fix_all", "tests", "document", "refactor", "explain"]
"""What a task is: `edit` does what the instruction says; the others have words of their own."""

EDIT = "pairwright.edit"
"""Do what the instruction says, by the strategy of the settings."""

PLAN_AND_EDIT = "pairwright.planAndEdit"
"""The strong model plans, the weak one edits."""

EDIT_WEAK = "pairwright.editWeak"
"""The weak model edits alone."""

EDIT_STRONG = "pairwright.editStrong"
"""The strong model edits alone."""

FIX = "pairwright.fix"
"""Mend the problems that are given."""

FIX_ALL = "pairwright.fixAll"
"""Mend every problem of the kind of the one that is given; each place is judged by itself."""

WRITE_TESTS = "pairwright.writeTests"
"""Write tests of the code, in its file of tests and in no other."""

DOCUMENT = "pairwright.document"
"""Write the code's documentation."""

REFACTOR = "pairwright.refactor"
"""Do what the instruction says without changing what the code does."""

EXPLAIN = "pairwright.explain"
"""Explain the code, in Markdown; nothing is edited."""

UNDO = "pairwright.undo"
"""Take back what Pairwright wrote last; takes no arguments."""

COMMANDS = (
    *(EDIT, PLAN_AND_EDIT, EDIT_WEAK, EDIT_STRONG, FIX, FIX_ALL, WRITE_TESTS, DOCUMENT, REFACTOR),
    *(EXPLAIN, UNDO),
)
"""All of them, in the order in which they are listed."""

CODE_ACTION_KINDS = ("quickfix", "refactor.rewrite", "source.pairwright")
"""The kinds of the code actions that stand for them."""


@message
class TextPosition:
    """A place in a document, as LSP has it."""

    line: int
    character: int


@message
class SelectedRange:
    """What is selected; start and end are one where there is only a cursor."""

    start: TextPosition
    end: TextPosition


@message
class CommandArguments:
    """What a command is about: its one argument."""

    uri: str
    range: SelectedRange | None = None
    """None: the whole file."""
    instruction: str = ""
    """Empty: the comment right above the range says it, where the command needs one."""
    problems: tuple[DiagnosedProblem, ...] = ()
    """What is to be mended, of `pairwright.fix` and `pairwright.fixAll`."""
    budget_usd: Decimal | None = None
    """The cap of this task, as in `RunParams`."""
