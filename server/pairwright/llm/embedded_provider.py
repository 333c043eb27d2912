"""How is a model asked that runs on this machine? In a child process, like any other endpoint.

This is the parent's side; `embedded_server` is the child's, and the only module with llama.cpp.
"""

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from pydantic import SecretStr

from pairwright.errors import Unavailable
from pairwright.llm.catalog import EmbeddedModel, is_downloaded, model_path
from pairwright.llm.child_server import Address, ChildServer
from pairwright.llm.destinations import HERE
from pairwright.llm.download import Means, fetch_model
from pairwright.llm.litellm_provider import LiteLLMProvider, warm
from pairwright.llm.model import (
    Completion,
    Message,
    ModelRequest,
    OnProgress,
    Progress,
    TextDelta,
)
from pairwright.llm.pricing import LOCAL_PRICE
from pairwright.llm.profiles import Profile
from pairwright.llm.tokens import estimate_messages

CONTEXT_TOKENS = 8192
_BYTES_PER_TOKEN = 3.0
"""Of the catalogue's models on source code, rounded towards too many tokens."""
# -P: nothing in the current directory, which may be anybody's, must be imported.
COMMAND = (sys.executable, "-P", "-m", "pairwright.llm.embedded_server")
_START_TIMEOUT_S = 120.0
_IDLE_STOP_S = 300.0


class EmbeddedProvider:
    """A catalogue model, downloaded and started when it is first needed."""

    profile = Profile(context_tokens=CONTEXT_TOKENS, accepts_grammar=True, sources=("embedded",))
    accepts_grammar = profile.accepts_grammar
    context_tokens = profile.context_tokens
    hidden_output_tokens = profile.hidden_output_tokens
    price = LOCAL_PRICE
    destination = HERE

    def __init__(
        self,
        entry: EmbeddedModel,
        directory: Path,
        *,
        timeout_s: float,
        means: Means,
        idle_stop_s: float = _IDLE_STOP_S,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        """Describe the model; nothing is downloaded or started yet.

        Args:
            entry: which model.
            directory: where model files are.
            timeout_s: seconds that one attempt may take.
            means: how a missing file is fetched.
            idle_stop_s: seconds without a question after which the process is stopped.
            command: the child's program; see `ChildServer`.
        """
        self.model = entry.model
        self._entry = entry
        self._directory = directory
        self._timeout_s = timeout_s
        self._means = means
        config = {
            "model_path": str(model_path(entry, directory)),
            "context_tokens": CONTEXT_TOKENS,
            "threads": os.cpu_count() or 1,
        }
        self._child = ChildServer(
            self.model,
            command,
            config,
            start_timeout_s=_START_TIMEOUT_S,
            idle_stop_s=idle_stop_s,
        )

    @property
    def pid(self) -> int | None:
        """The process id of the model's process while it runs."""
        return self._child.pid

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Return how many tokens the messages have, estimated upwards."""
        return estimate_messages(messages, bytes_per_token=_BYTES_PER_TOKEN)

    async def prepare(self, on_progress: OnProgress) -> None:
        """Download the file if it is missing, and start the process if it does not run.

        Raises:
            DownloadFailed: the file cannot be had.
            Unavailable: the process does not start.
        """
        if not is_downloaded(self._entry, self._directory):
            await fetch_model(self._entry, self._directory, on_progress, means=self._means)
        if self._child.is_running:
            return
        on_progress(Progress(f"starting {self._entry.name}", 0, 1, "steps"))
        # One after the other: llama.cpp's threads spin while they wait, and lose to any import.
        await warm()
        await self._touch()
        on_progress(Progress(f"starting {self._entry.name}", 1, 1, "steps"))

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        """Ask once: deltas, then one `Completion`; starts the process when it is not there.

        Raises:
            ModelError: no whole answer came.
        """
        if not is_downloaded(self._entry, self._directory):
            raise Unavailable(
                f"the file of {self.model!r} is missing: "
                f"run `pairwright models pull {self._entry.name}`"
            )
        async with (
            self._child.lease() as address,
            aclosing(self._provider_at(address).stream(request)) as items,
        ):
            async for item in items:
                yield item

    async def aclose(self) -> None:
        """Stop the process."""
        await self._child.aclose()

    async def _touch(self) -> None:
        async with self._child.lease():
            pass

    def _provider_at(self, address: Address) -> LiteLLMProvider:
        return LiteLLMProvider(
            self.model,
            route=f"openai/{self._entry.name}",
            api_base=f"{address.url}/v1",
            api_key=SecretStr(address.api_key),
            timeout_s=self._timeout_s,
            profile=self.profile,
            price=self.price,
            bytes_per_token=_BYTES_PER_TOKEN,
        )
