"""What leaves for a model, and is it written down? The one exit of every request.

Whoever asks a model, for whatever reason and however often, does so through a provider that was
guarded here: what looks like a secret and what nobody sees is taken out, the destination is looked
at, and what leaves is on record before it does.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from pairwright.disclosure.log import Departure, DisclosureLog, Part, part_of
from pairwright.disclosure.policy import Policy, clean_for_model
from pairwright.errors import NotDisclosed, UnreadableFile
from pairwright.llm.destinations import Destination, why_not_local
from pairwright.llm.model import (
    Completion,
    Message,
    ModelRequest,
    Provider,
    TextDelta,
)
from pairwright.llm.standing_in import StandIn
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath

WhyNotLocal = Callable[[Destination], str | None]
"""Says why what is sent to a destination may leave this machine; None when it cannot."""


@dataclass(frozen=True, slots=True)
class _Origin:
    task_id: str
    is_local_only: bool


_origin: ContextVar[_Origin] = ContextVar("origin")
"""For which task something leaves. Without one nothing does, so it has no default."""


def policy_for(root: Path, never: Iterable[str]) -> Policy:
    """Return what is withheld of a workspace, whose ignore files are read when they are needed."""
    files = DiskFileSystem(root)

    def read(path: str) -> str | None:
        try:
            return files.read(WorkspacePath(path)).text
        except UnreadableFile:
            return None

    return Policy(never=tuple(never), read_ignore_file=read)


class Exit:
    """The exit of one workspace."""

    def __init__(
        self,
        log: DisclosureLog,
        policy: Policy,
        *,
        is_local_only: bool,
        why_not_local: WhyNotLocal = why_not_local,
    ) -> None:
        """Guard with these rules.

        Args:
            log: where it is written down.
            policy: what is withheld.
            is_local_only: whether nothing may leave this machine, whatever a task says.
            why_not_local: tells whether a destination is this machine.
        """
        self.log = log
        self.policy = policy
        self.is_local_only = is_local_only
        self._why_not_local = why_not_local

    @contextmanager
    def task(self, task_id: str, *, is_local_only: bool = False) -> Iterator[None]:
        """Let what leaves within the block be of this task; a task may only tighten."""
        token = _origin.set(_Origin(task_id, is_local_only or self.is_local_only))
        try:
            yield
        finally:
            _origin.reset(token)

    def guarded(self, provider: Provider) -> Provider:
        """Return the provider behind the exit."""
        return _Guarded(provider, self)

    def cleaned(self, request: ModelRequest) -> ModelRequest:
        """Return what of a request may leave; once cleaned, it stays as it is.

        Raises:
            NotDisclosed: a file that is shown whole would be changed on its way, and a model that
                reads a file with a hole may write the hole back.
        """
        taken_out = 0
        messages = []
        for message in request.messages:
            cleaned = self.policy.cleaned(message.content)
            taken_out += cleaned.secrets
            messages.append(replace(message, content=cleaned.text))
        if taken_out:
            _require_whole_files(request, messages)
        return replace(
            request,
            messages=tuple(messages),
            grammar=self._harmless(request.grammar),
            sources=tuple(
                replace(each, text=self.policy.cleaned(each.text).text) for each in request.sources
            ),
            taken_out=request.taken_out + taken_out,
        )

    def _harmless(self, grammar: str | None) -> str | None:
        # It quotes lines of the files. Without it a model answers freely, and is read all the same.
        if grammar is None or clean_for_model(grammar) != grammar or self.policy.find(grammar):
            return None
        return grammar

    async def require_local(
        self, providers: Iterable[Provider], missing: Mapping[str, int]
    ) -> None:
        """Check a choice of models before a task begins.

        Args:
            providers: who would be asked.
            missing: models that would have to be downloaded first.

        Raises:
            NotDisclosed: nothing may leave this machine, and something would.
        """
        if not _current().is_local_only:
            return
        for provider in providers:
            await self._require_local(provider)
        if missing:
            name = next(iter(missing))
            raise NotDisclosed(
                f"{name!r} is not on this machine yet, and nothing may leave it (local_only), not "
                f"even to download: run `pairwright models pull {name.rpartition('/')[2]}` first"
            )

    async def leave(self, request: ModelRequest, provider: Provider) -> ModelRequest:
        """Return what may leave for a provider, after it was written down.

        Raises:
            NotDisclosed: nothing of it may.
            UserError: it cannot be written down.
        """
        origin = _current()
        if origin.is_local_only:
            await self._require_local(provider)
        leaving = self.cleaned(request)
        self.log.add(
            Departure(
                task_id=origin.task_id,
                host=provider.destination.host,
                is_local=provider.destination.is_loopback,
                model=provider.model,
                parts=_parts(leaving),
                taken_out=leaving.taken_out,
            )
        )
        return leaving

    async def _require_local(self, provider: Provider) -> None:
        reason = await asyncio.to_thread(self._why_not_local, provider.destination)
        if reason is not None:
            raise NotDisclosed(
                f"{provider.model!r} is not asked: {reason}, and nothing may leave it "
                "(local_only); name models of this machine by --strong and --weak"
            )


def _current() -> _Origin:
    try:
        return _origin.get()
    except LookupError:
        raise NotDisclosed("nothing leaves this machine but for a task") from None


def _require_whole_files(request: ModelRequest, cleaned: Iterable[Message]) -> None:
    pairs = list(zip(request.messages, cleaned, strict=True))
    for source in request.sources:
        if not source.path or not source.text:
            continue
        shown = clean_for_model(source.text)
        for before, after in pairs:
            if shown in clean_for_model(before.content) and shown not in after.content:
                raise NotDisclosed(
                    f"{source.path!r} now holds what looks like a secret, so it is not shown to "
                    "models: change it by hand"
                )


def _parts(request: ModelRequest) -> tuple[Part, ...]:
    """Return what the messages are made of; what nobody named is told as one sum."""
    everything = "\0".join(message.content for message in request.messages)
    parts: list[Part] = []
    for source in request.sources:
        if source.text and source.text in everything:
            # Each place counts once: a plan may quote the instruction.
            everything = everything.replace(source.text, "\0", 1)
            parts.append(part_of(source.kind, source.text, source.path))
    rest = len(everything.replace("\0", "").encode("utf-8", "replace"))
    if rest:
        parts.append(Part("prompts and the models' own words", "", "", rest))
    if request.grammar:
        parts.append(part_of("grammar", request.grammar))
    return tuple(parts)


class _Guarded(StandIn):
    """A provider behind the exit."""

    def __init__(self, provider: Provider, exit_: Exit) -> None:
        super().__init__(provider)
        self._exit = exit_

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        leaving = await self._exit.leave(request, self._provider)
        async with aclosing(self._provider.stream(leaving)) as items:
            async for item in items:
                yield item
