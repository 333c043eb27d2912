"""What does a model write? Blocks, and the parser that finds them in an answer.

A block is what the model said, not yet what it means: its path is unchecked and its text may be
nowhere in the file. `matching` decides that.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SearchReplace:
    """Lines that stand for other lines; text is verbatim, each line with its line end."""

    path: str
    search: str
    """Empty in a block that creates a file."""
    replace: str
    near_line: int | None = None
    """Where the model believes the lines to be, zero-based; it breaks ties, and nothing else."""
    within: str = ""
    """The qualified name of the symbol that the lines belong to; it, too, only breaks ties."""


@dataclass(frozen=True, slots=True)
class WholeFile:
    """The whole new text of a file, verbatim."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class WholeSymbol:
    """The whole new text of one definition, decorators included, verbatim."""

    path: str
    symbol: str
    """Its qualified name in the file, such as `Class.method`."""
    text: str


@dataclass(frozen=True, slots=True)
class DeleteFile:
    """A file goes away."""

    path: str


@dataclass(frozen=True, slots=True)
class RenameFile:
    """A file goes elsewhere; other blocks that edit it still call it by its old path."""

    path: str
    new_path: str


@dataclass(frozen=True, slots=True)
class MalformedBlock:
    """A block whose frame is broken, so that nobody can tell what it means."""

    path: str
    reason: str
    """Written for the model to read."""


Block = SearchReplace | WholeFile | WholeSymbol | DeleteFile | RenameFile | MalformedBlock


class EditParser(Protocol):
    """Reads an answer piece by piece; how it was cut into pieces makes no difference."""

    def feed(self, text: str) -> tuple[Block, ...]:
        """Read the next piece; return the blocks that it finished."""
        ...

    def finish(self) -> tuple[Block, ...]:
        """Read what is left once the answer is over; return the blocks that it finished.

        Raises:
            Truncated: the end marker is missing, or counts other blocks than were found.
        """
        ...
