"""Is a session begun as the client can speak, with the workspace that it means?"""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from pairwright.errors import InvalidRequest
from pairwright.lsp.code.switches import FEATURES
from pairwright.lsp.handshake import (
    ClientTraits,
    PositionEncoding,
    initialize_result,
    read_initialize,
)
from pairwright.lsp.stream.wire import structure, unstructure
from pairwright.settings import FeatureSettings

ROOT = Path("/workspace")
BY_NAME = {feature.name: feature for feature in FEATURES}


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
@pytest.mark.parametrize(
    "switched", [{}, dict.fromkeys(BY_NAME, True), dict.fromkeys(BY_NAME, False)]
)
def test_what_is_answered_is_what_the_lsp_library_would_answer(
    encoding: PositionEncoding, switched: dict[str, bool]
) -> None:
    said = {"initializationOptions": {"features": switched}}
    offered = traits(said, general={"positionEncodings": [encoding.value]})
    answered = initialize_result(offered)
    result = structure(types.InitializeResult, answered)
    assert unstructure(result) == answered
    built = ServerCapabilitiesBuilder(
        types.ClientCapabilities(),
        {
            types.TEXT_DOCUMENT_DID_OPEN,
            types.TEXT_DOCUMENT_DID_CHANGE,
            types.TEXT_DOCUMENT_DID_CLOSE,
            types.TEXT_DOCUMENT_DID_SAVE,
            *(method for feature in offered.choices.offered for method in feature.methods),
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
    for each in FEATURES:
        attribute = f"{each.setting}_provider"
        is_offered = bool(getattr(built, attribute))
        assert bool(getattr(result.capabilities, attribute)) is is_offered, attribute
        wanted = switched.get(each.name, each.is_default)
        assert is_offered is wanted


def test_the_defaults_are_those_of_the_settings() -> None:
    defaults = FeatureSettings()
    assert {each.setting: each.is_default for each in FEATURES} == defaults.model_dump()


def dynamic(*names: str) -> dict[str, Any]:
    """Return capabilities of a client that lets us register some features."""
    registers = {"dynamicRegistration": True}
    return {
        "textDocument": {name: registers for name in names if name != "workspaceSymbol"},
        "workspace": {"symbol": registers} if "workspaceSymbol" in names else {},
    }


@pytest.mark.parametrize(
    ("options", "on"),
    [
        ({}, {"workspaceSymbol", "selectionRange", "hover"}),
        ({"definition": True}, {"workspaceSymbol", "selectionRange", "hover", "definition"}),
        ({"hover": False, "workspaceSymbol": False}, {"selectionRange"}),
        ({"hover": "yes", "nix": True}, {"workspaceSymbol", "selectionRange", "hover"}),
        (5, {"workspaceSymbol", "selectionRange", "hover"}),
    ],
)
def test_a_client_counts_more_than_the_settings(options: Any, on: set[str]) -> None:
    settings = FeatureSettings(hover=True)
    choices = traits({"initializationOptions": {"features": options}}).choices
    assert {each.name for each in FEATURES if choices.is_on(each, settings)} == on


@pytest.mark.parametrize("options", [None, 5, [], "x", {"features": []}, {"other": 1}])
def test_options_that_are_not_ours_say_nothing(options: Any) -> None:
    choices = traits({"initializationOptions": options}).choices
    assert [each.name for each in choices.offered] == ["workspaceSymbol", "selectionRange"]


def test_what_the_settings_add_is_registered_where_the_client_lets_us() -> None:
    settings = FeatureSettings(hover=True, definition=True, workspace_symbol=False)
    choices = traits(None, **dynamic("hover", "callHierarchy", "workspaceSymbol")).choices
    assert [each.name for each in choices.to_register(settings)] == ["hover"]
    assert choices.awaits_settings
    assert not traits(None, **dynamic("workspaceSymbol")).choices.awaits_settings
    off = {"initializationOptions": {"features": {"hover": False}}}
    assert traits(off, **dynamic("hover")).choices.to_register(settings) == ()


@pytest.mark.parametrize(
    ("formats", "is_markdown"),
    [
        (None, False),
        ([], False),
        ("markdown", False),
        (["markdown", "plaintext"], True),
        (["plaintext", "markdown"], False),
        (["html", 5, "markdown"], True),
    ],
)
def test_markdown_is_for_those_who_prefer_it(formats: Any, is_markdown: bool) -> None:
    found = traits(textDocument={"hover": {"contentFormat": formats}})
    assert found.reads_markdown is is_markdown


@pytest.mark.parametrize(
    ("said", "process_id"), [(None, None), (7, 7), (0, None), (-1, None), (True, None), ("7", None)]
)
def test_the_process_of_a_client_is_known_when_it_says_so(
    said: Any, process_id: int | None
) -> None:
    assert traits({"processId": said}).process_id == process_id
