"""The composition root: one process a workspace."""
