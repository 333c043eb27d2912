"""The weak model edits, shown a change that people kept here.

Few Shot Examples of arXiv 2505.20182: the pool is what was kept in this workspace, one example is
shown (more do not help there), either at random or the one that is most like the task: 0.8 of the
likeness of the instructions' words, 0.2 of the overlap of the files.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Sequence

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, KeptChange, Note, Proposal, StrategyContext
from pairwright.strategies.tries import tries

SEED = 42
MOST_CHARACTERS = 4_000
_WORD = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


class FewShot:
    """The most similar kept change as an example, then edits by the weak model."""

    name = "few_shot"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    def choose(self, ctx: StrategyContext, pool: Sequence[KeptChange]) -> KeptChange:
        """Return the example."""
        return most_similar(ctx, pool)

    async def _work(self, attempts: Attempts) -> Proposal | None:
        pool = [kept for kept in attempts.ctx.record.kept if len(kept.diff) <= MOST_CHARACTERS]
        if pool:
            example = self.choose(attempts.ctx, pool)
            text = f"Task: {example.instruction}\n\n{example.diff}"
            attempts.notes = (Note("kept_example", text),)
        return await attempts.work(attempts.ctx.weak, tries())


class FewShotRandom(FewShot):
    """A kept change at random as an example, then edits by the weak model."""

    name = "few_shot_random"

    def choose(self, ctx: StrategyContext, pool: Sequence[KeptChange]) -> KeptChange:
        """Return the example; the same task gets the same one."""
        return random.Random(f"{SEED}{ctx.instruction}").choice(pool)  # noqa: S311 - no secret


def most_similar(ctx: StrategyContext, pool: Sequence[KeptChange]) -> KeptChange:
    """Return the change that is most like the task; of several, the latest.

    Raises:
        ValueError: there is none.
    """
    weights = _rarity([kept.instruction for kept in pool])
    wanted = _words(ctx.instruction)
    files = {str(file.path) for file in ctx.context}

    def likeness(kept: KeptChange) -> float:
        by_words = _cosine(wanted, _words(kept.instruction), weights)
        paths = set(kept.paths)
        by_files = len(paths & files) / len(paths | files) if paths | files else 0.0
        return 0.8 * by_words + 0.2 * by_files

    return max(reversed(pool), key=likeness)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_CAMEL.sub(" ", text).lower()))


def _rarity(texts: Sequence[str]) -> dict[str, float]:
    found = Counter(word for text in texts for word in _words(text))
    return {word: math.log(1 + len(texts) / count) for word, count in found.items()}


def _cosine(first: Counter[str], second: Counter[str], weights: dict[str, float]) -> float:
    def length(words: Counter[str]) -> float:
        return math.sqrt(
            sum((count * weights.get(word, 1.0)) ** 2 for word, count in words.items())
        )

    shared = sum(
        first[word] * second[word] * weights.get(word, 1.0) ** 2 for word in first.keys() & second
    )
    return shared / (length(first) * length(second)) if shared else 0.0
