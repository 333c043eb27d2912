"""Messages are found whatever pieces they come in; what cannot be a message is refused."""

import pytest

from pairwright.protocol.framing import frame
from pairwright_client.errors import ConnectionLost
from pairwright_client.framing import MAX_BODY_BYTES, FrameParser


def test_a_message_that_comes_byte_by_byte_is_whole_at_its_last_byte() -> None:
    parser = FrameParser()
    *first, last = frame(b'{"a":1}')
    assert all(parser.feed(bytes([byte])) == [] for byte in first)
    assert parser.feed(bytes([last])) == [b'{"a":1}']


def test_two_messages_in_one_piece_and_the_beginning_of_a_third() -> None:
    parser = FrameParser()
    assert parser.feed(frame(b"one") + frame(b"") + b"Content-") == [b"one", b""]
    assert parser.feed(b"Length: 2\r\n\r\nok") == [b"ok"]


def test_other_headers_are_skipped_and_names_have_no_case() -> None:
    header = b"Content-Type: application/json\r\ncontent-length:  2 \r\n\r\nok"
    assert FrameParser().feed(header) == [b"ok"]


@pytest.mark.parametrize(
    ("received", "reason"),
    [
        (b"Hello\r\n\r\n", "no Content-Length"),
        (b"Content-Length: -1\r\n\r\n", "not a length"),
        (b"Content-Length: ten\r\n\r\n", "not a length"),
        (b"Content-Length: \xc2\xb2\r\n\r\n", "not a length"),
        (b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), "not a length"),
        (b"Content-Length: " + b"9" * 3000 + b"\r\n\r\n", "not a length"),
        (b"x" * 5000, "header is longer"),
        (b"x" * 5000 + b"\r\n\r\n", "header is longer"),
    ],
)
def test_what_cannot_be_a_message_is_refused(received: bytes, reason: str) -> None:
    with pytest.raises(ConnectionLost, match=reason):
        FrameParser().feed(received)


def test_bare_line_feeds_end_a_header_too() -> None:
    assert FrameParser().feed(b"Content-Length: 2\n\nok" + frame(b"more")) == [b"ok", b"more"]
    parser = FrameParser()
    received = b"Content-Length: 2\n\nok"
    assert [each for byte in received for each in parser.feed(bytes([byte]))] == [b"ok"]
