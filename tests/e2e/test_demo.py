"""Is the demo the main job, and is nothing left afterwards but what it cost?"""

from pathlib import Path

from tests.clients.tty import terminal
from tests.e2e.answers import RIGHT, WRONG, expected_bytes
from tests.e2e.answers import RIGHT_FILES as MENDED
from tests.e2e.stage import COMMAND_S, Stage, check_demo_left_its_accounts_only


def test_it_mends_the_sample_before_ones_eyes_and_leaves_only_its_ledger(
    fresh_stage: Stage,
) -> None:
    fresh_stage.server.answer_with(RIGHT)
    with terminal(
        "demo", environment=fresh_stage.environment, directory=fresh_stage.root
    ) as person:
        person.read_until("The gate found nothing wrong, and the tests pass.", seconds=COMMAND_S)
        assert person.wait() == 0
    shown = person.shown
    for sign in ("Why ", "Tests before:", "Weak model: edit", "Gate, attempt 1", "Receipt"):
        assert sign in shown
    assert "18 tests pass" in shown.partition("Gate, attempt 1")[2]
    assert [request.body["model"] for request in fresh_stage.server.requests] == ["gpt-4o-mini"]
    assert fresh_stage.tree() == {}
    check_demo_left_its_accounts_only(fresh_stage)
    assert [entry["outcome"] for entry in fresh_stage.ledger()] == ["done"]


def test_what_it_made_can_be_kept_and_looked_at(fresh_stage: Stage, tmp_path: Path) -> None:
    fresh_stage.server.answer_with(RIGHT)
    kept = tmp_path / "kept"
    done = fresh_stage.call("demo", "--keep", str(kept), "--strategy", "weak")
    assert (done.exit_code, done.err) == (0, "")
    assert done.out.endswith(f"The result lies in {kept}\n")
    assert {path: (kept / path).read_bytes() for path in MENDED} == {
        path: expected_bytes(path) for path in MENDED
    }
    assert fresh_stage.processes() == []
    assert "gpt-4o-mini" in fresh_stage.call("cost", "--workspace", str(kept), "--by", "model").out
    fresh_stage.call("stop", "--workspace", str(kept))

    again = fresh_stage.call("demo", "--keep", str(kept))
    assert again.exit_code == 2
    assert again.err == f"pairwright: --keep takes a new or empty directory, not {str(kept)!r}\n"


def test_models_that_do_not_mend_it_are_told_with_exit_code_1(fresh_stage: Stage) -> None:
    fresh_stage.server.answer_with(WRONG)
    done = fresh_stage.call("demo", "--strategy", "weak")
    assert (done.exit_code, done.err) == (1, "")
    assert "The gate is not content with the best attempt.\nThe models did not mend" in done.out
    check_demo_left_its_accounts_only(fresh_stage)


def test_what_one_demo_spent_counts_towards_the_next_ones_day(fresh_stage: Stage) -> None:
    fresh_stage.server.answer_with(RIGHT, RIGHT)
    assert fresh_stage.call("demo", "--yes", "--strategy", "weak").exit_code == 0
    settings = (fresh_stage.home / "config" / "settings.toml").read_text("utf-8")
    spent = fresh_stage.ledger()[0]["cost_picodollars"]
    assert spent > 0
    fresh_stage.write_settings(f"{settings}\n[budget]\nday_usd = {spent / 10**12:.12f}\n")
    refused = fresh_stage.call("demo", "--yes", "--strategy", "weak")
    assert refused.exit_code == 1
    assert "day" in refused.err
    assert len(fresh_stage.server.requests) == 1
