"""A keyring that lies in no file, for other processes to choose with `PYTHON_KEYRING_BACKEND`."""

from typing import ClassVar

import keyring.backend

HELD = {("pairwright", "asked"): "canary-of-the-keyring-7h2k9x"}


class KeyringInMemory(keyring.backend.KeyringBackend):
    """Begins with what is `HELD`, and forgets the rest with its process."""

    priority: ClassVar[float] = 0.1  # type: ignore[misc, assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept = dict(HELD)

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]
