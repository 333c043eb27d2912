"""How is a task continued without paying twice? Its finished calls are kept until it is decided.

To continue is to run the strategy again: a request that was answered before is answered from here,
costs nothing and has no entry in the ledger. What the files say by then is in the requests, so a
text that moved on is asked about anew.

An answer is kept under a digest of its request, never the request itself. One that holds what looks
like a key stays in memory and is not written.
"""

import hashlib
import json
import logging
import os
import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pairwright.disclosure.redaction import PROCESS_REDACTOR
from pairwright.errors import BudgetExceeded, ModelError, UnknownTask
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Model,
    ModelRequest,
    OnText,
    Usage,
)
from pairwright.llm.standing_in import ModelStandIn

MOST_TASKS = 20
"""When there are more, the oldest are forgotten."""
MOST_BYTES = 16 * 1024 * 1024
"""Of one task; what comes after is not kept, and is paid again."""
_NAME = re.compile(r"[0-9a-f]{32}")
_VOLATILE = re.compile(
    r"pairwright-check-\w+"  # a scratch copy's own directory
    r"|\b\d+\.\d+ ?s\b|\(\d+ ms\)"  # how long tests took
    r"|\b0x[0-9a-f]{4,16}\b"  # where an object lay
)
"""What differs between two runs of the same tests, and makes no other question of them."""
_log = logging.getLogger(__name__)


