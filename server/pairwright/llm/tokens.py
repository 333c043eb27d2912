"""How many tokens is this? An estimate, upwards, for models whose tokenizer we do not have."""

import math

from pairwright.llm.model import Message

BYTES_PER_TOKEN = 2.5
"""Low on purpose: source code has 2.8 to 4 bytes a token in the usual vocabularies."""
MESSAGE_OVERHEAD = 8
"""Tokens that a chat template puts around one message."""


def estimate_text(text: str, *, bytes_per_token: float = BYTES_PER_TOKEN) -> int:
    """Return about how many tokens the text has."""
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / bytes_per_token)


def estimate_messages(
    messages: tuple[Message, ...], *, bytes_per_token: float = BYTES_PER_TOKEN
) -> int:
    """Return about how many tokens the conversation has with its template."""
    return sum(
        MESSAGE_OVERHEAD + estimate_text(message.content, bytes_per_token=bytes_per_token)
        for message in messages
    )
