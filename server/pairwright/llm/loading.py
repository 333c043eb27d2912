"""How is litellm loaded so that nobody waits for it? Without pauses, and without what we never use.

It is imported in a thread; what is kept off here holds the interpreter's lock in one piece, so that
the event loop stands still meanwhile.
"""

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_IMPORTED_BY_FIRST_CALL = (
    "openai.resources",
    "litellm._service_logger",
    "anyio._backends._asyncio",
)
_BUILT_BY_FIRST_CALL = (
    ("litellm.types.router", "LiteLLM_Params"),
    ("litellm.types.utils", "ModelResponseStream"),
    ("litellm.types.utils", "Delta"),
    ("openai.types.chat.chat_completion_chunk", "ChatCompletionChunk"),
)
"""Models of pydantic's, which are built when the first value of theirs is made."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage within the block, nor ever in what exists at its end.

    An import makes hundreds of thousands of objects that stay, and hardly any garbage. To look
    through all of them keeps every thread waiting, and is done again whenever they have grown by a
    quarter.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def prepare_first_call() -> None:
    """Import and build what litellm otherwise does on the event loop, once it needs it."""
    # Another version may not have one of them, and then not need it.
    for name in _IMPORTED_BY_FIRST_CALL:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    for name, model in _BUILT_BY_FIRST_CALL:
        if (found := getattr(sys.modules.get(name), model, None)) is not None:
            found.model_rebuild()


def leave_out_tokenizer(litellm: Any) -> None:
    """Have litellm count no tokens, and load its tokenizer only if something needs it yet.

    Tokens are counted by us or by the provider. Its own table of 100,000 tokens takes 35 MB and is
    made in one call of 100 ms; several providers' code is handed it with each request, unused.
    """
    litellm.disable_token_counter = True
    litellm.main.encoding = _LateTokenizer(litellm.main.__getattr__)


class _LateTokenizer:
    """Stands for litellm's tokenizer, which its module makes when it is asked for."""

    def __init__(self, attribute: Any) -> None:
        self._attribute = attribute

    def __getattr__(self, name: str) -> Any:
        return getattr(self._attribute("encoding"), name)
