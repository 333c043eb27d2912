"""A strong model plans a code change, a weak model writes it, a gate decides."""

__version__ = "0.1.0"
