"""Are settings layered so that a workspace can only tighten?"""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pairwright.daemon.configuration import (
    MAX_FILE_BYTES,
    SWITCHES_ON,
    TIGHTENABLE,
    load_settings,
    user_settings_file,
    why_unreadable,
)
from pairwright.errors import InvalidSettings
from pairwright.settings import Section, Settings


class Files:
    """The two files, in a directory of their own."""

    def __init__(self, directory: Path) -> None:
        self.user = directory / "settings.toml"
        self.project = directory / "pyproject.toml"

    def load(self, user: str = "", workspace: str = "") -> tuple[Settings, tuple[str, ...]]:
        self.user.write_text(user, "utf-8")
        self.project.write_text(workspace, "utf-8")
        return load_settings(self.project.parent, self.user)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def leaves(section: Section, prefix: str = "") -> dict[str, object]:
    """Return every setting by its dotted name."""
    found: dict[str, object] = {}
    for name, value in section:
        if isinstance(value, Section):
            found |= leaves(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


def test_without_files_there_are_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path, tmp_path / "none.toml") == (Settings(), ())


def test_the_users_file_may_set_everything(files: Files) -> None:
    settings, problems = files.load(
        'strategy = "plan"\n[models]\nstrong = "openai/x"\n[budget]\ntask_usd = 1.10\n'
        '[checks]\ntest_command = ["make", "test"]\n[daemon]\nidle_shutdown_s = 5\n'
    )
    assert problems == ()
    assert settings.strategy == "plan"
    assert settings.models.strong == "openai/x"
    assert settings.budget.task_usd == Decimal("1.1")
    assert settings.checks.test_command == ("make", "test")
    assert settings.daemon.idle_shutdown_s == 5


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[budget]\ntask_usd = -1\n", "budget.task_usd"),
        ('[budget]\ntask_usd = "much"\n', "budget.task_usd"),
        ("[budget]\ntask_usd = nan\n", "budget.task_usd"),
        ("[models]\ntimeout_s = 0\n", "models.timeout_s"),
        ("[models]\nattempts = 99\n", "models.attempts"),
        ("strategy = 5\n", "strategy"),
        ("[unknown]\na = 1\n", "unknown"),
        ("[budget]\ncoins = 1\n", "budget.coins"),
        ("models = 1\n", "models"),
        ('[checks]\ntest_command = "make"\n', "checks.test_command"),
    ],
)
def test_a_bad_value_is_reported_and_the_default_holds(files: Files, text: str, word: str) -> None:
    settings, problems = files.load(text)
    assert settings == Settings()
    (problem,) = problems
    assert f"settings.toml: {word}:" in problem


def test_a_bad_value_does_not_take_its_neighbours_along(files: Files) -> None:
    settings, problems = files.load("[budget]\ntask_usd = -1\nday_usd = 2\n")
    assert settings.budget.day_usd == 2
    assert len(problems) == 1


@pytest.mark.parametrize("text", ["[budget", "a = [" * 5000, "a = 1\na = 2", "\x00"])
def test_unreadable_toml_is_reported_in_either_file(files: Files, text: str) -> None:
    settings, problems = files.load(text, text)
    assert settings == Settings()
    assert [problem.split(":")[0] for problem in problems] == ["settings.toml", "pyproject.toml"]


def test_files_that_are_no_text_are_reported(files: Files) -> None:
    files.user.write_bytes(b"\xff\xfe")
    files.project.mkdir()
    settings, problems = load_settings(files.project.parent, files.user)
    assert settings == Settings()
    assert len(problems) == 2


def test_a_pipe_in_place_of_a_file_is_not_waited_for(files: Files) -> None:
    os.mkfifo(files.project)
    settings, problems = load_settings(files.project.parent, files.user)
    assert settings == Settings()
    assert "not a file" in problems[0]


def test_a_huge_file_is_not_read(files: Files) -> None:
    _, problems = files.load("", "#" * (MAX_FILE_BYTES + 1))
    assert "larger than" in problems[0]


