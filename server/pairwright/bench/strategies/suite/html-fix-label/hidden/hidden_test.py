from html.parser import HTMLParser
from pathlib import Path


class Labels(HTMLParser):
    def __init__(self):
        super().__init__()
        self.inputs, self.labels, self.texts, self.open = {}, {}, [], None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "input":
            self.inputs[found["id"]] = found["type"]
        elif tag == "label":
            self.open = found.get("for")

    def handle_endtag(self, tag):
        if tag == "label":
            self.open = None

    def handle_data(self, text):
        if self.open:
            self.labels[self.open] = self.labels.get(self.open, "") + text


page = Labels()
page.feed(Path("form.html").read_text())
assert page.inputs == {"name": "text", "password": "password"}
assert {key: text.strip() for key, text in page.labels.items()} == {"name": "Name", "password": "Password"}
