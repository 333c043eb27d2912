"""What left this machine? The log's entries, as a client reads them."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pairwright.disclosure.log import Departure, DisclosureLog
from pairwright.errors import InvalidRequest
from pairwright.protocol import disclosure_messages as messages

MOST_CALLS = 2000
"""How many one answer tells at most."""


async def disclosed(path: Path, params: messages.DisclosedParams) -> messages.DisclosedResult:
    """Return what left, the newest first, and what each host was sent in all.

    Args:
        path: where the log is.
        params: what is asked of it.

    Raises:
        InvalidRequest: the limit or the moment makes no sense.
        UserError: the log cannot be read.
    """
    if not 1 <= params.limit <= MOST_CALLS:
        raise InvalidRequest(f"limit: give a number from 1 to {MOST_CALLS}")
    since = _moment(params.since)
    # Summing up a full log takes a fifth of a second, in which nobody else should wait.
    return await asyncio.to_thread(_read, path, params, since)


def _read(
    path: Path, params: messages.DisclosedParams, since: datetime | None
) -> messages.DisclosedResult:
    with closing(DisclosureLog(path)) as log:
        calls = log.departures(task_id=params.task_id, since=since, limit=params.limit)
        hosts = log.totals(task_id=params.task_id, since=since)
        forgotten = log.forgotten
    return messages.DisclosedResult(
        calls=tuple(map(_to_call, calls)),
        hosts=tuple(
            messages.DisclosedHost(
                host=each.host,
                is_local=each.is_local,
                calls=each.calls,
                bytes=each.bytes,
                files=each.files,
            )
            for each in hosts
        ),
        notice=f"the oldest {forgotten} calls are no longer on record" if forgotten else "",
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except ValueError:
        raise InvalidRequest(
            f"{text!r} is no moment: give a date such as 2026-11-22 or a time such as "
            "2026-11-22T16:00"
        ) from None


def _to_call(departure: Departure) -> messages.DisclosedCall:
    return messages.DisclosedCall(
        at=departure.at,
        task_id=departure.task_id,
        host=departure.host,
        is_local=departure.is_local,
        model=departure.model,
        bytes=departure.bytes,
        taken_out=departure.taken_out,
        parts=tuple(
            messages.DisclosedPart(
                kind=part.kind, path=part.path, digest=part.digest, bytes=part.bytes
            )
            for part in departure.parts
        ),
    )
