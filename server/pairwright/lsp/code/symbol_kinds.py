"""What does LSP call a kind of definition?"""

from collections.abc import Mapping

from lsprotocol.types import SymbolKind as LspKind

from pairwright.syntax.outline import SymbolKind

LSP_KINDS: Mapping[SymbolKind, LspKind] = {
    SymbolKind.MODULE: LspKind.Module,
    SymbolKind.CLASS: LspKind.Class,
    SymbolKind.INTERFACE: LspKind.Interface,
    SymbolKind.ENUM: LspKind.Enum,
    SymbolKind.TYPE: LspKind.TypeParameter,
    SymbolKind.FUNCTION: LspKind.Function,
    SymbolKind.METHOD: LspKind.Method,
    SymbolKind.VARIABLE: LspKind.Variable,
    SymbolKind.MACRO: LspKind.Function,
    SymbolKind.SECTION: LspKind.String,
    SymbolKind.KEY: LspKind.Key,
    SymbolKind.TABLE: LspKind.Struct,
}
