"""Which of our errors is a provider's error? Translated once, here.

The sentences are ours: a provider's own text may hold the key, the prompt or a page of HTML, so it
is looked at to classify and never quoted.
"""

import math
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

from pairwright.errors import (
    Authentication,
    ContextOverflow,
    ModelError,
    OutOfCredit,
    RateLimited,
    Refused,
    Rejected,
    Unavailable,
)

_PROVIDER_PACKAGES = frozenset({"litellm", "openai", "httpx", "httpcore", "aiohttp"})
_OVERFLOW_WORDS = (
    "context length",
    "context_length",
    "context window",
    "context size",
    "maximum context",
    "prompt is too long",
    "too many tokens",
)
_PASSING = (408, 409, 425)
"""The 4xx that may pass by themselves: a timeout, a lock, too early."""
_UNSENT = frozenset({"ConnectError", "ConnectTimeout", "ClientConnectorError", "gaierror"})
"""Errors of a connection that never stood, so that nothing was asked of anybody."""
_QUOTA_WORDS = ("insufficient_quota", "exceeded your current quota", "billing")


def is_provider_error(error: Exception) -> bool:
    """Tell an error of the provider or the way to it from a bug of ours."""
    return type(error).__module__.partition(".")[0] in _PROVIDER_PACKAGES or isinstance(
        error, OSError
    )


def translate(error: Exception, model: str) -> ModelError:
    """Return our error for the provider's, with a sentence of our own."""
    cause = _cause_of(error)
    status = getattr(cause, "status_code", None)
    words = str(cause).lower()
    kind = type(cause).__name__
    if kind == "ContextWindowExceededError" or _says(words, _OVERFLOW_WORDS, status, 400, 413, 422):
        return ContextOverflow(f"the prompt is longer than {model!r} reads: send fewer files")
    if kind == "ContentPolicyViolationError":
        return Refused(f"the provider of {model!r} declined to answer (content policy)")
    if status in (401, 403):
        return Authentication(
            f"the provider of {model!r} does not accept the key (HTTP {status}): check "
            "the key; `pairwright models list` says where it is from"
        )
    if status == 402 or _says(words, _QUOTA_WORDS, status, 429):
        return OutOfCredit(f"the account for {model!r} has no credit or quota left: top it up")
    if status == 404:
        return Rejected(f"the provider does not know {model!r} (HTTP 404): check the name")
    if status == 429:
        return RateLimited(
            f"too many requests to {model!r} (HTTP 429): try again later",
            retry_after_s=_retry_after_s(error),
        )
    if isinstance(status, int) and 300 <= status < 400:
        return Rejected(
            f"the provider of {model!r} sends to another address (HTTP {status}), where nothing "
            "is sent unless you name it: check the address"
        )
    if isinstance(status, int) and 400 <= status < 500 and status not in _PASSING:
        return Rejected(f"the provider of {model!r} did not accept the request (HTTP {status})")
    return Unavailable(
        _unavailable(model, error, status),
        retry_after_s=_retry_after_s(error),
        was_sent=not any(type(each).__name__ in _UNSENT for each in _chain(error)),
    )


def _cause_of(error: Exception) -> Exception:
    inner = getattr(error, "original_exception", None)
    return inner if isinstance(inner, Exception) and hasattr(inner, "status_code") else error


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what led to it: litellm wraps what it catches, differently by provider.

    A context counts only where litellm set no cause: else it may be an older story.
    """
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting.append(getattr(each, "original_exception", None))
            waiting.append(each.__cause__ or each.__context__)


def _says(words: str, phrases: tuple[str, ...], status: object, *statuses: int) -> bool:
    return status in statuses and any(phrase in words for phrase in phrases)


def _unavailable(model: str, error: Exception, status: object) -> str:
    if type(error).__name__ == "MidStreamFallbackError":
        return f"the connection to {model!r} broke while it answered: try again"
    if type(error).__name__ == "Timeout":
        return f"{model!r} did not answer in time: try again, or raise models.timeout_s"
    if "connection error" in str(error).lower() or not isinstance(status, int):
        return f"{model!r} cannot be reached: check the network and the address"
    return (
        f"the provider of {model!r} failed (HTTP {status}): try again later, or ask another model"
    )


def _retry_after_s(error: Exception) -> float | None:
    """Return the provider's wish: by provider, litellm leaves the headers at one error or another.

    `retry-after-ms` is Azure's, and finer.
    """
    for each in _chain(error):
        response = getattr(each, "response", None)
        for headers in (
            getattr(each, "litellm_response_headers", None),
            getattr(response, "headers", None),
        ):
            if not isinstance(headers, Mapping):
                continue
            now = time.time()
            if wish_ms := parse_retry_after(str(headers.get("retry-after-ms", "")), now=now):
                return wish_ms / 1000
            if "retry-after" in headers:
                return parse_retry_after(str(headers["retry-after"]), now=now)
    return None


def parse_retry_after(value: str, *, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for, None when it makes no sense.

    Args:
        value: seconds or an HTTP date (RFC 9110, section 10.2.3).
        now: seconds since the epoch.
    """
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - now
        except (ValueError, TypeError, OverflowError):
            return None
        seconds = max(seconds, 0.0)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
