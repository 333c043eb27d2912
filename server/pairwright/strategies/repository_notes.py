"""What should a newcomer know of the repository? Written once by the strong model, then kept.

Repo Summary and Repo Level QA Pairs of arXiv 2505.20182: made from the folders and the README,
shown to the weak model before the task. A note is kept by the digest of what it was made from and
of who wrote it, and made anew when that has changed.
"""

import asyncio
import hashlib
from pathlib import PurePosixPath

from pairwright.disclosure.policy import Withheld, withheld_reason
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Note, StepStarted
from pairwright.strategies.prompting import plain_request
from pairwright.strategies.quoting import quoted
from pairwright.text.ranges import split_lines
from pairwright.workspace.snapshot import Snapshot

README_CHARACTERS = 4_000
MOST_FOLDERS = 300
NOTE_TOKENS = 1_200


async def repository_note(attempts: Attempts, kind: str) -> tuple[Note, ...]:
    """Return a note of a kind, which is also its prompt's name; none when nothing is to be said.

    Raises:
        BudgetExceeded: it is not known yet, and the call does not fit under a cap.
        ModelError: it is not known yet, and no answer came.
    """
    ctx = attempts.ctx
    overview = await asyncio.to_thread(
        repository_overview, ctx.analysis.snapshot, withheld=ctx.withheld
    )
    rules = ctx.wording.text(kind)
    made_of = "\0".join([ctx.strong.name, rules, overview]).encode("utf-8", "replace")
    key = f"{kind}-{hashlib.sha256(made_of).hexdigest()[:32]}"
    text = ctx.memory.recall(key)
    if text is None:
        await attempts.emit(StepStarted(kind, ctx.strong.tier))
        request = plain_request(rules, overview, max_output_tokens=NOTE_TOKENS)
        text = (await ctx.strong.complete(request, step=kind)).text.strip()
        if text:
            ctx.memory.remember(key, text)
    return (Note(kind, text),) if text else ()


def repository_overview(snapshot: Snapshot, *, withheld: Withheld = withheld_reason) -> str:
    """Return the folders of a workspace and the beginning of its README."""
    folders = sorted(
        {
            str(parent)
            for path in snapshot.documents
            for parent in PurePosixPath(path).parents
            if str(parent) != "." and not any(part.startswith(".") for part in parent.parts)
        }
    )
    # Of too many, the upper levels say most.
    folders = sorted(folders, key=lambda folder: folder.count("/"))[:MOST_FOLDERS]
    readme = next(
        (
            document.text
            for path, document in sorted(snapshot.documents.items())
            if "/" not in path
            and path.lower().startswith("readme")
            and withheld(path, document.text) is None
        ),
        "",
    )
    beginning = "".join(split_lines(readme))[:README_CHARACTERS]
    listed = "\n".join(sorted(folders))
    return (
        f"Folders:\n{listed or '(none)'}\n\nREADME:\n{quoted(beginning) if beginning else '(none)'}"
    )
