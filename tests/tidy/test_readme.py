"""Does the README say what is done?"""

import re

from tests.tidy.source import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CI = (ROOT / ".ci" / "run").read_text("utf-8")


def commands() -> list[str]:
    """Return the two commands of the section "Start"."""
    section = README.partition("\n## Start\n")[2].partition("\n## ")[0]
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)]


def test_there_are_two_commands_of_one_line_each() -> None:
    assert len(commands()) == 2
    assert [command.count("\n") for command in commands()] == [0, 0]


def test_the_first_command_installs_and_runs_the_demo() -> None:
    first, _ = commands()
    assert first.startswith("python3 -m venv .venv && ")
    assert " -r requirements.lock " in first
    assert first.endswith(" && .venv/bin/pairwright demo")


def test_the_second_command_is_what_continuous_integration_runs() -> None:
    _, second = commands()
    assert second.startswith("python3 -m venv .venv && ")
    assert " -r requirements-dev.lock " in second
    assert second.endswith(" && .venv/bin/pytest")
    assert second in CI.splitlines()


def test_continuous_integration_checks_style_types_and_contracts() -> None:
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        assert f".venv/bin/{tool}" in CI


def test_it_is_short() -> None:
    assert len(README.splitlines()) < 150


def test_every_link_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "server" / "docs").glob("*.md"))]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_lock_files_pin_every_package_by_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        pins = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
        assert len(pins) > 20
        assert [pin.partition("\n")[0] for pin in pins if "--hash=sha256:" not in pin] == []
        assert [pin.partition("\n")[0] for pin in pins if "==" not in pin.partition("\n")[0]] == []


def test_both_lock_files_pin_the_same_versions() -> None:
    run, dev = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run.items() <= dev.items()
