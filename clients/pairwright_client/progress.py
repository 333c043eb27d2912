"""How far is a long step? A bar with speed and time left, or now and then a line."""

from collections.abc import Callable

from pairwright.protocol.messages import ProgressMade
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.terminal import Screen

_LINE_EVERY_S = 10.0
_SPEED_WINDOW_S = 5.0


class ProgressLine:
    """Writes progress to a screen: a status on a terminal, else a line every ten seconds."""

    def __init__(self, screen: Screen, clock: Callable[[], float]) -> None:
        """Take a clock that gives seconds."""
        self._screen = screen
        self._clock = clock
        self._step = ""
        self._said_at = 0.0
        self._window: list[tuple[float, int]] = []

    def show(self, event: ProgressMade) -> None:
        """Write how far the step is."""
        now = self._clock()
        if event.step != self._step:
            self._step, self._said_at, self._window = event.step, now - _LINE_EVERY_S, []
        self._window.append((now, event.done))
        while len(self._window) > 2 and now - self._window[1][0] >= _SPEED_WINDOW_S:
            del self._window[0]
        is_done = event.total is not None and event.done >= event.total
        if is_done:
            self._say(now, f"  ✓ {self._described(event)}")
        elif self._screen.is_terminal:
            self._screen.status(f"  {self._bar(event)}{self._described(event)}")
        elif now - self._said_at >= _LINE_EVERY_S:
            self._say(now, f"  {self._described(event)}")

    def _say(self, now: float, text: str) -> None:
        self._screen.line(text, "dim")
        self._said_at = now

    def _bar(self, event: ProgressMade) -> str:
        if not event.total:
            return ""
        width = 20
        filled = min(width, width * event.done // event.total)
        return f"{'█' * filled}{'░' * (width - filled)} "

    def _described(self, event: ProgressMade) -> str:
        step = visible(event.step)
        if event.unit == "bytes":
            of = f" of {figures.size(event.total)}" if event.total else ""
            return f"{step}: {figures.size(event.done)}{of}{self._pace(event)}"
        if event.total and event.total > 1:
            return f"{step}: {event.done:,} of {event.total:,}"
        return step

    def _pace(self, event: ProgressMade) -> str:
        (began, before), (now, done) = self._window[0], self._window[-1]
        if now - began < 0.5 or done <= before:
            return ""
        speed = (done - before) / (now - began)
        left = ""
        if event.total and event.done < event.total:
            left = f", {figures.seconds(int(1000 * (event.total - event.done) / speed))} left"
        return f", {figures.size(speed)}/s{left}"
