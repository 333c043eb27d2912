"""How is an analysis made for a test? From one string that describes the workspace."""

from pairwright.index.analysis import Analysis
from pairwright.index.builder import build_index
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost
from tests.support.workspaces import parse_workspace


def analyse(text: str) -> Analysis:
    """Return the analysis of a workspace string."""
    snapshot = WorkspaceHost(MemoryFileSystem(parse_workspace(text).files)).scan()
    return Analysis(snapshot, build_index(snapshot))
