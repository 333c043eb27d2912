"""What can a client do with code actions and changes? Read from what it says; light to import."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a client can do with our code actions and changes (LSP 3.17)."""

    takes_actions: bool = False
    """Whether it takes code actions with a kind; else only commands."""
    shows_disabled: bool = False
    """Whether it shows an action that cannot be chosen now, and why."""
    resolves_commands: bool = False
    """Whether it hands back an action's data to have its command filled in."""
    asks_instruction: bool = False
    """Whether it asks its person for an instruction before it runs a command that needs one."""
    reviews: bool = False
    """Whether it shows changes for review by itself, so that nobody need be asked."""
    annotates: bool = False
    """Whether it shows why an edit is made, and asks its person where we say so."""
    removes_files: bool = False
    """Whether an edit may have it remove a file."""
    shows_documents: bool = False
    """Whether it opens a document when it is asked to."""
    takes_content: bool = False
    """Whether it asks for the text of virtual documents (LSP 3.18)."""
    refreshes_lenses: bool = False
    """Whether it asks for code lenses anew when it is told to."""


NO_ABILITIES = Abilities()


def read_abilities(capabilities: dict[str, Any]) -> Abilities:
    """Return what client capabilities say; what is no such thing says no."""
    actions = _section(capabilities, "textDocument", "codeAction")
    properties = _section(actions, "resolveSupport").get("properties")
    ours = _section(capabilities, "experimental", "pairwright")
    return Abilities(
        takes_actions=isinstance(actions.get("codeActionLiteralSupport"), dict),
        shows_disabled=actions.get("disabledSupport") is True,
        resolves_commands=actions.get("dataSupport") is True
        and isinstance(properties, list)
        and "command" in properties,
        asks_instruction=ours.get("instruction") is True,
        reviews=ours.get("review") is True,
        annotates="changeAnnotationSupport" in _section(capabilities, "workspace", "workspaceEdit"),
        removes_files=_removes_files(_section(capabilities, "workspace", "workspaceEdit")),
        shows_documents=_section(capabilities, "window", "showDocument").get("support") is True,
        takes_content="textDocumentContent" in _section(capabilities, "workspace"),
        refreshes_lenses=_section(capabilities, "workspace", "codeLens").get("refreshSupport")
        is True,
    )


def _removes_files(workspace_edit: dict[str, Any]) -> bool:
    operations = workspace_edit.get("resourceOperations")
    takes_operations = workspace_edit.get("documentChanges") is True
    return takes_operations and isinstance(operations, list) and "delete" in operations


def _section(owner: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        section = owner.get(name)
        owner = section if isinstance(section, dict) else {}
    return owner
