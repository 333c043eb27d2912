"""What does the daemon write down? One line a request; keys never, prompts and code not at INFO."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pairwright.disclosure.redaction import PROCESS_REDACTOR, RedactingFormatter
from pairwright.lsp.stream.origin import session_id, task_id

_MAX_BYTES = 2_000_000
_KEPT_FILES = 2
_FORMAT = "%(asctime)s %(levelname)s %(session)s %(task)s %(name)s: %(message)s"
_CHATTY = ("asyncio", "cattrs", "httpx", "mcp", "openai", "pygls", "urllib3", "uvicorn")


@contextmanager
def logging_to(path: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Log to a file while the daemon lives; no secret of the environment gets into it."""
    PROCESS_REDACTOR.register_environment(env)
    handler = RotatingFileHandler(
        path,
        maxBytes=_MAX_BYTES,
        backupCount=_KEPT_FILES,
        encoding="utf-8",
        errors="backslashreplace",
    )
    handler.setFormatter(RedactingFormatter(_FORMAT))
    handler.addFilter(_add_origin)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def _add_origin(record: logging.LogRecord) -> bool:
    record.session = session_id.get()
    record.task = task_id.get()
    return True
