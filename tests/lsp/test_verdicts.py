"""Is a reviewer told what the gate says: in short in a lens, and all of it on request?"""

from pairwright.lsp.review.verdicts import in_full, in_short
from pairwright.protocol.messages import AffectedView, CheckView, VerdictView

NO_TESTS = CheckView(name="tests", outcome="not_run", detail="no test command")
SOUND = VerdictView(
    is_sound=True,
    checks=(CheckView(name="applies", outcome="passed", detail=""), NO_TESTS),
    badge="applies ✓ tests –",
)
FAILURE = "\n".join(f"line {number}" for number in range(9))
LEFT = "1 of 2 places are left as they were: a.py:3 (the problem is still there)"
UNSOUND = VerdictView(
    is_sound=False,
    checks=(
        CheckView(name="parses", outcome="passed", detail="all of it"),
        CheckView(name="tests", outcome="failed", detail=FAILURE),
    ),
    badge="parses ✓ tests ✗",
    may_break=(AffectedView(path="b.py", line=4, symbol="main", reason="calls `load`"),),
    notes=(LEFT, "another"),
)


def test_in_short_it_is_the_badge_and_the_first_thing_to_know() -> None:
    assert in_short(SOUND) == "applies ✓ tests –"
    assert in_short(UNSOUND) == "parses ✓ tests ✗; 1 of 2 places are left as they were: a.p…"
    assert in_short(VerdictView(is_sound=False, checks=())) == "not sound"


def test_in_full_it_says_why_and_not_what_passed() -> None:
    assert in_full(SOUND) == (
        "The gate found nothing wrong: applies ✓ tests –\ntests: no test command"
    )
    assert in_full(UNSOUND).splitlines() == [
        "The gate is not content: parses ✓ tests ✗",
        LEFT,
        "another",
        "tests: line 0",
        *(f"  line {number}" for number in range(1, 6)),
        "  and 3 lines more",
        "may break: b.py:5 calls `load`",
    ]
