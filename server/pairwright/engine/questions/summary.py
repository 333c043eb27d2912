"""What did the strong model once write of the repository? What is kept of it: nobody is asked."""

import asyncio
from dataclasses import dataclass

from pairwright.engine.state import WorkspaceState
from pairwright.errors import UserError
from pairwright.strategies.repository_notes import kept_note, readmes_of, repository_overview

_KIND = "repo_summary"


@dataclass(frozen=True, slots=True)
class RepositorySummary:
    """A summary that the strategy of that name left behind."""

    text: str
    """Empty when there is none that may be shown."""
    is_current: bool
    """Whether it was made of the folders and the README as they are now."""
    withheld: str = ""
    """Why an older one is not shown: it was made of a README that models must not see now."""


async def repository_summary(state: WorkspaceState) -> RepositorySummary | None:
    """Return the summary of the present folders and README, else the latest; None: there is none.

    Raises:
        StaleChange: the README changes at this moment.
        UserError: what is kept cannot be read.
    """
    snapshot, policy = state.host.snapshot, state.exit.policy

    def look() -> RepositorySummary | None:
        overview = repository_overview(snapshot, withheld=policy.withheld)
        try:
            found = kept_note(_KIND, overview, state.remembering.notes)
        except OSError as error:
            raise UserError(f"cannot read what is kept: {error.strerror}") from None
        if found is None:
            return None
        if found.is_current:
            return RepositorySummary(found.text, is_current=True)
        reasons = (policy.withheld(each.path, each.read_text()) for each in readmes_of(snapshot))
        if reason := next(filter(None, reasons), None):
            return RepositorySummary("", is_current=False, withheld=reason)
        return RepositorySummary(found.text, is_current=False)

    return await asyncio.to_thread(look)