def test_a_workspace_may_lower_each_limit(files: Files) -> None:
    settings, problems = files.load(
        "",
        "[tool.pairwright.budget]\ntask_usd = 0.1\nday_usd = 0\nworkspace_usd = 7\n"
        "[tool.pairwright.models]\ntimeout_s = 10\nattempts = 1\ndeadline_s = 20\n"
        "[tool.pairwright.checks]\ntest_timeout_s = 5\nmax_files = 3\nmax_changed_lines = 40\n"
        "linter_timeout_s = 2.5\nnetwork = false\nmemory_mb = 512\n"
        "[tool.pairwright.feedback]\nkeep = false\n",
    )
    assert problems == ()
    found = leaves(settings)
    assert {str(found[name]) for name in TIGHTENABLE} == (
        {"0.1", "0", "10.0", "1", "5.0", "3", "40", "2.5", "False", "512", "7", "20.0"}
    )


def test_a_workspace_may_take_the_network_that_the_user_gives(files: Files) -> None:
    user, workspace = "[checks]\nnetwork = true\n", "[tool.pairwright.checks]\nnetwork = false\n"
    settings, problems = files.load(user, workspace)
    assert not settings.checks.network
    assert problems == ()


@pytest.mark.parametrize("linters", ["[]", '["ruff"]', '["mypy"]'])
def test_a_workspace_chooses_no_linters_not_even_fewer(files: Files, linters: str) -> None:
    user = '[checks]\nlinters = ["ruff", "mypy"]\n'
    settings, problems = files.load(user, f"[tool.pairwright.checks]\nlinters = {linters}\n")
    assert settings.checks.linters == ("ruff", "mypy")
    assert problems == ("pyproject.toml: checks.linters: not for a workspace to set, ignored",)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('strategy = "strong"', "strategy"),
        ('models.strong = "openai/expensive"', "models.strong"),
        ('models.weak = "evil/x"', "models.weak"),
        ('models.strong_fallbacks = ["evil/x"]', "models.strong_fallbacks"),
        ('models.weak_fallbacks = ["evil/x"]', "models.weak_fallbacks"),
        ("models.concurrent_requests = 64", "models.concurrent_requests"),
        ("models.deadline_s = 601", "models.deadline_s"),
        ('models.endpoints.openai.api_base = "http://evil"', "models.endpoints"),
        ('models.endpoints.ollama.key = "env:OPENAI_API_KEY"', "models.endpoints"),
        ("models.endpoints = 1", "models.endpoints"),
        ('models.profiles."*".context_tokens = 999999', "models.profiles"),
        ('models.prices."*".input_usd_per_million = 0', "models.prices"),
        ('checks.test_command = ["sh", "evil"]', "checks.test_command"),
        ("checks.test_command = []", "checks.test_command"),
        ("daemon.idle_shutdown_s = 0.001", "daemon.idle_shutdown_s"),
        ("budget.task_usd = 0.51", "budget.task_usd"),
        ("budget.day_usd = 1000000", "budget.day_usd"),
        ("budget.day_usd = inf", "budget.day_usd"),
        ("budget.task_usd = -1", "budget.task_usd"),
        ("models.timeout_s = 301", "models.timeout_s"),
        ("models.attempts = 4", "models.attempts"),
        ("checks.test_timeout_s = 121", "checks.test_timeout_s"),
        ("checks.linter_timeout_s = 61", "checks.linter_timeout_s"),
        ("checks.linter_timeout_s = 0", "checks.linter_timeout_s"),
        ("checks.linters = []", "checks.linters"),
        ('checks.linters = ["mypy"]', "checks.linters"),
        ("checks.network = true", "checks.network"),
        ('checks.network = "perhaps"', "checks.network"),
        ("checks.memory_mb = 4097", "checks.memory_mb"),
        ("checks.memory_mb = 63", "checks.memory_mb"),
        ("checks.memory_mb = inf", "checks.memory_mb"),
        ("checks.max_files = 51", "checks.max_files"),
        ("checks.max_files = 0", "checks.max_files"),
        ("checks.max_changed_lines = 2001", "checks.max_changed_lines"),
        ("budget = 1", "budget"),
        ('hooks = "sh"', "hooks"),
        ("models.key = 1", "models.key"),
        ("models.timeout_s = {}", "models.timeout_s"),
        ("model_config = 1", "model_config"),
    ],
)
def test_all_else_from_a_workspace_is_ignored_and_reported(
    files: Files, text: str, word: str
) -> None:
    settings, problems = files.load("", f"[tool.pairwright]\n{text}\n")
    assert settings == Settings()
    (problem,) = problems
    assert problem.startswith(f"pyproject.toml: {word}: ")


