"""One module a language: its grammar, queries and conventions."""
