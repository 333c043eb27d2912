"""How much of what models are asked is in their providers' caches? Whole tasks, the real litellm.

The ladder climbs to its top: each attempt is wrong but the last. A server on loopback caches as
providers do and counts; what it says must be what the ledger says.
"""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import pytest
from pydantic import SecretStr

from pairwright.editing import location, matching, placing
from pairwright.llm.litellm_provider import LiteLLMProvider, warm
from pairwright.llm.profiles import Profile
from pairwright.protocol import messages
from pairwright.protocol.cost_messages import CostParams
from pairwright.settings import CheckSettings, Settings
from tests.support.caching_server import (
    Blocks,
    Cache,
    Cached,
    CachingServer,
    Marks,
    serve_cached,
)
from tests.support.engines import ScriptedModels, opened_engine, price_of_role, write_files
from tests.support.waiting import within

ORIGIN = 'def total(prices):\n    """Return the sum."""\n    return sum(prices[1:])\n'
FILES = MappingProxyType(
    {
        "shop/cart.py": f"{inspect.getsource(matching)}\n\n{ORIGIN}",
        "shop/placing.py": inspect.getsource(placing),
        "shop/location.py": inspect.getsource(location),
        "test_cart.py": "import ast\n\n"
        "tree = ast.parse(open('shop/cart.py').read())\n"
        "assert ast.unparse(tree).endswith('return sum(prices)'), 'the first price is left out'\n",
    }
)
INSTRUCTION = "The total in shop/cart.py leaves out the first price: count it too."
PLAN = "Goal: total() counts every price.\n1. In shop/cart.py, sum the whole list.\n"


def edit(new: str) -> str:
    return (
        "### FILE shop/cart.py\n<<<<<<< SEARCH\n    return sum(prices[1:])\n=======\n"
        f"    return {new}\n>>>>>>> REPLACE\n### END 1\n"
    )


WEAK = (edit("sum(prices[:1])"), edit("sum(prices[2:])"), edit("len(prices)"), edit("max(prices)"))
STRONG = (PLAN, edit("sum(prices)"))


async def climb(
    directory: Path, server: CachingServer, kind: Literal["openai", "anthropic"], strategy: str
) -> int:
    """Run the task; return how many tokens the ledger says were read from caches."""
    await warm()

    def provider(role: Literal["weak", "strong"]) -> LiteLLMProvider:
        return LiteLLMProvider(
            f"test/{role}",
            route=f"{kind}/{role}",
            api_base=server.address + ("/v1" if kind == "openai" else ""),
            api_key=SecretStr("sk-canary-0123456789abcdef"),
            timeout_s=5.0,
            price=price_of_role(role),
            profile=Profile(context_tokens=65_536, marks_cache=kind == "anthropic"),
        )

    write_files(directory / "workspace", FILES)
    models = ScriptedModels(provider("strong"), provider("weak"))
    checks = CheckSettings(test_command=(sys.executable, "test_cart.py"))
    async with within(30), opened_engine(directory, models, Settings(checks=checks)) as engine:
        session = engine.open_session("test")

        async def hear(event: messages.TaskEvent) -> None:
            """Nobody looks."""

        asked = messages.RunParams(instruction=INSTRUCTION, strategy=strategy)
        result = await session.run_task(asked, hear)
        assert result.is_sound
        return session.costs(CostParams(by="role")).total.cached_tokens


async def measured(
    directory: Path,
    kind: Literal["openai", "anthropic"],
    new_cache: Callable[[], Cache],
    *,
    role: Literal["weak", "strong"] = "weak",
    strategy: str = "ladder",
    strong: tuple[str, ...] = STRONG,
) -> list[Cached]:
    """Return what of each prompt of one role was cached."""
    caches = {"weak": new_cache(), "strong": new_cache()}
    async with serve_cached({"weak": WEAK, "strong": strong}, caches) as server:
        read = await climb(directory, server, kind, strategy)
    assert read == sum(cached.read for _, cached in server.seen)
    return [cached for model, cached in server.seen if model == role]


async def test_a_cache_of_blocks_has_what_the_attempt_before_was_asked(tmp_path: Path) -> None:
    first, again, planned, planned_again = await measured(
        tmp_path, "openai", lambda: Blocks(block=128, least=1024)
    )
    assert (first.read, planned.read) == (0, 0)  # a plan changes the worked example as well
    assert again.read > 0.95 * again.whole
    assert planned_again.read > 0.95 * planned_again.whole


async def test_a_cache_of_marks_has_what_the_attempt_before_was_asked(tmp_path: Path) -> None:
    first, again, planned, planned_again = await measured(
        tmp_path, "anthropic", lambda: Marks(least=1024)
    )
    assert first.written > 0.95 * first.whole
    assert again.read > 0.95 * again.whole
    assert planned.written > 0.95 * planned.whole
    assert planned_again.read > 0.95 * planned_again.whole


KINDS: tuple[tuple[Literal["openai", "anthropic"], Callable[[], Cache]], ...] = (
    ("openai", lambda: Blocks(block=128, least=1024)),
    ("anthropic", lambda: Marks(least=1024)),
)


@pytest.mark.parametrize(("kind", "new_cache"), KINDS)
async def test_the_strong_model_reads_its_own_attempt_from_a_cache(
    tmp_path: Path, kind: Literal["openai", "anthropic"], new_cache: Callable[[], Cache]
) -> None:
    answers = (WEAK[0], STRONG[1])
    first, again = await measured(
        tmp_path, kind, new_cache, role="strong", strategy="strong", strong=answers
    )
    assert first.read == 0
    assert again.read > 0.95 * again.whole


@pytest.mark.parametrize(("kind", "new_cache"), KINDS)
async def test_a_plan_and_an_edit_of_the_strong_model_begin_differently(
    tmp_path: Path, kind: Literal["openai", "anthropic"], new_cache: Callable[[], Cache]
) -> None:
    plan, last = await measured(tmp_path, kind, new_cache, role="strong")
    assert (plan.read, last.read) == (0, 0)
