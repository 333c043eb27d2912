"""Is what the pages say of the strategies what the kept results say?"""

from pairwright.bench.strategies.frontier import frontier
from pairwright.bench.strategies.report import SuiteResults, gather, report_text
from pairwright.bench.strategies.results import parse_prices, read_results
from tests.tidy.source import ROOT

DOCS = ROOT / "server" / "docs"
KEPT = DOCS / "results" / "embedded-pair.jsonl"
PRICES = "strong=1.10/4.40,weak=0.15/0.60"
WANTED = {
    *("weak", "strong_single", "strong", "plan"),
    *("strong_first", "weak_first", "cope", "ladder"),
}


def kept() -> SuiteResults:
    (suite,) = gather(read_results(KEPT), parse_prices(PRICES))
    return suite


def test_the_tables_of_the_page_are_those_of_the_kept_results() -> None:
    page = (DOCS / "strategies.md").read_text("utf-8")
    rows = [line for line in report_text(kept()).splitlines() if line.startswith("|")]
    assert len(rows) > 2 * len(WANTED)
    assert [row for row in rows if row not in page] == []


def test_every_strategy_did_each_of_the_tasks_once() -> None:
    results = read_results(KEPT)
    tasks = {each.task for each in results}
    assert len(tasks) >= 24
    done = sorted((each.task, each.strategy) for each in results)
    assert done == sorted((task, strategy) for task in tasks for strategy in WANTED)
    assert {each.ending for each in results} <= {"resolved", "unresolved"}


def test_the_ladder_keeps_its_promise() -> None:
    """At least as many as the strong model, at 60 % of its cost or less, and on the frontier."""
    rows = {each.strategy: each for each in kept().strategies}
    ladder, strong = rows["ladder"], rows["strong"]
    assert ladder.resolved >= strong.resolved
    assert ladder.cost_usd <= 0.6 * strong.cost_usd
    assert ladder.outcome in frontier([each.outcome for each in rows.values()])
