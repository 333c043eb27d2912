"""How is the daemon? Its files, its clients and its tasks, at this moment."""

import os

from pairwright import __version__
from pairwright.engine.state import WorkspaceState
from pairwright.protocol import messages


def status_of(state: WorkspaceState) -> messages.StatusResult:
    """Return how the daemon is."""
    snapshot, progress = state.host.snapshot, state.indexer.progress
    return messages.StatusResult(
        version=__version__,
        pid=os.getpid(),
        revision=snapshot.revision,
        files=progress.files - len(snapshot.unreadable),
        unreadable=len(snapshot.unreadable),
        symbols=state.indexer.analysis.index.symbol_count,
        pending=progress.pending,
        notice=state.queries.notice,
        clients=len(state.clients),
        client_names=tuple(sorted(client.name for client in state.clients)),
        tasks=tuple(
            messages.TaskView(
                task_id=task.task_id, instruction=task.instruction, state=task.state.value
            )
            for task in state.tasks.all()
        ),
        settings_problems=(*state.settings_problems, *state.own_prompts.read().problems),
    )
