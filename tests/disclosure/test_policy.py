"""Which files and characters are kept from models?"""

import pytest

from pairwright.disclosure.policy import clean_for_model, withheld_reason


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
