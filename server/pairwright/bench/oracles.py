"""Which type checker says what a definition's references are, and how is it asked?

Each is asked over its language server, in a copy of a package without its dependencies. Checkers
have gaps of their own: none follows what it cannot type, and basedpyright no name that an import
renames.
"""

import asyncio
import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pairwright.errors import UserError
from pairwright.syntax.outline import Symbol
from pairwright.text.ranges import LineIndex

ANSWER_TIMEOUT_S = 120.0
_FILES_FOUND = re.compile(r"Found \d+ source files?|No source files found")

Place = tuple[str, int]
"""A path and an offset in code points."""


class MissingOracle(UserError):
    """The type checker to measure against is not installed."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """A type checker."""

    program: str
    arguments: tuple[str, ...]
    missing: str
    """What is said when it is not there."""
    suffixes: tuple[str, ...]
    """Of the files that it reads."""
    settings: tuple[str, str]
    """The name and the text of its settings file."""
    are_settings_replaced: bool = False
    """The settings that the package brings do not count."""
    are_overrides_one: bool = False
    """It counts each use of a member for all members of that name in the classes above and below:
    for which of them it is, is asked again from the other side."""
    language_id: str | None = None
    """Of a file that must be open before one can ask; None: none is opened."""

    def found(self) -> str:
        """Return the path of the program: beside this interpreter, on the path, or of npm here.

        Raises:
            MissingOracle: it is nowhere.
        """
        here = Path.cwd()
        places = (
            Path(sys.executable).parent,
            *(each / "node_modules" / ".bin" for each in (here, *here.parents)),
        )
        beside, *installed = (place / self.program for place in places)
        on_path = shutil.which(self.program)
        candidates = [beside, *([Path(on_path)] if on_path else []), *installed]
        path = next((each for each in candidates if each.is_file()), None)
        if path is None:
            raise MissingOracle(self.missing)
        return str(path)


BASEDPYRIGHT = Oracle(
    program="basedpyright-langserver",
    arguments=("--stdio",),
    missing="no type checker to measure against: install the package 'basedpyright'",
    suffixes=(".py",),
    settings=(
        "pyrightconfig.json",
        json.dumps({"include": ["."], "typeCheckingMode": "off"}),
    ),
    are_settings_replaced=True,
)
TYPESCRIPT = Oracle(
    program="tsc",
    arguments=("--lsp", "--stdio"),
    missing="no type checker to measure against: install npm's 'typescript', 7 or later",
    suffixes=(".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"),
    settings=(
        "tsconfig.json",
        json.dumps(
            {
                "compilerOptions": {
                    "module": "esnext",
                    "moduleResolution": "bundler",
                    "target": "esnext",
                    "jsx": "preserve",
                    "allowJs": True,
                    "strict": True,
                    "noEmit": True,
                    "skipLibCheck": True,
                    "types": [],
                },
                "include": ["**/*"],
            }
        ),
    ),
    are_overrides_one=True,
    language_id="typescript",
)
ORACLES = {"python": BASEDPYRIGHT, "typescript": TYPESCRIPT}
"""By what `bench references --language` calls them."""


@contextlib.asynccontextmanager
async def asked_of(oracle: Oracle, texts: Mapping[str, str]) -> AsyncIterator["LanguageServer"]:
    """Let a type checker read files, by path, and then be asked.

    Raises:
        MissingOracle: it is not installed, or too old to be asked.
    """
    program = oracle.found()
    with tempfile.TemporaryDirectory(prefix="pairwright-bench-") as name:
        root = _write_copy(name, oracle, texts)
        process = await asyncio.create_subprocess_exec(
            program,
            *oracle.arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            cwd=root,
        )
        try:
            server = LanguageServer(process, root, oracle, texts)
            try:
                await server.start()
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise MissingOracle(oracle.missing) from error
            yield server
        finally:
            # The program is a wrapper: ended alone, it would leave the server behind.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def _write_copy(directory: str, oracle: Oracle, texts: Mapping[str, str]) -> Path:
    copy = Path(directory).resolve()
    for path, text in texts.items():
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    settings = copy / oracle.settings[0]
    if oracle.are_settings_replaced or not settings.exists():
        settings.write_text(oracle.settings[1])
    return copy


class LanguageServer:
    """One question at a time to a language server."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        root: Path,
        oracle: Oracle,
        texts: Mapping[str, str],
    ) -> None:
        """Take the process, and what it reads."""
        self._process = process
        self._root = root
        self._oracle = oracle
        self._texts = texts
        self._ids = itertools.count(1)
        self._open_path: str | None = None

    async def start(self) -> None:
        """Wait until it knows the files."""
        uri = self._root.as_uri()
        await self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "package"}],
                "capabilities": {"workspace": {"configuration": True, "workspaceFolders": True}},
            },
        )
        await self._send({"method": "initialized", "params": {}})
        # Where no file is opened, each opening would make the server forget what it knows.
        if self._oracle.language_id is None:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while not _says_ready(message := await self._read()):
                    await self._reply(message)

    async def references(self, symbols: Sequence[Symbol]) -> set[Place]:
        """Return where a definition is used, as it says, and perhaps where it is.

        The first of the symbols is the definition; what is one with it may follow.
        """
        path = symbols[0].path
        await self._open(path)
        if not self._oracle.are_overrides_one:
            return await self._used(path, symbols[0].name_range.start)
        own = {(path, symbol.name_range.start) for symbol in symbols}
        used = set()
        for _, start in sorted(own):
            used |= await self._used(path, start)
        if len({symbol.name for symbol in symbols}) > 1:
            used = {place for place in used if not self._is_keyword(place)}
        return {place for place in sorted(used) if own & await self._defined(place)}

    def _is_keyword(self, place: Place) -> bool:
        """Tell whether a use is written without any name: a constructor's own, or of a parent."""
        path, start = place
        return self._texts[path].startswith(("constructor", "super"), start)

    async def _used(self, path: str, start: int) -> set[Place]:
        # Declarations as well: the oracle takes every later assignment for one; the definition
        # itself is left out afterwards.
        found = await self._ask(
            "textDocument/references",
            {**self._at(path, start), "context": {"includeDeclaration": True}},
        )
        return set(self._places(found or ()))

    async def _defined(self, place: Place) -> set[Place]:
        """Return where that is defined whose name stands at a place."""
        found = await self._ask("textDocument/definition", self._at(*place))
        return set(self._places([found] if isinstance(found, dict) else found or ()))

    def _at(self, path: str, start: int) -> dict[str, Any]:
        return {
            "textDocument": {"uri": (self._root / path).as_uri()},
            "position": _position(self._texts[path], start),
        }

    async def _open(self, path: str) -> None:
        if self._oracle.language_id is None or self._open_path == path:
            return
        if self._open_path is not None:
            closed = {"uri": (self._root / self._open_path).as_uri()}
            await self._send(
                {"method": "textDocument/didClose", "params": {"textDocument": closed}}
            )
        opened = {
            "uri": (self._root / path).as_uri(),
            "languageId": self._oracle.language_id,
            "version": 1,
            "text": self._texts[path],
        }
        await self._send({"method": "textDocument/didOpen", "params": {"textDocument": opened}})
        self._open_path = path

    def _places(self, found: Iterable[Any]) -> Iterator[Place]:
        paths = {(self._root / path).as_uri(): path for path in self._texts}
        for each in found:
            path = paths.get(each["uri"])
            if path is not None:
                yield path, _offset(self._texts[path], each["range"]["start"])

    async def _ask(self, method: str, params: Mapping[str, Any]) -> Any:
        number = next(self._ids)
        await self._send({"id": number, "method": method, "params": params})
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            while True:
                message = await self._read()
                if "method" in message:
                    await self._reply(message)
                elif message.get("id") == number:
                    return message.get("result")

    async def _reply(self, message: Mapping[str, Any]) -> None:
        """Answer what the server asks: every setting has its default."""
        if "id" not in message or "method" not in message:
            return
        items = message.get("params", {}).get("items", ())
        result = [None for _ in items] if message["method"] == "workspace/configuration" else None
        await self._send({"id": message["id"], "result": result})

    async def _send(self, message: Mapping[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        writer = self._process.stdin
        assert writer is not None  # noqa: S101
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        await writer.drain()

    async def _read(self) -> dict[str, Any]:
        reader = self._process.stdout
        assert reader is not None  # noqa: S101
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        message = json.loads(await reader.readexactly(length))
        return message if isinstance(message, dict) else {}


def _says_ready(message: Mapping[str, Any]) -> bool:
    """Tell whether the server says that it knows the files; before that it finds too little."""
    params = message.get("params")
    said = params.get("message", "") if isinstance(params, dict) else ""
    return isinstance(said, str) and _FILES_FOUND.match(said) is not None


def _position(text: str, offset: int) -> dict[str, int]:
    lines = LineIndex(text)
    line = lines.line_of(offset)
    before = text[lines.start_of(line) : offset]
    return {"line": line, "character": len(before.encode("utf-16-le")) // 2}


def _offset(text: str, position: Mapping[str, int]) -> int:
    start = LineIndex(text).start_of(position["line"])
    line = text[start:].partition("\n")[0]
    before = line.encode("utf-16-le")[: 2 * position["character"]].decode("utf-16-le", "ignore")
    return start + len(before)
