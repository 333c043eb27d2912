"""How does an assistant ask? The only place that knows MCP; a face of the engine, as `lsp` is."""
