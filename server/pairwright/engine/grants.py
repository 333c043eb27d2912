"""What may an assistant do beyond reading? Scopes that a person grants it once, by its name.

They are remembered in the state directory, where no workspace file can write them. The name is what
the client says of itself: a grant keeps assistants apart, and is no wall against a hostile program
of the same user.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from pairwright.errors import InvalidRequest, NeedsGrant, UserError
from pairwright.feedback.notes import Notebook
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.grant_messages import Grant, GrantsParams, GrantsResult, Scope
from pairwright.protocol.terminal import visible

AskPerson = Callable[[str, tuple[str, ...]], Awaitable[str | None]]
"""Asks a person, who picks one of the answers; None when nobody picked one."""

SCOPES: tuple[Scope, ...] = ("spend", "write")
MOST_CLIENTS = 100
MOST_NAME = 100
ALLOW, REFUSE = "Allow", "Refuse"
_NOTE = "grants"
_MEANINGS: dict[Scope, str] = {
    "spend": "spend money on models, within your budget",
    "write": "write files and take its changes back without asking you",
}
_log = logging.getLogger(__name__)


class Grants:
    """The scopes of one workspace's clients."""

    def __init__(self, state_dir: Path) -> None:
        """Remember them below a state directory; read when they are first needed."""
        self._notebook = Notebook(state_dir / "grants", most=1)
        self._scopes: dict[str, frozenset[Scope]] | None = None
        self._askers: dict[object, AskPerson] = {}
        self._was_asked: set[tuple[str, Scope]] = set()
        self._asking = asyncio.Lock()

    def attach(self, owner: object, ask: AskPerson) -> None:
        """Note how an editor's person is asked."""
        self._askers[owner] = ask

    def detach(self, owner: object) -> None:
        """Forget an editor; harmless when it was never attached."""
        self._askers.pop(owner, None)

    def allows(self, client: str, scope: Scope) -> bool:
        """Tell whether a client has a scope."""
        return scope in self._known().get(client, frozenset())

    def change(self, client: str, scope: Scope, *, is_granted: bool) -> None:
        """Give a client a scope, or take it away.

        Raises:
            InvalidRequest: such a name is none, or there are too many.
            UserError: it cannot be remembered.
        """
        if not client.strip() or len(client) > MOST_NAME:
            raise InvalidRequest(f"a client's name has 1 to {MOST_NAME} characters")
        known = dict(self._known())
        scopes = known.pop(client, frozenset())
        scopes = scopes | {scope} if is_granted else scopes - {scope}
        if scopes:
            known[client] = scopes
        if len(known) > MOST_CLIENTS:
            raise InvalidRequest(f"{MOST_CLIENTS} clients have grants already: revoke some first")
        try:
            self._notebook.keep(_NOTE, json.dumps(encode(_told(known))))
        except OSError as error:
            raise UserError(f"the grant cannot be kept: {error.strerror or error}") from None
        self._scopes = known
        if not is_granted:
            # Whoever takes a scope away has answered the question for as long as we live.
            self._was_asked.add((client, scope))

    def changed(self, params: GrantsParams) -> GrantsResult:
        """Return all grants, after what the params say.

        Raises:
            InvalidRequest: something of the three is missing, or the name is none.
            UserError: it cannot be remembered.
        """
        client, scope, is_granted = params.client, params.scope, params.is_granted
        if client is not None and scope is not None and is_granted is not None:
            self.change(client, scope, is_granted=is_granted)
        elif (client, scope, is_granted) != (None, None, None):
            raise InvalidRequest("name the client, the scope, and whether it is granted")
        return self.told()

    def told(self) -> GrantsResult:
        """Return all grants."""
        return _told(self._known())

    async def require(self, client: str, scope: Scope, purpose: str) -> None:
        """Return when a client has a scope; the person is asked once, where an editor can.

        Args:
            client: its name.
            scope: what it needs.
            purpose: what it wants to do, worded after "wants to".

        Raises:
            NeedsGrant: it has not; says which command grants it.
        """
        async with self._asking:
            if self.allows(client, scope):
                return
            if (client, scope) not in self._was_asked and self._askers:
                self._was_asked.add((client, scope))
                ask = next(reversed(self._askers.values()))
                question = (
                    f"{visible(client)!r} wants to {visible(purpose)}. May it {_MEANINGS[scope]}, "
                    "in this workspace, from now on?"
                )
                if await ask(question, (ALLOW, REFUSE)) == ALLOW:
                    self.change(client, scope, is_granted=True)
                    return
        raise NeedsGrant(
            f"this needs a grant: ask the person to run `pairwright grant {_quoted(client)} "
            f"{scope}`, which lets {visible(client)!r} {_MEANINGS[scope]}"
        )

    def _known(self) -> dict[str, frozenset[Scope]]:
        if self._scopes is None:
            self._scopes = _read(self._notebook.recall(_NOTE))
        return self._scopes


def _told(known: dict[str, frozenset[Scope]]) -> GrantsResult:
    return GrantsResult(
        grants=tuple(
            Grant(client=client, scopes=tuple(scope for scope in SCOPES if scope in known[client]))
            for client in sorted(known)
        )
    )


def _read(text: str | None) -> dict[str, frozenset[Scope]]:
    """Return what a note says; a damaged one grants nothing."""
    if text is None:
        return {}
    try:
        result = decode(GrantsResult, json.loads(text))
    except (ValueError, RecursionError, InvalidRequest):
        _log.warning("the grants are damaged: nothing is granted")
        return {}
    return {grant.client: frozenset(grant.scopes) for grant in result.grants}


def _quoted(name: str) -> str:
    """Return a name as one word of a shell."""
    plain = visible(name)
    is_plain = plain.replace("-", "").replace("_", "").replace(".", "").isalnum()
    return plain if is_plain else "'" + plain.replace("'", "'\\''") + "'"
