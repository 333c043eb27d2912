"""Writes the extension's mirror of the protocol anew."""

from tests.tidy.extension_protocol import MIRROR, render_protocol

if __name__ == "__main__":
    MIRROR.write_text(render_protocol(), "utf-8")
