"""How long things take."""

from contextlib import contextmanager
