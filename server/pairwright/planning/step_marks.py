"""How is one field of a step changed in a plan's document? By one edit, and no more."""

from pairwright.planning.document import PlanDocument
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import TextRange


def with_field(
    text: str, document: PlanDocument, place: int, name: str, value: str | None
) -> TextEdit | None:
    """Return the edit that gives a step's field a value; None when it is written so already.

    Args:
        text: the document.
        document: what `read_document` says of this text.
        place: the step, counted from 0.
        name: the field, such as `skip`.
        value: what it is from now on; None removes it.
    """
    line = document.field_lines[place].get(name)
    starts = line_starts(text)
    if line is not None:
        field = TextRange(starts[line], starts[line + 1])
        written = text[field.start : field.end]
        if value is None:
            return TextEdit(field, "")
        new = f"- {name}: {value}{_line_end(written)}"
        return None if new == written else TextEdit(field, new)
    if value is None:
        return None
    fields = document.field_lines[place].values()
    heading = document.step_lines[place]
    last = max(fields, default=heading)
    at = starts[last + 1]
    before = text[starts[last] : at]
    end = _line_end(before) or _line_end(text[: starts[1]]) or "\n"
    begun = "" if _line_end(before) else end
    # A field needs no empty line before it, but people write one below a heading.
    gap = end if last == heading else ""
    return TextEdit(TextRange(at, at), f"{begun}{gap}- {name}: {value}{end}")


def line_starts(text: str) -> list[int]:
    """Return where each line begins, as the document is read, and where the last one ends."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    starts[-1] = len(text)
    return starts


def _line_end(line: str) -> str:
    if line.endswith("\r\n"):
        return "\r\n"
    return "\n" if line.endswith("\n") else ""
