"""Does the VS Code extension know every method, message and field by its name?"""

import re

from pairwright.protocol import methods
from tests.tidy.extension_protocol import MIRROR, render_protocol, wire_messages


def test_the_mirror_is_up_to_date() -> None:
    assert MIRROR.read_text("utf-8") == render_protocol(), (
        "run: python -m tests.tidy.write_extension_protocol"
    )


def test_every_message_is_in_the_mirror() -> None:
    mirrored = re.findall(r"^export interface (\w+) \{", MIRROR.read_text("utf-8"), re.M)
    assert set(mirrored) == wire_messages().keys() | {"Requests", "Notices"}


def test_every_method_that_a_client_asks_is_in_the_mirror() -> None:
    mirrored = set(re.findall(r'^  "(pairwright/[\w/]+)":', MIRROR.read_text("utf-8"), re.M))
    ours = {value for name, value in vars(methods).items() if name.isupper()}
    # Two are asked by the server, of clients that can answer; the other has a socket of its own.
    assert ours - mirrored == {methods.ASK, methods.DIAGNOSE, methods.LISTEN_HTTP}
