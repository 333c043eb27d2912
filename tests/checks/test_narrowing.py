import pytest

from pairwright.checks.narrowing import MAX_FILES, narrowed
from pairwright.workspace.paths import WorkspacePath


def check_narrowed(command: str, files: str, expected: str | None) -> None:
    argv = tuple(command.split())
    result = narrowed(argv, tuple(map(WorkspacePath, files.split())))
    assert result == (None if expected is None else tuple(expected.split()))


@pytest.mark.parametrize(
    "prefix",
    [
        "pytest",
        "python -m pytest",
        "python3.12 -B -X dev -m pytest",
        ".venv/bin/python -W error -m pytest",
        "uv run pytest",
        "uv run --frozen pytest",
        "uv run python -m pytest",
        "poetry run pytest",
        "hatch run pytest",
        "pdm run pytest",
        "coverage run --branch=1 -m pytest",
        "env CI=1 pytest",
    ],
)
def test_pytest_is_narrowed_however_it_is_started(prefix: str) -> None:
    check_narrowed(f"{prefix} -q", "tests/test_a.py", f"{prefix} -q tests/test_a.py")


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ("pytest tests", "tests/test_b.py tests/test_a.py",
         "pytest tests/test_b.py tests/test_a.py"),
        ("pytest ./tests/unit/", "tests/unit/test_a.py tests/e2e/test_b.py",
         "pytest tests/unit/test_a.py"),
        ("pytest tests/test_a.py", "tests/test_a.py tests/test_b.py", "pytest tests/test_a.py"),
        ("pytest tests/test_a.py::test_x tests/test_b.py", "tests/test_a.py",
         "pytest tests/test_a.py::test_x"),
        ("pytest -k fast -x -vv tests", "tests/test_a.py", "pytest -k fast -x -vv tests/test_a.py"),
        ("pytest -p no:cacheprovider -n4 --tb=short --cov=pkg", "test_a.py",
         "pytest -p no:cacheprovider -n4 --tb=short --cov=pkg test_a.py"),
        ("pytest", "-rf/test_a.py @x/test_b.py", "pytest ./-rf/test_a.py ./@x/test_b.py"),
        ("pytest", "tests/test_a.py web/a.test.ts", "pytest tests/test_a.py"),
        ("pytest tests/unit", "tests/e2e/test_b.py", None),
        ("pytest --plugin-option thing tests", "tests/test_a.py", None),
        ("pytest --pyargs pkg", "pkg/test_a.py", None),
        ("pytest -- tests", "tests/test_a.py", None),
        ("pytest", "web/a.test.ts", None),
        ("pytest", "tests/test_[a].py", None),
        ("pytest", "", None),
    ],
)  # fmt: skip
def test_paths_of_pytest_are_replaced_by_those_within_them(
    command: str, files: str, expected: str | None
) -> None:
    check_narrowed(command, files, expected)


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ("python -m unittest", "tests/test_a.py", "python -m unittest tests.test_a"),
        ("python -m unittest -q", "tests/test_a.py a/test_b.py",
         "python -m unittest -q tests.test_a a.test_b"),
        ("python -m unittest tests.test_a.Case tests.test_b", "tests/test_a.py",
         "python -m unittest tests.test_a.Case"),
        ("python -m unittest tests/test_a.py", "tests/test_a.py",
         "python -m unittest tests/test_a.py"),
        ("python -m unittest tests.test_b", "tests/test_a.py", None),
        ("python -m unittest discover", "tests/test_a.py", "python -m unittest tests.test_a"),
        ("python -m unittest discover -v -s tests -t .", "tests/test_a.py x/test_b.py",
         "python -m unittest -v tests.test_a"),
        ("python -m unittest discover -s tests", "tests/test_a.py",
         "python -m unittest discover -s tests -p test_a.py"),
        ("python -m unittest discover -s tests", "tests/test_a.py tests/test_b.py", None),
        ("python -m unittest discover -p *_t.py", "tests/test_a.py", None),
        ("python -m unittest discover tests", "tests/test_a.py", None),
        ("python -m unittest", "tests/a-b/test_a.py", None),
    ],
)  # fmt: skip
def test_unittest_is_told_modules(command: str, files: str, expected: str | None) -> None:
    check_narrowed(command, files, expected)


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ("go test ./...", "a/b/x_test.go a/b/y_test.go c_test.go", "go test ./a/b ."),
        ("go test -race -run TestX ./a/...", "a/b/x_test.go c/y_test.go",
         "go test -race -run TestX ./a/b"),
        ("go test ./... -args -v", "a/x_test.go", "go test ./a -args -v"),
        ("go test ./a", "b/x_test.go", None),
        ("go test example.com/m/a", "a/x_test.go", None),
        ("go vet ./...", "a/x_test.go", None),
        ("npx jest --ci", "src/a.test.js", "npx jest --runTestsByPath src/a.test.js --ci"),
        ("node_modules/.bin/jest --reporters default", "a.test.ts",
         "node_modules/.bin/jest --runTestsByPath a.test.ts --reporters default"),
        ("jest src/", "src/a.test.js lib/b.test.js", "jest --runTestsByPath src/a.test.js"),
        ("jest --watch", "a.test.js", None),
        ("npx vitest run", "src/a.test.ts", "npx vitest run src/a.test.ts"),
        ("pnpm exec vitest run --coverage", "a.test.ts",
         "pnpm exec vitest run a.test.ts --coverage"),
        ("yarn mocha --recursive test/**/*.spec.js", "test/a/b.spec.js",
         "yarn mocha test/a/b.spec.js --recursive"),
        ("npx mocha -r ts-node/register", "test/a.ts", "npx mocha test/a.ts -r ts-node/register"),
        ("npx jest", "app/[id].test.js", None),
        ("bundle exec rspec --format doc", "spec/a_spec.rb",
         "bundle exec rspec --format doc spec/a_spec.rb"),
        ("rspec spec/models", "spec/models/a_spec.rb spec/b_spec.rb",
         "rspec spec/models/a_spec.rb"),
        ("vendor/bin/phpunit", "tests/ATest.php", "vendor/bin/phpunit tests/ATest.php"),
        ("vendor/bin/phpunit", "tests/ATest.php tests/BTest.php", None),
    ],
)  # fmt: skip
def test_runners_of_other_languages_take_paths_in_their_way(
    command: str, files: str, expected: str | None
) -> None:
    check_narrowed(command, files, expected)


@pytest.mark.parametrize(
    "command",
    ["npm test", "npm test --", "make test", "tox", "cargo test", "python run.py", "sh -c pytest",
     "python -c pass", "python -m", "uv", "uv sync", "env", "", "./pytest-all.sh", "poetry pytest"],
)  # fmt: skip
def test_what_is_not_understood_is_run_whole(command: str) -> None:
    check_narrowed(command, "tests/test_a.py tests/a.rs a.test.js", None)


def test_so_many_files_are_not_named() -> None:
    files = [WorkspacePath(f"tests/test_{number}.py") for number in range(MAX_FILES + 1)]
    assert narrowed(("pytest",), files) is None
    assert narrowed(("pytest",), files[1:]) == ("pytest", *files[1:])
    assert narrowed(("pytest",), [WorkspacePath(f"{'d' * 20_000}/test_a.py")]) is None


def test_a_path_with_spaces_stays_one_word() -> None:
    files = [WorkspacePath("my tests/test_a.py")]
    assert narrowed(("pytest", "-q"), files) == ("pytest", "-q", "my tests/test_a.py")


def test_a_file_is_named_once() -> None:
    files = [WorkspacePath("test_a.py")] * 2
    assert narrowed(("pytest",), files) == ("pytest", "test_a.py")
