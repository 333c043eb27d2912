"""How is a failure told to an LSP client? Each exception as one JSON-RPC error.

What we raise on purpose is shown as written. Anything else is a bug: the client gets a number, the
log gets the traceback.
"""

import logging
import secrets
from enum import IntEnum
from typing import Any

from pairwright.errors import BudgetExceeded, PairwrightError, StaleChange, UserError

_log = logging.getLogger(__name__)


class ErrorCode(IntEnum):
    """The codes of JSON-RPC 2.0 and LSP 3.17 that we use."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    SERVER_NOT_INITIALIZED = -32002
    REQUEST_FAILED = -32803
    CONTENT_MODIFIED = -32801
    REQUEST_CANCELLED = -32800


class ProtocolError(Exception):
    """The client broke the protocol; answered with `code` and the message."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        """Keep the code."""
        super().__init__(message)
        self.code = code


def to_error(error: Exception) -> dict[str, Any]:
    """Return the JSON-RPC error object for an exception; a bug is logged with its traceback."""
    match error:
        case ProtocolError():
            return error_object(error.code, str(error))
        case StaleChange():
            return error_object(ErrorCode.CONTENT_MODIFIED, str(error))
        case BudgetExceeded():
            figures = {
                "exitCode": 1,
                "capUsd": format(error.cap_usd, "f"),
                "spentUsd": format(error.spent_usd, "f"),
            }
            if error.needed_usd is not None:
                figures["neededUsd"] = format(error.needed_usd, "f")
            if error.unpriced_model:
                figures["unpricedModel"] = error.unpriced_model
            return error_object(ErrorCode.REQUEST_FAILED, str(error), figures)
        case UserError():
            return error_object(ErrorCode.REQUEST_FAILED, str(error), {"exitCode": 2})
        case PairwrightError():
            return error_object(ErrorCode.REQUEST_FAILED, str(error), {"exitCode": 1})
    incident = secrets.token_hex(4)
    _log.error("incident %s", incident, exc_info=error)
    return error_object(
        ErrorCode.INTERNAL_ERROR,
        f"internal error, incident {incident}: the daemon's log has the details",
    )


def error_object(code: ErrorCode, message: str, details: Any = None) -> dict[str, Any]:
    """Return a JSON-RPC error object."""
    shown = {"code": int(code), "message": message}
    return shown if details is None else {**shown, "data": details}
