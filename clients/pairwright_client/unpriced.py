"""What if a task is refused a model whose price nobody knows? The person is asked, where one is."""

from collections.abc import Awaitable, Callable

from pairwright.protocol import messages
from pairwright.protocol.budget_messages import BudgetParams, ContinueParams
from pairwright.protocol.terminal import visible
from pairwright_client.client import DaemonClient, OnEvent
from pairwright_client.errors import RemoteError
from pairwright_client.review import ReadLine
from pairwright_client.terminal import Screen

Say = Callable[[str], Awaitable[str]]
"""Asks about a model; returns `y` for this task, `a` from now on, and anything else for no."""


async def carried_out(
    client: DaemonClient,
    params: messages.RunParams | ContinueParams,
    on_event: OnEvent,
    say: Say | None,
) -> messages.RunResult:
    """Have a task done; it goes on after a yes to a model without a price.

    Args:
        client: the session with the daemon.
        params: what is to be done, or what is to go on.
        on_event: hears how it goes.
        say: asks the person; None: nobody is there.

    Raises:
        ClientError: the daemon refused, or was lost.
    """
    begun: list[str] = []

    def hear(event: messages.TaskEvent) -> None:
        if isinstance(event, messages.TaskStarted):
            begun.append(event.task_id)
        on_event(event)

    asked: set[str] = set()
    while True:
        try:
            if isinstance(params, ContinueParams):
                return await client.go_on(params, hear)
            return await client.run(params, hear)
        except RemoteError as refusal:
            model = refusal.unpriced_model
            if say is None or not model or not begun or model in asked:
                raise
            asked.add(model)
            answer = await say(model)
            if answer not in ("y", "a"):
                raise
        if answer == "a":
            await client.budget(BudgetParams(unpriced_model=model, is_allowed=True))
        params = ContinueParams(task_id=begun[-1], allow_unpriced=answer == "y")


def asking(screen: Screen, read_line: ReadLine) -> Say:
    """Return what asks the person at the terminal."""

    async def say(model: str) -> str:
        screen.line()
        screen.line(f"Nobody knows the price of {visible(model)}: no cap can hold it.", "yellow")
        question = "Ask it all the same? y: for this task, a: here from now on"
        screen.prompt(f"{screen.paint(question, 'bold')} [y/a/N] ")
        return (await read_line() or "").strip().lower()[:1]

    return say
