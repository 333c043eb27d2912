"""`cost`, as a person, a program, a spreadsheet and a reader of pictures see it."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pairwright.protocol.codec import encode
from pairwright.protocol.cost_messages import CostReport, CostRow
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from pairwright_client.cost_chart import MOST_BARS, draw
from pairwright_client.costs import show_cost, to_csv
from tests.clients.daemon_double import DaemonDouble
from tests.clients.pictures import check_picture, plain

SVG = "{http://www.w3.org/2000/svg}"


def row(key: str, cost: str, unpriced: int = 0, **values: Any) -> CostRow:
    given = {
        "key": key,
        "calls": 12,
        "input_tokens": 34567,
        "cached_tokens": 10_000,
        "output_tokens": 890,
        "cost_usd": Decimal(cost),
        "unpriced_calls": unpriced,
        **values,
    }
    return CostRow(**given)


OPEN: dict[str, Any] = {"open_calls": 2, "open_usd": Decimal("0.02")}
REPORT = CostReport(
    rows=(
        row("openai/large", "0.1234", **OPEN),
        row("ollama/\x1b[2Jsmall", "0", 3, is_estimated=True, input_tokens=0, cached_tokens=0),
        row("gateway/of-a-very-long-name-that-goes-on-and-on", "0.05", 1),
    ),
    total=row("total", "0.1734", 4, is_estimated=True, **OPEN),
    day_usd=Decimal("0.05"),
    day_cap_usd=Decimal(5),
    day_unpriced_calls=1,
    price_sources=("litellm 1.106.2", "settings"),
)
EMPTY = CostReport(rows=(), total=row("total", "0"), day_usd=Decimal(0), day_cap_usd=Decimal(5))


def ask(rendezvous: Rendezvous, *arguments: str) -> DaemonDouble:
    with DaemonDouble(rendezvous, {"pairwright/cost": lambda *_: encode(REPORT)}) as daemon:
        assert main(["cost", *arguments]) == 0
    return daemon


def test_costs_are_a_table(rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]) -> None:
    daemon = ask(rendezvous, "--by", "model")
    assert daemon.params_of("pairwright/cost") == {"by": "model"}
    check_picture("cost", capsys.readouterr().out)


@pytest.mark.parametrize("by", ["day", "model", "strategy", "client", "role", "task"])
def test_costs_are_grouped_as_one_asks(rendezvous: Rendezvous, by: str) -> None:
    assert ask(rendezvous, "--by", by).params_of("pairwright/cost") == {"by": by}


def test_a_report_without_marks_explains_none() -> None:
    paper, screen = plain()
    known = row("2026-01-02", "0.25")
    report = CostReport(rows=(known,), total=known, day_usd=Decimal("0.25"), day_cap_usd=Decimal(5))
    show_cost(screen, report, by="day")
    assert paper.getvalue().splitlines()[3:] == [
        "",
        "Today: $0.25 of $5.00 that may be spent in a day (UTC).",
    ]


def test_costs_for_a_program(rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]) -> None:
    ask(rendezvous, "--json")
    assert json.loads(capsys.readouterr().out) == encode(REPORT)


def test_costs_for_a_spreadsheet(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(rendezvous, "--by", "model", "--csv")
    first, second, _ = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert first == {
        "model": "openai/large",
        "calls": "12",
        "input_tokens": "34567",
        "cached_tokens": "10000",
        "output_tokens": "890",
        "is_estimated": "no",
        "cost_usd": "0.1234",
        "unpriced_calls": "0",
        "open_calls": "2",
        "open_usd": "0.02",
    }
    assert (second["model"], second["is_estimated"]) == ("ollama/\\x1b[2Jsmall", "yes")


@pytest.mark.parametrize(
    "key", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "\n=1", '=HYPERLINK("x","y")']
)
def test_no_name_becomes_a_formula(key: str) -> None:
    text = to_csv(replace(REPORT, rows=(row(key, "1"),)), by="client")
    _, (written, *_) = csv.reader(io.StringIO(text))
    assert written.startswith("'")
    assert key.strip() in written


def test_amounts_are_never_written_as_powers_of_ten() -> None:
    text = to_csv(replace(REPORT, rows=(row("a", "1e-12"),)), by="model")
    assert "0.000000000001" in text


def test_only_one_form_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    for forms in (("--csv", "--json"), ("--csv", "--chart", "x.svg")):
        with pytest.raises(SystemExit):
            main(["cost", *forms])
        assert "not allowed with" in capsys.readouterr().err


def test_a_workspace_that_asked_nobody_says_so() -> None:
    paper, screen = plain()
    show_cost(screen, EMPTY, by="day")
    assert paper.getvalue() == "No model has been asked in this workspace.\n"
    assert "No model has been asked." in draw(EMPTY, by="day")
    assert to_csv(EMPTY, by="day").count("\n") == 1


def parsed(report: CostReport, by: str) -> ET.Element:
    return ET.fromstring(draw(report, by=by))


def widths(svg: ET.Element, kind: str = "bar") -> list[float]:
    return [float(e.attrib["width"]) for e in svg.iter(f"{SVG}rect") if e.get("class") == kind]


def test_a_chart_is_written_into_a_file(
    rendezvous: Rendezvous, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "costs.svg"
    file.write_text("the old one", "utf-8")
    ask(rendezvous, "--by", "model", "--chart", str(file))
    assert capsys.readouterr().out == f"Drawn: {file}\n"
    assert ET.fromstring(file.read_text("utf-8")).tag == f"{SVG}svg"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".svg"] == ["costs.svg"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("costs.png", "ends so, not 'costs.png'"),
        ("nowhere/costs.svg", "no directory"),
        ("folder.svg", "is a directory"),
    ],
)
def test_a_chart_that_has_no_place_is_refused(
    name: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    assert main(["cost", "--chart", name]) == 2
    assert reason in capsys.readouterr().err


def test_bars_are_as_long_as_costs_the_dearest_first() -> None:
    svg = parsed(REPORT, "model")
    dear, cheap, unknown = widths(svg)
    assert cheap / dear == pytest.approx(0.05 / 0.1234, rel=0.01)
    assert unknown == 0
    (opened,) = widths(svg, "open")
    assert opened / dear == pytest.approx(0.02 / 0.1234, rel=0.01)
    figures = [e.text for e in svg.iter(f"{SVG}text") if e.get("class") == "figure"]
    assert figures == ["$0.1234", "at least $0.05 and 1 unpriced call", "3 unpriced calls"]


def test_a_chart_says_in_words_what_it_shows() -> None:
    svg = parsed(REPORT, "model")
    assert (svg.get("role"), svg.get("aria-labelledby")) == ("img", "title description")
    assert svg.findtext(f"{SVG}title") == "Cost by model"
    told = svg.findtext(f"{SVG}desc") or ""
    assert "openai/large: $0.1234" in told
    assert "at least $0.1734 and 4 unpriced calls in all" in told


def test_models_that_cost_nothing_are_compared_by_tokens() -> None:
    free = (row("a", "0", output_tokens=0), row("b", "0", input_tokens=69_134, output_tokens=0))
    svg = parsed(replace(REPORT, rows=free, total=row("total", "0")), "model")
    assert svg.findtext(f"{SVG}title") == "Tokens by model"
    long, short = widths(svg)
    assert short == long / 2


@pytest.mark.parametrize("by", ["day", "task"])
def test_a_chart_of_many_groups_stays_small(by: str) -> None:
    rows = tuple(row(f"{number:03}", str(number + 1)) for number in range(100))
    svg = parsed(replace(REPORT, rows=rows, total=row("total", "5050")), by)
    names = [e.text for e in svg.iter(f"{SVG}text") if e.get("class") == "name"]
    assert len(names) == MOST_BARS
    if by == "day":
        assert (names[0], names[1], names[-1]) == ("71 earlier days", "071", "099")
    else:
        assert (names[0], names[-1]) == ("099", "71 others")
    told = svg.findtext(f"{SVG}desc") or ""
    assert f"{'71 earlier days' if by == 'day' else '71 others'}: $2,556.00" in told


def test_names_cannot_break_out_of_a_chart() -> None:
    hostile = "</text><script>alert(1)</script>\x00\x1b\u202e&\ud800"
    text = draw(replace(REPORT, rows=(row(hostile, "1"),)), by="model")
    svg = ET.fromstring(text.encode("utf-8"))
    assert not list(svg.iter(f"{SVG}script"))
    assert "<script" not in text


def test_a_chart_asks_no_other_host_and_runs_nothing() -> None:
    text = draw(REPORT, by="model").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not any(
        word in text for word in ("http", "href", "url(", "@import", "<script", "onload")
    )
