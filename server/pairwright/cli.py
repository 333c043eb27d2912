"""What can be typed after `python -m pairwright`? Argument parsing, nothing else."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from pairwright import __version__

_MODULES = {
    "daemon": "pairwright.daemon.app",
    "models": "pairwright.daemon.model_files",
    "keys": "pairwright.daemon.key_commands",
    "doctor": "pairwright.daemon.doctor",
    "prompts": "pairwright.daemon.prompt_files",
    "bench index": "pairwright.bench.index_bench",
    "bench retrieval": "pairwright.bench.retrieval_bench",
    "bench references": "pairwright.bench.references_bench",
    "bench edits": "pairwright.bench.edits",
    "bench calls": "pairwright.bench.calls",
    "bench lsp": "pairwright.bench.lsp_bench",
    "bench mcp": "pairwright.bench.mcp_bench",
    "bench run": "pairwright.bench.strategies.command",
    "bench report": "pairwright.bench.strategies.command",
    "bench mine": "pairwright.bench.strategies.mining",
    "feedback export": "pairwright.daemon.feedback_export",
    "feedback show": "pairwright.daemon.feedback_show",
}
"""Where each command's `main` is; only the chosen one is imported."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    args = _parser().parse_args(argv)
    command = f"{args.command} {args.subject}" if "subject" in args else args.command
    exit_code: int = import_module(_MODULES[command]).main(args)
    return exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pairwright", description="The daemon of a workspace, its models, and its doctor."
    )
    parser.add_argument("--version", action="version", version=f"pairwright {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    daemon = commands.add_parser("daemon", help="be a workspace's daemon (clients start it)")
    daemon.add_argument("--workspace", type=Path, required=True, metavar="DIR")
    daemon.add_argument(
        "--state-dir", type=Path, metavar="DIR", help="where ledger and journal lie instead"
    )
    daemon.add_argument(
        "--local-only",
        action="store_true",
        dest="is_local_only",
        help="let nothing leave this machine, whatever settings and tasks say",
    )

    daemon.add_argument(
        "--tcp",
        action="store_true",
        dest="is_tcp_wanted",
        help="listen on loopback as well, for clients that show a token",
    )

    models = commands.add_parser("models", help="the models that can be asked here")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="which there are, and which are here")
    pull = actions.add_parser("pull", help="download and verify one")
    pull.add_argument("name", metavar="NAME")
    pull.add_argument("--from", type=Path, metavar="FILE", dest="source", help="a GGUF file")
    test = actions.add_parser("test", help="ask a model one question")
    test.add_argument("name", metavar="NAME", help="such as embedded/qwen2.5-coder-0.5b")

    _add_keys(commands.add_parser("keys", help="where the providers' keys are"))
    doctor = commands.add_parser("doctor", help="what is missing, and what mends it")
    doctor.add_argument("--json", action="store_true", dest="is_json", help="as JSON")

    prompts = commands.add_parser("prompts", help="what models are told")
    prompts.add_argument("name", nargs="?", metavar="NAME", help="print this one")

    _add_feedback(commands.add_parser("feedback", help="what was remembered of tasks"))
    _add_bench(commands.add_parser("bench", help="measure strategies, and the index"))
    return parser


def _add_keys(keys: argparse.ArgumentParser) -> None:
    actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="for whom there are keys, and where; never the keys")
    put = actions.add_parser("set", help="read a key, unseen or from a pipe, into the keyring")
    put.add_argument("provider", metavar="PROVIDER", help="such as openai")
    delete = actions.add_parser("delete", help="take a key out of the keyring")
    delete.add_argument("provider", metavar="PROVIDER", help="such as openai")


def _add_feedback(feedback: argparse.ArgumentParser) -> None:
    actions = feedback.add_subparsers(dest="subject", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="what models were asked and said, attempt by attempt")
    show.add_argument(
        "task", nargs="?", metavar="TASK", help="a beginning of its id; else the last"
    )
    show.add_argument("--workspace", type=Path, metavar="DIR", help="instead of the one here")
    export = actions.add_parser("export", help="answers of models, for tuning, as JSON lines")
    export.add_argument(
        "--format",
        choices=("dpo", "sft"),
        default="dpo",
        help="pairs of a better and a worse answer, or good answers alone",
    )
    export.add_argument(
        "--weak-only", action="store_true", help="only pairs whose worse answer is the weak model's"
    )
    export.add_argument("--output", type=Path, metavar="FILE", help="write there instead")
    export.add_argument("--workspace", type=Path, metavar="DIR", help="instead of the one here")


