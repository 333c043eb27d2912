"""Is everything with a name documented by its name?"""

import ast
import dataclasses
import importlib
import pkgutil
import re

import pytest

from pairwright import protocol
from pairwright.protocol import commands, methods
from pairwright.protocol.message import to_camel
from pairwright.strategies import registry
from tests.tidy.settings_page import PAGE, render_settings_page, settings_without_a_sentence
from tests.tidy.source import DOCS, ROOT, server_modules

PROTOCOL_PAGE = (DOCS / "protocol.md").read_text("utf-8")

METHODS = {name: value for name, value in vars(methods).items() if name.isupper()}
MESSAGES = {
    name: kind
    for module in pkgutil.iter_modules(protocol.__path__)
    if module.name.endswith(("messages", "commands"))
    for name, kind in vars(importlib.import_module(f"pairwright.protocol.{module.name}")).items()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type)
}


def test_every_setting_has_a_sentence() -> None:
    assert settings_without_a_sentence() == ()


def test_the_settings_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == render_settings_page(), (
        "run: python -m tests.tidy.write_settings_docs"
    )


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_documented(name: str) -> None:
    assert f"`{METHODS[name]}`" in PROTOCOL_PAGE


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"`{name}`" in PROTOCOL_PAGE


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_documented_with_all_its_fields(name: str) -> None:
    entries = re.findall(rf"^\*\*`{name}`\*\*.*?(?=^\*\*`|^#|\Z)", PROTOCOL_PAGE, re.M | re.S)
    assert len(entries) == 1, f"{name} has {len(entries)} entries"
    fields = {to_camel(field.name) for field in dataclasses.fields(MESSAGES[name])} - {"kind"}
    assert fields - set(re.findall(r"`(\w+)\??`", entries[0])) == set()


def test_the_protocol_page_documents_nothing_that_is_gone() -> None:
    assert set(re.findall(r"^\*\*`(\w+)`\*\*", PROTOCOL_PAGE, re.M)) <= MESSAGES.keys()
    assert set(re.findall(r"`(pairwright/[\w/]+)`", PROTOCOL_PAGE)) <= set(METHODS.values())


def test_every_strategy_is_documented() -> None:
    page = (DOCS / "strategies.md").read_text("utf-8")
    described = re.findall(r"^## `(\w+)`", page, re.M)
    assert sorted(described) == sorted(registry.STRATEGIES)


def test_every_error_is_drawn_in_the_family_tree() -> None:
    (module,) = (module for module in server_modules() if module.name == "errors.py")
    drawn = ast.get_docstring(module.tree) or ""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef):
            assert re.search(rf"\b{node.name}\b", drawn), node.name


def test_every_module_says_which_question_it_answers() -> None:
    silent = [module.name for module in server_modules() if not ast.get_docstring(module.tree)]
    assert silent == []


def test_the_version_is_said_once() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    source = (ROOT / "server" / "pairwright" / "__init__.py").read_text("utf-8")
    said = re.search(r'^version = "([^"]+)"', project, re.M)
    assert said is not None
    assert f'"{said[1]}"' in source
