"""What does `pairwright disclosed` say? Which bytes of which file went where, as a table."""

import argparse
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pairwright.protocol import disclosure_messages as messages
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.errors import UsageError
from pairwright_client.queries import ask, write_json
from pairwright_client.terminal import Screen

_AGO = re.compile(r"(?P<count>\d{1,6})(?P<unit>[mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SHOWN_DIGEST = 12
_SHOWN_TASK = 8


def disclosed(args: argparse.Namespace) -> int:
    """Show what models were sent, by task and host."""
    params = messages.DisclosedParams(
        task_id=args.task, since=moment_of(args.since, datetime.now(UTC)), limit=args.limit
    )
    answer = ask(args, lambda client: client.disclosed(params))
    if args.json:
        write_json(answer)
    else:
        show_disclosed(
            Screen.of(sys.stdout), answer, is_of_all=args.task is None and args.since is None
        )
    return 0


def moment_of(text: str | None, now: datetime) -> str | None:
    """Return the moment that an option names; `90m`, `12h` and `7d` count back from now.

    Raises:
        UsageError: it names none.
    """
    if text is None:
        return None
    if ago := _AGO.fullmatch(text):
        try:
            return (now - timedelta(**{_UNITS[ago["unit"]]: int(ago["count"])})).isoformat()
        except OverflowError:
            raise UsageError(f"--since goes too far back: {text!r}") from None
    try:
        moment = datetime.fromisoformat(text)
        # Who types a time means the clock on the wall.
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        raise UsageError(
            f"--since takes a date such as 2026-11-22, a time such as 2026-11-22T16:00, "
            f"or 90m, 12h, 7d, not {text!r}"
        ) from None


def show_disclosed(
    screen: Screen, answer: messages.DisclosedResult, *, is_of_all: bool = True
) -> None:
    """Write what was sent: a block a task and host, the oldest first, then the sums.

    Args:
        is_of_all: all that is on record was asked for, not a task's or what is new.
    """
    if not answer.calls:
        which = "" if is_of_all else " that this asks for: 'pairwright disclosed' shows all"
        screen.line(f"Nothing was sent to any model{which}.")
        return
    for group in _groups(answer.calls):
        screen.line()
        _show_group(screen, group)
    screen.line()
    for host in answer.hosts:
        where = "stayed on this machine" if host.is_local else "left this machine"
        files = figures.counted(host.files, "file")
        calls = figures.counted(host.calls, "call")
        line = f"{visible(host.host)}: {_size(host.bytes)} in {calls}, of {files}; {where}"
        screen.line(line, "bold")
    total = sum(host.calls for host in answer.hosts)
    if total > len(answer.calls):
        screen.line(
            f"The newest {len(answer.calls):,} of {total:,} calls; --limit shows more.", "dim"
        )
    if answer.notice:
        screen.line(visible(answer.notice), "dim")


@dataclass(slots=True)
class _Group:
    """The calls of one task to one model at one host, the oldest first."""

    calls: list[messages.DisclosedCall] = field(default_factory=list)

    @property
    def first(self) -> messages.DisclosedCall:
        return self.calls[0]


def _groups(calls: Iterable[messages.DisclosedCall]) -> Iterable[_Group]:
    groups: dict[tuple[str, str, str], _Group] = {}
    for call in reversed(tuple(calls)):
        groups.setdefault((call.task_id, call.host, call.model), _Group()).calls.append(call)
    return groups.values()


def _show_group(screen: Screen, group: _Group) -> None:
    first = group.first
    at = datetime.fromisoformat(first.at).astimezone()
    screen.line(
        f"{at:%Y-%m-%d %H:%M}  task {visible(first.task_id[:_SHOWN_TASK])}  "
        f"to {visible(first.host)} ({visible(first.model)})",
        "bold",
    )
    sums: dict[tuple[str, str, str], list[int]] = {}
    for call in group.calls:
        for part in call.parts:
            key = (part.kind, part.path, part.digest if part.path else "")
            sums.setdefault(key, []).append(part.bytes)
    rows = [("what", "which", "sha-256", "bytes", "times")]
    # Files first, as they were shown; then all else.
    for (kind, path, digest), sizes in sorted(sums.items(), key=lambda each: not each[0][1]):
        rows.append(
            (
                visible(kind),
                visible(path),
                visible(digest[:_SHOWN_DIGEST]),
                f"{sum(sizes):,}",
                f"{len(sizes):,}",
            )
        )
    calls = figures.counted(len(group.calls), "call")
    rows.append((calls, "", "", f"{sum(call.bytes for call in group.calls):,}", ""))
    headings, *lines, total = figures.columns(rows, right=frozenset({3, 4}))
    screen.line(f"  {headings}", "dim")
    for line in lines:
        screen.line(f"  {line}")
    screen.line(f"  {total}", "dim")
    if taken_out := max(call.taken_out for call in group.calls):
        secrets = figures.counted(taken_out, "secret")
        screen.line(f"  {secrets} taken out of what was sent", "yellow")


def _size(count: int) -> str:
    return f"{count:,} bytes" if count < 10_000 else figures.size(count)
