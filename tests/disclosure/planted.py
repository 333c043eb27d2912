"""What do keys look like? One of each kind, made up from a seed, in the text that usually holds it.

They are put together here, so that no file of ours holds one.
"""

import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_ALNUM = string.ascii_letters + string.digits
_UPPER = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"
_URL_SAFE = _ALNUM + "-_"
_BASE64 = _ALNUM + "+/"


@dataclass(frozen=True)
class Planted:
    """A secret in its surroundings."""

    kind: str
    secret: str
    line: str


_Make = Callable[[random.Random], str]


def _of(letters: str, count: int) -> _Make:
    return lambda dice: "".join(dice.choices(letters, k=count))


def _join(*parts: str | _Make) -> _Make:
    return lambda dice: "".join(part if isinstance(part, str) else part(dice) for part in parts)


_KINDS: Mapping[str, tuple[_Make, str]] = MappingProxyType(
    {
        "AWS key id": (_join("AK", "IA", _of(_UPPER, 16)), 'key_id = "{}"'),
        "AWS secret key": (_of(_BASE64, 40), 'AWS_SECRET_ACCESS_KEY = "{}"'),
        "GitHub classic": (_join("gh", "p_", _of(_ALNUM, 36)), "git clone https://{}@github.com/a"),
        "GitHub app": (_join("gh", "s_", _of(_ALNUM, 36)), "auth: {}"),
        "GitHub fine": (_join("github_", "pat_", _of(_ALNUM + "_", 82)), "- token {} #"),
        "GitLab": (_join("gl", "pat-", _of(_URL_SAFE, 20)), "PRIVATE-TOKEN: {}"),
        "Slack bot": (_join("xo", "xb-", _of("0123456789", 12), "-", _of(_ALNUM, 24)), "say({!r})"),
        "Slack webhook": (
            _join(
                "hooks.slack",
                ".com/services/T",
                _of(_UPPER, 8),
                "/B",
                _of(_UPPER, 8),
                "/",
                _of(_ALNUM, 24),
            ),
            "url: https://{}",
        ),
        "Stripe live": (_join("sk", "_live_", _of(_ALNUM, 24)), "stripe.api = '{}'"),
        "Stripe test": (_join("rk", "_test_", _of(_ALNUM, 24)), "stripe.api = '{}'"),
        "OpenAI project": (_join("s", "k-proj-", _of(_URL_SAFE, 48)), "OPENAI={}"),
        "OpenAI old": (_join("s", "k-", _of(_ALNUM, 48)), "client = OpenAI('{}')"),
        "Anthropic": (_join("s", "k-ant-api03-", _of(_URL_SAFE, 90), "AA"), "x-api-key: {}"),
        "OpenRouter": (_join("s", "k-or-v1-", _of(_HEX, 64)), "# {}"),
        "Google API": (_join("AI", "za", _of(_URL_SAFE, 35)), "?key={}"),
        "Google OAuth": (_join("GOC", "SPX-", _of(_URL_SAFE, 28)), '"client": "{}"'),
        "Azure storage": (
            _join(_of(_BASE64, 86), "=="),
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={};EndpointSuffix=x",
        ),
        "Azure app": (_join(_of(_ALNUM, 3), "8", "Q~", _of(_ALNUM, 34)), "id: {}"),
        "JWT": (
            _join(
                "ey",
                "J",
                _of(_URL_SAFE, 20),
                ".ey",
                "J",
                _of(_URL_SAFE, 40),
                ".",
                _of(_URL_SAFE, 43),
            ),
            "cookie = {}",
        ),
        "RSA key": (
            _join(
                "-----BEGIN RSA ",
                "PRIVATE KEY-----\n",
                _of(_BASE64, 64),
                "\n-----END RSA ",
                "PRIVATE KEY-----",
            ),
            "{}",
        ),
        "OpenSSH key": (
            _join("-----BEGIN OPENSSH ", "PRIVATE KEY-----\n", _of(_BASE64, 70)),
            'pem = """{}',
        ),
        "npm": (_join("np", "m_", _of(_ALNUM, 36)), "//npm.example.org/:_authToken={}"),
        "PyPI": (_join("py", "pi-AgEIcHlwaS5vcmc", _of(_URL_SAFE, 60)), "password = {}"),
        "Twilio": (_join("S", "K", _of(_HEX, 32)), "twilio {}"),
        "SendGrid": (_join("S", "G.", _of(_URL_SAFE, 22), ".", _of(_URL_SAFE, 43)), "mail: {}"),
        "Mailgun": (_join("ke", "y-", _of(_HEX, 32)), "api:{}"),
        "Telegram": (_join(_of("123456789", 9), ":A", "A", _of(_URL_SAFE, 33)), "bot{}/send"),
        "DigitalOcean": (_join("do", "p_v1_", _of(_HEX, 64)), "do: {}"),
        "Databricks": (_join("da", "pi", _of(_HEX, 32)), "host {}"),
        "Hugging Face": (_join("h", "f_", _of(_ALNUM, 34)), "login({!r})"),
        "Groq": (_join("gs", "k_", _of(_ALNUM, 52)), "g = {}"),
        "Shopify": (_join("shp", "at_", _of(_HEX, 32)), "s = {}"),
        "Vault": (_join("hv", "s.", _of(_URL_SAFE, 24)), "v = {}"),
        "Grafana": (_join("gl", "sa_", _of(_ALNUM, 32), "_", _of(_HEX, 8)), "g: {}"),
        "database URL": (_of(_ALNUM, 12), "DATABASE_URL=postgres://app:{}@db.example.org/app"),
        "basic auth URL": (_of(_ALNUM, 10), "get('https://me:{}@intranet.corp/x')"),
        "basic header": (_join(_of(_ALNUM, 27), "="), '"Authorization": "Basic {}"'),
        "bearer header": (_of(_ALNUM, 40), "Authorization: Bearer {}"),
        "named in Python": (_of(_ALNUM, 32), 'API_TOKEN = "{}"'),
        "named in JSON": (_of(_HEX, 40), '{{"client_secret": "{}"}}'),
        "named in YAML": (_of(_ALNUM, 28), "  db_password: {}"),
        "named in a shell": (_of(_ALNUM, 24), "export SIGNING_SECRET={}"),
        "named in a call": (_of(_ALNUM, 30), 'os.environ.setdefault("SECRET_KEY", "{}")'),
        "named and annotated": (_of(_ALNUM, 30), 'password: str = "{}"'),
    }
)


def planted(seed: int) -> tuple[Planted, ...]:
    """Return one secret of each kind."""
    dice = random.Random(seed)
    made = ((kind, make(dice), line) for kind, (make, line) in _KINDS.items())
    return tuple(Planted(kind, secret, line.format(secret)) for kind, secret, line in made)
