"""Where are this workspace's plans? In its state directory: one small file each, the latest only.

Nothing that a person wrote is lost: a text is kept as it is, also one that is no plan, before
anybody is told that it was taken. Plans survive the daemon.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pairwright.engine.tasks.task import to_its_end
from pairwright.errors import InvalidRequest, StaleChange, UnknownPlan, UserError
from pairwright.feedback.notes import Notebook
from pairwright.llm.model import Price
from pairwright.planning.document import read_document
from pairwright.planning.plan import Plan
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.message import message

MOST_PLANS = 100
MOST_CHARACTERS = 200_000
"""Of one plan's document."""
_log = logging.getLogger(__name__)


@message
class PlanRecord:
    """A plan as it is kept."""

    plan_id: str
    version: int
    """From 1; one higher with each text."""
    text: str
    """The document, as it was written."""
    valid_text: str | None
    """The latest text that was a plan; None when there never was one."""
    instruction: str
    file: str | None = None
    first_line: int | None = None
    last_line: int | None = None
    origin: str
    written_at: str
    """UTC, ISO 8601."""
    task_id: str | None = None
    cost_usd: Decimal | None = None
    unpriced_calls: int = 0

    @property
    def last_valid(self) -> Plan | None:
        """What the document meant when it was last a plan."""
        return None if self.valid_text is None else read_document(self.valid_text).plan


class PlanBook:
    """The plans of one workspace; read from disk when first asked for."""

    def __init__(self, state_dir: Path, *, most: int = MOST_PLANS) -> None:
        """Keep them below a state directory."""
        self.prices: tuple[Price | None, Price | None] | None = None
        """Of the strong and the weak model that a task would use; None until somebody asked."""
        self.notices: tuple[str, ...] = ()
        """Plans that are there and cannot be read, one sentence each."""
        self._notebook = Notebook(state_dir / "plans", most=most)
        self._most = most
        self._records: dict[str, PlanRecord] | None = None
        self._lock = asyncio.Lock()

    async def all(self) -> tuple[PlanRecord, ...]:
        """Return every plan, the one that was written last first."""
        async with self._lock:
            return tuple(reversed((await self._known()).values()))

    async def find(self, plan_id: str | None = None) -> PlanRecord:
        """Return the plan whose id begins so; the one that was written last by default.

        Raises:
            UnknownPlan: there is none, or there are several.
        """
        return _found(await self.all(), plan_id)

    async def add(self, text: str, *, origin: str, **about: Any) -> PlanRecord:
        """Keep a new plan; `about` are further fields of the record.

        Raises:
            InvalidRequest: the text is too long.
            UserError: it cannot be kept.
        """
        record = PlanRecord(
            plan_id=secrets.token_hex(4),
            version=1,
            text=text,
            valid_text=None,
            origin=origin,
            written_at=_now(),
            **{"instruction": "", **about},
        )
        async with self._lock:
            return await self._keep(record)

    async def rewrite(self, plan_id: str, text: str, base_version: int) -> PlanRecord:
        """Keep what somebody made of a plan's text; the same text again changes nothing.

        Raises:
            UnknownPlan: there is none of that id.
            StaleChange: it was made of another version than the present one.
            InvalidRequest: the text is too long.
            UserError: it cannot be kept.
        """
        async with self._lock:
            record = _found(tuple((await self._known()).values()), plan_id)
            if text == record.text:
                return record
            if base_version != record.version:
                raise StaleChange(
                    f"the plan {record.plan_id!r} is version {record.version} by now, and this "
                    f"text was made of version {base_version}: read it again, and carry over what "
                    "you wrote"
                )
            changed = replace(record, text=text, version=record.version + 1, written_at=_now())
            return await self._keep(changed)

    async def _keep(self, record: PlanRecord) -> PlanRecord:
        if len(record.text) > MOST_CHARACTERS:
            raise InvalidRequest(
                f"the plan has {len(record.text):,} characters, and at most {MOST_CHARACTERS:,} "
                "are kept: make two plans of it"
            )
        if read_document(record.text).plan is not None:
            record = replace(record, valid_text=record.text)
        known = await self._known()

        async def write() -> None:
            await asyncio.to_thread(
                self._notebook.keep, record.plan_id, json.dumps(encode(record), indent=1)
            )
            known.pop(record.plan_id, None)
            known[record.plan_id] = record
            for oldest in list(known)[: -self._most]:
                del known[oldest]

        try:
            # What is written must also be known, whoever stops waiting for it.
            await to_its_end(write())
        except OSError as error:
            raise UserError(f"the plan cannot be kept: {error.strerror or error}") from None
        return record

    async def _known(self) -> dict[str, PlanRecord]:
        if self._records is not None:
            return self._records
        known, self.notices = await asyncio.to_thread(_read_all, self._notebook)
        self._records = known
        return known


def _read_all(notebook: Notebook) -> tuple[dict[str, PlanRecord], tuple[str, ...]]:
    records, notices = {}, []
    try:
        keys = notebook.keys()
    except OSError as error:
        return {}, (f"the plans cannot be read: {error.strerror or error}",)
    for key in keys:
        record = _record_of(notebook.recall(key))
        if record is None or record.plan_id != key:
            _log.warning("the plan %s is damaged", key)
            notices.append(f"the plan {key!r} is damaged and left out: its file is kept")
        else:
            records[key] = record
    return records, tuple(notices)


def _record_of(text: str | None) -> PlanRecord | None:
    try:
        found = json.loads(text or "")
        return decode(PlanRecord, found) if isinstance(found, Mapping) else None
    except (ValueError, RecursionError, InvalidRequest):
        return None


def _found(records: tuple[PlanRecord, ...], plan_id: str | None) -> PlanRecord:
    if plan_id is None:
        if not records:
            raise UnknownPlan("there is no plan in this workspace yet: `pairwright plan` makes one")
        return records[0]
    wanted = plan_id.strip().lower()
    found = [each for each in records if each.plan_id == wanted] or [
        each for each in records if wanted and each.plan_id.startswith(wanted)
    ]
    if len(found) > 1:
        raise UnknownPlan(f"{len(found)} plans begin with {plan_id!r}: write more of the id")
    if not found:
        raise UnknownPlan(f"there is no plan {plan_id[:80]!r}: `pairwright plan --list` lists them")
    return found[0]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
