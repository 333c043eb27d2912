"""The editor's face: LSP in, the engine's words out."""
