"""How do tuning programs read it? As JSON lines, in the conversational form that TRL takes."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pairwright.disclosure.redaction import without_keys
from pairwright.feedback.pairs import Example, PreferencePair
from pairwright.llm.model import Message


def dpo_lines(pairs: Iterable[PreferencePair]) -> Iterator[str]:
    """Give one line a pair: `prompt`, `chosen` and `rejected`, each a list of messages."""
    for pair in pairs:
        yield _line(
            {
                "prompt": [_message(each) for each in pair.question],
                "chosen": [_answer(pair.chosen.answer)],
                "rejected": [_answer(pair.rejected.answer)],
            }
        )


def sft_lines(found: Iterable[Example]) -> Iterator[str]:
    """Give one line an example: `messages`, the last of which is the answer."""
    for example in found:
        question = [_message(each) for each in example.attempt.question]
        yield _line({"messages": [*question, _answer(example.attempt.answer)]})


def _message(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": _shareable(message.content)}


def _answer(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": _shareable(text)}


def _shareable(text: str) -> str:
    """Return the text without keys, and without halves of characters, at which readers stop."""
    return without_keys(text).encode("utf-8", "replace").decode()


def _line(value: dict[str, Any]) -> str:
    # ASCII alone: no reader then splits a line at a separator that is part of a text.
    return json.dumps(value) + "\n"
