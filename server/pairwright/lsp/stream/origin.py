"""Whose log line is this? The session and the task, bound where each begins."""

from contextvars import ContextVar

session_id: ContextVar[str] = ContextVar("session_id", default="-")
task_id: ContextVar[str] = ContextVar("task_id", default="-")
