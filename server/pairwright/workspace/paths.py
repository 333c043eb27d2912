"""Which file of the workspace is meant? The one path check of the project.

Stub for the foundation: the owner of this module completes it.
"""

from typing import NewType

WorkspacePath = NewType("WorkspacePath", str)
"""A path below the workspace's root: relative, `/`-separated, normalised, checked."""
