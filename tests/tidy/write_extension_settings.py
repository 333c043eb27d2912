"""Writes the settings of the VS Code extension's manifest anew."""

from tests.tidy.extension_settings import MANIFEST, render_manifest

if __name__ == "__main__":
    MANIFEST.write_text(render_manifest(), "utf-8")
