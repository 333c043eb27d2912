"""How a client behaves."""


class Settings:
    """What can be set; pause_ms is how long to wait before a retry."""

    def __init__(self, tries=3, pause_ms=250):
        self.tries = tries
        self.pause_ms = pause_ms
