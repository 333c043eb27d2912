"""Which models may be asked whose price nobody knows? Those that the person said yes to.

No cap can hold such a model, so nobody but a person says it: once for a task, or from now on in
this workspace. What was said lies in the state directory, where no workspace file can write it.
"""

import asyncio
import json
import logging
from pathlib import Path

from pairwright.engine.grants import AskPerson
from pairwright.errors import InvalidRequest, UserError
from pairwright.feedback.notes import Notebook
from pairwright.protocol.terminal import visible

MOST_MODELS = 100
MOST_NAME = 200
ONCE, ALWAYS, NO = "Ask it for this task", "Ask it here from now on", "No"
_NOTE = "models"
_log = logging.getLogger(__name__)


class UnpricedModels:
    """What the person said of one workspace's models, for good."""

    def __init__(self, state_dir: Path) -> None:
        """Remember it below a state directory; read when it is first needed."""
        self._notebook = Notebook(state_dir / "unpriced", most=1)
        self._models: frozenset[str] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The models that may be asked, in alphabetical order."""
        return tuple(sorted(self._known()))

    def allows(self, model: str) -> bool:
        """Tell whether a model may be asked."""
        return model in self._known()

    def change(self, model: str, *, is_allowed: bool) -> None:
        """Let a model be asked from now on, or no more.

        Raises:
            InvalidRequest: such a name is none, or there are too many.
            UserError: it cannot be remembered.
        """
        if not model.strip() or len(model) > MOST_NAME or not model.isprintable():
            raise InvalidRequest(f"a model's name has 1 to {MOST_NAME} characters that can be seen")
        models = self._known() | {model} if is_allowed else self._known() - {model}
        if len(models) > MOST_MODELS:
            raise InvalidRequest(f"{MOST_MODELS} models are allowed already: take one back first")
        try:
            self._notebook.keep(_NOTE, json.dumps(sorted(models)))
        except OSError as error:
            raise UserError(f"the yes cannot be kept: {error.strerror or error}") from None
        self._models = models

    def _known(self) -> frozenset[str]:
        if self._models is None:
            self._models = _read(self._notebook.recall(_NOTE))
        return self._models


class Permission:
    """What one task may ask, as far as its person says so."""

    def __init__(
        self, models: UnpricedModels, ask: AskPerson | None, *, is_given: bool = False
    ) -> None:
        """Begin with what was said before.

        Args:
            models: what was said for good.
            ask: asks who began the task; None: nobody can be asked.
            is_given: the yes came with the task.
        """
        self._models = models
        self._ask = ask
        self._is_given = is_given
        self._once: set[str] = set()
        self._was_asked: set[str] = set()
        self._asking = asyncio.Lock()

    def allows(self, model: str) -> bool:
        """Tell whether a model may be asked."""
        return self._is_given or model in self._once or self._models.allows(model)

    async def seek(self, model: str) -> None:
        """Ask the person, once; calls side by side wait for the one answer."""
        async with self._asking:
            if self._ask is None or model in self._was_asked or self.allows(model):
                return
            self._was_asked.add(model)
            answer = await self._ask(
                f"nobody knows the price of {visible(model)!r}, so no cap can hold. "
                "Ask it all the same?",
                (ONCE, ALWAYS, NO),
            )
            if answer in (ONCE, ALWAYS):
                self._once.add(model)
            if answer == ALWAYS:
                try:
                    self._models.change(model, is_allowed=True)
                except UserError as error:
                    _log.warning("a yes was not kept: %s", error)


def _read(text: str | None) -> frozenset[str]:
    """Return what a note says; a damaged one allows nothing."""
    try:
        names = json.loads(text or "[]")
    except (ValueError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        _log.warning("the list of models without a price is damaged: none is allowed")
        return frozenset()
    return frozenset(names)
