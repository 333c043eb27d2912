"""Where is feedback kept? In one SQLite file of the workspace's state, bounded, sent nowhere.

Questions repeat most of their text from attempt to attempt: every message is stored once, by its
digest, compressed. When there is more than the bound, the oldest tasks are forgotten as a whole.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from pairwright.disclosure.redaction import without_keys
from pairwright.errors import UserError
from pairwright.feedback.records import EDIT, Attempt, Decision, RememberedTask, ShownText, TaskRun
from pairwright.feedback.tables import connect
from pairwright.llm.model import Message, Tier
from pairwright.storage.database import transaction, used_bytes

MOST_BYTES = 64 * 1024 * 1024
"""Of the file; when it is exceeded, the oldest tasks are forgotten."""
_FORGOTTEN_AT_ONCE = 20


class FeedbackStore:
    """What happened to the tasks of one workspace."""

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES) -> None:
        """Open the file, or begin one.

        Raises:
            UserError: it cannot be used; says why.
        """
        self._path = path
        self._most_bytes = most_bytes
        with self._translated():
            self._connection = connect(path)

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        self._connection.close()

    def add_attempt(self, attempt: Attempt) -> int:
        """Remember an attempt; return its id. What looks like a key is removed first.

        Raises:
            UserError: the file cannot be written.
        """
        question = [
            {"role": message.role, "text": self._digest_of(message.content)}
            for message in attempt.question
        ]
        with self._transaction():
            for message in attempt.question:
                self._put(message.content)
            (attempt_id,) = self._connection.execute(
                "INSERT INTO attempts (task_id, strategy, tier, model, edit_format, question,"
                " answer, is_applied, is_sound, checks, step)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " RETURNING attempt_id",
                (
                    attempt.task_id,
                    attempt.strategy,
                    attempt.tier.value,
                    attempt.model,
                    attempt.edit_format,
                    self._put(json.dumps(question)),
                    self._put(attempt.answer),
                    attempt.is_applied,
                    attempt.is_sound,
                    json.dumps(dict(attempt.checks)),
                    attempt.step,
                ),
            ).fetchone()
            self._keep_within_bound()
        return int(attempt_id)

    def add_task(
        self,
        task_id: str,
        *,
        instruction: str,
        shown: Iterable[ShownText],
        attempt_ids: Iterable[int],
        diff: str,
        difficulty: float = 0.0,
    ) -> None:
        """Remember what a task proposed, if anything; forget the oldest when there is too much.

        Raises:
            UserError: the file cannot be written, or the task is known already.
        """
        with self._transaction():
            self._connection.execute(
                "INSERT INTO tasks (task_id, instruction, shown, attempt_ids, diff, difficulty)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    task_id,
                    _writable(without_keys(instruction)),
                    json.dumps([[each.path, each.digest] for each in shown]),
                    json.dumps(list(attempt_ids)),
                    self._put(diff),
                    difficulty,
                ),
            )
            self._keep_within_bound()

    def add_decision(self, task_id: str, decision: Decision, hunks: int) -> None:
        """Remember what became of some hunks of a task's proposal.

        Raises:
            UserError: the file cannot be written.
        """
        with self._transaction():
            self._connection.execute(
                "INSERT INTO decisions (task_id, decision, hunks) VALUES (?, ?, ?)",
                (task_id, decision.value, hunks),
            )

    def forget(self, task_id: str) -> None:
        """Forget a task, its attempts and what was decided of it.

        Raises:
            UserError: the file cannot be written.
        """
        with self._transaction():
            self._remove([(task_id,)])
            self._remove_unneeded_texts()

    def attempts(self) -> tuple[Attempt, ...]:
        """Return every attempt at an edit, oldest first; see `answers`."""
        return tuple(each for each in self.answers() if each.step == EDIT)

    def answers(self) -> tuple[Attempt, ...]:
        """Return every answer, oldest first; one whose text is damaged is left out."""
        with self._translated():
            rows = self._connection.execute(
                "SELECT attempt_id, task_id, strategy, tier, model, edit_format, question, answer,"
                " is_applied, is_sound, checks, step FROM attempts ORDER BY attempt_id"
            ).fetchall()
            # Attempts share most of their texts: in memory, too, each is there once.
            get = cache(self._get)
            return tuple(found for row in rows if (found := _attempt(row, get)) is not None)

    def tasks(self, *, latest: int | None = None) -> tuple[RememberedTask, ...]:
        """Return every task, oldest first; with `latest`, only that many, the last ones."""
        with self._translated():
            rows = self._connection.execute(
                "SELECT task_id, instruction, shown, attempt_ids, diff, difficulty FROM tasks"
                " ORDER BY number DESC LIMIT ?",
                (-1 if latest is None else latest,),
            ).fetchall()
            return tuple(self._task(row, self._decisions_on(row[0])) for row in reversed(rows))

    def runs(self, *, latest: int) -> Mapping[str, TaskRun]:
        """Return by what the latest answered tasks were done, and how well, by their ids."""
        with self._translated():
            rows = self._connection.execute(
                "SELECT task_id, max(strategy), max(coalesce(is_sound, 0)) FROM attempts"
                " WHERE step = ? GROUP BY task_id ORDER BY max(attempt_id) DESC LIMIT ?",
                (EDIT, latest),
            ).fetchall()
        return {task_id: TaskRun(strategy, bool(sound)) for task_id, strategy, sound in rows}

    def decisions(self, *, latest: int) -> Mapping[str, Mapping[Decision, int]]:
        """Return what became of the latest tasks, by their ids, oldest first; no text is read."""
        with self._translated():
            tasks = self._connection.execute(
                "SELECT task_id FROM tasks ORDER BY number DESC LIMIT ?", (latest,)
            ).fetchall()
            rows = self._connection.execute(
                "SELECT task_id, decision, sum(hunks) FROM decisions GROUP BY task_id, decision"
            ).fetchall()
        found: dict[str, dict[Decision, int]] = {task_id: {} for (task_id,) in reversed(tasks)}
        for task_id, decision, hunks in rows:
            if task_id in found:
                found[task_id][Decision(decision)] = hunks
        return found

    def _decisions_on(self, task_id: str) -> dict[Decision, int]:
        found = self._connection.execute(
            "SELECT decision, sum(hunks) FROM decisions WHERE task_id = ? GROUP BY decision",
            (task_id,),
        )
        return {Decision(decision): hunks for decision, hunks in found}

    def _task(self, row: tuple[Any, ...], decisions: Mapping[Decision, int]) -> RememberedTask:
        return RememberedTask(
            task_id=row[0],
            instruction=row[1],
            shown=tuple(ShownText(path, digest) for path, digest in json.loads(row[2])),
            attempt_ids=tuple(json.loads(row[3])),
            diff=self._get(row[4]) or "",
            decisions=decisions,
            difficulty=row[5],
        )

    def _digest_of(self, text: str) -> str:
        return hashlib.sha256(without_keys(text).encode("utf-8", "surrogatepass")).hexdigest()

    def _put(self, text: str) -> str:
        """Store a text without what looks like a key; return its digest."""
        body = without_keys(text).encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(body).hexdigest()
        self._connection.execute(
            "INSERT OR IGNORE INTO texts (digest, body) VALUES (?, ?)",
            (digest, zlib.compress(body)),
        )
        return digest

    def _get(self, digest: str) -> str | None:
        """Return a stored text; None when it is gone or damaged."""
        row = self._connection.execute(
            "SELECT body FROM texts WHERE digest = ?", (digest,)
        ).fetchone()
        if row is None:
            return None
        try:
            body = zlib.decompress(row[0])
        except zlib.error:
            return None
        if hashlib.sha256(body).hexdigest() != digest:
            return None
        return body.decode("utf-8", "surrogatepass")

    def _keep_within_bound(self) -> None:
        while used_bytes(self._connection) > self._most_bytes and self._forget_oldest():
            pass

    def _forget_oldest(self) -> bool:
        """Forget some tasks, and the texts that nothing else needs; tell whether there were any.

        The latest task stays, however large it is.
        """
        known_tasks = (
            self._connection.execute(
                "SELECT task_id FROM attempts GROUP BY task_id ORDER BY min(attempt_id)"
            ).fetchall()
            or self._connection.execute("SELECT task_id FROM tasks ORDER BY number").fetchall()
        )
        oldest = known_tasks[:-1][:_FORGOTTEN_AT_ONCE]
        self._remove(oldest)
        self._remove_tasks_without_attempts()
        self._remove_unneeded_texts()
        return bool(oldest)

    def _remove(self, tasks: Sequence[tuple[str]]) -> None:
        for table in ("attempts", "decisions", "tasks"):
            self._connection.executemany(
                f"DELETE FROM {table} WHERE task_id = ?",  # noqa: S608 - a name of ours
                tasks,
            )

    def _remove_tasks_without_attempts(self) -> None:
        """Remove those that are older than what is still known, and decisions on no task."""
        self._connection.execute(
            "DELETE FROM tasks WHERE task_id NOT IN (SELECT task_id FROM attempts) AND number <"
            " (SELECT min(number) FROM tasks WHERE task_id IN (SELECT task_id FROM attempts))"
        )
        self._connection.execute(
            "DELETE FROM decisions WHERE task_id NOT IN (SELECT task_id FROM tasks)"
        )

    def _remove_unneeded_texts(self) -> None:
        needed = {
            digest
            for row in self._connection.execute(
                "SELECT question, answer FROM attempts UNION ALL SELECT diff, diff FROM tasks"
            )
            for digest in row
        }
        for (question,) in self._connection.execute("SELECT DISTINCT question FROM attempts"):
            text = self._get(question)
            needed.update(each["text"] for each in json.loads(text or "[]"))
        known = [digest for (digest,) in self._connection.execute("SELECT digest FROM texts")]
        self._connection.executemany(
            "DELETE FROM texts WHERE digest = ?",
            [(digest,) for digest in known if digest not in needed],
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated(), transaction(self._connection):
            yield

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise UserError(f"the feedback {self._path.name!r} cannot be used: {error}") from error


def _attempt(row: tuple[Any, ...], get: Callable[[str], str | None]) -> Attempt | None:
    """Return the attempt of a row; None when a text of it is gone."""
    question, answer = get(row[6]), get(row[7])
    messages = [] if question is None else _messages(question, get)
    if answer is None or not messages:
        return None
    return Attempt(
        attempt_id=row[0],
        task_id=row[1],
        strategy=row[2],
        tier=Tier(row[3]),
        model=row[4],
        edit_format=row[5],
        question=tuple(messages),
        answer=answer,
        is_applied=bool(row[8]),
        is_sound=None if row[9] is None else bool(row[9]),
        checks=json.loads(row[10]),
        step=row[11],
    )


def _messages(question: str, get: Callable[[str], str | None]) -> list[Message]:
    messages = []
    for each in json.loads(question):
        text = get(each["text"])
        if text is None:
            return []
        role = cast('Literal["system", "user", "assistant"]', each["role"])
        messages.append(Message(role, text))
    return messages


def _writable(text: str) -> str:
    """Return the text without halves of characters, which a column of texts cannot hold."""
    return text.encode("utf-8", "replace").decode()
