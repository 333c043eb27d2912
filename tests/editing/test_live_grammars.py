"""Does llama.cpp understand our grammars? Only where an embedded model's file is."""

import os
from contextlib import aclosing

import pytest

from pairwright.editing.formats import EDIT_FORMATS, EditFormat
from pairwright.llm.catalog import CATALOG, is_downloaded, models_directory
from pairwright.llm.choices import open_provider
from pairwright.llm.model import Completion, Message, ModelRequest
from pairwright.settings import ModelSettings
from pairwright.workspace.paths import WorkspacePath
from tests.support.waiting import within

pytestmark = pytest.mark.live


@pytest.mark.parametrize("edit_format", EDIT_FORMATS, ids=lambda each: each.name)
async def test_a_small_model_is_held_to_the_grammar(edit_format: EditFormat) -> None:
    entry = min(CATALOG.values(), key=lambda each: each.size_bytes)
    if not is_downloaded(entry, models_directory(os.environ)):
        pytest.skip(f"pairwright models pull {entry.name}")
    provider = open_provider(entry.model, ModelSettings(), os.environ)
    grammar = edit_format.grammar({WorkspacePath("a.py"): "def f():\n    return 1\n"})
    request = ModelRequest((Message("user", "Say hello."),), max_output_tokens=16, grammar=grammar)
    try:
        async with within(180):
            await provider.prepare(lambda progress: None)
            async with aclosing(provider.stream(request)) as items:
                *_, completion = [item async for item in items]
    finally:
        await provider.aclose()
    assert isinstance(completion, Completion)
    assert completion.text.startswith("### FILE a.py\n<<<<<<< ")
