"""Is a terminal's screen drawn with its words, colours and columns?"""

from xml.etree import ElementTree as ET

from tests.support.terminal_picture import draw

SVG = "{http://www.w3.org/2000/svg}"
SCREEN = (
    "plain\n\x1b[1;31mbad\x1b[0m <ok>\x1b[48;2;1;2;3m x\x1b[49m\n\x1b[38;5;231mwhite\x1b[7mback\n\n"
)


def test_words_colours_and_places_are_drawn() -> None:
    drawn = ET.fromstring(draw(SCREEN, columns=20, label='a "screen"'))
    assert drawn.get("aria-label") == 'a "screen"'
    spans = {span.text: span for span in drawn.iter(f"{SVG}tspan")}
    assert list(spans) == ["plain", "bad", " <ok>", " x", "white", "back"]
    assert "style" not in spans["plain"].attrib
    assert spans["bad"].get("font-weight") == "bold"
    assert spans["bad"].get("style") == "fill:#e06c75"
    assert spans["white"].get("style") == "fill:#ffffff"
    assert float(spans[" <ok>"].attrib["x"]) > float(spans["bad"].attrib["x"])
    papers = [rect.get("fill") for rect in drawn.iter(f"{SVG}rect")]
    assert papers == ["#181a1f", "#010203", "#ffffff"]
