import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.errors import InvalidRequest, UnreadableFile
from pairwright.workspace.encodings import decode_bytes, encode_text

READABLE = {
    "empty": (b"", "", "utf-8"),
    "utf-8": ("é → 🙂".encode(), "é → 🙂", "utf-8"),
    "mark": (codecs.BOM_UTF8 + b"a\n", "a\n", "utf-8-sig"),
    "two marks": (codecs.BOM_UTF8 * 2 + b"a", "\ufeffa", "utf-8-sig"),
    "utf-16-le": (codecs.BOM_UTF16_LE + "é\n".encode("utf-16-le"), "é\n", "utf-16-le"),
    "utf-16-be": (codecs.BOM_UTF16_BE + "é🙂".encode("utf-16-be"), "é🙂", "utf-16-be"),
    "cookie": (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", None, "iso8859-1"),
    "cookie on line 2": (b"#!/bin/python\n# coding=cp1252\nx = '\x80'\n", None, "cp1252"),
    "utf-8 cookie": (b"# coding: utf8\nx\n", None, "utf-8"),
    "crlf": (b"a\r\nb\r\n", "a\r\nb\r\n", "utf-8"),
    "cr": (b"a\rb\r", "a\rb\r", "utf-8"),
    "mixed, no end": (b"a\r\nb\nc\rd", "a\r\nb\nc\rd", "utf-8"),
    "form feed, NEL": ("a\fb\x85c\u2028".encode(), "a\fb\x85c\u2028", "utf-8"),
    "trailing spaces": (b"a  \t\n\n\n", "a  \t\n\n\n", "utf-8"),
}

UNREADABLE = {
    "NUL": b"a\0b",
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0",
    "latin-1 without cookie": b"x = '\xe9'\n",
    "cut utf-8": "é".encode()[:1],
    "surrogate": b"\xed\xa0\x80",
    "utf-32": codecs.BOM_UTF32_LE + "a".encode("utf-32-le"),
    "odd utf-16": codecs.BOM_UTF16_LE + b"a\0b",
    "lone surrogate in utf-16": codecs.BOM_UTF16_LE + b"\x00\xd8",
    "unknown cookie": b"# coding: no-such-codec\n",
    "cookie that is no charset": b"# coding: hex\n",
    "cookie that is slow": b"# coding: punycode\n",
    "wrong cookie": b"# coding: ascii\nx = '\xe9'\n",
}


@pytest.mark.parametrize("name", READABLE)
def test_text_and_bytes_round_trip(name: str) -> None:
    data, text, encoding = READABLE[name]
    content = decode_bytes(data, "a.py")
    assert content.encoding == encoding
    if text is not None:
        assert content.text == text
    assert encode_text(content.text, content.encoding) == data


@pytest.mark.parametrize("name", UNREADABLE)
def test_bytes_that_are_no_text_are_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"'a\.py'"):
        decode_bytes(UNREADABLE[name], "a.py")


def test_a_cookie_counts_in_python_files_only() -> None:
    assert decode_bytes(b"# coding: latin-1\n", "notes.txt").encoding == "utf-8"


@given(st.binary(max_size=200), st.sampled_from(["a.py", "a.txt"]))
def test_whatever_is_read_can_be_written_back(data: bytes, path: str) -> None:
    try:
        content = decode_bytes(data, path)
    except UnreadableFile:
        return
    assert encode_text(content.text, content.encoding) == data


def test_a_character_that_the_encoding_lacks_is_named() -> None:
    with pytest.raises(InvalidRequest, match=r"'→'.*'iso8859-1'"):
        encode_text("a → b", "iso8859-1")
