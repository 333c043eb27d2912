"""Does a client that others wrote understand us?"""

import asyncio
import socket

from lsprotocol import types
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from pairwright.lsp.connection import Connection
from pairwright.lsp.features import SessionFeatures
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.server import Features, serve_client
from pairwright.workspace.paths import WorkspacePath
from tests.lsp.peers import ROOT, FakeSession
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
