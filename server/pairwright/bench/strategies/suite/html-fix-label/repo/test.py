from html.parser import HTMLParser
from pathlib import Path


class Labels(HTMLParser):
    def __init__(self):
        super().__init__()
        self.inputs, self.labels = set(), set()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "input":
            self.inputs.add(found["id"])
        elif tag == "label":
            self.labels.add(found.get("for"))


page = Labels()
page.feed(Path("form.html").read_text())
assert page.inputs == page.labels, (page.inputs, page.labels)
