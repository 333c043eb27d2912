"""What must be true of every test? Its own directories, no keys, no network but loopback."""

import asyncio
import ipaddress
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairwright.llm.litellm_provider import warm
from tests.support.loop_lag import LOOP_LAG

_SECRET_ENDINGS = ("_API_KEY", "_API_TOKEN", "_ACCESS_KEY_ID", "_SECRET_ACCESS_KEY")
_ENDPOINT_ENDINGS = ("_API_BASE", "_BASE_URL")


def pytest_configure(config: pytest.Config) -> None:
    """Set what must hold before any module is imported."""
    # litellm fetches its price map at import unless it is told not to.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    # A shell lets its background jobs ignore interrupts, and some tests interrupt themselves.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    LOOP_LAG.install()
    if config.option.markexpr != "live":
        sys.addaudithook(_refuse_foreign_connections)


@pytest.fixture(autouse=True)
def own_directories(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """Give each test its own home-like directories, in this process and its children."""
    # A Unix socket's path has at most 108 bytes: tmp_path is too deep for it.
    runtime = tempfile.mkdtemp(prefix="pw-", dir="/tmp")
    if request.node.get_closest_marker("live") is None:  # the embedded models are too large to copy
        monkeypatch.setenv("PAIRWRIGHT_DATA_DIR", str(tmp_path / "home" / "data"))
    monkeypatch.setenv("PAIRWRIGHT_STATE_DIR", str(tmp_path / "home" / "state"))
    monkeypatch.setenv("PAIRWRIGHT_CONFIG_DIR", str(tmp_path / "home" / "config"))
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", runtime)
    yield
    shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture(scope="module")
def imported_litellm() -> None:
    """Import litellm, which takes seconds."""
    asyncio.run(warm())


@pytest.fixture(autouse=True)
def free_event_loop() -> Iterator[None]:
    """Let no step of ours hold the event loop; see `tests.support.loop_lag`."""
    LOOP_LAG.take()
    yield
    held = LOOP_LAG.take()
    assert not held, "; ".join(held)


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every provider's key and endpoint out of the environment."""
    for name in tuple(os.environ):
        if name.endswith(_SECRET_ENDINGS + _ENDPOINT_ENDINGS):
            monkeypatch.delenv(name)


def is_loopback(address: object) -> bool:
    """Tell whether a socket address stays on this machine; names count only as `localhost`."""
    if not isinstance(address, tuple):
        return True  # a Unix socket's path
    host = address[0]
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_foreign_connections(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto") and not is_loopback(arguments[1]):
        raise PermissionError(f"a test may not reach {arguments[1]!r}: only loopback")
