"""Which files and characters are kept from models?"""

import pytest

from pairwright.disclosure.policy import (
    Policy,
    clean_for_model,
    hidden_characters,
    withheld_reason,
)
from pairwright.disclosure.redaction import REDACTED, Redactor


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "app/.env.production",
        "prod.env",
        "certs/server.pem",
        "ID_RSA",
        "home/.ssh/config",
        ".aws/config",
        ".netrc",
        ".git/config",
        "credentials",
        "config/Credentials.json",
        "infra/main.tfvars",
        ".npmrc",
    ],
)
def test_a_file_that_holds_secrets_by_its_name_is_withheld(path: str) -> None:
    assert withheld_reason(path, "harmless") is not None


@pytest.mark.parametrize(
    "text",
    [
        "key = '-----BEGIN PRIVATE KEY-----\\nMIIE...'",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        'OPENAI = "sk-proj-abcdefghijklmnopqrstuv"',
        "aws = AKIA" + "A" * 16,
    ],
)
def test_a_text_that_holds_a_key_is_withheld(text: str) -> None:
    assert withheld_reason("src/settings.py", text) is not None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/app.py", "import os\nkey = os.environ['OPENAI_API_KEY']\n"),
        (".env.example", "OPENAI_API_KEY=\n"),
        ("environment.py", "x = 1"),
        ("keys/id_rsa.pub", "ssh-rsa AAAA"),
        ("monkey.py", "-----BEGIN CERTIFICATE-----"),
        ("credentials_form.py", "class Form: ..."),
    ],
)
def test_an_ordinary_file_is_shown(path: str, text: str) -> None:
    assert withheld_reason(path, text) is None


def test_an_example_that_holds_a_real_key_is_withheld() -> None:
    assert withheld_reason(".env.example", "K=sk-proj-abcdefghijklmnopqrstuv") is not None


@pytest.mark.parametrize(
    "hidden",
    ["\U000e0041\U000e0042", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\u200d", "\u200c"],
)
def test_what_nobody_sees_never_reaches_a_model(hidden: str) -> None:
    assert clean_for_model(f"re{hidden}turn {hidden}1{hidden}") == "return 1"


@pytest.mark.parametrize(
    "text",
    ["a\tb\r\nc\f", "naïve — “ok”", "家", "👩\u200d💻", "❤\ufe0f", "می\u200cخواهم"],
)
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert clean_for_model(text) == text


def test_a_key_behind_invisible_characters_withholds_the_file() -> None:
    hidden = "sk-\u200bproj-abcdef\U000e0041ghijklmnopqrstuv"
    assert withheld_reason("src/settings.py", f"k = '{hidden}'") is not None


def test_the_reason_tells_line_and_kind_and_not_the_key() -> None:
    key = "sk-proj-" + "abcdefghijklmnopqrstuv"
    reason = withheld_reason("a.py", f"x = 1\n\nk = '{key}'\n") or ""
    assert reason == "line 3 holds what looks like a secret: an API key (sk-)"


def test_a_file_that_is_called_like_a_token_is_withheld() -> None:
    assert withheld_reason("notes/ghp_" + "a1" * 18 + ".md", "") is not None


def check_withheld(path: str, text: str = "x", *, never: str = "", files: dict[str, str]) -> bool:
    policy = Policy(never=tuple(never.split()), redactor=Redactor(), read_ignore_file=files.get)
    return policy.withheld(path, text) is not None


@pytest.mark.parametrize(
    ("path", "is_withheld"),
    [
        ("dump.sql", True),
        ("deep/down/dump.sql", True),
        ("private/a.py", True),
        ("private/deep/a.py", True),
        ("src/private.py", False),
        ("keep.sql", False),
    ],
)
def test_the_persons_own_patterns_are_those_of_an_ignore_file(path: str, is_withheld: bool) -> None:
    assert check_withheld(path, never="*.sql !keep.sql private/", files={}) is is_withheld


@pytest.mark.parametrize(
    ("path", "is_withheld"),
    [
        ("a.log", True),
        ("sub/b.py", True),
        ("sub/c.py", False),
        ("other/b.py", False),
        ("secret/x.py", True),
    ],
)
def test_ignore_files_of_each_directory_count(path: str, is_withheld: bool) -> None:
    files = {
        ".gitignore": "*.log\n",
        "sub/.pairwrightignore": "b.py\n",
        ".pairwrightignore": "/secret/\n",
    }
    assert check_withheld(path, files=files) is is_withheld


@pytest.mark.parametrize("path", ["g.py", ".env", "n.py", "sub/g.py"])
def test_no_ignore_file_shows_what_another_rule_withholds(path: str) -> None:
    files = {".gitignore": "g.py\n", ".pairwrightignore": "!g.py\n!.env\n!n.py\n!*\n"}
    assert check_withheld(path, never="n.py", files=files)


def test_a_known_secret_withholds_the_file_that_holds_it() -> None:
    redactor = Redactor()
    redactor.register_environment({"SHOP_TOKEN": "odd-one-4711", "DB_PASSWORD": "postgres"})
    policy = Policy(redactor=redactor)
    reason = policy.withheld("a.py", "t = 'odd-one-4711'")
    assert reason == "it holds a secret of this process's environment"
    assert policy.withheld("odd-one-4711.py", "") == reason
    assert policy.withheld("a.py", "import postgres") is None, "a word is no reason"


def test_a_text_for_any_face_is_cleaned_and_what_is_gone_is_told() -> None:
    redactor = Redactor()
    redactor.register("odd-one-4711")
    policy = Policy(redactor=redactor)
    cleaned = policy.cleaned("k = odd-one-4711\u202e, sk-proj-" + "abcdefghijklmnopqrstuv")
    assert cleaned.text == f"k = {REDACTED}, {REDACTED}"
    assert cleaned.secrets == 2
    assert cleaned.hidden == "1 invisible character (U+202E right-to-left override)"
    assert policy.cleaned(cleaned.text).text == cleaned.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", ""),
        ("\ufeffplain", ""),
        ("👩\u200d💻", ""),
        ("a\u200bb", "1 invisible character (U+200B zero width space)"),
        ("\U000e0041" * 3, "3 invisible characters (U+E0041 tag latin capital letter a)"),
        ("\u200b\u200b\u202e\u2066\u00ad", "5 invisible characters (U+200B zero width space,"),
    ],
)
def test_hidden_characters_are_named(text: str, said: str) -> None:
    assert hidden_characters(text).startswith(said)
    assert bool(hidden_characters(text)) is bool(said)
