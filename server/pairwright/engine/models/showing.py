"""What of the files may an answer show? The same rules that hold for what models are sent.

For faces whose readers are models: a withheld file is left out whole, and it is said by which rule.
"""

import asyncio
import math
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from pairwright.disclosure.policy import Policy, withheld_reason
from pairwright.errors import StaleChange
from pairwright.workspace.documents import Document
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath

_REMEMBERED_S = 5.0
"""Seconds for which a file with the same text is not looked at again: its rules may change."""
_MOST_REMEMBERED = 2_000
_MOST_CLEAN = 4_000
_LONGEST_CLEAN = 500
"""Characters of a piece that is remembered: with what has to be, about a megabyte together."""


class Showing:
    """The rules of one workspace, for what goes out in answers."""

    def __init__(self, host: WorkspaceHost, policy: Policy) -> None:
        """Judge the files as they are now."""
        self._host = host
        self._policy = policy
        self._known: dict[tuple[WorkspacePath, str], tuple[str | None, float]] = {}
        self._lasting: dict[tuple[WorkspacePath, str], str | None] = {}
        """What the built-in rules say, which is most of the work and never changes."""
        self._secrets: dict[tuple[WorkspacePath, str], tuple[str | None, int]] = {}
        """What the known secrets say, with the version of them."""
        self._clean: dict[str, None] = {}
        """Pieces of answers in which nothing was found, with the version of known secrets below."""
        self._clean_version = policy.redactor.version
        self._looking: tuple[Policy, float] = (policy, -math.inf)
        """Reads each ignore file once, and since when."""

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

    def are_clean(self, pieces: Iterable[str]) -> bool:
        """Tell whether `cleaned` leaves pieces of an answer as they are.

        Answers to different questions name the same definitions: what was clean is not looked at
        again until another secret is known.
        """
        version = self._policy.redactor.version
        if version != self._clean_version or len(self._clean) > _MOST_CLEAN:
            self._clean, self._clean_version = {}, version
        known = self._clean
        new = [piece for piece in pieces if piece not in known]
        # Looked at as one text: one by one they take ten times as long, and mostly none is found.
        everything = "\n\n".join(new)
        if self.cleaned(everything) != everything:
            return False
        known.update((piece, None) for piece in new if len(piece) <= _LONGEST_CLEAN)
        return True

    def _look(self, paths: list[WorkspacePath], now: float) -> dict[str, str | None]:
        documents = self._host.snapshot.documents
        found: dict[str, str | None] = {}
        policy, since = self._policy_since(now)
        for memory in (self._known, self._lasting, self._secrets):
            if len(memory) > _MOST_REMEMBERED:
                memory.clear()
        for path in paths:
            document = documents.get(path)
            if document is None:
                found[path] = self._policy.withheld(path, "")
                continue
            try:
                reason = self._reason(document, policy)
            except StaleChange:
                found[path] = "it changes at this moment: ask again"
                continue
            found[path] = reason
            self._known[path, document.digest] = (reason, since)
        return found

    def _policy_since(self, now: float) -> tuple[Policy, float]:
        """Return the policy as the ignore files were a moment ago, and when that was."""
        if now - self._looking[1] >= _REMEMBERED_S:
            # Files that are shown together lie below the same few ignore files.
            read = cache(self._policy.read_ignore_file)
            self._looking = (replace(self._policy, read_ignore_file=read), now)
        return self._looking

    def _reason(self, document: Document, policy: Policy) -> str | None:
        """Return why a file is withheld; its text is read only if something is not known of it.

        Raises:
            StaleChange: the file on the disk says something else by now, or is gone.
        """
        path = document.path
        key, version = (path, document.digest), policy.redactor.version
        try:  # Asked first and then read, they might be cleared in between.
            lasting, (secret, known_version) = self._lasting[key], self._secrets[key]
            is_known = known_version == version
        except KeyError:
            is_known = False
        if not is_known:
            text = document.read_text()
            lasting = self._lasting[key] = withheld_reason(path, text)
            secret = policy.withheld_for_secrets(path, text)
            self._secrets[key] = (secret, version)
        return lasting or secret or policy.withheld_for_names(path)
