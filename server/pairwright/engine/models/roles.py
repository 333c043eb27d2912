"""Which models does this workspace use? The seam between the engine and the providers."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from pairwright.llm.choices import ModelChoice, choose_pair, open_provider
from pairwright.llm.keys import KeyChain
from pairwright.llm.lent import LentModels, NothingLent
from pairwright.llm.litellm_provider import warm
from pairwright.llm.model import Provider
from pairwright.settings import ModelSettings


class ModelSource(Protocol):
    """Where models come from."""

    async def choose(self, strong: str | None, weak: str | None) -> ModelChoice:
        """Return the pair to use; None leaves a model to the source.

        Raises:
            NoModel: there is none; says how to get one.
        """
        ...

    def open(self, name: str) -> Provider:
        """Return a provider for a name that `choose` gave.

        Raises:
            NoModel: the name means nothing here.
        """
        ...

    async def warm(self) -> None:
        """Load what the first question would otherwise wait for."""
        ...


class ConfiguredModels:
    """Models by the settings, else keys of the environment, local servers, embedded models."""

    def __init__(
        self,
        settings: ModelSettings,
        env: Mapping[str, str],
        keys: KeyChain | None = None,
        lent: LentModels | None = None,
    ) -> None:
        """Remember where to look; nothing is opened yet. Without a chain, keys are in `env`."""
        self._settings = settings
        self._env = env
        self._keys = keys or KeyChain(env)
        self._lent = lent or NothingLent()

    async def choose(self, strong: str | None, weak: str | None) -> ModelChoice:
        """See `ModelSource.choose`; asks the usual loopback ports, so it runs in a thread."""
        return await asyncio.to_thread(
            choose_pair,
            self._settings,
            self._env,
            strong=strong,
            weak=weak,
            keys=self._keys,
            lent=self._lent,
        )

    def open(self, name: str) -> Provider:
        """See `ModelSource.open`."""
        return open_provider(name, self._settings, self._env, self._keys, self._lent)

    async def warm(self) -> None:
        """See `ModelSource.warm`: the library behind every model takes seconds to load."""
        await warm()
