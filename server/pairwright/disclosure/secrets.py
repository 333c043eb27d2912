"""What in a text is a key? Keys that say so by their own shape, and values that are named as one.

No library was found that does this for every prompt: see "What leaves the machine" in the docs
for what was measured. A shape is only tried where its mark occurs, which costs next to nothing.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a secret seems to be."""

    start: int
    end: int
    """Offsets in code points; what is around the value is not part of it."""
    kind: str
    """For a person, such as "a GitHub token"."""


def find_secrets(text: str) -> tuple[Finding, ...]:
    """Return what looks like a secret, from the beginning to the end, none within another."""
    found = sorted(_all_findings(text), key=lambda each: (each.start, -each.end))
    apart: list[Finding] = []
    for finding in found:
        if not apart or finding.start >= apart[-1].end:
            apart.append(finding)
        elif finding.end > apart[-1].end:
            apart[-1] = Finding(apart[-1].start, finding.end, apart[-1].kind)
    return tuple(apart)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A kind of key that its own form gives away."""

    kind: str
    marks: tuple[str, ...]
    """Without any of them in the text there is none."""
    regex: re.Pattern[str]


def _shape(kind: str, marks: str, pattern: str) -> _Shape:
    return _Shape(kind, tuple(marks.split()), re.compile(rf"(?<![A-Za-z0-9]){pattern}"))


_SHAPES = (
    _shape("an API key (sk-)", "sk-", r"sk-(?:ant-|or-|proj-|svcacct-)?[A-Za-z0-9_-]{16,}"),
    _shape("a Google API key", "AIza", r"AIza[A-Za-z0-9_-]{30,}"),
    _shape("a Google OAuth secret", "GOCSPX- ya29.", r"(?:GOCSPX-|ya29\.)[A-Za-z0-9_-]{20,}"),
    _shape("a Groq key", "gsk_", r"gsk_[A-Za-z0-9]{20,}"),
    _shape("an xAI key", "xai-", r"xai-[A-Za-z0-9]{20,}"),
    _shape("a Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{20,}"),
    _shape("a Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{20,}"),
    _shape("a Replicate token", "r8_", r"r8_[A-Za-z0-9]{30,}"),
    _shape("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{30,}"),
    _shape("a GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{30,}"),
    _shape("a GitLab token", "glpat- glrt-", r"gl(?:pat|rt)-[A-Za-z0-9_-]{20,}"),
    _shape("a Slack token", "xox xapp-", r"(?:xox[abceprs]|xapp)-[A-Za-z0-9-]{10,}"),
    _shape("a Slack webhook", "hooks.slack.com", r"hooks\.slack\.com/services/[A-Za-z0-9/]{30,}"),
    _shape(
        "a Discord webhook",
        "/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/\d{15,}/[A-Za-z0-9_-]{40,}",
    ),
    _shape("an AWS key id", "AKIA ASIA", r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("an npm token", "npm_", r"npm_[A-Za-z0-9]{30,}"),
    _shape("a PyPI token", "pypi-", r"pypi-[A-Za-z0-9_-]{40,}"),
    _shape("a RubyGems key", "rubygems_", r"rubygems_[a-f0-9]{40,}"),
    _shape("a Docker token", "dckr_", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    _shape("a Stripe key", "k_live_ k_test_", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    _shape("a webhook secret", "whsec_", r"whsec_[A-Za-z0-9+/]{24,}"),
    _shape("a Square token", "sq0", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{20,}"),
    _shape("a Shopify token", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _shape("a SendGrid key", "SG.", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,}"),
    _shape("a Twilio key", "SK", r"SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    _shape("a Mailgun key", "key-", r"key-[0-9a-f]{32}(?![A-Za-z0-9])"),
    _shape("a Mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])"),
    _shape("a Telegram token", ":AA", r"(?:bot)?\d{8,10}:AA[A-Za-z0-9_-]{32,}"),
    _shape("a DigitalOcean token", "_v1_", r"do[opr]_v1_[a-f0-9]{60,}"),
    _shape("a Databricks token", "dapi", r"dapi[a-f0-9]{32}(?![A-Za-z0-9])"),
    _shape("a Vault token", "hvs. hvb.", r"hv[sb]\.[A-Za-z0-9_-]{20,}"),
    _shape("a Terraform token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}"),
    _shape("a Grafana token", "glsa_ glc_", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{30,}"),
    _shape("a Sentry token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_]{30,}"),
    _shape("a New Relic key", "NRAK-", r"NRAK-[A-Z0-9]{20,}"),
    _shape("an Atlassian token", "ATATT3", r"ATATT3[A-Za-z0-9_=-]{40,}"),
    _shape("a Linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{30,}"),
    _shape("a Notion token", "ntn_", r"ntn_[A-Za-z0-9]{40,}"),
    _shape("a Postman key", "PMAK-", r"PMAK-[a-f0-9]{20,}-[a-f0-9]{30,}"),
    _shape("a Figma token", "figd_", r"figd_[A-Za-z0-9_-]{30,}"),
    _shape("a Supabase token", "sbp_", r"sbp_[a-f0-9]{40,}"),
    _shape("an age key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    _shape("an Azure secret", "8Q~ 7Q~", r"[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}"),
    _shape(
        "a JSON web token",
        "eyJ",
        r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    ),
)

PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
    r"(?:.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|.*)",
    re.DOTALL,
)

_IN_ADDRESS = re.compile(
    r"://[^/\s:@\"'`<>{}]{0,80}:(?P<value>[^/\s@\"'`<>{}$%*()]{3,200})@(?=[A-Za-z0-9\[])"
)
_ACCOUNT_KEY = re.compile(r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,}={0,2})")
_SIGNATURE = re.compile(r"[?&]sig=(?P<value>[A-Za-z0-9%+/_-]{30,})")
_HEADER = re.compile(
    r"(?i:authorization|proxy-authorization)[\"']?\s*[:=,]\s*[\"']?"
    r"(?i:basic|bearer|token)\s+(?P<value>[A-Za-z0-9._~+/=-]{16,})"
)
_NAMES = (
    *("password", "passwd", "passphrase", "secret", "token", "credential"),
    *("apikey", "api_key", "accesskey", "access_key", "auth_key", "authkey", "account_key"),
    *("privatekey", "private_key", "encryption_key", "signing_key", "api-key", "access-key"),
)
"""What the name of a secret ends with or has in it, in lower case."""
_AFTER_NAME = re.compile(
    r"[A-Za-z0-9_]{0,20}[\"']?\]?[ \t]*(?::[ \t]*[A-Za-z_.]+[ \t]*=|[:=]|=>|,)[ \t]*"
    r"(?:[rbuf]{0,2}\"(?P<double>[^\"\s]{16,256})\"|[rbuf]{0,2}'(?P<single>[^'\s]{16,256})'"
    r"|(?P<bare>[A-Za-z0-9+/_=.~-]{20,256})(?=[\s,;#]|$))"
)
_VALUES = ("double", "single", "bare")
_PLACEHOLDERS = frozenset(
    {"password", "passwd", "pass", "passw0rd", "secret", "pwd", "pw", "user", "username", "guest"}
    | {"admin", "root", "test", "example", "changeme", "postgres", "mysql", "redis", "token"}
    | {"key", "foo", "bar", "baz", "abc", "123", "1234", "12345", "123456", "xxx", "hello"}
    | {"letmein", "dummy", "sample", "credentials", "***"}
)
_PRINTED = ("example", "xxxx", "...", "****", "redacted")
"""What keys hold that were made to be printed, or were taken out before."""
_LEAST_ENTROPY = 3.3
"""Bits a character; sixteen random letters and digits have about 3.8, words and paths less."""
_IDENTIFIER = re.compile(r"[A-Za-z_.-]*|[A-Za-z]+(?:[._/-][A-Za-z]+|\d{1,4})*")


def _all_findings(text: str) -> Iterator[Finding]:
    for shape in _SHAPES:
        if any(mark in text for mark in shape.marks):
            for match in shape.regex.finditer(text):
                if not _is_example(match.group()):
                    yield Finding(match.start(), match.end(), shape.kind)
    if "PRIVATE KEY" in text:
        for match in PRIVATE_KEY.finditer(text):
            yield Finding(match.start(), match.end(), "a private key")
    if "://" in text:
        for match in _IN_ADDRESS.finditer(text):
            if match["value"].lower() not in _PLACEHOLDERS and not _is_example(match["value"]):
                yield _value(match, "value", "a password in an address")
    if "AccountKey=" in text or "SharedAccessKey=" in text:
        for match in _ACCOUNT_KEY.finditer(text):
            yield _value(match, "value", "an Azure key")
    if "sig=" in text:
        for match in _SIGNATURE.finditer(text):
            yield _value(match, "value", "a signed address")
    if "uthorization" in text or "UTHORIZATION" in text:
        for match in _HEADER.finditer(text):
            if _is_random(match["value"]):
                yield _value(match, "value", "a key in a header")
    yield from _named_values(text)


def _named_values(text: str) -> Iterator[Finding]:
    """Find random values that stand where a name says that a secret does."""
    # Of all characters only this one is longer in lower case, which would move the offsets.
    lowered = text.replace("\u0130", "I").lower()
    for name in _NAMES:
        at = lowered.find(name)
        while at >= 0:
            match = _AFTER_NAME.match(text, at + len(name))
            if match is not None:
                group = next(each for each in _VALUES if match[each] is not None)
                if _is_random(match[group]):
                    yield _value(match, group, "a value that is named as a secret")
            at = lowered.find(name, at + len(name))


def _value(match: re.Match[str], group: str, kind: str) -> Finding:
    return Finding(match.start(group), match.end(group), kind)


def _is_example(value: str) -> bool:
    """Tell whether a key was made to be printed, as those of manuals are."""
    lowered = value.lower()
    return any(each in lowered for each in _PRINTED)


def _is_random(value: str) -> bool:
    """Tell whether nobody would have chosen this as a name, a path or a word."""
    if _is_example(value) or _IDENTIFIER.fullmatch(value):
        return False
    if not any(each.isdigit() for each in value) or not any(each.isalpha() for each in value):
        return False
    if any(each in value for each in "{}<>$()[]\\ ") or "://" in value:
        return False
    if value.startswith("/") and value.count("/") > 1:
        return False
    counts = Counter(value)
    total = len(value)
    entropy = -sum(count / total * math.log2(count / total) for count in counts.values())
    return entropy >= _LEAST_ENTROPY