def _add_bench(bench: argparse.ArgumentParser) -> None:
    subjects = bench.add_subparsers(dest="subject", required=True, metavar="SUBJECT")
    _add_bench_run(subjects.add_parser("run", help="strategies on a suite of tasks"))
    report = subjects.add_parser("report", help="what runs of strategies say, as a table")
    report.add_argument("results", type=Path, nargs="?", metavar="FILE", help="of `bench run`")
    report.add_argument(
        "--published",
        action="store_true",
        dest="is_published",
        help="the table of arXiv 2505.20182 instead",
    )
    _add_report_options(report)
    _add_bench_mine(subjects.add_parser("mine", help="tasks from a repository's own history"))
    _add_bench_index(subjects.add_parser("index", help="speed and memory, against a floor"))

    retrieval = subjects.add_parser("retrieval", help="are the files to change found? by commits")
    retrieval.add_argument("directory", type=Path, metavar="DIR", help="holds git repositories")
    retrieval.add_argument("--limit", type=int, default=50, metavar="N", help="commits of each")
    retrieval.add_argument(
        "--tuned-on", nargs="*", metavar="NAME", help="repositories that are reported apart"
    )

    _add_bench_references(subjects.add_parser("references", help="are uses found? by a checker"))

    edits = subjects.add_parser("edits", help="what reading and placing a model's edits costs")
    edits.add_argument("paths", type=Path, nargs="*", metavar="PATH", help="a tree; only read")
    edits.add_argument("--rounds", type=_count, default=3, metavar="N", help="the cheapest counts")
    edits.add_argument("--json", action="store_true", dest="is_json", help="as JSON")

    lsp = subjects.add_parser("lsp", help="how long an editor waits, against a bare server")
    lsp.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="a tree; it is only read")
    lsp.add_argument("--rounds", type=_count, default=20, metavar="N", help="tasks for hunks")
    lsp.add_argument("--json", action="store_true", dest="is_json", help="as JSON")

    mcp = subjects.add_parser("mcp", help="how long an assistant waits, against the bare SDK")
    mcp.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="a tree; it is only read")
    mcp.add_argument("--rounds", type=_count, default=300, metavar="N", help="questions each way")
    mcp.add_argument("--json", action="store_true", dest="is_json", help="as JSON")

    calls = subjects.add_parser("calls", help="what we add to a model's call")
    calls.add_argument("--rounds", type=_count, default=100, metavar="N", help="medians of these")
    calls.add_argument("--json", action="store_true", dest="is_json", help="as JSON")


def _add_bench_references(references: argparse.ArgumentParser) -> None:
    references.add_argument("directory", type=Path, metavar="DIR", help="holds a package")
    references.add_argument(
        "--language", choices=("python", "typescript"), default="python", help="default: python"
    )
    references.add_argument("--sample", type=int, default=150, metavar="N", help="definitions")
    references.add_argument(
        "--seed", type=int, default=1, metavar="N", help="what they are drawn by"
    )
    references.add_argument("--surprises", action="store_true", help="list where the two differ")


def _add_bench_run(run: argparse.ArgumentParser) -> None:
    run.add_argument(
        "suite", type=Path, nargs="?", metavar="SUITE", help="a folder of tasks; ours by default"
    )
    run.add_argument(
        "--strategies", type=_names, default=("ladder",), metavar="A,B", help="such as ladder,weak"
    )
    run.add_argument("--tasks", type=_names, default=(), metavar="A,B", help="only these")
    run.add_argument("--strong", metavar="MODEL", help="else what `run` would choose")
    run.add_argument("--weak", metavar="MODEL", help="likewise")
    run.add_argument("--api-base", metavar="URL", help="of a local server's models")
    run.add_argument("--timeout", type=float, default=300.0, metavar="S", help="of one call")
    run.add_argument("--repeat", type=_count, default=1, metavar="N", help="each this often")
    run.add_argument(
        "--results", type=Path, default=Path("results.jsonl"), metavar="FILE", help="added to"
    )
    run.add_argument(
        "--resume", action="store_true", dest="is_resumed", help="go on with a file that is there"
    )
    _add_report_options(run)


def _add_bench_mine(mine: argparse.ArgumentParser) -> None:
    mine.add_argument("repository", type=Path, metavar="REPO", help="with git; it is only read")
    mine.add_argument("suite", type=Path, metavar="OUT", help="where the tasks are put")
    mine.add_argument("--limit", type=_count, default=20, metavar="N", help="tasks that suffice")
    mine.add_argument(
        "--test-command",
        default="{python} -m pytest -q",
        metavar="CMD",
        help="runs all tests; for sources in src: 'env PYTHONPATH=src {python} -m pytest -q'",
    )
    mine.add_argument(
        "--max-changed-lines", type=_count, default=200, metavar="N", help="of the sources"
    )
    mine.add_argument("--timeout", type=float, default=120.0, metavar="S", help="of one test run")


def _add_report_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--prices",
        metavar="P",
        help="in USD per million tokens in and out: strong=1.10/4.40,weak=0.15/0.60",
    )
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the plane, SVG and PNG")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def _add_bench_index(index: argparse.ArgumentParser) -> None:
    index.add_argument(
        "paths", type=Path, nargs="*", metavar="PATH", help="a tree; it is only read"
    )
    index.add_argument(
        "--packages",
        nargs="+",
        default=(),
        metavar="NAME==VERSION",
        help="source archives that pip fetches, or npm for npm:NAME@VERSION, as one tree",
    )
    index.add_argument(
        "--million",
        action="store_true",
        dest="is_million",
        help="a million lines of several languages: django 5.2.6, and from npm react-native 0.76.5 "
        "and rxjs 7.8.1",
    )
    index.add_argument("--keep", type=Path, metavar="DIR", help="keep what is fetched in DIR")
    index.add_argument(
        "--rounds", type=_count, default=1, metavar="N", help="of floor and cold index; best counts"
    )
    index.add_argument("--runs", type=_count, default=1, metavar="N", help="checkouts to follow")
    index.add_argument("--json", action="store_true", dest="is_json", help="as JSON")


def _count(text: str) -> int:
    """Return a number of times.

    Raises:
        ValueError: it is none.
    """
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
