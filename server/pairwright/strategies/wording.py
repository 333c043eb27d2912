"""In which words are the models asked? Ours, or a person's own by the same names.

Only the default words are read here, once. A person's own come from whoever starts a task: a
strategy does not look for files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from string import Template

PURPOSES: Mapping[str, str] = {
    "example_task": "the worked example's question, before every edit and every plan",
    "edit_search_replace/system": "the rules for answering with search/replace blocks",
    "edit_search_replace/example": "the worked example's answer in that format",
    "edit_whole_file/system": "the rules for answering with whole files",
    "edit_whole_file/example": "the worked example's answer in that format",
    "edit_whole_symbol/system": "the rules for answering with whole definitions",
    "edit_whole_symbol/example": "the worked example's answer in that format",
    "edit_unified_diff/system": "the rules for answering with hunks of a unified diff",
    "edit_unified_diff/example": "the worked example's answer in that format",
    "file_operations": "how new, deleted and renamed files are written, where no grammar binds",
    "repair": "what an answer that cannot be used is answered with",
    "plan/system": "the rules for a short plan",
    "plan/example": "the worked example's plan",
    "plan/one_step": "says which step of a plan is to be done, where each is done by itself",
    "checkable_plan/system": "the rules for a plan whose steps say what is to be seen",
    "checkable_plan/example": "the worked example's plan with expectations",
    "dry_run": "asks what follows from each step of a plan, before anybody edits",
    "pick_plan": "asks which of several plans is best",
    "select_patch": "asks which of several changes is best",
    "judge_draft": "asks the strong model whether a draft is accepted",
    "route": "asks whether a task is simple or complex",
    "cope_goal": "asks for the goal of a task in one sentence",
    "cope_guideline": "asks how a change is to be made, in one or two sentences",
    "instance_qa": "asks the strong model for questions and answers about a task",
    "prompt_reduction": "asks which lines must be read for a task",
    "repo_summary": "asks for a summary of the repository",
    "repo_qa": "asks for questions and answers about the repository",
    "explain": "the rules for explaining code",
    "intents/document": "asks for documentation",
    "intents/explain": "asks for an explanation",
    "intents/fix": "asks to fix reported problems",
    "intents/fix_all": "asks to fix one of several like problems, at its place",
    "intents/fix_all_plan": "asks how several like problems are to be fixed",
    "intents/refactor": "asks for a refactoring",
    "intents/tests": "asks for tests",
    "notes/draft": "introduces a draft",
    "notes/review": "introduces what a reviewer says of the draft",
    "notes/dry_run": "introduces what a dry run of the plan found",
    "notes/missed": "introduces what was to be seen and is not",
    "notes/expert_attempt": "introduces an attempt of the strong model",
    "notes/failed_plan": "introduces a plan that did not work, and what it failed on",
    "notes/goal": "introduces the goal",
    "notes/guideline": "introduces the guideline",
    "notes/kept_example": "introduces a change that people kept before",
    "notes/neighbours": "introduces callers and callees",
    "notes/questions_and_answers": "introduces questions and answers about the task",
    "notes/repo_qa": "introduces questions and answers about the repository",
    "notes/repo_summary": "introduces the repository's summary",
}
"""What each prompt is for, by its name."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The prompts of one task."""

    own: Mapping[str, str] = field(default_factory=dict)
    """The person's own texts: by the prompt's name, or by that and a language, as in
    "repair.python"; all of them usable."""
    language: str = ""
    """Of the task's most relevant file; empty when it is not known."""

    def text(self, name: str) -> str:
        """Return a prompt: the person's own for the language, for all languages, or ours."""
        own = self.own.get(f"{name}.{self.language}") or self.own.get(name)
        return own or default_text(name)

    def filled(self, name: str, **values: str) -> str:
        """Return a prompt with its placeholders filled in."""
        return Template(self.text(name)).substitute(values)


@cache
def default_text(name: str) -> str:
    """Return a prompt of `strategies/prompts`, without surrounding space."""
    prompts = resources.files("pairwright.strategies") / "prompts"
    return prompts.joinpath(f"{name}.md").read_text(encoding="utf-8").strip()


def why_unusable(name: str, text: str) -> str | None:
    """Return why a text cannot stand in for our prompt of a name, None when it can."""
    if name not in PURPOSES:
        return "there is no prompt of that name: `pairwright prompts` lists them"
    if not text.strip():
        return "it is empty"
    wanted = Template(default_text(name)).get_identifiers()
    if not wanted:
        return None
    own = Template(text)
    if not own.is_valid():
        return "a `$` in it begins no placeholder: write `$$` for the character"
    missing = [each for each in wanted if each not in own.get_identifiers()]
    if missing:
        return f"the placeholder `${missing[0]}` is missing, without which the model learns nothing"
    unknown = [each for each in own.get_identifiers() if each not in wanted]
    return f"nothing is known as `${unknown[0]}`" if unknown else None
