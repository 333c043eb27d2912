"""What can a person pick from a host's menu? Four ways to work, in the tools' words."""

from collections.abc import Callable

from mcp.server import MCPServer
from mcp.server.mcpserver.prompts import Prompt


def add_prompts(server: MCPServer) -> None:
    """Offer the prompts, by name; nothing of the workspace is in them."""
    offered: tuple[tuple[str, str, str, Callable[..., str]], ...] = (
        (
            "fix-problems",
            "Fix the problems",
            "Find what is wrong in the workspace, and propose its mending.",
            fix_problems,
        ),
        (
            "plan-then-edit",
            "Plan, then edit",
            "You plan, the cheap model writes, checks judge, the person decides.",
            plan_then_edit,
        ),
        (
            "review-change",
            "Review a change",
            "Read a proposed change critically before the person decides.",
            review_change,
        ),
        (
            "what-did-it-cost",
            "What did it cost?",
            "Tell what the models cost here.",
            what_did_it_cost,
        ),
    )
    for name, title, description, write in offered:
        made = Prompt.from_function(write, name=name, title=title, description=description)
        server.add_prompt(made)


def fix_problems(where: str = "") -> str:
    """Return the prompt for mending what is wrong, perhaps in one place."""
    place = f" in {where}" if where else ""
    return (
        f"Look at the problems{place}: call workspace_status, run the tests if you can, and read "
        "what is around each problem with read_symbols. Propose the smallest mending with "
        "propose_change, saying why; then tell me what I kept and what I rejected."
    )


def plan_then_edit(task: str) -> str:
    """Return the prompt for having a cheap model write what the assistant plans."""
    return (
        f"{task}\n\nDo not write the edits yourself. Read what matters with map_workspace and "
        "read_symbols, write a plan as Markdown with one step a file, and call implement_plan with "
        "it and review 'editor'. Wait with change_status until it is decided; then tell me what "
        "was kept, what it cost and what is left."
    )


def review_change(change_id: str) -> str:
    """Return the prompt for a second opinion on a change."""
    return (
        f"Call change_status for {change_id} and read pairwright://change/{change_id}.diff. Judge "
        "it hunk by hunk: is it right, is it needed, what may it break? Check callers and tests "
        "with read_symbols. Do not decide for me: end with one line a hunk, keep or reject, and "
        "why."
    )


def what_did_it_cost() -> str:
    """Return the prompt for the account."""
    return (
        "Read pairwright://cost and tell me in a few lines what was spent today and in all, and "
        "what is left of the budget. Where a price is not known, say 'at least'."
    )
