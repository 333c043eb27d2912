"""Is a session begun as the client can speak, with the workspace that it means?"""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from pairwright.errors import InvalidRequest
from pairwright.lsp.handshake import (
    ClientTraits,
    PositionEncoding,
    initialize_result,
    read_initialize,
)
from pairwright.lsp.wire import structure, unstructure

ROOT = Path("/workspace")


def traits(params: dict[str, Any] | None = None, **capabilities: Any) -> ClientTraits:
    return read_initialize({"capabilities": capabilities, **(params or {})}, ROOT)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-32"], "utf-32"),
        (["ebcdic", 5, "utf-32"], "utf-32"),
        (["ebcdic"], "utf-16"),
    ],
)
def test_the_clients_first_encoding_that_we_know_is_taken(offered: Any, chosen: str) -> None:
    assert traits(general={"positionEncodings": offered}).encoding.value == chosen


def test_a_client_without_a_word_can_do_nothing() -> None:
    assert traits() == ClientTraits("unnamed", PositionEncoding.UTF_16, False, False, False, False)


def test_a_clients_name_and_abilities_are_read() -> None:
    workspace = {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}
    symbols = {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}
    found = traits(
        {"clientInfo": {"name": "vim" * 100}},
        workspace=workspace,
        textDocument=symbols,
        window={"workDoneProgress": True},
    )
    name = ("vim" * 100)[:100]
    assert found == ClientTraits(name, PositionEncoding.UTF_16, True, True, True, True)


@pytest.mark.parametrize(
    "params",
    [
        {"rootUri": "file:///workspace"},
        {"rootUri": "file:///workspace/"},
        {"rootUri": None, "rootPath": "/workspace"},
        {"rootUri": "file:///other", "workspaceFolders": [{"uri": "file:///workspace"}]},
        {"workspaceFolders": None},
    ],
)
def test_this_workspace_or_none_is_accepted(params: dict[str, Any]) -> None:
    traits(params)


@pytest.mark.parametrize(
    "params",
    [
        {"rootUri": "file:///workspace2"},
        {"rootUri": "file:///"},
        {"rootPath": "/other"},
        {"workspaceFolders": [{"uri": "file:///other"}]},
    ],
)
def test_another_workspace_is_refused_with_both_names(params: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match=r"serves '/workspace' and not '/"):
        traits(params)


@pytest.mark.parametrize("encoding", PositionEncoding)
def test_what_is_answered_is_what_the_lsp_library_would_answer(encoding: PositionEncoding) -> None:
    answered = initialize_result(ClientTraits("x", encoding, False, False, False, False))
    result = structure(types.InitializeResult, answered)
    assert unstructure(result) == answered
    built = ServerCapabilitiesBuilder(
        types.ClientCapabilities(),
        {
            types.TEXT_DOCUMENT_DID_OPEN,
            types.TEXT_DOCUMENT_DID_CHANGE,
            types.TEXT_DOCUMENT_DID_CLOSE,
            types.TEXT_DOCUMENT_DID_SAVE,
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL,
            types.WORKSPACE_SYMBOL,
            types.TEXT_DOCUMENT_DEFINITION,
            types.TEXT_DOCUMENT_REFERENCES,
        },
        {},
        [],
        types.TextDocumentSyncKind.Incremental,
        None,
        encoding.value,
    ).build()
    sync = result.capabilities.text_document_sync
    assert isinstance(sync, types.TextDocumentSyncOptions)
    assert isinstance(built.text_document_sync, types.TextDocumentSyncOptions)
    assert sync.open_close == built.text_document_sync.open_close
    assert sync.change == built.text_document_sync.change
    assert sync.save == built.text_document_sync.save
    assert result.capabilities.position_encoding == built.position_encoding
    for offered in (result.capabilities, built):
        assert offered.document_symbol_provider
        assert offered.workspace_symbol_provider
        assert offered.definition_provider
        assert offered.references_provider
