"""What do `continue` and `budget` do? Go on with a stopped task; say what may be spent."""

import argparse
import sys

from pairwright.protocol.budget_messages import BudgetParams, ContinueParams
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.estimates import budget_lines
from pairwright_client.interruption import run_interruptible
from pairwright_client.queries import ask, write_json
from pairwright_client.review import TypedLines
from pairwright_client.run import (
    Decision,
    JsonLines,
    Narration,
    Output,
    budget_of,
    converse,
    decide_by,
    no_answer,
)
from pairwright_client.terminal import Screen
from pairwright_client.workspaces import workspace_root


def go_on(args: argparse.Namespace) -> int:
    """Have a stopped task go on; return the exit code."""
    decision = decide_by(args, is_terminal=sys.stdin.isatty() and sys.stdout.isatty())
    root = workspace_root(args.workspace)
    params = ContinueParams(
        task_id=args.task,
        budget_usd=budget_of(args.budget),
        allow_unpriced=args.allow_unpriced,
    )
    screen = Screen.of(sys.stdout)
    output: Output = JsonLines(sys.stdout) if args.json else Narration(screen)
    peer = discovery.find_or_start(Rendezvous.for_workspace(root))
    read_line = TypedLines(sys.stdin.fileno()) if decision is Decision.ASK else no_answer
    return run_interruptible(converse(peer, root, params, decision, output, screen, read_line))


def budget(args: argparse.Namespace) -> int:
    """Show what may be spent, after the running task's cap was changed, if that is asked."""
    model = args.allow if args.allow is not None else args.forbid
    params = BudgetParams(
        task_id=args.task,
        task_usd=budget_of(args.usd),
        unpriced_model=model,
        is_allowed=None if model is None else args.allow is not None,
    )
    answer = ask(args, lambda client: client.budget(params))
    if args.json:
        write_json(answer)
        return 0
    screen = Screen.of(sys.stdout)
    for line in budget_lines(answer):
        screen.line(line)
    return 0
