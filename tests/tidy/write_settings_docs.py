"""Writes `server/docs/settings.md` anew: `python -m tests.tidy.write_settings_docs`."""

from tests.tidy.settings_page import PAGE, render_settings_page

if __name__ == "__main__":
    PAGE.write_text(render_settings_page(), "utf-8")
