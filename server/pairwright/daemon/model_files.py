"""Which models can be asked here? The command `models`: list, pull, test."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import TextIO

from pairwright.daemon.configuration import load_settings, user_settings_file
from pairwright.daemon.model_views import describe_model, describe_named
from pairwright.errors import ModelError, NoModel, UserError
from pairwright.llm.catalog import (
    CATALOG,
    EMBEDDED_PREFIX,
    EmbeddedModel,
    is_downloaded,
    missing_bytes,
    models_directory,
)
from pairwright.llm.choices import open_provider
from pairwright.llm.download import Means, fetch_model, import_file
from pairwright.llm.keys import KeyChain, SystemKeyring
from pairwright.llm.model import Completion, Message, ModelRequest, Progress, Provider
from pairwright.protocol.rendezvous import workspace_around
from pairwright.protocol.terminal import visible
from pairwright.settings import ModelSettings

_QUESTION = "Write a Python function that reverses a string. Answer with code only."
_ANSWER_TOKENS = 128
_BAR_CELLS = 24


def main(args: argparse.Namespace) -> int:
    """Run the command `models`."""
    try:
        match args.action:
            case "list":
                sys.stdout.write(listing(models_directory(os.environ)))
                settings, keys = _configured()
                sys.stdout.write(named_models(settings, keys))
            case "pull":
                asyncio.run(_pull(entry_named(args.name), args.source))
            case "test":
                settings, keys = _configured()
                name = whole_name(args.name)
                provider = open_provider(name, settings, os.environ, keys)
                for line in describe_model(name, settings, keys):
                    sys.stderr.write(visible(line) + "\n")
                asyncio.run(ask(provider, sys.stdout, sys.stderr))
    except UserError as error:
        sys.stderr.write(f"{visible(str(error))}\n")
        return 2
    except ModelError as error:
        sys.stderr.write(f"{visible(str(error))}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; what came is kept\n")
        return 130
    return 0


def entry_named(name: str) -> EmbeddedModel:
    """Return the catalog's entry of a name, with or without the prefix.

    Raises:
        NoModel: there is none.
    """
    entry = CATALOG.get(EMBEDDED_PREFIX + name.removeprefix(EMBEDDED_PREFIX))
    if entry is None:
        raise NoModel(f"no embedded model is called {name!r}: there are {', '.join(CATALOG)}")
    return entry


def listing(directory: Path) -> str:
    """Return one line a model: name, size, licence, whether it is here."""
    lines = []
    for entry in CATALOG.values():
        missing = missing_bytes(entry, directory)
        command = f"`pairwright models pull {entry.name}`"
        if is_downloaded(entry, directory):
            state = "there"
        elif missing < entry.size_bytes:
            state = f"{_megabytes(missing)} missing: {command} goes on"
        else:
            state = f"not there: {command}"
        size = _megabytes(entry.size_bytes)
        lines.append(f"{entry.model:<30} {size:>8}  {entry.licence:<10}  {state}\n")
    return "".join(lines)


def named_models(settings: ModelSettings, keys: KeyChain) -> str:
    """Return what there is to say of the models that the settings name."""
    lines = []
    for title, view in describe_named(settings, keys).items():
        lines.append(title)
        lines += [f"    {line}" for line in ((view,) if isinstance(view, str) else view)]
    return "".join(f"{visible(line)}\n" for line in lines)


def whole_name(name: str) -> str:
    """Return an embedded model's name with its prefix; any other name as it is."""
    whole = EMBEDDED_PREFIX + name
    return whole if whole in CATALOG else name


async def ask(provider: Provider, answer: TextIO, notes: TextIO) -> None:
    """Ask one question; write the answer as it comes, then how fast it came.

    Raises:
        ModelError: no whole answer came.
    """
    request = ModelRequest((Message("user", _QUESTION),), max_output_tokens=_ANSWER_TOKENS)
    started = time.monotonic()
    try:
        await provider.prepare(ProgressLine(notes).show)
        ready = time.monotonic()
        async with aclosing(provider.stream(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    seconds = time.monotonic() - ready
                    rate = piece.usage.output / seconds if seconds else 0.0
                    notes.write(
                        f"\n{provider.model}: ready in {ready - started:.1f} s, "
                        f"{piece.usage.output} tokens in {seconds:.1f} s, {rate:.1f} tokens/s\n"
                    )
                else:
                    answer.write(visible(piece.text))
                    answer.flush()
    finally:
        await provider.aclose()


def _configured() -> tuple[ModelSettings, KeyChain]:
    root = workspace_around(Path.cwd())
    settings, _ = load_settings(root, user_settings_file(os.environ))
    return settings.models, KeyChain(os.environ, keyring=SystemKeyring())


async def _pull(entry: EmbeddedModel, source: Path | None) -> None:
    directory = models_directory(os.environ)
    line = ProgressLine(sys.stderr)
    if source is not None:
        path = await import_file(entry, source, directory, line.show)
    else:
        path = await fetch_model(entry, directory, line.show, means=Means.from_env(os.environ))
    line.end()
    sys.stdout.write(f"{entry.model} is there: {path}\n")


class ProgressLine:
    """One line that tells how far a long step is, how fast it goes, and how long it takes yet."""

    def __init__(self, out: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Write to `out`: over and over on a terminal, else once every ten percent."""
        self._out = out
        self._clock = clock
        self._step = ""
        self._begun = (0.0, 0)
        self._last_shown = -1

    def show(self, progress: Progress) -> None:
        """Show how far a step is."""
        now = self._clock()
        if progress.step != self._step:
            self.end()
            self._step, self._begun, self._last_shown = progress.step, (now, progress.done), -1
        text = self._text(progress, now)
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{text}")
        elif self._is_due(progress):
            self._out.write(f"{text}\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._step and self._out.isatty():
            self._out.write("\n")
        self._step = ""

    def _is_due(self, progress: Progress) -> bool:
        tenth = progress.done * 10 // progress.total if progress.total else 0
        is_due, self._last_shown = tenth > self._last_shown, max(tenth, self._last_shown)
        return is_due

    def _text(self, progress: Progress, now: float) -> str:
        if progress.unit != "bytes" or not progress.total:
            return progress.step
        filled = _BAR_CELLS * progress.done // progress.total
        bar = "█" * filled + "·" * (_BAR_CELLS - filled)
        begun_at, begun_with = self._begun
        speed = (progress.done - begun_with) / (now - begun_at) if now > begun_at else 0.0
        done, total = _megabytes(progress.done), _megabytes(progress.total)
        text = f"{progress.step} {bar} {done} of {total}"
        if speed <= 0 or progress.done >= progress.total:
            return text
        left = round((progress.total - progress.done) / speed)
        return f"{text}, {speed / 1e6:.1f} MB/s, {left // 60}:{left % 60:02} left"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
