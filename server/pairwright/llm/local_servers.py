"""Does a model server run on this machine already? Looked for at its usual loopback port."""

import json
import re
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

_TIMEOUT_S = 0.3
_MOST_BYTES = 1_000_000
_BILLIONS = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LocalServer:
    """One kind of OpenAI-compatible server."""

    title: str
    prefix: str
    """What its models' names begin with, without the slash."""
    port: int

    @property
    def api_base(self) -> str:
        """Where its OpenAI-compatible interface is."""
        return f"http://127.0.0.1:{self.port}/v1"


LOCAL_SERVERS = (
    LocalServer("Ollama", "ollama", 11434),
    LocalServer("llama.cpp", "llamacpp", 8080),
    LocalServer("LM Studio", "lmstudio", 1234),
    LocalServer("vLLM", "vllm", 8000),
)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered, and its models' names, smallest first."""

    server: LocalServer
    models: tuple[str, ...]


def find_local_server(servers: Sequence[LocalServer] = LOCAL_SERVERS) -> FoundServer | None:
    """Return the first of the servers that answers and has a model; blocks for 0.3 s at most."""
    if not servers:
        return None
    with ThreadPoolExecutor(len(servers)) as threads:
        for server, models in zip(servers, threads.map(_models_of, servers), strict=True):
            if models:
                return FoundServer(server, models)
    return None


def _models_of(server: LocalServer) -> tuple[str, ...]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy
    try:
        with opener.open(f"{server.api_base}/models", timeout=_TIMEOUT_S) as response:
            listed = json.loads(response.read(_MOST_BYTES))["data"]
        names = [model["id"] for model in listed]
    except (OSError, ValueError, LookupError, TypeError):
        return ()
    usable = [name for name in names if isinstance(name, str) and "embed" not in name.lower()]
    return tuple(sorted(usable, key=lambda name: (parameters_of(name), name)))


def parameters_of(name: str) -> float:
    """Return the billions of parameters that a model's name speaks of, 0 when it does not."""
    return max((float(found) for found in _BILLIONS.findall(name)), default=0.0)
