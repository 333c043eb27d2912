"""What was a real run like? Records one as lines of JSON, and shows it again.

The first line says what was recorded; each further line holds an event and when it came, in
seconds since the beginning; the last holds the result.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pairwright import __version__
from pairwright.errors import InvalidRequest
from pairwright.protocol import messages
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.message import message
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.client import decode_event
from pairwright_client.errors import ClientError
from pairwright_client.receipts import show_receipt
from pairwright_client.render import TaskView, as_sentence
from pairwright_client.terminal import Screen


@message
class Recording:
    """What was recorded."""

    date: str
    version: str
    instruction: str
    strategy: str
    strong: str
    weak: str


class Recorder:
    """Keeps a run's events with their times."""

    def __init__(self, instruction: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin now."""
        self._instruction = instruction
        self._clock = clock
        self._began = clock()
        self._lines: list[dict[str, Any]] = []
        self._started: messages.TaskStarted | None = None

    def hear(self, event: messages.TaskEvent) -> None:
        """Keep an event."""
        if isinstance(event, messages.TaskStarted):
            self._started = event
        self._lines.append({"at": self._now(), "event": encode(event)})

    def write(self, path: Path, result: messages.RunResult) -> None:
        """Write the recording."""
        if self._started is None:
            raise ClientError("there is nothing to record: the task did not start")
        recording = Recording(
            date=datetime.now(UTC).date().isoformat(),
            version=__version__,
            instruction=self._instruction,
            strategy=self._started.strategy,
            strong=self._started.strong,
            weak=self._started.weak,
        )
        end = {"at": self._now(), "result": encode(result)}
        lines = [encode(recording), *self._lines, end]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")

    def _now(self) -> float:
        return round(self._clock() - self._began, 3)


def replay(screen: Screen, path: Path) -> None:
    """Show a recorded run at once, and say that it is one.

    Raises:
        ClientError: the recording is missing or damaged.
    """
    recording, events, result = _read(path)
    took = figures.seconds(result.receipt.duration_ms)
    notice = (
        f"Replay of a real run of {visible(recording.date)} that took {took}; no model is asked."
    )
    screen.line(notice, "bold")
    screen.line(f"Instruction: {visible(recording.instruction)}")
    screen.line()
    # Recorded times, so that a download's speed is shown as it was.
    times = iter([at for at, event in events if isinstance(event, messages.ProgressMade)])
    view = TaskView(screen, clock=lambda: next(times))
    for _, event in events:
        view.show(event)
    show_receipt(screen, result.receipt)
    screen.line()
    screen.line(as_sentence(result.message), "bold")
    screen.line(notice, "dim")


def _read(
    path: Path,
) -> tuple[Recording, list[tuple[float, messages.TaskEvent]], messages.RunResult]:
    try:
        first, *middle, last = map(json.loads, path.read_text("utf-8").splitlines())
        events = [(float(line["at"]), decode_event(line["event"])) for line in middle]
        return decode(Recording, first), events, decode(messages.RunResult, last["result"])
    except OSError as error:
        raise ClientError(f"there is no recording to replay: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, InvalidRequest):
        raise ClientError("the recording is damaged: install the package again") from None
