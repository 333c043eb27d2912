"""What do the scripted models write? Edits of the bundled sample, right ones and others."""

from collections.abc import Sequence

from tests.e2e.stage import CLIENT
from tests.support.model_server import Answer

PRICED = {"prompt_tokens": 1000, "completion_tokens": 200}
_PLAN = """Goal: be ready for the new price list.
1. Take the commas out in orderdesk/money.py, compare without case in orderdesk/catalog.py.
"""
_EDITS = (
    (
        "orderdesk/money.py",
        '    cleaned = text.strip().removeprefix("$")\n',
        '    cleaned = text.strip().removeprefix("$").replace(",", "")\n',
    ),
    (
        "orderdesk/catalog.py",
        "        found = [p for p in self._products.values() if word in p.name]\n",
        "        wanted = word.casefold()\n"
        "        found = [p for p in self._products.values() if wanted in p.name.casefold()]\n",
    ),
)
_HARM = ("orderdesk/money.py", _EDITS[0][1], '    cleaned = text.strip("$")\n')
RIGHT_FILES = sorted(path for path, _, _ in _EDITS)


def edit_blocks(edits: Sequence[tuple[str, str, str]]) -> str:
    blocks = [
        f"### FILE {path}\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n"
        for path, old, new in edits
    ]
    return f"{''.join(blocks)}### END {len(blocks)}\n"


RIGHT = Answer(edit_blocks(_EDITS), usage=PRICED)
"""Both edits: the tests pass."""
PART = Answer(edit_blocks(_EDITS[:1]), usage=PRICED)
"""The first edit: one test more passes."""
REST = Answer(edit_blocks(_EDITS[1:]), usage=PRICED)
"""What is left after it."""
WRONG = Answer(edit_blocks([_HARM]), usage=PRICED)
"""An edit that can be applied, and does harm."""
PLAN = Answer(_PLAN, usage=PRICED)
NONSENSE = Answer("I am a teapot, short and stout.\n", usage=PRICED)


def expected_bytes(path: str) -> bytes:
    """Return a file of the sample as the right answer makes it."""
    text = (CLIENT / "sample" / path).read_text("utf-8")
    old, new = next((old, new) for edited, old, new in _EDITS if edited == path)
    return text.replace(old, new).encode()
