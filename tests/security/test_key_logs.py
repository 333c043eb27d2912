"""Do logs at DEBUG hold a key? Everything is logged, litellm and what it stands on too (T16)."""

import asyncio
import io
import logging
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from pairwright.disclosure.redaction import RedactingFormatter, Redactor
from pairwright.engine.models.given_keys import GivenKeys
from pairwright.errors import ModelError
from pairwright.llm.choices import open_provider
from pairwright.llm.keys import KeyChain
from pairwright.llm.litellm_provider import warm
from pairwright.llm.model import Message, ModelRequest
from pairwright.settings import EndpointSettings, ModelSettings
from tests.support.model_server import Answer, Behaviour, Failure, serve_model
from tests.support.waiting import within

# Of no shape that says by itself that it is a key.
CANARY = "canary of no shape".replace(" ", "-") + "-9x2c4v"
REQUEST = ModelRequest((Message("user", "Say hello."),), max_output_tokens=8)


class Store:
    def get(self, name: str) -> str | None:
        return CANARY


def chain(place: str, redactor: Redactor) -> KeyChain:
    given = GivenKeys()
    if place.startswith("editor"):
        given.give(object(), "own", CANARY)
    return KeyChain(
        {"OWN": CANARY} if place.startswith("env") else {},
        editor=given,
        keyring=Store(),
        on_found=redactor.register,
    )


@pytest.fixture
def everything() -> Iterator[tuple[io.StringIO, Redactor]]:
    """All that any logger says, at DEBUG, through the formatter that takes keys out."""
    asyncio.run(warm())
    text, redactor = io.StringIO(), Redactor()
    handler = logging.StreamHandler(text)
    handler.setFormatter(RedactingFormatter("%(name)s: %(message)s", redactor=redactor))
    loggers = [logging.getLogger(name) for name in (None, "LiteLLM", "httpx", "httpcore", "openai")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield text, redactor
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    loggers[0].removeHandler(handler)


@pytest.mark.parametrize("place", ["env:OWN", "keyring:own", "editor:own"])
@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize(
    "behaviour",
    [Answer(), Failure(401, '{"error": {"message": "the key {key} is wrong"}}'), Failure(500)],
    ids=lambda behaviour: type(behaviour).__name__ + str(getattr(behaviour, "status", "")),
)
async def test_no_log_holds_a_key(
    place: str,
    kind: str,
    behaviour: Behaviour,
    everything: tuple[io.StringIO, Redactor],
    capfd: pytest.CaptureFixture[str],
) -> None:
    text, redactor = everything
    async with serve_model(behaviour) as server:
        own = EndpointSettings(api_base=server.api_base, kind=kind, key=place)
        settings = ModelSettings(endpoints={"own": own}, timeout_s=5)
        provider = open_provider("own/tiny", settings, {}, chain(place, redactor))
        logging.getLogger("careless").debug("asking with %s now", CANARY)
        said = ""
        try:
            async with within(10), aclosing(provider.stream(REQUEST)) as items:
                async for _ in items:
                    pass
        except ModelError as error:
            logging.getLogger("here").exception("it failed")
            said = str(error)
        assert CANARY not in said
        assert CANARY in str(server.requests[0].headers)
    logged = text.getvalue()
    assert "LiteLLM" in logged
    assert CANARY not in logged
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err
