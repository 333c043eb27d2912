"""Are tests kept from the user's files, keys and network?"""

import os
import socket
from pathlib import Path

import pytest

from tests.conftest import is_loopback


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (("127.0.0.1", 80), True),
        (("127.9.9.9", 80), True),
        (("::1", 80, 0, 0), True),
        (("localhost", 80), True),
        ("/run/some.sock", True),
        (("10.0.0.1", 80), False),
        (("localhost.example.org", 80), False),
        (("fe80::1%eth0", 80, 0, 0), False),
    ],
)
def test_only_loopback_counts_as_this_machine(address: object, expected: bool) -> None:
    assert is_loopback(address) is expected


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_connection_to_another_machine_is_refused(kind: socket.SocketKind) -> None:
    with (
        socket.socket(socket.AF_INET, kind) as connection,
        pytest.raises(PermissionError, match=r"192\.0\.2\.1.*only loopback"),
    ):
        connection.connect(("192.0.2.1", 9))


def test_a_connection_to_loopback_is_not_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_every_directory_of_ours_is_fresh(tmp_path: Path) -> None:
    for name in ("DATA", "STATE", "CONFIG"):
        assert Path(os.environ[f"PAIRWRIGHT_{name}_DIR"]).is_relative_to(tmp_path)
    runtime = Path(os.environ["PAIRWRIGHT_RUNTIME_DIR"])
    assert not list(runtime.iterdir())
    assert len(str(runtime / "daemon-0123456789abcdef.sock")) < 100


def test_no_key_is_in_the_environment() -> None:
    assert [name for name in os.environ if name.endswith("_API_KEY")] == []
