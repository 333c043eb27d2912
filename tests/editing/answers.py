"""Which answers do models give? Valid ones of several files, in every mixture of blocks."""

import random
from collections.abc import Callable, Iterator

from pairwright.editing.blocks import (
    Block,
    DeleteFile,
    RenameFile,
    SearchReplace,
    WholeFile,
    WholeSymbol,
)

PATHS = ("src/app.py", "docs/with space.md", "café/größe.rs", "a.ts", "deep/er/and/deeper/b.go")
TEXTS = (
    "def total(items):\n    return sum(item.price for item in items)\n",
    "# Überschrift\n\n```python\nprint('“quoted” – dash')\n```\n\n### END 1\n### FILE x\n",
    "fn größe(&self) -> usize {\n    self.0.len() // 漢字 🎉\n}\n",
    "<<<<<<< HEAD\nours\n||||||| base\n>>>>>>> theirs\n",
    "select 1;\n-- a comment\n\t\tindented\n   \n\nlast line of it\n",
)
PROSE = (
    "Sure, I will change it.\n\n",
    "```\n",
    "Now the next file (see `### END` below):\n",
    "1. first\n2. second\n> quoted\n",
    "",
)


def valid_answers(count: int = 50) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Yield answers, each with the blocks that it holds."""
    for seed in range(count):
        choice = random.Random(seed)
        written, blocks = zip(
            *(choice.choice(_WRITERS)(choice) for _ in range(choice.randint(5, 9))), strict=True
        )
        parts = [choice.choice(PROSE) + each for each in written]
        answer = "".join([*parts, f"### END {len(blocks)}", choice.choice(["", "\n", "\n```\n"])])
        if seed % 5 == 0:
            answer = "\ufeff" + answer
        found = tuple(block for each in blocks for block in each)
        if seed % 4 == 0:
            yield answer.replace("\n", "\r\n"), tuple(map(_with_carriage_returns, found))
        else:
            yield answer, found


def _search_replace(choice: random.Random) -> tuple[str, tuple[Block, ...]]:
    path, search, replacement = choice.choice(PATHS), choice.choice(TEXTS), choice.choice(TEXTS)
    near_line = choice.choice([None, 11])
    hint = "### AT 12\n" if near_line else ""
    answer = (
        f"### FILE {path}\n{hint}<<<<<<< SEARCH\n{search}=======\n{replacement}>>>>>>> REPLACE\n"
    )
    return answer, (SearchReplace(path, search, replacement, near_line),)


def _whole_file(choice: random.Random) -> tuple[str, tuple[Block, ...]]:
    path, text = choice.choice(PATHS), choice.choice(TEXTS) + "=======\n" + choice.choice(TEXTS)
    return f"### FILE {path}\n<<<<<<< WHOLE\n{text}>>>>>>> WHOLE\n", (WholeFile(path, text),)


def _whole_symbol(choice: random.Random) -> tuple[str, tuple[Block, ...]]:
    path, text = choice.choice(PATHS), choice.choice(TEXTS)
    answer = f"### FILE `{path}`\n<<<<<<< SYMBOL Größe.total\n{text}>>>>>>> SYMBOL\n"
    return answer, (WholeSymbol(path, "Größe.total", text),)


def _diff(choice: random.Random) -> tuple[str, tuple[Block, ...]]:
    path, old, new = choice.choice(PATHS), choice.choice(TEXTS), choice.choice(TEXTS)
    removed = "".join(f"-{line}\n" for line in old.split("\n")[:-1])
    added = "".join(f"+{line}\n" for line in new.split("\n")[:-1])
    hunks = f"@@ -4,9 +4,9 @@\n{removed}{added}@@ @@\n kept\n+added\n"
    blocks = (SearchReplace(path, old, new, 3), SearchReplace(path, "kept\n", "kept\nadded\n"))
    return f"### FILE {path}\n<<<<<<< DIFF\n{hunks}>>>>>>> DIFF\n", blocks


def _delete(choice: random.Random) -> tuple[str, tuple[Block, ...]]:
    path = choice.choice(PATHS)
    return f"### DELETE {path}\n", (DeleteFile(path),)


def _rename(choice: random.Random) -> tuple[str, tuple[Block, ...]]:
    path, new_path = choice.choice(PATHS), f"new/{choice.choice(PATHS)}"
    return f"### RENAME {path}\n### TO {new_path}\n", (RenameFile(path, new_path),)


_WRITERS: tuple[Callable[[random.Random], tuple[str, tuple[Block, ...]]], ...] = (
    _search_replace,
    _search_replace,
    _whole_file,
    _whole_symbol,
    _diff,
    _delete,
    _rename,
)


def _with_carriage_returns(block: Block) -> Block:
    def crlf(text: str) -> str:
        return text.replace("\n", "\r\n")

    match block:
        case SearchReplace(path, search, replacement, near_line, within):
            return SearchReplace(path, crlf(search), crlf(replacement), near_line, within)
        case WholeFile(path, text):
            return WholeFile(path, crlf(text))
        case WholeSymbol(path, symbol, text):
            return WholeSymbol(path, symbol, crlf(text))
        case _:
            return block
