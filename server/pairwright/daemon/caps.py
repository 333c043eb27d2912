"""How much may be spent, by the settings as they are at this moment? Read anew when a file changed.

A cap that is lowered, or raised, holds for the next call of what runs already. All other settings
are read when the daemon starts.
"""

import logging
import os
from pathlib import Path

from pairwright.daemon.configuration import load_settings, why_unreadable
from pairwright.settings import BudgetSettings

_Stamp = tuple[int, int, int] | None
_log = logging.getLogger(__name__)


class CurrentCaps:
    """The `budget` section of a workspace's settings; calling it returns them."""

    def __init__(self, root: Path, user_file: Path, known: BudgetSettings) -> None:
        """Begin with what was read at the start."""
        self._root = root
        self._user_file = user_file
        self._known = known
        self._stamps = self._look()

    def __call__(self) -> BudgetSettings:
        """Return the caps; while the files cannot be read as settings, the last that could."""
        stamps = self._look()
        if stamps != self._stamps:
            self._stamps = stamps
            self._read()
        return self._known

    def _read(self) -> None:
        settings, problems = load_settings(self._root, self._user_file)
        about_budget = [
            each for each in problems if each.startswith(f"{self._user_file.name}: budget")
        ]
        if why_unreadable(self._user_file) is not None or about_budget:
            # The default in place of a value that nobody can read may be higher than it was meant.
            _log.warning("the budget stays as it was: %s", "; ".join(problems))
            return
        if settings.budget != self._known:
            _log.info("the budget is now %s", settings.budget)
        self._known = settings.budget

    def _look(self) -> tuple[_Stamp, _Stamp]:
        return _stamp(self._user_file), _stamp(self._root / "pyproject.toml")


def _stamp(path: Path) -> _Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