def test_a_workspace_is_measured_by_the_users_own_limits(files: Files) -> None:
    settings, problems = files.load(
        "[budget]\ntask_usd = 0.05\nday_usd = 50\n",
        "[tool.pairwright.budget]\ntask_usd = 0.10\nday_usd = 20\n",
    )
    assert (settings.budget.task_usd, settings.budget.day_usd) == (Decimal("0.05"), 20)
    assert len(problems) == 1


def test_the_same_limit_is_neither_change_nor_problem(files: Files) -> None:
    assert files.load("", "[tool.pairwright.checks]\nmax_files = 50\n") == (Settings(), ())


def test_other_tools_tables_are_no_concern(files: Files) -> None:
    assert files.load("", "[tool.other]\na = 1\n") == (Settings(), ())
    assert files.load("", "tool = 1\n") == (Settings(), ())


def test_what_may_be_tightened_exists_and_is_a_number() -> None:
    found = leaves(Settings())
    # None is a limit that there is not: any is tighter.
    assert all(isinstance(found[name], int | float | Decimal | None) for name in TIGHTENABLE)


values = st.one_of(
    st.integers(-5, 5000),
    st.floats(-5, 5000, allow_nan=False).map(lambda number: round(number, 3)),
    st.sampled_from(['"text"', "true", "[]", '["a"]', "nan", "inf", "{}"]),
)


@hypothesis_settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.sampled_from(sorted(leaves(Settings()))), values, min_size=1))
def test_no_workspace_file_loosens_anything(files: Files, wanted: dict[str, object]) -> None:
    text = "".join(f"{name} = {value}\n" for name, value in wanted.items())
    settings, _ = files.load("", f"[tool.pairwright]\n{text}")
    before, after = leaves(Settings()), leaves(settings)
    for name, value in after.items():
        if name in TIGHTENABLE:
            assert before[name] is None or value <= before[name]  # type: ignore[operator]
        elif name in SWITCHES_ON:
            assert value or not before[name]
        else:
            assert value == before[name]


def test_the_users_file_lies_where_the_environment_says() -> None:
    found = user_settings_file({"PAIRWRIGHT_CONFIG_DIR": "/config"})
    assert found == Path("/config/settings.toml")
    assert user_settings_file({}).name == "settings.toml"


def test_a_relative_directory_is_refused_since_the_daemon_stands_elsewhere() -> None:
    with pytest.raises(InvalidSettings, match="not an absolute path: 'config'"):
        user_settings_file({"PAIRWRIGHT_CONFIG_DIR": "config"})


@pytest.mark.parametrize(
    ("users", "workspaces", "expected", "is_told"),
    [
        ("", "local_only = true", True, False),
        ("local_only = true", "local_only = false", True, True),
        ("local_only = true", "", True, False),
        ("", "local_only = false", False, False),
        ("", "never = ['*.sql']", False, True),
    ],
)
def test_a_workspace_may_keep_everything_here_and_never_let_it_out(
    files: Files, users: str, workspaces: str, expected: bool, is_told: bool
) -> None:
    settings, problems = files.load(
        f"[disclosure]\n{users}\n", f"[tool.pairwright.disclosure]\n{workspaces}\n"
    )
    assert settings.disclosure.local_only is expected
    assert settings.disclosure.never == ()
    assert bool(problems) is is_told


@pytest.mark.parametrize(
    "text",
    ["local_only = 'certainly'", "local_onyl = true", "never = '*.sql'", "never = [1]"],
)
def test_a_word_on_what_may_leave_that_is_wrong_stops_all_tasks(files: Files, text: str) -> None:
    _, problems = files.load(f"[disclosure]\n{text}\n")
    assert len(problems) == 1
    assert why_unreadable(files.user) == problems[0]


