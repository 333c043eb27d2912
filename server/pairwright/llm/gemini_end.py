"""Did Gemini say that its answer is over? Read from its own words, before litellm rewrites them.

litellm gives every piece of Gemini's that names no reason for an end the reason "stop", so that a
stream that was cut looks whole. Its other providers' streams keep what was said.
"""

from collections.abc import Callable
from typing import Any

_MODULE = "litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini"


def watch_end(response: Any) -> Callable[[], bool]:
    """Return what tells, once a stream of litellm's was read, whether its reason can be believed.

    Args:
        response: litellm's stream, of which nothing was read yet.
    """
    begin: Any = getattr(response, "make_call", None)
    is_gemini, is_over = False, False

    async def begin_watched(**options: Any) -> Any:
        nonlocal is_gemini
        stream = await begin(**options)
        if type(stream).__module__ == _MODULE:
            is_gemini = True
            parse = stream.chunk_parser

            def parse_watched(chunk: Any) -> Any:
                nonlocal is_over
                is_over = is_over or _names_reason(chunk)
                return parse(chunk)

            stream.chunk_parser = parse_watched
        return stream

    if begin is not None:
        response.make_call = begin_watched
    return lambda: is_over or not is_gemini


def _names_reason(chunk: Any) -> bool:
    """Tell whether a piece says why there is no more: of the answer, or of the question."""
    if not isinstance(chunk, dict):
        return False
    candidates = chunk.get("candidates")
    named = candidates if isinstance(candidates, list) else []
    feedback = chunk.get("promptFeedback")
    return any(isinstance(each, dict) and each.get("finishReason") for each in named) or (
        isinstance(feedback, dict) and bool(feedback.get("blockReason"))
    )