class UnfinishedTasks:
    """The tasks of a workspace that may be continued."""

    def __init__(self, folder: Path | None) -> None:
        """Keep them in a folder, which is made when it is needed; None: in memory alone."""
        self._folder = folder
        self._open: dict[str, KeptAnswers] = {}

    def begin(self, task_id: str) -> "KeptAnswers":
        """Return what keeps a new task's answers; nothing is written before there is one."""
        self._make_room()
        answers = KeptAnswers(task_id, self._path_of(task_id))
        self._open[task_id] = answers
        return answers

    def find(self, name: str | None = None) -> str:
        """Return the id of a task of which something is kept.

        Args:
            name: the id, or a beginning of it that no other has; None: the last one.

        Raises:
            UnknownTask: nothing is kept of such a task.
        """
        found = [each for each in self._known() if name is None or each.startswith(name)]
        if not found and name is None:
            raise UnknownTask("there is no task to continue")
        if not found:
            raise UnknownTask(
                f"nothing is kept of a task {name!r}: there was none, nobody answered it, it was "
                f"decided, or {MOST_TASKS} others came after it"
            )
        if name is not None and len(found) > 1:
            raise UnknownTask(f"more than one task begins with {name!r}: give more of its id")
        return found[-1]

    def resume(self, task_id: str) -> "KeptAnswers":
        """Return what was kept of a task, ready for it to be run again.

        Raises:
            UnknownTask: nothing that can be read is kept of it.
        """
        known = self._open.get(task_id)
        if known is None:
            known = KeptAnswers(task_id, self._path_of(task_id))
            known.read()
            if not known.is_kept:
                raise UnknownTask(f"what was kept of the task {task_id!r} cannot be read")
            self._open[task_id] = known
        known.rewind()
        return known

    def rest(self, answers: "KeptAnswers") -> None:
        """Say that a task does not run any more; what nobody answered needs no room."""
        answers.is_in_use = False
        if not answers.is_kept:
            self._open.pop(answers.task_id, None)

    def forget(self, task_id: str) -> None:
        """Remove what was kept of a task; harmless when there is nothing."""
        self._open.pop(task_id, None)
        path = self._path_of(task_id)
        if path is not None and _NAME.fullmatch(task_id):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _known(self) -> list[str]:
        """Return the tasks of which something is kept, the last one last."""
        ages: dict[str, float] = {}
        if self._folder is not None:
            with suppress(OSError):
                for path in self._folder.glob("*.jsonl"):
                    if _NAME.fullmatch(path.stem):
                        ages[path.stem] = path.stat().st_mtime
        ages |= {task_id: each.used_at for task_id, each in self._open.items() if each.is_kept}
        return sorted(ages, key=lambda task_id: ages[task_id])

    def _make_room(self) -> None:
        for task_id in self._known()[: -(MOST_TASKS - 1)]:
            if task_id not in self._open or not self._open[task_id].is_in_use:
                self.forget(task_id)

    def _path_of(self, task_id: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{task_id}.jsonl"


class KeptAnswers:
    """One task's finished calls, and what it was asked for."""

    def __init__(self, task_id: str, path: Path | None) -> None:
        """Use `UnfinishedTasks.begin` or `resume`."""
        self.task_id = task_id
        self.request = ""
        """What whoever runs the task needs to run it again, as text."""
        self.replayed: Counter[str] = Counter()
        """Answers of this run that were there before."""
        self.failure: BudgetExceeded | ModelError | None = None
        """Why the last call of this run gave no answer, if it gave none."""
        self.is_in_use = True
        """Whether the task runs: then it is not forgotten for others."""
        self.used_at = 0.0
        """When something was last kept or taken, in seconds since the epoch."""
        self.is_kept = False
        """Whether there is anything to go on from."""
        self._path = path
        self._bytes = 0
        self._all: dict[str, list[Completion]] = defaultdict(list)
        self._left: dict[str, deque[Completion]] = {}

    def model(self, model: Model) -> Model:
        """Return the model, which is not asked again what it has answered."""
        return _ResumableModel(model, self)

    def is_replayed(self, text: str) -> bool:
        """Tell whether an answer was there before this run."""
        return text in self.replayed

    def describe(self, request: str) -> None:
        """Say what the task was asked for; written with the first answer, or when it changes."""
        self.request = request
        if self.is_kept:
            self._append({"request": request})

    def save(self) -> None:
        """Write down what the task was asked for, though nobody answered yet."""
        if not self.is_kept:
            self.is_kept = True
            self._append({"request": self.request})

    def rewind(self) -> None:
        """Begin a new run: every kept answer is there to be taken once."""
        self._left = {digest: deque(answers) for digest, answers in self._all.items()}
        self.replayed = Counter()
        self.failure = None
        self.is_in_use = True
        self.used_at = time.time()

    def take(self, digest: str) -> Completion | None:
        """Return the next kept answer to a request; None when it must be asked."""
        left = self._left.get(digest)
        if not left:
            return None
        answer = left.popleft()
        self.replayed[answer.text] += 1
        return answer

    def keep(self, digest: str, answer: Completion) -> None:
        """Keep an answer; what cannot be kept is paid again, and nothing else comes of it."""
        self.save()
        size = len(answer.text.encode("utf-8", "surrogatepass"))
        if self._bytes + size > MOST_BYTES:
            return
        self._bytes += size
        self._all[digest].append(answer)
        self._append(_written(digest, answer))

    def read(self) -> None:
        """Read what was kept on the disk; a line that is broken is left out."""
        for line in self._lines():
            match line:
                case {"request": str(request)}:
                    self.request = request
                case {"digest": str(digest)}:
                    answer = _read(line)
                    if answer is not None:
                        self._all[digest].append(answer)
                        self._bytes += len(answer.text)
        self.is_kept = bool(self.request)

    def _lines(self) -> Iterator[Any]:
        if self._path is None:
            return
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with open(file, encoding="utf-8", errors="replace") as stream:
                content = stream.read(2 * MOST_BYTES)
        except OSError:
            return
        for line in content.split("\n"):
            with suppress(ValueError, RecursionError):
                yield json.loads(line)

    def _append(self, line: dict[str, Any]) -> None:
        self.used_at = time.time()
        text = json.dumps(line)
        if self._path is None or _holds_secret(line):
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            file = os.open(self._path, flags, 0o600)
            try:
                # A line that a crash cut off must not spoil this one.
                os.write(file, f"\n{text}\n".encode())
            finally:
                os.close(file)
        except OSError as error:
            _log.warning("an answer is not kept: %s", error.strerror)


class _ResumableModel(ModelStandIn):
    """A metered model and the answers that it gave before."""

    def __init__(self, model: Model, answers: "KeptAnswers") -> None:
        super().__init__(model)
        self._answers = answers

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        """Answer from what is kept, else ask; see `Model.complete`."""
        digest = digest_of(self.name, request)
        kept = self._answers.take(digest)
        if kept is not None:
            if on_text is not None and kept.text:
                await on_text(kept.text)
            return kept
        try:
            # Between the end of this call and `keep` nothing waits, so no cancellation comes.
            answer = await super().complete(request, step=step, on_text=on_text)
        except (BudgetExceeded, ModelError) as error:
            self._answers.failure = error
            raise
        self._answers.failure = None
        self._answers.keep(digest, answer)
        return answer


def digest_of(model: str, request: ModelRequest) -> str:
    """Return what tells a request from others, whatever is volatile left aside."""
    asked = [
        model,
        [[each.role, _VOLATILE.sub("", each.content)] for each in request.messages],
        request.max_output_tokens,
        request.temperature,
        request.stop,
        request.grammar,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _holds_secret(line: dict[str, Any]) -> bool:
    texts = [value for value in line.values() if isinstance(value, str)]
    # A request is JSON inside: what an escape joins to a key would hide it.
    return any(PROCESS_REDACTOR.is_in(re.sub(r"\\.", " ", text)) for text in texts)


def _written(digest: str, answer: Completion) -> dict[str, Any]:
    usage = answer.usage
    return {
        "digest": digest,
        "text": answer.text,
        "finish": answer.finish_reason.value,
        "usage": [usage.uncached_input, usage.cache_read, usage.cache_write, usage.output],
        "reasoning": usage.reasoning,
        "isEstimated": usage.is_estimated,
    }


def _read(line: dict[str, Any]) -> Completion | None:
    try:
        uncached_input, cache_read, cache_write, output = map(int, line["usage"])
        reasoning, is_estimated = int(line["reasoning"]), bool(line["isEstimated"])
        usage = Usage(uncached_input, cache_read, cache_write, output, reasoning, is_estimated)
        return Completion(str(line["text"]), usage, FinishReason(line["finish"]))
    except (KeyError, TypeError, ValueError):
        return None
