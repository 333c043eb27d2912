"""Does a secret ever survive redaction?"""

import base64
import io
import logging
import urllib.parse

import pytest

from pairwright.disclosure.redaction import REDACTED, RedactingFormatter, Redactor

SECRET = "canary/with+odd=chars&0123456789"


def check_gone(text: str, *secrets: str) -> str:
    redactor = Redactor()
    for secret in secrets:
        redactor.register(secret)
    return redactor.redact(text)


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote_plus(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        base64.b64encode(f"u:{SECRET}".encode()).decode(),
        base64.b64encode(f"me:{SECRET}!".encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        SECRET.encode().hex(),
        repr(SECRET),
    ],
)
def test_a_registered_secret_goes_in_every_form(form: str) -> None:
    redacted = check_gone(f"before {form} after", SECRET)
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")
    assert REDACTED in redacted
    assert form not in redacted
    assert len(redacted) < len("before  after") + len(REDACTED) + 12


def test_a_secret_that_holds_another_goes_whole() -> None:
    assert check_gone("x abcdefgh-long y", "abcdefgh", "abcdefgh-long") == f"x {REDACTED} y"


def test_a_secret_too_short_to_be_one_is_left_alone() -> None:
    assert check_gone("a test of tests", "test") == "a test of tests"
    assert check_gone("nothing", "") == "nothing"


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcdefghijklmnopqrstuv",
        "sk-ant-api03-abcdefghijklmnopqrstuv",
        "AIza" + "a" * 35,
        "ghp_" + "a" * 36,
        "AKIA" + "A" * 16,
        "xoxb-123456789012-abc",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.abcdefghijklmnop",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn that was cut",
    ],
)
def test_a_key_that_nobody_registered_goes_by_its_shape(key: str) -> None:
    assert Redactor().redact(f"got {key}") == f"got {REDACTED}"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Authorization: Bearer abcdef123456", f"Authorization: Bearer {REDACTED}"),
        ("GET /v1?key=abc123&x=1", f"GET /v1?key={REDACTED}&x=1"),
        ("https://me:hunter2@example.org/", f"https://me:{REDACTED}@example.org/"),
    ],
)
def test_a_value_that_its_surroundings_give_away_goes(text: str, redacted: str) -> None:
    assert Redactor().redact(text) == redacted


@pytest.mark.parametrize(
    "text", ["task-runner-is-a-long-name", "http://127.0.0.1:8080/v1", "basic usage", "risk-free"]
)
def test_ordinary_text_stays(text: str) -> None:
    assert Redactor().redact(text) == text


def test_the_secrets_of_the_environment_are_known_by_their_names() -> None:
    redactor = Redactor()
    redactor.register_environment({"OPENAI_API_KEY": "canary-1", "db_password": "canary-2"})
    redactor.register_environment({"EDITOR": "canary-3", "EMPTY_TOKEN": ""})
    assert redactor.redact("canary-1 canary-2 canary-3") == f"{REDACTED} {REDACTED} canary-3"


def test_a_log_line_loses_secrets_in_arguments_and_tracebacks() -> None:
    redactor = Redactor()
    redactor.register(SECRET)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter("%(levelname)s %(message)s", redactor=redactor))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError(f"bad key {SECRET}")
    except ValueError:
        logger.exception("call with %s failed", SECRET)
    written = stream.getvalue()
    assert written.startswith(f"ERROR call with {REDACTED} failed")
    assert f"ValueError: bad key {REDACTED}" in written
    assert SECRET not in written
