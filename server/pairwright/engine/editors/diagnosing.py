"""Which editor can say what it would show of a proposed text? The one that was attached last."""

from pairwright.checks.editor_problems import EditorProblems


class Diagnosing:
    """The attached editors that can be asked."""

    def __init__(self) -> None:
        """Begin with none."""
        self._askers: dict[object, EditorProblems] = {}

    def attach(self, owner: object, ask: EditorProblems) -> None:
        """Note how a client's editor is asked."""
        self._askers[owner] = ask

    def detach(self, owner: object) -> None:
        """Forget a client; harmless when it was never attached."""
        self._askers.pop(owner, None)

    def asker_for(self, owner: object) -> EditorProblems | None:
        """Return how to ask the client's own editor, else the last one; None: there is none."""
        last = next(reversed(self._askers.values()), None)
        return self._askers.get(owner, last)
