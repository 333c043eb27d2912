"""Do the real embedded models answer? Only where their files are."""

import os
from contextlib import aclosing

import pytest

from pairwright.llm.catalog import CATALOG, EmbeddedModel, is_downloaded, models_directory
from pairwright.llm.choices import open_provider
from pairwright.llm.model import Completion, Message, ModelRequest
from pairwright.settings import ModelSettings
from tests.support.waiting import within

pytestmark = pytest.mark.live


@pytest.mark.parametrize("entry", CATALOG.values(), ids=lambda entry: entry.name)
async def test_a_catalogue_model_answers_within_a_grammar(entry: EmbeddedModel) -> None:
    if not is_downloaded(entry, models_directory(os.environ)):
        pytest.skip(f"pairwright models pull {entry.name}")
    provider = open_provider(entry.model, ModelSettings(), os.environ)
    messages = (Message("user", "Is `1 + 1 == 2` true in Python? Answer yes or no."),)
    request = ModelRequest(messages, max_output_tokens=8, grammar='root ::= "yes" | "no"')
    try:
        async with within(120):
            await provider.prepare(lambda progress: None)
            async with aclosing(provider.stream(request)) as items:
                *_, completion = [item async for item in items]
    finally:
        await provider.aclose()
    assert isinstance(completion, Completion)
    assert completion.text == "yes"
    assert completion.usage.input <= provider.count_tokens(messages) + 30
