"""What of the files may an answer show? The same rules that hold for what models are sent.

For faces whose readers are models: a withheld file is left out whole, and it is said by which rule.
"""

import asyncio
import time
from collections.abc import Iterable

from pairwright.disclosure.policy import Policy, withheld_reason
from pairwright.errors import StaleChange
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath

_REMEMBERED_S = 5.0
"""Seconds for which a file with the same text is not looked at again: its rules may change."""
_MOST_REMEMBERED = 2_000


class Showing:
    """The rules of one workspace, for what goes out in answers."""

    def __init__(self, host: WorkspaceHost, policy: Policy) -> None:
        """Judge the files as they are now."""
        self._host = host
        self._policy = policy
        self._known: dict[tuple[WorkspacePath, str], tuple[str | None, float]] = {}
        self._lasting: dict[tuple[WorkspacePath, str], str | None] = {}
        """What the built-in rules say, which is most of the work and never changes."""

    async def withheld(self, paths: Iterable[str]) -> dict[str, str]:
        """Return which of these files no answer may show, each with the rule."""
        wanted = [WorkspacePath(path) for path in dict.fromkeys(paths)]
        documents = self._host.snapshot.documents
        now = time.monotonic()
        reasons: dict[str, str | None] = {}
        unknown = []
        for path in wanted:
            document = documents.get(path)
            known = self._known.get((path, document.digest)) if document else None
            if known is not None and now - known[1] < _REMEMBERED_S:
                reasons[path] = known[0]
            else:
                unknown.append(path)
        if unknown:
            reasons |= await asyncio.to_thread(self._look, unknown, now)
        return {path: reason for path in wanted if (reason := reasons[path]) is not None}

    def cleaned(self, text: str) -> str:
        """Return a text without what looks like a secret and what nobody sees."""
        return self._policy.cleaned(text).text

    def _look(self, paths: list[WorkspacePath], now: float) -> dict[str, str | None]:
        documents = self._host.snapshot.documents
        found: dict[str, str | None] = {}
        for memory in (self._known, self._lasting):
            if len(memory) > _MOST_REMEMBERED:
                memory.clear()
        for path in paths:
            document = documents.get(path)
            if document is None:
                found[path] = self._policy.withheld(path, "")
                continue
            try:
                text = document.read_text()
            except StaleChange:
                found[path] = "it changes at this moment: ask again"
                continue
            key = path, document.digest
            try:
                lasting = self._lasting[key]
            except KeyError:  # Asked first and then read, it might be cleared in between.
                lasting = self._lasting[key] = withheld_reason(path, text)
            reason = found[path] = lasting or self._policy.withheld_for_now(path, text)
            self._known[key] = (reason, now)
        return found
