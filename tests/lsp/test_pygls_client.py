"""Does a client that others wrote understand us?"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from pairwright.lsp.code import progress
from pairwright.lsp.features import SessionFeatures
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.server import Features, serve_client
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection
from pairwright.settings import Settings
from pairwright.workspace.paths import WorkspacePath
from tests.lsp.peers import ALL_FEATURES, ROOT, FakeSession
from tests.support.engines import ScriptedModels, opened_engine, scripted_model, write_files
from tests.support.waiting import eventually, within


async def test_a_whole_session_with_the_pygls_client() -> None:
    session = FakeSession()

    async def open_features(connection: Connection, traits: ClientTraits) -> Features:
        return SessionFeatures(connection, session, traits, ROOT)

    client = LanguageClient("test", "1", converter_factory=default_converter)
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    client.protocol.set_writer(writer)
    async with within(), asyncio.TaskGroup() as group:
        served = await asyncio.open_connection(sock=theirs)
        group.create_task(serve_client(*served, root=ROOT, open_features=open_features))
        stop = asyncio.Event()
        group.create_task(run_async(stop, reader, client.protocol))  # type: ignore[arg-type]

        result = await client.initialize_async(
            types.InitializeParams(types.ClientCapabilities(), root_uri="file:///workspace")
        )
        assert result.server_info is not None
        assert result.server_info.name == "pairwright"
        client.initialized(types.InitializedParams())
        item = types.TextDocumentItem("file:///workspace/a.py", "python", 1, "a = 1\n")
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        place = types.Range(types.Position(0, 4), types.Position(0, 5))
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(2, item.uri),
                [types.TextDocumentContentChangePartial(place, "2")],
            )
        )
        await eventually(lambda: session.texts.get(WorkspacePath("a.py")) == "a = 2\n")
        status = await client.protocol.send_request_async("pairwright/status", {})
        assert status.files == 1
        await client.shutdown_async(None)
        client.exit(None)
    assert session.is_closed
    writer.close()


@asynccontextmanager
async def served(client: LanguageClient, session: Session, root: Path) -> AsyncIterator[None]:
    """Connect a client to a session; it must take its leave itself."""

    async def open_features(connection: Connection, traits: ClientTraits) -> Features:
        return SessionFeatures(connection, session, traits, root)

    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    client.protocol.set_writer(writer)
    async with within(), asyncio.TaskGroup() as group:
        streams = await asyncio.open_connection(sock=theirs)
        group.create_task(serve_client(*streams, root=root, open_features=open_features))
        group.create_task(run_async(asyncio.Event(), reader, client.protocol))  # type: ignore[arg-type]
        yield
        await client.shutdown_async(None)
        client.exit(None)
    writer.close()


async def test_the_pygls_client_navigates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0)
    root = tmp_path / "workspace"
    write_files(root, {"a.py": "def f(): ...\n", "b.py": "from a import f\n\nf()\n"})
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    client = LanguageClient("test", "1", converter_factory=default_converter)
    window = types.WindowClientCapabilities(work_done_progress=True)
    capabilities = types.ClientCapabilities(window=window)
    asked = types.TextDocumentIdentifier((root / "b.py").as_uri()), types.Position(2, 0)
    async with opened_engine(tmp_path, models, Settings()) as engine:
        session = engine.open_session("editor")
        async with served(client, session, root):
            params = types.InitializeParams(
                capabilities,
                root_uri=root.as_uri(),
                initialization_options={"features": ALL_FEATURES},
            )
            await client.initialize_async(params)
            client.initialized(types.InitializedParams())
            await session.queries.complete(lambda _: None)
            defined = await client.text_document_definition_async(types.DefinitionParams(*asked))
            name = types.Range(types.Position(0, 4), types.Position(0, 5))
            assert defined == [types.Location((root / "a.py").as_uri(), name)]
            used = await client.text_document_references_async(
                types.ReferenceParams(types.ReferenceContext(False), *asked)
            )
            assert used is not None
            assert [each.range.start.line for each in used] == [0, 2]
            symbols = await client.text_document_document_symbol_async(
                types.DocumentSymbolParams(types.TextDocumentIdentifier((root / "a.py").as_uri()))
            )
            assert symbols is not None
            assert [each.name for each in symbols] == ["f"]
