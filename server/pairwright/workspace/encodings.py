"""Which characters do a file's bytes stand for, and back?

Invariant: what `decode_bytes` accepts, `encode_text` gives back byte for byte; line ends are never
translated.
"""

import codecs
import io
import re
import tokenize
from dataclasses import dataclass

from pairwright.errors import InvalidRequest, UnreadableFile

UTF8 = "utf-8"
UTF8_WITH_MARK = "utf-8-sig"
_UTF16_MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
"""These names always stand for UTF-16 with its byte order mark."""

_PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")
# Only codecs that are tables: some of Python's text codecs take quadratic time on hostile bytes.
_ALLOWED_COOKIE = re.compile(
    r"utf-8|utf-8-sig|ascii|iso8859-\d+|cp\d+|koi8-\w|mac-\w+|shift_jis\w*|euc_\w+|gb\w+|big5\w*"
)


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file's text, without byte order mark, and the name of its encoding."""

    text: str
    encoding: str


def decode_bytes(data: bytes, path: str) -> FileContent:
    """Return the text that the bytes stand for.

    UTF-8, UTF-8 and UTF-16 with a byte order mark, and what a Python file declares in its first
    two lines (PEP 263).

    Raises:
        UnreadableFile: binary, or in an encoding that is none of these.
    """
    encoding = _encoding_of(data, path)
    if encoding == UTF8:
        try:
            return FileContent(data.decode(), UTF8)  # strict, hence exact
        except UnicodeDecodeError:
            raise UnreadableFile(f"{path!r} is not valid {UTF8}") from None
    mark = _UTF16_MARKS.get(encoding, b"")
    try:
        text = data[len(mark) :].decode(encoding)
        is_exact = encode_text(text, encoding) == data
    except (ValueError, LookupError):
        is_exact = False
    if not is_exact:
        raise UnreadableFile(f"{path!r} is not valid {encoding}")
    return FileContent(text, encoding)


def encode_text(text: str, encoding: str) -> bytes:
    """Return the bytes that a file of that encoding holds for the text.

    Raises:
        InvalidRequest: the text holds a character that the encoding cannot express.
    """
    try:
        return _UTF16_MARKS.get(encoding, b"") + text.encode(encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise InvalidRequest(
            f"the text holds {character!r}, which the file's encoding {encoding!r} cannot express"
        ) from error


def _encoding_of(data: bytes, path: str) -> str:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableFile(f"{path!r} is UTF-32, which is not read")
    for name, mark in _UTF16_MARKS.items():
        if data.startswith(mark):
            return name
    if b"\0" in data:
        raise UnreadableFile(f"{path!r} is binary")
    if data.startswith(codecs.BOM_UTF8):
        return UTF8_WITH_MARK
    return _declared_encoding(data, path) if path.endswith(_PYTHON_SUFFIXES) else UTF8


def _declared_encoding(data: bytes, path: str) -> str:
    first_end = data.find(b"\n")
    second_end = data.find(b"\n", first_end + 1) if first_end >= 0 else -1
    if b"coding" not in (data if second_end < 0 else data[:second_end]):
        return UTF8
    try:
        name = codecs.lookup(tokenize.detect_encoding(io.BytesIO(data).readline)[0]).name
    except SyntaxError:
        raise UnreadableFile(f"{path!r} is not valid in the encoding it declares") from None
    if not _ALLOWED_COOKIE.fullmatch(name):
        raise UnreadableFile(f"{path!r} declares the encoding {name!r}, which is not read")
    return UTF8 if name in (UTF8, UTF8_WITH_MARK) else name
