"""How long things take."""

from contextlib import contextmanager


@contextmanager
def measured(log, clock):
    """Append how long the block took."""
    started = clock()
    try:
        yield
    finally:
        log.append(clock() - started)
