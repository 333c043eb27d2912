"""What does the gate say of a change, in words? In short for a lens, and all of it for who asks."""

from pairwright.protocol.messages import CheckView, VerdictView

MOST_LABEL = 40
"""Characters of an instruction, or of a note, in a lens."""
_MOST_LINES = 5
"""Of what one check says."""


def clipped(text: str) -> str:
    """Return a text on one line, as short as a lens has room for."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_LABEL else f"{line[:MOST_LABEL]}…"


def in_short(verdict: VerdictView) -> str:
    """Return what every check came to, and the first thing that a person should know."""
    badge = verdict.badge or ("sound" if verdict.is_sound else "not sound")
    return "; ".join((badge, *map(clipped, verdict.notes[:1])))


def in_full(verdict: VerdictView) -> str:
    """Return what a person should know, why each check did not pass, and what may break."""
    unpassed = [each for each in verdict.checks if each.outcome != "passed" and each.detail.strip()]
    may_break = (
        f"may break: {place.path}:{place.line + 1} {place.reason}" for place in verdict.may_break
    )
    said = [*verdict.notes, *map(_of_check, unpassed), *may_break]
    headline = "The gate found nothing wrong" if verdict.is_sound else "The gate is not content"
    return "\n".join((f"{headline}: {verdict.badge}", *said))


def _of_check(check: CheckView) -> str:
    first, *rest = check.detail.strip().splitlines()
    more = len(rest) - _MOST_LINES
    told = [*rest[:_MOST_LINES], *([f"and {more} lines more"] if more > 0 else [])]
    return "\n".join((f"{check.name}: {first}", *(f"  {line}" for line in told)))