def test_a_wrong_word_about_something_else_stops_nothing(files: Files) -> None:
    files.load("[budget]\ntask_usd = -1\n[disclosure]\nlocal_only = true\n")
    assert why_unreadable(files.user) is None


ENDPOINT = '[models.endpoints.{name}]\napi_base = "{api_base}"\nkey = "{key}"\n'


def endpoint(name: str = "gpu", api_base: str = "http://gpu.lan/v1", key: str = "env:K") -> str:
    return ENDPOINT.format(name=name, api_base=api_base, key=key)


def test_endpoints_and_profiles_are_the_users_to_set(files: Files) -> None:
    text = endpoint(api_base="https://gpu.lan:8000/v1/") + (
        '[models.profiles."gpu/*"]\ncontext_tokens = 4096\n'
        '[models.profiles."*"]\ntemperature = false\n'
    )
    settings, problems = files.load(text)
    assert problems == ()
    assert settings.models.endpoints["gpu"].api_base == "https://gpu.lan:8000/v1"
    assert list(settings.models.profiles) == ["gpu/*", "*"]
    assert why_unreadable(files.user) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (endpoint(api_base="gpu.lan/v1"), "gpu.api_base: must be an address"),
        (endpoint(api_base="ftp://gpu.lan"), "gpu.api_base: must be an address"),
        (endpoint(api_base="http://"), "gpu.api_base: must be an address"),
        (endpoint(api_base="http://gpu.lan:99999"), "gpu.api_base: must be an address"),
        (endpoint(api_base="http://gpu lan/v1"), "gpu.api_base: must be an address"),
        (endpoint(api_base="http://[::1"), "gpu.api_base: must be an address"),
        (endpoint(api_base="http://u:canary-x@gpu.lan"), "no name and no password"),
        (endpoint(api_base="http://gpu.lan?key=canary-x"), "no '\\?' and no '#'"),
        (endpoint(api_base="http://gpu.lan#canary-x"), "no '\\?' and no '#'"),
        (endpoint(key="canary-x"), "gpu.key: must say where the key is"),
        (endpoint(key="env:"), "gpu.key: must say where the key is"),
        (endpoint(key="file:/canary-x"), "gpu.key: must say where the key is"),
        (endpoint(name="embedded"), "must be named with letters"),
        (endpoint(name='"a/b"'), "must be named with letters"),
        (endpoint(name='""'), "must be named with letters"),
        ("[models.endpoints.gpu]\n", "gpu.api_base: Field required"),
        ("[models]\nendpoints = 3\n", "models.endpoints: must be a table"),
        ("[models.endpoints]\ngpu = 3\n", "models.endpoints.gpu"),
        (endpoint() + 'kind = "telnet"\n', "gpu.kind: Input should be 'openai'"),
        (endpoint() + 'api_key = "canary-x"\n', "gpu.api_key: Extra inputs"),
    ],
)
def test_a_wrong_endpoint_is_ignored_told_without_its_value_and_stops_tasks(
    files: Files, text: str, words: str
) -> None:
    settings, problems = files.load(text)
    [problem] = problems
    assert re.search(words, problem), problem
    assert "canary-x" not in problem
    assert settings.models.endpoints == {}
    # What was meant for one's own server must not go to the provider of that name.
    assert why_unreadable(files.user) == problem


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("context_tokens = 3", "context_tokens: Input should be greater"),
        ('edit_format = "prose"', "edit_format: Input should be"),
        ('reasoning_effort = "much"', "reasoning_effort: Input should be"),
        ('temperature = "perhaps"', "temperature: Input should be a valid boolean"),
        ("price = 1", "price: Extra inputs"),
    ],
)
def test_a_wrong_profile_is_ignored_and_told(files: Files, line: str, words: str) -> None:
    settings, problems = files.load(f'[models.profiles."ollama/*"]\n{line}\n')
    assert settings.models.profiles == {}
    [problem] = problems
    assert words in problem
    assert why_unreadable(files.user) is None
