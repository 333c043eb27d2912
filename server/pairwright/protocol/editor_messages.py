"""What is an editor asked? What it would show of texts that nobody has saved, or seen."""

from pairwright.protocol.message import message


@message
class ProposedFile:
    """A file as it would be; without text it would be gone."""

    path: str
    text: str | None = None


@message
class DiagnoseParams:
    """Texts to look at, all at once; nothing of them is to be shown or kept."""

    files: tuple[ProposedFile, ...]


@message
class DiagnosedProblem:
    """One thing that the editor would underline as an error."""

    path: str
    line: int
    message: str
    rule: str = ""
    source: str = ""
    """Who says so, such as a language server's name."""


@message
class DiagnoseResult:
    """What the editor would underline in these files, and in no others."""

    problems: tuple[DiagnosedProblem, ...]
