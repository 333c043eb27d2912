"""Calls that are tried again."""

import time


def call(action, settings, sleep=time.sleep):
    """Return what an action returns; try again when it raises OSError."""
    for attempt in range(settings.tries):
        try:
            return action()
        except OSError:
            if attempt == settings.tries - 1:
                raise
            sleep(settings.pause_ms / 1000)
