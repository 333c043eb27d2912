"""What does the library's own server take for the same answers? pygls, bare, on its pipes.

A process of its own; each request is answered with what is always the same.
"""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

ANSWER = "def hover(self): ..."
_NOWHERE = types.Range(types.Position(0, 0), types.Position(0, 1))


def main() -> None:
    """Serve until the client goes."""
    server = LanguageServer("echo", "1")

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(_: types.HoverParams) -> types.Hover:
        return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, ANSWER))

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbol(_: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        kind = types.SymbolKind.Function
        return [types.DocumentSymbol("echo", kind, _NOWHERE, _NOWHERE)]

    @server.feature(types.WORKSPACE_SYMBOL)
    async def workspace_symbol(_: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
        place = types.Location("file:///echo", _NOWHERE)
        return [types.SymbolInformation(place, "echo", types.SymbolKind.Function)]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    async def code_action(_: types.CodeActionParams) -> list[types.CodeAction]:
        return [types.CodeAction("echo")]

    server.start_io()


if __name__ == "__main__":
    main()
