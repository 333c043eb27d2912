"""Whatever a terminal would obey is written out; all else stays as it is."""

import pytest

from pairwright.protocol.terminal import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\n", "a\tb\n"),
        ("naïve – ✓ 日本", "naïve – ✓ 日本"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\x00\x07\x7f\x9b", r"a\x00\x07\x7f\x9b"),
        ("\u202eabc\u2066\u200b", r"\u202eabc\u2066\u200b"),
        ("\udc80", r"\udc80"),
        ("over\rwritten", r"over\x0dwritten"),
    ],
)
def test_control_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown
